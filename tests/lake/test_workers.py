"""Runs spread over workers of Celery, with their history on a PostgreSQL: one is killed in a crawl, nothing is lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.launcher import WorkerStatus
from dagster._core.storage.tags import PARENT_RUN_ID_TAG, PARTITION_NAME_TAG
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import pack_value

from docs.screenshots import running_ui
from pipelines.assets.ingest import asset_key
from pipelines.home import Home
from pipelines.instance import BROKER_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.resources import HOME_VARIABLE
from scrapers.locks import lock
from scrapers.registry import sources
from scrapers.samples.process import running_samples
from tests.faults.control_room import ControlRoom
from tests.faults.processes import alive, until
from tests.faults.server import FaultServer, Wait, fault_server
from tests.lake import postgres, redis_server
from tests.lake.test_lake import aipolicy, parquet_of, ran

pytestmark = pytest.mark.lake

GRANTS, GRANTS_HOST = "us_grants_gov", "api.grants.gov"
OTHERS = ("uk_govuk", "us_federal_register")
SINCE, UNTIL, WEEK = "2024-01-08", "2024-01-21", "2024-01-15"
ANSWERED = 5
"""Answers that the crawl has when its worker is killed."""
OWN = (VARIABLE, DATA_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE, BROKER_VARIABLE)
CANARY = "a-password-that-nobody-keeps"


@dataclass(frozen=True)
class Worker:
    """A worker as an operator starts it."""

    process: subprocess.Popen[bytes]
    log: Path

    def has_run(self, pid: int) -> bool:
        """Whether the process of a run is one of its own."""
        return psutil.Process(pid).ppid() == self.process.pid

    def kill(self) -> list[psutil.Process]:
        """Kill it and all that it has started; returns them."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return family


