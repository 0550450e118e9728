"""What all readers of citations share: the citation, lists of numbers, the provisions named beside a number.

Does not belong here: how any kind of number is written (see citations, codes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SPACE = r"[\s\u00a0]"
DASH = r"[-\u2010-\u2013]"
_PARTS = rf"(?:{SPACE}?\({SPACE}?\w{{1,6}}{SPACE}?\)){{1,8}}"
"""Subsections behind a section's number: "(b)(6)"."""
JOIN = (
    rf"(?:,{SPACE}{{0,3}}(?:and|or){SPACE}{{1,3}}|,{SPACE}{{0,3}}|{SPACE}{{1,3}}(?:and|or|through"
    rf"|to){SPACE}{{1,3}})"
)
_MAX_LISTED = 40
"""How many members of one list are read; longer ones are tables."""

_PINPOINT = re.compile(
    rf"(?:^|[\s(\u2014])((?:sub)?(?:sections?|paragraphs?|titles?|parts?|divisions?|articles?|chapters?"
    rf"|clauses?|regulations?|schedules?))"
    rf"{SPACE}{{1,3}}([\w.()\u2013-]{{1,24}}(?:{JOIN}[\w.()\u2013-]{{1,24}}){{0,6}}){SPACE}{{1,3}}(?:of"
    rf"|to|in){SPACE}{{1,3}}(?:the{SPACE})?\Z",
    re.IGNORECASE,
)
_PINPOINT_CHARS = 120


@dataclass(frozen=True)
class Citation:
    """One instrument that a text names; ``quote`` is ``text[start:end]``, one member where several are listed."""

    scheme: str
    """eo, proclamation, presidential_directive (numbered memoranda and directives), omb_memo, omb_circular, public_law,
    usc, cfr, fr_citation, fr_document, rin, docket, nist_publication, us_bill, us_bill_number, us_state_bill,
    ca_bill_number, uk_bill_print, uk_act, uk_act_title, uk_si, eu_celex, eu_commission or named_law."""
    value: str
    """As the scheme writes it: 14110, M-24-10, 117-167, 44 U.S.C. 3502, 15 CFR 772.1, 89 FR 5698, 32024R1689, NSM-22.
    Acquisition regulations are title 48: FAR 52.204-25 is 48 CFR 52.204-25."""
    start: int
    end: int
    quote: str
    pinpoint: str | None = None
    """The provision named, as printed: "sections 4.1 and 4.2"; or the subsections behind a number: "(b)(6)"."""


def listed(
    text: str, head: re.Match[str], member: re.Pattern[str], join: re.Pattern[str], parts: bool = False
) -> Iterator[re.Match[str]]:
    """The members of a list behind its head: "13960, 13985 and 14110"; where ``parts``, subsections lie between."""
    place = head.end()
    for _ in range(_MAX_LISTED):
        match = member.match(text, place)
        if not match:
            return
        yield match
        place = match.end()
        if parts:
            place = end_of_parts(text, place)
        joined = join.match(text, place)
        if not joined:
            return
        place = joined.end()


PLAIN_JOIN = re.compile(JOIN)
_PARTS_PATTERN = re.compile(_PARTS)
_MORE_PARTS = re.compile(rf"(?:{JOIN}{_PARTS}){{1,6}}")
_NOTE = re.compile(rf"{SPACE}(?:note|et{SPACE}seq\.?)")


def end_of_parts(text: str, place: int) -> int:
    """Behind "(a)(1) and (2)(B)", " note" and " et seq."."""
    for pattern in (_PARTS_PATTERN, _MORE_PARTS, _NOTE):
        if match := pattern.match(text, place):
            place = match.end()
    return place


def cite(text: str, scheme: str, value: str, start: int, end: int, pinpoint: str | None = None) -> Citation:
    """The citation between two places of a text, with the provision that the text names before it."""
    return Citation(scheme, value, start, end, text[start:end], pinpoint or _pinpoint(text, start))


def _pinpoint(text: str, start: int) -> str | None:
    match = _PINPOINT.search(text, max(0, start - _PINPOINT_CHARS), start)
    return " ".join(f"{match[1]} {match[2]}".split()) if match else None


def numbers(
    scheme: str, head: re.Pattern[str], member: re.Pattern[str], join: re.Pattern[str]
) -> Callable[[str], Iterator[Citation]]:
    """A reader of lists of bare numbers; the first member's place begins with its head."""

    def read(text: str) -> Iterator[Citation]:
        done = 0
        for match in head.finditer(text):
            if match.start() < done:
                continue
            for number in listed(text, match, member, join):
                start = match.start() if number.start() == match.end() else number.start()
                done = number.end()
                yield cite(text, scheme, hyphened(number[0]).replace(",", ""), start, done)

    return read


def hyphened(value: str) -> str:
    """A number with plain hyphens for dashes of any length."""
    return re.sub(DASH, "-", value)


def simple(scheme: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Citation]]:
    """A reader of numbers that stand alone, each the first group of its match."""

    def read(text: str) -> Iterator[Citation]:
        for match in pattern.finditer(text):
            yield cite(text, scheme, hyphened(match[1]), match.start(), match.end())

    return read
