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

from pipelines.enrich.cited import DASH, JOIN, PLAIN_JOIN, SPACE, Citation, cite, hyphened, listed, numbers, simple
from pipelines.enrich.codes import code_sections, federal_regulations
from pipelines.enrich.law_names import WITH_ARTICLE, fuller_names, names_of_laws, start_of_name
from pipelines.enrich.tame import tame

__all__ = ["EXTRACTOR_VERSION", "MAY_CITE", "NAMED_LAW", "Citation", "find_citations"]

EXTRACTOR_VERSION = "citations/6"

MAY_CITE = (
    r"\bexec(?:utive|\.)\s+orders?\b|\be\.?\s?os?\b|\beos?\d|\bproc(?:lamations?|s?\.)\s|\bm[-\u2010-\u2013]\d\d[-\u2010-\u2013]\d\d\b"
    r"|\bcirculars?\s|\b(?:title|part)s?\s+\d|\bnistir\s"
    r"|\bpublic\s+laws?\b|\bpub\.?\s?l\b"
    r"|\bp\.?\s?l\.?\s|\d\s*u\.?\s?s\.?\s?c\b|united\s+states\s+code|\bu\.?\s?s\.?\s+code|\d\s+c\.?\s?f\.?\s?r\b"
    r"|\d\s+(?:fr|f\.r\.|fed\.\s?reg|federal\s+register)"
    r"|\bf\.?r\.?\s+doc|\bfed(?:eral|\.)\s+reg(?:ister|\.)\s+doc|\bdfars?\b|acquisition\s+regulation|52\.2\d\d-\d"
    r"|\b(?:ns[pd]?[md]|nspd|[ph]?spd|ppd|pdd|nsdd)[-\u2010-\u2013/\s]|\b(?:security|presidential|policy|decision)\s(?:memorand(?:um|a)|directives?)\b"
    r"|\bdoc(?:uments?|\.)\s(?:n\w+\.?\s)?[a-z]?\d|\brins?\b|regulat(?:ion|ory)\s+i|\bdockets?\b|-(?:19|20)\d\d-(?:[a-z]{1,5}-)?\d{4}"
    r"|\bnist[\s.]|\bsp\s\d|\b[hs]\.\s?(?:r\.|j|con|res|\d|i)|\bhr\s?\d|\b[sha]\.?\s?b[-.\s\d]|\bbill\s[cs\dn]|\bacts?\b"
    r"|\bregulations?\b|\brule\b|\d\s(?:c\.|asp|asc|anaw|nawm)\s"
    r"|\b[sw]?\.?s\.?i\.?\s|\bs\.?r\.?\s|statutory\s+instrument|\b(?:directive|decision)s?\s|\bcelex"
    r"|\b(?:com|swd|join|c)\s?[(/]|[1-9ce](?:19|20)\d\d[a-z]{1,2}\d{4}"
)
"""Regular expression, case ignored, that every text matches in which anything can be found; sifts cheaply."""

NAMED_LAW = "named_law"

