"""A replay is the crawl again: its order, its answers, its failures; and it never spoils what is landed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy.http import Request, Response

from scrapers import replay
from scrapers.contracts import CrawlLedger, LandedRecord, UnknownShape, Window
from scrapers.durable import write_whole
from scrapers.registry import source
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from scrapers.runtime.book import Book
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.spider import SourceSpider, exchange_of
from tests.crawl_fixture import document

SLUG = "us_federal_register"
API = "https://www.federalregister.gov/api/v1"
LIST = f"{API}/list?fields[]=title&page=1"
T0 = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)
Said = tuple[str, int, object]
"""What a crawl asked, the status it got (0 for no answer) and the answer's JSON; asked again at once, a retry."""


class Reader(SourceSpider):
    """Reads lists of numbers; asks for the document of each that the vocabulary of the test knows."""

    name = SLUG
    parser_version = "us_federal_register/2"
    listing: ClassVar[str] = LIST
    candidates: ClassVar[frozenset[int]] = frozenset()
    read: ClassVar[list[str]] = []

    async def start(self) -> AsyncIterator[Request]:
        yield self.ask(self.listing, self.read_list, purpose="listing", priority=1)

    def read_list(self, response: Response) -> Iterator[Request]:
        said = self._note(response)
        for number in said["numbers"]:
            listed = document(f"2026-{number:05}", DAY, depth="listing")
            if number in self.candidates:
                yield self.ask(f"{API}/{number}", self.read_document, purpose="document", fallback=listed)
            else:
                self.land(listed, exchange_of(response.request))
        if said.get("next"):
            yield self.ask(said["next"], self.read_list, purpose="listing", priority=1)

    def read_document(self, response: Response) -> None:
        number = self._note(response)["number"]
        self.land(document(f"2026-{number:05}", DAY, depth="full"), exchange_of(response.request))

    def _note(self, response: Response) -> Any:
        said = json.loads(response.body)
        if "error" in said:
            raise UnknownShape("expected numbers, got an error")
        self.read.append(f"{response.url.removeprefix(API)} {said.get('round', '')}".strip())
        return said


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> type[Reader]:
    spider = type("Fresh", (Reader,), {"read": []})
    monkeypatch.setattr(replay, "spider_class", lambda slug: spider)
    relaxed = source(SLUG).bounds.model_copy(update={"must_match_official_count": False})
    config = source(SLUG).model_copy(update={"bounds": relaxed})
    monkeypatch.setattr(replay, "source", lambda slug: config)
    return spider


def archived(home: Path, *said: Said, faults: tuple[str, ...] = (), hours: int = 0) -> CrawlLedger:
    """An archive and its ledger, as a crawl leaves them."""
    started = T0 + timedelta(hours=hours)
    crawl_id = f"{started.strftime('%Y%m%dT%H%M%S%f')}Z-{hours:06x}"
    book = Book(
        crawl_id=crawl_id,
        run_id="test",
        source=source(SLUG),
        window=Window(since=DAY, until=DAY),
        vocabulary_sha256="0" * 64,
        parser_version="us_federal_register/2",
        started_at=started,
        clock=lambda: started,
    )
    archive = WarcArchive(home / "archive" / SLUG / f"{crawl_id}.warc.gz", "test")
    before: Said = ("", 200, None)
    attempt = 1
    for url, status, answer in said:
        attempt = attempt + 1 if url == before[0] and before[1] in (0, 503) else 1
        row = book.exchange("GET", url, "listing", attempt, None)
        if status == 0:
            row.outcome, row.message = "network_error", str(answer)
        else:
            body = json.dumps(answer).encode()
            row.http_status, row.outcome, row.warc_file = status, "ok" if status < 300 else "http_error", "x.warc.gz"
            kept = ArchivedAnswer(status, (("Content-Type", "application/json"),), body)
            written = archive.write(url, "GET", {}, b"", kept, started)
            row.warc_offset, row.payload_sha256 = written.offset, written.sha256
        before = (url, status, answer)
    for fault in faults:
        book.fault(fault)
    landing = LandingWriter(home / "nowhere" / "landing.jsonl")
    sealed = book.seal(archive.seal(), landing.seal())
    is_good = not faults
    ledger = sealed.model_copy(update={"is_good": is_good, "faults": faults})
    write_whole(home / "archive" / SLUG / f"{crawl_id}.ledger.json", ledger.model_dump_json().encode())
    return ledger


def landed(home: Path, ledger: CrawlLedger) -> list[LandedRecord]:
    path = home / "landing" / SLUG / f"{ledger.crawl_id}.jsonl"
    return [LandedRecord.model_validate_json(line) for line in path.read_text().splitlines()]


def replayed(home: Path) -> int:
    return replay.main([SLUG, "--home", str(home)])


def test_what_a_widened_vocabulary_asks_for_is_landed_as_its_list_said_it(tmp_path: Path, reader: type[Reader]) -> None:
    ledger = archived(tmp_path, (LIST, 200, {"numbers": [1, 2]}))
    reader.candidates = frozenset({2})
    manifest = replay.replay_crawl(tmp_path, ledger)
    assert manifest.is_good, manifest.faults
    assert {record.fetch_id for record in landed(tmp_path, ledger)} == {ledger.fetches[0].fetch_id}
    assert manifest.fetches[0].documents == 2


