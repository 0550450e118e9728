"""Enrich what the warehouse holds and has not enriched yet.

Belongs here: which versions are due, batches, and rows into enriched.*. Does not belong here: any judgement (the
sibling modules make it) and any transaction or connection handling (the caller's).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.enrich import dispositions, references, relevance
from pipelines.enrich.dispositions import parse_dispositions
from pipelines.enrich.parses import Share, choose_share, newest_of, unread_by, whole
from pipelines.enrich.references import OfficialText, parse_references
from pipelines.enrich.relevance import Vocabulary, judge
from pipelines.enrich.texts import read_texts, reader_version

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
    "until_date": pl.Date,
    "field": pl.String,
    "quote": pl.String,
    "quote_start": pl.Int64,
}
_RELATION_COLUMNS = ", ".join(_RELATION_SCHEMA)
_RELEVANCE_COLUMNS = ", ".join(relevance.OUTPUT_SCHEMA)

_ORIGIN = """
    array_to_string(
        list_concat(
            [publisher.name for publisher in publishers if publisher.name is not null],
            [identifier.value for identifier in identifiers if identifier.scheme = 'cfr']
        ),
        '; '
    )
"""
"""Who publishes and which parts of the regulations are touched: "Industry and Security Bureau; 15 CFR 740"."""

_OFFICIAL_TEXTS = f"""
    -- Materialized, or the patterns would be tried on every document before the few that are due are chosen.
    with due as materialized ({whole("from relations_due")})
    select
        source_id, document_id, version_no, document_type, title, action, abstract, dates_note,
        left(body, $body_chars) as body, published_date,
        [identifier.value for identifier in identifiers if identifier.scheme in ('fr_document', 'fr_citation')]
    from due
    where
        list_contains(list_transform(identifiers, lambda identifier: identifier.scheme), 'fr_document')
        and regexp_matches(
            concat_ws(chr(10), document_type, title, action, abstract, left(body, 1500)), $may_refer, 'i'
        )
        and regexp_matches(
            concat_ws(chr(10), title, abstract, dates_note, left(body, $body_chars)), $may_name, 'i'
        )
    order by source_id, document_id, version_no
"""
"""What may act on an earlier document of the Federal Register or carry out an order; few documents do."""

_RELATED = """
    select source_id, document_id, version_no, parser_version from enriched.relation_readings
    where extractor_version = $version
"""

_RELATIONS_DUE = f"""
    create or replace temp table relations_due as
    from ({newest_of(unread_by(_RELATED))})
    semi join raw.decided_versions using (source_id, document_id, version_no)
    anti join ({_RELATED}) as done using (source_id, document_id, version_no, parser_version)
"""

_UNJUDGED = """
    select source_id, document_id, version_no from raw.decided_versions
    anti join (
        select source_id, document_id, version_no from enriched.relevance
        where extractor_version = $extractor_version and vocabulary_sha256 = $vocabulary_sha256
    ) as judged using (source_id, document_id, version_no)
"""

_RELEVANCE_DUE = f"create or replace temp table relevance_due as {newest_of(_UNJUDGED)} order by place"

_RELEVANT = """
    select source_id, document_id, version_no from enriched.relevance
    where extractor_version = '{}' and vocabulary_sha256 = '{}' and relevance >= 1
"""
"""Versions that this extractor with this vocabulary holds to be about AI; both names are our own."""

_PREFIX_JURISDICTION = """
    case split_part(parse.source_id, '_', 1)
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
    references_version: str
    new_text_rows: dict[str, int]
    """Rows added by what running text says: obligations, amounts, relations, and the readings themselves."""
    reader_version: str


def enrich(
    connection: duckdb.DuckDBPyConnection, batch_rows: int = BATCH_ROWS, share: Share | None = None
) -> EnrichResult:
    """Judge every version not yet judged by this extractor with this vocabulary, and read its stated relations.

    Idempotent: a second call adds nothing. Rows of older extractors and vocabularies stay; the newest wins downstream.
    With a share, only documents of that one are looked at; no two processes may be at one share.
    """
    choose_share(connection, share)
    vocabulary = Vocabulary()
    noted = _relate(connection, dispositions.EXTRACTOR_VERSION, _noted_relations)
    referred = _relate(connection, references.EXTRACTOR_VERSION, _referred_relations)
    judged = _judge_pending(connection, vocabulary, batch_rows)
    relevant = _RELEVANT.format(relevance.EXTRACTOR_VERSION, vocabulary.sha256)
    return EnrichResult(
        new_relevance=judged,
        new_relations=noted[0] + referred[0],
        gone_relations=noted[1] + referred[1],
        relevance_version=relevance.EXTRACTOR_VERSION,
        vocabulary_sha256=vocabulary.sha256,
        dispositions_version=dispositions.EXTRACTOR_VERSION,
        references_version=references.EXTRACTOR_VERSION,
        new_text_rows=read_texts(connection, relevant),
        reader_version=reader_version(),
    )


