"""The accounts of crawls: what their ledgers say, and what loading them added to it.

A ledger is written by the crawl and never changed. A replay reads and judges the crawl again, into its manifest, so
that this is what holds of it. A good crawl whose landing could not be loaded is withheld all the same; load notes that
beside the warehouse, so that readers need not open the writer's file. A crawl that died before it could give an account
is given one here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ValidationError

from pipelines.archive_readings import Readings
from pipelines.home import Home
from scrapers.contracts import CrawlLedger, DayCount, FileSeal, Novelty, Window, new_crawl_id
from scrapers.durable import file_sha256, write_whole
from scrapers.locks import crawl_lock, holder_of
from scrapers.registry import source

Account = TypeVar("Account", bound=BaseModel)


class DamagedLedger(Exception):
    """A ledger or manifest is not the account that was written."""


class _Body(BaseModel):
    body_in: str | None = None


class BriefAccount(BaseModel):
    """Whose account it is and which bytes it seals, read in a twentieth of the time: there will be thousands of them.

    That the rest of an account can be read it does not tell; the check of the archive reads each whole once in a while.
    """

    crawl_id: str
    run_id: str
    source_id: str
    archive: FileSeal
    landing: FileSeal
    fetches: tuple[_Body, ...]

    @property
    def bodies_in(self) -> set[str]:
        """The earlier archive files that hold bodies of this crawl."""
        return {fetch.body_in for fetch in self.fetches if fetch.body_in is not None}


def read_ledger(path: Path) -> CrawlLedger:
    """Read one ledger or manifest.

    Raises DamagedLedger naming the file and what to do.
    """
    return _read(path, CrawlLedger)


def read_brief(path: Path) -> BriefAccount:
    """Read of one ledger or manifest what its bytes are held against.

    Raises DamagedLedger naming the file and what to do.
    """
    return _read(path, BriefAccount)


def _read(path: Path, kind: type[Account]) -> Account:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else error.errors()[0]["msg"]
        raise DamagedLedger(f"{path}: expected the account of a crawl, got: {why}; restore it from a copy") from error


def readable_ledgers(paths: Iterable[Path]) -> Iterator[CrawlLedger]:
    """Those that can be read; what is wrong with the others, the check of the archive says."""
    for path in paths:
        with suppress(DamagedLedger):
            yield read_ledger(path)


def _is_of_run(path: Path, run_id: str) -> bool:
    with suppress(DamagedLedger):
        return read_brief(path).run_id == run_id
    return False


def ledger_files(home: Home, slug: str) -> list[Path]:
    """The ledgers of a source's crawls, oldest first."""
    return sorted((home.archive / slug).glob("*.ledger.json"))


def manifest_of(home: Home, slug: str, crawl_id: str) -> Path:
    """Where the account of a crawl's landing lies."""
    return home.landing / slug / f"{crawl_id}.manifest.json"


def orphans_of(home: Home, slug: str) -> list[Path]:
    """Finished archive files without a ledger, oldest first."""
    files = sorted((home.archive / slug).glob("[!.]*.warc.gz"))
    return [file for file in files if not file.with_name(file.name.replace(".warc.gz", ".ledger.json")).exists()]


def last_crawl(home: Home, slug: str) -> CrawlLedger | None:
    """The account of a source's last crawl, as it was loaded; None when it was never crawled.

    Raises DamagedLedger.
    """
    files = ledger_files(home, slug)
    return _as_loaded(home, read_ledger(files[-1])) if files else None


def last_landing(home: Home, slug: str) -> CrawlLedger | None:
    """The account of what was last read of a source's last crawl, before it is loaded; None where none can be read."""
    ledger = next(readable_ledgers(ledger_files(home, slug)[-1:]), None)
    return _as_read(home, ledger) if ledger else None


def crawls_backwards(home: Home, slug: str) -> Iterator[CrawlLedger]:
    """The accounts of a source's crawls that can be read, as they were loaded, the newest first."""
    for ledger in readable_ledgers(reversed(ledger_files(home, slug))):
        yield _as_loaded(home, ledger)


