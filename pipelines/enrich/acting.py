"""The verbs by which a text acts on another instrument, and whether it is the text that acts.

Belongs here: the wordings, active, passive and those that put words in and out, of what relations names. Does not
belong here: which target a verb governs (see relations), what holds a rule up (see holds), under what a text is made
(see authority).
"""

from __future__ import annotations

import re

RELATIONS = (
    "implements", "amends", "revokes", "supersedes", "rescinds", "corrects", "withdraws", "extends", "suspends",
    "delays", "continues", "adopts", "reinstates", "declines_to_enforce", "cites",
)  # fmt: skip

_ADVERB = r"(?:(?:also|further|hereby|now|today|therefore|partially|partly)\s+){0,2}"
_SUBJECT = re.compile(
    rf"(?:\bthis\s+(?:\w+\s+){{1,3}}?{_ADVERB}"
    rf"|(?-i:\b(?:[A-Z]{{2,8}}|Do[A-Z]|FinCEN|Treasury|[Tt]he\s+(?:[Dd]epartments?(?:\s+of\s+[a-z]+)?|[Cc]ommission|[Bb]ureau|[Aa]genc(?:y|ies)|[Oo]ffice"
    rf"|[Bb]oard|[Ss]ervice|[Cc]ouncil|[Aa]uthority|[Cc]orps|President|[Ss]ecretary|[Aa]dministrator|[Dd]irector)))\s+(?:(?:is|are)\s+)?{_ADVERB}"
    rf"|\bhereby\s+)\Z",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b[Tt]he\s+(?P<name>[A-Z][\w.&'\u2019-]*(?:,?\s+(?:[A-Z][\w.&'\u2019-]*|of|and|for|the|on|in|&)){1,11})"
    rf"\s+(?:\([^()]{{1,60}}\)\s+)?(?:(?:is|are)\s+)?{_ADVERB}\Z"
)
_ACRONYM = re.compile(rf"\b[A-Z]{{2,8}}\s+\([^()]{{1,60}}\)\s+(?:is\s+)?{_ADVERB}\Z")
_NAME_ALONE = re.compile(r"(?<![Tt]his )\b[A-Z][\w.]*\s+\Z")
"""In front of a participle no subject: "of the Council amending"."""
_NO_BODY = re.compile(
    r"\b(?:Acts?|Orders?|Rules?|Regulations?|Laws?|Bills?|Directives?|Decisions?|Code|Agreements?|Treaty|Conventions?|Plan"
    r"|Memorandum|Amendments?|Resolutions?|Constitution|Strategy|Charter|Statutes?|Section|Title|Part)\Z"
)
"""What another instrument does is no act of the text."""
_FIRST_PERSON = re.compile(
    rf"\b(?:(?:I|we)\s+(?:(?:are|am)\s+)?{_ADVERB}(?:\w+\s+and\s+)?|hereby\s+"
    rf"|these\s+(?:\w+\s+){{0,2}}?(?:regulations|rules|orders|amendments|schemes?)\s+{_ADVERB})\Z",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    rf"\b(?:has|have)\s+{_ADVERB}(?:decided|determined|resolved|elected|chosen)\s+(?:that\s+it\s+will\s+|to\s+){_ADVERB}\Z"
)
"""A decision that is taken is the act; a plan or an intention is none."""
COORDINATED = re.compile(
    rf"(?:(?:,|;|\b(?:and|or|but|then)|\bas\s+well\s+as)\s+(?:(?:and|or|also)\s+)?"
    rf"|(?:\bbut|;)\s+(?:it\s+)?(?:(?:instead|rather|only|merely|simply)\s+)?){_ADVERB}\Z",
    re.IGNORECASE,
)
"""In front of a verb that shares the subject of an earlier one."""
ONLY_JOINED = re.compile(rf"\s*(?:,\s*)?(?:(?:and|or)(?:/or)?\s+)?{_ADVERB}\Z", re.IGNORECASE)
"""Between two verbs that share their target: "rescinds and replaces"."""
OPENS_WITH_SUBJECT = re.compile(
    r"[\s\u2022*-]*(?:\(?\w{1,4}[.)]\s*){0,3}(?:[^.;:,]{0,60},\s+)?this\s+\w+(?:\s+\w+)?\s+\w+s\s", re.IGNORECASE
)
_TERMINAT = (
    r"terminat(?=(?:e?s|e|ing)\s+(?:the|this|its)\s+(?:\w+\s+){0,2}?rulemaking\b[^.;:]{0,60}?(?:\bRIN|\d\s+FR)\s)"
)
"""A rulemaking that is ended; what else is terminated is seldom the instrument that is named."""
VERB = re.compile(
    r"\b(?:(?P<amends>amend|modif|revis)|(?P<revokes>revok|repeal)|(?P<supersedes>supersed|replac)"
    rf"|(?P<rescinds>rescind|cancel)|(?P<corrects>correct)|(?P<withdraws>withdraw|{_TERMINAT})|(?P<extends>extend|re-?open)"
    r"|(?P<reinstates>reinstat)|(?P<suspends>suspend|stay)|(?P<delays>delay|postpon|defer)"
    r"|(?P<continues>continu(?=(?:e|es|ing)\b[^;:]{0,200}?\bnational\s+emergenc))"
    r"|(?P<adopts>(?:adopt|finali[sz])(?=(?:e?s|ing)\b[^.;:]{0,60}?\b(?:interim|temporary|direct|as\s+final))))(?P<ending>[lr]?ing|ies|ying|es|s|e|y|)\b",
    re.IGNORECASE,
)
BARE = ("", "e", "y")
OTHERS_ACT = r"(?!\s+by\s+(?:Executive|Public|E\.O|EO\s|M-\d|Proclamation|section\s+\d+\s+of|\d))"
DONE = re.compile(
    r"\b(?:(?:is|are|shall\s+be)\s+(?P<how>(?:(?:hereby|further|also|each|partially|partly|being|therefore|both|declared|immediately)"
    r"\s+){0,3})(?:(?P<also>[a-z]+)(?:,?\s+and\s+|\s*,\s+))?"
    r"(?:(?P<amends>amended|modified|revised)|(?P<revokes>revoked|repealed|terminated|vacated|set\s+aside|null\s+and\s+void)"
    r"|(?P<supersedes>superseded|replaced)|(?P<rescinds>rescinded|cancell?ed)|(?P<corrects>corrected)"
    r"|(?P<withdraws>withdrawn)|(?P<extends>extended|re-?opened)|(?P<suspends>suspended|stayed|enjoined(?!\s+from))"
    rf"|(?P<delays>delayed|postponed|deferred)|(?P<continues>continued)|(?P<reinstates>reinstated)"
    rf"|(?P<adopts>adopted\s+as\s+(?:an?\s+)?final)|(?P<edits>omitted|deleted|inserted|removed(?!\s+from\b))){OTHERS_ACT}"
    r"|(?P<void>(?:shall\s+|will\s+)?(?:have|has)\s+no\s+(?:further\s+)?(?:legal\s+)?(?:force|effect)"
    r"|shall\s+no\s+longer\s+(?:have\s+(?:any\s+)?(?:force|effect)|be\s+in\s+(?:force|effect)|apply)"
    r"|(?:ceases?|shall\s+cease)\s+to\s+(?:have\s+(?:any\s+)?effect|be\s+in\s+force)))\b",
    re.IGNORECASE,
)
BY_WORDING = re.compile(
    r"\s*(?:with|by)\s+(?:the\s+(?:following|text|words?|wording)\b|[\"\u201c\u2018'`])", re.IGNORECASE
)
"""Other words are put in: a part is replaced, not the whole."""
CORRECTIONS = re.compile(
    r"\b(?:the\s+following\s+(?:corrections?|changes?)\s+(?:is|are|should\s+be)\s+(?:hereby\s+)?made"
    r"|make\s+the\s+following\s+(?:corrections?|changes?)|(?:is|are)\s+(?:hereby\s+)?corrected\s+(?:to\s+read|by)"
    r"|(?<!to )(?:correct|remove|delete|add|insert|revise)\s+(?:the|\u201c|\"))",
    re.IGNORECASE,
)
"""How the Federal Register words a correction of what it has printed."""
CORRECTIONS_OF = re.compile(
    r"\b(?<!may )(?<!could )(?:contain|make|mak|issu|publish|provid|set)(?:e?s|ing|\s+forth|)\s+(?:[\w-]+\s+){0,3}?"
    r"corrections?\s+(?:to|of|in)\s[^;:]{0,160}\Z",
    re.IGNORECASE,
)
"""In front of the target of a notice about its own corrections: "contains corrections to the final rule"."""
TEXTUAL = re.compile(
    r"\b(?:(?<!to )(?<!shall )(?<!may )(?:insert|substitute|omit)"
    r"|(?:there\s+)?(?:is|are|shall\s+be)\s+(?:hereby\s+)?(?:added|inserted|substituted|deleted|omitted|replaced|amended))\b",
    re.IGNORECASE,
)
TEXTUAL_OPENING = re.compile(
    r"[\s\u2022*-]*(?:\(?\w{1,4}[.)]\s*){0,4}"
    r"(?:(?:In|To)(?!\s+(?:accordance|line|compliance|conformity|view|light|respect|relation|addition|application|order|particular"
    r"|the\s+(?:case|event|context|extent)))|On\s+page|At|After|Before|For|Omit)\s+[^;:]{0,200}\Z",
    re.DOTALL,
)
"""How British and European instruments word a change: "In section 1 of the ... Act 2018, after ... insert"."""
ACTIVE_WORDS = (
    "amend", "modif", "revis", "revok", "repeal", "supersed", "replac", "rescind", "cancel", "correct", "withdraw",
    "extend", "open", "terminat", "reinstat", "suspend", "stay", "delay", "postpon", "defer", "emergenc", "adopt",
    "finali",
)  # fmt: skip
PASSIVE_WORDS = (
    "amended", "modified", "revised", "revoked", "repealed", "terminated", "void", "superseded", "replaced",
    "rescinded", "celed", "celled", "corrected", "withdrawn", "extended", "opened", "omitted", "deleted", "inserted",
    "vacated", "set aside", "suspended", "stayed", "enjoined", "delayed", "postponed", "deferred", "continued",
    "adopted as", "reinstated", "removed", " force", "effect", "longer",
)  # fmt: skip
CORRECTING_WORDS = ("correct", "following change", "on page")
TEXTUAL_WORDS = ("insert", "substitute", "omit", "added", "deleted", "replaced", "is amended", "are amended")
IN_BETWEEN = re.compile(
    r"\b(?:is|are|was|were|shall|will|must|may|means?|has|have|had|which|who|remains?|stays?"
    r"|(?:established|created|required)\s+(?:in|by|under))\b",
)
"""A verb between a target and what was done: then something else was done."""
LISTED_DONE = re.compile(
    r"\bfollowing\b[^.;:\u2014]{0,120}?\b(?:is|are|shall\s+be)\s+(?P<how>(?:(?:hereby|each|also)\s+)?)"
    r"(?:(?P<also>[a-z]+)\s+and\s+)?"
    r"(?P<word>revoked|rescinded|repealed|superseded|replaced|amended|withdrawn|cancell?ed|terminated|suspended)"
    r"[^.;:\u2014]{0,60}(?::|\u2014|--)",
    re.IGNORECASE,
)
LISTED_BY = re.compile(
    r"\b(?:regulations?|orders?|rules?|instruments?|schemes?|acts|enactments|directives|decisions)\s+"
    r"(?P<word>amended|revoked|repealed|modified|superseded|replaced)\s+by\s+(?:these|this)\s+(?-i:[A-Z])\w+\s+(?:are|is)"
    r"(?!\s+(?:set\s+out|listed|specified|those|described|subject|not|also)\b)",
    re.IGNORECASE,
)
"""How explanatory notes name them: "The Regulations amended by these Regulations are A and B"."""
PARTS_FOLLOW = re.compile(
    r"\s*following\s+(?:\w+\s+){0,2}?(?:provisions|(?:sub)?(?:sections|paragraphs|clauses)|parts|articles|portions)\b",
    re.IGNORECASE,
)
THE_FOLLOWING = re.compile(r"\s+(?:[a-z]+\s+and\s+[a-z]+\s+)?the\s+following\b[^.;:\u2014]{0,120}(?::|\u2014|--)")
BY_WORD = {
    "revoked": "revokes", "repealed": "revokes", "terminated": "revokes", "rescinded": "rescinds",
    "canceled": "rescinds", "cancelled": "rescinds", "superseded": "supersedes", "replaced": "supersedes",
    "amended": "amends", "modified": "amends", "revised": "amends", "withdrawn": "withdraws", "corrected": "corrects",
    "extended": "extends", "suspended": "suspends", "reinstated": "reinstates",
}  # fmt: skip
_NEW_CLAUSE = re.compile(
    r"\)?\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4}\s*)?(?:\([^()]{0,250}\)\s*){0,2}(?:also\s+|further\s+)?"
    r"(?:is|are|was|were|remains?|continues?|shall|will|must|may|has|have|does|do|requires?|directs?|provides?|appl(?:y|ies)"
    r"|states?|sets?|makes?)\b"
)
"""Behind a target that opens a clause of its own: "..., and Executive Order 14110 remains in effect"."""
_NOT_ACTING = re.compile(
    r"\b(?:not|shall|must|will|may|should|could|would|to|consider(?:ing)?|propos(?:e|es|ing)|which"
    r"|(?<!notice )that|who)\b[^.;,]{0,60}\Z",
    re.IGNORECASE,
)
"""In front of a verb: it is denied, asked of somebody, or done by another."""
NOT_ACTING_FINITE = re.compile(
    r"\b(?:not|would|propos(?:e|es|ing)\s+to|which|(?<!notice )that|who)\b[^.;,]{0,60}\Z", re.IGNORECASE
)
"""The same in front of a verb with a subject of its own."""
SAID_OF_DOING = re.compile(r"[^.;:]{0,160}?\b(?:would|will|could|might|can|may|is|was|has|requires?|means)\b")
"""Behind "Rescinding ...": the act is what the sentence is about, and not done by it."""


