"""The plain records that the sample host answers from. Does not belong here: how an API writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
    """Known by title, abstract and address alone."""
