"""The Federal Register's own calendar: on which days an issue appears, and its number in the volume.

Does not belong here: anything about documents.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY = 0, 3
DAY = timedelta(1)


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """The days of a year on which Federal offices are closed by law, moved off weekends as they are observed."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    moving = [
        _nth(year, 1, MONDAY, 3),
        _nth(year, 2, MONDAY, 3),
        _last_monday_of_may(year),
        _nth(year, 9, MONDAY, 1),
        _nth(year, 10, MONDAY, 2),
        _nth(year, 11, THURSDAY, 4),
    ]
    return frozenset([*(_observed(day) for day in fixed), *moving])


def has_issue(day: date) -> bool:
    """Whether an issue appears: weekdays that are no holidays."""
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def issue_days(since: date, until: date) -> list[date]:
    """Every day with an issue, both ends included."""
    return [day for n in range((until - since).days + 1) if has_issue(day := since + n * DAY)]


@cache
def issue_number(day: date) -> int:
    """The number of the day's issue within its volume."""
    return len(issue_days(date(day.year, 1, 1), day))


def filing_day(day: date) -> date:
    """The working day before an issue, on which its documents were filed."""
    before = day - DAY
    while not has_issue(before):
        before -= DAY
    return before


def _observed(day: date) -> date:
    if day.weekday() == 5:
        return day - DAY
    return day + DAY if day.weekday() == 6 else day


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(last.weekday())
