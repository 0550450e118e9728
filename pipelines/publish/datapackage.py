"""`datapackage.json`: the edition's CSV files as a tabular data package, for tools that read types, keys and meanings.

The format is Data Package 1.0 with table schemas (https://specs.frictionlessdata.io/tabular-data-package/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from pipelines.publish.tables import Column, Table
from scrapers.durable import file_sha256, write_whole

_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "JSON": "any",
}


def write_datapackage(folder: Path, about: Mapping[str, Any], tables: Iterable[Table]) -> None:
    """Describe the CSV files of an edition's folder."""
    package = {
        "profile": "tabular-data-package",
        "name": "ai-policy-tracker",
        "title": about["title"],
        "id": about["edition_id"],
        "created": about["as_of"],
        "description": about["description"],
        "resources": [_resource(folder, table) for table in tables],
    }
    write_whole(folder / "datapackage.json", orjson.dumps(package, option=orjson.OPT_INDENT_2))


def keys_of(folder: Path) -> dict[str, list[str]]:
    """The key of each table of a published edition; a table without one is left out.

    Raises FileNotFoundError when the edition has no data package.
    """
    package = orjson.loads((folder / "datapackage.json").read_bytes())
    keys = {resource["name"]: resource["schema"].get("primaryKey") for resource in package["resources"]}
    return {name: key for name, key in keys.items() if key}


def _resource(folder: Path, table: Table) -> dict[str, Any]:
    path = folder / "csv" / f"{table.name}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"csv/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
        "description": table.meaning,
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": [reference.column],
                # The specification's word for the table itself is an empty name.
                "reference": {
                    "resource": "" if reference.table == table.name else reference.table,
                    "fields": [reference.key],
                },
            }
            for reference in table.references
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field = {"name": column.name, "type": _type(column.kind), "description": column.meaning}
    if field["type"] == "datetime":
        field["format"] = "any"
    return field


def _type(kind: str) -> str:
    if kind.endswith("[]"):
        return "array"
    if kind.startswith("STRUCT"):
        return "object"
    if kind.startswith("DECIMAL"):
        return "number"
    return _TYPES[kind]
