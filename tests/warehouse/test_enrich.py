"""Enrichment over the raw schema: what is added once, what a second run leaves alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.enrich import dispositions, relevance
from pipelines.enrich.run import enrich

WAREHOUSE_SQL = Path(__file__).parents[2] / "pipelines" / "warehouse.sql"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(WAREHOUSE_SQL.read_text(encoding="utf-8"))
    return connection


def add_version(
    connection: duckdb.DuckDBPyConnection,
    document_id: str,
    *,
    title: str,
    note: str | None = None,
    version_no: int = 1,
    source_id: str = "us_federal_register",
    published: str = "2025-01-23",
) -> None:
    connection.execute(
        "insert into raw.document_versions by name select $source_id as source_id, $document_id as document_id,"
        " $version_no as version_no, 'c' as content_sha256, 'source' as change_origin, false as is_history,"
        " timestamptz '2026-01-01' as first_seen_at, 'c1' as crawl_id, 'f1' as fetch_id, 'u' as fetched_url,"
        " 'p' as payload_sha256, 'w' as warc_file, 0 as warc_offset",
        {"source_id": source_id, "document_id": document_id, "version_no": version_no},
    )
    add_parse(connection, document_id, title=title, note=note, version_no=version_no, source_id=source_id,
              published=published)  # fmt: skip


def add_parse(
    connection: duckdb.DuckDBPyConnection,
    document_id: str,
    *,
    title: str,
    note: str | None = None,
    version_no: int = 1,
    source_id: str = "us_federal_register",
    published: str = "2025-01-23",
    parser: int = 1,
) -> None:
    connection.execute(
        "insert into raw.document_parses by name select $source_id as source_id, $document_id as document_id,"
        " $version_no as version_no, $parser as parser_version, 'n' as native_id, 'full' as depth,"
        " 'available' as availability, $title as title, 'en' as language, [] as publishers, [] as identifiers,"
        " cast($published as date) as published_date, $note as disposition_notes, [] as relations, [] as amounts,"
        " [] as attachments, [] as translations, [] as change_history, [] as subjects, [] as text_flags,"
        " '{}' as source_fields, [] as unread_fields",
        {
            "source_id": source_id, "document_id": document_id, "version_no": version_no, "title": title, "note": note,
            "parser": f"{source_id}/{parser}", "published": published,
        },
    )  # fmt: skip


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_every_version_is_judged_once(connection: duckdb.DuckDBPyConnection) -> None:
    for number in range(5):
        add_version(connection, f"fr:{number}", title="Removing Barriers to Leadership in Artificial Intelligence")
    add_version(connection, "fr:9", title="Air Plan Approval; South Carolina")

    first, second = enrich(connection, batch_rows=2), enrich(connection)

    assert (first.new_relevance, second.new_relevance) == (6, 0)
    assert rows(connection, "select relevance, count(*) from enriched.relevance group by 1 order by 1") == [
        (0, 1),
        (2, 5),
    ]
    assert rows(connection, "select distinct extractor_version, vocabulary_sha256 from enriched.relevance") == [
        (relevance.EXTRACTOR_VERSION, first.vocabulary_sha256)
    ]


def test_a_new_version_is_judged_and_the_old_row_stays(connection: duckdb.DuckDBPyConnection) -> None:
    add_version(connection, "fr:1", title="Data")
    enrich(connection)
    add_version(connection, "fr:1", title="Data for Artificial Intelligence", version_no=2)
    assert enrich(connection).new_relevance == 1
    assert rows(connection, "select version_no, relevance from enriched.relevance order by 1") == [(1, 0), (2, 2)]


def test_who_publishes_and_what_is_touched_help_to_judge(connection: duckdb.DuckDBPyConnection) -> None:
    for number in ("fr:1", "fr:2", "fr:3"):
        add_version(connection, number, title="Licensing of Supercomputers")
    connection.execute(
        "update raw.document_parses set publishers = [{name: 'Industry and Security Bureau', native_id: null,"
        " slug: null, parent_id: null, url: null, raw_name: null}] where document_id = 'fr:1'"
    )
    connection.execute(
        "update raw.document_parses set identifiers = [{scheme: 'rin', value: '1'}, {scheme: 'cfr', value:"
        " '15 CFR 740'}] where document_id = 'fr:2'"
    )
    enrich(connection)
    assert rows(connection, "select document_id, relevance from enriched.relevance order by 1") == [
        ("fr:1", 2), ("fr:2", 2), ("fr:3", 0),
    ]  # fmt: skip


def test_a_new_extractor_adds_rows(connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    add_version(connection, "fr:1", title="Order", note="Revokes: EO 14110, October 30, 2023")
    enrich(connection)
    monkeypatch.setattr(relevance, "EXTRACTOR_VERSION", "relevance/999")
    monkeypatch.setattr(dispositions, "EXTRACTOR_VERSION", "dispositions/999")
    again = enrich(connection)
    assert (again.new_relevance, again.new_relations) == (1, 1)
    assert rows(connection, "select count(*) from enriched.relevance") == [(2,)]
    assert rows(connection, "select count(*) from enriched.relations") == [(2,)]


def test_relations_of_a_note_are_rows_in_printed_order(connection: duckdb.DuckDBPyConnection) -> None:
    note = "See: EO 13636, February 12, 2013\nRevoked in part by: EO 14148, January 20, 2025"
    add_version(connection, "fr:1", title="Order", note=note)
    assert enrich(connection).new_relations == 2
    assert rows(
        connection,
        "select position, relation, is_partial, target_scheme, target_value, target_date::varchar, field,"
        " quote_start from enriched.relations order by position",
    ) == [
        (0, "see", False, "eo", "13636", "2013-02-12", "disposition_notes", 0),
        (1, "revoked_by", True, "eo", "14148", "2025-01-20", "disposition_notes", 33),
    ]
    again = enrich(connection)
    assert (again.new_relations, again.gone_relations) == (0, 0)


def test_a_newer_parser_takes_back_what_it_reads_differently(connection: duckdb.DuckDBPyConnection) -> None:
    add_version(connection, "fr:1", title="Order", note="Revokes: EO 1, May 1, 1990; EO 2, May 1, 1990")
    enrich(connection)
    add_parse(connection, "fr:1", title="Order", note="Revokes: EO 2, May 1, 1990", parser=10)
    again = enrich(connection)
    assert (again.new_relations, again.gone_relations) == (1, 2)
    assert rows(connection, "select target_value from enriched.relations") == [("2",)]


def test_the_jurisdiction_of_a_term_comes_from_the_source(connection: duckdb.DuckDBPyConnection) -> None:
    title = "Promoting Super Intelligence in Schools"
    add_version(connection, "fr:1", title=title, published="2026-10-01")
    add_version(connection, "x:1", title=title, published="2026-10-01", source_id="agency")
    connection.execute(
        "insert into raw.sources by name select 'agency' as source_id, 'A' as title, 'A' as publisher,"
        " 'US' as jurisdiction, 'daily' as cadence, 'window' as listing, 'UTC' as time_zone, 'l' as licence, 1 as rank,"
        " 'p' as page, 'd' as description, 'recorded' as verified, 't' as terms, 'none' as official_count,"
        " 'none' as amendments"
    )
    add_version(connection, "uk:1", title=title, published="2026-10-01", source_id="uk_govuk")
    enrich(connection)
    assert rows(connection, "select document_id, relevance from enriched.relevance order by 1") == [
        ("fr:1", 2), ("uk:1", 0), ("x:1", 2),
    ]  # fmt: skip
