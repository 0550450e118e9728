"""The instrument of Federal Register documents against the gold, in the gold's own words.

The gold has no word for corrections, withdrawals and extensions: there the kind of document acted on is compared.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.enrich.instruments import ACTING, classify
from pipelines.evaluate.classes import macro_metrics, metrics_by_class, one
from pipelines.evaluate.documents import federal_register, gold_with_documents
from pipelines.evaluate.report import Report

GOLD_WORDS = {
    "proclamation": "presidential_other",
    "report": "report_or_plan",
    "strategy": "report_or_plan",
    "consultation": "request_for_comment",
}
"""Words of the product to the coarser ones of the gold."""


def run(documents: Path, gold: Path) -> Report:
    """Score every scored row that has an instrument."""
    rows, lost = gold_with_documents(documents, gold, "instrument")
    said = classify(federal_register(rows))
    kind = pl.when(pl.col("instrument").is_in(ACTING)).then("base_instrument").otherwise("instrument")
    words = said.select(kind.replace(GOLD_WORDS).alias("said"))["said"]
    pairs = [(one(expected), one(got)) for expected, got in zip(rows["instrument"], words, strict=True)]
    compared = rows.select("document_number", "publication_date", "title", expected="instrument").with_columns(
        words.alias("got"), said["instrument"], said["rule"], said["quote"]
    )
    return Report(
        task="instrument",
        metrics=macro_metrics(pairs) | lost,
        by_class=metrics_by_class(pairs),
        errors=compared.filter(pl.col("expected") != pl.col("got").fill_null("")).to_dicts(),
    )
