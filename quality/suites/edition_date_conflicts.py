"""Published conflicts of official dates: which source says what, with evidence of both."""

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import MEND_MODEL, Check, Suite, matches, no_flag, present


def conflict_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `date_conflicts`; an edition may hold none."""
    return (
        present("conflict_id", "Every conflict has an id.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        no_flag("agrees", "disagreement_real", "The two dates of a conflict differ.", MEND_MODEL),
        present("leading_evidence_id", "The leading date points to its evidence.", MEND_MODEL),
        present("other_evidence_id", "The other date points to its evidence.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_date_conflicts",
        table="date_conflicts",
        border="edition",
        key=("conflict_id",),
        query="""
            select
                conflict_id, document_id, leading_evidence_id, other_evidence_id,
                coalesce(leading_date = other_date, true) as agrees
            from date_conflicts
        """,
        build=conflict_checks,
    ),
)
