"""Which alerts stand: a pure function of what was read of the state, one condition a kind.

Belongs here: when a state is an alert, how severe, in which words. Does not belong here: reading the state (state.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipelines.alerts.keys import Secret, expiry
from pipelines.alerts.model import Alert, Kind
from pipelines.ops.doctor import FAIL, OK, Finding
from pipelines.rounds import missed_deadlines
from scrapers.contracts import CrawlLedger, utc_text
from scrapers.registry import SourceConfig

if TYPE_CHECKING:
    from pipelines.delivery import NotDelivered
    from pipelines.history import FailedRun

BLIND_FOR_LONG: Final = 2
"""So many deadlines of its rhythm missed make a warning of a source an error."""
DIGEST_GRACE = timedelta(hours=6)
DIGEST_LATE = timedelta(hours=30)
SHOWN = 3
"""Faults that a sentence names; the rest are counted."""


@dataclass(frozen=True)
class SourceLooks:
    """The looks at what a source shows now; backfills are none, nor are crawls in which it was not asked."""

    config: SourceConfig
    newest: CrawlLedger | None
    last_good_at: datetime | None
    first_at: datetime | None
    """When the oldest look began that was read on the way to a good one; before any look, when the state folder did."""


@dataclass(frozen=True)
class FailedCheck:
    """A check whose newest evaluation failed."""

    subject: str
    sentence: str
    at: datetime


@dataclass(frozen=True)
class AlerterFault:
    """What is wrong with the alerter itself."""

    subject: str
    sentence: str
    what_to_do: str
    since: datetime


@dataclass(frozen=True)
class State:
    """All that alerts follow from."""

    now: datetime
    disk: Finding
    backup: Finding | None = None
    """What is wrong with the last copy of the state folder, where copies were made."""
    runs: tuple[FailedRun, ...] = ()
    refusals: tuple[str, ...] = ()
    """Why the edition that waits may not be published."""
    refused_at: datetime | None = None
    sources: tuple[SourceLooks, ...] = ()
    drifted: tuple[FailedCheck, ...] = ()
    """Contracts that the weekly look at the sources found broken, by source."""
    overdue: tuple[FailedCheck, ...] = ()
    """Sources that are looked at and silent for longer than their contracts allow."""
    damaged: str | None = None
    """Where the files of the current edition are not those that were published: the fault."""
    fallen: tuple[FailedCheck, ...] = ()
    """Tasks of the benchmark below their recorded scores."""
    secrets: tuple[Secret, ...] = ()
    next_issue: tuple[str, datetime] | None = None
    """The week after that of the latest issue of the digest, or the first of all, and when its own is due."""
    undelivered: tuple[NotDelivered, ...] = ()
    alerter: tuple[AlerterFault, ...] = ()


def standing(state: State) -> list[Alert]:
    """The alerts that stand, errors first."""
    found = [alert for condition in CONDITIONS.values() for alert in condition(state)]
    return sorted(found, key=lambda alert: (alert.severity != "error", alert.key))


def _run_failed(state: State) -> Iterator[Alert]:
    for run in state.runs:
        how = "was killed" if run.was_killed else "failed"
        then = "after it had published an edition" if run.published else "and none that covers it has succeeded since"
        more = f" So did {run.earlier:,} of that job before it, which nothing has made good." if run.earlier else ""
        yield Alert(
            Kind.RUN_FAILED,
            run.job,
            "warning" if run.published else "error",
            f"The run {run.run_id} of the job {run.job}, started by {run.started_by}, {how} {then}.{more}",
            "Open the run in the UI, read its first red step, mend what it says and launch it again for the same.",
            "team:operations",
            run.ended_at,
        )


def _publish_blocked(state: State) -> Iterator[Alert]:
    if state.refusals:
        yield Alert(
            Kind.PUBLISH_BLOCKED,
            "edition",
            "error",
            f"The audit refused the edition that waits, so readers keep the last good one: {_first(state.refusals)}.",
            "Read the quality report, mend what it found, then run: aipolicy run.",
            "team:edition",
            state.refused_at or state.now,
        )


def _source_blind(state: State) -> Iterator[Alert]:
    for looks in state.sources:
        config, newest = looks.config, looks.newest
        seen = looks.last_good_at or looks.first_at
        missed = missed_deadlines(config, seen, state.now) if seen else 0
        if not missed or seen is None:
            continue
        since = f"since {utc_text(looks.last_good_at)}" if looks.last_good_at else "so far"
        nobody = "nobody has looked since" if newest else "nobody has looked yet"
        why = nobody if newest is None or newest.is_good else f"the last look: {newest.faults[0]}"
        yield Alert(
            Kind.SOURCE_BLIND,
            config.slug,
            "error" if missed >= BLIND_FOR_LONG else "warning",
            f"{config.title} had no good look {since}, {missed} of its deadlines were missed; {why}.",
            "A fault of the network heals by itself; where it stays, see whether the source answers in a browser, then "
            f"run: aipolicy sources check {config.slug}.",
            config.owner,
            seen,
            config.channel,
        )


def _schema_drift(state: State) -> Iterator[Alert]:
    checked = {one.subject: one for one in state.drifted}
    for looks in state.sources:
        config, newest = looks.config, looks.newest
        new = [f"never seen before: {novelty}" for novelty in newest.novelties] if newest else []
        check = checked.get(config.slug)
        told = [*new, *([check.sentence] if check else [])]
        if told:
            yield Alert(
                Kind.SCHEMA_DRIFT,
                config.slug,
                "warning",
                f"{config.title} does not answer as its contract says: {_first(told)}.",
                f"Run: aipolicy sources check {config.slug}; read what matters in the parser, add the rest to the "
                "contract.",
                config.owner,
                newest.ended_at if new and newest else check.at if check else state.now,
                config.channel,
            )


def _news_overdue(state: State) -> Iterator[Alert]:
    checked = {one.subject: one for one in state.overdue}
    for config in (looks.config for looks in state.sources if looks.config.slug in checked):
        check = checked[config.slug]
        yield Alert(
            Kind.NEWS_OVERDUE,
            config.slug,
            "warning",
            f"{config.title} is looked at and shows nothing new. {check.sentence}",
            f"Open {config.publisher.page}: is there anything newer? Then the list that is asked has moved or is "
            f"cached, run: aipolicy sources check {config.slug}. If not, add a recess to the contract or raise "
            "quiet_days.",
            config.owner,
            check.at,
            config.channel,
        )


def _edition_damaged(state: State) -> Iterator[Alert]:
    if state.damaged is not None:
        yield Alert(
            Kind.EDITION_DAMAGED,
            "edition",
            "error",
            f"Readers do not get the edition that was published: {state.damaged}.",
            "Run: aipolicy rebuild, which publishes the edition anew; find what wrote into the folder.",
            "team:edition",
            state.now,
        )


def _key_missing(state: State) -> Iterator[Alert]:
    for secret in state.secrets:
        if secret.is_needed and not secret.is_present:
            yield Alert(
                Kind.KEY_MISSING,
                secret.variable,
                "warning",
                f"{secret.variable} of {secret.of} is not set.",
                f"Set {secret.variable} in the environment and start the UI again, which reads it at start.",
                secret.owner,
                state.now,
                secret.channel,
            )


def _key_expires(state: State) -> Iterator[Alert]:
    for secret in state.secrets:
        told = expiry(secret, state.now.date())
        if told is not None:
            severity, sentence = told
            yield Alert(
                Kind.KEY_EXPIRES,
                secret.variable,
                severity,
                f"{sentence}.",
                f"Ask for a new one, set {secret.variable} and {secret.variable}_EXPIRES, and start the UI again.",
                secret.owner,
                state.now,
                secret.channel,
            )


def _benchmark_drop(state: State) -> Iterator[Alert]:
    for check in state.fallen:
        yield Alert(
            Kind.BENCHMARK_DROP,
            check.subject,
            "warning",
            f"Enrichment agrees less with the label files than recorded: {check.sentence}",
            f"Run: aipolicy evaluate {check.subject} with --errors FILE; mend the rules, or lower the record and say "
            "why.",
            "team:enrichment",
            check.at,
        )


def _disk_low(state: State) -> Iterator[Alert]:
    if state.disk.verdict != OK:
        yield Alert(
            Kind.DISK_LOW,
            "state",
            "error" if state.disk.verdict == FAIL else "warning",
            f"The disk of the state folder is running full: {state.disk.said}.",
            f"{state.disk.to_do}.",
            "team:operations",
            state.now,
        )


def _backup_stale(state: State) -> Iterator[Alert]:
    if state.backup is not None:
        yield Alert(
            Kind.BACKUP_STALE,
            "state",
            "warning",
            f"The state folder has no good copy of these days: {state.backup.said}.",
            f"{state.backup.to_do}.",
            "team:operations",
            state.now,
        )


def _digest_overdue(state: State) -> Iterator[Alert]:
    if state.next_issue is None:
        return
    week, due_at = state.next_issue
    late = state.now - due_at
    if late > DIGEST_GRACE:
        yield Alert(
            Kind.DIGEST_OVERDUE,
            "digest",
            "error" if late > DIGEST_LATE else "warning",
            f"The issue of {week} was due at {utc_text(due_at)} and is not there.",
            "See what the sensor issues_due says in the UI: it waits for a look after the week's end, or its run "
            "failed.",
            "team:edition",
            due_at,
        )


def _delivery_failed(state: State) -> Iterator[Alert]:
    for one in state.undelivered:
        yield Alert(
            Kind.DELIVERY_FAILED,
            one.week,
            "error",
            f"The issue of {one.week} could not be sent to {_first(one.subscriptions)}, {one.tries} times so far.",
            f"Run: aipolicy deliver --week {one.week}, which says why and sends what was not sent.",
            "team:digest",
            one.last_at,
        )


def _alerter_fault(state: State) -> Iterator[Alert]:
    for fault in state.alerter:
        yield Alert(
            Kind.ALERTER_FAULT,
            fault.subject,
            "error",
            fault.sentence,
            fault.what_to_do,
            "team:operations",
            fault.since,
        )


def _first(sentences: list[str] | tuple[str, ...]) -> str:
    """The first few as one sentence without its full stop."""
    more = f"; and {len(sentences) - SHOWN:,} more" if len(sentences) > SHOWN else ""
    return "; ".join(sentence.rstrip(".") for sentence in sentences[:SHOWN]) + more


CONDITIONS: Mapping[Kind, Callable[[State], Iterator[Alert]]] = {
    Kind.RUN_FAILED: _run_failed,
    Kind.PUBLISH_BLOCKED: _publish_blocked,
    Kind.SOURCE_BLIND: _source_blind,
    Kind.SCHEMA_DRIFT: _schema_drift,
    Kind.NEWS_OVERDUE: _news_overdue,
    Kind.EDITION_DAMAGED: _edition_damaged,
    Kind.KEY_MISSING: _key_missing,
    Kind.KEY_EXPIRES: _key_expires,
    Kind.BENCHMARK_DROP: _benchmark_drop,
    Kind.DISK_LOW: _disk_low,
    Kind.BACKUP_STALE: _backup_stale,
    Kind.DIGEST_OVERDUE: _digest_overdue,
    Kind.DELIVERY_FAILED: _delivery_failed,
    Kind.ALERTER_FAULT: _alerter_fault,
}
