"""Plain text of legislation in the XML of legislation.gov.uk (CLML): a line a provision, its number before it.

Belongs here: how mark-up becomes text. Does not belong here: metadata, and what a text means.
"""

from __future__ import annotations

import re

from lxml import etree

INLINE = frozenset(
    ("Abbreviation", "Acronym", "Addition", "Character", "Citation", "CitationListRef", "CitationSubRef",
     "CommentaryRef", "Definition", "Emphasis", "ExternalLink", "FootnoteRef", "Inferior", "InlineAmendment",
     "InternalLink", "MarginNoteRef", "Repeal", "SmallCaps", "Span", "Strike", "Strong", "Substitution", "Superior",
     "Term", "Underline", "Uppercase", "a", "abbr", "b", "em", "i", "span", "strong", "sub", "sup", "td", "th")
)  # fmt: skip
"""Elements that begin no line of their own."""
NUMBERS = frozenset(("Pnumber", "ListItemNumber", "FootnoteNumber"))
"""Elements whose text stands before what follows."""
BRACKETED = re.compile(r"P[2-7]")
"""Levels of provision whose numbers are printed in brackets, which the mark-up leaves out."""
CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"\s+")


def text_of_legislation(element: etree._Element) -> str:
    """The text of an element, a line a block; text that was repealed and is still shown is marked as such."""
    lines = _Lines()
    _walk(element, lines)
    lines.end()
    return "\n".join(lines.written)


class _Lines:
    def __init__(self) -> None:
        self.written: list[str] = []
        self._current: list[str] = []
        self._waits = False

    def add(self, text: str | None) -> None:
        """Text inside a line."""
        if text:
            self._current.append(text)
            self._waits = self._waits and not text.strip()

    def end(self) -> None:
        """The end of a line, unless a number waits for its text."""
        if self._waits:
            return
        self.flush()

    def number(self) -> None:
        """What was written is a number; the next block goes on in its line."""
        self._current.append(" ")
        self._waits = True

    def flush(self) -> None:
        if line := _SPACE.sub(" ", "".join(self._current)).strip():
            self.written.append(line)
        self._current.clear()
        self._waits = False


def _walk(element: etree._Element, lines: _Lines) -> None:
    name = etree.QName(element).localname
    is_block = name not in INLINE
    is_repealed = name == "Repeal" and element.get("RetainText") == "true"
    if is_block:
        lines.end()
    if is_repealed:
        lines.add("[repealed: ")
    if name == "Character":
        lines.add(" ")
    before, after = _brackets(element) if name == "Pnumber" else ("", "")
    lines.add(before)
    lines.add(element.text)
    for child in element:
        _walk(child, lines)
        lines.add(child.tail)
    lines.add(after)
    if is_repealed:
        lines.add("]")
    if name in CELLS:
        lines.add(" ")
    if name in NUMBERS:
        lines.number()
    elif is_block:
        lines.end()


def _brackets(number: etree._Element) -> tuple[str, str]:
    """The signs around the number of a provision: those it states, else those of its level."""
    outer = number.getparent()
    is_bracketed = outer is not None and BRACKETED.fullmatch(etree.QName(outer).localname) is not None
    return number.get("PuncBefore", "(" if is_bracketed else ""), number.get("PuncAfter", ")" if is_bracketed else "")
