"""What Great Expectations is not shown could only have passed: SQL doubts all that a check does not hold for."""

from __future__ import annotations

import math
from datetime import date, datetime

import duckdb
import pytest

from quality.checks import Check
from quality.narrowing import doubtful
from quality.one_document import holds
from quality.suites import SUITES

AS_OF = date(2026, 11, 23)
LINE = "ab-1:x"
AROUND = (
    "",
    " ",
    "\n",
    "\r",
    "\t",
    "\x0b",
    "\x1c",
    "\x1f",
    "\x7f",
    "\x85",
    "\xa0",
    "\u2003",
    "\u2028",
    "\ufeff",
    "é",
    "٣",
)
"""What regular expressions of one kind take for a blank, a digit, a letter or an end, and others may not."""
VALUES: dict[str, list[object]] = {
    "varchar": [
        None,
        *("a" * 64, "A" * 64, "us_bis/1", "USD", "en-GB", "EU", "Asia/Tokyo", "https://a.b/c", "ok", "P1Y; P2M"),
        *("us-eo-1", "20261123T174841123456Z-0a1b2c", "a/b.warc.gz", "listing", "GET", "proposed", "x" * 4_001, "'"),
        *(f"{before}{LINE}{after}" for before in AROUND for after in AROUND),
        *(f"us_bis/1{after}" for after in AROUND),
    ],
    "bigint": [None, -1, 0, 1, 2, 3, 99, 100, 599, 600, 4_000, 4_001, 10**14, 10**14 + 1],
    "double": [None, math.nan, math.inf, -math.inf, -0.5, 0.0, 0.5, 1e14, 1.1e14],
    "boolean": [None, False, True],
    "date": [
        None,
        *map(date.fromisoformat, ("0001-01-01", "1935-12-31", "1936-01-01", "1936-03-13", "1936-03-14", "1989-12-31")),
        *map(date.fromisoformat, ("1990-01-01", "2026-11-23", "2026-12-24", "2026-12-25", "2046-12-09", "9999-12-31")),
    ],
}  # fmt: skip
FORMS = {(check.expectation, str(check.kwargs)): check for suite in SUITES for check in suite.build(AS_OF)}


def kinds_of(check: Check) -> list[str]:
    """The types of columns that a check can be about."""
    if check.expectation == "expect_column_values_to_not_be_null":
        return list(VALUES)
    if check.expectation == "expect_column_values_to_be_between":
        bounds = [check.kwargs["min_value"], check.kwargs["max_value"]]
        return ["date"] if any(isinstance(bound, datetime) for bound in bounds) else ["bigint", "double"]
    if check.expectation == "expect_column_values_to_be_in_set":
        words = check.kwargs["value_set"]
        assert isinstance(words, list)
        return ["boolean" if words == [False] else "varchar" if isinstance(words[0], str) else "bigint"]
    return ["varchar"]


def doubted(check: Check, kind: str) -> list[bool]:
    """Of each value of a kind, whether it is doubted."""
    with duckdb.connect() as connection:
        connection.execute(f'create table held (place integer, "{check.column}" {kind})')
        connection.executemany("insert into held values (?, ?)", list(enumerate(VALUES[kind])))
        rows = connection.execute(f"select {doubtful([check])} from held order by place").fetchall()
    return [is_doubted for (is_doubted,) in rows]


@pytest.mark.parametrize("check", [one for one in FORMS.values() if "column" in one.kwargs], ids=lambda one: one.name)
def test_what_a_check_does_not_hold_for__is_doubted(check: Check) -> None:
    for kind in kinds_of(check):
        found = zip(VALUES[kind], doubted(check, kind), strict=True)
        # Great Expectations takes what is no number for missing.
        trusted = [value for value, is_doubted in found if not is_doubted and value == value]
        assert [value for value in trusted if not holds(check, {check.column or "": value})] == []


def test_sound_values__are_not_doubted() -> None:
    checks = {check.name: check for suite in SUITES for check in suite.build(AS_OF)}
    urls = doubted(checks["url_format"], "varchar")
    assert [value for value, is_doubted in zip(VALUES["varchar"], urls, strict=True) if not is_doubted] == [
        None,
        "https://a.b/c",
    ]


def test_pairs__are_doubted_where_the_lower_end_is_above() -> None:
    (check,) = [one for one in FORMS.values() if "column_A" in one.kwargs]
    with duckdb.connect() as connection:
        connection.execute(
            "create table held as from (values (1, 2), (2, 2), (3, 2), (null, 2), (3, null)) as r(low, high)"
        )
        assert connection.execute(f"select low, high from held where {doubtful([check])}").fetchall() == [(3, 2)]


def test_any_check_that_fails__makes_a_row_doubtful() -> None:
    first, second = (Check("it", "expect_column_values_to_not_be_null", {"column": name}, "", "") for name in "ab")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"from (values (1, 1), (1, null), (null, 1)) as r(a, b) where {doubtful([first, second])}"
        ).fetchall()
    assert rows == [(1, None), (None, 1)]


def test_a_stranger__is_refused() -> None:
    with pytest.raises(ValueError, match="got expect_the_unexpected"):
        doubtful([Check("it", "expect_the_unexpected", {"column": "it"}, "", "")])


def test_a_strange_option__is_refused() -> None:
    with pytest.raises(ValueError, match="got strict_min"):
        doubtful([Check("it", "expect_column_values_to_be_between", {"column": "it", "strict_min": True}, "", "")])
