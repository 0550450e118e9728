"""Ingest: one asset a source, made from the registry; the selected sources are crawled side by side as child processes.

Every selected source is materialized with its outcome. A source that failed is no exception here: its check turns red
without blocking, load withholds it, and `verdict` fails the run where policy says so.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg
from pydantic import Field

from pipelines.children import ChildResult, python_module, run_children
from pipelines.home import Home
from pipelines.partitions import crawl_days
from pipelines.resources import VOCABULARY, StateFolder
from scrapers.contracts import CrawlLedger
from scrapers.keys import key_of, scrubbed
from scrapers.registry import SourceConfig, sources

CHECK = "crawl_is_good"
VOLUME_CHECK = "volume_within_bounds"


class IngestConfig(dg.Config):
    """How to crawl."""

    base_urls: dict[str, str] = Field(default_factory=dict)
    """Stand-ins by host, e.g. {"www.gov.uk": "http://127.0.0.1:8003"}; empty means the real sources."""
    at_once: int = 2
    """How many sources are crawled side by side."""
    deadline_minutes: int = 60
    """A crawl that runs longer is ended and its source withheld."""
    since: str | None = None
    """First publication day, for long windows run outside partitions (a partition costs the run history an event)."""
    until: str | None = None
    """Last publication day; together with `since`."""
    replay: bool = False
    """Parse archived bytes again instead of asking the sources."""


def asset_key(slug: str) -> dg.AssetKey:
    """The asset of a source."""
    return dg.AssetKey(["ingest", slug])


def _spec(config: SourceConfig) -> dg.AssetSpec:
    return dg.AssetSpec(
        asset_key(config.slug),
        description=f"{config.description}\n\n{config.notes}".strip(),
        group_name="ingest",
        owners=["team:ingest"],
        kinds={"scrapy"},
        tags={"jurisdiction": config.publisher.jurisdiction.lower(), "cadence": config.cadence},
        metadata={
            "source": dg.MetadataValue.url(config.publisher.page),
            "licence": config.licence,
            "document_id": config.document_id,
        },
        partitions_def=crawl_days,
        skippable=True,
    )


@dg.multi_asset(
    name="ingest",
    specs=[_spec(config) for config in sources().values()],
    check_specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=asset_key(slug),
            description="The crawl's own ledger says that every planned request ended well and official counts match.",
        )
        for slug in sources()
    ]
    + [
        dg.AssetCheckSpec(
            VOLUME_CHECK,
            asset=asset_key(slug),
            description="No more documents than the source's own bounds expect of a window of this length.",
        )
        for slug in sources()
    ],
    can_subset=True,
)
def ingest(
    context: dg.AssetExecutionContext, config: IngestConfig, state: StateFolder
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Crawl the selected sources over the run's partition days."""
    slugs = sorted(key.path[-1] for key in context.selected_asset_keys)
    days = _days(context, config)
    commands = [(slug, _command(slug, days, config, state.home, context.run_id)) for slug in slugs]
    results = run_children(
        commands,
        at_once=config.at_once,
        deadline_seconds=config.deadline_minutes * 60,
        on_end=lambda result: context.log.info(f"{result.name}: ended after {result.seconds:.1f} s"),
    )
    for result in sorted(results, key=lambda result: result.name):
        yield from _report(result, state.home, context.run_id, replay=config.replay)


def _days(context: dg.AssetExecutionContext, config: IngestConfig) -> dg.PartitionKeyRange:
    """The days to ask for: those of the configuration, else those of the run's partitions.

    Raises dg.Failure when neither is given.
    """
    if config.since and config.until:
        return dg.PartitionKeyRange(config.since, config.until)
    if not context.has_partition_key and not context.has_partition_key_range:
        raise dg.Failure("expected partition days or since and until in the launchpad's config, got neither")
    days: dg.PartitionKeyRange = context.partition_key_range
    return days


def _command(slug: str, days: dg.PartitionKeyRange, config: IngestConfig, home: Home, run_id: str) -> list[str]:
    if config.replay:
        return python_module(
            "scrapers.replay", slug, "--home", str(home.root), "--vocabulary", str(VOCABULARY), "--since", days.start
        )
    arguments = [slug, "--since", days.start, "--until", days.end, "--home", str(home.root), "--run-id", run_id]
    arguments += ["--vocabulary", str(VOCABULARY)]
    for host, base in sorted(config.base_urls.items()):
        arguments += ["--base-url", f"{host}={base}"]
    return python_module("scrapers.crawl", *arguments)


