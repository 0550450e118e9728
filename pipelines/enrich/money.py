"""Amounts of money in texts: how low, how high, in which currency, of what kind, with the words that limit them.

Belongs here: floors ("over £100 million"), ceilings ("up to $1.5 billion"), ranges, spelled-out numbers, amounts a year
and below zero. Does not belong here: sums over amounts, exchange rates, official amount fields. A bare "$" is a
currency only where the jurisdiction leaves no doubt; a number without a currency is no amount. Signs of currencies and
the words by which kinds are told are data: `dbt/seeds/currency_terms.csv`, `dbt/seeds/amount_terms.csv`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import islice

from pipelines.enrich.seeds import SEEDS, Validity, seed_rows
from pipelines.enrich.tame import tame
from pipelines.enrich.words import TENS, UNDER_TWENTY

EXTRACTOR_VERSION = "money/3"
SEED, CURRENCY_SEED = READ = (SEEDS / "amount_terms.csv", SEEDS / "currency_terms.csv")
PLACES = ("before", "after", "around")
"""Where words stand that tell the kind of an amount."""
MAX_QUOTE_CHARS = 400
CONTEXT_CHARS = 260
"""How far behind an amount, within its sentence, the words are read that tell its kind."""

MAX_FIGURES = 2_000
"""How many are read of one text; beyond that it is a table of figures, which the official amount fields give."""
LIMIT_CHARS = 120
SENTENCE_CHARS = 600
LIST_CHARS = 2_000
MEMBER_CHARS = 12
"""With so little before it in its sentence, an amount is a member of a list and read with its lead-in."""


def _terms(kind: str) -> dict[str, str | None]:
    """Signs, codes, words or jurisdictions and their currency; None where it takes more to settle it."""
    rows = seed_rows(CURRENCY_SEED, ("kind", "term", "currency"))
    if blank := next((row for row in rows if not row["term"]), None):
        raise blank.refused("term", "a sign, code or word")
    return {row["term"]: row["currency"] or None for row in rows if row["kind"] == kind}


_CODES, _SIGNS, _WORDS, _DOLLARS = (_terms(kind) for kind in ("code", "sign", "word", "dollar"))
_SPACE = r"[ \t\u00a0\u2009\u202f]"
_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "mn": 6, "mln": 6, "m": 6, "mil": 6, "billion": 9, "bn": 9, "b": 9,
    "trillion": 12, "tn": 12, "t": 12, "lakh": 5, "crore": 7, "mm": 6, "mio": 6, "mrd": 9,
    "bil": 9, "bln": 9, "tril": 12, "trn": 12, "trln": 12,
}  # fmt: skip
_SCALE = (
    rf"(?:(?:{_SPACE}?-?|{_SPACE}?\n{_SPACE}?)(?P<{{0}}>thousand|million|billion|trillion|lakh|crore)s?\b|(?P<{{0}}x>(?:{_SPACE}?(?:"
    rf"(?i:mn|mln|mio|mil|mrd|mm|bn|bln|bil|tn|trn|trln|tril))|[mMbBkKtT]|{_SPACE}(?:[mMbB]|T(?!-)))\b)(?!\.?\w))"
)
_DIGITS = (
    r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,4})?|\d{1,3}(?:\.\d{3}){2,5}(?:,\d{1,2})?(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3}){1,5}(?!\d)|\d{1,15}(?:[.,]\d{1,4})?(?![\d])"
)
_MARKS = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=lambda sign: (-len(sign), sign)))
_ANY_CODE = "|".join(_CODES)
_SIGN = rf"(?<![A-Za-z])(?:{_MARKS}|(?:{_ANY_CODE})(?![A-Za-z])(?:{_SPACE}?[$\u00a3\u20ac])?)"
_UNITS = (
    r"(?:(?:U\.?S\.?|United\s+States|Canadian|Australian|Singapore|Hong\s+Kong|New\s+Zealand|British"
    r"|Swiss|Japanese|Indian|Korean)\s+)?(?:dollars?|pounds?(?:\s+sterling)?|euros?|francs?|yen"
    r"|yuan|renminbi|rupees?|won)\b"
)

_SIGNED = re.compile(
    rf"(?P<minus>(?<![\w)])[-\u2212]{_SPACE}?|\bminus{_SPACE})?(?P<sign>{_SIGN}){_SPACE}{{0,2}}(?P<negative"
    rf">[-\u2212](?=\d))?(?P<number>{_DIGITS}|\.\d{{1,4}}(?!\d))(?:{_SCALE.format('scale')})?(?P<code>{_SPACE}(?:{_ANY_CODE}"
    rf")\b)?"
)
_TRAILING = re.compile(
    rf"(?<![\w.,$\u00a3\u20ac/-])(?:(?P<low>\d{{1,4}}(?:\.\d{{1,3}})?)(?:{_SPACE}?[-\u2013]{_SPACE}?|{_SPACE}to{_SPACE}))?"
    rf"(?P<number>{_DIGITS})(?:{_SCALE.format('scale')})?(?:{_SPACE}{{0,2}}(?:(?P<code>{_ANY_CODE}|\u20ac|\u00a3)(?!\w)"
    rf"|(?P<unit>{_UNITS}))|-(?P<joined>{_UNITS}))",
    re.IGNORECASE,
)
_VALUES = {name: number for number, name in enumerate(UNDER_TWENTY[1:], 1)} | TENS
_NAMES = [
    *sorted(UNDER_TWENTY[1:], key=len, reverse=True),
    *TENS,
    "hundred",
    "thousand",
    "million",
    "billion",
    "trillion",
]
_NAME = rf"(?:{'|'.join(_NAMES)})"
_SPELLED = re.compile(
    rf"\b(?:(?:(?P<low>{_NAME})\s+to|between\s+(?P<least>{_NAME})\s+and)\s+)?"
    rf"(?P<words>{_NAME}(?:[\s-](?:and\s)?{_NAME}){{0,12}})[\s-]\s*(?P<unit>{_UNITS})",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    rf"\b(?:(?P<whole>{_NAME}|\d{{1,3}})[\s-]and[\s-])?(?:(?P<count>a|one|three)[\s-])?(?P<part>half|quarters?)"
    rf"(?:[\s-]of)?(?:[\s-](?:a|one))?[\s-](?P<scale>thousand|million|billion|trillion)[\s-]\s*(?P<unit>{_UNITS})",
    re.IGNORECASE,
)
"""Halves and quarters: "half a billion dollars", "two and a half million pounds"."""
_VAGUE = re.compile(
    r"(?:\b(?:several|few|couple|many|some|multi|multiple|numerous|various|countless|untold)|\b(?:ten|dozen|hundred|"
    r"thousand|million)s|\bdozen|\b(?:third|fifth|tenth|fraction|part|portion)s?\s+of\s+an?)(?:\s+of)?[\s-]+\Z",
    re.IGNORECASE,
)
"""What stands before "million dollars" where nobody says how many."""
_TEN, _LEAST_TENS = 10, 20
_BARE_SCALE = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_FIGURE_BEHIND = re.compile(rf"\s*\(\s*(?={_SIGN})")

_FLOOR_BEFORE = (
    r"(?:more|greater|higher|larger)\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:more|greater|higher)\s+than"
    r"|(?:more|greater|higher|larger|not\s+less|no\s+less|no\s+fewer|not\s+lower|no\s+lower)\s+than"
    r"|over|above|exceed(?:s|ing|ed)?|in\s+excess\s+of|at\s+least|upwards\s+of|a\s+minimum\s+of"
    r"|minimum\s+of|starting\s+(?:at|from)|beyond|excess\s+of"
)
_CEILING_BEFORE = (
    r"(?:less|lower|fewer)\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:less|lower)\s+than|as\s+high\s+as"
    r"|up\s+to|(?:not|no)\s+(?:more|greater|higher)\s+than|not\s+(?:to\s+)?exceed(?:ing)?|(?:shall|may|must)\s+not\s+exceed|(?:less|lower|fewer)\s+than|not\s+(?:over"
    r"|above|exceeding)|under|below|maximum\s+(?:\w+\s+){0,3}(?:of|is)|as\s+much\s+as"
    r"|at\s+most|capped\s+at|cap\s+of|limit\s+of|within"
)
_ABOUT_BEFORE = (
    r"nearly|almost|approximately|about|around|roughly|some|an?\s+estimated|estimated(?:\s+at)?"
    r"|circa|close\s+to|just\s+(?:over|under)"
)
_CHOICE = r"(?:\s+the\s+(?:greater|lesser|higher|lower|larger|smaller)\s+of)?"
_LIMIT = re.compile(
    rf"(?:^|[\s(\u2014,;])(?:(?P<said>(?P<ceiling>(?:{_CEILING_BEFORE}){_CHOICE})|(?P<about>{_ABOUT_BEFORE})"
    rf"|(?P<floor>{_FLOOR_BEFORE}))\s+(?:an?\s+)?"
    rf"(?:(?:additional|further|total|aggregate|combined|initial|sum|amount)(?:\s+of)?\s+)*(?:the\s+sum\s+of\s+)?"
    r"|(?P<sign>(?P<over>>=?|\u2265)|<=?|\u2264)\s?)\Z",
    re.IGNORECASE,
)
_SPELLED_BEFORE = re.compile(rf"(?:{_NAME}[\s-](?:and\s)?){{1,12}}(?:{_UNITS})\s*\(\s*\Z", re.IGNORECASE)
_LISTED_CEILING = re.compile(
    rf"(?P<said>{_CEILING_BEFORE}){_CHOICE}"
    rf"\s*(?:[:\u2014]|--)\s*[\"\u201c]?\(\w{{1,3}}\)\s*\Z",
    re.IGNORECASE,
)
"""The limit above a list: "not to exceed the greater of: (A) $5,000,000"."""
_CEILING_OF_LIST = re.compile(rf"\b(?P<said>{_CEILING_BEFORE})\s+the\s+following\b", re.IGNORECASE)
_LIMIT_AFTER = re.compile(
    rf"{_SPACE}?(?:(?P<floor>(?:or|and)\s+(?:more|greater|above|over|higher|larger|up)\b|\+|-?plus\b)"
    rf"|(?P<ceiling>(?:or|and)\s+(?:less|fewer|below|under|lower)\b|maximum\b))",
    re.IGNORECASE,
)
_FLOOR_AND_CEILING = re.compile(
    r"\s*(?:,\s*)?(?:and|or|but|nor)\s+(?:(?:be\s+)?(?:not|no)\s+more\s+than|not\s+(?:to\s+)?exceed(?:ing)"
    r"?|up\s+to|less\s+than)\s+\Z",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\s*,?\s*(?P<said>(?:in\s+funding\s+|in\s+investment\s+)?(?:for\s+(?:each\s+of\s+)?(?:the\s+period\s+"
    r"of\s+)?(?:fiscal\s+years?|FY)\s*\d{4}(?:(?:,\s*\d{4})*,?\s*(?:through|to|and|[-\u2013])\s*(?:FY\s*)?"
    r"\d{2,4})?|(?:a|per|each|every)\s+(?:fiscal\s+)?(?:year|annum|month|day|week)|annually|p\.a\."
    r"|yearly|/year|over\s+(?:the\s+(?:next|coming)\s+)?(?:\w+|\d+)\s+years?|per\s+violation|per\s+\w+))",
    re.IGNORECASE,
)
_PERIOD_BEFORE = re.compile(
    r"\bfor\s+(?:the\s+period\s+of\s+|each\s+of\s+)?fiscal\s+years?\s+\d{4}(?:\s+through\s+\d{4})?", re.IGNORECASE
)
_NO_AMOUNT_AFTER = re.compile(
    r"[\d\u00bc-\u00be\u2150-\u215e]|[.,]\d|[A-Za-z](?![a-z]+\b)"
    r"|\s?-?\s?(?i:[a-z]{0,10}illions?|thousands?|hundreds?|lacs?)\b"
)
"""What makes another number of the one before it: a digit, an unknown sign of scale, a second word of scale."""
_CERTIFICATE = re.compile(r"\b(?:certificate|form)s?\b", re.IGNORECASE)
"""Beside "EUR 1": the paper by which goods move."""
_CERTIFICATE_CHARS = 40
_WON = re.compile(r"won", re.IGNORECASE)
_LEAD_IN_END = re.compile(r"(?:[:\u2014]|--)[ \t]*\n")
_SENTENCE = re.compile(r"[.;:]\s+(?=[A-Z(\u201c\"])|;\s+(?:and|or)\s+(?=\()|\n\s*\n|\.(?=\([a-z]{1,3}\))")
_WEIGHT = re.compile(
    r"\s+(?:in\s+weight|of\s+(?!sterling)(?:\w+\s+)?(?:force|thrust|weight|pressure|fentanyl|cocaine"
    r"|drugs?|meat|fish|carbon|CO2|material|product|food|cargo|fuel|explosives?|uranium|cheese"
    r"|butter|milk|poultry|beef|pork|cotton|copper|lead|steel)|per\s+(?:square|cubic|acre|hour"
    r"|day|vehicle)|(?:or\s+(?:less|more)\s+)?(?:gross|GVWR|maximum\s+take-?off))",
    re.IGNORECASE,
)
_WEIGHED = re.compile(r"\b(?:weigh\w*|gross|tare|take-?off|payload|heavier|lighter|mass|lift\w*|GVWR)\b", re.IGNORECASE)
_WEIGHS = re.compile(
    r"\b(?:weigh(?:s|ed|ing|t)?\b(?!\s+against)|lift(?:s|ed|ing)?\b|payload|heavier|lighter|carr(?:y|ies)\s+up\s+to\b)"
    r"(?:[^.;\w]+(?!fund|cost|price|budget)\w+){0,6}[^.;\w]*\Z",
    re.IGNORECASE,
)
_WEIGHED_CHARS = 60
_MONEY_BEHIND = re.compile(
    r"\s+(?:of\s+(?:[\w'-]+\s+){0,3}(?:fund\w*|invest\w+|money|sterling|support|grants?|aid|capital|spending|savings|"
    r"debt|revenues?|damages?|finance|loans?|assets)\b|a\s+year|per\s+(?:year|annum)|annually|in\s+(?:fund|invest|grant))",
    re.IGNORECASE,
)


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
    """What limits it, as printed: "up to", "for each of fiscal years 2023 through 2027"."""
    period: str | None
    """Per what, or for which years, as printed; None where it is one sum."""
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class _Figure:
    value: Decimal
    scale: str | None
    currency: str | None
    start: int
    end: int


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
    figures = _figures(text, (jurisdiction or "")[:2])
    if not figures:
        return []
    reader = _Reader(text, published)
    return [reader.amount(group) for group in _grouped(text, figures)]


def _figures(text: str, country: str) -> list[_Figure]:
    dollar = _DOLLARS.get(country)
    found = [
        one
        for one in (*_signed(text, dollar), *_trailing(text, dollar, country), *_in_words(text, dollar, country))
        if not _NO_AMOUNT_AFTER.match(text, one.end) and not _is_certificate(text, one)
    ]
    kept: list[_Figure] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or (one.start >= kept[-1].end and not _says_again(text, kept[-1], one)):
            kept.append(one)
    return kept[:MAX_FIGURES]


def _is_certificate(text: str, one: _Figure) -> bool:
    """Whether what looks like one euro is the movement certificate EUR.1."""
    if one.value != 1 or one.currency != "EUR" or not text.startswith("EUR", one.start):
        return False
    return bool(_CERTIFICATE.search(text, max(0, one.start - _CERTIFICATE_CHARS), one.end + _CERTIFICATE_CHARS))


def _says_again(text: str, one: _Figure, following: _Figure) -> bool:
    """Whether a figure in brackets is the one before it: "£31,000,000 (thirty-one million pounds)"."""
    is_same = (one.value, one.currency) == (following.value, following.currency)
    return is_same and bool(re.fullmatch(r"\s*\(\s*", text[one.end : following.start]))


def _signed(text: str, dollar: str | None) -> Iterator[_Figure]:
    for match in islice(_SIGNED.finditer(text), MAX_FIGURES):
        scale = match["scale"] or match["scalex"]
        sign = " ".join(match["sign"].split())
        currency = match["code"].strip() if match["code"] else _currency(sign, dollar)
        value = _value(match["number"], scale, currency)
        if value is not None:
            is_negative = bool(match["minus"] or match["negative"]) and not _is_dash(text, match)
            start = match.start() if is_negative or not match["minus"] else match.start("sign")
            yield _Figure(-value if is_negative else value, scale, currency, start, match.end())


def _trailing(text: str, dollar: str | None, country: str) -> Iterator[_Figure]:
    for match in islice(_TRAILING.finditer(text), MAX_FIGURES):
        scale = match["scale"] or match["scalex"]
        unit = match["unit"] or match["joined"] or ""
        currency = _currency(" ".join((match["code"] or unit).split()), dollar)
        value = _value(match["number"], scale, currency)
        is_base_year = bool(unit and re.fullmatch(r"(?:19|20)\d{2}", match["number"]) and not scale)
        if not scale and _WON.fullmatch(unit) and not match["joined"]:
            # "Of twelve bids 5 won": a verb.
            continue
        if value is None or is_base_year or _is_weight(text, match.start(), match.end(), unit, scale, country):
            continue
        low = _value(match["low"], scale) if match["low"] else None
        if low is not None and low >= value:
            continue
        if low is not None:
            yield _Figure(low, scale, currency, match.start(), match.end("low"))
        yield _Figure(value, scale, currency, match.start("number"), match.end())


def _in_words(text: str, dollar: str | None, country: str) -> Iterator[_Figure]:
    for match in islice(_BROKEN.finditer(text), MAX_FIGURES):
        currency = _currency(" ".join(match["unit"].split()), dollar)
        yield _Figure(_broken(match), None, currency, match.start(), match.end())
    for match in islice(_SPELLED.finditer(text), MAX_FIGURES):
        value = _spelled(match["words"])
        if value is None or _FIGURE_BEHIND.match(text, match.end()) or _is_vague(text, match):
            continue
        scales = [word for word in re.findall(r"[a-z]+", match["words"].lower()) if word in _SCALES]
        scale = scales[-1] if scales else None
        if _is_weight(text, match.start(), match.end(), match["unit"], scale, country):
            continue
        currency = _currency(" ".join(match["unit"].split()), dollar)
        end = "low" if match["low"] else "least"
        if match[end] and scale and (low := _spelled(f"{match[end]} {scale}")):
            yield _Figure(low, scale, currency, match.start(end), match.end(end))
        yield _Figure(value, None, currency, match.start("words"), match.end())


def _is_vague(text: str, match: re.Match[str]) -> bool:
    """Whether a spelled amount begins with its scale and the words before it do not say how many."""
    is_bare = re.split(r"[\s-]", match["words"].lower())[0] in _BARE_SCALE
    return is_bare and bool(_VAGUE.search(text, max(0, match.start() - 40), match.start()))


def _broken(match: re.Match[str]) -> Decimal:
    """The value of "two and a half million"."""
    whole = match["whole"] or "0"
    parts = Decimal("0.5") if match["part"].lower() == "half" else Decimal("0.25")
    parts *= 3 if (match["count"] or "").lower() == "three" else 1
    count = Decimal(whole) if whole.isdigit() else _spelled(whole) or Decimal(0)
    return ((count + parts) * Decimal(10) ** _SCALES[match["scale"].lower()]).quantize(Decimal(1))


def _is_weight(text: str, start: int, end: int, unit: str, scale: str | None, country: str) -> bool:
    """Whether pounds are no money. Outside the United Kingdom a bare pound is a weight."""
    said = unit.lower()
    if "pound" not in said or "sterling" in said or "british" in said:
        return False
    if _WEIGHT.match(text, end):
        return True
    if scale:
        if _WEIGHS.search(text, max(0, start - _WEIGHED_CHARS), start) and not _MONEY_BEHIND.match(text, end):
            return True
        is_thing = country == "US" and re.match(r"\s+of\s", text[end : end + 5])
        return bool(is_thing and not _MONEY_BEHIND.match(text, end))
    around = text[max(0, start - _WEIGHED_CHARS) : end + _WEIGHED_CHARS // 2]
    return country == "US" or bool(_WEIGHED.search(around))


def _is_dash(text: str, match: re.Match[str]) -> bool:
    """Whether a minus is a dash between two things: "2023 - $5", "$1-$5"."""
    said = match["minus"] or match["negative"]
    if said.startswith(("minus", "\u2212")):
        return False
    before = text[match.start() - 1 : match.start()] if match["minus"] else " "
    return said[-1:].isspace() or not (before.isspace() or before in ("", "("))


def _currency(said: str, dollar: str | None) -> str | None:
    code = said.upper().rstrip("$\u00a3\u20ac ")
    if code in _CODES:
        return _CODES[code]
    if said in _SIGNS:
        return dollar if said == "$" else _SIGNS[said]
    word = said.lower()
    name = word if word in _WORDS else word.removesuffix("s")
    return dollar if name == "dollar" else _WORDS.get(name)


def _value(number: str, scale: str | None, currency: str | None = None) -> Decimal | None:
    """The value of digits; a dot before three of them parts thousands of euros, and is a point elsewhere."""
    plain = re.sub(r"[\s\u00a0\u2009\u202f]", "", number)
    is_dotted = re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", plain) or (
        currency == "EUR" and not scale and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain)
    )
    if is_dotted:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        value = Decimal(plain) * (Decimal(10) ** _SCALES[scale.strip().lower()] if scale else 1)
    except InvalidOperation:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _spelled(words: str) -> Decimal | None:
    """The value of "two thousand five hundred"; None for words that make no number together."""
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "and":
            continue
        if word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * 10 ** _SCALES[word], 0
        elif current % 100 and (current % 10 or current % 100 < _LEAST_TENS or _VALUES[word] >= _TEN):
            return None
        else:
            current += _VALUES[word]
    return Decimal(total + current) if total + current else None


def _grouped(text: str, figures: list[_Figure]) -> Iterator[list[_Figure]]:
    """Figures one by one, and in twos where they are the ends of one range."""
    place = 0
    while place < len(figures):
        one = figures[place]
        following = figures[place + 1] if place + 1 < len(figures) else None
        if following and _is_range(text, one, following):
            scale = one.scale or following.scale
            low = one if one.scale or not following.scale or one.value >= following.value else _scaled(one, scale)
            yield [low, following]
            place += 2
            continue
        bare = _bare_end(text, one)
        yield bare or [one]
        place += 1


def _is_range(text: str, one: _Figure, following: _Figure) -> bool:
    between = text[one.end : following.start]
    if one.currency != following.currency or following.value < one.value:
        return False
    if re.fullmatch(rf"{_SPACE}?(?:-|\u2013|\u2014|to){_SPACE}?", between):
        return True
    lead = text[max(0, one.start - 40) : one.start]
    if re.fullmatch(r"\s+and\s+", between) and re.search(r"\bbetween\s+\Z", lead, re.IGNORECASE):
        return True
    limit = _LIMIT.search(lead)
    return bool(limit and limit["floor"] and _FLOOR_AND_CEILING.fullmatch(between))


_BARE_AFTER = re.compile(
    rf"{_SPACE}?(?:-|\u2013|to){_SPACE}?(?P<number>\d{{1,4}}(?:\.\d{{1,3}})?|\d{{1,3}}(?:,\d{{3}})+)(?:{_SCALE.format('scale')}"
    rf")?(?!\d|,\d)"
)


def _bare_end(text: str, one: _Figure) -> list[_Figure] | None:
    """The other end of "$5-10 million" and "$5 to 10 million", which bears no sign of its own."""
    match = _BARE_AFTER.match(text, one.end)
    if not match:
        return None
    scale = match["scale"] or match["scalex"]
    value = _value(match["number"], scale)
    if value is None or not (scale or "-" in match[0] or "\u2013" in match[0]):
        return None
    low = one if one.scale or not scale else _scaled(one, scale)
    return [low, _Figure(value, scale, one.currency, match.start(), match.end())] if value > low.value else None


def _scaled(one: _Figure, scale: str | None) -> _Figure:
    return replace(one, value=one.value * 10 ** _SCALES[scale.strip().lower()], scale=scale) if scale else one


class _Reader:
    """One text and the places of all words that tell kinds, years and sentences, each searched for once."""

    def __init__(self, text: str, published: date | None) -> None:
        self.text = text
        self.sentences = [0, *(match.end() for match in _SENTENCE.finditer(text))]
        self.lead_ins = [match.start() for match in _LEAD_IN_END.finditer(text)]
        self.years = list(_PERIOD_BEFORE.finditer(text))
        self.year_starts = [match.start() for match in self.years]
        self.words = [
            (kind, place, [match.start() for match in words.finditer(text)])
            for kind, place, words, validity in _kinds()
            if validity.holds(published)
        ]

    def amount(self, group: list[_Figure]) -> Amount:
        first, last = group[0], group[-1]
        begin = self._sentence_start(first.start)
        lead = self.text[max(begin, first.start - LIMIT_CHARS) : first.start]
        limit = _limit(lead)
        low, high, said = self._ends(group, limit)
        if not limit and low == high and (above := self._ceiling_above(begin, first.start)):
            low, said = None, [above, *said]
        period = self._period(begin, first.start, last.end)
        start = first.start - (len(lead) - limit.start) if limit else first.start
        return Amount(
            low=low,
            high=high,
            currency=first.currency or last.currency,
            kind=self._kind(begin, first.start, last.end),
            qualifier="; ".join([*said, *([period] if period else [])]) or None,
            period=period,
            start=start,
            end=last.end,
            quote=self.text[start : last.end],
        )

    def _ends(self, group: list[_Figure], limit: _Limit | None) -> tuple[Decimal | None, Decimal | None, list[str]]:
        """Low and high, and the words that limit them; a range is limited by its own ends."""
        low, high = group[0].value, group[-1].value
        after = None if limit else _LIMIT_AFTER.match(self.text, group[-1].end)
        if after:
            limit = _Limit(after[0], "floor" if after["floor"] else "ceiling", after.start())
        if not limit:
            return low, high, []
        said = [" ".join(limit.said.split())]
        if len(group) > 1 or limit.side == "about":
            return low, high, said
        return (low, None, said) if limit.side == "floor" else (None, high, said)

    def _ceiling_above(self, begin: int, start: int) -> str | None:
        """The limit that a lead-in sets for all members of its list: "up to the following amounts:"."""
        if len(self.text[begin:start].strip()) >= MEMBER_CHARS:
            return None
        for _, first, last in self._lead_in(start):
            above = _CEILING_OF_LIST.search(self.text, max(0, first), last)
            return " ".join(above["said"].split()) if above else None
        return None

    def _period(self, begin: int, start: int, end: int) -> str | None:
        behind = _PERIOD.match(self.text, end + (self.text[end : end + 1] == ")"))
        if behind:
            return " ".join(behind["said"].split())
        place = bisect_left(self.year_starts, start) - 1
        if place < 0 or self.year_starts[place] < begin:
            return None
        return " ".join(self.years[place][0].split())

    def _sentence_start(self, place: int) -> int:
        return max(self.sentences[bisect_right(self.sentences, place) - 1], place - SENTENCE_CHARS)

    def _kind(self, begin: int, start: int, end: int) -> str:
        """The first kind whose words stand around an amount in its sentence, or in the lead-in above its list."""
        after = self.sentences[bisect_right(self.sentences, end) :][:1]
        spans = [("before", begin, start)]
        spans.append(("after", end, min([*after, end + CONTEXT_CHARS])))
        if len(self.text[begin:start].strip()) < MEMBER_CHARS:
            spans.extend(self._lead_in(start))
        for kind, place, starts in self.words:
            for where, first, last in spans:
                found = bisect_left(starts, first)
                if place in ("around", where) and found < len(starts) and starts[found] < last:
                    return kind
        return "other"

    def _lead_in(self, start: int) -> list[tuple[str, int, int]]:
        """What stands above the list of which an amount is a member."""
        place = bisect_left(self.lead_ins, start) - 1
        if place < 0 or start - self.lead_ins[place] > LIST_CHARS:
            return []
        return [("before", self.lead_ins[place] - 2 * CONTEXT_CHARS, self.lead_ins[place])]


def _limit(lead: str) -> _Limit | None:
    """The words that limit an amount; it may be spelled out between: "exceeding fifty thousand dollars ($50,000)"."""
    plain = _SPELLED_BEFORE.sub("", lead) if lead.rstrip().endswith("(") else lead
    match = _LIMIT.search(plain)
    if not match:
        listed = _LISTED_CEILING.search(plain)
        return _Limit(listed["said"], "ceiling", listed.start("said")) if listed else None
    if match["sign"]:
        return _Limit(match["sign"], "floor" if match["over"] else "ceiling", match.start("sign"))
    side = next(side for side in ("ceiling", "about", "floor") if match[side])
    is_denied = side == "floor" and re.search(r"\b(?:not|no)\s+\Z", plain[: match.start("said")], re.IGNORECASE)
    return None if is_denied else _Limit(match["said"], side, match.start("said"))


@cache
def _kinds() -> list[tuple[str, str, re.Pattern[str], Validity]]:
    """Kind, place and words, in the order in which they are tried, and when they hold."""
    rows = seed_rows(SEED, ("kind", "position", "pattern", "place", "valid_from", "valid_to"))
    rows.sort(key=lambda row: row.number("position"))
    if odd := next((row for row in rows if row["place"] not in PLACES), None):
        raise odd.refused("place", f"one of {', '.join(PLACES)}")
    return [(row["kind"], row["place"], re.compile(row.pattern(), re.IGNORECASE), row.validity()) for row in rows]
