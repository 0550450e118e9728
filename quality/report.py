"""The report of an audit: one result a check, and whether every expected check has one.

Belongs here: the immutable records and their JSON. Does not belong here: how a check is run (`quality.runner`) or what
is checked (`quality.suites`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

Severity = Literal["ERROR", "WARN"]
Cell = str | int | float | bool | None
"""A value as JSON holds it; texts are cut, dates are ISO 8601."""

_DERIVED = ("passed", "complete", "missing_checks")
"""Written for readers of the JSON, and worked out anew when it is read."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckResult(_Record):
    """How one check ended.

    A check that could not be run to its end is `broken`: it says nothing about the data, and it counts as a failure.
    """

    check: str
    """Stable id, ``<suite>.<check>``."""
    suite: str
    table: str
    expectation: str
    """The type by which Great Expectations knows it."""
    column: str | None
    severity: Severity
    passed: bool
    broken: bool = False
    message: str | None = None
    """Why the check is broken; None when it ran."""
    rows_seen: int
    observed: str
    """What was found, in one line."""
    unexpected_count: int
    sample: tuple[Mapping[str, Cell], ...] = ()
    """At most five failing rows: the key of the row and the value that failed."""
    sentence: str
    what_to_do: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.broken and (self.passed or not self.message):
            raise ValueError(f"{self.check}: expected a broken check to be failed and to say why")
        return self

    @property
    def blocks(self) -> bool:
        """Whether this result stops what the audit guards: a failed ERROR, or any broken check."""
        return self.broken or (not self.passed and self.severity == "ERROR")


class AuditReport(_Record):
    """All results at one border."""

    border: str
    as_of: date
    expected_checks: tuple[str, ...]
    """Every check of the registry for this border, whatever was asked to run."""
    results: tuple[CheckResult, ...]

    @model_validator(mode="after")
    def _one_result_a_check(self) -> Self:
        names = [result.check for result in self.results]
        if len(names) != len(set(names)):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"expected one result a check, got more for: {', '.join(twice)}")
        return self

    @property
    def missing_checks(self) -> tuple[str, ...]:
        """Expected checks without a result: skipped, or lost on the way."""
        return tuple(sorted(set(self.expected_checks) - {result.check for result in self.results}))

    @property
    def complete(self) -> bool:
        """Whether every expected check has a result."""
        return bool(self.expected_checks) and not self.missing_checks

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """Results that stop publication."""
        return tuple(result for result in self.results if result.blocks)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Checks that ran and failed, but only warn."""
        return tuple(result for result in self.results if not result.passed and not result.blocks)

    @property
    def passed(self) -> bool:
        """The verdict: complete, nothing broken, no ERROR."""
        return self.complete and not self.failures

    def to_json(self) -> str:
        """The report as JSON, with the verdict beside the results; equal reports give equal text."""
        derived = {name: getattr(self, name) for name in _DERIVED}
        return json.dumps({**derived, **self.model_dump(mode="json")}, indent=1, sort_keys=True, ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> AuditReport:
        """Read a report back.

        Raises ValueError when the text is no report, or its verdict is not the one that its results give.
        """
        value = json.loads(text)
        stated = {name: value.pop(name, None) for name in _DERIVED} if isinstance(value, dict) else {}
        report = cls.model_validate_json(json.dumps(value))
        derived = json.loads(json.dumps({name: getattr(report, name) for name in _DERIVED}))
        if stated != derived:
            raise ValueError(
                f"the report of border {report.border!r} states {stated}, its results give {derived}; audit again"
            )
        return report
