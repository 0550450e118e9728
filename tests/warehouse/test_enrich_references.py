"""References enter the warehouse beside disposition notes: found once, taken back when a newer parser differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.enrich import references
from pipelines.enrich.run import enrich

WAREHOUSE_SQL = Path(__file__).parents[2] / "pipelines" / "warehouse.sql"
ABSTRACT = "This document corrects the rule published on January 16, 2025 (90 FR 5298)."


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse."""
    with duckdb.connect() as connection:
        connection.execute(WAREHOUSE_SQL.read_text(encoding="utf-8"))
        yield connection


def add(connection: duckdb.DuckDBPyConnection, *, abstract: str, parser: int = 1, scheme: str = "fr_document") -> None:
    """Add version 1 of a correction, or another parser's reading of it."""
    if parser == 1:
        connection.execute(
            "insert into raw.document_versions by name select 'fr' as source_id, 'fr:1' as document_id,"
            " 1 as version_no, 'c' as content_sha256, 'source' as change_origin, false as is_history,"
            " timestamptz '2026-01-01' as first_seen_at, 'c1' as crawl_id, 'f1' as fetch_id, 'u' as fetched_url,"
            " 'p' as payload_sha256, 'w' as warc_file, 0 as warc_offset"
        )
    connection.execute(
        "insert into raw.document_parses by name select 'fr' as source_id, 'fr:1' as document_id, 1 as version_no,"
        " 'fr/' || $parser as parser_version, 'n' as native_id, 'full' as depth, 'available' as availability,"
        " 'Rule; Correction' as title, 'Final rule; correction.' as action, 'Rule' as document_type, 'en' as language,"
        " $abstract as abstract, [] as publishers,"
        " [{scheme: $scheme, value: '2025-02655'}, {scheme: 'fr_citation', value: '90 FR 9604'}] as identifiers,"
        " date '2025-02-14' as published_date, [] as relations, [] as amounts, [] as attachments, [] as translations,"
        " [] as change_history, [] as subjects, [] as text_flags, '{}' as source_fields, [] as unread_fields",
        {"parser": str(parser), "abstract": abstract, "scheme": scheme},
    )


def held(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """What the warehouse says."""
    return connection.execute(
        "select relation, target_scheme, target_value, target_date::varchar, field, quote, quote_start,"
        " extractor_version from enriched.relations"
    ).fetchall()


def test_references__are_rows_found_once(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, abstract=ABSTRACT)
    assert enrich(connection).new_relations == 1
    assert held(connection) == [
        ("corrects", "fr_citation", "90 FR 5298", "2025-01-16", "abstract", ABSTRACT, 0, references.EXTRACTOR_VERSION)
    ]
    again = enrich(connection)
    assert (again.new_relations, again.gone_relations) == (0, 0)


def test_references__a_newer_parser_takes_back_what_it_reads_otherwise(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, abstract=ABSTRACT)
    enrich(connection)
    add(connection, abstract="This corrects the rule itself, 90 FR 9604.", parser=2)
    again = enrich(connection)
    assert (again.new_relations, again.gone_relations) == (0, 1)
    assert held(connection) == []


def test_references__of_other_publications_are_not_read(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, abstract=ABSTRACT, scheme="govuk_content")
    assert enrich(connection).new_relations == 0
