"""Sub-commands of the quarantine desk: what was set aside and why, and what a person decides about it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import click

from pipelines.cli.options import home_option, require_sources
from pipelines.home import Home

if TYPE_CHECKING:
    import duckdb

    from pipelines.overrides.decisions import Decision, Verdict
    from pipelines.overrides.rows import QuarantinedRow
    from scrapers.runtime.archive import ArchivedAnswer

WAIT_SECONDS = 10.0
Row = TypeVar("Row")
NEXT = "it takes effect with the next aipolicy run"


def _now() -> datetime:
    return datetime.now(UTC)


@click.group()
@home_option
def quarantine() -> None:
    """See what was set aside as unreadable, and accept, correct or reject it.

    A decision is a file in `overrides/` of the state folder, with its author, reason and moment. What the source said
    stays as it is; the edition names the decision beside all that rests on it, in the table overrides. Decisions take
    effect with the next `aipolicy run`, and can be taken back. Author and reason are published.
    """


author_option = click.option("--author", required=True, help="Who decides; published with the decision.")
reason_option = click.option("--reason", required=True, help="Why, in a sentence; published with the decision.")
key_argument = click.argument("key")
keys_argument = click.argument("keys", metavar="KEY...", nargs=-1, required=True)


@quarantine.command("list")
@home_option
@click.option("--source", "slug", help="Only rows of this source.")
@click.option("--reason", "error", help="Only rows set aside for this reason, such as TooFarAhead.")
@click.option("--undecided", is_flag=True, help="Only rows that wait for a decision; mended ones do not.")
@click.pass_obj
def list_rows(home: Home, slug: str | None, error: str | None, undecided: bool) -> None:
    """List what was set aside, the oldest first: key, day, source, reason, item, and what became of it."""
    from pipelines.overrides.decisions import in_force, read_decisions
    from pipelines.overrides.rows import waiting
    from pipelines.overrides.wording import visible

    require_sources((slug,) if slug else ())
    rows, decisions = _rows(home), read_decisions(home)
    decided = in_force(decisions)
    asked = waiting(rows, decisions) if undecided else rows.values()
    shown = [row for row in asked if slug in (None, row.source_id) and error in (None, row.error)]
    for row in shown:
        became = _became(row, decided.get(row.record_key))
        click.echo(
            visible(f"{row.record_key}  {row.first_at:%Y-%m-%d}  {row.source_id}  {row.error}  {row.item}  [{became}]")
        )
    click.echo(f"{len(shown):,} rows; one of them in full: aipolicy quarantine show KEY", err=True)


@quarantine.command()
@home_option
@key_argument
@click.option("--raw", is_flag=True, help="Write the answer's bytes as archived to standard output, and nothing else.")
@click.pass_obj
def show(home: Home, key: str, raw: bool) -> None:
    """Show one row: why it was set aside, what was read of it, what was decided, and the archived answer.

    KEY may be cut to its first characters. Characters that a terminal would obey are written as escapes. The bytes of
    --raw are those that the hash in the row is of, compressed where the source sent them so.
    """
    from pipelines.overrides.corrections import stated_as
    from pipelines.overrides.decisions import read_decisions
    from pipelines.overrides.excerpts import excerpt
    from pipelines.overrides.wording import LINE_ENDS, visible
    from scrapers.runtime.archive import decoded_body

    row = _one(_rows(home), key)
    answer = _answer(home, row)
    if raw:
        if sys.stdout.isatty():
            raise click.ClickException("expected a file or a pipe behind --raw, got a terminal; add: > answer.bin")
        sys.stdout.buffer.write(answer.body)
        return
    expected, got, found = row.message.partition(", got ")
    lines = [
        ("key", row.record_key),
        ("source", row.source_id),
        ("reason", row.error),
        ("what", f"{row.kind} at {row.where_in_answer}"),
        ("document", row.document_id or "none was read"),
        *(("stated as", f"--set {name}=...") for name in stated_as(row.source_id, row.where_in_answer)),
        ("expected", expected if got else row.message),
        ("got", found if got else "see what the source wrote"),
        ("seen", f"{row.first_at:%Y-%m-%d} to {row.last_at:%Y-%m-%d} in {row.answers:,} answers"),
        *((("mended", _mended(row)),) if row.mended_at else ()),
        ("address", row.url),
        ("archive", f"{row.source_id}/{row.warc_file} at {row.warc_offset:,}, sha256 {row.payload_sha256}"),
        *(("decided", _told(one)) for one in read_decisions(home) if one.record_key == row.record_key),
    ]
    for name, value in lines:
        click.echo(f"{name + ':':<10} {visible(value)}")
    click.echo(f"\nwhat the source wrote of it:\n{visible(row.raw_text, LINE_ENDS)}")
    if row.document is not None:
        click.echo(
            f"\nthe row as parsed:\n{visible(row.document.model_dump_json(indent=1, exclude_defaults=True), LINE_ENDS)}"
        )
    part = visible(excerpt(decoded_body(answer), row), LINE_ENDS)
    click.echo(f"\nthe answer, HTTP {answer.status}, {len(answer.body):,} bytes:\n{part}")


@quarantine.command()
@home_option
@keys_argument
@author_option
@reason_option
@click.pass_obj
def accept(home: Home, keys: tuple[str, ...], author: str, reason: str) -> None:
    """Take documents as they were read, although a bound of their source holds them back (TooFarAhead).

    What could not be read at all cannot be accepted: correct it. Of several keys all are accepted, or none where one
    is wrong.
    """
    from pipelines.overrides.corrections import InvalidCorrection, why_not_acceptable
    from pipelines.overrides.rows import require_valid

    rows, today = _each(_rows(home), keys), _now().date()
    for row in rows:
        if refusal := why_not_acceptable(row.kind, row.error, row.document, today):
            raise click.ClickException(f"{row.record_key}: {refusal}")
    with _warehouse(home) as connection:
        for row in rows:
            try:
                require_valid(connection, row, {}, today)
            except InvalidCorrection as error:
                raise click.ClickException(f"{row.record_key}: {error}; use: aipolicy quarantine correct") from error
    _decide(home, rows, "accept", author, reason)


@quarantine.command()
@home_option
@key_argument
@click.option(
    "--set",
    "settings",
    metavar="FIELD=VALUE",
    multiple=True,
    help="A field of the document, or the source's own name of a date; the value is JSON where it is no text.",
)
@author_option
@reason_option
@click.pass_obj
def correct(home: Home, key: str, settings: tuple[str, ...], author: str, reason: str) -> None:
    """State fields of the document in place of what could not be read.

    The document must satisfy the contract of its source then. Of a record that could not be read at all, state every
    field that it needs: document_id, native_id, title, published_date, url and what else the contract demands.
    """
    from pipelines.overrides.corrections import InvalidCorrection, read_settings
    from pipelines.overrides.decisions import read_decisions
    from pipelines.overrides.rows import require_valid

    row = _one(_rows(home), key)
    try:
        fields = read_settings(settings, row.source_id)
        with _warehouse(home) as connection:
            require_valid(connection, row, fields, _now().date(), read_decisions(home))
    except InvalidCorrection as error:
        raise click.ClickException(f"{row.record_key}: {error}") from error
    _decide(home, [row], "correct", author, reason, fields)


@quarantine.command()
@home_option
@keys_argument
@author_option
@reason_option
@click.pass_obj
def reject(home: Home, keys: tuple[str, ...], author: str, reason: str) -> None:
    """Say that rows are rightly set aside: they stay out, and are no longer undecided.

    Of several keys all are rejected, or none where one is wrong.
    """
    _decide(home, _each(_rows(home), keys), "reject", author, reason)


@quarantine.command()
@home_option
@key_argument
@author_option
@reason_option
@click.pass_obj
def undo(home: Home, key: str, author: str, reason: str) -> None:
    """Take the decision about a row back; the record keeps both."""
    from pipelines.overrides.decisions import read_decisions

    known = {one.record_key: one for one in read_decisions(home)}
    _decide(home, [_one(known, key)], "undo", author, reason)


def _rows(home: Home) -> dict[str, QuarantinedRow]:
    """All quarantined rows as the last load left them, also while a run writes."""
    from pipelines.ops.state import bring_up_to_date
    from pipelines.overrides.rows import keep_rows, kept_rows, read_rows
    from pipelines.warehouse import warehouse_exists

    if not warehouse_exists(home):
        raise click.ClickException(f"{home.warehouse}: expected a warehouse, found none; run: aipolicy run")
    with _told_when_busy():
        bring_up_to_date(home)
    rows = kept_rows(home)
    if rows is None:
        with _warehouse(home) as connection:
            rows = read_rows(connection)
            keep_rows(home, rows)
    return rows


@contextmanager
def _warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse to read; whoever writes to it is waited for, not for long."""
    from pipelines.warehouse import connect_warehouse, writer_lock

    with (
        _told_when_busy(),
        writer_lock(home, WAIT_SECONDS),
        closing(connect_warehouse(home, read_only=True)) as opened,
    ):
        yield opened


