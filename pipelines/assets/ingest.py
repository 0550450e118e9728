"""Ingest: one asset a source, made from the registry; the selected sources are crawled side by side as child processes.

Every selected source is materialized with its outcome. A source that failed is no exception here: its check turns red
without blocking, load withholds it, and `verdict` fails the run where policy says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import Field

from pipelines.accounts import account_for_dead_crawl, crawl_of_run, crawls_of_run, last_landing
from pipelines.assets.ingest_checks import check_results, check_specs
from pipelines.check_results import Value
from pipelines.children import ChildResult, run_children
from pipelines.freshness import freshness
from pipelines.home import Home
from pipelines.origin import MixedOrigins, require_one_origin
from pipelines.partitions import crawl_days
from pipelines.progress import doing, pass_on, say
from pipelines.recovery import finish_dead_crawls
from pipelines.resources import CRAWLING, DOCS, VOCABULARY, StateFolder
from pipelines.rounds import crawls
from pipelines.sources_page import rhythm_of
from scrapers.contracts import CrawlLedger, Window
from scrapers.durable import file_sha256
from scrapers.keys import key_of, scrubbed
from scrapers.locks import crawl_lock, holder_of
from scrapers.registry import SourceConfig, sources

MAX_DAYS_SHOWN = 31


class CrawlConfig(dg.Config):
    """How to crawl, whatever days."""

    base_urls: dict[str, str] = Field(
        default_factory=dict,
        description='Stand-ins by host, e.g. {"www.gov.uk": "http://127.0.0.1:8003"}; empty asks the real sources.',
    )
    at_once: int = Field(default=2, ge=1, le=8, description="How many sources are crawled side by side.")
    deadline_minutes: int = Field(
        default=60,
        ge=1,
        description="A crawl that runs longer is ended and its source withheld; waiting for another crawl of the "
        "source counts.",
    )


class IngestConfig(CrawlConfig):
    """How to crawl which days."""

    since: str | None = Field(
        default=None,
        description="First publication day, YYYY-MM-DD, for months and years (a day chosen as a partition costs the "
        "run history an event a source). A replay reads the crawls whose window reaches this day or later; without it, "
        "all.",
    )
    until: str | None = Field(default=None, description="Last publication day, YYYY-MM-DD; together with `since`.")
    replay: bool = Field(
        default=False, description="Parse archived bytes again instead of asking the sources; set by the job replay."
    )


def asset_key(slug: str) -> dg.AssetKey:
    """The asset of a source."""
    return dg.AssetKey(["ingest", slug])


def _spec(config: SourceConfig) -> dg.AssetSpec:
    return dg.AssetSpec(
        asset_key(config.slug),
        description=f"Documents that {config.title} lists, one crawl a run and week: answers archived as they came, "
        f"what was read of them, and an account of every request.\n\n{config.description}\n\n{config.notes}".strip(),
        group_name="ingest",
        owners=[config.owner],
        kinds={"scrapy"},
        tags={
            "jurisdiction": config.publisher.jurisdiction.lower(),
            "cadence": config.cadence,
            "calendar": config.calendar,
            "verified": config.verified,
        },
        metadata={
            "source": dg.MetadataValue.url(config.publisher.page),
            "docs": dg.MetadataValue.url(f"{DOCS}/sources.md#{config.slug}"),
            "contract": f"scrapers/sources/{config.slug}.yml",
            "asked": rhythm_of(config),
            "channel": config.channel,
            "licence": config.licence,
            "document_id": config.document_id,
        },
        partitions_def=crawl_days,
        freshness_policy=freshness(config),
        skippable=True,
    )


@dg.multi_asset(
    name="ingest",
    specs=[_spec(config) for config in sources().values()],
    check_specs=check_specs(asset_key),
    can_subset=True,
    pool=CRAWLING,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def ingest(
    context: dg.AssetExecutionContext, config: IngestConfig, state: StateFolder
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Crawl the selected sources over the run's partition days, or replay all that is archived of them.

    A replay that cannot read all of it fails.
    """
    slugs = sorted(key.path[-1] for key in context.selected_asset_keys)
    run_id = context.run.run_id
    _finish_dead_crawls(state.home)
    if config.replay:
        archived = [slug for slug in slugs if _is_archived(state.home, slug)]
        commands = {slug: _replay_command(slug, config.since, state.home) for slug in archived}
        results = _side_by_side(commands, config, state.home, run_id, replay=True)
        yield from (event for result in results for event in _report_replay(result, state.home))
        yield from (event for slug in slugs if slug not in archived for event in _nothing_archived(slug))
        _require_whole_replay(results)
        return
    for slug, results in crawl(slugs, _window(context, config), config, state.home, run_id).items():
        yield from _report(slug, results, crawl_of_run(state.home, slug, run_id))


