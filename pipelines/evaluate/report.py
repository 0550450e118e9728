"""What every task of the benchmark answers: metrics, the same by class or stratum, and the errors one by one.

Belongs here: the shape of a report, precision, recall and F1 from counts, seeded bootstrap intervals. Does not belong
here: what counts as right, which each task decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Unit = TypeVar("Unit")

SEED = 20_260_929
BOOTSTRAP_ROUNDS = 1_000

Metrics = dict[str, Any]
"""Names of figures to numbers; an interval is a list of two."""


@dataclass(frozen=True)
class Counts:
    """What agreed, what was said wrongly and what was missed; weighted counts need not be whole."""

    right: float = 0
    wrong: float = 0
    missed: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1 when nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what should be said that was; 1 when nothing should be."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def metrics(self) -> Metrics:
        """Precision, recall, F1, support (what should be said) and the three counts."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "support": self.right + self.missed,
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }


@dataclass(frozen=True)
class Report:
    """Result of one task; ``errors`` are rows of one shape, a row a disagreement."""

    task: str
    metrics: Metrics
    by_class: dict[str, Metrics] = field(default_factory=dict)
    by_stratum: dict[str, Metrics] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The object that ``aipolicy evaluate --json`` prints; the errors go to a file of their own."""
        parts = {"by_class": self.by_class, "by_stratum": self.by_stratum}
        return {"task": self.task, "metrics": self.metrics, **{name: part for name, part in parts.items() if part}}


def total(units: Sequence[Counts]) -> Counts:
    """The sum of counts."""
    return sum(units, Counts())


def interval(
    strata: Sequence[Sequence[Unit]], figure: Callable[[Sequence[Unit]], float], rounds: int = BOOTSTRAP_ROUNDS
) -> list[float]:
    """95 % bootstrap interval of a figure: units (documents or rows) are redrawn within their stratum, seeded."""
    draw = random.Random(SEED)  # noqa: S311 - a repeatable draw, nothing secret
    figures = sorted(
        figure([unit for stratum in strata for unit in draw.choices(stratum, k=len(stratum)) if stratum])
        for _ in range(rounds)
    )
    return [figures[int(rounds * 0.025)], figures[int(rounds * 0.975) - 1]]
