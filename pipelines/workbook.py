"""Workbooks for Excel and LibreOffice: what people sort and filter by hand, as XLSX.

Belongs here: sheets and their looks. A sheet has room for 1,048,576 rows and a cell for 32,767 characters: what does
not fit is left to CSV and Parquet, and the first sheet says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson
import xlsxwriter

MAX_ROWS = 1_048_576 - 1
MAX_CHARS = 32_767
MAX_LINK_CHARS = 2_079
_WIDTHS = {"title": 60, "quote": 60, "action": 60, "url": 40, "raw_text": 30}


@dataclass(frozen=True)
class Sheet:
    """A table of the workbook: column names with their meanings, and rows of plain values."""

    name: str
    meaning: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Sequence[Any]]


def write_workbook(file: Path | BinaryIO, about: Mapping[str, Any], created: datetime, sheets: Sequence[Sheet]) -> None:
    """Write the sheets behind a first one that says what the file is; equal values give equal bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": str(about["title"]), "created": created.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        _write_first(book, bold, about, sheets)
        for sheet in sheets:
            _write_sheet(book, bold, sheet)


def _write_first(book: Any, bold: Any, about: Mapping[str, Any], sheets: Sequence[Sheet]) -> None:
    page = book.add_worksheet("about")
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 28)
    page.set_column(2, 2, 110)
    row = 0
    for row, (name, value) in enumerate(about.items()):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, str(value))
    row += 2
    for sheet in sheets:
        cut = f" Only the first {MAX_ROWS:,} rows fit here; all are in CSV." if len(sheet.rows) > MAX_ROWS else ""
        page.write_string(row, 0, sheet.name, bold)
        page.write_string(row, 2, f"{' '.join(sheet.meaning.split())}{cut}")
        row += 1
        for name, meaning in sheet.columns:
            page.write_string(row, 1, name)
            page.write_string(row, 2, " ".join(meaning.split()))
            row += 1


def _write_sheet(book: Any, bold: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    for place, (name, _) in enumerate(sheet.columns):
        page.set_column(place, place, _WIDTHS.get(name, 18))
        page.write_string(0, place, name, bold)
    for number, values in enumerate(sheet.rows[:MAX_ROWS], start=1):
        for place, value in enumerate(values):
            _write_cell(page, number, place, sheet.columns[place][0], value)
    page.freeze_panes(1, 1)
    if sheet.columns:
        page.autofilter(0, 0, min(len(sheet.rows), MAX_ROWS), len(sheet.columns) - 1)


def _write_cell(page: Any, row: int, place: int, column: str, value: Any) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, place, value)
        case int() | float() | Decimal():
            page.write_number(row, place, value)
        case datetime():
            page.write_string(row, place, value.isoformat().replace("+00:00", "Z"))
        case date():
            page.write_datetime(row, place, value)
        case str():
            if column == "url" and _is_link(value):
                page.write_url(row, place, value, string=value)
            else:
                page.write_string(row, place, value[:MAX_CHARS])
        case _:
            page.write_string(row, place, orjson.dumps(value).decode()[:MAX_CHARS])


def _is_link(text: str) -> bool:
    return len(text) <= MAX_LINK_CHARS and urlsplit(text).scheme in ("http", "https")
