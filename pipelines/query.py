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


class NotARead(Exception):
    """A query holds a statement that does more than read, or none."""


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
        connection.execute("set temp_directory = ''")  # else what does not fit into memory is written into the edition
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def reads(query: str) -> list[duckdb.Statement]:
    """Split a reader's query into its statements, all of which only read.

    To parse is to run a part (IMPORT DATABASE opens its files), so it is done where no file can be opened.
    Raises NotARead where a statement does more, or there is none.
    """
    with duckdb.connect(config={"enable_external_access": False}) as nowhere:
        statements = nowhere.extract_statements(query)
    if not statements:
        raise NotARead(f'expected a query, got {query!r}; give one such as "from policies limit 5"')
    for statement in statements:
        if not _only_reads(statement):
            raise NotARead(
                f"expected statements that read, got one of type {statement.type.name}: {statement.query.strip()}; "
                "give SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, PIVOT or UNPIVOT"
            )
    return statements


def _only_reads(statement: duckdb.Statement) -> bool:
    """Whether it is a SELECT, as all that reads is to DuckDB; EXPLAIN is none, since EXPLAIN ANALYZE COPY writes.

    PIVOT is two statements, the first of which makes a passing type of its columns and has no text of its own.
    """
    return statement.type == duckdb.StatementType.SELECT or (
        statement.type == duckdb.StatementType.CREATE and not statement.query
    )
