"""Runs on workers of Celery: how they are given out, how a dead one is known, and the worker itself.

Whoever executes a run holds its lock in the state folder, which dies with its process. So a run is executed by one
process however often the broker delivers it, and a run that stands as under way while nobody holds its lock is dead:
Dagster's monitoring ends it and makes it again once. Imported only where AIPOLICY_WORKERS is set. Does not belong here:
settings (instance.py), and what a run does.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

import dagster as dg
from celery import Celery, Task
from celery.signals import worker_process_init
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import unpack_value
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tasks import create_execute_job_task

from pipelines.home import Home
from pipelines.instance import MAX_RUN_HOURS, WORKERS_VARIABLE
from pipelines.progress import say
from pipelines.resources import state_folder
from scrapers.locks import Held, holder_of, lock
from scrapers.processes import die_with_parent

QUEUE = "dagster"
RETRY_SECONDS = 60
LOCK_SECONDS = 5
"""Whoever looks whether a run lives holds its lock for a moment."""
_log = logging.getLogger(__name__)


class WorkerLauncher(CeleryRunLauncher):  # type: ignore[misc]  # untyped for mypy, which does without Celery
    """Gives runs to workers, and tells by their locks whether they live: Celery knows of no worker that was killed."""

    @property
    def supports_resume_run(self) -> bool:
        """A run that died is made again as a new one, as anywhere else."""
        return False

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Of a run that stands as under way."""
        if holder_of(state_folder().home.lock_of_run(run.run_id)) is None:
            return CheckRunHealthResult(WorkerStatus.FAILED, "its worker was killed or lost: nobody holds its lock")
        return CheckRunHealthResult(WorkerStatus.RUNNING)

    def terminate(self, run_id: str) -> bool:
        """Have a run cancelled; one that is still waiting is not begun."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        return bool(super().terminate(run_id))

    def get_run_worker_debug_info(self, run: dg.DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """Nothing: Celery's own account of results is not kept."""
        return None


class OneProcess(Task):  # type: ignore[misc]  # as above
    """A task that executes a run and leaves it alone where another process does so."""

    def __call__(self, execute_job_args_packed: Mapping[str, Any]) -> int | None:
        """Execute the run; None where another process holds it."""
        run_id = unpack_value(execute_job_args_packed, as_type=ExecuteRunArgs).run_id
        try:
            with lock(state_folder().home.lock_of_run(run_id), LOCK_SECONDS):
                return int(super().__call__(execute_job_args_packed=execute_job_args_packed))
        except Held as held:
            _log.warning("run %s is executed by process %s already; it is left alone here", run_id, held)
            return None


def be_worker(home: Home, at_once: int) -> None:
    """Take runs of a prepared state folder, so many at once, each in a process of its own, until a signal ends it."""
    worker_process_init.connect(_begin_process)
    app = app_of_instance()
    registered_task(app)
    options = [f"--concurrency={at_once}", "--max-tasks-per-child=1", f"--queues={QUEUE}", "--loglevel=INFO"]
    say(f"taking runs of {home.root}, {at_once} at once")
    app.worker_main(["worker", *options, f"--hostname=aipolicy-{os.getpid()}@%h"])


def registered_task(app: Celery) -> Task:
    """What a worker does with a run that it is given.

    The broker hears of the end of a run, not of its beginning: so nobody reserves a run that another worker could take,
    and one whose worker dies before it is under way is delivered again. So is one that cannot be begun, such as while
    its history does not answer.
    """
    return create_execute_job_task(
        app,
        base=OneProcess,
        acks_late=True,
        reject_on_worker_lost=True,
        autoretry_for=(Exception,),
        default_retry_delay=RETRY_SECONDS,
        max_retries=MAX_RUN_HOURS * 3600 // RETRY_SECONDS,
        ignore_result=True,
    )


def app_of_instance() -> Celery:
    """The application of Celery as the settings of the instance have it."""
    with dg.DagsterInstance.get() as instance:
        launcher = instance.run_launcher
        if not isinstance(launcher, WorkerLauncher):
            raise TypeError(f"{WORKERS_VARIABLE}: expected celery, got settings with {type(launcher).__name__}")
        return launcher.celery


def _begin_process(**_: object) -> None:
    """A run ends with its worker: it could not be cancelled any more."""
    die_with_parent()
