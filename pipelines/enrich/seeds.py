"""Rows of the seeds by which texts are read, as an analyst edits them.

Belongs here: reading (a byte order mark and blank rows are nothing), patterns and days of validity, and their refusal
with file, row and what was expected. Does not belong here: what the columns mean, which each reader knows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

SEEDS = Path(__file__).parents[2] / "dbt" / "seeds"


class BadSeed(ValueError):
    """A row that cannot be meant."""


@dataclass(frozen=True)
class Validity:
    """The days of publication for which a row holds, both ends included; without ends it holds always."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether it holds for a text of that day; what is limited never holds for an unknown day."""
        if self.first and (day is None or day < self.first):
            return False
        return not (self.last and (day is None or day > self.last))

    def expression(self, column: str) -> pl.Expr:
        """The same for a column of days."""
        holds = pl.lit(value=True)
        if self.first:
            holds &= pl.col(column) >= self.first
        if self.last:
            holds &= pl.col(column) <= self.last
        return holds.fill_null(value=False)


@dataclass(frozen=True)
class Row:
    """One row of a seed, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def refused(self, column: str, expected: str) -> BadSeed:
        """The error that says what a cell should be."""
        said = self.cells[column]
        return BadSeed(f"{self.file}, line {self.line}: expected {expected} in {column}, got {said!r}")

    def number(self, column: str) -> int:
        """A whole number; an empty cell is 0."""
        try:
            return int(self.cells[column] or 0)
        except ValueError as error:
            raise self.refused(column, "a whole number") from error

    def day(self, column: str) -> date | None:
        """A day, or None for an empty cell."""
        try:
            return date.fromisoformat(self.cells[column]) if self.cells[column] else None
        except ValueError as error:
            raise self.refused(column, "a day such as 2026-09-29, or nothing,") from error

    def validity(self) -> Validity:
        """The days from valid_from to valid_to."""
        first, last = self.day("valid_from"), self.day("valid_to")
        if first and last and last < first:
            raise self.refused("valid_to", f"no day before {first}")
        return Validity(first, last)

    def pattern(self, column: str = "pattern") -> str:
        """A regular expression that asks for something."""
        if not self.cells[column]:
            raise self.refused(column, "a regular expression")
        return self.pattern_if_any(column)

    def pattern_if_any(self, column: str) -> str:
        """A regular expression, or nothing. One that holds for the empty text would hold for every text."""
        said = self.cells[column]
        try:
            holds_for_all = bool(said) and re.search(said, "") is not None
        except re.error as error:
            raise self.refused(column, f"a regular expression ({error})") from error
        if holds_for_all:
            raise self.refused(column, "a regular expression that some text lacks")
        return said

    def quick_pattern(self, column: str, translated: str) -> str:
        """The pattern of a cell as Polars is to read it, which knows no look-around."""
        try:
            pl.Series([""]).str.contains(translated)
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[-1]
            raise self.refused(column, f"a regular expression without look-around ({reason})") from error
        return translated


def seed_rows(path: Path, columns: Iterable[str]) -> list[Row]:
    """The rows of a seed that hold anything. Refused where columns lack, and where there is none."""
    reader = csv.DictReader(path.read_bytes().decode("utf-8-sig").splitlines(keepends=True), restval="")
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise BadSeed(f"{path.name}: expected the columns {', '.join(missing)}, got {reader.fieldnames}")
    rows = [Row(path.name, reader.line_num, cells) for cells in reader if any(map(str.strip, _texts(cells)))]
    if not rows:
        raise BadSeed(f"{path.name}: expected at least one row, got none")
    if long := next((row for row in rows if None in row.cells), None):
        raise BadSeed(f"{path.name}, line {long.line}: expected {len(reader.fieldnames or ())} cells, got more")
    return rows


def _texts(cells: dict[str, str]) -> Iterable[str]:
    return (cell for cell in cells.values() if isinstance(cell, str))
