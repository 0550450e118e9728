"""Published documents and their versions."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    FIRST_FEDERAL_REGISTER,
    MAX_AHEAD,
    MAX_PLANNED,
    MAX_TITLE_CHARS,
    MEND_MODEL,
    MEND_TITLE,
    OLDEST_PUBLICATION,
    OLDEST_WEB_DATE,
    Check,
    Suite,
    between,
    day,
    days_between,
    is_unsafe,
    known,
    lengths_between,
    matches,
    no_flag,
    present,
    rows_present,
    safe_line,
)


def document_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `documents`."""
    return (
        rows_present("The edition holds documents.", "Load a crawl that ended well and transform again."),
        present("document_id", "Every document has an id.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("lead_source_id", "Every document names the source that leads.", MEND_MODEL),
        matches("lead_source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        between("source_count", 1, None, "Every document names at least one source.", MEND_MODEL),
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        no_flag("lacks_policy", "policy_is_held", "The policy of every document is in the edition.", MEND_MODEL),
        present("availability", "Every document says whether it is available.", MEND_MODEL),
        known("availability", words.AVAILABILITIES, "Availability is a word of the contract.", MEND_MODEL),
        known("depth", words.DEPTHS, "Depth is listing or full.", MEND_MODEL),
        present("completeness", "Every document says how much of it is here.", MEND_MODEL),
        known("completeness", words.COMPLETENESS, "Completeness is listing, full or full_text.", MEND_MODEL),
        known("instrument", words.INSTRUMENTS, "Instruments are words of the vocabulary.", MEND_MODEL),
        present("jurisdiction", "Every document has a jurisdiction.", MEND_MODEL),
        matches(
            "jurisdiction", words.JURISDICTION, "Jurisdictions are ISO 3166 codes, EU or multilateral.", MEND_MODEL
        ),
        matches("language", words.LANGUAGE, "Languages are BCP 47 tags.", MEND_MODEL),
        matches("url", words.URL, "A document's address is http or https.", MEND_MODEL),
        present("relevance", "Every document is judged for relevance.", "Run the enrichment, then transform again."),
        known("relevance", (0, 1, 2), "Relevance is 0, 1 or 2.", MEND_MODEL),
        no_flag("lacks_title", "title_present", "Every document but one gone or moved has a title.", MEND_TITLE),
        lengths_between("title", 1, MAX_TITLE_CHARS, "Titles hold 1 to 2,000 characters.", MEND_TITLE),
        safe_line("title", "No control or invisible character is left in a title.", MEND_TITLE),
        no_flag(
            "abstract_is_unsafe",
            "abstract_without_control_characters",
            "No control or invisible character is left in an abstract.",
            MEND_MODEL,
        ),
        no_flag(
            "body_is_unsafe",
            "body_without_control_characters",
            "No control or invisible character is left in a full text.",
            MEND_MODEL,
        ),
        between("version_count", 1, None, "Every document has at least one version.", MEND_MODEL),
        present("evidence_id", "Every document points to its evidence.", MEND_MODEL),
        *_date_checks(as_of),
    )


def _date_checks(as_of: date) -> tuple[Check, ...]:
    return (
        days_between(
            "published_date",
            None,
            as_of + MAX_AHEAD,
            "No document is dated long after the edition's day.",
            MEND_MODEL,
            name="published_date_not_far_ahead",
        ),
        days_between(
            "federal_register_date",
            FIRST_FEDERAL_REGISTER,
            None,
            "No Federal Register document is older than its first issue of 14 March 1936.",
            MEND_MODEL,
        ),
        days_between(
            "other_published_date",
            OLDEST_PUBLICATION,
            None,
            "No document of another source is dated before 1936.",
            ASK_SOURCE,
            severity="warning",
        ),
        days_between(
            "effective_date",
            OLDEST_PUBLICATION,
            as_of + MAX_PLANNED,
            "Days of effect lie between 1936 and twenty years ahead.",
            ASK_SOURCE,
            severity="warning",
        ),
        present("first_seen_at", "Every document says when it was first seen.", MEND_MODEL),
        days_between("first_seen_at", OLDEST_WEB_DATE, None, "No document was first seen before 1990.", MEND_MODEL),
    )


def version_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `document_versions`."""
    return (
        rows_present("The edition holds versions.", "Load a crawl that ended well and transform again."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_MODEL),
        present("version_id", "Every version has an id.", MEND_MODEL),
        present("content_sha256", "Every version has the hash of its content.", MEND_MODEL),
        matches("content_sha256", words.SHA256, "A version's content has a SHA-256 of 64 hex digits.", MEND_MODEL),
        between("version_no", 1, None, "Versions are counted from one.", MEND_MODEL),
        present("change_origin", "Every version says what made it.", MEND_MODEL),
        known(
            "change_origin",
            words.DECIDED_ORIGINS,
            "A change comes from source, parser, vocabulary or a correction.",
            MEND_MODEL,
        ),
        present("is_news", "Every version says whether it is news.", MEND_MODEL),
        known("availability", words.AVAILABILITIES, "Availability is a word of the contract.", MEND_MODEL),
        present("fetched_url", "Every version says where it was fetched.", MEND_MODEL),
        matches("fetched_url", words.URL, "A version was fetched from an http or https address.", MEND_MODEL),
        present("evidence_id", "Every version points to its evidence.", MEND_MODEL),
    )


_LACKS_POLICY = """
    coalesce(policy_id like '%-%', false)
    and not exists (select 1 from policies where policies.policy_id = documents.policy_id)
"""
"""SQL for: is the policy of a document lost? What is no id at all is told by a check of its own."""

SUITES = (
    Suite(
        name="edition_documents",
        table="documents",
        border="edition",
        key=("document_id",),
        query=f"""
            select
                document_id, lead_source_id, coalesce(len(source_ids), 0) as source_count, policy_id, availability,
                depth, completeness, instrument, jurisdiction, language, url, relevance, title,
                {_LACKS_POLICY} as lacks_policy,
                title is null and coalesce(availability not in ('gone', 'redirected'), false) as lacks_title,
                {is_unsafe("abstract")} as abstract_is_unsafe,
                {is_unsafe("body")} as body_is_unsafe,
                version_count, evidence_id,
                {day("published_date")} as published_date,
                case when document_id like 'fr:%' then {day("published_date")} end as federal_register_date,
                case when document_id not like 'fr:%' then {day("published_date")} end as other_published_date,
                {day("effective_date")} as effective_date,
                {day("first_seen_at")} as first_seen_at
            from documents
        """,
        build=document_checks,
    ),
    Suite(
        name="edition_versions",
        table="document_versions",
        border="edition",
        key=("document_id", "version_no"),
        query="""
            select
                source_id, document_id, version_no, version_id, content_sha256, change_origin, is_news, availability,
                fetched_url, evidence_id
            from document_versions
        """,
        build=version_checks,
    ),
)
