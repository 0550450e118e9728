"""The column for calls that close on several days, for warehouses made before there was one.

A parse of before has none; the days come with the next crawl, or when `aipolicy replay` reads the archive again.
"""

from __future__ import annotations

from pipelines.home import Home
from pipelines.warehouse import connect

_LIST_OF_QUARANTINE = """
    update raw.quarantine set document = json_merge_patch(document, '{"closes_dates": []}')
    where document is not null and not json_exists(document, '$.closes_dates')
"""
_TABLES = ("raw.document_parses", "overridden.parses")


def apply(home: Home) -> None:
    """Add the column to both tables of parses, and an empty list to the documents in quarantine, or nothing."""
    if not home.warehouse.exists():
        return
    connection = connect(home.warehouse, read_only=False)
    try:
        connection.execute("begin")
        for table in _TABLES:
            connection.execute(f"alter table if exists {table} add column if not exists closes_dates date[]")
        holds = "select 1 from information_schema.columns where table_name = 'quarantine' and column_name = 'document'"
        if connection.execute(holds).fetchone() is not None:
            connection.execute(_LIST_OF_QUARANTINE)
        connection.execute("commit")
    finally:
        connection.close()
