"""Sections, parts and chapters of the United States Code and of the Code of Federal Regulations, and ranges of them.

The acquisition regulations (FAR, DFARS and other supplements) are title 48, and cited as such. Does not belong here:
laws and rules by their own numbers (see citations).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.enrich.cited import DASH, JOIN, PLAIN_JOIN, SPACE, Citation, cite, end_of_parts, listed

_CODE_NAME = rf"(?:U\.?{SPACE}?S\.?{SPACE}?(?:C\.?(?:A\.)?(?!ode)|Code\b)|United{SPACE}States{SPACE}Code\b)"
_USC = re.compile(
    rf"\b(\d{{1,2}}){SPACE}{{0,3}}{_CODE_NAME}(?P<appendix>,?{SPACE}{{0,3}}[Aa]pp(?:endix\b|x?\.))?,?{SPACE}{{0,3}}(?:(?:\u00a7{{1,2}}"
    rf"|[Ss]ec(?:tions?|s?\.)){SPACE}{{0,3}})?(?=\d)"
)
_USC_SECTION = re.compile(
    rf"\d{{1,5}}(?:(?!et{SPACE})[a-z]{{1,3}})?(?:-\d{{1,3}}[a-z]{{0,2}}|-[a-z]\b)?(?:\b|(?=et{SPACE}seq))"
)
_USC_RANGE = re.compile(rf"(?:{DASH}|{SPACE}through{SPACE}|{SPACE}to{SPACE})(\d{{1,5}})(?:[a-z]{{1,2}}\b|\b)")
_USC_CHAPTER = re.compile(
    rf"\b(\d{{1,2}}){SPACE}{{0,3}}U\.?{SPACE}?S\.?{SPACE}?C\.?(?:A\.)?,?{SPACE}{{0,3}}[Cc]h(?:apters?|s?\.){SPACE}{{0,3}}(?=\d)"
)
_CHAPTER = re.compile(r"(?:\d{1,3}[A-Z]?|[IVXL]{1,7})\b")
_CHAPTER_OF_CODE = re.compile(rf"\b[Cc]h(?:apters?|s?\.){SPACE}{{1,3}}(?=[\dIVXL])")
_CODE_TITLE = re.compile(rf"(?:\b[Ss]ections?{SPACE}{{1,3}}|\u00a7{{1,2}}{SPACE}{{0,3}})(?=\d)")
_UNITED_STATES_CODE = rf"(?:United{SPACE}States{SPACE}Code|U\.{SPACE}?S\.{SPACE}?(?:Code|C\.))"
_FEDERAL_REGULATIONS = rf"(?:Code{SPACE}of{SPACE}Federal{SPACE}Regulations|C\.?F\.?R\.?)"
_OF_TITLE = re.compile(
    rf"(?:,{SPACE}{{1,3}}|{SPACE}{{1,3}}of{SPACE}{{1,3}})[Tt]itle{SPACE}{{1,3}}(\d{{1,2}}),?{SPACE}{{1,3}}(?:of{SPACE}(?:the{SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|(?:the{SPACE})?{_FEDERAL_REGULATIONS})"
)
_TITLE_FIRST = re.compile(
    rf"\b[Tt]itle{SPACE}{{1,3}}(\d{{1,2}}),?{SPACE}{{1,3}}(?:of{SPACE}(?:the{SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|{_FEDERAL_REGULATIONS})"
    rf",?{SPACE}{{1,3}}(?:at{SPACE})?(?:[Ss]ections?|[Pp]arts?|(?P<chapter>[Cc]hapters?)|\u00a7{{1,2}}){SPACE}{{0,3}}(?=\d)"
)
_PART_OF_CODE = re.compile(rf"\b[Pp]arts?{SPACE}{{1,3}}(?=\d)")
_CFR = re.compile(
    rf"\b(\d{{1,2}}){SPACE}{{1,3}}C\.?{SPACE}?F\.?{SPACE}?R\.?{SPACE}{{0,3}}"
    rf"(?:(?:\u00a7{{1,2}}|(?:[Ss]ub)?[Pp]arts?|[Pp]ts?\.|[Ss]ec(?:tions?|s?\.|\.)){SPACE}{{0,3}})?(?=\d)"
)
_CFR_CHAPTER = re.compile(
    rf"\b(\d{{1,2}}){SPACE}{{1,3}}C\.?F\.?R\.?,?{SPACE}{{0,3}}[Cc]h(?:apter|\.){SPACE}([IVXL]+|\d{{1,2}})\b"
    rf"(?:,{SPACE}{{0,3}}[Ss]ubch(?:apter|\.){SPACE}([A-Z]+)\b)?"
)
_CFR_SECTION = re.compile(r"\d{1,4}(?:\.\d{1,4}[a-z]?(?:-\d{1,2}[a-z]?\b(?!\.))?)?(?!\d)")
_CFR_RANGE = re.compile(rf"(?:{DASH}|{SPACE}through{SPACE}|{SPACE}to{SPACE})(\d{{1,4}}(?:\.\d{{1,4}})?)\b")

_ACQUISITION = (
    rf"(?:(?P<defense>Defense{SPACE})?Federal{SPACE}Acquisition{SPACE}Regulations?(?:{SPACE}Supplement)?"
    rf"(?:{SPACE}\((?:FAR|DFARS?)\))?|(?P<supplement>DFARS?)|FAR)"
)
_CLAUSE_NUMBER = re.compile(r"\d{0,2}52\.2\d{2}-\d{1,4}\b(?![.-]\d)")
_CLAUSE = re.compile(
    rf"\b(?:{_ACQUISITION}|(?:AG|DE|DOS|EPA|GS|HHS|HS|HUD|VA)AR|NFS|[Cc]lauses?|[Pp]rovisions?)"
    rf"(?:,?{SPACE}(?:[Cc]lauses?|[Pp]rovisions?|[Ss]ections?|at|\u00a7{{1,2}})){{0,3}}{SPACE}{{1,3}}(?={_CLAUSE_NUMBER.pattern})"
)
_CLAUSE_JOIN = re.compile(rf"(?:{JOIN}|;{SPACE}{{1,3}})(?:(?:and|or){SPACE})?(?:(?:FAR|DFARS){SPACE})?")
_ACQUISITION_PART = re.compile(
    rf"\b{_ACQUISITION},?{SPACE}{{1,3}}(?:(?:(?:[Ss]ub)?[Pp]arts?|[Ss]ections?|\u00a7{{1,2}}){SPACE}{{0,3}}(?=\d)|(?=\d{{1,3}}\.\d))"
)
_ACQUISITION_SECTION = re.compile(r"(?P<part>\d{1,3})(?:\.\d{1,4}(?:-\d{1,2}\b)?)?(?![\d-])")
_LAST_PART, _LAST_DEFENSE_PART = 53, 253
_ACQUISITION_REGULATION = re.compile(r"\bAcquisition\s+Regulation", re.IGNORECASE)


def code_sections(text: str) -> Iterator[Citation]:
    """Sections and chapters of the United States Code, scheme usc."""
    for match in _USC.finditer(text):
        for section in listed(text, match, _USC_SECTION, PLAIN_JOIN, parts=True):
            if _is_another_title(text, section):
                break
            start = match.start() if section.start() == match.end() else section.start()
            value, end = _with_range(text, section)
            stop = end_of_parts(text, end)
            title = f"{match[1]} U.S.C.{' App.' if match['appendix'] else ''}"
            yield cite(text, "usc", f"{title} {value}", start, stop, text[end:stop].strip())
    for match in _USC_CHAPTER.finditer(text):
        yield from _behind_title(text, match, "usc", f"{match[1]} U.S.C. chapter", _CHAPTER)
    yield from _of_title(text, _CODE_TITLE, _USC_SECTION, is_regulation=False)
    yield from _of_title(text, _CHAPTER_OF_CODE, _CHAPTER, is_regulation=False)
    for match in _TITLE_FIRST.finditer(text):
        if match["usc"]:
            yield from _behind_title(
                text, match, "usc", f"{match[1]} U.S.C.{_chapter(match)}", _member(match, _USC_SECTION)
            )


def _with_range(text: str, section: re.Match[str]) -> tuple[str, int]:
    """A section, or several up to the one behind a dash: "3501-3521"; a smaller number behind it is part of a name."""
    until = _USC_RANGE.match(text, section.end())
    if until and section[0].isdigit() and int(until[1]) > int(section[0]):
        return f"{section[0]}-{text[until.start(1) : until.end()]}", until.end()
    return section[0], section.end()


def _chapter(title: re.Match[str]) -> str:
    return " chapter" if title["chapter"] else ""


def _member(title: re.Match[str], otherwise: re.Pattern[str]) -> re.Pattern[str]:
    return _CHAPTER if title["chapter"] else otherwise


def _of_title(text: str, head: re.Pattern[str], member: re.Pattern[str], is_regulation: bool) -> Iterator[Citation]:
    """Sections, parts or chapters before their title: "sections 552 and 553(b) of title 5, United States Code"."""
    scheme, code = ("cfr", "CFR") if is_regulation else ("usc", "U.S.C.")
    kind = "chapter " if member is _CHAPTER else ""
    for match in head.finditer(text):
        sections = [
            (section, end_of_parts(text, section.end()))
            for section in listed(text, match, member, PLAIN_JOIN, parts=True)
        ]
        title = _OF_TITLE.match(text, sections[-1][1]) if sections else None
        if title and is_regulation != bool(title["usc"]):
            for section, end in sections:
                stop = title.end() if section is sections[-1][0] else end
                value = f"{title[1]} {code} {kind}{section[0]}"
                yield cite(text, scheme, value, section.start(), stop, text[section.end() : end].strip())


def _behind_title(
    text: str,
    head: re.Match[str],
    scheme: str,
    title: str,
    member: re.Pattern[str],
    join: re.Pattern[str] = PLAIN_JOIN,
) -> Iterator[Citation]:
    """Sections behind their title: "title 44, United States Code, section 3502"."""
    for section in listed(text, head, member, join, parts=True):
        start = head.start() if section.start() == head.end() else section.start()
        end = end_of_parts(text, section.end())
        yield cite(text, scheme, f"{title} {section[0]}", start, end, text[section.end() : end].strip())


_NEXT_TITLE = re.compile(rf"{SPACE}{{1,3}}(?:U\.?S\.?C|C\.?F\.?R|FR\b|F\.R|Fed\.|Stat\.)")


def _is_another_title(text: str, number: re.Match[str]) -> bool:
    """Whether a listed number opens the next citation: "15 U.S.C. 41 and 16 CFR 1"."""
    return bool(_NEXT_TITLE.match(text, number.end()))


def federal_regulations(text: str) -> Iterator[Citation]:
    """Sections, parts and chapters of the Code of Federal Regulations, scheme cfr."""
    for match in _CFR_CHAPTER.finditer(text):
        value = f"{match[1]} CFR chapter {match[2]}" + (f", subchapter {match[3]}" if match[3] else "")
        yield cite(text, "cfr", value, match.start(), match.end())
    for match in _CFR.finditer(text):
        for section in listed(text, match, _CFR_SECTION, PLAIN_JOIN, parts=True):
            if _is_another_title(text, section):
                break
            value, end = section[0], section.end()
            if until := _CFR_RANGE.match(text, end):
                value, end = f"{value}-{until[1]}", until.end()
            start = match.start() if section.start() == match.end() else section.start()
            stop = end_of_parts(text, end)
            yield cite(text, "cfr", f"{match[1]} CFR {value}", start, stop, text[end:stop].strip())

    for head in (_CODE_TITLE, _PART_OF_CODE):
        yield from _of_title(text, head, _CFR_SECTION, is_regulation=True)
    yield from _of_title(text, _CHAPTER_OF_CODE, _CHAPTER, is_regulation=True)
    for match in _TITLE_FIRST.finditer(text):
        if not match["usc"]:
            yield from _behind_title(
                text, match, "cfr", f"{match[1]} CFR{_chapter(match)}", _member(match, _CFR_SECTION)
            )
    yield from _acquisition_regulations(text)


def _acquisition_regulations(text: str) -> Iterator[Citation]:
    """Clauses, and parts and sections where it is sure that FAR does not mean the Federal Aviation Regulations."""
    for match in _CLAUSE.finditer(text):
        yield from _behind_title(text, match, "cfr", "48 CFR", _CLAUSE_NUMBER, _CLAUSE_JOIN)
    if not _ACQUISITION_REGULATION.search(text) and "DFARS" not in text:
        return
    for match in _ACQUISITION_PART.finditer(text):
        is_defense = bool(match["defense"] or match["supplement"])
        first, last = (200, _LAST_DEFENSE_PART) if is_defense else (0, _LAST_PART)
        number = _ACQUISITION_SECTION.match(text, match.end())
        if number and first < int(number["part"]) <= last:
            yield from _behind_title(text, match, "cfr", "48 CFR", _ACQUISITION_SECTION)
