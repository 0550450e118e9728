"""Lines of the page that lists memoranda of the Office of Management and Budget, in lists, paragraphs and tables.

A line is an item, a row, or what stands between two breaks of a paragraph; it is of the memorandum whose PDF file it
links first. Does not belong here: how a memorandum is named, and what ends what.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin

from lxml import etree, html

from scrapers.families.dates import US_DAY

_DASH = "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d_]"
NUMBER = re.compile(rf"(?<![A-Z0-9])M\s?{_DASH}\s?([0-9]{{2}})\s?{_DASH}\s?([0-9]{{1,3}})(?![0-9])", re.IGNORECASE)
ENDS = re.compile(
    r"\b(?P<verb>rescinded|revoked|superseded|replaced|rescinds|revokes|supersedes|replaces)\b(?:\s+and\s+(?P<also>\w+))?\s*(?P<by>by)?"
    rf"\s+(?:OMB\s+)?(?:Memorandum\s+)?(?P<other>{NUMBER.pattern})",
    re.IGNORECASE,
)
_AROUND = ("nav", "header", "footer")
_LISTS = ("ul", "ol", "table", "tbody", "section", "main", "body", "html")
_ROWS = ("li", "tr")
_UNITS = (*_ROWS, "p", "dd", "dt", "td", "div", "section", "main", "body")
_SIZE = re.compile(r"\(\s*(?:\d+\s+pages?\b[^()]{0,40}|[\d.,]+\s*[km]b[^()]{0,20}|pdf[^()]{0,20})?\s*\)", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"\W*(?:(?:view|read|download|open|the|full|memo(?:randum)?|text|pdf|file|here|link)\W*)*", re.I
)
_IN_BRACKETS = re.compile(rf"(?<=\()\s*(?:{US_DAY.pattern})(?=\s*\))")
"""The day of a memorandum, where it stands as most of them are written; other days of a line are of other things."""
_EDGES = " \t-\u2010\u2011\u2013\u2014,:;.|"


@dataclass
class _Line:
    """One line of the page: its text in pieces, each with the link that it stands in."""

    is_row: bool
    """Whether mark-up says that it is one line, whatever it links."""
    pieces: list[tuple[str, html.HtmlElement | None]]

    @property
    def files(self) -> list[html.HtmlElement]:
        """Its links to PDF files, in order."""
        return list(dict.fromkeys(link for _, link in self.pieces if link is not None and _file(link)))

    def text(self, without: list[html.HtmlElement] | None = None) -> str:
        """What it says outside of some links."""
        return _one_line(" ".join(piece for piece, link in self.pieces if link is None or link not in (without or [])))


def number_of(match: re.Match[str] | None) -> str | None:
    """A number in one spelling, whatever its dashes: M-25-05."""
    return f"M-{match[1]}-{int(match[2]):02d}" if match else None


def memoranda(tree: html.HtmlElement, page: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What the page says of each memorandum, by number, and the lines with a file whose number cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    unnumbered: list[str] = []
    for line in _lines(tree):
        numbers = {link: number for link in line.files if (number := _number(link, line))}
        if not numbers:
            unnumbered += [line.text()] if line.files else []
            continue
        for number in list(dict.fromkeys(numbers.values()))[: 1 if line.is_row else None]:
            own = [link for link in line.files if numbers.get(link, number) == number]
            is_alone = line.is_row or set(numbers.values()) == {number}
            raw = found.setdefault(number, _raw(number, own, line if is_alone else None))
            raw["links"] += [
                {"title": _words(link), "url": urljoin(page, str(link.get("href")).strip())}
                for link in (own if is_alone else [link for link in own if link in numbers])
            ]
    return found, unnumbered


def _lines(tree: html.HtmlElement) -> Iterator[_Line]:
    """The lines of the page that link a file, in order; what surrounds the text has none."""
    lines: dict[tuple[html.HtmlElement, int], _Line] = {}
    breaks: Counter[html.HtmlElement] = Counter()
    outside = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        outside += (1 if event == "start" else -1) * (element.tag in _AROUND)
        holder = element if event == "start" else element.getparent()
        if holder is None or outside:
            continue
        unit = _unit(holder)
        if unit is None:
            continue
        breaks[unit] += event == "start" and element.tag == "br" and unit.tag not in _ROWS
        text = element.text if event == "start" else element.tail
        if text and text.strip():
            line = lines.setdefault((unit, breaks[unit]), _Line(unit.tag in _ROWS, []))
            line.pieces.append((text, _link(holder, unit)))
    return (line for line in lines.values() if line.files)


def _unit(element: html.HtmlElement) -> html.HtmlElement | None:
    """The element that is the line of what stands in it: a row for its cells, else the nearest block."""
    blocks = [one for one in (element, *element.iterancestors()) if one.tag in _UNITS]
    row = next((one for one in blocks if one.tag == "tr"), None)
    return blocks[0] if blocks and (row is None or blocks[0].tag == "li") else row


def _link(element: html.HtmlElement, unit: html.HtmlElement) -> html.HtmlElement | None:
    around = (one for one in (element, *element.iterancestors()) if one.tag == "a" and one.get("href"))
    found = next(around, None)
    return found if found is not None and unit in (found, *found.iterancestors()) else None


def _file(link: html.HtmlElement) -> str | None:
    """The name of the PDF file that a link leads to."""
    name = unquote(re.split(r"[?#]", str(link.get("href") or "").strip())[0]).rsplit("/", 1)[-1]
    return name if name.lower().endswith(".pdf") else None


def _number(link: html.HtmlElement, line: _Line) -> str | None:
    """The memorandum that a file is of: by its link, or by the only number in a line that links no other file."""
    by_link = _number_of_link(link)
    if by_link or len(line.files) > 1:
        return by_link
    told = {number_of(match) for match in NUMBER.finditer(ENDS.sub("", line.text()))}
    return told.pop() if len(told) == 1 else None


def _number_of_link(link: html.HtmlElement) -> str | None:
    return number_of(NUMBER.search(_words(link)) or NUMBER.search(_file(link) or ""))


def _words(link: html.HtmlElement) -> str:
    return _one_line(link.text_content())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _raw(number: str, own: list[html.HtmlElement], line: _Line | None) -> dict[str, Any]:
    """Title, day and notes of a memorandum: the title in its link, or around a link that says only the number."""
    title, rest = _words(own[0]), line.text(own) if line else ""
    day = _IN_BRACKETS.search(rest) or US_DAY.search(rest)
    before, after = (rest[: day.start()].rstrip(" (["), rest[day.end() :].lstrip(" )]")) if day else (rest, "")
    if line and _is_bare(title):
        words, before = _cut_at_ending(_without_number(before, number))
        if not _trimmed(words):
            words, after = _cut_at_ending(_without_number(after, number))
        title = f"{number} {_trimmed(words)}".strip()
    day = day or (_day_beside(own[0], number) if line else None)
    note = _trimmed(f"{before} {after}")
    return {"number": number, "title": title, "date": day.group().strip() if day else None, "note": note, "links": []}


def _day_beside(link: html.HtmlElement, number: str) -> re.Match[str] | None:
    """The first day in the smallest block around a link that holds a day outside links and no other memorandum."""
    for block in link.iterancestors():
        if block.tag in _LISTS or {_number_of_link(one) for one in block.iter("a") if _file(one)} - {number, None}:
            return None
        if day := US_DAY.search(_one_line(" ".join(map(str, block.xpath(".//text()[not(ancestor::a)]"))))):
            return day
    return None


def _is_bare(title: str) -> bool:
    return _SAYS_NOTHING.fullmatch(NUMBER.sub("", title)) is not None


def _without_number(text: str, number: str) -> str:
    return NUMBER.sub(lambda match: "" if number_of(match) == number else match.group(), text)


def _cut_at_ending(text: str) -> tuple[str, str]:
    """A title, and what is said after it of memoranda that end or are ended."""
    match = ENDS.search(text)
    return (text[: match.start()], text[match.start() :]) if match else (text, "")


def _trimmed(text: str) -> str:
    return _one_line(_SIZE.sub("", text)).strip(_EDGES).strip()
