"""Under what a text is made, and which law or order it carries out.

Belongs here: the wordings of implementing, of powers used and of authority named, in US, British and European texts,
and the words that may stand between them and a name. Does not belong here: what a text changes or ends (see acting),
law on how agencies work, which every notice observes and none carries out.
"""

from __future__ import annotations

import re

from pipelines.enrich.citations import Citation
from pipelines.enrich.hedges import is_denied, is_supposed
from pipelines.enrich.words import ORDERS_ON_RULEMAKING

TRIGGER_WORDS = (
    "implement", "carr", "power", "authorit", "pursuant", "as directed", "as required", "as called", "as mandated",
    "as instructed", "as authorized", "in accordance", "in furtherance", "fulfil", "satisf", "discharg", "under",
    "give", "transpos", "having regard",
)  # fmt: skip
"""Small letters without which there is no trigger."""
TRIGGER = re.compile(
    r"(?P<implement>\bimplements?\b|(?:\bin|[,;]|\b(?:this|these)\s+(?:\w+\s+){1,4})\s*implementing\b"
    r"|(?-i:\bthe\s+implementation\s+of)\b|\bcarr(?:y|ies)\s+out\b|(?:\bin|[,;])\s*carrying\s+out\b"
    r"|\bgives?\s+effect\s+to\b|\btranspos(?:es?|ing)\b"
    r"|\b(?:fulfil(?:l)?s?|satisf(?:y|ies)|discharges?)(?=\s+(?:the|its|their)\s+(?:requirement|direct|mandate|obligation"
    r"|responsib|dut|function)))"
    r"|(?P<power>\b(?:powers?|authority|authorities)\s+(?:granted|vested|conferred|delegated|provided)\b"
    r"|\bin\s+(?:the\s+)?exercise\s+of\s+(?:(?:the|its|their|his|her)\s+)?powers?(?=\s+(?:in|under|contained)\b))"
    r"|(?P<pursuant>\b(?:pursuant\s+to|as\s+(?:directed|required|called\s+for|mandated|instructed|authorized)\s+(?:by|under|in)"
    r"|in\s+furtherance\s+of|under\s+(?:the\s+)?authority\s+of)\b)"
    r"|(?P<accordance>\bin\s+accordance\s+with\b)|(?P<made>\b(?:made|issued)\s+under\b(?!\s+(?:the\s+)?authority\s+of\b))"
    r"|(?P<regard>\bhaving\s+regard\s+to\b)",
    re.IGNORECASE,
)
_PROVISIONS = (
    r"(?:(?:(?:the|its|their|our|his|her|certain|all|both)\s+){0,2}(?:[A-Z]\w+['\u2019]s\s+)?(?:[a-z-]{2,20}\s+)?"
    r"(?:requirements?|provisions?|directives?|objectives|terms|mandates?|principles|AI\s+Principles|policy|policies"
    r"|responsibilities|obligations|duties|functions|directions?|authority|authorities|instructions?)\s+"
    r"(?:of|in|under|established\s+(?:by|in|under)|imposed\s+(?:by|under)|contained\s+in|set\s+(?:forth|out)\s+in"
    r"|provided\s+(?:by|in|under)|granted\s+(?:by|in|under)|conferred\s+by)\s+)?"
)
_NUMBERED = (
    r"(?:[Ss]ub)?(?:[Ss]ections?|[Pp]aragraphs?|[Cc]lauses?|[Tt]itles?|[Dd]ivisions?|[Pp]arts?|[Cc]hapters?)|[Aa]rticles?"
    r"|[Rr]egulations?|[Ss]chedules?|\u00a7+"
)
_WORD = (
    rf"(?:[A-Z\d(\"\u201c\u2018][\w.()'\u2018\u2019\"\u201c\u201d/&\u2013-]*|{_NUMBERED}|of|and|or|for|in|to|on|with|from|by|at|the|a"
    r"|an|as|amended(?!\s+by\b)|provisions?|requirements?|programs?|through|both)"
)
_LEAD = (
    rf"{_PROVISIONS}(?:(?:{_WORD},?\s+){{0,45}}?"
    rf"(?:(?:the|of|to|in|both|[Mm]emorand(?:um|a)|President['\u2019]s|{_NUMBERED})\s+|{_WORD}\s*[,(]\s*(?:as\s+amended\s*[,(]\s*)?))?\Z"
)
"""From a trigger to a number: provisions, and the law's name where the number stands behind it."""
_AFTER_TRIGGER = re.compile(rf"\s+{_LEAD}")
_POWER_OF = re.compile(rf"[^.;]{{0,60}}?\b(?:by|under|in)\s+{_LEAD}")
_JOINED = re.compile(
    r"\)?[\s,]*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?\s*)?(?:\([^()]{0,250}\)\s*)?"
    rf",?\s*(?:and|or|as\s+well\s+as|along\s+with)\s+{_LEAD}"
)
VESTED = re.compile(r"\bvested\s+in\s+me\b", re.IGNORECASE)
PREAMBLE_CHARS = 1_000
ENDS_PREAMBLE = re.compile(r"\bhereby\b|[;:]", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"\b(?:\w+(?:ed|en|ne)|made|set\s+forth|law|actions?|rules?|regulations?|guidance|authorit\w+|available|waivers?)"
    r"\s*\Z",
    re.IGNORECASE,
)
"""What was done pursuant to a target before: "issued pursuant to", "the regulations pursuant to"."""
_ORDERS_SOMETHING = re.compile(r"\b(?:shall|must|hereby|direct)\b", re.IGNORECASE)
_OWN_NOUN = (
    r"(?:rules?|rulemaking|regulations?|memorand(?:um|a)|orders?|notices?|guidance|circular|statement|policy|decision"
    r"|directive|proclamation|actions?|requests?(?:\s+for\s+(?:information|comments?))?|reports?|determination|document|plan"
    r"|bulletin|interpretation|amendments?)"
)
_OTHERS = r"(?:the|an?|its|of|to|any|all|(?:amend|revok|repeal|replac|correct|rescind|withdraw|affect|chang)\w*)\b"
_IS_OWN = re.compile(
    r"\b(?:this|these)\s+[^.;]{0,120}?\b(?:is|are)\s+(?:(?:being|hereby|also)\s+)?(?:issued|made|provided|published|taken"
    r"|established|promulgated|adopted|given)?\s*\Z"
    rf"|(?<!\bof )(?<!\bto )(?<!\bin )(?<!\bby )(?<!\bfor )(?<!\bwith )(?<!\bunder )(?<!\bthan )"
    rf"\b(?:this|these)\s+(?:(?!{_OTHERS})[\w-]+\s+){{0,3}}?{_OWN_NOUN},?\s*\Z"
    r"|\bthis\s+(?:\w+\s+){1,3}?(?:also\s+)?(?:provides|sets\s+(?:out|forth)|establishes|prescribes|gives|adopts|requires)"
    r"\s+(?:(?!not\b)[\w,-]+\s+){1,10}\Z",
    re.IGNORECASE,
)
"""The text says under what it was made itself: "This memorandum is issued pursuant to", "OMB issues this notice"."""
_OWN_WORK = re.compile(r"\b(?:this|these)\s+(?:\w+\s+){0,3}\Z", re.IGNORECASE)
_HOUSEKEEPING = re.compile(
    r"\b(?:Paperwork\s+Reductions?|Regulatory\s+Flexibility|Administrative\s+Procedure|Privacy|Freedom\s+of\s+Information"
    r"|Federal\s+Advisory\s+Committee|Congressional\s+Review|Unfunded\s+Mandates\s+Reform|Sunshine|Federal\s+Records"
    r"|National\s+Environmental\s+Policy)\b[^.;]{0,30}\bAct\b"
)
_OTHERS_WORK = re.compile(r"\b(?:not|regulations?|rules?|guidance|procedures|actions?|laws?)\s+\Z", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:said|says|told|reported(?:ly)?|according\s+to|(?:fail(?:s|ed|ing|ure)?|how\s+(?:it|they|we)\s+should)\b[^.;]{0,20}"
    r"|urge[sd]?|urging|asks?|asked|calls?\s+(?:on|for)|called\s+(?:on|for)|sense\s+of\s+(?:the\s+)?(?:Congress|Senate|House))\b",
    re.IGNORECASE,
)
"""Somebody tells of it, or wishes it."""
_UNTOUCHED = re.compile(
    r"\b(?:should|not|nothing|without|limit\w*|impair\w*|affect\w*|exceed\w*|beyond)\b", re.IGNORECASE
)
_BINDS_OTHERS = re.compile(
    r"[^.;]{0,60}?,\s+(?:(?:an?|any|every|each|no|all)\s+(?!(?:\w+\s+){0,2}(?:agenc|department|secretar|head|office|bureau))"
    r"|[^.;,]{0,60}\b(?:shall|may|must)\s+not\b)",
    re.IGNORECASE,
)
"""Behind "in accordance with ...": a rule for the public, and nothing that an office is to do."""
_THEREOF = re.compile(r"[^;]{0,900}?\bin\s+particular\s[^;]{0,200}?\bthereof\b")
_NEXT_RECITAL = re.compile(r"\b(?:having\s+regard|whereas|ha(?:s|ve)\s+adopted)\b", re.IGNORECASE)
_LEAD_CHARS = 400
_REST_CHARS = 600
_THEREOF_CHARS = 1_200
_ADDS_TO = re.compile(
    r"\b(?:supplementing|implementing|(?:application|implementation)\s+of)\s+(?:the\s+)?"
    r"(?:(?:Articles?|Annex(?:es)?)\s+[\w(),\s]{1,60}\s(?:of|to)\s+)?\Z"
)


