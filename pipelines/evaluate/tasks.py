"""The tasks of the benchmark: which files each takes, where a folder of labels keeps them, and the call of its module.

Does not belong here: any score; each task is one module of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipelines.evaluate.report import Report

_STREAM = "labels/federal_register_stream_2020_2023.csv.gz"
_RELEVANCE = "labels/relevance_gold.csv"


@dataclass(frozen=True)
class Task:
    """What a task is asked with: the files that it needs by the name of their option, each with its usual place."""

    files: Mapping[str, str]
    may_take: tuple[str, ...] = ()
    asks_edition: bool = False
    """Whether it scores a published edition, given as `edition`."""


TASKS = {
    "relevance": Task({"documents": _STREAM, "gold": _RELEVANCE}),
    "instrument": Task({"documents": _STREAM, "gold": _RELEVANCE}),
    "topics": Task({"documents": _STREAM, "gold": _RELEVANCE}),
    "rule_stage": Task({"gold": "labels/rule_stage_gold.csv"}),
    "agora": Task({"documents": "corpus/agora/documents.open.csv"}),
    "govuk": Task({"gold": "labels/govuk_ai_search_items.csv"}),
    "dispositions": Task({"notes": "labels/executive_orders_dispositions.csv", "gold": "labels/dispositions_gold.csv"}),
    "extraction": Task({"texts": "labels/extraction/texts", "gold": "labels/extraction"}),
    "timeline": Task({"gold": "labels/policy_timeline.csv"}, may_take=("documents",)),
    "status": Task({"gold": "labels/policy_timeline.csv"}, asks_edition=True),
}


def run_task(name: str, files: Mapping[str, Path]) -> Report:
    """Run one task. Raises BadFile where a file is not what it should be."""
    report = import_module(f"pipelines.evaluate.{name}").run(**files)
    assert isinstance(report, Report)
    return report


def run_usual(name: str, folder: Path, edition: Path | None = None) -> Report:
    """Run one task on the files that it needs, where a folder of labels keeps them. Raises BadFile as run_task does."""
    files = {option: folder / place for option, place in TASKS[name].files.items()}
    return run_task(name, files | ({"edition": edition} if edition and TASKS[name].asks_edition else {}))
