"""Columns that the warehouse's tables were given after their first version, for files made before.

A warehouse file that is not there needs nothing: it is made anew with all columns.
"""

from __future__ import annotations

from pipelines.home import Home
from pipelines.warehouse import connect

_COLUMNS = (
    ("raw.crawls", "not_asked varchar"),
    ("raw.crawls", "is_stand_in boolean default false"),
    ("raw.document_parses", "filed_at timestamptz"),
    ("raw.document_parses", "read_from struct(field varchar, quote varchar, ends bigint, fetch_id varchar)[]"),
    ("raw.date_fields", "event varchar"),
    ("enriched.relations", "until_date date"),
    ("enriched.relations", "provision varchar"),
    ("enriched.amounts", "period varchar"),
)


def apply(home: Home) -> None:
    """Add what is missing, all columns or none."""
    if not home.warehouse.exists():
        return
    connection = connect(home.warehouse, read_only=False)
    try:
        connection.execute("begin")
        for table, column in _COLUMNS:
            connection.execute(f"alter table if exists {table} add column if not exists {column}")
        connection.execute("commit")
    finally:
        connection.close()
