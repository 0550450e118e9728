"""Days and instants as British sources write them, without a zone: civil time in London."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from scrapers.families.dates import iso_day

LONDON = ZoneInfo("Europe/London")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-5][0-9]:[0-5][0-9])(\.[0-9]{1,7})?")


def zoneless_day(value: object) -> date:
    """The day of a time without a zone, such as "2021-01-12T00:00:00", which is how a day is often written.

    Raises ValueError on anything else, also within an hour of midnight, where another zone may have another day.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None or not (match[2] == "00:00:00" or "01:00:00" <= match[2] < "23:00:00"):
        raise ValueError(f"expected a time of a certain day such as '2021-01-12T00:00:00', got {str(value)[:40]!r}")
    return iso_day(match[1])


def start_of_day(day: date) -> datetime:
    """The UTC instant at which a day begins in London."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
