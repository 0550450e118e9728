"""Sub-commands of who keeps an installation: is it well, copies of its state, making it anew, what may go."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.options import home_option
from pipelines.home import Home
from pipelines.ops import RUN_DAYS


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@home_option
@click.option("--online", is_flag=True, help="Also ask each source's hosts, once each, and compare clocks with them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a finding and line.")
@click.pass_obj
def doctor(home: Home, online: bool, as_json: bool) -> None:
    """Say what is well and what is wrong with this installation and its state, and what to do. Exit 1 on any FAIL.

    Looked at are versions, disk and its forecast, locks and who holds them, stale runs, keys and their last days (never
    their values), channels of alerts, the clock, the state's version, the archive, the current edition,
    the last backup and the alerter. Nothing is changed.
    """
    import orjson

    from pipelines.alerts import channels, heartbeat, keys
    from pipelines.ops import run_history, servers
    from pipelines.ops.doctor import FAIL, findings

    has_failed, now = False, _now()
    for source in (
        findings(home, now, online=online),
        keys.findings(home, os.environ, now),
        channels.findings(home.alerts_settings),
        run_history.findings(home),
        servers.findings(home),
        [heartbeat.finding(home, now)],
    ):
        for one in source:
            has_failed |= one.verdict == FAIL
            if as_json:
                click.echo(orjson.dumps(vars(one)))
                continue
            click.echo(f"{one.verdict:<5} {one.about}: {one.said}" + (f"; {one.to_do}" if one.to_do else ""))
    sys.exit(1 if has_failed else 0)


@click.command()
@home_option
@click.argument("dest", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), help="Let older copies in DEST go but the last so many (default: none)."
)
@click.option("--check", is_flag=True, help="Make no copy; read all bytes of the last one and compare their hashes.")
@click.pass_obj
def backup(home: Home, dest: Path, keep: int | None, check: bool) -> None:
    """Add a copy of the state folder to the backup folder DEST, also while a run is under way.

    Only what DEST does not hold yet is copied; what it holds is read, and copied again where it is damaged. Left out is
    what `aipolicy run` makes again: the warehouse, what is staged, dbt's files, locks. Keys are in the environment and
    so in no copy. To bring a copy back: aipolicy restore.
    """
    from pipelines.ops.backup import BackupRefused, copies, faults_of, read_copy
    from pipelines.ops.backup import backup as make_backup

    try:
        if check:
            known = copies(dest)
            faults = faults_of(dest, read_copy(dest, known[-1] if known else "of any id"))
            for fault in faults:
                click.echo(fault, err=True)
            click.echo(f"{known[-1]}: " + (f"{len(faults)} files are damaged" if faults else "whole"))
            sys.exit(1 if faults else 0)
        made = make_backup(home, dest, _now(), keep)
    except BackupRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"copy {made.copy_id}: {made.files:,} files, {made.bytes:,} bytes")
    click.echo(f"new in {dest}: {made.new_files:,} files, {made.new_bytes:,} bytes")
    click.echo(f"left out, made again by aipolicy run: {', '.join(made.left_out) or 'nothing'}")
    for name in made.healed:
        click.echo(f"{name}: {dest} held other bytes of it; copied again: look after the disk of {dest}", err=True)
    for fault in made.faults:
        click.echo(fault, err=True)
    sys.exit(1 if made.faults else 0)


@click.command()
@home_option
@click.argument("src", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--copy", "copy_id", metavar="ID", help="This copy; its list is SRC/copies/ID.json (default: the last).")
@click.option(
    "--replace", is_flag=True, help="Also into a folder that is not empty; what is there is moved aside in it."
)
@click.pass_obj
def restore(home: Home, src: Path, copy_id: str | None, replace: bool) -> None:
    """Bring the last copy in the backup folder SRC into an empty state folder, every byte verified first."""
    from pipelines.ops.backup import BackupRefused
    from pipelines.ops.backup import restore as restore_copy
    from scrapers.locks import Held, holder_of

    for path in (home.run_lock, home.ui_lock):
        if path.exists() and (holder := holder_of(path)):
            raise click.ClickException(f"process {holder} works on {home.root}; end it first")
    try:
        copy = restore_copy(home, src, _now(), copy_id, replace=replace)
    except (BackupRefused, Held) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"restored {len(copy.files):,} files of {copy.made_at} into {home.root}, all verified")
    click.echo(f"not in the copy, made again by aipolicy run: {', '.join(copy.left_out) or 'nothing'}")


@click.command()
@home_option
@click.pass_obj
def rebuild(home: Home) -> None:
    """Make the warehouse and the current edition again from the archive, without the network, and say what differs.

    The warehouse of before comes back when that fails. Older editions stay as they are. Refused while a run has its
    turn at the warehouse.
    """
    if not any(home.archive.glob("*/*.ledger.json")):
        raise click.ClickException(f"{home.archive}: expected ledgers of crawls, found none; run: aipolicy run")
    from pipelines.ops.rebuild import NotRebuilt
    from pipelines.ops.rebuild import rebuild as build_again
    from pipelines.progress import told_while_running
    from pipelines.run import AlreadyRunning, only_run, run_refresh
    from pipelines.warehouse import WarehouseBusy

    def replayed() -> bool:
        return run_refresh(home, date(2015, 1, 1), options.today(), {}, replay=True).success

    try:
        with only_run(home), told_while_running("starting"):
            made = build_again(home, replayed)
    except (AlreadyRunning, NotRebuilt, WarehouseBusy) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"rebuilt {made.edition_id}, content {made.content_sha256[:16]}")
    if made.before is None:
        click.echo("there was no whole edition to compare it with")
    elif not made.changes:
        click.echo(f"its content is that of {made.before}")
    for (table, what), rows in sorted(made.changes.items()):
        click.echo(f"{table}: {rows:,} {what} since {made.before}")
    if made.changes:
        click.echo(f"row by row: aipolicy diff {made.before} {made.edition_id}")


@click.command()
@home_option
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@click.option(
    "--run-days",
    type=click.IntRange(1),
    default=RUN_DAYS,
    show_default=True,
    help="Runs in Dagster's history that ended so long ago go, with their events, logs and points in the UI's plots.",
)
@click.pass_obj
def gc(home: Home, dry_run: bool, run_days: int) -> None:
    """Delete what may go: editions by the rule of retention, leftovers of killed processes, old runs of Dagster.

    Never the archive, and no edition that somebody reads. The last run that made an asset stays whatever its age. What
    sources told, counted and answered on old days stays in the warehouse and in every edition.
    """
    from pipelines.ops import run_history
    from pipelines.ops.gc import collect, waste
    from pipelines.ops.sizes import size_of

    now = _now()
    found = list(waste(home, now))
    for one in found:
        about = f"stays: {one.stays}" if one.stays else f"{size_of(one.path):,} bytes, {one.why}"
        click.echo(f"{one.path.relative_to(home.root)}: {about}")
    before = now - timedelta(run_days)
    if dry_run:
        click.echo(
            f"{run_history.count_old(home, before):,} runs that ended before {before:%Y-%m-%d}; nothing was deleted"
        )
        return
    collect(home, found)
    click.echo(f"deleted, with {run_history.prune(home, before):,} runs that ended before {before:%Y-%m-%d}")


COMMANDS = (doctor, backup, restore, rebuild, gc)
