"""Ends of years, quarters and months as deadlines: "by the end of fiscal year 2026".

Belongs here: which day such a wording means, as far as it means one. Does not belong here: full dates (periods.py).
Where no day is told, as in "by 2030" or "by spring 2026", the deadline stands and its day is open.
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.enrich.periods import last_day
from pipelines.enrich.words import MONTHS

_LIMIT = r"(?:at\s+the\s+latest\s+by|by|(?:not|no)\s+later\s+than|on\s+or\s+before|before|prior\s+to)"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_QUARTER = rf"(?:(?P<ordinal>{'|'.join(_QUARTERS)})\s+quarter|Q(?P<number>[1-4]))"
_NAMED_YEAR = (
    r"(?:(?:(?P<kind>fiscal|calendar|financial)\s+year|(?P<fy>FY))\s*)?(?P<year>\d{4})"
    r"(?:(?:[-/\u2013]|\s+to\s+)(?P<second>\d{4}|\d{2})(?:\s+(?:fiscal|financial|academic)\s+year)?)?"
)
YEAR_END = re.compile(
    rf"\b{_LIMIT}\s+(?P<when>(?:the\s+)?(?P<edge>end|close|start|beginning)\s+of\s+(?:the\s+)?"
    rf"(?:{_QUARTER}\s+(?:of\s+)?|(?P<month>{'|'.join(MONTHS)}),?\s+(?:of\s+)?)?{_NAMED_YEAR}"
    r"|(?:fiscal|calendar)\s+year\s+\d{4}|(?:spring|summer|autumn|fall|winter)\s+(?:of\s+)?\d{4}"
    rf"|(?:(?:early|mid|late)-?\s?)?(?:(?:{'|'.join(MONTHS)})\s+)?20\d{{2}})(?![\d/-])",
    re.IGNORECASE,
)
_LAST_MONTHS = {"US": 9, "GB": 3, "CA": 3, "AU": 6}
"""Of the fiscal or financial year of a government."""


def read_year_end(match: re.Match[str], jurisdiction: str | None) -> date | None:
    """The day of a match of YEAR_END; None where it tells none.

    A fiscal year told by one number is that of the United States, whose states have others; one told by two, as in
    "2025 to 2026", needs a known jurisdiction.
    """
    if not match["edge"] or match["edge"].lower() not in ("end", "close"):
        return None
    year = int(match["year"])
    if match["month"]:
        return last_day(year, [month.lower() for month in MONTHS].index(match["month"].lower()) + 1)
    kind = "fiscal" if match["fy"] else (match["kind"] or "calendar").lower()
    if match["second"]:
        year, last = year + 1, _LAST_MONTHS.get(jurisdiction or "")
    elif kind == "calendar":
        last = 12
    else:
        last = _LAST_MONTHS["US"] if kind == "fiscal" and jurisdiction in ("US", None) else None
    if last is None:
        return None
    quarter = int(match["number"]) if match["number"] else _QUARTERS.get((match["ordinal"] or "last").lower(), 4)
    month = last - 3 * (4 - quarter)
    return last_day(year, month) if month > 0 else last_day(year - 1, month + 12)
