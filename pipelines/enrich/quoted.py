"""Statute text that an amending act puts in between quotation marks, made readable like the act's own.

Belongs here: which marks only say that text is put in, in every print (curly, straight, or two apostrophes), and from
where to where it stands. Does not belong here: what the text says. Marks are blanked, so that every place stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_OPENING = r"(?:[\"\u201c]|[`\u2018]{1,2}|'')"
_CLOSING = r"(?:[\"\u201d]|['\u2019]{1,2})"
_BEGINS = re.compile(
    rf"{_OPENING}(?=[ \t]*(?:\(\w{{1,5}}\)|\u00a7|SEC(?:TION|\.)[ \t]|Sec(?:tion|\.)[ \t]+\d+[.:]))"
    rf"|(?:(?<=\n)|(?<=\n[ \t])|(?<=[:;\u2014]\s)|(?<=--)){_OPENING}(?=[A-Z])"
)
"""In front of a mark of the outline, or of a new paragraph."""
_STOPS = re.compile(rf"(?<=[.;,]){_CLOSING}(?=\s|[.;,]|\Z)")
_ENDS = re.compile(rf"(?<=[.;,]){_CLOSING}(?=[ \t]*(?:[.;,]|and\b|\n|\Z))")
"""Behind the last stop, where the act goes on with its own punctuation or a new line."""


def without_quotation_marks(text: str) -> str:
    """The text with the marks around what is put in blanked, at the same length."""
    opened = _BEGINS.sub(lambda mark: " " * len(mark[0]), text)
    return _STOPS.sub(lambda mark: " " * len(mark[0]), opened)


def passages(text: str) -> list[tuple[int, int]]:
    """Where text is put in; a paragraph alone where no mark ends it."""
    ends = [match.end() for match in _ENDS.finditer(text)]
    found: list[tuple[int, int]] = []
    for match in _BEGINS.finditer(text):
        if found and match.start() < found[-1][1]:
            continue
        place = bisect_left(ends, match.end())
        line = text.find("\n", match.end())
        end = ends[place] if place < len(ends) else line if line > 0 else len(text)
        found.append((match.start(), end))
    return found
