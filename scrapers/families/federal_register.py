"""What all sources of the Federal Register share: the number and the identity of a document."""

from __future__ import annotations

import re
from datetime import date

from scrapers.contracts import UnknownShape

DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
"""Kinds of dash for a translation into hyphens: issues of 2023 and 2024 were printed with them and issued again."""
_NUMBER = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def document_number(printed: object) -> str:
    """A document number with hyphens and without blanks, however it was printed: "2024–02930", " 2026 - 19200".

    Raises UnknownShape for anything but a number.
    """
    number = re.sub(r"\s*-\s*", "-", printed.translate(DASHES)).strip() if isinstance(printed, str) else ""
    if not _NUMBER.fullmatch(number):
        raise UnknownShape(f"expected a document number such as '2024-02930', got {str(printed)[:40]!r}")
    return number


def document_id(number: str, published: date | None) -> str:
    """The id shared by the API and the bulk XML; numbers are not unique over time, so the day belongs to it."""
    return f"fr:{number}:{published.isoformat()}" if published else f"fr:{number}"
