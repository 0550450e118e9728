"""Recall over laws and policies that people have screened as being about AI: AGORA's list, full texts beside it.

The list holds positives only, so precision cannot be told. Names and summaries are AGORA's; where the text itself lies
beside the list as `fulltext_<AGORA ID>.txt`, it is read too.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.enrich.relevance import judge
from pipelines.evaluate.baselines import BASELINES, names_ai
from pipelines.evaluate.documents import frame
from pipelines.evaluate.files import civil_days, filled, left_out, optional, read_rows, read_text
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total

_COLUMNS = ("AGORA ID", "Official name")
_FEDERAL = r"^(?:United States Congress|Executive Office|Department of|Office of|Federal |Food and Drug)"


def run(documents: Path) -> Report:
    """Score annotated rows; the rest are told apart."""
    every = read_rows(documents, _COLUMNS)
    rows = _rows(documents, filled(every, documents, _COLUMNS))
    judged = judge(_shown(rows)).select(judged="relevance", rule="rule")
    rows = rows.with_columns(judged.get_columns()).with_columns(found=pl.col("judged") > 0)
    careful = rows.filter("is_annotated")
    parts = {
        "annotated": careful,
        "annotated, full text": careful.filter(pl.col("body").is_not_null()),
        "annotated, summary only": careful.filter(pl.col("body").is_null()),
        "not annotated": rows.filter(~pl.col("is_annotated")),
        "all": rows,
    }
    return Report(
        task="agora",
        metrics={
            **_recall(careful["found"]),
            **left_out(blank=every.height - rows.height),
            "annotated_full_text_recall": _recall(parts["annotated, full text"]["found"])["recall"],
            "baselines": {
                name: _recall(names_ai(careful, pattern, "Official name", "abstract", "body"))
                for name, pattern in BASELINES.items()
            },
        },
        by_stratum={name: _recall(part["found"]) for name, part in parts.items() if part.height},
        errors=rows.filter(~pl.col("found"))
        .select("AGORA ID", "Official name", "is_annotated", "rule", has_full_text=pl.col("body").is_not_null())
        .to_dicts(),
    )


def _rows(documents: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what is read of each."""
    texts = {
        number: read_text(path)
        for number in rows["AGORA ID"]
        if (path := documents.parent / f"fulltext_{number}.txt").is_file()
    }
    summaries = [optional(rows, name) for name in ("Casual name", "Short summary", "Long summary")]
    return rows.with_columns(
        abstract=pl.concat_str([part.fill_null("") for part in summaries], separator="\n"),
        body=pl.col("AGORA ID").replace_strict(texts, default=None, return_dtype=pl.String),
        is_annotated=(optional(rows, "Annotated?").str.to_lowercase() == "true").fill_null(value=False),
    )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    return frame(
        rows,
        document_id=pl.col("AGORA ID"),
        title=pl.col("Official name"),
        abstract=pl.col("abstract"),
        body=pl.col("body"),
        published_date=civil_days(optional(rows, "Most recent activity date")),
        jurisdiction=pl.when(optional(rows, "Authority").str.contains(_FEDERAL)).then(pl.lit("US")),
    )


def _recall(found: pl.Series) -> Metrics:
    units = [Counts(right=hit, missed=not hit) for hit in found]
    counts = total(units)
    return {
        "precision": None,
        "recall": counts.recall,
        "f1": None,
        "support": counts.right + counts.missed,
        "missed": counts.missed,
        "ci95": interval([units], lambda drawn: total(drawn).recall) if units else [0.0, 1.0],
    }
