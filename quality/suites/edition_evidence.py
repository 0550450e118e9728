"""Published evidence, quarantine and overrides: what every fact rests on, what could not be read, what was decided."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_RAW_CHARS,
    MEND_MODEL,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    lengths_between,
    matches,
    present,
    rows_present,
    safe_line,
)


def evidence_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `evidence`."""
    return (
        rows_present("The edition holds evidence.", "Load a crawl that ended well and transform again."),
        present("evidence_id", "Every piece of evidence has an id.", MEND_MODEL),
        present("source_id", "Every piece of evidence names its source.", MEND_MODEL),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        present("payload_sha256", "Every piece of evidence has the hash of its bytes.", MEND_MODEL),
        matches("payload_sha256", words.SHA256, "The hash of bytes is a SHA-256 of 64 hex digits.", MEND_MODEL),
        present("source_url", "Every piece of evidence has an address.", MEND_MODEL),
        matches("source_url", words.URL, "Evidence comes from http or https addresses.", MEND_MODEL),
        present("warc_file", "Every piece of evidence is in an archive file.", MEND_MODEL),
        matches("warc_file", words.WARC_FILE, "Archive files are WARC files named without a way out.", MEND_MODEL),
        present("warc_offset", "Every piece of evidence has its place in the archive file.", MEND_MODEL),
        between("warc_offset", 0, None, "No record lies before its file's beginning.", MEND_MODEL),
        present("fetched_at", "Every piece of evidence says when it was fetched.", MEND_MODEL),
        days_between("fetched_at", OLDEST_WEB_DATE, None, "Nothing was fetched before 1990.", MEND_MODEL),
        present("parser_version", "Every piece of evidence names its parser.", MEND_MODEL),
        matches("parser_version", words.PARSER_VERSION, "A parser's version is a slug, a slash, a number.", MEND_MODEL),
        between("quote_start", 0, None, "No quote begins before its text.", MEND_MODEL),
    )


def quarantine_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `quarantine`; it may well be empty."""
    return (
        present("quarantine_id", "Every quarantined record has an id.", MEND_MODEL),
        present("error", "Every quarantined record has an error.", MEND_MODEL),
        matches("error", words.ERROR_NAME, "Every quarantined record names its error.", MEND_MODEL),
        present("message", "Every quarantined record says what was expected.", MEND_MODEL),
        present("raw_chars", "Every quarantined record keeps its raw text.", MEND_MODEL, name="raw_text_present"),
        between("raw_chars", 0, MAX_RAW_CHARS, "Raw texts are cut at 4,000 characters.", MEND_MODEL),
        lengths_between("message", 1, MAX_RAW_CHARS, "Messages hold 1 to 4,000 characters.", MEND_MODEL),
    )


def override_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `overrides`; it may well be empty."""
    return (
        matches("override_id", words.OVERRIDE_ID, "A decision is named by the hash of what it says.", MEND_MODEL),
        known("verdict", words.VERDICTS, "A verdict is accept, correct, reject or undo.", MEND_MODEL),
        known("state", words.OVERRIDE_STATES, "What came of a decision is a word of the contract.", MEND_MODEL),
        present("author", "Every decision has an author.", MEND_MODEL),
        safe_line("author", "No control or invisible character is left in an author's name.", MEND_MODEL),
        present("reason", "Every decision has a reason.", MEND_MODEL),
        safe_line("reason", "No control or invisible character is left in a reason.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_evidence",
        table="evidence",
        border="edition",
        key=("evidence_id",),
        query=f"""
            select
                evidence_id, source_id, payload_sha256, source_url, warc_file, warc_offset,
                {day("fetched_at")} as fetched_at, parser_version, quote_start
            from evidence
        """,
        build=evidence_checks,
    ),
    Suite(
        name="edition_quarantine",
        table="quarantine",
        border="edition",
        key=("quarantine_id",),
        query="select quarantine_id, error, message, length(raw_text) as raw_chars from quarantine",
        build=quarantine_checks,
    ),
    Suite(
        name="edition_overrides",
        table="overrides",
        border="edition",
        key=("override_id",),
        query="select override_id, verdict, state, author, reason from overrides",
        build=override_checks,
    ),
)
