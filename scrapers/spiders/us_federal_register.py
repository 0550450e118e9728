"""US Federal Register API v1: every document of a window, all fields, official counts by day; and what lies open to
public inspection, filed and not published yet.

Reads what https://www.federalregister.gov/developers/documentation/api/v1 describes and what recordings from 2015 to
2026 show: lists, single documents, comma-separated multi-gets, bare arrays and filings. Does not fetch full text (that
is `us_govinfo_fr`) and does not judge relevance.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Availability,
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
)
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.federal_register import document_id, document_number
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import (
    Record,
    identifiers,
    numbered,
    read_records,
    refuse_foreign,
    rejected_record,
    stated,
    text_of,
)
from scrapers.families.text import as_text, clean, one_line, web_address
from scrapers.families.windows import halves, months, require_progress
from scrapers.families.wording import hash_of
from scrapers.registry import KnownFields, source
from scrapers.runtime.spider import SourceSpider

SLUG = "us_federal_register"
PARSER_VERSION = "us_federal_register/9"
API = "https://www.federalregister.gov/api/v1/documents"
FILINGS = "https://www.federalregister.gov/api/v1/public-inspection-documents"
PAGE_SIZE = 1000
LIST = "documents"
"""The kind of answer that lists what is published, of all its pages."""
REACHABLE = 2000
"""Results of one search that paging is known to reach; a window that holds more is halved."""

KNOWN = source(SLUG).known_fields["document"]
KNOWN_FILING = source(SLUG).known_fields["filing"]
NUMBERED_BY = {
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
OF_DOCUMENTS = frozenset(("title", "publication_date", "filed_at"))
"""Fields that documents have and those other answers have not."""
_OFFICIAL_NUMBER = re.compile(r"(?:No\.? *)?([0-9]{1,6}[A-Z]?(?:-[0-9A-Z]{1,4})*)")
_SERIES_NUMBER = re.compile(r"[A-Z]{2,6}-[0-9]{1,4}")
"""A number of a series of presidential memoranda, e.g. NSPM-33."""
_DATED_PATH = re.compile(r"/documents/(\d{4})/(\d{2})/(\d{2})/")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer with documents, published or filed for public inspection.

    Raises NotADocument for schemas, tables of contents, facets and search details; UpstreamError for error answers;
    UnknownShape otherwise. Documents that a multi-get did not find are rejected records beside those it found.
    """
    return _read_answer(read_json(body))


def _read_answer(value: Any) -> ParsedAnswer:
    if isinstance(value, list):
        if not value:
            raise NotADocument("expected documents, got an empty list, which tells nothing of whose it is")
        documents = numbered("/results", value)
        refuse_foreign(documents, ("document_number",), "documents")
        return read_records(SLUG, documents, _parse_record)
    if is_json_schema(value):
        raise NotADocument("expected documents, got a JSON schema")
    if _is_error(value):
        raise UpstreamError(f"the API reports: {value.get('message') or value.get('errors') or value.get('error')}")
    if "document_number" in value:
        return read_records(SLUG, numbered("/results", [value]), _parse_record)
    if "results" in value or value.get("count") == 0:
        return _read_page(value)
    for name, found in NEIGHBOURS.items():
        if name in value and OF_DOCUMENTS.isdisjoint(value):
            raise NotADocument(f"expected documents, got {found}")
    if value and all(map(_is_facet, value.values())):
        raise NotADocument("expected documents, got counts by facet")
    raise UnknownShape(f"expected results, or a document with document_number, got keys {sorted(value)[:8]}")


def _is_out_of_reach(value: Any) -> bool:
    """Whether an answer counts more documents than paging reaches; its first page alone is of no use, and not read."""
    count = value.get("count") if isinstance(value, dict) and value.get("results") else None
    return type(count) is int and count > REACHABLE


def _is_error(value: dict[str, Any]) -> bool:
    """Whether an answer only tells errors; one that has documents as well is read, and its errors are set aside."""
    if value.get("errors"):
        return not value.get("results")
    return "document_number" not in value and ("message" in value or "error" in value)


