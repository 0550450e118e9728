"""What is well and what is wrong with an installation and its state folder, each with what to do.

Nothing is changed, and without `online` nothing is asked of anybody but servers of our own. Belongs here: probes that
need no Dagster; those of the run history stand in `run_history.py`, of other servers in `servers.py`, of keys, channels
and the alerter in `pipelines/alerts/`. Does not belong here: how findings are printed.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import Final, Literal
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from pipelines.accounts import DamagedLedger, ledger_files, orphans_of, read_ledger
from pipelines.due import time_zone
from pipelines.home import Home, SettingRefused, StateRefused
from pipelines.ops.backup import REPLACED, last_backup
from pipelines.ops.rebuild import set_aside
from pipelines.ops.sizes import LEAST_DAYS, Growth, growth
from pipelines.ops.state import UNFINISHED_RESTORE, latest, version_of
from pipelines.publish.edition import DamagedEdition, whole_edition
from scrapers.contact import contact
from scrapers.contracts import CrawlLedger, utc_text
from scrapers.durable import seal_fault
from scrapers.locks import ELSEWHERE, crawl_lock, holder_of
from scrapers.registry import sources

Verdict = Literal["OK", "WARN", "FAIL"]
OK: Final = "OK"
WARN: Final = "WARN"
FAIL: Final = "FAIL"
PROJECT = Path(__file__).parents[2]
LOCK = PROJECT / "requirements.lock"
MANIFEST = PROJECT / "dbt" / "target" / "manifest.json"
LOCKED = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "polars", "scrapy")
"""What must be of the locked version; the rest of the lock follows from these or matters less."""
FULL_BYTES, LOW_BYTES = 1_000_000_000, 5_000_000_000
SOON_DAYS = 60
ROOMS_TOLD = 3
SKEW_SECONDS = 60.0
"""A clock that is off by more gives instants that cannot be trusted."""
ASK_SECONDS = 10.0
HOSTS_AT_ONCE = 4
BACKUP_DAYS = 7
"""A copy that is older is stale; one a night is asked for."""


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    verdict: Verdict
    about: str
    said: str
    to_do: str | None = None


def findings(home: Home, now: datetime, *, online: bool = False) -> Iterator[Finding]:
    """All that can be found without Dagster; `online` also asks each source's hosts, once each."""
    yield versions(LOCK)
    yield manifest(MANIFEST)
    yield state_version(home)
    yield from unfinished(home)
    yield disk_of(home, now)
    yield from locks(home)
    yield clock(home, now)
    yield readers_zone()
    yield from archive(home)
    yield edition(home)
    yield backup(home, now)
    if online:
        hosts = sorted({host for config in sources().values() for host in config.hosts})
        yield from reachability(hosts, lambda: datetime.now(UTC))


def versions(lock: Path) -> Finding:
    """Python, this code, and the packages that must be those of the lock."""
    pinned = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", lock.read_text("utf-8"), re.M))
    found = {name: _installed(name) for name in LOCKED}
    other = [f"{name} {found[name]} (lock: {pinned[name]})" for name in LOCKED if found[name] != pinned[name]]
    python = ".".join(map(str, sys.version_info[:3]))
    if other:
        return Finding(FAIL, "versions", f"python {python}; not as locked: {', '.join(other)}", "run: make install")
    told = ", ".join(f"{name} {version}" for name, version in found.items())
    return Finding(OK, "versions", f"python {python}, aipolicy {_installed('aipolicy')}, {told}")


def manifest(file: Path) -> Finding:
    """What `make install` makes of the models, without which no code location loads."""
    if not file.exists():
        return Finding(FAIL, "dbt manifest", f"{file} is missing", "run: make install")
    return Finding(OK, "dbt manifest", "present")


def state_version(home: Home) -> Finding:
    """Whether this code can work on the state folder."""
    try:
        found = version_of(home)
    except StateRefused as refused:
        return Finding(FAIL, "state", str(refused))
    if found is None:
        return Finding(OK, "state", f"{home.root}: nothing is kept here yet")
    if found > latest():
        said = f"{home.root}: version {found}, this code knows {latest()}"
        return Finding(FAIL, "state", said, "install the newer code again")
    if found < latest():
        said = f"{home.root}: version {found} of {latest()}"
        return Finding(WARN, "state", said, "make a backup; the next run brings the folder up to date")
    return Finding(OK, "state", f"{home.root}: version {found}")