_FOUR_OR_FIVE = r"(?:\d{4,5}\b(?![-/]\d)|\d{1,2},\d{3}\b(?!,\d))"
_ORDER = re.compile(
    rf"\b(?:Exec(?:utive|\.){SPACE}{{1,3}}Orders?|E\.{SPACE}?O\.(?:s\b)?|EOs?(?:\b|(?=\d{{5}}))|Orders?{SPACE}\(EOs?\))"
    rf"(?:{SPACE}?\(\"?(?:E\.{SPACE}?O\.|EO)s?\"?\))?(?:{SPACE}{{0,3}}|-)(?:Nos?\.?{SPACE}?|\#)?(?={_FOUR_OR_FIVE})",
    re.IGNORECASE,
)
_PROCLAMATION = re.compile(
    rf"\b(?:(?:Presidential{SPACE})?Proclamations?|Procs?\.){SPACE}{{1,3}}(?:Nos?\.?{SPACE}?)?(?={_FOUR_OR_FIVE})"
)
_BARE_NUMBER = re.compile(r"\d{4,5}(?:-[A-Z])?\b|\d{1,2},\d{3}\b(?!,\d)")
_NO_MEMO = re.compile(
    r"\b(?:flight|train|route|model|motorway|junction|serial|part|item|product|aircraft|vessel|bus|unit|lot|tail|seat)s?"
    rf"{SPACE}(?:(?:no\.?|number){SPACE})?\Z",
    re.IGNORECASE,
)
"""In front of what looks like the number of a memorandum: a number of something else."""
_MEMO = re.compile(rf"\bM{DASH}\d{{2}}{DASH}\d{{2}}\b")
_CIRCULAR = re.compile(
    rf"\b(?:[O0]MB{SPACE}|\([O0]MB\){SPACE})?Circulars?{SPACE}(?:(?:Nos?\.?|Number){SPACE}?)?(?=A{DASH}\d{{1,3}}\b)"
)
_CIRCULAR_NUMBER = re.compile(rf"A{DASH}\d{{1,3}}\b")
_DIRECTIVES = {
    "National Security Memorand": "NSM", "National Security Presidential Memorand": "NSPM",
    "National Security Presidential Directive": "NSPD", "National Security Decision Directive": "NSDD",
    "National Security Directive": "NSD", "Homeland Security Presidential Directive": "HSPD",
    "Presidential Policy Directive": "PPD", "Presidential Decision Directive": "PDD",
    "Space Policy Directive": "SPD",
}  # fmt: skip
"""Series of numbered presidential memoranda and directives; some count from 1 again under the next President."""
_DIRECTIVE = re.compile(
    rf"\b(?P<name>{'|'.join(name.replace(' ', SPACE + '{1,2}') for name in _DIRECTIVES)})(?:um|a|s)?"
    rf"(?:{SPACE}\([A-Z]{{3,4}}s?\))?(?:{DASH}|{SPACE})(?:Nos?\.?{SPACE}?)?(?=\d)",
    re.IGNORECASE,
)
_DIRECTIVE_NUMBER = re.compile(r"\d{1,3}(?![\d,]*\d|\.\d|(?:st|nd|rd|th)\b)")
_SHORT_DIRECTIVE = re.compile(
    rf"\b(NSPM|NSPD|HSPD|NSDD|NSM|NSD|PPD|PDD|SPD)(?:{DASH}|(?<=[A-Z]{{4}}){SPACE}?)(\d{{1,3}})(?![\d.]\d|\d|-)"
)
"""With a space only behind four letters, since fewer stand for much else: "PPD 10 mm"."""
_SPACE_POLICY = re.compile(r"Space\s+Policy\s+Directive", re.IGNORECASE)
_PUBLIC_LAW = re.compile(
    rf"\b(?:(?i:Public{SPACE}{{1,3}}Laws?)|Pub\.?{SPACE}?L\.?|P\.{SPACE}?L\.|PL(?={SPACE}1\d\d{DASH}))"
    rf":?{SPACE}{{0,3}}(?:Nos?[.:]{{0,2}}{SPACE}?)?(?=\d)"
)
_LAW_NUMBER = re.compile(rf"\d{{2,3}}{DASH}\d{{1,4}}\b")

