"""Reads what alerts follow from: ledgers, the audit, the environment, the disk, issues, and the alerter itself.

Cheap on purpose, since it is asked every few minutes: the warehouse stays closed, and of each source as many ledgers
are read as lie after its last good look. Belongs here: reading. Does not belong here: Dagster's history, which is given
(runs.py), and what is an alert (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipelines.accounts import crawls_backwards, readable_ledgers
from pipelines.alerts import heartbeat
from pipelines.alerts.channels import HEARTBEAT_VARIABLE, AlertSettings, BadAlertSettings, read_settings, strangers
from pipelines.alerts.conditions import AlerterFault, SourceLooks, State, standing
from pipelines.alerts.keys import secrets_of
from pipelines.alerts.memory import damaged_file, read_memory
from pipelines.alerts.model import Alert
from pipelines.delivery import not_sent
from pipelines.digest.issues import latest_issue
from pipelines.digest.model import Week
from pipelines.due import next_issue, time_zone
from pipelines.home import Home
from pipelines.ops.backup import last_backup
from pipelines.ops.doctor import OK, Finding, backup, disk_of
from pipelines.ops.state import state_file
from pipelines.origin import held_stand_ins
from pipelines.publish.audit import TOKEN, read_token
from pipelines.publish.edition import current_edition
from pipelines.publish.stage import is_whole, sealed_files
from scrapers.contracts import CrawlLedger
from scrapers.keys import scrubbed
from scrapers.registry import SourceConfig, sources

if TYPE_CHECKING:
    from pipelines.alerts.runs import History

SECRET_CHARS = 6
"""Anything shorter is no secret, and may be part of any word."""


def alerts_now(home: Home, now: datetime, environment: Mapping[str, str], history: History) -> list[Alert]:
    """The alerts that stand, errors first; none of their words holds a secret of the environment."""
    state = read_state(home, now, environment, history)
    hidden = [environment.get(one.variable, "").strip() for one in state.secrets]
    return [
        replace(alert, sentence=_without(alert.sentence, hidden), what_to_do=_without(alert.what_to_do, hidden))
        for alert in standing(state)
    ]


def read_state(home: Home, now: datetime, environment: Mapping[str, str], history: History) -> State:
    """All that alerts follow from. Of a folder of stand-ins nothing is overdue, since nobody asks them by a clock."""
    began = None if held_stand_ins(home) else _began(home)
    refusals, refused_at = _refusals(home)
    settings, faults = _settings(home, now)
    return State(
        now=now,
        disk=disk_of(home, now),
        backup=_copies_that_stopped(home, now),
        runs=history.runs,
        refusals=refusals,
        refused_at=refused_at,
        sources=tuple(looks_of(home, config, began) for config in sources().values()) if began else (),
        drifted=history.drifted,
        overdue=history.overdue,
        damaged=_damage(home, now),
        fallen=history.fallen,
        secrets=tuple(secrets_of(home, environment, settings)),
        next_issue=_next_issue(home, began) if began else None,
        undelivered=tuple(not_sent(home.deliveries)),
        alerter=(*faults, *_faults_of_alerter(home)),
    )


def _copies_that_stopped(home: Home, now: datetime) -> Finding | None:
    """What is wrong with the last copy; where none was ever made, the doctor alone says so."""
    found = None if last_backup(home) is None else backup(home, now)
    return None if found is None or found.verdict == OK else found


def _began(home: Home) -> datetime | None:
    """When the state folder's first crawl began; where none was accounted for, when the folder was first used."""
    oldest_first = sorted(home.archive.glob("*/*.ledger.json"), key=lambda path: path.name)
    for ledger in readable_ledgers(oldest_first):
        return ledger.started_at
    file = state_file(home)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def _next_issue(home: Home, began: datetime) -> tuple[str, datetime]:
    """The issue after the latest; the first is that of the week in which the folder's first crawl began."""
    zone = time_zone()
    latest = latest_issue(home.digests) or Week.last_before(began.astimezone(zone).date()).name
    week, due_at = next_issue(latest, zone)
    return week.name, due_at