def crawl(
    slugs: Sequence[str], window: Window, config: CrawlConfig, home: Home, run_id: str
) -> dict[str, list[ChildResult]]:
    """Crawl sources over some days; how the crawls of each have ended, all of them with an account.

    Raises dg.Failure, before anything is asked, for stand-ins of hosts that are no source's, and where the state folder
    holds answers of the others, of sources or stand-ins.
    """
    _check_stand_ins(config)
    _require_one_origin(home, slugs, config)
    _say_who_is_waited_for(home, slugs)
    ended: dict[str, list[ChildResult]] = {slug: [] for slug in slugs}
    for asked in _turns(_crawls(slugs, window, config, home)):
        commands = {slug: _command(slug, days, config, home, run_id) for slug, days in asked.items()}
        for result in _side_by_side(commands, config, home, run_id):
            _account_for(result, home, run_id, asked[result.name])
            ended[result.name].append(result)
    return ended


def _crawls(slugs: Sequence[str], window: Window, config: CrawlConfig, home: Home) -> dict[str, list[Window]]:
    """The windows of each source's crawls, the oldest first; stand-ins are asked for all days at once."""
    if config.base_urls:
        return {slug: [window] for slug in slugs}
    return crawls(slugs, window, home.bookkeeping / "source_coverage.parquet")


def _turns(windows: Mapping[str, Sequence[Window]]) -> Iterator[dict[str, Window]]:
    """Which sources are crawled side by side, for which days; the newest days of all in the last turn."""
    for left in range(max(map(len, windows.values())), 0, -1):
        yield {slug: own[-left] for slug, own in windows.items() if len(own) >= left}


def _side_by_side(
    commands: Mapping[str, list[str]], config: CrawlConfig, home: Home, run_id: str, *, replay: bool = False
) -> list[ChildResult]:
    """Run one child a source to its end."""
    results = run_children(
        list(commands.items()),
        at_once=config.at_once,
        deadline_seconds=config.deadline_minutes * 60,
        on_end=lambda result: _say_ended(result, home, run_id, replay=replay),
        on_wait=lambda names: doing(f"ingest of {', '.join(names)}"),
        wait_told_after=1.0,
    )
    return sorted(results, key=lambda result: result.name)


def _is_archived(home: Home, slug: str) -> bool:
    """Whether there is anything to read again, be it a ledger or bytes without one, which a replay must refuse."""
    folder = home.archive / slug
    return any(any(folder.glob(pattern)) for pattern in ("*.ledger.json", "*.warc.gz"))


def _require_whole_replay(results: Sequence[ChildResult]) -> None:
    failed = sorted(result.name for result in results if result.exit_code != 0)
    if failed:
        raise dg.Failure(
            f"replay: expected all archived crawls to be read again, got faults of {', '.join(failed)}; "
            "see their checks; nothing is published from less than the archive holds",
            allow_retries=False,
        )


def _check_stand_ins(config: CrawlConfig) -> None:
    """With a mistyped host the real source would be asked.

    Raises dg.Failure for a host that no source names.
    """
    known = {host.split("/")[2] for source in sources().values() for host in source.hosts}
    if strangers := sorted(set(config.base_urls) - known):
        raise dg.Failure(
            f"base_urls: expected hosts of the registry, got {', '.join(strangers)}; "
            f"give some of {', '.join(sorted(known))}",
            allow_retries=False,
        )


def _say_who_is_waited_for(home: Home, slugs: Sequence[str]) -> None:
    for slug in slugs:
        if holder := holder_of(crawl_lock(home.root, slug)):
            say(f"{slug}: waiting for process {holder}, which is crawling it")


def _require_one_origin(home: Home, slugs: Sequence[str], config: CrawlConfig) -> None:
    try:
        require_one_origin(home, slugs, config.base_urls)
    except MixedOrigins as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _window(context: dg.AssetExecutionContext, config: IngestConfig) -> Window:
    """The days to ask for: those of the configuration, else those of the run's partitions.

    Raises dg.Failure when neither is given, or since and until are no two days in their order.
    """
    if config.since and config.until:
        since, until = _day("since", config.since), _day("until", config.until)
        if until < since:
            raise dg.Failure(f"expected since not after until, got {since} and {until}; exchange them")
        return Window(since=since, until=until)
    if config.since or config.until:
        raise dg.Failure(
            f"expected since and until together, got {'since' if config.since else 'until'} alone; give both, or "
            "neither and partition days"
        )
    if not context.has_partition_key and not context.has_partition_key_range:
        raise dg.Failure("expected partition days or since and until in the launchpad's config, got neither")
    days = context.partition_key_range
    return Window(since=date.fromisoformat(days.start), until=date.fromisoformat(days.end))


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise dg.Failure(f"{name}: expected a day such as 2026-10-02, got {text!r}; mend it in the config") from error