_FR = re.compile(
    rf"\b(\d{{2,3}}){SPACE}{{1,3}}(?:FR|F\.R\.|Fed\.{SPACE}?Reg\.|Federal{SPACE}Register)(?:,?{SPACE}at)?{SPACE}{{1,3}}(?=\d)"
)
_FR_PAGE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}\b")
_FR_DOCUMENT_NUMBER = re.compile(rf"(?:(?:[A-Z]\d{{0,2}}-)?\d{{2,4}}{DASH}\d{{3,6}}|[A-Z]\d-\d{{3,6}})\b")
_FR_DOCUMENT = re.compile(
    rf"\b(?:(?:F\.?R\.?|Fed(?:eral|\.){SPACE}Reg(?:ister|\.)){SPACE}Doc(?:ument|\.)?s?\.?|(?:rule|notice|presidential){SPACE}documents?"
    rf"|doc(?:ument|\.)(?={SPACE}n\w+\.?{SPACE}\d{{4}}{DASH}\d{{5}}\b)){SPACE}{{0,3}}"
    rf"(?:(?:Nos?\.?|Numbers?|\#):?{SPACE}{{0,3}})?(?={_FR_DOCUMENT_NUMBER.pattern})",
    re.IGNORECASE,
)
_RIN = re.compile(
    rf"\b(?:RINs?|Regulat(?:ion|ory){SPACE}(?:Identifi(?:er|cation)|Information){SPACE}Numbers?(?:{SPACE}\(RINs?\))?)[:\#]?"
    rf"{SPACE}{{0,3}}(?:(?:Nos?|Numbers?)\.?:?{SPACE}{{0,3}})?(?=\d{{4}}{DASH}[A-Z])",
    re.IGNORECASE,
)
_RIN_NUMBER = re.compile(rf"\d{{4}}{DASH}[A-Z]{{2}}\d{{2}}\b")
_RIN_JOIN = re.compile(rf"(?:{JOIN}|;{SPACE}{{1,3}})(?:(?:and|or){SPACE})?(?:RIN:?{SPACE})?")
_DOCKET = re.compile(
    rf"\b(?:(?i:dockets?){SPACE}{{1,3}}(?i:(?:IDs?{SPACE})?(?:IDs?|Nos?|Numbers?))[.:]{{0,2}}|Dockets?:?){SPACE}{{0,3}}(?=[A-Z\d])"
)
_DOCKET_NUMBER = re.compile(
    rf"(?=[A-Za-z\u2010-\u2013-]{{0,30}}\d)(?:DoD|[A-Z\d]{{1,10}})(?:{DASH}[A-Z\d]{{1,10}}){{1,5}}(?![\w-])"
)
"""Every agency has a form of its own: BIS-2031-0047, ED-2031-OPE-0050, 310119-0020, 17-97, R-1792, RM23-8-000."""
_DOCKET_JOIN = re.compile(
    rf"(?:{JOIN}|;{SPACE}{{1,3}})(?:(?:and|or){SPACE})?"
    rf"(?:(?:[A-Z]{{2}}{SPACE})?Docket{SPACE}(?:IDs?|Nos?|Number)[.:]{{0,2}}{SPACE})?"
)
_OPEN_DOCKET = re.compile(
    r"(?<![\w/.-])(?!(?:CVE|CWE|ISO|IEC|IEEE|ANSI|ASTM|RFC|GAO|GHSA|COM|SWD|COR|EESC)-)"
    rf"((?:[A-Z]{{2,6}}|DoD)(?:{DASH}[A-Z\d]{{1,5}}){{0,2}}{DASH}(?:19|20)\d{{2}}{DASH}(?:[A-Z]{{1,5}}{DASH})?\d{{4,5}})"
    r"(?:-\d{4,5})?(?![\w-])"
)
"""Numbers of a form that little else has need no word before them: "FDA-2031-D-4488"; behind it that of a comment."""
_NIST = re.compile(
    rf"\b(?:NIST(?:{SPACE}{{1,3}}|\.)(?:(?P<special>Special{SPACE}Pub(?:lications?|\.){SPACE})|(?P<report>(?:Internal|Interagency){SPACE}Reports?{SPACE}"
    rf"|NISTIR{SPACE}?|IR(?:{SPACE}|-))|(?P<series>AI|SP|FIPS|TN|CSWP|GCR|AMS|HB)[\s\u00a0.-])|NISTIR{SPACE}|(?P<bare>SP){SPACE}(?=\d{{1,2}}00-))"
    rf"(?:\((?:SP|IR)\){SPACE})?(?P<number>\d{{1,4}}(?:{DASH}\d{{1,4}})?(?:e\d{{4}}\b|[A-Z]\b)?)(?!\w)"
)
_BILL = re.compile(
    rf"(?<![\w.])(H\.{SPACE}?R\.(?:{SPACE}No\.)?|HR(?={SPACE}?\d{{3}})|S\.|H\.{SPACE}?(?:J\.{SPACE}?|Con\.{SPACE}?)?Res\.|S\.{SPACE}?(?:J\.{SPACE}"
    rf"?|Con\.{SPACE}?)?Res\.)"
    rf"{SPACE}{{0,3}}(\d{{1,5}})\b"
    rf"(?!{SPACE}?(?:\.\d|,\d{{3}}\b|U\.S|%)|{SPACE}(?i:(?:thousand|million|billion|trillion|per\s?cent)\b|streets?|st\.|avenues?|ave\b|roads?|blvd|boulevard|drive|lane|highway)\b)"
)
_CONGRESS = re.compile(rf"[^.;]{{0,30}}?\b(\d{{2,3}})(?:st|nd|rd|th){SPACE}{{1,3}}Cong(?:ress|\.)")
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
    rf"(?:\b[SHA](?:B|\.{SPACE}?B\.)|\b(?:Senate|House|Assembly){SPACE}Bill)(?:{SPACE}{{1,2}}|-)?(?:Nos?\.?{SPACE}?)?"
    r"(?P<number>\d{1,4}(?:-\d{1,4})?)\b(?!\.\d)"
)
_STATE_BEFORE = re.compile(rf"\b({_STATE})(?:['\u2019]s)?{SPACE}(?:State{SPACE})?\Z")
_STATE_BEHIND = re.compile(rf",?{SPACE}(?:\(|of{SPACE}|in{SPACE})?({_STATE})\b")
_CANADIAN_BILL = re.compile(rf"\b[Bb]ill{SPACE}([CS]{DASH}\d{{1,3}})\b")
_UK_BILL = re.compile(
    rf"\b(HL{SPACE})?Bill{SPACE}(\d{{1,3}})(?:{SPACE}of{SPACE}(?:Session{SPACE})?|{SPACE}\(?)(\d{{4}}{DASH}"
    rf"\d{{2,4}})\b"
)

