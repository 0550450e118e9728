"""Dates with a role, and relative days, in sentences of our own."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pipelines.enrich.dates import MAY_DATE, MAY_STATE, find_dates, find_relative_dates

TODAY = date(2031, 11, 28)
"""A Friday."""


@pytest.mark.parametrize(
    ("text", "role", "day"),
    [
        ("Comments must be received by BIS no later than April 29, 2031.", "comment_close", date(2031, 4, 29)),
        ("The consultation closes on 3 May 2031.", "comment_close", date(2031, 5, 3)),
        ("This rule is effective on May 1, 2031.", "effective", date(2031, 5, 1)),
        ("It enters into force on 1 August 2031.", "effective", date(2031, 8, 1)),
        ("On January 23, 2031, the President signed it.", "signed", date(2031, 1, 23)),
        ("THE WHITE HOUSE,\n  October 30, 2031.", "signed", date(2031, 10, 30)),
    ],
)
def test_date__has_a_role_and_a_quote(text: str, role: str, day: date) -> None:
    (one,) = find_dates(text)
    assert (one.role, one.day) == (role, day)
    assert text[one.start : one.end] == one.quote
    assert re.search(MAY_DATE, text, re.IGNORECASE)
    assert re.search(MAY_STATE, text, re.IGNORECASE)


def test_contradicting_dates__are_all_kept_and_impossible_ones_are_none() -> None:
    text = "Effective May 1, 2031. It is effective May 2, 2031. Effective February 30, 2031. In May 2031 it rained."
    assert [one.day for one in find_dates(text)] == [date(2031, 5, 1), date(2031, 5, 2)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", date(2031, 11, 27), date(2031, 11, 27)),
        ("last Friday", date(2031, 11, 21), date(2031, 11, 21)),
        ("last Tuesday", date(2031, 11, 25), date(2031, 11, 25)),
        ("three days ago", date(2031, 11, 25), date(2031, 11, 25)),
        ("last March", date(2031, 3, 1), date(2031, 3, 31)),
        ("last month", date(2031, 10, 1), date(2031, 10, 31)),
        ("last year", date(2030, 1, 1), date(2030, 12, 31)),
        ("next week", date(2031, 12, 1), date(2031, 12, 7)),
        ("in November", date(2031, 11, 1), date(2031, 11, 30)),
        ("in March", None, None),
        ("on Tuesday", None, None),
    ],
)
def test_relative_day__is_resolved_where_one_span_can_be_meant(
    text: str, first: date | None, last: date | None
) -> None:
    (one,) = find_relative_dates(f"It happened {text}.", TODAY)
    assert (one.quote, one.first, one.last) == (text, first, last)
    (open_one,) = find_relative_dates(f"It happened {text}.", None)
    assert (open_one.first, open_one.last) == (None, None)
