"""Which later runs make a failed one good, so that its alert ends: they make what it left undone, for its days."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluation,
    AssetCheckEvaluationPlanned,
)
from dagster._core.events import AssetMaterializationPlannedData
from dagster._core.execution.plan.objects import StepSuccessData
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from dagster._core.test_utils import create_run_for_test

from pipelines.alerts.runs import read_history
from pipelines.home import Home
from pipelines.partitions import FIRST_DAY
from scrapers.locks import lock

STARTED, FAILURE, SUCCESS = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
CANCELED = dg.DagsterRunStatus.CANCELED
REFRESHED = "ingest/a ingest/c raw/b"
MADE = {"weekly_digest": "digest/weekly digest/delivered", "clean_up": "care/state_folder"}
"""What jobs make that are no refresh."""
YEAR = {"since": "2024-01-01", "until": "2024-12-31"}
LATE = {ASSET_PARTITION_RANGE_START_TAG: "2026-11-20", ASSET_PARTITION_RANGE_END_TAG: "2026-11-29"}
LONG_AGO = {ASSET_PARTITION_RANGE_START_TAG: "2024-01-01", ASSET_PARTITION_RANGE_END_TAG: "2024-01-07"}
UNTIL_NOW = {ASSET_PARTITION_RANGE_START_TAG: "2024-01-01", ASSET_PARTITION_RANGE_END_TAG: "2026-11-29"}
WEEK, WEEK_AFTER = {PARTITION_NAME_TAG: "2026-11-09"}, {PARTITION_NAME_TAG: "2026-11-16"}


def failed_jobs(home: Home, instance: dg.DagsterInstance) -> list[str]:
    return [run.job for run in read_history(home, instance).runs]


def keys_of(assets: str) -> frozenset[dg.AssetKey]:
    return frozenset(map(dg.AssetKey.from_user_string, assets.split()))


def ran(
    instance: dg.DagsterInstance,
    job: str,
    status: dg.DagsterRunStatus,
    assets: str = "",
    config: dict[str, Any] | None = None,
    tags: dict[str, str] | None = None,
    *,
    op: str = "ingest",
    again: dg.DagsterRun | None = None,
    steps: str | None = None,
    checked: str = "",
    done: str = "",
) -> dg.DagsterRun:
    """A run with the events of its plan: of all that its job makes, the assets chosen, or those steps alone.

    `checked` are assets with a check that is a step of its own, `done` the steps that succeeded.
    """
    checks = frozenset(dg.AssetCheckKey(key, "is_whole") for key in keys_of(checked))
    run = create_run_for_test(
        instance,
        job_name=job,
        status=status,
        asset_selection=keys_of(assets) or None,
        asset_check_selection=checks or None,
        run_config={"ops": {op: {"config": config}}} if config else {},
        tags=tags or {},
        parent_run_id=again and again.run_id,
        root_run_id=again and again.run_id,
    )
    if steps is None:  # of assets chosen it need not be read, and each log is a file to make
        steps = "" if assets and not done else assets or MADE.get(job, REFRESHED)
    for key in keys_of(steps):
        planned = AssetMaterializationPlannedData(key)
        report(instance, run, "ASSET_MATERIALIZATION_PLANNED", key.to_user_string(), planned)
    for check in checks:
        evaluation = AssetCheckEvaluationPlanned(asset_key=check.asset_key, check_name=check.name)
        report(instance, run, "ASSET_CHECK_EVALUATION_PLANNED", f"check {check.asset_key.to_user_string()}", evaluation)
    for step in done.split():
        report(instance, run, "STEP_SUCCESS", step, StepSuccessData(duration_ms=1.0))
    return run


def report(instance: dg.DagsterInstance, run: dg.DagsterRun, event: str, step: str, data: Any) -> None:
    told = dg.DagsterEvent(event, run.job_name, step_key=step, event_specific_data=data)
    instance.report_dagster_event(told, run.run_id)


def test_a_failed_run__stands_until_a_later_one_has_succeeded(home: Home, instance: dg.DagsterInstance) -> None:
    for job in ("refresh", "replay", "__ASSET_JOB", "weekly_digest", "sources_check", "evaluate", "clean_up"):
        ran(instance, job, SUCCESS, "raw/b")
        assert failed_jobs(home, instance) == []
        failed = ran(instance, job, FAILURE, "raw/b")
        with lock(home.ui_lock):
            ran(instance, job, STARTED, "raw/b")
            ran(instance, job, CANCELED, "raw/b")
            (found,) = read_history(home, instance).runs
        assert (found.run_id, found.ended_at.tzinfo is not None) == (failed.run_id, True)
        ran(instance, job, SUCCESS, "raw/b")
        assert failed_jobs(home, instance) == []


@pytest.mark.parametrize(
    ("failed", "others", "covering"),
    [
        (
            ("backfill", "ingest/a raw/b", YEAR),
            [
                ("backfill", "ingest/c raw/b", YEAR),
                ("backfill", "ingest/a raw/b", {**YEAR, "since": "2024-06-01"}),
                ("refresh", "", YEAR),
            ],
            ("backfill", "ingest/a ingest/c raw/b", {**YEAR, "since": "2023-01-01"}),
        ),
        (("backfill", "", {"since": "soon", "until": "later"}), [("refresh", "")],
            ("backfill", "", YEAR)),
        (("backfill", "", YEAR), [("backfill", "", {"since": {"env": "SINCE"}, "until": {"env": "UNTIL"}})],
            ("backfill", "", YEAR)),
        (("refresh", "ingest/a raw/b"), [("__ASSET_JOB", "ingest/a raw/b"), ("refresh", "raw/b")], ("refresh", "")),
        (("refresh", ""), [("refresh", "ingest/a raw/b"), ("backfill", "", YEAR)], ("refresh", "")),
        (("refresh", ""), [("refresh", "ingest/a raw/b")], ("refresh", REFRESHED, None, LATE)),
        (("refresh", REFRESHED), [("refresh", "ingest/a raw/b")], ("refresh", "ingest/c raw/b")),
        (("refresh", "", None, LONG_AGO), [("refresh", "", None, LATE)], ("refresh", "", None, LONG_AGO)),
        (("refresh", "", None, UNTIL_NOW), [("refresh", "", None, LATE)], ("refresh", "", None, UNTIL_NOW)),
        (("__ASSET_JOB", "raw/b"), [("__ASSET_JOB", "raw/c"), ("refresh", "raw/c")], ("refresh", "")),
        (("__ASSET_JOB", "raw/b"), [("__ASSET_JOB", "raw/c")], ("__ASSET_JOB", "raw/b raw/c")),
        (("__ASSET_JOB", "digest/weekly"), [("refresh", "")], ("__ASSET_JOB", "digest/weekly")),
        (("replay", ""), [("refresh", ""), ("replay", "", YEAR | {"since": "2025-01-01"})],
            ("replay", "", {"since": FIRST_DAY})),
        (("weekly_digest", "", None, WEEK),
            [("weekly_digest", "", None, WEEK_AFTER), ("weekly_digest", "digest/delivered", None, WEEK)],
            ("weekly_digest", "", None, WEEK)),
    ],
    ids=[
        "backfill", "misspelt", "days of the environment", "some", "all", "all, then all by name", "in parts",
        "days long ago", "years until now", "by hand, then a refresh", "by hand", "digest by hand", "replay", "week",
    ],
)  # fmt: skip
def test_a_failed_run__stands_until_later_ones_that_cover_it_have_succeeded(
    home: Home,
    instance: dg.DagsterInstance,
    failed: tuple[Any, ...],
    others: list[tuple[Any, ...]],
    covering: tuple[Any, ...],
) -> None:
    ran(instance, covering[0], SUCCESS, *covering[1:])
    ran(instance, failed[0], FAILURE, *failed[1:])
    for other in others:
        ran(instance, other[0], SUCCESS, *other[1:])
        assert failed_jobs(home, instance) == [failed[0]], other
    ran(instance, covering[0], SUCCESS, *covering[1:])
    assert failed_jobs(home, instance) == []


def test_the_newest_failed_run_of_a_job__tells_how_many_stand_before_it(
    home: Home, instance: dg.DagsterInstance
) -> None:
    for assets in ("ingest/a", "ingest/c", "ingest/c"):
        ran(instance, "backfill", FAILURE, assets, YEAR)
    assert [run.earlier for run in read_history(home, instance).runs] == [2]
    ran(instance, "backfill", SUCCESS, "ingest/c", YEAR)
    assert [run.earlier for run in read_history(home, instance).runs] == [0]


def test_a_digest_of_the_sensor_that_failed_in_delivering__is_made_good_by_sending_it_again(
    home: Home, instance: dg.DagsterInstance
) -> None:
    ran(instance, "weekly_digest", FAILURE, tags=WEEK, done="digest/weekly")
    for week, standing in ((WEEK_AFTER, ["weekly_digest"]), (WEEK, [])):
        ran(instance, "weekly_digest", SUCCESS, "digest/delivered", tags=week)
        assert failed_jobs(home, instance) == standing


def test_a_digest_that_failed_in_delivering__is_made_good_by_sending_it_again(
    home: Home, instance: dg.DagsterInstance
) -> None:
    """By the events as Dagster writes them for the command line."""
    is_down = True

    @dg.asset(key=["digest", "weekly"])
    def weekly() -> None: ...

    @dg.asset(key=["digest", "delivered"], deps=[weekly])
    def delivered() -> None:
        if is_down:
            raise dg.Failure("no mail server")

    defs = dg.Definitions([weekly, delivered], jobs=[dg.define_asset_job("weekly_digest", "*")])
    job = defs.resolve_job_def("weekly_digest")
    job.execute_in_process(instance=instance, raise_on_error=False, tags=WEEK)
    assert failed_jobs(home, instance) == ["weekly_digest"]
    is_down = False
    for week, standing in ((WEEK_AFTER, ["weekly_digest"]), (WEEK, [])):
        job.execute_in_process(instance=instance, tags=week, asset_selection=[delivered.key])
        assert failed_jobs(home, instance) == standing


def test_what_succeeded_in_the_failed_run__needs_no_later_one(home: Home, instance: dg.DagsterInstance) -> None:
    ran(instance, "backfill", FAILURE, "ingest/a raw/b", YEAR, done="ingest/a")
    ran(instance, "backfill", SUCCESS, "ingest/a", YEAR)
    assert failed_jobs(home, instance) == ["backfill"]
    ran(instance, "backfill", SUCCESS, "ingest/c raw/b", YEAR)
    assert failed_jobs(home, instance) == []


def test_an_asset_with_an_error_in_the_failed_run__needs_a_later_one(home: Home, instance: dg.DagsterInstance) -> None:
    failed = ran(instance, "backfill", FAILURE, "ingest/a raw/b", YEAR, done="ingest/a")
    key = dg.AssetKey(["ingest", "a"])
    error = AssetCheckEvaluation(asset_key=key, check_name="was_read", passed=False, metadata={})
    report(instance, failed, "ASSET_CHECK_EVALUATION", "ingest/a", error)
    ran(instance, "backfill", SUCCESS, "ingest/c raw/b", YEAR)
    assert failed_jobs(home, instance) == ["backfill"]
    ran(instance, "backfill", SUCCESS, "ingest/a raw/b", YEAR)
    assert failed_jobs(home, instance) == []


def test_checks_alone__make_nothing_good(home: Home, instance: dg.DagsterInstance) -> None:
    ran(instance, "__ASSET_JOB", FAILURE, "raw/b")
    ran(instance, "__ASSET_JOB", SUCCESS, steps="", checked="raw/b", done="check")
    assert failed_jobs(home, instance) == ["__ASSET_JOB"]


def test_a_check_that_broke__is_made_good_where_its_asset_is_made(home: Home, instance: dg.DagsterInstance) -> None:
    for assets, done in (("", ""), ("raw/b", "raw/b")):
        ran(instance, "__ASSET_JOB", FAILURE, assets, steps=assets, checked="raw/b", done=done)
        ran(instance, "refresh", SUCCESS, "ingest/a")
        assert failed_jobs(home, instance) == ["__ASSET_JOB"]
        ran(instance, "refresh", SUCCESS, "raw/b")
        assert failed_jobs(home, instance) == []


def test_one_step_again__does_not_make_good_what_it_left_out(home: Home, instance: dg.DagsterInstance) -> None:
    failed = ran(instance, "backfill", FAILURE, REFRESHED, YEAR)
    ran(instance, "backfill", SUCCESS, REFRESHED, YEAR, again=failed, steps="ingest/a")
    assert failed_jobs(home, instance) == ["backfill"]


def test_from_failure_again_until_it_is_good__makes_the_first_good(home: Home, instance: dg.DagsterInstance) -> None:
    first = ran(instance, "backfill", FAILURE, REFRESHED, YEAR, done="ingest/a")
    second = ran(instance, "backfill", FAILURE, REFRESHED, YEAR, again=first, steps="ingest/c raw/b", done="ingest/c")
    ran(instance, "backfill", SUCCESS, REFRESHED, YEAR, again=second, steps="raw/b")
    assert failed_jobs(home, instance) == []


def test_a_dry_run__makes_nothing_good(home: Home, instance: dg.DagsterInstance) -> None:
    ran(instance, "clean_up", FAILURE)
    ran(instance, "clean_up", SUCCESS, config={"dry_run": True}, op="care__state_folder")
    assert failed_jobs(home, instance) == ["clean_up"]
    ran(instance, "clean_up", SUCCESS, config={"dry_run": False}, op="care__state_folder")
    assert failed_jobs(home, instance) == []


def test_a_run_that_failed_before_it_was_planned__is_made_good_by_the_next(
    home: Home, instance: dg.DagsterInstance
) -> None:
    ran(instance, "weekly_digest", FAILURE, tags=WEEK, steps="")
    assert failed_jobs(home, instance) == ["weekly_digest"]
    ran(instance, "weekly_digest", SUCCESS, tags=WEEK)
    assert failed_jobs(home, instance) == []
