"""Downloader middlewares: archive first, decode strictly, keep each host's budget and robots.txt, know a block page.

Each closes a gap of the defaults that was measured: Retry-After ignored, robots.txt 5xx taken as permission, a gzip
body cut in half accepted without a flag.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import zlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import SystemRandom
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from scrapers.contracts import BlockPage, Truncated
from scrapers.keys import scrubbed
from scrapers.runtime.archive import ArchivedAnswer
from scrapers.runtime.block_pages import wall_of
from scrapers.runtime.book import Exchange
from scrapers.runtime.budget import BudgetLost, host_budget
from scrapers.runtime.spider import SourceSpider, text_of_body

RETRY_AFTER_CAP_SECONDS = 600
LONGEST_BACK_OFF_SECONDS = 60.0
MAX_ROBOTS_REDIRECTS = 5
PARTIAL_CONTENT = 206
MAX_STREAMS = 64
"""Streams that follow each other in one compressed body; each costs a copy of all that is behind it."""
MAX_RATIO, RATIO_COUNTS_FROM = 250, 1_000_000
"""How many times its size a body may grow to, from how many bytes on; lists and pages that repeat themselves grow to 50
times theirs, and nothing in gzip to more than 1032."""
UNENCODED = ("", "identity")
KEY_MARK = "X-Aipolicy-Scrubbed"
"""Header of an archived answer that held the key of its source; the source itself does not send it."""
NOTHING_ALLOWED = b"User-agent: *\nDisallow: /"


def source_spider(crawler: Crawler) -> SourceSpider:
    """The crawl's spider, which holds its book and its archive."""
    assert isinstance(crawler.spider, SourceSpider)
    return crawler.spider


class ArchiveMiddleware:
    """Writes every exchange to the WARC and the book, before anything else sees the answer."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Open the book's row."""
        spider = source_spider(self._crawler)
        request.meta["exchange"] = spider.book.exchange(
            request.method,
            request.meta.get("official_url") or spider.official_url(request.url),
            request.meta.get("purpose", "robots"),
            request.meta.get("retry_times", 0) + 1,
            text_of_body(request.body),
        )

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the answer as it came, but for our own key, and pass on what was archived."""
        spider = source_spider(self._crawler)
        assert spider.archive is not None
        response = without_key(response, spider.book.key, spider.config.bounds.max_body_bytes)
        row: Exchange = request.meta["exchange"]
        row.ended_at = spider.book.clock()
        row.http_status = response.status
        row.body_bytes = len(response.body)
        row.outcome = "ok" if response.status < 300 else "http_error"
        headers = tuple((name, value) for name, value in _header_pairs(response) if name.lower() != "transfer-encoding")
        written = spider.archive.write(
            row.url,
            request.method,
            {
                name.decode(): scrubbed(b",".join(values).decode("latin-1"), spider.book.key)
                for name, values in request.headers.items()
            },
            scrubbed(request.body.decode("latin-1"), spider.book.key).encode("latin-1"),
            ArchivedAnswer(response.status, headers, response.body),
            row.ended_at,
        )
        row.warc_file, row.warc_offset = spider.archive.path.name, written.offset
        row.payload_sha256, row.body_in = written.sha256, written.body_in
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note an exchange that ended without an answer."""
        row: Exchange | None = request.meta.get("exchange")
        if row is not None and not isinstance(exception, IgnoreRequest):
            row.ended_at = source_spider(self._crawler).book.clock()
            row.outcome = "network_error"
            row.message = f"{type(exception).__name__}: {exception}"


def without_key(response: Response, key: str | None, limit: int) -> Response:
    """The answer without the key that was sent with the question, which some servers echo; marked where it held it.

    Raises nothing: a body whose encoding cannot be undone cannot be searched, so words of ours are in its place; it is
    refused by whoever decodes it, as it would have been.
    """
    if key is None:
        return response
    encoding = headers_of(response).get("Content-Encoding", "").strip().lower()
    headers = [(name, scrubbed(value, key)) for name, value in _header_pairs(response)]
    try:
        told = response.body if encoding in UNENCODED else decode_body(response.body, encoding, limit)
    except Truncated as error:
        why = f"{error}; left out, since it may hide our key"
        words = f"{why}; SHA-256 of its {len(response.body)} bytes: {hashlib.sha256(response.body).hexdigest()}"
        return _marked(response, _without(headers, "content-length"), why, words.encode())
    body = scrubbed(told.decode("latin-1"), key).encode("latin-1")
    if body != told:
        headers = _without(headers, "content-encoding", "content-length")
        return _marked(response, headers, "our key was taken out", body)
    if headers == _header_pairs(response):
        return response
    return _marked(response, _without(headers, "content-length"), "our key was taken out", response.body)


