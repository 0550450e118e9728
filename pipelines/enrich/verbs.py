"""Verbs of duty: which words bind somebody, and which sentences with such a word state no duty all the same.

Belongs here: "shall", "is directed", "have 60 days to", leave ("may"), forecasts ("will grow"), what the public
may send in. Does not belong here: who is bound (actors.py), until when (deadlines.py).
"""

from __future__ import annotations

import re

from pipelines.enrich.actors import last_word, singular
from pipelines.enrich.duty_words import terms, words_of
from pipelines.enrich.periods import NUMBER, UNIT

_COMMITTEE = (
    r"\b(?:the|this|these)\s+(?:\w+\s+){0,2}?(?:(?:sub)?committees?(?:\s+on(?:\s+(?-i:[A-Z])[\w,]+|\s+(?:and|the|of)\b){1,8})?|conferees|managers|commission|board|agreement"
    r"|(?:explanatory|committee)\s+statement|committee\s+(?:report|recommendation))"
)
"""Whoever directs offices in reports on bills, and in orders of commissions."""
MODAL = re.compile(
    r"\b(?:(?P<direct>(?:I|we)\s+(?:hereby\s+|further\s+|also\s+)?(?:direct|order|instruct|require)\b"
    r"|(?:I|we)\s+am\s+(?:hereby\s+|also\s+)?(?:directing|ordering|instructing|requiring)\b"
    rf"|{_COMMITTEE}\s+(?:[^.;:]{{0,160}}?\b(?:and|but)\s+)?(?:(?:also|further|hereby|therefore|again|additionally|jointly|strongly)\s+){{0,2}}"
    r"(?:directs?|instructs?|(?<!board )(?<!commission )(?<!agreement )requires?)"
    r"(?=\s+(?:the|that|each|every|all|any|its|staff|agencies|departments|(?-i:[A-Z]\w+))\b)"
    r"|it\s+is\s+(?:hereby\s+|further\s+|also\s+)?(?:ordered|directed)(?=\s+that\b)"
    r"|it\s+(?:is|shall\s+be|will\s+be|remains)\s+(?:also\s+|further\s+)?(?:the|an?)\s+(?:\w+\s+){0,2}?(?:duty|obligation|responsibility)"
    r"\s+of\b(?=[^.;:]{2,300}?\sto\s)"
    r"|this\s+(?:\w+\s+)?(?:order|memorandum|directive|proclamation|act|rule|regulation)\s+(?:also\s+|hereby\s+)?"
    r"(?:directs|orders|instructs|requires)\b"
    r"|\bhereby\s+(?:direct|order)(?:s)?\b)"
    r"|(?P<told>(?:(?:would|will|shall)\s+(?=be\s+(?:\w+\s+)?\w+\s+to\s))?(?:is|are|be)\s+(?:hereby\s+|also\s+|further\s+)?(?:directed|required|instructed"
    r"|ordered|charged|obliged|responsible\s+for(?=\s*[:\u2014]|\s+\w+ing\b)|under\s+an?\s+(?:\w+\s+)?(?:duty|obligation)(?=\s+to\s))\b"
    r"|(?:has|have)\s+(?:the|an?)\s+(?:\w+\s+)?(?:duty|obligation|responsibility)(?=\s+to\s))"
    rf"|(?P<have>(?:(?:shall|will|must)\s+)?(?:have|has)(?=\s+{NUMBER}[\s-]+{UNIT}\b))"
    r"|(?P<due>(?:is|are)\s+due\b)"
    r"|(?P<shall>shall|must|has\s+to|have\s+to|is\s+to\b|are\s+to\b)|(?P<weak>will|should)"
    r"|(?P<may>(?<!\d\s)(?<!\d(?:st|nd|rd|th)\s)may(?!,?\s+\d)|might|can|could|would|(?:is|are)\s+(?:also\s+|strongly\s+)?(?:encouraged|authorized"
    r"|authorised|permitted|allowed|requested|urged)))\b",
    re.IGNORECASE,
)
REPORTS_ON_BILL = re.compile(
    r"th\w+\s+(?:\w+\s+){0,2}?(?:(?:sub)?committees?|conferees|managers|agreement|\w+\s+statement)\b", re.IGNORECASE
)
"""The verbs by which a text speaks for a committee of Congress."""
_PASSIVE = re.compile(
    r"\s+(?:not\s+)?(?:\w+ly\s+)?be\s+(?:\w+ly\s+)?\w+(?:ed|en|ne|wn|lt|ld|de|id|nt|ought|ept|ut|ven)\b", re.IGNORECASE
)
NEGATED = re.compile(r"\s+not\b|\s+in\s+no\s+(?:case|event)\b", re.IGNORECASE)
NO_DUTY = re.compile(
    r"\s+(?:(?:not\s+)?be\s+(?:construed|deemed|considered|effective|in\s+effect|available|subject"
    r"|known|cited)|mean|consist|take\s+effect|come\s+into|enter\s+into\s+force|have\s+(?:the\s+"
    r"meaning|been\b|had\b|(?:(?:the|full|sole|an?)\s+){0,2}(?:authority|powers?|rights?|option|discretion|liberty)\s+(?:to|of)\b)|cease(?!\s+to\s+exist)|remain|continue\s+in)\b",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:Congress|Senate|House|Parliament|Legislature|General\s+Assembly)\s+(?:(?:also|further|hereby)\s+)?"
    r"(?:finds|found|declares|believes|recogni[sz]es|notes)\s+(?:and\s+\w+\s+)?(?:that\b|the\s+following)"
    r"|\bsense\s+of\s+(?:the\s+)?(?:Congress|Senate|House)\b"
    r"|\b[Ii]t\s+(?:is|shall\s+be|remains)\s+(?:\w+\s+){0,3}?(?:the\s+|an?\s+)?(?:\w+\s+)?(?:policy|goal|aim|objective|ambition|intent(?:ion)?)"
    r"\s+of\s+[^.;:]{2,80}?\s+that\b",
)
"""Behind these words stands what somebody holds to be so, and not what must be done."""
_FINDS_CHARS = 300
_DUE_THING = re.compile(
    r"(?:\A|\s)(?:reports?|plans?|updates?|reviews?|assessments?|audits?|summar(?:y|ies)|inventor(?:y|ies)|briefings?|evaluations?"
    r"|surveys?|lists?|returns?|filings?|disclosures?|certifications?|notifications?|strateg(?:y|ies)|findings|recommendations?"
    r"|deliverables?|guidance)\s*\Z",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"\b(?:(?:if|where|when|unless|who|which|that)\s[^.;:]{0,160}?\b(?:fails?|failed|refuses?|neglects?)"
    r"|(?:if|where|when|unless)\s[^.;:]{0,160}?\b(?:do|does|did|has|have)\s+not)\b[^.;:,]{0,120}\Z",
    re.IGNORECASE,
)
_KNOWS = re.compile(
    r"prior_action:(?:the\s+(?:date|day|time)\s+(?:on\s+which\s+|that\s+|when\s+)?)?"
    r"(?P<who>(?:the|an?|any|each|such)\s.{3,120}?),?\s+(?:first\s+|reasonably\s+)?(?:(?:becomes?|became|is|was)\s+aware"
    r"|discover(?:s|ed)|learn(?:s|ed)|knows|knew|detect(?:s|ed)|identif(?:ies|ied)|believes|suspects|has\s+reason\s+to"
    r"|has\s+(?:discovered|identified|established|detected|learned|become\s+aware))\b",
    re.IGNORECASE,
)
_OR = re.compile(r",?\s+or\b(?:,\s+where\s+\w+,)?\s+(?=(?:the|an?)\s)", re.IGNORECASE)
_EXPECTED = re.compile(
    r"\b(?:expect|forecast|predict|project|estimate|anticipate|hope|believe|say|think|warn|argue)(?:s|ed|ing)?\s+(?:that\s+)?[^,;]{0,160}\Z",
    re.IGNORECASE,
)
_SENT_IN = re.compile(
    r"\s+(?:\w+\s+){0,3}?(?:submit|send|provide|file|make|give|share|direct|address|forward|email|upload)\s+(?:\w+\s+){0,3}?"
    r"(?P<what>\w+)\b",
    re.IGNORECASE,
)

