"""GOV.UK: every page published or changed in a window by the search API, candidates in full by the content API.

Reads search answers of 2014 to today (`facets`, later `aggregates`) and content items of every schema: redirects, gone
and withdrawn pages, finders, special routes, external content, publishers' payloads. Does not open attachments other
than HTML ones, and does not judge relevance.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

from scrapy.http import Request, Response

from scrapers.contracts import (
    Availability,
    NotADocument,
    ParsedAnswer,
    PolicyDocument,
    Refusal,
    UnknownShape,
    UpstreamError,
    Window,
)
from scrapers.families.govuk_attachments import SITE
from scrapers.families.govuk_content import KNOWN, PARSER_VERSION, SLUG, parse_hit, parse_item
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import Record, numbered, read_records
from scrapers.families.windows import halves, require_progress
from scrapers.families.wording import hash_of
from scrapers.runtime.spider import SourceSpider, exchange_of
from scrapers.runtime.told import EVERY_FIELD

SEARCH = f"{SITE}/api/search.json"
CONTENT = f"{SITE}/api/content"
PAGE_SIZE = 500
REACHABLE = 10_000
"""Hits of one search that paging can reach; a window that holds more is halved."""
MAX_LISTINGS = 3
"""How often a list that moved while it was read is read again from its start."""
MAX_CHILDREN = 10
"""HTML attachments of one page that are asked for; the ledger warns of pages with more."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer of the search API or the content API.

    Raises NotADocument for schemas and sets of links, UpstreamError for error answers, UnknownShape otherwise.
    """
    value = read_json(body)
    if isinstance(value, list):
        if not any(_is_item(one) for one in value):
            raise NotADocument("expected a list of content items, got a list of something else")
        return read_records(SLUG, numbered("", value), parse_item)
    if is_json_schema(value) or isinstance(value.get("properties"), dict):
        raise NotADocument("expected content, got a JSON schema")
    if isinstance(value.get("results"), list):
        if value.get("total") is None:
            raise UnknownShape("expected the total of the search, got none")
        return read_records(SLUG, numbered("/results", value["results"]), parse_hit, count=value["total"])
    if _is_item(value):
        return read_records(SLUG, numbered("", [value]), parse_item)
    if error := value.get("error") or value.get("errors") or value.get("message"):
        raise UpstreamError(f"the API reports: {str(error)[:200]}")
    if "links" in value:
        raise NotADocument("expected a content item, got only its links")
    raise UnknownShape(f"expected a content item or search results, got keys {sorted(value)[:8]}")


def _is_item(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(name), str) for name in ("document_type", "schema_name")):
        return True
    return "title" in value and any(value.get(name) for name in ("base_path", "content_id"))


@dataclass
class _Listing:
    """One window's list while it is read page by page."""

    window: Window
    attempt: int = 1
    start: int = 0
    rejected: int = 0
    links: set[str] = field(default_factory=set)

    @property
    def found(self) -> int:
        """Different hits so far."""
        return len(self.links) + self.rejected


