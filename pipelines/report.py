"""What a person is told at the end of a run, by `aipolicy sources` and by `aipolicy status`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pipelines.accounts import DamagedLedger, crawls_backwards, last_crawl
from pipelines.digest.wording import SAMPLE_NOTICE
from pipelines.home import Home
from pipelines.invocation import from_here, own_command
from pipelines.publish.audit import TOKEN, read_token
from pipelines.publish.edition import DamagedEdition, whole_edition
from pipelines.publish.stage import read_about
from pipelines.query import open_edition
from scrapers.contracts import Novelty, utc_text
from scrapers.registry import sources

if TYPE_CHECKING:
    from pipelines.history import FailedRun

RESULT_QUERY = """\
select policy_id, status, since, by_policy_id
from policy_status_as_of('2025-01-21')
where policy_id in ('us-eo-13984', 'us-eo-14110', 'us-fr-2024-01580')
order by policy_id"""
DOCUMENTED = "read by the source's documentation, not yet held against a recorded answer"
NEWEST_QUERY = """\
select policy_id, latest_status, coalesce(latest_status_since, first_event_date), null as by_policy_id
from policies
order by first_event_date desc, policy_id
limit 3"""


def print_report(home: Home, run_id: str, week: str | None, only: tuple[str, ...], *, replayed: bool = False) -> bool:
    """Where the edition and the digest are, a real query's result, coverage, and how to open the UI.

    False when there is no edition that can be trusted, and nothing is told of it but that.
    """
    try:
        edition = whole_edition(home)
    except (FileNotFoundError, DamagedEdition) as error:
        click.echo(str(error), err=True)
        return False
    about = read_about(edition)
    if about.get("is_sample"):
        click.echo(f"\n{SAMPLE_NOTICE}")
    click.echo(f"\nEdition   {edition}")
    click.echo(f"          as of {about['as_of']}; policy.duckdb for DuckDB, parquet/ for other tools")
    if week:
        click.echo(f"Digest    {home.digests / week / 'digest.html'}")
        click.echo(f"          {home.digests / week / 'digest.md'}")
    for line in _answer_lines(home):
        click.echo(line)
    if not replayed:
        from pipelines.assets.ingest import coverage_line

        click.echo("\nCoverage")
        for slug in sources():
            if not only or slug in only:
                click.echo(f"  {coverage_line(home, slug, run_id)}")
    folder = shlex.quote(from_here(home.root))
    click.echo(f'\nAsk       {own_command()} --home {folder} sql "from policies limit 5"')
    click.echo(f"UI        make ui HOME_DIR={folder}, then http://127.0.0.1:3000")
    return True


def _answer_lines(home: Home) -> list[str]:
    """A question and its answer of three lines; another question where the edition lacks what the first is about."""
    with open_edition(home) as connection:
        question = "what was in force on 21 January 2025?"
        rows = connection.execute(RESULT_QUERY).fetchall()
        if not rows:
            question = "which policies are the newest?"
            rows = connection.execute(NEWEST_QUERY).fetchall()
    if not rows:
        return ["\nIt holds no policies: the sources asked so far told of none."]
    return [
        f"\nA question answered from it ({question}):",
        *(
            f"  {policy_id:<18} {status:<10} since {since}" + (f" by {by_policy_id}" if by_policy_id else "")
            for policy_id, status, since, by_policy_id in rows
        ),
    ]


def _last_good(home: Home, slug: str) -> str:
    """Since when a withheld source is not checked."""
    for ledger in crawls_backwards(home, slug):
        if ledger.is_good:
            return f"not checked since its last good crawl at {utc_text(ledger.ended_at)}"
    return "never checked yet"


def _outcome(home: Home, slug: str) -> tuple[str, Sequence[Novelty]]:
    """How a source's last crawl ended, and what it met for the first time."""
    try:
        ledger = last_crawl(home, slug)
    except DamagedLedger as error:
        return f"DAMAGED: {error}", ()
    if ledger is None:
        return "never asked", ()
    if ledger.not_asked is not None:
        return f"not asked: {ledger.not_asked}", ()
    if ledger.is_good:
        return f"good at {utc_text(ledger.ended_at)}: {ledger.found_total:,} documents", ledger.novelties
    return f"WITHHELD at {utc_text(ledger.ended_at)}: {ledger.faults[0]}", ledger.novelties


def source_lines(home: Home) -> list[str]:
    """One line a source: what it is, what its reading rests on and how its last crawl ended; what is new below it."""
    lines = []
    for slug, config in sources().items():
        outcome, novelties = _outcome(home, slug)
        what = f"{config.publisher.jurisdiction:<4} {config.cadence:<7} {config.verified:<10} {config.title}"
        lines.append(f"{slug:<22} {what}: {outcome}")
        lines += [f"  never seen before: {novelty}" for novelty in novelties]
    return [*lines, "", f"documented: {DOCUMENTED}"]


def status_lines(home: Home) -> tuple[list[str], bool]:
    """What is published, withheld, waiting and new at a source; False when something needs a person at once."""
    from pipelines.history import failed_runs

    published, good = _published_line(home)
    wrong = [_run_line(run) for run in failed_runs(home)]
    not_asked, new = [], []
    for slug in sources():
        try:
            ledger = last_crawl(home, slug)
        except DamagedLedger as error:
            wrong.append(f"damaged: {slug}: {error}")
            continue
        new += [f"never seen before: {slug}: {novelty}" for novelty in (ledger.novelties if ledger else ())]
        if ledger is not None and ledger.not_asked is not None:
            not_asked.append(f"not asked: {slug}: {ledger.not_asked}")
        elif ledger is not None and not ledger.is_good:
            wrong.append(f"withheld: {slug}, {_last_good(home, slug)}: {ledger.faults[0]}")
    wrong += [f"refused: {fault}" for fault in _refusals(home)]
    return [published, *wrong, *not_asked, *new], good and not wrong


def _published_line(home: Home) -> tuple[str, bool]:
    """The current edition, and whether it is there and whole."""
    try:
        edition = whole_edition(home)
    except FileNotFoundError as error:
        return f"published: {error}", False
    except DamagedEdition as error:
        return str(error), False
    about = read_about(edition)
    samples = ", made from samples" if about.get("is_sample") else ""
    return f"published: {about['edition_id']}, as of {about['as_of']}{samples}", True


def _run_line(run: FailedRun) -> str:
    how = "was killed" if run.was_killed else "failed"
    if run.job == "weekly_digest":
        return f"last digest: run {run.run_id} by {run.started_by} {how}"
    return f"last run: {run.run_id} by {run.started_by} {how}" + (
        " after publishing" if run.published else ", nothing published"
    )


def _refusals(home: Home) -> list[str]:
    """Why the edition that waits was refused; empty when none waits or it may be published."""
    try:
        return read_token(home.staged).faults()
    except FileNotFoundError:
        return []
    except ValueError as error:
        return [f"{TOKEN} of the staged edition cannot be read: {str(error).splitlines()[0]}; run again"]
