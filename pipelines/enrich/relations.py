"""What a text does to the laws, orders and rules that it names.

Belongs here: the wordings by which a text says that it implements, amends, revokes, supersedes, rescinds, corrects,
withdraws or extends another instrument; whatever else it names, it cites. Does not belong here: finding the names
(see citations), official disposition notes, matching of targets to documents. A sentence that tells what somebody
else did, or that something be considered, is no act of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.enrich.citations import MAY_CITE, Citation, find_citations
from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "relations/1"
MAX_QUOTE_CHARS = 400

MAY_RELATE = MAY_CITE
"""A relation needs a target that is named."""

RELATIONS = (
    "implements", "amends", "revokes", "supersedes", "rescinds", "corrects", "withdraws", "extends", "cites",
)  # fmt: skip

_BEFORE_CHARS = 240
_AFTER_CHARS = 900
_BETWEEN_CHARS = 240
"""How far behind a target a verb may stand, and how far once the titles in brackets are left out."""
_NEAREST = 4
_BRACKETED = re.compile(r"\([^()]{0,400}\)")
_LIST_CHARS = 3_000
"""How far below "the following are revoked:" its list is read."""

_SUBJECT = re.compile(
    r"(?:\bthis\s+(?:\w+\s+){1,3}?(?:also\s+|further\s+|hereby\s+)?"
    r"|(?-i:\b(?:[A-Z]{2,8}|[Tt]he\s+(?:Department|Commission|Bureau|Agency|Office|Board|Service|Council)))\s+"
    r"(?:is\s+)?(?:also\s+|hereby\s+)?|\bhereby\s+|(?:s|ing)\s+and\s+)\Z",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:(?:I|we)\s+(?:are\s+)?(?:hereby\s+|also\s+)?(?:\w+\s+and\s+)?|hereby\s+)\Z", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:(?P<amends>amend)|(?P<revokes>revok|repeal)|(?P<supersedes>supersed|replac)|(?P<rescinds>rescind)"
    r"|(?P<corrects>correct)|(?P<withdraws>withdraw)|(?P<extends>extend|re-?open))(?P<ending>es|s|ing|e|)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:is|are|shall\s+be)\s+(?:hereby\s+|further\s+|also\s+|each\s+)*(?:[a-z]+\s+and\s+)?"
    r"(?:(?P<amends>amended)(?!\s+by\s+(?:Executive|Public|section\s+\d+\s+of))|(?P<revokes>revoked|repealed)"
    r"|(?P<supersedes>superseded|replaced(?!\s+with))|(?P<rescinds>rescinded)|(?P<corrects>corrected)"
    r"|(?P<withdraws>withdrawn)|(?P<extends>extended|re-?opened))\b",
    re.IGNORECASE,
)
_ACTIVE_WORDS = ("amend", "revok", "repeal", "supersed", "replac", "rescind", "correct", "withdraw", "extend", "open")
_PASSIVE_WORDS = (
    "amended", "revoked", "repealed", "superseded", "replaced", "rescinded", "corrected", "withdrawn", "extended",
    "opened",
)  # fmt: skip
_TRIGGER_WORDS = (
    "implement",
    "carr",
    "power",
    "authorit",
    "pursuant",
    "as directed",
    "as required",
    "as called",
    "in accordance",
)
_IN_BETWEEN = re.compile(
    r"\b(?:is|are|was|were|shall|will|must|may|means?|has|have|had|which|who"
    r"|(?:established|created|required)\s+(?:in|by|under))\b",
)
"""A verb between a target and what was done: then something else was done."""
_IS_ASIDE = re.compile(
    r"\bas\s+(?:\w+\s+)?(?:amended|extended|modified|superseded|supplemented|continued)\s+by\s+[^;]{0,500}\Z",
    re.IGNORECASE,
)
"""What amended the target before is not what is acted on now."""
_PIN_OF = re.compile(
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|clauses?|parts?|provisions|subparagraphs?)\b[^.;]{0,80}?|\btext)"
    r"\s+(?:of|to|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_IS_PLACE = re.compile(r"\b(?:under|in|to|with|by|from|for|of|on|implementing)\s+(?:the\s+)?\Z", re.IGNORECASE)
"""The target is where something stands, not what is acted on: "rules issued under X are revoked"."""
_LISTED_DONE = re.compile(
    r"\bfollowing\b[^.;:]{0,120}?\b(?:is|are)\s+(?:hereby\s+)?"
    r"(?P<word>revoked|rescinded|repealed|superseded|amended|withdrawn)\s*:",
    re.IGNORECASE,
)
_LIST_END = re.compile(r"\n\s*(?:Sec(?:tion|\.)|\u00a7)\s*\d|[a-z.]Sec\.\s*\d", re.IGNORECASE)
_BY_WORD = {
    "revoked": "revokes", "repealed": "revokes", "rescinded": "rescinds", "superseded": "supersedes",
    "amended": "amends", "withdrawn": "withdraws",
}  # fmt: skip
_NOT_ACTING = re.compile(
    r"\b(?:not|shall|must|will|may|should|could|would|to|consider(?:ing)?|propos(?:e|es|ing)|which|that|who)\b"
    r"[^.;,]{0,60}\Z",
    re.IGNORECASE,
)
"""In front of a verb: it is denied, asked of somebody, or done by another."""

_PROVISIONS = (
    r"(?:(?:the\s+)?(?:requirements|provisions|directives?|objectives|terms|mandates?|principles|AI\s+Principles|policy"
    r"|policies)\s+(?:of|in|under|established\s+by|set\s+(?:forth|out)\s+in)\s+)?"
)
_PINPOINTED = (
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|division|parts?|articles?)\s+[\w.()\u2013-]+"
    r"(?:(?:\s*,\s*|\s+)(?:and\s+|or\s+)?[\w.()\u2013-]+){0,4}\s+of\s+)?"
)
_TARGET = rf"{_PROVISIONS}{_PINPOINTED}(?:the\s+)?(?:[A-Z][^.;:]{{0,90}}[,(]\s*(?:as\s+amended\s*[,(]\s*)?)?\Z"
_TRIGGER = re.compile(
    r"(?P<implement>\bimplements?\b|(?:\bin|[,;])\s*implementing\b|(?-i:\bthe\s+implementation\s+of)\b"
    r"|\bcarr(?:y|ies)\s+out\b|(?:\bin|[,;])\s*carrying\s+out\b)"
    r"|(?P<power>\b(?:powers?|authority|authorities)\s+(?:granted|vested|conferred|delegated|provided)\b)"
    r"|(?P<pursuant>\b(?:pursuant\s+to|as\s+(?:directed|required|called\s+for)\s+by|under\s+the\s+authority\s+of)\b)"
    r"|(?P<accordance>\bin\s+accordance\s+with\b)",
    re.IGNORECASE,
)
_AFTER_TRIGGER = re.compile(rf"\s+{_TARGET}", re.IGNORECASE)
_POWER_OF = re.compile(rf"[^.;]{{0,60}}?\b(?:by|under|in)\s+{_TARGET}", re.IGNORECASE)
_VESTED = re.compile(r"\bvested\s+in\s+me\b", re.IGNORECASE)
_PREAMBLE_CHARS = 1_000
_ENDS_PREAMBLE = re.compile(r"\bhereby\b|[;:]", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"\b(?:\w+(?:ed|en|ne)|made|set\s+forth|law|actions?|rules?|regulations?|guidance|authorit\w+|available|waivers?)"
    r"\s*\Z",
    re.IGNORECASE,
)
"""What was done pursuant to a target before: "issued pursuant to", "the regulations pursuant to"."""
_ORDERS_SOMETHING = re.compile(r"\b(?:shall|must|hereby|direct)\b", re.IGNORECASE)
_OTHERS_WORK = re.compile(r"\b(?:not|regulations?|rules?|guidance|procedures|actions?|laws?)\s+\Z", re.IGNORECASE)
_SENTENCE_START = re.compile(r"[.;:]\s+(?=[A-Z(])|\n\s*\n|[.;:](?=\([a-z]{1,4}\)\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Nos|U\.S|U\.S\.C|C\.F\.R|F\.R|E\.O|Pub|L|P\.L|Sec|Fed|Reg|S|H\.R|Stat|Inc|art|para|div|Doc)|\b[A-Z])\Z"
)
_CLAUSE_CHARS = 1_000
_AND = re.compile(
    r"\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?\s*)?(?:\([^()]{0,250}\)\s*)?"
    r"(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|as\s+well\s+as\s+)(?:(?:Executive\s+Orders?|E\.O\.)\s+)?"
)
"""Between members of one list: what is done to the first is done to the next."""


@dataclass(frozen=True)
class Relation:
    """One thing that a text says of one target; ``quote`` is ``text[start:end]``."""

    relation: str
    """One of RELATIONS."""
    target_scheme: str
    target_value: str
    pinpoint: str | None
    start: int
    end: int
    quote: str


def find_relations(text: str, own: Iterable[tuple[str, str]] = ()) -> list[Relation]:
    """What the text does to each target, in the order of first mention.

    ``own`` are the scheme and value of the text's own identifiers, which are no targets. A target acted on anywhere is
    not also listed as cited; one may be acted on in two ways ("rescinds and replaces").
    """
    citations = find_citations(text)
    if not citations:
        return []
    left_out = set(own)
    reader = _Reader(text)
    stated: dict[tuple[str, str, str], Relation] = {}
    previous: tuple[int, list[str]] = (0, [])
    for citation in citations:
        acts = reader.acts(citation)
        if _AND.fullmatch(reader.text, previous[0], citation.start):
            acts = acts or previous[1]
        previous = (citation.end, acts)
        if (citation.scheme, citation.value) in left_out:
            continue
        for name in acts or ["cites"]:
            key = (name, citation.scheme, citation.value)
            if key not in stated:
                stated[key] = _relation(text, name, citation, reader.clause_start(citation.start))
    acted_on = {(scheme, value) for name, scheme, value in stated if name != "cites"}
    return [one for (name, *target), one in stated.items() if name != "cites" or tuple(target) not in acted_on]


class _Reader:
    """One text and the places of all words that may say what is done, each searched for once."""

    def __init__(self, text: str) -> None:
        self.text = tame(text)
        low = self.text.lower()
        self.verbs = _Found(_VERB, self.text, low, _ACTIVE_WORDS)
        self.done = _Found(_DONE, self.text, low, _PASSIVE_WORDS)
        self.triggers = _Found(_TRIGGER, self.text, low, _TRIGGER_WORDS)
        self.vested = _Found(_VESTED, self.text, low, ("vested",))
        self.starts = [0, *(match.end() for match in _SENTENCE_START.finditer(self.text) if self._is_end(match))]
        self.listed = list(_listed_spans(self.text))

    def _is_end(self, match: re.Match[str]) -> bool:
        is_stop = match[0].startswith(".")
        return not (is_stop and _ABBREVIATED.search(self.text, max(0, match.start() - 8), match.start()))

    def clause_start(self, place: int) -> int:
        """Where the sentence begins, as far back as it is read."""
        return max(self.starts[bisect_right(self.starts, place) - 1], place - _CLAUSE_CHARS)

    def acts(self, citation: Citation) -> list[str]:
        """What is done to what is cited here; nothing where it is only named."""
        begin = self.clause_start(citation.start)
        found = [name for start, end, name in self.listed if start <= citation.start < end]
        found.extend(self._doing(citation, begin))
        found.extend(self._was_done(citation, begin))
        if not found and self._implements(citation, begin):
            found.append("implements")
        return list(dict.fromkeys(found))

    def _doing(self, citation: Citation, begin: int) -> Iterator[str]:
        """Active verbs in front of a target: "This notice rescinds and replaces M-24-10"."""
        for verb in self.verbs.between(max(begin, citation.start - _BEFORE_CHARS), citation.start):
            if self._is_doing(verb, citation, begin):
                yield str(verb.lastgroup if verb.lastgroup != "ending" else _relation_of(verb))

    def _is_doing(self, verb: re.Match[str], citation: Citation, begin: int) -> bool:
        between = self.text[verb.end() : citation.start]
        if re.search(r"[.;:]|\bby\b", between) or _IN_BETWEEN.search(between):
            return False
        lead = self.text[max(begin, verb.start() - 90) : verb.start()]
        if verb["ending"].lower() in ("", "e"):
            return bool(_FIRST_PERSON.search(lead)) and not _NOT_ACTING.search(lead)
        is_first = not re.sub(r"\([a-z0-9]+\)|\s", "", lead)
        return bool(is_first or _SUBJECT.search(lead) or _FIRST_PERSON.search(lead)) and not _NOT_ACTING.search(lead)

    def _was_done(self, citation: Citation, begin: int) -> Iterator[str]:
        """Passive verbs behind a target: "Executive Order 14110 of ... is hereby revoked"."""
        for done in self.done.between(citation.end, citation.end + _AFTER_CHARS)[:1]:
            between = _BRACKETED.sub("", self.text[citation.end : done.start()])
            if len(between) > _BETWEEN_CHARS or re.search(r"[.;]", between) or _IN_BETWEEN.search(between):
                return
            before = self.text[begin : citation.start]
            if not _IS_ASIDE.search(before) and not _IS_PLACE.search(_PIN_OF.sub("", before[-160:])):
                yield _relation_of(done)

    def _implements(self, citation: Citation, begin: int) -> bool:
        for trigger in self.triggers.between(max(begin, citation.start - _BEFORE_CHARS), citation.start):
            if self._carries_out(trigger, citation, begin):
                return True
        vested = self.vested.between(max(begin, citation.start - _PREAMBLE_CHARS), citation.start)
        return bool(vested) and not _ENDS_PREAMBLE.search(self.text, vested[-1].end(), citation.start)

    def _carries_out(self, trigger: re.Match[str], citation: Citation, begin: int) -> bool:
        pattern = _POWER_OF if trigger["power"] else _AFTER_TRIGGER
        target = pattern.match(self.text, trigger.end(), citation.start)
        if not target:
            return False
        lead = self.text[max(begin, trigger.start() - 400) : trigger.start()].rstrip()
        if trigger["power"]:
            return True
        if trigger["implement"]:
            return not _OTHERS_WORK.search(f"{lead[-40:]} ")
        if _PARTICIPLE.search(lead[-60:]):
            return False
        if trigger["accordance"]:
            return citation.scheme == "eo" or bool(re.search(r"\bAct\b", target[0]))
        is_bare = citation.scheme in ("usc", "cfr") and not target[0].strip() and not lead.endswith(",")
        return not is_bare and (lead.endswith(",") or not lead or bool(_ORDERS_SOMETHING.search(lead)))


class _Found:
    """All matches of a pattern, by place; not searched for where the text holds none of its words."""

    def __init__(self, pattern: re.Pattern[str], text: str, low: str, words: tuple[str, ...]) -> None:
        self.matches = list(pattern.finditer(text)) if any(word in low for word in words) else []
        self.starts = [match.start() for match in self.matches]

    def between(self, first: int, last: int) -> list[re.Match[str]]:
        """Those that begin there; of many, the nearest to either end."""
        found = self.matches[bisect_left(self.starts, first) : bisect_left(self.starts, last)]
        return found if len(found) <= 2 * _NEAREST else [*found[:_NEAREST], *found[-_NEAREST:]]


def _relation_of(match: re.Match[str]) -> str:
    return next(name for name in RELATIONS if match.groupdict().get(name))


def _listed_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the members of "the following are hereby revoked: ..." stand, and what is done to them."""
    for match in _LISTED_DONE.finditer(text):
        end = _LIST_END.search(text, match.end(), match.end() + _LIST_CHARS)
        yield match.end(), end.start() if end else match.end() + _LIST_CHARS, _BY_WORD[match["word"].lower()]


def _relation(text: str, name: str, citation: Citation, begin: int) -> Relation:
    """Quoted from the beginning of the sentence, or as much before the target as fits."""
    start = max(begin, citation.end - MAX_QUOTE_CHARS)
    start += len(text[start : citation.start]) - len(text[start : citation.start].lstrip())
    end = citation.end
    if name != "cites":
        stop = re.search(r"[.;]\s|\n", text[end : end + MAX_QUOTE_CHARS])
        end = max(end, min(end + (stop.start() if stop else 0), start + MAX_QUOTE_CHARS))
    return Relation(name, citation.scheme, citation.value, citation.pinpoint, start, end, text[start:end])
