"""The run history: the last run that failed or was killed is named, whoever started it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.tags import SCHEDULE_NAME_TAG
from dagster._core.test_utils import create_run_for_test

from pipelines.history import FROM_COMMAND_LINE, bury_dead_runs, failed_runs, is_dead
from pipelines.home import Home
from pipelines.instance import BROKER_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE
from pipelines.run import run_digest
from scrapers.locks import BUDGETS_VARIABLE, lock
from tests.faults.verdict import Verdict

STARTED, FAILURE, SUCCESS = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
SCHEDULED = {SCHEDULE_NAME_TAG: "refresh_utc_0715_daily"}


def test_no_history__is_no_failure(tmp_path: Path) -> None:
    assert failed_runs(Home(tmp_path)) == []


def test_a_failed_scheduled_run__is_named_until_a_later_one_is_good(home: Home, instance: dg.DagsterInstance) -> None:
    create_run_for_test(instance, job_name="refresh", status=SUCCESS)
    run = create_run_for_test(instance, job_name="refresh", status=FAILURE, tags=SCHEDULED)
    (found,) = failed_runs(home)
    assert (found.run_id, found.started_by, found.was_killed, found.published) == (
        run.run_id, "the schedule refresh_utc_0715_daily", False, False,
    )  # fmt: skip
    create_run_for_test(instance, job_name="__ASSET_JOB", status=SUCCESS)
    assert failed_runs(home) == []


def test_a_digest__leaves_what_dbt_printed_in_the_run_before(home: Home) -> None:
    log = home.root / "run.log"
    log.write_text("what dbt printed\n", encoding="utf-8")
    assert not run_digest(home, "2026-W40").success, "there is no edition"
    assert log.read_text(encoding="utf-8").startswith("what dbt printed\n")


def test_a_failed_digest__is_not_made_good_by_a_refresh(home: Home, instance: dg.DagsterInstance) -> None:
    create_run_for_test(instance, job_name="weekly_digest", status=FAILURE, tags=FROM_COMMAND_LINE)
    create_run_for_test(instance, job_name="refresh", status=SUCCESS)
    assert [(run.job, run.started_by) for run in failed_runs(home)] == [("weekly_digest", "the command line")]


@pytest.mark.parametrize("tags", [FROM_COMMAND_LINE, SCHEDULED])
def test_an_unended_run__was_killed_unless_its_door_is_held(
    home: Home, instance: dg.DagsterInstance, tags: dict[str, str]
) -> None:
    create_run_for_test(instance, job_name="refresh", status=STARTED, tags=tags)
    assert [run.was_killed for run in failed_runs(home)] == [True]
    with lock(home.run_lock if tags == FROM_COMMAND_LINE else home.ui_lock):
        assert failed_runs(home) == []


@pytest.mark.fault("O5")
def test_killed_runs_of_the_ui__are_buried_by_the_command_line_once_the_ui_is_gone(
    home: Home, instance: dg.DagsterInstance, verdict: Verdict
) -> None:
    ui = create_run_for_test(instance, job_name="refresh", status=STARTED).run_id
    mine = create_run_for_test(instance, job_name="refresh", status=STARTED, tags=FROM_COMMAND_LINE).run_id
    with lock(home.run_lock):
        with lock(home.ui_lock):
            bury_dead_runs(home, instance, is_ui=False)
        assert [_status(instance, run) for run in (ui, mine)] == [STARTED, FAILURE]
        bury_dead_runs(home, instance, is_ui=False)
        assert _status(instance, ui) == FAILURE
    verdict.recovered(0)


@pytest.mark.fault("O5")
def test_killed_runs_of_the_ui__are_buried_by_the_next_ui(
    home: Home, instance: dg.DagsterInstance, verdict: Verdict
) -> None:
    ui = create_run_for_test(instance, job_name="refresh", status=STARTED).run_id
    mine = create_run_for_test(instance, job_name="refresh", status=STARTED, tags=FROM_COMMAND_LINE).run_id
    with lock(home.run_lock), lock(home.ui_lock):
        bury_dead_runs(home, instance, is_ui=True)
    assert [_status(instance, run) for run in (ui, mine)] == [FAILURE, STARTED]
    verdict.recovered(0)


def test_runs_of_workers__are_buried_by_no_door(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = create_run_for_test(instance, job_name="refresh", status=STARTED)
    mine = create_run_for_test(instance, job_name="refresh", status=STARTED, tags=FROM_COMMAND_LINE)
    monkeypatch.setattr("pipelines.instance.find_spec", lambda _: object())
    monkeypatch.setenv(HISTORY_VARIABLE, "postgres:dbname=dagster")
    monkeypatch.setenv(WORKERS_VARIABLE, "celery")
    monkeypatch.setenv(BROKER_VARIABLE, "redis://broker")
    monkeypatch.setenv(BUDGETS_VARIABLE, "redis://broker/1")
    assert [is_dead(home, run) for run in (theirs, mine)] == [False, True]
    bury_dead_runs(home, instance, is_ui=True)
    bury_dead_runs(home, instance, is_ui=False)
    assert [_status(instance, run.run_id) for run in (theirs, mine)] == [STARTED, FAILURE]


def _status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status