_SI = re.compile(
    rf"\b(S\.?{SPACE}?S\.?{SPACE}?I\.?|W\.?{SPACE}?S\.?{SPACE}?I\.?|S\.?{SPACE}?I\.?|S\.?{SPACE}?R\.?"
    rf"){SPACE}{{1,3}}(?:Nos?\.?{SPACE}?)?"
    rf"((?:19|20)\d{{2}})(?:/|{SPACE}No\.?{SPACE})(\d{{1,4}})\b(?:{SPACE}\((W|S|C|N\.I)\.?{SPACE}?\d)?"
)
_SI_NUMBERED = re.compile(
    rf"\b(?:statutory{SPACE}instruments?|SI){SPACE}((?:19|20)\d{{2}})(?:/|{SPACE}No\.?{SPACE})(\d{{1,4}})\b",
    re.IGNORECASE,
)
_UK_KINDS = {"asp": "asp", "asc": "asc", "anaw": "anaw", "nawm": "mwa"}
"""Series of the devolved parliaments; all others are public general Acts."""
_UK_SERIES = "|".join(_UK_KINDS)
_UK_ACT = re.compile(
    rf"\bActs?{SPACE}((?:1[6-9]|20)\d{{2}})\b"
    rf"(?:{SPACE}?\((?:\1{SPACE})?(?P<kind>c\.?|chapter|{_UK_SERIES}){SPACE}?(?P<number>\d{{1,3}})\)"
    rf"|,?{SPACE}c\.{SPACE}?(?P<plain>\d{{1,3}})\b)?"
)
_UK_ACT_NUMBER = re.compile(
    rf"\b((?:1[89]|20)\d{{2}}){SPACE}(?P<kind>c\.|{_UK_SERIES}){SPACE}(?P<number>\d{{1,3}})(?=[).,;\]]|\s*\Z)"
)
"""An Act by its year and chapter alone: "2031 c. 12"."""

_EU_BODY = r"(?:EU|EC|EEC|ECSC|Euratom|JHA|CFSP)"
_EU_HEAD = re.compile(
    rf"\b(?P<union>EU{SPACE})?(?:(?:Commission|Council|European{SPACE}Parliament){SPACE})?(?:(?:Delegated|Implementing|(?P<framework>Framework))"
    rf"{SPACE})?(?P<kind>Regulation|Directive|Decision)s?{SPACE}{{1,3}}(?=\({_EU_BODY}|No\b|\d)",
    re.IGNORECASE,
)
_EU_MEMBER = re.compile(
    rf"(?P<body>\({_EU_BODY}(?:,{SPACE}?{_EU_BODY})?\){SPACE}{{0,3}})?(?P<no>No\.?{SPACE}{{0,2}})?"
    rf"(?P<one>\d{{1,4}})/(?P<two>\d{{1,4}})(?P<suffix>/{_EU_BODY})?(?![\w/])",
    re.IGNORECASE,
)
_CELEX = re.compile(r"(?<![\w/])(?:CELEX:?\s?)?([1-9CE](?:19|20)\d{2}(?:[RLDHCQ]|PC|DC|SC|JC|XC)\d{4})\b")
_COMMISSION = re.compile(rf"\b(COM|SWD|JOIN|C){SPACE}?[(/]{SPACE}?(\d{{4}}){SPACE}?[)/]{SPACE}?(\d{{1,5}})\b")
_EU_LETTER = {"regulation": "R", "directive": "L", "decision": "D", "framework": "F"}
_EU_YEARS = range(1952, 2100)

