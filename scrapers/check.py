"""Ask a source for one answer of each kind and say what has drifted; nothing is archived, landed or withheld by it.

Run as `python -m scrapers.check SLUG --home DIR`. The state folder is read for what the last good crawl has shown, and
never written. On standard output one JSON object, a `CheckReport`; exit code 0 says that the check was made, not that
nothing drifted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from pydantic import ValidationError

from scrapers.contracts import CrawlLedger, FetchOutcome, LandedRecord, PolicyDocument, Refusal, Window
from scrapers.crawl import crawl, parse_base_urls
from scrapers.drift import NOT_ANSWERED, CheckReport, Drift, drifts
from scrapers.locks import host_budgets
from scrapers.parse import parts_parser_of
from scrapers.registry import source
from scrapers.runtime.archive import read_answer
from scrapers.runtime.book import system_clock
from scrapers.runtime.middlewares import decode_body

DAYS = 7
"""Length of the window that is asked for, up to today."""
ENDED_WELL = ("ok", "retried")
NO_ANSWERS = ("refused:BlockPage", "refused:UpstreamError")
"""Refusals of what came in place of an answer, and so is none of the shape that the contract is about."""
MOST_KNOWN = 5_000
"""Documents of the last crawl that are looked at."""


def check(slug: str, home: Path, base_urls: Mapping[str, str], until: date | None = None) -> CheckReport:
    """Ask the source for one answer of each kind in the days up to `until` (today) and compare.

    Only one check fits into a process. Raises KeyError for an unknown source.
    """
    last = until or system_clock().date()
    with tempfile.TemporaryDirectory(prefix="aipolicy-check-") as folder:
        window = Window(since=last - timedelta(DAYS - 1), until=last)
        ledger = crawl(slug, window, Path(folder), "check", base_urls, one_of_each=True, budgets=host_budgets(home))
        fresh = list(_landed(Path(folder) / "landing" / slug / ledger.landing.name))
        unheld = []
        for row in _without_records(ledger):
            try:
                parsed = _parsed(slug, row, Path(folder) / "archive" / slug / ledger.archive.name)
                fresh += parsed
                unheld += [] if parsed else [f"{row.purpose} {row.url}: it holds no documents"]
            except Refusal as refusal:
                unheld.append(f"{row.purpose} {row.url}: {type(refusal).__name__}: {refusal}")
    known = list(_last_good_documents(home / "landing" / slug))
    return CheckReport(
        source_id=slug,
        answers=sum(row.purpose != "robots" for row in last_attempts(ledger) if row.http_status is not None),
        documents=sum(record.document is not None for record in fresh),
        unheld=tuple(unheld),
        not_asked=ledger.not_asked,
        drifts=(*_failed_requests(ledger), *drifts(source(slug), fresh, known)),
    )


def _failed_requests(ledger: CrawlLedger) -> Iterator[Drift]:
    """Requests that did not end well after all their retries; a check that asked nothing is one as well."""
    for row in last_attempts(ledger):
        accepted = row.purpose == "robots" or row.outcome in ENDED_WELL
        if not accepted:
            is_read = row.outcome.startswith("refused:") and row.outcome not in NO_ANSWERS
            kind = "refused" if is_read else NOT_ANSWERED
            why = row.message or (f"HTTP {row.http_status}" if row.http_status else "no answer")
            yield Drift(kind=kind, name=row.url, sentence=f"{row.outcome}: {why}")
    if not ledger.not_asked and not any(row.purpose != "robots" for row in ledger.fetches):
        why = "; ".join(ledger.faults) or "the spider asked nothing"
        yield Drift(kind=NOT_ANSWERED, name=ledger.source_id, sentence=why)


def last_attempts(ledger: CrawlLedger) -> list[FetchOutcome]:
    """How each request ended, after all its retries."""
    return list({(row.method, row.url, row.request_body): row for row in ledger.fetches}.values())


def _without_records(ledger: CrawlLedger) -> Iterator[FetchOutcome]:
    """Answers of which the spider has landed nothing: it may wait for others that a check does not ask for."""
    for row in last_attempts(ledger):
        is_read = row.purpose != "robots" and row.outcome == "ok" and row.warc_offset is not None
        if is_read and not row.documents and not row.rejected:
            yield row


def _parsed(slug: str, row: FetchOutcome, archive: Path) -> list[LandedRecord]:
    """What the source's parser reads of an archived answer by itself.

    Raises the parser's refusal, where the answer is of a kind that holds no documents.
    """
    assert row.warc_offset is not None
    answer = read_answer(archive, row.warc_offset, row.url, row.payload_sha256)
    encoding = next((value for name, value in answer.headers if name.lower() == "content-encoding"), "")
    limit = source(slug).bounds.max_body_bytes
    body = decode_body(answer.body, encoding, limit) if encoding else answer.body
    parts = list(parts_parser_of(slug)(body))
    return [
        *(LandedRecord(fetch_id=row.fetch_id, document=one) for part in parts for one in part.documents),
        *(LandedRecord(fetch_id=row.fetch_id, rejected=one) for part in parts for one in part.rejected),
    ]


def _landed(path: Path) -> Iterator[LandedRecord]:
    with path.open("rb") as lines:
        for line in lines:
            yield LandedRecord.model_validate_json(line)


def _last_good_documents(folder: Path) -> Iterator[PolicyDocument]:
    for manifest in sorted(folder.glob("*.manifest.json"), reverse=True):
        try:
            ledger = CrawlLedger.model_validate_json(manifest.read_bytes())
        except (OSError, ValidationError):
            continue  # what is wrong with it says the check of the archive
        landing = folder / ledger.landing.name
        if ledger.is_good and ledger.found_total and landing.exists():
            for _, record in zip(range(MOST_KNOWN), _landed(landing), strict=False):
                if record.document is not None:
                    yield record.document
            return


def main(argv: list[str] | None = None) -> int:
    """The process's entry point."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.check", description="Say what has drifted at a source.")
    parser.add_argument("slug", help="source to check, a file name in scrapers/sources")
    parser.add_argument("--home", required=True, type=Path, help="state folder")
    parser.add_argument("--until", type=date.fromisoformat, help="last day to ask for; default: today")
    parser.add_argument(
        "--base-url", action="append", default=[], metavar="HOST=URL", help="ask URL instead of HOST; repeatable"
    )
    options = parser.parse_args(argv)
    report = check(options.slug, options.home, parse_base_urls(options.base_url), options.until)
    sys.stdout.write(report.model_dump_json() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
