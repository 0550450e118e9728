"""What a period runs from: the text's own days where it says so, else the wording.

Belongs here: "the date of this order", "the coming into force of this Regulation", and where the wording of an anchor
ends. Does not belong here: how long the period is (periods.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipelines.enrich.actors import is_actor
from pipelines.enrich.periods import DAY, read_day

_THIS = (
    r"(?:this|the\s+present)\s+(?:\w+\s+){0,2}?(?:order|memorandum|memo|proclamation|guidance|directive"
    r"|notice|circular|act|title|section|subtitle|subsection|chapter|part|paragraph|division|law"
    r"|measure|article|policy|plan|statement|document|report|strategy|paper)s?\b"
)
_IN_FORCE = (
    r"(?:takes?|taking|comes?|coming|came|enters?|entering|entered|becomes?|becoming|goes|going|having|has|commences?"
    r"|commencing)\b(?!\s+(?:a|an|the)\b)"
)
_ORDER_DATE = re.compile(
    rf"(?:the\s+)?(?:(?:date|day|signing|issuance|release|adoption|approval)\s+(?:of\s+|on\s+which\s+)?)?(?"
    rf":the\s+)?(?:(?:issuance|signing|signature|enactment|passing|passage|release|adoption|making|issue|date)\s+of\s+"
    rf")?{_THIS}(?!\s+(?:{_IN_FORCE}|is\s+published|being\s+published|publication|required))"
    rf"|(?:the\s+)?(?:date\s+(?:of|on\s+which)\s+)?{_THIS}\s+(?:is|was)\s+(?:signed|passed|enacted|made|issued)"
    r"|(?:the|such)\s+date\s+of\s+(?:the\s+|such\s+)?enactment\b(?!\s+of)|date\s+of\s+enactment\b(?!\s+of)"
    r"|(?:the\s+)?(?:(?:date|day)\s+(?:of\s+|on\s+which\s+)?)?(?:the\s+)?(?:granting\s+of\s+)?Royal\s+Assent\b(?!\s+(?:to|of|for|on)\s+"
    r"(?!this\b))|(?:the\s+)?enactment\b(?!\s+(?:of|by|in)\b)"
    r"|(?:the\s+)?date\s+hereof\b",
    re.IGNORECASE,
)
_WHOLE = (
    r"(?:this|these|the\s+present)\s+(?:\w+\s+){0,2}?(?:order|memorandum|proclamation|guidance|directive|circular|act|law"
    r"|measure|rule|regulation|decision|policy|notice)s?\b"
)
"""An instrument as a whole; its parts may come into force on days of their own."""
_INTO_FORCE = (
    r"(?:the\s+)?(?:(?:date|day)\s+of\s+)?(?:the\s+)?(?:entry|coming|commencement)(?:\s+into\s+(?:force|effect))?"
)
_EFFECTIVE_DATE = re.compile(
    rf"(?:(?:the\s+)?(?:effective|commencement)\s+date|{_INTO_FORCE})\s+of\s+(?=(?P<of>{_WHOLE})?)(?:this|these|the\s+"
    rf"present)\b"
    rf"|(?:(?:the\s+)?(?:day|date)\s+(?:on\s+which\s+|that\s+)?)?(?=(?P<when>{_WHOLE})?)(?:this|these|the\s+present)\s+"
    rf"(?:\w+\s+){{0,2}}?\w+\s+{_IN_FORCE}",
    re.IGNORECASE,
)
_PUBLICATION_DATE = re.compile(
    r"(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?publication\s+(?:of\s+this\s+[\w\s]{1,30}?\s+)?(?:in\s+the\s+"
    r"Federal\s+Register|of\s+this\s+(?:\w+\s+)?(?:rule|notice|document))",
    re.IGNORECASE,
)
_ANCHOR_END = re.compile(
    r",|;|:|\.(?=\s|$)|\u2014|--|\)\s|\s(?:shall|must|will|may|should)\s|\s(?:and|or)\s+(?=(?:at\s+least\s+)?(?:\w*-?a"
    r"nnually|yearly|twice|once|then\b|thereafter|every|in\s|as\s|on\s+an|updated|periodically|quarterly|monthly|each|no\s|not\s|any\s+update"
    r"|thereafter|subject|\d|consistent|biennially))"
)


_ENACTED = re.compile(
    r"(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?(?:enactment|passage)\s+of\s+(?:the\s+)?"
    r"(?P<name>(?-i:[A-Z])[^.;:]{2,160}?\bAct\b(?:\s+of\s+\d{4})?)",
    re.IGNORECASE,
)
_CITED_AS = re.compile(
    r"\b(?:may|shall)\s+be\s+(?:known\s+and\s+(?:may\s+be\s+)?)?(?:cited|known|referred\s+to)\s+as\s+(?:the\s+)?"
    r"[\"\u201c\u2018`']{0,2}(?:the\s+)?(?P<name>(?-i:[A-Z])[^\"\u201d\u2019`.;\n]{2,160}?\bAct\b(?:\s+of\s+\d{4})?)",
    re.IGNORECASE,
)
_ISSUANCE = "issuance"
_MEMORANDUM = re.compile(r"\bthis\s+(?:memorandum|circular)\b", re.IGNORECASE)
_PUSHED_IN = re.compile(
    r",\s+(?:where|if|as|when)\s+(?:applicable|relevant|appropriate|necessary|any),(?:\s+(?:the|an?)\s+\w+,)?"
    r"|\(\w{1,5}\)",
    re.IGNORECASE,
)
"""What ends no anchor: "the provider or, where applicable, the deployer, becomes aware", "subsection (a) of this"."""
_VERBS = ("shall", "must", "will", "should")
_SUBJECT_CHARS = 160
_SUBJECT_START = re.compile(r"\s(?=(?:the|each|every|all|any|an?|such)\s)|\s(?=(?:[A-Z][\w.-]*\s+){0,6}[\w-]+\Z)")
_DETERMINED = re.compile(r"\s(?=(?:the|each|every|all|any|an?|such)\s)")
_RELATIVE = re.compile(r"\s(?:who|which|that)\Z")
_LOOSE = re.compile(r"\s+(?:and|or|but)\s*\Z")
_BOUND = re.compile(
    r"\b(?:of|by|from|to|with|for|on|at|in|and|or|that|which|when|under|before|between|against|upon|into|through|via|as"
    r"|than|about)\s\Z",
    re.IGNORECASE,
)
"""What binds the noun behind it to the anchor."""


@dataclass(frozen=True)
class TextDates:
    """The days a text's deadlines may run from; None where unknown."""

    signed: date | None = None
    """Signed, issued, adopted or enacted."""
    published: date | None = None
    effective: date | None = None
    jurisdiction: str | None = None
    """Whose fiscal years it counts by."""
    names: frozenset[str] = frozenset()
    """What the text is called, in small letters."""


