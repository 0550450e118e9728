"""The stage of rules and proposed rules from title and document type alone.

Three answers side by side: a plain list of keywords, the product's wordings, and the wordings with a model asked where
they say nothing. The model is trained on other rows of the same file (five folds; equal titles fall into one), so that
no title is judged by a model that has seen it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.enrich.instruments import classify
from pipelines.enrich.stage_model import StageModel
from pipelines.evaluate.classes import Pair, common_classes, macro, macro_metrics, metrics_by_class, one
from pipelines.evaluate.files import filled, left_out, read_rows
from pipelines.evaluate.report import Report

FOLDS = 5
KEYWORDS = (
    ("correction", r"(?i)correct"),
    ("withdrawal", r"(?i)withdraw"),
    ("comment_extension", r"(?i)extension of (?:the )?comment|reopening of (?:the )?comment|comment period"),
    ("interim_final_rule", r"(?i)interim"),
    ("advance_notice", r"(?i)advance notice"),
    ("meeting", r"(?i)\b(?:meeting|hearing|workshop)"),
    ("request_for_comment", r"(?i)request for (?:information|comment)"),
)
"""The plain baseline, in order."""
PLAIN = {"Rule": "final_rule", "Proposed Rule": "proposed_rule"}


def run(gold: Path) -> Report:
    """Score every row that has a type and a stage."""
    every = read_rows(gold, ("document_type", "title", "stage")).with_columns(pl.col("title").fill_null(""))
    rows = filled(every, gold, ("document_type", "stage"))
    said = classify(rows.select("document_type", "title"))
    is_silent = (said["quote_field"] == "document_type").fill_null(value=True)
    learned = _learned(rows, is_silent)
    answers = [
        model if silent else word for word, model, silent in zip(said["instrument"], learned, is_silent, strict=True)
    ]
    pairs = _pairs(rows, answers)
    common = common_classes(pairs)
    return Report(
        task="rule_stage",
        metrics={
            **macro_metrics(pairs),
            **left_out(blank=every.height - rows.height),
            "folds": FOLDS,
            "silent_titles": int(is_silent.sum()),
            "wordings_f1": macro(_pairs(rows, said["instrument"].to_list()), common)[2],
            "baselines": {"keywords": {"f1": macro(_pairs(rows, _plain(rows)), common)[2]}},
        },
        by_class=metrics_by_class(pairs),
        errors=[
            {"title": title, "document_type": kind, "expected": expected, "got": got, "rule": rule}
            for title, kind, expected, got, rule in zip(
                rows["title"], rows["document_type"], rows["stage"], answers, said["rule"], strict=True
            )
            if expected != got
        ],
    )


def _learned(rows: pl.DataFrame, is_silent: pl.Series) -> list[str | None]:
    """The model's answer for each row, by the model of the folds that it is not in."""
    folds = [_fold(title) for title in rows["title"]]
    examples = list(zip(rows["document_type"], rows["title"], rows["stage"], strict=True))
    models = [
        StageModel.trained(
            example
            for example, other, silent in zip(examples, folds, is_silent, strict=True)
            if other != fold and silent
        )
        for fold in range(FOLDS)
    ]
    return [models[fold].stage(kind, title) for (kind, title, _), fold in zip(examples, folds, strict=True)]


def _fold(title: str) -> int:
    folded = re.sub(r"\W+", " ", title.lower()).strip()
    return hashlib.sha256(folded.encode()).digest()[0] % FOLDS


def _plain(rows: pl.DataFrame) -> list[str]:
    answer: pl.Expr = pl.col("document_type").replace(PLAIN)
    for stage, pattern in reversed(KEYWORDS):
        answer = pl.when(pl.col("title").str.contains(pattern)).then(pl.lit(stage)).otherwise(answer)
    return rows.select(answer.alias("stage"))["stage"].to_list()


def _pairs(rows: pl.DataFrame, answers: Sequence[str | None]) -> list[Pair]:
    return [(one(expected), one(got)) for expected, got in zip(rows["stage"], answers, strict=True)]