def _without(headers: Iterable[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].lower() not in names]


def _marked(response: Response, headers: Iterable[tuple[str, str]], mark: str, body: bytes) -> Response:
    marked = Headers()
    for name, value in (*headers, ("Content-Length", str(len(body))), (KEY_MARK, mark)):
        marked.appendlist(name, value)
    return response.replace(headers=marked, body=body)


class StrictDecodingMiddleware:
    """Undoes gzip and deflate, whole or not at all; all else is refused (we ask for gzip only, and for no parts).

    A body cut short of its Content-Length or of its last chunk never comes here: its download failed. One that states
    neither ends with its connection (RFC 9112 section 6.3), and is held to be whole unless its parser finds it cut.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Decode, or ask again when the bytes end too early."""
        encoding = b",".join(response.headers.getlist("Content-Encoding")).strip().lower()
        try:
            body = whole_body(response.status, response.body, encoding.decode("latin-1"), self._limit)
        except Truncated as fault:
            return self._again(request, fault)
        if body is response.body:
            return response
        decoded = response.replace(body=body)
        del decoded.headers["Content-Encoding"]
        return decoded

    def _again(self, request: Request, fault: Truncated) -> Request:
        row: Exchange = request.meta["exchange"]
        row.outcome, row.message = "refused:Truncated", str(fault)
        again = get_retry_request(request, spider=source_spider(self._crawler), reason="truncated")
        if again is None:
            raise IgnoreRequest(str(fault)) from fault
        return again


def whole_body(status: int, body: bytes, encoding: str, limit: int) -> bytes:
    """The body of an answer without its content encoding.

    Raises Truncated where it is a part, since no part is ever asked for, and where `decode_body` does.
    """
    if status == PARTIAL_CONTENT:
        raise Truncated(f"expected a whole answer, got HTTP {status}: a part, which was not asked for")
    return body if encoding in UNENCODED else decode_body(body, encoding, limit)


