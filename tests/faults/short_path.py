"""The whole path without dbt and Great Expectations: cheap enough to be killed at every point.

Belongs here: the product's own steps from a crawl to the published edition, in their order. Handmade are two things:
marts, which hold what was loaded and enriched, and an audit of one check. Does not belong here: what goes wrong.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import duckdb
import orjson
import pandas  # noqa: F401  slow, so imported before processes are forked

from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.load import load
from pipelines.ops.state import bring_up_to_date, steps
from pipelines.publish import stage as staging
from pipelines.publish.audit import AuditToken, CheckOutcome, write_token
from pipelines.publish.edition import is_up_to_date, publish, refresh_bookkeeping, whole_edition
from pipelines.recovery import finish_dead_crawls
from pipelines.warehouse import open_warehouse, staged_lock
from scrapers import crawl as crawling
from scrapers.contracts import LandedRecord, Window
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from scrapers.runtime.book import Book
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from tests.crawl_fixture import SLUG, document

URL = "https://www.federalregister.gov/api/v1/documents.json"
CHECK = CheckOutcome(
    check="edition_documents.not_empty", tool="great_expectations", table="documents", severity="error",
    outcome="passed", sentence="There are documents.",
)  # fmt: skip
_MARTS = {
    "documents": "select * exclude (read_from) from raw.decided_parses",
    "relevance": "select * from enriched.relevance",
    "source_coverage": "select source_id, day, found from raw.source_days",
    "source_looks": "select source_id, crawl_id, ended_at from raw.crawls",
}
steps()  # imports the migrations


@dataclass(frozen=True)
class Walk:
    """What is crawled into which state folder; without stand-ins it is one document, and without Scrapy."""

    root: Path
    slug: str = SLUG
    since: date = date(2024, 1, 29)
    until: date = date(2024, 1, 29)
    base_urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """Its state folder."""
        return Home(self.root)

    def __call__(self) -> None:
        """Crawl, load, enrich, stage, publish, and tell what was looked at."""
        bring_up_to_date(self.home)
        self.crawl()
        self.build()

    def crawl(self) -> None:
        """Finish what a killed crawl left, and crawl."""
        spider = crawling.run_spider if self.base_urls else _one_document
        finish_dead_crawls(self.home)
        with mock.patch.object(crawling, "run_spider", spider):
            ledger = crawling.crawl(
                self.slug, Window(since=self.since, until=self.until), self.root, "walk", self.base_urls
            )
        assert ledger.is_good, ledger.faults

    def build(self) -> None:
        """From what was crawled to what is published."""
        finish_dead_crawls(self.home)
        with open_warehouse(self.home) as connection:
            withheld = load(self.home, connection).withheld
        assert not withheld, withheld
        with open_warehouse(self.home) as connection:
            enrich(connection)
        inputs = transform(self.home)
        if not is_up_to_date(self.home, inputs):
            stage(self.home, inputs)
            publish(self.home, (CHECK.check,))
        refresh_bookkeeping(self.home)

    @property
    def content(self) -> str:
        """The content hash of the current edition, which must be whole."""
        return str(staging.read_about(whole_edition(self.home))["content_sha256"])


def _one_document(
    book: Book, gate: CandidateGate, landing: LandingWriter, archive: WarcArchive, *_: Mapping[str, object]
) -> None:
    """A document of the window's first day, in place of Scrapy."""
    book.done(book.plan("the page"))
    row = book.exchange("GET", URL, "listing", 1, None)
    row.outcome, row.http_status, row.warc_file = "ok", 200, archive.path.name
    answer = ArchivedAnswer(200, (("Content-Type", "application/json"),), b'{"count": 1}')
    written = archive.write(URL, "GET", {}, b"", answer, datetime.now(UTC))
    row.warc_offset, row.payload_sha256 = written.offset, written.sha256
    day = book.window.since
    found = document(f"2024-{day:%m%d}", day, title="Use of artificial intelligence")
    book.found(found)
    row.documents += 1
    landing.write(LandedRecord(fetch_id=row.fetch_id, document=found))


def transform(home: Home) -> str:
    """Make marts; returns the fingerprint of what they are made of."""
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists marts")
        for table, query in _MARTS.items():
            connection.execute(f"create or replace table marts.{table} as {query}")
        return staging.fingerprint(connection, "handmade")


def without_macros() -> AbstractContextManager[object]:
    """Editions of handmade marts have none of those macros that need the real ones."""
    return mock.patch.object(staging, "published_macros", return_value=[])


def stage(home: Home, inputs: str) -> None:
    """Stage the marts, without the macros that need the real ones, and audit them."""
    with without_macros(), staged_lock(home):
        staged = staging.stage(home, inputs)
        sealed = staging.seal(staged.folder)
        token = AuditToken(
            edition_id=staged.edition_id, staged_sha256=sealed, expected=(CHECK.check,), outcomes=(CHECK,)
        )
        write_token(staged.folder, token)


def half_files(root: Path) -> list[str]:
    """Files that bear their final names and are not whole. What is staged is not final before it is published."""
    faults = []
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).parts
        if not path.is_file() or inside[0] == "staged" or path.name.startswith("."):
            continue
        try:
            _read(path)
        except (ValueError, EOFError, OSError, duckdb.Error) as error:
            faults.append(f"{path.relative_to(root)}: {error}")
    return faults


def _read(path: Path) -> None:
    """Read a file to its end."""
    match path.suffix:
        case ".json":
            orjson.loads(path.read_bytes())
        case ".jsonl":
            assert path.read_bytes()[-1:] in (b"", b"\n"), f"{path}: cut"
            for line in path.read_bytes().splitlines():
                orjson.loads(line)
        case ".gz":
            gzip.decompress(path.read_bytes())
        case ".parquet":
            with duckdb.connect() as connection:
                connection.execute("select count(columns(*)) from read_parquet(?)", [str(path)]).fetchall()
        case ".duckdb":
            duckdb.connect(str(path), read_only=True).close()
