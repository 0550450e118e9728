"""Whether the words between an active verb and a target leave the target what is acted on.

Belongs here: laws of whose field something else is amended ("amends its regulations under the Clocks Act"), and what
may stand there all the same: "the rule published at", "the national emergency declared in". Does not belong here: the
verbs (see acting), how much of the target is meant (see reach).
"""

from __future__ import annotations

import re

from pipelines.enrich import holds
from pipelines.enrich.acting import IN_BETWEEN
from pipelines.enrich.citations import Citation
from pipelines.enrich.provisions import without_provision
from pipelines.enrich.reach import is_taken_over, without_extent

PRINTED = ("fr_document", "fr_citation")
BY_PLACE = (*PRINTED, "rin", "docket", "cfr")
"""Schemes of what is printed somewhere: "the rule published on ... at 89 FR 5698", "the regulations at 15 CFR 744"."""
_RULES_BY_FIELD = ("rin", "docket", "cfr", "usc")
"""What comes back is a duty or exemption found there."""
IS_PLACE = re.compile(r"\b(?:under|in|to|with|by|from|for|of|on|implementing)\s+(?:the\s+)?\Z", re.IGNORECASE)
"""The target is where something stands, not what is acted on: "rules issued under X are revoked"."""
BRACKETED = re.compile(r"\([^()]{0,400}\)")
_PARALLEL = re.compile(
    r"\((?:Public\s+Law|Pub\.\s?L\.|P\.L\.|\d{1,3}\s+(?:U\.S\.C\.|Stat\.))[^()]{0,60};\s*\Z", re.IGNORECASE
)
"""One law by two numbers in one bracket."""
_NAME_JOINED = re.compile(
    r"(?<=[A-Z])(?<!\bThe)[\w'\u2019-]*\s+(?:of|and|for|on|in|to|with|the)\s+(?=(?:the\s+)?[A-Z])"
)
_ASIDE = re.compile(r",[^,;]{0,200},")
_OTHER_OBJECT = re.compile(
    r"\b(?:under|to|with|from|for|on|pursuant|implementing|regarding|concerning|relating|governing|against|about|into|using"
    r"|its|their|our|regulations?|rules?|guidance|deadlines?|standards?|policies|procedures|requirements"
    r"|Regarding|Concerning|Under|Relat(?:ed|ing))\b|[\"\u201c][^\"\u201d]*\Z"
)
"""Between a verb and a law or order: what is acted on is something of its field."""
_EMERGENCY = re.compile(
    r"\bnational\s+emergenc(?:y|ies)\b[^;:]{0,200}?\b(?:declared|described|proclaimed)\s+(?:in|by|under|pursuant\s+to)"
    r"\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
"""In front of the order that declared it, which is what is continued."""
_RULE_BEFORE = re.compile(r"\b(?:rule|regulation|order|notice|document|amendment)s?,?\s+\Z", re.IGNORECASE)
_AS_FINAL = re.compile(
    r"\bas\s+(?:an?\s+)?final(?:\s+rule)?\b"
    r"|,?\s*\bwith(?:out)?\s+(?:\w+\s+){0,2}(?:changes?|amendments?|modifications?|corrections?|revisions?)\b,?",
    re.IGNORECASE,
)
"""How an interim rule is adopted: "as final, with changes,"."""

_CHANGES_MADE = re.compile(
    r"\b(?:amendments?|changes|revisions|corrections?)\s+(?:made|adopted|published|promulgated|set\s+forth)\s+(?:by|in|through)"
    r"\s+(?:the\s+)?(?:(?:\w+\s+){0,2}rule\s+(?:published\s+)?(?:at|in)\s+(?:the\s+)?)?\Z",
    re.IGNORECASE,
)


def without_changes(before: str, citation: Citation) -> str:
    """The words in front of "amendments made by" what is printed in the Register, which is nothing but its changes."""
    return _CHANGES_MADE.sub("", before) if citation.scheme in PRINTED else before


def can_be_done(name: str, citation: Citation, before: str) -> bool:
    """Whether a target is of a kind that the act is done to; ``before`` are the words in front of it."""
    if name == "adopts":
        return citation.scheme in PRINTED
    if name == "reinstates":
        return citation.scheme not in _RULES_BY_FIELD
    return name != "continues" or bool(_EMERGENCY.search(before))


def is_object(name: str | None, citation: Citation, between: str, is_in_title: bool) -> bool:
    """Whether an active verb, told by what it states, governs a target behind the words ``between``."""
    if name == "continues":
        return can_be_done(name, citation, between)
    if name in ("adopts", "reinstates") and not can_be_done(name, citation, between):
        return False
    if name == "adopts":
        between = _AS_FINAL.sub("", between)
    plain = without_extent(_PARALLEL.sub("", without_changes(between, citation)))
    if re.search(r"[.;:]|\bby\b", plain) or IN_BETWEEN.search(plain):
        return False
    if is_in_title:
        plain = _ASIDE.sub(" ", plain)
    if name in holds.HOLDS:
        plain = holds.without_course(without_provision(plain))
    is_by_place = citation.scheme in BY_PLACE or (name, citation.scheme) == ("withdraws", "eu_commission")
    if not is_by_place and is_other_object(plain):
        return False
    return not is_taken_over(BRACKETED.sub("", BRACKETED.sub("", plain)))


def is_other_object(between: str) -> bool:
    """Whether a verb acts on something of the target's field: "amends its regulations under the Clocks Act"."""
    plain = without_provision(BRACKETED.sub("", between))
    return bool(IS_PLACE.search(plain) or _OTHER_OBJECT.search(_NAME_JOINED.sub(" ", plain)))


def tells_which(verb: re.Match[str], citation: Citation, lead: str) -> bool:
    """Whether a participle only tells which rule is meant: "the rule amending 40 CFR part 63 at 89 FR 5698"."""
    is_participle = verb["ending"].lower() == "ing"
    return is_participle and citation.scheme in PRINTED and bool(_RULE_BEFORE.search(lead))
