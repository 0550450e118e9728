"""Sub-commands of who runs the path: crawl, load, publish, and what became of it."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.options import Day, home_option, require_sources
from pipelines.home import Home

SAMPLES_SINCE = date(2019, 2, 1)
SAMPLES_UNTIL = date(2026, 10, 9)
LIVE_DAYS = 7


def _window(since: date, until: date) -> None:
    if until < since:
        raise click.UsageError(f"--until {until} lies before --since {since}; give the earlier day to --since")


@click.command()
@home_option
@click.option("--samples", is_flag=True, help="Ask the bundled sample sources.")
@click.option("--live", is_flag=True, help="Ask the real sources (default).")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --samples: serve larger data from this folder.",
)
@click.option(
    "--since", type=Day(), help="First publication day (default: the last 7 days; with --samples all of them)."
)
@click.option("--until", type=Day(), help="Last publication day (default: today; with --samples the last of them).")
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Only this source; repeatable.")
@click.option("--strict", is_flag=True, help="A withheld source is a failed run (exit 1), after publishing.")
@click.pass_obj
def run(
    home: Home,
    samples: bool,
    live: bool,
    corpus: Path | None,
    since: date | None,
    until: date | None,
    slugs: tuple[str, ...],
    strict: bool,
) -> None:
    """Run the whole path once and publish an audited edition."""
    require_sources(slugs)
    if samples and live:
        raise click.UsageError("--samples and --live exclude each other; give one")
    today = options.today()
    first = since or (SAMPLES_SINCE if samples else today - timedelta(LIVE_DAYS - 1))
    last = until or (SAMPLES_UNTIL if samples else today)
    _window(first, last)
    if corpus and not samples:
        raise click.UsageError("--corpus serves data through the sample sources; add --samples")
    from pipelines.progress import told_while_running
    from pipelines.run import AlreadyRunning, only_run

    try:
        with only_run(home), told_while_running("starting"), _stand_ins(samples, corpus, slugs) as base_urls:
            _check_stand_ins(base_urls, slugs)
            _check_origin(home, slugs, base_urls)
            good = _run_and_tell(home, first, last, base_urls, slugs, strict)
    except AlreadyRunning as error:
        raise click.ClickException(str(error)) from error
    sys.exit(0 if good else 1)


def _check_stand_ins(base_urls: dict[str, str], slugs: tuple[str, ...]) -> None:
    """A run on stand-ins never asks a real host by oversight."""
    from scrapers.registry import sources

    for slug, config in sources().items():
        missing = [host for host in config.hosts if host.split("/")[2] not in base_urls]
        if base_urls and missing and (not slugs or slug in slugs):
            raise click.ClickException(f"{slug}: the sample sources do not serve {', '.join(missing)}; add its samples")


def _check_origin(home: Home, slugs: tuple[str, ...], base_urls: dict[str, str]) -> None:
    """Real sources and stand-ins never meet in one state folder."""
    from pipelines.origin import MixedOrigins, require_one_origin
    from scrapers.registry import sources

    try:
        require_one_origin(home, slugs or tuple(sources()), base_urls)
    except MixedOrigins as error:
        raise click.UsageError(str(error)) from error


def _stand_ins(samples: bool, corpus: Path | None, slugs: tuple[str, ...]) -> AbstractContextManager[dict[str, str]]:
    if not samples:
        return nullcontext({})
    from scrapers.samples.discover import sample_slugs
    from scrapers.samples.process import running_samples

    if missing := [slug for slug in slugs if slug not in sample_slugs()]:
        raise click.ClickException(f"{missing[0]}: no samples; add scrapers/samples/{missing[0]}/")
    _take_sample_keys()
    return running_samples(corpus=corpus, sources=slugs)


def _take_sample_keys() -> None:
    """The sample hosts demand keys as the real ones do, and take any; a real key stays out of a run on samples."""
    from scrapers.registry import sources

    for config in sources().values():
        if config.key:
            os.environ[config.key.variable] = "sample"


def _run_and_tell(
    home: Home, since: date, until: date, base_urls: dict[str, str], slugs: tuple[str, ...], strict: bool
) -> bool:
    from pipelines.progress import say

    say(f"window {since} to {until}, {'sample sources' if base_urls else 'official sources'}")
    from pipelines.partitions import last_complete_week
    from pipelines.run import run_digest, run_refresh

    outcome = run_refresh(home, since, until, base_urls, slugs, strict=strict)
    week = last_complete_week(until + timedelta(1))
    digest = run_digest(home, week) if outcome.published else None
    from pipelines.report import print_report

    told = print_report(home, outcome.run_id, week if digest and digest.success else None, slugs)
    good = outcome.success and digest is not None and digest.success and told
    if not good:
        kept = "" if outcome.published else " Nothing was published; the last good edition is unchanged."
        click.echo(f"The run failed; see the FAILED lines above or the run in the UI.{kept}", err=True)
    return good


@click.command()
@home_option
@click.argument("slug")
@click.option("--since", type=Day(), required=True, help="First publication day.")
@click.option("--until", type=Day(), required=True, help="Last publication day.")
@click.option("--base-url", "base_urls", multiple=True, metavar="HOST=URL", help="Ask URL instead of HOST; repeatable.")
@click.pass_obj
def crawl(home: Home, slug: str, since: date, until: date, base_urls: tuple[str, ...]) -> None:
    """Crawl one source, without Dagster: archive, landing and ledger are written. Exit 1 when the crawl is not good."""
    require_sources((slug,))
    _window(since, until)
    from scrapers.contracts import Window
    from scrapers.crawl import check_hosts, parse_base_urls
    from scrapers.crawl import crawl as crawl_source
    from scrapers.registry import source

    try:
        mapping = parse_base_urls(list(base_urls))
        check_hosts(source(slug), mapping)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    _check_origin(home, (slug,), mapping)
    ledger = crawl_source(slug, Window(since=since, until=until), home.root, "manual", mapping)
    if ledger.not_asked is not None:
        raise click.ClickException(f"{slug}: not asked: {ledger.not_asked}")
    verdict = "good" if ledger.is_good else "NOT GOOD"
    click.echo(f"{slug}: {verdict}, {ledger.found_total:,} documents, {ledger.requests} requests")
    click.echo(f"  crawl {ledger.crawl_id}")
    for fault in ledger.faults:
        click.echo(f"  {fault}", err=True)
    sys.exit(0 if ledger.is_good else 1)


@click.command()
@home_option
@click.argument("slug")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)
def parse(slug: str, files: tuple[Path, ...]) -> None:
    """Parse recorded answers of a source: one JSON document a line; refused files on standard error (exit 1)."""
    require_sources((slug,))
    from scrapers.parse import parse_files

    sys.exit(0 if parse_files(slug, list(files), sys.stdout, sys.stderr) else 1)


@click.group()
@home_option
def samples() -> None:
    """The bundled sample sources."""


@samples.command("serve")
@home_option
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Only the hosts of this source; repeatable.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Serve larger data from this folder.",
)
@click.option("--port", type=click.IntRange(0, 65_000), default=0, help="First port; 0 takes free ones.")
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="Write one JSON line a request to this file."
)
def samples_serve(slugs: tuple[str, ...], corpus: Path | None, port: int, log: Path | None) -> None:
    """Serve the sample sources on loopback, one port a host; the first line printed maps hosts to addresses."""
    from scrapers.samples.__main__ import main as serve

    arguments = ["--port", str(port)]
    for slug in slugs:
        arguments += ["--source", slug]
    arguments += ["--corpus", str(corpus)] if corpus else []
    arguments += ["--log", str(log)] if log else []
    sys.exit(serve(arguments))


@click.group(invoke_without_command=True)
@home_option
@click.pass_context
def sources(context: click.Context) -> None:
    """List the registry and each source's last outcome; `sources check` asks whether their answers have drifted."""
    if context.invoked_subcommand is None:
        from pipelines.report import source_lines

        for line in source_lines(context.obj):
            click.echo(line)


