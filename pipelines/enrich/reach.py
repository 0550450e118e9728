"""How far what is said of one instrument reaches: to which others, and to the whole or only to a part.

Belongs here: verbs that are none of relations' own and stand between one of those and a target ("revokes A and
reaffirms B"), words that take a target out ("other than", "but not"), and words that leave a part standing ("in part",
"certain provisions of"). Does not belong here: the verbs and their targets (see relations), denial (see hedges).
"""

from __future__ import annotations

import re

_STEMS = (
    "accompan", "add", "address", "adher", "adopt", "advanc", "affirm", "align", "allow", "appl", "appoint", "assign",
    "build", "carr", "clarif", "codif", "complement", "compl", "confirm", "conform", "continu", "creat", "direct",
    "draw", "effectuat", "enact", "enforc", "ensur", "establish", "expand", "explain", "follow", "fulfil", "giv",
    "harmoni[sz]", "honou?r", "implement", "incorporat", "invok", "issu", "keep", "leav", "maintain", "mak", "mandat",
    "match", "meet", "observ", "permit", "preserv", "promulgat", "propos", "protect", "provid", "publish", "reaffirm",
    "recogni[sz]", "refer", "reflect", "reinforc", "reinstat", "reiterat", "rel", "remov", "requir", "respond",
    "restat", "restor", "retain", "reviv", "save", "sav", "satisf", "set", "strengthen", "support", "supplement",
    "sustain", "transpos", "uphold", "us", "updat", "work",
)  # fmt: skip
_KNOWN = re.compile(rf"(?:{'|'.join(_STEMS)})(?:e|y)?", re.IGNORECASE)
"""Verbs that are read as such whatever follows; the bare form."""
_KNOWN_FINITE = re.compile(rf"(?:{'|'.join(_STEMS)})(?:s|es|ies)", re.IGNORECASE)
_KNOWN_ING = re.compile(rf"(?:{'|'.join(_STEMS)})(?:t|p|l)?(?:y)?ing", re.IGNORECASE)
_KINDRED = re.compile(
    r"(?:terminat|add|remov|delet|eliminat|redesignat|renumber|discontinu|insert|clos|end)(?:s|es|e|ing|)"
)
"""Verbs that alter or end their target too: "withdraws the rule and terminates the proceeding at"."""
_SEEKS = re.compile(r"(?:seek|invit|solicit|ask|call)(?:s|es)")
_LINKED = re.compile(
    r"(?P<link>,|\b(?:and|or|but|then|yet|while|whilst|whereas|to)\b)\s+(?P<also>(?:and|or|but|while|then)\s+)?"
    r"(?:(?:it|they|we)\s+)?(?:(?:also|further|hereby|otherwise|instead|not|thereby|(?!(?:apply|comply|supply|rely|multiply)\b)[a-z]{2,20}ly)\s+){0,2}(?P<word>(?:re-)?[a-z]{3,20})\b"
    r"(?=(?P<next>\s+[^\s,;]{1,40})?)"
)
_NOUNS = re.compile(
    r"(?:sub)?(?:sections?|paragraphs?|parts?|titles?|clauses?|articles?|chapters?|divisions?)"
    r"|subparts?|subtitles?|schedules?|annex(?:es)?|appendi(?:x|ces)|regulations?|rules?|orders?|acts?|laws?|memorand(?:um|a)"
    r"|circulars?|bulletins?|notices?|directives?|decisions?|items?|entries|tables?|notes?|pages?|attachments?|codes?"
    r"|proclamations?|resolutions?|policies|provisions|requirements|definitions|standards|amendments|exemptions|guidance"
)
_NO_VERBS = re.compile(
    r"the|this|that|these|those|any|all|each|such|its|their|his|her|our|your|certain|existing|other|both|either"
    r"|neither|for|from|with|within|without|under|over|upon|into|onto|per|via|than|then|when|where|which|who"
    r"|whose|whom|how|why|what|not|nor|but|and|also|thus|always|across|besides|versus|series|plus|previous"
    r"|various|as|is|was|has|does|including|concerning|regarding|following|containing|beginning|relating"
    r"|according|pertaining|pending|during|being|having|outstanding|remaining|corresponding|underlying|ending"
    r"|notwithstanding|accordingly|respectively|former|later|earlier|part|new|old|own|same|most|more|many|some"
    r"|few|one|two|three|four|five|six|seven|eight|nine|ten|whole|entire|joint|related|prior|federal|national"
)
_OPENS_OBJECT = re.compile(
    r"\s+(?:(?:the|a|an|any|all|each|its|their|our|his|her|this|that|these|those|such|certain|existing|both|upon|unchanged"
    r"|intact)\Z|[A-Z\"\u201c\u00a7]|\d)"
)
_DETERMINER = re.compile(r"\s+(?:the|an?|any|its|their|this)\Z")
_NUMBERED = re.compile(r"\s+(?:[Nn]os?\.?|\u00a7+|[IVX]+\b|\d)")
_EXCLUDED = re.compile(
    r"\b(?:but\s+not|other\s+than|except(?:ing)?(?:\s+(?:for|that))?|excluding|with\s+the\s+exception\s+of|apart\s+from"
    r"|aside\s+from|save\s+for|rather\s+than|instead\s+of|neither|nor|and\s+not|without(?:\s+\w+ing)?)\s+(?:of\s+)?"
    r"(?:to\s+)?(?:the\s+)?(?:(?:EOs?|E\.O\.|Executive\s+Orders?|[A-Z]\w+)\s+(?:Nos?\.\s*)?){0,4}\Z"
)
_EXCLUDES_BETWEEN = re.compile(
    r"\b(?:but\s+not|other\s+than|except(?:ing)?|excluding|the\s+exception\s+of|apart\s+from|aside\s+from|save\s+for"
    r"|rather\s+than|instead\s+of|neither|nor|(?:and|do|does|did)\s+not|without)\b",
    re.IGNORECASE,
)
_VAGUE = (
    r"(?!\s+(?:otherwise\b|permitted|allowed|required|practicable|possible|feasible|appropriate|applicable|necessary"
    r"|authorized|provided\s+by\s+law|consistent\s+with\s+(?:applicable|existing|the)\s+law|not\s+prohibited))"
)
_EXTENT = rf"(?:to\s+the\s+extent|in\s?so\s?far\s+as|insofar|so\s+far\s+as|to\s+such\s+extent)\b{_VAGUE}"
_LIMITED = re.compile(
    rf"\s*,?\s*(?:but\s+)?(?:only\s+)?(?:in\s+part\b|partially\b|partly\b|{_EXTENT}"
    r"|(?P<field>in\s+(?:relation\s+to|respect\s+of|(?:its|their)\s+application)\b|with\s+respect\s+to\b|as\s+respects\b)"
    r"|where(?:ver)?\s+(?:\w+\s+){0,2}?(?:inconsistent|conflict\w*)|as\s+(?:it|they)\s+(?:appl(?:y|ies)|relates?|extends?|extend)\b"
    r"|(?P<except>except\b(?!\s+as\s+(?:otherwise|amended))|other\s+than\b|with\s+the\s+exception\b|save\b))",
    re.IGNORECASE,
)
_PARTS = (
    r"(?:(?:sub)?(?:sections?|paragraphs?|clauses?|articles?|titles?|chapters?)|sentences?|provisions?|requirements?|elements?"
    r"|portions?|parts?|annexes|schedules?|appendices|attachments?)"
)
_LIMITED_FIRST = re.compile(
    rf"\A[\s\u2022*-]{{0,8}}(?:\(?\w{{1,4}}[.)]\s*){{0,3}}(?:but\s+)?(?:only\s+)?{_EXTENT}"
    rf"|[,;:]\s*(?:but\s+)?(?:only\s+)?{_EXTENT}[^,;]{{0,160}},[^,;]{{0,60}}\Z"
    r"|\A\s{0,8}(?:except(?:ing)?(?:\s+for)?|with\s+the\s+exception\s+of|other\s+than|save\s+for|apart\s+from)\s+(?:the\s+)?"
    rf"{_PARTS}\b[^,;]{{0,60}},[^,;]{{0,60}}\Z",
    re.IGNORECASE,
)
_IN_BRACKET = re.compile(
    rf"\s*\((?:in\s+part\b|partially\b|partly\b|(?:only\s+)?{_EXTENT}|except\s+(?:for\s+)?(?:sections?|parts?|paragraphs?)"
    r"|other\s+than\b|with\s+the\s+exception\b)",
    re.IGNORECASE,
)
_EXTENT_ASIDE = re.compile(rf",\s*(?:but\s+)?(?:only\s+)?{_EXTENT}[^,;]{{0,160}},", re.IGNORECASE)
_DATED = re.compile(
    r"\s*,?\s*(?:of|dated|issued)\s+(?:on\s+)?[A-Z][a-z]+\s+\d{1,2},\s+\d{4}|\s*\([^()]{0,250}\)", re.IGNORECASE
)
_NAMED_PART = (
    r"\b(?:(?:attachments?|appendi(?:x|ces)|annex(?:es)?|enclosures?|exhibits?|chapters?|tables?|tabs?|figures?|subparts?"
    r"|divisions?)\s+(?-i:[\dA-Z])\w{0,4}(?:(?:,|,?\s+and|\s+or|\s+to)\s+(?-i:[\dA-Z])\w{0,4}\b){0,4}"
    r"|(?:the|its|an?|each|both)\s+(?:attachments?|appendi(?:x|ces)|annex(?:es)?|enclosures?|exhibits?|preamble))"
)
_VAGUE_PART = (
    r"(?:\b(?:certain|some|several|selected|specific|various|inconsistent|conflicting|contrary|following)\s+"
    rf"(?:\w+\s+){{0,2}}?{_PARTS}|\b(?:parts?|portions?|elements?))"
)
_PART_OF = re.compile(
    rf"(?:{_NAMED_PART}|{_VAGUE_PART}|\b(?:other|many|most|two|three|four|five|first|second|third|last|one)\s+"
    rf"(?:of\s+the\s+)?(?:\w+\s+){{0,2}}?{_PARTS}|\b(?:aspects?|half|much|most|some))"
    r"\s+(?:of|to|in|contained\s+in|set\s+out\s+in|found\s+in|at)\s+(?:the\s+)?"
    r"(?P<name>(?-i:[A-Z])[^.;:]{0,160}[,(]\s*)?\Z",
    re.IGNORECASE,
)
_LIMITING = ("extent", "far as", "except", "other than", "save for", "apart from")
_PARTING = (
    "attachment", "appendi", "annex", "enclosure", "exhibit", "chapter", "table", "tab", "figure", "part", "division",
    "preamble", "section", "sentence", "paragraph", "clause", "article", "title", "provision", "requirement", "element",
    "portion", "schedule", "aspect", "half", "much", "most", "some",
)  # fmt: skip
"""Small letters without which nothing is limited, or no part named: most words before a target need no pattern."""
_OTHERS_NAME = re.compile(r"\b(?:is|are|was|were|shall|EOs?|Executive\s+Orders?|M-\d+)\b")
_PART_OF_PASSED = re.compile(rf"(?:{_NAMED_PART}|{_VAGUE_PART})\s+(?:of|to|in)\s+(?:the\s+)?\Z", re.IGNORECASE)
_PARTIALLY = re.compile(r"\b(?:partially|partly|in\s+part)\s+\Z", re.IGNORECASE)
_IN_PART = re.compile(r"\s+(?:in\s+part|partially|partly)\b", re.IGNORECASE)
_ASIDE_TO = re.compile(r"\A\s*,\s*(?:in\s+order\s+)?to\s+[^,;.]{0,160},")


