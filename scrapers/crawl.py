"""Crawl one source over one window, in a process of its own: archive, landing and ledger are written, nothing else.

Run as `python -m scrapers.crawl SLUG --since D --until D --home DIR`, by hand or as a child of the ingest step. Its
report is the ledger: exit code 0 says that one was written, not that the crawl was good.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from twisted.python.failure import Failure

from scrapers import log_lines
from scrapers.beginnings import FIELD, Beginning
from scrapers.contracts import CrawlLedger, Window, new_crawl_id
from scrapers.durable import write_whole
from scrapers.keys import key_of, logs_without, missing_key
from scrapers.locks import crawl_lock, host_budgets, lock
from scrapers.processes import forget_what_is_imported
from scrapers.registry import SourceConfig, source
from scrapers.runtime.archive import WarcArchive
from scrapers.runtime.book import Book, system_clock
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.kept_bodies import kept_bodies
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.settings import crawl_settings, user_agent
from scrapers.runtime.spider import SourceSpider
from scrapers.runtime.usual import earlier_looks

VOCABULARY = Path(__file__).parent.parent / "dbt" / "seeds" / "candidate_terms.csv"


def spider_class(slug: str) -> type[SourceSpider]:
    """The spider of a source: the one SourceSpider subclass in `scrapers/spiders/<slug>.py` whose name is the slug.

    Raises LookupError when the module holds none.
    """
    module = importlib.import_module(f"scrapers.spiders.{slug}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, SourceSpider) and getattr(value, "name", None) == slug:
            return value
    raise LookupError(f"scrapers/spiders/{slug}.py: expected a SourceSpider with name = {slug!r}, found none")


def run_spider(
    book: Book,
    gate: CandidateGate,
    landing: LandingWriter,
    archive: WarcArchive,
    base_urls: Mapping[str, str],
    settings: Mapping[str, Any],
) -> None:
    """Run the book's source through Scrapy once; only one Scrapy run fits into a process."""
    if log_lines.are_wanted():
        log_lines.log_as_lines(book.source.slug, book.run_id)
    process = AsyncCrawlerProcess({**settings, "LOG_INSTALL_ROOT_HANDLER": not log_lines.are_wanted()})
    crawler = process.create_crawler(spider_class(book.source.slug))

    def note_bug(failure: Failure, **_: Any) -> None:
        book.fault(f"the spider failed on an answer: {failure.getErrorMessage()}")

    crawler.signals.connect(note_bug, signal=signals.spider_error, weak=False)
    process.crawl(
        crawler,
        config=book.source,
        window=book.window,
        book=book,
        gate=gate,
        landing=landing,
        base_urls=base_urls,
        archive=archive,
    )
    process.start()


def crawl(
    slug: str,
    window: Window,
    home: Path,
    run_id: str,
    base_urls: Mapping[str, str],
    vocabulary: Path = VOCABULARY,
    clock: Callable[[], datetime] = system_clock,
    *,
    one_of_each: bool = False,
    budgets: Path | None = None,
) -> CrawlLedger:
    """Crawl one source; returns the ledger it has written. A source whose key is missing is not asked.

    Waits while another process crawls the same source. `one_of_each` asks for one answer of each kind only.
    `budgets` is where crawls share the budget of each host, in the state folder unless it is said otherwise.
    """
    shared = budgets or host_budgets(home)
    with lock(crawl_lock(home, slug)):
        return _crawl(slug, window, home, run_id, base_urls, vocabulary, clock, shared, one_of_each=one_of_each)


def _crawl(
    slug: str,
    window: Window,
    home: Path,
    run_id: str,
    base_urls: Mapping[str, str],
    vocabulary: Path,
    clock: Callable[[], datetime],
    budgets: Path,
    *,
    one_of_each: bool,
) -> CrawlLedger:
    config = source(slug)
    key = key_of(config)
    started_at = clock()
    folder = home / "archive" / slug
    last = _last_began(folder) or started_at
    is_back = started_at < last
    crawl_id = new_crawl_id(last + timedelta(microseconds=1) if is_back else started_at)
    gate = CandidateGate(vocabulary)
    book = Book(
        crawl_id=crawl_id,
        run_id=run_id,
        source=config,
        window=window,
        vocabulary_sha256=gate.vocabulary_sha256,
        parser_version=spider_class(slug).parser_version,
        started_at=started_at,
        clock=clock,
        key=key,
        not_asked=missing_key(config),
        is_stand_in=config.is_replaced(base_urls),
        earlier=earlier_looks(home / "landing" / slug, config, crawl_id),
    )
    begun = Beginning(
        run_id=run_id, window=window, started_at=started_at, vocabulary_sha256=gate.vocabulary_sha256
    ).model_dump_json()
    known = kept_bodies(folder, started_at)
    archive = WarcArchive(folder / f"{crawl_id}.warc.gz", user_agent(), known, **{FIELD: begun})
    landing = LandingWriter(home / "landing" / slug / f"{crawl_id}.jsonl")
    is_loopback = _all_on_loopback(config, base_urls)
    stand_ins = [str(urlsplit(base).hostname) for base in base_urls.values()]
    settings = crawl_settings(config, budgets, is_loopback=is_loopback, stand_ins=stand_ins, one_of_each=one_of_each)
    if is_back:
        book.fault(_clock_went_back(started_at, last, folder, home / "landing" / slug))
    elif book.not_asked is None:
        with logs_without(key):
            run_spider(book, gate, landing, archive, base_urls, settings)
    ledger = book.seal(archive.seal(), landing.seal())
    account = ledger.model_dump_json(indent=1).encode()
    write_whole(folder / f"{crawl_id}.ledger.json", account)
    write_whole(home / "landing" / slug / f"{crawl_id}.manifest.json", account)
    return ledger