def crawl_of_run(home: Home, slug: str, run_id: str) -> CrawlLedger | None:
    """The account of a run's crawls of a source as one, as they were loaded; None when they left none."""
    crawls = crawls_of_run(home, slug, run_id)
    return _as_one(crawls) if crawls else None


def crawls_of_run(home: Home, slug: str, run_id: str) -> list[CrawlLedger]:
    """The accounts of a run's crawls of a source, by their days, as they were loaded: a long window takes several."""
    files = (path for path in ledger_files(home, slug) if _is_of_run(path, run_id))
    own = [_as_loaded(home, ledger) for ledger in readable_ledgers(files)]
    return sorted(own, key=lambda ledger: (ledger.window.since, ledger.crawl_id))


def _as_one(crawls: Sequence[CrawlLedger]) -> CrawlLedger:
    """Several crawls told as one, which is good when all of them are; each fault names its days."""
    first, last = crawls[0], crawls[-1]
    if first is last:
        return first
    asked = [crawl for crawl in crawls if crawl.not_asked is None]
    totals = [crawl.official_total for crawl in crawls if crawl.official_total is not None]
    return last.model_copy(
        update={
            "window": Window(since=first.window.since, until=last.window.until),
            "started_at": first.started_at,
            "planned": sum(crawl.planned for crawl in crawls),
            "fetches": tuple(fetch for crawl in crawls for fetch in crawl.fetches),
            "days": tuple(day for crawl in crawls for day in crawl.days),
            "official_total": sum(totals) if totals else None,
            "found_total": sum(crawl.found_total for crawl in crawls),
            "gate_passed": sum(crawl.gate_passed for crawl in crawls),
            "gate_left_out": sum(crawl.gate_left_out for crawl in crawls),
            "faults": tuple(_dated(crawl, fault) for crawl in crawls for fault in crawl.faults),
            "warnings": tuple(_dated(crawl, warning) for crawl in crawls for warning in crawl.warnings),
            "novelties": _novelties(crawls),
            "comparisons": tuple(one for crawl in crawls for one in crawl.comparisons),
            "is_good": bool(asked) and all(crawl.is_good for crawl in asked),
            "not_asked": None if asked else last.not_asked,
        }
    )


def _novelties(crawls: Sequence[CrawlLedger]) -> tuple[Novelty, ...]:
    """Each once, with the example of the earliest crawl."""
    found: dict[str, Novelty] = {}
    for one in (novelty for crawl in crawls for novelty in crawl.novelties):
        before = found.get(one.name)
        found[one.name] = before.model_copy(update={"documents": before.documents + one.documents}) if before else one
    return tuple(found[name] for name in sorted(found))


def _dated(crawl: CrawlLedger, sentence: str) -> str:
    return f"{crawl.window.since} to {crawl.window.until}: {sentence}"


