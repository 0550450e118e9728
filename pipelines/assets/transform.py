"""Transform: dbt builds the marts in a child process; skipped when nothing that shapes them has changed.

dbt runs as a subprocess because in a long-lived process it would keep the warehouse file locked.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from pipelines.code_version import code_sha256
from pipelines.home import Home
from pipelines.publish.edition import is_up_to_date
from pipelines.publish.stage import fingerprint
from pipelines.resources import DBT_DIR, DBT_MANIFEST, StateFolder
from pipelines.warehouse import open_warehouse, writer_lock

if not DBT_MANIFEST.exists():
    raise FileNotFoundError(
        "dbt/target/manifest.json: expected it from the installation, found none; run: make install"
    )


class Translator(DagsterDbtTranslator):
    """Names dbt's nodes as the house names its tables: [schema, table]."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Schema and name; sources keep the key in their meta."""
        if dbt_resource_props["resource_type"] in ("model", "seed"):
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Everybody who writes SQL here."""
        return ["team:marts"]


def input_fingerprint(home: Home) -> str:
    """What the marts would be made of now."""
    with open_warehouse(home) as connection:
        return fingerprint(connection, code_sha256())


@dbt_assets(
    manifest=DBT_MANIFEST,
    name="transform",
    pool="duckdb",
    dagster_dbt_translator=Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True)),
)
def transform(context: dg.AssetExecutionContext, dbt: DbtCliResource, state: StateFolder) -> Iterator[Any]:
    """Build staging, intermediate and marts and run their tests, or reuse them when their inputs are unchanged."""
    home = state.home
    inputs = input_fingerprint(home)
    if is_up_to_date(home, inputs) and built_from(home) == inputs:
        context.log.info("Inputs and rules are those of the current edition: marts are reused.")
        for key in _upstream_first(context):
            yield dg.MaterializeResult(asset_key=key, metadata={"built": False}, data_version=dg.DataVersion(inputs))
        return
    shutil.rmtree(home.dbt_target, ignore_errors=True)
    home.dbt_target.mkdir(parents=True)
    with writer_lock(home):
        yield from dbt.cli(["build"], context=context, target_path=home.dbt_target).stream()
    with open_warehouse(home) as connection:
        connection.execute("delete from raw.builds")
        connection.execute("insert into raw.builds values (?)", [inputs])


def built_from(home: Home) -> str | None:
    """The fingerprint of the inputs that the warehouse's marts were built from; None before the first good build."""
    with open_warehouse(home) as connection:
        row = connection.execute("select input_fingerprint from raw.builds").fetchone()
    return None if row is None else str(row[0])


def _upstream_first(context: dg.AssetExecutionContext) -> list[dg.AssetKey]:
    """The selected assets in the order that Dagster demands of a step that yields several."""
    keys = context.selected_asset_keys
    deps = {key: sorted(context.assets_def.asset_deps[key] & keys) for key in sorted(keys)}
    return list(TopologicalSorter(deps).static_order())


def dbt_resource(state: StateFolder) -> DbtCliResource:
    """The dbt of this environment, told where the warehouse is."""
    os.environ["AIPOLICY_WAREHOUSE_FILE"] = str(state.home.warehouse)
    return DbtCliResource(
        project_dir=str(DBT_DIR),
        profiles_dir=str(DBT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