def _say_ended(result: ChildResult, home: Home, run_id: str, *, replay: bool) -> None:
    pass_on(result.name, scrubbed(result.stderr_tail, key_of(sources()[result.name])))
    line = _ended(result, home, run_id, replay=replay)
    say(line, level="warning" if line.endswith("NOT GOOD") else "info", source=result.name)


def _ended(result: ChildResult, home: Home, run_id: str, *, replay: bool) -> str:
    """One line about a source that has just ended."""
    crawls = [] if replay else crawls_of_run(home, result.name, run_id)
    ledger = crawls[-1] if crawls else None
    seen = f"{ledger.found_total:,} documents, {len(ledger.fetches):,} requests, " if ledger else ""
    bad = result.exit_code != 0 or (ledger is not None and not ledger.is_good and ledger.not_asked is None)
    return f"{result.name}: {seen}{result.seconds:.1f} s{', NOT GOOD' if bad else ''}"


def _replay_command(slug: str, since: str | None, home: Home) -> list[str]:
    arguments = [slug, "--home", str(home.root), "--vocabulary", str(VOCABULARY)]
    return ["scrapers.replay", *arguments, *(["--since", since] if since else [])]


def _command(slug: str, days: Window, config: CrawlConfig, home: Home, run_id: str) -> list[str]:
    arguments = [slug, "--since", str(days.since), "--until", str(days.until)]
    arguments += ["--home", str(home.root), "--run-id", run_id, "--vocabulary", str(VOCABULARY)]
    for host, base in sorted(config.base_urls.items()):
        arguments += ["--base-url", f"{host}={base}"]
    return ["scrapers.crawl", *arguments]


def _finish_dead_crawls(home: Home, *slugs: str) -> None:
    for sentence in finish_dead_crawls(home, slugs):
        say(f"WARNING: {sentence}", level="warning")


def _account_for(result: ChildResult, home: Home, run_id: str, days: Window) -> None:
    """Give a process that died without a ledger one, so that its silence is told."""
    _finish_dead_crawls(home, result.name)
    if any(crawl.window == days for crawl in crawls_of_run(home, result.name, run_id)):
        return
    account_for_dead_crawl(
        home,
        result.name,
        run_id,
        days,
        started_at=result.started_at,
        ended_at=result.started_at + timedelta(seconds=result.seconds),
        vocabulary_sha256=file_sha256(VOCABULARY),
        why=f"the process ended with {result.exit_code} and left no ledger: {_last_words(result)}",
    )


def _last_words(result: ChildResult) -> str:
    """The end of what a child said on standard error, without its source's key."""
    said = scrubbed(result.stderr_tail, key_of(sources()[result.name]))
    return " ".join(said.split())[-800:] or "it said nothing"


