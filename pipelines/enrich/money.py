"""Amounts of money in texts: how low, how high, in which currency, of what kind, with the words that limit them.

Belongs here: floors ("over £100 million"), ceilings ("up to $1.5 billion"), ranges, amounts a year, kinds. Does not
belong here: how figures and currencies are written (see figures), sums over amounts, exchange rates, official amount
fields. A bare "$" is a currency only where the jurisdiction leaves no doubt; a number without a currency is no amount.
The words by which kinds are told are data: `dbt/seeds/amount_terms.csv`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipelines.enrich.figures import CURRENCY_SEED, SCALE, SPACE, SPELLED, UNITS, Figure, find_figures, scaled, value_of
from pipelines.enrich.seeds import SEEDS, Validity, seed_rows
from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "money/7"
SEED = SEEDS / "amount_terms.csv"
READ = (SEED, CURRENCY_SEED)
PLACES = ("before", "after", "around")
"""Where words stand that tell the kind of an amount."""
CONTEXT_CHARS = 260
"""How far behind an amount, within its sentence, the words are read that tell its kind."""
LIMIT_CHARS = 120
SENTENCE_CHARS = 600
LIST_CHARS = 2_000
MEMBER_CHARS = 12
"""With so little before it in its sentence, an amount is a member of a list and read with its lead-in."""

_LABEL = (
    r"(?:(?:[ \t]+(?!wages?\b|salar|extent)[\w/'-]+){0,8}(?:[ \t]*[:=]|[ \t]+(?:of|is|are|was|at|be))"
    r"|(?:[ \t]+(?!wages?\b|salar|extent)[\w/'-]+)?)"
)
"""What stands between "maximum" or "floor" and its figure: "Award Floor:", "the minimum amount of each award is"."""
_FLOOR_BEFORE = (
    r"(?:more|greater|higher|larger)\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:more|greater|higher)\s+than"
    r"|(?:more|greater|higher|larger|not\s+less|no\s+less|not\s+fewer|no\s+fewer|not\s+lower|no\s+lower|not\s+be\s+(?:less|lower))\s+than"
    r"|over|above|exceed(?:s|ing|ed)?|in\s+excess\s+of|at\s+least|upwards?\s+of|as\s+little\s+as"
    rf"|starting\s+(?:at|from)|beyond|excess\s+of|(?:a\s+)?(?:minimum|(?:award|funding|grant|price)\s+floor){_LABEL}"
)
_CEILING_BEFORE = (
    r"(?:less|lower|fewer)\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:less|lower)\s+than|as\s+high\s+as"
    r"|up\s+to|(?:not(?:\s+be)?|no)\s+(?:more|greater|higher)\s+than|not\s+(?:to\s+)?exceed(?:ing)?"
    r"|(?:shall|may|must|can|will|does)\s*not\s+exceed|(?:no|neither)\s+(?:[\w-]+\s+){1,8}?(?:shall|may|must|can|will)\s+exceed|(?:less|lower|fewer)\s+than|not\s+(?:over|above|exceeding)|under|below"
    r"|as\s+much\s+as|at\s+most|capped\s+at|cap\s+of|limit\s+of|limited\s+to|within"
    rf"|(?:maximum|ceiling|max\.?){_LABEL}"
)
_ABOUT_BEFORE = (
    r"nearly|almost|approximately|about|around|roughly|some|an?\s+estimated|estimated(?:\s+at)?"
    r"|circa|close\s+to|just\s+(?:over|under)"
)
_CHOICE = r"(?:\s+the\s+(?:greater|lesser|higher|lower|larger|smaller)\s+of)?"
_SUM = (
    r"(?:an?\s+)?(?:(?:additional|further|total|aggregate|combined|initial|sum|amount)(?:\s+of)?\s+)*"
    r"(?:the\s+sum\s+of\s+)?"
)
_LIMIT = re.compile(
    rf"(?:^|[\s(\u2014,;:])(?:(?P<said>(?P<ceiling>(?:{_CEILING_BEFORE}){_CHOICE})|(?P<about>{_ABOUT_BEFORE})"
    rf"|(?P<floor>(?:{_FLOOR_BEFORE}){_CHOICE}))\s+{_SUM}"
    r"|(?P<sign>(?P<over>>=?|\u2265)|<=?|\u2264)\s?)\Z",
    re.IGNORECASE,
)
_SPELLED_BEFORE = re.compile(rf"{SPELLED}[\s-]\s{{0,2}}(?:{UNITS})\s*\(\s*\Z", re.IGNORECASE)
_LISTED_CEILING = re.compile(
    rf"(?P<said>{_CEILING_BEFORE}){_CHOICE}"
    rf"\s*(?:[:\u2014]|--)\s*[\"\u201c]?\(\w{{1,3}}\)\s*\Z",
    re.IGNORECASE,
)
"""The limit above a list: "not to exceed the greater of: (A) $5,000,000"."""
_LIMIT_OF_LIST = re.compile(
    rf"\b(?P<said>(?P<ceiling>{_CEILING_BEFORE})|(?P<floor>{_FLOOR_BEFORE}))"
    r"(?:\s+(?:as\s+follows\b|the\s+following(?:\s*\Z|\s+(?:amounts?|ceilings?|figures?|levels?|limits?|sums?|thresholds?)\b))"
    rf"|{_CHOICE}(?:,?\s+(?:in|for|during|per|with\s+respect\s+to)\s+(?:[a-z]+\s+){{0,6}}[a-z]+,?)?\s*\Z)",
    re.IGNORECASE,
)
"""The limit in a lead-in, which holds for every member of its list: "The grant shall not exceed in any year"."""
_BESIDE_A_SHARE = re.compile(
    rf"\b(?P<said>{_CEILING_BEFORE}){_CHOICE}\s+(?:\d[\d.,]{{0,6}}\s?(?:%|per\s?cent\b)|twice\b|double\b|triple\b|level\s+[1-5]\b"
    rf"|(?:two|three|four|five|ten|\d{{1,2}})\s+times\b)[^.;:()]{{0,100}}?\sor\s+{_SUM}\Z",
    re.IGNORECASE,
)
"""A ceiling whose first member is no sum: "not exceeding 3 % of its turnover or EUR 15 000 000"."""
_LIMIT_AFTER = re.compile(
    rf"\)?{SPACE}?(?:(?P<floor>(?:or|and)\s+(?:more|greater|above|over|higher|larger|up)\b|\+|-?plus\b"
    rf"|-?\(?(?:minimum|floor)\b(?!\s+wage))"
    rf"|(?P<ceiling>(?:or|and)\s+(?:less|fewer|below|under|lower)\b"
    rf"|-?\(?(?:maximum|max|ceiling|cap|limit)\b(?!-)))",
    re.IGNORECASE,
)
_EACH = r"(?:,?\s+(?:per|for\s+each|for\s+every|for\s+any|each|a)\s+\w+)?"
_THEN_CEILING = re.compile(
    rf"{_EACH}\s*,?\s*(?:(?:and|or|but|nor|to|and/or)\s+)?(?:(?:shall\s+)?be\s+)?(?:an?\s+)?(?:{_CEILING_BEFORE})\s+{_SUM}\Z",
    re.IGNORECASE,
)
_NOR_MORE = re.compile(
    rf"{_EACH}\s*,?\s*n?or\s+(?:be\s+)?(?:(?:more|greater|higher)\s+than|(?:to\s+)?exceed(?:s|ing)?|over|above|in\s+excess\s+of)"
    rf"\s+{_SUM}\Z",
    re.IGNORECASE,
)
"""Between the ends of "not less than $500 nor more than $5,000"; alone its words would be a floor."""
_THEN_FLOOR = re.compile(
    rf"{_EACH}\s*,?\s*(?:and|n?or|but)\s+(?:be\s+)?(?:(?:not\s+|no\s+)?less\s+than|at\s+least|a\s+minimum\s+of)\s+{_SUM}\Z",
    re.IGNORECASE,
)
"""Between the ends of "not more than $5,000 nor less than $500"."""
_BETWEEN = re.compile(r"\bbetween\s+\Z", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+\Z", re.IGNORECASE)
_LEAST = re.compile(r"(?:not|no)\s+(?:be\s+)?(?:less|fewer|lower)|least|minimum", re.IGNORECASE)
_PERIOD = re.compile(
    r"\)?\s*,?\s*(?P<said>(?:in\s+funding\s+|in\s+investment\s+)?(?:(?:for|in|during)\s+(?:each\s+of\s+)?(?:the\s+period\s+"
    r"of\s+)?(?:fiscal\s+years?|FY)\s*\d{4}(?:(?:,\s*\d{4})*,?\s*(?:through|to|and|[-\u2013])\s*(?:FY\s*)?"
    r"\d{2,4})?(?:\s+and\s+each\s+(?:succeeding\s+)?(?:fiscal\s+)?year\s+thereafter)?"
    r"|(?:a|per|each|every)\s+(?:fiscal\s+|calendar\s+)?(?:year|annum|month|day|week)|annually|p\.a\."
    r"|yearly|/year|in\s+any\s+(?:one|1|single|given)?\s?year|over\s+(?:the\s+(?:next|coming)\s+)?(?:\w+|\d+)\s+years?"
    r"|per\s+(?:(?:covered|affected|individual|eligible|separate|identical|knowing|wilful|willful)\s+)?\w+))",
    re.IGNORECASE,
)
_PERIOD_BEFORE = re.compile(
    r"\bfor\s+(?:the\s+period\s+of\s+|each\s+of\s+)?fiscal\s+years?\s+\d{4}(?:\s+through\s+\d{4})?", re.IGNORECASE
)
_BULLET = r"[-*\u2013\u2022\u00b7\u25cf]"
_MARK = re.compile(
    rf"\s*[\"\u201c`]*(?:(?:and|or)\s+)?(?:\((?:(?P<digit>\d{{1,2}})|(?P<upper>[A-Z]{{1,3}})|(?P<lower>[a-z]{{1,4}}))\)|(?P<letter>[A-Z])\.|(?P<bullet>{_BULLET}))(?=\s)"
)
"""What numbers a member of a list."""
_LEAD_IN_END = re.compile(rf"(?:[:\u2014]|--)[ \t]*\n|(?:[:\u2014]|--?)(?={_MARK.pattern})")
_SENTENCE = re.compile(
    r"(?:[.;]|:(?!\s+(?:[A-Za-z]+\s){0,3}(?:[A-Z]{2,3}\s?\d|[A-Z]{0,3}[$\u00a3\u20ac\u00a5])))\s+(?=[A-Z(\u201c\"])"
    r"|;\s+(?:and|or)\s+(?=\()|\n\s*\n|\.(?=\([a-z]{1,3}\))"
    rf"|\n[ \t]*(?={_BULLET}[ \t])"
)
_FULL_STOP = re.compile(r"(?<![A-Z])\.\s+")
_SIGN_OF_MONEY = re.compile(r"[$\u00a3\u20ac\u00a5]|\b[A-Z]{3}\s?\d")


_LISTED_ON = re.compile(r",?\s+(?P<last>and|or)\s+|,\s+")
"""Between two figures of one list."""
_GREATER_OF = re.compile(r"\bthe\s+(?:greater|higher|larger)\s+of\b", re.IGNORECASE)
_OTHER_MEMBER = re.compile(r"\b(?:or|and)\b", re.IGNORECASE)
_WHICHEVER = re.compile(
    r"(?:(?!\b[A-Z]{3}\s?\d)[^;$\u00a3\u20ac\u00a5]){1,200}?(?P<said>\bwhichever\s+(?:[\w-]+\s+){0,3}?is\s+(?:the\s+)?(?:greater|higher|larger)\b)",
    re.IGNORECASE,
)
"""Words behind a ceiling that make it one of several: "$250,000 or twice the sum, whichever is greater"."""
_OF_WHICH = re.compile(
    r"(?:\A|[.,;(\u2013\u2014])\s*(?:and\s+)?of\s+(?:which|this|that|these)\b"
    r"|\b(?:of\s+which|including)(?:\s+[\w-]+){0,3}\s*\Z",
    re.IGNORECASE,
)
"""Between a sum and its part: "£300 million, of which £225 million"."""
_OF_THE_LAST = re.compile(r"\s*of\s+(?:which|this|that|these|it)\b", re.IGNORECASE)
"""Opens a sentence about parts of what the one before it states."""
_APART = re.compile(
    r"\b(?:further|additional|another|extra|separate|plus|as\s+well\s+as|in\s+addition(?:\s+to)?|on\s+top\s+of)"
    rf"(?:\s+{_SUM})?\s*\Z",
    re.IGNORECASE,
)
"""What comes beside a sum and is no part of it."""
MAX_SHARING = 1_000
"""From here on a figure is written out: "$5,000 and $2 million" share no scale."""


@dataclass(frozen=True)
class Amount:
    """One amount as a text states it; ``quote`` is ``text[start:end]``, limits included.

    Exact amounts have ``low`` equal to ``high``; a floor has no ``high``, a ceiling no ``low``. "Nearly" and "about"
    leave both, and are told by the qualifier. Units of the currency, not thousands.
    """

    low: Decimal | None
    high: Decimal | None
    currency: str | None
    """ISO 4217; None where a sign could mean several."""
    kind: str
    """One of the seed amount_kind."""
    qualifier: str | None
    """What limits it, as printed: "up to", "for each of fiscal years 2023 through 2027".

    A ceiling with "the greater of" or "whichever is greater" is one of several: ``quote`` tells the others.
    """
    period: str | None
    """Per what, or for which years, as printed; None where it is one sum."""
    is_part: bool
    """Whether it is told as a part of another sum of the text: "of which £225 million"."""
    start: int
    end: int
    quote: str
    said: str
    """The sentence that tells its kind, from ``said_start`` on."""
    said_start: int

    @property
    def most(self) -> Decimal:
        """The one bound, or the higher one."""
        return max(end for end in (self.low, self.high) if end is not None)


@dataclass(frozen=True)
class _Limit:
    said: str
    side: str
    """floor, ceiling or about."""
    start: int


def find_amounts(text: str, jurisdiction: str | None = None, published: date | None = None) -> list[Amount]:
    """All amounts in the order of the text.

    ``jurisdiction`` is that of the text (ISO 3166, US-CA too); it settles whose dollar a bare "$" is, and whether a
    bare pound is money. ``published`` is its day, for which some words by which kinds are told may not hold.
    """
    text = tame(text)
    figures = _in_shared_scales(text, find_figures(text, (jurisdiction or "")[:2]))
    if not figures:
        return []
    reader = _Reader(text, published)
    found: list[Amount] = []
    for group in _grouped(text, figures):
        found.append(reader.amount(group, found))
    return found


def _in_shared_scales(text: str, figures: list[Figure]) -> list[Figure]:
    """Figures in the scale that the last of their list states: "$6.4, $5.1 and $2.2 billion" are all billions."""
    told, is_shared = list(figures), False
    for place in range(len(figures) - 2, -1, -1):
        one, following = figures[place], told[place + 1]
        joined = _LISTED_ON.fullmatch(text, one.end, following.start)
        is_shared = bool(
            joined
            and (joined["last"] or is_shared)
            and following.scale
            and not one.scale
            and one.currency == following.currency
            and 0 < one.value < MAX_SHARING
        )
        if is_shared and following.scale:
            told[place] = scaled(one, following.scale)
    return told


def _grouped(text: str, figures: list[Figure]) -> Iterator[list[Figure]]:
    """Figures one by one, and in twos where they are the ends of one range."""
    place = 0
    while place < len(figures):
        one = figures[place]
        following = figures[place + 1] if place + 1 < len(figures) else None
        if following and _is_range(text, one, following):
            yield [_likewise(one, following), following]
            place += 2
            continue
        yield _bare_end(text, one) or [one]
        place += 1


def _likewise(one: Figure, following: Figure) -> Figure:
    """The lower end of "$5 to $10 million" in millions too; that of "$500,000 to $1 million" states its own."""
    if one.scale or not following.scale:
        return one
    low = scaled(one, following.scale)
    return low if low.value <= following.value else one


def _is_range(text: str, one: Figure, following: Figure) -> bool:
    between = _unspelled(text[one.end : following.start]).removeprefix(")")
    if one.currency != following.currency:
        return False
    if following.value < one.value:
        return bool(_THEN_FLOOR.fullmatch(between)) and _side(text, one) == "ceiling"
    if re.fullmatch(rf"{SPACE}?(?:-|\u2013|\u2014|to){SPACE}?", between):
        return True
    if re.fullmatch(r"\s+and\s+", between):
        return _is_led(_BETWEEN, text, one)
    if _THEN_CEILING.fullmatch(between):
        return _side(text, one) in ("floor", "least")
    return bool(_NOR_MORE.fullmatch(between)) and _side(text, one) == "least"


def _is_led(by: re.Pattern[str], text: str, one: Figure) -> bool:
    return bool(by.search(_unspelled(text[max(0, one.start - LIMIT_CHARS) : one.start])))


def _side(text: str, one: Figure) -> str | None:
    """Which way a figure is limited: ceiling, about, floor, or least for a floor that says so ("not less than")."""
    limit = _limit(text[max(0, one.start - LIMIT_CHARS) : one.start])
    if not limit:
        return None
    return "least" if limit.side == "floor" and _LEAST.search(limit.said) else limit.side


_GROUPED = re.compile(r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+")
_BARE_AFTER = re.compile(
    rf"{SPACE}?(?P<join>-|\u2013|to|and){SPACE}?(?P<number>{_GROUPED.pattern}|\d{{1,4}}(?:[.,]\d{{1,3}})?)"
    rf"(?:{SCALE.format('scale')})?(?!\d|,\d)"
)


def _bare_end(text: str, one: Figure) -> list[Figure] | None:
    """The other end of "$5-10 million", "$5 to 10 million" and "between EUR 5 and 10 million", which bears no sign.

    Without a scale it is one behind a dash alone, or where "between" or "from" leads in and thousands are parted.
    """
    match = _BARE_AFTER.match(text, one.end)
    if not match:
        return None
    is_led = _is_led(_BETWEEN if match["join"] == "and" else _FROM, text, one)
    scale = match["scale"] or match["scalex"]
    value = value_of(match["number"], scale)
    is_end = match["join"] in "-\u2013" or (scale and match["join"] == "to")
    if value is None or not (is_end or (is_led and (scale or _GROUPED.fullmatch(match["number"])))):
        return None
    last = Figure(value, scale, one.currency, match.start(), match.end())
    low = _likewise(one, last)
    return [low, last] if value > low.value else None


class _Reader:
    """One text and the places of all words that tell kinds, years and sentences, each searched for once."""

    def __init__(self, text: str, published: date | None) -> None:
        self.text = text
        self.sentences = [0, *(match.end() for match in _SENTENCE.finditer(text))]
        self.lead_ins = [match.start() for match in _LEAD_IN_END.finditer(text)]
        self.years = list(_PERIOD_BEFORE.finditer(text))
        self.year_starts = [match.start() for match in self.years]
        self.published = published
        self.words: list[list[int] | None] = [None] * len(_kinds())

    def amount(self, group: list[Figure], before: list[Amount]) -> Amount:
        """One amount; ``before`` are those that stand before it in the text."""
        first, last = group[0], group[-1]
        begin = self._sentence_start(first.start)
        lead = self.text[max(begin, first.start - LIMIT_CHARS) : first.start]
        limit = _limit(lead)
        low, high, said = self._ends(group, limit)
        lead_in = self._lead_in(first.start) if self._is_member(begin, first.start) else None
        above = self._limit_above(begin, first.start) if not limit and low == high else None
        if above:
            low, high = (low, None) if above["floor"] else (None, high)
            said = [" ".join(above["said"].split()), *said]
        period = self._period(begin, first.start, last.end, lead_in)
        start = first.start - (len(lead) - limit.start) if limit else first.start
        since = above.start() if above else start
        choice, end = self._choice(since, first.start, last.end) if low is None else (None, last.end)
        if choice and said and choice not in said[0]:
            said[0] = f"{said[0]}, {choice}"
        currency = first.currency or last.currency
        said_start, said_end = self._said(begin, first.start, last.end, lead_in)
        return Amount(
            low=low,
            high=high,
            currency=currency,
            kind=self._kind(begin, first.start, last.end, lead_in),
            qualifier="; ".join([*said, *([period] if period else [])]) or None,
            period=period,
            is_part=self._is_part(begin, first.start, last.value, currency, before),
            start=start,
            end=end,
            quote=self.text[start:end],
            said=self.text[said_start:said_end],
            said_start=said_start,
        )

    def _choice(self, start: int, figure: int, end: int) -> tuple[str | None, int]:
        """What makes a ceiling one of several, of which the greater counts, and where the words that tell them end."""
        stop = self._sentence_end(end)
        if greater := _GREATER_OF.search(self.text, start, figure):
            others = self.text[end:stop].rstrip(" \t\n.;,")
            is_told = _OTHER_MEMBER.search(self.text, greater.end(), figure) or not _OTHER_MEMBER.search(others)
            return " ".join(greater[0].split()), end if is_told else end + len(others)
        if whichever := _WHICHEVER.match(self.text, end, stop):
            return " ".join(whichever["said"].split()), whichever.end()
        return None, end

    def _is_part(self, begin: int, start: int, value: Decimal, currency: str | None, before: list[Amount]) -> bool:
        """Whether an amount is told as a part of a sum before it; parts are together no more than their sum."""
        since = self._sentence_start(begin - 1) if begin and _OF_THE_LAST.match(self.text, begin) else begin
        parts = value
        for one in reversed(before):
            if one.start < since or one.currency != currency:
                return False
            if not one.is_part:
                between = self.text[one.end : start]
                is_led = _OF_WHICH.search(between) or parts > value
                is_over = _FULL_STOP.search(self.text, max(one.end, begin), start) or _APART.search(between)
                return bool(is_led and parts <= one.most and not is_over)
            parts += one.most
        return False

    def _said(self, begin: int, start: int, end: int, lead_in: tuple[int, int] | None) -> tuple[int, int]:
        """The sentence around an amount, from its list's lead-in on where that is near."""
        above = self._sentence_start(lead_in[1]) if lead_in else begin
        first = above if start - above <= SENTENCE_CHARS else begin
        last = self._sentence_end(end)
        while end < last < len(self.text) and not (self.text[last].isspace() or self.text[last - 1].isspace()):
            last -= 1  # no word is cut
        words = self.text[first:last]
        return first + len(words) - len(words.lstrip()), first + len(words.rstrip())

    def _ends(self, group: list[Figure], limit: _Limit | None) -> tuple[Decimal | None, Decimal | None, list[str]]:
        """Low and high, and the words that limit them; a range is limited by its own ends."""
        low, high = sorted((group[0].value, group[-1].value))
        after = None if limit else _LIMIT_AFTER.match(self.text, group[-1].end)
        if after:
            limit = _Limit(after[0], "floor" if after["floor"] else "ceiling", after.start())
        if not limit:
            return low, high, []
        said = [" ".join(limit.said.split())]
        if len(group) > 1 or limit.side == "about":
            return low, high, said
        return (low, None, said) if limit.side == "floor" else (None, high, said)

    def _period(self, begin: int, start: int, end: int, lead_in: tuple[int, int] | None) -> str | None:
        """What stands behind an amount; else years named before it in its sentence, or in the lead-in of its list."""
        if behind := _PERIOD.match(self.text, end):
            return " ".join(behind["said"].split())
        for first, last in [(begin, start), *([lead_in] if lead_in else [])]:
            place = bisect_left(self.year_starts, last) - 1
            if place >= 0 and self.year_starts[place] >= first:
                return " ".join(self.years[place][0].split())
        return None

    def _sentence_start(self, place: int) -> int:
        return max(self.sentences[bisect_right(self.sentences, place) - 1], place - SENTENCE_CHARS)

    def _sentence_end(self, place: int) -> int:
        following = bisect_right(self.sentences, place)
        stop = self.sentences[following] if following < len(self.sentences) else place + CONTEXT_CHARS
        return min(stop, place + CONTEXT_CHARS)

    def _kind(self, begin: int, start: int, end: int, lead_in: tuple[int, int] | None) -> str:
        """The first kind whose words stand around an amount in its sentence, or in the lead-in above its list."""
        spans = [("before", begin, start), ("after", end, self._sentence_end(end))]
        spans += [("before", *lead_in)] if lead_in else []
        for number, (kind, place, _, validity) in enumerate(_kinds()):
            starts = self._places(number) if validity.holds(self.published) else []
            for where, first, last in spans:
                found = bisect_left(starts, first)
                if place in ("around", where) and found < len(starts) and starts[found] < last:
                    return kind
        return "other"

    def _places(self, number: int) -> list[int]:
        """Where the words of a kind stand, searched for when first asked: most amounts are of one of the first."""
        places = self.words[number]
        if places is None:
            places = self.words[number] = [match.start() for match in _kinds()[number][2].finditer(self.text)]
        return places

    def _is_member(self, begin: int, start: int) -> bool:
        """Whether an amount is a member of a list: numbered like the first one, or with hardly a word before it."""
        if start - begin < LIMIT_CHARS and len(_unspelled(self.text[begin:start]).strip()) < MEMBER_CHARS:
            return True
        mark, lead_in = self._mark(begin), self._lead_in(start)
        return bool(mark and lead_in and mark == self._mark(self._first_member(lead_in)))

    def _mark(self, place: int) -> str | None:
        """How a member of a list that begins at a place is numbered: digit, upper, lower, letter or bullet."""
        match = _MARK.match(self.text, place)
        return match.lastgroup if match else None

    def _first_member(self, lead_in: tuple[int, int]) -> int:
        """Where the list begins behind its lead-in."""
        end = _LEAD_IN_END.match(self.text, lead_in[1])
        return end.end() if end else lead_in[1]

    def _limit_above(self, begin: int, start: int) -> re.Match[str] | None:
        """The limit in the lead-in of the list of which an amount is the first figure of a member."""
        lead_in = self._lead_in(start)
        if not lead_in:
            return None
        first = self._first_member(lead_in)
        own, mark = max(begin, first), self._mark(first)
        stops = (stop.end() for stop in _FULL_STOP.finditer(self.text, first, own))
        is_over = any(mark is None or self._mark(stop) != mark for stop in stops)
        if is_over or self._mark(own) != mark or _SIGN_OF_MONEY.search(self.text, own, start):
            return None
        return _LIMIT_OF_LIST.search(self.text, *lead_in)

    def _lead_in(self, start: int) -> tuple[int, int] | None:
        """What stands above the list of which an amount is a member."""
        place = bisect_left(self.lead_ins, start) - 1
        if place < 0 or start - self.lead_ins[place] > LIST_CHARS:
            return None
        return max(0, self.lead_ins[place] - 2 * CONTEXT_CHARS), self.lead_ins[place]


