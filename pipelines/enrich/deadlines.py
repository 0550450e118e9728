"""Deadlines of a sentence: until when, within which period of what, and how often again.

Belongs here: "within 90 days of", "not later than", "by 2 August 2027", terms to keep something, bodies that end by
themselves. Does not belong here: who must act (actors.py), whether there is a duty at all (obligations.py). A due date
stands only where the day it runs from is known; everything else keeps its wording as anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipelines.enrich.anchors import TextDates, anchor_text, read_anchor
from pipelines.enrich.duty_words import words_of
from pipelines.enrich.periods import DAY, NUMBER, SPAN, UNIT, read_day, read_period
from pipelines.enrich.rhythms import find_rhythm
from pipelines.enrich.words import MONTHS

MAY_DATE = (
    r"\b(?:days?|weeks?|fortnights?|months?|years?|hours?|annual|annually|yearly|quarterly|monthly|weekly|biennial"
    r"|biennially|twice)\b|\b(?:by|than|before) [0-9a-z]|\bcalendar\b"
)
"""Regular expression, case ignored, that every text with a deadline or a rhythm matches."""
_KEPT_CHARS = 200
_LATER = (
    r"(?:(?:by\s+)?(?:not|no)\s+later\s+than|in\s+no\s+(?:case|event)\s+(?:later|more)\s+than|before\s+the"
    r"\s+(?:end|expiry|expiration)\s+of|by\s+the\s+end\s+of)"
)
_FROM = (
    r"(?:of|after|from|following|since|beginning\s+(?:with|on|from)|starting\s+(?:with|on|from)"
    r"|commencing\s+on|once|when|if|upon|as\s+of|in\s+which|on\s+which)"
)
_RELATIVE = re.compile(
    rf"\b(?:within|{_LATER}|(?:not|no)\s+more\s+than(?={{0}}))\s+(?:(?:a|the)\s+)?(?:period\s+of\s+|first\s+)?{SPAN}"
    rf"(?:(?:,?\s+(?P<back>before|prior\s+to|in\s+advance\s+of)|,?\s+(?P<prep>{_FROM}))\s+(?=(?P<anchor>[^;"
    rf"]{{0,400}})))?".replace("(?={0})", rf"(?=\s+{NUMBER}[\s-]+{UNIT}\s+(?:after|following|from))"),
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"\s*,?\s*(?:immediately\s+)?(?:preceding|prior|previous|before|leading\s+up)\b", re.IGNORECASE
)
_LEAD_TIME = re.compile(
    rf"\b(?:at\s+least|not\s+(?:less|fewer)\s+than|no\s+(?:less|fewer|later)\s+than|not\s+later\s+than)\s+{SPAN}"
    rf"\s+(?P<back>before|prior\s+to|in\s+advance\s+of)\s+(?=(?P<anchor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_FIXED = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before|(?P<before>before))\s+(?:the\s+close\s+of\s+business\s+on\s+)?(?:("
    rf"?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?P<day>{DAY})(?P<again>\s*,?\s+of\s+each\s+(?:\w+\s+"
    rf")?year)?",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:entered\s+into|in\s+effect|in\s+existence|existing|filed|made|issued|underway|born|occurr\w+"
    r"|established|enacted|published|operational|begun|completed|for)\s+(?:on\s+)?\Z",
    re.IGNORECASE,
)
"""What had happened by a day is no deadline."""
_YEAR_ONLY = re.compile(
    r"\b(?:by|not\s+later\s+than|no\s+later\s+than|before)\s+(?P<when>(?:the\s+)?(?:end|start|beginning"
    r"|close)\s+of\s+(?:(?:fiscal|calendar)\s+year\s+)?\d{4}|(?:fiscal|calendar)\s+year\s+\d{4}"
    r"|(?:spring|summer|autumn|fall|winter)\s+(?:of\s+)?\d{4}"
    rf"|(?:(?:early|mid|late)-?\s?)?(?:(?:{'|'.join(MONTHS)})\s+)?20\d{{2}})(?![\d/-])",
    re.IGNORECASE,
)
_YEARLY_DAY = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before)\s+(?P<when>(?:{'|'.join(MONTHS)})\s+\d{{1,2}}(?:st|nd"
    rf"|rd|th)?,?\s+(?:of\s+)?(?:each|every)\s+(?:\w+\s+)?year)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\s+(?:on\s+the\s+date\s+that\s+is\s+|not\s+later\s+than\s+)?{SPAN}\s+(?P<prep>{_FROM})\s+(?=(?P<anc"
    rf"hor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    rf"\bfor\s+(?:a\s+(?:minimum\s+)?period\s+of\s+)?(?:(?:at\s+least|not\s+less\s+than|no\s+less\s+than"
    rf"|a\s+minimum\s+of)\s+)?{SPAN}(?:\s+(?P<prep>{_FROM})\s+(?=(?P<anchor>[^;]{{0,300}})))?",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(
    rf"\s*,?\s*or\s+(?:not\s+later\s+than\s+|within\s+)?(?P<number2>{NUMBER})\s+(?P<unit2>{UNIT})\s+(?:af"
    rf"ter|of|from|following)\s+(?P<anchor2>[^;]{{0,300}}?),?\s+whichever\s+(?:\w+\s+){{1,2}}(?:later"
    rf"|earlier|first|last|sooner)",
    re.IGNORECASE,
)
_COMMITTEE = re.compile(
    r"\b(?:council|committee|commission|board|task\s+force|panel|group|office|program(?:me)?|center"
    r"|centre|institute)\b",
    re.IGNORECASE,
)
LIMITED = re.compile(
    r"\b(?:within|than|before|beyond|every|for|at least|minimum|end of|or|is)\b[^;]{0,60}?\b(?:days?"
    r"|weeks?|fortnights?|months?|years?"
    r"|hours?|calendar dates?)\b|\b(?:days?|months?|years?) (?:after|following|from|of)\b"
    r"|\b(?:annual|annually|yearly|quarterly|monthly|weekly|biennial|biennially|semi-?annual|semi-?annuall"
    r"y|bi-?annually)\b"
    r"|\b(?:each|per|a) (?:fiscal |calendar )?(?:year|month|week|quarter)\b|\bevery other year\b|\btwice\b"
    r"|\b(?:by|than|before)\b[^.;]{0,60}?\b(?:january|february|march|april|may|june|july|august"
    r"|september|october|november"
    r"|december|20\d\d)\b",
    re.IGNORECASE,
)
"""A time that limits something; without one there is no need to read further."""


@dataclass(frozen=True)
class Deadline:
    """A time limit and where its wording stands; period, anchor, due date and rhythm as of the duty that it limits."""

    start: int
    end: int
    period: str | None
    anchor: str | None
    due: date | None
    recurring: str = "none"


def find_deadlines(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Every deadline of a sentence; a rhythm is one of its own only where the sentence has no other."""
    found = sorted(_timed(text, start, end, dates), key=lambda one: (one.start, -one.end))
    kept: list[Deadline] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    rhythm = find_rhythm(text, start, end, [(one.start, one.end) for one in kept])
    if not kept:
        if rhythm and rhythm.recurring != "again":
            yield Deadline(rhythm.start, rhythm.end, rhythm.period, None, None, rhythm.recurring)
        return
    for later in [
        one for one in kept[1:] if one.recurring == "annual" and "thereafter" in text[one.start : one.end + 14]
    ]:
        place = kept.index(later)
        kept[place - 1 : place + 1] = [replace(kept[place - 1], recurring="annual")]
    for place, one in enumerate(kept):
        is_last = place + 1 == len(kept)
        until = kept[place + 1].start if not is_last else end
        again = find_rhythm(text, one.end, until, []) or (
            find_rhythm(text, start, one.start, []) if place == 0 else None
        )
        recurring = (
            one.recurring
            if one.recurring != "none"
            else ("none" if again is None else again.recurring.replace("again", "other"))
        )
        yield Deadline(one.start, one.end, one.period, one.anchor, one.due, recurring)


