"""The catalogue of faults, read strictly: what is injected, what is expected, and which figure is measured.

Belongs here: the shape of `faults.yaml`. Does not belong here: how a fault is injected, and how its tests ended.
"""

from __future__ import annotations

import operator
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

CATALOGUE = Path(__file__).with_name("faults.yaml")
GROUPS = {
    "H": "Requests and answers",
    "D": "Data",
    "S": "Storage",
    "O": "Orchestration",
    "P": "Output",
    "X": "Security",
}


class Outcome(StrEnum):
    """What became of a fault, from the best to the worst."""

    RECOVERED = "recovered"
    """The result is that of a run without the fault."""
    REFUSED = "refused"
    """What was asked for did not happen, and it was said."""
    QUARANTINED = "quarantined"
    """The record is set aside with its reason and what the source said."""
    GAP_SHOWN = "gap shown"
    """The source is withheld and named; its last good rows stay."""
    PUBLISH_BLOCKED = "publish blocked"
    """No edition; the last one stays byte for byte."""
    SILENT = "silent"
    """Nobody was told."""

    @property
    def badness(self) -> int:
        """Its place in the order."""
        return list(Outcome).index(self)


class Limit:
    """What a figure is held to, as in ">= 1"."""

    _COMPARED: ClassVar = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}

    def __init__(self, text: str) -> None:
        match = re.fullmatch(r"(=|<=|>=) ([\d_]+(?:\.\d+)?)", text)
        if match is None:
            raise ValueError(f"expected a limit like '= 0', '<= 8' or '>= 1', got {text!r}")
        self._text, self._compared, self._number = text, self._COMPARED[match[1]], float(match[2])

    def __str__(self) -> str:
        return self._text

    def holds(self, value: float) -> bool:
        """Whether a figure keeps it."""
        return bool(self._compared(value, self._number))


class Fault(BaseModel):
    """An entry of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    name: str
    injected: str
    expected: str
    figure: str
    outcome: Outcome
    limit: Annotated[Limit, BeforeValidator(Limit)] | None = None
    reason: str | None = None
    skips: str | None = None
    pending: bool = False

    @model_validator(mode="after")
    def _is_told_once(self) -> Self:
        if self.outcome is Outcome.SILENT:
            raise ValueError("expected an outcome that somebody is told of, got silent")
        if self.skips and self.limit is None:
            raise ValueError("expected a reason to skip tests of a fault that has some")
        if [self.limit is not None, self.reason is not None, self.pending].count(True) != 1:
            raise ValueError("expected one of limit, reason and pending")
        return self


@cache
def faults() -> dict[str, Fault]:
    """All faults by their identifiers, in the order of the catalogue."""
    entries = yaml.load(CATALOGUE.read_bytes(), yaml.CSafeLoader)
    return {identifier: Fault.model_validate(entry) for identifier, entry in entries.items()}
