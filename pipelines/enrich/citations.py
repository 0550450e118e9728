"""Every numbered law, order, rule, memorandum and bill that a text names, under one scheme of identifiers.

Belongs here: how US, UK and EU texts write such names, lists and ranges of them, and laws named without a number. Does
not belong here: what a text does to what it names (see relations), matching to documents. A name that could mean
several things keeps the scheme that says so: a bill without its Congress is a ``us_bill_number``, an Act without its
chapter a ``uk_act_title``; bills of states, which bear the number of another in every other state, are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "citations/3"

MAY_CITE = (
    r"\bexec(?:utive|\.)\s+orders?\b|\be\.?\s?os?\b|\bproc(?:lamations?|s?\.)\s|\bm[-\u2010-\u2013]\d\d[-\u2010-\u2013]\d\d\b"
    r"|\bcirculars?\s|\b(?:title|part)s?\s+\d|\bnistir\s"
    r"|\bpublic\s+laws?\b|\bpub\.?\s?l\b"
    r"|\bp\.\s?l\.|\d\s*u\.?\s?s\.?\s?c\b|united\s+states\s+code|u\.s\. code|\d\s+c\.?\s?f\.?\s?r\b"
    r"|\d\s+(?:fr|f\.r\.|fed\.\s?reg|federal\s+register)"
    r"|\bfr\s+doc|\brins?\b|\bdockets?\b|-\d{4}-[a-z]-\d{4}|\bnist\s|\b[hs]\.\s?(?:r\.|j|con|res|\d|i)|\bbill\s[cs\d]|\bacts?\b"
    r"|\bregulations?\b|\brule\b"
    r"|\b[sw]?\.?s\.?i\.?\s|\bs\.?r\.?\s|statutory\s+instrument|\b(?:directive|decision)s?\s|\bcelex"
    r"|\b(?:com|swd|join|c)\s?[(/]|[1-9ce](?:19|20)\d\d[a-z]{1,2}\d{4}"
)
"""Regular expression, case ignored, that every text matches in which anything can be found; sifts cheaply."""

NAMED_LAW = "named_law"

_SPACE = r"[\s\u00a0]"
_DASH = r"[-\u2010-\u2013]"
_PARTS = rf"(?:{_SPACE}?\({_SPACE}?\w{{1,6}}{_SPACE}?\)){{1,8}}"
"""Subsections behind a section's number: "(b)(6)"."""
_JOIN = (
    rf"(?:,{_SPACE}{{0,3}}(?:and|or){_SPACE}{{1,3}}|,{_SPACE}{{0,3}}|{_SPACE}{{1,3}}(?:and|or|through"
    rf"|to){_SPACE}{{1,3}})"
)
_MAX_LISTED = 40
"""How many members of one list are read; longer ones are tables."""

_FOUR_OR_FIVE = r"(?:\d{4,5}\b|\d{1,2},\d{3}\b(?!,\d))"
_ORDER = re.compile(
    rf"\b(?:Exec(?:utive|\.){_SPACE}{{1,3}}Orders?|E\.{_SPACE}?O\.(?:s\b)?|EOs?\b|Orders?{_SPACE}\(EOs?\))"
    rf"(?:{_SPACE}?\(\"?(?:E\.{_SPACE}?O\.|EO)s?\"?\))?{_SPACE}{{0,3}}(?:Nos?\.?{_SPACE}?)?(?={_FOUR_OR_FIVE})",
    re.IGNORECASE,
)
_PROCLAMATION = re.compile(
    rf"\b(?:(?:Presidential{_SPACE})?Proclamations?|Procs?\.){_SPACE}{{1,3}}(?:Nos?\.?{_SPACE}?)?(?={_FOUR_OR_FIVE})"
)
_BARE_NUMBER = re.compile(r"\d{4,5}(?:-[A-Z])?\b|\d{1,2},\d{3}\b(?!,\d)")
_NO_MEMO = re.compile(
    r"\b(?:flight|train|route|model|motorway|junction|serial|part|item|product|aircraft|vessel|bus|unit|lot|tail|seat)s?"
    rf"{_SPACE}(?:(?:no\.?|number){_SPACE})?\Z",
    re.IGNORECASE,
)
"""In front of what looks like the number of a memorandum: a number of something else."""
_MEMO = re.compile(rf"\bM{_DASH}\d{{2}}{_DASH}\d{{2}}\b")
_CIRCULAR = re.compile(
    rf"\b(?:[O0]MB{_SPACE}|\([O0]MB\){_SPACE})?Circulars?{_SPACE}(?:Nos?\.?{_SPACE}?)?(?=A-\d{{1,3}}\b)"
)
_CIRCULAR_NUMBER = re.compile(r"A-\d{1,3}\b")
_PUBLIC_LAW = re.compile(
    rf"\b(?:Public{_SPACE}{{1,3}}Laws?|PUBLIC{_SPACE}{{1,3}}LAWS?|Pub\.?{_SPACE}?L\.?|P\.{_SPACE}?L\.)"
    rf":?{_SPACE}{{0,3}}(?:Nos?[.:]{{0,2}}{_SPACE}?)?(?=\d)"
)
_LAW_NUMBER = re.compile(rf"\d{{2,3}}{_DASH}\d{{1,4}}\b")