@dataclass(frozen=True)
class Machines:
    """The UI with its daemon, two workers, and what their runs ask."""

    home: Home
    room: ControlRoom
    workers: list[Worker]
    base_urls: dict[str, str]
    grants: FaultServer

    def launch(self, job: str, slug: str, since: str = SINCE, until: str = UNTIL) -> str:
        """Launch a run that crawls a source and loads it."""
        config = {"base_urls": self.base_urls, "since": since, "until": until}
        assets = [asset_key(slug), *self.keys(job, "raw")]
        return self.room.launch(job, assets, {"ops": {"ingest": {"config": config}}})

    def keys(self, job: str, *groups: str) -> list[dg.AssetKey]:
        """Assets of a job by how their keys begin; without a word, all but the sources."""
        from pipelines.definitions import defs

        keys = sorted(defs.resolve_job_def(job).asset_layer.executable_asset_keys)
        return [key for key in keys if (key.path[0] in groups if groups else key.path[0] != "ingest")]

    def ends_well(self, run_id: str) -> None:
        """Wait for the good end of a run."""
        assert self.room.ended(run_id) == "SUCCESS", self.room.said(run_id)

    def process_of(self, run_id: str) -> int:
        """The process of a run, which it names itself."""
        pattern = re.compile(r"Started process for run \(pid: (\d+)\)")
        return int(until(lambda: pattern.search(self.room.said(run_id)), 300, f"the process of run {run_id}")[1])


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an operator sets on every machine."""
    with postgres.running() as server, redis_server.running() as broker, pytest.MonkeyPatch.context() as patch:
        told = {
            VARIABLE: f"ducklake:postgres:{server.new_database('lake')}",
            DATA_VARIABLE: str(tmp_path_factory.mktemp("lake")),
            HISTORY_VARIABLE: f"postgres:{server.new_database('dagster')}",
            WORKERS_VARIABLE: "celery",
            BROKER_VARIABLE: broker,
            "PGPASSWORD": CANARY,
            **{config.key.variable: "sample" for config in sources().values() if config.key},
        }
        for name, value in told.items():
            patch.setenv(name, value)
        yield told


@pytest.fixture(scope="module")
def machines(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    home = Home(tmp_path_factory.mktemp("home"))
    with ExitStack() as stack:
        base_urls = stack.enter_context(running_samples(sources=(GRANTS, *OTHERS)))
        grants = stack.enter_context(fault_server(base_urls[GRANTS_HOST]))
        room = ControlRoom(stack.enter_context(running_ui(home)))
        workers = [_started(stack, home, tmp_path_factory.mktemp("worker") / "log") for _ in range(2)]
        for worker in workers:
            until(lambda worker=worker: " ready." in worker.log.read_text(), 120, "a worker that is ready")
        yield Machines(home, room, workers, {**base_urls, GRANTS_HOST: grants.url}, grants)


def _started(stack: ExitStack, home: Home, log: Path) -> Worker:
    command = [str(Path(sys.executable).with_name("aipolicy")), "--home", str(home.root), "worker"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    stack.callback(_ended, process)
    return Worker(process, log)


def _ended(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_worker_is_killed_in_a_crawl_and_another_makes_its_run_again(machines: Machines, tmp_path: Path) -> None:
    room, grants = machines.room, machines.grants
    grants.when(lambda _: len(grants.asked) == ANSWERED + 1, lambda _: (Wait(60),))
    killed = machines.launch("refresh", GRANTS)
    others = [machines.launch("refresh", slug) for slug in OTHERS]
    until(lambda: len(grants.asked) > ANSWERED, 300, "a crawl that waits for an answer")
    (worker,) = (worker for worker in machines.workers if worker.has_run(machines.process_of(killed)))
    family = worker.kill()
    until(lambda: not alive(family), 60, "the end of all processes of the killed worker")

    assert room.ended(killed) == "FAILURE"
    assert "nobody holds its lock" in room.said(killed)
    parent = [{"key": PARENT_RUN_ID_TAG, "value": killed}]
    (again,) = until(lambda: room.runs(tags=parent), 120, "the run made in its place")
    for run_id in (*others, again["runId"]):
        machines.ends_well(run_id)
    assert len(room.runs(tags=parent)) == 1
    machines.ends_well(room.launch("refresh", machines.keys("refresh")))

    of_file = Home(tmp_path / "file")
    for crawled in (machines.home.archive, machines.home.landing):
        shutil.copytree(crawled, of_file.root / crawled.name)
    aipolicy(of_file, "replay", **dict.fromkeys(OWN, ""))
    assert of_file.warehouse.exists()
    assert parquet_of(machines.home) == parquet_of(of_file)


def test_a_digest_and_a_backfill_are_made_by_a_worker(machines: Machines) -> None:
    machines.ends_well(machines.launch("backfill", GRANTS, "2023-12-04", "2023-12-10"))
    week = {PARTITION_NAME_TAG: WEEK}
    machines.ends_well(machines.room.launch("weekly_digest", machines.keys("weekly_digest"), {}, **week))
    assert (machines.home.digests / "2024-W03" / "digest.md").exists()


def test_the_doctor_reads_the_history_of_all(machines: Machines) -> None:
    said = ran(machines.home, "doctor").stdout
    assert "runs, none stale, no slot held by a dead one" in said
    elsewhere = {HISTORY_VARIABLE: f"postgres:host={machines.home.root} dbname=dagster user=aipolicy"}
    said = ran(machines.home, "doctor", **elsewhere).stdout
    assert "FAIL  run history: the run history of AIPOLICY_DAGSTER" in said
    assert "see whether PostgreSQL answers" in said


def test_a_run_that_is_cancelled_ends_on_its_worker(machines: Machines) -> None:
    machines.grants.when(lambda _: True, lambda _: (Wait(60),))
    asked = len(machines.grants.asked)
    run_id = machines.launch("refresh", GRANTS, "2024-02-05", "2024-02-11")
    until(lambda: len(machines.grants.asked) > asked, 300, "a crawl that waits for its answer")
    process = psutil.Process(machines.process_of(run_id))
    family = [process, *process.children(recursive=True)]
    machines.room.cancel(run_id)
    assert machines.room.ended(run_id) == "CANCELED"
    until(lambda: not alive(family), 60, "the end of the cancelled run's processes")


def test_a_run_is_executed_by_one_process_however_often_it_is_delivered(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import workers

    for name, value in ((HOME_VARIABLE, machines.home.root), ("DAGSTER_HOME", machines.home.dagster)):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(workers, "LOCK_SECONDS", 0)
    with dg.DagsterInstance.get() as instance:
        run = instance.get_runs(limit=1)[0]
        delivered = pack_value(ExecuteRunArgs(run.job_code_origin, run.run_id, instance_ref=None))
        task = workers.registered_task(workers.app_of_instance())
        with lock(machines.home.lock_of_run(run.run_id)):
            assert isinstance(instance.run_launcher, workers.WorkerLauncher)
            assert instance.run_launcher.check_run_worker_health(run).status == WorkerStatus.RUNNING
            before = len(instance.all_logs(run.run_id))
            assert task(execute_job_args_packed=delivered) is None
            assert len(instance.all_logs(run.run_id)) == before
        assert instance.run_launcher.check_run_worker_health(run).status == WorkerStatus.FAILED
        assert task(execute_job_args_packed=delivered) == 0
        said = [entry.message for entry in instance.all_logs(run.run_id)[before:]]
        assert [one for one in said if "before execution could start" in one or "already finished" in one]


def test_the_password_stands_nowhere(machines: Machines) -> None:
    files = [path for path in machines.home.root.rglob("*") if path.is_file()]
    assert machines.home.dagster / "dagster.yaml" in files
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []
    with dg.DagsterInstance.from_config(str(machines.home.dagster)) as instance:
        assert CANARY not in instance.info_str()
