"""A body that did not change is written once; every answer is still read back whole, or its loss is named."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.accounts import read_archive
from pipelines.home import Home
from scrapers.contracts import CrawlLedger
from scrapers.durable import write_whole
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive, WholeBody, read_answer
from scrapers.runtime.kept_bodies import LEAST_BYTES, REST_AT_MOST, kept_bodies
from tests.crawl_fixture import SLUG, T0, land
from tests.unit.readings_fixture import nothing_read

URL = "https://www.federalregister.gov/api/v1/documents.json"
BODY = b"x" * LEAST_BYTES
HASH = hashlib.sha256(BODY).hexdigest()


def crawl(home: Home, after: timedelta, body: bytes = BODY) -> CrawlLedger:
    """One crawl that gets one answer, with what the archive knows by then."""
    landed = land(home.root, [], hours=int(after / timedelta(hours=1)))
    folder, at = home.archive / SLUG, T0 + after
    archive = WarcArchive(folder / landed.archive.name, "test", kept_bodies(folder, at))
    answer = ArchivedAnswer(200, (("Date", at.isoformat()),), body)
    written = archive.write(URL, "GET", {}, b"", answer, at)
    (fetch,) = landed.fetches
    found = {"warc_offset": written.offset, "payload_sha256": written.sha256, "body_in": written.body_in}
    fetch = fetch.model_copy(update={"url": URL, "body_bytes": len(body), "ended_at": at, **found})
    ledger = landed.model_copy(update={"archive": archive.seal(), "fetches": (fetch,)})
    write_whole(folder / f"{ledger.crawl_id}.ledger.json", ledger.model_dump_json().encode())
    return ledger


def answer_of(home: Home, ledger: CrawlLedger) -> ArchivedAnswer:
    (fetch,) = ledger.fetches
    assert fetch.warc_offset is not None
    return read_answer(home.archive / SLUG / ledger.archive.name, fetch.warc_offset, fetch.url, fetch.payload_sha256)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_an_unchanged_body__is_written_once_and_read_back_from_every_crawl(home: Home) -> None:
    crawls = [crawl(home, timedelta(hours=hours)) for hours in (0, 4, 8)]
    assert [ledger.fetches[0].body_in for ledger in crawls] == [None, *[crawls[0].archive.name] * 2]
    answers = [answer_of(home, ledger) for ledger in crawls]
    assert {answer.body for answer in answers} == {BODY}
    assert [dict(answer.headers)["Date"] for answer in answers] == [
        (T0 + timedelta(hours=hours)).isoformat() for hours in (0, 4, 8)
    ]
    assert read_archive(home, set(), nothing_read(home)).faults == []


def test_another_tool__reads_a_revisit_record_of_the_standard(home: Home) -> None:
    first, second = crawl(home, timedelta(0)), crawl(home, timedelta(hours=4))
    with (home.archive / SLUG / second.archive.name).open("rb") as stream:
        (record,) = [one for one in ArchiveIterator(stream, check_digests="raise") if one.rec_type == "revisit"]
        told = dict(record.rec_headers.headers)
    with (home.archive / SLUG / first.archive.name).open("rb") as stream:
        (whole,) = [dict(one.rec_headers.headers) for one in ArchiveIterator(stream) if one.rec_type == "response"]
    assert told["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert told["WARC-Payload-Digest"] == whole["WARC-Payload-Digest"]
    assert told["WARC-Refers-To-Target-URI"] == whole["WARC-Target-URI"]
    assert datetime.fromisoformat(told["WARC-Refers-To-Date"]) == datetime.fromisoformat(whole["WARC-Date"])


@pytest.mark.parametrize(
    ("after", "body"),
    [
        (REST_AT_MOST + timedelta(hours=1), BODY),
        (timedelta(hours=4), BODY + b"!"),
    ],
    ids=["after a month", "when it changed"],
)
def test_a_body__is_written_whole_again(home: Home, after: timedelta, body: bytes) -> None:
    crawl(home, timedelta(0))
    again = crawl(home, after, body)
    assert again.fetches[0].body_in is None
    assert answer_of(home, again).body == body


def test_a_body_that_is_smaller_than_the_words_that_refer_to_it__is_always_written(home: Home) -> None:
    crawl(home, timedelta(0), b"small")
    assert crawl(home, timedelta(hours=4), b"small").fetches[0].body_in is None


@pytest.mark.parametrize("damage", ["cut", "gone", "ledger"])
def test_a_file_that_is_not_as_it_was_sealed__is_not_rested_on(home: Home, damage: str) -> None:
    first = crawl(home, timedelta(0))
    file = home.archive / SLUG / first.archive.name
    match damage:
        case "cut":
            file.write_bytes(file.read_bytes()[:-1])
        case "gone":
            file.unlink()
        case _:
            file.with_name(f"{first.crawl_id}.ledger.json").write_bytes(b"{")
    assert kept_bodies(home.archive / SLUG, T0 + timedelta(hours=4)) == {}


def test_a_file_taken_away_that_others_rest_on__is_named(home: Home) -> None:
    first, second = crawl(home, timedelta(0)), crawl(home, timedelta(hours=4))
    for file in (home.archive / SLUG).glob(f"{first.crawl_id}.*"):
        file.unlink()
    with pytest.raises(ValueError, match=rf"expected a body in {first.archive.name} at offset"):
        answer_of(home, second)
    (fault,) = read_archive(home, {second.crawl_id}, nothing_read(home)).faults
    assert first.archive.name in fault


def test_a_name_in_a_record__does_not_lead_out_of_the_folder(home: Home, tmp_path: Path) -> None:
    first = crawl(home, timedelta(0))
    folder = home.archive / SLUG
    elsewhere = tmp_path / first.archive.name
    (folder / first.archive.name).rename(elsewhere)
    (fetch,) = first.fetches
    known = {HASH: WholeBody(f"../../{elsewhere.name}", fetch.warc_offset or 0, URL, T0)}
    archive = WarcArchive(folder / "b.warc.gz", "test", known)
    written = archive.write(URL, "GET", {}, b"", ArchivedAnswer(200, (), BODY), T0)
    archive.seal()
    with pytest.raises(ValueError, match="expected a body in"):
        read_answer(folder / "b.warc.gz", written.offset, URL, HASH)