def is_named_in_title(before: str) -> bool:
    """Whether an act of the Union says in its title, which ``before`` begins, that it adds to or applies a target."""
    return bool(_ADDS_TO.search(before))


def is_joined(text: str, first_end: int, citation: Citation) -> bool:
    """Whether a target is carried out as the one before it is: "EO 1, as well as section 2 of the Clocks Act"."""
    if _is_housekeeping(citation, text[first_end : citation.start]):
        return False
    return bool(_JOINED.match(text, first_end, citation.start))


def carries_out(text: str, trigger: re.Match[str], citation: Citation, begin: int, end: int) -> bool:
    """Whether the trigger says that the text is made under what is cited; the sentence is ``text[begin:end]``."""
    if trigger["regard"]:
        return _is_legal_basis(text, trigger, citation)
    pattern = _POWER_OF if trigger["power"] else _AFTER_TRIGGER
    target = pattern.match(text, trigger.end(), citation.start)
    if not target:
        return False
    clause = text[max(begin, trigger.start() - _LEAD_CHARS) : trigger.start()]
    if is_denied(clause) or _TOLD.search(clause):
        return False
    lead = clause.rstrip()
    if trigger["power"]:
        return not (_UNTOUCHED.search(lead) or is_supposed(clause))
    if trigger["implement"]:
        return _is_put_to_work(trigger, lead)
    if _is_housekeeping(citation, target[0]):
        return False
    is_own = bool(_IS_OWN.search(f"{lead[-160:]} "))
    if trigger["made"] or _PARTICIPLE.search(lead[-60:]):
        return is_own
    if trigger["accordance"]:
        return is_own or _accords(text, citation, target[0], lead, end)
    is_bare = citation.scheme in ("usc", "cfr") and not target[0].strip() and not lead.endswith(",")
    return is_own or (not is_bare and (lead.endswith(",") or not lead or bool(_ORDERS_SOMETHING.search(lead))))


