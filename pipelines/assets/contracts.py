"""Contracts: whether each source still answers as its YAML says; asks for one answer of each kind, changes nothing.

They are assets of their own, beside those of ingest, so that no refresh asks a source a second time.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg
from pydantic import Field

from pipelines.check_results import check_result, rows_of
from pipelines.resources import CRAWLING, DOCS, StateFolder
from pipelines.sources_check import check_sources, lines_of
from scrapers.drift import NOT_ANSWERED, CheckReport
from scrapers.registry import sources

GROUP = "contracts"
CONTRACT_CHECK = "answers_keep_the_contract"
UNANSWERED = "unanswered"
"""Metadata of a failed check in which nothing drifted: what was asked for did not come."""


class ContractConfig(dg.Config):
    """Whom to ask."""

    base_urls: dict[str, str] = Field(
        default_factory=dict, description="Stand-ins by host; empty asks the real sources."
    )
    until: str | None = Field(default=None, description="Last day to ask for, YYYY-MM-DD; empty means today.")


def contract_key(slug: str) -> dg.AssetKey:
    """The asset of a source's contract."""
    return dg.AssetKey(["contract", slug])


@dg.multi_asset(
    name="contracts",
    specs=[
        dg.AssetSpec(
            contract_key(slug),
            description=f"How {config.title} answers today, held against its contract and the last good crawl.",
            group_name=GROUP,
            owners=[config.owner],
            kinds={"scrapy"},
            metadata={"docs": dg.MetadataValue.url(f"{DOCS}/sources.md#{slug}")},
            skippable=True,
        )
        for slug, config in sources().items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            CONTRACT_CHECK,
            asset=contract_key(slug),
            description="One answer of each kind holds no new, missing or changed field and no unknown value.",
        )
        for slug in sources()
    ],
    can_subset=True,
    pool=CRAWLING,
)
def contracts(
    context: dg.AssetExecutionContext, config: ContractConfig, state: StateFolder
) -> Iterator[dg.MaterializeResult[None]]:
    """Ask the selected sources for one answer of each kind and compare."""
    slugs = [key.path[-1] for key in context.selected_asset_keys]
    until = date.fromisoformat(config.until) if config.until else None
    for report in check_sources(state.home, slugs, config.base_urls, until):
        yield dg.MaterializeResult(
            asset_key=contract_key(report.source_id),
            metadata={"answers": report.answers, "documents": report.documents, "drifted": len(report.drifts)},
            check_results=[_result(report)],
        )


def _result(report: CheckReport) -> dg.AssetCheckResult:
    """A quiet week and a source that was not asked are no fault; a source that did not answer has not drifted."""
    lines = lines_of(report)
    unanswered = bool(report.drifts) and all(drift.kind == NOT_ANSWERED for drift in report.drifts)
    return check_result(
        contract_key(report.source_id),
        CONTRACT_CHECK,
        passed=not report.drifts,
        warns=True,
        sentence="; ".join(lines),
        what_to_do="See whether the source answers in a browser; when it does, run the job sources_check on it again."
        if unanswered
        else "Look at the answer in a browser; add new names to known_fields, new types to instruments; where a "
        "field has moved, mend the parser with a fixture and raise its PARSER_VERSION.",
        sample=[drift.model_dump() for drift in report.drifts] or rows_of("found", lines),
        metadata={UNANSWERED: unanswered},
    )
