"""Parse archived bytes again, without the network: the way a fixed parser or a widened vocabulary reaches history.

The spider runs as in the crawl, but its questions are answered from the WARC, in the order in which the crawl got its
answers. Run id, fetch times and first-seen times come from the ledger, never from the clock, so an unchanged parser
lands the same records. What failed then fails again. The archive and its ledger are never written.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

from pydantic import ValidationError
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.contracts import BlockPage, CrawlLedger, FetchOutcome, FileSeal, Truncated
from scrapers.crawl import VOCABULARY, spider_class
from scrapers.durable import file_sha256, seal_fault, write_whole
from scrapers.processes import forget_what_is_imported
from scrapers.registry import source
from scrapers.runtime.answers import ArchivedAnswers
from scrapers.runtime.archive import read_answer
from scrapers.runtime.block_pages import wall_of
from scrapers.runtime.book import Book, Exchange
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.middlewares import whole_body
from scrapers.runtime.spider import NotArchived, SourceSpider, text_of_body
from scrapers.runtime.usual import earlier_looks


class DamagedArchive(Exception):
    """An archive file or its ledger is not what was sealed; nothing of it is replayed."""


class WorseThanBefore(Exception):
    """A replay is not good, but its crawl or what is landed of it is; a good landing is kept."""


class FailedThen(Exception):
    """The crawl asked and got no whole answer; a replay cannot know better."""


def orphans_of(home: Path, slug: str) -> list[Path]:
    """Finished archive files without a ledger; those of running crawls still bear temporary names."""
    files = sorted((home / "archive" / slug).glob("*.warc.gz"))
    return [file for file in files if not file.name.startswith(".") and not _ledger_beside(file).exists()]


def _ledger_files(home: Path, slug: str) -> list[Path]:
    return sorted((home / "archive" / slug).glob("*.ledger.json"))


def _ledger_beside(warc: Path) -> Path:
    return warc.with_name(f"{warc.name.removesuffix('.warc.gz')}.ledger.json")


def _read_ledger(file: Path) -> CrawlLedger:
    try:
        return CrawlLedger.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        why = str(error).splitlines()[0]
        raise DamagedArchive(f"{file.name}: expected a ledger, got {why}; restore it from a copy") from error


def replay_crawl(home: Path, ledger: CrawlLedger, vocabulary: Path = VOCABULARY) -> CrawlLedger:
    """Replay one crawl into a new landing file and manifest; returns the manifest.

    Raises DamagedArchive when the archive file was cut, changed or lost, and WorseThanBefore when the replay is not
    good while a whole, good landing of the crawl is there, which is kept.
    """
    slug = ledger.source_id
    warc = home / "archive" / slug / ledger.archive.name
    fault = seal_fault(warc, ledger.archive.bytes, ledger.archive.sha256)
    if fault is not None:
        raise DamagedArchive(fault)
    if not ledger.fetches and not ledger.is_good:
        return _land_nothing(home, ledger)
    gate = CandidateGate(vocabulary)
    spider_type = spider_class(slug)
    config = source(slug)
    book = Book(
        crawl_id=ledger.crawl_id,
        run_id=ledger.run_id,
        source=config,
        window=ledger.window,
        vocabulary_sha256=gate.vocabulary_sha256,
        parser_version=spider_type.parser_version,
        started_at=ledger.started_at,
        clock=lambda: ledger.ended_at,
        is_stand_in=ledger.is_stand_in,
        exchanges=[_as_asked(fetch) for fetch in ledger.fetches],
        not_asked=ledger.not_asked,
        earlier=() if ledger.is_good else earlier_looks(home / "landing" / slug, config, ledger.crawl_id),
    )
    landing = LandingWriter(home / "landing" / slug / f"{ledger.crawl_id}.jsonl")
    manifest_file = landing.path.with_name(f"{ledger.crawl_id}.manifest.json")
    try:
        spider = spider_type(
            config=book.source, window=book.window, book=book, gate=gate, landing=landing, base_urls={}
        )
        if ledger.not_asked is None:
            asyncio.run(_Replay(spider, book, warc).run())
        manifest = book.seal(ledger.archive, landing.close())
        if ledger.is_good:  # what it found was usual when it ran, and is not judged again
            manifest = manifest.model_copy(update={"comparisons": ledger.comparisons})
        if not manifest.is_good and _is_landed_well(manifest_file):
            raise WorseThanBefore(
                f"{ledger.crawl_id}: expected a good replay of a good crawl, got: {'; '.join(manifest.faults[:3])}; "
                "its landing is kept, mend the parser or the contract and replay again"
            )
        landing.place()
    finally:
        landing.discard()
    write_whole(manifest_file, manifest.model_dump_json(indent=1).encode())
    return manifest


def _is_landed_well(manifest_file: Path) -> bool:
    """Whether the crawl has a good manifest and, whole, the landing file that it seals."""
    try:
        kept = CrawlLedger.model_validate_json(manifest_file.read_bytes())
    except (OSError, ValidationError):
        return False
    landing = manifest_file.with_name(kept.landing.name)
    return kept.is_good and seal_fault(landing, kept.landing.bytes, kept.landing.sha256) is None


def _land_nothing(home: Path, ledger: CrawlLedger) -> CrawlLedger:
    """Land a crawl that asked nothing: there are no bytes to read again, and its ledger says why it is not good."""
    landing = home / "landing" / ledger.source_id / f"{ledger.crawl_id}.jsonl"
    write_whole(landing, b"")
    seal = FileSeal(name=landing.name, bytes=0, sha256=file_sha256(landing), records=0)
    manifest = ledger.model_copy(update={"landing": seal})
    write_whole(landing.with_name(f"{ledger.crawl_id}.manifest.json"), manifest.model_dump_json(indent=1).encode())
    return manifest


def _as_asked(fetch: FetchOutcome) -> Exchange:
    """The exchange as it was before anything was read from it."""
    fields = fetch.model_dump(exclude={"crawl_id", "source_id"})
    exchange = Exchange(**{**fields, "documents": 0, "rejected": 0})
    if exchange.outcome.startswith("refused:") and exchange.warc_file is not None:
        exchange.outcome = "ok" if (exchange.http_status or 0) < 300 else "http_error"
        exchange.message = None
    return exchange


@dataclass(order=True)
class _Waiting:
    """A request and when its turn is: in the order of the crawl's answers; what was never asked by priority and age."""

    turn: tuple[bool, int, int]
    request: Request = field(compare=False)
    row: Exchange | None = field(compare=False)


