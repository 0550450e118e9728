"""The plain records that the sample hosts answer from.

Belongs here: what a sample document, page or opportunity is. Does not belong here: how an API writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

SAMPLE_NOTE = "Sample text written for this project from public facts; not the official wording."
FILLER_NOTE = "Sample text written for this project; it describes no real document."


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of the Federal Register; one that its API could not match has a raw name only."""

    raw_name: str
    slug: str | None = None
    id: int | None = None
    name: str | None = None
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class FrDocument:
    """One document of the Federal Register."""

    number: str
    day: date
    title: str
    type: str | None = None
    subtype: str | None = None
    abstract: str | None = None
    action: str | None = None
    agencies: tuple[str, ...] = ()
    """Slugs, parent first."""
    eo: str | None = None
    signed: date | None = None
    effective: date | None = None
    comments_close: date | None = None
    dates: str | None = None
    dockets: tuple[str, ...] = ()
    rins: tuple[str, ...] = ()
    cfr: tuple[tuple[int, int], ...] = ()
    topics: tuple[str, ...] = ()
    start_page: int | None = None
    end_page: int | None = None
    significant: bool | None = None
    disposition_notes: str | None = None
    correction_of: str | None = None
    corrections: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    html_url: str | None = None
    is_bare: bool = False
    """Known by title, abstract and address alone: the API's other fields are null."""


@dataclass(frozen=True, slots=True)
class GovukItem:
    """One page of GOV.UK; the timestamps are in whatever notation the content API shows for it."""

    base_path: str
    document_type: str
    schema_name: str
    title: str | None = None
    description: str | None = None
    first_published_at: str | None = None
    public_updated_at: str | None = None
    updated_at: str | None = None
    organisations: tuple[str, ...] | list[str] = ()
    body: tuple[str, ...] | list[str] = ()
    """Paragraphs."""
    change_history: tuple[dict[str, str], ...] | list[dict[str, str]] = ()
    attachments: tuple[dict[str, Any], ...] | list[dict[str, Any]] = ()
    details: dict[str, Any] | None = None
    """More keys of `details`, as the content API names them."""
    withdrawn_notice: dict[str, str] | None = None
    redirects: tuple[dict[str, str], ...] | list[dict[str, str]] = ()
    translations: tuple[str, ...] | list[str] = ()
    """Locales beside this one."""
    locale: str = "en"
    parent: str | None = None
    listed_title: str | None = None
    """The title that search still shows for a page that has moved or gone."""
    is_listed: bool = True
    """Whether search knows the page."""
    is_restless: bool = False
    """Republished all the time without a change: `updated_at` moves with every request."""


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