_KNOWN_AS = re.compile(
    rf",?{SPACE}{{0,3}}\(?(?:also{SPACE})?(?:commonly{SPACE})?(?:known|referred{SPACE}to|cited){SPACE}"
    rf"as{SPACE}(?:the{SPACE})?[\"'\u2018\u201c`]{{0,2}}(?:the{SPACE})?\Z"
)
_LINK = re.compile(
    rf"[\"'\u2019\u201d]{{0,2}}(?:{SPACE}\([A-Z][^()]{{0,40}}\))?,?{SPACE}{{0,3}}(?:(?:\(?as{SPACE}amend"
    rf"ed,?|in|at){SPACE})?[(\[]?"
    rf"(?:(?:title|division|div\.|subtitle|part|section){SPACE}[\w.()]{{1,12}},?{SPACE}(?:of{SPACE}(?:th"
    rf"e{SPACE})?)?){{0,3}}\Z"
)


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


_AFTER_ORDER = re.compile(
    rf"(?:{SPACE}(?:of|dated){SPACE}[A-Z][a-z]{{2,8}}{SPACE}\d{{1,2}},{SPACE}\d{{4}})?(?:{SPACE}\([^()"
    rf"]{{3,250}}\))?(?:{SPACE}\([^()]{{2,40}}\))?"
    rf"{JOIN}(?:(?:Executive{SPACE}Orders?|E\.O\.){SPACE})?"
)


def _memos(text: str) -> Iterator[Citation]:
    for match in _MEMO.finditer(text):
        if _NO_MEMO.search(text, max(0, match.start() - 24), match.start()):
            continue
        yield cite(text, "omb_memo", hyphened(match[0]), match.start(), match.end())


def _directives(text: str) -> Iterator[Citation]:
    for match in _DIRECTIVE.finditer(text):
        name = " ".join(match["name"].split()).lower()
        series = next(short for long, short in _DIRECTIVES.items() if long.lower() == name)
        for number in listed(text, match, _DIRECTIVE_NUMBER, PLAIN_JOIN):
            start = match.start() if number.start() == match.end() else number.start()
            yield cite(text, "presidential_directive", f"{series}-{number[0]}", start, number.end())
    for match in _SHORT_DIRECTIVE.finditer(text):
        # "SPD" is a Statistical Policy Directive too.
        if match[1] != "SPD" or _SPACE_POLICY.search(text):
            yield cite(text, "presidential_directive", f"{match[1]}-{match[2]}", match.start(), match.end())


def _register(text: str) -> Iterator[Citation]:
    for match in _FR.finditer(text):
        page = _FR_PAGE.match(text, match.end())
        if page:
            value = f"{match[1]} FR {page[0].replace(',', '')}"
            yield cite(text, "fr_citation", value, match.start(), page.end())


def _standards(text: str) -> Iterator[Citation]:
    for match in _NIST.finditer(text):
        series = "sp" if match["special"] or match["bare"] else (match["series"] or "ir").lower()
        number = hyphened(match["number"]).lower()
        yield cite(text, "nist_publication", f"nist-{series}-{number}", match.start(), match.end())


def _bills(text: str) -> Iterator[Citation]:
    for match in _BILL.finditer(text):
        name = f"{re.sub(r'[^a-z]|no', '', match[1].lower())}-{match[2]}"
        congress = _CONGRESS.match(text, match.end())
        scheme, value = ("us_bill", f"{congress[1]}-{name}") if congress else ("us_bill_number", name)
        yield cite(text, scheme, value, match.start(), match.end())
    for match in _CANADIAN_BILL.finditer(text):
        yield cite(text, "ca_bill_number", hyphened(match[1]).lower(), match.start(), match.end())
    for match in _UK_BILL.finditer(text):
        house = "hl" if match[1] else "hc"
        yield cite(text, "uk_bill_print", f"{house}-{match[2]}-{hyphened(match[3])}", match.start(), match.end())


def _state_bills(text: str) -> Iterator[Citation]:
    for match in _STATE_BILL.finditer(text):
        before = _STATE_BEFORE.search(text, max(0, match.start() - 24), match.start())
        state = before or _STATE_BEHIND.match(text, match.end())
        if state:
            name = f"{_STATES[' '.join(state[1].split())]}-{match[0][0].lower()}b-{match['number']}"
            yield cite(text, "us_state_bill", name, before.start() if before else match.start(), match.end())


