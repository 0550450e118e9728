"""Who concludes an agreement, a declaration or a treaty: governments by code, and anyone else by name.

Belongs here: names of governments (`dbt/seeds/government.csv`) in a text, the two sides that a title names by the
wordings of `dbt/seeds/party_wordings.csv`, and agreements that a text names by their parties, having no number. Does
not belong here: what is an agreement (instruments.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from pipelines.enrich.seeds import SEEDS, Validity, seed_rows

EXTRACTOR_VERSION = "parties/3"
READ = (SEEDS / "government.csv", SEEDS / "party_wordings.csv")
_SIDES = re.compile(r"\s*(?:,\s*(?:and\s+)?|;\s*|\s+and\s+|\s+&\s+)\s*")
_ARTICLE = re.compile(r"^(?:the|both)\s+", re.IGNORECASE)
_AGREEMENT = re.compile(
    r"\bmemorand(?:um|a)\s+of\s+(?:understanding|cooperation|agreement)\b|(?-i:\bMOUs?\b|\bMoUs?\b)"
    r"|\b(?:bilateral|partnership)\s+agreements?\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;!?](?=\s+[A-Z\u201c])|\n")
_LONGEST_SENTENCE = 400
_TWO = 2


@dataclass(frozen=True)
class NamedAgreement:
    """An agreement of two governments that a text names; ``quote`` is ``text[start:start + len(quote)]``."""

    codes: str
    """The two codes in order: "GB+US"."""
    quote: str
    start: int


@dataclass(frozen=True)
class Party:
    """One side of an agreement; ``code`` where it is a government that the seed knows."""

    name: str
    code: str | None
    rule: str
    start: int


def governments(texts: pl.DataFrame) -> list[list[str]]:
    """Codes of the governments that each row's ``text`` names, in the order of their first mention."""
    return [list(dict.fromkeys(code for code, _ in _mentions(text or ""))) for text in texts["text"]]


def parties_of(title: str, published: date | None = None) -> list[Party]:
    """The sides that a title of a day names: governments first, then the others as they stand."""
    known = [Party(match[0], code, "government", match.start()) for code, match in _mentions(title)]
    others = [party for party in _named_sides(title, published) if not any(_overlap(party, one) for one in known)]
    first = {(party.code or party.name): party for party in reversed([*known, *others])}
    return sorted(first.values(), key=lambda party: (party.code is None, party.start))


def agreements_named(text: str) -> list[NamedAgreement]:
    """Agreements that a sentence names with exactly two governments, each once."""
    found: dict[str, NamedAgreement] = {}
    for match in _AGREEMENT.finditer(text):
        first, last = max(0, match.start() - _LONGEST_SENTENCE), match.end() + _LONGEST_SENTENCE
        start = max((end.end() for end in _SENTENCE_END.finditer(text, first, match.start())), default=first)
        stop = next((end.start() for end in _SENTENCE_END.finditer(text, match.end(), last)), last)
        start += len(text[start:stop]) - len(text[start:stop].lstrip())
        sentence = text[start:stop].rstrip()
        codes = sorted({code for code, _ in _mentions(sentence)})
        if len(codes) == _TWO:
            named = NamedAgreement("+".join(codes), sentence, start)
            found.setdefault(named.codes, named)
    return list(found.values())


def _mentions(text: str) -> list[tuple[str, re.Match[str]]]:
    pattern, codes = _government_names()
    return [(codes[_folded(match[0])], match) for match in pattern.finditer(text)]


def _named_sides(title: str, published: date | None) -> list[Party]:
    for rule, pattern, validity in _wordings():
        if validity.holds(published) and (match := pattern.search(title)):
            start = match.start("parties")
            return [
                Party(name, None, rule, start + match["parties"].index(name))
                for side in _SIDES.split(match["parties"])
                if (name := _ARTICLE.sub("", side).strip(" .,"))
            ]
    return []


def _overlap(one: Party, other: Party) -> bool:
    return one.start < other.start + len(other.name) and other.start < one.start + len(one.name)


@cache
def _government_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Names longest first; short ones are abbreviations and stand in capitals."""
    codes = {row["name"]: row["code"] for row in seed_rows(SEEDS / "government.csv", ("name", "code"))}
    spelled = [_spelled(name) for name in sorted(codes, key=len, reverse=True)]
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(spelled)})(?![A-Za-z0-9])"), codes


def _spelled(name: str) -> str:
    letters = name.split()
    if all(len(letter) == 1 for letter in letters):
        return r"\.\s?".join(letter.upper() for letter in letters) + r"\.?"
    if len(name) <= 3:
        return name.upper()
    return "(?i:" + r"\s+".join(re.escape(word) for word in letters) + ")"


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


@cache
def _wordings() -> list[tuple[str, re.Pattern[str], Validity]]:
    rows = seed_rows(SEEDS / "party_wordings.csv", ("rule", "pattern", "valid_from", "valid_to"))
    wordings = [(row["rule"], re.compile(row.pattern()), row.validity()) for row in rows]
    for row, (_, pattern, _) in zip(rows, wordings, strict=True):
        if "parties" not in pattern.groupindex:
            raise row.refused("pattern", "a regular expression with a group named parties")
    return wordings
