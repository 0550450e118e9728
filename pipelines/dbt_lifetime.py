"""A plugin of dbt-duckdb: dbt ends with the run that started it.

dbt is started by dagster-dbt, which leaves no room for the parent-death signal that our own children get. When a run is
killed, its dbt would work on and hold the warehouse's file against the next run.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.children import PARENT_VARIABLE, POLL_SECONDS


class Plugin(BasePlugin):
    """Watches the parent for as long as dbt runs; the name is what dbt-duckdb looks for."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Start watching; called once, before the warehouse is opened."""
        parent = os.environ.get(PARENT_VARIABLE)
        if parent is not None:
            threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)
