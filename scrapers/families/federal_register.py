"""What all sources of the Federal Register share: the number and the identity of a document, and the addresses that
lead to one.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

from scrapers.contracts import Identifier, UnknownShape

DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
"""Kinds of dash for a translation into hyphens: issues of 2023 and 2024 were printed with them and issued again."""
NUMBER = (
    r"(?:[CR]\d{1,2}-)?(?:20(?:1[3-9]|[2-9]\d)-\d{5}|(?:19\d\d|200\d|201[0-2])-\d{1,5}|(?:\d\d|[A-Z]\d)-\d{1,6})"
    r"(?![\w,]|-\w)"
)
"""A document number as it was printed in any year, "2026-20321", "2010-38", "E9-1712", "00-111", and that of a
correction, "R1-2016-03141".
"""
_NUMBER = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_PRINTED = re.compile(rf"(?:FR Doc\.?\s*(?:No\.?\s*)?)?({NUMBER})", re.IGNORECASE)
_SITE = r"https?://(?:www\.)?federalregister\.gov/"
_KEPT = (
    r"https?://(?:www\.)?(?:govinfo\.gov/(?:content/pkg|app/details)|gpo\.gov/fdsys/(?:pkg|granule))/FR-\d{4}-\d\d-\d\d"
)
_LINKS = tuple(
    (scheme, re.compile(pattern, re.IGNORECASE))
    for scheme, pattern in (
        ("fr_document", rf"{_SITE}(?:documents|articles)/(?:full_text/\w+/)?\d{{4}}/\d\d?/\d\d?/({NUMBER})"),
        ("fr_document", rf"{_SITE}(?:d|a|public-inspection)/({NUMBER})"),
        ("fr_document", rf"{_SITE}api/v1/(?:documents|articles|public-inspection-documents)/({NUMBER})"),
        ("fr_document", rf"https?://(?:s3\.amazonaws\.com/)?public-inspection\.federalregister\.gov/({NUMBER})\.pdf"),
        ("fr_document", rf"{_KEPT}/(?:\w+/)?({NUMBER})"),
        ("eo", rf"{_SITE}executive-order/(\d+)"),
        ("fr_citation", rf"{_SITE}citation/(\d{{1,3}}[-+ ]FR[-+ ]\d{{1,6}})\b"),
        ("fr_citation", r"https?://(?:www\.)?govinfo\.gov/link/fr/(\d{1,3}/\d{1,6})\b"),
    )
)


def document_number(printed: object) -> str:
    """A document number with hyphens and without blanks, however it was printed: "2024–02930", " 2026 - 19200".

    Raises UnknownShape for anything but a number.
    """
    if isinstance(printed, str) and _NUMBER.fullmatch(printed):
        return printed
    parts = printed.translate(DASHES).split("-") if isinstance(printed, str) else ()
    number = "-".join(part.strip() for part in parts)
    if not _NUMBER.fullmatch(number):
        raise UnknownShape(f"expected a document number such as '2024-02930', got {str(printed)[:40]!r}")
    return number


def printed_number(text: str) -> str | None:
    """The document number that a text is, with hyphens, also after "FR Doc."; None for a text that is none."""
    match = _PRINTED.fullmatch(text.translate(DASHES).strip())
    return match[1].upper() if match else None


def linked(address: str) -> Identifier | None:
    """The document, the executive order or the page of the Federal Register that an address leads to, at whichever of
    the official sites; None for any other address.
    """
    for scheme, pattern in _LINKS:
        if match := pattern.match(unquote(address)):
            value = match[1].upper()
            return Identifier(
                scheme=scheme, value=" FR ".join(re.findall(r"\d+", value)) if scheme == "fr_citation" else value
            )
    return None


def document_id(number: str, published: date | None) -> str:
    """The id shared by the API and the bulk XML; numbers are not unique over time, so the day belongs to it."""
    return f"fr:{number}:{published.isoformat()}" if published else f"fr:{number}"
