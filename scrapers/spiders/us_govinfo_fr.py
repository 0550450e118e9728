"""Federal Register daily issues as bulk XML of govinfo: the full text of rules, notices and presidential documents.

Reads whole issues (FEDREG), single documents as the Federal Register's own full-text XML gives them, and the listing of
issues by month. Shares document ids with `us_federal_register`, which leads; what only the API knows (agency ids,
comment dates, corrections) is not guessed from the text.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from pydantic import ValidationError
from scrapy.http import Request, Response

from scrapers.contracts import (
    NotADocument,
    ParsedAnswer,
    PolicyDocument,
    RejectedRecord,
    UnknownShape,
    UpstreamError,
    Window,
)
from scrapers.families.dates import calendar_day
from scrapers.families.federal_register_xml import (
    TYPES,
    before_number,
    parse_document,
    placed_documents,
    unclaimed_numbers,
)
from scrapers.families.gpo_text import plain_text
from scrapers.families.json_answers import read_json
from scrapers.families.records import MISSING, rejected_record
from scrapers.families.windows import months
from scrapers.families.xml import read_xml, root_name
from scrapers.registry import missing
from scrapers.runtime.spider import SourceSpider

SLUG = "us_govinfo_fr"
PARSER_VERSION = "us_govinfo_fr/7"
PRINTED = ("FRDOC", "PREAMB", "HD", "FP", "P")
"""Elements one of which everything printed has; notices of others have the same root."""
BULK = "https://www.govinfo.gov/bulkdata"
SECTIONS = frozenset(("FEDREG", "RULES", "PRORULES", "NOTICES", "PRESDOCS", "NEWPART"))
"""Roots that hold documents: a whole issue, or a part cut out of one."""
REPEATED = "number_repeated"
"""Flag of a document whose number another one of the same issue bears."""
LONGEST_GAP = 6
"""Days in a row that may pass without an issue; weekends with holidays make four, rarely five."""
_LISTED = re.compile(r"FR-(\d{4})-(\d{2})-(\d{2})\.xml")


@dataclass(frozen=True)
class ListedIssue:
    """One daily issue as the bulk data service lists it."""

    day: date
    url: str
    size: int | None


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read an issue or a single document.

    Documents whose number cannot be read are rejected records, and so is each number that stands in no document. Raises
    NotADocument for listings, other XML and text; UpstreamError and BlockPage for HTML; Truncated for XML that ends
    early; UnknownShape for document type declarations and XML that cannot be mended.
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
    if next(answer.root.iter(*PRINTED), None) is None:
        raise NotADocument(f"expected printed documents, got XML with the root {root} and none of {', '.join(PRINTED)}")
    mended = frozenset({"malformed_xml"} if answer.was_mended else ())
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    numbers: set[str] = set()
    for element, place in placed_documents(answer.root, day):
        try:
            document = parse_document(SLUG, PARSER_VERSION, element, replace(place, flags=place.flags | mended))
        except (UnknownShape, ValidationError) as error:
            raw = etree.tostring(element, encoding="unicode", with_tail=False)
            rejected.append(rejected_record(SLUG, element.getroottree().getpath(element), error, raw))
            continue
        flags = {REPEATED} if document.native_id in numbers else set()
        flags |= {f"{MISSING}{name}" for name in missing(document)}
        document = document.model_copy(update={"text_flags": tuple(sorted({*document.text_flags, *flags}))})
        numbers.add(document.native_id)
        documents.append(document)
    rejected += map(_unclaimed, unclaimed_numbers(answer.root))
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
    listed = [issue for file in value["files"] if (issue := _listed_issue(file))]
    return sorted({issue.day: issue for issue in listed}.values(), key=lambda issue: issue.day)


def issue_url(day: date) -> str:
    """The official address of a daily issue."""
    return f"{BULK}/FR/{day:%Y}/{day:%m}/FR-{day.isoformat()}.xml"


def _listed_issue(file: object) -> ListedIssue | None:
    if not isinstance(file, dict):
        raise UnknownShape(f"expected a listed file, got {str(file)[:80]}")
    name = str(file.get("justFileName") or file.get("name") or file.get("displayLabel") or "")
    match = _LISTED.fullmatch(name)
    if match is None:
        return None
    day = calendar_day(*map(int, match.groups()))
    if day is None:
        raise UnknownShape(f"expected a day in the name of a listed issue, got {name!r}")
    size = file.get("size")
    return ListedIssue(day, str(file.get("link") or issue_url(day)), size if type(size) is int else None)


def _refusal_of_json(value: Any) -> NotADocument | UpstreamError:
    if isinstance(value, dict) and "files" in value:
        return NotADocument("expected an issue, got a listing of the bulk data")
    if isinstance(value, dict) and ("error" in value or "message" in value):
        return UpstreamError(f"the service reports: {str(value.get('message') or value.get('error'))[:200]}")
    return NotADocument("expected an issue, got JSON that is no listing")


class UsGovinfoFrSpider(SourceSpider):
    """Lists each month's issues, reads every listed issue of the window, and lands what passes the gate.

    Presidential documents are landed whatever they say; the gate's counts are of the others.
    """

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = self.book.started_at.astimezone(ZoneInfo(self.config.time_zone)).date()
        self._months = months(self.window)
        self._listings_read = 0
        self._listed: list[date] = []

    async def start(self) -> AsyncIterator[Request]:
        """One listing a month; a month without issues yet has none."""
        for month in self._months:
            yield self._ask_listing(month)

    def read_listing(self, response: Response, month: Window) -> Iterator[Request]:
        """Ask for the listed issues of the window; only a month that is not over may have none."""
        issues = [] if response.status == 404 else parse_listing(response.body)
        if not issues and (month.since.year, month.since.month) < (self._today.year, self._today.month):
            got = "HTTP 404" if response.status == 404 else "a listing without issues"
            raise UnknownShape(f"expected the issues of {month.since:%B %Y}, a month that is over, got {got}")
        days = [issue.day for issue in issues if self.window.since <= issue.day <= self.window.until]
        self._listed += days
        self._listings_read += 1
        yield from map(self._ask_issue, days)
        if self._listings_read == len(self._months):
            self._check_gaps()

    def _check_gaps(self) -> None:
        """Hold the listed days against the calendar: no week passes without an issue, whatever its holidays."""
        over = min(self.window.until + timedelta(1), self._today)
        known = [self.window.since - timedelta(1), *sorted(day for day in self._listed if day < over), over]
        for before, after in pairwise(known):
            if (after - before).days > LONGEST_GAP + 1:
                self.book.fault(
                    f"expected an issue at least every {LONGEST_GAP + 1} days, the listings name none after {before} "
                    f"and before {after}"
                )

    def read_issue(self, response: Response, day: date) -> None:
        """Land the candidates of an issue; a number printed twice names one document only, the other is quarantined."""
        answer = parse_issue(response.body, day)
        if not answer.documents and not answer.rejected:
            raise UnknownShape(f"expected documents in the issue of {day}, got none")
        kept = [document for document in answer.documents if self._is_kept(document)]
        landed = tuple(document for document in kept if REPEATED not in document.text_flags)
        repeated = tuple(_repetition(document) for document in kept if REPEATED in document.text_flags)
        self.keep(ParsedAnswer(documents=landed, rejected=answer.rejected + repeated), response)

    def _is_kept(self, document: PolicyDocument) -> bool:
        if document.document_type == TYPES["PRESDOCU"]:
            return True
        return self.is_candidate(document.title, document.abstract, document.body)

    def _ask_listing(self, month: Window) -> Request:
        url = f"{BULK}/json/FR/{month.since:%Y}/{month.since:%m}"
        return self.ask(
            url,
            lambda response: self.read_listing(response, month),
            purpose="listing",
            headers={"Accept": "application/json"},
            also_read=(404,),
        )

    def _ask_issue(self, day: date) -> Request:
        return self.ask(
            issue_url(day),
            lambda response: self.read_issue(response, day),
            purpose="document",
            headers={"Accept": "application/xml"},
        )


def _unclaimed(node: etree._Element) -> RejectedRecord:
    path = node.getroottree().getpath(node)
    error = UnknownShape(
        f"expected an FRDOC in one of {', '.join(TYPES)}, got {str(plain_text(node).one_line())[:80]!r} at {path}; "
        "a tag is lost or new"
    )
    return rejected_record(SLUG, path, error, before_number(node))


def _repetition(document: PolicyDocument) -> RejectedRecord:
    error = UnknownShape(f"expected each document number once an issue, got {document.native_id} twice")
    return rejected_record(SLUG, document.document_id, error, document.model_dump_json())
