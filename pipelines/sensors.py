"""Sensors; on by default. One asks which issue of the digest is due, one tells what stands of alerts.

The digest has no schedule: one that slept through three Mondays makes up for the last alone, and on waking would write
an issue before the sources were asked again. Its sensor asks which issue is missing, and waits until its week was
looked at to its end.
"""

import os
from datetime import datetime

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES
from dagster._time import get_current_datetime

from pipelines.alerts.heartbeat import ROUND_SECONDS
from pipelines.alerts.runs import read_history
from pipelines.alerts.state import alerts_now
from pipelines.alerts.teller import one_round
from pipelines.assets.digest import DELIVERED
from pipelines.delivery import not_sent
from pipelines.digest.model import Week
from pipelines.due import HOUR, NotDue, due_week, time_zone
from pipelines.jobs import weekly_digest
from pipelines.ops.sizes import note_size
from pipelines.resources import StateFolder
from scrapers.locks import Held

ZONE = time_zone()
SEND_AGAIN_HOURS = 4
MOST_TRIES = 12
"""An issue that could not be sent so often, over two days, waits for a person, who is told."""


@dg.sensor(
    name="issues_due",
    job=weekly_digest,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Mondays at {HOUR:%H:%M} {ZONE.key} (AIPOLICY_TIME_ZONE): the regular issue of the week that has "
    "ended, once a source was looked at after its end. Issues that were missed while nothing ran come first, one after "
    "the other, each once; one that failed is tried again the next day. What of an issue could not be sent is sent "
    f"again every {SEND_AGAIN_HOURS} hours, {MOST_TRIES} times at most.",
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
        return _sent_again(state, now) or dg.SkipReason(str(why))
    return dg.RunRequest(
        run_key=f"{week.name} tried on {now.astimezone(ZONE).date()}", partition_key=week.since.isoformat()
    )


def _sent_again(state: StateFolder, now: datetime) -> dg.RunRequest | None:
    """A run that sends the oldest issue again of which deliveries failed; it writes nothing."""
    failed = [one for one in not_sent(state.home.deliveries) if one.tries < MOST_TRIES]
    if not failed:
        return None
    week = Week.parse(failed[0].week)
    part = now.replace(hour=now.hour // SEND_AGAIN_HOURS * SEND_AGAIN_HOURS)
    return dg.RunRequest(
        run_key=f"{week.name} sent again on {part:%Y-%m-%d at %H}",
        partition_key=week.since.isoformat(),
        asset_selection=[DELIVERED],
    )


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=ROUND_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Every five minutes: what went wrong and stands is told once to the channel of its source, by "
    "alerts.yml of the state folder, and told again when it is over. It launches nothing; its ticks say what stands.",
)
def alerts(context: dg.SensorEvaluationContext, state: StateFolder) -> dg.SkipReason:
    """One round of the alerter; how it went is the reason why nothing is launched."""
    now = get_current_datetime()
    standing = alerts_now(state.home, now, os.environ, read_history(state.home, context.instance))
    try:
        made = one_round(state.home, now, standing, os.environ)
    except Held as held:
        return dg.SkipReason(f"process {held} is at it")
    note_size(state.home, now)  # last, since a disk that is full must not keep an alert from being told
    told = [f"{len(standing)} alerts stand", *(f"{alert.severity} {alert.key}" for alert in standing)]
    told += [f"{target} took {count}" for target, count in made.told.items()]
    return dg.SkipReason("; ".join([*told, *(f"refused: {why}" for why in made.refused.values())]))
