"""Parse archived bytes again, without the network: the way a fixed parser or a widened vocabulary reaches history.

The spider runs as in the crawl, but its questions are answered from the WARC. Run id, fetch times and first-seen times
come from the ledger, never from the clock, so an unchanged parser lands the same records. The archive and its
ledger are never written.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.contracts import BlockPage, CrawlLedger, FetchOutcome, Truncated
from scrapers.crawl import VOCABULARY, spider_class
from scrapers.durable import seal_fault, write_whole
from scrapers.registry import source
from scrapers.runtime.archive import read_answer
from scrapers.runtime.block_pages import is_block_page
from scrapers.runtime.book import Book, Exchange
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.middlewares import decode_body
from scrapers.runtime.spider import NotArchived, SourceSpider


class DamagedArchive(Exception):
    """An archive file is not what its ledger sealed; nothing of it is replayed."""


def ledgers_of(home: Path, slug: str, since: date | None = None) -> list[CrawlLedger]:
    """The ledgers of a source's crawls, oldest first, optionally only those whose window reaches past a day."""
    files = sorted((home / "archive" / slug).glob("*.ledger.json"))
    ledgers = [CrawlLedger.model_validate_json(file.read_bytes()) for file in files]
    return [ledger for ledger in ledgers if since is None or ledger.window.until >= since]


def replay_crawl(home: Path, ledger: CrawlLedger, vocabulary: Path = VOCABULARY) -> CrawlLedger:
    """Replay one crawl into a new landing file and manifest; returns the manifest.

    Raises DamagedArchive when the archive file was cut, changed or lost.
    """
    slug = ledger.source_id
    warc = home / "archive" / slug / ledger.archive.name
    fault = seal_fault(warc, ledger.archive.bytes, ledger.archive.sha256)
    if fault is not None:
        raise DamagedArchive(fault)
    gate = CandidateGate(vocabulary)
    spider_type = spider_class(slug)
    book = Book(
        crawl_id=ledger.crawl_id,
        run_id=ledger.run_id,
        source=source(slug),
        window=ledger.window,
        vocabulary_sha256=gate.vocabulary_sha256,
        parser_version=spider_type.parser_version,
        started_at=ledger.started_at,
        clock=lambda: ledger.ended_at,
        is_stand_in=ledger.is_stand_in,
        exchanges=[_as_asked(fetch) for fetch in ledger.fetches],
    )
    landing = LandingWriter(home / "landing" / slug / f"{ledger.crawl_id}.jsonl")
    spider = spider_type(config=book.source, window=book.window, book=book, gate=gate, landing=landing, base_urls={})
    asyncio.run(_answer_all(spider, book, warc, ledger.ended_at))
    manifest = book.seal(ledger.archive, landing.seal())
    write_whole(
        home / "landing" / slug / f"{ledger.crawl_id}.manifest.json", manifest.model_dump_json(indent=1).encode()
    )
    return manifest


def _as_asked(fetch: FetchOutcome) -> Exchange:
    """The exchange as it was before anything was read from it."""
    fields = fetch.model_dump(exclude={"crawl_id", "source_id"})
    exchange = Exchange(**{**fields, "documents": 0, "rejected": 0})
    if exchange.outcome.startswith("refused:") and exchange.warc_file is not None:
        exchange.outcome = "ok" if (exchange.http_status or 0) < 300 else "http_error"
        exchange.message = None
    return exchange


async def _answer_all(spider: SourceSpider, book: Book, warc: Path, asked_at: datetime) -> None:
    """Give the spider its answers in the order it asks."""
    answers = {(row.method, row.url, row.request_body): row for row in book.exchanges}
    waiting: deque[Request] = deque([request async for request in _requests(spider)])
    while waiting:
        request = waiting.popleft()
        key = (request.method, request.meta["official_url"], request.body.decode() or None)
        row = answers.get(key)
        if row is None or row.warc_offset is None:
            missing = row or Exchange(
                f"{book.crawl_id}-000000", 0, key[0], key[1], key[2], "replay", 0, asked_at, asked_at
            )
            _errback(request, NotArchived(f"{key[1]}: not in the archive of crawl {book.crawl_id}", missing))
            continue
        request.meta["exchange"] = row
        waiting.extend(_answer(request, row, warc, book))


async def _requests(spider: SourceSpider) -> AsyncIterator[Request]:
    async for request in spider.start():
        if isinstance(request, Request):
            yield request


def _answer(request: Request, row: Exchange, warc: Path, book: Book) -> list[Request]:
    archived = read_answer(warc, row.warc_offset or 0)
    headers: dict[str, str] = dict(archived.headers)
    encoding = next((value for name, value in archived.headers if name.lower() == "content-encoding"), "")
    try:
        body = decode_body(archived.body, encoding, book.source.bounds.max_body_bytes) if encoding else archived.body
        if is_block_page(body, headers.get("Content-Type", "")):
            raise BlockPage(f"{row.url} answered with a block page (HTTP {archived.status})")
    except (Truncated, BlockPage) as refusal:
        row.outcome, row.message = f"refused:{type(refusal).__name__}", str(refusal)
        _errback(request, refusal)
        return []
    response = Response(request.url, status=archived.status, headers=headers, body=body, request=request)
    if archived.status >= 300 and archived.status not in request.meta["handle_httpstatus_list"]:
        _errback(request, HttpError(response, f"HTTP {archived.status}"))
        return []
    assert request.callback is not None
    return [asked for asked in request.callback(response) if isinstance(asked, Request)]


def _errback(request: Request, error: Exception) -> None:
    assert request.errback is not None
    request.errback(Failure(error))  # type: ignore[no-untyped-call]  # Twisted is untyped here


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: exit code 0 when every archive was whole, 1 when one was not."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.replay", description="Parse archived bytes again.")
    parser.add_argument("slug", help="source, a file name in scrapers/sources")
    parser.add_argument("--home", required=True, type=Path, help="state folder")
    parser.add_argument("--since", type=date.fromisoformat, help="only crawls whose window reaches this day or later")
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="candidate terms, CSV")
    options = parser.parse_args(argv)
    damaged = False
    for ledger in ledgers_of(options.home, options.slug, options.since):
        try:
            manifest = replay_crawl(options.home, ledger, options.vocabulary)
        except DamagedArchive as error:
            print(f"{options.slug} {ledger.crawl_id}: DamagedArchive: {error}", file=sys.stderr)
            damaged = True
            continue
        verdict = "good" if manifest.is_good else "not good"
        print(f"{options.slug} {ledger.crawl_id}: {manifest.found_total} documents, {verdict}")
    return 1 if damaged else 0


if __name__ == "__main__":
    sys.exit(main())
