"""Days and instants as sources write them; what names no certain day or instant is never guessed.

Does not belong here: which field holds which date.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONG_DAY = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+)?"
    rf"(?P<month>{'|'.join(MONTHS)})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
"""A day in English, e.g. "Friday, April 15, 2016", also in capitals."""
US_DAY = re.compile(
    rf"(?:\b(?:(?:{'|'.join(day[:3] for day in WEEKDAYS)})[a-z]*\.?,?\s+)?"
    rf"(?P<month>{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in MONTHS)}|Sept)\.?\s+"
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})\b)"
    rf"|(?<![0-9/])(?P<first>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?"
    rf"(?P<then>{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in MONTHS)}|Sept)\.?,?\s+(?P<last>[0-9]{{4}})\b"
    r"|(?<![0-9/])(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})(?![0-9/])"
    r"|(?<![0-9-])(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9-])",
    re.IGNORECASE,
)
"""A day as American pages write it: "May 13, 2025", "Oct. 1, 2026", "10/02/2026", "2026-10-02", and as the military
does: "13 May 2025".
"""

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OFFSETS = {"EDT": "-0400", "EST": "-0500"}
_EASTERN = re.compile(
    r"(?P<day>[A-Z][a-z]{2} \d{1,2}, \d{4})(?: (?P<time>\d{1,2}:\d{2}:\d{2} [AP]M)(?: (?P<zone>[A-Z]{2,5}))?)?"
)
_NUMERIC_DAYS = (
    (re.compile(r"(\d{4}-\d{2}-\d{2})(?:-\d{2}-\d{2}-\d{2})?"), "%Y-%m-%d"),
    (re.compile(r"(\d{2}/\d{2}/\d{4})"), "%m/%d/%Y"),
)


def long_day(match: re.Match[str] | None) -> date | None:
    """The day that `LONG_DAY` found; None for no match and for days of no calendar."""
    return match and calendar_day(int(match["year"]), MONTHS.index(match["month"].capitalize()) + 1, int(match["day"]))


def us_day(match: re.Match[str] | None) -> date | None:
    """The day that `US_DAY` found; None for no match and for days of no calendar."""
    if match is None:
        return None
    if match["iso"]:
        return calendar_day(*map(int, match["iso"].split("-")))
    if match["m"]:
        return calendar_day(int(match["y"]), int(match["m"]), int(match["d"]))
    named, day, year = match.group("month", "day", "year") if match["month"] else match.group("then", "first", "last")
    month = [name[:3] for name in MONTHS].index(named[:3].capitalize()) + 1
    return calendar_day(int(year), month, int(day))


def calendar_day(year: int, month: int, day: int) -> date | None:
    """A day of the calendar; None when there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def iso_day(value: object) -> date:
    """The day of "2026-06-10".

    Raises ValueError on anything else, also on other forms that ISO 8601 allows.
    """
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError(f"expected a day such as '2026-06-10', got {str(value)[:40]!r}")


def us_eastern_day(text: str) -> date:
    """The civil day of "Jun 10, 2026 11:41:58 AM EDT" (time and zone may be missing), "2026-06-10-00-00-00",
    "2026-06-10" or "06/10/2026".

    Raises ValueError on anything else, also on a time zone other than EDT and EST.
    """
    if (match := _EASTERN.fullmatch(text)) and match["zone"] in (None, *_OFFSETS):
        return _civil_day(match["day"], "%b %d, %Y")
    for pattern, form in _NUMERIC_DAYS:
        if match := pattern.fullmatch(text):
            return _civil_day(match[1], form)
    raise ValueError(f"expected a date such as 'Jun 10, 2026', '2026-06-10-00-00-00' or '06/10/2026', got {text!r}")


def us_eastern_instant(text: str) -> datetime:
    """The UTC instant of a time such as "Jun 10, 2026 11:41:58 AM EDT".

    Raises ValueError without a time, or without EDT or EST.
    """
    match = _EASTERN.fullmatch(text)
    if match is None or match["zone"] not in _OFFSETS:
        raise ValueError(f"expected a time such as 'Jun 10, 2026 11:41:58 AM EDT', got {text!r}")
    written = f"{match['day']} {match['time']} {_OFFSETS[match['zone']]}"
    return datetime.strptime(written, "%b %d, %Y %I:%M:%S %p %z").astimezone(UTC)


def _civil_day(text: str, form: str) -> date:
    return datetime.strptime(text, form).replace(tzinfo=UTC).date()


def iso_instant(text: str) -> datetime:
    """The UTC instant of an ISO 8601 time with its offset, also as Ruby writes it: "2014-10-08 16:40:33 +0000".

    Raises ValueError or OverflowError when it names no certain instant.
    """
    moment = datetime.fromisoformat(text.replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))
    if moment.tzinfo is None:
        raise ValueError(f"expected an instant with an offset, got {text!r}")
    return moment.astimezone(UTC)
