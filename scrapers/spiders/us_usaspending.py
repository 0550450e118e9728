"""USAspending: awards of the US Government about AI, found by words, signed or changed in the window.

Reads spending_by_award, spending_by_award_count and awards in full of https://api.usaspending.gov. Does not read
sub-awards, transactions, accounts or the bulk files, and does not judge relevance.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape, UpstreamError
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import mapping, numbered, read_records
from scrapers.families.usaspending import KNOWN, PARSER_VERSION, SLUG, parse_award, parse_line
from scrapers.families.windows import require_progress
from scrapers.runtime.spider import SourceSpider, exchange_of

API = "https://api.usaspending.gov/api/v2"
PAGE_SIZE = 100
KEYWORDS = (
    "artificial intelligence",
    "super intelligence",
    "machine learning",
    "deep learning",
    "neural network",
    "large language model",
    "generative AI",
    "foundation model",
    "computer vision",
    "natural language processing",
    "autonomous systems",
)
"""What is asked for, one or the other; the service looks through descriptions and the names of programmes and
products. Everything awarded would be millions of awards a year."""
GROUPS = {
    "contracts": ("A", "B", "C", "D"),
    "idvs": ("IDV_A", "IDV_B", "IDV_B_A", "IDV_B_B", "IDV_B_C", "IDV_C", "IDV_D", "IDV_E"),
    "grants": ("02", "03", "04", "05"),
    "loans": ("07", "08"),
    "direct_payments": ("06", "10"),
    "other": ("09", "11", "-1"),
}
"""Types of awards by what the count calls them; one search takes types of one group only."""
DATE_TYPES = ("date_signed", "last_modified_date")
"""Either falls into the window: agencies report up to 90 days after they sign."""
LINE = ("generated_internal_id", "internal_id")
NO_AWARD = ("Sub-Award ID", "Sub-Award Amount", "Mod", "Action Date", "Transaction Amount", "Transaction Description")
"""Names of lines of sub-awards, and of single transactions of an award, which bear the award's id."""
NEIGHBOURS = (
    "page_metadata", "toptier_code", "download_request", "file_url", "recipient_id", "fiscal_year", "category",
    "fiscal_years", "monthly_obligations", "federal_account_count", "messages",
)  # fmt: skip
"""Names by which other answers of the same API are known."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a page of a search for awards, the count of one, or an award in full.

    Raises UpstreamError for errors told inside an answer; NotADocument for the API's other answers (transactions,
    funding, recipients, agencies, accounts, downloads, sub-awards), requests and schemas; UnknownShape otherwise.
    """
    value = read_json(body)
    if isinstance(value, list):
        raise NotADocument("expected an answer about awards, got a bare list, as of references")
    value = mapping(value, "/")
    if is_json_schema(value):
        raise NotADocument("expected an answer about awards, got a description of the API")
    if "generated_unique_award_id" in value or ({"total_obligation", "period_of_performance"} <= set(value)):
        return read_records(SLUG, {"": value}, parse_award)
    results = value.get("results")
    reported = next((value[name] for name in ("detail", "message", "error", "errors") if value.get(name)), None)
    if reported and results is None:
        raise UpstreamError(f"the API reports: {str(reported)[:300]}")
    if isinstance(results, dict) and {"contracts", "grants"} <= set(results):
        return ParsedAnswer(official_count=_sum(results))
    if "filters" in value and "results" not in value:
        raise NotADocument("expected an answer about awards, got the body of a request")
    if _is_search(value):
        return _read_page(value)
    if isinstance(results, list | dict) or set(NEIGHBOURS) & set(value):
        raise NotADocument(f"expected an answer about awards, got another of the API, with {sorted(value)[:8]}")
    raise UnknownShape(f"expected results of a search or an award, got keys {sorted(value)[:8]}")