def unfinished(home: Home) -> Iterator[Finding]:
    """A restore or rebuild that was killed, and what a restore moved aside."""
    if (home.root / UNFINISHED_RESTORE).exists():
        to_do = "do it again: aipolicy restore SRC --replace"
        yield Finding(FAIL, "restore", "a restore into this folder was not finished", to_do)
    for folder in sorted(home.root.glob(f"{REPLACED}*")):
        to_do = "delete it when its archive holds no crawl that this one lacks"
        yield Finding(WARN, "restore", f"what was here before lies in {folder}", to_do)
    if set_aside(home).exists() and holder_of(home.run_lock) is None:
        said = f"a rebuild did not end; the warehouse of before it lies in {set_aside(home)}"
        yield Finding(WARN, "rebuild", said, "run: aipolicy rebuild")


def disk_of(home: Home, now: datetime) -> Finding:
    """The disk of a state folder, as it is now."""
    return disk(home, now, shutil.disk_usage(_existing(home.root)).free)


def disk(home: Home, now: datetime, free: int) -> Finding:
    """Free space, and when it is used up at the pace at which the whole folder grew in the last weeks."""
    grown = growth(home, now)
    pace = grown.bytes / grown.days if grown else 0.0
    said = f"{_size(free)} free; {_told(grown)}"
    if pace > 0:
        said += f": full in {free / pace:,.0f} days at this pace"
    to_do = "run: aipolicy gc --dry-run, see what may go; then move the state folder to a larger disk"
    if free < FULL_BYTES:
        return Finding(FAIL, "disk", said, to_do)
    is_soon = pace > 0 and free / pace < SOON_DAYS
    return Finding(WARN, "disk", said, to_do) if is_soon or free < LOW_BYTES else Finding(OK, "disk", said)


def _told(grown: Growth | None) -> str:
    if grown is None:
        return f"how fast the state folder grows is known once runs or the UI have measured it for {LEAST_DAYS} days"
    size = f"the state folder is {_size(sum(grown.size.values()))}"
    if grown.bytes <= 0:
        return f"{size} and did not grow in {grown.days} days"
    most = sorted(grown.grown.items(), key=lambda one: -one[1])[:ROOMS_TOLD]
    rooms = ", ".join(f"{name} {_size(more)}" for name, more in most if more > 0)
    return f"{size}, grew by {_size(grown.bytes)} in {grown.days} days (most: {rooms})"


def locks(home: Home) -> Iterator[Finding]:
    """Who holds what. A lock dies with its holder, so one that is held by nobody alive is held by a child of it."""
    named = {
        "run": home.run_lock,
        "UI": home.ui_lock,
        "turn at the warehouse": home.turn_lock,
        "staged edition": home.staged_lock,
        "warehouse": home.writer_lock,
        **{f"crawl of {slug}": crawl_lock(home.root, slug) for slug in sources()},
    }
    held = {name: holder_of(path) for name, path in named.items() if path.exists()}
    taken = {name: holder for name, holder in held.items() if holder is not None}
    for name, holder in taken.items():
        if ELSEWHERE in holder or _is_alive(holder):
            yield Finding(OK, "lock", f"{name}: held by process {holder}, which lives")
        else:
            to_do = f"see who has the file open: fuser {named[name]}; end that process"
            yield Finding(WARN, "lock", f"{name}: taken by process {holder}, which is gone; a child holds it", to_do)
    if not taken:
        yield Finding(OK, "locks", "all free")


def clock(home: Home, now: datetime) -> Finding:
    """This machine's clock cannot be behind the newest answer that it has stored."""
    newest = max((ledger.ended_at for ledger in _newest_ledgers(home)), default=None)
    if newest is not None and now < newest - timedelta(seconds=SKEW_SECONDS):
        said = f"it is {utc_text(now)}, but the newest crawl ended at {utc_text(newest)}"
        return Finding(
            FAIL, "clock", said, "set the clock (timedatectl); run nothing before: ids of crawls sort by time"
        )
    return Finding(OK, "clock", f"{utc_text(now)}" + (f", newest crawl {utc_text(newest)}" if newest else ""))


def readers_zone() -> Finding:
    """Whether the time zone of the digest's readers is one; the code location cannot be imported with another."""
    try:
        return Finding(OK, "time zone", f"issues of the digest are due by the clock of {time_zone().key}")
    except SettingRefused as error:
        return Finding(FAIL, "time zone", str(error), "start the UI again afterwards, which reads it at start")


def _newest_ledgers(home: Home) -> Iterator[CrawlLedger]:
    for slug in sources():
        for path in ledger_files(home, slug)[-1:]:
            try:
                yield read_ledger(path)
            except DamagedLedger:
                continue  # `archive` tells of it


