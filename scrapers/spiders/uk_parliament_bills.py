"""Bills before the UK Parliament: the list by last update, and in full those that may matter, with their stages.

Reads the list and single bills of https://bills-api.parliament.uk, and joins stages and publications to a bill. Does
not read amendments, sittings, news or the RSS feeds of the same API.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape, UpstreamError
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import mapping, numbered, read_records
from scrapers.families.uk_bills import PARSER_VERSION, SLUG, parse_bill, updated_day
from scrapers.families.windows import require_progress
from scrapers.runtime.spider import SourceSpider, exchange_of
from scrapers.runtime.told import EVERY_FIELD, Told

API = "https://bills-api.parliament.uk/api/v1/Bills"
PAGE_SIZE = 100
SEARCHED = "artificial intelligence"
"""Asked of the API's own search, for bills whose short title does not say it."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a list of bills or one bill.

    Raises UpstreamError for errors told inside an answer; NotADocument for what else the API answers (stages, sittings,
    publications, amendments, types, feeds, its description); UnknownShape otherwise.
    """
    value = _answer(body)
    if "billId" in value and "publications" not in value and "billStageId" not in value:
        return read_records(SLUG, {"": value}, parse_bill)
    if "items" not in value:
        if "id" in value or "publications" in value or "pingPongItems" in value:
            raise NotADocument(f"expected bills, got another record of the API with {sorted(value)[:8]}")
        raise UnknownShape(f"expected a bill or items, got keys {sorted(value)[:8]}")
    items = numbered("/items", value["items"])
    objects = [item for item in items.values() if isinstance(item, dict)]
    if objects and not any("shortTitle" in item or "isAct" in item for item in objects):
        raise NotADocument(f"expected a list of bills, got a list of records with {sorted(objects[0])[:8]}")
    return read_records(SLUG, items, parse_bill, count=value.get("totalResults"))


def parse_stages(body: bytes) -> tuple[list[Any], int]:
    """Read a page of the stages of a bill, and how many there are.

    Raises what `parse_answer` raises, and UnknownShape for anything else than stages.
    """
    value = _answer(body)
    items, total = value.get("items"), value.get("totalResults")
    if not isinstance(items, list) or type(total) is not int:
        raise UnknownShape(f"expected the stages of a bill under items and their number, got keys {sorted(value)[:8]}")
    return items, total


def parse_publications(body: bytes, number: str) -> list[Any]:
    """Read the publications of the bill of that number.

    Raises what `parse_answer` raises, and UnknownShape for anything else than publications of that bill.
    """
    value = _answer(body)
    if str(value.get("billId")) != number or not isinstance(value.get("publications"), list):
        raise UnknownShape(f"expected publications of bill {number}, got keys {sorted(value)[:8]}")
    publications: list[Any] = value["publications"]
    return publications


def parse_joined(detail: bytes, stages: list[Any] | None = None, publications: list[Any] | None = None) -> ParsedAnswer:
    """Read one bill with what else the API tells of it in answers of its own."""
    joined = {"stages": stages, "publications": publications}
    whole = {**_answer(detail), **{name: part for name, part in joined.items() if part is not None}}
    return read_records(SLUG, {"": whole}, parse_bill)


def _answer(body: bytes) -> dict[str, Any]:
    value = mapping(read_json(body), "/")
    if is_json_schema(value):
        raise NotADocument("expected an answer of the Bills API, got a description of it")
    if "billId" not in value and "items" not in value and ("status" in value or "error" in value or "message" in value):
        said = value.get("title") or value.get("detail") or value.get("error") or value.get("message")
        raise UpstreamError(f"the API reports {value.get('status', 'an error')}: {str(said)[:200]}")
    return value


class UkParliamentBillsSpider(SourceSpider):
    """Pages through the bills, the last touched first, down to the first day of the window."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._left_out: dict[str, PolicyDocument] = {}

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the list; the search follows its last page."""
        yield self._ask_page(0)

    def read_page(self, response: Response, start: int) -> Iterator[Request]:
        """Land what was touched in the window, ask for candidates, then for the next page."""
        answer = parse_answer(response.body)
        total = answer.official_count
        if total is None or not (total and answer.record_count):
            raise UnknownShape(f"expected bills and their number, got {answer.record_count} of {total}")
        new = [bill for bill in answer.documents if bill.document_id not in self._listed]
        self._listed.update(bill.document_id for bill in new)
        touched = [bill for bill in new if self._is_of_the_window(bill)]
        for bill in touched:
            if day := updated_day(bill):
                self.book.listed_for(bill.document_id, day)
        candidates = {bill.document_id: bill for bill in touched if self.is_candidate(bill.title, _former(bill))}
        left_out = {bill.document_id: bill for bill in touched if bill.document_id not in candidates}
        self._left_out.update(left_out)
        self.keep(answer.model_copy(update={"documents": tuple(left_out.values())}), response)
        for bill in candidates.values():
            yield self._ask_bill(bill)
        reached, oldest = start + answer.record_count, _oldest(answer)
        if reached < total and (oldest is None or oldest >= self.window.since):
            require_progress(len(new), f"bills after {start} of {total}")
            yield self._ask_page(reached)
        else:
            yield self._ask_search(0)

    def read_search(self, response: Response, start: int) -> Iterator[Request]:
        """Ask for bills that the titles alone left out."""
        answer = parse_answer(response.body)
        for bill in answer.documents:
            if listed := self._left_out.pop(bill.document_id, None):
                self.reconsider()
                yield self._ask_bill(listed)
        reached = start + answer.record_count
        if reached < (answer.official_count or 0):
            require_progress(answer.record_count, f"bills with {SEARCHED!r} after {start}")
            yield self._ask_search(reached)

    def read_bill(self, response: Response, listed: PolicyDocument) -> Iterator[Request]:
        """Ask for the stages of a bill; land its line of the list when it cannot be read."""
        answer = parse_answer(response.body)
        for bill in answer.documents:
            if bill.document_id != listed.document_id:
                raise UnknownShape(f"asked for bill {listed.native_id}, got {bill.native_id}")
        if not answer.documents:
            self.keep(answer, response)
            self.land(listed, exchange_of(response.request))
            return
        yield self._ask_stages(answer.documents[0], response.body, [])

    def read_stages(
        self, response: Response, bill: PolicyDocument, detail: bytes, before: list[Any]
    ) -> Iterator[Request]:
        """Gather the stages, then ask for the publications."""
        items, total = parse_stages(response.body)
        stages = before + items
        (with_stages,) = parse_joined(detail, stages).documents
        if len(stages) < total:
            require_progress(len(items), f"stages of bill {bill.native_id}")
            yield self._ask_stages(bill, detail, stages, self.so_far(with_stages))
            return
        yield self.ask(
            f"{API}/{bill.native_id}/Publications",
            lambda response: self.read_publications(response, bill, detail, stages),
            purpose="document",
            fallback=with_stages,
            told=self.so_far(with_stages),
        )

    def read_publications(self, response: Response, bill: PolicyDocument, detail: bytes, stages: list[Any]) -> None:
        """Land the bill with all that was told of it."""
        joined = parse_joined(detail, stages, parse_publications(response.body, bill.native_id))
        self.keep(joined, response, joined=EVERY_FIELD)

    def _is_of_the_window(self, bill: PolicyDocument) -> bool:
        day = updated_day(bill)
        return day is None or self.window.since <= day <= self.window.until

    def _ask_page(self, start: int) -> Request:
        asked = {"SortOrder": "DateUpdatedDescending", "Skip": start, "Take": PAGE_SIZE}
        return self.ask(
            f"{API}?{urlencode(asked)}", lambda response: self.read_page(response, start), purpose="listing"
        )

    def _ask_search(self, start: int) -> Request:
        asked = {"SearchTerm": SEARCHED, "SortOrder": "DateUpdatedDescending", "Skip": start, "Take": PAGE_SIZE}
        return self.ask(
            f"{API}?{urlencode(asked)}",
            lambda response: self.read_search(response, start),
            purpose="listing",
            is_extra=True,
        )

    def _ask_bill(self, listed: PolicyDocument) -> Request:
        return self.ask(
            f"{API}/{listed.native_id}",
            lambda response: self.read_bill(response, listed),
            purpose="document",
            fallback=listed,
        )

    def _ask_stages(self, bill: PolicyDocument, detail: bytes, before: list[Any], told: Told | None = None) -> Request:
        asked = {"Skip": len(before), "Take": PAGE_SIZE}
        return self.ask(
            f"{API}/{bill.native_id}/Stages?{urlencode(asked)}",
            lambda response: self.read_stages(response, bill, detail, before),
            purpose="document",
            fallback=bill,
            told=told,
        )


def _former(bill: PolicyDocument) -> str | None:
    former = bill.source_fields.get("formerShortTitle")
    return former if isinstance(former, str) else None


def _oldest(answer: ParsedAnswer) -> date | None:
    return min((day for bill in answer.documents if (day := updated_day(bill))), default=None)
