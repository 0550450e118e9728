"""Days that a text states: signed, effective, closing for comment; and the relative days of press texts.

Belongs here: the wordings beside a full date, each with its quote, and relative days ("last Tuesday", "in March")
resolved against the day of the text where only one day or span can be meant. Does not belong here: official date
fields, choosing between dates that contradict each other (all are kept), deadlines of duties (see obligations).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.enrich.tame import tame
from pipelines.enrich.words import MONTHS

EXTRACTOR_VERSION = "dates/1"
MAX_QUOTE_CHARS = 400

MAY_DATE = (
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|yesterday|today|tomorrow)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:last|next|this) (?:week|month|year)\b|\b(?:19|20)\d\d\b"
)
"""Regular expression, case ignored, that every text matches in which anything can be found; sifts cheaply."""

MAY_STATE = (
    r"comment|consultation|effect|into force|applicable|appl(?:y|ies) from|commencement|signed|approved|adopted|issued"
    r"|enacted|done at|given under|white house"
)
"""Regular expression, case ignored, that every text matches too in which a date has a role; relative days have none."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}})"
)
_LINK = (
    r"(?:\s+(?:on|by|at|is|as\s+of|from|until|through|of|midnight|11:59\s*p\.?m\.?|[A-Z]{2,3}T?"
    r"|Eastern|Time|the|or|before|no|not|later|than|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?)"
    r"|[:,])*\s+"
)

_ROLES = (
    (
        "comment_close",
        re.compile(
            rf"\bcomments?\b[^.;]{{0,160}}?\b(?:received|submitted|due|close[sd]?|end[s]?|accepted|filed"
            rf"|postmarked|extended|deadline|until|by|before)\b{_LINK}(?P<day>{_DAY})"
            rf"|\bcomment\s+(?:period|deadline)\b[^.;]{{0,120}}?(?P<day2>{_DAY})"
            rf"|\bconsultation\b[^.;]{{0,60}}?\b(?:closes?|ends?|runs\s+until)\b{_LINK}(?P<day3>{_DAY})",
            re.IGNORECASE,
        ),
    ),
    (
        "effective",
        re.compile(
            rf"\b(?:effective(?:\s+date)?|(?:takes?|took|taking|take)\s+effect|(?:comes?|came|coming)\s+into\s+(?:f"
            rf"orce|effect)|(?:enters?|entered|entry)\s+into\s+force|applicable|shall\s+apply|applies\s+from"
            rf"|commencement)\b{_LINK}(?P<day>{_DAY})",
            re.IGNORECASE,
        ),
    ),
    (
        "signed",
        re.compile(
            rf"\b(?:signed|approved|adopted|issued|enacted|done\s+at\s+[A-Z]\w+|given\s+under\s+my\s+hand)\b(?:\s+("
            rf"?:into\s+law|this|in\s+[A-Z]\w+))?{_LINK}(?P<day>{_DAY})"
            rf"|THE\s+WHITE\s+HOUSE,?\s+(?P<day2>{_DAY})",
            re.IGNORECASE,
        ),
    ),
)
_ON_SIGNED = re.compile(
    rf"\b[Oo]n\s+(?P<day>{_DAY}),?\s+(?:(?:the\s+)?[A-Z][\w.]+\s+){{0,4}}(?:signed|approved|adopted|enacted)\b"
)

_RELATIVE = re.compile(
    rf"\b(?:(?P<plain>yesterday|today|tomorrow)|(?P<which>last|next|this|on)\s+(?P<weekday>{'|'.join(_WEEKDAYS)})"
    rf"|(?P<whole>last|next|this)\s+(?P<unit>week|month|year)"
    rf"|(?P<when>in|last|next|this|since)\s+(?:(?:early|mid|late)[\s-]+)?(?P<month>{_MONTH})\b(?!\s+\d"
    rf"|,?\s+(?:19|20)\d\d)"
    r"|(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<ago_unit>days?|weeks?)\s+ago)\b",
    re.IGNORECASE,
)
_COUNTS = {
    name: number
    for number, name in enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 2)
}