def _is_facet(value: object) -> bool:
    if not isinstance(value, dict) or type(value.get("count")) is not int:
        return False
    return not any(isinstance(inner, dict | list) for inner in value.values())


def parse_daily_counts(body: bytes) -> dict[date, int]:
    """Read `documents/facets/daily`: documents by publication day; days without documents are absent.

    Raises UnknownShape when a key is no date or a count is missing.
    """
    value = read_json(body)
    try:
        return {date.fromisoformat(day): int(facet["count"]) for day, facet in value.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnknownShape(f"expected counts by day, got {str(value)[:80]}") from error


def _parse_record(record: Record) -> PolicyDocument:
    """Read a document record by its kind: a filing bears the number of a document that is not published yet."""
    return parse_filing(record) if "filed_at" in record else parse_document(record)


def parse_document(record: Record) -> PolicyDocument:
    """Read one published document, whatever fields were asked for.

    Raises UnknownShape without a document number, and ValueError on a publication date that names no day: they are its
    identity. Any other field that is not what the API promises is null, kept raw and told as a fault of the record.
    """
    flags: set[str] = set()
    hashed = hash_of(_stable(record, KNOWN))
    number = _take_number(record)
    url = record.address("html_url")
    published = _take_publication_day(record, url)
    abstract = record.text("abstract")
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number, published),
        native_id=number,
        url=url,
        title=one_line(record.text("title"), flags),
        abstract=clean(abstract and html.unescape(abstract), flags),
        document_type=record.text("type"),
        document_subtype=record.text("subtype"),
        action=clean(record.text("action"), flags),
        publishers=_publishers(record),
        identifiers=_identifiers(record, number),
        published_date=published,
        signed_date=record.day("signing_date"),
        effective_date=record.day("effective_on"),
        comments_close_date=record.day("comments_close_on"),
        dates_note=clean(record.text("dates"), flags),
        disposition_notes=clean(record.text("disposition_notes") or record.text("executive_order_notes"), flags),
        relations=_relations(record),
        attachments=_attachments(record),
        subjects=record.texts("topics"),
        is_significant=record.take("significant", _yes_or_no),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_filing(record: Record) -> PolicyDocument:
    """Read one document filed for public inspection; its publication date is a plan and stays in the record.

    Raises UnknownShape without a document number. One that was withdrawn has neither day; its note says why.
    """
    flags: set[str] = set()
    hashed = hash_of(_stable(record, KNOWN_FILING))
    number = _take_number(record)
    is_withdrawn = record.get("filed_at") is None and record.get("publication_date") is None
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number, None),
        native_id=number,
        availability=Availability.WITHDRAWN if is_withdrawn else Availability.FILED,
        url=record.address("html_url"),
        title=one_line(record.text("title"), flags),
        document_type=record.text("type"),
        publishers=_publishers(record),
        identifiers=identifiers(
            ("fr_document", number), *(("docket", docket) for docket in record.texts("docket_numbers"))
        ),
        filed_at=record.take("filed_at", lambda value: iso_instant(as_text(value))),
        withdrawal_note=clean(record.text("editorial_note"), flags) if is_withdrawn else None,
        attachments=_attachments(record),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN_FILING),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _read_page(value: dict[str, Any]) -> ParsedAnswer:
    next_url = value.get("next_page_url")
    if not isinstance(next_url, str | None):
        raise UnknownShape(f"expected a text next_page_url, got {str(next_url)[:80]}")
    records = numbered("/results", value.get("results", []))
    if "count" not in value and not records:
        raise NotADocument(f"expected a page of documents, got keys {sorted(value)[:8]}")
    if "description" not in value:
        refuse_foreign(records, ("document_number",), "documents")
    answer = read_records(SLUG, records, _parse_record, count=value.get("count"), next_url=next_url)
    reported = tuple(_reported_errors(value.get("errors")))
    return answer.model_copy(update={"rejected": answer.rejected + reported})


