"""Federal Register daily issues as bulk XML of govinfo: the full text of rules, notices and presidential documents.

Reads whole issues (FEDREG), single documents as the Federal Register's own full-text XML gives them, and the listing of
issues by month. Shares document ids with `us_federal_register`, which leads; what only the API knows (agency ids,
comment dates, corrections) is not guessed from the text.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lxml import etree
from pydantic import ValidationError
from scrapy.http import Request, Response

from scrapers.contracts import (
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    RejectedRecord,
    UnknownShape,
    UpstreamError,
    content_sha256,
)
from scrapers.families.federal_register import document_id
from scrapers.families.gpo_text import is_page, page_range, plain_text
from scrapers.families.json_answers import read_json
from scrapers.families.records import RAW_CHARS
from scrapers.families.text import clean, one_line
from scrapers.families.xml import read_xml, root_name, tag_of
from scrapers.runtime.spider import SourceSpider

SLUG = "us_govinfo_fr"
PARSER_VERSION = "us_govinfo_fr/1"
BULK = "https://www.govinfo.gov/bulkdata"

TYPES = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
    "CORRECT": "Correction",
}
PRESIDENTIAL = {
    "EXECORD": "Executive Order",
    "PROCLA": "Proclamation",
    "PRMEMO": "Memorandum",
    "PRNOTICE": "Notice",
    "DETERM": "Determination",
    "PRORDER": "Presidential Order",
}
SECTIONS = frozenset(("FEDREG", "RULES", "PRORULES", "NOTICES", "PRESDOCS", "NEWPART"))
"""Roots that hold documents: a whole issue, or a part cut out of one."""

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_NUMBER = r"([A-Z0-9]+(?:\s?-\s?[A-Z0-9]+){1,2})"
_FRDOC = re.compile(
    rf"(?:(?i:F\.?\s?R\.?\s*Doc(?:ument)?s?\b\.?\s*(?:Nos?\.?|#)?\s*[:.]?)|^\[?)\s*{_NUMBER}(?=[\s;,:.)\]]|Filed|$)"
)
_FILED = re.compile(r"Filed:?\s*(.+?)\s*\]?\.?\s*$")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = re.compile(rf"(?:({'|'.join(_WEEKDAYS)}),?\s+)?({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(\d{{4}})\b")
_ORDER = re.compile(
    r"(?:(?P<eo>Executive Order)|(?P<proclamation>Proclamation)|(?P<presidential_document>Presidential Determination)"
    r"|Memorandum|Notice|Order)(?:\s+(?:No\.?\s*)?(?P<number>\d[\d-]*(?:-?[A-Z])?))?"
    r"\s+of\s+(?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\b"
)
_RIN = re.compile(r"\b\d{4}-[A-Z]{2}\d{2}\b")
_CFR = re.compile(r"(\d{1,2}) CFR Parts? (\d+[a-z]?(?:(?:,? and |, ?)\d+[a-z]?)*)(?![\w-])")
_CFR_TITLE = re.compile(r"(?=\b\d{1,2} CFR\b)")
_RANGE = re.compile(r"\b(?:through|to)\b|\d ?- ?\d")
_RESIDUE = "PLEASE REVIEW ALL TAGGING"
_LISTED = re.compile(r"FR-(\d{4})-(\d{2})-(\d{2})\.xml")


@dataclass(frozen=True)
class ListedIssue:
    """One daily issue as the bulk data service lists it."""

    day: date
    url: str
    size: int | None


@dataclass(frozen=True)
class _Place:
    """Where in an issue a document stands."""

    published: date | None = None
    volume: str | None = None
    issue: str | None = None
    section: str | None = None
    page_before: str | None = None
    flags: frozenset[str] = frozenset()


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read an issue or a single document.

    Documents whose number cannot be read are rejected records. Raises NotADocument for listings, other XML and text;
    UpstreamError and BlockPage for HTML; Truncated for XML that ends early; UnknownShape for document type
    declarations and XML that cannot be mended.
    """
    return parse_issue(body, None)


