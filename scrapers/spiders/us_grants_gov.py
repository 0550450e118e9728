"""Grants.gov: every funding opportunity listed by search2, details of those that may matter by fetchOpportunity.

Reads the answers of https://www.grants.gov/api with and without their envelope. Does not read the daily bulk extract
(that is `us_grants_gov_extract`) or the SOAP services, and does not judge relevance.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape, UpstreamError
from scrapers.families.grants_gov import KNOWN, PARSER_VERSION, SLUG, parse_hit, parse_opportunity
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import mapping, numbered, read_records
from scrapers.families.windows import require_progress, require_whole
from scrapers.runtime.spider import Callback, SourceSpider, exchange_of

API = "https://api.grants.gov/v1/api"
PAGE_SIZE = 500
STATUSES = "forecasted|posted|closed"
"""What is listed; archived opportunities, six times as many, are left out."""
SEARCHED = ('"artificial intelligence"', '"super intelligence"')
"""Phrases asked of the full-text search; without quotes it finds either word. Federal texts of Executive Order 14434
and after say the second for the first."""
NEIGHBOURS = {
    re.compile(rb"PK\x03\x04"): "a zip file; the bulk extract is read as us_grants_gov_extract",
    re.compile(
        rb"<.*apply\.grants\.gov/system/OpportunityDetail", re.DOTALL
    ): "the bulk extract; it is read as us_grants_gov_extract",
    re.compile(rb"<.*(?:xmlsoap\.org/soap/|w3\.org/2003/05/soap-)envelope", re.DOTALL): "a SOAP message",
    re.compile(rb'"?[A-Za-z]\w*"?(?:,"?[A-Za-z]\w*"?)+\r?\n'): "a table (CSV), such as of Simpler.Grants.gov",
}
"""Other formats of the same house, by how they begin."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read an answer of search2 or fetchOpportunity, in its envelope or bare.

    Raises UpstreamError for errors told inside an answer; NotADocument for requests, the bulk extract, SOAP, tables and
    schemas; UnknownShape otherwise.
    """
    head = body[:4_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, found in NEIGHBOURS.items():
        if pattern.match(head):
            raise NotADocument(f"expected an API answer, got {found}")
    value = mapping(read_json(body), "/")
    if is_json_schema(value):
        raise NotADocument("expected an answer of search2 or fetchOpportunity, got a description of the API")
    if value and set(value) <= KNOWN["request"].names:
        raise NotADocument("expected an answer of search2 or fetchOpportunity, got the body of a request")
    data = _unwrap(value)
    _refuse_reported(data)
    if "oppHits" in data or "hitCount" in data:
        return _read_hits(data)
    if "id" in data and ("opportunityNumber" in data or "opportunityTitle" in data):
        return read_records(SLUG, {"/data": data}, parse_opportunity)
    raise UnknownShape(f"expected oppHits or an opportunity, got keys {sorted(data)[:8]}")


def _unwrap(value: dict[str, Any]) -> dict[str, Any]:
    if "errorcode" in value and str(value["errorcode"]) != "0":
        raise UpstreamError(f"the API reports error {value['errorcode']}: {value.get('msg')}")
    if "errorcode" in value or "data" in value:
        if not value.get("data"):
            raise UpstreamError(f"the API answers without data: {value.get('msg')}")
        return mapping(value["data"], "data")
    reported = next((value[name] for name in ("message", "error", "errors", "fault") if value.get(name)), None)
    if reported and "id" not in value:
        raise UpstreamError(f"the API reports: {reported}")
    return value


def _refuse_reported(data: dict[str, Any]) -> None:
    """Refuse an answer that tells errors; beside hits or an opportunity they are said of a part of it."""
    messages = data.get("errorMsgs") or data.get("errorMessages")
    if messages and not (data.get("oppHits") or data.get("id")):
        raise UpstreamError(f"the API reports: {str(messages)[:300]}")


def _read_hits(data: dict[str, Any]) -> ParsedAnswer:
    count = data.get("hitCount")
    if count and data.get("oppHits") is None:
        raise UnknownShape(f"the answer counts {count} opportunities but holds no oppHits")
    return read_records(SLUG, numbered("/data/oppHits", data.get("oppHits") or []), parse_hit, count=count)


class UsGrantsGovSpider(SourceSpider):
    """Pages through all that is listed, and asks for the details of what may matter by its title or by its text.

    The list shows no text, so the service's own search over texts names what titles alone would leave out.
    """

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._left_out: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the list; searches follow its last page."""
        yield self._ask_page(0)

    def read_page(self, response: Response, start: int) -> Iterator[Request]:
        """Land what is new on a page, ask for details of candidates, then for the next page."""
        answer, total = _page(response.body)
        require_whole(self.book.official_total, total, "opportunities")
        self.book.official_total = total
        new = [hit for hit in answer.documents if hit.document_id not in self._listed]
        self._listed.update(hit.document_id for hit in new)
        candidates = {hit.document_id: hit for hit in new if self.is_candidate(hit.title)}
        left_out = tuple(hit for hit in new if hit.document_id not in candidates)
        self._left_out.update(hit.document_id for hit in left_out)
        self.keep(answer.model_copy(update={"documents": left_out}), response)
        for hit in candidates.values():
            yield self._ask_detail(hit)
        reached = start + answer.record_count
        if reached < total:
            require_progress(len(new), f"opportunities after {start} of {total}")
            yield self._ask_page(reached)
        else:
            yield from (self._ask_search(phrase, 0) for phrase in SEARCHED)

    def read_search(self, response: Response, phrase: str, start: int, seen: frozenset[str]) -> Iterator[Request]:
        """Ask for details of what the title alone left out; what is not on the list is left to the next crawl."""
        answer, total = _page(response.body)
        found = seen | {hit.document_id for hit in answer.documents}
        for hit in answer.documents:
            if hit.document_id in self._left_out:
                self._left_out.discard(hit.document_id)
                self.reconsider()
                yield self._ask_detail(hit)
        reached = start + answer.record_count
        if reached < total:
            require_progress(len(found) - len(seen), f"opportunities with {phrase} after {start} of {total}")
            yield self._ask_search(phrase, reached, found)

    def read_detail(self, response: Response, hit: PolicyDocument) -> None:
        """Land the details of one opportunity; its line of the list when they cannot be read."""
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.document_id != hit.document_id:
                raise UnknownShape(f"asked for opportunity {hit.native_id}, got {document.native_id}")
        self.keep(answer, response)
        if not answer.documents:
            self.land(hit, exchange_of(response.request))

    def _ask_page(self, start: int) -> Request:
        return self._ask_hits("", start, lambda response: self.read_page(response, start))

    def _ask_search(self, phrase: str, start: int, seen: frozenset[str] = frozenset()) -> Request:
        return self._ask_hits(phrase, start, lambda response: self.read_search(response, phrase, start, seen))

    def _ask_hits(self, keyword: str, start: int, callback: Callback) -> Request:
        asked = {"rows": PAGE_SIZE, "startRecordNum": start, "oppStatuses": STATUSES, "keyword": keyword}
        return self.ask(
            f"{API}/search2",
            callback,
            purpose="listing",
            json={**asked, "sortBy": "openDate|desc"},
            is_extra=bool(keyword),
        )

    def _ask_detail(self, hit: PolicyDocument) -> Request:
        return self.ask(
            f"{API}/fetchOpportunity",
            lambda response: self.read_detail(response, hit),
            purpose="document",
            json={"opportunityId": int(hit.native_id)},
            fallback=hit,
        )


def _page(body: bytes) -> tuple[ParsedAnswer, int]:
    """A page of a list, and how many hits the list counts."""
    answer = parse_answer(body)
    if answer.official_count is None:
        raise UnknownShape("expected hitCount beside oppHits, got none; the end of the list is not known")
    return answer, answer.official_count
