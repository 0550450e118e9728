"""What a failed run has left undone, by the events of its steps and of the runs after it.

Belongs here: which assets a run was to make and made. Does not belong here: which runs count (covering.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import dagster as dg

_PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
_TOLD = {
    _PLANNED,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_SUCCESS,
}


class Undone:
    """What runs have left undone, for one look at the history: what a run was to make is read once."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._planned = cache(lambda run_id: frozenset(instance.get_asset_keys_for_run(run_id, _PLANNED)))

    def is_made_good(self, failed: dg.DagsterRun, good: Iterable[dg.DagsterRun]) -> bool:
        """Whether good runs, together, were to make all that a failed one was to make and did not.

        A run for checks alone was to look at their assets. Of one that failed before it was planned nothing is known,
        and any run makes it good that was to make something.
        """
        asked = self._asked(failed) or {check.asset_key for check in failed.asset_check_selection or ()}
        left = set(asked)
        for run in good:
            made = self._asked(run)
            left -= made
            if made and not left:
                return True
        return bool(asked) and not left - self._done(failed)

    def _asked(self, run: dg.DagsterRun) -> frozenset[dg.AssetKey]:
        """Those selected; read from its events where none are, and of a run again, which may be of some steps alone."""
        if run.asset_selection and run.parent_run_id is None:
            return frozenset(run.asset_selection)
        return self._planned(run.run_id)

    def _done(self, failed: dg.DagsterRun) -> set[dg.AssetKey]:
        """Assets whose steps, and those of their checks, have succeeded, and of whose checks none is an error."""
        planned: list[tuple[dg.AssetKey, str | None]] = []
        succeeded, red = set(), set()
        for record in self._instance.get_records_for_run(failed.run_id, of_type=_TOLD).records:
            event = record.event_log_entry.get_dagster_event()
            if event.event_type == dg.DagsterEventType.STEP_SUCCESS:
                succeeded.add(event.step_key)
            elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                check = event.asset_check_evaluation_data
                if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
                    red.add(check.asset_key)
            elif event.event_type == _PLANNED:
                planned.append((event.asset_materialization_planned_data.asset_key, event.step_key))
            else:
                planned.append((event.asset_check_planned_data.asset_key, event.step_key))
        return {key for key, _ in planned} - red - {key for key, step in planned if step not in succeeded}