class UkGovukSpider(SourceSpider):
    """Lists the window, asks the content API for candidates, follows redirects once and opens HTML attachments."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._totals: dict[Window, int] = {}
        self._judged: set[str] = set()
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the window."""
        yield self._ask_list(_Listing(self.window))

    def read_list(self, response: Response, listing: _Listing) -> Iterator[Request]:
        """Land a page, ask for its candidates and for the next page; halve a window that paging cannot reach."""
        answer = parse_answer(response.body)
        total = answer.official_count
        if total is None:
            raise UnknownShape("expected search results with a total, got another answer")
        if total > REACHABLE and listing.start == 0:
            self._totals.pop(listing.window, None)
            yield from (self._ask_list(_Listing(half)) for half in halves(listing.window))
            return
        self._totals[listing.window] = total
        self.book.official_total = sum(self._totals.values())
        yield from self._take_page(answer, response, listing)
        if listing.start < total:
            yield self._ask_list(listing)
        elif listing.found != total:
            yield self._list_again(listing, total)

    def _take_page(self, answer: ParsedAnswer, response: Response, listing: _Listing) -> Iterator[Request]:
        before = listing.found
        listing.start += answer.record_count
        listing.rejected += answer.record_count - len(answer.documents)
        listing.links.update(_link_of(document) for document in answer.documents)
        if (answer.official_count or 0) > listing.found:
            require_progress(listing.found - before, "hits")
        if listing.attempt == 1:
            self.keep(ParsedAnswer(rejected=answer.rejected), response)
        for document in answer.documents:
            yield from self._take_hit(document, response)

    def _take_hit(self, hit: PolicyDocument, response: Response) -> Iterator[Request]:
        if _link_of(hit) in self._judged:
            return
        self._judged.add(_link_of(hit))
        if self.is_candidate(hit.title, hit.abstract) and _path_of(hit):
            yield from self._ask_document(hit, follow=True, fallback=hit)
        else:
            self.land(hit, exchange_of(response.request))

    def _list_again(self, listing: _Listing, total: int) -> Request:
        if listing.attempt == MAX_LISTINGS:
            raise UnknownShape(
                f"the source counts {total} hits, its pages held {listing.found}, {MAX_LISTINGS} times over"
            )
        return self._ask_list(_Listing(listing.window, attempt=listing.attempt + 1))

    def read_document(self, response: Response, listed: PolicyDocument, follow: bool) -> Iterator[Request]:
        """Land what the content API says about a listed page."""
        exchange = exchange_of(response.request)
        if 300 <= response.status < 400:
            location = (response.headers.get("Location") or b"").decode("latin-1").strip()
            yield from self._moved(response, listed, location, follow)
            return
        if response.status in (404, 410):
            self.land(_gone(listed, response.body), exchange, joined=EVERY_FIELD)
            return
        answer = parse_answer(response.body)
        if not answer.documents:
            self.keep(answer, response)
            self.land(listed, exchange)
            return
        self.keep(ParsedAnswer(rejected=answer.rejected), response)
        document = answer.documents[0]
        if document.availability is Availability.REDIRECTED:
            yield from self._moved(response, listed, document.redirects_to, follow)
        elif document.availability is Availability.GONE:
            self.land(_gone(listed, response.body), exchange, joined=EVERY_FIELD)
        else:
            self.land(document, exchange)
            yield from self._ask_children(document) if follow else ()

    def _ask_children(self, document: PolicyDocument) -> Iterator[Request]:
        children = _child_pages(document)
        if len(children) > MAX_CHILDREN:
            self.book.warn(
                f"{document.url} has {len(children)} HTML attachments, the first {MAX_CHILDREN} were asked for: the "
                "others are named in its attachments only"
            )
        for child in children[:MAX_CHILDREN]:
            yield from self._ask_document(child, follow=False, fallback=child)

    def _moved(self, response: Response, listed: PolicyDocument, target: str | None, follow: bool) -> Iterator[Request]:
        path = self._own_path(target)
        moved = _marked(listed, Availability.REDIRECTED, redirects_to=path or target or None)
        self.land(moved, exchange_of(response.request), joined=EVERY_FIELD)
        if follow and path:
            page = parse_hit(Record({"link": re.split(r"[?#]", path)[0]}))
            yield from self._ask_document(page, follow=False, fallback=None)

    def _own_path(self, target: str | None) -> str | None:
        """What names a target on GOV.UK itself, path, query and fragment; None elsewhere."""
        address, mark, fragment = (target or "").partition("#")
        try:
            url = self.official_url(urljoin(f"{SITE}/", address)) if address else ""
        except ValueError:
            return None
        return url and url.removeprefix(CONTENT).removeprefix(SITE) + mark + fragment

    def _ask_document(
        self, listed: PolicyDocument, *, follow: bool, fallback: PolicyDocument | None
    ) -> Iterator[Request]:
        path = _path_of(listed)
        if path is None or path in self._asked:
            return
        self._asked.add(path)
        yield self.ask(
            f"{CONTENT}{path}",
            lambda response: self.read_document(response, listed, follow),
            purpose="document",
            also_read=(301, 302, 303, 307, 308, 404, 410),
            fallback=fallback,
        )

    def _ask_list(self, listing: _Listing) -> Request:
        window = listing.window
        query = {
            "filter_public_timestamp": f"from:{window.since.isoformat()},to:{window.until.isoformat()}",
            "order": "-public_timestamp",
            "count": PAGE_SIZE,
            "start": listing.start,
            "fields": ",".join(KNOWN["hit"].asked),
        }
        # Pages of the list go before documents: the less time between two pages, the less the list moves under them.
        return self.ask(
            f"{SEARCH}?{urlencode(query)}",
            lambda response: self.read_list(response, listing),
            purpose="listing",
            priority=1,
        )


def _link_of(document: PolicyDocument) -> str:
    return document.url or document.native_id


def _path_of(document: PolicyDocument) -> str | None:
    """The path to ask the content API for; None for pages elsewhere."""
    paths = (known.value for known in document.identifiers if known.scheme == "govuk_path")
    return next((re.split(r"[?#]", path)[0] for path in paths), None)


def _child_pages(document: PolicyDocument) -> list[PolicyDocument]:
    """The HTML attachments of a page that are pages of their own below it, as far as their parent describes them."""
    below = f"{SITE}{_path_of(document)}/"
    children = [child for child in document.attachments if child.url.startswith(below)]
    links = [Record({"link": child.url.removeprefix(SITE), "title": child.title}) for child in children]
    return [parse_hit(link) for link in links]


def _gone(listed: PolicyDocument, body: bytes) -> PolicyDocument:
    """A listed page that is gone, with the reason where the answer gives one."""
    try:
        said = next(iter(parse_answer(body).documents), None)
    except Refusal:
        said = None
    if said is None:
        return _marked(listed, Availability.GONE)
    return _marked(listed, Availability.GONE, redirects_to=said.redirects_to, note=said.withdrawal_note)


def _marked(
    document: PolicyDocument, availability: Availability, redirects_to: str | None = None, note: str | None = None
) -> PolicyDocument:
    """A listed document of which the content API says that it has moved or gone; it keeps its id and its title."""
    said = [document.content_sha256, availability, redirects_to, note]
    changes = {"availability": availability, "redirects_to": redirects_to, "withdrawal_note": note}
    return document.model_copy(update={**changes, "content_sha256": hash_of(said)})
