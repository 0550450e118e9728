"""Published days in texts: which day the words name, and as what."""

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import MEND_MODEL, Check, Suite, known, matches, no_flag, present

_MEND_EXTRACTOR = "Read the quote in evidence; mend pipelines/enrich/dates.py and raise its version."


def text_date_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `text_dates`; a quiet window may hold none."""
    return (
        present("text_date_id", "Every day in a text has an id.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        known("role", words.TEXT_DATE_ROLES, "A day in a text is signed, effective, a close or mentioned.", MEND_MODEL),
        no_flag("is_turned", "first_not_after_last", "No span ends before it begins.", _MEND_EXTRACTOR),
        no_flag("is_half_open", "both_ends_or_none", "A span has both ends or stays open.", _MEND_EXTRACTOR),
        present("quote", "Every day keeps the words that name it.", _MEND_EXTRACTOR),
        present("evidence_id", "Every day points to its evidence.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_text_dates",
        table="text_dates",
        border="edition",
        key=("text_date_id",),
        query="""
            select
                text_date_id, document_id, role, quote, evidence_id,
                coalesce(first_date > last_date, false) as is_turned,
                (first_date is null) <> (last_date is null) as is_half_open
            from text_dates
        """,
        build=text_date_checks,
    ),
)
