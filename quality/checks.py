"""What a check and a suite are, and short names for the expectations that suites use most.

A check is a Great Expectations expectation in its own configuration form (type and arguments) with a sentence for
people. Nothing here imports Great Expectations, so the names of all checks are known without its slow import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from quality.vocabularies import UNSAFE_LINE, UNSAFE_TEXT

Border = Literal["raw", "edition"]
GxSeverity = Literal["critical", "warning"]

FIRST_FEDERAL_REGISTER = date(1936, 3, 14)
OLDEST_PUBLICATION = date(1936, 1, 1)
OLDEST_WEB_DATE = date(1990, 1, 1)
"""No source was on the web before; what claims so is a default value or a typing error."""
MAX_AHEAD = timedelta(days=31)
"""How far past the audit's day a publication may lie; each source's own, narrower bound is held when it is loaded."""
MAX_PLANNED = timedelta(days=20 * 366)
"""How far ahead a deadline or a day of effect is believable."""
MAX_AMOUNT = 100_000_000_000_000
MAX_TITLE_CHARS = 2_000
MAX_RAW_CHARS = 4_000

MEND_PARSER = "Read the sample rows' archived bytes, mend the source's parser, raise its version and replay the crawl."
_AT_THE_DESK = (
    " What the source itself has wrong is the parser's to set aside and a person's to state: aipolicy quarantine "
    "correct. What a person stated wrongly is taken back: aipolicy quarantine undo."
)
MEND_READ_TITLE = MEND_PARSER + _AT_THE_DESK
MEND_CRAWL = "Look at the crawl's ledger; mend the spider or the runtime, and crawl the window again."
MEND_LOAD = "Mend the load step, then load the landing files into a fresh warehouse."
MEND_ENRICH = "Mend the extractor, raise its version and run the enrichment again."
MEND_MODEL = "Select the sample's keys from this table, mend the dbt model that fills the column and transform again."
MEND_TITLE = MEND_MODEL + _AT_THE_DESK
ASK_SOURCE = (
    "Compare with the source's own page: what the source says so stays; what we misread is the parser's to mend."
)


@dataclass(frozen=True)
class Check:
    """One expectation on one table."""

    name: str
    expectation: str
    """The expectation's type, e.g. ``expect_column_values_to_not_be_null``."""
    kwargs: Mapping[str, object]
    sentence: str
    """What holds when the check passes."""
    what_to_do: str
    severity: GxSeverity = "critical"

    @property
    def column(self) -> str | None:
        """The audited column; two for a pair, None for the table as a whole."""
        names = [str(self.kwargs[name]) for name in ("column", "column_A", "column_B") if name in self.kwargs]
        return ", ".join(names) or None


@dataclass(frozen=True)
class Suite:
    """The expectations on one table: which columns are read, and what must hold of them."""

    name: str
    table: str
    border: Border
    key: tuple[str, ...]
    """Columns that name a row in samples."""
    query: str
    """Selects the key and the columns under audit, nothing else; long texts as flags or lengths."""
    build: Callable[[date], Sequence[Check]]
    """The checks as of a day; names do not depend on the day."""

    def check_ids(self) -> tuple[str, ...]:
        """The stable ids of this suite's checks."""
        return tuple(f"{self.name}.{check.name}" for check in self.build(OLDEST_WEB_DATE))


def day(column: str) -> str:
    """SQL for a date or instant (UTC) as a finite day: infinity, which Python cannot hold, becomes year 9999 or 1."""
    return (
        f"case when {column} is not null then greatest(least({column}::date, date '9999-12-31'), date '0001-01-01') end"
    )


def is_unsafe(column: str) -> str:
    """SQL for: does a long text hold control or invisible characters?"""
    return f"coalesce(regexp_matches({column}, '{UNSAFE_TEXT}'), false)"


def rows_present(sentence: str, what_to_do: str) -> Check:
    """At least one row; without it every other check of the suite would pass over nothing."""
    return Check("rows_present", "expect_table_row_count_to_be_between", {"min_value": 1}, sentence, what_to_do)


def present(column: str, sentence: str, what_to_do: str, *, name: str | None = None) -> Check:
    """No null."""
    return Check(
        name or f"{column}_present",
        "expect_column_values_to_not_be_null",
        {"column": column},
        sentence,
        what_to_do,
    )


def matches(
    column: str,
    pattern: str,
    sentence: str,
    what_to_do: str,
    *,
    name: str | None = None,
    severity: GxSeverity = "critical",
) -> Check:
    """Every value that is not null fits a pattern."""
    return Check(
        name or f"{column}_format",
        "expect_column_values_to_match_regex",
        {"column": column, "regex": pattern},
        sentence,
        what_to_do,
        severity,
    )


def safe_line(column: str, sentence: str, what_to_do: str) -> Check:
    """No control or invisible character in a text of one line."""
    return Check(
        f"{column}_without_control_characters",
        "expect_column_values_to_not_match_regex",
        {"column": column, "regex": UNSAFE_LINE},
        sentence,
        what_to_do,
    )


def known(
    column: str, words: Sequence[object], sentence: str, what_to_do: str, *, severity: GxSeverity = "critical"
) -> Check:
    """Every value that is not null is a word of a closed list."""
    return Check(
        f"{column}_known",
        "expect_column_values_to_be_in_set",
        {"column": column, "value_set": [str(word) if isinstance(word, str) else word for word in words]},
        sentence,
        what_to_do,
        severity,
    )


def no_flag(column: str, name: str, sentence: str, what_to_do: str) -> Check:
    """A flag worked out in the query is false in every row."""
    return Check(
        name, "expect_column_values_to_be_in_set", {"column": column, "value_set": [False]}, sentence, what_to_do
    )


def between(
    column: str,
    least: int | None,
    most: int | None,
    sentence: str,
    what_to_do: str,
    *,
    name: str | None = None,
    severity: GxSeverity = "critical",
) -> Check:
    """Every number that is not null lies between two bounds, both included."""
    return Check(
        name or f"{column}_in_range",
        "expect_column_values_to_be_between",
        {"column": column, "min_value": least, "max_value": most},
        sentence,
        what_to_do,
        severity,
    )


def days_between(
    column: str,
    first: date | None,
    last: date | None,
    sentence: str,
    what_to_do: str,
    *,
    name: str | None = None,
    severity: GxSeverity = "critical",
) -> Check:
    """Every day that is not null lies between two days, both included; the column is made by `day`."""
    return Check(
        name or f"{column}_plausible",
        "expect_column_values_to_be_between",
        {
            "column": column,
            "min_value": None if first is None else datetime.combine(first, time()),
            "max_value": None if last is None else datetime.combine(last, time()),
        },
        sentence,
        what_to_do,
        severity,
    )


def lengths_between(column: str, least: int, most: int, sentence: str, what_to_do: str) -> Check:
    """Every text that is not null has a length between two bounds, both included."""
    return Check(
        f"{column}_length",
        "expect_column_value_lengths_to_be_between",
        {"column": column, "min_value": least, "max_value": most},
        sentence,
        what_to_do,
    )


def low_not_above_high(what_to_do: str) -> Check:
    """The lower end of a range of money is not above its upper end."""
    return Check(
        "low_not_above_high",
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "high", "column_B": "low", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        "The lower amount of a range is not above the higher one.",
        what_to_do,
    )
