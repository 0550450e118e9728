"""Load and enrich: landing files into `raw.*`, then what rules read from new versions into `enriched.*`."""

from collections.abc import Iterator
from functools import partial

import dagster as dg
import duckdb

from pipelines.assets.ingest import asset_key
from pipelines.check_results import table as rows_table
from pipelines.enrich.run import EnrichResult, enrich
from pipelines.home import Home
from pipelines.load import LoadResult, SourceLoad, load
from pipelines.overrides.decisions import read_decisions
from pipelines.overrides.rows import read_rows, waiting
from pipelines.recovery import finish_dead_crawls
from pipelines.resources import StateFolder
from pipelines.warehouse import open_warehouse, until_back
from scrapers.registry import sources

_Metadata = dict[str, dg.MetadataValue | int]
RAW_TABLES = {
    "crawls": "One row a crawl whose ledger was loaded.",
    "fetches": "One row an HTTP exchange, also the failed ones.",
    "source_days": "One row a source and publication day of a crawl's window.",
    "sources": "One row a source of the registry.",
    "identifier_schemes": "One row a kind of official identifier that a source of the registry issues.",
    "date_fields": "One row a date of a document at a source of the registry, with the source's own name for it.",
    "instrument_rules": "One row a rule of the registry that reads a source's own words as an instrument.",
    "document_versions": "One row a content change of one document at one source.",
    "document_parses": "One row a version and parser: what that parser read.",
    "document_sightings": "One row a document at a source: first and last seen. Bookkeeping.",
    "quarantine": "One row a record that could not be read or accepted, with the reason.",
    "overrides": "One row a decision of a person about a quarantined row, and what came of it.",
    "decided_versions": "One row a version of a document as decided; as its source said where nothing is.",
    "decided_parses": "One row a version and parser of a document as decided.",
    "builds": "One row, the fingerprint of the inputs of the last good build; the transform empties and writes it.",
}
ENRICHED_TABLES = {
    "relevance": "One row a version judged by one extractor with one vocabulary: is it about AI, and why.",
    "relations": "One row a relation read from an official disposition note, an official field or running text.",
    "relation_readings": "One row a version read for relations by an extractor. Bookkeeping of the extractors.",
    "obligations": "One row a dated duty read from the running text of a version about AI.",
    "amounts": "One row an amount of money read from the running text of a version about AI.",
    "dates": "One row a day that the text of a version about AI gives a role to, or names relative to its own.",
    "facets": "One row a facet of a version about AI, as its words tell it: its instrument, a topic, a party to it.",
    "readings": "One row a version whose running text was read. Bookkeeping of the extractors.",
}


def _specs(schema: str, tables: dict[str, str], deps: list[dg.AssetKey], kind: str) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            [schema, table],
            deps=deps,
            description=text,
            group_name="warehouse" if schema == "raw" else "enrichment",
            owners=["team:warehouse"],
            kinds={"duckdb", kind},
        )
        for table, text in tables.items()
    ]


@dg.multi_asset(
    name="load",
    specs=_specs("raw", RAW_TABLES, [asset_key(slug) for slug in sources()], "python"),
)
def load_landing(context: dg.AssetExecutionContext, state: StateFolder) -> Iterator[dg.MaterializeResult[None]]:
    """Load landing files that the warehouse does not hold yet; crawls that are not good bring only their account."""
    state.take_turn()
    for sentence in finish_dead_crawls(state.home):
        context.log.warning(sentence)
    result, undecided, tables = until_back(partial(_loaded, state.home))
    for reason in result.withheld:
        context.log.warning(f"withheld: {reason}")
    context.log.info(f"{result}")
    for source in result.sources:
        context.log_event(brought(source))
    for table, metadata in tables.items():
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["raw", table]),
            metadata={
                **metadata,
                "crawls_loaded": result.crawls,
                "new_documents": result.new_documents,
                "new_versions": result.new_versions,
                "quarantined": result.quarantined,
                "overridden": result.overridden,
                **({"undecided": undecided} if table == "quarantine" else {}),
                **({"by_source": rows_table([vars(one) for one in result.sources])} if result.sources else {}),
            },
        )


def _loaded(home: Home) -> tuple[LoadResult, int, dict[str, _Metadata]]:
    """What the load brought, how many rows wait for a decision, and what the UI shows of each table."""
    with open_warehouse(home) as connection:
        result = load(home, connection)
        undecided = len(waiting(read_rows(connection), read_decisions(home)))
        return result, undecided, {table: _table_metadata(connection, "raw", table) for table in RAW_TABLES}


def brought(source: SourceLoad) -> dg.AssetObservation:
    """What came of a source's crawls, told of the source's own asset, where its numbers plot over time."""
    return dg.AssetObservation(
        asset_key(source.source_id),
        description="What loading found new in the crawls.",
        metadata={
            "new_documents": source.new_documents,
            "changed_documents": source.changed_documents,
            "quarantined": source.quarantined,
        },
    )


@dg.multi_asset(
    name="enrich",
    specs=_specs(
        "enriched",
        ENRICHED_TABLES,
        [dg.AssetKey(["raw", table]) for table in ("decided_versions", "decided_parses")],
        "polars",
    ),
)
def enrich_versions(context: dg.AssetExecutionContext, state: StateFolder) -> Iterator[dg.MaterializeResult[None]]:
    """Judge and read versions that this extractor and vocabulary have not seen yet; the rest stays as it is."""
    state.take_turn()
    result, tables = until_back(partial(_enriched, state.home))
    context.log.info(f"{result}")
    for table, metadata in tables.items():
        yield dg.MaterializeResult(asset_key=dg.AssetKey(["enriched", table]), metadata=metadata)


def _enriched(home: Home) -> tuple[EnrichResult, dict[str, _Metadata]]:
    """What enrichment added, and what the UI shows of each table."""
    with open_warehouse(home) as connection:
        result = enrich(connection)
        return result, {table: _table_metadata(connection, "enriched", table) for table in ENRICHED_TABLES}


def _table_metadata(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> _Metadata:
    count = connection.execute(f"select count(*) from {schema}.{table}").fetchone()
    assert count is not None
    columns = connection.execute(
        """
        select column_name, data_type from information_schema.columns
        where table_schema = ? and table_name = ? order by ordinal_position
        """,
        [schema, table],
    ).fetchall()
    schema_value = dg.TableSchema([dg.TableColumn(name, kind.lower()) for name, kind in columns])
    return {"dagster/row_count": count[0], "dagster/column_schema": dg.MetadataValue.table_schema(schema_value)}
