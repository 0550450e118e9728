"""Fresh bookkeeping laid over an edition that somebody reads: what was looked at since the edition was made.

Belongs here: reading it, also when it is damaged. Does not belong here: writing it (`pipelines/publish/edition.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb


def lay_over(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Put a file of bookkeeping in the place of an edition's own table.

    A file that cannot be read leaves the edition's own, which is whole but older, and is told on standard error: the
    file is made anew by every run, so it is no reason to keep the edition from its readers.
    """
    try:
        connection.execute(f"create temp table {table} as select * from read_parquet(?)", [str(file)])
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        sys.stderr.write(
            f"warning: {file}: expected a Parquet file, got: {why}; the edition's own {table} is read instead, which "
            "is older; to make the file anew: aipolicy run\n"
        )
