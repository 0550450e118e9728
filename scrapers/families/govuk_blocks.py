"""Texts of GOV.UK pages that are built of blocks: landing pages, and journeys step by step.

A block holds texts and other blocks under names that depend on its type; types are added without notice. So every text
under a name that holds one is read, at any depth and in its order. Does not belong here: pages with a body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapers.families.text import html_to_text

WORDED = (
    "title", "heading", "introduction", "lead_paragraph", "content", "govspeak", "html", "body", "text", "context",
    "description", "summary", "label", "caption", "cite", "quote", "logic_text",
)  # fmt: skip
"""Names that hold words, as HTML or plain."""
_WORDLESS = frozenset(("image", "images", "icon", "sources", "theme", "type", "href", "id", "slug", "path", "url"))
_NOTATION = "content_type"


def block_texts(value: Any, flags: set[str]) -> Iterator[str]:
    """The texts of blocks inside a value, in reading order; of several notations of a text, the one in HTML."""
    if isinstance(value, list):
        notations = [one for one in value if isinstance(one, dict) and _NOTATION in one]
        for inner in [one for one in notations if one[_NOTATION] == "text/html"][:1] or notations[:1] or value:
            yield from block_texts(inner, flags)
    elif isinstance(value, dict):
        first = [name for name in WORDED if name in value]
        for name in (*first, *(other for other in value if other not in first and other not in _WORDLESS)):
            inner = value[name]
            if isinstance(inner, dict | list):
                yield from block_texts(inner, flags)
            elif name in WORDED and isinstance(inner, str) and (text := html_to_text(inner, flags)):
                yield text