def _timed(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    for match in _RELATIVE.finditer(text, start, end):
        if (match["back"] and match[0].lower().startswith("within")) or _LOOKS_BACK.match(text, match.end()):
            continue
        yield _relative(match, dates)
    for match in _LEAD_TIME.finditer(text, start, end):
        yield _relative(match, dates)
    for match in _FIXED.finditer(text, start, end):
        day = read_day(match["day"])
        is_past = _PAST.search(text, max(start, match.start() - 40), match.start()) or (
            match["before"] and match.start() > start
        )
        if day and not is_past and not (dates.signed and day < dates.signed):
            yield Deadline(match.start(), match.end(), None, "fixed_date", day, "annual" if match["again"] else "none")
    for match in _YEARLY_DAY.finditer(text, start, end):
        yield Deadline(
            match.start(), match.end(), "P1Y", f"prior_action:{' '.join(match['when'].split())}", None, "annual"
        )
    for match in _YEAR_ONLY.finditer(text, start, end):
        if not re.search(
            r"\b(?:goal|target|aim|objective)\b[^,;]{0,80}\Z", text[max(start, match.start() - 100) : match.start()]
        ):
            yield Deadline(match.start(), match.end(), None, f"prior_action:{' '.join(match['when'].split())}", None)
    yield from _ending(text, start, end, dates)
    yield from _keeping(text, start, end, dates)


def _ending(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Bodies that end by themselves: "shall sunset five years after ..."."""
    for verb in re.finditer(rf"\b{words_of('ends').pattern}s?\b", text[start:end], re.IGNORECASE):
        span = _ENDS.match(text, start + verb.end(), end)
        lead = text[start : start + verb.start()]
        if span and (_COMMITTEE.search(lead[-160:]) or not lead.strip()):
            yield _relative(span, dates)


def _keeping(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Terms for which something must be kept: "retain the records for two years after ..."."""
    keeps = [match.end() for match in re.finditer(rf"\b{words_of('keeps').pattern}\b", text[start:end], re.IGNORECASE)]
    for match in _KEEPS.finditer(text, start, end) if keeps else ():
        if any(0 <= match.start() - start - place <= _KEPT_CHARS for place in keeps):
            yield _relative(match, dates)


def _relative(match: re.Match[str], dates: TextDates) -> Deadline:
    groups = match.groupdict()
    period, step = read_period(match["number"], match["unit"])
    said = match["anchor"] if match["anchor"] is not None else ""
    prep = groups.get("prep") or ""
    end = match.start("anchor") if match["anchor"] is not None else match.end()
    if groups.get("back"):
        event = anchor_text(said)
        return Deadline(match.start(), end + len(event), period, f"before:{' '.join(event.split())}", None)
    anchor, day = read_anchor(said, prep, dates)
    length = len(anchor_text(said))
    other = _ALTERNATIVE.match(match.string, end + length)
    if other:
        second, _ = read_period(other["number2"], other["unit2"])
        return Deadline(
            match.start(),
            other.end(),
            f"{period}; {second}",
            f"{anchor}; prior_action:{anchor_text(other['anchor2'])}",
            None,
        )
    is_computable = day is not None and step is not None
    return Deadline(match.start(), end + length, period, anchor, day + step if is_computable and day and step else None)
