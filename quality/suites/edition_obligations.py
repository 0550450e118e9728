"""Published duties: who must do what by when."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_PLANNED,
    MEND_MODEL,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    day,
    days_between,
    lengths_between,
    matches,
    no_flag,
    present,
)

_MEND_EXTRACTOR = "Read the quote in evidence; mend pipelines/enrich/obligations.py and raise its version."


def obligation_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `obligations`; a quiet window may hold none."""
    return (
        present("obligation_id", "Every duty has an id.", MEND_MODEL),
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("action", "Every duty says what must be done.", _MEND_EXTRACTOR),
        lengths_between("actor", 1, 1_000, "Who must act is named in 1 to 1,000 characters.", _MEND_EXTRACTOR),
        matches("period", words.PERIODS, "Periods are ISO 8601 durations.", _MEND_EXTRACTOR),
        days_between(
            "due_date",
            OLDEST_PUBLICATION,
            as_of + MAX_PLANNED,
            "Duties fall due between 1936 and twenty years after the edition's day.",
            _MEND_EXTRACTOR,
        ),
        no_flag("lacks_time", "time_present", "Every duty has a day, a period or a rhythm.", _MEND_EXTRACTOR),
        present("quote", "Every duty keeps the words that state it.", _MEND_EXTRACTOR),
        present("evidence_id", "Every duty points to its evidence.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_obligations",
        table="obligations",
        border="edition",
        key=("obligation_id",),
        query=f"""
            select
                obligation_id, policy_id, document_id, actor, action, period, {day("due_date")} as due_date, quote,
                evidence_id, due_date is null and period is null and recurrence is null as lacks_time
            from obligations
        """,
        build=obligation_checks,
    ),
)
