"""Alerts through Dagster: what its history says of runs and checks, and the sensor over an instance of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test, freeze_time

from pipelines import sensors
from pipelines.alerts import heartbeat
from pipelines.alerts.runs import History, read_history
from pipelines.assets.benchmark import SCORE_CHECK
from pipelines.assets.contracts import CONTRACT_CHECK, UNANSWERED, contract_key
from pipelines.assets.ingest import asset_key
from pipelines.history import FROM_COMMAND_LINE
from pipelines.home import Home
from pipelines.ops.sizes import read_sizes
from pipelines.overdue import CHECK as OVERDUE_CHECK
from pipelines.resources import StateFolder
from scrapers.durable import write_whole
from scrapers.locks import lock
from tests.receivers import Receiver, receiver
from tests.state_fixture import edition

STARTED, FAILURE = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_no_history__is_no_alert(home: Home, instance: dg.DagsterInstance) -> None:
    assert read_history(home, None) == read_history(home, instance) == History()


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
