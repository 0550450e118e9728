"""Regulations.gov: documents posted and changed on the days of a window, their dockets, comment periods, withdrawals.

Reads version 4 of the API, lists and details. Does not read submissions of the public, counts of them, or version 3.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape, UpstreamError, Window
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import mapping, numbered, read_records
from scrapers.families.regulations_gov import (
    EASTERN,
    PARSER_VERSION,
    SLUG,
    parse_docket,
    parse_document,
    parse_listed,
)
from scrapers.families.windows import require_progress
from scrapers.runtime.spider import SourceSpider, exchange_of

API = "https://api.regulations.gov/v4"
PAGE_SIZE = 250
MOST_PAGES = 20
DAYS_A_LIST = 28
POSTED, CHANGED = "postedDate", "lastModifiedDate"
OTHERS = {
    "comments": "submissions of the public",
    "document-comments-received-counts": "a count of submissions",
    "attachments": "attachments without their document",
    "agencies": "agencies",
    "agency-categories": "categories of an agency",
}
_ENVELOPE = frozenset(("data", "jsonapi", "links", "meta"))
"""What an answer says beside its record that is not of the record."""
_VERSION_3 = re.compile(
    rb'\{\s*"(?:totalNumRecords|allowLateComment|agencyAcronym|agencyName|agency|documents|fieldList)"'
)
"""How answers of version 3 begin; some of them name one key twice."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a list or one document or docket.

    Raises UpstreamError for errors; NotADocument for submissions of the public, counts, schemas and version 3;
    UnknownShape otherwise.
    """
    if _VERSION_3.match(body.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise NotADocument("expected an answer of version 4 of the API, got one of version 3, which is retired")
    answer = mapping(read_json(body), "/")
    if is_json_schema(answer):
        raise NotADocument("expected an answer of the API, got a description of it")
    if reported := answer.get("errors") or answer.get("error"):
        raise UpstreamError(f"the API reports: {str(reported)[:200]}")
    if "data" not in answer:
        raise _refusal(answer)
    data = answer["data"]
    if isinstance(data, list):
        return _read_list(data, mapping(answer.get("meta"), "meta"))
    record = mapping(data, "data")
    kind = _kind(record)
    record |= {name: value for name, value in answer.items() if name not in _ENVELOPE}
    return read_records(SLUG, {"/data": record}, parse_document if kind == "documents" else parse_docket)


def _read_list(data: list[Any], meta: dict[str, Any]) -> ParsedAnswer:
    kinds = {_kind(record) for record in data if isinstance(record, dict) and "type" in record}
    if len(kinds) > 1:
        raise UnknownShape(f"expected a list of one kind, got {', '.join(sorted(kinds))}")
    total = meta.get("totalElements")
    if total and not data and meta.get("pageNumber") == 1:
        raise UnknownShape(f"the answer counts {total} documents and holds none")
    parse = parse_docket if kinds == {"dockets"} else parse_listed
    return read_records(SLUG, numbered("/data", data), parse, count=total)


def _kind(record: dict[str, Any]) -> str:
    kind = record.get("type")
    if isinstance(kind, str) and kind in OTHERS:
        raise NotADocument(f"expected documents or dockets, got {OTHERS[kind]}")
    if kind not in ("documents", "dockets"):
        raise UnknownShape(f"expected documents or dockets, got {str(kind)[:40]!r}")
    return str(kind)


def _refusal(answer: dict[str, Any]) -> Exception:
    if "message" in answer:
        return UpstreamError(f"the service reports: {str(answer['message'])[:200]}")
    return UnknownShape(f"expected data, got keys {sorted(answer)[:8]}")


@dataclasses.dataclass
class Postings:
    """What was listed of some days, and how many the source counts."""

    official: int
    listed: set[str] = dataclasses.field(default_factory=set)
    unreadable: int = 0

    def add(self, answer: ParsedAnswer) -> None:
        """Note one page."""
        self.listed.update(one.document_id for one in answer.documents)
        self.unreadable += answer.record_count - len(answer.documents)


class UsRegulationsGovSpider(SourceSpider):
    """Asks for postings and for the changes of the window, and for details of what may matter by its title."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._dockets: set[str] = set()
        self._postings: dict[Window, Postings] = {}

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the postings of some days at a time, which are counted, and of the window's changes."""
        for span in self.window.cut(DAYS_A_LIST):
            yield self._ask_page(span, POSTED, 1, f"{span.since} 00:00:00")
        yield self._ask_page(self.window, CHANGED, 1, f"{self.window.since} 00:00:00")

    def read_page(self, response: Response, span: Window, field: str, page: int, since: str) -> Iterator[Request]:
        """Land what is new, ask for details of candidates, then for the next page."""
        answer = parse_answer(response.body)
        meta = mapping(mapping(read_json(response.body), "/").get("meta"), "meta")
        if answer.official_count is None or type(meta.get("hasNextPage")) is not bool:
            raise UnknownShape("expected totalElements and hasNextPage beside the list; its end is not known")
        if field == POSTED:
            self._postings.setdefault(span, Postings(answer.official_count)).add(answer)
        new = [document for document in answer.documents if document.document_id not in self._listed]
        self._listed.update(document.document_id for document in new)
        self._note_days(new)
        candidates = [document for document in new if self.is_candidate(document.title)]
        named = {document.document_id for document in candidates}
        left_out = tuple(document for document in new if document.document_id not in named)
        self.keep(answer.model_copy(update={"documents": left_out}), response)
        for document in candidates:
            yield self._ask_document(document)
        if not meta["hasNextPage"]:
            if field == POSTED:
                self._check_postings(span)
            return
        if page < MOST_PAGES:
            require_progress(answer.record_count, f"documents of {span.since} to {span.until}, page {page}")
            yield self._ask_page(span, field, page + 1, since)
        else:
            last = _last_change(answer)
            require_progress(int(last > since), f"documents up to {span.until} changed after {since}")
            yield self._ask_page(span, field, 1, last)

    def read_document(self, response: Response, listed: PolicyDocument) -> Iterator[Request]:
        """Land a document in full, and ask for its docket once."""
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.document_id != listed.document_id:
                raise UnknownShape(f"asked for document {listed.native_id}, got {document.native_id}")
        self.keep(answer, response)
        if not answer.documents:
            self.land(listed, exchange_of(response.request))
        named = (one.value for document in answer.documents for one in document.identifiers if one.scheme == "docket")
        for docket in named:
            if docket not in self._dockets:
                self._dockets.add(docket)
                yield self.ask(f"{API}/dockets/{docket}", self.read_docket, purpose="document", is_extra=True)

    def read_docket(self, response: Response) -> None:
        """Land a docket."""
        self.keep(parse_answer(response.body), response)

    def _note_days(self, documents: Iterable[PolicyDocument]) -> None:
        """What was posted in the window counts on that day, what was changed in it on the day of the last change."""
        for document in documents:
            posted = document.published_date
            is_posted = posted is not None and self.window.since <= posted <= self.window.until
            if not is_posted and document.updated_at is not None:
                self.book.listed_for(document.document_id, document.updated_at.astimezone(EASTERN).date())

    def _check_postings(self, span: Window) -> None:
        """As many postings must be listed as the source counts for these days; it counts none by the day."""
        postings = self._postings[span]
        listed = len(postings.listed) + postings.unreadable
        if listed != postings.official:
            self.book.fault(
                f"{span.since} to {span.until}: the source counts {postings.official} documents, we read {listed}"
            )

    def _ask_page(self, span: Window, field: str, page: int, since: str) -> Request:
        """A page of the documents of some days; filters on times are Eastern, without a zone."""
        if field == POSTED:
            filters = {"filter[postedDate][ge]": f"{span.since}", "filter[postedDate][le]": f"{span.until}"}
            if since != f"{span.since} 00:00:00":
                filters["filter[lastModifiedDate][ge]"] = since
        else:
            filters = {"filter[lastModifiedDate][ge]": since, "filter[lastModifiedDate][le]": f"{span.until} 23:59:59"}
        asked = {"sort": "lastModifiedDate,documentId", "page[size]": PAGE_SIZE, "page[number]": page}
        return self.ask(
            f"{API}/documents?{urlencode({**filters, **asked})}",
            lambda response: self.read_page(response, span, field, page, since),
            purpose="listing",
        )

    def _ask_document(self, listed: PolicyDocument) -> Request:
        return self.ask(
            f"{API}/documents/{listed.native_id}?include=attachments",
            lambda response: self.read_document(response, listed),
            purpose="document",
            fallback=listed,
        )


def _last_change(answer: ParsedAnswer) -> str:
    """The time of the last change that a page shows, as filters write it.

    Raises UnknownShape when it shows none.
    """
    times = [document.updated_at for document in answer.documents if document.updated_at is not None]
    if not times:
        raise UnknownShape("expected lastModifiedDate beside the documents of a long list, got none")
    return f"{max(times).astimezone(EASTERN):%Y-%m-%d %H:%M:%S}"
