"""What crawls left behind that were killed between their last answer and their account.

A crawl ends in steps: archive file, landing file, ledger, manifest. Killed between two of them it leaves files that
nothing refers to. Here they are brought to an end, so that the next run goes through and nobody needs to act:

- an archive file without a ledger is set aside under a name of its own, bytes kept, and its crawl is accounted for as
  one that died;
- a ledger whose landing file is whole lacks only the manifest, which is the same bytes.

Each step may be killed itself and is done again by the next run. What was whole once and has lost its ledger is damage,
not an unfinished crawl: it is left for the check of the archive to name.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from pipelines.accounts import (
    DamagedLedger,
    account_for_dead_crawl,
    ledger_files,
    manifest_of,
    orphans_of,
    read_ledger,
)
from pipelines.home import Home
from pipelines.warehouse import open_warehouse, warehouse_exists
from scrapers.beginnings import read_beginning
from scrapers.durable import seal_fault, sync_folder, write_whole
from scrapers.locks import Held, crawl_lock, lock
from scrapers.registry import sources

ARCHIVE_END, ASIDE_END = ".warc.gz", ".warc.gz.unfinished"


def finish_dead_crawls(home: Home, slugs: Collection[str] = ()) -> list[str]:
    """Finish what dead crawls left of some sources (all when none is named); a sentence for each.

    A source that is being crawled is passed over: its newest files are not finished yet.
    """
    return [sentence for slug in slugs or sources() for sentence in _finish(home, slug)]


def _finish(home: Home, slug: str) -> list[str]:
    if not (home.archive / slug).exists():
        return []
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(crawl_lock(home.root, slug), wait_seconds=0))
        except Held:
            return []
        return [*_set_aside(home, slug), *_land_what_is_sealed(home, slug)]


def _set_aside(home: Home, slug: str) -> Iterator[str]:
    for warc in _unfinished(home, slug):
        aside = warc.with_name(warc.name.replace(ARCHIVE_END, ASIDE_END))
        os.replace(warc, aside)
        sync_folder(aside.parent)
    for aside in sorted((home.archive / slug).glob(f"*{ASIDE_END}")):
        if not aside.with_name(aside.name.replace(ASIDE_END, ".ledger.json")).exists():
            yield _account(home, slug, aside)


def _unfinished(home: Home, slug: str) -> list[Path]:
    """Archive files that were never accounted for: no ledger, no manifest, unknown to the warehouse."""
    lonely = [warc for warc in orphans_of(home, slug) if not manifest_of(home, slug, _crawl_id(warc)).exists()]
    suspects = [warc for warc in lonely if read_beginning(warc) is not None]
    loaded = _loaded(home) if suspects else set()
    return [warc for warc in suspects if _crawl_id(warc) not in loaded]


def _crawl_id(file: Path) -> str:
    return file.name.partition(".")[0]


def _loaded(home: Home) -> set[str]:
    if not warehouse_exists(home):
        return set()
    with open_warehouse(home, beside_others=True) as connection:
        return {crawl_id for (crawl_id,) in connection.execute("select crawl_id from raw.crawls").fetchall()}


def _account(home: Home, slug: str, aside: Path) -> str:
    begun = read_beginning(aside)
    if begun is None:
        return f"{slug}: {aside.name}: expected it to name its crawl, it cannot be read; move it away"
    account_for_dead_crawl(
        home,
        slug,
        begun.run_id,
        begun.window,
        crawl_id=_crawl_id(aside),
        started_at=begun.started_at,
        ended_at=datetime.fromtimestamp(aside.stat().st_mtime, UTC),
        vocabulary_sha256=begun.vocabulary_sha256,
        why=f"the process was ended before it wrote its ledger; its answers are kept in {aside.name}",
    )
    return (
        f"{slug}: the crawl of {begun.window.since} to {begun.window.until} was ended before it wrote its ledger; its "
        f"answers are kept in {aside.name}, its days need another crawl"
    )


def _land_what_is_sealed(home: Home, slug: str) -> Iterator[str]:
    """Write the manifests that crawls did not come to write; a landing of other bytes than sealed needs a replay."""
    for path in ledger_files(home, slug):
        manifest = manifest_of(home, slug, _crawl_id(path))
        if manifest.exists():
            continue
        try:
            sealed = read_ledger(path).landing
        except DamagedLedger:
            continue
        if seal_fault(manifest.with_name(sealed.name), sealed.bytes, sealed.sha256) is None:
            write_whole(manifest, path.read_bytes())
            yield f"{slug}: {_crawl_id(path)} was ended before it wrote its manifest; written from its ledger"
