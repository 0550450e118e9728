"""Parses as enrichment reads them: found by narrow keys, and whole only where something is due.

Belongs here: which parse of a version counts, with what people decided in place of what sources said, and where it
lies; and the share of documents that is looked at. Does not belong here: what is due (run.py, texts.py).
"""

from __future__ import annotations

import duckdb

from pipelines.warehouse import NEWEST_PARSER_FIRST

SHARES = 16
"""Into so many shares documents fall by their ids, for machines that enrich a lake beside each other."""
Share = int
"""The number of one of them, from 0 on."""

_KEYS = """
    select source_id, document_id, version_no, parser_version, rowid as place
    from raw.document_parses anti join overridden.versions using (source_id, document_id)
    where in_share(document_id)
    union all
    select source_id, document_id, version_no, parser_version, null from overridden.parses where in_share(document_id)
"""
"""Of decided parses, each with its row in raw.document_parses; one that was decided lies elsewhere."""


def choose_share(connection: duckdb.DuckDBPyConnection, share: Share | None) -> None:
    """Let the queries of a connection be about one share of all documents, or about all of them."""
    condition = "true" if share is None else f"md5_number_lower(document_id) % {SHARES} = {share:d}"
    connection.execute(f"create or replace temp macro in_share(document_id) as {condition}")


def newest_of(versions: str) -> str:
    """Query: source_id, document_id, version_no, parser_version and place of the parses that count of some versions.

    A version read by several parsers counts as the newest of them reads it ("us_federal_register/2" after ".../1").
    """
    return f"""
        select source_id, document_id, version_no, parser_version, place
        from ({_KEYS}) semi join ({versions}) as asked using (source_id, document_id, version_no)
        qualify row_number() over (
            partition by source_id, document_id, version_no
            order by {NEWEST_PARSER_FIRST}
        ) = 1
    """  # noqa: S608  queries of our own


def unread_by(done: str) -> str:
    """Query: the versions of which a parse is not among those that a query gives, keyed by parser_version too."""
    return f"""
        select distinct source_id, document_id, version_no
        from ({_KEYS}) anti join ({done}) as done using (source_id, document_id, version_no, parser_version)
    """  # noqa: S608  queries of our own


def whole(due: str) -> str:
    """Query: the whole parses that a query of `newest_of` names, read where they lie and nowhere else.

    A document that was given another id since, by another machine at a lake, is read under the one that it was due by.
    """
    return f"""
        select parse.* replace (due.document_id as document_id)
        from raw.document_parses as parse inner join ({due}) as due on parse.rowid = due.place
        union all by name
        select parse.* from overridden.parses as parse
        inner join ({due}) as due using (source_id, document_id, version_no, parser_version)
        where due.place is null
    """  # noqa: S608  queries of our own
