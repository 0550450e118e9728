"""Runs beside each other: one at the warehouse at a time, what a killed one held is free, none lasts for ever."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.dagster_run import DagsterRunStatus
from dagster._core.storage.tags import MAX_RUNTIME_SECONDS_TAG
from dagster._core.test_utils import create_run_for_test

from pipelines.history import bury_dead_runs
from pipelines.home import Home
from pipelines.instance import MAX_CRAWLING_RUNS, dagster_yaml
from pipelines.resources import CRAWLING, StateFolder
from pipelines.run import prepare
from pipelines.warehouse import WarehouseBusy, turn_lock
from scrapers.locks import lock


def _is_free(home: Home) -> bool:
    try:
        with turn_lock(home, wait_seconds=0):
            return True
    except WarehouseBusy:
        return False


def test_a_run__keeps_its_turn_over_its_steps_and_gives_it_back_when_it_fails(tmp_path: Path) -> None:
    home, seen = Home(tmp_path), []

    @dg.asset
    def loads(state: StateFolder) -> None:
        state.take_turn()

    @dg.asset(deps=[loads])
    def builds(state: StateFolder) -> None:
        seen.append(_is_free(home))
        state.take_turn()
        raise dg.Failure("a bad build")

    result = dg.materialize([loads, builds], resources={"state": StateFolder(root=str(tmp_path))}, raise_on_error=False)
    assert not result.success
    assert seen == [False]
    assert _is_free(home)


@pytest.mark.parametrize("step", ["load", "enrich", "transform", "edition__staged"])
def test_every_step_that_changes_the_warehouse__waits_for_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from pipelines.definitions import defs

    def refuse(_: StateFolder) -> None:
        raise dg.Failure("no turn", allow_retries=False)

    monkeypatch.setattr(StateFolder, "take_turn", refuse)
    monkeypatch.setattr(StateFolder, "home", property(lambda _: Home(tmp_path)))
    job = defs.resolve_job_def("refresh")
    keys = {key for key in job.asset_layer.executable_asset_keys if _step_of(job, key) == step}
    result = job.get_subset(asset_selection=keys).execute_in_process(raise_on_error=False)
    assert "no turn" in str(result.failure_data_for_node(step))


def _step_of(job: dg.JobDefinition, key: dg.AssetKey) -> str:
    return job.asset_layer.get_op_output_handle(key).node_handle.name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("DAGSTER_HOME", "AIPOLICY_HOME"):
        monkeypatch.setenv(name, "")
    prepare(Home(tmp_path))
    return Home(tmp_path)


def test_the_slots_of_a_killed_run__are_free_again(home: Home) -> None:
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        log = instance.event_log_storage
        log.set_concurrency_slots(CRAWLING, MAX_CRAWLING_RUNS)
        run = create_run_for_test(instance, job_name="refresh", status=DagsterRunStatus.STARTED)
        assert log.claim_concurrency_slot(CRAWLING, run.run_id, "ingest").is_claimed
        with lock(home.run_lock):
            bury_dead_runs(home, instance, is_ui=False)
        assert log.get_concurrency_info(CRAWLING).claimed_slots == []


def test_the_instance__takes_its_settings(home: Home) -> None:
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 1
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 8 * 3600
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] == 60
        assert instance.event_log_storage.get_pool_config().default_pool_limit == MAX_CRAWLING_RUNS
    assert yaml.safe_load(dagster_yaml(home))["telemetry"] == {"enabled": False}


def test_a_backfill__may_take_longer_than_a_refresh() -> None:
    from pipelines.definitions import defs

    assert int(defs.resolve_job_def("backfill").tags[MAX_RUNTIME_SECONDS_TAG]) > 8 * 3600
