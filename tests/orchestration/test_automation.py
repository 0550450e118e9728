"""Schedules and sensors as Dagster's own daemon runs them, over an injected clock; runs are queued, never launched."""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.instance_for_test import instance_for_test
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
    SCHEDULE_NAME_TAG,
    SENSOR_NAME_TAG,
)
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster._utils.schedules import cron_string_iterator

from pipelines.digest.build import build_digest
from pipelines.digest.issues import RECORD
from pipelines.home import Home
from pipelines.partitions import iso_week
from pipelines.publish.edition import switch_current
from pipelines.resources import StateFolder
from pipelines.rounds import rounds
from pipelines.schedules import refreshes
from scrapers.durable import write_whole
from scrapers.registry import sources
from tests.coverage_fixture import write_coverage
from tests.faults.verdict import Verdict
from tests.unit.edition_fixture import make_edition
from tests.unit.test_issues import publish

pytestmark = pytest.mark.slow

FR = "us_federal_register"
AT_0845 = "refresh_new_york_0845_mon_fri"


def narrowed() -> dg.Definitions:
    """Our code location with one of its rounds, since making a run costs seconds."""
    from pipelines.definitions import defs

    return dg.Definitions(
        assets=defs.assets,
        asset_checks=defs.asset_checks,
        jobs=defs.jobs,
        schedules=[schedule for schedule in refreshes if schedule.name == AT_0845],
        sensors=defs.sensors,
        resources=defs.resources,
        executor=defs.executor,
    )


class Daemon:
    """Dagster's daemon over our code location, at moments that the test names."""

    def __init__(self, workspace: WorkspaceProcessContext) -> None:
        self._workspace = workspace
        self.instance = workspace.instance
        self._log = logging.getLogger("daemon")

    def ticks(self, *moments: str) -> None:
        """Let the scheduler look at the clock."""
        for moment in moments:
            with freeze_time(at(moment)):
                for error in launch_scheduled_runs(self._workspace, self._log, at(moment), iteration_times={}):
                    assert error is None, error

    def senses(self, *moments: str) -> list[dg.DagsterRun]:
        """Let the sensors look; returns the runs that they have asked for."""
        before = {run.run_id for run in self.instance.get_runs()}
        for moment in moments:
            with freeze_time(at(moment)):
                for error in execute_sensor_iteration(self._workspace, self._log, None, None):
                    assert error is None, error
        return [run for run in self.instance.get_runs() if run.run_id not in before]

    def runs(self, schedule: str) -> list[dg.DagsterRun]:
        """The runs of a schedule, the oldest first."""
        return self.instance.get_runs(dg.RunsFilter(tags={SCHEDULE_NAME_TAG: schedule}))[::-1]

    def why_not(self) -> str | None:
        """What the sensor of the digest said when it last asked for nothing."""
        states = self.instance.all_instigator_state(instigator_type=InstigatorType.SENSOR)
        (state,) = [state for state in states if state.instigator_name == "issues_due"]
        return self.instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)[0].skip_reason

    def ends(self, run: dg.DagsterRun, kind: DagsterEventType) -> None:
        """Let a run end."""
        event = DagsterEvent(event_type_value=kind.value, job_name=run.job_name)
        self.instance.report_dagster_event(event, run_id=run.run_id)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    monkeypatch.setattr(StateFolder, "home", property(lambda _: home))
    return home


