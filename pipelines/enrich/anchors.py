"""What a period runs from: the text's own days where it says so, else the wording.

Belongs here: "the date of this order", "the coming into force of this Regulation", and where the wording of an anchor
ends. Does not belong here: how long the period is (periods.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipelines.enrich.periods import DAY, read_day

_THIS = (
    r"(?:this|the\s+present)\s+(?:\w+\s+){0,2}?(?:order|memorandum|memo|proclamation|guidance|directive"
    r"|notice|circular|act|title|section|subtitle|subsection|chapter|part|paragraph|division|law"
    r"|measure|article|policy|plan|statement|document|report|strategy|paper)s?\b"
)
_ORDER_DATE = re.compile(
    rf"(?:the\s+)?(?:(?:date|day|signing|issuance|release|adoption|approval)\s+(?:of\s+|on\s+which\s+)?)?(?"
    rf":the\s+)?(?:(?:issuance|signing|signature|enactment|passing|passage|release|adoption|making)\s+of\s+"
    rf")?{_THIS}(?!\s+(?:takes|comes|enters|becomes|is\s+published|required))"
    rf"|(?:the\s+)?(?:date\s+(?:of|on\s+which)\s+)?{_THIS}\s+(?:is|was)\s+(?:signed|passed|enacted|made|issued)"
    r"|(?:the\s+)?date\s+of\s+(?:the\s+)?enactment\b(?!\s+of)",
    re.IGNORECASE,
)
_EFFECTIVE_DATE = re.compile(
    r"(?:the\s+)?(?:effective\s+date|(?:date\s+of\s+)?(?:the\s+)?(?:entry|coming)\s+into\s+force)\s+of\s+("
    r"?:this|these|the\s+present)\b"
    r"|(?:the\s+)?(?:day|date)\s+on\s+which\s+(?:this|these)\s+(?:\w+\s+)?\w+\s+(?:takes?\s+effect"
    r"|comes?\s+into\s+(?:force|effect)|enters?\s+into\s+force|becomes?\s+effective)",
    re.IGNORECASE,
)
_PUBLICATION_DATE = re.compile(
    r"(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?publication\s+(?:of\s+this\s+[\w\s]{1,30}?\s+)?(?:in\s+the\s+"
    r"Federal\s+Register|of\s+this\s+(?:\w+\s+)?(?:rule|notice|document))",
    re.IGNORECASE,
)
_ANCHOR_END = re.compile(
    r",|;|:|\.(?=\s|$)|\u2014|--|\)\s|\s(?:shall|must|will|may)\s|\s(?:and|or)\s+(?=(?:at\s+least\s+)?(?:a"
    r"nnually|every|in\s|as\s|on\s+an|updated|periodically|quarterly|monthly|each|no\s|not\s|any\s+update"
    r"|thereafter|subject|\d|consistent|biennially))"
)


@dataclass(frozen=True)
class TextDates:
    """The days a text's deadlines may run from; None where unknown."""

    signed: date | None = None
    """Signed, issued, adopted or enacted."""
    published: date | None = None
    effective: date | None = None


def read_anchor(said: str, prep: str, dates: TextDates) -> tuple[str | None, date | None]:
    """What a period runs from, and its day where known."""
    if not said:
        return None, None
    if _PUBLICATION_DATE.match(said):
        return "publication_date", dates.published
    if _EFFECTIVE_DATE.match(said):
        return "effective_date", dates.effective
    if _ORDER_DATE.match(said):
        return "order_date", dates.signed
    plain = " ".join(anchor_text(said).split())
    fixed = re.match(DAY, plain)
    if fixed and (day := read_day(fixed[0])):
        return "fixed_date", day
    return f"prior_action:{plain}", None


def anchor_text(said: str) -> str:
    """The wording of an anchor, up to where the clause goes on."""
    stop = _ANCHOR_END.search(said)
    return (said[: stop.start()] if stop else said).rstrip()
