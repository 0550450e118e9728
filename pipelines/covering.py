"""Which later runs count towards what a failed one has left undone: those of its job and of its days.

Pure of what the run history holds of two runs. Does not belong here: which assets a run made, which its events tell.
"""

from __future__ import annotations

from collections.abc import Mapping
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
_OF_ITS_DAYS = {"backfill", "replay", "weekly_digest"}


def covers(later: dg.DagsterRun, failed: dg.DagsterRun, failed_at: datetime) -> bool:
    """Whether what a later run made counts for one which failed: it is of the same job, and holds its days.

    Of a refresh or a run by hand days of the last weeks do not count: refreshes ask by themselves for what was missed.
    A run of a partition that is no day counts for that partition alone. A dry run makes nothing.
    """
    if later.job_name not in ({failed.job_name, "refresh"} if failed.job_name == BY_HAND else {failed.job_name}):
        return False
    if (part := _part(failed)) is not None:
        return _part(later) == part
    return not _is_dry(later) and (_is_caught_up(failed, failed_at) or _holds_days(later, failed))


def _part(run: dg.DagsterRun) -> str | None:
    """The partition of a run that is no day or week, such as a month of a source."""
    name = run.tags.get(PARTITION_NAME_TAG)
    try:
        return None if name is None or date.fromisoformat(name) else name
    except ValueError:
        return name


def _is_dry(run: dg.DagsterRun) -> bool:
    return any(_config(run, op).get("dry_run") for op in _ops(run))


def _is_caught_up(failed: dg.DagsterRun, failed_at: datetime) -> bool:
    since, _ = _days(failed)
    return failed.job_name not in _OF_ITS_DAYS and since >= failed_at.astimezone(UTC).date() - timedelta(CATCH_UP_DAYS)


def _holds_days(later: dg.DagsterRun, failed: dg.DagsterRun) -> bool:
    (since, until), (failed_since, failed_until) = _days(later), _days(failed)
    return since <= failed_since and failed_until <= until


def _days(run: dg.DagsterRun) -> tuple[date, date]:
    """From its configuration, else its partitions; none, the first after the last, where it names none rightly."""
    config = _config(run, "ingest")
    if run.job_name == "replay":  # reads the crawls whose window reaches a day or later
        since, until = config.get("since") or FIRST_DAY, str(date.max)
    else:
        day = run.tags.get(PARTITION_NAME_TAG, "")
        since = config.get("since") or run.tags.get(ASSET_PARTITION_RANGE_START_TAG, day)
        until = config.get("until") or run.tags.get(ASSET_PARTITION_RANGE_END_TAG, day)
    try:
        return date.fromisoformat(since), date.fromisoformat(until)
    except (TypeError, ValueError):  # the Launchpad takes {env: NAME} for any text
        return date.max, date.min


def _config(run: dg.DagsterRun, op: str) -> Mapping[str, Any]:
    return (_ops(run).get(op) or {}).get("config") or {}


def _ops(run: dg.DagsterRun) -> Mapping[str, Any]:
    """What was written of the ops; a person may have left each level empty."""
    ops: Any = run.run_config.get("ops")
    return ops or {}
