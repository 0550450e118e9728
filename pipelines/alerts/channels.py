"""Channels: where alerts are told. `alerts.yml` in the state folder names variables, the environment holds addresses.

Belongs here: the file, what is wrong with it, and who hears of what; no sentence holds a secret. Does not belong here:
sending (pipelines/notify.py), and what was told already (memory.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pipelines.alerts.model import Severity
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from scrapers.registry import sources

HEARTBEAT_VARIABLE = "AIPOLICY_HEARTBEAT_URL"
_HELP = "see Alerts in docs/operations.md"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class BadAlertSettings(ValueError):
    """The file of channels cannot be used."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RemindHours(_Strict):
    """After how many hours an alert that still stands is told again."""

    error: Annotated[float, Field(ge=1)] = 24
    warning: Annotated[float, Field(ge=1)] = 168


class AlertSettings(_Strict):
    """The whole file."""

    default: Name
    """The channel of alerts whose own is not listed."""
    channels: dict[Name, Annotated[tuple[Variable, ...], Field(min_length=1)]]
    """By name, the environment variables that hold addresses in the form of apprise: mail, webhooks and chats."""
    remind_hours: RemindHours = RemindHours()

    @model_validator(mode="after")
    def _default_is_a_channel(self) -> AlertSettings:
        if self.default not in self.channels:
            raise ValueError(f"expected default to be one of {', '.join(self.channels)}, got {self.default!r}")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """Every variable once, in the order of the file."""
        return tuple(dict.fromkeys(name for names in self.channels.values() for name in names))

    def hears(self, target: str, channel: str, about: str) -> bool:
        """Whether a target is told of an alert of a channel; none is told that it is itself out of order."""
        return target != about and target in self.channels.get(channel, self.channels[self.default])

    def remind_after(self, severity: Severity) -> timedelta:
        """How long after it was told an alert is told again."""
        return timedelta(hours=self.remind_hours.error if severity == "error" else self.remind_hours.warning)


def read_settings(path: Path) -> AlertSettings | None:
    """The channels of a file; None without one: alerts are then shown and told to nobody.

    Raises BadAlertSettings where it says something else than it may. What it says is not repeated: an address that was
    written in place of a variable is a secret.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return AlertSettings.model_validate(yaml.safe_load(text))
    except FileNotFoundError:
        return None
    except OSError as error:
        said = f"{path.name}: expected a file that can be read, got: {error.strerror}"
        raise BadAlertSettings(f"{said}; {_HELP}") from error
    except UnicodeDecodeError as error:
        raise BadAlertSettings(f"{path.name}: expected text in UTF-8, got other bytes; {_HELP}") from error
    except ValidationError as error:
        told = dict.fromkeys(f"{path.name}, line {_line(text, one['loc'])}: {_fault(one)}" for one in error.errors())
        raise BadAlertSettings("; ".join(told) + f"; {_HELP}") from None
    except (yaml.YAMLError, ValueError, LookupError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadAlertSettings(f"{path.name}{line}: expected YAML, got something else; {_HELP}") from error


def strangers(settings: AlertSettings) -> dict[str, list[str]]:
    """Channels that contracts name and the file does not hold, with the sources that name them."""
    found: dict[str, list[str]] = {}
    for slug, config in sources().items():
        if config.channel not in settings.channels:
            found.setdefault(config.channel, []).append(slug)
    return found


def findings(path: Path) -> Iterator[Finding]:
    """For the doctor: whether anybody is told, and whether every channel that a contract names leads somewhere."""
    try:
        settings = read_settings(path)
    except BadAlertSettings as error:
        yield Finding(FAIL, "channels", f"{error}; until then nobody is told of anything", f"mend {path}")
        return
    if settings is None:
        yield Finding(WARN, "channels", f"there is no {path.name}, so nobody is told of an alert", f"write {path}")
        return
    for channel, slugs in strangers(settings).items():
        said = f"{path.name} holds no channel {channel!r}, which the contract of {', '.join(slugs)} names"
        yield Finding(FAIL, "channels", said, f"add {channel} under channels in {path}, or mend the contract")
    yield Finding(OK, "channels", f"{', '.join(settings.channels)}; what names none of them goes to {settings.default}")


_EXPECTED: dict[tuple[int | str, ...], str] = {
    (): "a mapping with default and channels",
    ("default",): "the name of a channel",
    ("channels",): "names of channels, each with a list of variables",
    ("channels", "*"): "a name in small letters, digits and hyphens, with a list of at least one variable",
    ("channels", "*", "*"): "the name of a variable, in capitals, digits and underscores; it holds the address",
    ("remind_hours",): "error and warning, each with hours",
    ("remind_hours", "error"): "a number of hours, at least 1",
    ("remind_hours", "warning"): "a number of hours, at least 1",
}
"""What belongs where; under any other key nothing does."""


def _fault(error: ErrorDetails) -> str:
    """What was expected where, in words of ours. A name that is none of ours may be a secret too, so it is not told."""
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    loc = [part for part in error["loc"] if part != "[key]"]
    place = tuple("*" if number and loc[0] == "channels" else part for number, part in enumerate(loc))
    expected = _EXPECTED.get(place)
    if expected is None:
        return "expected one of the keys default, channels, remind_hours (with error, warning), got another key"
    got = "nothing" if error["type"] == "missing" else "something else"
    return f"{'.'.join(map(str, place)) or 'the file'}: expected {expected}; got {got}"


def _line(text: str, parts: Iterable[int | str]) -> int:
    """The line of a place in the file, or of what is nearest to it."""
    node, line = yaml.compose(text), 1
    for part in parts:
        inside: dict[Any, tuple[Any, Any]]
        if isinstance(node, yaml.MappingNode):
            inside = {key.value: (key, value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            inside = dict(enumerate((value, value) for value in node.value))
        else:
            break
        if part not in inside:
            break
        key, node = inside[part]
        line = key.start_mark.line + 1
    return line
