"""Columns for the sentence of an amount and whether it is a part of another, for warehouses made before there were any.

Amounts of before have neither; the next enrichment reads their texts again.
"""

from __future__ import annotations

from pipelines.home import Home
from pipelines.warehouse import connect

_COLUMNS = ("is_part boolean", "said varchar", "said_start bigint")


def apply(home: Home) -> None:
    """Add what is missing, all columns or none."""
    if not home.warehouse.exists():
        return
    connection = connect(home.warehouse, read_only=False)
    try:
        connection.execute("begin")
        for column in _COLUMNS:
            connection.execute(f"alter table if exists enriched.amounts add column if not exists {column}")
        connection.execute("commit")
    finally:
        connection.close()