def _report(
    slug: str, results: Sequence[ChildResult], ledger: CrawlLedger | None
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """What the children of a source have done."""
    key = asset_key(slug)
    seconds = sum(result.seconds for result in results)
    yield dg.MaterializeResult(
        asset_key=key, metadata={"seconds": seconds, **(_ledger_metadata(ledger) if ledger else {})}
    )
    faults = list(ledger.faults) if ledger else []
    yield from check_results(key, ledger, faults or _bad_ends(results))


def _report_replay(result: ChildResult, home: Home) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """What a replay has made of a source's last crawl, which decides whether the source is withheld."""
    key, ledger = asset_key(result.name), last_landing(home, result.name)
    yield dg.MaterializeResult(asset_key=key, metadata={"seconds": result.seconds})
    yield from check_results(key, ledger, [*_bad_ends([result]), *(ledger.faults if ledger else ())])


def _bad_ends(results: Sequence[ChildResult]) -> list[str]:
    return [f"the process ended with {one.exit_code}: {_last_words(one)}" for one in results if one.exit_code]


def _nothing_archived(slug: str) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """A source that was never crawled into this state folder: no process is started only to find that out."""
    key = asset_key(slug)
    yield dg.MaterializeResult(asset_key=key, metadata={"replayed": "nothing archived"})
    yield from check_results(key, None, (), otherwise="Nothing archived.")


def _ledger_metadata(ledger: CrawlLedger) -> dict[str, Value]:
    """What the UI shows of a crawl; its numbers plot over time."""
    statuses = [fetch.http_status for fetch in ledger.fetches if fetch.outcome != "not_asked"]
    new_values = sum("=" in novelty.name for novelty in ledger.novelties)
    usual = {"usual_count": ledger.comparisons[-1].usual} if ledger.comparisons else {}
    by_day = [day.official for day in ledger.days if day.official is not None]
    official = sum(by_day) if ledger.official_total is None else ledger.official_total
    is_counted = bool(by_day) or ledger.official_total is not None
    return {
        "dagster/row_count": ledger.found_total,
        "requests": ledger.requests,
        "bytes": sum(fetch.body_bytes for fetch in ledger.fetches),
        "retries": sum(fetch.attempt > 1 for fetch in ledger.fetches),
        "http_errors": sum(status is None or status >= 400 for status in statuses),
        "block_pages": sum(fetch.outcome == "refused:BlockPage" for fetch in ledger.fetches),
        "rejected_records": sum(fetch.rejected for fetch in ledger.fetches),
        "unknown_fields": len(ledger.novelties) - new_values,
        "unknown_values": new_values,
        **({"official_count": official} if is_counted else {}),
        **usual,
        "gate_passed": ledger.gate_passed,
        "gate_left_out": ledger.gate_left_out,
        "archive_bytes": ledger.archive.bytes,
        "archive_file": dg.MetadataValue.text(ledger.archive.name),
        **({"days": _days_chart(ledger)} if ledger.days else {}),
    }


def _days_chart(ledger: CrawlLedger) -> dg.MarkdownMetadataValue:
    """The last days of a crawl with what was found, as bars of a table."""
    days = ledger.days[-MAX_DAYS_SHOWN:]
    most = max([*(day.found for day in days), 1])
    lines = [
        f"| {day.day:%a %d %b} | {day.found:,} | {'–' if day.official is None else f'{day.official:,}'} "
        f"| {'█' * round(20 * day.found / most)} |"
        for day in days
    ]
    return dg.MetadataValue.md("\n".join(["| day | found | its own count | |", "| --- | ---: | ---: | --- |", *lines]))


def coverage_line(home: Home, slug: str, run_id: str) -> str:
    """One line for people: what a run saw of a source."""
    ledger = crawl_of_run(home, slug, run_id)
    if ledger is None:
        return f"{slug}: could not look: the run ended before its crawl began"
    if ledger.not_asked is not None:
        return f"{slug}: not asked: {ledger.not_asked}"
    config = sources()[slug]
    state = "checked" if ledger.is_good else "WITHHELD"
    why = "" if ledger.is_good else f": {ledger.faults[0]}"
    undated = _undated(ledger)
    read = f"{ledger.found_total - undated:,} {'listed' if config.listing == 'snapshot' else 'documents'}"
    beside = f", {undated:,} of no publication day" if undated else ""
    new = f", {len(ledger.novelties)} names or values never seen before" if ledger.novelties else ""
    counted = f"{read}{_counted(ledger, config)}{beside}, {ledger.requests} requests{new}"
    return f"{slug}: {state} {_days_seen(ledger, config)}, {counted}{why}"


def _days_seen(ledger: CrawlLedger, config: SourceConfig) -> str:
    """The window; of a source that lists what is open now, the day of the crawl, whatever window was asked."""
    if config.listing == "snapshot":
        return str(ledger.ended_at.astimezone(ZoneInfo(config.time_zone)).date())
    since, until = ledger.window.since, ledger.window.until
    return str(since) if since == until else f"{since} to {until}"


def _undated(ledger: CrawlLedger) -> int:
    """Documents that a count by days knows nothing of, such as filings that are not published yet."""
    is_by_day = ledger.official_total is None and any(day.official is not None for day in ledger.days)
    return ledger.found_total - sum(day.found for day in ledger.days) if is_by_day else 0


def _counted(ledger: CrawlLedger, config: SourceConfig) -> str:
    """The source's own count; where it is one of hits, it need not be that of documents and does not read so."""
    official = ledger.official_total if ledger.official_total is not None else sum(d.official or 0 for d in ledger.days)
    if not official:
        return ""
    if not config.bounds.must_match_official_count:
        return f" (the source counts {official:,} hits, which are not documents one for one)"
    return f" of {official:,} by the source's own count"