class _Replay:
    """Answers a spider's questions from the archive until it asks no more."""

    def __init__(self, spider: SourceSpider, book: Book, warc: Path) -> None:
        self._spider = spider
        self._book = book
        self._warc = warc
        self._answers = ArchivedAnswers(book.exchanges, book.source.shaping_parameters)
        answered = sorted(book.exchanges, key=lambda row: (row.ended_at, row.seq))
        self._place = {row.fetch_id: place for place, row in enumerate(answered)}
        self._asked = count()
        self._waiting: list[_Waiting] = []

    async def run(self) -> None:
        self._enqueue([request async for request in _requests(self._spider)])
        while self._waiting:
            next_one = heapq.heappop(self._waiting)
            self._enqueue(self._take(next_one.request, next_one.row))

    def _enqueue(self, requests: Iterable[Request]) -> None:
        """Give each request its answer in the order of asking, and its turn."""
        for request in requests:
            row = self._answers.take(request.method, request.meta["official_url"], text_of_body(request.body))
            age = next(self._asked)
            turn = (True, -request.priority, age) if row is None else (False, self._place[row.fetch_id], age)
            heapq.heappush(self._waiting, _Waiting(turn, request, row))

    def _take(self, request: Request, row: Exchange | None) -> list[Request]:
        if row is None:
            return _errback(request, NotArchived(f"not in the archive of crawl {self._book.crawl_id}"))
        request.meta["exchange"] = row
        if row.warc_offset is None or row.outcome == "network_error":
            return _errback(request, FailedThen(f"{row.outcome}: {row.message or 'no answer came'}"))
        return self._read(request, row, row.warc_offset)

    def _read(self, request: Request, row: Exchange, offset: int) -> list[Request]:
        try:
            archived = read_answer(self._warc, offset, row.url, row.payload_sha256)
        except ValueError as error:
            raise DamagedArchive(str(error)) from error
        headers: dict[str, str] = dict(archived.headers)
        encoding = next((value for name, value in archived.headers if name.lower() == "content-encoding"), "")
        limit = self._book.source.bounds.max_body_bytes
        try:
            body = whole_body(archived.status, archived.body, encoding, limit)
            wall = wall_of(body, headers, archived.status)
            if wall is not None:
                raise BlockPage(f"{row.url} answered with a block page (HTTP {archived.status}, {wall.name})")
        except (Truncated, BlockPage) as refusal:
            row.outcome, row.message = f"refused:{type(refusal).__name__}", str(refusal)
            return _errback(request, refusal)
        response = Response(request.url, status=archived.status, headers=headers, body=body, request=request)
        if archived.status >= 300 and archived.status not in request.meta["handle_httpstatus_list"]:
            return _errback(request, HttpError(response, f"HTTP {archived.status}"))
        assert request.callback is not None
        try:
            return [asked for asked in request.callback(response) if isinstance(asked, Request)]
        except Exception as error:  # noqa: BLE001  any bug of a spider is a fault of its crawl, as in the crawl itself
            self._book.fault(f"the spider failed on an answer: {error}")
            return []


