"""The `aipolicy` command. Thin: each sub-command imports what it needs when it is called, so that --help is quick.

Exit codes: 0 good, 1 bad result, 2 wrong usage.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from pipelines.home import Home, NotInstalled

SAMPLES_SINCE = date(2019, 2, 1)
SAMPLES_UNTIL = date(2026, 10, 9)
LIVE_DAYS = 7


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a day such as 2026-10-02, got {value!r}", param, ctx)


def _remember_home(context: click.Context, param: click.Parameter, folder: Path | None) -> None:
    """Keep the state folder; the option nearest to the sub-command's name wins."""
    if folder is not None:
        context.obj = Home(folder.resolve())
    elif context.obj is None:
        context.obj = Home(Path(os.environ.get("AIPOLICY_HOME") or ".aipolicy").resolve())


class Instant(click.ParamType[datetime]):
    """A moment with a time zone; without one it is UTC."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a day or a moment, e.g. 2025-01-25, 2025-01-25T12:00:00Z or 2025-01-25T14:00:00+02:00."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a moment such as 2025-01-25T12:00:00Z, got {value!r}", param, ctx)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_remember_home,
    expose_value=False,
    is_eager=True,
    show_default=".aipolicy, or AIPOLICY_HOME",
    help="State folder: archive, warehouse, editions, digests.",
)


class Commands(click.Group):
    """Sub-commands; a file or folder that cannot be used is told in one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the sub-command."""
        try:
            return super().invoke(ctx)
        except NotInstalled as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            raise  # the reader has seen enough; click ends the command without a word
        except OSError as error:
            raise click.ClickException(_sentence(error, ctx.obj)) from error


def _sentence(error: OSError, home: Home | None) -> str:
    """What could not be used; errors of our own (without a number of the system) say themselves what to do."""
    if error.errno is None or error.filename is None:
        return str(error)
    said = f"{error.filename}: {error.strerror}"
    is_in_home = home is not None and Path(error.filename).is_relative_to(home.root)
    return f"{said}; give a folder that can be written with --home" if is_in_home else said


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@home_option
def main() -> None:
    """Track government AI policy from official sources: crawl, archive, load, transform, audit, publish, digest."""


def _window(since: date, until: date) -> None:
    if until < since:
        raise click.UsageError(f"--until {until} lies before --since {since}; give the earlier day to --since")


def _check_week(week: str) -> None:
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if found is None:
            raise ValueError("expected four digits, -W and two digits")
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise click.UsageError(f"expected an ISO week such as 2026-W47, got {week!r}: {error}") from error


def _check_begun(week: str) -> None:
    """A digest of days to come would say of them that nothing happened."""
    monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    today = _today()
    if monday > today:
        raise click.UsageError(
            f"week {week} begins on {monday}, today is {today}; give a week that has begun, "
            f"{today:%G-W%V} at the latest"
        )


def _today() -> date:
    return datetime.now(UTC).date()


def _check_sources(slugs: tuple[str, ...]) -> None:
    from scrapers.registry import sources

    for slug in slugs:
        if slug not in sources():
            raise click.UsageError(f"no source {slug!r}; known sources: {', '.join(sources())}")


@main.command()
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
    _check_sources(slugs)
    if samples and live:
        raise click.UsageError("--samples and --live exclude each other; give one")
    today = _today()
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


@main.command()
@home_option
@click.argument("slug")
@click.option("--since", type=Day(), required=True, help="First publication day.")
@click.option("--until", type=Day(), required=True, help="Last publication day.")
@click.option("--base-url", "base_urls", multiple=True, metavar="HOST=URL", help="Ask URL instead of HOST; repeatable.")
@click.pass_obj
def crawl(home: Home, slug: str, since: date, until: date, base_urls: tuple[str, ...]) -> None:
    """Crawl one source, without Dagster: archive, landing and ledger are written. Exit 1 when the crawl is not good."""
    _check_sources((slug,))
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


@main.command()
@home_option
@click.argument("slug")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)
def parse(slug: str, files: tuple[Path, ...]) -> None:
    """Parse recorded answers of a source: one JSON document a line; refused files on standard error (exit 1)."""
    _check_sources((slug,))
    from scrapers.parse import parse_files

    sys.exit(0 if parse_files(slug, list(files), sys.stdout, sys.stderr) else 1)


@main.group()
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


@main.group(invoke_without_command=True)
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
    _check_sources(slugs)
    from pipelines.sources_check import check_sources, lines_of
    from scrapers.registry import sources as registry

    last = until or (SAMPLES_UNTIL if samples else None)
    with _stand_ins(samples, None, slugs) as base_urls:
        reports = check_sources(home, slugs or tuple(registry()), base_urls, last)
    for report in reports:
        for line in lines_of(report):
            click.echo(line)
    sys.exit(1 if any(report.drifts for report in reports) else 0)


@main.command()
@home_option
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Only this source; repeatable.")
@click.option("--since", type=Day(), help="Only crawls whose window reaches this day or later.")
@click.pass_obj
def replay(home: Home, slugs: tuple[str, ...], since: date | None) -> None:
    """Parse archived bytes again, without the network, and publish what follows from them."""
    _check_sources(slugs)
    if not any(home.archive.glob("*/*.ledger.json")):
        raise click.ClickException(f"{home.archive}: expected ledgers of crawls, found none; run: aipolicy run")
    from pipelines.progress import told_while_running
    from pipelines.run import AlreadyRunning, only_run, run_refresh

    first, last = since or date(2015, 1, 1), _today()
    try:
        with only_run(home), told_while_running("starting"):
            outcome = run_refresh(home, first, last, {}, slugs, replay=True)
    except AlreadyRunning as error:
        raise click.ClickException(str(error)) from error
    from pipelines.report import print_report

    told = print_report(home, outcome.run_id, None, slugs, replayed=True)
    sys.exit(0 if outcome.success and told else 1)


@main.command()
@home_option
@click.pass_obj
def load(home: Home) -> None:
    """Load landing files into the warehouse; nothing is built or published."""
    from pipelines.load import load as load_landing
    from pipelines.recovery import finish_dead_crawls
    from pipelines.warehouse import WarehouseBusy, open_warehouse

    try:
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


@main.command()
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


@main.command()
@home_option
@click.option("--week", required=True, metavar="YYYY-Www", help="ISO week, e.g. 2026-W47.")
@click.option(
    "--as-of",
    type=Instant(),
    help="Count only what was known then, e.g. 2025-01-25T12:00:00Z (UTC where no time zone is given); written beside "
    "the digest of the week.",
)
@click.pass_obj
def digest(home: Home, week: str, as_of: datetime | None) -> None:
    """Write the digest of a week from the current edition."""
    _check_week(week)
    _check_begun(week)
    from pipelines.digest.build import build_digest
    from pipelines.digest.wording import count
    from pipelines.publish.edition import DamagedEdition, fresh_looks, whole_edition

    try:
        edition = whole_edition(home)
        result = build_digest(edition, week, as_of, home.digests, looks=fresh_looks(home))
    except (FileNotFoundError, ValueError, DamagedEdition) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count(result.item_count, 'item')}\n{result.markdown}\n{result.html}")


@main.command()
@home_option
@click.argument("query")
@click.option("--rows", type=click.IntRange(1), default=40, show_default=True, help="Rows to print at most.")
@click.pass_obj
def sql(home: Home, query: str, rows: int) -> None:
    """Query the published edition, read-only."""
    import duckdb

    from pipelines.publish.edition import DamagedEdition, whole_edition
    from pipelines.query import open_edition

    try:
        if not duckdb.extract_statements(query):
            raise click.UsageError(f'expected a query, got {query!r}; give one such as "from policies limit 5"')
        whole_edition(home)
        with open_edition(home) as connection:
            relation = connection.sql(query)
            if relation is not None:
                relation.show(max_rows=rows, max_width=200)
    except (duckdb.Error, FileNotFoundError, DamagedEdition) as error:
        raise click.ClickException(str(error)) from error


def _evaluated_files(task: str, given: dict[str, Path | None]) -> dict[str, Path]:
    """The files that a task is given; one that is missing or of no use to it is wrong usage."""
    from pipelines.evaluate.tasks import TASKS

    takes = TASKS[task]
    files = {name: path for name, path in given.items() if path is not None}
    if missing := [f"--{name}" for name in takes.files if name not in files]:
        raise click.UsageError(f"{task} needs {' and '.join(missing)}")
    may_take = (*takes.files, *takes.may_take, *(("edition",) if takes.asks_edition else ()))
    if idle := [f"--{name}" for name in files if name not in may_take]:
        used = " and ".join(f"--{name}" for name in takes.files)
        raise click.UsageError(f"{task} does not read {' or '.join(idle)}; give {used}")
    return files


def _evaluated_tasks() -> list[str]:
    from pipelines.evaluate.tasks import TASKS

    return list(TASKS)


class TaskName(click.ParamType[str]):
    """A task of the benchmark."""

    name = "TASK"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the name of a task."""
        tasks = _evaluated_tasks()
        if str(value) not in tasks:
            self.fail(f"expected one of {', '.join(tasks)}, got {value!r}", param, ctx)
        return str(value)


