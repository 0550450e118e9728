"""Published sources, what was looked at and when, and the agencies that sources name."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_AHEAD,
    MAX_TITLE_CHARS,
    MEND_MODEL,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    lengths_between,
    matches,
    no_flag,
    present,
    rows_present,
    safe_line,
)

_MEND_REGISTRY = "Mend the source's YAML file and load again."


def source_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `sources`."""
    return (
        rows_present("The edition names its sources.", "Load the registry of sources and transform again."),
        present("source_id", "Every source has an id.", MEND_MODEL),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", _MEND_REGISTRY),
        present("title", "Every source has a title.", _MEND_REGISTRY),
        present("publisher", "Every source names its publisher.", _MEND_REGISTRY),
        present("licence", "Every source names its licence.", _MEND_REGISTRY),
        matches(
            "jurisdiction", words.JURISDICTION, "Jurisdictions are ISO 3166 codes, EU or multilateral.", _MEND_REGISTRY
        ),
        known("cadence", words.CADENCES, "Sources are asked daily or weekly.", _MEND_REGISTRY),
        known("listing", words.LISTINGS, "Sources list windows, changes or snapshots.", _MEND_REGISTRY),
        matches("time_zone", words.TIME_ZONE, "Time zones are names of the tz database.", _MEND_REGISTRY),
        matches("page", words.URL, "A source's page is http or https.", _MEND_REGISTRY),
    )


def coverage_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `source_coverage`."""
    return (
        rows_present("The edition says which days were looked at.", "Load a crawl and transform again."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        present("day", "Every row of coverage has its day.", MEND_MODEL),
        days_between(
            "day",
            OLDEST_PUBLICATION,
            as_of + MAX_AHEAD,
            "Days looked at lie between 1936 and shortly after the edition's day.",
            MEND_MODEL,
        ),
        present("outcome", "Every day looked at has an outcome.", MEND_MODEL),
        known(
            "outcome",
            words.COVERAGE_OUTCOMES,
            "Found, nothing found, could not look and not asked are told apart.",
            MEND_MODEL,
        ),
        between("found", 0, None, "No count of documents is negative.", MEND_MODEL),
        between("official_count", 0, None, "No official count is negative.", MEND_MODEL),
        no_flag("lacks_reason", "reason_present", "What was not looked at says why.", MEND_MODEL),
    )


def agency_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `agencies`."""
    return (
        present("agency_id", "Every agency has an id.", MEND_MODEL),
        present("name", "Every agency has a name.", MEND_MODEL),
        lengths_between("name", 1, MAX_TITLE_CHARS, "Names of agencies hold 1 to 2,000 characters.", MEND_MODEL),
        safe_line("name", "No control or invisible character is left in an agency's name.", MEND_MODEL),
        matches(
            "jurisdiction", words.JURISDICTION, "Jurisdictions are ISO 3166 codes, EU or multilateral.", MEND_MODEL
        ),
        matches("url", words.URL, "An agency's address is http or https.", MEND_MODEL),
        between("document_count", 0, None, "No count of documents is negative.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_sources",
        table="sources",
        border="edition",
        key=("source_id",),
        query="""
            select source_id, title, publisher, licence, jurisdiction, cadence, listing, time_zone, page from sources
        """,
        build=source_checks,
    ),
    Suite(
        name="edition_coverage",
        table="source_coverage",
        border="edition",
        key=("source_id", "day_text"),
        query=f"""
            select
                source_id, day::varchar as day_text, {day("day")} as day, outcome, found, official_count,
                reason is null and coalesce(outcome in ('could_not_look', 'not_asked'), false) as lacks_reason
            from source_coverage
        """,
        build=coverage_checks,
    ),
    Suite(
        name="edition_agencies",
        table="agencies",
        border="edition",
        key=("agency_id",),
        query="select agency_id, name, jurisdiction, url, document_count from agencies",
        build=agency_checks,
    ),
)
