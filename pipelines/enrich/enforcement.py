"""Words by which whoever issues a text says that a law or rule is not enforced.

Belongs here: the wordings, active, passive and of a policy, and whose they are. Does not belong here: suspensions of a
rule and of its enforcement (see holds), which target is meant (see relations), the official fields (see references).
"""

from __future__ import annotations

import re

from pipelines.enrich.acting import is_issuer

WORDS = ("enforc",)
_NOW = r"(?:(?:currently|presently|also|therefore|at\s+this\s+time)\s+)?"
_ACTION = (
    r"(?:prioriti[sz]e|pursue|take|bring|initiate)\s+(?:(?:any|the|an)\s+)?(?:\w+\s+(?:or|and)\s+)?"
    r"(?:enforcement(?:\s+actions?)?|actions?\s+(?:[^.;:]{0,60}?\s)?to\s+enforce)"
)
_POLICY = r"(?:policy|policies|statement|notice|period|posture)"
REFUSAL = re.compile(
    rf"\b(?:(?P<passive>(?:(?:will|shall)\s+not\s+{_NOW}be|(?:is|are)\s+not\s+{_NOW}(?:being\s+)?)\s*enforced)"
    rf"|(?P<asked>not\s+to\s+(?:enforce|{_ACTION}))"
    rf"|(?P<policy>(?:adopt|announc|issu|establish|implement|extend|continu|maintain|set|describ)\w*\s+(?:out\s+|forth\s+)?"
    rf"(?:an?|its|the|this)\s+(?:[\w-]+\s+){{0,2}}?(?:{_POLICY}\s+of\s+non-?enforcement|non-?enforcement\s+{_POLICY}))"
    rf"|(?:will|shall|do|does)\s+not\s+{_NOW}(?:(?:intend|plan|seek)\s+to\s+)?(?:enforce|{_ACTION})"
    rf"|(?:is|are|am)\s+not\s+{_NOW}enforcing|(?:has|have)\s+(?:decided|determined|chosen)\s+not\s+to\s+(?:enforce|{_ACTION})"
    r"|declin(?:es|ing)\s+to\s+enforce|(?:(?:will|shall)\s+)?refrain(?:s|ing)?\s+from\s+enforcing"
    r"|(?:will|shall)\s+(?:cease|stop)\s+enforcing|(?:will|shall)\s+take\s+no\s+(?:\w+\s+)?action\s+to\s+enforce"
    r"|(?:(?:will|intends?\s+to)\s+)?exercis(?:e|es|ing)\s+(?:its\s+|our\s+)?enforcement\s+discretion)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:direct|instruct|order)(?:s|ing)?\s+(?:the\s+|all\s+|each\s+)?[^.;:,]{2,80}\Z|\bhas\s+decided\s+\Z",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"\A\s*(?:actions?\s+)?(?:(?:with\s+respect\s+to|regarding|concerning|toward|as\s+to|against|under|for|of|on|to\s+enforce)\s+)?"
    r"(?:(?:any|all|the|its|our|certain)\s+)*(?:\w+\s+(?:for|under|that)\s+)?"
    r"(?:(?:violations?|requirements?|provisions?|prohibitions?|compliance|noncompliance|(?:civil\s+)?penalties|deadlines?)\s+"
    r"(?:of|in|under|with)\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
"""From the wording to a name: "enforcement action against any person for violations of the"."""


def is_own_refusal(refusal: re.Match[str], lead: str) -> bool:
    """Whether the words in front of an active wording make the text, or who issues it, its subject."""
    if refusal["asked"]:
        return bool(_ASKS.search(lead))
    return is_issuer(lead)


def without_lead(between: str) -> str:
    """What stands between an active wording and a target, without the words that only join them."""
    return _OF_IT.sub("", between)
