"""The care of Dagster's history: runs and slots of dead processes, and what is old enough to go.

Belongs here: whatever of `aipolicy doctor` and `aipolicy gc` must ask Dagster. Does not belong here: how the last runs
ended, which is `pipelines.history`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg

from pipelines.history import UNENDED, failed_runs, history_of, is_dead
from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused
from pipelines.instance import require_history
from pipelines.ops.doctor import FAIL, OK, WARN, Finding, Verdict

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
PAGE = 200


def findings(home: Home) -> Iterator[Finding]:
    """Runs that ended badly or are dead, and slots that dead runs still hold."""
    try:
        require_history()
    except (NotInstalled, SettingRefused, StateRefused) as refused:
        yield Finding(FAIL, "run history", str(refused))
        return
    with history_of(home) as instance:
        if instance is None:
            yield Finding(OK, "run history", "no run yet")
            return
        for run in failed_runs(home):
            how = "was killed" if run.was_killed else "failed"
            verdict: Verdict = WARN if run.published else FAIL
            to_do = f"open the run in the UI (make ui) and read its first red step, or see: aipolicy status ({run.job})"
            yield Finding(verdict, "last run", f"{run.job} {run.run_id} by {run.started_by} {how}", to_do)
        dead = [run.run_id for run in instance.get_runs(dg.RunsFilter(statuses=UNENDED)) if is_dead(home, run)]
        for run_id in dead:
            to_do = "nothing: the next run or start of the UI ends it in the history"
            yield Finding(WARN, "stale run", f"{run_id} stands as under way, its process is gone", to_do)
        held = dead_slots(home, instance)
        for run_id in held:
            yield Finding(WARN, "pool slot", f"held by run {run_id}, which is over", "run: aipolicy gc")
        if not dead and not held:
            yield Finding(
                OK, "run history", f"{instance.get_runs_count():,} runs, none stale, no slot held by a dead one"
            )


def dead_slots(home: Home, instance: dg.DagsterInstance) -> list[str]:
    """Runs that are over or dead and still hold a slot of a pool."""
    storage = instance.event_log_storage
    holders = {
        run_id
        for pool in storage.get_concurrency_keys()
        for info in (storage.get_concurrency_info(pool),)
        for run_id in info.active_run_ids | info.pending_run_ids | info.assigned_run_ids
    }
    return sorted(run_id for run_id in holders if _is_over(home, instance.get_run_by_id(run_id)))


def _is_over(home: Home, run: dg.DagsterRun | None) -> bool:
    return run is None or run.status in ENDED or is_dead(home, run)


def old_runs(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Runs that ended before a moment, but not those that last made an asset: the UI tells its state from them."""
    needed = {
        record.asset_entry.last_run_id for record in instance.get_asset_records() if record.asset_entry.last_run_id
    }
    found: list[str] = []
    cursor: str | None = None
    while True:
        runs = instance.get_runs(dg.RunsFilter(statuses=ENDED, updated_before=before), cursor=cursor, limit=PAGE)
        found += [run.run_id for run in runs if run.run_id not in needed]
        if len(runs) < PAGE:
            return found
        cursor = runs[-1].run_id


def count_old(home: Home, before: datetime) -> int:
    """How many runs `prune` would delete."""
    with history_of(home) as instance:
        return 0 if instance is None else len(old_runs(instance, before))


def prune(home: Home, before: datetime) -> int:
    """Free dead slots, delete old runs with their events and logs, and ticks of schedules as old; returns the runs."""
    with history_of(home) as instance:
        return 0 if instance is None else prune_history(home, instance, before)


def prune_history(home: Home, instance: dg.DagsterInstance, before: datetime) -> int:
    """`prune` of a history that is open."""
    for run_id in dead_slots(home, instance):
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    for state in instance.all_instigator_state():
        instance.purge_ticks(state.instigator_origin_id, state.selector_id, before.timestamp())
    going = old_runs(instance, before)
    for run_id in going:
        instance.delete_run(run_id)
        for folder in _files_of(home, run_id):
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    return len(going)


def _files_of(home: Home, run_id: str) -> list[Path]:
    """What is kept of a run beside Dagster's tables: its event log's file, what its steps printed, its lock."""
    logs = [*(home.dagster / "history" / "runs").glob(f"{run_id}.db*"), home.dagster / "storage" / run_id]
    return [path for path in (*logs, home.lock_of_run(run_id)) if path.exists()]
