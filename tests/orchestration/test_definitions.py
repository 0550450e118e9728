"""The code location as an operator sees it, held against a snapshot: keys, groups, jobs, schedules, checks.

A changed graph is reviewed by writing the snapshot anew: `python -m tests.orchestration.test_definitions`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
            schedule.name: [schedule.cron_schedule, schedule.default_status.value]
            for schedule in repository.schedule_defs
        },
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


def test_no_step__waits_for_a_slot_that_a_killed_run_may_hold() -> None:
    from pipelines.definitions import defs

    for name in ("refresh", "replay", "weekly_digest"):
        assert {node.name: node.pools for node in defs.resolve_job_def(name).all_node_defs if node.pools} == {}


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
    schedules = described()["schedules"]
    assert {status for _, status in schedules.values()} == {"RUNNING"}


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