@sources.command("check")
@home_option
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--samples", is_flag=True, help="Ask the bundled sample sources instead of the real ones.")
@click.option("--until", type=Day(), help="Last day to ask for (default: today; with --samples the last of them).")
@click.pass_obj
def sources_check(home: Home, slugs: tuple[str, ...], samples: bool, until: date | None) -> None:
    """Ask sources for one answer of each kind and say what has drifted.

    Told are fields gone, new or changed, unknown values, block pages and refusals. Nothing is stored. Exit 1 when
    anything has drifted.
    """
    require_sources(slugs)
    from pipelines.sources_check import check_sources, lines_of
    from scrapers.registry import sources as registry

    last = until or (SAMPLES_UNTIL if samples else None)
    with _stand_ins(samples, None, slugs) as base_urls:
        reports = check_sources(home, slugs or tuple(registry()), base_urls, last)
    for report in reports:
        for line in lines_of(report):
            click.echo(line)
    sys.exit(1 if any(report.drifts for report in reports) else 0)


@click.command()
@home_option
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Only this source; repeatable.")
@click.option("--since", type=Day(), help="Only crawls whose window reaches this day or later.")
@click.pass_obj
def replay(home: Home, slugs: tuple[str, ...], since: date | None) -> None:
    """Parse archived bytes again, without the network, and publish what follows from them."""
    require_sources(slugs)
    if not any(home.archive.glob("*/*.ledger.json")):
        raise click.ClickException(f"{home.archive}: expected ledgers of crawls, found none; run: aipolicy run")
    from pipelines.progress import told_while_running
    from pipelines.run import AlreadyRunning, only_run, run_refresh

    first, last = since or date(2015, 1, 1), options.today()
    try:
        with only_run(home), told_while_running("starting"):
            outcome = run_refresh(home, first, last, {}, slugs, replay=True)
    except AlreadyRunning as error:
        raise click.ClickException(str(error)) from error
    from pipelines.report import print_report

    told = print_report(home, outcome.run_id, None, slugs, replayed=True)
    sys.exit(0 if outcome.success and told else 1)