def parse_issue(body: bytes, day: date | None) -> ParsedAnswer:
    """Read an issue of a known day (from the address it was asked at), or of the day it states itself.

    Raises what `parse_answer` raises, and UnknownShape when the issue plainly states another day.
    """
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        raise _refusal_of_json(read_json(body))
    root = root_name(body)
    if root not in SECTIONS and root not in TYPES:
        raise NotADocument(f"expected FEDREG or one of {', '.join(TYPES)}, got XML with the root {root}")
    answer = read_xml(body, frozenset(TYPES))
    mended = frozenset({"malformed_xml"} if answer.was_mended else ())
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    numbers: set[str] = set()
    for element, place in _placed(answer.root, day):
        try:
            document = _document(element, place, mended)
        except (UnknownShape, ValidationError) as error:
            rejected.append(_rejected(element, error))
            continue
        if document.native_id in numbers:
            document = document.model_copy(
                update={"text_flags": tuple(sorted({*document.text_flags, "number_repeated"}))}
            )
        numbers.add(document.native_id)
        documents.append(document)
    return ParsedAnswer(documents=tuple(documents), rejected=tuple(rejected))


def parse_listing(body: bytes) -> list[ListedIssue]:
    """Read the listing of a month: its daily issues, oldest first, without the month's ZIP and folders.

    Raises what `read_json` raises, UpstreamError for an error answer and UnknownShape for anything but a listing.
    """
    value = read_json(body)
    if not isinstance(value, dict) or not isinstance(value.get("files"), list):
        refusal = _refusal_of_json(value)
        if isinstance(refusal, UpstreamError):
            raise refusal
        raise UnknownShape(f"expected a listing with files, got {str(value)[:80]}")
    issues: dict[date, ListedIssue] = {}
    for file in value["files"]:
        if not isinstance(file, dict):
            raise UnknownShape(f"expected a listed file, got {str(file)[:80]}")
        name = str(file.get("justFileName") or file.get("name") or file.get("displayLabel") or "")
        if match := _LISTED.fullmatch(name):
            day = _calendar_day(*map(int, match.groups()))
            if day is None:
                raise UnknownShape(f"expected a day in the name of a listed issue, got {name!r}")
            size = file.get("size")
            issues[day] = ListedIssue(day, str(file.get("link") or issue_url(day)), size if type(size) is int else None)
    return [issues[day] for day in sorted(issues)]


def issue_url(day: date) -> str:
    """The official address of a daily issue."""
    return f"{BULK}/FR/{day:%Y}/{day:%m}/FR-{day.isoformat()}.xml"


def _refusal_of_json(value: Any) -> NotADocument | UpstreamError:
    if isinstance(value, dict) and "files" in value:
        return NotADocument("expected an issue, got a listing of the bulk data")
    if isinstance(value, dict) and ("error" in value or "message" in value):
        return UpstreamError(f"the service reports: {str(value.get('message') or value.get('error'))[:200]}")
    return NotADocument("expected an issue, got JSON that is no listing")


def _placed(root: etree._Element, day: date | None) -> Iterator[tuple[etree._Element, _Place]]:
    """Every document of a tree with its place; headings stand before each section, pages run on between documents."""
    heads: dict[str, str] = {}
    page: str | None = None
    stated, flags = _issue_day(root, day)
    for node in root.iter():
        if node.tag in ("VOL", "NO", "UNITNAME") and node.getparent() is root:
            heads[tag_of(node)] = (node.text or "").strip()
        elif node.tag in TYPES and not _holds_documents(node):
            yield (
                node,
                _Place(stated, heads.get("VOL"), heads.get("NO"), heads.get("UNITNAME"), page, flags),
            )
        elif node.tag == "PRTPAGE" and is_page(node.get("P")) and next(node.iterancestors("FTNT"), None) is None:
            page = node.get("P")


def _holds_documents(element: etree._Element) -> bool:
    """Whether CORRECT is used as a section; no other document holds documents."""
    return element.tag == "CORRECT" and next(element.iterdescendants(*TYPES), None) is not None


