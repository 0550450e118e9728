"""Schedules; on by default, since a tracker that must be switched on by hand is one that nobody switched on."""

from datetime import timedelta

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipelines.assets.benchmark import NO_LABELS
from pipelines.evaluate.standing import labels_folder
from pipelines.jobs import benchmark, refresh, sources_check, weekly_digest

LOOK_BACK_DAYS = 7
"""Sources publish late and correct themselves: every refresh asks for the last week again."""


@dg.schedule(
    job=refresh,
    cron_schedule="15 13 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day at 13:15 UTC, after the Federal Register's morning issue: the last seven days.",
)
def daily_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run over the last seven publication days."""
    until = context.scheduled_execution_time.date()
    return dg.RunRequest(
        run_key=until.isoformat(),
        tags={
            ASSET_PARTITION_RANGE_START_TAG: (until - timedelta(LOOK_BACK_DAYS - 1)).isoformat(),
            ASSET_PARTITION_RANGE_END_TAG: until.isoformat(),
        },
    )


@dg.schedule(
    job=weekly_digest,
    cron_schedule="0 15 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Mondays at 15:00 UTC: the digest of the week that has ended.",
)
def monday_digest(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The week before the scheduled Monday."""
    monday = context.scheduled_execution_time.date() - timedelta(7)
    return dg.RunRequest(partition_key=monday.isoformat())


weekly_sources_check = dg.ScheduleDefinition(
    job=sources_check,
    cron_schedule="0 11 * * 2",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Tuesdays at 11:00 UTC: whether every source still answers as its contract says.",
)


@dg.schedule(
    job=benchmark,
    cron_schedule="0 11 * * 3",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Wednesdays at 11:00 UTC: how well enrichment agrees with the label files, where there are any.",
)
def weekly_benchmark(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run over all tasks, or the reason why there is none."""
    if labels_folder() is None:
        return dg.SkipReason(NO_LABELS)
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())
