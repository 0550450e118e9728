"""Lengths of time and days of the calendar as texts about duties write them.

Belongs here: "thirty (30) calendar days" as a period, "September 30, 2026" as a day. Does not belong here: what a
period runs from (anchors.py), what is due within it (deadlines.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from dateutil.relativedelta import relativedelta

from pipelines.enrich.words import MONTHS, ORDINALS, TENS, UNDER_TWENTY

_MONTH_NUMBERS = {month[:3].lower(): number for number, month in enumerate(MONTHS, start=1)}
_WORDS = {word: number for number, word in enumerate(UNDER_TWENTY)} | TENS | {"a": 1, "an": 1}
_WORD_NUMBER = (
    rf"(?:(?:one\s+hundred(?:\s+and)?\s+)?(?:(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(UNDER_TWENTY[1:10])}))?"
    rf"|{'|'.join(reversed(UNDER_TWENTY[1:]))})|one\s+hundred)"
)
NUMBER = rf"(?:\d{{1,4}}(?:st|nd|rd|th)?|{_WORD_NUMBER})(?:\s*\(\d{{1,4}}\))?"
_OPEN_DAYS = "business|working|sitting|legislative|session|trading|banking|court|school"
UNIT = (
    rf"(?:(?:calendar|consecutive|clear|full|{_OPEN_DAYS})[\s-]+)?"
    r"(?:days?|weeks?|fortnights?|months?|years?|hours?|dates?)"
)
SPAN = rf"(?P<number>{NUMBER})[\s-]+(?P<unit>{UNIT})(?:['\u2019]s?)?(?:[\s-]+period)?\b"
CLOCK_ZONE = (
    r"(?:[A-Z]{1,3}(?:[SD]?T|TC)\b(?:[+-]\d{1,2})?|(?:[A-Za-z][\w.-]*\s+){1,3}?[Tt]ime\b(?:\s+\([A-Z]{2,5}\))?)"
)
"""Whose time a clock shows, as written: "EST", "Eastern Daylight Time", "local time"."""
CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d\d){0,2}\s*[ap]\.?\s?m\b\.?|\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:hours|hrs|h))?|noon|midnight)"
    rf"(?:,?\s*(?:\((?-i:{CLOCK_ZONE})\)|(?-i:{CLOCK_ZONE})))?"
)
"""A time of day before the day itself: "5:00 p.m. local time"."""
_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_ORDINAL = "|".join(sorted(ORDINALS, reverse=True))
_ORDINAL_DAY = rf"(?:{_ORDINAL}|last)\s+day\s+(?:of|in)"
DAY_OF_MONTH = (
    rf"(?:{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?|(?:{_ORDINAL})\b)"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?|{_ORDINAL_DAY})\s+{_MONTH})"
)
DAY_OF_PERIOD = rf"(?:\d{{1,2}}(?:st|nd|rd|th)\s+day\s+(?:of|in)|{_ORDINAL_DAY})"
"""Of a month, quarter or year that is told behind it."""
DAY = rf"(?:{DAY_OF_MONTH},?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{4}})\b"


def read_period(number: str, unit: str) -> tuple[str, relativedelta | None]:
    """ISO 8601 duration and the step on the calendar; no step for hours and for days on which somebody is open."""
    count, kind = read_count(number), unit.lower().split()[-1].split("-")[-1].rstrip("s")
    if kind == "hour":
        return f"PT{count}H", None
    if kind == "fortnight":
        return f"P{2 * count}W", relativedelta(weeks=2 * count)
    if kind == "week":
        return f"P{count}W", relativedelta(weeks=count)
    if kind == "month":
        return f"P{count}M", relativedelta(months=count)
    if kind == "year":
        return f"P{count}Y", relativedelta(years=count)
    is_business = bool(re.match(_OPEN_DAYS, unit, re.IGNORECASE))
    return f"P{count}D", None if is_business else relativedelta(days=count)


def read_count(number: str) -> int:
    """A number in digits or words: "thirty (30)"."""
    if digits := re.search(r"\d+", number):
        return int(digits[0])
    words = re.findall(r"[a-z]+", number.lower())
    return sum(
        100 if word == "hundred" else 0 if word in ("and",) else _WORDS[word]
        for word in words
        if not (word == "one" and "hundred" in words)
    )


def read_day(text: str) -> date | None:
    """A full date; None for days no calendar has, and for "12/01/2026", which is one day here and another there."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if re.match(r"\d{4}-", text):
        year, month, day = numbers
    elif "/" in text:
        first, second, year = numbers
        month, day = (first, second) if second > 12 else (second, first)
        if first <= 12 and second <= 12 and first != second:
            return None
    else:
        name = re.search(_MONTH, text, re.IGNORECASE)
        month, year = _MONTH_NUMBERS[name[0][:3].lower()] if name else 0, numbers[-1]
        day = numbers[0] if len(numbers) > 1 else _ordinal_day(text, year, month)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ordinal_day(text: str, year: int, month: int) -> int:
    word = re.search(rf"\b(?:{_ORDINAL})\b", text, re.IGNORECASE)
    return ORDINALS.index(word[0].lower()) + 1 if word else monthrange(year, month)[1]


def last_day(year: int, month: int) -> date:
    """The day on which a month ends."""
    return date(year, month, monthrange(year, month)[1])
