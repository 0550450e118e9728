"""Relevance to AI against the gold: 1 and 2 against 0, weighted to the natural base rate, and 2 against 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.relevance import judge
from pipelines.evaluate.baselines import BASELINES, names_ai
from pipelines.evaluate.documents import federal_register, gold_with_documents
from pipelines.evaluate.files import numbers, with_optional
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total

OFTEN = ("A", "B")
"""Strata of documents that speak of AI or of what it needs; the others are there to show false positives."""

NO_STRATUM = "none"


def run(documents: Path, gold: Path) -> Report:
    """Score the judgement of every scored row."""
    rows, lost = gold_with_documents(documents, gold, "relevance")
    rows = with_optional(rows, "stratum", "weight").with_columns(
        pl.col("stratum").fill_null(NO_STRATUM), pl.col("weight").fill_null("1")
    )
    shown = federal_register(rows)
    judged = judge(shown).select(judged="relevance", rule="rule", quote="quote")
    rows = rows.with_columns(
        numbers(rows, gold, "relevance").round().cast(pl.Int64), numbers(rows, gold, "weight")
    ).with_columns(judged.get_columns())
    units = _units(rows, rows["judged"] > 0)
    return Report(
        task="relevance",
        metrics={
            **_weighted(rows, units),
            **lost,
            "unweighted": total(_units(rows.with_columns(weight=pl.lit(1.0)), rows["judged"] > 0)).metrics(),
            "precision_a_b": _over_often(rows),
            "two_against_one": _two_against_one(rows),
            "baselines": {
                name: _baseline(rows, names_ai(rows, pattern, "title", "abstract"))
                for name, pattern in BASELINES.items()
            },
        },
        by_stratum={str(name): _stratum(part) for (name,), part in sorted(rows.group_by("stratum"))},
        errors=_errors(rows),
    )


def _units(rows: pl.DataFrame, said: pl.Series) -> list[Counts]:
    """One unit of weighted counts a row."""
    return [
        Counts(
            right=weight * (expected > 0 and got),
            wrong=weight * (expected == 0 and got),
            missed=weight * (expected > 0 and not got),
        )
        for weight, expected, got in zip(rows["weight"], rows["relevance"], said, strict=True)
    ]


def _weighted(rows: pl.DataFrame, units: list[Counts]) -> Metrics:
    strata: dict[str, list[Counts]] = {}
    for stratum, unit in zip(rows["stratum"], units, strict=True):
        strata.setdefault(stratum, []).append(unit)
    parts = list(strata.values())
    return {
        **total(units).metrics(),
        "ci95": interval(parts, lambda drawn: total(drawn).f1),
        "precision_ci95": interval(parts, lambda drawn: total(drawn).precision),
        "recall_ci95": interval(parts, lambda drawn: total(drawn).recall),
    }


def _over_often(rows: pl.DataFrame) -> float:
    """Unweighted precision over the strata where AI is at home."""
    part = rows.filter(pl.col("stratum").is_in(OFTEN)).with_columns(weight=pl.lit(1.0))
    return total(_units(part, part["judged"] > 0)).precision


def _two_against_one(rows: pl.DataFrame) -> Metrics:
    """Of the rows that are relevant and found, how many have the right level."""
    part = rows.filter(pl.col("relevance") > 0, pl.col("judged") > 0)
    right = part.filter(pl.col("relevance") == pl.col("judged")).height
    return {"accuracy": right / part.height if part.height else 1.0, "support": part.height, "right": right}


def _baseline(rows: pl.DataFrame, said: pl.Series) -> Metrics:
    plain = rows.with_columns(weight=pl.lit(1.0))
    return {**total(_units(rows, said)).metrics(), "unweighted": total(_units(plain, said)).metrics()}


def _stratum(rows: pl.DataFrame) -> Metrics:
    weighted = total(_units(rows, rows["judged"] > 0)).metrics()
    plain = total(_units(rows.with_columns(weight=pl.lit(1.0)), rows["judged"] > 0))
    counted = {"rows": rows.height, "rows_right": plain.right, "rows_wrong": plain.wrong, "rows_missed": plain.missed}
    return {**weighted, **counted}


def _errors(rows: pl.DataFrame) -> list[dict[str, Any]]:
    wrong = rows.filter(pl.col("relevance") != pl.col("judged"))
    return wrong.select(
        "document_number", "publication_date", "stratum", "weight", "relevance", "judged", "rule", "quote", "title"
    ).to_dicts()
