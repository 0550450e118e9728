"""Label files as they are: read, and refused with what was expected, what came and where.

Does not belong here: what the columns mean, which each task knows.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl


class BadFile(ValueError):
    """A file that cannot be read as the labels it should hold."""


def read_rows(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """All rows of a CSV file, plain or gzipped, every column as text; an empty cell is null."""
    try:
        rows = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadFile(f"{path}: expected a CSV file, got {_reason(error)}") from error
    rows = rows.rename({name: name.removeprefix("\ufeff") for name in rows.columns})
    if missing := [name for name in columns if name not in rows.columns]:
        raise BadFile(f"{path}: expected the columns {', '.join(missing)}, got {', '.join(rows.columns)}")
    if rows.is_empty():
        raise BadFile(f"{path}: expected at least one row, got none")
    return rows


def numbers(rows: pl.DataFrame, path: Path, column: str) -> pl.Series:
    """A column of numbers."""
    values = rows[column].cast(pl.Float64, strict=False)
    if values.null_count():
        row = int(values.is_null().arg_max() or 0)
        raise BadFile(f"{path}: expected a number in {column}, got {rows[column][row]!r} in row {row + 2}")
    return values


def read_text(path: Path) -> str:
    """A text file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: expected a text in UTF-8, got {_reason(error)}") from error


def optional(rows: pl.DataFrame, *names: str) -> pl.Expr:
    """The first of some columns that the rows have; nothing where they have none."""
    return next((pl.col(name) for name in names if name in rows.columns), pl.lit(None, dtype=pl.String))


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).splitlines()[0]