def _limit(lead: str) -> _Limit | None:
    """The words that limit an amount; it may be spelled out between: "exceeding fifty thousand dollars ($50,000)"."""
    plain = _unspelled(lead)
    match = _LIMIT.search(plain)
    if not match:
        listed = _LISTED_CEILING.search(plain) or _BESIDE_A_SHARE.search(plain)
        return _Limit(listed["said"], "ceiling", listed.start("said")) if listed else None
    if match["sign"]:
        return _Limit(match["sign"], "floor" if match["over"] else "ceiling", match.start("sign"))
    side = next(side for side in ("ceiling", "about", "floor") if match[side])
    is_denied = side == "floor" and re.search(r"\b(?:not|no)\s+\Z", plain[: match.start("said")], re.IGNORECASE)
    return None if is_denied else _Limit(match["said"], side, match.start("said"))


def _unspelled(lead: str) -> str:
    """What stands before an amount, without the same amount in words: "fifty thousand dollars ($50,000)"."""
    return _SPELLED_BEFORE.sub("", lead) if lead.rstrip().endswith("(") else lead


@cache
def _kinds() -> list[tuple[str, str, re.Pattern[str], Validity]]:
    """Kind, place and words, in the order in which they are tried, and when they hold."""
    rows = seed_rows(SEED, ("kind", "position", "pattern", "place", "valid_from", "valid_to"))
    rows.sort(key=lambda row: row.number("position"))
    if odd := next((row for row in rows if row["place"] not in PLACES), None):
        raise odd.refused("place", f"one of {', '.join(PLACES)}")
    return [(row["kind"], row["place"], re.compile(row.pattern(), re.IGNORECASE), row.validity()) for row in rows]