def _report(
    result: ChildResult, home: Home, run_id: str, *, replay: bool
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    key = asset_key(result.name)
    ledger = None if replay else ledger_of_run(home, result.name, run_id)
    yield dg.MaterializeResult(
        asset_key=key, metadata={"seconds": result.seconds, **(_ledger_metadata(ledger) if ledger else {})}
    )
    yield _volume(key, ledger.warnings if ledger else ())
    faults = list(ledger.faults) if ledger else []
    if result.exit_code != 0:
        said = scrubbed(result.stderr_tail, key_of(sources()[result.name]))
        faults.append(f"the process ended with {result.exit_code}: {said.strip()[-800:]}")
    elif ledger is None and not replay:
        faults.append("the process wrote no ledger")
    if ledger is not None and ledger.not_asked is not None and not faults:
        yield _not_asked(key, ledger.not_asked)
        return
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=not faults,
        severity=dg.AssetCheckSeverity.ERROR,
        description="; ".join(faults[:5]) or "Every planned request ended well.",
        metadata={
            "faults": faults[:50],
            "what_to_do": "Open the ledger named above; the source stays withheld until a crawl of it is good.",
        },
    )


def _not_asked(key: dg.AssetKey, why: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"not asked: {why}",
        metadata={"what_to_do": "Ask the publisher for a key and set the variable, or leave the source unasked."},
    )


def _volume(key: dg.AssetKey, warnings: Sequence[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=VOLUME_CHECK,
        passed=not warnings,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(warnings) or "Within bounds.",
        metadata={"what_to_do": "Look at the source's page; if the flood is real, raise max_documents_per_week."},
    )


def _ledger_metadata(ledger: CrawlLedger) -> dict[str, dg.MetadataValue | int | float]:
    statuses = [fetch.http_status for fetch in ledger.fetches]
    return {
        "dagster/row_count": ledger.found_total,
        "requests": ledger.requests,
        "bytes": sum(fetch.body_bytes for fetch in ledger.fetches),
        "retries": sum(fetch.attempt > 1 for fetch in ledger.fetches),
        "http_errors": sum(status is None or status >= 400 for status in statuses),
        "block_pages": sum(fetch.outcome == "refused:BlockPage" for fetch in ledger.fetches),
        "rejected_records": sum(fetch.rejected for fetch in ledger.fetches),
        "official_count": ledger.official_total or sum(day.official or 0 for day in ledger.days),
        "gate_passed": ledger.gate_passed,
        "gate_left_out": ledger.gate_left_out,
        "archive_bytes": ledger.archive.bytes,
        "archive_file": dg.MetadataValue.text(ledger.archive.name),
    }


def ledger_of_run(home: Home, slug: str, run_id: str) -> CrawlLedger | None:
    """The ledger that a run's crawl of a source has written, newest first; None when it wrote none."""
    for path in sorted((home.archive / slug).glob("*.ledger.json"), reverse=True):
        ledger = CrawlLedger.model_validate_json(path.read_bytes())
        if ledger.run_id == run_id:
            return ledger
    return None


def coverage_line(home: Home, slug: str, run_id: str) -> str:
    """One line for people: what a run saw of a source."""
    ledger = ledger_of_run(home, slug, run_id)
    if ledger is None:
        return f"{slug}: could not look: the crawl wrote no ledger"
    if ledger.not_asked is not None:
        return f"{slug}: not asked: {ledger.not_asked}"
    official = ledger.official_total if ledger.official_total is not None else sum(d.official or 0 for d in ledger.days)
    counted = f" of {official:,} by the source's own count" if official else ""
    span = _span(ledger.window.since, ledger.window.until)
    state = "checked" if ledger.is_good else "WITHHELD"
    why = "" if ledger.is_good else f": {ledger.faults[0]}"
    return f"{slug}: {state} {span}, {ledger.found_total:,} documents{counted}, {ledger.requests} requests{why}"


def _span(since: date, until: date) -> str:
    return str(since) if since == until else f"{since} to {until}"