def is_taken_over(between: str) -> bool:
    """Whether another verb stands between a verb and a target, which then is that verb's."""
    if _EXCLUDES_BETWEEN.search(between):
        return True
    between = _ASIDE_TO.sub("", between)
    return any(_is_verb(match, between) for match in _LINKED.finditer(between))


def _is_verb(linked: re.Match[str], between: str) -> bool:
    word, link = linked["word"], linked["also"] or linked["link"]
    behind = linked["next"] or (" 0" if not between[linked.end() :].strip() else "")
    if _NO_VERBS.fullmatch(word) or _NOUNS.fullmatch(word):
        return False
    if link != "to" and _KINDRED.fullmatch(word):
        return False
    has_object = bool(_OPENS_OBJECT.match(behind))
    if link == "to":
        return bool(_KNOWN.fullmatch(word)) and not behind.startswith((" of", " and"))
    if word.endswith("ing"):
        return has_object or bool(_KNOWN_ING.fullmatch(word) and re.match(r"\s+(?:to|on|with|by)\Z", behind))
    if _SEEKS.fullmatch(word):
        return True
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.startswith(("supplement", "complement")) and _NUMBERED.match(behind) and linked["next"]:
            return False
        return has_object or bool(_KNOWN_FINITE.fullmatch(word) and re.match(r"\s+(?:to|on|upon|with)\Z", behind))
    if link == "," or word.endswith("ed"):
        return False
    return has_object and bool(_KNOWN.fullmatch(word) or _DETERMINER.match(behind))


