"""Decisions about quarantined rows, as loaded: each says who, why and what came of it."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import MEND_LOAD, OLDEST_WEB_DATE, Check, Suite, day, days_between, known, matches, safe_line


def override_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.overrides`; it may well be empty."""
    return (
        matches("override_id", words.OVERRIDE_ID, "A decision is named by the hash of what it says.", MEND_LOAD),
        known("verdict", words.VERDICTS, "A verdict is accept, correct, reject or undo.", MEND_LOAD),
        known("state", words.OVERRIDE_STATES, "What came of a decision is a word of the contract.", MEND_LOAD),
        safe_line("author", "No control or invisible character is left in an author's name.", MEND_LOAD),
        safe_line("reason", "No control or invisible character is left in a reason.", MEND_LOAD),
        days_between("decided_at", OLDEST_WEB_DATE, None, "Nothing was decided before 1990: the clock ran.", MEND_LOAD),
    )


SUITES = (
    Suite(
        name="raw_overrides",
        table="raw.overrides",
        border="raw",
        key=("override_id",),
        query=f"""
            select override_id, verdict, state, author, reason, {day("decided_at")} as decided_at
            from raw.overrides
        """,
        build=override_checks,
    ),
)
