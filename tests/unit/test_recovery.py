"""A crawl that is killed at any step of its end: the next run goes through, and no bytes are lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.accounts import last_crawl, orphans_of, read_archive
from pipelines.home import Home
from pipelines.load import load
from pipelines.recovery import finish_dead_crawls
from pipelines.warehouse import open_warehouse
from scrapers import crawl as module
from scrapers.contracts import CrawlLedger, LandedRecord, Window
from scrapers.durable import seal_fault
from scrapers.locks import crawl_lock, lock
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from scrapers.runtime.book import Book
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from tests.crawl_fixture import SLUG, document
from tests.unit.readings_fixture import nothing_read

DAY = date(2024, 1, 29)
WINDOW = Window(since=DAY, until=DAY)
URL = "https://www.federalregister.gov/api/v1/documents.json"
STEPS = ("archive file", "landing file", "ledger", "manifest")
"""What a crawl gives its final name, in this order."""
KILLS = [(step, when) for step in range(len(STEPS)) for when in ("before", "after")]


def spider(
    book: Book, gate: CandidateGate, landing: LandingWriter, archive: WarcArchive, *_: Mapping[str, Any]
) -> None:
    """One answer that holds one document, in place of Scrapy."""
    row = book.exchange("GET", URL, "listing", 1, None)
    row.outcome, row.http_status, row.warc_file = "ok", 200, archive.path.name
    answer = ArchivedAnswer(200, (("Content-Type", "application/json"),), json.dumps({"count": 1}).encode())
    written = archive.write(URL, "GET", {}, b"", answer, datetime.now(UTC))
    row.warc_offset, row.payload_sha256 = written.offset, written.sha256
    found = document(day=DAY)
    book.found(found)
    row.documents += 1
    landing.write(LandedRecord(fetch_id=row.fetch_id, document=found))


@pytest.fixture(autouse=True)
def no_scrapy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "run_spider", spider)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def crawl(home: Home) -> CrawlLedger:
    return module.crawl(SLUG, WINDOW, home.root, "run-1", {})


def killed(what: Callable[[], object], step: int, when: str) -> None:
    """Do something in a process of its own that is killed before or after it gives its nth file the final name."""
    child = os.fork()
    if child == 0:
        replace, done = os.replace, [0]

        def counted(old: Path, new: Path) -> None:
            is_it = done[0] == step
            done[0] += 1
            if is_it and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            replace(old, new)
            if is_it:
                os.kill(os.getpid(), signal.SIGKILL)

        os.replace = counted  # type: ignore[assignment]
        try:
            what()
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, "expected it to come to this step"


def next_run(home: Home) -> list[str]:
    """What stands before, in and after the crawls of a run; returns what was said of dead crawls."""
    said = finish_dead_crawls(home)
    crawl(home)
    with open_warehouse(home) as connection:
        assert load(home, connection).withheld == ()
        rows = connection.execute("select crawl_id, archive_file, archive_bytes, archive_sha256 from raw.crawls")
        crawls = rows.fetchall()
    archive = read_archive(home, {crawl_id for crawl_id, *_ in crawls}, nothing_read(home))
    assert archive.faults == []
    for name, size, sha256 in {tuple(seal) for _, *seal in crawls} | {tuple(seal) for _, *seal in archive.seals}:
        assert seal_fault(home.archive / SLUG / name, size, sha256) is None
    return said


def answers(home: Home) -> int:
    """How many answers the archive holds, under whatever name."""
    found = 0
    for file in (home.archive / SLUG).iterdir():
        if ".warc.gz" in file.name:
            with file.open("rb") as stream:
                found += sum(record.rec_type == "response" for record in ArchiveIterator(stream))
    return found


@pytest.mark.parametrize(("step", "when"), KILLS, ids=[f"{when} the {STEPS[step]}" for step, when in KILLS])
def test_a_crawl_killed_at_any_step__blocks_no_later_run(home: Home, step: int, when: str) -> None:
    killed(lambda: crawl(home), step, when)
    said = next_run(home)
    assert answers(home) == 2
    is_whole = (step, when) in ((0, "before"), (3, "after"))
    assert len(said) == (0 if is_whole else 1)
    with open_warehouse(home) as connection:
        dead = connection.execute("select is_good, faults, since from raw.crawls where run_id = 'run-1'").fetchall()
    has_account = (step, when) != (0, "before")
    assert len(dead) == 1 + has_account
    assert finish_dead_crawls(home) == []


def test_a_crawl_killed_before_its_ledger__is_on_record_and_its_bytes_are_no_archive_file(home: Home) -> None:
    killed(lambda: crawl(home), 2, "before")
    (sentence,) = finish_dead_crawls(home)
    assert f"{SLUG}: the crawl of {DAY} to {DAY} was ended before it wrote its ledger" in sentence
    ledger = last_crawl(home, SLUG)
    assert ledger is not None
    assert (ledger.run_id, ledger.window, ledger.is_good, ledger.found_total) == ("run-1", WINDOW, False, 0)
    (aside,) = (home.archive / SLUG).glob("*.unfinished")
    assert aside.name in sentence
    assert ledger.faults == (f"the process was ended before it wrote its ledger; its answers are kept in {aside.name}",)
    assert orphans_of(home, SLUG) == []


def test_a_crawl_killed_before_its_manifest__is_loaded_as_what_it_was(home: Home) -> None:
    killed(lambda: crawl(home), 3, "before")
    (sentence,) = finish_dead_crawls(home)
    assert "written from its ledger" in sentence
    with open_warehouse(home) as connection:
        assert load(home, connection).crawls == 1
    ledger = last_crawl(home, SLUG)
    assert ledger is not None
    assert (ledger.found_total, len(ledger.fetches)) == (1, 1)


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_finishing_itself__may_be_killed(home: Home, step: int, when: str) -> None:
    killed(lambda: crawl(home), 2, "before")
    killed(lambda: finish_dead_crawls(home), step, when)
    next_run(home)
    assert answers(home) == 2
    assert len(list((home.archive / SLUG).glob("*.ledger.json"))) == 2


@pytest.mark.parametrize("lost", ["ledger", "ledger and landing"])
def test_an_archive_file_that_lost_its_ledger_later__stays_a_fault(home: Home, lost: str) -> None:
    ledger = crawl(home)
    with open_warehouse(home) as connection:
        load(home, connection)
    (home.archive / SLUG / f"{ledger.crawl_id}.ledger.json").unlink()
    if lost != "ledger":
        (home.landing / SLUG / f"{ledger.crawl_id}.manifest.json").unlink()
    assert finish_dead_crawls(home) == []
    (fault,) = read_archive(home, {ledger.crawl_id}, nothing_read(home)).faults
    assert "expected its ledger beside it, found none" in fault


def test_a_source_that_is_being_crawled__is_left_alone(home: Home) -> None:
    killed(lambda: crawl(home), 2, "before")
    with lock(crawl_lock(home.root, SLUG)):
        assert finish_dead_crawls(home) == []
    assert len(orphans_of(home, SLUG)) == 1


def test_a_landing_of_other_bytes__waits_for_a_replay(home: Home) -> None:
    killed(lambda: crawl(home), 3, "before")
    (landing,) = (home.landing / SLUG).glob("[!.]*.jsonl")
    landing.write_bytes(landing.read_bytes()[:-3])
    assert finish_dead_crawls(home) == []
    (fault,) = read_archive(home, set(), nothing_read(home)).faults
    assert f"run: aipolicy replay --source {SLUG}" in fault
