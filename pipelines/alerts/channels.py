"""Channels: where alerts are told. `alerts.yml` in the state folder names variables, the environment holds addresses.

Belongs here: the file, who hears of what, and the secrets that no sentence may hold. Does not belong here: sending
(pipelines/notify.py), and what was told already (memory.py).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.alerts.model import Severity

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
        return AlertSettings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadAlertSettings(f"{path.name}: expected YAML, got something else; {_HELP}") from error
    except ValidationError as error:
        told = [
            f"{path.name}: {_place(one['loc'])}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
        ]
        raise BadAlertSettings("; ".join(told) + f"; {_HELP}") from None


def _place(parts: tuple[int | str, ...]) -> str:
    """Where in the file; a name that is none of ours may be a secret too."""
    known = {"default", "channels", "remind_hours", "error", "warning"}
    return ".".join(str(part) if part in known or isinstance(part, int) else "*" for part in parts) or "the file"
