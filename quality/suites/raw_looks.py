"""Which days crawls looked at and when documents were seen: the bookkeeping of the raw border."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_AHEAD,
    MEND_CRAWL,
    MEND_LOAD,
    OLDEST_PUBLICATION,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    matches,
    no_flag,
)


def source_day_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `raw.source_days`; crawls that asked nobody bring no day."""
    return (
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_CRAWL),
        days_between(
            "day",
            OLDEST_PUBLICATION,
            as_of + MAX_AHEAD,
            "Days looked at lie between 1936 and shortly after the audited day.",
            MEND_CRAWL,
        ),
        between("found", 0, None, "No count of documents is negative.", MEND_LOAD),
        between("official", 0, None, "No official count is negative.", MEND_LOAD),
    )


def sighting_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.document_sightings`; before the first good crawl it is empty."""
    return (
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_LOAD),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_LOAD),
        matches("last_crawl_id", words.CRAWL_ID, "A sighting names the crawl that saw last.", MEND_LOAD),
        days_between(
            "first_seen_at",
            OLDEST_WEB_DATE,
            None,
            "No document was seen before 1990: the crawl's clock ran.",
            MEND_CRAWL,
        ),
        no_flag("is_turned", "first_not_after_last", "No document was seen last before it was seen first.", MEND_LOAD),
    )


SUITES = (
    Suite(
        name="raw_source_days",
        table="raw.source_days",
        border="raw",
        key=("crawl_id", "day_text"),
        query=f"""
            select crawl_id, source_id, day::varchar as day_text, {day("day")} as day, found, official
            from raw.source_days
        """,
        build=source_day_checks,
    ),
    Suite(
        name="raw_sightings",
        table="raw.document_sightings",
        border="raw",
        key=("source_id", "document_id"),
        query=f"""
            select
                source_id, document_id, last_crawl_id, {day("first_seen_at")} as first_seen_at,
                first_seen_at > last_seen_at as is_turned
            from raw.document_sightings
        """,
        build=sighting_checks,
    ),
)
