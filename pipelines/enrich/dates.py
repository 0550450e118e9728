"""Days that a text states: signed, effective, closing for comment; and the relative days of press texts.

Belongs here: the wordings beside a full date, each with its quote, and relative days ("last Tuesday", "in March")
resolved against the day of the text where only one day or span can be meant. Does not belong here: official date
fields, choosing between dates that contradict each other (all are kept), deadlines of duties (see obligations).
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.enrich.tame import tame
from pipelines.enrich.words import MONTHS, TENS, UNDER_TWENTY

EXTRACTOR_VERSION = "dates/4"
MAX_QUOTE_CHARS = 400

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}})"
)
_TIME_OF_DAY = r"\d{1,2}(?::\d{2})?(?:\s*[ap]_?m_?)?|noon|midday|midnight"
_LINK = (
    rf"(?:\s+(?:on|by|at|is|as\s+of|from|until|through|of|{_TIME_OF_DAY}|[A-Z]{{2,3}}T?|Eastern|Central|Pacific|Standard"
    r"|Daylight|Local|Time|the|or|before|no|not|later|than|end|close|business|day|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?)"
    r"|[:,])*\s+"
)
_LEADER = r"(?:\s*[.\u2013\u2014_-])*\s*"
"""What an instrument prints between a word and its day: "Made - - - - 12th February 2031"."""

_CLOSES = re.compile(
    rf"\bcomments?\b[^.;]{{0,160}}?\b(?:received|submitted|due|close[sd]?|end[s]?|accepted|filed"
    rf"|postmarked|extended|deadline|until|by|before)\b{_LINK}(?P<day>{_DAY})"
    rf"|\bcomment\s+(?:period|deadline|(?:due|closing|end)\s+date)\b[^.;]{{0,120}}?(?P<day2>{_DAY})"
    r"|\bconsultation\b[^.;]{0,160}?\b(?:clos(?:es?|ed|ing)|end(?:s|ed|ing)?|until|through|(?<=\d{4}\s)to)\b"
    rf"{_LINK}(?P<day3>{_DAY})"
    r"|\b(?:responses?|replies|submissions|feedback|views|evidence)\s+(?:[^.;\s]+\s+){0,6}?(?:should|must|may|can|to)\s+"
    r"(?:be\s+)?(?:submitted|sent|returned|received|emailed|made|reach\s+us)\b[^.;]{0,60}?\b(?:by|before|until|than)\b"
    rf"{_LINK}(?P<day4>{_DAY})"
    rf"|\bclosing\s+date\b(?:\s+(?:for|of)\s+(?:[\w']+\s+)?(?:comments|responses|submissions|consultation))?{_LINK}(?P<day5>{_DAY})"
    r"|\b(?:deadline|due\s+date|last\s+day)\s+(?:for|to|of)\s+(?:[\w'-]+\s+){0,5}?"
    r"(?:comments?|(?:responses|submissions)\s+to\s+(?:this|the|our)\s+(?:consultation|call))\b"
    rf"[^.;]{{0,60}}?{_LINK}(?P<day6>{_DAY})"
    rf"|\bhas\s+until\s+(?P<day7>{_DAY}),?\s+to\s+(?:\w+\s+){{0,3}}comments?\b"
    r"|\brespond\s+to\s+(?:this|the|our)\s+(?:consultation|call)\b[^.;]{0,60}?\b(?:by|before|until)\b"
    rf"{_LINK}(?P<day8>{_DAY})",
    re.IGNORECASE,
)
_NEW_END = re.compile(rf"\b(?:to|until|through|by)\b{_LINK}\Z", re.IGNORECASE)
_EXTENDED = re.compile(r"\b(?:extend|reopen)(?:s|ed|ing)?\b", re.IGNORECASE)
_COMMENTED = re.compile(r"\b(?:comment|consultation)s?\b", re.IGNORECASE)
_LEAD_CHARS = 260
_LINK_CHARS = 60
_ANY_DAY = re.compile(_DAY, re.IGNORECASE)
_WERE_RECEIVED = re.compile(
    r"\b(?:were|was|been)\s+(?:received|submitted|filed|due|requested|invited|solicited|sought|accepted)\b",
    re.IGNORECASE,
)
_RECEIVED = re.compile(r"\breceiv(?:ed|ing)\s+(?:[\w,]+\s+){0,4}\Z", re.IGNORECASE)
"""Comments that somebody has: no day to send them by."""
_TAKES_VIEWS = re.compile(r"\b(?:consult\w*|comments?|call\s+for\s+evidence|views)\b", re.IGNORECASE)
_SEEKS = re.compile(
    r"\b(?:appl(?:y|ications?|icants?)|vacanc(?:y|ies)|recruit\w*|salary|jobs?|candidates?|tender\w*|bids?|bidders?|grants?|funding"
    r"|competitions?|contracts?|entries|nominations?|registration)\b",
    re.IGNORECASE,
)
"""What else than views a closing date may be for."""
_EFFECTIVE = re.compile(
    rf"\b(?:effective(?:\s+date)?|(?:takes?|took|taking|take)\s+effect|(?:comes?|came|coming)\s+into\s+(?:force|effect)"
    rf"|(?:enters?|entered|entry)\s+into\s+force|applicable|shall\s+apply|applies\s+from|commencement)\b"
    rf"(?:{_LINK}|{_LEADER})(?P<day>{_DAY})",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"\beffective\s+date\b[^.;]{{0,200}}?\b(?:delayed|postponed|deferred|moved|changed|extended)\b[^.;]{{0,80}}?\b(?:until|till|to)\b"
    rf"{_LINK}(?P<day>{_DAY})"
    rf"|\b(?:delay|postpon|defer)(?:s|es|ed|ing)?\s+(?:the\s+)?effective\s+date\b[^.;]{{0,200}}?\b(?:until|till|to)\b{_LINK}(?P<day2>{_DAY})",
    re.IGNORECASE,
)
"""A day of effect put off: the new one counts."""
_SIGNED = re.compile(
    rf"\b(?:signed|approved|adopted|issued|enacted|done\s+at\s+[A-Z]\w+|given\s+under\s+my\s+hand|Royal\s+Assent)\b"
    rf"(?:\s+(?:into\s+law|this|in\s+[A-Z]\w+|by\s+(?:the\s+)?(?:Governor|President)|was\s+given))?{_LINK}(?P<day>{_DAY})"
    rf"|THE\s+WHITE\s+HOUSE,?\s+(?P<day2>{_DAY})"
    rf"|(?-i:^\s*Made\b){_LEADER}(?P<day3>{_DAY})"
    rf"|(?-i:\bDated):?\s+(?:this\s+)?(?P<day4>{_DAY})",
    re.IGNORECASE | re.MULTILINE,
)
_ROLES = (("comment_close", _CLOSES), ("effective", _EFFECTIVE), ("effective", _MOVED), ("signed", _SIGNED))
_ON_SIGNED = re.compile(
    rf"\b[Oo]n\s+(?P<day>{_DAY}),?\s+(?:(?:the\s+)?[A-Z][\w.]+\s+){{0,4}}(?:signed|approved|adopted|enacted)"
    r"(?=\s*(?:[.,;]|\Z)|\s+(?:it|this|these|into\s+law|the\s+(?:present|foregoing))\b"
    r"|\s+the\s+(?:order|act|bill|law|memorandum|proclamation|regulations?|rules?|decision|agreement)\s*(?:[.,;]|\Z|into\b))"
)
"""Of the text itself: what else is signed is named by its number or its title."""
_ACTED_ON = re.compile(
    r"\b(?:amend|revis|replac|correct|supersed|revok|rescind|withdr[ae]w|modif(?:y|i)|extend)\w*\b[^.;]{0,80}"
    r"\b(?:the|that|an?)\s+(?:[\w-]+\s+){0,4}(?:rule|order|regulation|notice|memorandum|guidance|policy|determination)s?,?\s+\Z"
    r"|\b(?:which|that)\s+(?:(?:was|were|became|had\s+become)\s+)?\Z",
    re.IGNORECASE,
)
"""In front of a day of effect: it is that of what the text acts on, or only speaks of."""
_NUMBERED = re.compile(
    r"\b(?:EO|E_O_|Executive\s+Order|Proclamation|Public\s+Law|Pub_?\s?L_?|Memorandum|M-|Regulation|Directive|Act|Order)\b"
    r"[^.;:]{0,60}?\d[\w/-]*(?:\)|\s+\([^()]{0,80}\))?,?\s+(?:(?:which|that)\s+)?(?:(?:was|were)\s+)?\Z",
)
"""In front of a signature: another instrument, named by its number."""
_EARLIER = re.compile(
    r"\b(?:(?:earlier|previous|former|prior|old|existing|current|principal|original|parent|preceding|repealed|revoked|(?<=the\s)\d{4})\s+"
    r"(?:[\w-]+\s+){0,3}?(?:regulations?|rules?|orders?|acts?|laws?|directive|notice|scheme|guidance|code|policy|instruments?"
    r"|versions?|editions?|measures?|decisions?)"
    r"|(?:the|that|an?|each|such)\s+(?:[\w-]+\s+){0,4}?(?:treaty|convention|agreement|protocol|charter|covenant|accord))"
    r"\s*,?\s+(?:(?:which|that|was|were|had|has|first|became|originally)\s+)*\Z",
    re.IGNORECASE,
)
"""In front of a past day of effect: what was there before the text, or another kind of instrument than it."""
_PAST = re.compile(r"(?:came|took|entered)\b", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were|became)\s+\Z", re.IGNORECASE)
_BEFORE_CHARS = 160
_ABBREVIATED = re.compile(r"\b(?:[A-Za-z]|Nos?|Inc|Dr|Mrs?|Ms|St|Pub|Sec)\.")
"""Full stops that end no sentence."""

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip
_SET_MY_HAND = re.compile(
    rf"\bthis\s+(?:(?P<number>\d{{1,2}})(?:st|nd|rd|th)|(?P<ordinal>[a-z]+(?:-[a-z]+)?))\s+day\s+of\s+(?P<month>{_MONTH}),?"
    r"\s+(?:in\s+the\s+year\s+of\s+our\s+Lord\s+)?(?:(?P<year>\d{4})|two\s+thousand(?:\s+and)?"
    r"(?:[\s-]+(?P<tens>[a-z]+))?(?:[\s-]+(?P<ones>one|two|three|four|five|six|seven|eight|nine)\b)?)",
    re.IGNORECASE,
)
"""How a proclamation tells its day: "this third day of May, in the year of our Lord two thousand thirty-one"."""

_MAY_BE_DATED = re.compile(r"\d{4}|\bday\s+of\b", re.IGNORECASE)
"""The year of a full date, or how a proclamation tells its day in words: without either no day is told."""

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month with which each begins."""
_RELATIVE = re.compile(
    rf"\b(?:(?P<plain>yesterday|today|tomorrow)|(?P<which>last|next|this|on)\s+(?P<weekday>{'|'.join(_WEEKDAYS)})"
    rf"|(?P<whole>last|next|this)\s+(?P<unit>week|month|year)"
    rf"|(?P<near>last|next|this)\s+(?P<season>{'|'.join(_SEASONS)})"
    rf"|(?P<when>in|last|next|this|since)\s+(?:(?:early|mid|late)[\s-]+)?(?P<month>{_MONTH})\b(?!\s+\d"
    rf"|,?\s+(?:19|20)\d\d)"
    r"|(?P<count>\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<ago_unit>days?|weeks?|months?|years?)\s+ago)\b",
    re.IGNORECASE,
)
_COUNTS = {name: number for number, name in enumerate(UNDER_TWENTY[: 10 + 1])} | {"a": 1, "an": 1}