def archive(home: Home) -> Iterator[Finding]:
    """Every ledger's archive file is there at its length, that of each source's newest crawl byte for byte.

    A run compares the bytes of what is new or was touched, and of each file once in 30 days; this takes seconds.
    """
    faults, count = [], 0
    for slug in sources():
        is_crawled = holder_of(crawl_lock(home.root, slug)) is not None if ledger_files(home, slug) else False
        files = ledger_files(home, slug)
        count += len(files)
        faults += [f"{slug}: {fault}" for path in files if (fault := _archive_fault(path, is_newest=path == files[-1]))]
        faults += [f"{slug}: {path.name} has no ledger" for path in orphans_of(home, slug) if not is_crawled]
    to_do = "restore the named files from a backup"
    yield from (Finding(FAIL, "archive", fault, to_do) for fault in faults)
    if not faults:
        yield Finding(OK, "archive", f"{count:,} crawls as their ledgers say")


def _archive_fault(file: Path, *, is_newest: bool) -> str | None:
    try:
        sealed = read_ledger(file).archive
    except DamagedLedger as error:
        return str(error)
    path = file.with_name(sealed.name)
    if is_newest:
        return seal_fault(path, sealed.bytes, sealed.sha256)
    if not path.exists():
        return f"{path.name}: missing"
    size = path.stat().st_size
    return None if size == sealed.bytes else f"{path.name}: expected {sealed.bytes} bytes, got {size}"


def edition(home: Home) -> Finding:
    """The current edition against its SHA256SUMS."""
    try:
        return Finding(OK, "edition", f"{whole_edition(home).name} is whole")
    except DamagedEdition as error:
        return Finding(FAIL, "edition", str(error), "run: aipolicy rebuild")
    except FileNotFoundError as error:
        verdict: Verdict = FAIL if (home.editions / "current").is_symlink() else OK
        return Finding(verdict, "edition", str(error), "run: aipolicy rebuild" if verdict == FAIL else None)


def backup(home: Home, now: datetime) -> Finding:
    """When the last copy of the folder was made, and where it is."""
    if not home.archive.is_dir():
        return Finding(OK, "backup", "nothing is kept here yet")
    made = last_backup(home)
    if made is None:
        to_do = "run: aipolicy backup DEST, on another disk; let cron do so each night (docs/operations.md, Copies)"
        return Finding(WARN, "backup", "no copy of this state folder was made", to_do)
    at, dest, faults = made
    days = (now - at).days
    said = f"the last copy was made {days} days ago, on {at:%Y-%m-%d}, to {dest}"
    if days > BACKUP_DAYS:
        to_do = f"see why cron makes none; run: aipolicy backup {dest}"
        return Finding(WARN, "backup", f"{said}, which is too old", to_do)
    if faults:
        to_do = f"run: aipolicy backup {dest}, which names them"
        return Finding(WARN, "backup", f"{said}; it lacks what could not be read, {faults} files or parts", to_do)
    return Finding(OK, "backup", said)


def reachability(hosts: Iterable[str], now: Callable[[], datetime]) -> Iterator[Finding]:
    """Each host asked once for its robots.txt: whether it answers at all, and what time it thinks it is."""
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        yield from pool.map(lambda host: _reach(host, now), hosts)


def _reach(host: str, now: Callable[[], datetime]) -> Finding:
    agent = f"aipolicy/{_installed('aipolicy')} (open tracker of government AI policy; +{contact()})"
    request = Request(f"{host}/robots.txt", method="HEAD", headers={"User-Agent": agent})  # noqa: S310  registry's hosts
    try:
        with urlopen(request, timeout=ASK_SECONDS) as answer:  # noqa: S310  as above
            status, date = answer.status, answer.headers.get("Date")
    except HTTPError as error:
        status, date = error.code, error.headers.get("Date")
    except (URLError, OSError) as error:
        why = getattr(error, "reason", error)
        to_do = "see whether other hosts answer; if none does, look at the network, else wait for the publisher"
        return Finding(WARN, "source", f"{host}: no answer: {why}", to_do)
    skew = _skew(date, now())
    if abs(skew) > SKEW_SECONDS:
        said = f"{host} says {date}, this clock is {skew:+.0f} s off"
        return Finding(WARN, "clock", said, "where several hosts say so, set the clock (timedatectl)")
    if status >= 500:
        return Finding(WARN, "source", f"{host}: HTTP {status}", "wait for the publisher; its source is withheld")
    return Finding(OK, "source", f"{host}: answers (HTTP {status})")


def _skew(date: str | None, now: datetime) -> float:
    """Seconds by which this clock is ahead of the other; none where the other says nothing that can be read."""
    try:
        return (now - parsedate_to_datetime(date)).total_seconds() if date else 0.0
    except (TypeError, ValueError):
        return 0.0


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return folder if folder.exists() else _existing(folder.parent)


def _is_alive(holder: str) -> bool:
    try:
        os.kill(int(holder), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _size(number: float) -> str:
    """Bytes for people, in powers of 1000."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(number) < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
