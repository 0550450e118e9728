"""What an edition's tables are: columns with types and meanings, keys, references.

Belongs here: reading that from the edition's own database and from dbt's manifest, whose tests state the keys. Does
not belong here: writing it in any format (csv_files.py, datapackage.py, catalogue.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Column:
    """A column as readers meet it; `kind` is DuckDB's name of its type."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class Reference:
    """A column whose values, where not null, are keys of another table."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """A table of an edition; `key` names the columns whose values no two rows share."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    rows: int


def published_tables(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> tuple[Table, ...]:
    """The tables of an open edition, by name, without its one-row table `edition`."""
    columns: dict[str, list[Column]] = {}
    for table, name, kind, meaning in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(Column(name, kind, meaning))
    keys, references = _keys(manifest), _references(manifest)
    return tuple(
        Table(
            name=name,
            meaning=meaning,
            columns=tuple(columns[name]),
            key=keys.get(name, ()),
            references=tuple(reference for reference in references.get(name, ()) if reference.table in columns),
            rows=_count(connection, name),
        )
        for name, meaning in connection.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() where table_name <> 'edition' order by all"
        ).fetchall()
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f'select count(*) from "{table}"').fetchone()
    assert row is not None
    return int(row[0])


def _tests(manifest: Mapping[str, Any], name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The generic tests of a name, each with the model it is of."""
    nodes = manifest["nodes"]
    return [
        (nodes[test["attached_node"]], test)
        for _, test in sorted(nodes.items())
        if test["resource_type"] == "test"
        and test.get("test_metadata", {}).get("name") == name
        and test.get("attached_node") in nodes
    ]


def _keys(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """A key a model: its first unique column, or else its unique combination of columns."""
    keys = {
        model["name"]: tuple(test["test_metadata"]["kwargs"]["columns"])
        for model, test in _tests(manifest, "unique_combination")
    }
    unique: dict[str, list[str]] = {}
    for model, test in _tests(manifest, "unique"):
        unique.setdefault(model["name"], []).append(test["column_name"])
    order = {node["name"]: list(node["columns"]) for node in manifest["nodes"].values() if "columns" in node}
    return keys | {name: (min(found, key=order[name].index),) for name, found in unique.items()}


def _references(manifest: Mapping[str, Any]) -> dict[str, list[Reference]]:
    """References that hold for every row; a test of some rows alone states none."""
    found: dict[str, list[Reference]] = {}
    for model, test in _tests(manifest, "relationships"):
        target = re.fullmatch(r"ref\('(\w+)'\)", test["test_metadata"]["kwargs"]["to"])
        if target is not None and not test["config"].get("where"):
            key = test["test_metadata"]["kwargs"]["field"]
            found.setdefault(model["name"], []).append(Reference(test["column_name"], target[1], key))
    return found
