"""Alerts through Dagster: what its history says of runs and checks, and the sensor over an instance of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from dagster._core.test_utils import create_run_for_test, freeze_time

from pipelines import sensors
from pipelines.alerts import heartbeat
from pipelines.alerts.runs import History, read_history
from pipelines.assets.benchmark import SCORE_CHECK
from pipelines.assets.contracts import CONTRACT_CHECK, UNANSWERED, contract_key
from pipelines.assets.ingest import asset_key
from pipelines.covering import BESIDE_REFRESH
from pipelines.definitions import defs
from pipelines.history import FROM_COMMAND_LINE
from pipelines.home import Home
from pipelines.ops.sizes import read_sizes
from pipelines.overdue import CHECK as OVERDUE_CHECK
from pipelines.partitions import FIRST_DAY
from pipelines.resources import StateFolder
from scrapers.durable import write_whole
from scrapers.locks import lock
from tests.receivers import Receiver, receiver
from tests.state_fixture import edition

STARTED, FAILURE, SUCCESS = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
CANCELED = dg.DagsterRunStatus.CANCELED
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def failed_jobs(home: Home, instance: dg.DagsterInstance) -> list[str]:
    return [run.job for run in read_history(home, instance).runs]


def test_no_history__is_no_alert(home: Home, instance: dg.DagsterInstance) -> None:
    assert read_history(home, None) == read_history(home, instance) == History()


def test_a_failed_run__stands_until_a_later_one_has_succeeded(home: Home, instance: dg.DagsterInstance) -> None:
    for job in ("refresh", "replay", "__ASSET_JOB", "weekly_digest", "sources_check", "evaluate", "clean_up"):
        create_run_for_test(instance, job_name=job, status=SUCCESS)
        assert failed_jobs(home, instance) == []
        failed = create_run_for_test(instance, job_name=job, status=FAILURE)
        with lock(home.ui_lock):
            create_run_for_test(instance, job_name=job, status=STARTED)
            create_run_for_test(instance, job_name=job, status=CANCELED)
            (found,) = read_history(home, instance).runs
        assert (found.run_id, found.ended_at.tzinfo is not None) == (failed.run_id, True)
        create_run_for_test(instance, job_name=job, status=SUCCESS)
        assert failed_jobs(home, instance) == []


def ran(
    instance: dg.DagsterInstance,
    job: str,
    status: dg.DagsterRunStatus,
    assets: str = "",
    config: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> None:
    keys = frozenset(map(dg.AssetKey.from_user_string, assets.split())) or None
    run_config = {"ops": {"ingest": {"config": config}}} if config else {}
    create_run_for_test(
        instance, job_name=job, status=status, asset_selection=keys, run_config=run_config, tags=tags or {}
    )


YEAR = {"since": "2024-01-01", "until": "2024-12-31"}
LATE = {ASSET_PARTITION_RANGE_START_TAG: "2026-11-20", ASSET_PARTITION_RANGE_END_TAG: "2026-11-29"}
LONG_AGO = {ASSET_PARTITION_RANGE_START_TAG: "2024-01-01", ASSET_PARTITION_RANGE_END_TAG: "2024-01-07"}


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
        (("refresh", "ingest/a raw/b"), [("__ASSET_JOB", "ingest/a raw/b"), ("refresh", "raw/b")], ("refresh", "")),
        (("refresh", ""), [("refresh", "ingest/a raw/b"), ("backfill", "", YEAR)], ("refresh", "")),
        (("refresh", "", None, LONG_AGO), [("refresh", "", None, LATE)], ("refresh", "", None, LONG_AGO)),
        (("__ASSET_JOB", "raw/b"), [("__ASSET_JOB", "raw/c"), ("refresh", "raw/c")], ("refresh", "")),
        (("__ASSET_JOB", "raw/b"), [("__ASSET_JOB", "raw/c")], ("__ASSET_JOB", "raw/b raw/c")),
        (("__ASSET_JOB", "digest/weekly"), [("refresh", "")], ("__ASSET_JOB", "digest/weekly")),
        (("replay", ""), [("refresh", ""), ("replay", "", YEAR | {"since": "2025-01-01"})],
            ("replay", "", {"since": FIRST_DAY})),
        (("weekly_digest", "", None, {PARTITION_NAME_TAG: "2026-11-09"}),
            [("weekly_digest", "", None, {PARTITION_NAME_TAG: "2026-11-16"})],
            ("weekly_digest", "", None, {PARTITION_NAME_TAG: "2026-11-09"})),
    ],
    ids=[
        "backfill", "misspelt", "some", "all", "days long ago", "by hand, then a refresh", "by hand", "digest",
        "replay", "week",
    ],
)  # fmt: skip
def test_a_failed_run__stands_until_a_later_one_that_covers_it_has_succeeded(
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


def test_no_refresh__makes_what_is_beside_it() -> None:
    keys = defs.resolve_asset_graph().get_all_asset_keys()
    refreshed = defs.resolve_job_def("refresh").asset_layer.executable_asset_keys
    assert {key.path[0] for key in keys - refreshed} == BESIDE_REFRESH


def test_a_killed_run__stands_too(home: Home, instance: dg.DagsterInstance) -> None:
    create_run_for_test(instance, job_name="refresh", status=STARTED, tags=FROM_COMMAND_LINE)
    assert [run.was_killed for run in read_history(home, instance).runs] == [True]


def evaluate_check(
    instance: dg.DagsterInstance, key: dg.AssetKey, name: str, *, passed: bool, unanswered: bool = False
) -> None:
    """Run one asset with a check of that name, which ends as told."""
    metadata = {UNANSWERED: unanswered}

    @dg.asset(key=key, check_specs=[dg.AssetCheckSpec(name, asset=key)])
    def made():
        result = dg.AssetCheckResult(passed=passed, check_name=name, description="it has fallen", metadata=metadata)
        return dg.MaterializeResult(check_results=[result])

    dg.materialize([made], instance=instance)


@pytest.mark.parametrize(
    ("key", "check", "part"),
    [
        (dg.AssetKey(["benchmark", "relevance"]), SCORE_CHECK, "fallen"),
        (contract_key("uk_govuk"), CONTRACT_CHECK, "drifted"),
        (asset_key("uk_govuk"), OVERDUE_CHECK, "overdue"),
    ],
    ids=["benchmark drop", "schema drift", "news overdue"],
)
def test_a_failed_check__stands_until_it_passes(
    home: Home, instance: dg.DagsterInstance, key: dg.AssetKey, check: str, part: str
) -> None:
    evaluate_check(instance, key, check, passed=False)
    (found,) = getattr(read_history(home, instance), part)
    assert (found.subject, found.sentence) == (key.path[-1], "it has fallen")
    evaluate_check(instance, key, check, passed=True)
    assert getattr(read_history(home, instance), part) == ()


def test_a_source_that_did_not_answer__has_neither_drifted_nor_mended_its_drift(
    home: Home, instance: dg.DagsterInstance
) -> None:
    key = contract_key("uk_govuk")
    evaluate_check(instance, key, CONTRACT_CHECK, passed=False, unanswered=True)
    assert read_history(home, instance).drifted == ()
    evaluate_check(instance, key, CONTRACT_CHECK, passed=False)
    evaluate_check(instance, key, CONTRACT_CHECK, passed=False, unanswered=True)
    assert [one.subject for one in read_history(home, instance).drifted] == ["uk_govuk"]
    evaluate_check(instance, key, CONTRACT_CHECK, passed=True)
    assert read_history(home, instance).drifted == ()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiver() as made:
        monkeypatch.setenv("OPS", f"json://{made.address}/")
        yield made


def tick(home: Home, instance: dg.DagsterInstance, moment: datetime = NOW) -> str:
    """One tick of the sensor; what it said."""
    state = StateFolder(root=str(home.root))
    with freeze_time(moment), dg.build_sensor_context(instance=instance, resources={"state": state}) as context:
        said = sensors.alerts.evaluate_tick(context)
    assert said.run_requests == []
    assert said.skip_message is not None
    return said.skip_message


def test_the_sensor__tells_a_failed_run_and_says_what_stands(
    home: Home, instance: dg.DagsterInstance, hook: Receiver
) -> None:
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS]}}")
    run = create_run_for_test(instance, job_name="refresh", status=FAILURE)
    said = tick(home, instance)
    assert "error run_failed:refresh" in said
    assert "OPS took" in said
    [told] = [post["message"] for post in hook.posted]
    assert run.run_id in told
    assert "OPS took" not in tick(home, instance)
    assert len(hook.posted) == 1
    beat = heartbeat.read(home)
    assert beat is not None
    assert (beat.at, beat.refusing) == (NOW, ())
    assert list(read_sizes(home)) == [NOW.date()], "the alerter measures the folder, too"


def test_the_sensor__tells_news_that_are_overdue_once_and_when_it_is_over(
    home: Home, instance: dg.DagsterInstance, hook: Receiver
) -> None:
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS]}}")
    key, alert = asset_key("uk_govuk"), "news_overdue:uk_govuk"
    evaluate_check(instance, key, OVERDUE_CHECK, passed=False)
    for minutes in (0, 5):
        assert alert in tick(home, instance, NOW + timedelta(minutes=minutes))
    evaluate_check(instance, key, OVERDUE_CHECK, passed=True)
    for minutes in (10, 30):
        assert alert not in tick(home, instance, NOW + timedelta(minutes=minutes))
    raised, ended = (post["message"] for post in hook.posted if alert in post["message"])
    assert "it has fallen" in raised
    assert f"Ended: {alert}" in ended


def test_the_sensor__tells_a_damaged_edition_once_and_when_it_is_whole_again(
    home: Home, instance: dg.DagsterInstance, hook: Receiver
) -> None:
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS]}}")
    file, alert = edition(home) / "policy.duckdb", "edition_damaged:edition"
    assert alert not in tick(home, instance)
    file.write_bytes(b"other rows")
    for minutes in (5, 10):
        assert alert in tick(home, instance, NOW + timedelta(minutes=minutes))
    file.write_bytes(b"rows")
    for minutes in (15, 35):
        assert alert not in tick(home, instance, NOW + timedelta(minutes=minutes))
    raised, ended = (post["message"] for post in hook.posted if alert in post["message"])
    assert f"new: {alert}" in raised
    assert f"Ended: {alert}" in ended


def test_the_sensor__says_which_channel_refuses(home: Home, instance: dg.DagsterInstance, hook: Receiver) -> None:
    write_whole(home.alerts_settings, b"{default: operators, channels: {operators: [OPS]}}")
    create_run_for_test(instance, job_name="refresh", status=FAILURE)
    hook.status = 500
    assert "refused: OPS: the other end did not confirm it" in tick(home, instance)
    assert "error alerter_fault:OPS" in tick(home, instance)


def test_the_sensor__leaves_another_alerter_alone(home: Home, instance: dg.DagsterInstance) -> None:
    with lock(home.alerts / ".lock"):
        assert "is at it" in tick(home, instance)
    assert heartbeat.read(home) is None


def test_the_sensor__is_on_and_makes_its_rounds_as_often_as_the_heartbeat_says() -> None:
    assert sensors.alerts.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensors.alerts.minimum_interval_seconds == heartbeat.ROUND_SECONDS
