"""Runs spread over workers of Celery, with their history on a PostgreSQL: one is killed in a crawl, nothing is lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest
from dagster._core.launcher import WorkerStatus
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import pack_value

from docs.screenshots import running_ui
from pipelines.assets.ahead import enriched, gathered
from pipelines.assets.ingest import asset_key
from pipelines.home import Home
from pipelines.instance import BROKER_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.resources import HOME_VARIABLE
from scrapers.locks import BUDGETS_VARIABLE, lock
from scrapers.registry import sources
from scrapers.samples.process import running_samples
from tests.faults.control_room import ControlRoom
from tests.faults.processes import alive, until
from tests.faults.server import FaultServer, Wait, fault_server
from tests.lake import postgres, redis_server
from tests.lake.test_lake import aipolicy, parquet_of, ran

pytestmark = pytest.mark.lake

GRANTS, GRANTS_HOST = "us_grants_gov", "api.grants.gov"
ISSUES, ISSUES_HOST = "us_govinfo_fr", "www.govinfo.gov"
OTHERS = ("uk_govuk", "us_federal_register")
SINCE, UNTIL, WEEK = "2024-01-08", "2024-01-21", "2024-01-15"
MONTH = "2024-01"
SHARES_READ = ("00", "01", "02")
"""Of all shares those that workers read ahead here; a refresh reads the others."""
ANSWERED = 5
"""Answers that the crawl has when its worker is killed."""
OWN = (VARIABLE, DATA_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE, BROKER_VARIABLE, BUDGETS_VARIABLE)
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
    issues: FaultServer
    server: postgres.Server
    stack: ExitStack
    """Ends what is begun."""

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

    def begin_worker(self, log: Path) -> None:
        """Start one more, as whoever looks after a machine does."""
        worker = _started(self.stack, self.home, log)
        until(lambda: " ready." in log.read_text(), 120, "a worker that is ready")
        self.workers.append(worker)

    def backfill(self, key: dg.AssetKey, partitions: Sequence[str], config: object = None) -> list[dict[str, Any]]:
        """Launch a run for each partition of an asset; returns a filter for them."""
        asked = self.room.backfill([key], partitions, config)
        return [{"key": "dagster/backfill", "value": asked}]

    def run_of(self, tags: list[dict[str, Any]], partition: str) -> dict[str, Any] | None:
        """The newest run of a backfill for a partition."""
        own = {"key": PARTITION_NAME_TAG, "value": partition}
        return next((run for run in self.room.runs(tags=tags) if own in run["tags"]), None)

    def process_of(self, run_id: str) -> int:
        """The process of a run, which it names itself."""
        pattern = re.compile(r"Started process for run \(pid: (\d+)\)")
        return int(until(lambda: pattern.search(self.room.said(run_id)), 300, f"the process of run {run_id}")[1])


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="module")
def variables(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an operator sets on every machine."""
    with redis_server.running() as broker, pytest.MonkeyPatch.context() as patch:
        told = {
            VARIABLE: f"ducklake:postgres:{server.new_database('lake')}",
            DATA_VARIABLE: str(tmp_path_factory.mktemp("lake")),
            HISTORY_VARIABLE: f"postgres:{server.new_database('dagster')}",
            WORKERS_VARIABLE: "celery",
            BROKER_VARIABLE: broker.url,
            BUDGETS_VARIABLE: broker.url.replace("/0", "/1"),
            "PGPASSWORD": CANARY,
            **{config.key.variable: "sample" for config in sources().values() if config.key},
        }
        for name, value in told.items():
            patch.setenv(name, value)
        yield told