def looks_of(home: Home, config: SourceConfig, began: datetime) -> SourceLooks:
    """The looks at what a source shows now, back to the last good one.

    One that was never looked at is missed since the state folder `began`, unless it had no key when it was to be asked.
    """
    newest: CrawlLedger | None = None
    first_at: datetime | None = began
    for ledger in crawls_backwards(home, config.slug):
        if ledger.not_asked is not None and newest is None:
            first_at = None
        if ledger.not_asked is not None or not _is_of_now(ledger, config):
            continue
        newest = newest or ledger
        first_at = ledger.started_at
        if ledger.is_good:
            return SourceLooks(config, newest, ledger.ended_at, first_at)
    return SourceLooks(config, newest, None, first_at)


def _is_of_now(ledger: CrawlLedger, config: SourceConfig) -> bool:
    """Whether a crawl asked for the day on which it ran; west of UTC a window may name the day before."""
    today = ledger.started_at.astimezone(ZoneInfo(config.time_zone)).date()
    return config.listing == "snapshot" or ledger.window.until >= today - timedelta(1)


def _refusals(home: Home) -> tuple[tuple[str, ...], datetime | None]:
    file = home.staged / TOKEN
    try:
        return tuple(read_token(home.staged).faults()), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return (), None
    except ValueError:
        return (f"{TOKEN} of the staged edition cannot be read",), datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _damage(home: Home, now: datetime) -> str | None:
    """What is wrong with the files of the current edition; read again when one was touched, and once a day."""
    try:
        folder = current_edition(home)
    except FileNotFoundError as error:
        return str(error) if (home.editions / "current").is_symlink() else None
    try:
        files = (*sealed_files(folder), folder / "SHA256SUMS", folder / TOKEN)
        looks = [(path, path.lstat()) for path in files if path.exists()]
        touched = tuple((str(path), about.st_size, about.st_ctime_ns) for path, about in looks)
        return _damage_of(folder, touched, now.date())
    except OSError as error:
        return f"the files of {folder.name} cannot be read: {error}"


@lru_cache(maxsize=1)
def _damage_of(folder: Path, touched: tuple[tuple[str, int, int], ...], day: date) -> str | None:
    """`touched` and `day` say whether what was found the last time still holds: hashing takes seconds, a look none."""
    return None if is_whole(folder) else f"the files of {folder.name} are not those of its SHA256SUMS"


def _settings(home: Home, now: datetime) -> tuple[AlertSettings | None, list[AlerterFault]]:
    try:
        settings = read_settings(home.alerts_settings)
    except BadAlertSettings as error:
        to_do = f"Mend {home.alerts_settings.name} in the state folder; until then nobody is told of anything."
        return None, [AlerterFault(home.alerts_settings.name, f"The channels cannot be read: {error}.", to_do, now)]
    return settings, list(_faults_of_channels(settings, now)) if settings else []


def _faults_of_channels(settings: AlertSettings, now: datetime) -> Iterator[AlerterFault]:
    for channel, slugs in strangers(settings).items():
        yield AlerterFault(
            channel,
            f"alerts.yml holds no channel {channel!r}, which the contract of {', '.join(slugs)} names; "
            f"{settings.default} hears of its faults meanwhile.",
            f"Add {channel} under channels in alerts.yml of the state folder, or mend the contract.",
            now,
        )


def _faults_of_alerter(home: Home) -> Iterator[AlerterFault]:
    for target, refusal in read_memory(home).refusals.items():
        yield AlerterFault(
            target,
            f"The channel behind {target} did not take alerts, {refusal.times} times so far: {refusal.reason}.",
            f"Run: aipolicy alerts --test CHANNEL; mend the address in {target} and start the UI again.",
            refusal.since,
        )
    if (file := damaged_file(home)).exists():
        yield AlerterFault(
            "memory",
            "The record of what was told could not be read, so all that stands was told once more.",
            f"Delete {file.name} in the folder alerts of the state folder.",
            datetime.fromtimestamp(file.stat().st_mtime, UTC),
        )
    beat = heartbeat.read(home)
    if beat is not None and beat.ping == "failed":
        yield AlerterFault(
            HEARTBEAT_VARIABLE,
            "The address that is told of each round did not answer well.",
            f"See whether it answers from this machine; mend {HEARTBEAT_VARIABLE} and start the UI again.",
            beat.at,
        )


def _without(text: str, hidden: list[str]) -> str:
    """A text without secrets; of an address also not its path, which is what opens it."""
    for secret in hidden:
        for part in (secret, urlsplit(secret).path.strip("/") if "://" in secret else ""):
            text = scrubbed(text, part) if len(part) >= SECRET_CHARS else text
    return text
