"""The topics of Federal Register documents against the gold, as sets."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.enrich.instruments import classify
from pipelines.enrich.topics import assign_topics
from pipelines.evaluate.classes import Pair, macro_metrics, metrics_by_class
from pipelines.evaluate.documents import federal_register, gold_with_documents
from pipelines.evaluate.report import Report


def run(documents: Path, gold: Path) -> Report:
    """Score every scored row that has topics."""
    rows, lost = gold_with_documents(documents, gold, "topics")
    shown = federal_register(rows)
    said = assign_topics(shown.with_columns(classify(shown)["instrument"]))
    pairs: list[Pair] = [
        (frozenset(filter(None, map(str.strip, expected.split(";")))), frozenset(got))
        for expected, got in zip(rows["topics"], said["topics"], strict=True)
    ]
    compared = rows.select("document_number", "publication_date", "title", expected="topics").with_columns(
        said["topics"].list.join(";").alias("got"),
        said["topic_evidence"].list.eval(pl.element().struct.field("quote")).list.join(" | ").alias("quotes"),
    )
    return Report(
        task="topics",
        metrics={**macro_metrics(pairs), "exact_sets": sum(a == b for a, b in pairs) / len(pairs), **lost},
        by_class=metrics_by_class(pairs),
        errors=[row for row, (expected, got) in zip(compared.to_dicts(), pairs, strict=True) if expected != got],
    )
