"""Where the benchmark stands: the scores recorded in `recorded.csv`, and whether a report keeps up with them.

Belongs here: what may not fall. Does not belong here: how a score comes about (one module a task).
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from pipelines.evaluate.report import Metrics, Report

RECORDED = Path(__file__).with_name("recorded.csv")
FOLDER_VARIABLE = "AIPOLICY_SHARED"
TOLERANCE = 0.0005
"""Scores are recorded with three digits."""


def labels_folder() -> Path | None:
    """The folder that AIPOLICY_SHARED names, else `shared` beside the project; None where there is none."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or Path(__file__).resolve().parents[3] / "shared")
    return folder if (folder / "labels").is_dir() else None


def figures(metrics: Metrics) -> dict[str, float]:
    """Every figure of a report that is one number, by its path: {"f1": 0.9, "two_against_one.accuracy": 0.99}."""
    flat: dict[str, float] = {}
    for name, value in metrics.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": number for inner, number in figures(value).items()}
        elif isinstance(value, int | float):
            flat[name] = float(value)
    return flat


def recorded(path: Path = RECORDED) -> dict[str, dict[str, float]]:
    """The recorded scores: {"relevance": {"f1": 1.0, ...}, ...}."""
    scores: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            scores.setdefault(row["task"], {})[row["figure"]] = float(row["score"])
    return scores


def fallen(report: Report, floors: dict[str, float]) -> list[str]:
    """A sentence for every figure below its recorded score, or absent."""
    everything: dict[str, Any] = {**report.metrics, "by_class": report.by_class, "by_stratum": report.by_stratum}
    measured = figures(everything)
    return [
        f"{report.task} {figure}: expected {floor:.3f} or more, got {_told(measured.get(figure))}"
        for figure, floor in floors.items()
        if measured.get(figure, -1.0) < floor - TOLERANCE
    ]


def _told(score: float | None) -> str:
    return "no such figure" if score is None else f"{score:.3f}"