def note_withheld(home: Home, reasons: Mapping[str, str]) -> None:
    """Keep why good crawls could not be loaded, by crawl id."""
    write_whole(_withheld_file(home), orjson.dumps(dict(reasons), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _as_read(home: Home, ledger: CrawlLedger) -> CrawlLedger:
    """The account by the last replay; of a manifest that cannot be read, the ledger."""
    return next(readable_ledgers([manifest_of(home, ledger.source_id, ledger.crawl_id)]), ledger)


def _as_loaded(home: Home, crawled: CrawlLedger) -> CrawlLedger:
    ledger = _as_read(home, crawled)
    path = _withheld_file(home)
    reason = orjson.loads(path.read_bytes()).get(ledger.crawl_id) if path.exists() else None
    if reason is None:
        return ledger
    return ledger.model_copy(update={"is_good": False, "faults": (*ledger.faults, reason)})


def _withheld_file(home: Home) -> Path:
    return home.warehouse.with_name("withheld.json")


@dataclass
class Archive:
    """What the archive says of itself."""

    seals: set[tuple[str, str, int, str]] = field(default_factory=set)
    """Source, file name, length and hash of every archive file, by its ledger."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with the ledgers."""
    bodies_in: set[tuple[str, str]] = field(default_factory=set)
    """Source and file name of what bodies of later crawls rest on."""


def read_archive(home: Home, loaded: Collection[str], readings: Readings) -> Archive:
    """Read every ledger of the archive, of those that are known what they seal; `loaded` are the warehouse's crawls.

    Of a source that is being crawled nothing is said but its seals, since its newest files are not finished.
    """
    archive = Archive()
    for folder in sorted(path for path in home.archive.glob("*") if path.is_dir()):
        is_crawled = holder_of(crawl_lock(home.root, folder.name)) is not None
        for path in ledger_files(home, folder.name):
            fault = _read_ledger(home, path, loaded, archive, readings)
            if fault is not None and not is_crawled:
                archive.faults.append(fault)
        if not is_crawled:
            archive.faults += _bodies_lost(archive, folder.name)
            archive.faults += [
                f"{path.name}: expected its ledger beside it, found none; restore it from a copy or move the file away"
                for path in orphans_of(home, folder.name)
            ]
    return archive


def _bodies_lost(archive: Archive, slug: str) -> list[str]:
    sealed = {name for source_id, name, *_ in archive.seals if source_id == slug}
    return [
        f"{name}: expected it and its ledger, since bodies of later crawls lie in it, found none; restore both from a "
        "copy"
        for source_id, name in sorted(archive.bodies_in)
        if source_id == slug and name not in sealed
    ]


def _read_ledger(home: Home, path: Path, loaded: Collection[str], archive: Archive, readings: Readings) -> str | None:
    """Note the seal of one ledger; returns what is wrong with the ledger, or None."""
    slug, name = path.parent.name, f"{path.parent.name}/{path.name}"
    try:
        if not readings.is_known(name):
            read_ledger(path)
            readings.note_whole(name)
        ledger = read_brief(path)
    except DamagedLedger as error:
        return str(error)
    seal = ledger.archive
    archive.seals.add((slug, seal.name, seal.bytes, seal.sha256))
    archive.bodies_in |= {(slug, name) for name in ledger.bodies_in}
    if ledger.crawl_id in loaded or _is_landed(home, ledger):
        return None
    return f"{path.name}: expected its records in the landing, found none; run: aipolicy replay --source {slug}"


def _is_landed(home: Home, ledger: BriefAccount) -> bool:
    manifest = manifest_of(home, ledger.source_id, ledger.crawl_id)
    return manifest.exists() and any(readable_ledgers([manifest]))


def account_for_dead_crawl(
    home: Home,
    slug: str,
    run_id: str,
    window: Window,
    *,
    started_at: datetime,
    ended_at: datetime,
    vocabulary_sha256: str,
    why: str,
    crawl_id: str | None = None,
) -> CrawlLedger:
    """Write the account of a crawl that ended without one: nothing archived, nothing read, and why.

    What the dead process had archived under a temporary name stays there until a later run sweeps it.
    """
    crawl_id = crawl_id or new_crawl_id(started_at)
    archive = _empty(home.archive / slug / f"{crawl_id}.warc.gz")
    landing = _empty(home.landing / slug / f"{crawl_id}.jsonl")
    today = ended_at.astimezone(ZoneInfo(source(slug).time_zone)).date()
    ledger = CrawlLedger(
        crawl_id=crawl_id,
        run_id=run_id,
        source_id=slug,
        window=window,
        vocabulary_sha256=vocabulary_sha256,
        parser_version=f"{slug}/0",
        started_at=started_at,
        ended_at=ended_at,
        planned=0,
        fetches=(),
        days=tuple(DayCount(day=day, found=0) for day in window.days() if day <= today),
        official_total=None,
        found_total=0,
        gate_passed=0,
        gate_left_out=0,
        archive=archive,
        landing=landing,
        is_good=False,
        faults=(why,),
    )
    account = ledger.model_dump_json(indent=1).encode()
    write_whole(home.archive / slug / f"{crawl_id}.ledger.json", account)
    write_whole(home.landing / slug / f"{crawl_id}.manifest.json", account)
    return ledger


def _empty(path: Path) -> FileSeal:
    write_whole(path, b"")
    return FileSeal(name=path.name, bytes=0, sha256=file_sha256(path), records=0)
