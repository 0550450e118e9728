"""What parsers read of each version, and the lists inside it; of several parses of a version the latest counts.

What a person decided about a document stands in place of what was read, so that a correction mends what a check found.
"""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import (
    ASK_SOURCE,
    FIRST_FEDERAL_REGISTER,
    MAX_AHEAD,
    MAX_AMOUNT,
    MAX_PLANNED,
    MAX_TITLE_CHARS,
    MEND_PARSER,
    MEND_READ_TITLE,
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
    low_not_above_high,
    matches,
    no_flag,
    present,
    rows_present,
    safe_line,
)

_KEY = ("source_id", "document_id", "version_no")
_LATEST = """
    select * from raw.decided_parses semi join (
        select source_id, document_id, version_no, max_by(parser_version, (
            coalesce(try_cast(regexp_extract(parser_version, '([0-9]+)$', 1) as bigint), 0), parser_version
        )) as parser_version
        from raw.decided_parses group by source_id, document_id, version_no
    ) using (source_id, document_id, version_no, parser_version)
"""
"""Found by keys alone: to number the rows themselves would hold every text in memory."""


def document_checks(as_of: date) -> tuple[Check, ...]:
    """Expectations on `raw.document_parses`: one document a row."""
    return (
        rows_present("At least one document is parsed.", "Run a crawl that ends well and load it."),
        matches("source_id", words.SOURCE_ID, "A source's id is a slug.", MEND_PARSER),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_PARSER),
        matches("native_id", words.WORDS, "The source's own id is a line without blanks at its ends.", MEND_PARSER),
        matches(
            "parser_version", words.PARSER_VERSION, "A parser's version is a slug, a slash, a number.", MEND_PARSER
        ),
        known("depth", words.DEPTHS, "Depth is listing or full.", MEND_PARSER),
        known("availability", words.AVAILABILITIES, "Availability is a word of the contract.", MEND_PARSER),
        matches("language", words.LANGUAGE, "Languages are BCP 47 tags.", MEND_PARSER),
        matches("url", words.URL, "A document's address is http or https.", MEND_PARSER),
        no_flag("lacks_title", "title_present", "Every document but one gone or moved has a title.", MEND_READ_TITLE),
        lengths_between("title", 1, MAX_TITLE_CHARS, "Titles hold 1 to 2,000 characters.", MEND_READ_TITLE),
        safe_line("title", "No control or invisible character is left in a title.", MEND_READ_TITLE),
        no_flag(
            "abstract_is_unsafe",
            "abstract_without_control_characters",
            "No control or invisible character is left in an abstract.",
            MEND_PARSER,
        ),
        no_flag(
            "body_is_unsafe",
            "body_without_control_characters",
            "No control or invisible character is left in a full text.",
            MEND_PARSER,
        ),
        between(
            "bad_attachments",
            0,
            0,
            "Attachments have http or https addresses.",
            MEND_PARSER,
            name="attachment_urls_format",
            severity="warning",
        ),
        *_date_checks(as_of),
    )


def _date_checks(as_of: date) -> tuple[Check, ...]:
    planned = as_of + MAX_PLANNED
    return (
        days_between(
            "published_date",
            None,
            as_of + MAX_AHEAD,
            "No document is dated long after the audited day.",
            MEND_PARSER,
            name="published_date_not_far_ahead",
        ),
        days_between(
            "federal_register_date",
            FIRST_FEDERAL_REGISTER,
            None,
            "No Federal Register document is older than its first issue of 14 March 1936.",
            MEND_PARSER,
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
            "signed_date",
            OLDEST_PUBLICATION,
            as_of + MAX_AHEAD,
            "Signatures are dated between 1936 and the audited day.",
            ASK_SOURCE,
            severity="warning",
        ),
        days_between(
            "effective_date",
            OLDEST_PUBLICATION,
            planned,
            "Days of effect lie between 1936 and twenty years ahead.",
            ASK_SOURCE,
            severity="warning",
        ),
        *(
            days_between(
                column,
                OLDEST_WEB_DATE,
                planned,
                f"{what} lie between 1990 and twenty years ahead.",
                ASK_SOURCE,
                severity="warning",
            )
            for column, what in (
                ("comments_open_date", "Openings for comment"),
                ("comments_close_date", "Ends of comment"),
                ("closes_date", "Deadlines"),
                ("first_closes_date", "First deadlines of several"),
                ("last_closes_date", "Last deadlines of several"),
            )
        ),
        *(
            days_between(
                column,
                OLDEST_WEB_DATE,
                as_of + MAX_AHEAD,
                f"{what} lie between 1990 and the audited day.",
                ASK_SOURCE,
                severity="warning",
            )
            for column, what in (("filed_at", "Filings"), ("updated_at", "Updates"), ("withdrawn_at", "Withdrawals"))
        ),
    )


