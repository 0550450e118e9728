"""What all sources of the Federal Register share: the identity of a document."""

from __future__ import annotations

from datetime import date


def document_id(number: str, published: date | None) -> str:
    """The id shared by the API and the bulk XML; numbers are not unique over time, so the day belongs to it."""
    return f"fr:{number}:{published.isoformat()}" if published else f"fr:{number}"
