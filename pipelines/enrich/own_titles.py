"""The title by which an act of the Union names itself, at the head of its text.

Belongs here: where it stands and ends. Does not belong here: titles of other acts, which a text quotes in full, and
those of proposals, which act on nothing.
"""

from __future__ import annotations

import re

_HEAD_CHARS = 1_500
_TITLE_CHARS = 1_500
_HEADING = re.compile(
    r"\b(?:(?:COMMISSION|COUNCIL)\s+)?(?:(?:IMPLEMENTING|DELEGATED)\s+)?(?:REGULATION|DIRECTIVE|DECISION)\s+"
    r"(?=\((?:EU|EC|EEC|CFSP|Euratom|EURATOM)\b|No\s|\d{1,4}/\d|OF\s+THE\s+(?:EUROPEAN|COUNCIL))"
    r"|\A\s*(?P<running>(?:(?:Commission|Council)\s+)?(?:(?:Implementing|Delegated)\s+)?(?:Regulation|Directive|Decision)\s+"
    r"(?=\((?:EU|EC|EEC|CFSP|Euratom)\b|No\s|\d{1,4}/\d))"
)
_IS_DRAFT = re.compile(r"\b(?:proposal|draft|recommendation)\s+(?:for\s+)?(?:an?\s+)?\Z", re.IGNORECASE)
_ENDS_TITLE = re.compile(
    r"\(Text\s+with\s+EEA|(?<!OF )\bTHE\s+(?:EUROPEAN\s+(?:PARLIAMENT|COMMISSION|COUNCIL)|COUNCIL)\b"
    r"|\bHaving\s+regard\b|\bWhereas\b|\bHA(?:S|VE)\s+ADOPTED\b|\bArticle\s+1\s*\n|\.\s+(?=[A-Z])|;"
)
_SPEAKS = re.compile(
    r"\b(?:is|are|was|were|shall|will|must|may|has|have|had|enter(?:s|ed)|appl(?:y|ies|ied)|sets?|lays|requires?|amends|repeals)\b"
)
"""A verb of a sentence: what begins like a title only speaks of the act."""


def own_title(text: str) -> tuple[int, int]:
    """Where the text's own title begins and ends; (0, 0) where it has none of this form."""
    heading = _HEADING.search(text, 0, _HEAD_CHARS)
    if not heading or _IS_DRAFT.search(text[max(0, heading.start() - 60) : heading.start()]):
        return 0, 0
    last = min(len(text), heading.end() + _TITLE_CHARS)
    end = _ENDS_TITLE.search(text, heading.end(), last)
    stop = end.start() if end else last
    if heading["running"] and _SPEAKS.search(text, heading.end(), stop):
        return 0, 0
    return heading.start(), stop
