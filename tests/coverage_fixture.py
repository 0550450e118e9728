"""A small `source_coverage`, as a run leaves it in the bookkeeping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb


def write_coverage(
    coverage: Path,
    *rows: tuple[str, str, str],
    looked: Sequence[tuple[str, str, str, str]] = (),
    reason: str = "listing https://example.org/: HTTP 500",
) -> None:
    """Rows of source, day and outcome; of those in `looked` also the moment of the look.

    `reason` is why looks failed.
    """
    coverage.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            "create table coverage (source_id varchar, day date, outcome varchar, checked_at timestamptz)"
        )
        connection.executemany(
            "insert into coverage values (?, ?, ?, ?::timestamptz)", [*((*row, None) for row in rows), *looked]
        )
        connection.execute("alter table coverage add column reason varchar")
        connection.execute("update coverage set reason = ? where outcome = 'could_not_look'", [reason])
        connection.execute(f"copy coverage to '{coverage}' (format parquet)")
