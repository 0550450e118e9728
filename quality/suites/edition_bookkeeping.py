"""Published bookkeeping: requests, looks at days, and when documents were seen."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_AHEAD,
    MEND_CRAWL,
    MEND_LOAD,
    MEND_MODEL,
    OLDEST_PUBLICATION,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    matches,
    no_flag,
    present,
    rows_present,
)


def fetch_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `fetches`."""
    return (
        rows_present("The edition says what was asked for.", "Run a crawl, load it and transform again."),
        present("fetch_id", "Every request has an id.", MEND_MODEL),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        matches("url", words.URL, "Every request went to an http or https address.", MEND_CRAWL),
        matches("outcome", words.FETCH_OUTCOME, "The outcome of a request is a known word or refusal.", MEND_CRAWL),
        between("http_status", 100, 599, "HTTP statuses lie between 100 and 599.", MEND_CRAWL),
        between("body_bytes", 0, None, "No body has a negative length.", MEND_CRAWL),
    )


def look_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `source_looks`."""
    return (
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        matches("crawl_id", words.CRAWL_ID, "A look names the crawl that looked.", MEND_MODEL),
        days_between(
            "day",
            OLDEST_PUBLICATION,
            as_of + MAX_AHEAD,
            "Days looked at lie between 1936 and shortly after the edition's day.",
            MEND_MODEL,
        ),
        known(
            "outcome",
            words.COVERAGE_OUTCOMES,
            "Found, nothing found, could not look and not asked are told apart.",
            MEND_MODEL,
        ),
        between("found", 0, None, "No count of documents is negative.", MEND_MODEL),
        no_flag("lacks_reason", "reason_present", "What was not looked at says why.", MEND_MODEL),
    )


def sighting_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `document_sightings`."""
    return (
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_LOAD),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_LOAD),
        present("last_seen_at", "Every document says when it was seen last.", MEND_LOAD),
        days_between(
            "first_seen_at",
            OLDEST_WEB_DATE,
            None,
            "No document was seen before 1990: the crawl's clock ran.",
            MEND_CRAWL,
        ),
    )


SUITES = (
    Suite(
        name="edition_fetches",
        table="fetches",
        border="edition",
        key=("fetch_id",),
        query="select fetch_id, source_id, url, outcome, http_status, body_bytes from fetches",
        build=fetch_checks,
    ),
    Suite(
        name="edition_looks",
        table="source_looks",
        border="edition",
        key=("source_id", "day_text", "crawl_id"),
        query=f"""
            select
                source_id, crawl_id, day::varchar as day_text, {day("day")} as day, outcome, found,
                reason is null and coalesce(outcome in ('could_not_look', 'not_asked'), false) as lacks_reason
            from source_looks
        """,
        build=look_checks,
    ),
    Suite(
        name="edition_sightings",
        table="document_sightings",
        border="edition",
        key=("source_id", "document_id"),
        query=f"""
            select
                source_id, document_id, {day("first_seen_at")} as first_seen_at,
                {day("last_seen_at")} as last_seen_at
            from document_sightings
        """,
        build=sighting_checks,
    ),
)