def _issue_day(root: etree._Element, asked: date | None) -> tuple[date | None, frozenset[str]]:
    """The day of an issue: as asked for, else as its first DATE says; the weekday tells a slip from another issue."""
    for node in root.findall("DATE"):
        match = _DAY.search(node.text or "")
        stated = _day(match)
        if match is None or stated is None:
            continue
        agrees = match[1] == _WEEKDAYS[stated.weekday()]
        if asked is None:
            return stated, frozenset(() if agrees or match[1] is None else ("issue_date_doubtful",))
        if stated != asked and agrees:
            raise UnknownShape(f"expected the issue of {asked}, got the issue of {node.text}")
        return asked, frozenset(() if stated == asked else ("issue_date_doubtful",))
    return asked, frozenset()


def _document(element: etree._Element, place: _Place, mended: frozenset[str]) -> PolicyDocument:
    flags = {*place.flags, *mended}
    frame = _frame(element)
    number, printed = _number(element, frame, flags)
    preamble = _preamble(element)
    billing = [child for parent in dict.fromkeys((element, frame)) for child in parent if child.tag == "BILCOD"]
    left_out = [*printed, *billing, *element.iterdescendants(*TYPES)]
    text = plain_text(element, skip=left_out)
    flags |= text.flags
    body = clean("\n".join(text.lines), flags)
    if body and _RESIDUE in body:
        flags.add("editor_residue")
    order = _order_heading(frame) if frame is not element else None
    publishers, titles = _publishers_and_titles(frame, preamble, flags)
    pages = page_range(element, place.page_before)
    filed = next((_line(node) for node in printed if node.tag == "FILED"), None) or _line(printed[-1])
    raw = {name: _raw(preamble, name) for name in ("CFR", "RIN", "DEPDOC")}
    fields = {
        "element": element.tag,
        "volume": place.volume,
        "issue": place.issue,
        "unitname": place.section,
        "part": _part(element),
        "pages": {"start": pages[0], "end": pages[1]} if pages[0] else None,
        "fr_doc": [_line(node) for node in printed],
        "filed_at": match[1] if (match := _FILED.search(filed or "")) else None,
        "bilcod": [_line(node) for node in billing],
        "cfr": raw["CFR"],
        "rin": raw["RIN"],
        "docket": raw["DEPDOC"],
        "graphics": list(text.graphics),
    }
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number, place.published),
        native_id=number,
        url=f"https://www.govinfo.gov/app/details/FR-{place.published}/{number}" if place.published else None,
        title=one_line(titles, flags),
        abstract=_section(preamble, ("SUM",), flags),
        body=body,
        document_type=TYPES[tag_of(element)],
        document_subtype=PRESIDENTIAL.get(tag_of(frame)),
        action=_section(preamble, ("ACT",), flags),
        publishers=publishers,
        identifiers=_identifiers(number, place.volume, pages[0], order, raw),
        published_date=place.published,
        signed_date=_signed(frame, order, flags) if frame is not element else None,
        dates_note=_section(preamble, ("DATES", "EFFDATE"), flags),
        text_flags=tuple(sorted(flags)),
        source_fields={name: value for name, value in fields.items() if value},
        unread_fields=tuple(sorted(text.unknown)),
        content_sha256=content_sha256(_stable(element, place)),
        parser_version=PARSER_VERSION,
    )


def _frame(element: etree._Element) -> etree._Element:
    """The element whose children make up the document: inside PRESDOCU stands an EXECORD, a PROCLA ..."""
    return next((child for child in element if child.tag in PRESIDENTIAL), element)


def _preamble(element: etree._Element) -> etree._Element:
    found = element.find("PREAMB")
    if found is None:
        found = element.find(".//PREAMB")
    return element if found is None else found


def _number(element: etree._Element, frame: etree._Element, flags: set[str]) -> tuple[str, list[etree._Element]]:
    """The document's own number, from its last FRDOC and never from citations in the text; and what prints it.

    Raises UnknownShape when there is none.
    """
    printed = [
        child for parent in dict.fromkeys((element, frame)) for child in parent if child.tag in ("FRDOC", "FILED")
    ]
    if not any(node.tag == "FRDOC" for node in printed):
        misplaced = [
            node for node in element.iter("FRDOC") if next(node.iterancestors("EXTRACT", *TYPES), None) is element
        ]
        if not misplaced:
            raise UnknownShape(
                "expected an FRDOC with the document number, found none; citations in the text do not count"
            )
        flags.add("number_misplaced")
        printed += misplaced
    last = [node for node in printed if node.tag == "FRDOC"][-1]
    raw = _line(last) or ""
    match = _FRDOC.search(raw.translate(_DASHES))
    if match is None:
        raise UnknownShape(f"expected a document number in FRDOC, got {raw[:80]!r}")
    return re.sub(r"\s", "", match[1]), printed


