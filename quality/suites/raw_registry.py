"""The registry of sources as it was loaded: what each is, and the rules by which its words are read."""

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import Check, Suite, between, known, matches, rows_present

_MEND_REGISTRY = "Mend the source's YAML file in scrapers/sources and load again."


def source_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.sources`."""
    return (
        rows_present("The registry of sources is loaded.", "Load again; each load brings the registry."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", _MEND_REGISTRY),
        matches("title", words.WORDS, "A source's title is a line without blanks at its ends.", _MEND_REGISTRY),
        matches(
            "jurisdiction", words.JURISDICTION, "Jurisdictions are ISO 3166 codes, EU or multilateral.", _MEND_REGISTRY
        ),
        matches("time_zone", words.TIME_ZONE, "Time zones are names of the tz database.", _MEND_REGISTRY),
        matches("page", words.URL, "A source's page is http or https.", _MEND_REGISTRY),
        known("verified", words.VERIFIED, "A source is recorded or documented.", _MEND_REGISTRY),
    )


def scheme_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.identifier_schemes`."""
    return (
        rows_present("The kinds of official identifiers are loaded.", "Load again; each load brings the registry."),
        matches("scheme", words.SCHEME, "A scheme is a lower-case word.", _MEND_REGISTRY),
        matches("policy_prefix", words.POLICY_PREFIX, "Ids of policies begin with a place.", _MEND_REGISTRY),
        between("strength", 1, None, "Strengths are counted from one.", _MEND_REGISTRY),
    )


def date_field_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.date_fields`."""
    return (
        rows_present("The names of the sources' dates are loaded.", "Load again; each load brings the registry."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", _MEND_REGISTRY),
        known("depth", words.DEPTHS, "Depth is listing or full.", _MEND_REGISTRY),
        matches("field", words.FIELD, "A field of ours is a lower-case name.", _MEND_REGISTRY),
        matches("source_field", words.WORDS, "Every date has the source's own name for it.", _MEND_REGISTRY),
        known("event", words.EVENTS, "A date stands for an event of the vocabulary.", _MEND_REGISTRY),
    )


def instrument_rule_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.instrument_rules`."""
    return (
        rows_present("The rules for instruments are loaded.", "Load again; each load brings the registry."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", _MEND_REGISTRY),
        between("position", 1, None, "Rules are counted from one.", _MEND_REGISTRY),
        known("instrument", words.INSTRUMENTS, "Instruments are words of the closed vocabulary.", _MEND_REGISTRY),
    )


def build_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.builds`; it is empty while a build runs and after one that failed."""
    return (
        matches(
            "input_fingerprint",
            words.SHA256,
            "The build of the marts is named by a SHA-256 of its inputs.",
            "Run the transform again; it writes the fingerprint when the build has ended well.",
        ),
    )


SUITES = (
    Suite(
        name="raw_sources",
        table="raw.sources",
        border="raw",
        key=("source_id",),
        query="select source_id, title, jurisdiction, time_zone, page, verified from raw.sources",
        build=source_checks,
    ),
    Suite(
        name="raw_identifier_schemes",
        table="raw.identifier_schemes",
        border="raw",
        key=("scheme",),
        query="select scheme, policy_prefix, strength from raw.identifier_schemes",
        build=scheme_checks,
    ),
    Suite(
        name="raw_date_fields",
        table="raw.date_fields",
        border="raw",
        key=("source_id", "depth", "field"),
        query="select source_id, depth, field, source_field, event from raw.date_fields",
        build=date_field_checks,
    ),
    Suite(
        name="raw_instrument_rules",
        table="raw.instrument_rules",
        border="raw",
        key=("source_id", "position"),
        query="select source_id, position, instrument from raw.instrument_rules",
        build=instrument_rule_checks,
    ),
    Suite(
        name="raw_builds",
        table="raw.builds",
        border="raw",
        key=("input_fingerprint",),
        query="select input_fingerprint from raw.builds",
        build=build_checks,
    ),
)
