"""Ask a source for one answer of each kind and keep the bytes as fixtures.

Run as `python -m tests.record SLUG [--base-url HOST=URL]`. Needs the network, unless a stand-in is named. Written are
`tests/fixtures/<slug>/recorded_<purpose>_<day>.<ext>`, with a number where a purpose has several; nothing
that exists is overwritten. Read what came before you commit it: personal data and keys do not belong into a repository,
and long answers are shortened by hand.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from scrapers.check import last_attempts
from scrapers.contracts import CrawlLedger, Window
from scrapers.crawl import crawl, parse_base_urls
from scrapers.durable import write_whole
from scrapers.registry import sources
from scrapers.runtime.archive import read_answer
from scrapers.runtime.book import system_clock
from scrapers.runtime.middlewares import decode_body

FIXTURES = Path(__file__).parent / "fixtures"
EXTENSIONS = {
    **{"json": "json", "xml": "xml", "rss": "xml", "atom": "xml", "html": "html"},
    **{"csv": "csv", "pdf": "pdf", "zip": "zip"},
}
"""By the words of media types, and the ends of addresses."""
MOST_BYTES = 64_000_000
DAYS = 7


class NoAnswer(Exception):
    """The source gave no answer that could be kept."""


def record(slug: str, base_urls: Mapping[str, str], until: date, fixtures: Path = FIXTURES) -> list[Path]:
    """Write one answer of each kind of the days up to `until`; returns the files written."""
    with tempfile.TemporaryDirectory(prefix="aipolicy-record-") as folder:
        window = Window(since=until - timedelta(DAYS - 1), until=until)
        ledger = crawl(slug, window, Path(folder), "record", base_urls, one_of_each=True)
        if not any(fetch.warc_offset is not None and fetch.purpose != "robots" for fetch in ledger.fetches):
            why = ledger.not_asked or "; ".join(ledger.faults)
            raise NoAnswer(f"{slug}: expected an answer, got none: {why}")
        answers = dict(_answers(Path(folder) / "archive" / slug, ledger))
    written = []
    for name, body in answers.items():
        path = fixtures / slug / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, body)
            written.append(path)
    return written


def _answers(archive: Path, ledger: CrawlLedger) -> Iterator[tuple[str, bytes]]:
    kept: Counter[str] = Counter()
    for fetch in last_attempts(ledger):
        if fetch.purpose == "robots" or fetch.warc_offset is None:
            continue
        answer = read_answer(archive / ledger.archive.name, fetch.warc_offset, fetch.url, fetch.payload_sha256)
        headers = {name.lower(): value for name, value in answer.headers}
        encoding = headers.get("content-encoding", "")
        body = decode_body(answer.body, encoding, MOST_BYTES) if encoding else answer.body
        kept[fetch.purpose] += 1
        number = f"_{kept[fetch.purpose]}" if kept[fetch.purpose] > 1 else ""
        ending = ending_of(headers.get("content-type", ""), fetch.url)
        yield f"recorded_{fetch.purpose}{number}_{ledger.started_at.date()}.{ending}", body


def ending_of(media_type: str, url: str) -> str:
    """The ending of a file's name: by the media type, else, since some servers know no better, by the address."""
    said = media_type.partition(";")[0].lower()
    ending = Path(urlsplit(url).path).suffix.removeprefix(".").lower()
    return next((ending for word, ending in EXTENSIONS.items() if word in said), EXTENSIONS.get(ending, "txt"))


def main(argv: list[str] | None = None) -> int:
    """The process's entry point: 0 when something was recorded, 1 when nothing new came, 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m tests.record", description="Keep answers of a source as fixtures.")
    parser.add_argument("slug", help="source, a file name in scrapers/sources")
    parser.add_argument("--until", type=date.fromisoformat, help="last day to ask for; default: today")
    parser.add_argument("--base-url", action="append", default=[], metavar="HOST=URL", help="ask URL instead of HOST")
    options = parser.parse_args(argv)
    if options.slug not in sources():
        sys.stderr.write(f"no source {options.slug!r}; known sources: {', '.join(sources())}\n")
        return 2
    logging.disable()  # what went wrong is in the ledger, in one sentence
    try:
        written = record(options.slug, parse_base_urls(options.base_url), options.until or system_clock().date())
    except NoAnswer as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        logging.disable(logging.NOTSET)
    for path in written:
        sys.stdout.write(f"wrote {path.name}; read it, then make accept SLUG={options.slug}\n")
    return 0 if written else 1


if __name__ == "__main__":
    sys.exit(main())
