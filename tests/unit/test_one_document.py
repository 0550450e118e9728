"""One document is held against the same expectations as the raw tables, and as the audit holds them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from quality.checks import Check
from quality.one_document import holds
from quality.suites.raw_documents import SUITES

AS_OF = date(2026, 10, 10)
COLUMN = {"column": "it"}


@pytest.mark.parametrize("check", [check for suite in SUITES for check in suite.build(AS_OF)], ids=lambda one: one.name)
def test_every_expectation__is_known_here(check: Check) -> None:
    holds(check, dict.fromkeys((check.column or "").split(", ")))


@pytest.mark.parametrize(
    ("expectation", "said", "good", "bad"),
    [
        ("column_values_to_not_be_null", {}, "", None),
        ("column_values_to_match_regex", {"regex": "^a$"}, "a", "ab"),
        ("column_values_to_not_match_regex", {"regex": "b"}, "a", "ab"),
        ("column_values_to_be_in_set", {"value_set": ["a"]}, "a", "b"),
        ("column_values_to_be_between", {"min_value": 1, "max_value": None}, 1, 0),
        (
            "column_values_to_be_between",
            {"min_value": None, "max_value": datetime.fromisoformat("2026-01-01")},
            date(2026, 1, 1),
            date(2026, 1, 2),
        ),
        ("column_value_lengths_to_be_between", {"min_value": 1, "max_value": 2}, "ab", "abc"),
    ],
)
def test_an_expectation__can_fail(expectation: str, said: dict[str, object], good: object, bad: object) -> None:
    check = Check("it", f"expect_{expectation}", COLUMN | said, "", "")
    assert holds(check, {"it": good})
    assert not holds(check, {"it": bad})


def test_a_range__is_not_upside_down_and_a_stranger_is_refused() -> None:
    pair = Check(
        "it", "expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "high", "column_B": "low"}, "", ""
    )
    assert [holds(pair, {"low": low, "high": 2}) for low in (None, 2, 3)] == [True, True, False]
    with pytest.raises(ValueError, match="got expect_the_unexpected"):
        holds(Check("it", "expect_the_unexpected", COLUMN, "", ""), {"it": 1})