def _reported_errors(errors: object) -> Iterator[RejectedRecord]:
    """What an answer reports beside its documents, an error each: {"not_found": ["2026-99999"]} of a multi-get."""
    for kind, said in errors.items() if isinstance(errors, dict) else {"errors": errors}.items():
        for entry in said if isinstance(said, list) else [said] if said else []:
            error = UpstreamError(f"expected a document, got {kind} for {str(entry)[:80]!r}; ask for it alone")
            yield rejected_record(SLUG, f"/errors/{kind}", error, entry)


def _take_number(record: Record) -> str:
    printed = record.get("document_number")
    number = document_number(printed)
    if number == printed:
        del record["document_number"]
    return number


def _take_publication_day(record: Record, url: str | None) -> date | None:
    """The day as stated, else as the document's address has it."""
    stated_day = record.pop("publication_date", None) or None
    match = _DATED_PATH.search(url or "") if stated_day is None else None
    if match:
        return iso_day("-".join(match.groups()))
    return None if stated_day is None else iso_day(stated_day)


def _publishers(record: Record) -> tuple[Organisation, ...]:
    """The agencies in their order; what else the source says of them stays in the record."""
    names = record.texts("agency_names")
    agencies = record.attempt("agencies", lambda: list(record.blocks("agencies")))
    if not agencies:
        return tuple(Organisation(name=name) for name in names)
    publishers = tuple(filter(None, map(_take_organisation, agencies)))
    record["agencies"] = [agency.left() for agency in agencies]
    if not any(record["agencies"]):
        del record["agencies"]
    if not {*names} <= {publisher.name for publisher in publishers}:
        record["agency_names"] = list(names)
    return publishers


def _take_organisation(agency: Record) -> Organisation | None:
    said = dict(agency)
    names = [agency.text("name"), agency.text("raw_name")]
    name = names[0] or names[1]
    if not name:
        agency.update(said)
        agency.set_aside("name", "expected an agency with a name or a raw_name, got neither", value=said)
        return None
    return Organisation(
        name=name,
        native_id=agency.take("id", text_of),
        slug=agency.text("slug"),
        parent_id=agency.take("parent_id", text_of),
        url=agency.address("url"),
        raw_name=names[1],
    )


def _identifiers(record: Record, number: str) -> tuple[Identifier, ...]:
    return identifiers(
        ("fr_document", number),
        ("fr_citation", record.text("citation")),
        *((scheme, record.take(name, partial(_official_number, scheme))) for scheme, name in NUMBERED_BY.items()),
        *(("rin", value) for value in record.texts("regulation_id_numbers")),
        *(("docket", value) for value in record.texts("docket_ids") or (record.read("docket_id", as_text),)),
        *(("cfr", part) for part in record.attempt("cfr_references", lambda: _cfr_parts(record)) or ()),
    )


def _official_number(scheme: str, value: object) -> str:
    """A number given as such, as text or as a number that spreadsheets have passed through: 14110, "14110", 14110.0.

    "No." before it is no part of it. Only numbers of other presidential documents may name their series: NSPM-33.
    """
    if type(value) is float and value.is_integer():
        value = int(value)
    text = str(value) if type(value) is int else as_text(value)
    if scheme == "presidential_document" and _SERIES_NUMBER.fullmatch(text):
        return text
    match = _OFFICIAL_NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"expected a number such as 14110, '13526-A' or '2024-05', got {text[:40]!r}")
    return match[1]


def _cfr_parts(record: Record) -> list[str]:
    references = record.blocks("cfr_references")
    parts = [[str(one[key]) for key in ("title", "part") if one.get(key)] for one in references]
    return [" CFR ".join(part) for part in parts]


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, got {str(value)[:40]!r}")
    return value


def _relations(record: Record) -> tuple[StatedRelation, ...]:
    corrected = record.take("correction_of", lambda url: [_relation("corrects", "correction_of", url)])
    corrections = record.take("corrections", _corrections)
    return (*(corrected or ()), *(corrections or ()))


