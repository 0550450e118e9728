"""Deadlines of a sentence: until when, within which period of what, and how often again.

Belongs here: "within 90 days of", "not later than", "by 2 August 2027", terms to keep something, bodies that end by
themselves. Does not belong here: who must act (actors.py), whether there is a duty at all (obligations.py). A due date
stands only where the day it runs from is known; everything else keeps its wording as anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from pipelines.enrich.anchors import TextDates, anchor_text, read_anchor
from pipelines.enrich.duty_words import words_of
from pipelines.enrich.periods import (
    CLOCK,
    DAY,
    DAY_OF_MONTH,
    DAY_OF_PERIOD,
    NUMBER,
    SPAN,
    UNIT,
    read_day,
    read_period,
)
from pipelines.enrich.rhythms import Rhythm, find_rhythm
from pipelines.enrich.words import MONTHS
from pipelines.enrich.year_ends import YEAR_END, read_year_end

MAY_DATE = (
    r"\b(?:days?|weeks?|fortnights?|months?|years?|hours?|semi-?annual|bi-?annual|annual|annually|semi-?annually"
    r"|bi-?annually|yearly|quarterly|quarters?|monthly|weekly|biennial|biennially|twice)\b"
    r"|\b(?:by|than|before|from|on|effective|beginning|starting|commencing) (?:the )?[0-9a-z]|\bcalendar\b"
)
"""Regular expression, case ignored, that every text with a deadline or a rhythm matches."""
_KEPT_CHARS = 200
_LATER = (
    r"(?:at\s+the\s+latest\s+(?:on|by)|(?:by\s+)?(?:not|no)\s+later\s+than|(?:in|at)\s+no\s+(?:case|event|time)\s+(?:later|more)\s+than|before\s+the"
    r"\s+(?:end|expiry|expiration)\s+of|(?:by|on|at)\s+(?:or\s+before\s+)?the\s+(?:end|expiry)\s+of)"
)
_FROM = (
    r"(?:of|after|from|following|since|beginning\s+(?:with|on|from)|starting\s+(?:with|on|from)"
    r"|commencing\s+(?:with|on|from)|once|when|if|upon|as\s+of|in\s+which|on\s+which)"
)
_ANCHOR = r"\s+(?=(?P<anchor>[^;]{0,400}))"
_RELATIVE = re.compile(
    rf"\b(?:within|{_LATER}|(?:(?:not|no)\s+more\s+than|by|on\s+or\s+before|before|prior\s+to)"
    rf"(?=\s+(?:the\s+)?(?:date\s+(?:that|which)\s+is\s+)?{NUMBER}[\s-]+{UNIT}\s+(?:after|following|from)))\s+"
    rf"(?:the\s+(?:end|expiry|expiration)\s+of\s+|the\s+date\s+(?:that|which)\s+is\s+)?(?:(?:a|the|that|any)\s+)?(?:(?:period|term)\s+of\s+|first\s+"
    rf"|initial\s+)?{SPAN}(?:(?:,?\s+(?P<back>before|prior\s+to|in\s+advance\s+of)|,?\s+(?P<prep>{_FROM})){_ANCHOR})?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?:(?:effective|beginning|starting|commencing|as\s+of|with\s+effect\s+from|from)\s+)?(?:on\s+)?"
    rf"(?:the\s+date\s+that\s+is\s+)?{SPAN}\s+(?P<prep>after|from|following){_ANCHOR}",
    re.IGNORECASE,
)
"""A day that something starts or is done on, at the opening of a sentence or between the verb and what is done."""
_STARTS = re.compile(
    rf"(?:effective|beginning|starting|commencing|as\s+of|as\s+from|with\s+effect\s+from|from|on)\s+(?:on\s+)?(?P<day>{DAY})"
    r"(?!\s*(?:to|until|through|and\s+ending|-|\u2013)\s)",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    rf"(?<=\bhave\s|.\bhas\s){SPAN}(?:\s+(?P<prep>{_FROM})\s+(?P<anchor>[^;,.]{{1,200}}?))?(?=\s+to\s+\w)",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"\s+to\s+(?!(?:appeal|object|contest|challenge|petition|comment|request|withdraw|cancel|decide|choose|elect|seek|claim"
    r"|respond|reply|opt|vote|make\s+representations)\b)\w+",
    re.IGNORECASE,
)
"""A time to do something in is a duty, one to appeal or to object in is a right."""
_LOOKS_BACK = re.compile(
    r"\s*,?\s*(?:immediately\s+)?(?:preceding|prior|previous|before|leading\s+up)\b", re.IGNORECASE
)
_LEAD_TIME = re.compile(
    rf"\b(?:at\s+least|not\s+(?:less|fewer)\s+than|no\s+(?:less|fewer|later)\s+than|not\s+later\s+than)\s+{SPAN}"
    rf"\s+(?P<back>before|prior\s+to|in\s+advance\s+of)\s+(?=(?P<anchor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_FIXED = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before|(?P<before>before))\s+(?:(?:(?:the\s+)?(?:close|end)\s+of\s+business|{CLOCK})(?:,?\s+on\s+|,?\s+))?(?:"
    rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?:the\s+)?(?P<day>{DAY})(?P<again>\s*,?\s+of\s+each\s+(?:\w+\s+"
    rf")?year)?",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?<!\bbe\s)(?<!\bbe\sfully\s)\b(?:entered\s+into|in\s+effect|in\s+existence|existing|filed|made|issued|underway|born|occurr\w+"
    r"|established|enacted|published|operational|begun|completed|for)\s+(?:on\s+)?\Z",
    re.IGNORECASE,
)
"""What had happened by a day is no deadline."""
_TO_DO_BEFORE = re.compile(
    r"\b(?:shall|must)\b(?:(?!\b(?:that|which|who|whose|\w+ed|made|held|sold|in\s+(?:use|force|effect|service))\b)"
    r"[^.;,]){3,160}\Z",
    re.IGNORECASE,
)
"""Something to do, without anything that was done, before a day: "must carry out a review before 1 April 2034"."""
_AIM = re.compile(r"\b(?:goal|target|aim|objective)\b[^,;]{0,80}\Z", re.IGNORECASE)
_EVERY_YEAR = (
    r"(?:of\s+|in\s+)?(?:each|every)\s+(?:of\s+)?(?:(?:fiscal|calendar|financial|following|subsequent|such|(?:odd|even)-numbered)\s+)"
    r"{0,2}years?\b"
)
_RECURRING_DAY = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before|before|on)\s+(?:the\s+)?(?:{DAY_OF_MONTH},?\s+(?:{_EVERY_YEAR}|annually\b)"
    rf"|(?:each|every)\s+{DAY_OF_MONTH}\b(?!,?\s+\d{{4}})"
    rf"|{DAY_OF_PERIOD}\s+(?:each|every)\s+(?:(?:fiscal|calendar|financial)\s+)?(?P<often>month|quarter|year)\b)"
    rf"|\b(?:annually|{_EVERY_YEAR}),?\s+(?:{_LATER}|by|on\s+or\s+before|before)\s+(?:the\s+)?{DAY_OF_MONTH}\b(?!,?\s+\d)",
    re.IGNORECASE,
)
_OFTEN = {"year": ("annual", "P1Y"), "quarter": ("quarterly", "P3M"), "month": ("monthly", "P1M")}
_ENDS = re.compile(
    rf"\s+(?:on\s+the\s+date\s+that\s+is\s+|not\s+later\s+than\s+)?{SPAN}\s+(?P<prep>{_FROM})\s+(?=(?P<anchor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_ENDS_ON = re.compile(rf"\s+(?:effective\s+|as\s+of\s+)?(?:on\s+)?(?P<day>{DAY})", re.IGNORECASE)
_KEEPS = re.compile(
    rf"\bfor\s+(?:a\s+(?:minimum\s+)?(?:period|term)\s+(?:[^.;:]{{0,120}}?\s)??of\s+)?(?:(?:at\s+least|not\s+less\s+than|no\s+less\s+than"
    rf"|a\s+minimum\s+of)\s+)?{SPAN}(?:\s+(?P<prep>{_FROM})\s+(?=(?P<anchor>[^;]{{0,300}})))?",
    re.IGNORECASE,
)
_KEEPS_UNTIL = re.compile(
    rf"\b(?:until|for\s+(?:a|the)\s+period\s+(?:ending|which\s+ends|that\s+ends))\s+"
    rf"(?:on\s+the\s+date\s+that\s+is\s+|the\s+(?:end|expiry|expiration)\s+of\s+(?:a\s+period\s+of\s+)?)?{SPAN}"
    rf"\s+(?P<prep>{_FROM}){_ANCHOR}",
    re.IGNORECASE,
)
_KEPT = re.compile(
    rf"\b(?:records?|documents?|documentation|logs?|files?|cop(?:y|ies)|data|information|reports?|evidence|receipts?|books|accounts?"
    rf"|correspondence|recordings?|footage|declarations?|certificates?|lists?|registers?|materials?|samples?|minutes|protocols?)\b"
    rf"[^.;:]{{0,200}}?\bbe\s+(?:\w+\s+and\s+|\w+ly\s+)?{words_of('kept').pattern}\b",
    re.IGNORECASE,
)
"""What must be kept, where the sentence does not say by whom: "the records must be retained"."""
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
_NO_COMMITTEE = re.compile(
    r"\b(?:authorit(?:y|ies)|requirements?|terms?|dut(?:y|ies)|provisions?|memberships?|appointments?|prohibitions?|functions?"
    r"|powers?)\s+(?:of|to|under|in|described|established|provided|granted|as)\b",
    re.IGNORECASE,
)
"""What else than a body ends."""
_PUSHED_IN = re.compile(r"\b(?:shall|must|will|should),\s+", re.IGNORECASE)
_OFTEN_FIRST = re.compile(r"(?:annually|yearly|quarterly|monthly|(?:each|every|once\s+a)\s+year),?\s+", re.IGNORECASE)
"""A rhythm that opens a sentence, before the day from which it runs."""
_AND = re.compile(r"\band\b", re.IGNORECASE)
_AND_THEN = re.compile(r"\s*,?\s*and\s+(?:at\s+least\s+|then\s+|on\s+)?", re.IGNORECASE)
_OWN_VERB = re.compile(r"\b(?:and|or)\s+(?:shall|must|will|should)\b", re.IGNORECASE)
_MONTH_STARTS = "|".join(month[:3] for month in MONTHS)
LIMITED = re.compile(
    r"\b(?:within|than|before|beyond|every|intervals|for|at least|minimum|end of|or|is|have|has|ending)\b[^;]{0,60}?\b"
    r"(?:days?|weeks?|fortnights?|months?|years?|hours?|calendar dates?)\b"
    r"|\b(?:days?|weeks?|months?|years?) (?:after|following|from|of)\b"
    r"|\b(?:annual|annually|yearly|quarterly|monthly|weekly|biennial|biennially|(?:semi|bi)-?annual(?:ly)?)\b"
    r"|\b(?:each|every|per|a) (?:(?:fiscal|calendar|financial) )?(?:year|month|week|quarter)\b"
    r"|\bevery other year\b|\btwice\b"
    rf"|\b(?:by|than|before|from|on|effective|beginning|starting|commencing|each|every)\b[^.;]{{0,60}}?\b"
    rf"(?:(?:{_MONTH_STARTS})|20\d\d|\d{{1,2}}/\d)",
    re.IGNORECASE,
)
"""A time that limits something; without one there is no need to read further."""
_NAMED_TIME = re.compile(
    r"\d|day|date|week|fortnight|month|year|hour|quarter|annual|bienni|\b(?:each|every)\s", re.IGNORECASE
)
"""What every deadline and every rhythm with a period holds: figures, a unit, or what comes again; most sentences that
may hold one hold none of these, and are read no further."""


@dataclass(frozen=True)
class Deadline:
    """A time limit and where its wording stands; period, anchor, due date and rhythm as of the duty that it limits."""

    start: int
    end: int
    period: str | None
    anchor: str | None
    due: date | None
    recurring: str = "none"
    is_start: bool = False
    """Whether it tells when something begins: "beginning January 1"."""


def find_deadlines(text: str, start: int, end: int, dates: TextDates) -> list[Deadline]:
    """Every deadline of a sentence with its rhythm; a rhythm of another duty stands as a deadline of its own."""
    if not _NAMED_TIME.search(text, start, end):
        return []
    kept: list[Deadline] = []
    for one in sorted(_timed(text, start, end, dates), key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    if not kept:
        rhythm = find_rhythm(text, start, end)
        return [_of_rhythm(rhythm)] if rhythm and rhythm.recurring != "again" else []
    kept = _with_later_years(text, kept)
    found = [*_first(text, start, kept[0])]
    for place, one in enumerate(kept):
        until = kept[place + 1].start if place + 1 < len(kept) else end
        if place:
            found.append(one)
        again = find_rhythm(text, one.end, until)
        if again is None:
            continue
        if again.recurring != "again" and _OWN_VERB.search(text, one.end, again.start):
            found.append(_of_rhythm(again))
        elif found[-1].recurring == "none":
            found[-1] = _again(text, found[-1], again)
    return found


def _again(text: str, one: Deadline, rhythm: Rhythm) -> Deadline:
    """A deadline that comes back; what is done annually "beginning January 1" is due some time in the first year."""
    recurring = rhythm.recurring.replace("again", "other")
    if one.is_start and rhythm.period and not _AND_THEN.fullmatch(text, one.end, rhythm.start):
        return replace(one, period=rhythm.period, due=None, recurring=recurring)
    return replace(one, recurring=recurring)


def _of_rhythm(rhythm: Rhythm) -> Deadline:
    return Deadline(rhythm.start, rhythm.end, rhythm.period, None, None, rhythm.recurring)


def _first(text: str, start: int, one: Deadline) -> Iterator[Deadline]:
    """The first deadline, with the rhythm before it or behind it: "annually and, within 30 days of" are two."""
    before = find_rhythm(text, start, one.start)
    if before is None:
        yield one
    elif before.recurring != "again" and _AND.search(text, before.end, one.start):
        yield from (_of_rhythm(before), one)
    else:
        is_open = one.recurring == "none"
        yield replace(one, recurring=before.recurring.replace("again", "other")) if is_open else one


def _with_later_years(text: str, kept: list[Deadline]) -> list[Deadline]:
    """One deadline with a rhythm where the years after it are told too: "and on July 1 of each year thereafter"."""
    found = kept[:1]
    for one in kept[1:]:
        comes_back = one.recurring != "none" and one.anchor == "fixed_date"
        if comes_back and "thereafter" in text[one.start : one.end + 20]:
            found[-1] = replace(found[-1], recurring=one.recurring)
        else:
            found.append(one)
    return found


def _timed(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    for match in _RELATIVE.finditer(text, start, end):
        if (match["back"] and match[0].lower().startswith("within")) or _LOOKS_BACK.match(text, match.end()):
            continue
        yield _relative(match, dates)
    for match in _LEAD_TIME.finditer(text, start, end):
        yield _relative(match, dates)
    for match in _FIXED.finditer(text, start, end):
        is_past = _PAST.search(text, max(start, match.start() - 40), match.start()) or (
            match["before"]
            and match.start() > start
            and not _TO_DO_BEFORE.search(text, max(start, match.start() - 200), match.start())
        )
        if not is_past:
            yield from _fixed(match, dates, "annual" if match["again"] else "none")
    for match in _RECURRING_DAY.finditer(text, start, end):
        recurring, period = _OFTEN[(match["often"] or "year").lower()]
        if "numbered" in match[0]:
            recurring, period = "other", "P2Y"
        yield Deadline(match.start(), match.end(), period, "fixed_date", None, recurring)
    for match in YEAR_END.finditer(text, start, end):
        day = read_year_end(match, dates.jurisdiction)
        is_past = day is not None and dates.signed is not None and day < dates.signed
        if not is_past and not _AIM.search(text, max(start, match.start() - 100), match.start()):
            yield Deadline(match.start(), match.end(), None, "fixed_date", day)
    yield from _opening(text, start, end, dates)
    yield from _allowing(text, start, end, dates)
    yield from _ending(text, start, end, dates)
    yield from _keeping(text, start, end, dates)


def _fixed(match: re.Match[str], dates: TextDates, recurring: str = "none") -> Iterator[Deadline]:
    """A deadline on a full date, but for one from before the text; open where two days could be meant."""
    day = read_day(match["day"])
    if day is None and "/" in match["day"]:
        yield Deadline(match.start(), match.end(), None, f"prior_action:{match['day']}", None, recurring)
    elif day and not (dates.signed and day < dates.signed):
        yield Deadline(match.start(), match.end(), None, "fixed_date", day, recurring)


def _opening(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Days without "within" or "by", at the start of a sentence or pushed in behind its verb."""
    places = [start, *([often.end()] if (often := _OFTEN_FIRST.match(text, start, end)) else [])]
    places += [match.end() for match in _PUSHED_IN.finditer(text, start, end)]
    for place in places:
        if match := _BARE.match(text, place, end):
            yield _relative(match, dates)
        elif match := _STARTS.match(text, place, end):
            yield from (replace(one, is_start=True) for one in _fixed(match, dates))