def _last_began(archive: Path) -> datetime | None:
    """When the last crawl of a source began, by the names in its archive, which sort by time."""
    newest = max((path.name.split("-")[0] for path in archive.glob("[0-9]*Z-*.ledger.json")), default="")
    return None if not newest else datetime.strptime(newest, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def _clock_went_back(now: datetime, last: datetime, archive: Path, landing: Path) -> str:
    """What a crawl says that would count as older than what is known, so that all it finds would be passed over."""
    return (
        f"the clock went back: it says {now:%Y-%m-%d %H:%M:%S} UTC, and the last crawl began at "
        f"{last:%Y-%m-%d %H:%M:%S} UTC; set the clock right, or, where it was wrong then, move the files whose names "
        f"begin with {last:%Y%m%dT%H%M%S} or later out of {archive} and {landing} and run: aipolicy rebuild"
    )


def _all_on_loopback(config: SourceConfig, base_urls: Mapping[str, str]) -> bool:
    """Whether every host of the source is replaced by a stand-in on this machine."""
    stand_ins = [base_urls.get(urlsplit(host).netloc) for host in config.hosts]
    return all(base is not None and urlsplit(base).hostname in ("127.0.0.1", "localhost", "::1") for base in stand_ins)


def parse_base_urls(pairs: list[str]) -> dict[str, str]:
    """Read repeated HOST=URL options.

    Raises ValueError on anything else, and when two hosts have one address, since answers could not be told apart.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        host, separator, base = pair.partition("=")
        parts = urlsplit(base)
        if not separator or parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"--base-url: expected HOST=URL, got {pair!r}")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"--base-url: expected a URL without a path, got {pair!r}; paths are those of the source")
        base = f"{parts.scheme}://{parts.netloc}"
        twin = next((other for other, url in mapping.items() if other != host and url == base), None)
        if twin is not None:
            raise ValueError(
                f"--base-url: expected an address of its own for {host}, got that of {twin}; take two ports"
            )
        mapping[host] = base
    return mapping


def check_hosts(config: SourceConfig, base_urls: Mapping[str, str]) -> None:
    """Hold stand-ins against the source's contract: with a mistyped host the real one would be asked.

    Raises ValueError for a host that the contract does not name.
    """
    hosts = [urlsplit(host).netloc for host in config.hosts]
    for host in base_urls:
        if host not in hosts:
            raise ValueError(f"--base-url: expected a host of {config.slug}, {' or '.join(hosts)}, got {host!r}")


def main(argv: list[str] | None = None) -> int:
    """The process's entry point."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.crawl", description="Crawl one source over one window.")
    parser.add_argument("slug", help="source to crawl, a file name in scrapers/sources")
    parser.add_argument("--since", required=True, type=date.fromisoformat, help="first publication day, YYYY-MM-DD")
    parser.add_argument("--until", required=True, type=date.fromisoformat, help="last publication day, YYYY-MM-DD")
    parser.add_argument("--home", required=True, type=Path, help="state folder")
    parser.add_argument("--run-id", default="manual", help="run this crawl belongs to")
    parser.add_argument(
        "--base-url", action="append", default=[], metavar="HOST=URL", help="ask URL instead of HOST; repeatable"
    )
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="candidate terms, CSV")
    options = parser.parse_args(argv)
    forget_what_is_imported()
    ledger = crawl(
        options.slug,
        Window(since=options.since, until=options.until),
        options.home,
        options.run_id,
        parse_base_urls(options.base_url),
        options.vocabulary,
    )
    told = {"crawl_id", "source_id", "is_good", "found_total", "official_total", "faults", "not_asked"}
    print(ledger.model_dump_json(include=told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
