"""Sensors; on by default. The digest has one in place of a schedule.

A schedule that slept through three Mondays makes up for the last alone, and on waking would write an issue before the
sources were asked again. This one asks which issue is missing, and waits until its week was looked at to its end.
"""

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES
from dagster._time import get_current_datetime

from pipelines.due import HOUR, NotDue, due_week, time_zone
from pipelines.jobs import weekly_digest
from pipelines.resources import StateFolder

ZONE = time_zone()


@dg.sensor(
    name="issues_due",
    job=weekly_digest,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Mondays at {HOUR:%H:%M} {ZONE.key} (AIPOLICY_TIME_ZONE): the regular issue of the week that has "
    "ended, once a source was looked at after its end. Issues that were missed while nothing ran come first, one after "
    "the other, each once; one that failed is tried again the next day.",
)
def issues_due(context: dg.SensorEvaluationContext, state: StateFolder) -> dg.RunRequest | dg.SkipReason:
    """A run for the oldest issue that is missing, or why there is none."""
    now = get_current_datetime()
    running = context.instance.get_runs(dg.RunsFilter(job_name=weekly_digest.name, statuses=NOT_FINISHED_STATUSES))
    if running:
        return dg.SkipReason(f"the digest is being written by run {running[0].run_id}")
    try:
        week = due_week(state.home, now, ZONE)
    except NotDue as why:
        return dg.SkipReason(str(why))
    return dg.RunRequest(
        run_key=f"{week.name} tried on {now.astimezone(ZONE).date()}", partition_key=week.since.isoformat()
    )
