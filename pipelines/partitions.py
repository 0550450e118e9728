"""Partitions: days for crawling, ISO weeks for digests."""

from __future__ import annotations

from datetime import date, timedelta

import dagster as dg

FIRST_DAY = "2015-01-01"
FIRST_MONDAY = "2015-01-05"

crawl_days = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, end_offset=1)
"""Publication days. Today is a partition from its first hour on, since sources publish during the day."""

digest_weeks = dg.WeeklyPartitionsDefinition(start_date=FIRST_MONDAY, day_offset=1, end_offset=1)
"""Weeks named by their Monday."""


def iso_week(monday: str) -> str:
    """The ISO week of a digest partition, e.g. 2026-W40."""
    year, week, _ = date.fromisoformat(monday).isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> str:
    """The digest partition of an ISO week.

    Raises ValueError for anything but YYYY-Www.
    """
    year, separator, number = week.partition("-W")
    if not separator:
        raise ValueError(f"expected an ISO week such as 2026-W40, got {week!r}")
    return date.fromisocalendar(int(year), int(number), 1).isoformat()


def last_complete_week(day: date) -> str:
    """The ISO week that ended last before a day."""
    year, week, _ = (day - timedelta(days=day.isoweekday())).isocalendar()
    return f"{year}-W{week:02d}"
