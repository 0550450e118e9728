"""www.federalregister.gov as its API v1 answers: lists with their caps and cursors, single documents, facets, filings.

Everything outside `/api/v1` is behind a wall at the source and so it is here.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.filler import LAST_DAY
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import slug
from scrapers.samples.us_federal_register.filings import Filing, open_filings
from scrapers.samples.us_federal_register.index import FrIndex
from scrapers.samples.us_federal_register.records import Agency, FrDocument

HOST = "www.federalregister.gov"
HOME = f"https://{HOST}"
WALL = "https://unblock.federalregister.gov/"
UNNAMED = "AGENCY NOT NAMED"
MAX_COUNT = 10_000
MAX_PAGES = 50
MAX_REACHABLE = 2_000
"""Results that paging by `page` alone reaches; the cursor goes further."""
DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 1_000
SLUG_CHARS = 100
TYPES = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}
PRESIDENTS = (
    (date(2025, 1, 20), "Donald Trump", "donald-trump"),
    (date(2021, 1, 20), "Joseph R. Biden Jr.", "joe-biden"),
    (date(2017, 1, 20), "Donald Trump", "donald-trump"),
    (date(2009, 1, 20), "Barack Obama", "barack-obama"),
)
SHORT_FIELDS = (
    "title", "type", "abstract", "document_number", "html_url", "pdf_url", "public_inspection_pdf_url",
    "publication_date", "agencies", "excerpts",
)  # fmt: skip
FULL_FIELDS = (
    "abstract", "action", "agencies", "body_html_url", "cfr_references", "citation", "comment_url", "comments_close_on",
    "correction_of", "corrections", "dates", "disposition_notes", "docket_ids", "dockets", "document_number",
    "effective_on", "end_page", "executive_order_notes", "executive_order_number", "full_text_xml_url", "html_url",
    "images", "images_metadata", "json_url", "mods_url", "not_received_for_publication", "page_length", "page_views",
    "pdf_url", "presidential_document_number", "proclamation_number", "public_inspection_pdf_url", "publication_date",
    "raw_text_url", "regulation_id_number_info", "regulation_id_numbers", "regulations_dot_gov_info",
    "regulations_dot_gov_url", "significant", "signing_date", "start_page", "subtype", "title", "toc_doc",
    "toc_subject", "topics", "type", "volume",
)  # fmt: skip
"""What one document holds when no fields are asked for, in the order of the recordings."""
VALID_FIELDS = frozenset((*FULL_FIELDS, "agency_names", "docket_id", "excerpts", "president"))
ROBOTS = "User-agent: *\nDisallow: /my/\nDisallow: /documents/search\n"
NOT_FOUND = """<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head><title>404 Not Found</title></head>
<body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body>
</html>
"""


class BadQuestion(Exception):
    """The question holds what the API refuses with HTTP 400."""


@dataclass(frozen=True)
class Conditions:
    """The conditions of a search."""

    since: date | None
    until: date | None
    types: frozenset[str]
    presidential: frozenset[str]
    term: str | None

    def select(self, index: FrIndex) -> Sequence[FrDocument]:
        """Matching documents, oldest first."""
        documents = index.between(self.since, self.until)
        if not self.types and not self.presidential and not self.term:
            return documents
        return [document for document in documents if self._matches(document)]

    def _matches(self, document: FrDocument) -> bool:
        if self.types and document.type not in self.types:
            return False
        if self.presidential and (document.subtype or "").lower().replace(" ", "_") not in self.presidential:
            return False
        if self.term is None:
            return True
        return self.term in " ".join((document.title, document.abstract or "", *document.text)).lower()

    def description(self) -> str:
        """The search in words, as the API puts it into every list."""
        parts = []
        if self.presidential:
            names = " or ".join(sorted(name.replace("_", " ").title() for name in self.presidential))
            parts.append(f"of presidential document type {names}")
        if self.types:
            parts.append(f"of type {' or '.join(sorted(self.types))}")
        if self.term is not None:
            parts.append(f"matching '{self.term}'")
        if self.since or self.until:
            parts.append(f"published {' '.join(_range_words(self.since, self.until))}")
        return f"Documents {' '.join(parts)}" if parts else "All Documents"


def sample_host(index: FrIndex, filings: Sequence[Filing] = ()) -> SampleHost:
    """The host's answers and rules."""
    host = FederalRegister(index, filings)
    lists = {"": host.search, "/facets/daily": host.facets_daily, "/facets/type": host.facets_type}
    routes = [
        *(web.get(f"/api/v1/documents{path}", answer) for path, answer in lists.items()),
        *(web.get(f"/api/v1/documents{path}.json", answer) for path, answer in lists.items()),
        web.get("/api/v1/documents/{numbers}", host.documents),
        web.get("/api/v1/public-inspection-documents/current.json", host.inspection_now),
        web.get("/api/v1/public-inspection-documents.json", host.inspection_of_a_day),
        web.get("/api/{rest:.*}", host.not_found),
        web.get("/{rest:.*}", host.wall),
    ]
    return SampleHost(routes, ROBOTS)


