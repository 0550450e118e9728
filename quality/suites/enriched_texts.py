"""What extractors read from running texts: duties, amounts, days and facets, each with the words it rests on."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_AMOUNT,
    MAX_PLANNED,
    MEND_ENRICH,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    lengths_between,
    low_not_above_high,
    matches,
    no_flag,
)

_MAX_QUOTE_CHARS = 4_000
_KEY = ("source_id", "document_id", "version_no", "position")
_ALL = "source_id, document_id, version_no, position, extractor_version, quote, quote_start"


def _quoted_checks() -> tuple[Check, ...]:
    """What holds of every row that an extractor read."""
    return (
        matches(
            "extractor_version",
            words.PARSER_VERSION,
            "An extractor's version is a name, a slash, a number.",
            MEND_ENRICH,
        ),
        lengths_between(
            "quote", 1, _MAX_QUOTE_CHARS, "What was read is quoted, in 1 to 4,000 characters.", MEND_ENRICH
        ),
        between("quote_start", 0, None, "No quote begins before its text.", MEND_ENRICH),
        between("position", 0, None, "What one text holds is counted from zero.", MEND_ENRICH),
    )


def obligation_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `enriched.obligations`."""
    return (
        *_quoted_checks(),
        lengths_between("action", 1, _MAX_QUOTE_CHARS, "Every duty says what must be done.", MEND_ENRICH),
        matches("period", words.PERIODS, "Periods are ISO 8601 durations.", MEND_ENRICH),
        days_between(
            "due_date",
            OLDEST_PUBLICATION,
            as_of + MAX_PLANNED,
            "Duties fall due between 1936 and twenty years after the audited day.",
            MEND_ENRICH,
        ),
    )


def amount_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.amounts`."""
    return (
        *_quoted_checks(),
        known("kind", words.AMOUNT_KINDS, "Kinds of amounts are words of the vocabulary.", MEND_ENRICH),
        matches("currency", words.CURRENCY, "Currencies are three capital letters (ISO 4217).", MEND_ENRICH),
        low_not_above_high(MEND_ENRICH),
        between(
            "size",
            0,
            MAX_AMOUNT,
            "No amount is above a hundred trillion: such a number is an identifier.",
            MEND_ENRICH,
            name="size_plausible",
            severity="warning",
        ),
    )


def date_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.dates`."""
    return (
        *_quoted_checks(),
        known("role", words.TEXT_DATE_ROLES, "A day is signed, effective, a close or mentioned.", MEND_ENRICH),
        no_flag("is_turned", "first_not_after_last", "No span ends before it begins.", MEND_ENRICH),
        no_flag("is_half_open", "both_ends_or_none", "A span has both ends or stays open.", MEND_ENRICH),
    )


def facet_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.facets`."""
    return (
        *_quoted_checks(),
        known("facet", words.FACETS, "A facet is an instrument, a topic or a party.", MEND_ENRICH),
        known("topic", words.TOPICS, "Topics are words of the closed vocabulary.", MEND_ENRICH),
        known("instrument", words.INSTRUMENTS, "Instruments are words of the closed vocabulary.", MEND_ENRICH),
        matches("government", words.GOVERNMENT, "A government has an ISO 3166 code, or is the EU.", MEND_ENRICH),
    )


def reading_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.readings`."""
    return (
        matches("parser_version", words.PARSER_VERSION, "A reading names the parser that gave the text.", MEND_ENRICH),
        lengths_between("reader_version", 1, _MAX_QUOTE_CHARS, "A reading names its extractors.", MEND_ENRICH),
    )


def relation_reading_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `enriched.relation_readings`."""
    return (
        matches("parser_version", words.PARSER_VERSION, "A reading names the parser that gave the notes.", MEND_ENRICH),
        matches(
            "extractor_version",
            words.PARSER_VERSION,
            "An extractor's version is a name, a slash, a number.",
            MEND_ENRICH,
        ),
    )


SUITES = (
    Suite(
        name="enriched_obligations",
        table="enriched.obligations",
        border="raw",
        key=_KEY,
        query=f"select {_ALL}, action, period, {day('due_date')} as due_date from enriched.obligations",
        build=obligation_checks,
    ),
    Suite(
        name="enriched_amounts",
        table="enriched.amounts",
        border="raw",
        key=_KEY,
        query=f"""
            select {_ALL}, kind, low, high, currency, greatest(abs(low), abs(high)) as size from enriched.amounts
        """,
        build=amount_checks,
    ),
    Suite(
        name="enriched_dates",
        table="enriched.dates",
        border="raw",
        key=_KEY,
        query=f"""
            select
                {_ALL}, role, coalesce(first_date > last_date, false) as is_turned,
                (first_date is null) <> (last_date is null) as is_half_open
            from enriched.dates
        """,
        build=date_checks,
    ),
    Suite(
        name="enriched_facets",
        table="enriched.facets",
        border="raw",
        key=_KEY,
        query=f"""
            select
                {_ALL}, facet,
                case when facet = 'topic' then value end as topic,
                case when facet = 'instrument' then value end as instrument,
                case when facet = 'party' then value end as government
            from enriched.facets
        """,
        build=facet_checks,
    ),
    Suite(
        name="enriched_readings",
        table="enriched.readings",
        border="raw",
        key=("source_id", "document_id", "version_no"),
        query="select source_id, document_id, version_no, parser_version, reader_version from enriched.readings",
        build=reading_checks,
    ),
    Suite(
        name="enriched_relation_readings",
        table="enriched.relation_readings",
        border="raw",
        key=("source_id", "document_id", "version_no"),
        query="""
            select source_id, document_id, version_no, parser_version, extractor_version
            from enriched.relation_readings
        """,
        build=relation_reading_checks,
    ),
)