def publisher_checks(_: date) -> tuple[Check, ...]:
    """Expectations on the publishers inside `raw.document_parses`."""
    return (
        present("name", "Every publisher has a name.", MEND_PARSER),
        lengths_between("name", 1, MAX_TITLE_CHARS, "Names of publishers hold 1 to 2,000 characters.", MEND_PARSER),
        safe_line("name", "No control or invisible character is left in a publisher's name.", MEND_PARSER),
    )


def identifier_checks(_: date) -> tuple[Check, ...]:
    """Expectations on the identifiers inside `raw.document_parses`."""
    return (
        known(
            "scheme",
            words.IDENTIFIER_SCHEMES,
            "Identifiers use the schemes of the contract.",
            "Add the scheme to the contract and to quality/vocabularies, or mend the parser.",
            severity="warning",
        ),
        present("value", "Every identifier has a value.", MEND_PARSER),
        matches("value", words.WORDS, "Identifiers are lines without blanks at their ends.", MEND_PARSER),
    )


def relation_checks(_: date) -> tuple[Check, ...]:
    """Expectations on the relations inside `raw.document_parses`."""
    return (
        known(
            "relation",
            words.STATED_RELATIONS,
            "Stated relations are known words.",
            "Add the word to quality/vocabularies and to the model that reads it, or mend the parser.",
            severity="warning",
        ),
        present("target_value", "Every stated relation names its target.", MEND_PARSER),
        present("quote", "Every stated relation quotes the source.", MEND_PARSER),
    )


def amount_checks(_: date) -> tuple[Check, ...]:
    """Expectations on the amounts inside `raw.document_parses`."""
    return (
        present("kind", "Every amount says what kind of money it is.", MEND_PARSER),
        known("kind", words.AMOUNT_KINDS, "Kinds of amounts are words of the vocabulary.", MEND_PARSER),
        matches("currency", words.CURRENCY, "Currencies are three capital letters (ISO 4217).", MEND_PARSER),
        low_not_above_high(MEND_PARSER),
        between(
            "size",
            0,
            MAX_AMOUNT,
            "No amount is above a hundred trillion: such a number is an identifier.",
            ASK_SOURCE,
            name="size_plausible",
            severity="warning",
        ),
        present("raw", "Every amount keeps the source's own text.", MEND_PARSER),
    )


def _list_query(column: str, fields: str) -> str:
    keys = ", ".join(_KEY)
    return f"""
        with latest as ({_LATEST})
        select {keys}, {fields} from (select {keys}, unnest({column}) as item from latest)
    """


SUITES = (
    Suite(
        name="raw_documents",
        table="raw.document_parses",
        border="raw",
        key=_KEY,
        query=f"""
            with latest as ({_LATEST})
            select
                source_id, document_id, version_no, native_id, parser_version, depth, availability, language, url,
                title, title is null and availability not in ('gone', 'redirected') as lacks_title,
                {is_unsafe("abstract")} as abstract_is_unsafe,
                {is_unsafe("body")} as body_is_unsafe,
                len(list_filter(attachments, lambda item: not regexp_matches(coalesce(item.url, ''), '{words.URL}')))
                    as bad_attachments,
                {day("published_date")} as published_date,
                case when document_id like 'fr:%' then {day("published_date")} end as federal_register_date,
                case when document_id not like 'fr:%' then {day("published_date")} end as other_published_date,
                {day("signed_date")} as signed_date,
                {day("effective_date")} as effective_date,
                {day("comments_open_date")} as comments_open_date,
                {day("comments_close_date")} as comments_close_date,
                {day("closes_date")} as closes_date,
                {day("list_min(closes_dates)")} as first_closes_date,
                {day("list_max(closes_dates)")} as last_closes_date,
                {day("filed_at")} as filed_at,
                {day("updated_at")} as updated_at,
                {day("withdrawn_at")} as withdrawn_at
            from latest
        """,
        build=document_checks,
    ),
    Suite(
        name="raw_publishers",
        table="raw.document_parses",
        border="raw",
        key=_KEY,
        query=_list_query("publishers", "item.name"),
        build=publisher_checks,
    ),
    Suite(
        name="raw_identifiers",
        table="raw.document_parses",
        border="raw",
        key=_KEY,
        query=_list_query("identifiers", "item.scheme, item.value"),
        build=identifier_checks,
    ),
    Suite(
        name="raw_relations",
        table="raw.document_parses",
        border="raw",
        key=_KEY,
        query=_list_query("relations", "item.relation, item.target.value as target_value, item.quote"),
        build=relation_checks,
    ),
    Suite(
        name="raw_amounts",
        table="raw.document_parses",
        border="raw",
        key=_KEY,
        query=_list_query(
            "amounts",
            "item.kind, item.low, item.high, item.currency, item.raw, greatest(abs(item.low), abs(item.high)) as size",
        ),
        build=amount_checks,
    ),
)