def _corrections(urls: object) -> list[StatedRelation]:
    return [_relation("corrected_by", "corrections", url) for url in numbered("/corrections", urls).values()]


def _relation(relation: str, field: str, value: object) -> StatedRelation:
    """A relation to the document whose address is given."""
    url = web_address(value)
    number = _without_query(url).rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")
    target = Identifier(scheme="fr_document", value=document_number(number))
    return StatedRelation(relation=relation, target=target, field=field, quote=url)


def _attachments(record: Record) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(title=name.removesuffix("_url"), url=_without_query(url), content_type=content_type)
        for name, content_type in FILES.items()
        if (url := record.address(name))
    )


def _without_query(url: str) -> str:
    """The PDF of public inspection carries its posting time as a query, which moves without the document changing."""
    return url.split("?", maxsplit=1)[0]


def _stable(raw: dict[str, Any], known: KnownFields) -> dict[str, Any]:
    stable = stated(raw, without=known.housekeeping)
    if isinstance(url := stable.get("public_inspection_pdf_url"), str):
        stable["public_inspection_pdf_url"] = _without_query(url)
    if isinstance(number := stable.get("document_number"), str):
        stable["document_number"] = document_number(number)
    return stable


class UsFederalRegisterSpider(SourceSpider):
    """Asks for months (about 2,500 documents), halves what paging cannot reach, and holds each day to its count."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """Official counts by day, then lists by month, and what lies open to inspection now."""
        query = _window_query(self.window)
        yield self.ask(f"{API}/facets/daily?{urlencode(query)}", self.read_counts, purpose="count")
        for window in months(self.window):
            yield self._ask_list(window)
        if address := self._filings_address():
            yield self.ask(address, self.read_filings, purpose="listing", is_extra=True)

    def _filings_address(self) -> str | None:
        """Filings are asked for when the window reaches the present: older ones have been published or withdrawn.

        The present of a stand-in is the end of the window.
        """
        if self.window.until >= _civil_day(self.book.started_at):
            return f"{FILINGS}/current.json"
        query = {"conditions[available_on]": self.window.until.isoformat()}
        return f"{FILINGS}.json?{urlencode(query)}" if self.book.is_stand_in else None

    def read_filings(self, response: Response) -> None:
        """Land what is filed; no page follows, and the official counts by day know nothing of it."""
        answer = parse_answer(response.body)
        if answer.official_count not in (None, answer.record_count):
            self.book.warn(f"the source counts {answer.official_count} filings, its list holds {answer.record_count}")
        self.keep(answer, response)

    def read_counts(self, response: Response) -> None:
        """Note what each day holds by the source's own count; days it does not name hold nothing."""
        counts = parse_daily_counts(response.body)
        for day in self.window.days():
            self.book.official_day(day, counts.get(day, 0))

    def read_list(self, response: Response, window: Window | None = None) -> Iterator[Request]:
        """Land a page and ask for the next; halve the `window` of a first page when paging could not reach its end."""
        value = read_json(response.body)
        if window and window.since < window.until and _is_out_of_reach(value):
            yield from map(self._ask_list, halves(window))
            return
        answer = _read_answer(value)
        before = self.book.found_total
        self.keep(answer, response)
        if answer.next_url:
            require_progress(self.book.found_total - before, "documents")
            yield self.ask(answer.next_url, self.read_list, purpose="listing", kind=LIST)

    def _ask_list(self, window: Window) -> Request:
        query = [*_window_query(window), *(("fields[]", name) for name in KNOWN.asked)]
        query += [("per_page", str(PAGE_SIZE)), ("order", "newest")]
        return self.ask(
            f"{API}.json?{urlencode(query)}",
            lambda response: self.read_list(response, window),
            purpose="listing",
            kind=LIST,
        )


def _civil_day(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(source(SLUG).time_zone)).date()


def _window_query(window: Window) -> list[tuple[str, str]]:
    return [
        ("conditions[publication_date][gte]", window.since.isoformat()),
        ("conditions[publication_date][lte]", window.until.isoformat()),
    ]
