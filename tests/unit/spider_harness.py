"""Drives a spider without Scrapy's engine: requests are answered by a function, the book is kept as in a crawl."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from scrapy.http import Request, TextResponse

from scrapers.contracts import CrawlLedger, FileSeal, LandedRecord, Window
from scrapers.keys import key_of
from scrapers.registry import source
from scrapers.runtime.book import Book
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.spider import SourceSpider, text_of_body

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOST_REQUESTS = 200

Answer = Callable[[Request], bytes | int]
"""The body of an answer, or the status of one without a body."""


@dataclass(frozen=True)
class Driven:
    """What a driven crawl asked, landed and says of itself."""

    asked: list[Request]
    landed: list[LandedRecord]
    ledger: CrawlLedger


def where_read(driven: Driven, native_id: str) -> dict[str, str]:
    """The address of the answer that each field of a document was read from, or each statement or part of one."""
    asked = {fetch.fetch_id: fetch.url for fetch in driven.ledger.fetches}
    line = next(one for one in driven.landed if one.document and one.document.native_id == native_id)
    others = {
        f"{one.field}{f' {one.quote}' * bool(one.quote)}{f' to {one.ends}' * bool(one.ends)}": asked[one.fetch_id]
        for one in line.read_from
    }
    return {"": asked[line.fetch_id], **others}


def drive(
    spider: type[SourceSpider], folder: Path, answer: Answer, since: date, until: date, *, is_stand_in: bool = True
) -> Driven:
    """Run a spider to its end; raises AssertionError when it does not come to one."""
    made = make(spider, folder, since, until, is_stand_in=is_stand_in)
    book = made.book
    asked = _answer_all(made, book, answer)
    ledger = book.seal(FileSeal(name="none", bytes=0, sha256="0" * 64, records=0), made._landing.seal())
    lines = (folder / "landing.jsonl").read_text().splitlines()
    return Driven(asked, [LandedRecord.model_validate_json(line) for line in lines], ledger)


def make(
    spider: type[SourceSpider], folder: Path, since: date, until: date, *, is_stand_in: bool = True
) -> SourceSpider:
    """A spider that has asked nothing yet."""
    vocabulary = folder / "terms.csv"
    vocabulary.write_text("term,pattern,valid_from,valid_to,note\nAI,\\bAI\\b,,,\n")
    gate = CandidateGate(vocabulary)
    config, window = source(spider.name), Window(since=since, until=until)
    book = Book("crawl-1", "run-1", config, window, gate.vocabulary_sha256, spider.parser_version, NOW, lambda: NOW)
    book.key, book.is_stand_in = key_of(config), is_stand_in
    landing = LandingWriter(folder / "landing.jsonl")
    return spider(config, window, book, gate, landing, {})


def _answer_all(spider: SourceSpider, book: Book, answer: Answer) -> list[Request]:
    waiting = deque(asyncio.run(_started(spider)))
    asked: list[Request] = []
    while waiting:
        request = waiting.popleft()
        asked.append(request)
        assert len(asked) <= MOST_REQUESTS, "the spider asks without end"
        body = text_of_body(request.body)
        request.meta["exchange"] = book.exchange(request.method, request.url, request.meta["purpose"], 1, body)
        assert request.callback is not None
        said = answer(request)
        status, content = (said, b"") if isinstance(said, int) else (200, said)
        assert status == 200 or status in request.meta["handle_httpstatus_list"], f"HTTP {status} for {request.url}"
        waiting.extend(request.callback(TextResponse(request.url, status, body=content, request=request)))
    return asked


async def _started(spider: SourceSpider) -> list[Request]:
    return [request async for request in spider.start() if isinstance(request, Request)]
