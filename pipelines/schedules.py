"""Schedules; on by default, since a tracker that must be switched on by hand is one that nobody switched on.

There is one schedule for each local time at which sources are asked, not one tick that works out who is due: the UI
then shows when each source is asked next, in its publisher's own time, and lets an operator switch one round off.
"""

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipelines.assets.benchmark import NO_LABELS
from pipelines.assets.ingest import asset_key
from pipelines.evaluate.standing import labels_folder
from pipelines.jobs import ROUND_TAG, clean_up, evaluate, refresh, sources_check
from pipelines.resources import StateFolder
from pipelines.rounds import CATCH_UP_DAYS, LOOK_BACK_DAYS, Round, last_day, rounds, windows
from scrapers.registry import sources

REFRESH_PREFIX = "refresh_"


def refresh_of(round_: Round) -> dg.ScheduleDefinition:
    """The schedule of one round; of times that were slept through it makes up for the last, with the days of all."""

    @dg.schedule(
        name=f"{REFRESH_PREFIX}{round_.name}",
        job=refresh,
        cron_schedule=round_.cron,
        execution_timezone=round_.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Asks {', '.join(round_.slugs)} for the last {LOOK_BACK_DAYS} days, or since they were last seen "
        f"(at most {CATCH_UP_DAYS} days), and carries what is new to the published edition.",
    )
    def run(context: dg.ScheduleEvaluationContext, state: StateFolder) -> list[dg.RunRequest]:
        until = last_day(round_, context.scheduled_execution_time)
        coverage = state.home.bookkeeping / "source_coverage.parquet"
        keys = context.repository_def.get_job(refresh.name).asset_layer.executable_asset_keys
        rest = sorted(key for key in keys if key.path[0] != "ingest")
        return [
            dg.RunRequest(
                run_key=f"{round_.name} {context.scheduled_execution_time.isoformat()} since {since}",
                asset_selection=[*map(asset_key, slugs), *rest],
                tags={
                    ASSET_PARTITION_RANGE_START_TAG: since.isoformat(),
                    ASSET_PARTITION_RANGE_END_TAG: until.isoformat(),
                    ROUND_TAG: round_.name,
                },
            )
            for since, slugs in windows(round_.slugs, until, coverage).items()
        ]

    return run


refreshes = [refresh_of(round_) for round_ in rounds(sources())]

weekly_sources_check = dg.ScheduleDefinition(
    job=sources_check,
    cron_schedule="0 11 * * 2",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Tuesdays at 11:00 UTC: whether every source still answers as its contract says.",
)

weekly_clean_up = dg.ScheduleDefinition(
    job=clean_up,
    cron_schedule="0 5 * * 0",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Sundays at 05:00 UTC: what may go of old editions, leftovers and old runs goes.",
)


@dg.schedule(
    job=evaluate,
    cron_schedule="0 11 * * 3",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Wednesdays at 11:00 UTC: how well enrichment agrees with the label files, where there are any.",
)
def weekly_evaluation(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run over all tasks, or the reason why there is none."""
    if labels_folder() is None:
        return dg.SkipReason(NO_LABELS)
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())
