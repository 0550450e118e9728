"""What holds an instrument up: suspensions, stays and delays in running text, and what courts do to a rule.

Belongs here: which holds the words around such a verb make, up to when, and the sentences in which a court ends or
holds up what is named. Does not belong here: the other verbs (see acting), which target a verb governs (see relations),
what the official fields of a document say of it (see references).
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.enrich.dates import read_day
from pipelines.enrich.words import MONTHS

HOLDS = ("suspends", "delays")

_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = rf"(?:{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}})"
_UNTIL = re.compile(rf"[^.;:]{{0,160}}?\b(?:until|through|till|to)\s+(?:and\s+including\s+)?(?P<day>{_DAY})")
_COURSE = (
    r"(?:(?:effective|compliance|applicability|implementation|mandatory)\s+(?:dates?|deadlines?)"
    r"|effectiveness|application|applicability|implementation|enforcement|operation|compliance"
    r"|entry\s+into\s+(?:force|application|effect)|dates?\s+of\s+(?:effect|application|applicability|entry\s+into\s+\w+))"
)
_DATES = re.compile(
    r"\b(?:effective|compliance|applicability|implementation)\s+(?:and\s+\w+\s+)?(?:dates?|deadlines?)\b", re.IGNORECASE
)
_COURSE_OF = re.compile(
    rf"(?:\b(?:the|its|all)\s+)?\b{_COURSE}\s+(?:of|for|in|with|under)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_BINDING = re.compile(
    rf"\b(?:{_COURSE}|rules?|regulations?|orders?|amendments?|requirements?|provisions?|standards?|directives?|obligations?"
    r"|(?:sub)?(?:sections?|parts?|paragraphs?)|articles?|annex(?:es)?)\b",
    re.IGNORECASE,
)
_NO_RULE = re.compile(
    r"\b(?:meetings?|hearings?|workshops?|webinars?|conferences?|briefings?|auctions?|comments?|trading|liquidation|payments?"
    r"|deportation|debarment|benefits|proceedings?|litigation|cases?|appeals?|lawsuits?|reviews?|injunctions?|persons?|aliens?)\b",
    re.IGNORECASE,
)
"""What else is put off or suspended."""
_REMAINS = re.compile(
    r"\s*(?:in|on|out|within|at|with|open|away|as|to|unchanged|effective|valid|intact|competitive)\b", re.IGNORECASE
)
"""Behind a verb that holds nothing up: "stays in force", "defers to"."""

COURTS = re.compile(
    r"\b(?P<was>(?:was|were|(?:has|have)\s+been)\s+(?:[a-z]{2,20}ly\s+)?)?(?:(?P<revokes>vacate[sd]|sets?\s+aside|invalidate[sd]|struck\s+down)"
    r"|(?P<suspends>enjoin(?:s|ed)|stay(?:s|ed)|suspended|issued\s+an?\s+(?:\w+\s+){0,3}?injunction\s+(?:against|barring|prohibiting)))\b",
    re.IGNORECASE,
)
COURT_WORDS = ("court", "circuit", "judge", "enjoined", "restrained")
_COURT = re.compile(
    r"\b(?:courts?|circuit|judges?)\b(?:\s+(?:of|for|in)\s+[^.;:,]{1,80}|,?\s+on\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?){0,3}"
    r",?\s+(?:has\s+|have\s+|also\s+|then\s+){0,2}(?:[a-z]{2,20}ly\s+)?\Z",
    re.IGNORECASE,
)
"""In front of the verb stands a court, and no other verb."""
_BY_COURT = re.compile(r"[^.;:]{0,60}?\bby\s+[^.;:]{0,80}?\b(?:courts?|circuit|judges?)\b", re.IGNORECASE)
_IS_BARRED = re.compile(r"\b(?:is|are)\s+(?:hereby\s+)?(?:[a-z]{2,20}ly\s+)?\Z", re.IGNORECASE)
_FROM_CARRYING_OUT = re.compile(
    r"\s+from\s+(?:enforcing|implementing|applying|carrying\s+out|giving\s+effect\s+to)\b", re.IGNORECASE
)
_UNDONE = re.compile(
    r"\b(?:injunction|stay|judgment|vacatur|decisions?|rulings?|denial|conviction|award|sentence|actions?|cases?|litigation"
    r"|proceedings?|appeals?|lawsuits?|not|but|under|pursuant|because|until|after|citing|which|challeng\w+|interpret\w+"
    r"|issued\s+under|grants?)\b|[.;:]\s",
    re.IGNORECASE,
)
"""Between a court's verb and a target: something else was ended, or the target is its ground."""


def held(name: str, said: str) -> str | None:
    """What a verb states with the words around it: an extended day of effect is a delay; None for what is no hold."""
    if name == "extends":
        return "delays" if _DATES.search(said) and "comment" not in said.lower() else name
    if name not in HOLDS:
        return name
    if _NO_RULE.search(said) or _REMAINS.match(said):
        return None
    is_plain = not re.sub(r"\W|\b(?:the|section|hereby)\b", "", said, flags=re.IGNORECASE)
    return name if is_plain or _BINDING.search(said) else None


def without_course(before: str) -> str:
    """The words in front of "the effective date of the": whose day it is, is what is held up."""
    return _COURSE_OF.sub("", before)


def until(text: str, place: int) -> date | None:
    """The day that the sentence names behind ``place`` as the end of a hold, or the new day of effect."""
    match = _UNTIL.match(text, place)
    return read_day(match["day"]) if match else None


def is_by_court(text: str, begin: int, verb: re.Match[str], place: int) -> bool:
    """Whether a court does what ``verb`` says to what is named at ``place``, before or behind the verb."""
    lead = text[max(begin, verb.start() - 200) : verb.start()]
    if verb["was"] or place < verb.start():
        return bool(verb["was"]) and place < verb.start() and bool(_BY_COURT.match(text, verb.end()))
    is_barred = _IS_BARRED.search(lead) and _FROM_CARRYING_OUT.match(text, verb.end())
    between = text[verb.end() : place]
    return bool(is_barred or _COURT.search(lead)) and not _UNDONE.search(between)
