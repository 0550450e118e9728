"""Documents of label files in the shapes that enrichment reads.

Does not belong here: any score.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.evaluate.files import BadFile, civil_days, filled, left_out, optional, read_rows, with_optional
from pipelines.evaluate.report import Metrics

KEY = ("document_number", "publication_date")
NOT_SCORED = ("false", "no", "0")


def frame(rows: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Rows in the shape that `judge` reads: the given columns, nothing in the others."""
    absent = {name: pl.lit(None, dtype=pl.String) for name in ("title", "abstract", "body", "jurisdiction", "origin")}
    fixed = {"source_id": pl.lit("gold"), "version_no": pl.lit(1, dtype=pl.Int64)}
    return rows.select(**{**absent, **fixed, "published_date": pl.lit(None, dtype=pl.Date), **columns})


def federal_register(rows: pl.DataFrame) -> pl.DataFrame:
    """Listed Federal Register documents, with their official fields where the list has them."""
    return frame(
        rows,
        document_id=pl.format("fr:{}:{}", *KEY),
        title=pl.col("title"),
        abstract=pl.col("abstract"),
        published_date=civil_days(pl.col("publication_date")),
        jurisdiction=pl.lit("US"),
        identifier=pl.format("FR Doc {}", "document_number"),
        document_type=optional(rows, "document_type", "type"),
        subtype=optional(rows, "subtype", "document_subtype"),
        action=optional(rows, "action"),
    )


def gold_with_documents(documents: Path, gold: Path, column: str) -> tuple[pl.DataFrame, Metrics]:
    """The scored rows of a gold file that say anything in a column, each with its document; and what is left out.

    Refused where the list holds the document of no row at all.
    """
    listed = with_optional(read_rows(documents, (*KEY, "title")), "abstract")
    listed = listed.unique(KEY, keep="first", maintain_order=True)
    every = read_rows(gold, (*KEY, column))
    scored = every.filter(optional(every, "scored").str.to_lowercase().is_in(NOT_SCORED).fill_null(False).not_())
    if scored.is_empty():
        raise BadFile(f"{gold}: expected rows with scored=true, got none")
    rows = filled(scored, gold, (*KEY, column))
    listed = listed.drop([name for name in listed.columns if name in rows.columns and name not in KEY])
    found = rows.join(listed, on=KEY, how="inner", maintain_order="left")
    if found.is_empty():
        number = rows["document_number"][0]
        raise BadFile(f"{documents}: expected the documents of {gold}, got none; the first is {number!r}")
    return found, left_out(blank=scored.height - rows.height, without_document=rows.height - found.height)