@contextmanager
def _told_when_busy() -> Iterator[None]:
    from pipelines.warehouse import WarehouseBusy

    try:
        yield
    except WarehouseBusy as error:
        raise click.ClickException(str(error)) from error


def _one(rows: Mapping[str, Row], key: str) -> Row:
    """The row whose key begins so."""
    found = [row for known, row in rows.items() if key and known.startswith(key)]
    if len(found) != 1:
        raise click.ClickException(
            f"{key!r}: expected the beginning of one key, got that of {len(found)}; see: aipolicy quarantine list"
        )
    return found[0]


def _each(rows: Mapping[str, QuarantinedRow], keys: Iterable[str]) -> list[QuarantinedRow]:
    """The rows whose keys begin so, each once."""
    found = [_one(rows, key) for key in keys]
    return list({row.record_key: row for row in found}.values())


def _decide(
    home: Home,
    abouts: Sequence[QuarantinedRow | Decision],
    verdict: Verdict,
    author: str,
    reason: str,
    fields: dict[str, object] | None = None,
) -> None:
    from pipelines.overrides.decisions import NotDecided, decide_each

    try:
        decisions = decide_each(home, [about.names for about in abouts], verdict, author, reason, _now(), fields)
    except NotDecided as error:
        raise click.ClickException(str(error)) from error
    for decision in decisions:
        click.echo(f"{decision.verdict} {decision.record_key} as {decision.override_id}; {NEXT}")


def _became(row: QuarantinedRow, decision: Decision | None) -> str:
    if decision is not None:
        return f"{decision.verdict} by {decision.author}"
    return f"mended: {_mended(row)}" if row.mended_at else "undecided"


def _mended(row: QuarantinedRow) -> str:
    return f"read whole on {row.mended_at:%Y-%m-%d}"


def _told(decision: Decision) -> str:
    fields = f" {decision.fields}" if decision.fields else ""
    return (
        f"{decision.override_id} {decision.verdict}{fields} by {decision.author} at "
        f"{decision.decided_at:%Y-%m-%d %H:%M}: {decision.reason}"
    )


def _answer(home: Home, row: QuarantinedRow) -> ArchivedAnswer:
    from scrapers.runtime.archive import read_answer

    path = home.archive / row.source_id / row.warc_file
    try:
        return read_answer(path, row.warc_offset, row.url, row.payload_sha256)
    except FileNotFoundError as error:
        raise click.ClickException(f"{path}: expected the archive file, found none; restore it from a copy") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (quarantine,)
