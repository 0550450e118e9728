"""Transform: dbt builds the marts in a child process; skipped when nothing that shapes them has changed.

dbt runs as a subprocess because in a long-lived process it would keep the warehouse file locked.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import orjson
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    dbt_assets,
)
from dagster_dbt.compat import DBT_PYTHON_VERSION
from dagster_dbt.errors import DagsterDbtError

from pipelines.check_results import check_result, rows_of
from pipelines.check_results import table as rows_table
from pipelines.children import PARENT_VARIABLE
from pipelines.code_version import code_sha256
from pipelines.column_lineage import read_lineage, relation_of
from pipelines.home import WAREHOUSE_VARIABLE, Home, NotInstalled
from pipelines.lake import lake_of
from pipelines.publish.audit import CheckOutcome
from pipelines.publish.dbt_results import dbt_outcomes
from pipelines.publish.edition import is_up_to_date
from pipelines.publish.stage import fingerprint
from pipelines.resources import DBT_DIR, DBT_MANIFEST, DOCS, StateFolder
from pipelines.warehouse import connect_warehouse, open_warehouse, writer_lock

if not DBT_MANIFEST.exists():
    raise NotInstalled("dbt/target/manifest.json: expected it from the installation, found none; run: make install")

ASKED = ("build", "--exclude-resource-type", "unit_test")
"""What dbt is asked for; its unit tests are about the SQL and not about the data, and run with the suite."""
PREVIEW_ROWS = 5


class Translator(DagsterDbtTranslator):
    """Names dbt's nodes as the house names its tables: [schema, table]."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Schema and name; sources keep the key in their meta."""
        if dbt_resource_props["resource_type"] in ("model", "seed"):
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The grain and caveats; the SQL is in the repository."""
        return str(dbt_resource_props["description"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer."""
        return str(dbt_resource_props["schema"])

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """The columns, and the page that describes them to readers."""
        docs = dg.MetadataValue.url(f"{DOCS}/data-dictionary.md#{dbt_resource_props['name']}")
        metadata = {**super().get_metadata(dbt_resource_props), **_lineage(dbt_resource_props)}
        return {**metadata, "docs": docs} if dbt_resource_props["schema"] == "marts" else metadata

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Everybody who writes SQL here."""
        return ["team:marts"]


def _lineage(model: Mapping[str, Any]) -> Mapping[str, Any]:
    """From which columns of which assets the columns of a model come."""
    sources = read_lineage().get(relation_of(model))
    if sources is None:
        return {}
    deps = {
        column: [dg.TableColumnDep(dg.AssetKey(table.split(".")), name) for table, name in found]
        for column, found in sources.items()
    }
    return {"dagster/column_lineage": dg.MetadataValue.column_lineage(dg.TableColumnLineage(deps))}


def input_fingerprint(home: Home) -> str:
    """What the marts would be made of now."""
    with open_warehouse(home) as connection:
        return fingerprint(connection, code_sha256())


@dbt_assets(
    manifest=DBT_MANIFEST,
    name="transform",
    dagster_dbt_translator=Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True)),
)
def transform(context: dg.AssetExecutionContext, dbt: DbtCliResource, state: StateFolder) -> Iterator[Any]:
    """Build staging, intermediate and marts and run their tests, or reuse them when their inputs are unchanged."""
    state.take_turn()
    home = state.home
    inputs = input_fingerprint(home)
    if is_up_to_date(home, inputs) and built_from(home) == inputs and _run_results(home).exists():
        context.log.info("Inputs and rules are those of the current edition: marts are reused.")
        for key in _upstream_first(context):
            yield dg.MaterializeResult(asset_key=key, metadata={"built": False}, data_version=dg.DataVersion(inputs))
        yield from _told_again(home, context.selected_asset_check_keys)
        return
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    with open_warehouse(home) as connection:
        connection.execute("delete from raw.builds")
    with writer_lock(home):
        shutil.rmtree(home.dbt_target, ignore_errors=True)
        home.dbt_target.mkdir(parents=True)
        events, failure = _build(dbt.cli(asked(home), context=context, target_path=home.dbt_target))
    yield from _with_row_counts(home, context, events)
    if failure is not None:
        raise failure
    with open_warehouse(home) as connection:
        connection.execute("insert into raw.builds values (?)", [inputs])


def asked(home: Home) -> list[str]:
    """What dbt is asked for, and where; to read its project anew where somebody read it under another path.

    dbt looks for seeds where they lay when the project was last read, which by hand may have been a relative path.
    """
    nodes = orjson.loads(DBT_MANIFEST.read_bytes())["nodes"].values()
    read_at = {node["root_path"] for node in nodes if node["resource_type"] == "seed"}
    target = ["--target", "ducklake"] if lake_of(home) else []
    return [*ASKED, *target, *(["--no-partial-parse"] if read_at != {str(DBT_DIR)} else [])]


def _build(invocation: DbtCliInvocation) -> tuple[list[Any], DagsterDbtError | None]:
    """Run dbt to its end, since its rows can be counted only when it has let go of the warehouse."""
    events: list[Any] = []
    try:
        for event in invocation.stream():
            events.append(event)
    except DagsterDbtError as error:
        return events, error
    return events, None


def _with_row_counts(home: Home, context: dg.AssetExecutionContext, events: list[Any]) -> Iterator[Any]:
    """The build's events: each table's with its number of rows, which the UI plots over time, each test's in words."""
    with writer_lock(home):
        outcomes = _outcomes(home)
        connection = connect_warehouse(home, read_only=True)
        try:
            for event in events:
                if isinstance(event, dg.Output):
                    yield _counted(connection, context, event)
                elif isinstance(event, dg.AssetCheckResult):
                    yield _worded(event, outcomes)
                else:
                    yield event
        finally:
            connection.close()