def _judge_pending(connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, batch_rows: int) -> int:
    connection.execute(
        _RELEVANCE_DUE, {"extractor_version": relevance.EXTRACTOR_VERSION, "vocabulary_sha256": vocabulary.sha256}
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
    connection.execute("drop table relevance_due")
    return total


def _pending_batches(connection: duckdb.DuckDBPyConnection, batch_rows: int) -> Iterator[pl.DataFrame]:
    (rows,) = connection.execute("select count(*) from relevance_due").fetchone() or (0,)
    for first in range(0, rows, batch_rows):
        due = f"from relevance_due where rowid >= {first} and rowid < {first + batch_rows}"
        batch = connection.execute(
            f"""
            select
                parse.source_id, document_id, version_no, title, abstract, body, published_date,
                {_ORIGIN} as origin, coalesce(source.jurisdiction, {_PREFIX_JURISDICTION}) as jurisdiction
            from ({whole(due)}) as parse
            left join (select source_id, jurisdiction from raw.sources) as source using (source_id)
            """
        )
        yield pl.DataFrame(batch.to_arrow_table())


def _relate(
    connection: duckdb.DuckDBPyConnection,
    extractor_version: str,
    read: Callable[[duckdb.DuckDBPyConnection], Iterator[tuple[object, ...]]],
) -> tuple[int, int]:
    """Bring enriched.relations of an extractor to what the newest parses state; rows added and rows taken back.

    ``read`` is asked for the versions in the table ``relations_due``: those that this extractor has not read as their
    newest parser gives them.
    """
    version = {"version": extractor_version}
    connection.execute(_RELATIONS_DUE, version)
    stated = pl.DataFrame(list(read(connection)), schema=_RELATION_SCHEMA, orient="row")
    connection.register("stated_relations", stated.to_arrow())
    held = f"""
        select {_RELATION_COLUMNS} from enriched.relations
        semi join relations_due using (source_id, document_id, version_no) where extractor_version = $version
    """
    now = f"select {_RELATION_COLUMNS} from stated_relations"
    connection.execute(f"create or replace temp table relations_gone as {held} except {now}", version)
    connection.execute(f"create or replace temp table relations_new as {now} except {held}", version)
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
    connection.execute(
        """
        delete from enriched.relation_readings as done using relations_due as due
        where (done.source_id, done.document_id, done.version_no, done.extractor_version)
            = (due.source_id, due.document_id, due.version_no, $version)
        """,
        version,
    )
    connection.execute(
        """
        insert into enriched.relation_readings by name
        select * exclude (place), $version as extractor_version from relations_due
        """,
        version,
    )
    (gone,) = connection.execute("select count(*) from relations_gone").fetchone() or (0,)
    (new,) = connection.execute("select count(*) from relations_new").fetchone() or (0,)
    for table in ("relations_gone", "relations_new", "relations_due"):
        connection.execute(f"drop table {table}")
    connection.unregister("stated_relations")
    return new, gone


def _noted_relations(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    notes = connection.execute(
        f"""
        select source_id, document_id, version_no, disposition_notes
        from ({whole("from relations_due")})
        where disposition_notes is not null
        order by all
        """
    ).fetchall()
    for *key, note in notes:
        for position, stated in enumerate(parse_dispositions(note)):
            yield (
                *key,
                dispositions.EXTRACTOR_VERSION,
                position,
                stated.relation,
                stated.is_partial,
                stated.target_scheme,
                stated.target_value,
                stated.target_date,
                None,
                "disposition_notes",
                stated.quote,
                stated.quote_start,
            )


def _referred_relations(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    documents = connection.execute(
        _OFFICIAL_TEXTS,
        {"body_chars": references.BODY_CHARS, "may_refer": references.MAY_REFER, "may_name": references.MAY_NAME},
    )
    while batch := documents.fetchmany(BATCH_ROWS):
        for *key, document_type, title, action, abstract, dates_note, body, published_date, own_names in batch:
            text = OfficialText(
                document_type=document_type,
                title=title,
                action=action,
                abstract=abstract,
                dates_note=dates_note,
                body=body,
                own_names=frozenset(own_names),
                published_date=published_date,
            )
            for position, reference in enumerate(parse_references(text)):
                yield (
                    *key,
                    references.EXTRACTOR_VERSION,
                    position,
                    reference.relation,
                    reference.is_partial,
                    reference.target_scheme,
                    reference.target_value,
                    reference.target_date,
                    reference.until_date,
                    reference.field,
                    reference.quote,
                    reference.quote_start,
                )