@main.command()
@home_option
@click.argument("task", type=TaskName())
@click.option("--documents", type=click.Path(path_type=Path), help="List of documents (CSV, may be gzipped).")
@click.option("--gold", type=click.Path(path_type=Path), help="Labels (CSV; a folder for extraction).")
@click.option("--texts", type=click.Path(path_type=Path), help="Folder of texts (extraction).")
@click.option("--notes", type=click.Path(path_type=Path), help="Orders with their disposition notes (dispositions).")
@click.option(
    "--edition", type=click.Path(path_type=Path), help="Folder of an edition (status); without it, the current one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the errors to this CSV or .jsonl."
)
@click.pass_obj
def evaluate(
    home: Home,
    task: str,
    documents: Path | None,
    gold: Path | None,
    texts: Path | None,
    notes: Path | None,
    edition: Path | None,
    as_json: bool,
    errors: Path | None,
) -> None:
    """Score enrichment, or the status in an edition, against label files as they are.

    \b
    relevance, instrument, topics   --documents FILE --gold FILE
    rule_stage, govuk               --gold FILE
    agora                           --documents FILE
    dispositions                    --notes FILE --gold FILE
    extraction                      --texts FOLDER --gold FOLDER
    timeline                        --gold FILE [--documents FILE]
    status                          --gold FILE [--edition FOLDER]

    Exit 1 when a file cannot be read or lacks a column.
    """  # noqa: D301 - the mark by which click keeps lines apart
    import json

    from pipelines.evaluate.files import BadFile
    from pipelines.evaluate.table import lines_of, write_errors
    from pipelines.evaluate.tasks import TASKS, run_task
    from pipelines.publish.edition import current_edition

    given = {"documents": documents, "gold": gold, "texts": texts, "notes": notes, "edition": edition}
    files = _evaluated_files(task, given)
    try:
        if TASKS[task].asks_edition and "edition" not in files:
            files["edition"] = current_edition(home)
        report = run_task(task, files)
    except (BadFile, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(report.as_json(), default=str) if as_json else "\n".join(lines_of(report)))
    if errors:
        try:
            write_errors(report, errors)
        except OSError as error:
            raise click.ClickException(f"{errors}: {error.strerror}; give a file that can be written") from error


@main.command()
@home_option
@click.pass_obj
def status(home: Home) -> None:
    """Say what is published, what is withheld and what waits."""
    from pipelines.report import status_lines

    lines, good = status_lines(home)
    for line in lines:
        click.echo(line)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
