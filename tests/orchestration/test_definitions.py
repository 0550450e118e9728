"""The code location as an operator sees it, held against a snapshot: keys, groups, jobs, schedules, checks.

A changed graph is reviewed by writing the snapshot anew: `python -m tests.orchestration.test_definitions`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("definitions.json")
OF_SOURCES = ("ingest", "contract")


def described() -> dict[str, Any]:
    """The parts of the definitions that people and alerts rely on; sources are held against the registry instead."""
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    keys = sorted(graph.executable_asset_keys, key=lambda key: key.to_user_string())
    repository = defs.get_repository_def()
    return {
        "assets": {key.to_user_string(): graph.get(key).group_name for key in keys if key.path[0] not in OF_SOURCES},
        "checks": sorted(
            f"{key.asset_key.to_user_string()}:{key.name}"
            for key in graph.asset_check_keys
            if key.asset_key.path[0] not in (*OF_SOURCES, "staging", "intermediate", "marts", "seeds")
        ),
        "jobs": sorted(job.name for job in repository.get_all_jobs() if not job.name.startswith("__")),
        "schedules": {
            schedule.name: [schedule.cron_schedule, schedule.execution_timezone, schedule.default_status.value]
            for schedule in repository.schedule_defs
        },
        "sensors": {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs},
    }


@pytest.fixture(scope="module")
def graph() -> Any:
    from pipelines.definitions import defs

    return defs.resolve_asset_graph()


def test_definitions__are_those_of_the_snapshot() -> None:
    assert described() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_asset__says_what_it_is_and_whose(graph: Any) -> None:
    for key in graph.executable_asset_keys:
        node = graph.get(key)
        assert node.description, key
        assert node.group_name != "default" or key.path == ["verdict"], key
        assert node.owners, key


def test_no_dependency__is_a_phantom(graph: Any) -> None:
    assert {key.to_user_string() for key in graph.get_all_asset_keys() - graph.executable_asset_keys} == set()


def test_every_dbt_model__is_an_asset_with_described_columns(graph: Any) -> None:
    for key in graph.executable_asset_keys:
        if key.path[0] == "marts":
            schema = graph.get(key).metadata["dagster/column_schema"]
            assert schema.columns, key
            assert all(column.description and column.type for column in schema.columns), key


def test_ingest__is_by_day_and_digests_by_week(graph: Any) -> None:
    from scrapers.registry import sources

    for slug in sources():
        assert isinstance(graph.get(dg.AssetKey(["ingest", slug])).partitions_def, dg.DailyPartitionsDefinition)
    weekly = graph.get(dg.AssetKey(["digest", "weekly"])).partitions_def
    assert isinstance(weekly, dg.TimeWindowPartitionsDefinition)
    assert weekly.schedule_type is not None
    assert weekly.schedule_type.value == "WEEKLY"


def test_a_backfill__is_one_run_and_so_one_crawl_a_source(graph: Any) -> None:
    from scrapers.registry import sources

    for slug in sources():
        assert graph.get(dg.AssetKey(["ingest", slug])).backfill_policy == dg.BackfillPolicy.single_run()


def test_only_steps_that_ask_sources__need_a_slot() -> None:
    """A slot outlives a killed run until the next one tidies up; the warehouse has a lock, which does not."""
    from pipelines.definitions import defs

    pools = {
        node.name: node.pools
        for job in defs.get_repository_def().get_all_jobs()
        for node in job.all_node_defs
        if node.pools
    }
    assert pools == {name: {"crawling"} for name in ("ingest", "ahead__gathered", "contracts")}


def test_every_field_of_a_launchpad__has_a_default_and_a_help_text() -> None:
    from pipelines.definitions import defs

    silent = [
        f"{job.name}: {node.name}.{name}"
        for job in defs.get_repository_def().get_all_jobs()
        for node in job.all_node_defs
        if node.has_config_field
        for name, field in getattr(node.config_field.config_type, "fields", {}).items()
        if not field.description or field.is_required
    ]
    assert silent == []


def test_every_ingest_asset__says_whose_it_is_and_where_to_look(graph: Any) -> None:
    from scrapers.registry import sources

    for slug, source in sources().items():
        node = graph.get(dg.AssetKey(["ingest", slug]))
        assert node.owners == [source.owner]
        assert node.kinds == {"scrapy"}
        assert node.metadata["source"].value == source.publisher.page
        assert node.metadata["docs"].value.endswith(f"/docs/sources.md#{slug}")
        assert node.metadata["channel"] == source.channel


def test_freshness__is_by_the_rhythm_of_each_source(graph: Any) -> None:
    def policy(slug: str) -> Any:
        return graph.get(dg.AssetKey(["ingest", slug])).freshness_policy_or_from_metadata

    assert policy("us_federal_register") == dg.FreshnessPolicy.cron("30 19 * * 1-5", timedelta(1), "America/New_York")
    assert policy("us_white_house") == dg.FreshnessPolicy.cron("59 23 * * *", timedelta(1), "America/New_York")
    assert policy("uk_ukri_gtr") == dg.FreshnessPolicy.cron("30 8 * * 1", timedelta(7), "Europe/London")


@pytest.mark.parametrize("name", ["refresh", "replay"])
def test_a_job_of_some_sources__asks_nobody_else(name: str) -> None:
    from pipelines.assets.ingest import asset_key
    from pipelines.definitions import defs

    job = defs.resolve_job_def(name)
    left = asset_key("uk_govuk")
    some = job.get_subset(asset_selection={key for key in job.asset_layer.executable_asset_keys if key != left})
    assert {node.name for node in some.nodes} == {node.name for node in job.nodes}
    assert not any(key.path[0] == "contract" for key in some.asset_layer.selected_asset_keys)


def test_schedules__run_by_default() -> None:
    assert {status for *_, status in described()["schedules"].values()} == {"RUNNING"}
    assert set(described()["sensors"].values()) == {"RUNNING"}


def test_dbt__is_started_for_its_work_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster would start it first to learn its version, and load its project for an adapter that nothing here asks."""
    from pipelines.assets.transform import dbt_resource
    from pipelines.home import WAREHOUSE_VARIABLE
    from pipelines.resources import StateFolder

    def refused(*_: object) -> bytes:
        raise AssertionError("dbt was started for its version")

    monkeypatch.setenv(WAREHOUSE_VARIABLE, "")
    monkeypatch.setattr("dagster_dbt.core.resource.check_output", refused)
    invocation = dbt_resource(StateFolder(root=str(tmp_path))).cli(["--version"], target_path=tmp_path)
    assert invocation.adapter is None
    assert invocation.is_successful()


def test_the_code_location__validates_as_dagster_loads_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dagster")), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path), "AIPOLICY_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(described(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
