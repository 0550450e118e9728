"""How old an asset may be before the UI warns and then fails it, by how often its source publishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import dagster as dg

_DAYS = {"daily": (3, 5), "weekly": (9, 14)}
"""Days until it warns and until it fails. Nothing is published on two days of a week, nor on a holiday beside them."""


def freshness(cadence: Literal["daily", "weekly"]) -> dg.FreshnessPolicy:
    """The policy of an asset that is to move with this cadence."""
    warn, fail = _DAYS[cadence]
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=fail), warn_window=timedelta(days=warn))
