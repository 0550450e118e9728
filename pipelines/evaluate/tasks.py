"""The tasks of the benchmark: which files each takes, and the call of its module.

Does not belong here: any score; each task is one module of this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipelines.evaluate.report import Report


@dataclass(frozen=True)
class Task:
    """What a task is asked with."""

    needs: tuple[str, ...]
    may_take: tuple[str, ...] = ()


TASKS = {
    "relevance": Task(("documents", "gold")),
    "instrument": Task(("documents", "gold")),
    "topics": Task(("documents", "gold")),
    "rule_stage": Task(("gold",)),
    "agora": Task(("documents",)),
    "govuk": Task(("gold",)),
    "dispositions": Task(("notes", "gold")),
    "extraction": Task(("texts", "gold")),
    "timeline": Task(("gold",), may_take=("documents",)),
}


def run_task(name: str, files: dict[str, Path]) -> Report:
    """Run one task. Raises BadFile where a file is not what it should be."""
    report = import_module(f"pipelines.evaluate.{name}").run(**files)
    assert isinstance(report, Report)
    return report
