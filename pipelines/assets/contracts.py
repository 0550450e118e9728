"""Contracts: whether each source still answers as its YAML says; asks for one answer of each kind, changes nothing."""

from collections.abc import Iterator
from datetime import date

import dagster as dg
from pydantic import Field

from pipelines.assets.ingest import asset_key
from pipelines.resources import StateFolder
from pipelines.sources_check import check_sources, lines_of
from scrapers.drift import CheckReport
from scrapers.registry import sources

CONTRACT_CHECK = "answers_keep_the_contract"


class ContractConfig(dg.Config):
    """Whom to ask."""

    base_urls: dict[str, str] = Field(default_factory=dict)
    """Stand-ins by host; empty means the real sources."""
    until: str | None = None
    """Last day to ask for; empty means today."""


@dg.multi_asset_check(
    name="contracts",
    specs=[
        dg.AssetCheckSpec(
            CONTRACT_CHECK,
            asset=asset_key(slug),
            description="One answer of each kind holds no new, missing or changed field and no unknown value.",
        )
        for slug in sources()
    ],
    can_subset=True,
)
def contracts(
    context: dg.AssetCheckExecutionContext, config: ContractConfig, state: StateFolder
) -> Iterator[dg.AssetCheckResult]:
    """Ask the selected sources for one answer of each kind and compare with the contract and the last good crawl."""
    slugs = [key.asset_key.path[-1] for key in context.selected_asset_check_keys]
    until = date.fromisoformat(config.until) if config.until else None
    for report in check_sources(state.home, slugs, config.base_urls, until):
        yield _result(report)


def _result(report: CheckReport) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_key(report.source_id),
        check_name=CONTRACT_CHECK,
        passed=not report.drifts and not report.not_asked,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(lines_of(report))[:2_000],
        metadata={
            "answers": report.answers,
            "documents": report.documents,
            "drifted": len(report.drifts),
            "drifts": dg.MetadataValue.json([drift.model_dump() for drift in report.drifts][:100]),
            "what_to_do": "Look at the answer in a browser; add new names to known_fields, new types to instruments; "
            "where a field has moved, mend the parser with a fixture and raise its PARSER_VERSION.",
        },
    )