class FederalRegister:
    """The handlers."""

    def __init__(self, index: FrIndex, filings: Sequence[Filing]) -> None:
        self._index = index
        self._filings = filings
        self._agencies = {key: _agency(agency) for key, agency in index.agencies.items()}
        self._views = itertools.count(1)

    async def wall(self, _: web.Request) -> web.Response:
        """Pages for people are behind a wall for programs."""
        return web.Response(status=302, headers={"Location": WALL})

    async def not_found(self, _: web.Request) -> web.Response:
        """What the web server says to unknown addresses: HTML, also under `.json`."""
        return text_answer(NOT_FOUND, status=404, content_type="text/html")

    async def search(self, request: web.Request) -> web.Response:
        """A list of documents."""
        try:
            conditions = read_conditions(request)
            fields = read_fields(request, SHORT_FIELDS)
            cursor = read_cursor(request.query.get("search_after_cursor"))
        except BadQuestion as error:
            return json_answer({"message": str(error)}, status=400)
        found = conditions.select(self._index)
        if not found:
            return json_answer({"description": conditions.description(), "count": 0})
        per_page = whole_number(request.query.get("per_page"), DEFAULT_PER_PAGE)
        if per_page <= 1:
            per_page = DEFAULT_PER_PAGE
        per_page = min(per_page, MAX_PER_PAGE)
        page = max(whole_number(request.query.get("page"), 1), 1)
        newest_first = request.query.get("order", "newest") != "oldest"
        chosen, more = _page_of(found, per_page, page, cursor, newest_first)
        count = min(len(found), MAX_COUNT)
        answer: dict[str, Any] = {
            "description": conditions.description(),
            "count": count,
            "total_pages": min(math.ceil(count / per_page), MAX_PAGES),
        }
        if more:
            answer["next_page_url"] = _page_url(request, page + 1, _cursor_after(chosen[-1]))
        if page > 1:
            answer["previous_page_url"] = _page_url(request, page - 1, None)
        if chosen:
            answer["results"] = [self.record(document, fields) for document in chosen]
        return json_answer(answer)

    async def documents(self, request: web.Request) -> web.Response:
        """One document, or several by numbers separated by commas."""
        try:
            fields = read_fields(request, None)
            day = _day(request.query.get("publication_date"), "publication_date")
        except BadQuestion as error:
            return json_answer({"message": str(error)}, status=400)
        asked = request.match_info["numbers"].removesuffix(".json").removesuffix(",")
        numbers = [number for number in asked.split(",") if number]
        found = [document for number in numbers if (document := self._index.numbered(number, day))]
        if "," in request.match_info["numbers"]:
            results = [self.record(document, fields) for document in found]
            return json_answer({"count": len(results), "results": results})
        return json_answer(self.record(found[0], fields)) if found else await self.not_found(request)

    async def inspection_now(self, _: web.Request) -> web.Response:
        """What is open to public inspection; the present of the samples is their last day."""
        return json_answer(open_filings(self._filings, LAST_DAY, self._agencies))

    async def inspection_of_a_day(self, request: web.Request) -> web.Response:
        """What was open to public inspection on a day."""
        try:
            day = _day(request.query.get("conditions[available_on]"), "available_on")
        except BadQuestion as error:
            return json_answer({"message": str(error)}, status=400)
        return json_answer(open_filings(self._filings, day or LAST_DAY, self._agencies))

    async def facets_daily(self, request: web.Request) -> web.Response:
        """Documents by publication day; days without documents are absent."""

        def names(document: FrDocument) -> tuple[str, str]:
            return document.day.isoformat(), f"{document.day:%m/%d/%Y}"

        return self._facets(request, names)

    async def facets_type(self, request: web.Request) -> web.Response:
        """Documents by type."""
        keys = {name: key for key, name in TYPES.items()}

        def names(document: FrDocument) -> tuple[str, str]:
            return keys.get(document.type or "", "UNKNOWN"), document.type or "Unknown"

        return self._facets(request, names)

    def _facets(self, request: web.Request, names: Callable[[FrDocument], tuple[str, str]]) -> web.Response:
        try:
            conditions = read_conditions(request)
        except BadQuestion as error:
            return json_answer({"message": str(error)}, status=400)
        counts = Counter(names(document) for document in conditions.select(self._index))
        return json_answer({key: {"count": count, "name": name} for (key, name), count in counts.items()})

    def record(self, document: FrDocument, fields: Iterable[str] | None) -> dict[str, Any]:
        """A document as the API writes it; without fields, all that a single document holds."""
        everything = bare_record(document) if document.is_bare else full_record(document, self._index.agencies)
        everything["page_views"] = {"count": next(self._views), "last_updated": "2026-10-09 18:15:04 -0400"}
        if fields is not None:
            return {name: everything.get(name) for name in fields}
        names = FULL_FIELDS if everything.get("president") is None else (*FULL_FIELDS, "president")
        return {name: everything.get(name) for name in names}


