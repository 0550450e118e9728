"""Where each published column comes from is known, up to date and shown in the UI."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from pipelines.column_lineage import is_up_to_date, read_lineage, relation_of, trace
from pipelines.dictionary import read_manifest

NODES: dict[str, dict[str, Any]] = {
    "a": {"schema": "raw", "name": "laws", "columns": {"id": {"data_type": "varchar"}, "day": {"data_type": "date"}}},
    "b": {"schema": "raw", "name": "names", "columns": {"id": {"data_type": "varchar"}}},
}


@pytest.mark.parametrize(
    ("select", "sources"),
    [
        ("a.id from raw.laws as a", [("raw.laws", "id")]),
        ("coalesce(a.id, b.id) as id from raw.laws as a left join raw.names as b using (id)", ["both"]),
        ("'EO' as id from raw.laws", []),
        ("id from (select id, row_number() over (order by day) as n from raw.laws) where n = 1", [("raw.laws", "id")]),
        ("max(rowid)::varchar as id from raw.names", [("raw.names", "rowid")]),
    ],
    ids=["as it is", "of two", "a constant", "through a subquery", "a row's own number"],
)
def test_a_column__comes_from_the_columns_it_is_made_of(select: str, sources: list[Any]) -> None:
    model = {"columns": {"id": {}}, "depends_on": {"nodes": ["a", "b"]}}
    found = trace(model, NODES, f"select {select}")
    assert found == {"id": [("raw.laws", "id"), ("raw.names", "id")] if sources == ["both"] else sources}


def test_the_committed_lineage__is_that_of_the_models() -> None:
    assert is_up_to_date(), "run: make docs"


def test_every_column_of_every_model__has_a_lineage_of_columns_that_exist() -> None:
    manifest = read_manifest()
    nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
    columns = {relation_of(node): set(node["columns"]) for node in nodes if node.get("columns")}
    models = {relation_of(node) for node in nodes if node["resource_type"] == "model"}
    traced = read_lineage()
    assert set(traced) == models
    for model, sources in traced.items():
        assert set(sources) == columns[model]
        for table, name in (found for columns_of in sources.values() for found in columns_of):
            assert name in columns[table] | {"rowid"}, f"{model}: {table}.{name}"


def test_the_ui__is_told_of_it() -> None:
    from pipelines.definitions import defs

    spec = next(spec for spec in defs.resolve_all_asset_specs() if spec.key == dg.AssetKey(["marts", "policies"]))
    value = spec.metadata["dagster/column_lineage"]
    assert isinstance(value, dg.TableColumnLineageMetadataValue)
    (dep,) = value.column_lineage.deps_by_column["policy_id"][:1]
    assert dep.asset_key.path[0] == "intermediate"
