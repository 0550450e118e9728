"""Read the published edition as an analyst would: one edition, read-only, no way out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.bookkeeping import lay_over
from pipelines.home import Home
from pipelines.publish.edition import current_edition
from pipelines.publish.readers import reading
from pipelines.publish.stage import BOOKKEEPING
from pipelines.warehouse import connect


@contextmanager
def open_edition(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the current edition with fresh bookkeeping laid over its own.

    The connection can read the edition and nothing else on this machine, write nothing, and its settings are locked.
    Raises FileNotFoundError when nothing was published yet.
    """
    folder = current_edition(home)
    with reading(folder):
        yield from _opened(home, folder)


def _opened(home: Home, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect(folder / "policy.duckdb", read_only=True)
    try:
        for table in BOOKKEEPING:
            path = home.bookkeeping / f"{table}.parquet"
            if path.exists():
                lay_over(connection, table, path)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()