@dataclass(frozen=True)
class Anchor:
    """order_date, effective_date, publication_date, fixed_date, or the wording behind ``prior_action:``."""

    name: str | None
    day: date | None
    length: int
    """Of its wording."""


def read_anchor(said: str, dates: TextDates) -> Anchor:
    """What a period runs from, where the wording of that ends, and its day where known."""
    if not said:
        return Anchor(None, None, 0)
    for name, pattern, day in (
        ("publication_date", _PUBLICATION_DATE, dates.published),
        ("effective_date", _EFFECTIVE_DATE, dates.effective),
        ("order_date", _ORDER_DATE, dates.signed),
    ):
        if own := pattern.match(said):
            is_whole = name != "effective_date" or bool(own["of"] or own["when"])
            return Anchor(name, day if is_whole else None, len(anchor_text(said)))
    length = len(anchor_text(said))
    plain = " ".join(said[:length].split())
    if (enacted := _ENACTED.match(said)) and " ".join(enacted["name"].casefold().split()) in dates.names:
        return Anchor("order_date", dates.signed, length)
    if plain.casefold() == _ISSUANCE and _ISSUANCE in dates.names:
        return Anchor("order_date", dates.signed, length)
    fixed = re.match(DAY, plain, re.IGNORECASE)
    if fixed and (day := read_day(fixed[0])):
        return Anchor("fixed_date", day, length)
    return Anchor(f"prior_action:{plain}", None, length)


def own_names(text: str, title: str = "") -> frozenset[str]:
    """What a text and its title call it, in small letters; a memorandum may speak of its issuance alone."""
    found = [match["name"] for match in _CITED_AS.finditer(text)]
    found += [part for part in re.split(r"\s+[-\u2013\u2014|]\s+|[:()]", title) if re.search(r"\bAct\b", part)]
    issued = {_ISSUANCE} if _MEMORANDUM.search(text) else set()
    return frozenset(" ".join(one.casefold().split()) for one in found) | issued


def anchor_text(said: str) -> str:
    """The wording of an anchor, up to where the clause goes on."""
    stop = _ANCHOR_END.search(_PUSHED_IN.sub(lambda aside: "_" * len(aside[0]), said))
    plain = said[: stop.start()] if stop else said
    if stop and stop[0].strip().lower() in _VERBS:
        plain = plain[: _subject_start(plain)]
    return _LOOSE.sub("", plain).rstrip()


def _subject_start(plain: str) -> int:
    """Where, before a verb of duty, its subject begins that no comma parts from the anchor; the end where none does."""
    relative = _RELATIVE.search(plain)
    until = relative.start() if relative else len(plain)
    pattern = _DETERMINED if relative else _SUBJECT_START
    for match in reversed(list(pattern.finditer(plain, max(0, until - _SUBJECT_CHARS), until))):
        is_bound = _BOUND.search(plain, max(0, match.start() - 12), match.end())
        if match.start() and not is_bound and is_actor(plain[match.end() : until]):
            return match.start()
    return len(plain)
