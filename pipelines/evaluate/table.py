"""A report as people read it, and its errors as a file.

Does not belong here: any score.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.evaluate.report import Metrics, Report

_COLUMNS = ("precision", "recall", "f1", "support", "right", "wrong", "missed")


def lines_of(report: Report) -> Iterator[str]:
    """The figures, the same by class and stratum, and how many errors there are."""
    yield report.task
    yield from _figures(report.metrics, "  ")
    for heading, parts in (("class", report.by_class), ("stratum", report.by_stratum)):
        if parts:
            yield ""
            yield from _table(heading, parts)
    yield ""
    yield f"{len(report.errors)} errors; --errors FILE lists them one by one"


def write_errors(report: Report, path: Path) -> None:
    """One row an error: CSV, or JSON lines where the name ends in .jsonl."""
    if path.suffix == ".jsonl":
        rows = (json.dumps(error, ensure_ascii=False, default=str) for error in report.errors)
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        return
    names = list(dict.fromkeys(name for error in report.errors for name in error))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(report.errors)


def _figures(metrics: Metrics, indent: str) -> Iterator[str]:
    for name, value in metrics.items():
        if isinstance(value, dict):
            yield f"{indent}{name}"
            yield from _figures(value, indent + "  ")
        else:
            yield f"{indent}{name:<{32 - len(indent)}}{_shown(value)}"


def _table(heading: str, parts: dict[str, Metrics]) -> Iterator[str]:
    names = [name for name in _COLUMNS if any(name in part for part in parts.values())]
    others = [name for part in parts.values() for name in part if name not in _COLUMNS]
    names += [name for name in dict.fromkeys(others) if not name.startswith("rows_") and name != "ci95"]
    width = max(len(heading), *(len(part) for part in parts)) + 2
    yield f"{heading:<{width}}" + "".join(f"{name:>11}" for name in names)
    for part, metrics in parts.items():
        yield f"{part:<{width}}" + "".join(f"{_shown(metrics.get(name)):>11}" for name in names)


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return " to ".join(_shown(part) for part in value)
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) > 1 else f"{value:.3f}"
    return str(value)
