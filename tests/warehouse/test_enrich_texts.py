"""What running text says becomes rows once, of documents about AI alone, and follows parsers and judgements."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.enrich import money, relevance, texts
from pipelines.enrich.parses import SHARES
from pipelines.enrich.run import enrich
from tests.warehouse.test_enrich import WAREHOUSE_SQL, add_parse, add_version, rows

BODY = (
    "Sec. 2. Plan. Within 90 days of the date of this order, the Secretary of Commerce shall report on artificial "
    "intelligence. Executive Order 13960 of December 3, 2020, is hereby revoked. Up to $2 million a year is available."
)
TITLE = "Safe Use of Artificial Intelligence"


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    connection.execute(WAREHOUSE_SQL.read_text(encoding="utf-8"))
    connection.execute(
        "insert into raw.sources by name select 'us_federal_register' as source_id, 'US' as jurisdiction, 't' as title,"
        " 'p' as publisher, 'daily' as cadence, 'window' as listing, 'UTC' as time_zone, 'l' as licence, 1 as rank,"
        " 'u' as page, 'd' as description, 'recorded' as verified, 't' as terms, 'n' as official_count,"
        " 'n' as amendments"
    )
    return connection


def add_order(connection: duckdb.DuckDBPyConnection, title: str = TITLE, body: str = BODY, parser: int = 1) -> None:
    if parser == 1:
        add_version(connection, "fr:1", title=title)
    else:
        add_parse(connection, "fr:1", title=title, parser=parser)
    connection.execute(
        "update raw.document_parses set body = ?, signed_date = date '2023-10-30',"
        " identifiers = [{scheme: 'eo', value: '14110'}] where parser_version = ?",
        [body, f"us_federal_register/{parser}"],
    )


def test_duties_amounts_and_relations_are_rows_with_their_words(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection)
    added = enrich(connection).new_text_rows
    assert added == {"obligations": 1, "amounts": 1, "dates": 0, "relations": 1, "facets": 3, "readings": 1}
    assert rows(connection, "select actor, period, due_date::varchar, field from enriched.obligations") == [
        ("Secretary of Commerce", "P90D", "2024-01-28", "body")
    ]
    assert rows(connection, "select kind, low, high::bigint, currency, qualifier, period from enriched.amounts") == [
        ("available", None, 2_000_000, "USD", "Up to; a year", "a year")
    ]
    assert rows(connection, "select relation, target_scheme, target_value from enriched.relations") == [
        ("revokes", "eo", "13960")
    ]
    quotes = [(table, "quote", "quote_start") for table in ("obligations", "amounts", "relations")]
    for table, quote, start in [*quotes, ("amounts", "said", "said_start")]:
        quoted = (
            f"select {quote} = substr(body, {start} + 1, length({quote})) from enriched.{table}, raw.document_parses"
        )
        assert rows(connection, quoted) == [(True,)], table
    assert rows(connection, "select is_part, length(said) > length(quote) from enriched.amounts") == [(False, True)]


def test_facets__are_rows_with_their_rule_and_words(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection, title="Memorandum of Understanding between the UK and Anthropic on AI in Hospitals")
    connection.execute("update raw.document_parses set identifiers = []")
    enrich(connection)
    assert rows(connection, "select facet, value, name, quote, quote_start from enriched.facets order by position") == [
        ("instrument", "agreement", None, "Memorandum of Understanding", 0),
        ("topic", "health", None, "Hospitals", 66),
        ("party", "GB", "UK", "UK", 40),
        ("party", None, "Anthropic", "Anthropic", 47),
    ]
    assert rows(connection, "select count(*) from enriched.facets where rule is null or field <> 'title'") == [(0,)]


def test_days__have_a_role_or_stay_as_open_as_the_words_leave_them(connection: duckdb.DuckDBPyConnection) -> None:
    body = "Artificial intelligence. The rule takes effect on March 1, 2026. Last month it was praised; on Friday, not."
    add_order(connection, body=body)
    connection.execute("update raw.document_parses set published_date = date '2025-02-10'")
    enrich(connection)
    found = (
        "select role, first_date::varchar, last_date::varchar, is_relative, quote from enriched.dates order by position"
    )
    assert rows(connection, found) == [
        ("effective", "2026-03-01", "2026-03-01", False, "takes effect on March 1, 2026"),
        ("mentioned", "2025-01-01", "2025-01-31", True, "Last month"),
        ("mentioned", None, None, True, "on Friday"),
    ]


def test_a_second_run_reads_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection)
    enrich(connection)
    assert set(enrich(connection).new_text_rows.values()) == {0}


def test_a_reading_that_is_cut_short_is_done_again_whole(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_order(connection)
    append = texts._append

    def cut(connection: duckdb.DuckDBPyConnection, table: str, found: pl.DataFrame) -> None:
        if table == "amounts":
            raise KeyboardInterrupt
        append(connection, table, found)

    with monkeypatch.context() as patched:
        patched.setattr(texts, "_append", cut)
        with pytest.raises(KeyboardInterrupt):
            enrich(connection)
    added = enrich(connection).new_text_rows
    assert added == {"obligations": 1, "amounts": 1, "dates": 0, "relations": 1, "facets": 3, "readings": 1}


def test_documents_are_read_in_shares_or_all_at_once(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection)
    for number in range(2, 40):
        add_version(connection, f"fr:{number}", title=TITLE)
    shares = [enrich(connection, share=share).new_text_rows["readings"] for share in range(SHARES)]
    assert sum(shares) == 39
    assert len([number for number in shares if number]) > SHARES / 2
    assert set(enrich(connection).new_text_rows.values()) == {0}


def test_documents_that_are_not_about_ai_are_not_read(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection, title="Air Plan Approval", body=BODY.replace("artificial intelligence", "air"))
    assert set(enrich(connection).new_text_rows.values()) == {0}


def test_a_new_parse_is_read_in_place_of_the_old(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection)
    enrich(connection)
    add_order(connection, body=BODY.replace("90 days", "60 days"), parser=2)
    assert enrich(connection).new_text_rows["readings"] == 1
    assert rows(connection, "select period from enriched.obligations") == [("P60D",)]
    assert rows(connection, "select parser_version from enriched.readings") == [("us_federal_register/2",)]


def test_a_new_extractor_reads_all_again(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_order(connection)
    enrich(connection)
    monkeypatch.setattr(money, "EXTRACTOR_VERSION", "money/999")
    assert enrich(connection).new_text_rows["readings"] == 1
    assert rows(connection, "select extractor_version from enriched.amounts") == [("money/999",)]


def test_what_is_no_longer_held_to_be_about_ai_is_taken_back(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_order(connection)
    enrich(connection)
    monkeypatch.setattr(relevance, "EXTRACTOR_VERSION", "relevance/999")
    connection.execute("update raw.document_parses set title = 'Air', body = 'Air.', parser_version = 'p/2'")
    enrich(connection)
    for table in ("obligations", "amounts", "relations", "readings"):
        assert rows(connection, f"select count(*) from enriched.{table}") == [(0,)], table


def test_a_hold__is_a_row_with_its_last_day(connection: duckdb.DuckDBPyConnection) -> None:
    add_order(connection, body="Section 4 of Executive Order 13960 on AI is hereby suspended until May 1, 2024.")
    enrich(connection)
    query = "select relation, target_value, is_partial, until_date::varchar from enriched.relations"
    assert rows(connection, query) == [("suspends", "13960", True, "2024-05-01")]


def test_a_law_named_as_the_title_is_the_document_itself(connection: duckdb.DuckDBPyConnection) -> None:
    title = "National Artificial Intelligence Initiative Act of 2020"
    add_order(connection, title=title, body=f"This Act may be cited as the {title}. It is about AI.")
    enrich(connection)
    assert rows(connection, "select target_value from enriched.relations") == []


def test_many_texts__are_read_by_several_processes_to_the_same_rows_in_the_same_order(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add_version(connection, f"fr:{number}", title=TITLE)
    connection.execute("update raw.document_parses set body = ? || document_id", [BODY])
    enrich(connection)
    tables = ("obligations", "amounts", "relations", "facets", "readings")
    alone = {table: rows(connection, f"from enriched.{table}") for table in tables}
    for table in tables:
        connection.execute(f"delete from enriched.{table}")
    monkeypatch.setattr(texts, "MANY_DOCUMENTS", 1)
    monkeypatch.setattr(texts, "BATCH_DOCUMENTS", 1)
    enrich(connection)
    assert {table: rows(connection, f"from enriched.{table}") for table in tables} == alone
    assert len(alone["readings"]) == 5
