"""Sentences that say two things of one subject: "Executive Order 1 is outdated and is revoked".

Belongs here: passing over what is said first, reading a second participle behind the first, and where a target is no
subject but the end of what is said of another. Does not belong here: the verbs (see acting), which target they govern
(see relations).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.enrich.acting import BY_WORD, BY_WORDING, IN_BETWEEN, OTHERS_ACT

_THEREOF_CHARS = 160
_SAID_FIRST = re.compile(
    r"(?P<tail>[^.;:]*?)\b(?:is|are|was|were|has|have|remains?|stays?)\b(?P<said>[^.;:]{1,120}?),?"
    r"\s+(?:and|but)(?:,?\s+(?:therefore|accordingly|thus|hence|so),?)?\s+\Z"
)
_LISTED_WORD = re.compile(r",\s+\w+(?=,|\s*\Z)")
"""One of several words of a predicate: "is outdated, unlawful, and"."""
_OPENS_CLAUSE = re.compile(
    r"\b(?:that|which|who|it|they|if|unless|until|when|where|whether|because|since|while|although)\b", re.IGNORECASE
)
_JOINS = re.compile(
    r"\)?\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4}\s*)?(?:\([^()]{0,250}\)\s*)?,?\s*\b(?:and|but)"
    r"(?:,?\s+(?:therefore|accordingly|thus|hence|so),?)?\s+"
)
_ALSO_DONE = re.compile(
    r"(?:\s+in\s+(?:(?:its|their)\s+entirety|part|full|whole))?(?:,\s+(?:effective\s+)?[^,.;:]{1,40},)?,?\s+(?:and|but)\s+"
    r"(?:(?:is|are)\s+)?(?:(?:hereby|also|further|therefore|thereby)\s+){0,2}"
    rf"(?P<word>{'|'.join(BY_WORD)})\b{OTHERS_ACT}",
    re.IGNORECASE,
)

_THEREOF = (
    r"(?:the\s+)?(?:sub)?(?:section|paragraph|clause|part|title|article|annexe?|attachment|appendix)(?:s|es)?\s+[\w.()]{1,16}"
    r"(?:(?:,|,?\s+and)\s+[\w.()]{1,16}){0,4}\s+(?:thereof|of\s+(?:that|such|said)\s+"
    r"(?:executive\s+order|order|memorandum|proclamation|act|law|rule|regulation|directive))\b"
)
_ENDS_THEREOF = re.compile(rf"\b{_THEREOF}\s+\Z", re.IGNORECASE)
_THEREOF_NEXT = re.compile(rf"\s+{_THEREOF}", re.IGNORECASE)
"""A part of what was named last: "section 3 thereof"."""


def without_first(between: str) -> str:
    """The words between a target and a verb without what is said of the target before: "is outdated and"."""
    match = _SAID_FIRST.fullmatch(between)
    if match is None or "," in _LISTED_WORD.sub("", match["said"]):
        return between
    parts = (match["tail"], match["said"])
    is_one_clause = not any(IN_BETWEEN.search(part) or _OPENS_CLAUSE.search(part) for part in parts)
    return match["tail"] if is_one_clause else between


def ends_first(text: str, end: int, verb: int) -> bool:
    """Whether a target that ends at ``end`` ends what is said first: "The rule follows M-90-01 and is revoked"."""
    return bool(_JOINS.fullmatch(text, end, verb))


def also_done(text: str, place: int) -> Iterator[tuple[str, int]]:
    """What is done besides, and where its words end: "is rescinded (here) and is replaced by this memorandum"."""
    while match := _ALSO_DONE.match(text, place):
        place = match.end()
        is_reworded = match["word"].lower() == "replaced" and BY_WORDING.match(text, place)
        yield "amends" if is_reworded else BY_WORD[match["word"].lower()], place


def is_done_to_part(text: str, verb: re.Match[str], is_passive: bool) -> bool:
    """Whether a verb is said of a part of what was named last: "and section 3 thereof is revoked"."""
    if is_passive:
        return bool(_ENDS_THEREOF.search(text, max(0, verb.start() - _THEREOF_CHARS), verb.start()))
    return bool(_THEREOF_NEXT.match(text, verb.end()))