@dataclass(frozen=True)
class StatedDate:
    """One day that a text gives a role to; ``quote`` is ``text[start:end]``."""

    role: str
    """signed, effective or comment_close."""
    day: date
    """Civil day of the source."""
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class RelativeDate:
    """A relative day and the span of days that it can mean; both ends None where that stays open."""

    first: date | None
    last: date | None
    """Equal to ``first`` where one day is meant."""
    start: int
    end: int
    quote: str


def find_dates(text: str) -> list[StatedDate]:
    """Every date to which the text gives a role, in its order; contradicting ones are all given."""
    text = tame(text)
    if not _MAY_BE_DATED.search(text):
        return []
    found = {(one.role, one.day): one for one in reversed(list(_stated(text)))}
    return sorted(found.values(), key=lambda one: (one.start, one.role))


def find_relative_dates(text: str, reference: date | None) -> list[RelativeDate]:
    """Relative days against the day the text was published; without one, and where two years are as likely, open."""
    return [_resolved(match, reference) for match in _RELATIVE.finditer(tame(text))]


def _stated(text: str) -> Iterator[StatedDate]:
    plain = _ABBREVIATED.sub(lambda match: match[0].replace(".", "_"), text)
    extended = list(_extended(plain))
    ends = [match.end() for _, match in extended]
    for first, match in extended:
        if day := read_day(match[0]):
            yield StatedDate("comment_close", day, first, match.end(), text[first : match.end()])
    for role, pattern in (*_ROLES, ("signed", _ON_SIGNED)):
        for match in pattern.finditer(plain):
            name = next(name for name, value in match.groupdict().items() if name.startswith("day") and value)
            day = read_day(match[name])
            following = bisect_left(ends, match.end(name)) if pattern is _CLOSES else len(ends)
            is_told = following < len(ends) and extended[following][0] < match.end(name)
            if day and not is_told and not _is_anothers(pattern, plain, match):
                yield _dated(role, day, text, match)
    for match in _SET_MY_HAND.finditer(plain):
        if day := _day_in_words(match):
            yield _dated("signed", day, text, match)


