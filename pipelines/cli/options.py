"""Options and checks that sub-commands share."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused
from scrapers.log_lines import VARIABLE as LOG_VARIABLE


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
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):  # the latter where UTC has no such year
            self.fail(f"expected a moment such as 2025-01-25T12:00:00Z, got {value!r}", param, ctx)


home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_remember_home,
    expose_value=False,
    is_eager=True,
    show_default=".aipolicy, or AIPOLICY_HOME",
    help="State folder: archive, warehouse, editions, digests.",
)


def _remember_log_form(context: click.Context, param: click.Parameter, form: str | None) -> None:
    """Tell this process and its children how to log."""
    if form is not None:
        os.environ[LOG_VARIABLE] = form


log_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    envvar=LOG_VARIABLE,
    callback=_remember_log_form,
    expose_value=False,
    is_eager=True,
    show_default=f"text, or {LOG_VARIABLE}",
    help="Progress on standard error: lines for people, or one JSON object a line.",
)


class Commands(click.Group):
    """Sub-commands; a file or folder that cannot be used is told in one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the sub-command."""
        try:
            return super().invoke(ctx)
        except (NotInstalled, SettingRefused, StateRefused) as error:
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


def today() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def require_sources(slugs: tuple[str, ...]) -> None:
    """Refuse a name that is no source's, as wrong usage."""
    from scrapers.registry import sources

    for slug in slugs:
        if slug not in sources():
            raise click.UsageError(f"no source {slug!r}; known sources: {', '.join(sources())}")