def _is_search(value: dict[str, Any]) -> bool:
    """Whether these are results of a search for awards; empty ones are known by how they are paged."""
    results = value.get("results")
    if not isinstance(results, list) or set(value) - KNOWN["page"].names:
        return False
    lines = [line for line in results if isinstance(line, dict)]
    if any(name in line for line in lines for name in NO_AWARD):
        return False
    return "limit" in value if not lines else any(name in line for line in lines for name in LINE)


def _read_page(value: dict[str, Any]) -> ParsedAnswer:
    mapping(value.get("page_metadata"), "page_metadata")
    return read_records(SLUG, numbered("/results", value["results"]), parse_line)


def _sum(counts: dict[str, Any]) -> int:
    if not all(type(count) is int for count in counts.values()):
        raise UnknownShape(f"expected whole numbers of awards, got {str(counts)[:120]}")
    return sum(counts.values())


class UsUsaspendingSpider(SourceSpider):
    """Asks how many awards there are, pages through them group by group, and for what may matter in full."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The count, which names the groups that hold any."""
        asked = {"filters": self._filters(), "spending_level": "awards"}
        yield self.ask(f"{API}/search/spending_by_award_count/", self.read_count, purpose="count", json=asked)

    def read_count(self, response: Response) -> Iterator[Request]:
        """Note the count, and ask for the first page of each group that has awards."""
        self.book.official_total = parse_answer(response.body).official_count
        counts = mapping(mapping(read_json(response.body), "/").get("results"), "results")
        if unknown := sorted(set(counts) - set(GROUPS)):
            raise UnknownShape(f"expected counts of {', '.join(GROUPS)}, got also {', '.join(unknown)}")
        for group, count in counts.items():
            if count:
                yield self._ask_page(group, 1, {})

    def read_page(self, response: Response, group: str, page: int) -> Iterator[Request]:
        """Land a page but for candidates, ask for those in full, and for the next page."""
        answer = parse_answer(response.body)
        new = [line for line in answer.documents if line.document_id not in self._listed]
        self._listed.update(line.document_id for line in new)
        candidates = {line.document_id: line for line in new if self.is_candidate(line.title, line.abstract)}
        left_out = tuple(line for line in new if line.document_id not in candidates)
        self.keep(answer.model_copy(update={"documents": left_out}), response)
        for line in candidates.values():
            yield self._ask_award(line)
        paged = mapping(read_json(response.body), "/").get("page_metadata") or {}
        if paged.get("hasNext"):
            require_progress(len(new), f"{group} after page {page}")
            cursor = {name: paged.get(name) for name in ("last_record_unique_id", "last_record_sort_value")}
            yield self._ask_page(group, page + 1, {name: value for name, value in cursor.items() if value is not None})

    def read_award(self, response: Response, line: PolicyDocument) -> None:
        """Land one award in full; its line of the search when it cannot be read."""
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.document_id != line.document_id:
                raise UnknownShape(f"asked for award {line.native_id}, got {document.native_id}")
        self.keep(answer, response)
        if not answer.documents:
            self.land(line, exchange_of(response.request))

    def _filters(self) -> dict[str, Any]:
        span = {"start_date": self.window.since.isoformat(), "end_date": self.window.until.isoformat()}
        return {"keywords": list(KEYWORDS), "time_period": [{**span, "date_type": kind} for kind in DATE_TYPES]}

    def _ask_page(self, group: str, page: int, cursor: dict[str, Any]) -> Request:
        asked = {
            "filters": {**self._filters(), "award_type_codes": list(GROUPS[group])},
            "fields": list(KNOWN["line"].asked),
            "spending_level": "awards",
            "sort": "Award ID",
            "order": "asc",
            "limit": PAGE_SIZE,
            "page": page,
            **cursor,
        }
        return self.ask(
            f"{API}/search/spending_by_award/",
            lambda response: self.read_page(response, group, page),
            purpose="listing",
            json=asked,
        )

    def _ask_award(self, line: PolicyDocument) -> Request:
        return self.ask(
            f"{API}/awards/{quote(line.native_id, safe='')}/",
            lambda response: self.read_award(response, line),
            purpose="document",
            fallback=line,
        )
