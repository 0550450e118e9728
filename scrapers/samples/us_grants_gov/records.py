"""The plain records that the sample host answers from. Does not belong here: how an API writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One funding opportunity of Grants.gov."""

    id: int
    number: str
    title: str
    agency_code: str
    agency: str
    top_agency: str
    description: str
    """HTML, as published."""
    status: str
    """posted, forecasted, closed or archived, as of the day the samples end."""
    posted: date
    closes: date | None = None
    closes_note: str = ""
    archives: date | None = None
    doc_type: str = "synopsis"
    ceiling: str | None = None
    floor: str | None = None
    estimated: str | None = None
    awards: str | None = None
    cfdas: tuple[tuple[str, str], ...] | list[list[str]] = ()
    category: tuple[str, str] | list[str] = ("ST", "Science and Technology and other Research and Development")
    instrument: tuple[str, str] | list[str] = ("G", "Grant")
    revisions: tuple[dict[str, Any], ...] | list[dict[str, Any]] = ()
    """Earlier states, oldest first: day, title?, closes?, comment."""
    forecast: dict[str, Any] | None = None
    """An earlier forecast kept beside the synopsis: posted, response, award, start, fiscal_year, description."""
    fiscal_year: int | None = None