@click.command()
@home_option
@click.pass_obj
def load(home: Home) -> None:
    """Load landing files into the warehouse; nothing is built or published."""
    from pipelines.load import load as load_landing
    from pipelines.ops.state import bring_up_to_date
    from pipelines.recovery import finish_dead_crawls
    from pipelines.warehouse import WarehouseBusy, open_warehouse

    try:
        bring_up_to_date(home)
        for sentence in finish_dead_crawls(home):
            click.echo(f"warning: {sentence}", err=True)
        with open_warehouse(home) as connection:
            result = load_landing(home, connection)
    except WarehouseBusy as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{result.crawls - len(result.withheld)} crawls loaded: {result.new_documents:,} new documents, "
        f"{result.new_versions:,} new versions, {result.quarantined} quarantined"
    )
    for reason in result.withheld:
        click.echo(f"withheld: {reason}", err=True)
    sys.exit(1 if result.withheld else 0)


@click.command()
@home_option
@click.pass_obj
def publish(home: Home) -> None:
    """Publish the staged edition; refused unless its audit passed."""
    from pipelines.publish.audit import required_checks
    from pipelines.publish.edition import PublishRefused
    from pipelines.publish.edition import publish as publish_staged
    from pipelines.warehouse import WarehouseBusy

    try:
        result = publish_staged(home, required_checks())
    except PublishRefused as refusal:
        raise click.ClickException(f"publish refused: {refusal}") from refusal
    except WarehouseBusy as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"published {result.edition_id}")


@click.command()
@home_option
@click.argument("address", metavar="s3://BUCKET/PREFIX")
@click.pass_obj
def upload(home: Home, address: str) -> None:
    """Copy the current edition into a bucket, then have current.json there name it.

    What the bucket holds already stays; every file in it is read back and compared. The keys are those of the
    environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL.
    """
    from pipelines.bucket import access, is_bucket_address

    if not is_bucket_address(address):
        raise click.UsageError(f"expected an address such as s3://bucket/prefix, got {address!r}")
    from pipelines.publish.edition import DamagedEdition, whole_edition
    from pipelines.publish.readers import reading
    from pipelines.publish.upload import NotUploaded
    from pipelines.publish.upload import upload as upload_edition

    try:
        who, edition = access(), whole_edition(home)
        with reading(edition):
            done = upload_edition(edition, address, who)
    except (DamagedEdition, FileNotFoundError, NotUploaded) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{done.edition_id}: {done.new_files:,} of {done.files:,} files were new in {address}; it is current there"
    )


@click.command()
@home_option
@click.pass_obj
def status(home: Home) -> None:
    """Say what is published, what is withheld and what waits."""
    from pipelines.report import status_lines

    lines, good = status_lines(home)
    for line in lines:
        click.echo(line)
    sys.exit(0 if good else 1)


@click.command()
@home_option
@click.option("--at-once", type=click.IntRange(1, 32), default=1, show_default=True, help="Runs under way at once.")
@click.pass_obj
def worker(home: Home, at_once: int) -> None:
    """Take runs that the UI and its schedules launch, on this machine, until it is ended.

    Needs AIPOLICY_WORKERS=celery, AIPOLICY_BROKER, AIPOLICY_DAGSTER and AIPOLICY_HOST_BUDGETS as the UI has them, and
    the same state folder. TERM ends it when its runs have ended; what it had when it was killed is made again by
    another worker.
    """
    from pipelines.instance import WORKERS_VARIABLE, workers_of
    from pipelines.run import prepare

    if (told := workers_of()) != "celery":
        raise click.UsageError(
            f"{WORKERS_VARIABLE}: expected celery, got {told or 'nothing'}: no run is given to a worker; set it as the "
            "UI has it"
        )
    prepare(home)
    from pipelines.workers import be_worker

    be_worker(home, at_once)


COMMANDS = (run, crawl, parse, samples, sources, replay, load, publish, upload, status, worker)
