"""How often a duty comes back: "annually", "every two years", "an annual report"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.enrich.duty_words import words_of
from pipelines.enrich.periods import DAY_OF_MONTH, NUMBER, UNIT, read_count, read_period

_YEAR = r"(?:(?:fiscal|calendar|financial|reporting|academic)\s+)?year"
_ON = (
    r"on\s+(?:(?:at\s+(?:least|a\s+minimum)|(?:no|not)\s+less\s+(?:often\s+|frequently\s+)?than),?\s+)?"
    r"an?\s+(?:at\s+least\s+)?"
)
"""Before the adjective of "on at least a quarterly basis"."""
_RHYTHMS: tuple[tuple[str, str, str], ...] = (
    (
        rf"semi-?annual(?:ly)?|bi-?annual(?:ly)?|twice\s+(?:a|per|each|every|in\s+each)\s+{_YEAR}|twice\s+(?:annually|yearly)"
        rf"|every\s+(?:6|six)\s+months|(?:at\s+six-month|at\s+semi-?annual)\s+intervals|{_ON}(?:semi-?annual|bi-?annual|half-yearly|six-monthly)\s+basis",
        "other",
        "P6M",
    ),
    (
        r"quarterly|(?:each|every|per|once\s+a)\s+(?:(?:fiscal|calendar)\s+)?quarter|every\s+(?:3|three)\s+months"
        rf"|{_ON}quarterly\s+basis|at\s+quarterly\s+intervals",
        "quarterly",
        "P3M",
    ),
    (rf"monthly|each\s+month|every\s+month|(?:once\s+a|per)\s+month|{_ON}monthly\s+basis", "monthly", "P1M"),
    (rf"weekly|each\s+week|every\s+week|once\s+a\s+week|{_ON}weekly\s+basis", "other", "P1W"),
    (
        rf"bienniall?y?|{_ON}biennial\s+basis|every\s+other\s+year|(?:each|every)\s+(?:odd|even)-numbered\s+year|every\s+(?:2|two)\s+years|once\s+every\s+(?:2|two)\s+years",
        "other",
        "P2Y",
    ),
    (
        rf"annually|yearly|{_ON}(?:annual|yearly)\s+basis|at\s+annual\s+intervals|after\s+the\s+end\s+of\s+each\s+{_YEAR}"
        rf"|(?:once\s+)?(?:a|per|each|every|in\s+each|in\s+every)\s+{_YEAR}|every\s+(?:12|twelve)\s+months"
        rf"|(?:each|every)\s+(?:(?:following|subsequent|succeeding|such)\s+{_YEAR}|{DAY_OF_MONTH}(?=\s+thereafter))",
        "annual",
        "P1Y",
    ),
)
_RHYTHM = re.compile(
    r"\b(?:(?:not|no)\s+(?:less|fewer)\s+(?:(?:frequently|often)\s+)?than\s+|at\s+least\s+)?(?:"
    + "|".join(rf"(?P<r{place}>{pattern})" for place, (pattern, _, _) in enumerate(_RHYTHMS))
    + rf"|(?:(?:in\s+|of\s+)?(?:every|each)\s+period\s+of|every)\s+(?P<every>{NUMBER})\s+(?P<every_unit>{UNIT})"
    rf"|(?P<times>{NUMBER})\s+times\s+(?:(?:a|per|each|every|in\s+each|in\s+any)\s+{_YEAR}|annually|yearly)"
    rf"|at\s+intervals\s+(?:of\s+)?(?:(?:not|no)\s+(?:more|longer)\s+than|not\s+exceeding)\s+(?P<interval>{NUMBER})\s+(?P<interval_unit>{UNIT}))",
    re.IGNORECASE,
)
_YEARLY_THING = (
    r"(?:reports?|notifications?|certifications?|statements?|updates?|reviews?|assessments?|audits?"
    r"|summar(?:y|ies)|inventor(?:y|ies)|briefings?|plans?|evaluations?|surveys?|lists?|instructions"
    r"|training|accounts?|returns?|filings?|disclosures?|meetings?)\b"
)
_ADJECTIVES = {
    "annual": "P1Y", "quarterly": "P3M", "monthly": "P1M", "biennial": "P2Y", "semiannual": "P6M", "biannual": "P6M",
}  # fmt: skip
_NO_RHYTHM = re.compile(
    r"\b(?:for|of|in|during|within|within\s+a|per)\s+\Z|\bfiscal\s+years?\b[^.;]{0,24}\Z"
    r"|\b(?:(?:not|no)\s+more\s+than|up\s+to|a\s+maximum\s+of)\s[^.,;]{0,40}\Z",
    re.IGNORECASE,
)
_BOTH = ("quarterly", "monthly", "weekly", "yearly")
_OF_A_NOUN = re.compile(
    r"\s+(?!(?:to|on|in|by|with|and|or|thereafter|for|until|the|an?|each|all|any|its"
    r"|their|through|during|from|as|at|if|after|before|beginning|starting|that|of|under|between|upon|about)\b)"
    rf"(?!(?:\w+\s+){{0,2}}?{_YEARLY_THING})[a-z]",
    re.IGNORECASE,
)
"""What makes an adjective of "quarterly"."""
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


def find_rhythm(text: str, start: int, end: int) -> Rhythm | None:
    """The first rhythm between two places."""
    for match in _RHYTHM.finditer(text, start, end):
        is_word = not text[max(0, match.start() - 1) : match.start()].strip(' \t\n\u00a0,;:.()\u2014-/"\u201c')
        is_other = _NO_RHYTHM.search(text, max(start, match.start() - 64), match.start())
        found = _read_rhythm(match) if is_word and not is_other else None
        if found:
            return found
    if thing := _yearly_thing(text, start, end):
        return thing
    again = _AGAIN.search(text, start, end)
    return Rhythm(again.start(), again.end(), None, "again") if again else None


def _read_rhythm(match: re.Match[str]) -> Rhythm | None:
    """None for a mere adjective: "annual"."""
    for number, unit in (("every", "every_unit"), ("interval", "interval_unit")):
        if match[number]:
            period, _ = read_period(match[number], match[unit])
            return Rhythm(match.start(), match.end(), period, "annual" if period == "P1Y" else "other")
    if match["times"]:
        return Rhythm(match.start(), match.end(), *_times_a_year(match["times"]))
    place = next(place for place in range(len(_RHYTHMS)) if match[f"r{place}"])
    _, recurring, period = _RHYTHMS[place]
    word = match[0].lower()
    is_adjective = word in _BOTH and _OF_A_NOUN.match(match.string, match.end())
    if is_adjective or (" " not in word and not word.endswith("ly")):
        return None
    return Rhythm(match.start(), match.end(), period, recurring)


def _times_a_year(number: str) -> tuple[str | None, str]:
    times = read_count(number)
    months = 12 // times if times and 12 % times == 0 else None
    period = "P1Y" if months == 12 else f"P{months}M" if months else None
    return period, {"P1Y": "annual", "P3M": "quarterly", "P1M": "monthly"}.get(period or "", "other")


def _yearly_thing(text: str, start: int, end: int) -> Rhythm | None:
    """A rhythm told by an adjective: "submit an annual report"."""
    found = re.search(
        rf"\b{words_of('reports').pattern}\s+(?:[^.;]{{0,240}}?\s)?(?-i:(?P<often>annual|quarterly|monthly|biennial"
        rf"|semi-?annual|biannual))\s+(?:\w+\s+){{0,2}}?{_YEARLY_THING}",
        text[start:end],
        re.IGNORECASE,
    )
    if not found:
        return None
    often = found["often"].lower().replace("-", "")
    place = start + found.start("often")
    recurring = often if often in ("annual", "quarterly", "monthly") else "other"
    return Rhythm(place, start + found.end("often"), _ADJECTIVES[often], recurring)
