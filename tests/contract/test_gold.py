"""Enrichment against the hand-labelled gold: no recorded score falls, and what a score alone does not say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pipelines.evaluate.report import Report
from pipelines.evaluate.standing import fallen, labels_folder, recorded
from pipelines.evaluate.tasks import TASKS, run_task, run_usual

report_of = cache(run_usual)


@pytest.fixture(scope="module")
def shared() -> Path:
    folder = labels_folder()
    if folder is None:
        pytest.skip("the label files are not here: expected ../shared/labels or AIPOLICY_SHARED")
    return folder


def report(task: str, shared: Path) -> Report:
    if missing := [place for place in TASKS[task].files.values() if not (shared / place).exists()]:
        pytest.skip(f"label files of {task} are not here: {', '.join(missing)}")
    return report_of(task, shared)


@pytest.mark.parametrize("task", [name for name, task in TASKS.items() if not task.asks_edition])
def test_no_recorded_score__has_fallen(task: str, shared: Path) -> None:
    assert fallen(report(task, shared), recorded()[task]) == []


def test_relevance__is_never_claimed_of_ordinary_documents(shared: Path) -> None:
    by_stratum = report("relevance", shared).by_stratum
    wrong = [by_stratum[stratum]["rows_wrong"] for stratum in ("C", "D")]
    assert wrong == [0, 0], "one false positive there weighs up to 1,091 documents"


def test_relevance__beats_both_baselines(shared: Path) -> None:
    metrics = report("relevance", shared).metrics
    assert all(metrics["f1"] > baseline["f1"] for baseline in metrics["baselines"].values())


def test_stages__are_read_from_titles_better_than_by_keywords(shared: Path) -> None:
    metrics = report("rule_stage", shared).metrics
    assert metrics["f1"] >= metrics["baselines"]["keywords"]["f1"] + 0.10


def test_official_abstracts__tell_more_than_titles(shared: Path) -> None:
    labels = shared / "labels"
    gold, documents = labels / "policy_timeline.csv", labels / "federal_register_stream_2020_2023.csv.gz"
    with_abstracts = run_task("timeline", {"gold": gold, "documents": documents}).metrics["accuracy"]
    assert with_abstracts > report("timeline", shared).metrics["accuracy"]


def test_half_of_a_search__is_noise(shared: Path) -> None:
    metrics = report("govuk", shared).metrics
    assert metrics["relevant"] <= metrics["items"] / 2
