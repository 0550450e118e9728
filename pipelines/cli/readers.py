"""Sub-commands of who reads: editions and what differs between them, search, SQL, the digest."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.options import Instant, home_option
from pipelines.home import Home


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
    today = options.today()
    if monday > today:
        raise click.UsageError(
            f"week {week} begins on {monday}, today is {today}; give a week that has begun, "
            f"{today:%G-W%V} at the latest"
        )


@click.command()
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
    files = (result.markdown, result.html, result.mail, result.workbook, result.json)
    click.echo("\n".join((count(result.item_count, "item"), *map(str, files))))


@click.command()
@home_option
@click.argument("query")
@click.option("--rows", type=click.IntRange(1), default=40, show_default=True, help="Rows to print at most.")
@click.pass_obj
def sql(home: Home, query: str, rows: int) -> None:
    """Query the published edition, read-only."""
    import duckdb

    from pipelines.publish.edition import DamagedEdition, whole_edition
    from pipelines.query import NotARead, open_edition, reads

    try:
        *before, last = reads(query)
        whole_edition(home)
        with open_edition(home) as connection:
            for statement in before:
                connection.execute(statement)
            connection.sql(last).show(max_rows=rows, max_width=200)
    except NotARead as error:
        raise click.UsageError(str(error)) from error
    except duckdb.OutOfMemoryException as error:
        raise click.ClickException(
            "expected a query that fits into memory, since nothing is written beside an edition, got a larger one; "
            "ask for fewer rows or columns, or open a copy of policy.duckdb with DuckDB itself"
        ) from error
    except (duckdb.Error, FileNotFoundError, DamagedEdition) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@home_option
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits to print at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit and line.")
@click.pass_obj
def search(home: Home, query: str, limit: int, as_json: bool) -> None:
    """Search the documents about AI of the current edition, the best hits first.

    All words and "phrases" of QUERY must be there; word* stands for its beginnings, NOT word or -word leaves documents
    out, OR between two takes either. A QUERY that begins with a dash stands behind --. Exit 1 when nothing was found.

    Example: aipolicy search '"cloud access" NOT semiconductor'

    Example: aipolicy search -- '-semiconductor cloud'
    """
    from pipelines.publish.edition import DamagedEdition, whole_edition
    from pipelines.publish.search_index import BadQuery, lines_of
    from pipelines.publish.search_index import search as search_index

    try:
        found = search_index(whole_edition(home), query, limit)
    except BadQuery as error:
        raise click.UsageError(str(error)) from error
    except (FileNotFoundError, DamagedEdition) as error:
        raise click.ClickException(str(error)) from error
    for line in lines_of(found.hits, as_json=as_json):
        click.echo(line)
    if found.total > len(found.hits):
        click.echo(f"the best {len(found.hits):,} of {found.total:,} documents; --limit shows more", err=True)
    if not found.hits:
        click.echo(f"nothing found for {query}", err=True)
        sys.exit(1)


@click.command()
@home_option
@click.pass_obj
def editions(home: Home) -> None:
    """List the editions that are kept, oldest first; the current one is marked."""
    from pipelines.publish.shelf import editions as kept_editions

    kept = kept_editions(home)
    if not kept:
        raise click.ClickException(f"no edition was published yet in {home.editions}; run: aipolicy run")
    for edition in kept:
        sample = "  made from samples" if edition.is_sample else ""
        click.echo(
            f"{'*' if edition.is_current else ' '} {edition.folder.name}  as of {edition.as_of:%Y-%m-%d %H:%M}Z  "
            f"{edition.policies:,} policies  {edition.documents:,} documents{sample}"
        )


@click.command()
@home_option
@click.argument("before", metavar="ED1")
@click.argument("after", metavar="ED2", default="current")
@click.option("--table", "tables", multiple=True, metavar="TABLE", help="Only this table; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a changed row and line.")
@click.pass_obj
def diff(home: Home, before: str, after: str, tables: tuple[str, ...], as_json: bool) -> None:
    """Say what edition ED2 (or the current one) holds otherwise than ED1: rows added, changed by field, removed.

    Without --table all tables of content are compared; what was looked at when is bookkeeping, and left out.
    """
    from pipelines.publish.difference import compared_tables, lines_of, row_changes
    from pipelines.publish.edition import edition_named

    try:
        first, second = edition_named(home, before), edition_named(home, after)
        named = tables or tuple(compared_tables(first, second))
        for line in lines_of(row_changes(first, second, named), as_json=as_json):
            click.echo(line)
    except (FileNotFoundError, LookupError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@home_option
@click.option("--week", required=True, metavar="YYYY-Www", help="ISO week, e.g. 2026-W47.")
@click.option(
    "--subscriptions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of subscriptions (default: subscriptions.yml in the state folder).",
)
@click.option(
    "--again", multiple=True, metavar="ID", help="Send this subscription what may have been sent; repeatable."
)
@click.pass_obj
def deliver(home: Home, week: str, subscriptions: Path | None, again: tuple[str, ...]) -> None:
    """Send the issue of a week to its subscribers, each at most once. Exit 1 when something was not sent."""
    _check_week(week)
    _check_begun(week)
    from pipelines.delivery import deliver_week
    from pipelines.digest.subscriptions import BadSubscriptions
    from pipelines.publish.edition import DamagedEdition, fresh_looks, whole_edition

    try:
        file = subscriptions or home.subscriptions
        edition = whole_edition(home)
        made = deliver_week(edition, week, home, file, looks=fresh_looks(home), again=frozenset(again))
        deliveries = list(made)
    except (BadSubscriptions, FileNotFoundError, DamagedEdition, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for one in deliveries:
        reason = f": {one.reason}" if one.reason else ""
        click.echo(f"{one.subscription}  {one.channel} {one.address}  {one.outcome.replace('_', ' ')}{reason}")
    sys.exit(1 if any(one.outcome in ("failed", "unknown") for one in deliveries) else 0)


@click.command()
@home_option
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--edition", default="current", show_default=True, metavar="ID", help="Serve this edition alone.")
@click.pass_obj
def serve(home: Home, port: int, edition: str) -> None:
    """Serve the site of the current edition, with search, to this machine alone; Ctrl-C ends it.

    Prints the address. Without --edition an edition that is published meanwhile shows at the next click.
    """
    from pipelines.publish.edition import DamagedEdition, edition_named, whole_edition
    from pipelines.publish.readers import reading
    from pipelines.site.server import serve as serve_site

    try:
        if edition == "current":
            whole_edition(home)
            serve_site(lambda: edition_named(home, edition), port, click.echo)
        else:
            with reading(edition_named(home, edition)):
                serve_site(lambda: edition_named(home, edition), port, click.echo)
    except (FileNotFoundError, DamagedEdition) as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (digest, deliver, sql, search, editions, diff, serve)
