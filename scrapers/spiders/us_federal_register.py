"""US Federal Register API v1: every document of a window, all fields, official counts by day.

Reads what https://www.federalregister.gov/developers/documentation/api/v1 describes and what recordings from 2015 to
2026 show: lists, single documents, comma-separated multi-gets and bare arrays. Does not fetch full text (that is
`us_govinfo_fr`) and does not judge relevance.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    RejectedRecord,
    StatedRelation,
    UnknownShape,
    UpstreamError,
    Window,
    content_sha256,
)
from scrapers.families.federal_register import document_id
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import rejected_record
from scrapers.families.text import clean, one_line, take, unread
from scrapers.runtime.spider import SourceSpider

SLUG = "us_federal_register"
PARSER_VERSION = "us_federal_register/1"
API = "https://www.federalregister.gov/api/v1/documents"
PAGE_SIZE = 1000
REACHABLE = 2000
"""Results of one search that paging is known to reach; a window that holds more is halved."""

FIELDS = (
    "abstract", "action", "agencies", "agency_names", "body_html_url", "cfr_references", "citation", "comment_url",
    "comments_close_on", "correction_of", "corrections", "dates", "disposition_notes", "docket_ids", "dockets",
    "document_number", "effective_on", "end_page", "executive_order_notes", "executive_order_number",
    "full_text_xml_url", "html_url", "json_url", "mods_url", "not_received_for_publication", "page_length", "pdf_url",
    "president", "presidential_document_number", "proclamation_number", "public_inspection_pdf_url",
    "publication_date", "raw_text_url", "regulation_id_number_info", "regulation_id_numbers",
    "regulations_dot_gov_url", "significant", "signing_date", "start_page", "subtype", "title", "toc_doc",
    "toc_subject", "topics", "type", "volume",
)  # fmt: skip
"""What is asked for."""

VOLATILE = ("page_views", "regulations_dot_gov_info", "images", "images_metadata", "excerpts")
"""Fields that move without the document changing: kept, never hashed, not asked for."""
AGENCY_FIELDS = ("name", "raw_name", "id", "slug", "parent_id", "url")
"""What of an agency's record an Organisation holds."""
KEPT = (*FIELDS, *VOLATILE, "docket_id")
"""Every name the API has shown between 2015 and 2026."""
_NUMBER_AND_DATE = re.compile(r"/documents/(\d{4})/(\d{2})/(\d{2})/([^/?]+)")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer of the documents API.

    Raises NotADocument for schemas, tables of contents, facets and search details; UpstreamError for error answers;
    UnknownShape otherwise.
    """
    value = read_json(body)
    if isinstance(value, list):
        return _read_records(value, official_count=None, next_url=None)
    if is_json_schema(value):
        raise NotADocument("expected documents, got a JSON schema")
    if "errors" in value or ("message" in value and "document_number" not in value):
        raise UpstreamError(f"the API reports: {value.get('message') or value.get('errors')}")
    if "results" in value:
        return _read_records(value["results"], value.get("count"), value.get("next_page_url"))
    if "document_number" in value:
        return _read_records([value], official_count=None, next_url=None)
    if "count" in value:
        if value["count"] == 0:
            return ParsedAnswer(official_count=0)
        raise UnknownShape(f"the answer counts {value['count']} documents but holds no results")
    if "agencies" in value:
        raise NotADocument("expected documents, got a table of contents by agency")
    if "suggestions" in value or "filters" in value:
        raise NotADocument("expected documents, got search details")
    if value and all(isinstance(facet, dict) and "count" in facet for facet in value.values()):
        raise NotADocument("expected documents, got counts by facet")
    raise UnknownShape(f"expected results or a document, got keys {sorted(value)[:8]}")


def parse_daily_counts(body: bytes) -> dict[date, int]:
    """Read `documents/facets/daily`: documents by publication day; days without documents are absent.

    Raises UnknownShape when a key is no date or a count is missing.
    """
    value = read_json(body)
    if not isinstance(value, dict):
        raise UnknownShape(f"expected counts by day, got {type(value).__name__}")
    try:
        return {date.fromisoformat(day): int(facet["count"]) for day, facet in value.items()}
    except (KeyError, TypeError, ValueError) as error:
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
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number, published),
        native_id=number,
        url=head["html_url"],
        title=one_line(head["title"], flags),
        abstract=clean(_unescaped(head["abstract"]), flags),
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
        source_fields={name: value for name, value in record.items() if value not in (None, [], {}, "")},
        unread_fields=unread(record, KEPT),
        content_sha256=content_sha256(_stable(raw)),
        parser_version=PARSER_VERSION,
    )


def _read_records(records: object, official_count: int | None, next_url: str | None) -> ParsedAnswer:
    if not isinstance(records, list):
        raise UnknownShape(f"expected a list of documents, got a {type(records).__name__}")
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    for position, record in enumerate(records):
        try:
            documents.append(parse_document(record))
        except (UnknownShape, ValidationError, TypeError, AttributeError, LookupError, ValueError) as error:
            rejected.append(rejected_record(SLUG, f"/results/{position}", error, record))
    try:
        return ParsedAnswer(
            documents=tuple(documents), rejected=tuple(rejected), official_count=official_count, next_url=next_url
        )
    except ValidationError as error:
        paging = f"{official_count!r} and {next_url!r}"
        raise UnknownShape(f"expected a number count and a text next_page_url, got {paging}") from error


def _identity(record: dict[str, Any]) -> tuple[str, date | None]:
    number = record.pop("document_number", None)
    day = record.pop("publication_date", None)
    if not number:
        raise UnknownShape("expected a document_number, got none; ask for it with fields[]")
    if day is None and (match := _NUMBER_AND_DATE.search(record.get("html_url") or "")):
        day = "-".join(match.groups()[:3])
    return str(number), date.fromisoformat(day) if day else None


def _publishers(record: dict[str, Any]) -> tuple[Organisation, ...]:
    """The agencies in their order; what else the source says of them stays in the record."""
    agencies = record.pop("agencies", None)
    if agencies is None:
        return tuple(Organisation(name=name) for name in record.pop("agency_names", None) or ())
    publishers = _organisations(agencies)
    if {*(record.get("agency_names") or ())} <= {publisher.name for publisher in publishers}:
        record.pop("agency_names", None)
    more = [{name: value for name, value in agency.items() if name not in AGENCY_FIELDS} for agency in agencies]
    if any(more):
        record["agencies"] = more
    return publishers


def _organisations(agencies: list[dict[str, Any]]) -> tuple[Organisation, ...]:
    return tuple(
        Organisation(
            name=agency.get("name") or agency["raw_name"],
            native_id=_text(agency.get("id")),
            slug=agency.get("slug"),
            parent_id=_text(agency.get("parent_id")),
            url=agency.get("url"),
            raw_name=agency.get("raw_name"),
        )
        for agency in agencies
    )


def _identifiers(record: dict[str, Any], number: str) -> tuple[Identifier, ...]:
    found = [("fr_document", number)]
    for scheme, name in (
        ("fr_citation", "citation"),
        ("eo", "executive_order_number"),
        ("proclamation", "proclamation_number"),
        ("presidential_document", "presidential_document_number"),
    ):
        value = record.pop(name, None)
        if value not in (None, "", 0):
            found.append((scheme, str(value)))
    found += [("rin", value) for value in record.pop("regulation_id_numbers", None) or ()]
    dockets = record.pop("docket_ids", None) or ([record["docket_id"]] if record.get("docket_id") else [])
    found += [("docket", value) for value in dockets]
    for reference in record.get("cfr_references") or ():
        parts = [str(reference[key]) for key in ("title", "part") if reference.get(key)]
        found.append(("cfr", " CFR ".join(parts)))
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in dict.fromkeys(found))


def _relations(record: dict[str, Any]) -> tuple[StatedRelation, ...]:
    stated = []
    if correction_of := record.pop("correction_of", None):
        stated.append(("corrects", correction_of, "correction_of"))
    stated += [("corrected_by", url, "corrections") for url in record.pop("corrections", None) or ()]
    return tuple(
        StatedRelation(
            relation=relation, target=Identifier(scheme="fr_document", value=_number_in(url)), field=field, quote=url
        )
        for relation, url, field in stated
    )


def _number_in(url: str) -> str:
    return url.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")


def _attachments(record: dict[str, Any]) -> tuple[Attachment, ...]:
    kinds = {
        "pdf_url": "application/pdf",
        "full_text_xml_url": "application/xml",
        "raw_text_url": "text/plain",
        "body_html_url": "text/html",
        "mods_url": "application/mods+xml",
        "public_inspection_pdf_url": "application/pdf",
    }
    urls = {name: record.pop(name, None) for name in kinds}
    return tuple(
        Attachment(title=name.removesuffix("_url"), url=_without_query(url), content_type=kinds[name])
        for name, url in urls.items()
        if url
    )


def _without_query(url: str) -> str:
    """The PDF of public inspection carries its posting time as a query, which moves without the document changing."""
    return url.split("?", maxsplit=1)[0]


def _stable(raw: dict[str, Any]) -> dict[str, Any]:
    stable = {name: value for name, value in raw.items() if name not in VOLATILE and value not in (None, "", [], {})}
    if url := stable.get("public_inspection_pdf_url"):
        stable["public_inspection_pdf_url"] = _without_query(url)
    return stable


def _unescaped(text: str | None) -> str | None:
    """Abstracts are plain text in which entities are left over."""
    return None if text is None else html.unescape(text)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class UsFederalRegisterSpider(SourceSpider):
    """Asks for months, halves what paging cannot reach, and holds each day against the official count."""

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

    def read_list(self, response: Response, window: Window) -> Iterator[Request]:
        """Land a page; halve the window when paging could not reach its end."""
        answer = parse_answer(response.body)
        count = answer.official_count
        if count is not None and count > REACHABLE and window.since < window.until:
            middle = window.since + (window.until - window.since) // 2
            yield self._ask_list(Window(since=window.since, until=middle))
            yield self._ask_list(Window(since=middle + timedelta(1), until=window.until))
            return
        self.keep(answer, response)
        if answer.next_url:
            if not answer.documents and not answer.rejected:
                raise UnknownShape("expected documents before a next page, got an empty page; paging would not end")
            yield self.ask(answer.next_url, lambda page: self.read_page(page, window), purpose="listing")

    def read_page(self, response: Response, window: Window) -> Iterator[Request]:
        """Land a following page."""
        answer = parse_answer(response.body)
        before = self.book.found_total
        self.keep(answer, response)
        if answer.next_url:
            if self.book.found_total == before:
                raise UnknownShape("expected new documents on a following page, got none; paging would not end")
            yield self.ask(answer.next_url, lambda page: self.read_page(page, window), purpose="listing")

    def _ask_list(self, window: Window) -> Request:
        query = [*_window_query(window), *(("fields[]", name) for name in FIELDS)]
        query += [("per_page", str(PAGE_SIZE)), ("order", "newest")]
        return self.ask(
            f"{API}.json?{urlencode(query)}", lambda response: self.read_list(response, window), purpose="listing"
        )


def _window_query(window: Window) -> list[tuple[str, str]]:
    return [
        ("conditions[publication_date][gte]", window.since.isoformat()),
        ("conditions[publication_date][lte]", window.until.isoformat()),
    ]


def months(window: Window) -> list[Window]:
    """Cut a window at the ends of months: a month of the Federal Register holds about 2,500 documents."""
    cut = []
    since = window.since
    while since <= window.until:
        next_month = (since.replace(day=1) + timedelta(32)).replace(day=1)
        until = min(window.until, next_month - timedelta(1))
        cut.append(Window(since=since, until=until))
        since = until + timedelta(1)
    return cut
