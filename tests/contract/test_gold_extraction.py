"""Extraction against the hand-labelled gold: floors a little under what was measured, so that a regression shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.evaluate.extraction import run
from pipelines.evaluate.report import Report


@pytest.fixture(scope="module")
def report(shared: Path) -> Report:
    folder = shared / "labels" / "extraction"
    return run(folder / "texts", folder)


def test_obligations_agree_with_the_gold(report: Report) -> None:
    assert report.by_class["obligations"]["f1"] >= 0.98
    assert report.by_class["obligations"]["support"] == 132


def test_relations_agree_with_the_gold(report: Report) -> None:
    assert report.by_class["relations"]["f1"] >= 0.90, "unlabelled citations of statutes count as wrong"
    assert report.by_class["relations"]["recall"] >= 0.98
    assert report.by_class["relations_labelled_documents"]["f1"] >= 0.98


def test_amounts_agree_with_the_gold(report: Report) -> None:
    assert report.by_class["amounts"]["f1"] >= 0.98
    assert report.by_class["amounts"]["kind_accuracy"] >= 0.95
