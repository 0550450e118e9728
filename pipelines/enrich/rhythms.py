"""How often a duty comes back: "annually", "every two years", "an annual report"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.enrich.duty_words import words_of
from pipelines.enrich.periods import NUMBER, UNIT, read_period

_RHYTHMS: tuple[tuple[str, str, str], ...] = (
    (
        r"semi-?annual(?:ly)?|bi-?annual(?:ly)?|twice\s+(?:a|per|each|every)\s+year|twice\s+annually"
        r"|every\s+(?:6|six)\s+months",
        "other",
        "P6M",
    ),
    (r"quarterly|each\s+quarter|every\s+(?:3|three)\s+months|on\s+a\s+quarterly\s+basis", "quarterly", "P3M"),
    (r"monthly|each\s+month|every\s+month|on\s+a\s+monthly\s+basis", "monthly", "P1M"),
    (r"weekly|each\s+week", "other", "P1W"),
    (r"bienniall?y?|every\s+other\s+year|every\s+(?:2|two)\s+years|once\s+every\s+(?:2|two)\s+years", "other", "P2Y"),
    (
        r"annually|yearly|on\s+an\s+annual\s+basis|(?:once\s+)?(?:a|per|each|every)\s+(?:fiscal\s+"
        r"|calendar\s+)?year|every\s+(?:12|twelve)\s+months",
        "annual",
        "P1Y",
    ),
)
_RHYTHM = re.compile(
    r"(?:\b(?:not|no)\s+less\s+(?:frequently|often)\s+than\s+|\bat\s+least\s+)?(?:"
    + "|".join(rf"(?P<r{place}>{pattern})" for place, (pattern, _, _) in enumerate(_RHYTHMS))
    + rf"|every\s+(?P<every>{NUMBER})\s+(?P<every_unit>{UNIT}))",
    re.IGNORECASE,
)
_YEARLY_THING = (
    r"(?:reports?|notifications?|certifications?|statements?|updates?|reviews?|assessments?|audits?"
    r"|summar(?:y|ies)|inventor(?:y|ies)|briefings?|plans?|evaluations?|surveys?|lists?|instructions"
    r"|training|accounts?|returns?|filings?|disclosures?|meetings?)\b"
)
_NO_RHYTHM = re.compile(
    r"\b(?:for|of|in|during|within|within\s+a|per)\s+\Z|\bfiscal\s+years?\b[^.;]{0,24}\Z", re.IGNORECASE
)
_AGAIN = re.compile(
    r"\b(?:periodically|thereafter|on\s+an\s+ongoing\s+basis|from\s+time\s+to\s+time|regular(?:ly)?\s+basi"
    r"s|updated\s+regularly)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rhythm:
    """How often, and where the text says so."""

    start: int
    end: int
    period: str | None
    recurring: str
    """annual, quarterly, monthly or other; ``again`` where no period is given."""


def find_rhythm(text: str, start: int, end: int, taken: list[tuple[int, int]]) -> Rhythm | None:
    """The first rhythm between two places that is not in one already taken."""
    for match in _RHYTHM.finditer(text, start, end):
        if _NO_RHYTHM.search(text, max(start, match.start() - 48), match.start()) or any(
            a <= match.start() < b for a, b in taken
        ):
            continue
        if not re.search(r"(?:\A|\W)\Z", text[max(0, match.start() - 1) : match.start()]):
            continue
        if match["every"]:
            period, _ = read_period(match["every"], match["every_unit"])
            return Rhythm(match.start(), match.end(), period, "annual" if period == "P1Y" else "other")
        place = next(place for place in range(len(_RHYTHMS)) if match[f"r{place}"])
        _, recurring, period = _RHYTHMS[place]
        if (
            re.match(r"annual|biennial|semi|bi-?annual|quarterly|monthly|weekly", match[0], re.IGNORECASE)
            and not match[0].lower().endswith("ly")
            and " " not in match[0]
        ):
            continue
        return Rhythm(match.start(), match.end(), period, recurring)
    reports = re.search(
        rf"\b{words_of('reports').pattern}\s+(?:[^.;]{{0,240}}?\s)?(?-i:(?P<often>annual|quarterly"
        rf"|monthly|biennial|semiannual))\s+(?:\w+\s+){{0,2}}?{_YEARLY_THING}",
        text[start:end],
        re.IGNORECASE,
    )
    if reports:
        often = reports["often"].lower()
        period = {"annual": "P1Y", "quarterly": "P3M", "monthly": "P1M", "biennial": "P2Y", "semiannual": "P6M"}[often]
        place = start + reports.start("often")
        return Rhythm(
            place,
            place + len(often),
            period,
            often if often in ("annual", "quarterly", "monthly") else "other",
        )
    again = _AGAIN.search(text, start, end)
    return Rhythm(again.start(), again.end(), None, "again") if again else None
