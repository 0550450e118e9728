"""Attachments of a page of GOV.UK: stated as data, in lists of HTML, or within running text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from scrapers.contracts import Attachment
from scrapers.families.text import one_line, web_address

SITE = "https://www.gov.uk"
LISTS = ("attachments", "documents", "outcome_documents", "final_outcome_documents", "public_feedback_documents")


def _with_class(*names: str) -> str:
    padded = "concat(' ', normalize-space(@class), ' ')"
    return " or ".join(f"contains({padded}, ' {name} ')" for name in names)


_BOXES = f".//*[{_with_class('attachment', 'attachment-inline', 'gem-c-attachment', 'gem-c-attachment-link')}]"
_TITLE_LINKS = f".//*[{_with_class('title', 'attachment-title', 'gem-c-attachment__title')}]//a[@href]"


def attachments(details: dict[str, Any], children: Iterable[dict[str, Any]]) -> tuple[Attachment, ...]:
    """All attachments, one an address, with the first title and type given for it; `children` are pages of their own.

    Takes nothing out of `details`: what is stated of an attachment beyond its title, address and type is kept there.
    """
    by_url: dict[str, Attachment] = {}
    for title, address, content_type in (*_stated(details), *_in_texts(details), *_pages(children)):
        url = absolute(address)
        if url is None:
            continue
        known = by_url.get(url, Attachment(url=url))
        by_url[url] = Attachment(
            title=known.title or one_line(title, set()), url=url, content_type=known.content_type or content_type
        )
    return tuple(by_url.values())


def absolute(address: str | None) -> str | None:
    """The full address of a path on GOV.UK or elsewhere on the web; None for what is none, such as a script."""
    try:
        return web_address(urljoin(f"{SITE}/", address)) if address else None
    except ValueError:
        return None


_Found = Iterator[tuple[str | None, str | None, str | None]]
"""Title, address and content type."""


def _stated(details: dict[str, Any]) -> _Found:
    for entry in (details.get("document"), *(entry for name in LISTS for entry in details.get(name) or ())):
        if isinstance(entry, dict):
            is_html = entry.get("attachment_type") == "html"
            yield entry.get("title"), entry.get("url"), "text/html" if is_html else entry.get("content_type")


def _in_texts(value: object) -> _Found:
    """Attachments in HTML at any depth: in lists made of it, in running text, in the bodies of sections."""
    if isinstance(value, str):
        yield from _in_html(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _in_texts(inner)


def _pages(children: Iterable[dict[str, Any]]) -> _Found:
    for child in children:
        if child.get("schema_name") == "html_publication":
            yield child.get("title"), child.get("base_path"), "text/html"


def _in_html(fragment: str) -> _Found:
    if "<" not in fragment or "attachment" not in fragment:
        return
    try:
        root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    except (etree.ParserError, ValueError):
        return
    for box in root.xpath(_BOXES):
        for anchor in box.xpath(_TITLE_LINKS) or box.xpath(".//a[@href]"):
            if not anchor.get("href").startswith(("#", "mailto:")):
                yield anchor.text_content(), anchor.get("href"), None