async def _requests(spider: SourceSpider) -> AsyncIterator[Request]:
    async for request in spider.start():
        if isinstance(request, Request):
            yield request


def _errback(request: Request, error: Exception) -> list[Request]:
    assert request.errback is not None
    request.errback(Failure(error))  # type: ignore[no-untyped-call]  # Twisted is untyped here
    return []


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: exit code 0 when every archive was whole and nothing got worse, else 1."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.replay", description="Parse archived bytes again.")
    parser.add_argument("slug", help="source, a file name in scrapers/sources")
    parser.add_argument("--home", required=True, type=Path, help="state folder")
    parser.add_argument("--since", type=date.fromisoformat, help="only crawls whose window reaches this day or later")
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="candidate terms, CSV")
    options = parser.parse_args(argv)
    forget_what_is_imported()
    slug, failed = options.slug, False
    for orphan in orphans_of(options.home, slug):
        failed = True
        _tell(slug, DamagedArchive(f"{orphan.name}: expected a ledger beside it, found none; restore it from a copy"))
    for file in _ledger_files(options.home, slug):
        try:
            ledger = _read_ledger(file)
            if options.since is not None and ledger.window.until < options.since:
                continue
            manifest = replay_crawl(options.home, ledger, options.vocabulary)
        except (DamagedArchive, WorseThanBefore) as error:
            failed = True
            _tell(slug, error)
            continue
        print(f"{slug} {ledger.crawl_id}: {manifest.found_total} documents, {_verdict(manifest)}")
        if ledger.is_good and not manifest.is_good:
            failed = True
            _tell(
                slug, WorseThanBefore(f"{ledger.crawl_id}: the crawl was good, its replay is not: {manifest.faults[0]}")
            )
    return 1 if failed else 0


def _verdict(manifest: CrawlLedger) -> str:
    if manifest.not_asked is not None:
        return f"not asked: {manifest.not_asked}"
    return "good" if manifest.is_good else "not good"


def _tell(slug: str, error: Exception) -> None:
    print(f"{slug}: {type(error).__name__}: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
