"""Which provisions of an instrument a text names beside it.

Belongs here: the words for them in front of a number or a name, to be read or to be passed over. Does not belong here:
words for a part that has no number (see reach), finding the instruments (see citations).
"""

from __future__ import annotations

import re

from pipelines.enrich.citations import Citation
from pipelines.enrich.reach import without_part

_BEFORE_CHARS = 240
_PIN_OF = re.compile(
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|clauses?|parts?|provisions|subparagraphs?|sentences?|definitions?|headings?"
    r"|(?:articles?|regulations?|schedules?|annex(?:es)?)\s+(?=\d|[IVX]+\b))\b[^.;]{0,80}?|\btext)"
    r"\s+(?:of|to|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_ENDS_PIN = re.compile(r"\b(?:of|to|in|the)\s*\Z", re.IGNORECASE)
_SUBDIVISION = re.compile(
    r"\b(?:sub(?:section|paragraph)|paragraph|clause)s?\s+((?:\(\w{1,4}\)){1,4}"
    r"(?:(?:,\s*(?:and\s+)?|\s+and\s+)(?:\(\w{1,4}\)){1,4}){0,6})\s+(?:of|in|to)\s+section\s+(\d[\w.]{0,8})"
    r"\s+(?:of|to|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
"""A part of a section: "subsections (b) and (c) of section 4"."""
_NO_NUMBER = re.compile(r"(?<![\w(])(?!(?:and|or|through)\b)[a-z]{3,}")
"""A word among the numbers of provisions: "part 39 to conform"."""
_WHOLE_AND_MORE = re.compile(r"\b(?:et\s+seq|note)\b")
_PIN_BEFORE_NAME = re.compile(
    r"\b((?:sub)?(?:sections?|paragraphs?|titles?|parts?|articles?|clauses?|regulations?|schedules?)\s+"
    r"[\w.()\u2013-]{1,24}(?:(?:,\s*|,?\s+and\s+)\d[\w.()\u2013-]{0,23}){0,6})\s+(?:of|to)\s+(?:the\s+)?"
    r"(?-i:[A-Z])[^;:()]{0,120}(?:\([^()]{0,80}\)[^;:()]{0,60})?\(\Z",
    re.IGNORECASE,
)
"""The provision in front of a name whose number stands in brackets."""

_SUBDIVISIONS = r"(?:\(\w{1,5}\))+(?:(?:,\s*(?:and\s+|or\s+)?|,?\s+(?:and|or|through|to)\s+)(?:\(\w{1,5}\))+){0,6}"
_OF_NAME = (
    r"\s+(?:of|in|to)\s+(?:the\s+|sections?\s+|\u00a7+\s*)?(?:(?-i:[A-Z])[^;:()]{0,160}(?:\([^()\d]{0,80}\)[^;:()]{0,60})?"
    r"\((?:[^()]{0,60};\s*)?)?\Z"
)
"""In front of a number, or of a name whose number stands in brackets."""
_PART_OF_SECTION = re.compile(
    rf"(?:\b(?:sub(?:section|paragraph|clause|division)|paragraph|clause|item)s?\s+{_SUBDIVISIONS}"
    rf"(?:\s+(?:of|in|to)\s+(?:(?:sub)?(?:section|paragraph|clause)\s+|\u00a7\s*)[\w.()-]{{1,24}}){{0,3}}"
    rf"|\bsections?\s+\d[\w.-]{{0,12}}{_SUBDIVISIONS}){_OF_NAME}",
    re.IGNORECASE,
)
_SECTION_OF = re.compile(rf"\b(?:sections?|\u00a7+)\s+\d[\w.()-]{{0,24}}{_OF_NAME}", re.IGNORECASE)


def is_part_of_number(before: str, citation: Citation) -> bool:
    """Whether less is meant than the number of a law stands for: a paragraph of its section, or a note to it."""
    if citation.scheme not in ("usc", "cfr"):
        return False
    before = before[-2 * _BEFORE_CHARS :]
    is_whole_law = "et seq" in (citation.pinpoint or "")
    is_note = bool(re.search(r"\bnote\b", citation.pinpoint or ""))
    return is_note or bool((_SECTION_OF if is_whole_law else _PART_OF_SECTION).search(before))


def provision_of(text: str, citation: Citation, begin: int) -> str | None:
    """The pinpoint beside the number, or in front of the name that the number in brackets explains."""
    first = max(begin, citation.start - _BEFORE_CHARS)
    is_within = text[first : citation.start].rstrip().endswith(("of", "to", "in", "the"))
    if is_within and (match := _SUBDIVISION.search(text, first, citation.start)):
        return "section " + ", ".join(f"{match[2]}{part}" for part in re.findall(r"(?:\(\w{1,4}\))+", match[1]))
    if _NO_NUMBER.search(citation.pinpoint.partition(" ")[2] if citation.pinpoint else ""):
        return None
    if citation.scheme in ("usc", "cfr"):
        return None if _WHOLE_AND_MORE.search(citation.pinpoint or "") else citation.pinpoint
    if citation.pinpoint:
        return citation.pinpoint
    if text[citation.start - 1 : citation.start] != "(":
        return None
    match = _PIN_BEFORE_NAME.search(text, first, citation.start)
    return " ".join(match[1].split()) if match else None


def without_provision(before: str) -> str:
    """The words in front of "section 4 of the"."""
    if not _ENDS_PIN.search(before[-8:]):
        return before
    return _PIN_OF.sub("", without_part(before))
