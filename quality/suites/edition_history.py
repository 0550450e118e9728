"""Published history: what was stated once and is no longer, and texts before and after a change."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import MEND_MODEL, Check, Suite, day, known, matches, no_flag, present


def _time_checks() -> tuple[Check, ...]:
    """What holds of everything that was known for a time."""
    return (
        present("known_from", "What was stated once says since when it was known.", MEND_MODEL),
        present("known_until", "What is stated no longer says until when it was known.", MEND_MODEL),
        no_flag("is_turned", "known_from_not_after_until", "Nothing was known until before it was known.", MEND_MODEL),
        present("evidence_id", "Every statement points to its evidence.", MEND_MODEL),
    )


def event_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `policy_event_history`; it holds nothing as long as no date was moved."""
    return (
        present("event_id", "Every event has an id.", MEND_MODEL),
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        known("event", words.EVENTS, "Events are words of the vocabulary.", MEND_MODEL),
        present("event_date", "Every event has a day.", MEND_MODEL),
        *_time_checks(),
    )


def relation_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `policy_relation_history`; it holds nothing as long as no edge was taken back."""
    return (
        present("relation_id", "Every relation has an id.", MEND_MODEL),
        known("relation", words.RELATIONS, "Relations are words of the vocabulary.", MEND_MODEL),
        matches("from_identifier", words.IDENTIFIER, "What acts is named by a scheme and a value.", MEND_MODEL),
        matches("to_identifier", words.IDENTIFIER, "What is acted upon is named by a scheme and a value.", MEND_MODEL),
        known("confidence", words.CONFIDENCES, "Confidence is official, stated or inferred.", MEND_MODEL),
        *_time_checks(),
    )


def text_change_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `text_changes`; it holds nothing as long as no text changed."""
    return (
        present("version_id", "Every change belongs to a version.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("field", "Every change names its field.", MEND_MODEL),
        no_flag("is_no_change", "texts_differ", "The text after a change is another than before.", MEND_MODEL),
    )


_TIME = f"""
    {day("known_from")} as known_from, {day("known_until")} as known_until,
    coalesce(known_from > known_until, false) as is_turned, evidence_id
"""

SUITES = (
    Suite(
        name="edition_event_history",
        table="policy_event_history",
        border="edition",
        key=("event_id",),
        query=f"""
            select event_id, policy_id, document_id, event, {day("event_date")} as event_date, {_TIME}
            from policy_event_history
        """,
        build=event_checks,
    ),
    Suite(
        name="edition_relation_history",
        table="policy_relation_history",
        border="edition",
        key=("relation_id",),
        query=f"""
            select relation_id, relation, from_identifier, to_identifier, confidence, {_TIME}
            from policy_relation_history
        """,
        build=relation_checks,
    ),
    Suite(
        name="edition_text_changes",
        table="text_changes",
        border="edition",
        key=("version_id",),
        query="""
            select version_id, document_id, field, before is not distinct from after as is_no_change from text_changes
        """,
        build=text_change_checks,
    ),
)
