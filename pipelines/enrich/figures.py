"""Figures of money in texts: a number, its scale, and the currency beside it.

Belongs here: how numbers and currencies are written, in digits and in words, above zero and below; what only looks like
money (weights in pounds, the movement certificate EUR.1, numbers of unknown scale). Does not belong here: what limits
a figure, ranges and kinds (see money). Signs of currencies are data: `dbt/seeds/currency_terms.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import islice

from pipelines.enrich.seeds import SEEDS, seed_rows
from pipelines.enrich.words import TENS, UNDER_TWENTY

CURRENCY_SEED = SEEDS / "currency_terms.csv"
MAX_FIGURES = 2_000
"""How many are read of one text; beyond that it is a table of figures, which the official amount fields give."""


def _terms(kind: str) -> dict[str, str | None]:
    """Signs, codes, words or jurisdictions and their currency; None where it takes more to settle it."""
    rows = seed_rows(CURRENCY_SEED, ("kind", "term", "currency"))
    if blank := next((row for row in rows if not row["term"]), None):
        raise blank.refused("term", "a sign, code or word")
    return {row["term"]: row["currency"] or None for row in rows if row["kind"] == kind}


Home = dict[str, str | None]
"""What signs of several currencies mean at home."""
_CODES, _SIGNS, _WORDS, _DOLLARS, _YENS = (_terms(kind) for kind in ("code", "sign", "word", "dollar", "yen"))
SPACE = r"[ \t\u00a0\u2009\u202f]"
_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "mn": 6, "mln": 6, "m": 6, "mil": 6, "billion": 9, "bn": 9, "b": 9,
    "trillion": 12, "tn": 12, "t": 12, "lakh": 5, "crore": 7, "mm": 6, "mio": 6, "mrd": 9,
    "bil": 9, "bln": 9, "tril": 12, "trn": 12, "trln": 12,
    "miljoen": 6, "millionen": 6, "millones": 6, "milioni": 6,
    "milliard": 9, "milliarden": 9, "miljard": 9, "miliardi": 9,
}  # fmt: skip
_SCALE_WORDS = (
    "thousand|million|billion|trillion|lakh|crore"
    "|milliarden|milliard|miljard|miljoen|millionen|millones|milioni|miliardi"
)
_SHORT_SCALES = "mn|mln|mio|mil|mrd|mm|bn|bln|bil|tn|trn|trln|tril"
SCALE = (
    rf"(?:(?:{SPACE}?-?|{SPACE}?\n{SPACE}?)(?P<{{0}}>(?i:{_SCALE_WORDS}))(?i:s?)\b"
    rf"|(?P<{{0}}x>(?:{SPACE}?(?i:{_SHORT_SCALES})|[mMbBkKtT]|{SPACE}(?:[mMbB]|T(?!-)))\b)(?!\.?\w))"
)
"""What multiplies a number: a template for the name of its group; that of short forms bears an x behind it."""
_DIGITS = (
    r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,4})?|\d{1,3}(?:\.\d{3}){2,5}(?:,\d{1,2})?(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3}){1,5}(?!\d)|\d{1,15}(?:[.,]\d{1,4})?(?![\d])"
)
_SHORT = r"\d{1,4}(?:[.,]\d{1,3})?"
_MARKS = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=lambda sign: (-len(sign), sign)))
_ANY_CODE = "|".join(_CODES)
_SIGN = rf"(?<![A-Za-z])(?:{_MARKS}|(?:{_ANY_CODE})(?![A-Za-z])(?:{SPACE}?[$\u00a3\u20ac\u00a5])?)"
_UNIT_WORDS = ("dollar", "pound", "euro", "franc", "yen", "yuan", "renminbi", "rupee", "won")
"""Without one of them nothing is spelled out."""
UNITS = (
    r"(?:(?:U\.?S\.?|United\s+States|Canadian|Australian|Singapore|Hong\s+Kong|New\s+Zealand|British"
    r"|Swiss|Japanese|Indian|Korean)\s+)?(?:dollars?|pounds?(?:\s+sterling)?|euros?|francs?|yen"
    r"|yuan|renminbi|rupees?|won)\b"
)

_SIGNED = re.compile(
    rf"(?P<minus>(?<![\w)])[-\u2212]{SPACE}?|\bminus{SPACE})?(?P<sign>{_SIGN}){SPACE}{{0,2}}(?P<negative"
    rf">[-\u2212](?=\d))?(?P<number>{_DIGITS}|\.\d{{1,4}}(?!\d)|\((?:{_DIGITS})\))(?:{SCALE.format('scale')})?(?P<code>{SPACE}(?:{_ANY_CODE}"
    rf")\b)?"
)
_TRAILING = re.compile(
    rf"(?<![\w.,$\u00a3\u20ac/-])(?:(?:(?P<low>{_SHORT})(?:{SCALE.format('lowscale')})?(?:{SPACE}?[-\u2013]{SPACE}?|{SPACE}to{SPACE})"
    rf"|(?<=between )(?P<least>{_SHORT})(?:{SCALE.format('leastscale')})?{SPACE}and{SPACE}))?"
    rf"(?P<number>{_DIGITS})(?:{SCALE.format('scale')})?(?:{SPACE}{{0,2}}(?:(?P<code>{_ANY_CODE}|\u20ac|\u00a3)(?!\w)"
    rf"|(?P<unit>{UNITS}))|-(?P<joined>{UNITS}))",
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
NAME = rf"(?:{'|'.join(_NAMES)})"
_GAP = r"(?:-|\s{1,3})"
SPELLED = rf"{NAME}(?:{_GAP}(?:and\s{{1,3}})?{NAME}){{0,12}}"
"""Numbers in words."""
_SPELLED = re.compile(
    rf"\b(?:(?:(?P<low>{NAME})\s+to|between\s+(?P<least>{NAME})\s+and)\s+)?"
    rf"(?P<words>{SPELLED})[\s-]\s*(?P<unit>{UNITS})",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    rf"\b(?:(?P<whole>{NAME}|\d{{1,3}})[\s-]and[\s-])?(?:(?P<count>a|one|three)[\s-])?(?P<part>half|quarters?)"
    rf"(?:[\s-]of)?(?:[\s-](?:a|one))?[\s-](?P<scale>thousand|million|billion|trillion)[\s-]\s*(?P<unit>{UNITS})",
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

_NO_AMOUNT_AFTER = re.compile(
    r"[\d\u00bc-\u00be\u2150-\u215e]|[.,]\d|[A-Za-z](?![a-z]+\b)"
    r"|\s?-?\s?(?i:[a-z]{0,10}illi(?:on|ard)\w{0,4}|[a-z]{0,4}lj(?:oen|ard)\w{0,4}|thousands?|hundreds?|lacs?)\b"
)
"""What makes another number of the one before it: a digit, an unknown sign of scale, a second word of scale."""
_CERTIFICATE = re.compile(r"\b(?:certificate|form)s?\b", re.IGNORECASE)
"""Beside "EUR 1": the paper by which goods move."""
_CERTIFICATE_CHARS = 40
_WON = re.compile(r"won", re.IGNORECASE)
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
class Figure:
    """A number with its currency, at its place."""

    value: Decimal
    scale: str | None
    """As printed, for the other end of a range that states none."""
    currency: str | None
    """ISO 4217; None where a sign could mean several."""
    start: int
    end: int


def find_figures(text: str, country: str) -> list[Figure]:
    """All figures in the order of the text; ``country`` (ISO 3166) settles whose dollar or yen a bare sign is."""
    home = {"$": _DOLLARS.get(country), "\u00a5": _YENS.get(country)}
    found = [
        one
        for one in (*_signed(text, home), *_trailing(text, home, country), *_in_words(text, home, country))
        if not _NO_AMOUNT_AFTER.match(text, one.end) and not _is_certificate(text, one)
    ]
    kept: list[Figure] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or (one.start >= kept[-1].end and not _says_again(text, kept[-1], one)):
            kept.append(one)
    return kept[:MAX_FIGURES]


def _is_certificate(text: str, one: Figure) -> bool:
    """Whether what looks like one euro is the movement certificate EUR.1."""
    if one.value != 1 or one.currency != "EUR" or not text.startswith("EUR", one.start):
        return False
    return bool(_CERTIFICATE.search(text, max(0, one.start - _CERTIFICATE_CHARS), one.end + _CERTIFICATE_CHARS))


def _says_again(text: str, one: Figure, following: Figure) -> bool:
    """Whether a figure in brackets is the one before it: "£31,000,000 (thirty-one million pounds)"."""
    is_same = (one.value, one.currency) == (following.value, following.currency)
    return is_same and bool(re.fullmatch(r"\s*\(\s*", text[one.end : following.start]))


def _signed(text: str, home: Home) -> Iterator[Figure]:
    for match in islice(_SIGNED.finditer(text), MAX_FIGURES):
        scale = match["scale"] or match["scalex"]
        sign = " ".join(match["sign"].split())
        currency = match["code"].strip() if match["code"] else _currency(sign, home)
        value = value_of(match["number"].strip("()"), scale, currency)
        if value is not None:
            is_loss = match["number"].startswith("(")
            is_negative = is_loss or (bool(match["minus"] or match["negative"]) and not _is_dash(text, match))
            start = match.start() if is_negative or not match["minus"] else match.start("sign")
            yield Figure(-value if is_negative else value, scale, currency, start, match.end())


def _trailing(text: str, home: Home, country: str) -> Iterator[Figure]:
    for match in islice(_TRAILING.finditer(text), MAX_FIGURES):
        scale = match["scale"] or match["scalex"]
        unit = match["unit"] or match["joined"] or ""
        currency = _currency(" ".join((match["code"] or unit).split()), home)
        value = value_of(match["number"], scale, currency)
        is_base_year = bool(unit and re.fullmatch(r"(?:19|20)\d{2}", match["number"]) and not scale)
        if not scale and _WON.fullmatch(unit) and not match["joined"]:
            # "Of twelve bids 5 won": a verb.
            continue
        if value is None or is_base_year or _is_weight(text, match.start(), match.end(), unit, scale, country):
            continue
        end = "low" if match["low"] else "least"
        low_scale = match[f"{end}scale"] or match[f"{end}scalex"] or scale
        low = value_of(match[end], low_scale) if match[end] else None
        if low is not None and low >= value:
            continue
        if low is not None:
            stop = max(match.end(end), match.end(f"{end}scale"), match.end(f"{end}scalex"))
            yield Figure(low, low_scale, currency, match.start(end), stop)
        yield Figure(value, scale, currency, match.start("number"), match.end())


def _in_words(text: str, home: Home, country: str) -> Iterator[Figure]:
    small = text.lower()
    if not any(word in small for word in _UNIT_WORDS):
        return
    for match in islice(_BROKEN.finditer(text), MAX_FIGURES):
        currency = _currency(" ".join(match["unit"].split()), home)
        yield Figure(_broken(match), None, currency, match.start(), match.end())
    for match in islice(_SPELLED.finditer(text), MAX_FIGURES):
        value = _spelled(match["words"])
        if value is None or _FIGURE_BEHIND.match(text, match.end()) or _is_vague(text, match):
            continue
        scales = [word for word in re.findall(r"[a-z]+", match["words"].lower()) if word in _SCALES]
        scale = scales[-1] if scales else None
        if _is_weight(text, match.start(), match.end(), match["unit"], scale, country):
            continue
        currency = _currency(" ".join(match["unit"].split()), home)
        end = "low" if match["low"] else "least"
        if match[end] and scale and (low := _spelled(f"{match[end]} {scale}")):
            yield Figure(low, scale, currency, match.start(end), match.end(end))
        yield Figure(value, None, currency, match.start("words"), match.end())


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


def _currency(said: str, home: Home) -> str | None:
    code = said.upper().rstrip("$\u00a3\u20ac\u00a5 ")
    if code in _CODES:
        return _CODES[code]
    if said in _SIGNS:
        return home.get(said, _SIGNS[said])
    word = said.lower()
    name = word if word in _WORDS else word.removesuffix("s")
    return home["$"] if name == "dollar" else _WORDS.get(name)


def value_of(number: str, scale: str | None, currency: str | None = None) -> Decimal | None:
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
    return _plain(value)


def _plain(value: Decimal) -> Decimal:
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


def scaled(one: Figure, scale: str) -> Figure:
    """A figure in the scale that another one beside it states: the 5 of "$5 to $10 million"."""
    return replace(one, value=_plain(one.value * 10 ** _SCALES[scale.strip().lower()]), scale=scale)
