"""The calendar of an edition: days on which somebody must have acted, and days from which rules hold.

Belongs here: which days an edition tells, what becomes of one that was moved or voided, and their bytes as iCalendar.
Does not belong here: what a digest says of its own week (build.py).
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar

from pipelines.digest import queries, wording
from pipelines.digest.calendar_before import PAST_DAYS, Before
from pipelines.digest.known import opened
from pipelines.digest.queries import Row, ask
from scrapers.contact import contact

NAMESPACE = uuid.UUID("0b9a2a0e-8f5c-5d1b-a7de-5f6d3c1e9b42")
"""Never to be changed: every UID is derived from it."""
_ENDED = ("revoked", "superseded", "withdrawn", "lapsed")
_RHYTHMS: dict[str, dict[str, Any]] = {
    "annual": {"freq": "yearly"},
    "quarterly": {"freq": "monthly", "interval": 3},
    "monthly": {"freq": "monthly"},
}
"""Rhythms that say on which days a duty comes again; of any other only the first day is certain."""
_FEBRUARY = 2


@dataclass(frozen=True)
class CalendarDay:
    """One dated thing that somebody waits for."""

    key: tuple[str, ...]
    """What it is about, which kind of day it is, and of a duty who must do what: its identity, whatever its date.

    It is about the document by which it was first known: an order has another id before it has its number.
    """
    day: date
    label: str
    title: str
    agencies: tuple[str, ...]
    url: str | None
    evidence_id: str | None
    track: str
    moves: int
    """How often what is said of it has changed."""
    changed_at: datetime
    void: str | None
    """Why it no longer applies."""
    recurrence: str | None
    until: date | None
    """Last day on which a recurring duty can fall due; None while it stands."""


def read_calendar(edition: Path) -> tuple[CalendarDay, ...]:
    """All days of an edition from a year before its own moment on, in the order of their dates.

    Raises FileNotFoundError where the folder holds no edition.
    """
    with opened(edition, None) as connection:
        [held] = ask(connection, queries.EDITION)
        today = held["as_of_day"]
        connection.execute(queries.FIRST_NAMES)
        connection.execute(queries.POLICY_ENDS, {"today": today.isoformat(), "ended": _ENDED})
        asked = {"today": today, "past_days": PAST_DAYS}
        dates = ask(connection, queries.CALENDAR_DATES, due_events=queries.DUE_EVENTS, **asked)
        duties = ask(connection, queries.CALENDAR_DUTIES, rhythms=list(_RHYTHMS), **asked)
    days = (*(_dated(row, held["as_of"]) for row in dates), *_duties(duties, held["as_of"]))
    return tuple(sorted(days, key=lambda day: (day.day, day.title, day.key)))


def _dated(row: Row, as_of: datetime) -> CalendarDay:
    void = _void(row)
    if void is None and not row["is_stated"]:
        void = "the source states this day no longer"
    day = _day(
        row,
        wording.capital(wording.due_label(wording.begins(row["event"], row["instrument"]), is_past=False)),
        void,
        as_of,
    )
    return day if row["own_day"] is None else replace(day, key=(*day.key, row["own_day"].isoformat()))


def _duties(rows: Sequence[Row], as_of: datetime) -> Iterator[CalendarDay]:
    """Duties by their words, which all documents of a policy share; of equal ones by their order."""
    told: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        label = wording.duty(row["actor"], row["action"]) if row["actor"] else wording.plain(row["action"], 220)
        key = (row["about"], "duty", " ".join(re.findall(r"\w+", label.casefold())))
        told[key] += 1
        yield replace(_day(row, f"Due: {label}", _void(row), as_of), key=(*key, str(told[key])))


def _void(row: Row) -> str | None:
    """Why a day no longer applies: its instrument ended before or on it."""
    ended, since = row["ended_status"], row["ended_since"]
    if ended is None or (since is not None and since > row["event_date"]):
        return None
    return wording.words(ended) + (f" on {since.isoformat()}" if since else "")


def _day(row: Row, label: str, void: str | None, as_of: datetime) -> CalendarDay:
    return CalendarDay(
        key=(row["about"], row["event"]),
        day=row["event_date"],
        label=label,
        title=wording.plain(row["title"] or "") or row["about"],
        agencies=tuple(wording.plain(name, 120) for name in row["agency_names"] or () if name),
        url=wording.safe_url(row["url"]),
        evidence_id=row["evidence_id"],
        track=wording.track_of(row["track"]) if row["track"] else "",
        moves=row["moves"],
        changed_at=(row["changed_at"] or as_of).astimezone(UTC).replace(microsecond=0),
        void=void,
        recurrence=row["recurrence"],
        until=row["ended_since"] - timedelta(1) if row["recurrence"] and row["ended_since"] and not void else None,
    )


def to_ics(days: Sequence[CalendarDay], track: str | None = None, before: Before | None = None) -> bytes:
    """The days as an iCalendar (RFC 5545); of one track where it is named, and after what subscribers have ``before``.

    Days are dates without a time zone, so none shifts. A UID stays when its date moves, and SEQUENCE rises; what was
    voided is CANCELLED and says why. RFC 5545 knows no empty calendar, and who subscribed to an address must find it
    again: without a day it holds a time zone alone.
    """
    name = "AI policy dates" if track is None else f"AI policy dates: {wording.track_title(track)}"
    book = icalendar.Calendar()
    book.add("prodid", "-//AI policy tracker//Calendar//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", name)
    here = {_uid(day): _event(day) for day in days if track is None or day.track == track}
    held = list(here.values())
    if before is not None:
        held = [*(before.followed(event) for event in held), *before.gone(here, {_uid(day) for day in days})]
    for event in held:
        book.add_component(event)
    if not held:
        book.add_component(_time_zone())
    written: bytes = book.to_ical()
    return written


def _time_zone() -> icalendar.Timezone:
    """UTC as a component."""
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # RFC 5545, 3.6.5: local time without an offset
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone = icalendar.Timezone()
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone


def _uid(day: CalendarDay) -> str:
    return uuid.uuid5(NAMESPACE, "\n".join(day.key)).urn


def _event(day: CalendarDay) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", _uid(day))
    event.add("summary", f"{day.label}: {day.title}")
    event.add("dtstart", day.day)
    event.add("dtstamp", day.changed_at)
    event.add("last-modified", day.changed_at)
    event.add("sequence", day.moves)
    event.add("status", "CANCELLED" if day.void else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("description", "\n".join(_description(day)))
    if day.url:
        event.add("url", day.url)
    if day.track:
        event.add("categories", [wording.track_title(day.track)])
    rule = _rule(day)
    if rule is not None:
        event.add("rrule", rule)
    return event


def _description(day: CalendarDay) -> list[str]:
    told = [
        f"No longer applies: {day.void}." if day.void else None,
        day.title,
        "; ".join(day.agencies) or None,
        f"Comes again: {wording.words(day.recurrence)}." if day.recurrence else None,
        day.url,
        f"Evidence {day.evidence_id}" if day.evidence_id else None,
        f"Report an error: {wording.report_url(contact(), wording.anchor('day', *day.key))}",
    ]
    return [line for line in told if line]


def _rule(day: CalendarDay) -> dict[str, Any] | None:
    """The rhythm of a duty that comes again on a day that each such month has; None where it is not certain."""
    rhythm = _RHYTHMS.get(day.recurrence or "")
    last_day = 28 if rhythm != _RHYTHMS["annual"] or day.day.month == _FEBRUARY else 31
    if rhythm is None or day.day.day > last_day:
        return None
    return {**rhythm, **({"until": day.until} if day.until else {})}
