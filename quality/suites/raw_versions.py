"""Document versions: where their bytes are, and what made them versions."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MEND_CRAWL,
    MEND_LOAD,
    MEND_PARSER,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    matches,
    rows_present,
)


def version_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.document_versions`."""
    return (
        rows_present("At least one document is loaded.", "Run a crawl that ends well and load it."),
        between("version_no", 1, None, "Versions are counted from one.", MEND_LOAD),
        matches("content_sha256", words.SHA256, "A version's content has a SHA-256 of 64 hex digits.", MEND_PARSER),
        matches("payload_sha256", words.SHA256, "A version's bytes have a SHA-256 of 64 hex digits.", MEND_CRAWL),
        known("change_origin", words.CHANGE_ORIGINS, "A change comes from source, parser or vocabulary.", MEND_LOAD),
        matches("fetched_url", words.URL, "A version was fetched from an http or https address.", MEND_CRAWL),
        matches(
            "warc_file", words.WARC_FILE, "A version's bytes are in a WARC file named without a way out.", MEND_CRAWL
        ),
        between("warc_offset", 0, None, "No record lies before its file's beginning.", MEND_CRAWL),
        days_between(
            "first_seen_at",
            OLDEST_WEB_DATE,
            None,
            "No version was seen before 1990: the crawl's clock ran.",
            MEND_CRAWL,
        ),
    )


SUITES = (
    Suite(
        name="raw_versions",
        table="raw.document_versions",
        border="raw",
        key=("source_id", "document_id", "version_no"),
        query=f"""
            select
                source_id, document_id, version_no, content_sha256, payload_sha256, change_origin, fetched_url,
                warc_file, warc_offset, {day("first_seen_at")} as first_seen_at
            from raw.document_versions
        """,
        build=version_checks,
    ),
)
