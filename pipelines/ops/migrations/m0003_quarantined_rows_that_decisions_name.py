"""Columns by which decisions name quarantined rows, filled by loading the crawls anew that set rows aside.

Loading a crawl again changes nothing else. A crawl whose landing file is gone keeps its rows as they are; nobody can
decide about them until `aipolicy replay` has read its source again.
"""

from __future__ import annotations

import duckdb

from pipelines.accounts import manifest_of
from pipelines.home import Home
from pipelines.warehouse import connect

_COLUMNS = ("record_key", "kind", "item", "body_sha256", "document_id")


def apply(home: Home) -> None:
    """Add what is missing and mark the crawls, all or nothing."""
    if not home.warehouse.exists():
        return
    connection = connect(home.warehouse, read_only=False)
    try:
        connection.execute("begin")
        for column in _COLUMNS:
            connection.execute(f"alter table if exists raw.quarantine add column if not exists {column} varchar")
        connection.execute("alter table if exists raw.quarantine add column if not exists document json")
        for source_id, crawl_id in _crawls(connection):
            manifest = manifest_of(home, source_id, crawl_id)
            if manifest.exists() and manifest.with_name(f"{crawl_id}.jsonl").exists():
                connection.execute(
                    "update raw.crawls set landing_sha256 = repeat('0', 64) where crawl_id = ?", [crawl_id]
                )
        connection.execute("commit")
    finally:
        connection.close()


def _crawls(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Source and id of the crawls that set aside what no decision can name yet."""
    known = connection.execute("select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'quarantine'")
    if known.fetchone() is None:
        return []
    return connection.execute(
        "select distinct source_id, crawl_id from raw.quarantine where record_key is null order by all"
    ).fetchall()