def _publishers_and_titles(
    frame: etree._Element, preamble: etree._Element, flags: set[str]
) -> tuple[tuple[Organisation, ...], str | None]:
    if frame.tag in PRESIDENTIAL:
        head = next((node for node in frame if node.tag == "HD" and node.get("SOURCE") == "HED"), None)
        president = frame.find("PRES")
        names = [] if president is None else [_line(president)]
        heading = _order_heading(frame)
        title = _line(head) if head is not None else heading and heading[0]
        return _organisations(names), title
    names = [_line(node) for node in preamble if node.tag in ("AGENCY", "SUBAGY")]
    subjects = [line for node in preamble if node.tag == "SUBJECT" and (line := _line(node))]
    stated = " ".join(_raw(preamble, "AGY")).casefold()
    if len(subjects) > 1 and subjects[0].casefold() in stated:
        names.append(subjects.pop(0))
        flags.add("agency_tagged_as_subject")
    return _organisations(names), "; ".join(subjects) or None


def _organisations(names: Iterable[str | None]) -> tuple[Organisation, ...]:
    return tuple(Organisation(name=name, raw_name=name) for name in dict.fromkeys(names) if name)


def _identifiers(
    number: str, volume: str | None, page: str | None, order: re.Match[str] | None, raw: dict[str, list[str]]
) -> tuple[Identifier, ...]:
    found = [("fr_document", number)]
    if volume and page:
        found.append(("fr_citation", f"{volume} FR {page}"))
    if order and order["number"]:
        found += [
            (scheme, order["number"]) for scheme in ("eo", "proclamation", "presidential_document") if order[scheme]
        ]
    found += [("rin", rin) for line in (*raw["RIN"], *raw["DEPDOC"]) for rin in _RIN.findall(line.translate(_DASHES))]
    for line in raw["DEPDOC"]:
        parts = [part.strip() for part in line.strip("[] ").split(";")]
        found += [("docket", part) for part in parts if part and not part.startswith("RIN ")]
    for line in raw["CFR"]:
        found += [("cfr", part) for part in _cfr_parts(line)]
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in dict.fromkeys(found))


def _cfr_parts(line: str) -> Iterator[str]:
    """Parts that a line lists one by one; a range of parts is left to the raw text, since not all of it may exist."""
    for references in _CFR_TITLE.split(line.translate(_DASHES)):
        match = _CFR.match(references)
        if match and not _RANGE.search(references):
            yield from (f"{match[1]} CFR {part}" for part in re.findall(r"\d+[a-z]?", match[2]))


def _order_heading(frame: etree._Element) -> re.Match[str] | None:
    """The line that numbers and dates a presidential document: "Executive Order 14110 of October 30, 2023"."""
    for node in frame:
        if node.tag in ("FP", "P"):
            break
        if match := _ORDER.fullmatch((_line(node) or "").translate(_DASHES).removesuffix("(Correction)").rstrip(" .")):
            return match
    return None


def _signed(frame: etree._Element, order: re.Match[str] | None, flags: set[str]) -> date | None:
    """The day a presidential document was signed, from its heading, else from the DATE under the signature."""
    stated = _day(_DAY.search(order["day"])) if order else None
    dated = [day for node in frame.findall("DATE") if (day := _day(_DAY.search(_line(node) or "")))]
    if stated and dated and dated[-1] != stated:
        flags.add("signed_dates_differ")
    return stated or (dated[-1] if dated else None)


def _section(preamble: etree._Element, names: tuple[str, ...], flags: set[str]) -> str | None:
    """What stands under a heading of the preamble, without the heading and footnotes."""
    lines: list[str] = []
    for node in preamble:
        if node.tag in names:
            lines += plain_text(node, skip=node.findall("HD"), with_notes=False).lines
    return clean("\n".join(lines), flags)


