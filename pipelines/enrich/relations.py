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
from dataclasses import dataclass, replace

from pipelines.enrich.citations import MAY_CITE, Citation, find_citations
from pipelines.enrich.hedges import is_denied, is_supposed, is_supposed_behind
from pipelines.enrich.reach import (
    is_excluded,
    is_limited_first,
    is_limited_in_bracket,
    is_part_of,
    is_partly_done,
    is_taken_over,
    limit_behind,
    without_extent,
    without_part,
)
from pipelines.enrich.tame import tame
from pipelines.enrich.words import ORDERS_ON_RULEMAKING

EXTRACTOR_VERSION = "relations/3"
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
_LIST_CHARS = 15_000
"""How far below "the following are revoked:" its list is read."""

_ADVERB = r"(?:(?:also|further|hereby|now|today|therefore|partially|partly)\s+){0,2}"
_SUBJECT = re.compile(
    rf"(?:\bthis\s+(?:\w+\s+){{1,3}}?{_ADVERB}"
    rf"|(?-i:\b(?:[A-Z]{{2,8}}|[Tt]he\s+(?:Department|Commission|Bureau|Agency|Office|Board|Service|Council|President"
    rf"|Secretary|Administrator|Director)))\s+(?:is\s+)?{_ADVERB}"
    rf"|\bhereby\s+)\Z",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b[Tt]he\s+(?P<name>[A-Z][\w.&'\u2019-]*(?:,?\s+(?:[A-Z][\w.&'\u2019-]*|of|and|for|the|on|in|&)){1,11})"
    rf"\s+(?:\([^()]{{1,60}}\)\s+)?(?:(?:is|are)\s+)?{_ADVERB}\Z"
)
_ACRONYM = re.compile(rf"\b[A-Z]{{2,8}}\s+\([^()]{{1,60}}\)\s+(?:is\s+)?{_ADVERB}\Z")
_NO_BODY = re.compile(
    r"\b(?:Acts?|Orders?|Rules?|Regulations?|Laws?|Bills?|Directives?|Decisions?|Code|Agreements?|Treaty|Conventions?|Plan"
    r"|Memorandum|Amendments?|Resolutions?|Constitution|Strategy|Charter|Statutes?|Section|Title|Part)\Z"
)
"""What another instrument does is no act of the text."""
_FIRST_PERSON = re.compile(
    rf"\b(?:(?:I|we)\s+(?:are\s+)?{_ADVERB}(?:\w+\s+and\s+)?|hereby\s+"
    rf"|these\s+(?:\w+\s+){{0,2}}?(?:regulations|rules|orders|amendments|schemes?)\s+{_ADVERB})\Z",
    re.IGNORECASE,
)
_COORDINATED = re.compile(
    rf"(?:,|;|\b(?:and|or|but|then)|\bas\s+well\s+as)\s+(?:(?:and|or|also)\s+)?{_ADVERB}\Z", re.IGNORECASE
)
"""In front of a verb that shares the subject of an earlier one."""
_ONLY_JOINED = re.compile(rf"\s*(?:,\s*)?(?:(?:and|or)(?:/or)?\s+)?{_ADVERB}\Z", re.IGNORECASE)
"""Between two verbs that share their target: "rescinds and replaces"."""
_OPENS_WITH_SUBJECT = re.compile(
    r"[\s\u2022*-]*(?:\(?\w{1,4}[.)]\s*){0,3}(?:[^.;:,]{0,60},\s+)?this\s+\w+(?:\s+\w+)?\s+\w+s\s", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:(?P<amends>amend|modif|revis)|(?P<revokes>revok|repeal)|(?P<supersedes>supersed|replac)"
    r"|(?P<rescinds>rescind|cancel)|(?P<corrects>correct)|(?P<withdraws>withdraw)|(?P<extends>extend|re-?open))"
    r"(?P<ending>l?ing|ies|ying|es|s|e|y|)\b",
    re.IGNORECASE,
)
_BARE = ("", "e", "y")
_OTHERS_ACT = r"(?!\s+by\s+(?:Executive|Public|E\.O|EO\s|M-\d|Proclamation|section\s+\d+\s+of|\d))"
_DONE = re.compile(
    r"\b(?:(?:is|are|shall\s+be)\s+(?P<how>(?:(?:hereby|further|also|each|partially|partly|being|therefore|both|declared)"
    r"\s+){0,3})(?:(?P<also>[a-z]+)(?:,?\s+and\s+|\s*,\s+))?"
    r"(?:(?P<amends>amended|modified|revised)|(?P<revokes>revoked|repealed|terminated|null\s+and\s+void)"
    r"|(?P<supersedes>superseded|replaced)|(?P<rescinds>rescinded|cancell?ed)|(?P<corrects>corrected)"
    rf"|(?P<withdraws>withdrawn)|(?P<extends>extended|re-?opened)|(?P<edits>omitted|deleted|inserted)){_OTHERS_ACT}"
    r"|(?P<void>(?:shall\s+|will\s+)?(?:have|has)\s+no\s+(?:further\s+)?(?:legal\s+)?(?:force|effect)"
    r"|shall\s+no\s+longer\s+(?:have\s+(?:any\s+)?(?:force|effect)|be\s+in\s+(?:force|effect)|apply)"
    r"|(?:ceases?|shall\s+cease)\s+to\s+(?:have\s+(?:any\s+)?effect|be\s+in\s+force)))\b",
    re.IGNORECASE,
)
_BY_WORDING = re.compile(r"\s*(?:with|by)\s+(?:the\s+following\b|[\"\u201c\u2018'`])", re.IGNORECASE)
"""Other words are put in: a part is replaced, not the whole."""
_CORRECTIONS = re.compile(
    r"\b(?:the\s+following\s+corrections?\s+(?:is|are)\s+(?:hereby\s+)?made|make\s+the\s+following\s+corrections?)\b",
    re.IGNORECASE,
)
_TEXTUAL = re.compile(r"\b(?<!to )(?<!shall )(?<!may )(?:insert|substitute|omit)\b", re.IGNORECASE)
_TEXTUAL_OPENING = re.compile(
    r"[\s\u2022*-]*(?:\(?\w{1,4}[.)]\s*){0,4}(?:In|At|After|Before|For|Omit)\s+[^;:]{0,200}\Z", re.DOTALL
)
"""How a British instrument words a change: "In section 1 of the ... Act 2018, after subsection (2) insert"."""
_ACTIVE_WORDS = (
    "amend", "modif", "revis", "revok", "repeal", "supersed", "replac", "rescind", "cancel", "correct", "withdraw",
    "extend", "open",
)  # fmt: skip
_PASSIVE_WORDS = (
    "amended", "modified", "revised", "revoked", "repealed", "terminated", "void", "superseded", "replaced",
    "rescinded", "celed", "celled", "corrected", "withdrawn", "extended", "opened", "omitted", "deleted", "inserted",
    " force", "effect", "longer",
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
    "fulfil",
    "satisf",
    "discharg",
    "under",
)
_IN_BETWEEN = re.compile(
    r"\b(?:is|are|was|were|shall|will|must|may|means?|has|have|had|which|who|remains?|stays?"
    r"|(?:established|created|required)\s+(?:in|by|under))\b",
)
"""A verb between a target and what was done: then something else was done."""
_ASIDE_BEHIND = re.compile(r",\s*(?:which|who)\s[^,;]{0,160},")
_IS_ASIDE = re.compile(
    r"\bas\s+(?:\w+\s+)?(?:amended|extended|modified|superseded|supplemented|continued)\s+by\s+[^;]{0,500}\Z"
    r"|,\s*(?:which|who)\s[^,;]{0,160}\Z",
    re.IGNORECASE,
)
"""What amended the target before is not what is acted on now."""
_PIN_OF = re.compile(
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|clauses?|parts?|provisions|subparagraphs?"
    r"|(?:articles?|regulations?|schedules?|annex(?:es)?)\s+(?=\d|[IVX]+\b))\b[^.;]{0,80}?|\btext)"
    r"\s+(?:of|to|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_SUBDIVISION = re.compile(
    r"\b(?:sub(?:section|paragraph)|paragraph|clause)s?\s+((?:\(\w{1,4}\)){1,4}"
    r"(?:(?:,\s*(?:and\s+)?|\s+and\s+)(?:\(\w{1,4}\)){1,4}){0,6})\s+(?:of|in|to)\s+section\s+(\d[\w.]{0,8})"
    r"\s+(?:of|to|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
"""A part of a section: "subsections (b) and (c) of section 4"."""
_NO_NUMBER = re.compile(r"(?<![\w(])(?!(?:and|or|through)\b)[a-z]{3,}")
"""A word among the numbers of provisions: "part 39 to conform"."""
_EXCEPTION_CHARS = 240
_WHOLE_AND_MORE = re.compile(r"\b(?:et\s+seq|note)\b")
_PIN_BEFORE_NAME = re.compile(
    r"\b((?:sub)?(?:sections?|paragraphs?|titles?|parts?|articles?|clauses?|regulations?|schedules?)\s+"
    r"[\w.()\u2013-]{1,24}(?:(?:,\s*|,?\s+and\s+)\d[\w.()\u2013-]{0,23}){0,6})\s+(?:of|to)\s+(?:the\s+)?"
    r"(?-i:[A-Z])[^;:()]{0,120}(?:\([^()]{0,80}\)[^;:()]{0,60})?\(\Z",
    re.IGNORECASE,
)
"""The provision in front of a name whose number stands in brackets."""
_PARALLEL = re.compile(
    r"\((?:Public\s+Law|Pub\.\s?L\.|P\.L\.|\d{1,3}\s+(?:U\.S\.C\.|Stat\.))[^()]{0,60};\s*\Z", re.IGNORECASE
)
"""One law by two numbers in one bracket."""
_PARALLEL_BEHIND = re.compile(r"[;,]\s*\d[^()]{0,60}\)")
_PART_OF_NAME = re.compile(
    r"\s*(?:\([^()]{0,160}\)\s*){0,3}(?-i:[A-Z]\w*\s+){0,4}(?:Regulations|Rules|Order)\s+(?:19|20)\d\d\b"
)
"""Behind an Act that only names an instrument made under it: "the ... Act 2018 (Fees) Regulations 2020"."""
_IS_PLACE = re.compile(r"\b(?:under|in|to|with|by|from|for|of|on|implementing)\s+(?:the\s+)?\Z", re.IGNORECASE)
"""The target is where something stands, not what is acted on: "rules issued under X are revoked"."""
_NAME_JOINED = re.compile(
    r"(?<=[A-Z])(?<!\bThe)[\w'\u2019-]*\s+(?:of|and|for|on|in|to|with|the)\s+(?=(?:the\s+)?[A-Z])"
)
_OTHER_OBJECT = re.compile(
    r"\b(?:under|to|with|from|for|on|pursuant|implementing|regarding|concerning|relating|governing|against|about|into|using"
    r"|its|their|our|regulations?|rules?|guidance|deadlines?|standards?|policies|procedures|requirements"
    r"|Regarding|Concerning|Under|Relat(?:ed|ing))\b|[\"\u201c][^\"\u201d]*\Z"
)
"""Between a verb and a law or order: what is acted on is something of its field."""
_BY_PLACE = ("fr_citation", "fr_document", "rin", "docket", "cfr")
"""Schemes of what is printed somewhere: "the rule published on ... at 89 FR 5698", "the regulations at 15 CFR 744"."""
_LISTED_DONE = re.compile(
    r"\bfollowing\b[^.;:\u2014]{0,120}?\b(?:is|are|shall\s+be)\s+(?P<how>(?:(?:hereby|each|also)\s+)?)"
    r"(?:(?P<also>[a-z]+)\s+and\s+)?"
    r"(?P<word>revoked|rescinded|repealed|superseded|replaced|amended|withdrawn|cancell?ed|terminated)"
    r"[^.;:\u2014]{0,60}(?::|\u2014|--)",
    re.IGNORECASE,
)
_PARTS_FOLLOW = re.compile(
    r"\s*following\s+(?:\w+\s+){0,2}?(?:provisions|(?:sub)?(?:sections|paragraphs|clauses)|parts|articles|portions)\b",
    re.IGNORECASE,
)
_THE_FOLLOWING = re.compile(r"\s+(?:[a-z]+\s+and\s+[a-z]+\s+)?the\s+following\b[^.;:\u2014]{0,120}(?::|\u2014|--)")
_LIST_STEP = re.compile(r"\.\s+(?=[A-Z(\u201c\"])|[.;](?=\([a-z]{1,4}\))|(?<=[a-z.)])(?=Sec\.\s*\d)|;|\n+")
_ENDS_LIST = re.compile(
    r"(?-i:\s*(?:Sec\.|SEC\.|\u00a7|(?:Section|SECTION)\s+\d+\.(?!\d)))"
    r"|(?-i:[^a-z]*(?:See|Note|Nothing|Agencies|Refer)\b)"
    r"|(?-i:.*?(?<!which )(?<!that )(?<!who )\b(?:is|are|was|were|shall|will|must|may|has|have|remains?|appl(?:y|ies)"
    r"|affects?|supersedes|continues?)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A heading, or a sentence with a verb of its own."""
_BY_WORD = {
    "revoked": "revokes", "repealed": "revokes", "terminated": "revokes", "rescinded": "rescinds",
    "canceled": "rescinds", "cancelled": "rescinds", "superseded": "supersedes", "replaced": "supersedes",
    "amended": "amends", "modified": "amends", "revised": "amends", "withdrawn": "withdraws", "corrected": "corrects",
    "extended": "extends",
}  # fmt: skip
_NOT_ACTING = re.compile(
    r"\b(?:not|shall|must|will|may|should|could|would|to|consider(?:ing)?|propos(?:e|es|ing)|which"
    r"|(?<!notice )that|who)\b[^.;,]{0,60}\Z",
    re.IGNORECASE,
)
"""In front of a verb: it is denied, asked of somebody, or done by another."""
_NOT_ACTING_FINITE = re.compile(
    r"\b(?:not|would|propos(?:e|es|ing)\s+to|which|(?<!notice )that|who)\b[^.;,]{0,60}\Z", re.IGNORECASE
)
"""The same in front of a verb with a subject of its own."""
_SAID_OF_DOING = re.compile(r"[^.;:]{0,160}?\b(?:would|will|could|might|can|may|is|was|has|requires?|means)\b")
"""Behind "Rescinding ...": the act is what the sentence is about, and not done by it."""

_PROVISIONS = (
    r"(?:(?:(?:the|its|their|our|his|her)\s+)?(?:requirements?|provisions|directives?|objectives|terms|mandates?|principles"
    r"|AI\s+Principles|policy|policies|responsibilities|obligations|duties|functions|directions?)\s+"
    r"(?:of|in|under|established\s+by|imposed\s+by|contained\s+in|set\s+(?:forth|out)\s+in)\s+)?"
)
_PINPOINTED = (
    r"(?:(?:sub)?(?:sections?|paragraphs?|titles?|division|parts?|articles?)\s+[\w.()\u2013-]+"
    r"(?:(?:\s*,\s*|\s+)(?:and\s+|or\s+)?[\w.()\u2013-]+){0,4}\s+of\s+)?"
)
_TARGET = rf"{_PROVISIONS}{_PINPOINTED}(?:the\s+)?(?:[A-Z][^.;:]{{0,90}}[,(]\s*(?:as\s+amended\s*[,(]\s*)?)?\Z"
_TRIGGER = re.compile(
    r"(?P<implement>\bimplements?\b|(?:\bin|[,;])\s*implementing\b|(?-i:\bthe\s+implementation\s+of)\b"
    r"|\bcarr(?:y|ies)\s+out\b|(?:\bin|[,;])\s*carrying\s+out\b"
    r"|\b(?:fulfil(?:l)?s?|satisf(?:y|ies)|discharges?)(?=\s+(?:the|its|their)\s+(?:requirement|direct|mandate|obligation"
    r"|responsib|dut|function)))"
    r"|(?P<power>\b(?:powers?|authority|authorities)\s+(?:granted|vested|conferred|delegated|provided)\b)"
    r"|(?P<pursuant>\b(?:pursuant\s+to|as\s+(?:directed|required|called\s+for)\s+by|under\s+the\s+authority\s+of)\b)"
    r"|(?P<accordance>\bin\s+accordance\s+with\b)|(?P<made>\b(?:made|issued)\s+under\b)",
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
_IS_OWN = re.compile(
    r"\b(?:this|these)\s+[^.;]{0,120}?\b(?:is|are)\s+(?:(?:being|hereby|also)\s+)?(?:issued|made|provided|published|taken"
    r"|established|promulgated|adopted|given)?\s*\Z",
    re.IGNORECASE,
)
"""The text says under what it was made itself: "This memorandum is issued pursuant to"."""
_OWN_WORK = re.compile(r"\b(?:this|these)\s+(?:\w+\s+){0,3}\Z", re.IGNORECASE)
_HOUSEKEEPING = re.compile(
    r"\b(?:Paperwork\s+Reduction|Regulatory\s+Flexibility|Administrative\s+Procedure|Privacy|Freedom\s+of\s+Information"
    r"|Federal\s+Advisory\s+Committee|Congressional\s+Review|Unfunded\s+Mandates\s+Reform|Sunshine|Federal\s+Records"
    r"|National\s+Environmental\s+Policy)\b[^.;]{0,30}\bAct\b"
)
_OTHERS_WORK = re.compile(r"\b(?:not|regulations?|rules?|guidance|procedures|actions?|laws?)\s+\Z", re.IGNORECASE)
_SENTENCE_START = re.compile(r"[.;:]\s+(?=[A-Z(])|\n\s*\n|[.;:](?=\([a-z]{1,4}\)\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Nos|U\.S|U\.S\.C|C\.F\.R|F\.R|E\.O|Pub|L|P\.L|Sec|Fed|Reg|S|H\.R|Stat|Inc|art|para|div|Doc)|\b[A-Z])\Z"
)
_CLAUSE_CHARS = 1_000
_MAX_ITEMS = 12
"""How many items of a list are passed on the way up to the words that lead it in."""
_QUOTE_STOP = re.compile(r"\n(?=\s*(?:\n|[-*\u2022(]|\d{1,2}\.\s))")
_AND = re.compile(
    r"\)?\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?\s*)?(?:\([^()]{0,250}\)\s*)?"
    r"(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|as\s+well\s+as\s+)(?:sections?\s+[\w.()]{1,12}\s+of\s+)?"
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
    """The provisions acted on, as printed; None where the whole is."""
    start: int
    end: int
    quote: str
    is_partial: bool = False
    """Whether no more than a part is acted on, be it named or not."""


@dataclass(frozen=True)
class _Act:
    """One thing done to what is cited at one place."""

    name: str
    is_partial: bool = False


def find_relations(text: str, own: Iterable[tuple[str, str]] = ()) -> list[Relation]:
    """What the text does to each target, in the order of first mention.

    ``own`` are the scheme and value of the text's own identifiers, which are no targets. A target acted on anywhere is
    not also listed as cited; one may be acted on in two ways ("rescinds and replaces").
    """
    citations = find_citations(text)
    if not citations:
        return []
    left_out = set(own)
    reader = _Reader(text, citations)
    stated: dict[tuple[str, str, str], Relation] = {}
    previous: tuple[int, list[_Act]] = (0, [])
    for citation in citations:
        acts = reader.acts(citation)
        if _AND.fullmatch(reader.text, previous[0], citation.start):
            acts = acts or previous[1]
        previous = (citation.end, acts)
        if (citation.scheme, citation.value) in left_out:
            continue
        for act in acts or [_Act("cites")]:
            key = (act.name, citation.scheme, citation.value)
            one = reader.relation(act, citation)
            stated[key] = _with_more(stated[key], one) if key in stated else one
    acted_on = {(scheme, value) for name, scheme, value in stated if name != "cites"}
    return [one for (name, *target), one in stated.items() if name != "cites" or tuple(target) not in acted_on]


def _with_more(first: Relation, again: Relation) -> Relation:
    """A relation stated again: of further provisions, or of the whole."""
    if first.relation == "cites" or not first.is_partial:
        return first
    if not again.is_partial:
        return again
    pinpoints = [one.pinpoint for one in (first, again) if one.pinpoint]
    return replace(first, pinpoint="; ".join(dict.fromkeys(pinpoints)) or None)


class _Reader:
    """One text and the places of all words that may say what is done, each searched for once."""

    def __init__(self, text: str, citations: list[Citation]) -> None:
        self.raw = text
        self.citations = citations
        self.places = [citation.start for citation in citations]
        self.text = tame(text)
        low = self.text.lower()
        self.verbs = _Found(_VERB, self.text, low, _ACTIVE_WORDS)
        self.done = _Found(_DONE, self.text, low, _PASSIVE_WORDS)
        self.corrections = _Found(_CORRECTIONS, self.text, low, ("following correction",))
        self.textual = _Found(_TEXTUAL, self.text, low, ("insert", "substitute", "omit"))
        self.triggers = _Found(_TRIGGER, self.text, low, _TRIGGER_WORDS)
        self.vested = _Found(_VESTED, self.text, low, ("vested",))
        self.starts = [0, *(match.end() for match in _SENTENCE_START.finditer(self.text) if self._is_end(match))]
        self.acting: dict[int, bool] = {}
        self.list_ends = self._list_ends()
        self.excluded = self._taken_out()
        self.listed = list(self._lists())

    def _is_end(self, match: re.Match[str]) -> bool:
        is_stop = match[0].startswith(".")
        return not (is_stop and _ABBREVIATED.search(self.text, max(0, match.start() - 8), match.start()))

    def _list_ends(self) -> dict[int, int]:
        """Where the list of targets ends to which each belongs: "A, B and C"."""
        ends: dict[int, int] = {}
        later: Citation | None = None
        for citation in reversed(self.citations):
            end = self._end_of_name(citation)
            is_joined = later is not None and bool(_AND.fullmatch(self.text, citation.end, later.start))
            ends[citation.start] = ends[later.start] if later is not None and is_joined else end
            later = citation
        return ends

    def _taken_out(self) -> set[int]:
        """Where targets stand that are named as exceptions: "other than A and B"."""
        places: set[int] = set()
        earlier: Citation | None = None
        for citation in self.citations:
            before = _without_provision(self.text[max(0, citation.start - _BEFORE_CHARS) : citation.start])
            follows = earlier is not None and earlier.start in places
            if is_excluded(before) or (
                follows and earlier is not None and _AND.fullmatch(self.text, earlier.end, citation.start)
            ):
                places.add(citation.start)
            earlier = citation
        return places

    def clause_start(self, place: int) -> int:
        """Where the sentence begins, as far back as it is read."""
        return max(self.starts[bisect_right(self.starts, place) - 1], place - _CLAUSE_CHARS)

    def acts(self, citation: Citation) -> list[_Act]:
        """What is done to what is cited here; nothing where it is only named."""
        if _PART_OF_NAME.match(self.text, citation.end):
            return []
        if citation.start in self.excluded:
            return []
        begin = self.clause_start(citation.start)
        found = [
            _Act(name, is_part or self._is_limited(citation, begin, citation.end, name))
            for start, end, name, is_part in self.listed
            if start <= citation.start < end
        ]
        if found and self._is_named_beside(begin, citation):
            found = []
        found.extend(self._doing(citation, begin))
        found.extend(self._was_done(citation, begin))
        found.extend(self._reworded(citation, begin))
        if found and self._is_part(citation, begin):
            found = [replace(act, is_partial=True) for act in found]
        if not found and self._implements(citation, begin):
            found.append(_Act("implements"))
        return list({act.name: act for act in reversed(found)}.values())[::-1]

    def _is_part(self, citation: Citation, begin: int) -> bool:
        """Whether the words beside the target say that a part is meant: "certain provisions of"."""
        before = self.text[begin : citation.start]
        if is_limited_in_bracket(self.text, citation.end):
            return True
        return is_part_of(before[-_BEFORE_CHARS:]) or is_limited_first(before)

    def _is_limited(self, citation: Citation, begin: int, place: int, name: str) -> bool:
        """Whether what follows at ``place`` leaves a part standing, and a part of this target."""
        limit = limit_behind(self.text, place)
        if limit is None or (limit["field"] and name in ("amends", "corrects", "extends")):
            return False
        if not limit["except"]:
            return True
        end = self._end_of_quote(limit.end(), limit.end() + _EXCEPTION_CHARS)
        named = self.citations[bisect_left(self.places, limit.end()) : bisect_left(self.places, end)]
        if not named:
            return True
        kept = {(one.scheme, one.value) for one in named}
        if (citation.scheme, citation.value) in kept:
            return True
        beside = self.citations[bisect_left(self.places, begin) : bisect_left(self.places, place)]
        return not any((one.scheme, one.value) in kept for one in beside) and any(one.pinpoint for one in named)

    def relation(self, act: _Act, citation: Citation) -> Relation:
        """Quoted from the beginning of the sentence, or as much before the target as fits, to its end."""
        begin = self.clause_start(citation.start)
        start = max(begin, citation.end - MAX_QUOTE_CHARS)
        start += len(self.raw[start : citation.start]) - len(self.raw[start : citation.start].lstrip())
        end = citation.end if act.name == "cites" else self._end_of_quote(citation.end, start + MAX_QUOTE_CHARS)
        pinpoint = self._provision(citation, begin)
        is_partial = act.name != "cites" and (act.is_partial or pinpoint is not None)
        quote = self.raw[start:end]
        return Relation(act.name, citation.scheme, citation.value, pinpoint, start, end, quote, is_partial)

    def _end_of_quote(self, place: int, last: int) -> int:
        """The end of the sentence, or of the last word that fits."""
        number = bisect_right(self.starts, place)
        end = self.starts[number] if number < len(self.starts) else len(self.raw)
        if stop := _QUOTE_STOP.search(self.text, place, min(end, last + 1)):
            end = stop.start()
        if end > last:
            end = max(place, self.raw.rfind(" ", place, last + 1))
        return place + len(self.raw[place:end].rstrip().rstrip(".;:"))

    def _provision(self, citation: Citation, begin: int) -> str | None:
        """The pinpoint beside the number, or in front of the name that the number in brackets explains."""
        first = max(begin, citation.start - _BEFORE_CHARS)
        is_within = self.text[first : citation.start].rstrip().endswith(("of", "to", "in", "the"))
        if is_within and (match := _SUBDIVISION.search(self.text, first, citation.start)):
            return "section " + ", ".join(f"{match[2]}{part}" for part in re.findall(r"(?:\(\w{1,4}\))+", match[1]))
        if _NO_NUMBER.search(citation.pinpoint.partition(" ")[2] if citation.pinpoint else ""):
            return None
        if citation.scheme in ("usc", "cfr"):
            return None if _WHOLE_AND_MORE.search(citation.pinpoint or "") else citation.pinpoint
        if citation.pinpoint:
            return citation.pinpoint
        if self.text[citation.start - 1 : citation.start] != "(":
            return None
        match = _PIN_BEFORE_NAME.search(self.text, first, citation.start)
        return " ".join(match[1].split()) if match else None

    def _hedged(self, begin: int, end: int, is_performed: bool) -> bool:
        """Whether the words up to ``end``, or those above the list, take the act back; "hereby" is no supposition."""
        begin = max(begin, self.text.rfind(";", begin, end) + 1)
        clause = self.text[begin:end]
        if is_denied(clause) or (not is_performed and is_supposed(clause)):
            return True
        above = self._above_list(begin)
        return bool(above) and (is_denied(above) or is_supposed(f"{above},"))

    def _above_list(self, begin: int) -> str:
        """The words that lead in the list of which the clause is an item."""
        number = bisect_right(self.starts, begin) - 1
        for start in self.starts[max(0, number - _MAX_ITEMS) : number + 1][::-1]:
            before = self.text[max(0, start - 3) : start].rstrip()[-1:]
            if before == ":":
                return self.text[self.clause_start(max(0, start - 3)) : start].rstrip()[:-1]
            if before != ";":
                return ""
        return ""

    def _is_named_beside(self, begin: int, citation: Citation) -> bool:
        """Whether the target only tells what another did, or where what is acted on stands."""
        before = self.text[begin : citation.start]
        if any(word in before for word in ("which", "who", " by ")) and _IS_ASIDE.search(before):
            return True
        return bool(_IS_PLACE.search(_without_provision(before[-160:])))

    # Active verbs

    def _doing(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Active verbs in front of a target: the nearest governs it, and those joined to that by "and"."""
        verbs = self.verbs.between(max(begin, citation.start - _BEFORE_CHARS), citation.start)
        place = citation.start
        for verb in reversed(verbs):
            between = self.text[verb.end() : place]
            if place == citation.start:
                plain = without_extent(_PARALLEL.sub("", between))
                if re.search(r"[.;:]|\bby\b", plain) or _IN_BETWEEN.search(plain):
                    return
                if citation.scheme not in _BY_PLACE and _is_other_object(plain):
                    return
                if is_taken_over(_BRACKETED.sub("", _BRACKETED.sub("", plain))):
                    return
            elif not _ONLY_JOINED.fullmatch(between):
                return
            if not self._is_acting(verb, begin):
                return
            if verb["ending"].lower() == "ing" and _SAID_OF_DOING.match(self.text, citation.end):
                return
            name = _relation_of(verb)
            is_partial = is_partly_done(self.text, verb.start(), verb.end()) or self._is_limited(
                citation, begin, self.list_ends[citation.start], name
            )
            yield _Act(name, is_partial)
            place = verb.start()

    def _is_acting(self, verb: re.Match[str], begin: int) -> bool:
        if verb.start() not in self.acting:
            # A verb that asks an earlier one of its sentence finds no endless chain.
            self.acting[verb.start()] = False
            self.acting[verb.start()] = self._has_acting_subject(verb, begin) and not self._hedged(
                begin, verb.start(), bool(re.search(r"\bhereby\s+\Z", self.text[begin : verb.start()]))
            )
        return self.acting[verb.start()]

    def _has_acting_subject(self, verb: re.Match[str], begin: int) -> bool:
        lead = self.text[max(begin, verb.start() - 120) : verb.start()]
        if verb["ending"].lower() in _BARE:
            is_own = bool(_FIRST_PERSON.search(lead)) and not _NOT_ACTING.search(lead[-90:])
        else:
            is_first = not re.sub(r"\([a-z0-9]+\)|[\s\u2022*-]", "", lead)
            not_acting = _NOT_ACTING if verb["ending"].lower().endswith("ing") else _NOT_ACTING_FINITE
            has_subject = is_first or _SUBJECT.search(lead) or _FIRST_PERSON.search(lead) or _is_body(lead)
            is_own = bool(has_subject) and not not_acting.search(lead[-90:])
        return is_own or self._shares_subject(verb, begin, lead)

    def _shares_subject(self, verb: re.Match[str], begin: int, lead: str) -> bool:
        """Whether an earlier verb of the same form acts, or the sentence is about the text: "This order ... and"."""
        if not _COORDINATED.search(lead):
            return False
        is_bare = verb["ending"].lower() in _BARE
        earlier = self.verbs.between(max(begin, verb.start() - _BEFORE_CHARS), verb.start())
        if earlier and (earlier[-1]["ending"].lower() in _BARE) == is_bare:
            return self._is_acting(earlier[-1], begin)
        is_finite = verb["ending"].lower().endswith("s")
        opening = self.text[begin : min(verb.start(), begin + 160)]
        return is_finite and bool(_OPENS_WITH_SUBJECT.match(opening)) and not _NOT_ACTING_FINITE.search(lead[-90:])

    # Passive verbs

    def _was_done(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Passive verbs behind a target: "Executive Order 14110 of ... is hereby revoked"."""
        for done in self.done.between(citation.end, citation.end + _AFTER_CHARS)[:1]:
            if self._is_far(citation, done.start()) or self._is_named_beside(begin, citation):
                return
            if done[0].lower().startswith("is") and self._has_another(citation, begin, done.start()):
                return
            how = done["how"] or ""
            if self._hedged(begin, citation.start, "hereby" in how) or is_supposed_behind(self.text, done.end()):
                return
            relation = "revokes" if done["void"] or done["edits"] else _relation_of(done)
            is_partial = "part" in how or self._is_limited(citation, begin, done.end(), relation)
            has_provision = self._provision(citation, begin) is not None
            if done["edits"]:
                names = ["amends"] if has_provision else []
            elif done["void"]:
                names = ["revokes"]
            elif done["supersedes"] and _BY_WORDING.match(self.text, done.end()):
                names = ["amends"]
            else:
                names = [_relation_of(done)]
            also = _BY_WORD.get((done["also"] or "").lower())
            yield from (_Act(name, is_partial) for name in ([also] if also else []) + names)

    def _has_another(self, citation: Citation, begin: int, place: int) -> bool:
        """Whether a verb in the singular has a nearer target of its own; one in brackets or in an aside is none."""
        end = self._end_of_name(citation)
        number = bisect_left(self.places, end)
        if number == len(self.places) or self.places[number] >= place:
            return False
        between = _BRACKETED.sub("", self.text[end : self.places[number]])
        return "(" not in between and not self._is_named_beside(begin, self.citations[number])

    def _end_of_name(self, citation: Citation) -> int:
        """Behind the bracket where that gives a law's number in another code too."""
        match = _PARALLEL_BEHIND.match(self.text, citation.end)
        return match.end() if match else citation.end

    def _reworded(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Corrections that follow, and the way in which British instruments word a change."""
        for made in self.corrections.between(citation.end, citation.end + _AFTER_CHARS)[:1]:
            if citation.scheme in ("fr_document", "fr_citation") and not self._is_far(citation, made.start()):
                yield _Act("corrects")
        for word in self.textual.between(citation.end, citation.end + _BETWEEN_CHARS)[:1]:
            before = self.text[begin : citation.start]
            if not self._is_far(citation, word.start()) and _TEXTUAL_OPENING.match(before):
                yield _Act("amends", True)

    def _is_far(self, citation: Citation, place: int) -> bool:
        """Whether another sentence or another verb lies between a target and what is said at ``place``."""
        between = _BRACKETED.sub("", _BRACKETED.sub("", self.text[self._end_of_name(citation) : place]))
        between = _ASIDE_BEHIND.sub("", between)
        ends_sentence = self.starts[bisect_right(self.starts, place) - 1] > citation.end
        return ends_sentence or len(between) > _BETWEEN_CHARS or ";" in between or bool(_IN_BETWEEN.search(between))

    # Lists

    def _lists(self) -> Iterator[tuple[int, int, str, bool]]:
        """Where the members of "the following are hereby revoked: ..." stand, and what is done to them."""
        read_to = 0
        for start, names, is_part in sorted(self._list_heads()):
            if start >= read_to:
                read_to = self._end_of_list(start)
                yield from ((start, read_to, name, is_part) for name in names)

    def _list_heads(self) -> Iterator[tuple[int, list[str], bool]]:
        for match in _LISTED_DONE.finditer(self.text):
            begin = self.clause_start(match.start())
            if not self._hedged(begin, match.start(), bool(match["how"])):
                words = [(match["also"] or "").lower(), match["word"].lower()]
                is_part = bool(_PARTS_FOLLOW.match(match[0])) or limit_behind(self.text, match.end("word")) is not None
                yield match.end(), [_BY_WORD[word] for word in words if word in _BY_WORD], is_part
        for verb in self.verbs.matches:
            head = _THE_FOLLOWING.match(self.text, verb.end())
            if head and self._is_acting(verb, self.clause_start(verb.start())):
                yield head.end(), [_relation_of(verb)], bool(_PARTS_FOLLOW.match(head[0].lstrip()[len("the") :]))

    def _end_of_list(self, start: int) -> int:
        """The first heading, or sentence with a verb of its own; a remark in brackets is none."""
        end = min(len(self.text), start + _LIST_CHARS)
        place = start
        for step in _LIST_STEP.finditer(self.text, start, end):
            if place < step.start() and _ENDS_LIST.match(self._item(place, step.start())):
                return place
            place = step.end() if step.end() > place else place
        return place if _ENDS_LIST.match(self._item(place, end)) else end

    def _item(self, start: int, end: int) -> str:
        return _BRACKETED.sub("", _BRACKETED.sub("", self.text[start:end]))

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
        if not (trigger["implement"] or trigger["power"]) and _is_housekeeping(citation, target[0]):
            return False
        if trigger["power"]:
            return True
        if trigger["implement"]:
            near = f"{lead[-60:]} "
            is_finite = trigger["implement"].lower().startswith("implement") and not trigger[0].lower().endswith("ing")
            return not _OTHERS_WORK.search(near) or (is_finite and bool(_OWN_WORK.search(near)))
        if trigger["made"] or _PARTICIPLE.search(lead[-60:]):
            return bool(_IS_OWN.search(f"{lead[-160:]} "))
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


def _is_housekeeping(citation: Citation, named: str) -> bool:
    """Whether this is law on how agencies work, which every notice observes and none carries out."""
    if citation.scheme == "eo":
        return citation.value in ORDERS_ON_RULEMAKING
    return bool(_HOUSEKEEPING.search(f"{named} {citation.value} {citation.quote}"))


def _without_provision(before: str) -> str:
    """The words in front of "section 4 of the"."""
    if not before.rstrip().lower().endswith(("of", "to", "in", "the")):
        return before
    return _PIN_OF.sub("", without_part(before))


def _is_other_object(between: str) -> bool:
    """Whether a verb acts on something of the target's field: "amends its regulations under the Clocks Act"."""
    plain = _without_provision(_BRACKETED.sub("", between))
    return bool(_IS_PLACE.search(plain) or _OTHER_OBJECT.search(_NAME_JOINED.sub(" ", plain)))


def _is_body(lead: str) -> bool:
    """Whether an office or agency is the subject: "The Bureau of Industry and Security (BIS) hereby"."""
    if _ACRONYM.search(lead):
        return True
    match = _BODY.search(lead)
    return match is not None and not _NO_BODY.search(match["name"])
