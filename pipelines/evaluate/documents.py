"""Documents of label files in the shapes that enrichment reads.

Does not belong here: any score.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.evaluate.files import BadFile, optional, read_rows

KEY = ("document_number", "publication_date")


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
        published_date=pl.col("publication_date").str.to_date(strict=False),
        jurisdiction=pl.lit("US"),
        identifier=pl.format("FR Doc {}", "document_number"),
        document_type=optional(rows, "document_type", "type"),
        subtype=optional(rows, "subtype", "document_subtype"),
        action=optional(rows, "action"),
    )


def gold_with_documents(documents: Path, gold: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """The scored rows of a gold file, each with its document; a row whose document is not listed is refused."""
    listed = read_rows(documents, (*KEY, "title", "abstract")).unique(KEY, keep="first", maintain_order=True)
    rows = read_rows(gold, (*KEY, "scored", *columns)).filter(pl.col("scored").str.to_lowercase() != "false")
    if rows.is_empty():
        raise BadFile(f"{gold}: expected rows with scored=true, got none")
    listed = listed.drop([name for name in listed.columns if name in rows.columns and name not in KEY])
    if lost := rows.join(listed, on=KEY, how="anti").height:
        number = rows.join(listed, on=KEY, how="anti")["document_number"][0]
        raise BadFile(f"{documents}: expected every document of {gold}, got {lost} fewer; the first is {number!r}")
    return rows.join(listed, on=KEY, how="left", maintain_order="left")
