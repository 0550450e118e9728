"""Label files as they are: read, and refused with what was expected, what came and where.

Belongs here: blank rows and cells, days in the ways that people write them, and the count of what is left out. Does not
belong here: what the columns mean, which each task knows.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.enrich.dates import read_day
from pipelines.evaluate.report import Metrics

_ODD_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\Z")
_LAST_MONTH = 12
_GZIPPED = b"\x1f\x8b"


class BadFile(ValueError):
    """A file that cannot be read as the labels it should hold."""


def read_rows(path: Path, columns: tuple[str, ...], may_be_empty: bool = False) -> pl.DataFrame:
    """All rows of a CSV file, plain or gzipped, that hold anything, every column as text; an empty cell is null."""
    rows = _table(path)
    if missing := [name for name in columns if name not in rows.columns]:
        raise BadFile(f"{path}: expected the columns {', '.join(missing)}, got {', '.join(rows.columns)}")
    text = pl.all().str.strip_chars()
    rows = rows.with_columns(pl.when(text != "").then(text).name.keep())
    rows = rows.filter(pl.any_horizontal(pl.all().is_not_null()))
    if rows.is_empty() and not may_be_empty:
        raise BadFile(f"{path}: expected at least one row, got none")
    return rows


def filled(rows: pl.DataFrame, path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows that can be scored: nothing is blank in the columns. Refused where none is left."""
    kept = rows.drop_nulls(list(columns))
    if kept.is_empty():
        raise BadFile(f"{path}: expected a row with {', '.join(columns)}, got none without a blank")
    return kept


def left_out(**rows: int) -> Metrics:
    """How many rows are not scored, and why; nothing where all are."""
    told = {reason: count for reason, count in rows.items() if count}
    return {"rows_left_out": told} if told else {}


def numbers(rows: pl.DataFrame, path: Path, column: str) -> pl.Series:
    """A column of numbers."""
    values = rows[column].cast(pl.Float64, strict=False)
    if values.null_count():
        odd = rows[column].filter(values.is_null())[0]
        raise BadFile(f"{path}: expected a number in {column}, got {odd!r}")
    return values


def read_text(path: Path) -> str:
    """A text file; what is no UTF-8 becomes a sign that says so."""
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise BadFile(f"{path}: expected a text, got {_reason(error)}") from error


def optional(rows: pl.DataFrame, *names: str) -> pl.Expr:
    """The first of some columns that the rows have; nothing where they have none."""
    return next((pl.col(name) for name in names if name in rows.columns), pl.lit(None, dtype=pl.String))


def with_optional(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The rows with empty columns in place of those that they lack."""
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in rows.columns)


def civil_days(text: pl.Expr) -> pl.Expr:
    """A column of days; what is no whole day, or could be two, is null."""
    return text.map_elements(civil_day, return_dtype=pl.Date)


def civil_day(text: str | None) -> date | None:
    """A day as ISO, names of months or slashes tell it; None where it is no whole day or could be two."""
    said = (text or "").strip()
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        pass
    if odd := _ODD_DAY.match(said):
        first, second = int(odd[1]), int(odd[2])
        if first > _LAST_MONTH or first == second:
            return _date(int(odd[3]), second, first)
        return _date(int(odd[3]), first, second) if second > _LAST_MONTH else None
    return read_day(said)


def _table(path: Path) -> pl.DataFrame:
    """A CSV file as it is. Cells beyond the columns are nothing where they are blank."""
    try:
        content = path.read_bytes()
        plain = gzip.decompress(content) if content.startswith(_GZIPPED) else content
        if plain.startswith(_GZIPPED):
            raise BadFile(f"{path}: expected a CSV file, plain or gzipped once, got one gzipped twice")
        lines = list(csv.reader(io.StringIO(plain.decode("utf-8-sig"), newline="")))
    except BadFile:
        raise
    except UnicodeDecodeError as error:
        kind = "a gzipped file of" if content.startswith(_GZIPPED) else "a file of"
        raise BadFile(f"{path}: expected a CSV file in UTF-8, got {kind} other bytes") from error
    except (OSError, EOFError, ValueError, zlib.error, csv.Error) as error:
        raise BadFile(f"{path}: expected a CSV file, got {_reason(error)}") from error
    if not lines:
        raise BadFile(f"{path}: expected a CSV file, got an empty one")
    head, *lines = lines
    names = [name.strip() for name in head]
    if len(set(names)) < len(names):
        raise BadFile(f"{path}: expected columns of different names, got {', '.join(names)}")
    for number, line in enumerate(lines, 2):
        if any(cell.strip() for cell in line[len(names) :]):
            raise BadFile(f"{path}: expected {len(names)} cells, got {len(line)} in row {number}")
    cells = [[*line, *[""] * (len(names) - len(line))][: len(names)] for line in lines]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).splitlines()[0]
