"""Whether a clause acts, or only denies, supposes or reports an act.

Belongs here: the words that take the force from a verb ("Nothing in this order revokes ...", "If ... is revoked",
"the minister said that ... is repealed"). Does not belong here: the verbs and their targets (see relations).
"""

from __future__ import annotations

import re

_OPENING = (
    r"\A[\s\u2022*-]{0,8}(?:\(?[A-Za-z0-9]{1,4}[.)]\s*){0,3}"
    r"(?:(?:and|but|or|further|however|moreover|provided|except|specifically)\s*,?\s+(?:that\s+)?){0,2}"
)
_NO = (
    r"(?:nothing|none|neither|nor"
    r"|no(?!\.)(?!\s+(?:later|longer|less|more|fewer|earlier|sooner|other|doubt|further)\b))\b"
)
_VAGUE = (
    r"(?!\s+(?:otherwise|appropriate|applicable|necessary|practicable|feasible|possible|relevant|any\b|so\b|not\b"
    r"|needed|required|permitted|indicated|warranted|and\s+(?:when|where|as)))"
)
"""Behind a condition that binds nothing: "where appropriate", "unless otherwise provided"."""
_CONDITION = (
    rf"(?:if|unless|once|until|when(?:ever)?|where(?:ver)?|whether|in\s+(?:the|any)\s+event|in\s+case|assuming"
    rf"|provided\s+that|as\s+soon\s+as|(?:so|as)\s+long\s+as|by\s+the\s+time)\b{_VAGUE}"
)

_DENIED_FIRST = re.compile(rf"{_OPENING}{_NO}", re.IGNORECASE)
_DENIED_WITHIN = re.compile(
    rf"(?:[,:\u2014]\s*|\b(?:and|but|that|or)\s+){_NO}|\bin\s+no\s+(?:way|event|case|respect)\b"
    r"|\bnot\s+[^.;,]{0,60}\bthat\b",
    re.IGNORECASE,
)
_SUPPOSED_FIRST = re.compile(rf"{_OPENING}(?:{_CONDITION}|should\s+(?!also\b))", re.IGNORECASE)
_SUPPOSED_WITHIN = re.compile(
    rf"\b{_CONDITION}[^,;]{{0,240}}\Z"
    r"|\b(?:pending\s+(?:the|an?|any|its|their|such|further|final|\w+ion)\b|(?:date|day|time)\s+(?:on|at|by|after)\s+which\b)"
    r"[^,;]{0,160}\Z"
    r"|\b(?:after|before|while|upon)\s+(?!(?:the\s+)?(?:date|day|publication|enactment|effective))[^,;]{0,80}\Z",
    re.IGNORECASE,
)
"""In the middle of a sentence a condition reaches up to the next comma."""
_SUPPOSED_BEHIND = re.compile(
    rf"\s*,?\s*(?:only\s+)?(?:if|unless|when(?:ever)?|once|as\s+soon\s+as|in\s+the\s+event)\b{_VAGUE}", re.IGNORECASE
)
_REPORTED = re.compile(
    r"\b(?:said|says|say|stated|reported|claim(?:s|ed)?|argue[sd]?|believe[sd]?|suggest(?:s|ed)?|explain(?:s|ed)?"
    r"|confirmed|announced|recommend(?:s|ed)?|request(?:s|ed)?|urge[sd]?|propos(?:e|es|ed|al)|asked|noted|assert(?:s|ed)?"
    r"|contend(?:s|ed)?)\s+(?:\w+\s+){0,3}?that\b",
    re.IGNORECASE,
)
_DENYING = ("no", "neither")
_SUPPOSING = (
    "if", "unless", "once", "until", "whe", "event", "in case", "assuming", "that", "soon as", "long as",
    "the time", "after", "before", "while", "upon", "should", "pending", "which",
)  # fmt: skip
"""Small letters without which there is no hedge: most clauses need no pattern."""
_BRACKETED = re.compile(r"\([^()]{0,400}\)")
_FIRST_CHARS = 120
_NEAR_CHARS = 300


def is_denied(clause: str) -> bool:
    """Whether the clause says that nothing of the kind is done; ``clause`` ends where the act would begin."""
    low = clause.lower()
    if not any(word in low for word in _DENYING):
        return False
    return bool(_DENIED_FIRST.match(clause[:_FIRST_CHARS]) or _DENIED_WITHIN.search(_near(clause)))


def is_supposed(clause: str) -> bool:
    """Whether the clause only supposes the act, or reports somebody's word of it."""
    low = clause.lower()
    if not any(word in low for word in _SUPPOSING):
        return False
    near = _near(clause)
    return bool(
        _SUPPOSED_FIRST.match(clause[:_FIRST_CHARS])
        or _SUPPOSED_WITHIN.search(near)
        or ("that" in near and _REPORTED.search(near))
    )


def is_supposed_behind(text: str, place: int) -> bool:
    """Whether a condition follows the act that ends at ``place``."""
    return bool(_SUPPOSED_BEHIND.match(text, place))


def _near(clause: str) -> str:
    """What stands last in the clause, but for remarks in brackets."""
    return _BRACKETED.sub("", clause[-_NEAR_CHARS:])
