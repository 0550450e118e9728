"""What a text does to the laws, orders and rules that it names.

Belongs here: the wordings by which a text says that it implements, amends, revokes, supersedes, rescinds, corrects,
withdraws or extends another instrument; whatever else it names, it cites. Does not belong here: finding the names
(see citations), official disposition notes, matching of targets to documents. A sentence that tells what somebody
else did, or that something be considered, is no act of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.enrich.citations import MAY_CITE, Citation, find_citations

EXTRACTOR_VERSION = "relations/1"
MAX_QUOTE_CHARS = 400

MAY_RELATE = MAY_CITE
"""A relation needs a target that is named."""

RELATIONS = (
    "implements", "amends", "revokes", "supersedes", "rescinds", "corrects", "withdraws", "extends", "cites",
)  # fmt: skip

_BEFORE_CHARS = 240
_AFTER_CHARS = 320
_AFTER_READ = 1_000
"""How much is read behind a target, and how much of it counts once the titles in brackets are left out."""
_BRACKETED = re.compile(r"\([^()]*\)")
_LIST_CHARS = 3_000
"""How far below "the following are revoked:" its list is read."""

_SUBJECT = (
    r"(?:\bthis\s+(?:\w+\s+){1,3}?(?:also\s+|further\s+|hereby\s+)?"
    r"|(?-i:\b(?:[A-Z]{2,8}|[Tt]he\s+(?:Department|Commission|Bureau|Agency|Office|Board|Service|Administration|Council)))\s+"
    r"(?:is\s+)?(?:also\s+|hereby\s+)?|\bhereby\s+|(?:s|ing)\s+and\s+|^\s*(?:\([a-z0-9]+\)\s*)*)"
)
_FIRST_PERSON = r"(?:\b(?:I|we)\s+(?:are\s+)?(?:hereby\s+|also\s+)?|\bhereby\s+|\bI\s+hereby\s+\w+\s+and\s+)"
_VERBS = {
    "amends": r"amend(?P<ending>s|ing|)",
    "revokes": r"(?:revok|repeal)(?P<ending>es|s|ing|e|)",
    "supersedes": r"(?:supersed|replac)(?P<ending>es|ing|e)",
    "rescinds": r"rescind(?P<ending>s|ing|)",
    "corrects": r"correct(?P<ending>s|ing|)",
    "withdraws": r"withdraw(?P<ending>s|ing|)",
    "extends": r"(?:extend|re-?open)(?P<ending>s|ing|)",
}
_DOING = {
    name: re.compile(
        rf"(?:(?P<subject>{_SUBJECT})|(?P<first>{_FIRST_PERSON})){verb}\b(?P<between>[^.;:]{{0,160}})\Z", re.IGNORECASE
    )
    for name, verb in _VERBS.items()
}
_DONE_WORD = {
    "amends": r"amended(?!\s+by\s+(?:Executive|Public|section\s+\d+\s+of))",
    "revokes": r"revoked|repealed",
    "supersedes": r"superseded|replaced(?!\s+with)",
    "rescinds": r"rescinded",
    "corrects": r"corrected",
    "withdraws": r"withdrawn",
    "extends": r"(?:extended|re-?opened)",
}
_DONE = {
    name: re.compile(
        rf"[^.;]{{0,220}}?\b(?:is|are|shall\s+be)\s+(?:hereby\s+|further\s+|also\s+|each\s+)*(?:[a-z]+\s+and\s+)?(?:{word})\b",
        re.IGNORECASE,
    )
    for name, word in _DONE_WORD.items()
}
_IN_BETWEEN = re.compile(
    r"\b(?:is|are|was|were|shall|will|must|may|means?|has|have|had|which|who|(?:established|created|required)\s+(?:in|by|under))\b",
    re.IGNORECASE,
)
"""A verb between a target and what was done: then something else was done."""
_IS_ASIDE = re.compile(
    r"\bas\s+(?:\w+\s+)?(?:amended|extended|modified|superseded|supplemented|continued)\s+by\s+[^;]{0,500}\Z", re.IGNORECASE
)
"""What amended the target before is not what is acted on now."""
_PIN_OF = re.compile(
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|clauses?|parts?|provisions|subparagraphs?)\b[^.;]{0,80}?|\btext)\s+(?:of|to|in)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_IS_PLACE = re.compile(r"\b(?:under|in|to|with|by|from|for|of|on|implementing)\s+(?:the\s+)?\Z", re.IGNORECASE)
"""The target is where something stands, not what is acted on: "rules issued under X are revoked"."""
_LISTED_DONE = re.compile(
    r"\b(?:the\s+)?following\b[^.;:]{0,120}?\b(?:is|are)\s+(?:hereby\s+)?(?P<word>revoked|rescinded|repealed|superseded|amended|withdrawn)\s*:",
    re.IGNORECASE,
)
_LIST_END = re.compile(r"\n\s*(?:Sec(?:tion|\.)|\u00a7)\s*\d|[a-z.]Sec\.\s*\d", re.IGNORECASE)
_BY_WORD = {
    "revoked": "revokes", "repealed": "revokes", "rescinded": "rescinds", "superseded": "supersedes",
    "amended": "amends", "withdrawn": "withdraws",
}  # fmt: skip

_NOT_ACTING = re.compile(
    r"\b(?:not|shall|must|will|may|should|could|would|to|consider(?:ing)?|propos(?:e|es|ing)|which|that|who)\b[^.;,]{0,60}\Z",
    re.IGNORECASE,
)
"""In front of a verb: it is denied, asked of somebody, or done by another."""
_PROVISIONS = (
    r"(?:(?:the\s+)?(?:(?:requirements|provisions|directives?|objectives|terms|mandates?|principles|AI\s+Principles|policy|policies)\s+"
    r"(?:(?:of|in|under|established\s+by|set\s+(?:forth|out)\s+in)\s+)))?"
)
_PINPOINTED = (
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|division|parts?|articles?)\s+[\w.()\u2013-]+(?:(?:\s*,\s*|\s+)(?:and\s+|or\s+)?[\w.()\u2013-]+){0,4}\s+of\s+)?"
)
_TARGET = rf"{_PROVISIONS}{_PINPOINTED}(?:the\s+)?(?:[A-Z][^.;:]{{0,90}}[,(]\s*(?:as\s+amended\s*[,(]\s*)?)?\Z"
_CARRIES_OUT = re.compile(
    rf"(?:\bimplements?|(?:\bin|[,;]|^)\s*implementing|(?-i:\bthe\s+implementation\s+of)|\bcarr(?:y|ies)\s+out|(?:\bin|[,;]|^)\s*carrying\s+out)\s+{_TARGET}",
    re.IGNORECASE,
)
_POWERS = re.compile(
    rf"\b(?:powers?|authority|authorities)\s+(?:granted|vested|conferred|delegated|provided)\b[^.;]{{0,60}}?\b(?:by|under|in)\s+{_TARGET}",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"\bBy\s+(?:virtue\s+of\s+)?the\s+(?:authority|power)s?\s+vested\s+in\s+me\b(?:(?!\bhereby\b)[^;:]){0,900}\Z", re.IGNORECASE)
_PURSUANT = re.compile(
    rf"(?P<lead>^|[^\s]\s+)(?:pursuant\s+to|as\s+(?:directed|required|called\s+for)\s+by|under\s+the\s+authority\s+of)\s+(?P<target>{_TARGET})",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"\b(?:\w+(?:ed|en|ne)|made|set\s+forth|law|actions?|rules?|regulations?|guidance|authorit\w+|available|waivers?)\s*\Z", re.IGNORECASE
)
"""What was done pursuant to a target before: "issued pursuant to", "the regulations pursuant to"."""
_ORDERS_SOMETHING = re.compile(r"\b(?:shall|must|hereby|direct)\b", re.IGNORECASE)
_ACCORDANCE = re.compile(rf"\bin\s+accordance\s+with\s+{_TARGET}", re.IGNORECASE)
_SENTENCE_START = re.compile(r"[.;:]\s+(?=[A-Z(])|\n\s*\n|[.;:](?=\([a-z]{1,4}\)\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Nos|U\.S|U\.S\.C|C\.F\.R|F\.R|E\.O|Pub|L|P\.L|Sec|Fed|Reg|S|H\.R|Stat|Inc|art|para|div|Doc)|\b[A-Z])\Z"
)


_AND = re.compile(
    r"\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?\s*)?(?:\([^()]{0,250}\)\s*)?(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|as\s+well\s+as\s+)"
    r"(?:(?:Executive\s+Orders?|E\.O\.)\s+)?"
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
    left_out = set(own)
    listed = list(_listed_spans(text))
    stated: dict[tuple[str, str, str], Relation] = {}
    previous: tuple[int, list[str]] = (0, [])
    for citation in find_citations(text):
        acts = _acts(text, citation, listed)
        if _AND.fullmatch(text, previous[0], citation.start):
            acts = acts or previous[1]
        previous = (citation.end, acts)
        if (citation.scheme, citation.value) in left_out:
            continue
        for name in acts or ["cites"]:
            key = (name, citation.scheme, citation.value)
            stated.setdefault(key, _relation(text, name, citation))
    acted_on = {(scheme, value) for name, scheme, value in stated if name != "cites"}
    return [one for (name, *target), one in stated.items() if name != "cites" or tuple(target) not in acted_on]


def _acts(text: str, citation: Citation, listed: list[tuple[int, int, str]]) -> list[str]:
    before = _clause_before(text, citation.start)
    after = _BRACKETED.sub("", text[citation.end : citation.end + _AFTER_READ])[:_AFTER_CHARS]
    found = [name for start, end, name in listed if start <= citation.start < end]
    found.extend(name for name in _DOING if _is_doing(name, before))
    if not _IS_ASIDE.search(before) and not _IS_PLACE.search(_PIN_OF.sub("", before)):
        found.extend(name for name in _DONE if _is_done(name, after))
    if not found and _implements(citation, before):
        found.append("implements")
    return list(dict.fromkeys(found))


def _is_doing(name: str, before: str) -> bool:
    match = _DOING[name].search(before)
    if not match or _IN_BETWEEN.search(match["between"]) or re.search(r"\bby\b", match["between"]):
        return False
    is_bare = match["ending"].lower() in ("", "e")
    if is_bare and not match["first"]:
        return False
    return not _denies(before[: match.start("ending")])


def _denies(lead: str) -> bool:
    """Whether what stands before a verb denies it, asks it of somebody or tells it of another."""
    return bool(_NOT_ACTING.search(lead[-90:]))


def _is_done(name: str, after: str) -> bool:
    match = _DONE[name].match(after)
    if not match:
        return False
    verb = re.search(r"\b(?:is|are|shall\s+be)\s+(?:\w+\s+)*?\w+\Z", match[0], re.IGNORECASE)
    between = match[0][: verb.start()] if verb else match[0]
    return not _IN_BETWEEN.search(re.sub(r"\([^()]*\)", "", between))


def _implements(citation: Citation, before: str) -> bool:
    if (match := _CARRIES_OUT.search(before)) and not _NOT_ACTING_IMPLEMENTS.search(before[: match.start()]):
        return True
    if _POWERS.search(before) or _PREAMBLE.search(before):
        return True
    if match := _PURSUANT.search(before):
        lead = before[: match.start("lead") + len(match["lead"])].rstrip()
        is_bare_code = citation.scheme in ("usc", "cfr") and not match["target"].strip() and not lead.endswith(",")
        is_adverbial = lead.endswith(",") or not lead or bool(_ORDERS_SOMETHING.search(lead))
        return is_adverbial and not is_bare_code and not _PARTICIPLE.search(lead)
    match = _ACCORDANCE.search(before)
    if not match or _PARTICIPLE.search(before[: match.start()]):
        return False
    return citation.scheme == "eo" or bool(re.search(r"\bAct\b", match[0]))


_NOT_ACTING_IMPLEMENTS = re.compile(r"\b(?:not|regulations?|rules?|guidance|procedures|actions?|laws?)\s+\Z", re.IGNORECASE)


def _clause_before(text: str, start: int) -> str:
    """From the beginning of the sentence, as far back as it is read."""
    window = text[max(0, start - 1_000) : start]
    begin = 0
    for match in _SENTENCE_START.finditer(window):
        if not (match[0].startswith(".") and _ABBREVIATED.search(window[: match.start()])):
            begin = match.end()
    return window[begin:]


def _listed_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the members of "the following are hereby revoked: ..." stand, and what is done to them."""
    for match in _LISTED_DONE.finditer(text):
        end = _LIST_END.search(text, match.end(), match.end() + _LIST_CHARS)
        yield match.end(), end.start() if end else match.end() + _LIST_CHARS, _BY_WORD[match["word"].lower()]


def _relation(text: str, name: str, citation: Citation) -> Relation:
    """Quoted from the beginning of the sentence, or as much before the target as fits."""
    before = _clause_before(text, citation.start)
    start = max(citation.start - len(before.lstrip()), citation.end - MAX_QUOTE_CHARS)
    end = citation.end
    if name != "cites":
        stop = re.search(r"[.;]\s|\n", text[end : end + MAX_QUOTE_CHARS])
        end = min(end + (stop.start() if stop else 0), start + MAX_QUOTE_CHARS)
        end = max(end, citation.end)
    return Relation(name, citation.scheme, citation.value, citation.pinpoint, start, end, text[start:end])