_RECEIVED = re.compile(
    r"\s+be\s+(?:\w+ly\s+)?(?:submitted|received|filed|made|sent|provided|postmarked|identified|addressed|delivered|lodged"
    r"|completed)\b",
    re.IGNORECASE,
)


def is_passive(text: str, modal: re.Match[str]) -> bool:
    """Whether the subject is what is done, and not who does it: "shall be published", "is due"."""
    return bool(modal["due"] or _PASSIVE.match(text, modal.end()))


def is_due_from_somebody(text: str, start: int, modal: re.Match[str]) -> bool:
    """Whether "is due" is said of what somebody has to write, and not of money: "The report is due within"."""
    return bool(modal["due"] and _DUE_THING.search(text[max(start, modal.start() - 40) : modal.start()]))


def is_finding(text: str, start: int, modal: re.Match[str]) -> bool:
    """Whether a sentence tells what a body holds to be so: "Congress finds that every agency must"."""
    return bool(_FINDS.search(text, max(start, modal.start() - _FINDS_CHARS), modal.start()))


def is_failure(before: str) -> bool:
    """Whether a time is one that somebody fails to keep: "if the holder does not answer within 30 days"."""
    return bool(_FAILS.search(before))


def knowers(anchor: str | None) -> list[str]:
    """Who learns what a time runs from: "the provider" of "the provider becomes aware of the incident"."""
    found = _KNOWS.match(anchor or "")
    return _OR.split(found["who"]) if found else []


def is_forecast(text: str, start: int, modal: re.Match[str], actor: str | None) -> bool:
    """Whether "will" or "should" tells what is to be expected: "companies will spend", "will grow by 2 percent"."""
    if not modal["weak"]:
        return False
    who = _heads(actor)
    return bool(
        actor is None
        or re.match(
            rf"\s+(?:\w+ly\s+)?{words_of('forecast').pattern}\b", text[modal.end() : modal.end() + 60], re.IGNORECASE
        )
        or _EXPECTED.search(text, max(start, modal.start() - 200), modal.start())
        or (modal[0].lower() == "will" and who and who <= terms()["bystander"])
    )


def is_input(text: str, start: int, modal: re.Match[str], actor: str | None) -> bool:
    """Whether what is due are comments, requests or applications of whoever likes: a date, and nobody's duty."""
    words = words_of("input").pattern
    if actor is None:
        region = re.split(r"[,;:]\s", text[max(start, modal.start() - 200) : modal.start()])[-1]
        if not (modal["due"] or _RECEIVED.match(text, modal.end())):
            return False
        opening = rf"\s*(?:(?:and|all|any|the|such|your|each|every|an?)\s+)*(?:\w+\s+){{0,2}}?{words}s?\b"
        return bool(re.match(opening, region, re.IGNORECASE))
    sent = _SENT_IN.match(text, modal.end())
    who = _heads(actor)
    is_public = bool(who) and who <= terms()["public"]
    return bool(is_public and sent and re.fullmatch(rf"{words}s?", sent["what"], re.IGNORECASE))


def _heads(actor: str | None) -> set[str]:
    return {singular(last_word(one).lower()) for one in (actor or "").split("; ") if one}
