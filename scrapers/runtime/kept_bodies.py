"""Which bodies a source's archive holds whole already, so that one that did not change is not written again.

Belongs here: how long an answer may rest on an earlier file, and finding those files. Does not belong here: the records
(archive.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import orjson

from scrapers.contracts import CrawlLedger
from scrapers.runtime.archive import WholeBody

REST_AT_MOST = timedelta(days=30)
"""After so long a body is written again: what a lost file takes along is bounded, and so are the ledgers read."""
LEAST_BYTES = 1024
"""A smaller body takes no more room than the words that refer to it."""


def kept_bodies(archive: Path, started_at: datetime) -> dict[str, WholeBody]:
    """Bodies by SHA-256 from the ledgers in a source's archive folder, of the last days before a crawl.

    A ledger that cannot be read, or whose file is not there as it was sealed, is left out: what is wrong with it says
    the check of the archive.
    """
    kept: dict[str, WholeBody] = {}
    for path in sorted(archive.glob("*.ledger.json"), reverse=True):
        ledger = _read(path)
        if ledger is None:
            continue
        if started_at - ledger.started_at > REST_AT_MOST:
            break
        if _is_there(archive, ledger):
            kept |= _bodies(ledger)
    return kept


def _bodies(ledger: CrawlLedger) -> dict[str, WholeBody]:
    return {
        fetch.payload_sha256: WholeBody(ledger.archive.name, fetch.warc_offset, fetch.url, fetch.ended_at)
        for fetch in ledger.fetches
        if fetch.payload_sha256 is not None
        and fetch.warc_offset is not None
        and fetch.body_in is None
        and fetch.body_bytes >= LEAST_BYTES
    }


def _is_there(archive: Path, ledger: CrawlLedger) -> bool:
    file = archive / ledger.archive.name
    return file.exists() and file.stat().st_size == ledger.archive.bytes


def _read(path: Path) -> CrawlLedger | None:
    try:
        return CrawlLedger.model_validate(orjson.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None
