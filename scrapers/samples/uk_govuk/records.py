"""The plain records that the sample host answers from. Does not belong here: how an API writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
