"""Records that could not be read: each keeps its reason and its raw text."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_RAW_CHARS,
    MEND_LOAD,
    MEND_PARSER,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    lengths_between,
    matches,
)


def quarantine_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.quarantine`; it may well be empty."""
    return (
        matches("error", words.ERROR_NAME, "Every quarantined record names its error.", MEND_PARSER),
        lengths_between("message", 1, MAX_RAW_CHARS, "Every quarantined record says what was expected.", MEND_PARSER),
        between("raw_chars", 0, MAX_RAW_CHARS, "Raw texts are cut at 4,000 characters.", MEND_PARSER),
        days_between(
            "quarantined_at", OLDEST_WEB_DATE, None, "No record was quarantined before 1990: the clock ran.", MEND_LOAD
        ),
    )


SUITES = (
    Suite(
        name="raw_quarantine",
        table="raw.quarantine",
        border="raw",
        key=("quarantine_id",),
        query=f"""
            select
                quarantine_id, error, message, length(raw_text) as raw_chars,
                {day("quarantined_at")} as quarantined_at
            from raw.quarantine
        """,
        build=quarantine_checks,
    ),
)
