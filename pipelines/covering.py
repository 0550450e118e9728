"""Which later runs make a failed one good: those that have done again all that it was to do.

Pure of what the run history holds of two runs. Does not belong here: which runs there are, and how they ended.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from pipelines.partitions import FIRST_DAY
from pipelines.rounds import CATCH_UP_DAYS

BY_HAND = "__ASSET_JOB"
"""How Dagster calls runs of assets that somebody selected in the UI."""
BESIDE_REFRESH = {"digest", "contract", "benchmark", "care"}
"""Rooms of assets that no refresh makes."""
_OF_ITS_DAYS = {"backfill", "replay", "weekly_digest"}


def covers(later: dg.DagsterRun, failed: dg.DagsterRun, failed_at: datetime) -> bool:
    """Whether a later run was to do all that one was which failed: the same assets or more, and its days.

    Of a refresh or a run by hand days of the last weeks do not count: refreshes ask by themselves for what was missed.
    """
    if later.job_name not in ({failed.job_name, "refresh"} if failed.job_name == BY_HAND else {failed.job_name}):
        return False
    return _holds_assets(later, failed) and (_is_caught_up(failed, failed_at) or _holds_days(later, failed))


def _holds_assets(later: dg.DagsterRun, failed: dg.DagsterRun) -> bool:
    """A run without a selection makes all that its job does."""
    if later.asset_selection is not None:
        return failed.asset_selection is not None and later.asset_selection >= failed.asset_selection
    asked = failed.asset_selection or frozenset()
    return later.job_name == failed.job_name or not any(key.path[0] in BESIDE_REFRESH for key in asked)


def _is_caught_up(failed: dg.DagsterRun, failed_at: datetime) -> bool:
    _, until = _days(failed)
    return failed.job_name not in _OF_ITS_DAYS and until >= failed_at.astimezone(UTC).date() - timedelta(CATCH_UP_DAYS)


def _holds_days(later: dg.DagsterRun, failed: dg.DagsterRun) -> bool:
    (since, until), (failed_since, failed_until) = _days(later), _days(failed)
    return since <= failed_since and failed_until <= until


def _days(run: dg.DagsterRun) -> tuple[date, date]:
    """From its configuration, else its partitions; none, the first after the last, where it names none rightly."""
    ops: Any = run.run_config.get("ops", {})
    config = ops.get("ingest", {}).get("config", {})
    if run.job_name == "replay":  # reads the crawls whose window reaches a day or later
        since, until = config.get("since") or FIRST_DAY, str(date.max)
    else:
        day = run.tags.get(PARTITION_NAME_TAG, "")
        since = config.get("since") or run.tags.get(ASSET_PARTITION_RANGE_START_TAG, day)
        until = config.get("until") or run.tags.get(ASSET_PARTITION_RANGE_END_TAG, day)
    try:
        return date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        return date.max, date.min
