"""The column for calls that close on several days, for warehouses made before there was one.

A parse of before has none; the days come with the next crawl, or when `aipolicy replay` reads the archive again.
"""

from __future__ import annotations

from pipelines.home import Home
from pipelines.warehouse import connect

_TABLES = ("raw.document_parses", "overridden.parses")


def apply(home: Home) -> None:
    """Add the column to both tables of parses, or to none."""
    if not home.warehouse.exists():
        return
    connection = connect(home.warehouse, read_only=False)
    try:
        connection.execute("begin")
        for table in _TABLES:
            connection.execute(f"alter table if exists {table} add column if not exists closes_dates date[]")
        connection.execute("commit")
    finally:
        connection.close()