@pytest.fixture
def daemon(home: Home, tmp_path: Path) -> Iterator[Daemon]:
    origin = InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name=__name__, attribute="narrowed"))
    launcher = {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"}
    events = {"module": "pipelines.event_log", "class": "PooledEventLog", "config": {"base_dir": str(tmp_path / "log")}}
    settings = {"run_launcher": launcher, "event_log_storage": events}
    with (
        instance_for_test(overrides=settings, temp_dir=str(tmp_path)) as instance,
        create_test_daemon_workspace_context(InProcessWorkspaceLoadTarget(origin), instance) as workspace,
    ):
        yield Daemon(workspace)


def days(run: dg.DagsterRun) -> tuple[str, str]:
    return run.tags[ASSET_PARTITION_RANGE_START_TAG], run.tags[ASSET_PARTITION_RANGE_END_TAG]


def asked(run: dg.DagsterRun) -> set[str]:
    assert run.asset_selection is not None
    return {key.path[-1] for key in run.asset_selection if key.path[0] == "ingest"}


def test_a_round__asks_its_sources_alone_and_all_that_follows(daemon: Daemon) -> None:
    daemon.ticks("2026-11-27 13:00", "2026-11-27 13:45")
    (run,) = daemon.runs(AT_0845)
    assert asked(run) == {FR, "us_govinfo_fr"}
    assert days(run) == ("2026-11-21", "2026-11-27")
    selected = {key.to_user_string() for key in run.asset_selection or ()}
    assert {"raw/crawls", "marts/documents", "edition/staged", "edition/published", "verdict"} <= selected
    assert not any(key.startswith(("digest/", "contract/", "benchmark/")) for key in selected)


@pytest.mark.fault("S9")
@pytest.mark.parametrize("begin", ["2026-03-06 12:00", "2026-03-27 12:00", "2026-10-23 12:00", "2026-10-30 12:00"])
def test_every_source__is_asked_at_its_own_local_times(begin: str, verdict: Verdict) -> None:
    """Over weeks in which the clocks change, of the United States or of Europe."""
    end = at(begin) + timedelta(7)
    times = Counter(
        slug
        for round_, schedule in zip(rounds(sources()), refreshes, strict=True)
        for tick in itertools.takewhile(
            lambda tick: tick < end,
            cron_string_iterator(at(begin).timestamp(), schedule.cron_schedule, schedule.execution_timezone),
        )
        for slug in round_.slugs
        if f"{tick.astimezone(ZoneInfo(sources()[slug].time_zone)):%H:%M}" in sources()[slug].rhythm.at
    )
    days_a_week = {"daily": 7, "mon-fri": 5}
    due = {slug: len(one.rhythm.at) * days_a_week.get(one.rhythm.days, 1) for slug, one in sources().items()}
    verdict.recovered(len(times.items() ^ due.items()))


@pytest.mark.fault("S9")
def test_a_clock_that_steps_a_day_back_and_forth__asks_for_each_day_once(daemon: Daemon, verdict: Verdict) -> None:
    daemon.ticks("2026-11-26 13:00", "2026-11-26 13:45", "2026-11-25 13:45", "2026-11-26 13:46", "2026-11-27 13:45")
    until = [days(run)[1] for run in daemon.runs(AT_0845)]
    wrong = Counter(until) - Counter(["2026-11-26", "2026-11-27"])
    verdict.recovered(wrong.total() + len({"2026-11-26", "2026-11-27"} - set(until)))


def test_a_tick_that_is_looked_at_twice__doubles_nothing(daemon: Daemon) -> None:
    daemon.ticks("2026-11-27 13:00", "2026-11-27 13:45", "2026-11-27 13:46", "2026-11-27 14:00")
    assert len(daemon.runs(AT_0845)) == 1


def test_after_three_weeks_asleep__each_source_is_asked_since_it_was_last_seen(daemon: Daemon, home: Home) -> None:
    _covered(home, {FR: "2026-11-03"})
    daemon.ticks("2026-11-03 12:00", "2026-11-27 22:00")
    assert {days(run): asked(run) for run in daemon.runs(AT_0845)} == {
        ("2026-11-03", "2026-11-27"): {FR},
        ("2026-11-21", "2026-11-27"): {"us_govinfo_fr"},
    }


def _covered(home: Home, seen: dict[str, str]) -> None:
    rows = [(slug, day, "checked") for slug, day in seen.items()]
    rows += [(slug, "2026-11-27", "could_not_look") for slug in seen]
    write_coverage(home.bookkeeping / "source_coverage.parquet", *rows)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_edition(tmp_path_factory.mktemp("base") / "edition", crowd=0)


def looked(base: Path, home: Home, moment: str) -> None:
    """A refresh has published an edition."""
    switch_current(home, publish(base, home.root, at(moment)).name)


def written(daemon: Daemon, home: Home, run: dg.DagsterRun) -> str:
    """The run writes its issue; returns the week."""
    week = iso_week(run.tags[PARTITION_NAME_TAG])
    build_digest(home.editions / "current", week, None, home.digests)
    daemon.ends(run, DagsterEventType.RUN_SUCCESS)
    return week


def test_an_issue__is_due_on_monday_once_somebody_has_looked(daemon: Daemon, home: Home, base: Path) -> None:
    assert daemon.senses("2026-11-16 07:59") == []
    looked(base, home, "2026-11-15 23:00")
    assert daemon.senses("2026-11-16 08:05") == []
    assert daemon.why_not() == "the issue of 2026-W46 waits for a look after 2026-11-15; the last was on 2026-11-15"
    looked(base, home, "2026-11-16 08:06")
    (run,) = daemon.senses("2026-11-16 08:11", "2026-11-16 08:17")
    assert run.tags[SENSOR_NAME_TAG] == "issues_due"
    assert written(daemon, home, run) == "2026-W46"
    assert daemon.senses("2026-11-16 08:23", "2026-11-22 23:00") == []
    assert daemon.why_not() == "the issue of 2026-W47 is due on Monday, 23 November 2026, 08:00 UTC"


def test_an_issue_that_was_not_sent__is_sent_again_some_times_and_not_written(
    daemon: Daemon, home: Home, base: Path
) -> None:
    looked(base, home, "2026-11-16 08:06")
    (run,) = daemon.senses("2026-11-16 08:11")
    record = home.deliveries / written(daemon, home, run) / "readers-0123456789abcdef.json"
    write_whole(record, b'{"state": "failed", "tries": 1}')
    (again,) = daemon.senses("2026-11-16 08:16")
    assert again.tags[PARTITION_NAME_TAG] == "2026-11-09"
    assert again.asset_selection == {dg.AssetKey(["digest", "delivered"])}
    daemon.ends(again, DagsterEventType.RUN_FAILURE)
    assert daemon.senses("2026-11-16 08:22", "2026-11-16 11:55") == [], "every four hours"
    (later,) = daemon.senses("2026-11-16 12:01")
    daemon.ends(later, DagsterEventType.RUN_FAILURE)
    write_whole(record, b'{"state": "failed", "tries": 12}')
    assert daemon.senses("2026-11-17 08:00") == [], "a person must look"
    write_whole(record, b'{"state": "sent"}')
    assert daemon.senses("2026-11-18 08:00") == []


@pytest.mark.fault("O12")
def test_three_missed_issues__come_in_their_order_each_once(
    daemon: Daemon, home: Home, base: Path, verdict: Verdict
) -> None:
    looked(base, home, "2026-11-16 07:30")
    weeks = [written(daemon, home, run) for run in daemon.senses("2026-11-16 08:00")]
    assert weeks == ["2026-W46"]
    assert daemon.senses("2026-12-09 10:00") == []  # on waking, before the sources were asked
    looked(base, home, "2026-12-09 10:30")
    for minute in range(31, 60, 6):
        weeks += [written(daemon, home, run) for run in daemon.senses(f"2026-12-09 10:{minute}")]
    assert weeks == ["2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    issued = Counter(path.parent.name for path in home.digests.glob(f"*/{RECORD}"))
    verdict.recovered((issued - Counter(weeks)).total() + (Counter(weeks) - issued).total())


def test_an_issue_that_failed__is_tried_again_the_next_day(daemon: Daemon, home: Home, base: Path) -> None:
    looked(base, home, "2026-11-16 07:30")
    (run,) = daemon.senses("2026-11-16 08:00")
    daemon.ends(run, DagsterEventType.RUN_FAILURE)
    assert daemon.senses("2026-11-16 09:00", "2026-11-16 20:00") == []
    (again,) = daemon.senses("2026-11-17 08:00")
    assert again.tags[PARTITION_NAME_TAG] == run.tags[PARTITION_NAME_TAG]
