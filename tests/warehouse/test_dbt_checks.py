"""Every dbt test can fail: each on a built warehouse that was damaged for it alone.

A new singular test, or a generic one of a new kind, is red without a case here. Does not belong here: what the marts
hold (test_dbt_build.py), and that Dagster shows what dbt found (test_every_check.py).
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.warehouse_fixture import CLOUD_EXTENSION, DBT, build_warehouse, run_dbt

SINGULAR = {
    "amounts_are_bounded_in_order": "update marts.amounts set low = 2, high = 1",
    "document_numbers_are_not_used_twice_for_one_policy": f"""
        update marts.policy_documents set policy_id = 'us-fr-2024-01580' where document_id = '{CLOUD_EXTENSION}'
    """,
    "document_types_are_known": "update intermediate.int_documents__classified set instrument = null",
    "documents_about_ai_belong_to_a_policy": "update marts.documents set policy_id = null",
    "ended_policies_are_not_in_force": """
        update marts.policies set latest_status = 'in_force' where policy_id = 'us-eo-14110'
    """,
    "every_day_asked_for_is_covered": """
        insert into marts.source_coverage by name
        select 'us_grants_gov' as source_id, date '2025-01-19' as day, 'c' as crawl_id
    """,
    "every_edge_touches_a_policy": "update marts.policy_relations set from_policy_id = null, to_policy_id = null",
    "every_policy_has_one_lead": "update marts.policy_documents set role = 'member'",
    "every_version_is_parsed": "delete from staging.stg_documents where source_id = 'us_govinfo_fr'",
    "evidence_is_of_the_document_that_states_the_fact": "update marts.policy_events set document_id = 'fr:other'",
    "failed_looks_say_why": """
        insert into marts.source_coverage by name
        select 's' as source_id, date '2025-01-01' as day, 'could_not_look' as outcome, null as reason
    """,
    "filings_come_to_an_end": """
        update marts.document_sightings set last_seen_at = last_seen_at - interval 30 day
    """,
    "news_is_a_change_at_the_source": "update marts.document_versions set is_news = true",
    "no_source_is_silent_about_a_day": """
        insert into marts.source_coverage by name
        select 'uk_govuk' as source_id, date '1990-01-01' as day, 'checked' as outcome
    """,
    "no_policy_acts_on_itself": "update marts.policy_relations set to_identifier = from_identifier",
    "policies_about_ai_hold_a_document_about_ai": "update marts.documents set relevance = 0",
    "publications_have_their_texts_once": """
        insert into intermediate.int_documents__worded from intermediate.int_documents__worded
    """,
    "stated_relations_are_known": "update staging.stg_stated_relations set relation = 'befriends'",
    "uk_sessions_are_complete": """
        update staging.stg_documents set last_session_id = if(source_id = 'uk_govuk', 90, 91)
    """,
    "versions_have_their_texts_once": "delete from staging.stg_texts where source_id = 'us_govinfo_fr'",
    "versions_are_numbered_without_gaps": "delete from marts.document_versions where version_no = 1",
}
"""By test, what makes the built warehouse wrong for it."""

WHERE = {
    "not_null_source_coverage_crawl_id": {"outcome": "checked"},
    "topics_of_facets_are_known": {"facet": "topic"},
    "instruments_of_facets_are_known": {"facet": "instrument"},
}
"""By test that looks at some rows alone, what makes a row one of them."""
MANIFEST = json.loads((DBT / "target" / "manifest.json").read_text(encoding="utf-8"))
ODD = {
    "varchar": "'~{name}'",
    "boolean": "true",
    "date": "date '1800-01-01'",
    "timestamp with time zone": "timestamptz '1800-01-01 00:00:00Z'",
}
"""By type, a value that no table holds, different in each column where it can be; of other types a number as text."""


def generic_damages(node: dict[str, Any]) -> list[str]:
    """Statements that break a generic test by rows of its table; none where the test is singular or of a new kind."""
    about, column = node.get("test_metadata"), str(node.get("column_name"))
    if not about:
        return []
    match about["name"]:
        case "filled":
            return [_insert(node, dict.fromkeys(about["kwargs"]["columns"], "null"))]
        case "not_null":
            return [_insert(node, {column: "null"})]
        case "accepted_values" | "relationships":
            return [_insert(node, {column: _odd(node, column)})]
        case "unique":
            return [_insert(node, {column: _odd(node, column)})] * 2
        case "unique_combination":
            return [_insert(node, {name: _odd(node, name) for name in about["kwargs"]["columns"]})] * 2
        case _:
            return []


def _odd(node: dict[str, Any], column: str) -> str:
    table = MANIFEST["nodes"][node["attached_node"]]
    name = f"{table['name']}.{column}"
    kind = table["columns"].get(column, {}).get("data_type")
    return ODD.get(kind, "'-{number}'").format(name=name, number=zlib.crc32(name.encode()) % 1_000_000)


def _insert(node: dict[str, Any], values: dict[str, str]) -> str:
    """A row of the tested table with these values, and nothing else but what the test's condition asks for."""
    table = MANIFEST["nodes"][node["attached_node"]]
    row = {**{name: f"'{value}'" for name, value in WHERE.get(node["name"], {}).items()}, **values}
    return f"insert into {table['schema']}.{table['name']} ({', '.join(row)}) values ({', '.join(row.values())})"


