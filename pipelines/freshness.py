"""How old an asset may be before the UI fails it: a source by its own rhythm, the edition by that of all of them.

It tells whether somebody looked. Whether the look was good tells the check `crawl_is_good`, whether the publisher is
silent tells `news_is_not_overdue`.
"""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from pipelines.rounds import cron, deadline, span
from scrapers.registry import SourceConfig

EDITION = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=72), warn_window=timedelta(hours=36))
"""Rounds of some sources are every day, and each of them confirms the edition or makes a new one."""


def freshness(source: SourceConfig) -> dg.FreshnessPolicy:
    """Asked at least once since the deadline before: hours after the last time of the last day of its rhythm."""
    return dg.FreshnessPolicy.cron(
        deadline_cron=cron(deadline(source), source.rhythm.days),
        lower_bound_delta=span(source),
        timezone=source.time_zone,
    )
