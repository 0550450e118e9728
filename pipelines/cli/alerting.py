"""The sub-command of alerts: what stands, whether a channel works, whether the alerter lives."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from pipelines.cli.options import home_option
from pipelines.home import Home


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an alert and line.")
@click.option("--test", "channel", metavar="CHANNEL", help="Send a test message to this channel of alerts.yml.")
@click.option(
    "--watch-heartbeat",
    is_flag=True,
    help="Only say when the alerter's last round was; exit 1 when it is too old, or nobody could be told.",
)
@click.pass_obj
def alerts(home: Home, as_json: bool, channel: str | None, watch_heartbeat: bool) -> None:
    """List what is wrong now and what to do. Exit 1 when there is an error among it.

    Alerts are told by the sensor `alerts` of the UI's daemon, to the channels in alerts.yml of the state folder; this
    command tells nobody and changes nothing. Its runbooks are in docs/operations.md.
    """
    if channel is not None and watch_heartbeat:
        raise click.UsageError("--test and --watch-heartbeat exclude each other; give one")
    if channel is not None:
        _test(home, channel)
    elif watch_heartbeat:
        _watch(home)
    else:
        _list(home, as_json)


def _list(home: Home, as_json: bool) -> None:
    import orjson

    from pipelines.alerts.memory import read_memory
    from pipelines.alerts.runs import read_history
    from pipelines.alerts.state import alerts_now
    from pipelines.history import history_of
    from scrapers.contracts import utc_text

    with history_of(home) as instance:
        standing = alerts_now(home, _now(), os.environ, read_history(home, instance))
    known = read_memory(home).alerts
    for alert in standing:
        since = min(alert.since, known[alert.key].since) if alert.key in known else alert.since
        if as_json:
            click.echo(orjson.dumps({**vars(alert), "key": alert.key, "since": since, "runbook": alert.runbook}))
            continue
        click.echo(f"{alert.severity:<8}{alert.key}, since {utc_text(since)}, {alert.owner}, channel {alert.channel}")
        click.echo(f"        {alert.sentence}")
        click.echo(f"        {alert.what_to_do} {alert.runbook}")
    if not standing and not as_json:
        click.echo("no alert stands")
    sys.exit(1 if any(alert.severity == "error" for alert in standing) else 0)


def _test(home: Home, channel: str) -> None:
    from pipelines.alerts.channels import BadAlertSettings, read_settings
    from pipelines.alerts.teller import send_test
    from pipelines.notify import MaybeSent, NotSent

    try:
        settings = read_settings(home.alerts_settings)
    except BadAlertSettings as error:
        raise click.ClickException(str(error)) from error
    if settings is None:
        raise click.ClickException(f"{home.alerts_settings}: expected channels, found no file; write one")
    if channel not in settings.channels:
        raise click.UsageError(f"no channel {channel!r}; those of alerts.yml: {', '.join(settings.channels)}")
    has_failed = False
    for variable in settings.channels[channel]:
        try:
            send_test(variable)
        except (NotSent, MaybeSent) as error:
            has_failed = True
            click.echo(str(error), err=True)
        else:
            click.echo(f"{variable}: the other end took it")
    sys.exit(1 if has_failed else 0)


def _watch(home: Home) -> None:
    from pipelines.alerts.heartbeat import silence

    try:
        said, is_silent = silence(home, _now())
    except PermissionError as error:
        raise click.ClickException(
            f"{error.filename}: expected a file that this user may read; call this as the user of the UI"
        ) from error
    click.echo(said, err=is_silent)
    sys.exit(1 if is_silent else 0)


COMMANDS = (alerts,)
