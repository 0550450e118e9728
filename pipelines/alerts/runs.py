"""What alerts read of Dagster's history: runs that failed and checks whose newest evaluation failed.

Belongs here: whatever of alerts must ask Dagster. Does not belong here: when that is an alert (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from pipelines.alerts.conditions import FailedCheck
from pipelines.assets.benchmark import GROUP, SCORE_CHECK
from pipelines.assets.contracts import CONTRACT_CHECK, UNANSWERED, contract_key
from pipelines.assets.ingest import asset_key
from pipelines.evaluate.tasks import TASKS
from pipelines.history import FailedRun, lasting_failures
from pipelines.home import Home
from pipelines.overdue import CHECK as OVERDUE_CHECK
from scrapers.registry import sources

_LOOKED_AT = 10
"""Evaluations of a check; a source that answers none of so many weekly looks is told as blind."""
_EVALUATED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}


@dataclass(frozen=True)
class History:
    """What Dagster remembers of what went wrong."""

    runs: tuple[FailedRun, ...] = ()
    drifted: tuple[FailedCheck, ...] = ()
    overdue: tuple[FailedCheck, ...] = ()
    fallen: tuple[FailedCheck, ...] = ()


def read_history(home: Home, instance: dg.DagsterInstance | None) -> History:
    """What stands in the run history; nothing where there is none yet."""
    if instance is None:
        return History()
    contracts = (dg.AssetCheckKey(contract_key(slug), CONTRACT_CHECK) for slug in sources())
    watched = (slug for slug, config in sources().items() if config.quiet_days is not None)
    silences = (dg.AssetCheckKey(asset_key(slug), OVERDUE_CHECK) for slug in watched)
    scores = (dg.AssetCheckKey(dg.AssetKey([GROUP, task]), SCORE_CHECK) for task in TASKS)
    return History(
        tuple(lasting_failures(home, instance)),
        tuple(_failed(instance, contracts)),
        tuple(_failed(instance, silences)),
        tuple(_failed(instance, scores)),
    )


def _failed(instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey]) -> Iterator[FailedCheck]:
    """By the newest evaluation that says something.

    A check that is only planned, by a run under way, says nothing yet, and of a contract nothing where no answer came.
    """
    for key in keys:
        found = instance.event_log_storage.get_asset_check_execution_history(key, _LOOKED_AT, status=_EVALUATED)
        told = ((one.evaluation, one.create_timestamp) for one in found if one.evaluation is not None)
        newest = next((one for one in told if not _is_unanswered(one[0])), None)
        if newest is not None and not newest[0].passed:
            evaluation, at = newest
            yield FailedCheck(
                key.asset_key.path[-1],
                evaluation.description or "its check failed",
                datetime.fromtimestamp(at, UTC),
            )


def _is_unanswered(evaluation: dg.AssetCheckEvaluation) -> bool:
    told = evaluation.metadata.get(UNANSWERED)
    return told is not None and bool(told.value)
