"""Published events of policies and relations between them."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    MAX_AHEAD,
    MAX_PLANNED,
    MEND_MODEL,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    day,
    days_between,
    known,
    matches,
    present,
)


def event_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `policy_events`."""
    return (
        present("event_id", "Every event has an id.", MEND_MODEL),
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        matches("by_policy_id", words.POLICY_ID, "An acting policy's id is a place, a kind and a number.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("event", "Every event says what happened.", MEND_MODEL),
        known(
            "event",
            words.EVENTS,
            "Events are known words.",
            "Add the word to quality/vocabularies if the model means it, or mend the model.",
            severity="warning",
        ),
        present("event_date", "Every event has a day.", MEND_MODEL),
        days_between(
            "past_event_date",
            None,
            as_of + MAX_AHEAD,
            "What is reported as done is not dated long after the edition's day.",
            MEND_MODEL,
        ),
        days_between(
            "event_date",
            OLDEST_PUBLICATION,
            None,
            "No event is dated before 1936.",
            ASK_SOURCE,
            name="event_date_not_before_1936",
            severity="warning",
        ),
        days_between(
            "planned_event_date",
            None,
            as_of + MAX_PLANNED,
            "Announced events lie at most twenty years ahead.",
            ASK_SOURCE,
            severity="warning",
        ),
        present("source_field", "Every event names the field that states it.", MEND_MODEL),
        present("known_from", "Every event says since when it is known.", MEND_MODEL),
        present("evidence_id", "Every event points to its evidence.", MEND_MODEL),
    )


def relation_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `policy_relations`."""
    return (
        present("relation_id", "Every relation has an id.", MEND_MODEL),
        present("relation", "Every relation says what it does.", MEND_MODEL),
        known("relation", words.RELATIONS, "Relations are words of the vocabulary.", MEND_MODEL),
        present("from_identifier", "Every relation names what acts.", MEND_MODEL),
        matches("from_identifier", words.IDENTIFIER, "What acts is named by a scheme and a value.", MEND_MODEL),
        present("to_identifier", "Every relation names what is acted upon.", MEND_MODEL),
        matches("to_identifier", words.IDENTIFIER, "What is acted upon is named by a scheme and a value.", MEND_MODEL),
        matches(
            "from_policy_id", words.POLICY_ID, "An acting policy's id is a place, a kind and a number.", MEND_MODEL
        ),
        matches("to_policy_id", words.POLICY_ID, "A target policy's id is a place, a kind and a number.", MEND_MODEL),
        present("confidence", "Every relation says how sure it is.", MEND_MODEL),
        known("confidence", words.CONFIDENCES, "Confidence is official, stated or inferred.", MEND_MODEL),
        present("is_partial", "Every relation says whether it touches the whole.", MEND_MODEL),
        present("quote", "Every relation quotes its source.", MEND_MODEL),
        present("known_from", "Every relation says since when it is known.", MEND_MODEL),
        days_between(
            "relation_date",
            OLDEST_PUBLICATION,
            as_of + MAX_PLANNED,
            "Relations are dated between 1936 and twenty years ahead.",
            ASK_SOURCE,
            severity="warning",
        ),
        present("evidence_id", "Every relation points to its evidence.", MEND_MODEL),
    )


_IS_PAST = f"event in ({', '.join(repr(event) for event in words.PAST_EVENTS)})"

SUITES = (
    Suite(
        name="edition_policy_events",
        table="policy_events",
        border="edition",
        key=("event_id",),
        query=f"""
            select
                event_id, policy_id, by_policy_id, document_id, event, source_field,
                {day("event_date")} as event_date,
                case when {_IS_PAST} then {day("event_date")} end as past_event_date,
                case when not {_IS_PAST} then {day("event_date")} end as planned_event_date,
                {day("known_from")} as known_from, evidence_id
            from policy_events
        """,
        build=event_checks,
    ),
    Suite(
        name="edition_policy_relations",
        table="policy_relations",
        border="edition",
        key=("relation_id",),
        query=f"""
            select
                relation_id, relation, from_identifier, to_identifier, from_policy_id, to_policy_id, confidence,
                is_partial, quote, evidence_id,
                {day("known_from")} as known_from, {day("relation_date")} as relation_date
            from policy_relations
        """,
        build=relation_checks,
    ),
)
