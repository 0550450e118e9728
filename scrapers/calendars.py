"""On which days a publisher publishes, and how many such days have passed without anything new.

Belongs here: calendars of publishers by the names that contracts use. Does not belong here: what counts as new, and
what an operator is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

from scrapers.registry import CalendarName, SourceConfig

_SATURDAY = 6
"""As ISO numbers the days of the week."""


@cache
def _national(country: str, subdivision: str | None = None, category: str = "public") -> holidays.HolidayBase:
    """A country's holidays, those moved from a weekend included; years are worked out when they are asked for."""
    return holidays.country_holidays(country, subdiv=subdivision, categories=(category,))


@cache
def _closures_of_eu_institutions(year: int) -> frozenset[date]:
    """Public holidays of the EU institutions, as their decisions have it year by year in series C of the Official
    Journal: no calendar of a country holds them. The bridge of 2 January and that of All Souls are among them in most
    years only; a closure too many makes the check slower by one day, one too few makes it cry for nothing.
    """
    sunday = easter(year)
    # Maundy Thursday, Good Friday, Easter Monday, Ascension and the day after, Whit Monday.
    movable = (-3, -2, 1, 39, 40, 50)
    fixed = ((1, 1), (1, 2), (5, 1), (5, 9), (7, 21), (8, 15), (11, 1), (11, 2))
    christmas = (date(year, 12, 24) + timedelta(days) for days in range(8))
    return frozenset(
        (
            *(sunday + timedelta(days) for days in movable),
            *(date(year, month, day) for month, day in fixed),
            *christmas,
        )
    )


_IS_CLOSED: dict[CalendarName, Callable[[date], bool]] = {
    "us_federal": lambda day: day in _national("US"),
    "uk_england": lambda day: day in _national("GB", "ENG"),
    "canada": lambda day: day in _national("CA", category="government"),
    "eu_institutions": lambda day: day in _closures_of_eu_institutions(day.year),
}


def is_publishing_day(source: SourceConfig, day: date) -> bool:
    """Whether a source's publisher works on a day, and is not in recess."""
    if any(span.holds(day) for span in source.recess):
        return False
    if source.calendar == "every_day":
        return True
    return day.isoweekday() < _SATURDAY and not _IS_CLOSED[source.calendar](day)


def silent_days(source: SourceConfig, last_news: date, seen_until: date) -> list[date]:
    """The publishing days after the last news on which nothing came.

    `seen_until` is the day of the last look: it is not over, so it says nothing yet.
    """
    between = (last_news + timedelta(days) for days in range(1, (seen_until - last_news).days))
    return [day for day in between if is_publishing_day(source, day)]
