"""What enrichment found in documents: relevance and relations, each with the quote it rests on."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    MAX_AHEAD,
    MEND_ENRICH,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    lengths_between,
    matches,
)

_MAX_QUOTE_CHARS = 4_000


def relevance_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.relevance`."""
    return (
        known("relevance", (0, 1, 2), "Relevance is 0, 1 or 2.", MEND_ENRICH),
        matches("rule", words.WORDS, "Every judgement names its rule.", MEND_ENRICH),
        matches(
            "extractor_version",
            words.PARSER_VERSION,
            "An extractor's version is a name, a slash, a number.",
            MEND_ENRICH,
        ),
        matches("vocabulary_sha256", words.SHA256, "Every judgement names its vocabulary by a SHA-256.", MEND_ENRICH),
        between("quote_start", 0, None, "No quote begins before its text.", MEND_ENRICH),
    )


def relation_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `enriched.relations`."""
    return (
        known(
            "relation", words.STATED_RELATIONS, "Extracted relations are known words.", MEND_ENRICH, severity="warning"
        ),
        matches(
            "extractor_version",
            words.PARSER_VERSION,
            "An extractor's version is a name, a slash, a number.",
            MEND_ENRICH,
        ),
        matches("target", words.IDENTIFIER, "Every relation's target is a scheme and a value.", MEND_ENRICH),
        lengths_between(
            "quote", 1, _MAX_QUOTE_CHARS, "Every relation quotes its note, in 1 to 4,000 characters.", MEND_ENRICH
        ),
        between("quote_start", 0, None, "No quote begins before its text.", MEND_ENRICH),
        days_between(
            "target_date",
            None,
            as_of + MAX_AHEAD,
            "No relation points to an instrument dated long after the audited day.",
            ASK_SOURCE,
            severity="warning",
        ),
    )


SUITES = (
    Suite(
        name="enriched_relevance",
        table="enriched.relevance",
        border="raw",
        key=("source_id", "document_id", "version_no"),
        query="""
            select
                source_id, document_id, version_no, relevance, rule, extractor_version, vocabulary_sha256, quote_start
            from enriched.relevance
        """,
        build=relevance_checks,
    ),
    Suite(
        name="enriched_relations",
        table="enriched.relations",
        border="raw",
        key=("source_id", "document_id", "version_no", "extractor_version", "position"),
        query=f"""
            select
                source_id, document_id, version_no, position, relation, extractor_version, quote, quote_start,
                target_scheme || ':' || target_value as target, {day("target_date")} as target_date
            from enriched.relations
        """,
        build=relation_checks,
    ),
)
