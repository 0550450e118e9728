"""A plugin of dbt-duckdb: dbt works on the warehouse that it is told of, and ends with the run that started it.

The profile names a file of the same name for every state folder, since dbt reads its whole project anew, 10 s of a
processor, whenever the profile differs from the one that it read the project with; where the file lies is said here.

dbt is started by dagster-dbt, which leaves no room for the parent-death signal that our own children get. When a run is
killed, its dbt would work on and hold the warehouse's file against the next run.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from pipelines.children import PARENT_VARIABLE
from pipelines.home import WAREHOUSE_VARIABLE, Home
from pipelines.lake import VARIABLE, Lake, attach, lake_of

POLL_SECONDS = 0.1


class Plugin(BasePlugin):
    """Finds the warehouse and watches the parent; the name of the class is what dbt-duckdb looks for."""

    _lake: Lake | None = None

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Start watching; called once, before the warehouse is opened."""
        parent = os.environ.get(PARENT_VARIABLE)
        if parent is not None:
            threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Point the connection that is about to be opened at the warehouse.

        Raises DbtRuntimeError where none is named, or one whose file is called otherwise than the database of the
        profile, since that is its name in all SQL; and for the target of a file where the warehouse is a lake, or the
        other way round.
        """
        warehouse, name = os.environ.get(WAREHOUSE_VARIABLE), f"{creds.database}.duckdb"
        if warehouse is None or Path(warehouse).name != name:
            raise DbtRuntimeError(
                f"expected the path of a {name} in {WAREHOUSE_VARIABLE}, got {warehouse or 'nothing'}; "
                "name the warehouse of a state folder there"
            )
        self._lake = lake_of(Home(Path(warehouse).absolute().parents[1]))
        if (self._lake is not None) != bool(creds.attach):
            raise DbtRuntimeError(
                f"expected the target ducklake where {VARIABLE} is set, and only there; give dbt the option --target"
            )
        if self._lake is None:
            creds.path = warehouse
        creds.attach = []

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Attach the warehouse where it is a lake."""
        if self._lake is not None:
            attach(conn, self._lake)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)
