"""US Federal Register API v1: every document of a window, all fields, official counts by day.

Reads what https://www.federalregister.gov/developers/documentation/api/v1 describes and what recordings from 2015 to
2026 show: lists, single documents, comma-separated multi-gets and bare arrays. Does not fetch full text (that is
`us_govinfo_fr`) and does not judge relevance.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
    UpstreamError,
    Window,
    content_sha256,
)
from scrapers.families.federal_register import document_id
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import identifiers, numbered, read_records, stated, text_of
from scrapers.families.text import clean, one_line, take, unread
from scrapers.families.windows import halves, months, require_progress
from scrapers.registry import source
from scrapers.runtime.spider import SourceSpider

SLUG = "us_federal_register"
PARSER_VERSION = "us_federal_register/1"
API = "https://www.federalregister.gov/api/v1/documents"
PAGE_SIZE = 1000
REACHABLE = 2000
"""Results of one search that paging is known to reach; a window that holds more is halved."""

KNOWN = source(SLUG).known_fields["document"]
NUMBERED_BY = {
    "fr_citation": "citation",
    "eo": "executive_order_number",
    "proclamation": "proclamation_number",
    "presidential_document": "presidential_document_number",
}
FILES = {
    "pdf_url": "application/pdf",
    "full_text_xml_url": "application/xml",
    "raw_text_url": "text/plain",
    "body_html_url": "text/html",
    "mods_url": "application/mods+xml",
    "public_inspection_pdf_url": "application/pdf",
}
NEIGHBOURS = {
    "agencies": "a table of contents by agency",
    "suggestions": "search details",
    "filters": "search details",
}
"""Other answers of the same API, by a key of theirs."""
_DATED_PATH = re.compile(r"/documents/(\d{4})/(\d{2})/(\d{2})/")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer of the documents API.

    Raises NotADocument for schemas, tables of contents, facets and search details; UpstreamError for error answers;
    UnknownShape otherwise.
    """
    value = read_json(body)
    if isinstance(value, list):
        return read_records(SLUG, numbered("/results", value), parse_document)
    if is_json_schema(value):
        raise NotADocument("expected documents, got a JSON schema")
    if "errors" in value or ("message" in value and "document_number" not in value):
        raise UpstreamError(f"the API reports: {value.get('message') or value.get('errors')}")
    if "document_number" in value:
        return read_records(SLUG, numbered("/results", [value]), parse_document)
    if "results" in value or value.get("count") == 0:
        return _read_page(value)
    for name, found in NEIGHBOURS.items():
        if name in value:
            raise NotADocument(f"expected documents, got {found}")
    if value and all(isinstance(facet, dict) and "count" in facet for facet in value.values()):
        raise NotADocument("expected documents, got counts by facet")
    raise UnknownShape(f"expected results or a document, got keys {sorted(value)[:8]}")


def parse_daily_counts(body: bytes) -> dict[date, int]:
    """Read `documents/facets/daily`: documents by publication day; days without documents are absent.

    Raises UnknownShape when a key is no date or a count is missing.
    """
    value = read_json(body)
    try:
        return {date.fromisoformat(day): int(facet["count"]) for day, facet in value.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnknownShape(f"expected counts by day, got {str(value)[:80]}") from error


def parse_document(raw: dict[str, Any]) -> PolicyDocument:
    """Read one document record, whatever fields were asked for.

    Raises UnknownShape without a document number and ValueError on a field that is not what the API promises.
    """
    record = dict(raw)
    flags: set[str] = set()
    number, published = _identity(record)
    head = take(record, "title", "abstract", "action", "dates", "type", "subtype", "html_url", "disposition_notes")
    dates = take(record, "signing_date", "effective_on", "comments_close_on")
    abstract = head["abstract"] and html.unescape(head["abstract"])
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number, published),
        native_id=number,
        url=head["html_url"],
        title=one_line(head["title"], flags),
        abstract=clean(abstract, flags),
        document_type=head["type"],
        document_subtype=head["subtype"],
        action=clean(head["action"], flags),
        publishers=_publishers(record),
        identifiers=_identifiers(record, number),
        published_date=published,
        signed_date=dates["signing_date"],
        effective_date=dates["effective_on"],
        comments_close_date=dates["comments_close_on"],
        dates_note=clean(head["dates"], flags),
        disposition_notes=clean(head["disposition_notes"] or record.pop("executive_order_notes", None), flags),
        relations=_relations(record),
        attachments=_attachments(record),
        subjects=tuple(record.pop("topics", None) or ()),
        is_significant=record.pop("significant", None),
        text_flags=tuple(sorted(flags)),
        source_fields=stated(record),
        unread_fields=unread(record, KNOWN.names),
        content_sha256=content_sha256(_stable(raw)),
        parser_version=PARSER_VERSION,
    )


def _read_page(value: dict[str, Any]) -> ParsedAnswer:
    next_url = value.get("next_page_url")
    if not isinstance(next_url, str | None):
        raise UnknownShape(f"expected a text next_page_url, got {str(next_url)[:80]}")
    records = numbered("/results", value.get("results", []))
    return read_records(SLUG, records, parse_document, count=value.get("count"), next_url=next_url)