DENIED_DOING = re.compile(r"\b(?:does|did)\s+not\s+(?=[^.;]*(?:\b(?:but|and)|,)\s[^.;,]*\Z)")
"""A denial of a bare verb, which ends before a finite one: "does not revoke one order but amends the other"."""


def relation_of(match: re.Match[str]) -> str:
    """What the verb found states; the extent of it is the reader's to tell."""
    return next(name for name in RELATIONS if match.groupdict().get(name))


def opens_clause(text: str, place: int) -> bool:
    """Whether a target that ends at ``place`` has a verb of its own behind it."""
    return bool(_NEW_CLAUSE.match(text, place))


def has_own_subject(verb: re.Match[str], lead: str) -> bool:
    """Whether the words in front of a verb make the text, or who issues it, its subject."""
    if verb["ending"].lower() in BARE:
        if decided := _DECIDED.search(lead):
            return is_issuer(lead[: decided.start()]) and not NOT_ACTING_FINITE.search(lead[: decided.start()][-90:])
        return bool(_FIRST_PERSON.search(lead)) and not _NOT_ACTING.search(lead[-90:])
    is_first = not re.sub(r"\([a-z0-9]+\)|[\s\u2022*-]", "", lead)
    is_participle = verb["ending"].lower().endswith("ing")
    if is_participle and _NAME_ALONE.search(lead):
        return False
    not_acting = _NOT_ACTING if is_participle else NOT_ACTING_FINITE
    return (is_first or is_issuer(lead)) and not not_acting.search(lead[-90:])


def is_issuer(lead: str) -> bool:
    """Whether the words in front of a verb end with the text, or with whoever issues it."""
    return bool(_SUBJECT.search(lead) or _FIRST_PERSON.search(lead)) or _is_body(lead)


def _is_body(lead: str) -> bool:
    """Whether an office or agency is the subject: "The Bureau of Industry and Security (BIS) hereby"."""
    if _ACRONYM.search(lead):
        return True
    match = _BODY.search(lead)
    return match is not None and not _NO_BODY.search(match["name"])
