"""Every numbered law, order, rule, memorandum and bill that a text names, under one scheme of identifiers.

Belongs here: how US, UK and EU texts write such names, lists and ranges of them, and laws named without a number. Does
not belong here: what a text does to what it names (see relations), matching to documents. A name that could mean
several things keeps the scheme that says so: a bill without its Congress is a ``us_bill_number``, an Act without its
chapter a ``uk_act_title``. Bills of states, which bear the number of another in every other state, are read where their
state stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.enrich.law_names import WITH_ARTICLE, fuller_names, names_of_laws, start_of_name
from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "citations/4"

MAY_CITE = (
    r"\bexec(?:utive|\.)\s+orders?\b|\be\.?\s?os?\b|\beos?\d|\bproc(?:lamations?|s?\.)\s|\bm[-\u2010-\u2013]\d\d[-\u2010-\u2013]\d\d\b"
    r"|\bcirculars?\s|\b(?:title|part)s?\s+\d|\bnistir\s"
    r"|\bpublic\s+laws?\b|\bpub\.?\s?l\b"
    r"|\bp\.?\s?l\.?\s|\d\s*u\.?\s?s\.?\s?c\b|united\s+states\s+code|u\.s\. code|\d\s+c\.?\s?f\.?\s?r\b"
    r"|\d\s+(?:fr|f\.r\.|fed\.\s?reg|federal\s+register)"
    r"|\bfr\s+doc|\bdocuments?\s|\brins?\b|regulat(?:ion|ory)\s+i|\bdockets?\b|-(?:19|20)\d\d-(?:[a-z]{1,5}-)?\d{4}"
    r"|\bnist[\s.]|\bsp\s\d|\b[hs]\.\s?(?:r\.|j|con|res|\d|i)|\bhr\s?\d|\b[sha]\.?\s?b[-.\s\d]|\bbill\s[cs\dn]|\bacts?\b"
    r"|\bregulations?\b|\brule\b|\d\s(?:c\.|asp|asc|anaw|nawm)\s"
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

_FOUR_OR_FIVE = r"(?:\d{4,5}\b(?![-/]\d)|\d{1,2},\d{3}\b(?!,\d))"
_ORDER = re.compile(
    rf"\b(?:Exec(?:utive|\.){_SPACE}{{1,3}}Orders?|E\.{_SPACE}?O\.(?:s\b)?|EOs?(?:\b|(?=\d{{5}}))|Orders?{_SPACE}\(EOs?\))"
    rf"(?:{_SPACE}?\(\"?(?:E\.{_SPACE}?O\.|EO)s?\"?\))?(?:{_SPACE}{{0,3}}|-)(?:Nos?\.?{_SPACE}?|\#)?(?={_FOUR_OR_FIVE})",
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
    rf"\b(?:[O0]MB{_SPACE}|\([O0]MB\){_SPACE})?Circulars?{_SPACE}(?:(?:Nos?\.?|Number){_SPACE}?)?(?=A{_DASH}\d{{1,3}}\b)"
)
_CIRCULAR_NUMBER = re.compile(rf"A{_DASH}\d{{1,3}}\b")
_PUBLIC_LAW = re.compile(
    rf"\b(?:(?i:Public{_SPACE}{{1,3}}Laws?)|Pub\.?{_SPACE}?L\.?|P\.{_SPACE}?L\.|PL(?={_SPACE}1\d\d{_DASH}))"
    rf":?{_SPACE}{{0,3}}(?:Nos?[.:]{{0,2}}{_SPACE}?)?(?=\d)"
)
_LAW_NUMBER = re.compile(rf"\d{{2,3}}{_DASH}\d{{1,4}}\b")

_USC = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{0,3}}U\.?{_SPACE}?S\.?{_SPACE}?C\.?(?:A\.)?{_SPACE}{{0,3}}(?:(?:\u00a7{{1,2}}"
    rf"|[Ss]ec(?:tions?|s?\.)){_SPACE}{{0,3}})?(?=\d)"
)
_USC_SECTION = re.compile(
    rf"\d{{1,5}}(?:(?!et{_SPACE})[a-z]{{1,3}})?(?:-\d{{1,3}}[a-z]{{0,2}}|-[a-z]\b)?(?:\b|(?=et{_SPACE}seq))"
)
_USC_RANGE = re.compile(rf"(?:{_DASH}|{_SPACE}through{_SPACE}|{_SPACE}to{_SPACE})(\d{{1,5}})(?:[a-z]{{1,2}}\b|\b)")
_USC_CHAPTER = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{0,3}}U\.?{_SPACE}?S\.?{_SPACE}?C\.?(?:A\.)?,?{_SPACE}{{0,3}}[Cc]h(?:apters?|s?\.){_SPACE}{{0,3}}(?=\d)"
)
_CHAPTER = re.compile(r"(?:\d{1,3}[A-Z]?|[IVXL]{1,7})\b")
_CHAPTER_OF_CODE = re.compile(rf"\b[Cc]h(?:apters?|s?\.){_SPACE}{{1,3}}(?=[\dIVXL])")
_CODE_TITLE = re.compile(rf"(?:\b[Ss]ections?{_SPACE}{{1,3}}|\u00a7{{1,2}}{_SPACE}{{0,3}})(?=\d)")
_UNITED_STATES_CODE = rf"(?:United{_SPACE}States{_SPACE}Code|U\.{_SPACE}?S\.{_SPACE}?(?:Code|C\.))"
_FEDERAL_REGULATIONS = rf"(?:Code{_SPACE}of{_SPACE}Federal{_SPACE}Regulations|C\.?F\.?R\.?)"
_OF_TITLE = re.compile(
    rf"(?:,{_SPACE}{{1,3}}|{_SPACE}{{1,3}}of{_SPACE}{{1,3}})[Tt]itle{_SPACE}{{1,3}}(\d{{1,2}}),?{_SPACE}{{1,3}}(?:of{_SPACE}(?:the{_SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|(?:the{_SPACE})?{_FEDERAL_REGULATIONS})"
)
_TITLE_FIRST = re.compile(
    rf"\b[Tt]itle{_SPACE}{{1,3}}(\d{{1,2}}),?{_SPACE}{{1,3}}(?:of{_SPACE}(?:the{_SPACE})?)?"
    rf"(?:(?P<usc>{_UNITED_STATES_CODE})|{_FEDERAL_REGULATIONS})"
    rf",?{_SPACE}{{1,3}}(?:at{_SPACE})?(?:[Ss]ections?|[Pp]arts?|(?P<chapter>[Cc]hapters?)|\u00a7{{1,2}}){_SPACE}{{0,3}}(?=\d)"
)
_PART_OF_CODE = re.compile(rf"\b[Pp]arts?{_SPACE}{{1,3}}(?=\d)")
_CFR = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{1,3}}C\.?{_SPACE}?F\.?{_SPACE}?R\.?{_SPACE}{{0,3}}"
    rf"(?:(?:\u00a7{{1,2}}|[Pp]arts?|[Pp]ts?\.|[Ss]ec(?:tions?|s?\.|\.)){_SPACE}{{0,3}})?(?=\d)"
)
_CFR_CHAPTER = re.compile(
    rf"\b(\d{{1,2}}){_SPACE}{{1,3}}C\.?F\.?R\.?,?{_SPACE}{{0,3}}[Cc]h(?:apter|\.){_SPACE}([IVXL]+|\d{{1,2}})\b"
    rf"(?:,{_SPACE}{{0,3}}[Ss]ubch(?:apter|\.){_SPACE}([A-Z]+)\b)?"
)
_CFR_SECTION = re.compile(r"\d{1,4}(?:\.\d{1,4}[a-z]?(?:-\d{1,2}[a-z]?\b(?!\.))?)?(?!\d)")
_CFR_RANGE = re.compile(rf"(?:{_DASH}|{_SPACE}through{_SPACE}|{_SPACE}to{_SPACE})(\d{{1,4}}(?:\.\d{{1,4}})?)\b")

_FR = re.compile(
    rf"\b(\d{{2,3}}){_SPACE}{{1,3}}(?:FR|F\.R\.|Fed\.{_SPACE}?Reg\.|Federal{_SPACE}Register)(?:,?{_SPACE}at)?{_SPACE}{{1,3}}(?=\d)"
)
_FR_PAGE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}\b")
_FR_DOCUMENT_NUMBER = re.compile(rf"(?:(?:[A-Z]\d{{0,2}}-)?\d{{2,4}}{_DASH}\d{{3,6}}|[A-Z]\d-\d{{3,6}})\b")
_FR_DOCUMENT = re.compile(
    rf"\b(?:FR{_SPACE}Doc(?:ument|\.)?s?\.?|(?:rule|notice|presidential|Federal{_SPACE}Register){_SPACE}documents?"
    rf"|document(?={_SPACE}n\w+\.?{_SPACE}\d{{4}}{_DASH}\d{{5}}\b)){_SPACE}{{0,3}}"
    rf"(?:(?:Nos?\.?|Numbers?|\#):?{_SPACE}{{0,3}})?(?={_FR_DOCUMENT_NUMBER.pattern})",
    re.IGNORECASE,
)
_RIN = re.compile(
    rf"\b(?:RINs?|Regulat(?:ion|ory){_SPACE}(?:Identifi(?:er|cation)|Information){_SPACE}Numbers?(?:{_SPACE}\(RINs?\))?)[:\#]?"
    rf"{_SPACE}{{0,3}}(?:(?:Nos?|Numbers?)\.?:?{_SPACE}{{0,3}})?(?=\d{{4}}{_DASH}[A-Z])",
    re.IGNORECASE,
)
_RIN_NUMBER = re.compile(rf"\d{{4}}{_DASH}[A-Z]{{2}}\d{{2}}\b")
_RIN_JOIN = re.compile(rf"(?:{_JOIN}|;{_SPACE}{{1,3}})(?:(?:and|or){_SPACE})?(?:RIN:?{_SPACE})?")
_DOCKET = re.compile(
    rf"\b(?:(?i:dockets?){_SPACE}{{1,3}}(?i:(?:IDs?{_SPACE})?(?:IDs?|Nos?|Numbers?))[.:]{{0,2}}|Dockets?:?){_SPACE}{{0,3}}(?=[A-Z\d])"
)
_DOCKET_NUMBER = re.compile(
    rf"(?=[A-Za-z\u2010-\u2013-]{{0,30}}\d)(?:DoD|[A-Z\d]{{1,10}})(?:{_DASH}[A-Z\d]{{1,10}}){{1,5}}(?![\w-])"
)
"""Every agency has a form of its own: BIS-2031-0047, ED-2031-OPE-0050, 310119-0020, 17-97, R-1792, RM23-8-000."""
_DOCKET_JOIN = re.compile(
    rf"(?:{_JOIN}|;{_SPACE}{{1,3}})(?:(?:and|or){_SPACE})?"
    rf"(?:(?:[A-Z]{{2}}{_SPACE})?Docket{_SPACE}(?:IDs?|Nos?|Number)[.:]{{0,2}}{_SPACE})?"
)
_OPEN_DOCKET = re.compile(
    r"(?<![\w/.-])(?!(?:CVE|CWE|ISO|IEC|IEEE|ANSI|ASTM|RFC|GAO|GHSA|COM|SWD|COR|EESC)-)"
    rf"((?:[A-Z]{{2,6}}|DoD)(?:{_DASH}[A-Z\d]{{1,5}}){{0,2}}{_DASH}(?:19|20)\d{{2}}{_DASH}(?:[A-Z]{{1,5}}{_DASH})?\d{{4,5}})"
    r"(?:-\d{4,5})?(?![\w-])"
)
"""Numbers of a form that little else has need no word before them: "FDA-2031-D-4488"; behind it that of a comment."""
_NIST = re.compile(
    rf"\b(?:NIST(?:{_SPACE}{{1,3}}|\.)(?:(?P<special>Special{_SPACE}Pub(?:lications?|\.){_SPACE})|(?P<report>(?:Internal|Interagency){_SPACE}Reports?{_SPACE}"
    rf"|NISTIR{_SPACE}?|IR(?:{_SPACE}|-))|(?P<series>AI|SP|FIPS|TN|CSWP|GCR|AMS|HB)[\s\u00a0.-])|NISTIR{_SPACE}|(?P<bare>SP){_SPACE}(?=\d{{1,2}}00-))"
    rf"(?:\((?:SP|IR)\){_SPACE})?(?P<number>\d{{1,4}}(?:{_DASH}\d{{1,4}})?(?:e\d{{4}}\b|[A-Z]\b)?)(?!\w)"
)
_BILL = re.compile(
    rf"(?<![\w.])(H\.{_SPACE}?R\.(?:{_SPACE}No\.)?|HR(?={_SPACE}?\d{{3}})|S\.|H\.{_SPACE}?(?:J\.{_SPACE}?|Con\.{_SPACE}?)?Res\.|S\.{_SPACE}?(?:J\.{_SPACE}"
    rf"?|Con\.{_SPACE}?)?Res\.)"
    rf"{_SPACE}{{0,3}}(\d{{1,5}})\b"
    rf"(?!{_SPACE}?(?:\.\d|U\.S)|{_SPACE}(?i:streets?|st\.|avenues?|ave\b|roads?|blvd|boulevard|drive|lane|highway)\b)"
)
_CONGRESS = re.compile(rf"[^.;]{{0,30}}?\b(\d{{2,3}})(?:st|nd|rd|th){_SPACE}{{1,3}}Cong(?:ress|\.)")
_STATES = {
    "Alabama": "al", "Alaska": "ak", "Arizona": "az", "Arkansas": "ar", "California": "ca", "Colorado": "co",
    "Connecticut": "ct", "Delaware": "de", "Florida": "fl", "Georgia": "ga", "Hawaii": "hi", "Idaho": "id",
    "Illinois": "il", "Indiana": "in", "Iowa": "ia", "Kansas": "ks", "Kentucky": "ky", "Louisiana": "la", "Maine": "me",
    "Maryland": "md", "Massachusetts": "ma", "Michigan": "mi", "Minnesota": "mn", "Mississippi": "ms", "Missouri": "mo",
    "Montana": "mt", "Nebraska": "ne", "Nevada": "nv", "New Hampshire": "nh", "New Jersey": "nj", "New Mexico": "nm",
    "New York": "ny", "North Carolina": "nc", "North Dakota": "nd", "Ohio": "oh", "Oklahoma": "ok", "Oregon": "or",
    "Pennsylvania": "pa", "Rhode Island": "ri", "South Carolina": "sc", "South Dakota": "sd", "Tennessee": "tn",
    "Texas": "tx", "Utah": "ut", "Vermont": "vt", "Virginia": "va", "Washington": "wa", "West Virginia": "wv",
    "Wisconsin": "wi", "Wyoming": "wy",
}  # fmt: skip
_STATE = "|".join(sorted((re.escape(name) for name in _STATES), key=len, reverse=True))
_STATE_BILL = re.compile(
    rf"(?:\b(?P<before>{_STATE})(?:['\u2019]s)?{_SPACE}(?:State{_SPACE})?)?(?<![\w.])"
    rf"(?:(?P<letter>[SHA])\.?{_SPACE}?B\.?|(?P<house>Senate|House|Assembly){_SPACE}Bill)(?:{_SPACE}{{1,2}}|-)?"
    rf"(?:Nos?\.?{_SPACE}?)?(?P<number>\d{{1,4}}(?:-\d{{1,4}})?)\b(?!\.\d)"
    rf"(?:,?{_SPACE}(?:\(|of{_SPACE}|in{_SPACE})?(?P<behind>{_STATE})\b)?"
)
_CANADIAN_BILL = re.compile(rf"\b[Bb]ill{_SPACE}([CS]{_DASH}\d{{1,3}})\b")
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
    rf"\b(?:statutory{_SPACE}instruments?|SI){_SPACE}((?:19|20)\d{{2}})(?:/|{_SPACE}No\.?{_SPACE})(\d{{1,4}})\b",
    re.IGNORECASE,
)
_UK_KINDS = {"asp": "asp", "asc": "asc", "anaw": "anaw", "nawm": "mwa"}
"""Series of the devolved parliaments; all others are public general Acts."""
_UK_SERIES = "|".join(_UK_KINDS)
_UK_ACT = re.compile(
    rf"\bActs?{_SPACE}((?:1[6-9]|20)\d{{2}})\b"
    rf"(?:{_SPACE}?\((?:\1{_SPACE})?(?P<kind>c\.?|chapter|{_UK_SERIES}){_SPACE}?(?P<number>\d{{1,3}})\)"
    rf"|,?{_SPACE}c\.{_SPACE}?(?P<plain>\d{{1,3}})\b)?"
)
_UK_ACT_NUMBER = re.compile(
    rf"\b((?:1[89]|20)\d{{2}}){_SPACE}(?P<kind>c\.|{_UK_SERIES}){_SPACE}(?P<number>\d{{1,3}})(?=[).,;\]]|\s*\Z)"
)
"""An Act by its year and chapter alone: "2031 c. 12"."""

_EU_BODY = r"(?:EU|EC|EEC|ECSC|Euratom|JHA|CFSP)"
_EU_HEAD = re.compile(
    rf"\b(?P<union>EU{_SPACE})?(?:(?:Commission|Council|European{_SPACE}Parliament){_SPACE})?(?:(?:Delegated|Implementing|(?P<framework>Framework))"
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
    nist_publication, us_bill, us_bill_number, us_state_bill, ca_bill_number, uk_bill_print, uk_act,
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
            value, end = _with_range(text, section)
            stop = _end_of_parts(text, end)
            yield _cite(text, "usc", f"{match[1]} U.S.C. {value}", start, stop, text[end:stop].strip())
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
            (section, _end_of_parts(text, section.end()))
            for section in _listed(text, match, member, _PLAIN_JOIN, parts=True)
        ]
        title = _OF_TITLE.match(text, sections[-1][1]) if sections else None
        if title and is_regulation != bool(title["usc"]):
            for section, end in sections:
                stop = title.end() if section is sections[-1][0] else end
                value = f"{title[1]} {code} {kind}{section[0]}"
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
        value = f"{match[1]} CFR chapter {match[2]}" + (f", subchapter {match[3]}" if match[3] else "")
        yield _cite(text, "cfr", value, match.start(), match.end())
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
        yield from _of_title(text, head, _CFR_SECTION, is_regulation=True)
    yield from _of_title(text, _CHAPTER_OF_CODE, _CHAPTER, is_regulation=True)
    for match in _TITLE_FIRST.finditer(text):
        if not match["usc"]:
            yield from _behind_title(
                text, match, "cfr", f"{match[1]} CFR{_chapter(match)}", _member(match, _CFR_SECTION)
            )


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
        series = "sp" if match["special"] or match["bare"] else (match["series"] or "ir").lower()
        number = _hyphened(match["number"]).lower()
        yield _cite(text, "nist_publication", f"nist-{series}-{number}", match.start(), match.end())


def _bills(text: str) -> Iterator[Citation]:
    for match in _BILL.finditer(text):
        name = f"{re.sub(r'[^a-z]|no', '', match[1].lower())}-{match[2]}"
        congress = _CONGRESS.match(text, match.end())
        scheme, value = ("us_bill", f"{congress[1]}-{name}") if congress else ("us_bill_number", name)
        yield _cite(text, scheme, value, match.start(), match.end())
    for match in _STATE_BILL.finditer(text):
        if state := match["before"] or match["behind"]:
            letter = (match["letter"] or match["house"][0]).lower()
            value = f"{_STATES[' '.join(state.split())]}-{letter}b-{match['number']}"
            yield _cite(text, "us_state_bill", value, match.start(), match.end("number"))
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
        start = start_of_name(text, match.start(), last)
        last = match.end()
        if start is None:
            continue
        if whole := WITH_ARTICLE.search(text, max(0, start - 40), start):
            start = whole.start()
        if number := match["number"] or match["plain"]:
            kind = _UK_KINDS.get(match["kind"] or "", "ukpga")
            yield _cite(text, "uk_act", f"{kind}-{match[1]}-{number}", start, match.end())
        else:
            title = " ".join(text[start : match.end(1)].split())
            yield _cite(text, "uk_act_title", title, start, match.end())


def _uk_act_numbers(text: str) -> Iterator[Citation]:
    for match in _UK_ACT_NUMBER.finditer(text):
        kind = _UK_KINDS.get(match["kind"], "ukpga")
        yield _cite(text, "uk_act", f"{kind}-{match[1]}-{match['number']}", match.start(), match.end())


def _union(text: str) -> Iterator[Citation]:
    for head in _EU_HEAD.finditer(text):
        kind = "framework" if head["framework"] else head["kind"].lower()
        is_numbered = False
        for place, member in enumerate(_listed(text, head, _EU_MEMBER, _PLAIN_JOIN)):
            is_told = bool(member["body"] or member["suffix"] or (head["union"] and not place))
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
    is_year, is_second = len(one) == 2 or int(one) in _EU_YEARS, len(two) == 2 or int(two) in _EU_YEARS
    year, serial = (two, one) if (is_numbered and is_second) or not is_year else (one, two)
    full = f"19{year}" if len(year) == 2 else year
    return f"3{full}{_EU_LETTER[kind]}{int(serial):04}"


_READERS: tuple[tuple[Callable[[str], Iterator[Citation]], tuple[str, ...]], ...] = (
    (_numbers("eo", _ORDER, _BARE_NUMBER, _AFTER_ORDER), ("exec", "e.o", "e. o", "e.\u00a0o", "eo")),
    (_numbers("proclamation", _PROCLAMATION, _BARE_NUMBER, _AFTER_ORDER), ("proc",)),
    (_memos, ("m-", "m\u2010", "m\u2011", "m\u2012", "m\u2013")),
    (_numbers("omb_circular", _CIRCULAR, _CIRCULAR_NUMBER, _PLAIN_JOIN), ("circular",)),
    (_numbers("public_law", _PUBLIC_LAW, _LAW_NUMBER, _PLAIN_JOIN), ("public", "pub", "p.", "pl")),
    (_code, ("u.s", "usc", "u. s", "united", "title")),
    (_regulations, ("cfr", "c.f", "c. f", "c f", "federal regulations")),
    (_register, ("fr", "f.r", "fed")),
    (_numbers("fr_document", _FR_DOCUMENT, _FR_DOCUMENT_NUMBER, _PLAIN_JOIN), ("fr", "document")),
    (_numbers("rin", _RIN, _RIN_NUMBER, _RIN_JOIN), ("rin", "regulation i", "regulatory i")),
    (_numbers("docket", _DOCKET, _DOCKET_NUMBER, _DOCKET_JOIN), ("docket",)),
    (_simple("docket", _OPEN_DOCKET), ("-20", "-19", "\u201020", "\u201120", "\u201320")),
    (_standards, ("nist", "sp ")),
    (_bills, ("h.", "s.", "a.", "bill", "hr", "sb", "hb", "ab")),
    (_instruments, ("s.i", "si 1", "si 2", "s. i", "sr 1", "sr 2", "s.r", "instrument")),
    (_uk_acts, ("act",)),
    (_uk_act_numbers, ("c.", *_UK_KINDS)),
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
            "eu ",
            "/eurat",
        ),
    ),
    (_simple("eu_celex", _CELEX), ("19", "20")),
)
"""What reads each kind of name, and small letters without which there is none: most texts need few readers."""


def _named_laws(text: str, numbered: list[Citation]) -> Iterator[Citation]:
    """Laws by name: the number that stands beside the name somewhere in the text, or the name itself."""
    places = list(names_of_laws(text))
    starts = {one.start: one for one in numbered}
    begins = sorted(starts)
    numbers: dict[str, Citation] = {}
    beside: set[int] = set()
    for name, start, end in places:
        number = _number_beside(text, end, begins, starts) or _number_before(text, start, numbered)
        if number:
            numbers.setdefault(name, number)
            beside.add(start)
    fuller = fuller_names({name for name, _, _ in places})
    for name, start, end in places:
        if start in beside:
            continue
        known = fuller.get(name, name)
        number = numbers.get(known) or numbers.get(name)
        scheme, value = (number.scheme, number.value) if number else (NAMED_LAW, known)
        yield _cite(text, scheme, value, start, end)


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
