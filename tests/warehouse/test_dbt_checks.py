"""Every dbt test can fail: each singular one and each generic kind on a built warehouse that was damaged for it.

A new singular test without a case here is red. Does not belong here: what the marts hold (test_dbt_build.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.warehouse_fixture import CLOUD_EXTENSION, build_warehouse, run_dbt

SINGULAR = {
    "amounts_are_bounded_in_order": "update marts.amounts set low = 2, high = 1",
    "document_numbers_are_not_used_twice_for_one_policy": f"""
        update marts.policy_documents set policy_id = 'us-fr-2024-01580' where document_id = '{CLOUD_EXTENSION}'
    """,
    "document_types_are_known": "update intermediate.int_documents__classified set instrument = null",
    "ended_policies_are_not_in_force": """
        update marts.policies set latest_status = 'in_force' where policy_id = 'us-eo-14110'
    """,
    "every_day_asked_for_is_covered": """
        drop view marts.source_coverage;
        create table marts.source_coverage as
        select 'us_grants_gov' as source_id, date '2025-01-19' as day, 'c' as crawl_id
    """,
    "every_edge_touches_a_policy": "update marts.policy_relations set from_policy_id = null, to_policy_id = null",
    "every_policy_has_one_lead": "update marts.policy_documents set role = 'member'",
    "every_version_is_parsed": "delete from staging.stg_documents where source_id = 'us_govinfo_fr'",
    "evidence_is_of_the_document_that_states_the_fact": "update marts.policy_events set document_id = 'fr:other'",
    "failed_looks_say_why": """
        drop view marts.source_coverage;
        create table marts.source_coverage as
        select 's' as source_id, date '2025-01-01' as day, 'could_not_look' as outcome, null as reason
    """,
    "filings_come_to_an_end": """
        update raw.document_sightings set last_seen_at = last_seen_at - interval 30 day
    """,
    "news_is_a_change_at_the_source": "update marts.document_versions set is_news = true",
    "no_source_is_silent_about_a_day": """
        drop view marts.source_coverage;
        create table marts.source_coverage as
        select 'uk_govuk' as source_id, date '2025-01-19' as day, 'checked' as outcome
    """,
    "no_policy_acts_on_itself": "update marts.policy_relations set to_identifier = from_identifier",
    "policies_about_ai_hold_a_document_about_ai": "update marts.documents set relevance = 0",
    "stated_relations_are_known": "update enriched.relations set relation = 'befriends'",
    "versions_are_numbered_without_gaps": "delete from marts.document_versions where version_no = 1",
}
"""By test, what makes the built warehouse wrong for it."""

GENERIC = {
    "unique": ("documents", "document_id", "insert into marts.documents select * from marts.documents"),
    "not_null": ("documents", "relevance", "update marts.documents set relevance = null"),
    "accepted_values": ("documents", "availability", "update marts.documents set availability = 'lost'"),
    "relationships": ("documents", "evidence_id", "delete from marts.evidence"),
    "unique_combination": (
        "document_versions", None, "insert into marts.document_versions select * from marts.document_versions"
    ),
}  # fmt: skip
"""By kind of test, a model and column that has one, and what makes them wrong for it."""


@pytest.fixture(scope="module")
def tests_of_dbt(folder: Path) -> list[dict[str, Any]]:
    """The tests of the project, as dbt compiled them for the built warehouse."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


@pytest.fixture(scope="module")
def copy(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built warehouse under its own name, which the compiled tests bear."""
    return Path(shutil.copy(folder / "warehouse.duckdb", tmp_path_factory.mktemp("damaged") / "warehouse.duckdb"))


@pytest.fixture
def warehouse(copy: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The copy; what a test does to it is taken back."""
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.begin()
        yield connection
        connection.rollback()


def kind_of(node: dict[str, Any]) -> str | None:
    """The generic kind of a test; None of a singular one."""
    about = node.get("test_metadata")
    return about["name"] if about else None


def assert_fails(warehouse: duckdb.DuckDBPyConnection, node: dict[str, Any], damage: str) -> None:
    """The test finds more on the damaged warehouse than on the good one."""
    good = len(warehouse.execute(node["compiled_code"]).fetchall())
    assert good == 0 or node["config"]["severity"].lower() == "warn"
    warehouse.execute(damage)
    assert len(warehouse.execute(node["compiled_code"]).fetchall()) > good


def test_every_singular_test__has_a_case(tests_of_dbt: list[dict[str, Any]]) -> None:
    assert {node["name"] for node in tests_of_dbt if kind_of(node) is None} == set(SINGULAR)


def test_every_kind_of_generic_test__has_a_case(tests_of_dbt: list[dict[str, Any]]) -> None:
    assert {kind_of(node) for node in tests_of_dbt} - {None} == set(GENERIC)


@pytest.mark.parametrize("name", SINGULAR)
def test_singular_test__fails_on_bad_data(
    tests_of_dbt: list[dict[str, Any]], warehouse: duckdb.DuckDBPyConnection, name: str
) -> None:
    assert_fails(warehouse, next(node for node in tests_of_dbt if node["name"] == name), SINGULAR[name])


@pytest.mark.parametrize("kind", GENERIC)
def test_generic_test__fails_on_bad_data(
    tests_of_dbt: list[dict[str, Any]], warehouse: duckdb.DuckDBPyConnection, kind: str
) -> None:
    model, column, damage = GENERIC[kind]
    found = next(
        node
        for node in tests_of_dbt
        if kind_of(node) == kind and str(node["attached_node"]).endswith(f".{model}") and node["column_name"] == column
    )
    assert_fails(warehouse, found, damage)


def test_build__ends_badly_when_a_test_fails(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("delete from enriched.relevance where document_id = 'grants-gov:359671'")
    check = "not_null_documents_relevance"
    result = run_dbt(
        "build", tmp_path / "warehouse.duckdb", tmp_path / "target", "--select", f"+{check}", "--exclude-resource-type",
        "unit_test", "--indirect-selection", "buildable",
    )  # fmt: skip
    assert result.returncode == 1
    assert check in result.stdout