def read_conditions(request: web.Request) -> Conditions:
    """The conditions of a question.

    Raises BadQuestion for days that are no days and types that do not exist.
    """
    query = request.query
    base = "conditions[publication_date]"
    exact = _day(query.get(f"{base}[is]"), "publication_date")
    since = exact or _day(query.get(f"{base}[gte]"), "publication_date")
    until = exact or _day(query.get(f"{base}[lte]"), "publication_date")
    if year := whole_number(query.get(f"{base}[year]"), 0):
        since, until = date(year, 1, 1), date(year, 12, 31)
    asked = query.getall("conditions[type][]", [])
    if unknown := [name for name in asked if name not in TYPES]:
        raise BadQuestion(f"type '{unknown[0]}' not valid")
    presidential = query.getall(
        "conditions[presidential_document_type][]", query.getall("conditions[presidential_document_type]", [])
    )
    term = query.get("conditions[term]", "").strip().strip('"').lower()
    return Conditions(since, until, frozenset(TYPES[name] for name in asked), frozenset(presidential), term or None)


def read_fields(request: web.Request, default: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The fields asked for, or the default.

    Raises BadQuestion, in the API's words, for a name that is no field.
    """
    asked = tuple(dict.fromkeys(request.query.getall("fields[]", [])))
    if unknown := [name for name in asked if name not in VALID_FIELDS]:
        raise BadQuestion(f"field '{unknown[0]}' not valid")
    return asked or default


def read_cursor(text: str | None) -> tuple[date, str] | None:
    """The last document of the page before, from an opaque cursor.

    Raises BadQuestion when it is none of ours.
    """
    if not text:
        return None
    try:
        instant, number = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return datetime.fromtimestamp(instant / 1000, UTC).date(), str(number)
    except (binascii.Error, orjson.JSONDecodeError, ValueError, TypeError, OverflowError) as error:
        raise BadQuestion("search_after_cursor not valid") from error


def full_record(document: FrDocument, agencies: dict[str, Agency]) -> dict[str, Any]:
    """Every field of a document."""
    number, day = document.number, document.day
    url_day = f"{day:%Y/%m/%d}"
    filed = int(datetime(day.year, day.month, day.day, 12, 45, tzinfo=UTC).timestamp() - 86_400)
    named = [_agency(agencies[key]) for key in document.agencies]
    volume = day.year - 1935
    pages = (
        None
        if document.end_page is None or document.start_page is None
        else document.end_page - document.start_page + 1
    )
    return {
        "abstract": document.abstract,
        "action": document.action,
        "agencies": named,
        "agency_names": [agency.get("name") or agency["raw_name"] for agency in named],
        "body_html_url": f"{HOME}/documents/full_text/html/{url_day}/{number}.html",
        "cfr_references": [
            {"title": title, "part": part, "chapter": None, "citation_url": None} for title, part in document.cfr
        ],
        "citation": document.start_page and f"{volume} FR {document.start_page}",
        "comments_close_on": document.comments_close and document.comments_close.isoformat(),
        "correction_of": document.correction_of and f"{HOME}/api/v1/documents/{document.correction_of}.json",
        "corrections": [f"{HOME}/api/v1/documents/{correction}.json" for correction in document.corrections],
        "dates": document.dates,
        "disposition_notes": document.disposition_notes,
        "docket_id": document.dockets[0] if document.dockets else None,
        "docket_ids": list(document.dockets),
        "dockets": [],
        "document_number": number,
        "effective_on": document.effective and document.effective.isoformat(),
        "end_page": document.end_page,
        "executive_order_number": document.eo,
        "full_text_xml_url": f"{HOME}/documents/full_text/xml/{url_day}/{number}.xml",
        "html_url": document.html_url or f"{HOME}/documents/{url_day}/{number}/{slug(document.title, SLUG_CHARS)}",
        "images": {},
        "images_metadata": {},
        "json_url": f"{HOME}/api/v1/documents/{number}?publication_date={day}",
        "mods_url": f"https://www.govinfo.gov/metadata/granule/FR-{day}/{number}/mods.xml",
        "page_length": pages,
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{day}/pdf/{number}.pdf",
        "president": _president(document),
        "public_inspection_pdf_url": f"https://public-inspection.federalregister.gov/{number}.pdf?{filed}",
        "publication_date": day.isoformat(),
        "raw_text_url": f"{HOME}/documents/full_text/text/{url_day}/{number}.txt",
        "regulation_id_number_info": dict.fromkeys(document.rins),
        "regulation_id_numbers": list(document.rins),
        "regulations_dot_gov_info": {"checked_regulationsdotgov_at": f"{day + timedelta(1)}T15:55:04Z"}
        if document.dockets
        else {},
        "significant": document.significant,
        "signing_date": document.signed and document.signed.isoformat(),
        "start_page": document.start_page,
        "subtype": document.subtype,
        "title": document.title,
        "toc_doc": document.title,
        "topics": list(document.topics),
        "type": document.type,
        "volume": volume,
    }


def bare_record(document: FrDocument) -> dict[str, Any]:
    """A document of which only title, abstract and address are known; the API gives each a type and an agency."""
    return {
        "abstract": document.abstract,
        "agencies": [{"raw_name": UNNAMED}],
        "agency_names": [UNNAMED],
        "cfr_references": [],
        "corrections": [],
        "docket_ids": [],
        "dockets": [],
        "document_number": document.number,
        "html_url": document.html_url,
        "images": {},
        "images_metadata": {},
        "publication_date": document.day.isoformat(),
        "regulation_id_number_info": {},
        "regulation_id_numbers": [],
        "regulations_dot_gov_info": {},
        "title": document.title,
        "topics": [],
        "type": document.type or "Uncategorized Document",
        "volume": document.day.year - 1935,
    }


def _page_of(
    found: Sequence[FrDocument], per_page: int, page: int, cursor: tuple[date, str] | None, newest_first: bool
) -> tuple[Sequence[FrDocument], bool]:
    """The documents of one page, and whether more follow."""
    if cursor is None:
        start = (page - 1) * per_page
        reachable = max(0, min(per_page, MAX_REACHABLE - start))
    else:
        place = bisect_left(found, cursor, key=_key) if newest_first else bisect_right(found, cursor, key=_key)
        start = len(found) - place if newest_first else place
        reachable = per_page
    end = min(start + reachable, len(found))
    if start >= end:
        return (), False
    chosen = found[len(found) - end : len(found) - start][::-1] if newest_first else found[start:end]
    return chosen, end < len(found)


def _key(document: FrDocument) -> tuple[date, str]:
    return document.day, document.number


def _cursor_after(document: FrDocument) -> str:
    instant = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    return (
        base64.urlsafe_b64encode(orjson.dumps([int(instant.timestamp()) * 1000, document.number])).decode().rstrip("=")
    )


def _page_url(request: web.Request, page: int, cursor: str | None) -> str:
    """The official address of another page: sorted, without `.json`, with all that was asked copied."""
    kept = [
        (name, value) for name, value in request.query.items() if name not in ("page", "search_after_cursor", "format")
    ]
    kept += [("format", "json"), ("page", str(page))]
    if cursor is not None:
        kept.append(("search_after_cursor", cursor))
    return f"{HOME}/api/v1/documents?{urlencode(sorted(kept, key=lambda pair: pair[0]))}"


def _day(text: str | None, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuestion(f"{name} '{text}' not valid") from error


def _range_words(since: date | None, until: date | None) -> list[str]:
    if since and since == until:
        return ["on", f"{since:%m/%d/%Y}"]
    words = ["from", f"{since:%m/%d/%Y}"] if since else []
    return [*words, "to", f"{until:%m/%d/%Y}"] if until else words


def _agency(agency: Agency) -> dict[str, Any]:
    if agency.id is None:
        return {"raw_name": agency.raw_name}
    return {
        "raw_name": agency.raw_name,
        "name": agency.name,
        "id": agency.id,
        "url": f"{HOME}/agencies/{agency.slug}",
        "json_url": f"{HOME}/api/v1/agencies/{agency.id}",
        "parent_id": agency.parent_id,
        "slug": agency.slug,
    }


def _president(document: FrDocument) -> dict[str, str] | None:
    if document.type != "Presidential Document":
        return None
    signed = document.signed or document.day
    return next(({"name": name, "identifier": key} for since, name, key in PRESIDENTS if signed >= since), None)
