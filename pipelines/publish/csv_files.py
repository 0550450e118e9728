"""CSV for spreadsheets: UTF-8 with a byte order mark, as RFC 4180 says, and no cell that a spreadsheet would execute.

Belongs here: how values look in CSV. Lists and structures are JSON; instants end in Z. A text that a spreadsheet would
take for a formula gets an apostrophe before it, in CSV alone: Parquet and DuckDB hold the text as it is.
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.publish.tables import Column, Table

FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
"""First characters that spreadsheets execute; the wide ones are what some locales fold to the plain ones."""


def write_csv_files(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], folder: Path) -> None:
    """Write ``<table>.csv`` for each table of an open edition, in its order; the same rows give the same bytes."""
    folder.mkdir(exist_ok=True)
    for table in tables:
        _write(connection, table, folder / f"{table.name}.csv")


def _write(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    bare = path.with_suffix(".tmp")
    shown = ", ".join(f'{_shown(column)} as "{column.name}"' for column in table.columns)
    target = str(bare).replace("'", "''")
    connection.execute(
        f'copy (select {shown} from "{table.name}") '
        f"to '{target}' (format csv, header, delimiter ',', quote '\"', escape '\"')"
    )
    with bare.open("rb") as rows, path.open("wb") as stream:
        stream.write(codecs.BOM_UTF8)
        shutil.copyfileobj(rows, stream)
    bare.unlink()


def _shown(column: Column) -> str:
    """The SQL expression of a column's text."""
    name = f'"{column.name}"'
    if column.kind == "VARCHAR":
        return f"case when regexp_matches({name}, '{FORMULA}') then '''' || {name} else {name} end"
    if column.kind == "TIMESTAMP WITH TIME ZONE":
        text = f"strftime(timezone('UTC', {name}), '%Y-%m-%dT%H:%M:%S.%fZ')"
        return f"regexp_replace({text}, '\\.0+Z$', 'Z')"
    if column.kind.endswith("[]") or column.kind.startswith("STRUCT"):
        return f"cast(to_json({name}) as varchar)"
    return name
