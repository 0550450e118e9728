"""Complete a staged edition: meanings inside the database, then every other form in which readers take it.

Belongs here: the order of the steps and what `EDITION.json` says of inputs and coverage. Does not belong here: how one
form is written (csv_files.py, datapackage.py, catalogue.py, search_index.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.publish.catalogue import write_catalogue
from pipelines.publish.csv_files import write_csv_files
from pipelines.publish.datapackage import write_datapackage
from pipelines.publish.schema import SCHEMA_VERSION
from pipelines.publish.search_index import write_search_index
from pipelines.publish.stage import add_comments, read_about
from pipelines.publish.tables import Table, published_tables
from pipelines.warehouse import connect
from pipelines.workbook import MAX_ROWS, Sheet, write_workbook
from scrapers.durable import write_whole

_DESCRIPTION = (
    "Government policy on artificial intelligence from official sources: documents, policies with their events, "
    "relations, obligations and amounts, each with the quote, bytes and address it rests on."
)
_SAMPLE = " Made from the bundled samples, whose texts are no official wording."

SHEETS = {"policies": "policies", "policy_events": "events", "obligations": "obligations", "amounts": "amounts"}
"""Tables that have a sheet in the workbook, with the sheet's name."""

_INPUTS = """
    select source_id, count(distinct document_id) as documents, count(*) as versions
    from document_versions group by source_id order by source_id
"""
_PARSERS = """
    select source_id, list(distinct parser_version order by parser_version) as parser_versions
    from evidence group by source_id order by source_id
"""
_COVERAGE = """
    select source_id, outcome, count(*) as days, max(day) as last_day
    from source_coverage group by source_id, outcome order by source_id, outcome
"""


def complete(folder: Path, manifest: Path, more_sheets: Sequence[Sheet] = ()) -> None:
    """Write every form of the edition in a folder but its site.

    `manifest` is dbt's, which holds the meanings of tables and columns and their keys; `more_sheets` join the workbook.
    """
    add_comments(folder, manifest)
    connection = connect(folder / "policy.duckdb", read_only=True)
    try:
        tables = published_tables(connection, json.loads(manifest.read_text(encoding="utf-8")))
        _tell_inputs(folder, connection)
        about = _about(folder)
        write_csv_files(connection, tables, folder / "csv")
        write_datapackage(folder, about, tables)
        write_workbook(
            folder / "policy.xlsx",
            {name: about[name] for name in ("title", "edition_id", "as_of", "description")},
            datetime.fromisoformat(about["as_of"]),
            [*_sheets(connection, tables), *more_sheets],
        )
        write_search_index(connection, folder)
        licences = [row[0] for row in connection.execute("select distinct licence from sources order by 1").fetchall()]
    finally:
        connection.close()
    write_catalogue(folder, about, licences)


def _sheets(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> list[Sheet]:
    """The sheets of an open edition's own tables."""
    by_name = {table.name: table for table in tables}
    return [
        Sheet(
            name=sheet,
            meaning=by_name[name].meaning,
            columns=tuple((column.name, column.meaning) for column in by_name[name].columns),
            rows=connection.execute(f'select * from "{name}" limit {MAX_ROWS + 1}').fetchall(),
        )
        for name, sheet in SHEETS.items()
        if name in by_name
    ]


def _about(folder: Path) -> dict[str, Any]:
    about = read_about(folder)
    return {
        "title": f"AI policy tracker, edition {about['edition_id']}",
        "edition_id": about["edition_id"],
        "as_of": about["as_of"],
        "description": f"{_DESCRIPTION}{_SAMPLE if about['is_sample'] else ''}",
    }


def _tell_inputs(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Say in EDITION.json what the edition was made from, how well was looked, and where its audit stands."""
    parsers = {row["source_id"]: row["parser_versions"] for row in _ask(connection, _PARSERS)}
    coverage: dict[str, dict[str, Any]] = {}
    for row in _ask(connection, _COVERAGE):
        days = coverage.setdefault(row["source_id"], {})
        days[row["outcome"]] = {"days": row["days"], "last_day": row["last_day"].isoformat()}
    inputs = [{**row, "parser_versions": parsers.get(row["source_id"], [])} for row in _ask(connection, _INPUTS)]
    told = {"schema_version": SCHEMA_VERSION, "inputs": inputs, "coverage": coverage, "audit": "AUDIT.json"}
    text = orjson.dumps(read_about(folder) | told, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    write_whole(folder / "EDITION.json", text)


def _ask(connection: duckdb.DuckDBPyConnection, query: str) -> list[Mapping[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