def is_excluded(before: str) -> bool:
    """Whether a target is taken out of what is said, by the words that ``before`` ends with."""
    return bool(_EXCLUDED.search(before))


def limit_behind(text: str, place: int) -> re.Match[str] | None:
    """The words behind ``place`` that keep something standing: the group "except" names it, "field" what falls."""
    for _ in range(3):
        if not (dated := _DATED.match(text, place)):
            break
        place = dated.end()
    return _LIMITED.match(text, place)


def is_limited_in_bracket(text: str, place: int) -> bool:
    """Whether a bracket behind a target keeps something standing: "Executive Order 1 (other than section 4)"."""
    for _ in range(2):
        if _IN_BRACKET.match(text, place):
            return True
        if not (dated := _DATED.match(text, place)):
            return False
        place = dated.end()
    return False


def without_extent(between: str) -> str:
    """The words without an aside on how far something goes: "supersedes, to the extent of any conflict, ..."."""
    return _EXTENT_ASIDE.sub(" ", between)


def is_limited_first(clause: str) -> bool:
    """Whether the clause begins with how far it goes: "To the extent inconsistent with this order, ..."."""
    return any(word in clause.lower() for word in _LIMITING) and bool(_LIMITED_FIRST.search(clause))


def is_part_of(before: str) -> bool:
    """Whether a target stands behind words for an unnamed or numbered part of it."""
    match = _PART_OF.search(before) if any(word in before.lower() for word in _PARTING) else None
    return match is not None and not _OTHERS_NAME.search(match["name"] or "")


def without_part(before: str) -> str:
    """The words in front of "certain provisions of the" or "Attachment 2 to"."""
    return _PART_OF_PASSED.sub("", before)


def is_partly_done(text: str, start: int, end: int) -> bool:
    """Whether the verb at that place is done in part only: "partially withdraws", "withdraws in part"."""
    return bool(_PARTIALLY.search(text[max(0, start - 20) : start]) or _IN_PART.match(text, end))
