"""Loaded crawls and their requests: the account that every crawl gives of itself."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    MAX_AHEAD,
    MEND_CRAWL,
    MEND_LOAD,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    between,
    day,
    days_between,
    known,
    matches,
    no_flag,
    rows_present,
)


def crawl_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `raw.crawls`."""
    return (
        rows_present("At least one crawl is loaded.", "Run a crawl and load it."),
        matches("crawl_id", words.CRAWL_ID, "A crawl's id is its start in UTC and six hex digits.", MEND_CRAWL),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_CRAWL),
        matches("parser_version", words.PARSER_VERSION, "A parser's version is a slug, a slash, a number.", MEND_CRAWL),
        matches("archive_sha256", words.SHA256, "Every archive file has a SHA-256 of 64 hex digits.", MEND_CRAWL),
        matches("vocabulary_sha256", words.SHA256, "Every crawl names its vocabulary by a SHA-256.", MEND_CRAWL),
        matches("archive_file", words.WARC_FILE, "Archive files are WARC files named without a way out.", MEND_CRAWL),
        between("least_count", 0, None, "No count of a crawl is negative.", MEND_LOAD, name="counts_not_negative"),
        days_between(
            "since",
            OLDEST_PUBLICATION,
            as_of + MAX_AHEAD,
            "A crawl's window begins neither before 1936 nor long after the audited day.",
            MEND_CRAWL,
        ),
    )


def fetch_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `raw.fetches`."""
    return (
        rows_present("At least one request is on record.", "Run a crawl and load it."),
        matches("url", words.URL, "Every request went to an http or https address.", MEND_CRAWL),
        known("method", ("GET", "POST"), "Requests are GET or POST.", MEND_CRAWL),
        known(
            "purpose", words.FETCH_PURPOSES, "The purpose of a request is a known word.", MEND_CRAWL, severity="warning"
        ),
        matches("outcome", words.FETCH_OUTCOME, "The outcome of a request is a known word or refusal.", MEND_CRAWL),
        between("http_status", 100, 599, "HTTP statuses lie between 100 and 599.", MEND_CRAWL),
        between("body_bytes", 0, None, "No body has a negative length.", MEND_CRAWL),
        between("warc_offset", 0, None, "No record lies before its file's beginning.", MEND_CRAWL),
        matches("payload_sha256", words.SHA256, "The hash of a body is a SHA-256 of 64 hex digits.", MEND_CRAWL),
        no_flag(
            "ok_without_payload_sha256",
            "payload_sha256_present",
            "Every good answer has the hash of its body.",
            MEND_CRAWL,
        ),
        no_flag("ok_without_warc_file", "warc_file_present", "Every good answer is in an archive file.", MEND_CRAWL),
        no_flag(
            "ok_without_warc_offset",
            "warc_offset_present",
            "Every good answer has its place in the archive file.",
            MEND_CRAWL,
        ),
    )


SUITES = (
    Suite(
        name="raw_crawls",
        table="raw.crawls",
        border="raw",
        key=("crawl_id",),
        query=f"""
            select
                crawl_id, source_id, parser_version, archive_sha256, vocabulary_sha256, archive_file,
                least(planned, coalesce(official_total, 0), found_total, gate_passed, gate_left_out, rejected,
                    archive_bytes) as least_count,
                {day("since")} as since
            from raw.crawls
        """,
        build=crawl_checks,
    ),
    Suite(
        name="raw_fetches",
        table="raw.fetches",
        border="raw",
        key=("fetch_id",),
        query="""
            select
                fetch_id, url, method, purpose, outcome, http_status, body_bytes, payload_sha256, warc_offset,
                outcome = 'ok' and payload_sha256 is null as ok_without_payload_sha256,
                outcome = 'ok' and warc_file is null as ok_without_warc_file,
                outcome = 'ok' and warc_offset is null as ok_without_warc_offset
            from raw.fetches
        """,
        build=fetch_checks,
    ),
)
