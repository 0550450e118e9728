"""The calendars that subscribers have, which the next one follows: nothing in them vanishes, and no SEQUENCE falls.

They are those of the current edition and of any newer one: an operator may have gone back from it, and subscribers have
seen it all the same.

Belongs here: what becomes of a day that an edition tells no more, whatever made it vanish: a date or a duty that is
gone, a policy that is not about AI any more, two records that are one. An edition keeps no history of all of these, so
they are found by the calendar before. Does not belong here: which days an edition tells (calendar.py).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar

from pipelines.digest import queries, wording
from pipelines.digest.known import opened
from pipelines.digest.queries import ask

log = logging.getLogger(__name__)

Event = Any
"""A VEVENT as it is read back, whose properties have no certain type."""
PAST_DAYS = 365
"""How far back from the edition's moment days are kept."""
_WEIGHTY = ("DTSTART", "STATUS", "RRULE")
"""What a subscriber must act on; SEQUENCE rises with it."""
_TEXTS = ("SUMMARY", "DESCRIPTION")
_MOMENTS = ("DTSTAMP", "LAST-MODIFIED")
_STATUSES = ("CONFIRMED", "CANCELLED")
_RHYTHM = ("INTERVAL", "UNTIL")
_WHY = "No longer told: the day or the duty is gone, or what sets it is not about AI or is one with something else."
_WHY_HERE = "No longer told here: it is of another track now, and stands in the calendar of that one."


@dataclass(frozen=True)
class Before:
    """The events that subscribers of one calendar have, by UID, seen from the moment of the edition that follows."""

    events: Mapping[str, Event]
    moment: datetime
    everywhere: Mapping[str, Event] = field(default_factory=dict)
    """Those of the calendar of all tracks, by which an event goes that is new in this one."""

    def followed(self, event: Event) -> Event:
        """An event of now with a SEQUENCE that is not below that of the one before, and above it where it changed.

        It is no older than the one before, either.
        """
        uid = str(event["UID"])
        for old in (held[uid] for held in (self.everywhere, self.events) if uid in held):
            is_changed = any(_bytes(event, name) != _bytes(old, name) for name in _WEIGHTY)
            _put(event, "SEQUENCE", max(int(event["SEQUENCE"]), int(old["SEQUENCE"]) + is_changed))
            for name in _MOMENTS:
                _put(event, name, max(event[name].dt, old[name].dt))
        return event

    def gone(self, here: Container[str], anywhere: Container[str]) -> list[Event]:
        """The events that this calendar tells no more, cancelled, also those that another one tells."""
        return [
            self._cancelled(event, _WHY_HERE if uid in anywhere else _WHY)
            for uid, event in self.events.items()
            if uid not in here and self._is_kept(event)
        ]

    def _is_kept(self, event: Event) -> bool:
        """Whether it is no older than other days; one that comes again is as old as its end, or its last change."""
        is_open = "RRULE" in event and "UNTIL" not in event["RRULE"]
        day: date = event["LAST-MODIFIED"].dt.date() if is_open and _is_cancelled(event) else _last_day(event)
        return (is_open and not _is_cancelled(event)) or day >= self.moment.date() - timedelta(PAST_DAYS)

    def _cancelled(self, event: Event, why: str) -> Event:
        if _is_cancelled(event):
            return event
        cancelled = event.copy()
        _put(cancelled, "STATUS", "CANCELLED")
        _put(cancelled, "SEQUENCE", int(event["SEQUENCE"]) + 1)
        for name in _MOMENTS:
            _put(cancelled, name, self.moment)
        _put(cancelled, "DESCRIPTION", f"{why}\n{event['DESCRIPTION']}")
        return cancelled


def read_before(calendars: Iterable[Path], edition: Path) -> Before | None:
    """What an edition's calendar follows, the highest of each event; None where there is no calendar.

    One that cannot be read has no events. Raises FileNotFoundError where the folder holds no edition.
    """
    known = [calendar for calendar in calendars if calendar.is_file()]
    if not known:
        return None
    with opened(edition, None) as connection:
        [held] = ask(connection, queries.EDITION)
    events: dict[str, Event] = {}
    for event in (event for calendar in known for event in _read_events(calendar)):
        other = events.setdefault(str(event["UID"]), event)
        if int(event["SEQUENCE"]) > int(other["SEQUENCE"]):
            events[str(event["UID"])] = event
    return Before(events, held["as_of"].astimezone(UTC).replace(microsecond=0))


def _read_events(calendar: Path) -> list[Event]:
    """The events of a calendar that are of our own form; a file that was damaged holds up no edition."""
    try:
        held = icalendar.Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")
    except (OSError, ValueError, AttributeError) as error:
        log.warning(
            "%s: expected the calendar that subscribers have, got %.200r; the next calendar follows none, so a day "
            "that is told no more leaves it without a word; look what wrote into the folder",
            calendar, error,
        )  # fmt: skip
        return []
    events = [event for event in map(_own, held) if event is not None]
    if len(events) < len(held):
        log.warning(
            "%s: passed over %d of %d events, expected the form in which they are written; look what wrote into the "
            "folder",
            calendar, len(held) - len(events), len(held),
        )  # fmt: skip
    return events


def _own(event: Event) -> Event | None:
    """An event written anew from what calendars of editions say, so that nothing foreign stays in them.

    None where it is of another form.
    """
    try:
        return _rewritten(event)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _rewritten(event: Event) -> Event:
    if any(isinstance(value, list) for value in event.values()):
        raise ValueError("expected each property once")
    own = icalendar.Event()
    own.add("uid", _expected(str(event["UID"]), [uuid.UUID(event["UID"]).urn]))
    own.add("dtstart", event["DTSTART"].dt)
    _expected(type(event["DTSTART"].dt), [date])
    own.add("sequence", int(event["SEQUENCE"]))
    own.add("status", _expected(str(event["STATUS"]), _STATUSES))
    own.add("transp", "TRANSPARENT")
    for name in _TEXTS:
        own.add(name, str(event[name]))
    for name in _MOMENTS:
        _expected(event[name].dt.utcoffset(), [timedelta(0)])
        own.add(name, event[name].dt)
    url = wording.safe_url(str(event.get("URL", "")))
    if url:
        own.add("url", url)
    track = _track(event)
    if track:
        own.add("categories", [wording.track_title(track)])
    if "RRULE" in event:
        rule = event["RRULE"]
        own.add("rrule", {"FREQ": rule["FREQ"], **{name: rule[name] for name in _RHYTHM if name in rule}})
    return own


def _expected(value: Any, among: Container[Any]) -> Any:
    if value not in among:
        raise ValueError(f"expected one of {among}, got {value}")
    return value


def _last_day(event: Event) -> date:
    until: list[date] = event.get("RRULE", {}).get("UNTIL", [event["DTSTART"].dt])
    return until[0]


def _is_cancelled(event: Event) -> bool:
    return str(event["STATUS"]) == "CANCELLED"


def _track(event: Event) -> str | None:
    return next((track for track in wording.TRACKS if wording.track_title(track) in event.categories), None)


def _put(event: Event, name: str, value: Any) -> None:
    event.pop(name, None)
    event.add(name, value)


def _bytes(event: Event, name: str) -> Any:
    return event[name].to_ical() if name in event else None
