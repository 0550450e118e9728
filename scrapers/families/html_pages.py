"""Web pages as trees, whatever stands before their root: what sources that are read from pages share.

Does not belong here: which part of a page means what, and which page is none of the source's.
"""

from __future__ import annotations

import re

from lxml import etree, html

from scrapers.contracts import UnknownShape
from scrapers.families.text import is_utf_8

_ENCODINGS = frozenset(("utf-8", "iso-8859-1", "windows-1252"))
_STATED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def page_tree(body: bytes) -> html.HtmlElement:
    """The tree of a page, in UTF-8 where it can be, whatever it states; else in the encoding that it states.

    Bytes are parsed, never decoded text: of that an XML declaration, which many error pages begin with, is an error.
    Raises UnknownShape for what no tree can be made of.
    """
    try:
        parser = html.HTMLParser(encoding=_encoding(body), huge_tree=False)
        tree: html.HtmlElement = html.document_fromstring(body.replace(b"\x00", b""), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnknownShape(f"HTML that cannot be read: {error}") from error
    return tree


def page_title(tree: html.HtmlElement) -> str:
    """What a page is titled, in one line; empty where it has no title."""
    return " ".join(" ".join(str(text) for text in tree.xpath("//title[1]//text()")).split())


def _encoding(body: bytes) -> str:
    if is_utf_8(body):
        return "utf-8"
    stated = _STATED.search(body[:2_000])
    name = stated[1].decode("ascii", "replace").lower() if stated else "utf-8"
    return name if name in _ENCODINGS else "utf-8"