_USC = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{0,3}}U\.?{_SPACE}?S\.?{_SPACE}?C\.?(?:A\.)?{_SPACE}{{0,3}}(?:(?:\u00a7{{1,2}}"
    rf"|[Ss]ec(?:tions?|s?\.)|ch(?:apter|\.)){_SPACE}{{0,3}})?(?=\d)"
)
_USC_SECTION = re.compile(
    rf"\d{{1,5}}(?:(?!et{_SPACE})[a-z]{{1,3}})?(?:-\d{{1,3}}[a-z]{{0,2}}|-[a-z]\b)?(?:\b|(?=et{_SPACE}seq))"
)
_CODE_TITLE = re.compile(rf"\b[Ss]ections?{_SPACE}{{1,3}}(?=\d)")
_UNITED_STATES_CODE = rf"(?:United{_SPACE}States{_SPACE}Code|U\.{_SPACE}?S\.{_SPACE}?(?:Code|C\.))"
_FEDERAL_REGULATIONS = rf"(?:Code{_SPACE}of{_SPACE}Federal{_SPACE}Regulations|C\.?F\.?R\.?)"
_OF_TITLE = re.compile(
    rf"{_SPACE}{{1,3}}of{_SPACE}{{1,3}}[Tt]itle{_SPACE}{{1,3}}(\d{{1,2}}),?{_SPACE}{{1,3}}(?:of{_SPACE}(?:the{_SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|(?:the{_SPACE})?{_FEDERAL_REGULATIONS})"
)
_TITLE_FIRST = re.compile(
    rf"\b[Tt]itle{_SPACE}{{1,3}}(\d{{1,2}}),?{_SPACE}{{1,3}}(?:of{_SPACE}(?:the{_SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|{_FEDERAL_REGULATIONS})"
    rf",?{_SPACE}{{1,3}}(?:at{_SPACE})?(?:[Ss]ections?|[Pp]arts?|\u00a7{{1,2}}){_SPACE}{{0,3}}(?=\d)"
)
_PART_OF_CODE = re.compile(rf"\b[Pp]arts?{_SPACE}{{1,3}}(?=\d)")
_CFR = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{1,3}}C\.?{_SPACE}?F\.?{_SPACE}?R\.?{_SPACE}{{0,3}}"
    rf"(?:(?:\u00a7{{1,2}}|[Pp]arts?|[Ss]ec(?:tions?|s?\.|\.)){_SPACE}{{0,3}})?(?=\d)"
)
_CFR_CHAPTER = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{1,3}}C\.?F\.?R\.?{_SPACE}{{0,3}}((?:chapter|ch\.){_SPACE}[IVXL]+(?:,{_SPACE}{{0"
    rf",3}}subchapter{_SPACE}[A-Z]+)?)"
)
_CFR_SECTION = re.compile(r"\d{1,4}(?:\.\d{1,4}[a-z]?(?:-\d{1,2}[a-z]?\b(?!\.))?)?(?!\d)")
_CFR_RANGE = re.compile(rf"(?:{_DASH}|{_SPACE}through{_SPACE}|{_SPACE}to{_SPACE})(\d{{1,4}}(?:\.\d{{1,4}})?)\b")

_FR = re.compile(
    rf"\b(\d{{2,3}}){_SPACE}{{1,3}}(?:FR|F\.R\.|Fed\.{_SPACE}?Reg\.|Federal{_SPACE}Register)(?:,?{_SPACE}at)?{_SPACE}{{1,3}}(?=\d)"
)
_FR_PAGE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}\b")
_FR_DOCUMENT = re.compile(
    rf"\bFR{_SPACE}Doc(?:ument|\.)?s?\.?{_SPACE}{{0,3}}(?:No\.?:?{_SPACE}{{0,3}})?((?:[A-Z]\d{{0,2}}-)?\d{{2"
    rf",4}}{_DASH}\d{{3,6}})\b"
)
_RIN = re.compile(rf"\bRINs?:?{_SPACE}{{0,3}}(?:(?:Nos?|Numbers?)\.?:?{_SPACE}{{0,3}})?(?=\d{{4}}{_DASH}[A-Z])")
_RIN_NUMBER = re.compile(rf"\d{{4}}{_DASH}[A-Z]{{2}}\d{{2}}\b")
_RIN_JOIN = re.compile(rf"(?:{_JOIN}|;{_SPACE}{{1,3}})(?:(?:and|or){_SPACE})?(?:RIN:?{_SPACE})?")
_DOCKET = re.compile(
    rf"\bDockets?{_SPACE}{{1,3}}(?:IDs?|Nos?|Numbers?)?\.?:?{_SPACE}{{0,3}}(?:(?:Nos?|Numbers?)\.?:?{_SPACE}{{0,3}})?(?=[A-Z\d])"
)
_DOCKET_NUMBER = re.compile(
    rf"(?:[A-Z]{{2,9}}(?:{_DASH}[A-Z0-9]{{1,9}}){{0,4}}{_DASH}\d{{4}}{_DASH}(?:[A-Z]{_DASH})?\d{{4,5}}"
    rf"|\d{{6,10}}{_DASH}\d{{4,5}}(?:{_DASH}\d{{2}})?)(?![\w-])"
)
_DOCKET_JOIN = re.compile(
    rf"(?:{_JOIN}|;{_SPACE}{{1,3}})(?:(?:and|or){_SPACE})?(?:Docket{_SPACE}(?:IDs?|Nos?|Number)\.?:?{_SPACE})?"
)
_OPEN_DOCKET = re.compile(rf"\b([A-Z]{{2,5}}{_DASH}(?:19|20)\d{{2}}{_DASH}[A-Z]{_DASH}\d{{4,5}})\b")
"""Numbers of a form that nothing else has need no word before them: "FDA-2031-D-4488"."""
_NIST = re.compile(
    rf"\b(?:NIST{_SPACE}{{1,3}}(?:(?P<special>Special{_SPACE}Publications?{_SPACE})|(?P<report>(?:Internal|Interagency){_SPACE}Reports?{_SPACE}"
    rf"|NISTIR{_SPACE}?|IR(?:{_SPACE}|-))|(?P<series>AI|SP|FIPS|TN|CSWP|GCR|AMS|HB)(?:{_SPACE}|-))|NISTIR{_SPACE})"
    rf"(?:\((?:SP|IR)\){_SPACE})?(?P<number>\d{{1,4}}(?:{_DASH}\d{{1,4}})?(?:e\d{{4}}\b|[A-Z]\b)?)(?!\w)"
)
_BILL = re.compile(
    rf"(?<![\w.])(H\.{_SPACE}?R\.|S\.|H\.{_SPACE}?(?:J\.{_SPACE}?|Con\.{_SPACE}?)?Res\.|S\.{_SPACE}?(?:J\.{_SPACE}"
    rf"?|Con\.{_SPACE}?)?Res\.)"
    rf"{_SPACE}{{0,3}}(\d{{1,5}})\b"
    rf"(?!{_SPACE}?(?:\.\d|U\.S)|{_SPACE}(?i:streets?|st\.|avenues?|ave\b|roads?|blvd|boulevard|drive|lane|highway)\b)"
)
_CONGRESS = re.compile(rf"[^.;]{{0,30}}?\b(\d{{2,3}})(?:st|nd|rd|th){_SPACE}{{1,3}}Cong(?:ress|\.)")
_CANADIAN_BILL = re.compile(rf"\bBill{_SPACE}([CS]{_DASH}\d{{1,3}})\b")
_UK_BILL = re.compile(
    rf"\b(HL{_SPACE})?Bill{_SPACE}(\d{{1,3}})(?:{_SPACE}of{_SPACE}(?:Session{_SPACE})?|{_SPACE}\(?)(\d{{4}}{_DASH}"
    rf"\d{{2,4}})\b"
)

_SI = re.compile(
    rf"\b(S\.?{_SPACE}?S\.?{_SPACE}?I\.?|W\.?{_SPACE}?S\.?{_SPACE}?I\.?|S\.?{_SPACE}?I\.?|S\.?{_SPACE}?R\.?"
    rf"){_SPACE}{{1,3}}(?:Nos?\.?{_SPACE}?)?"
    rf"((?:19|20)\d{{2}})(?:/|{_SPACE}No\.?{_SPACE})(\d{{1,4}})\b(?:{_SPACE}\((W|S|C|N\.I)\.?{_SPACE}?\d)?"
)
_SI_NUMBERED = re.compile(
    rf"\b(?:statutory{_SPACE}instrument|SI){_SPACE}((?:19|20)\d{{2}}){_SPACE}No\.?{_SPACE}(\d{{1,4}})\b", re.IGNORECASE
)
_UK_ACT = re.compile(
    rf"\bActs?{_SPACE}((?:1[6-9]|20)\d{{2}})\b(?:{_SPACE}?\((?:c|chapter|asp|asc|anaw|nawm)\.?{_SPACE}?(\d{{1,3}})\))?"
)

_EU_BODY = r"(?:EU|EC|EEC|ECSC|Euratom|JHA|CFSP)"
_EU_HEAD = re.compile(
    rf"\b(?:(?:Commission|Council|European{_SPACE}Parliament){_SPACE})?(?:(?:Delegated|Implementing|(?P<framework>Framework))"
    rf"{_SPACE})?(?P<kind>Regulation|Directive|Decision)s?{_SPACE}{{1,3}}(?=\({_EU_BODY}|No\b|\d)",
    re.IGNORECASE,
)
_EU_MEMBER = re.compile(
    rf"(?P<body>\({_EU_BODY}(?:,{_SPACE}?{_EU_BODY})?\){_SPACE}{{0,3}})?(?P<no>No\.?{_SPACE}{{0,2}})?"
    rf"(?P<one>\d{{1,4}})/(?P<two>\d{{1,4}})(?P<suffix>/{_EU_BODY})?(?![\w/])",
    re.IGNORECASE,
)
_CELEX = re.compile(r"(?<![\w/])(?:CELEX:?\s?)?([1-9CE](?:19|20)\d{2}(?:[RLDHCQ]|PC|DC|SC|JC|XC)\d{4})\b")
_COMMISSION = re.compile(rf"\b(COM|SWD|JOIN|C){_SPACE}?[(/]{_SPACE}?(\d{{4}}){_SPACE}?[)/]{_SPACE}?(\d{{1,5}})\b")
_EU_LETTER = {"regulation": "R", "directive": "L", "decision": "D", "framework": "F"}
_EU_YEARS = range(1952, 2100)

_NAME_END = re.compile(
    r"\b(?:Act|(?P<rule>Regulations?|Rule)(?!\s+Act\b))\b(?:\s+of\s+(?:18|19|20)\d{2}\b|\s+for\s+Fiscal\s+"
    r"Years?\s+\d{4}\b)?(?!\s+\d{4}\b)"
)
_YEAR_OF_NAME = re.compile(r"\s+(?:of\s+\d{4}|for\s+Fiscal\s+Years?\s+\d{4})\Z")
_NAME_WORD = re.compile(r"[A-Z\d][\w.'\u2019/&-]*")
_NAME_JOINERS = frozenset({"of", "and", "for", "in", "to", "on", "with", "from", "by", "or", "a", "an", "&", "etc."})
_PLACES = frozenset({"Work", "Sea", "Common"})
"""Before these "at" belongs to a name."""
_WITH_ARTICLE = re.compile(r"\b(?:Representation\s+of|Protection\s+of|(?:Offences|Crimes)\s+against)\s+the\s+\Z")
"""What stands before the last words of a title that holds an article."""
_NAME_NO = frozenset(
    {
        "Section", "Sections", "Sec", "Title", "This", "That", "Such", "Each", "Any", "An", "In", "Under", "Final",
        "Proposed", "Interim", "Code", "Federal", "And", "Or", "Of", "For", "To", "With", "By", "If", "As", "No",
        "Division", "Subtitle", "Part", "Chapter", "The", "A", "Direct", "New", "Certain", "Our", "Its", "Your",
        "See", "Unlike", "Compare", "Cf", "Cf.", "Since", "Although", "Because", "While", "Whereas",
    }
)  # fmt: skip
"""No name of a law begins with these, or consists of them alone."""
_MAX_NAME_WORDS = 24
_BACK_CHARS = 260
_ACRONYM = re.compile(r"\(([A-Z]{2,10})\)\s*")
_OWN_NAME = re.compile(r"\bcited\s+as\s+[^.;]{0,160}\Z")
_TITLE = re.compile(r"\s+of\s+[A-Z][a-z]{2,8}\s*\d{1,2},\s*\d{4},?\s*\(((?:[^()]|\([^()]{0,100}\)){3,400})\)")
"""The title of an order behind its date; laws named in it are not cited."""
_GLUED = re.compile(r"[a-z][.:][A-Z]")
_MODIFIER = re.compile(r"\s*(?:\([^)]{0,40}\)\s*)?(?:agenc|compliance|requests?\b)")
_KNOWN_AS = re.compile(
    rf",?{_SPACE}{{0,3}}\(?(?:also{_SPACE})?(?:commonly{_SPACE})?(?:known|referred{_SPACE}to|cited){_SPACE}"
    rf"as{_SPACE}(?:the{_SPACE})?[\"'\u2018\u201c`]{{0,2}}(?:the{_SPACE})?\Z"
)
_LINK = re.compile(
    rf"[\"'\u2019\u201d]{{0,2}}(?:{_SPACE}\([A-Z][^()]{{0,40}}\))?,?{_SPACE}{{0,3}}(?:(?:\(?as{_SPACE}amend"
    rf"ed,?|in|at){_SPACE})?[(\[]?"
    rf"(?:(?:title|division|div\.|subtitle|part|section){_SPACE}[\w.()]{{1,12}},?{_SPACE}(?:of{_SPACE}(?:th"
    rf"e{_SPACE})?)?){{0,3}}\Z"
)
_PINPOINT = re.compile(
    rf"(?:^|[\s(\u2014])((?:sub)?(?:sections?|paragraphs?|titles?|parts?|divisions?|articles?|chapters?"
    rf"|clauses?|regulations?|schedules?))"
    rf"{_SPACE}{{1,3}}([\w.()\u2013-]{{1,24}}(?:{_JOIN}[\w.()\u2013-]{{1,24}}){{0,6}}){_SPACE}{{1,3}}(?:of"
    rf"|to|in){_SPACE}{{1,3}}(?:the{_SPACE})?\Z",
    re.IGNORECASE,
)
_PINPOINT_CHARS = 120


@dataclass(frozen=True)
class Citation:
    """One instrument that a text names; ``quote`` is ``text[start:end]``, one member where several are listed."""

    scheme: str
    """eo, proclamation, omb_memo, omb_circular, public_law, usc, cfr, fr_citation, fr_document, rin, docket,
    nist_publication, us_bill, us_bill_number, ca_bill_number, uk_bill_print, uk_act,
    uk_act_title, uk_si, eu_celex, eu_commission or named_law."""
    value: str
    """As the scheme writes it: 14110, M-24-10, 117-167, 44 U.S.C. 3502, 15 CFR 772.1, 89 FR 5698, 32024R1689."""
    start: int
    end: int
    quote: str
    pinpoint: str | None = None
    """The provision named, as printed: "sections 4.1 and 4.2"; or the subsections behind a number: "(b)(6)"."""


def find_citations(text: str) -> list[Citation]:
    """All citations in the order of the text, each at its place; the same instrument may come again.

    A law named with its number is given by the number alone; where the name comes again without it, by that number
    too. A name that bears no number anywhere in the text is a ``named_law``.
    """
    safe, low = tame(text), text.lower()
    readers = [reader for reader, words in _READERS if any(word in low for word in words)]
    numbered = _without_overlaps([one for reader in readers for one in reader(safe)])
    return sorted([*numbered, *_named_laws(safe, numbered)], key=lambda one: (one.start, one.end))


def _without_overlaps(found: list[Citation]) -> list[Citation]:
    """The longest reading where several patterns meet."""
    kept: list[Citation] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _listed(
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
            place = _end_of_parts(text, place)
        joined = join.match(text, place)
        if not joined:
            return
        place = joined.end()


_PLAIN_JOIN = re.compile(_JOIN)
_PARTS_PATTERN = re.compile(_PARTS)
_MORE_PARTS = re.compile(rf"(?:{_JOIN}{_PARTS}){{1,6}}")
_NOTE = re.compile(rf"{_SPACE}(?:note|et{_SPACE}seq\.?)")
_AFTER_ORDER = re.compile(
    rf"(?:{_SPACE}(?:of|dated){_SPACE}[A-Z][a-z]{{2,8}}{_SPACE}\d{{1,2}},{_SPACE}\d{{4}})?(?:{_SPACE}\([^()"
    rf"]{{3,250}}\))?(?:{_SPACE}\([^()]{{2,40}}\))?"
    rf"{_JOIN}(?:(?:Executive{_SPACE}Orders?|E\.O\.){_SPACE})?"
)


def _end_of_parts(text: str, place: int) -> int:
    """Behind "(a)(1) and (2)(B)", " note" and " et seq."."""
    for pattern in (_PARTS_PATTERN, _MORE_PARTS, _NOTE):
        if match := pattern.match(text, place):
            place = match.end()
    return place


def _cite(text: str, scheme: str, value: str, start: int, end: int, pinpoint: str | None = None) -> Citation:
    return Citation(scheme, value, start, end, text[start:end], pinpoint or _pinpoint(text, start))


def _pinpoint(text: str, start: int) -> str | None:
    match = _PINPOINT.search(text, max(0, start - _PINPOINT_CHARS), start)
    return " ".join(f"{match[1]} {match[2]}".split()) if match else None


def _numbers(
    scheme: str, head: re.Pattern[str], member: re.Pattern[str], join: re.Pattern[str]
) -> Callable[[str], Iterator[Citation]]:
    """A reader of lists of bare numbers; the first member's place begins with its head."""

    def read(text: str) -> Iterator[Citation]:
        done = 0
        for match in head.finditer(text):
            if match.start() < done:
                continue
            for number in _listed(text, match, member, join):
                start = match.start() if number.start() == match.end() else number.start()
                done = number.end()
                yield _cite(text, scheme, _hyphened(number[0]).replace(",", ""), start, done)

    return read


def _hyphened(value: str) -> str:
    return re.sub(_DASH, "-", value)


def _memos(text: str) -> Iterator[Citation]:
    for match in _MEMO.finditer(text):
        if _NO_MEMO.search(text, max(0, match.start() - 24), match.start()):
            continue
        yield _cite(text, "omb_memo", _hyphened(match[0]), match.start(), match.end())


def _code(text: str) -> Iterator[Citation]:
    for match in _USC.finditer(text):
        for section in _listed(text, match, _USC_SECTION, _PLAIN_JOIN, parts=True):
            if _is_another_title(text, section):
                break
            start = match.start() if section.start() == match.end() else section.start()
            end = _end_of_parts(text, section.end())
            yield _cite(text, "usc", f"{match[1]} U.S.C. {section[0]}", start, end, text[section.end() : end].strip())
    yield from _of_title(text, _CODE_TITLE, is_regulation=False)
    for match in _TITLE_FIRST.finditer(text):
        if match["usc"]:
            yield from _behind_title(text, match, "usc", f"{match[1]} U.S.C.", _USC_SECTION)


def _of_title(text: str, head: re.Pattern[str], is_regulation: bool) -> Iterator[Citation]:
    """Sections or parts before their title: "sections 552 and 553(b) of title 5, United States Code"."""
    scheme, code = ("cfr", "CFR") if is_regulation else ("usc", "U.S.C.")
    member = _CFR_SECTION if is_regulation else _USC_SECTION
    for match in head.finditer(text):
        sections = [
            (section, _end_of_parts(text, section.end()))
            for section in _listed(text, match, member, _PLAIN_JOIN, parts=True)
        ]
        title = _OF_TITLE.match(text, sections[-1][1]) if sections else None
        if title and is_regulation != bool(title["usc"]):
            for section, end in sections:
                stop = title.end() if section is sections[-1][0] else end
                value = f"{title[1]} {code} {section[0]}"
                yield _cite(text, scheme, value, section.start(), stop, text[section.end() : end].strip())


def _behind_title(
    text: str, head: re.Match[str], scheme: str, title: str, member: re.Pattern[str]
) -> Iterator[Citation]:
    """Sections behind their title: "title 44, United States Code, section 3502"."""
    for section in _listed(text, head, member, _PLAIN_JOIN, parts=True):
        start = head.start() if section.start() == head.end() else section.start()
        end = _end_of_parts(text, section.end())
        yield _cite(text, scheme, f"{title} {section[0]}", start, end, text[section.end() : end].strip())


_NEXT_TITLE = re.compile(rf"{_SPACE}{{1,3}}(?:U\.?S\.?C|C\.?F\.?R|FR\b|F\.R|Fed\.|Stat\.)")


def _is_another_title(text: str, number: re.Match[str]) -> bool:
    """Whether a listed number opens the next citation: "15 U.S.C. 41 and 16 CFR 1"."""
    return bool(_NEXT_TITLE.match(text, number.end()))


def _regulations(text: str) -> Iterator[Citation]:
    for match in _CFR_CHAPTER.finditer(text):
        chapter = " ".join(match[2].split()).replace("ch. ", "chapter ")
        yield _cite(text, "cfr", f"{match[1]} CFR {chapter}", match.start(), match.end())
    for match in _CFR.finditer(text):
        for section in _listed(text, match, _CFR_SECTION, _PLAIN_JOIN, parts=True):
            if _is_another_title(text, section):
                break
            value, end = section[0], section.end()
            if until := _CFR_RANGE.match(text, end):
                value, end = f"{value}-{until[1]}", until.end()
            start = match.start() if section.start() == match.end() else section.start()
            stop = _end_of_parts(text, end)
            yield _cite(text, "cfr", f"{match[1]} CFR {value}", start, stop, text[end:stop].strip())

    for head in (_CODE_TITLE, _PART_OF_CODE):
        yield from _of_title(text, head, is_regulation=True)
    for match in _TITLE_FIRST.finditer(text):
        if not match["usc"]:
            yield from _behind_title(text, match, "cfr", f"{match[1]} CFR", _CFR_SECTION)


def _register(text: str) -> Iterator[Citation]:
    for match in _FR.finditer(text):
        page = _FR_PAGE.match(text, match.end())
        if page:
            value = f"{match[1]} FR {page[0].replace(',', '')}"
            yield _cite(text, "fr_citation", value, match.start(), page.end())


def _simple(scheme: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Citation]]:
    def read(text: str) -> Iterator[Citation]:
        for match in pattern.finditer(text):
            yield _cite(text, scheme, _hyphened(match[1]), match.start(), match.end())

    return read


def _standards(text: str) -> Iterator[Citation]:
    for match in _NIST.finditer(text):
        series = "sp" if match["special"] else (match["series"] or "ir").lower()
        number = _hyphened(match["number"]).lower()
        yield _cite(text, "nist_publication", f"nist-{series}-{number}", match.start(), match.end())


def _bills(text: str) -> Iterator[Citation]:
    for match in _BILL.finditer(text):
        name = f"{re.sub(r'[^a-z]', '', match[1].lower())}-{match[2]}"
        congress = _CONGRESS.match(text, match.end())
        scheme, value = ("us_bill", f"{congress[1]}-{name}") if congress else ("us_bill_number", name)
        yield _cite(text, scheme, value, match.start(), match.end())
    for match in _CANADIAN_BILL.finditer(text):
        yield _cite(text, "ca_bill_number", _hyphened(match[1]).lower(), match.start(), match.end())
    for match in _UK_BILL.finditer(text):
        house = "hl" if match[1] else "hc"
        yield _cite(text, "uk_bill_print", f"{house}-{match[2]}-{_hyphened(match[3])}", match.start(), match.end())


def _instruments(text: str) -> Iterator[Citation]:
    for match in _SI.finditer(text):
        letters = re.sub(r"[^A-Z]", "", match[1].upper())
        kind = {"SSI": "ssi", "WSI": "wsi", "SR": "nisr"}.get(letters, "wsi" if match[4] == "W" else "uksi")
        yield _cite(text, "uk_si", f"{kind}-{match[2]}-{match[3]}", match.start(), match.end())
    for match in _SI_NUMBERED.finditer(text):
        yield _cite(text, "uk_si", f"uksi-{match[1]}-{match[2]}", match.start(), match.end())


def _uk_acts(text: str) -> Iterator[Citation]:
    last = 0
    for match in _UK_ACT.finditer(text):
        start = _start_of_name(text, match.start(), last)
        last = match.end()
        if start is None:
            continue
        if whole := _WITH_ARTICLE.search(text, max(0, start - 40), start):
            start = whole.start()
        if match[2] and re.search(r"\((?:c|chapter)\b", match[0]):
            yield _cite(text, "uk_act", f"ukpga-{match[1]}-{match[2]}", start, match.end())
        else:
            title = " ".join(text[start : match.end(1)].split())
            yield _cite(text, "uk_act_title", title, start, match.end())


def _union(text: str) -> Iterator[Citation]:
    for head in _EU_HEAD.finditer(text):
        kind = "framework" if head["framework"] else head["kind"].lower()
        is_numbered = False
        for place, member in enumerate(_listed(text, head, _EU_MEMBER, _PLAIN_JOIN)):
            is_told = bool(member["body"] or member["suffix"])
            if not place and not is_told:
                break
            is_numbered = bool(member["no"]) or (is_numbered and not is_told)
            start = member.start() if place else head.start()
            value = _celex(kind, member["one"], member["two"], is_numbered)
            yield _cite(text, "eu_celex", value, start, member.end())
    for match in _COMMISSION.finditer(text):
        yield _cite(text, "eu_commission", f"{match[1]}_{match[2]}_{int(match[3]):04}_FIN", match.start(), match.end())


def _celex(kind: str, one: str, two: str, is_numbered: bool) -> str:
    """By the convention of CELEX: sector 3, year, letter, number of four digits. Two digits mean the last century.

    The year comes second behind "No", and wherever what comes first can be none: "Regulation (EC) 765/2008".
    """
    is_year = len(one) == 2 or int(one) in _EU_YEARS
    year, serial = (two, one) if is_numbered or not is_year else (one, two)
    full = f"19{year}" if len(year) == 2 else year
    return f"3{full}{_EU_LETTER[kind]}{int(serial):04}"


_READERS: tuple[tuple[Callable[[str], Iterator[Citation]], tuple[str, ...]], ...] = (
    (_numbers("eo", _ORDER, _BARE_NUMBER, _AFTER_ORDER), ("exec", "e.o", "e. o", "e.\u00a0o", "eo")),
    (_numbers("proclamation", _PROCLAMATION, _BARE_NUMBER, _AFTER_ORDER), ("proc",)),
    (_memos, ("m-", "m\u2010", "m\u2011", "m\u2012", "m\u2013")),
    (_numbers("omb_circular", _CIRCULAR, _CIRCULAR_NUMBER, _PLAIN_JOIN), ("circular",)),
    (_numbers("public_law", _PUBLIC_LAW, _LAW_NUMBER, _PLAIN_JOIN), ("public", "pub", "p.")),
    (_code, ("u.s", "usc", "u. s", "united", "title")),
    (_regulations, ("cfr", "c.f", "c. f", "c f", "federal regulations")),
    (_register, ("fr", "f.r", "fed")),
    (_simple("fr_document", _FR_DOCUMENT), ("fr",)),
    (_numbers("rin", _RIN, _RIN_NUMBER, _RIN_JOIN), ("rin",)),
    (_numbers("docket", _DOCKET, _DOCKET_NUMBER, _DOCKET_JOIN), ("docket",)),
    (_simple("docket", _OPEN_DOCKET), ("-20", "-19", "\u201020", "\u201120", "\u201320")),
    (_standards, ("nist",)),
    (_bills, ("h.", "s.", "bill")),
    (_instruments, ("s.i", "si 1", "si 2", "s. i", "sr 1", "sr 2", "s.r", "instrument")),
    (_uk_acts, ("act",)),
    (
        _union,
        (
            "(eu",
            "(ec",
            "(eec",
            "(cfsp",
            "/eu",
            "/ec",
            "/eec",
            "/jha",
            "/cfsp",
            "com(",
            "com (",
            "com/",
            "swd",
            "join",
            "c(20",
            "(ecsc",
            "(eurat",
            "/eurat",
        ),
    ),
    (_simple("eu_celex", _CELEX), ("19", "20")),
)
"""What reads each kind of name, and small letters without which there is none: most texts need few readers."""


def _named_laws(text: str, numbered: list[Citation]) -> Iterator[Citation]:
    """Laws by name: the number that stands beside the name somewhere in the text, or the name itself."""
    places = list(_names(text))
    starts = {one.start: one for one in numbered}
    begins = sorted(starts)
    numbers: dict[str, Citation] = {}
    beside: set[int] = set()
    for name, start, end in places:
        number = _number_beside(text, end, begins, starts) or _number_before(text, start, numbered)
        if number:
            numbers.setdefault(name, number)
            beside.add(start)
    fuller = _fuller_names({name for name, _, _ in places})
    for name, start, end in places:
        if start in beside:
            continue
        known = fuller.get(name, name)
        number = numbers.get(known) or numbers.get(name)
        scheme, value = (number.scheme, number.value) if number else (NAMED_LAW, known)
        yield _cite(text, scheme, value, start, end)


def _fuller_names(names: Iterable[str]) -> dict[str, str]:
    """Names by what stands before their year, where only one year is given: "AI in Government Act" is "of 2020"."""
    found: dict[str, set[str]] = {}
    for name in names:
        short = _YEAR_OF_NAME.sub("", name)
        if short != name:
            found.setdefault(short, set()).add(name)
    return {short: next(iter(fuller)) for short, fuller in found.items() if len(fuller) == 1}


def _number_beside(text: str, end: int, begins: list[int], starts: dict[int, Citation]) -> Citation | None:
    """The citation that directly follows a name: "the E-Government Act of 2002 (Public Law 107-347)"."""
    place = _first_not_before(begins, end)
    if place is None or place - end > 90:
        return None
    return starts[place] if _LINK.match(text, end, place) else None


def _number_before(text: str, start: int, numbered: list[Citation]) -> Citation | None:
    """The citation that a name explains: "Public Law 117-167, known as the CHIPS Act of 2022"."""
    if not _KNOWN_AS.search(text, max(0, start - 40), start):
        return None
    return next(
        (one for one in numbered if 0 <= start - one.end <= 40 and _KNOWN_AS.fullmatch(text, one.end, start)), None
    )


def _first_not_before(begins: list[int], place: int) -> int | None:
    low, high = 0, len(begins)
    while low < high:
        middle = (low + high) // 2
        if begins[middle] < place:
            low = middle + 1
        else:
            high = middle
    return begins[low] if low < len(begins) else None


def _names(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of every law named; the text's own short title and mere modifiers are none."""
    if not _NAME_END.search(text):
        return
    titles = {place for match in _TITLE.finditer(text) for place in range(match.start(1), match.end(1))}
    abbreviated: set[str] = set()
    last = 0
    for match in _NAME_END.finditer(text):
        start = _start_of_name(text, match.start(), last)
        last = last if match["rule"] else match.end()
        if start is None or start in titles:
            continue
        if _is_abbreviation(text, start, match.end()):
            abbreviated.add(text[start : match.end()])
            continue
        name = None if _is_no_citation(text, start, match.end()) else _tidy(text[start : match.end()])
        if name and name not in abbreviated and not (match["rule"] and not _is_rule(text, start, name)):
            yield name, start, match.end()


def _is_no_citation(text: str, start: int, end: int) -> bool:
    """Whether a name is the text's own short title, or a mere modifier."""
    return bool(_OWN_NAME.search(text, max(0, start - 200), start) or _MODIFIER.match(text, end))


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a name is being defined in brackets: "(CFO Act)"; what it stands for has just been named."""
    return bool(
        re.search(r"\((?:the\s+)?[\"\u201c]?\Z", text[max(0, start - 8) : start])
        and re.match(r"[\"\u201d]?\)", text[end : end + 2])
    )


def _is_rule(text: str, start: int, name: str) -> bool:
    """Whether "Rule" or "Regulations" ends a name and not a heading: two more words, spoken of with an article."""
    return len(name.split()) > 2 and bool(
        re.search(r"\b(?:the|and)\s+\Z", text[max(0, start - 6) : start], re.IGNORECASE)
    )


def _start_of_name(text: str, end: int, floor: int = 0) -> int | None:
    """Where the capitalised words before "Act" begin, not before ``floor``; None where none stands there."""
    shift = max(floor, end - _BACK_CHARS)
    words = [*re.finditer(r"[^\s]+", text[shift:end])][-_MAX_NAME_WORDS:]
    start, has_name, closed, behind = None, False, 0, ""
    for word in reversed(words):
        bare = word[0].strip("\"\u201c\u201d`'\u2018(),;")
        if word[0][-1] in ";:." and not re.fullmatch(r"(?:[A-Z]\.)+|(?:Jr|Sr|St|Mac|No|etc)\.", word[0]):
            break
        if _GLUED.search(bare):
            break
        is_name = bool(_NAME_WORD.fullmatch(bare)) and not bare.isdigit()
        if bare in _NAME_NO and bare not in ("Federal",):
            break
        if is_name and "." in bare and re.search(r"\d", bare):
            break
        is_place = bare == "at" and behind in _PLACES
        behind = bare
        if not is_name and bare not in _NAME_JOINERS and not is_place:
            break
        if is_name:
            closed += ")" in word[0] and "(" not in word[0]
            is_open = word[0].startswith("(") and ")" not in word[0]
            if is_open and closed:
                # "Data (Use and Access) Act": the bracket stands within the name.
                is_open, closed = False, closed - 1
            opening = len(word[0]) - len(word[0].lstrip("(\"\u201c`'\u2018" if is_open else "\"\u201c`'\u2018"))
            start = shift + word.start() + opening
            has_name = has_name or bare not in _NAME_NO
            if opening:
                break
    return start if has_name else None


def _tidy(name: str) -> str | None:
    """One name for one law: an acronym in brackets stands for the words before it that it abbreviates."""
    plain = " ".join(re.sub(r"[\"\u201c\u201d`]|\A[^()]*\)", "", name).split())
    if match := _ACRONYM.search(plain):
        before = list(re.findall(r"[\w'-]+", plain[: match.start()]))
        letters = [word[0].upper() for word in before]
        for first in range(len(before)):
            initials = [
                letter for letter, word in zip(letters[first:], before[first:], strict=True) if word[0].isupper()
            ]
            if "".join(initials) == match[1]:
                kept = " ".join(before[:first])
                plain = f"{kept} {match[1]} {plain[match.end() :]}".strip()
                break
        else:
            plain = _ACRONYM.sub("", plain)
    words = plain.split()
    return (
        plain
        if words and words[0] not in _NAME_JOINERS and len(words) > 1 and not set(words[:-1]) <= _NAME_NO
        else None
    )
