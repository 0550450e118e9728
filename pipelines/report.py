"""What a person is told at the end of a run, by `aipolicy sources` and by `aipolicy status`."""

from __future__ import annotations

import click

from pipelines.home import Home
from pipelines.publish.audit import TOKEN, read_token
from pipelines.publish.edition import current_edition
from pipelines.publish.stage import read_about
from pipelines.query import open_edition
from scrapers.contracts import CrawlLedger, utc_text
from scrapers.registry import sources

RESULT_QUERY = """\
select policy_id, status, since, by_policy_id
from policy_status_as_of('2025-01-21')
where policy_id in ('us-eo-13984', 'us-eo-14110', 'us-fr-2024-01580')
order by policy_id"""


def print_report(home: Home, run_id: str, week: str | None, only: tuple[str, ...], *, replayed: bool = False) -> None:
    """Where the edition and the digest are, a real query's result, coverage, and how to open the UI."""
    try:
        edition = current_edition(home)
    except FileNotFoundError as error:
        click.echo(str(error))
        return
    click.echo(f"\nEdition   {edition}")
    click.echo(
        f"          as of {read_about(edition)['as_of']}, opened with: duckdb -readonly {edition / 'policy.duckdb'}"
    )
    if week:
        click.echo(f"Digest    {home.digests / week / 'digest.html'}")
        click.echo(f"          {home.digests / week / 'digest.md'}")
    with open_edition(home) as connection:
        rows = connection.execute(RESULT_QUERY).fetchall()
        if rows:
            click.echo("\nA question answered from it (what was in force on 21 January 2025?):")
        for policy_id, status, since, by_policy_id in rows:
            click.echo(
                f"  {policy_id:<18} {status:<10} since {since}" + (f" by {by_policy_id}" if by_policy_id else "")
            )
    if not replayed:
        from pipelines.assets.ingest import coverage_line

        click.echo("\nCoverage")
        for slug in sources():
            if not only or slug in only:
                click.echo(f"  {coverage_line(home, slug, run_id)}")
    click.echo("\nUI        make ui, then http://127.0.0.1:3000")


def last_ledger(home: Home, slug: str) -> CrawlLedger | None:
    """The ledger of a source's last crawl; None when it was never crawled."""
    files = sorted((home.archive / slug).glob("*.ledger.json"))
    return CrawlLedger.model_validate_json(files[-1].read_bytes()) if files else None


def source_lines(home: Home) -> list[str]:
    """One line a source: what it is and how its last crawl ended."""
    lines = []
    for slug, config in sources().items():
        ledger = last_ledger(home, slug)
        if ledger is None:
            outcome = "never asked"
        elif ledger.not_asked is not None:
            outcome = f"not asked: {ledger.not_asked}"
        elif ledger.is_good:
            outcome = f"good at {utc_text(ledger.ended_at)}: {ledger.found_total:,} documents"
        else:
            outcome = f"WITHHELD at {utc_text(ledger.ended_at)}: {ledger.faults[0]}"
        lines.append(f"{slug:<22} {config.publisher.jurisdiction:<4} {config.cadence:<7} {config.title}: {outcome}")
    return lines


def status_lines(home: Home) -> tuple[list[str], bool]:
    """What is published, withheld and waiting; False when something needs a person."""
    from pipelines.run import last_run

    lines, good = [], True
    try:
        edition = current_edition(home)
        about = read_about(edition)
        lines.append(f"published: {about['edition_id']}, as of {about['as_of']}")
    except FileNotFoundError as error:
        lines.append(f"published: {error}")
        good = False
    run = last_run(home)
    if run is not None and not run.success:
        lines.append(
            f"last run: {run.run_id} failed" + (" after publishing" if run.published else ", nothing published")
        )
        good = False
    for slug in sources():
        ledger = last_ledger(home, slug)
        if ledger is not None and ledger.not_asked is not None:
            lines.append(f"not asked: {slug}: {ledger.not_asked}")
        elif ledger is not None and not ledger.is_good:
            lines.append(f"withheld: {slug}, not checked since its last good crawl: {ledger.faults[0]}")
            good = False
    if (home.staged / TOKEN).exists():
        faults = read_token(home.staged).faults()
        lines += [f"refused: {fault}" for fault in faults]
        good = good and not faults
    return lines, good