def _part(element: etree._Element) -> str | None:
    """The separate part of the issue a document is printed in, e.g. "Part III"."""
    outer = next(element.iterancestors("NEWPART"), None)
    number = None if outer is None else outer.find("PTITLE/PARTNO")
    return None if number is None else _line(number)


def _raw(preamble: etree._Element, name: str) -> list[str]:
    return [line for node in preamble if node.tag == name and (line := _line(node))]


def _line(node: etree._Element) -> str | None:
    return plain_text(node, with_notes=False).one_line()


def _day(match: re.Match[str] | None) -> date | None:
    return match and _calendar_day(int(match[4]), _MONTHS.index(match[2]) + 1, int(match[3]))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stable(element: etree._Element, place: _Place) -> dict[str, Any]:
    """What the source says, whatever the parser makes of it: words without blanks, page breaks and kinds of dash.

    Issues were silently issued again with hyphens for en dashes; that changes no document.
    """
    words = "".join(_said(element)).translate(_DASHES)
    return {"element": element.tag, "published": str(place.published), "words": "".join(words.split())}


def _said(element: etree._Element) -> Iterator[str]:
    """Text in order, each field of the preamble marked, so that moving words from one to another is a change."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            yield (node.tail or "") if node is not element else ""
            continue
        yield f"<{tag_of(node)}>" if node.tag in ("AGENCY", "SUBAGY", "SUBJECT", "ACT", "SUM", "DATES") else ""
        yield node.text or ""


def _rejected(element: etree._Element, error: Exception) -> RejectedRecord:
    return RejectedRecord(
        source_id=SLUG,
        where=element.getroottree().getpath(element),
        error=type(error).__name__,
        message=str(error)[:RAW_CHARS],
        raw=etree.tostring(element, encoding="unicode", with_tail=False)[:RAW_CHARS],
    )


class UsGovinfoFrSpider(SourceSpider):
    """Lists each month's issues, reads every listed issue of the window, and lands what passes the gate.

    Presidential documents are landed whatever they say; the gate's counts are of the others.
    """

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """One listing a month; a month without issues yet has none."""
        month = self.window.since.replace(day=1)
        while month <= self.window.until:
            yield self.ask(f"{BULK}/json/FR/{month:%Y}/{month:%m}", self.read_listing, purpose="listing", accept=(404,))
            month = (month + timedelta(32)).replace(day=1)

    def read_listing(self, response: Response) -> Iterator[Request]:
        """Ask for the listed issues of the window."""
        if response.status == 404:
            return
        for issue in parse_listing(response.body):
            if self.window.since <= issue.day <= self.window.until:
                yield self._ask_issue(issue.day)

    def read_issue(self, response: Response, day: date) -> None:
        """Land the candidates of an issue; a number printed twice names one document only, the other is quarantined."""
        answer = parse_issue(response.body, day)
        if not answer.documents and not answer.rejected:
            raise UnknownShape(f"expected documents in the issue of {day}, got none")
        kept = [document for document in answer.documents if self._is_kept(document)]
        repeated = [document for document in kept if "number_repeated" in document.text_flags]
        self.keep(
            ParsedAnswer(
                documents=tuple(document for document in kept if "number_repeated" not in document.text_flags),
                rejected=(*answer.rejected, *(_repetition(document) for document in repeated)),
            ),
            response,
        )

    def _is_kept(self, document: PolicyDocument) -> bool:
        if document.document_type == TYPES["PRESDOCU"]:
            return True
        return self.is_candidate(document.title, document.abstract, document.body)

    def _ask_issue(self, day: date) -> Request:
        return self.ask(issue_url(day), lambda response: self.read_issue(response, day), purpose="document")


def _repetition(document: PolicyDocument) -> RejectedRecord:
    return RejectedRecord(
        source_id=SLUG,
        where=document.document_id,
        error=UnknownShape.__name__,
        message=f"expected each document number once an issue, got {document.native_id} twice",
        raw=document.model_dump_json()[:RAW_CHARS],
    )