def decode_body(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo one content encoding strictly.

    Raises Truncated when the stream ends early or is damaged, would grow past `limit` bytes or `MAX_RATIO` times its
    size, or has more than `MAX_STREAMS` parts.
    """
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Truncated(f"expected gzip or no encoding, got {encoding!r}; it was not asked for and is not decoded")
    limit = min(limit, max(RATIO_COUNTS_FROM, MAX_RATIO * len(body)))
    window_bits = zlib.MAX_WBITS | 16 if "gzip" in encoding else zlib.MAX_WBITS
    out = bytearray()
    rest = body
    for _ in range(MAX_STREAMS if body else 0):
        decoder = zlib.decompressobj(window_bits)
        try:
            out += decoder.decompress(rest, limit + 1 - len(out))
        except zlib.error as error:
            raise Truncated(f"damaged {encoding} body: {error}") from error
        if len(out) > limit:
            raise Truncated(f"{encoding} body grows past {limit} bytes")
        if not decoder.eof:
            raise Truncated(f"{encoding} body of {len(body)} bytes ends before its stream does")
        rest = decoder.unused_data
        if not rest:
            break
    if rest:
        raise Truncated(f"expected at most {MAX_STREAMS} {encoding} streams in a body, got more")
    return bytes(out)


class HostBudgetMiddleware:
    """Asks a host no more often than its budget allows, which all crawls share, and leaves it alone for as long as it
    asks one of them; one that asks for longer than the cap is left alone for the rest of the crawl, and so is one whose
    budget nobody can tell.

    Before an attempt that is not the first, the host is left alone ever longer, whatever made the one before it fail.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._budget = host_budget(Path(crawler.settings["HOST_BUDGETS"]))
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._closed: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for a turn; refuse when the host may not be asked in this crawl."""
        host = self._host(request)
        try:
            if attempts := request.meta.get("retry_times", 0):
                self._budget.hold(host, self._back_off(attempts))
            while host not in self._closed:
                wait = self._slot_opens(request) - time.time()
                if wait <= 0 and not (wait := self._budget.take(host, self._delay)):
                    return
                if wait <= RETRY_AFTER_CAP_SECONDS:
                    await asyncio.sleep(wait)
                else:
                    self._closed[host] = f"{host} has asked another crawl to be left alone for longer than our cap"
        except BudgetLost as lost:
            self._closed[host] = str(lost)
        raise IgnoreRequest(f"not asked any more: {self._closed[host]}")

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how long the host asks us to wait."""
        wait = retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        if response.status in (429, 503) and wait is not None:
            host = self._host(request)
            try:
                self._budget.hold(host, wait)
            except BudgetLost as lost:
                self._closed[host] = str(lost)
                raise IgnoreRequest(self._closed[host]) from lost
            if wait > RETRY_AFTER_CAP_SECONDS:
                self._closed[host] = (
                    f"{request.url} asks to come back in {wait:.0f} s, over our cap of {RETRY_AFTER_CAP_SECONDS} s"
                )
                raise IgnoreRequest(self._closed[host])
        return response

    def _host(self, request: Request) -> str:
        """The host that is meant, also where a stand-in answers for it."""
        return urlsplit(source_spider(self._crawler).official_url(request.url)).netloc

    def _back_off(self, attempts: int) -> float:
        """Twice the delay, doubled by each attempt; half as much again at most, lest crawls come back together."""
        return min(self._delay * 2.0**attempts, LONGEST_BACK_OFF_SECONDS) * SystemRandom().uniform(1.0, 1.5)

    def _slot_opens(self, request: Request) -> float:
        """When Scrapy itself would send the request: a host that answers slowly is asked more slowly."""
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        return slot.lastseen + slot.delay if slot is not None else 0.0


def retry_after_seconds(value: bytes | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110 section 10.2.3): seconds or a date; None when absent, past or garbage.

    The form of asctime names no zone: dates of HTTP are in GMT.
    """
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return seconds if seconds > 0 else None


class StrictRobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt by RFC 9309: unreachable or 5xx means nothing may be fetched; 4xx means everything may.

    Redirects are followed on the source's own hosts; one that leads elsewhere or nowhere leaves the file unreachable.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        for _ in range(MAX_ROBOTS_REDIRECTS):
            target = self._redirect_target(response)
            if target is None:
                break
            asked = Request(target, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
            assert self.crawler.engine is not None
            response = await self.crawler.engine.download_async(asked)
        if 300 <= response.status < 400 or response.status == 429 or response.status >= 500:
            self._unreachable[netloc] = f"HTTP {response.status}"
            response = response.replace(body=NOTHING_ALLOWED)
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _redirect_target(self, response: Response) -> str | None:
        """Where an answer sends us among the hosts of the source; None when it sends us nowhere, or elsewhere."""
        location = (response.headers.get("Location") or b"").decode("latin-1").strip()
        if not 300 <= response.status < 400 or not location:
            return None
        spider = source_spider(self.crawler)
        try:
            return spider.fetched_url(spider.official_url(urljoin(response.url, location)))
        except ValueError:
            return None

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what is forbidden; where nobody could say, say that."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refusal:
            why = self._unreachable.get(request.url.split("/")[2])
            if why is None:
                raise
            raise IgnoreRequest(f"robots.txt could not be fetched: {why}") from refusal

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = f"{type(exc).__name__}: {exc}"
        waiting = self._parsers[netloc]
        nothing = build_from_crawler(self._parserimpl, self.crawler, NOTHING_ALLOWED)
        self._parsers[netloc] = nothing
        waiting.callback(nothing)  # type: ignore[union-attr]  # a Deferred until answered, as in the base class


class BlockPageMiddleware:
    """Takes a wall for a wall, whatever its status says."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuse block pages before a spider can read them as an empty answer.

        In place of robots.txt only a wall beyond doubt counts: other pages there forbid nothing (RFC 9309).
        """
        wall = wall_of(response.body, headers_of(response), response.status)
        is_robots = "purpose" not in request.meta
        if wall is not None and (wall.is_certain or not is_robots):
            row: Exchange = request.meta["exchange"]
            row.outcome = f"refused:{BlockPage.__name__}"
            row.message = f"the answer is a block page: {wall.name}"
            raise IgnoreRequest(
                f"BlockPage: {request.url} answered with a block page (HTTP {response.status}, {wall.name})"
            )
        return response


def headers_of(response: Response) -> dict[str, str]:
    """Headers as text, those given twice joined by a comma."""
    return {name.decode("latin-1"): b",".join(values).decode("latin-1") for name, values in response.headers.items()}


class OneOfEachMiddleware:
    """Lets one request of each kind through: all that a check of the contract asks of a source.

    A kind is a purpose at a host, as the spider names it or, by itself, as the place in its code that asks.
    """

    def __init__(self) -> None:
        self._asked: set[tuple[str, str, str | None]] = set()

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Of the first requests."""
        async for request in start:
            if self._is_first(request):
                yield request

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Of those that follow from an answer."""
        async for request in result:
            if self._is_first(request):
                yield request

    def _is_first(self, request: Request) -> bool:
        kind = (request.meta["purpose"], urlsplit(request.url).netloc, request.meta["kind"])
        is_first = kind not in self._asked
        self._asked.add(kind)
        return is_first


def _header_pairs(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