def _extended(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """New ends of periods for comment, each with where its sentence begins: the old end stands in it too."""
    for match in _ANY_DAY.finditer(text):
        first = max(0, match.start() - _LEAD_CHARS)
        first = max(first, text.rfind(".", first, match.start()) + 1, text.rfind(";", first, match.start()) + 1)
        first += len(text[first : match.start()]) - len(text[first : match.start()].lstrip())
        is_end = _NEW_END.search(text, max(first, match.start() - _LINK_CHARS), match.start())
        if is_end and _EXTENDED.search(text, first, match.start()) and _COMMENTED.search(text, first, match.start()):
            yield first, match


def _dated(role: str, day: date, text: str, match: re.Match[str]) -> StatedDate:
    start = max(match.start() + len(match[0]) - len(match[0].lstrip()), match.end() - MAX_QUOTE_CHARS)
    return StatedDate(role, day, start, match.end(), text[start : match.end()])


def _is_anothers(pattern: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    """Whether a day is that of something else: of an instrument spoken of, or of comments that have come."""
    first = max(0, match.start() - _BEFORE_CHARS)
    if pattern is _EFFECTIVE:
        if _ACTED_ON.search(text, first, match.start()):
            return True
        is_past = _PAST.match(match[0]) or _WAS.search(text, first, match.start())
        before = (_EARLIER, _NUMBERED) if is_past else ()
        return any(pattern.search(text, first, match.start()) for pattern in before)
    if pattern is _SIGNED:
        return bool(_NUMBERED.search(text, first, match.start()))
    if pattern is _CLOSES:
        has_come = _WERE_RECEIVED.search(match[0]) or _RECEIVED.search(text, first, match.start())
        return bool(has_come or (match["day5"] and not _is_for_views(text, match)))
    return False


def _is_for_views(text: str, match: re.Match[str]) -> bool:
    """Whether a closing date is one for views: the text asks for some, or prints the day and seeks nothing else."""
    is_field = match[0].lower().startswith("closing date:")
    return bool(_TAKES_VIEWS.search(text) or (is_field and not _SEEKS.search(text)))


def _day_in_words(match: re.Match[str]) -> date | None:
    ordinal, tens = (match["ordinal"] or "").lower(), (match["tens"] or "").lower()
    known = TENS | {name: number for number, name in enumerate(UNDER_TWENTY)}
    if (ordinal and ordinal not in _ORDINALS) or (tens and tens not in known):
        return None
    number = _ORDINALS.index(ordinal) + 1 if ordinal else int(match["number"])
    year = int(match["year"] or 2000 + known.get(tens, 0) + known.get((match["ones"] or "").lower(), 0))
    return _date(year, MONTHS.index(match["month"].title()) + 1, number)


def _date(year: int, month: int, day: int) -> date | None:
    """A day; None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_day(text: str) -> date | None:
    """A full date in American, British or ISO order; None for days no calendar has, and for what is no full date."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    name = re.search(_MONTH, text, re.IGNORECASE)
    if len(numbers) != (2 if name else 3):
        return None
    year, month, day = (numbers[1], MONTHS.index(name[0].title()) + 1, numbers[0]) if name else numbers
    return _date(year, month, day)


def _resolved(match: re.Match[str], reference: date | None) -> RelativeDate:
    first, last = _span(match, reference) if reference else (None, None)
    return RelativeDate(first, last, match.start(), match.end(), match[0])


def _span(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    if match["plain"]:
        day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[match["plain"].lower()])
        return day, day
    if match["count"]:
        return _ago(match["count"].lower(), match["ago_unit"], today)
    if match["season"]:
        return _season(match["near"].lower(), match["season"].lower(), today)
    if match["weekday"]:
        return _weekday(match["which"].lower(), match["weekday"].title(), today)
    if match["month"]:
        return _month(match["when"].lower(), match["month"].title(), today)
    return _whole(match["whole"].lower(), match["unit"].lower(), today)


def _ago(count: str, unit: str, today: date) -> tuple[date, date]:
    """One day, or as much around it as the unit leaves open."""
    number = int(count) if count.isdigit() else _COUNTS[count]
    name = unit.removesuffix("s")
    if name in ("day", "week"):
        day, around = today - timedelta(days=number * (1 if name == "day" else 7)), 0 if name == "day" else 3
    else:
        year, month = divmod(today.year * 12 + today.month - 1 - number * (12 if name == "year" else 1), 12)
        day = date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
        around = 182 if name == "year" else 15
    return day - timedelta(days=around), day + timedelta(days=around)


def _season(near: str, name: str, today: date) -> tuple[date | None, date | None]:
    """Three months of the northern year. "Next" is open: people mean the coming one, or the one after it."""
    first = _SEASONS[name]
    year = today.year - (first == 12 and today.month < first - 9)
    if near == "last":
        while _months(year, first, 3)[1] >= today:
            year -= 1
    return (None, None) if near == "next" else _months(year, first, 3)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    years, last = divmod(first - 1 + count - 1, 12)
    return date(year, first, 1), date(year + years, last + 1, calendar.monthrange(year + years, last + 1)[1])


def _weekday(which: str, name: str, today: date) -> tuple[date | None, date | None]:
    """Only "last Tuesday" names one day, of the seven before; "on" and "next" could be in either week."""
    if which != "last":
        return None, None
    back = (today.weekday() - _WEEKDAYS.index(name)) % 7 or 7
    day = today - timedelta(days=back)
    return day, day


def _month(when: str, name: str, today: date) -> tuple[date | None, date | None]:
    """Only "last March" names its year; "in March" could be past or to come, but for the month that is running."""
    number = MONTHS.index(name) + 1
    if when == "last":
        year = today.year if number < today.month else today.year - 1
    elif number == today.month and when in ("in", "this"):
        year = today.year
    else:
        return None, None
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def _whole(which: str, unit: str, today: date) -> tuple[date, date]:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    months = today.year * 12 + today.month - 1 + step
    year, month = divmod(months, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])
