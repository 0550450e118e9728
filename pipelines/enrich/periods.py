"""Lengths of time and days of the calendar as texts about duties write them.

Belongs here: "thirty (30) calendar days" as a period, "September 30, 2026" as a day. Does not belong here: what a
period runs from (anchors.py), what is due within it (deadlines.py).
"""

from __future__ import annotations

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from pipelines.enrich.words import MONTHS, TENS, UNDER_TWENTY

_WORDS = {word: number for number, word in enumerate(UNDER_TWENTY)} | TENS | {"a": 1, "an": 1}
_WORD_NUMBER = (
    rf"(?:(?:one\s+hundred(?:\s+and)?\s+)?(?:(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(UNDER_TWENTY[1:10])}))?"
    rf"|{'|'.join(reversed(UNDER_TWENTY[1:]))})|one\s+hundred)"
)
NUMBER = rf"(?:\d{{1,4}}|{_WORD_NUMBER}(?:\s*\(\d{{1,4}}\))?)"
UNIT = r"(?:(?:calendar|business|working|consecutive)[\s-]+)?(?:days?|weeks?|fortnights?|months?|years?|hours?|dates?)"
SPAN = rf"(?P<number>{NUMBER})[\s-]+(?P<unit>{UNIT})(?:['\u2019]s?)?(?:[\s-]+period)?\b"
DAY = (
    rf"(?:(?:{'|'.join(MONTHS)})\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\s+\d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}})"
)


def read_period(number: str, unit: str) -> tuple[str, relativedelta | None]:
    """ISO 8601 duration and the step on the calendar; no step for hours and business days."""
    count, kind = _count(number), unit.lower().split()[-1].split("-")[-1].rstrip("s")
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
    is_business = bool(re.match(r"business|working", unit, re.IGNORECASE))
    return f"P{count}D", None if is_business else relativedelta(days=count)


def _count(number: str) -> int:
    if digits := re.search(r"\d+", number):
        return int(digits[0])
    words = re.findall(r"[a-z]+", number.lower())
    return sum(
        100 if word == "hundred" else 0 if word in ("and",) else _WORDS[word]
        for word in words
        if not (word == "one" and "hundred" in words)
    )


def read_day(text: str) -> date | None:
    """A full date; None for days no calendar has."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "-" in text:
        year, month, day = numbers
    else:
        name = re.search(r"[A-Za-z]+", text)
        month = [one.lower() for one in MONTHS].index(name[0].lower()) + 1 if name else 0
        day, year = numbers
    try:
        return date(year, month, day)
    except ValueError:
        return None