def _is_put_to_work(trigger: re.Match[str], lead: str) -> bool:
    near = f"{lead[-60:]} "
    is_finite = trigger["implement"].lower().startswith(("implement", "carr", "give", "transpos")) and not trigger[
        0
    ].lower().endswith("ing")
    return not _OTHERS_WORK.search(near) or (is_finite and bool(_OWN_WORK.search(near)))


def _accords(text: str, citation: Citation, named: str, lead: str, end: int) -> bool:
    """An order, or an Act by which the sentence has something done."""
    if citation.scheme == "eo":
        return True
    if not re.search(r"\bAct\b", f"{named} {citation.value}") or _BINDS_OTHERS.match(text, citation.end, end):
        return False
    rest = text[citation.end : min(end, citation.end + _REST_CHARS)]
    return not lead or bool(_ORDERS_SOMETHING.search(f"{lead} {rest}"))


def _is_legal_basis(text: str, trigger: re.Match[str], citation: Citation) -> bool:
    """Whether a recital names the article on which an implementing or delegated act rests."""
    if text[trigger.end() : citation.start].strip().lower() not in ("", "the", "council", "commission"):
        return False
    last = citation.end + _THEREOF_CHARS
    if recital := _NEXT_RECITAL.search(text, citation.end, last):
        last = recital.start()
    return bool(_THEREOF.match(text, citation.end, last))


def _is_housekeeping(citation: Citation, named: str) -> bool:
    """Whether this is law on how agencies work, which every notice observes and none carries out."""
    if citation.scheme == "eo":
        return citation.value in ORDERS_ON_RULEMAKING
    return bool(_HOUSEKEEPING.search(f"{named} {citation.value} {citation.quote}"))
