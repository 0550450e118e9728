"""How old an asset may be before the UI fails it: a source by its own rhythm, the edition by that of all of them.

It tells whether somebody looked. Whether the look was good tells the check `crawl_is_good`, whether the publisher is
silent tells `news_is_not_overdue`.
"""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from pipelines.rounds import cron
from scrapers.registry import SourceConfig

GRACE_HOURS = 3
"""A crawl may end so long after the last time of its day; a round may wait for another and take its time."""

EDITION = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=72), warn_window=timedelta(hours=36))
"""Rounds of some sources are every day, and each of them confirms the edition or makes a new one."""


def freshness(source: SourceConfig) -> dg.FreshnessPolicy:
    """Asked at least once since the deadline before: hours after the last time of the last day of its rhythm."""
    hour, minute = source.rhythm.at[-1].split(":")
    is_late = int(hour) + GRACE_HOURS > 23
    deadline = "23:59" if is_late else f"{int(hour) + GRACE_HOURS:02d}:{minute}"
    return dg.FreshnessPolicy.cron(
        deadline_cron=cron(deadline, source.rhythm.days),
        lower_bound_delta=timedelta(days=1 if source.cadence == "daily" else 7),
        timezone=source.time_zone,
    )
