"""What was told of which alert to whom, so that each is told once, again when it grew worse or is due, and ended once.

A telling is noted before it is sent: whoever dies in between has told it, as far as anybody knows, and the next
reminder makes up for it. An alert that goes and comes back soon is the same alert: its end is told when it has stayed
away for a while, and for longer each time it came back.

Belongs here: the record and what follows from it; the clock is given. Does not belong here: sending (teller.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from pipelines.alerts.model import Alert, Kind, Severity
from pipelines.home import Home
from scrapers.durable import write_whole

SETTLED = timedelta(minutes=15)
"""An alert has ended when it stayed away for so long; four times as long for each time it came back, at most a day."""
FORGOTTEN = timedelta(days=1)
"""So long an ended alert is remembered, to know it when it comes back."""
RETRY = timedelta(minutes=5)
"""A target that refused is tried again after this, twice as long for each time, at most an hour."""
RETRY_AT_MOST = timedelta(hours=1)
News = Literal["new", "worse", "reminder", "ended"]


class Told(BaseModel):
    """What one target heard last of one alert."""

    severity: Severity
    at: AwareDatetime
    is_confirmed: bool = False
    """False while it is being sent, and for good where the sender died: it may have arrived."""


class Entry(BaseModel):
    """One alert that stands, or has ended not long ago, as it was last seen."""

    kind: Kind
    subject: str
    severity: Severity
    sentence: str
    what_to_do: str
    owner: str
    channel: str
    since: AwareDatetime
    gone_since: AwareDatetime | None = None
    returns: int = 0
    """How often it came back after its end was told."""
    told: dict[str, Told] = Field(default_factory=dict)
    """By target."""

    @property
    def alert(self) -> Alert:
        """The alert as it was last seen."""
        return Alert(**{name: getattr(self, name) for name in Alert.__dataclass_fields__})

    def has_ended(self, now: datetime) -> bool:
        """Whether it stayed away for long enough."""
        settled = min(SETTLED * 4**self.returns, FORGOTTEN)
        return self.gone_since is not None and now - self.gone_since >= settled


class Refusal(BaseModel):
    """A target that did not take what it was sent."""

    since: AwareDatetime
    times: int
    retry_at: AwareDatetime
    reason: str


class Memory(BaseModel):
    """The whole record."""

    alerts: dict[str, Entry] = Field(default_factory=dict)
    """By the key of the alert."""
    refusals: dict[str, Refusal] = Field(default_factory=dict)
    """By target."""

    def see(self, standing: Sequence[Alert], targets: Collection[str], now: datetime) -> None:
        """Take in what stands now, and who there is to tell; what stood and does not is gone from now on, and forgotten
        some time after.
        """
        self.refusals = {target: refusal for target, refusal in self.refusals.items() if target in targets}
        for alert in standing:
            before = self.alerts.get(alert.key)
            self.alerts[alert.key] = _seen(alert, before)
        keys = {alert.key for alert in standing}
        for key, entry in list(self.alerts.items()):
            entry.told = {target: told for target, told in entry.told.items() if target in targets}
            if key not in keys and entry.gone_since is None:
                entry.gone_since = now
            if not entry.told and entry.gone_since is not None and now - entry.gone_since >= FORGOTTEN:
                del self.alerts[key]

    def news_for(
        self,
        target: str,
        now: datetime,
        *,
        hears: Callable[[Alert], bool],
        remind_after: Callable[[Severity], timedelta],
    ) -> dict[str, News]:
        """What a target is to be told now, by the key of the alert; nothing soon after a refusal."""
        refusal = self.refusals.get(target)
        if refusal is not None and now < refusal.retry_at:
            return {}
        found = {
            key: _news(entry, target, now, hears=hears, remind_after=remind_after) for key, entry in self.alerts.items()
        }
        return {key: news for key, news in found.items() if news is not None}

    def begin(self, target: str, news: dict[str, News], now: datetime) -> None:
        """Note that news is being told, before it is; what is ended is not spoken of again."""
        for key, what in news.items():
            entry = self.alerts[key]
            if what == "ended":
                del entry.told[target]
            else:
                entry.told[target] = Told(severity=entry.severity, at=now)

    def confirm(self, target: str, news: dict[str, News]) -> None:
        """Note that it was told."""
        self.refusals.pop(target, None)
        for key, what in news.items():
            if what != "ended":
                self.alerts[key].told[target].is_confirmed = True

    def refuse(self, target: str, reason: str, now: datetime) -> None:
        """Note that a target did not take it; it is tried again later, ever more seldom."""
        before = self.refusals.get(target)
        times = before.times + 1 if before else 1
        self.refusals[target] = Refusal(
            since=before.since if before else now,
            times=times,
            retry_at=now + min(RETRY * 2 ** min(times - 1, 10), RETRY_AT_MOST),
            reason=reason,
        )


def _seen(alert: Alert, before: Entry | None) -> Entry:
    """An alert that stands now; one that came back after its end was told, or that nobody had heard of, begins anew."""
    entry = Entry(**{name: getattr(alert, name) for name in Alert.__dataclass_fields__})
    if before is None:
        return entry
    is_back = before.gone_since is not None and not before.told
    entry.told, entry.returns = before.told, before.returns + is_back
    if not is_back:
        entry.since = min(before.since, alert.since)
    return entry


def _news(
    entry: Entry,
    target: str,
    now: datetime,
    *,
    hears: Callable[[Alert], bool],
    remind_after: Callable[[Severity], timedelta],
) -> News | None:
    told = entry.told.get(target)
    if entry.gone_since is not None:
        return "ended" if told is not None and entry.has_ended(now) else None
    if not hears(entry.alert):
        return None
    if told is None:
        return "new"
    if entry.severity == "error" and told.severity == "warning":
        return "worse"
    return "reminder" if now - told.at >= remind_after(entry.severity) else None


def memory_file(home: Home) -> Path:
    """Where the record lies."""
    return home.alerts / "told.json"


def damaged_file(home: Home) -> Path:
    """Where a record lies that could not be read."""
    return home.alerts / "told.json.damaged"


def read_memory(home: Home) -> Memory:
    """The record; an empty one before the first round, and where it cannot be read: better told twice than not."""
    try:
        return Memory.model_validate_json(memory_file(home).read_bytes())
    except (FileNotFoundError, ValidationError):
        return Memory()


def set_damaged_aside(home: Home) -> None:
    """Move a record that cannot be read out of the way, where its being there is an alert."""
    try:
        Memory.model_validate_json(memory_file(home).read_bytes())
    except FileNotFoundError:
        return
    except ValidationError:
        os.replace(memory_file(home), damaged_file(home))


def write_memory(home: Home, memory: Memory) -> None:
    """Keep the record, as a whole file."""
    write_whole(memory_file(home), memory.model_dump_json(indent=1).encode())
