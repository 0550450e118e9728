"""What many workers may do at once, ahead of the refresh that builds and publishes: crawl and load months, read texts.

A refresh does all of this by itself. Where a long history is wanted and the warehouse is a lake, it is cut into
partitions here, whose runs go beside each other. Does not belong here: what needs the warehouse alone.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import partial

import dagster as dg
import duckdb
from pydantic import Field

from pipelines.accounts import crawls_of_run
from pipelines.assets.ingest import CrawlConfig, crawl
from pipelines.assets.warehouse import brought
from pipelines.enrich.parses import SHARES
from pipelines.enrich.run import EnrichResult, enrich
from pipelines.history import AHEAD
from pipelines.home import Home
from pipelines.load import Gathered, gather
from pipelines.resources import CRAWLING, StateFolder
from pipelines.warehouse import open_warehouse, through_conflicts, until_back
from scrapers.contracts import Window
from scrapers.locks import lock
from scrapers.registry import sources

FIRST_MONTH = "1994-01"
"""Since when the Federal Register can be asked, which of the sources goes back the farthest by days."""
MONTH, SOURCE = "month", "source"
MONTHS = dg.MultiPartitionsDefinition(
    {
        MONTH: dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m"),
        SOURCE: dg.StaticPartitionsDefinition(
            [slug for slug, config in sources().items() if config.listing == "window"]
        ),
    }
)
"""Whole months of the sources that can be asked for days long gone."""


class GatherConfig(CrawlConfig):
    """How to crawl months."""

    deadline_minutes: int = Field(default=360, ge=1, description="A crawl of a month that runs longer is ended.")


@dg.asset(
    key=[AHEAD, "gathered"],
    group_name=AHEAD,
    owners=["team:warehouse"],
    kinds={"scrapy", "duckdb"},
    partitions_def=MONTHS,
    pool=CRAWLING,
)
def gathered(context: dg.AssetExecutionContext, config: GatherConfig, state: StateFolder) -> dg.MaterializeResult[None]:
    """A month of a source, crawled and loaded ahead of the next refresh.

    One whose crawls were not good fails, so that a backfill can be asked for what is missing of it.
    """
    key, run_id = context.partition_key, context.run.run_id
    assert isinstance(key, dg.MultiPartitionKey)
    slug = key.keys_by_dimension[SOURCE]
    crawl([slug], month_of(key.keys_by_dimension[MONTH]), config, state.home, run_id)
    state.take_turn(beside_others=True)
    result, faults = until_back(partial(_gathered, state.home, slug, run_id))
    for reason in result.withheld:
        context.log.warning(f"withheld: {reason}")
    if result.brought is not None:
        context.log_event(brought(result.brought))
    if faults:
        raise dg.Failure(f"{slug}: {faults[0]}; ask for this partition again", allow_retries=False)
    return dg.MaterializeResult(metadata=vars(result.brought) if result.brought else {})


def month_of(name: str) -> Window:
    """The days of a partition, such as 2019-03."""
    first = date.fromisoformat(f"{name}-01")
    return Window(since=first, until=first.replace(day=monthrange(first.year, first.month)[1]))


def _gathered(home: Home, slug: str, run_id: str) -> tuple[Gathered, list[str]]:
    """What was loaded of a source, and what is wrong with this run's crawls, whoever has loaded them."""
    with open_warehouse(home, beside_others=True) as connection:
        return gather(home, connection, slug), list(_faults(home, connection, slug, run_id))


def _faults(home: Home, connection: duckdb.DuckDBPyConnection, slug: str, run_id: str) -> Iterator[str]:
    held = "select crawl_id, is_good, faults from raw.crawls where run_id = ? and source_id = ?"
    loaded = {crawl_id: told for crawl_id, *told in connection.execute(held, [run_id, slug]).fetchall()}
    for crawl_id in (one.crawl_id for one in crawls_of_run(home, slug, run_id) if one.not_asked is None):
        is_good, faults = loaded.get(crawl_id, (False, ["its crawl was not loaded"]))
        if not is_good:
            yield faults[-1] if faults else "its crawl was not good"


@dg.asset(
    key=[AHEAD, "enriched"],
    deps=[dg.AssetDep(gathered, partition_mapping=dg.AllPartitionMapping())],
    group_name=AHEAD,
    owners=["team:warehouse"],
    kinds={"duckdb", "polars"},
    partitions_def=dg.StaticPartitionsDefinition([f"{share:02d}" for share in range(SHARES)]),
)
def enriched(context: dg.AssetExecutionContext, state: StateFolder) -> dg.MaterializeResult[None]:
    """A share of all documents, judged and read ahead of the next refresh, which finds that much less to do."""
    state.take_turn(beside_others=True)
    result = until_back(partial(_enriched, state.home, int(context.partition_key)))
    return dg.MaterializeResult(
        metadata={
            "judged": result.new_relevance,
            "relations": result.new_relations,
            **{f"read_{table}": rows for table, rows in result.new_text_rows.items()},
        }
    )


def _enriched(home: Home, share: int) -> EnrichResult:
    with (
        lock(home.root / "locks" / f"enrich-{share:02d}.lock"),
        open_warehouse(home, beside_others=True) as connection,
    ):
        return through_conflicts(partial(enrich, connection, share=share))
