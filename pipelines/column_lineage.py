"""Writes dbt/column_lineage.json: from which columns of its parents each column of a dbt model comes.

It is read from the compiled SQL by sqlglot, which takes a minute, so it is made when models change and kept in the
repository; the definitions of the assets and the data dictionary show it, a test holds it up to date.

Run as `python -m pipelines.column_lineage`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from pipelines.home import WAREHOUSE_VARIABLE
from pipelines.lake import VARIABLE
from pipelines.progress import say
from pipelines.resources import DBT_DIR
from scrapers.durable import write_whole

FILE = DBT_DIR / "column_lineage.json"
_DIALECT = "duckdb"
_ROW = {"rowid": "bigint"}
"""Every table of DuckDB has it, no contract names it."""

Sources = dict[str, list[tuple[str, str]]]
"""Parents' columns by column, each as schema.table and its name."""


@cache
def read_lineage() -> dict[str, Sources]:
    """The committed lineage, by schema.table of the model."""
    models: dict[str, Sources] = orjson.loads(FILE.read_bytes())["models"]
    return models


def is_up_to_date() -> bool:
    """Whether the committed lineage is that of the present models."""
    return FILE.exists() and orjson.loads(FILE.read_bytes())["sql_sha256"] == sql_sha256()


def sql_sha256() -> str:
    """Hash of all that compiled SQL is made of; the lineage names the one that it was read from."""
    digest = hashlib.sha256()
    for pattern in ("models/**/*.sql", "models/**/*.yml", "macros/**/*.sql"):
        for path in sorted(DBT_DIR.glob(pattern)):
            digest.update(path.relative_to(DBT_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def trace(model: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], sql: str) -> Sources:
    """From where each column of a model comes; a constant comes from nowhere."""
    parents = {relation_of(nodes[parent]): nodes[parent] for parent in model["depends_on"]["nodes"]}
    schema = MappingSchema(dialect=_DIALECT)
    for relation, parent in parents.items():
        columns = {name: str(column["data_type"]) for name, column in parent["columns"].items()}
        schema.add_table(exp.to_table(relation, dialect=_DIALECT), columns | _ROW)
    whole: str = qualify(exp.maybe_parse(sql, dialect=_DIALECT), schema=schema, dialect=_DIALECT).sql(_DIALECT)
    return {
        column: _leaves(lineage(column, whole, schema=schema, dialect=_DIALECT), parents) for column in model["columns"]
    }


def _leaves(root: Node, parents: Collection[str]) -> list[tuple[str, str]]:
    leaves = ((node, node.expression.find(exp.Table)) for node in root.walk() if not node.downstream)
    tables = ((node, f"{table.db}.{table.name}") for node, table in leaves if table is not None)
    return sorted({(table, exp.to_column(node.name).name) for node, table in tables if table in parents})


def relation_of(node: Mapping[str, Any]) -> str:
    """The table of a node of dbt's manifest, as schema.table."""
    return f"{node['schema']}.{node.get('identifier') or node.get('alias') or node['name']}"


def _compile(target: Path) -> dict[str, Any]:
    """Let dbt write the SQL of all models into a folder; returns its manifest."""
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "compile", "--no-populate-cache"]
    folders = ["--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--target-path", str(target)]
    warehouse = {WAREHOUSE_VARIABLE: str(target / "warehouse.duckdb")}
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    subprocess.run([*command, *folders], check=True, env=environment | warehouse)
    manifest: dict[str, Any] = json.loads((target / "manifest.json").read_bytes())
    return manifest


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: 0 when the file was written."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.column_lineage", description="Read the lineage of columns from the compiled SQL."
    )
    parser.parse_args(argv)
    if is_up_to_date():
        say(f"{FILE.name} is up to date")
        return 0
    traced: dict[str, Sources] = {}
    with tempfile.TemporaryDirectory(prefix="aipolicy-lineage-") as folder:
        manifest = _compile(Path(folder))
        nodes = {**manifest["sources"], **manifest["nodes"]}
        models = sorted(uid for uid, node in manifest["nodes"].items() if node["resource_type"] == "model")
        for number, uid in enumerate(models, start=1):
            say(f"{nodes[uid]['name']} ({number} of {len(models)})")
            sql = Path(folder, "compiled", "aipolicy", nodes[uid]["original_file_path"]).read_text(encoding="utf-8")
            traced[relation_of(nodes[uid])] = trace(nodes[uid], nodes, sql)
    content = {"sql_sha256": sql_sha256(), "models": traced}
    write_whole(FILE, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
