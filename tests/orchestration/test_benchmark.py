"""The benchmark as Dagster runs it: scores that plot, a check that a worse score fails, and no labels said aloud."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from pipelines.evaluate import standing
from pipelines.resources import StateFolder

HEAD = "id,title,instrument,jurisdiction,issuer,identifier\n"
GOOD = HEAD + (
    "a,Executive Order on Artificial Intelligence in Schools,executive_order,US,The White House,EO 14999\n"
    "b,Memorandum of Understanding between the US and the UK on AI,partnership_mou,US;UK,The United States,\n"
)
BAD = GOOD.replace(",executive_order,", ",treaty,")


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "labels").mkdir()
    monkeypatch.setenv(standing.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path / "labels"


def run_timeline(labels: Path, text: str) -> dg.ExecuteInProcessResult:
    from pipelines.assets.benchmark import score_enrichment

    (labels / "policy_timeline.csv").write_text(text, encoding="utf-8")
    return dg.materialize(
        [score_enrichment],
        selection=[dg.AssetKey(["benchmark", task]) for task in ("status", "timeline")],
        resources={"state": StateFolder(root=str(labels.parent / "home"))},
        raise_on_error=False,
    )


def outcome(result: dg.ExecuteInProcessResult) -> tuple[dg.AssetMaterialization, dg.AssetCheckEvaluation]:
    (materialization,) = result.asset_materializations_for_node("score_enrichment")
    (evaluation,) = result.get_asset_check_evaluations()
    return materialization, evaluation


def test_scores__plot_as_numbers_and_pass(labels: Path) -> None:
    materialization, evaluation = outcome(run_timeline(labels, GOOD))
    assert materialization.metadata["accuracy"].value == 1.0
    assert materialization.metadata["baselines.phrase.recall"].value == 0.5
    assert evaluation.passed, evaluation.description


def test_a_score_below_the_recorded_one__fails_its_check(labels: Path) -> None:
    _, evaluation = outcome(run_timeline(labels, BAD))
    assert not evaluation.passed
    assert "timeline accuracy: expected 0.957 or more, got 0.500" in (evaluation.description or "")


def test_a_file_that_is_no_label_file__fails_the_run(labels: Path) -> None:
    result = run_timeline(labels, "id,title\n1,x\n")
    assert not result.success
    assert result.asset_materializations_for_node("score_enrichment") == []


def test_without_labels__the_schedule_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pipelines.schedules import weekly_evaluation

    monkeypatch.setenv(standing.FOLDER_VARIABLE, str(tmp_path))
    moment = dt.datetime(2031, 1, 1, 11, tzinfo=dt.UTC)
    answer = weekly_evaluation(dg.build_schedule_context(scheduled_execution_time=moment))
    assert isinstance(answer, dg.SkipReason)
    assert "no label files" in (answer.skip_message or "")


def test_with_labels__the_schedule_asks_for_one_run_a_week(labels: Path) -> None:
    from pipelines.schedules import weekly_evaluation

    moment = dt.datetime(2031, 1, 1, 11, tzinfo=dt.UTC)
    answer = weekly_evaluation(dg.build_schedule_context(scheduled_execution_time=moment))
    assert isinstance(answer, dg.RunRequest)
    assert answer.run_key == "2031-01-01"


def test_a_figure_that_is_gone__has_fallen() -> None:
    from pipelines.evaluate.report import Report

    assert standing.fallen(Report(task="topics", metrics={}), {"f1": 0.5}) == [
        "topics f1: expected 0.500 or more, got no such figure"
    ]
