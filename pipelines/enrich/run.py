"""Enrich what the warehouse holds and has not enriched yet.

Belongs here: which versions are due, batches, and rows into enriched.*. Does not belong here: any judgement (the
sibling modules make it) and any transaction or connection handling (the caller's).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.enrich import dispositions, relevance
from pipelines.enrich.dispositions import parse_dispositions
from pipelines.enrich.relevance import Vocabulary, judge

BATCH_ROWS = 20_000

_RELATION_SCHEMA = {
    "source_id": pl.String,
    "document_id": pl.String,
    "version_no": pl.Int64,
    "extractor_version": pl.String,
    "position": pl.Int64,
    "relation": pl.String,
    "is_partial": pl.Boolean,
    "target_scheme": pl.String,
    "target_value": pl.String,
    "target_date": pl.Date,
    "field": pl.String,
    "quote": pl.String,
    "quote_start": pl.Int64,
}
_RELATION_COLUMNS = ", ".join(_RELATION_SCHEMA)
_RELEVANCE_COLUMNS = ", ".join(relevance.OUTPUT_SCHEMA)

_LATEST_PARSE = """
    select * from raw.document_parses
    qualify row_number() over (
        partition by source_id, document_id, version_no
        order by try_cast(regexp_extract(parser_version, '([0-9]+)$', 1) as bigint) desc nulls last, parser_version desc
    ) = 1
"""
"""A version read by several parsers counts as the newest of them reads it ("us_federal_register/2" after ".../1")."""

_PENDING = f"""
    create or replace temp table relevance_pending as
    select source_id, document_id, version_no, title, abstract, body, published_date
    from ({_LATEST_PARSE}) as parse
    semi join raw.document_versions using (source_id, document_id, version_no)
    anti join (
        select source_id, document_id, version_no from enriched.relevance
        where extractor_version = $extractor_version and vocabulary_sha256 = $vocabulary_sha256
    ) as judged using (source_id, document_id, version_no)
"""

_PREFIX_JURISDICTION = """
    case split_part(pending.source_id, '_', 1)
        when 'us' then 'US' when 'uk' then 'GB' when 'eu' then 'EU' when 'ca' then 'CA'
    end
"""
"""For a source that is not registered yet."""


@dataclass(frozen=True)
class EnrichResult:
    """What one run added, and with which extractors."""

    new_relevance: int
    new_relations: int
    gone_relations: int
    """Rows of the same extractor taken back because a newer parser reads the note differently."""
    relevance_version: str
    vocabulary_sha256: str
    dispositions_version: str


def enrich(connection: duckdb.DuckDBPyConnection, batch_rows: int = BATCH_ROWS) -> EnrichResult:
    """Judge every version not yet judged by this extractor with this vocabulary, and read its stated relations.

    Idempotent: a second call adds nothing. Rows of older extractors and vocabularies stay; the newest wins downstream.
    """
    vocabulary = Vocabulary()
    new_relations, gone_relations = _relate(connection)
    return EnrichResult(
        new_relevance=_judge_pending(connection, vocabulary, batch_rows),
        new_relations=new_relations,
        gone_relations=gone_relations,
        relevance_version=relevance.EXTRACTOR_VERSION,
        vocabulary_sha256=vocabulary.sha256,
        dispositions_version=dispositions.EXTRACTOR_VERSION,
    )


def _judge_pending(connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, batch_rows: int) -> int:
    connection.execute(
        _PENDING, {"extractor_version": relevance.EXTRACTOR_VERSION, "vocabulary_sha256": vocabulary.sha256}
    )
    total = 0
    for batch in _pending_batches(connection, batch_rows):
        judged = judge(batch, vocabulary)
        connection.register("judged_batch", judged.to_arrow())
        connection.execute(
            f"insert into enriched.relevance ({_RELEVANCE_COLUMNS}) select {_RELEVANCE_COLUMNS} from judged_batch"
        )
        connection.unregister("judged_batch")
        total += judged.height
    connection.execute("drop table relevance_pending")
    return total


def _pending_batches(connection: duckdb.DuckDBPyConnection, batch_rows: int) -> Iterator[pl.DataFrame]:
    (rows,) = connection.execute("select count(*) from relevance_pending").fetchone() or (0,)
    for first in range(0, rows, batch_rows):
        batch = connection.execute(
            f"""
            select pending.*, coalesce(source.jurisdiction, {_PREFIX_JURISDICTION}) as jurisdiction
            from relevance_pending as pending
            left join raw.sources as source using (source_id)
            where pending.rowid >= $first and pending.rowid < $last
            """,
            {"first": first, "last": first + batch_rows},
        )
        yield pl.DataFrame(batch.to_arrow_table())


def _relate(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Bring enriched.relations of this extractor to what the newest parses state; rows added and rows taken back."""
    notes = connection.execute(
        f"""
        select source_id, document_id, version_no, disposition_notes
        from ({_LATEST_PARSE}) as parse
        semi join raw.document_versions using (source_id, document_id, version_no)
        where disposition_notes is not null
        order by all
        """
    ).fetchall()
    stated = pl.DataFrame(
        [row for note in notes for row in _relation_rows(*note)], schema=_RELATION_SCHEMA, orient="row"
    )
    connection.register("stated_relations", stated.to_arrow())
    held = f"select {_RELATION_COLUMNS} from enriched.relations where extractor_version = $version"
    read = f"select {_RELATION_COLUMNS} from stated_relations"
    version = {"version": dispositions.EXTRACTOR_VERSION}
    connection.execute(f"create or replace temp table relations_gone as {held} except {read}", version)
    connection.execute(f"create or replace temp table relations_new as {read} except {held}", version)
    connection.execute(
        """
        delete from enriched.relations as held using relations_gone as gone
        where (held.source_id, held.document_id, held.version_no, held.extractor_version, held.position)
            = (gone.source_id, gone.document_id, gone.version_no, gone.extractor_version, gone.position)
        """
    )
    connection.execute(
        f"""
        insert into enriched.relations ({_RELATION_COLUMNS})
        select {_RELATION_COLUMNS} from relations_new order by all
        """
    )
    (gone,) = connection.execute("select count(*) from relations_gone").fetchone() or (0,)
    (new,) = connection.execute("select count(*) from relations_new").fetchone() or (0,)
    connection.execute("drop table relations_gone")
    connection.execute("drop table relations_new")
    connection.unregister("stated_relations")
    return new, gone


def _relation_rows(source_id: str, document_id: str, version_no: int, note: str) -> Iterator[tuple[object, ...]]:
    for position, stated in enumerate(parse_dispositions(note)):
        yield (
            source_id,
            document_id,
            version_no,
            dispositions.EXTRACTOR_VERSION,
            position,
            stated.relation,
            stated.is_partial,
            stated.target_scheme,
            stated.target_value,
            stated.target_date,
            "disposition_notes",
            stated.quote,
            stated.quote_start,
        )