@pytest.fixture(scope="module")
def machines(
    variables: dict[str, str], server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    home = Home(tmp_path_factory.mktemp("home"))
    with ExitStack() as stack:
        base_urls = stack.enter_context(running_samples(sources=(GRANTS, ISSUES, *OTHERS)))
        grants = stack.enter_context(fault_server(base_urls[GRANTS_HOST]))
        issues = stack.enter_context(fault_server(base_urls[ISSUES_HOST]))
        room = ControlRoom(stack.enter_context(running_ui(home)))
        asked = {**base_urls, GRANTS_HOST: grants.url, ISSUES_HOST: issues.url}
        made = Machines(home, room, [], asked, grants, issues, server, stack)
        for _ in range(2):
            made.begin_worker(tmp_path_factory.mktemp("worker") / "log")
        yield made


def _started(stack: ExitStack, home: Home, log: Path) -> Worker:
    command = [str(Path(sys.executable).with_name("aipolicy")), "--home", str(home.root), "worker", "--at-once", "2"]
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


def test_workers_are_killed_in_a_crawl_and_in_a_load_and_nothing_is_lost(machines: Machines, tmp_path: Path) -> None:
    """Three crawls at once; a worker is killed in one of them, the process of a run in a load, and the server of the
    lake goes away in another. Then texts are read in shares, and a refresh builds and publishes."""
    room, server = machines.room, machines.server
    aipolicy(machines.home, "load")
    machines.issues.when(lambda _: len(machines.issues.asked) == ANSWERED + 1, lambda _: (Wait(60),))
    months = {slug: f"{MONTH}|{slug}" for slug in (ISSUES, *OTHERS)}
    config = {"ops": {"ahead__gathered": {"config": {"base_urls": machines.base_urls}}}}
    with server.commits_held("lake"):
        gathering = machines.backfill(gathered.key, list(months.values()), config)
        until(lambda: len(machines.issues.asked) > ANSWERED, 300, "a crawl that waits for an answer")
        until(lambda: server.waiting("lake"), 300, "a load that waits to be committed")
        first = {
            slug: until(partial(machines.run_of, gathering, month), 60, slug)["runId"] for slug, month in months.items()
        }
        processes = {slug: machines.process_of(run_id) for slug, run_id in first.items()}

        (worker,) = (worker for worker in machines.workers if worker.has_run(processes[ISSUES]))
        left = [slug for slug in OTHERS if not worker.has_run(processes[slug])]
        family = worker.kill()
        until(lambda: not alive(family), 60, "the end of all processes of the killed worker")
        machines.workers.remove(worker)

        until(partial(_has_lost_the_lake, server, machines.workers[0]), 300, "a load that has lost the lake")
        until(lambda: server.waiting("lake"), 300, "a load that has come back")
        psutil.Process(processes[left[0]]).kill()
        machines.begin_worker(tmp_path / "log")

    for month in months.values():
        until(lambda month=month: _is_over(machines.run_of(gathering, month)), 600, f"the good end of {month}")
    reading = machines.backfill(enriched.key, SHARES_READ)
    for share in SHARES_READ:
        machines.ends_well(until(partial(machines.run_of, reading, share), 120, share)["runId"])
    machines.ends_well(room.launch("refresh", machines.keys("refresh")))

    of_file = Home(tmp_path / "file")
    for crawled in (machines.home.archive, machines.home.landing):
        shutil.copytree(crawled, of_file.root / crawled.name)
    aipolicy(of_file, "replay", **dict.fromkeys(OWN, ""))
    assert of_file.warehouse.exists()
    assert parquet_of(machines.home) == parquet_of(of_file)


def _has_lost_the_lake(server: postgres.Server, worker: Worker) -> bool:
    """Cut what waits; whether that was a load of the worker: the server knows no sooner than we who was killed."""
    if server.waiting("lake"):
        server.cut_connections("lake")
    return "trying again" in worker.log.read_text()


def _is_over(run: dict[str, Any] | None) -> bool:
    """Whether a run came to its good end."""
    return run is not None and run["status"] == "SUCCESS"


def test_a_digest_and_a_backfill_are_made_by_a_worker(machines: Machines) -> None:
    machines.ends_well(machines.launch("backfill", GRANTS, "2023-12-04", "2023-12-10"))
    week = {PARTITION_NAME_TAG: WEEK}
    machines.ends_well(machines.room.launch("weekly_digest", machines.keys("weekly_digest"), {}, **week))
    assert (machines.home.digests / "2024-W03" / "digest.md").exists()


def test_the_doctor_reads_the_history_of_all(machines: Machines) -> None:
    said = ran(machines.home, "doctor").stdout
    assert "runs, none stale, no slot held by a dead one" in said
    assert f"OK    warehouse: the lake of {VARIABLE} answers" in said
    assert f"OK    hosts' budgets: the Redis of {BUDGETS_VARIABLE} answers" in said
    assert f"OK    broker: the Redis of {BROKER_VARIABLE} answers" in said
    elsewhere = {HISTORY_VARIABLE: f"postgres:host={machines.home.root} dbname=dagster user=aipolicy"}
    said = ran(machines.home, "doctor", **elsewhere).stdout
    assert "FAIL  run history: the run history of AIPOLICY_DAGSTER" in said
    assert "see whether PostgreSQL answers" in said
    nobody = f"redis://:{CANARY}@127.0.0.1:{redis_server.free_port()}/0"
    said = ran(machines.home, "doctor", **{BUDGETS_VARIABLE: nobody}).stdout
    assert f"FAIL  hosts' budgets: the Redis of {BUDGETS_VARIABLE}: Error" in said
    assert CANARY not in said
    nowhere = {VARIABLE: f"{os.environ[VARIABLE].rpartition('dbname=')[0]}dbname=not_there"}
    assert "FAIL  warehouse: the warehouse of" in ran(machines.home, "doctor", **nowhere).stdout


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