def _run_results(home: Home) -> Path:
    """Where dbt says how the nodes of its last build ended."""
    return home.dbt_target / "run_results.json"


def _outcomes(home: Home) -> Mapping[str, CheckOutcome]:
    """How the tests of the build ended, by dbt's ids; none where dbt died before it could say."""
    results = _run_results(home)
    if not results.exists():
        return {}
    return {outcome.check.removeprefix("dbt:"): outcome for outcome in dbt_outcomes(home)[1]}


def _worded(result: dg.AssetCheckResult, outcomes: Mapping[str, CheckOutcome]) -> dg.AssetCheckResult:
    """A test's result as all our checks tell it."""
    outcome = outcomes.get(str(result.metadata["unique_id"].value))
    if outcome is None:
        return result
    assert result.asset_key is not None
    assert result.check_name is not None
    return _in_words(dg.AssetCheckKey(result.asset_key, result.check_name), outcome, result.metadata)


def _told_again(home: Home, keys: Iterable[dg.AssetCheckKey]) -> Iterator[dg.AssetCheckResult]:
    """How the tests of the marts that are reused ended, since a check that a run does not tell of is grey in the UI."""
    with writer_lock(home):
        by_name = {unique_id.split(".")[2]: outcome for unique_id, outcome in _outcomes(home).items()}
    for key in sorted(keys):
        yield _in_words(key, by_name[key.name], {"built": dg.MetadataValue.bool(False)})


def _in_words(
    key: dg.AssetCheckKey, outcome: CheckOutcome, metadata: Mapping[str, dg.MetadataValue[Any]]
) -> dg.AssetCheckResult:
    return check_result(
        key.asset_key,
        key.name,
        passed=outcome.outcome == "passed",
        warns=not outcome.blocks,
        sentence=outcome.sentence,
        what_to_do=outcome.what_to_do,
        sample=outcome.sample or rows_of("found", [outcome.sentence]),
        metadata=metadata,
    )


def _counted(
    connection: duckdb.DuckDBPyConnection, context: dg.AssetExecutionContext, output: dg.Output[Any]
) -> dg.Output[Any]:
    schema, table = context.asset_key_for_output(output.output_name).path
    row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
    assert row is not None
    preview = {"preview": _preview(connection, schema, table)} if schema == "marts" and row[0] else {}
    return output.with_metadata({**output.metadata, "dagster/row_count": row[0], **preview})


def _preview(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dg.TableMetadataValue:
    """The first rows of a table."""
    found = connection.execute(f'from "{schema}"."{table}" limit {PREVIEW_ROWS}')
    names = [column[0] for column in found.description or ()]
    return rows_table([dict(zip(names, row, strict=True)) for row in found.fetchall()])


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


class InstalledDbt(DbtCliResource):
    """The dbt of this environment, without what Dagster learns of it first, which takes as long as starting it thrice.

    Its version is known without running it, and its adapter serves row counts alone, which are ours here.
    """

    @cached_property
    def _cli_version(self) -> Any:
        return DBT_PYTHON_VERSION

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


def dbt_resource(state: StateFolder) -> InstalledDbt:
    """dbt, told where the warehouse is."""
    os.environ[WAREHOUSE_VARIABLE] = str(state.home.warehouse)
    return InstalledDbt(
        project_dir=str(DBT_DIR),
        profiles_dir=str(DBT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
