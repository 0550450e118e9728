"""The real UI with its daemon over a state folder, asked and told what to do through GraphQL alone.

Belongs here: opening it, and its calls. Does not belong here: what must hold.

The UI has our code location, with one schedule that is due every minute in place of those that would ask the real
sources at their hours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
import psutil

from docs.screenshots import ask, running_ui
from pipelines.home import Home
from pipelines.rounds import Round
from pipelines.schedules import refresh_of
from tests.faults.processes import until

WORKSPACE = Path(__file__).with_name("control_room.yaml")
SELECTOR = {"repositoryLocationName": "aipolicy", "repositoryName": "__repository__"}
OVER = {"SUCCESS", "FAILURE", "CANCELED"}
_LAUNCH = """mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  ... on RunConfigValidationInvalid { errors { message } } } }"""
_AGAIN = """mutation($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_TERMINATE = """mutation($id: String!) { terminateRun(runId: $id) { __typename } }"""
_STOP = """mutation($id: String!) { stopRunningSchedule(id: $id) {
  ... on ScheduleStateResult { scheduleState { status } } } }"""
_RUNS = """query($filter: RunsFilter) { runsOrError(filter: $filter) { ... on Runs { results {
  runId status jobName tags { key value } } } } }"""
_EVENTS = """query($id: ID!) { logsForRun(runId: $id, limit: 5000) { ... on EventConnection { events {
  ... on MessageEvent { eventType message } ... on ErrorEvent {
  error { message errorChain { error { message } } } } } } } }"""
_CHECKS = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
  freshnessStatusInfo { freshnessStatus } assetChecksOrError { ... on AssetChecks { checks { name
  executionForLatestMaterialization { status evaluation { severity description } } } } } } } }"""
_TICKS = """query($which: InstigationSelector!) { instigationStateOrError(instigationSelector: $which) {
  ... on InstigationState { id status ticks { status skipReason runIds error { message } } } } }"""


class EveryMinute(Round):
    """A round that is always due."""

    @property
    def cron(self) -> str:
        return "* * * * *"


EACH_MINUTE = refresh_of(EveryMinute("UTC", "00:00", "daily", ("uk_govuk",)))


def location() -> dg.Definitions:
    """What the UI shows."""
    from pipelines.definitions import defs

    return dg.Definitions(
        assets=defs.assets,
        asset_checks=defs.asset_checks,
        jobs=defs.jobs,
        schedules=[EACH_MINUTE],
        sensors=defs.sensors,
        resources=defs.resources,
        executor=defs.executor,
    )


class ControlRoom:
    """What an operator does in the UI."""

    def __init__(self, port: int) -> None:
        self.port = port

    def launch(self, job: str, assets: Sequence[dg.AssetKey], config: object = None, **tags: str) -> str:
        """Launch a job over some of its assets; returns the run."""
        chosen = [{"path": list(key.path)} for key in assets]
        params = {
            "selector": {**SELECTOR, "jobName": job, "assetSelection": chosen},
            "runConfigData": config or {},
            "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
        }
        launched = self._ask(_LAUNCH, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def launch_again(self, run_id: str) -> str:
        """Press "re-execute from failure"."""
        params = {"parentRunId": run_id, "strategy": "FROM_FAILURE"}
        launched = self._ask(_AGAIN, params=params)["launchRunReexecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def backfill(self, assets: Sequence[dg.AssetKey], partitions: Sequence[str], config: object = None) -> str:
        """Launch a backfill; returns its id."""
        params = {
            "assetSelection": [{"path": list(key.path)} for key in assets],
            "partitionNames": list(partitions),
            "runConfigData": config or {},
        }
        launched = self._ask(_BACKFILL, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def cancel(self, run_id: str) -> None:
        """Press "terminate"."""
        ended = self._ask(_TERMINATE, id=run_id)["terminateRun"]
        assert ended["__typename"] == "TerminateRunSuccess", ended

    def ticks(self, name: str) -> list[dict[str, Any]]:
        """The ticks of a schedule or sensor, the newest first."""
        return list(self._instigator(name)["ticks"])

    def switch_off(self, schedule: str) -> None:
        """Turn a schedule's switch."""
        stopped = self._ask(_STOP, id=self._instigator(schedule)["id"])["stopRunningSchedule"]
        assert stopped == {"scheduleState": {"status": "STOPPED"}}, stopped

    def runs(self, **filters: object) -> list[dict[str, Any]]:
        """Runs of a filter, the newest first."""
        return list(self._ask(_RUNS, filter=filters)["runsOrError"]["results"])

    def status(self, run_id: str) -> str:
        """Of one run."""
        (run,) = self.runs(runIds=[run_id])
        return str(run["status"])

    def said(self, run_id: str) -> str:
        """All messages of a run."""
        events = self._ask(_EVENTS, id=run_id)["logsForRun"]["events"]
        return "\n".join(" ".join(word for word in _words(event) if word) for event in events)

    def is_under_way(self, run_id: str) -> None:
        """Wait for a run's first step."""
        until(lambda: "STEP_START" in self.said(run_id), 300, f"the first step of run {run_id}")

    def kill(self) -> list[psutil.Process]:
        """Kill the UI, its daemon, its code locations and its runs, all at once, as the end of a machine does."""
        (ui,) = (one for one in psutil.Process().children() if str(self.port) in one.cmdline())
        family = [ui]
        for process in family:  # which grows: one that is stopped has no more children than it is asked for
            with suppress(psutil.NoSuchProcess):
                process.suspend()
                family += process.children()
        for process in family:
            with suppress(psutil.NoSuchProcess):  # ended with its parent
                process.kill()
        return family

    def ended(self, run_id: str, seconds: float = 600) -> str:
        """How a run ends, once it has."""
        until(lambda: self.status(run_id) in OVER, seconds, f"the end of run {run_id}")
        return self.status(run_id)

    def freshness(self, key: dg.AssetKey) -> str:
        """The light of an asset's freshness."""
        return str(self._asset(key)["freshnessStatusInfo"]["freshnessStatus"])

    def checks(self, key: dg.AssetKey) -> dict[str, dict[str, Any]]:
        """The newest result of each check of an asset."""
        checks = self._asset(key)["assetChecksOrError"]["checks"]
        return {one["name"]: one["executionForLatestMaterialization"] or {} for one in checks}

    def _asset(self, key: dg.AssetKey) -> dict[str, Any]:
        return dict(self._ask(_CHECKS, key={"path": list(key.path)})["assetNodeOrError"])

    def _instigator(self, name: str) -> dict[str, Any]:
        return dict(self._ask(_TICKS, which={**SELECTOR, "name": name})["instigationStateOrError"])

    def _ask(self, query: str, **variables: object) -> Mapping[str, Any]:
        return ask(self.port, query, variables)


def _words(event: Mapping[str, Any]) -> Iterator[str | None]:
    """What an event says, with its error and all that led to it."""
    yield from (event.get("eventType"), event.get("message"))
    if error := event.get("error"):
        yield from (error["message"], *(link["error"]["message"] for link in error["errorChain"]))


@contextmanager
def opened(home: Path) -> Iterator[ControlRoom]:
    """The UI and its daemon, until the block ends."""
    code = f"from pathlib import Path; from pipelines import ui; ui.WORKSPACE = Path({str(WORKSPACE)!r}); ui.main()"
    with running_ui(Home(home), (sys.executable, "-c", code)) as port:
        yield ControlRoom(port)
