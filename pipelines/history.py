"""The run history that Dagster keeps in the state folder: how the last runs ended, and the end of killed ones.

A killed process cannot write how it ended; whether it lives is told by the locks of the command line and of the UI.
Runs of workers are not looked at here: Dagster's monitoring ends the dead ones (workers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.tags import SCHEDULE_NAME_TAG

from pipelines.covering import BY_HAND, covers
from pipelines.home import Home
from pipelines.instance import dagster_yaml, require_history, workers_of
from pipelines.undone import Undone
from scrapers.locks import holder_of

FROM_COMMAND_LINE = {"aipolicy/started_from": "command_line"}
"""Tells runs of this door, of which only one can be alive, from those that the UI and its schedules launch."""
UNENDED = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_FAILED = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_LINES = (("refresh", "backfill", "replay", BY_HAND), ("weekly_digest",))
"""Jobs whose newest run speaks for all of them: those that lead to an edition, and the digest."""
_JOBS_OF_ALERTS = (
    "refresh", "backfill", "gather", "enrich_ahead", "replay", BY_HAND, "weekly_digest", "sources_check", "evaluate",
    "clean_up",
)  # fmt: skip
AHEAD = "ahead"
"""How the keys of assets begin that are made ahead of a refresh."""
_LATELY = 100
_LOOKED_AT = 500
"""Runs of a job, the newest, among which alerts look for one that nothing has made good: some weeks of refreshes."""


@dataclass(frozen=True)
class FailedRun:
    """A newest run that did not end well."""

    run_id: str
    job: str
    started_by: str
    was_killed: bool
    published: bool
    """Whether it came as far as an audited, current edition, also when a gap failed it afterwards."""
    ended_at: datetime
    """Or when it was last heard of, where it was killed."""
    earlier: int = 0
    """How many runs of its job failed before it and were not made good either."""


@contextmanager
def history_of(home: Home) -> Iterator[dg.DagsterInstance | None]:
    """The run history of a state folder; None where there is none yet.

    The settings in the folder were written for its path of then, and the variables of then: in one that was restored or
    moved they name another, so they are made anew. Raises StateRefused where a server has the history and is silent.
    """
    if not (home.dagster / "dagster.yaml").exists():
        yield None
        return
    require_history()
    with TemporaryDirectory(prefix="aipolicy-") as settings:
        Path(settings, "dagster.yaml").write_text(dagster_yaml(home), encoding="utf-8")
        ref = InstanceRef.from_dir(str(home.dagster), config_dir=settings)
    with dg.DagsterInstance.from_ref(ref) as instance:
        yield instance


def failed_runs(home: Home) -> list[FailedRun]:
    """The newest run that leads to an edition and the newest of the digest, where they failed or were killed."""
    with history_of(home) as instance:
        if instance is None:
            return []
        newest = [_newest(instance, jobs) for jobs in _LINES]
        return [
            _failed(instance, record)
            for record in newest
            if record is not None and _has_failed(home, record.dagster_run)
        ]


def lasting_failures(home: Home, instance: dg.DagsterInstance) -> list[FailedRun]:
    """The newest run of each job that failed or was killed and that later ones have not made good.

    A later run counts when it ends well, not when it begins; one that a person has cancelled says nothing.
    """
    found = (_not_made_good(home, instance, job) for job in _JOBS_OF_ALERTS)
    return [replace(_failed(instance, records[0]), earlier=len(records) - 1) for records in found if records]


def bury_dead_runs(home: Home, instance: dg.DagsterInstance, *, is_ui: bool) -> None:
    """End, in the run history, the runs that were killed: they would be taken for runs under way, and their slots of
    pools would stay taken.

    Must be called by the holder of the lock of the command line, or of the UI's where `is_ui`; runs of the other door
    are looked at when nobody holds its lock.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=UNENDED)):
        if not _is_of_worker(run) and (_is_of_ui(run) == is_ui or holder_of(_door(home, run)) is None):
            instance.report_run_failed(run, "The process of this run was killed; a later run has tidied up after it.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _newest(instance: dg.DagsterInstance, jobs: tuple[str, ...]) -> dg.RunRecord | None:
    records = [
        record for job in jobs for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=_LATELY)
    ]
    lead = (record for record in records if not _is_ahead(record.dagster_run))
    return max(lead, key=lambda record: record.storage_id, default=None)


def _is_ahead(run: dg.DagsterRun) -> bool:
    """Whether a run is of what is done ahead of a refresh alone, and leads to no edition."""
    return bool(run.asset_selection) and all(key.path[0] == AHEAD for key in run.asset_selection or ())


def _not_made_good(home: Home, instance: dg.DagsterInstance, job: str) -> list[dg.RunRecord]:
    """The newest first."""
    over = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    records = [
        record
        for other in ((job, "refresh") if job == BY_HAND else (job,))
        for statuses in (over, UNENDED)
        for record in instance.get_run_records(dg.RunsFilter(job_name=other, statuses=statuses), limit=_LOOKED_AT)
        if record.dagster_run.status in over or is_dead(home, record.dagster_run)
    ]
    undone = Undone(instance)
    good: list[dg.DagsterRun] = []
    failed: list[dg.RunRecord] = []
    for record in sorted(records, key=lambda record: -record.storage_id):
        run, began = record.dagster_run, record.create_timestamp
        covering = (later for later in reversed(good) if covers(later, run, began))
        if run.status == dg.DagsterRunStatus.SUCCESS or undone.is_made_good(run, covering):
            good.append(run)  # one that was made good has done what it was to do, such as the first of two retries
        elif run.job_name == job:
            failed.append(record)
    return failed


def _has_failed(home: Home, run: dg.DagsterRun) -> bool:
    return run.status in _FAILED or is_dead(home, run)


def is_dead(home: Home, run: dg.DagsterRun) -> bool:
    """Whether a run stands as under way though its process is gone."""
    return run.status in UNENDED and not _is_of_worker(run) and holder_of(_door(home, run)) is None


def _failed(instance: dg.DagsterInstance, record: dg.RunRecord) -> FailedRun:
    run = record.dagster_run
    schedule = run.tags.get(SCHEDULE_NAME_TAG)
    stats = instance.get_run_step_stats(run.run_id, ["edition__published"])
    return FailedRun(
        run_id=run.run_id,
        job=run.job_name,
        started_by=f"the schedule {schedule}" if schedule else "the UI" if _is_of_ui(run) else "the command line",
        was_killed=run.status in UNENDED,
        published=any(step.status is not None and step.status.value == "SUCCESS" for step in stats),
        ended_at=datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.update_timestamp,
    )


def _is_of_ui(run: dg.DagsterRun) -> bool:
    return not run.tags.items() >= FROM_COMMAND_LINE.items()


def _is_of_worker(run: dg.DagsterRun) -> bool:
    return _is_of_ui(run) and workers_of() is not None


def _door(home: Home, run: dg.DagsterRun) -> Path:
    return home.ui_lock if _is_of_ui(run) else home.run_lock