def _identity(record: dict[str, Any]) -> tuple[str, date | None]:
    number = record.pop("document_number", None)
    day = record.pop("publication_date", None)
    if not number:
        raise UnknownShape("expected a document_number, got none; ask for it with fields[]")
    if day is None and (match := _DATED_PATH.search(record.get("html_url") or "")):
        day = "-".join(match.groups())
    return str(number), date.fromisoformat(day) if day else None


def _publishers(record: dict[str, Any]) -> tuple[Organisation, ...]:
    """The agencies in their order; what else the source says of them stays in the record."""
    names = record.pop("agency_names", None) or ()
    if record.get("agencies") is None:
        return tuple(Organisation(name=name) for name in names)
    agencies = [dict(agency) for agency in record.pop("agencies")]
    publishers = tuple(_take_organisation(agency) for agency in agencies)
    if any(agencies):
        record["agencies"] = agencies
    if not {*names} <= {publisher.name for publisher in publishers}:
        record["agency_names"] = names
    return publishers


def _take_organisation(agency: dict[str, Any]) -> Organisation:
    said = take(agency, "name", "raw_name", "id", "slug", "parent_id", "url")
    ids = {"native_id": text_of(said.pop("id")), "parent_id": text_of(said.pop("parent_id"))}
    return Organisation.model_validate({**said, **ids, "name": said["name"] or said["raw_name"]})


def _identifiers(record: dict[str, Any], number: str) -> tuple[Identifier, ...]:
    references = record.get("cfr_references") or ()
    parts = [[str(one[key]) for key in ("title", "part") if one.get(key)] for one in references]
    return identifiers(
        ("fr_document", number),
        *((scheme, record.pop(name, None)) for scheme, name in NUMBERED_BY.items()),
        *(("rin", value) for value in record.pop("regulation_id_numbers", None) or ()),
        *(("docket", value) for value in record.pop("docket_ids", None) or [record.get("docket_id")]),
        *(("cfr", " CFR ".join(part)) for part in parts),
    )


def _relations(record: dict[str, Any]) -> tuple[StatedRelation, ...]:
    found = [("corrects", record.pop("correction_of", None), "correction_of")]
    found += [("corrected_by", url, "corrections") for url in record.pop("corrections", None) or ()]
    return tuple(
        StatedRelation(
            relation=relation, target=Identifier(scheme="fr_document", value=_number_in(url)), field=field, quote=url
        )
        for relation, url, field in found
        if url
    )


def _number_in(url: str) -> str:
    return _without_query(url).rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")


def _attachments(record: dict[str, Any]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(title=name.removesuffix("_url"), url=_without_query(url), content_type=content_type)
        for name, content_type in FILES.items()
        if (url := record.pop(name, None))
    )


def _without_query(url: str) -> str:
    """The PDF of public inspection carries its posting time as a query, which moves without the document changing."""
    return url.split("?", maxsplit=1)[0]


def _stable(raw: dict[str, Any]) -> dict[str, Any]:
    stable = stated(raw, without=KNOWN.housekeeping)
    if url := stable.get("public_inspection_pdf_url"):
        stable["public_inspection_pdf_url"] = _without_query(url)
    return stable


class UsFederalRegisterSpider(SourceSpider):
    """Asks for months (about 2,500 documents), halves what paging cannot reach, and holds each day to its count."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """Official counts by day, then lists by month."""
        query = _window_query(self.window)
        yield self.ask(f"{API}/facets/daily?{urlencode(query)}", self.read_counts, purpose="count")
        for window in months(self.window):
            yield self._ask_list(window)

    def read_counts(self, response: Response) -> None:
        """Note what each day holds by the source's own count; days it does not name hold nothing."""
        counts = parse_daily_counts(response.body)
        for day in self.window.days():
            self.book.official_day(day, counts.get(day, 0))

    def read_list(self, response: Response, window: Window | None = None) -> Iterator[Request]:
        """Land a page and ask for the next; halve the `window` of a first page when paging could not reach its end."""
        answer = parse_answer(response.body)
        if window and window.since < window.until and (answer.official_count or 0) > REACHABLE:
            yield from map(self._ask_list, halves(window))
            return
        before = self.book.found_total
        self.keep(answer, response)
        if answer.next_url:
            require_progress(self.book.found_total - before, "documents")
            yield self.ask(answer.next_url, self.read_list, purpose="listing")

    def _ask_list(self, window: Window) -> Request:
        query = [*_window_query(window), *(("fields[]", name) for name in KNOWN.asked)]
        query += [("per_page", str(PAGE_SIZE)), ("order", "newest")]
        return self.ask(
            f"{API}.json?{urlencode(query)}", lambda response: self.read_list(response, window), purpose="listing"
        )


def _window_query(window: Window) -> list[tuple[str, str]]:
    return [
        ("conditions[publication_date][gte]", window.since.isoformat()),
        ("conditions[publication_date][lte]", window.until.isoformat()),
    ]
