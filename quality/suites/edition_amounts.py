"""Published amounts, and the funding among them."""

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    MAX_AMOUNT,
    MEND_MODEL,
    Check,
    Suite,
    between,
    known,
    low_not_above_high,
    matches,
    present,
)


def amount_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `amounts`; a quiet window may hold none."""
    return (
        present("amount_id", "Every amount has an id.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("kind", "Every amount says what kind of money it is.", MEND_MODEL),
        known("kind", words.AMOUNT_KINDS, "Kinds of amounts are words of the vocabulary.", MEND_MODEL),
        matches("currency", words.CURRENCY, "Currencies are three capital letters (ISO 4217).", MEND_MODEL),
        low_not_above_high(MEND_MODEL),
        between(
            "size",
            0,
            MAX_AMOUNT,
            "No amount is above a hundred trillion: such a number is an identifier.",
            ASK_SOURCE,
            name="size_plausible",
            severity="warning",
        ),
        present("raw_text", "Every amount keeps the source's own text.", MEND_MODEL),
        present("evidence_id", "Every amount points to its evidence.", MEND_MODEL),
    )


def funding_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `funding`."""
    return (
        present("kind", "Every sum says what kind of money it is.", MEND_MODEL),
        known(
            "kind", words.MONEY_KINDS, "Funding holds money only: no penalties, thresholds or estimates.", MEND_MODEL
        ),
        present("evidence_id", "Every sum points to its evidence.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_amounts",
        table="amounts",
        border="edition",
        key=("amount_id",),
        query="""
            select
                amount_id, document_id, kind, low, high, greatest(abs(low), abs(high)) as size, currency, raw_text,
                evidence_id
            from amounts
        """,
        build=amount_checks,
    ),
    Suite(
        name="edition_funding",
        table="funding",
        border="edition",
        key=("amount_id",),
        query="select amount_id, kind, evidence_id from funding",
        build=funding_checks,
    ),
)