def _allowing(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """A time that somebody has to do something in: "agencies have 60 days from ... to submit"."""
    for match in _ALLOWED.finditer(text, start, end):
        found = _relative(match, dates)
        if _TO_DO.match(text, found.end, end):
            yield found


def _ending(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Bodies that end by themselves: "shall sunset five years after ..."."""
    for verb in re.finditer(rf"\b{words_of('ends').pattern}s?\b", text[start:end], re.IGNORECASE):
        lead = text[start : start + verb.start()]
        if lead.strip() and (not _COMMITTEE.search(lead[-160:]) or _NO_COMMITTEE.search(lead[-160:])):
            continue
        if span := _ENDS.match(text, start + verb.end(), end):
            yield _relative(span, dates)
        elif (day := _ENDS_ON.match(text, start + verb.end(), end)) and lead.strip():
            yield from _fixed(day, dates)


def _keeping(text: str, start: int, end: int, dates: TextDates) -> Iterator[Deadline]:
    """Terms for which something must be kept: "retain the records for two years after ..."."""
    keeps = [match.end() for match in re.finditer(rf"\b{words_of('keeps').pattern}\b", text[start:end], re.IGNORECASE)]
    keeps += [match.end() - start for match in _KEPT.finditer(text, start, end)]
    if not keeps:
        return
    for match in _KEEPS.finditer(text, start, end):
        if any(0 <= match.start() - start - place <= _KEPT_CHARS for place in keeps):
            yield _relative(match, dates)
    for match in _KEEPS_UNTIL.finditer(text, start, end):
        yield _relative(match, dates)


def _relative(match: re.Match[str], dates: TextDates) -> Deadline:
    groups = match.groupdict()
    period, step = read_period(match["number"], match["unit"])
    said = groups.get("anchor") or ""
    end = match.start("anchor") if said else match.end()
    if groups.get("back"):
        event = anchor_text(said)
        return Deadline(match.start(), end + len(event), period, f"before:{' '.join(event.split())}", None)
    anchor = read_anchor(said, dates)
    end += anchor.length
    if other := _ALTERNATIVE.match(match.string, end):
        second, _ = read_period(other["number2"], other["unit2"])
        names = f"{anchor.name}; prior_action:{anchor_text(other['anchor2'])}"
        return Deadline(match.start(), other.end(), f"{period}; {second}", names, None)
    due = _due(anchor.day, step, groups.get("prep") or "", said) if anchor.day and step else None
    return Deadline(match.start(), end, period, anchor.name, due, _in_anchor(said[: anchor.length]))


def _due(day: date, step: relativedelta, prep: str, said: str) -> date:
    """The last day of a period; one "beginning with the day" has that day as its first."""
    last = day + step
    is_inclusive = re.match(r"(?:beginning|starting|commencing)\s+with\b", prep, re.IGNORECASE) or (
        re.match(r"(?:beginning|starting|commencing)\s+on\b", prep, re.IGNORECASE)
        and re.match(r"(?:the\s+)?day\b", said, re.IGNORECASE)
    )
    is_cut_short = (step.months or step.years) and last.day != day.day
    return last - timedelta(days=1) if is_inclusive and not is_cut_short else last


def _in_anchor(said: str) -> str:
    """The rhythm of what a period runs from: "the end of each fiscal quarter"."""
    often = re.search(r"\b(?:each|every)\s+(?:\w+\s+)?(?P<what>year|quarter|month)\b", said, re.IGNORECASE)
    return _OFTEN[often["what"].lower()][0] if often else "none"
