"""The one sentence of a text that a digest shows: one that says something.

Belongs here: where sentences end, and what texts begin with before they say anything. Does not belong here: words for
values (wording.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.digest.wording import MAX_ABSTRACT_CHARS, plain

_SENTENCE_END = re.compile(r"[.!?][\"”’)\]]*(?=\s+[\"“‘(\[]?[A-Z0-9])")
_NOT_AN_END = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|[A-Za-z](?:\.[A-Za-z])+|No|Nos|Sec|Secs|Art|Pub|Stat|Reg|Fed|Inc|Co|Corp|Ltd|Dr|Mr|Ms|"
    r"Mrs|Jr|Sr|St|vs?|etc|cf|al|Dept|Gov|Gen|Rep|Sen|approx|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Doc|Memo)\.$"
)
_HEADING = r"[A-Z][\w’'-]*(?:,? (?:[A-Z][\w’'-]*|\d+|of|and|or|the|for|on|in|to|with|by|a|an|from|against)){0,11}"
_FORMULAE = (
    r"(?:MEMORANDUM FOR .{0,300}?)?By (?:the )?(?:authority|power|virtue) (?:vested|of)\b"
    r"(?:[^:]{0,500}?:\s+|[^:.]{0,400}?,\s+(?=I hereby))",
    r"(?i:By the President of the United States of America\W+A Proclamation)\s+",
    r"(?:A BILL .{0,200}?)?(?i:be it (?:therefore )?enacted)\b[^:]{0,500}?:\s+",
    r"\(This note is not part of[^)]*\)\s+",
    r"[^.]{0,300}?\bmay be cited as\b[^.]*\.\s+",
    r"[^.]{1,250}?\s(?=This (?:bill|act|joint resolution|resolution)\s)",
)
_PLACE = (
    rf"(?:Section|SECTION|Sec\.|Article|Art\.|Part|Chapter|§)\s*\d+[A-Z]?[.:]\s*(?:{_HEADING}\s?[.:]—?\s*)?"
    r"(?:\([a-z0-9]{1,3}\)\s*)*|\d{1,2}\.\s+(?=[A-Z])"
)
_NOTHING_SAID = re.compile(rf"(?:{'|'.join(_FORMULAE)}|{_PLACE})")
"""What texts begin with before they say something: by what power, to whom, under which heading."""
_FORMAL = re.compile(rf"(?:{'|'.join(_FORMULAE[:3])}|{_PLACE})")
_DEED = re.compile(
    r"(?:Accordingly, |Therefore, )?(?:It is (?:\w+ )?the policy of|This (?:order|memorandum|proclamation) "
    r"(?!is not|does not|shall|may))",
    re.I,
)
"""How the sentence begins that tells what an act does."""
_SECTION = re.compile(rf"(?:^|(?<=\s))(?:Section|Sec\.) \d+\.\s*(?:{_HEADING}\.\s*)?(?:\([a-z0-9]{{1,3}}\)\s*)*")
_SUBJECT = re.compile(r"\ASUBJECT:[^\n]*(?:\n|\Z)")
"""The line of a memorandum that states its title."""
_CUT = re.compile(r"\s*\[(?:…|\.{3})\]$")
"""How a feed says that it shows only the beginning."""


def first_sentence(text: str | None, limit: int = MAX_ABSTRACT_CHARS) -> str | None:
    """The first sentence that says something, cut at a word with a mark when it is longer than the limit.

    An enacting formula, a heading or the number of a section says nothing; None where nothing else is there.
    """
    if text is None:
        return None
    shown = plain(text, 4_000)
    said = _CUT.sub("", shown)
    while (formula := _NOTHING_SAID.match(said)) and formula.end():
        said = said[formula.end() :]
    is_cut = _CUT.search(shown) is not None
    if not re.search(r"\w", said) or (is_cut and re.fullmatch(rf"{_HEADING}\.?", said)):
        return None
    return plain(next(_sentences(said + ("…" if is_cut and said[-1] not in ".!?…" else ""))), limit)


def after_title(text: str | None, title: str | None) -> str | None:
    """A text without its title, where that stands alone on its first line; summaries of bills begin so."""
    first, _, rest = (text or "").strip().partition("\n")
    is_title = bool(rest) and plain(first).casefold() == plain(title or "").casefold()
    return rest if is_title else text


def is_formal(abstract: str | None) -> bool:
    """Whether an abstract is only the beginning of the act itself: its formula, or the heading of its first section."""
    return abstract is not None and _FORMAL.match(plain(abstract, 4_000)) is not None


def own_words(text: str | None, limit: int = MAX_ABSTRACT_CHARS) -> str | None:
    """What an act says it does, from its first sections; where none of their sentences tells it, the first of them."""
    if text is None:
        return None
    said = _SUBJECT.sub("", text)
    for sentence in _sentences(_SECTION.sub("", plain(said, 4_000))):
        if _DEED.match(sentence):
            return plain(sentence, limit)
    return first_sentence(said, limit)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of one line of text; a point behind an abbreviation ends none."""
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not _NOT_AN_END.search(text[begin : end.start() + 1]):
            yield text[begin : end.end()]
            begin = end.end() + 1
    yield text[begin:]
