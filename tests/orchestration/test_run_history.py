"""The care of Dagster's history: stale runs and slots are told, and old runs go but the last of each asset."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.test_utils import create_run_for_test

from pipelines.history import FROM_COMMAND_LINE, history_of
from pipelines.home import Home
from pipelines.ops.backup import backup, restore
from pipelines.ops.doctor import FAIL, OK, WARN
from pipelines.ops.run_history import count_old, dead_slots, findings, prune
from scrapers.locks import lock

STARTED, FAILURE, SUCCESS = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
POOL = "host"


def verdicts(home: Home) -> dict[str, str]:
    return {one.about: one.verdict for one in findings(home)}


def test_a_good_history__is_well(tmp_path: Path, home: Home, instance: dg.DagsterInstance) -> None:
    assert verdicts(Home(tmp_path / "new")) == {"run history": OK}
    create_run_for_test(instance, job_name="refresh", status=SUCCESS)
    assert verdicts(home) == {"run history": OK}


def test_a_failed_run__is_a_fault(home: Home, instance: dg.DagsterInstance) -> None:
    create_run_for_test(instance, job_name="refresh", status=FAILURE)
    assert verdicts(home)["last run"] == FAIL


def test_a_stale_run__is_told_unless_its_process_lives(home: Home, instance: dg.DagsterInstance) -> None:
    create_run_for_test(instance, job_name="replay", status=STARTED, tags=FROM_COMMAND_LINE)
    assert verdicts(home)["stale run"] == WARN
    with lock(home.run_lock):
        assert "stale run" not in verdicts(home)


def test_a_slot_of_a_dead_run__is_told_and_freed(home: Home, instance: dg.DagsterInstance) -> None:
    storage = instance.event_log_storage
    storage.set_concurrency_slots(POOL, 1)
    dead = create_run_for_test(instance, job_name="refresh", status=SUCCESS).run_id
    assert storage.claim_concurrency_slot(POOL, dead, "step").is_claimed
    assert verdicts(home)["pool slot"] == WARN
    prune(home, datetime.now(UTC) - timedelta(1))
    assert dead_slots(home, instance) == []
    living = create_run_for_test(instance, job_name="refresh", status=STARTED, tags=FROM_COMMAND_LINE).run_id
    assert storage.claim_concurrency_slot(POOL, living, "step").is_claimed, "the slot is free again"
    with lock(home.run_lock):
        assert dead_slots(home, instance) == []


def test_a_restored_folder__has_a_history_of_its_own(tmp_path: Path, home: Home, instance: dg.DagsterInstance) -> None:
    @dg.asset
    def table() -> None: ...

    run_id = dg.materialize([table], instance=instance).run_id
    home.archive.mkdir()
    backup(home, tmp_path.with_name(f"{tmp_path.name}-backup"), datetime.now(UTC))
    back = Home(tmp_path.with_name(f"{tmp_path.name}-back"))
    restore(back, tmp_path.with_name(f"{tmp_path.name}-backup"), datetime.now(UTC))
    assert prune(back, datetime.now(UTC) + timedelta(1)) == 0, "it last made an asset"
    with history_of(back) as restored:
        assert restored is not None
        assert restored.all_logs(run_id)
        restored.delete_run(run_id)
    assert instance.all_logs(run_id), "the events of the folder that was copied stay"
    shutil.rmtree(home.root)
    assert verdicts(back)["run history"] == OK
    assert not home.root.exists()


def test_old_runs__go_with_events_and_logs_but_the_last_of_an_asset(home: Home, instance: dg.DagsterInstance) -> None:
    @dg.asset
    def table() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"rows": 1})

    first, last = (dg.materialize([table], instance=instance).run_id for _ in range(2))
    later = datetime.now(UTC) + timedelta(1)
    assert count_old(home, datetime.now(UTC) - timedelta(1)) == 0
    assert count_old(home, later) == 1
    logs = home.dagster / "storage" / first
    logs.mkdir(parents=True, exist_ok=True)
    assert prune(home, later) == 1
    assert instance.get_run_by_id(first) is None
    assert not logs.exists()
    assert not list((home.dagster / "history" / "runs").glob(f"{first}*"))
    assert instance.get_run_by_id(last) is not None
    made = instance.get_latest_materialization_event(dg.AssetKey("table"))
    assert made is not None
    assert made.run_id == last
    assert prune(home, later) == 0