@dataclass(frozen=True)
class StatedDate:
    """One day that a text gives a role to; ``quote`` is ``text[start:end]``."""

    role: str
    """signed, effective or comment_close."""
    day: date
    """Civil day of the source."""
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class RelativeDate:
    """A relative day and the span of days that it can mean; both ends None where that stays open."""

    first: date | None
    last: date | None
    """Equal to ``first`` where one day is meant."""
    start: int
    end: int
    quote: str


def find_dates(text: str) -> list[StatedDate]:
    """Every date to which the text gives a role, in its order; contradicting ones are all given."""
    text = tame(text)
    found = {(one.role, one.day): one for one in reversed(list(_stated(text)))}
    return sorted(found.values(), key=lambda one: (one.start, one.role))


def find_relative_dates(text: str, reference: date | None) -> list[RelativeDate]:
    """Relative days against the day the text was published; without one, and where two years are as likely, open."""
    return [_resolved(match, reference) for match in _RELATIVE.finditer(tame(text))]


def _stated(text: str) -> Iterator[StatedDate]:
    for role, pattern in (*_ROLES, ("signed", _ON_SIGNED)):
        for match in pattern.finditer(text):
            said = next(value for name, value in match.groupdict().items() if name.startswith("day") and value)
            day = read_day(said)
            if day:
                start = max(match.start(), match.end() - MAX_QUOTE_CHARS)
                yield StatedDate(role, day, start, match.end(), text[start : match.end()])


def read_day(text: str) -> date | None:
    """A full date in American, British or ISO order; None for days no calendar has, and for what is no full date."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    name = re.search(_MONTH, text, re.IGNORECASE)
    if len(numbers) != (2 if name else 3):
        return None
    year, month, day = (numbers[1], MONTHS.index(name[0].title()) + 1, numbers[0]) if name else numbers
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _resolved(match: re.Match[str], reference: date | None) -> RelativeDate:
    first, last = _span(match, reference) if reference else (None, None)
    return RelativeDate(first, last, match.start(), match.end(), match[0])


def _span(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    if match["plain"]:
        day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[match["plain"].lower()])
        return day, day
    if match["count"]:
        return _ago(match["count"].lower(), match["ago_unit"], today)
    if match["weekday"]:
        return _weekday(match["which"].lower(), match["weekday"].title(), today)
    if match["month"]:
        return _month(match["when"].lower(), match["month"].title(), today)
    return _whole(match["whole"].lower(), match["unit"].lower(), today)


def _ago(count: str, unit: str, today: date) -> tuple[date, date]:
    number = int(count) if count.isdigit() else _COUNTS[count]
    if unit.startswith("day"):
        day = today - timedelta(days=number)
        return day, day
    day = today - timedelta(weeks=number)
    return day - timedelta(days=3), day + timedelta(days=3)


def _weekday(which: str, name: str, today: date) -> tuple[date | None, date | None]:
    """Only "last Tuesday" names one day, of the seven before; "on" and "next" could be in either week."""
    if which != "last":
        return None, None
    back = (today.weekday() - _WEEKDAYS.index(name)) % 7 or 7
    day = today - timedelta(days=back)
    return day, day


def _month(when: str, name: str, today: date) -> tuple[date | None, date | None]:
    """Only "last March" names its year; "in March" could be past or to come, but for the month that is running."""
    number = MONTHS.index(name) + 1
    if when == "last":
        year = today.year if number < today.month else today.year - 1
    elif number == today.month and when in ("in", "this"):
        year = today.year
    else:
        return None, None
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def _whole(which: str, unit: str, today: date) -> tuple[date, date]:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    months = today.year * 12 + today.month - 1 + step
    year, month = divmod(months, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])