def freeze_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Put a table of the same rows in place of each view, so that it can be damaged like the others.

    Those of the schema raw stay: opening the warehouse makes them anew from tables that can be damaged.
    """
    views = connection.execute(
        "select schema_name || '.' || view_name from duckdb_views()"
        " where not internal and schema_name <> 'raw' order by all"
    ).fetchall()
    for (view,) in views:
        connection.execute(f"create table {view}_frozen as from {view}")
    for (view,) in views:
        connection.execute(f"drop view {view}")
        connection.execute(f"alter table {view}_frozen rename to {view.partition('.')[2]}")


@pytest.fixture(scope="module")
def tests_of_dbt(folder: Path) -> list[dict[str, Any]]:
    """The tests of the project, as dbt compiled them for the built warehouse."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


@pytest.fixture(scope="module")
def copy(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built warehouse under its own name, which the compiled tests bear, of tables alone."""
    path = Path(shutil.copy(folder / "warehouse.duckdb", tmp_path_factory.mktemp("damaged") / "warehouse.duckdb"))
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        freeze_views(connection)
    return path


@pytest.fixture
def warehouse(copy: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The copy; what a test does to it is taken back."""
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.begin()
        yield connection
        connection.rollback()


def assert_fails(warehouse: duckdb.DuckDBPyConnection, node: dict[str, Any], *damages: str) -> None:
    """The test finds more on the damaged warehouse than on the good one."""
    good = len(warehouse.execute(node["compiled_code"]).fetchall())
    assert good == 0 or node["config"]["severity"].lower() == "warn"
    for damage in damages:
        warehouse.execute(damage)
    assert len(warehouse.execute(node["compiled_code"]).fetchall()) > good


def test_every_test__has_a_case(tests_of_dbt: list[dict[str, Any]]) -> None:
    singular = {node["name"] for node in tests_of_dbt if not generic_damages(node)}
    assert singular == set(SINGULAR)


@pytest.mark.parametrize("name", SINGULAR)
def test_singular_test__fails_on_bad_data(
    tests_of_dbt: list[dict[str, Any]], warehouse: duckdb.DuckDBPyConnection, name: str
) -> None:
    assert_fails(warehouse, next(node for node in tests_of_dbt if node["name"] == name), SINGULAR[name])


def test_each_generic_test__fails_on_bad_data(tests_of_dbt: list[dict[str, Any]], copy: Path) -> None:
    with duckdb.connect(str(copy)) as warehouse:
        warehouse.execute("set TimeZone = 'UTC'")
        for node in tests_of_dbt:
            if node.get("test_metadata"):
                warehouse.begin()
                assert_fails(warehouse, node, *generic_damages(node))
                if node["test_metadata"]["name"] == "filled":
                    found = {row[0] for row in warehouse.execute(node["compiled_code"]).fetchall()}
                    assert ", ".join(node["test_metadata"]["kwargs"]["columns"]) in found, "each column is looked at"
                warehouse.rollback()


def test_build__ends_badly_when_a_test_fails(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("delete from enriched.relevance where document_id = 'grants-gov:359671'")
    check = "filled_documents"
    result = run_dbt(
        "build", tmp_path / "warehouse.duckdb", tmp_path / "target", "--select", f"+{check}", "--exclude-resource-type",
        "unit_test", "--indirect-selection", "buildable",
    )  # fmt: skip
    assert result.returncode == 1
    assert check in result.stdout