def _instruments(text: str) -> Iterator[Citation]:
    for match in _SI.finditer(text):
        letters = re.sub(r"[^A-Z]", "", match[1].upper())
        kind = {"SSI": "ssi", "WSI": "wsi", "SR": "nisr"}.get(letters, "wsi" if match[4] == "W" else "uksi")
        yield cite(text, "uk_si", f"{kind}-{match[2]}-{match[3]}", match.start(), match.end())
    for match in _SI_NUMBERED.finditer(text):
        yield cite(text, "uk_si", f"uksi-{match[1]}-{match[2]}", match.start(), match.end())


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
            yield cite(text, "uk_act", f"{kind}-{match[1]}-{number}", start, match.end())
        else:
            title = " ".join(text[start : match.end(1)].split())
            yield cite(text, "uk_act_title", title, start, match.end())


def _uk_act_numbers(text: str) -> Iterator[Citation]:
    for match in _UK_ACT_NUMBER.finditer(text):
        kind = _UK_KINDS.get(match["kind"], "ukpga")
        yield cite(text, "uk_act", f"{kind}-{match[1]}-{match['number']}", match.start(), match.end())


def _union(text: str) -> Iterator[Citation]:
    for head in _EU_HEAD.finditer(text):
        kind = "framework" if head["framework"] else head["kind"].lower()
        is_numbered = False
        for place, member in enumerate(listed(text, head, _EU_MEMBER, PLAIN_JOIN)):
            is_told = bool(member["body"] or member["suffix"] or (head["union"] and not place))
            if not place and not is_told:
                break
            is_numbered = bool(member["no"]) or (is_numbered and not is_told)
            start = member.start() if place else head.start()
            value = _celex(kind, member["one"], member["two"], is_numbered)
            yield cite(text, "eu_celex", value, start, member.end())
    for match in _COMMISSION.finditer(text):
        yield cite(text, "eu_commission", f"{match[1]}_{match[2]}_{int(match[3]):04}_FIN", match.start(), match.end())


def _celex(kind: str, one: str, two: str, is_numbered: bool) -> str:
    """By the convention of CELEX: sector 3, year, letter, number of four digits. Two digits mean the last century.

    The year comes second behind "No", and wherever what comes first can be none: "Regulation (EC) 765/2008".
    """
    is_year, is_second = len(one) == 2 or int(one) in _EU_YEARS, len(two) == 2 or int(two) in _EU_YEARS
    year, serial = (two, one) if (is_numbered and is_second) or not is_year else (one, two)
    full = f"19{year}" if len(year) == 2 else year
    return f"3{full}{_EU_LETTER[kind]}{int(serial):04}"


_READERS: tuple[tuple[Callable[[str], Iterator[Citation]], tuple[str, ...]], ...] = (
    (numbers("eo", _ORDER, _BARE_NUMBER, _AFTER_ORDER), ("exec", "e.o", "e. o", "e.\u00a0o", "eo")),
    (numbers("proclamation", _PROCLAMATION, _BARE_NUMBER, _AFTER_ORDER), ("proc",)),
    (_memos, ("m-", "m\u2010", "m\u2011", "m\u2012", "m\u2013")),
    (_directives, ("memorand", "directive", "nsm", "nspm", "nspd", "hspd", "nsd", "ppd", "pdd", "spd")),
    (numbers("omb_circular", _CIRCULAR, _CIRCULAR_NUMBER, PLAIN_JOIN), ("circular",)),
    (numbers("public_law", _PUBLIC_LAW, _LAW_NUMBER, PLAIN_JOIN), ("public", "pub", "p.", "pl")),
    (code_sections, ("u.s", "usc", "u. s", "us code", "united", "title")),
    (federal_regulations, ("cfr", "c.f", "c. f", "c f", "federal regulations", "52.2", "dfar", "acquisition")),
    (_register, ("fr", "f.r", "fed")),
    (numbers("fr_document", _FR_DOCUMENT, _FR_DOCUMENT_NUMBER, PLAIN_JOIN), ("fr", "f.r", "doc")),
    (numbers("rin", _RIN, _RIN_NUMBER, _RIN_JOIN), ("rin", "regulation i", "regulatory i")),
    (numbers("docket", _DOCKET, _DOCKET_NUMBER, _DOCKET_JOIN), ("docket",)),
    (simple("docket", _OPEN_DOCKET), ("-20", "-19", "\u201020", "\u201120", "\u201320")),
    (_standards, ("nist", "sp ")),
    (_bills, ("h.", "s.", "bill", "hr ", "hr1", "hr2", "hr3", "hr4", "hr5", "hr6", "hr7", "hr8", "hr9")),
    (_state_bills, tuple(name.lower() for name in _STATES)),
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
    (simple("eu_celex", _CELEX), ("19", "20")),
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
        yield cite(text, scheme, value, start, end)


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
