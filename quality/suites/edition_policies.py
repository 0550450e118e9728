"""Published policies, their members, and the other names by which policies and documents are known."""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    MAX_PLANNED,
    MAX_TITLE_CHARS,
    MEND_MODEL,
    MEND_TITLE,
    OLDEST_PUBLICATION,
    Check,
    Suite,
    day,
    days_between,
    known,
    lengths_between,
    matches,
    present,
    safe_line,
)


def policy_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `policies`; a quiet window may hold none."""
    return (
        present("policy_id", "Every policy has an id.", MEND_MODEL),
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        present("title", "Every policy has a title.", MEND_TITLE),
        lengths_between("title", 1, MAX_TITLE_CHARS, "Titles hold 1 to 2,000 characters.", MEND_TITLE),
        safe_line("title", "No control or invisible character is left in a title.", MEND_TITLE),
        known("instrument", words.INSTRUMENTS, "Instruments are words of the vocabulary.", MEND_MODEL),
        present("jurisdiction", "Every policy has a jurisdiction.", MEND_MODEL),
        matches(
            "jurisdiction", words.JURISDICTION, "Jurisdictions are ISO 3166 codes, EU or multilateral.", MEND_MODEL
        ),
        known("track", words.TRACKS, "Tracks are words of the vocabulary.", MEND_MODEL),
        present("latest_status", "Every policy has a status, if only unknown.", MEND_MODEL),
        known("latest_status", words.STATUSES, "Statuses are words of the vocabulary.", MEND_MODEL),
        days_between(
            "latest_status_since",
            OLDEST_PUBLICATION,
            as_of + MAX_PLANNED,
            "Statuses begin between 1936 and twenty years ahead.",
            ASK_SOURCE,
            severity="warning",
        ),
        matches("lead_document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("is_ai", "Every policy says whether it is about AI.", MEND_MODEL),
        matches("url", words.URL, "A policy's address is http or https.", MEND_MODEL),
        present("evidence_id", "Every policy points to its evidence.", MEND_MODEL),
    )


def member_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `policy_documents`."""
    return (
        matches("policy_id", words.POLICY_ID, "A policy's id is a place, a kind and a number.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        present("role", "Every member has a role.", MEND_MODEL),
        known("role", words.MEMBER_ROLES, "A member leads or follows.", MEND_MODEL),
        known("belongs_by", words.MEMBERSHIPS, "A member has a reason to be one.", MEND_MODEL),
    )


def alias_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `document_aliases` and `policy_aliases`."""
    return (
        present("alias", "Every alias is a name.", MEND_MODEL),
        matches("alias", words.ALIAS, "An alias is a scheme, a colon and a value, or a former id.", MEND_MODEL),
        present("target", "Every alias names what it stands for.", MEND_MODEL),
        present("reason", "Every alias says why it is one.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_policies",
        table="policies",
        border="edition",
        key=("policy_id",),
        query=f"""
            select
                policy_id, title, instrument, jurisdiction, track, latest_status,
                {day("latest_status_since")} as latest_status_since, lead_document_id, is_ai, url, evidence_id
            from policies
        """,
        build=policy_checks,
    ),
    Suite(
        name="edition_policy_documents",
        table="policy_documents",
        border="edition",
        key=("policy_id", "document_id"),
        query="select policy_id, document_id, role, belongs_by from policy_documents",
        build=member_checks,
    ),
    Suite(
        name="edition_document_aliases",
        table="document_aliases",
        border="edition",
        key=("alias",),
        query="select alias, document_id as target, reason from document_aliases",
        build=alias_checks,
    ),
    Suite(
        name="edition_policy_aliases",
        table="policy_aliases",
        border="edition",
        key=("alias",),
        query="select alias, policy_id as target, reason from policy_aliases",
        build=alias_checks,
    ),
)