def test_answers_come_in_the_order_of_the_crawl__each_repetition_with_its_own(
    tmp_path: Path, reader: type[Reader]
) -> None:
    reader.candidates = frozenset({1, 2})
    again = {"numbers": [], "next": LIST, "round": 1}
    archived(
        tmp_path,
        (LIST, 200, {"numbers": [1, 2], "next": f"{API}/list?page=2", "round": 1}),
        (f"{API}/list?page=2", 503, {}),
        (f"{API}/list?page=2", 200, again),
        (f"{API}/2", 200, {"number": 2}),
        (LIST, 200, {"numbers": [3], "round": 2}),
        (f"{API}/1", 200, {"number": 1}),
    )
    assert replayed(tmp_path) == 0
    first = LIST.removeprefix(API).replace("[]", "%5B%5D")
    assert reader.read == [f"{first} 1", "/list?page=2 1", "/2", f"{first} 2", "/1"]


def test_an_answer_is_found_although_it_was_asked_for_in_another_shape(tmp_path: Path, reader: type[Reader]) -> None:
    ledger = archived(tmp_path, (LIST, 200, {"numbers": [1]}))
    reader.listing = f"{API}/list?page=1&fields[]=title&fields[]=action&per_page=20"
    assert replay.replay_crawl(tmp_path, ledger).is_good
    reader.listing = f"{API}/list?page=2&fields[]=title"
    with pytest.raises(replay.WorseThanBefore, match="not in the archive"):
        replay.replay_crawl(tmp_path, ledger)


def test_a_replay_that_is_not_good_keeps_the_good_landing(
    tmp_path: Path, reader: type[Reader], capsys: pytest.CaptureFixture[str]
) -> None:
    archived(tmp_path, (LIST, 200, {"numbers": [1]}))
    assert replayed(tmp_path) == 0
    kept = {path.name: path.read_bytes() for path in (tmp_path / "landing" / SLUG).iterdir()}
    reader.listing = f"{API}/elsewhere"
    assert replayed(tmp_path) == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "landing" / SLUG).iterdir()} == kept
    assert "WorseThanBefore" in capsys.readouterr().err


def test_a_good_crawl_whose_replay_is_not__is_told_also_where_nothing_was_landed(
    tmp_path: Path, reader: type[Reader], capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = archived(tmp_path, (LIST, 200, {"error": 1}))
    assert replayed(tmp_path) == 1
    assert f"{ledger.crawl_id}: the crawl was good, its replay is not" in capsys.readouterr().err


def test_what_failed_then_fails_again_with_its_own_words(tmp_path: Path, reader: type[Reader]) -> None:
    reader.candidates = frozenset({1})
    failed = (f"{API}/1", 0, "ConnectionLost: in the middle")
    ledger = archived(tmp_path, (LIST, 200, {"numbers": [1]}), failed, faults=("document 1: lost",))
    manifest = replay.replay_crawl(tmp_path, ledger)
    assert not manifest.is_good
    assert [fault for fault in manifest.faults if "network_error: ConnectionLost: in the middle" in fault]
    assert landed(tmp_path, ledger) == []


def test_a_bug_of_a_spider_is_a_fault_of_its_crawl_alone(tmp_path: Path, reader: type[Reader]) -> None:
    archived(tmp_path, (LIST, 200, {}))
    whole = archived(tmp_path, (LIST, 200, {"numbers": [1]}), hours=1)
    assert replayed(tmp_path) == 1
    assert len(landed(tmp_path, whole)) == 1


@pytest.mark.parametrize("damage", ["no ledger", "unreadable ledger", "offsets of other answers"])
def test_a_damaged_ledger_is_named__and_stops_no_other_crawl(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = f"{API}/list?page=2"
    broken = archived(tmp_path, (LIST, 200, {"numbers": [1], "next": page}), (page, 200, {"numbers": [2]}))
    whole = archived(tmp_path, (LIST, 200, {"numbers": [1]}), hours=1)
    file = tmp_path / "archive" / SLUG / f"{broken.crawl_id}.ledger.json"
    match damage:
        case "no ledger":
            file.unlink()
        case "unreadable ledger":
            file.write_bytes(file.read_bytes()[:-20])
        case _:
            said = json.loads(file.read_bytes())
            rows = said["fetches"]
            rows[0]["warc_offset"], rows[1]["warc_offset"] = rows[1]["warc_offset"], rows[0]["warc_offset"]
            file.write_text(json.dumps(said))
    assert replayed(tmp_path) == 1
    told = capsys.readouterr().err
    assert "DamagedArchive" in told
    assert broken.crawl_id in told
    assert [path.stem for path in (tmp_path / "landing" / SLUG).glob("*.jsonl")] == [whole.crawl_id]


def test_an_archive_that_is_still_being_written_is_no_fault(tmp_path: Path) -> None:
    WarcArchive(tmp_path / "archive" / SLUG / "running.warc.gz", "test")
    assert replayed(tmp_path) == 0
