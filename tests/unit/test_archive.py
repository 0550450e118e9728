"""The archive: standard WARC that other tools read, and seals that notice what WARC does not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.contracts import FileSeal
from scrapers.durable import seal_fault
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive, read_answer

AT = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _archive(path: Path, bodies: list[bytes]) -> FileSeal:
    archive = WarcArchive(path, "test")
    for number, body in enumerate(bodies):
        answer = ArchivedAnswer(200, (("Content-Type", "application/json"), ("Content-Encoding", "gzip")), body)
        archive.write(f"https://example.gov/{number}", "GET", {"Accept": "*/*"}, b"", answer, AT)
    return archive.seal()


def test_every_answer_is_read_back_from_its_offset__bytes_unchanged(tmp_path: Path) -> None:
    bodies = [b"one", b"\x1f\x8b\x08 not really gzip", b""]
    seal = _archive(tmp_path / "a.warc.gz", bodies)
    answers = [
        read_answer(tmp_path / seal.name, offset, f"https://example.gov/{number}", _sha256(bodies[number]))
        for number, offset in enumerate(seal.offsets)
    ]
    assert [answer.body for answer in answers] == bodies
    assert answers[0].headers == (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))


def test_another_tool_reads_the_file__one_request_and_response_each(tmp_path: Path) -> None:
    seal = _archive(tmp_path / "a.warc.gz", [b"one", b"two"])
    with (tmp_path / seal.name).open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "request", "response", "request"]
    assert seal.records == 2


def test_nothing_stands_under_the_final_name_before_the_seal(tmp_path: Path) -> None:
    WarcArchive(tmp_path / "a.warc.gz", "test")
    assert not (tmp_path / "a.warc.gz").exists()


@pytest.mark.parametrize("damage", ["cut at a record's edge", "one byte flipped", "missing"])
def test_a_damaged_file__is_noticed_by_its_seal(tmp_path: Path, damage: str) -> None:
    seal = _archive(tmp_path / "a.warc.gz", [b"one", b"two"])
    path = tmp_path / seal.name
    assert seal_fault(path, seal.bytes, seal.sha256) is None
    content = path.read_bytes()
    match damage:
        case "missing":
            path.unlink()
        case "one byte flipped":
            path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        case _:
            path.write_bytes(content[: seal.offsets[1]])
    assert seal_fault(path, seal.bytes, seal.sha256) is not None


def test_an_offset_without_a_record__names_file_and_offset(tmp_path: Path) -> None:
    seal = _archive(tmp_path / "a.warc.gz", [b"one"])
    with pytest.raises(ValueError, match=r"a\.warc\.gz.*offset 0"):
        read_answer(tmp_path / seal.name, 0, "https://example.gov/0", _sha256(b"one"))


@pytest.mark.parametrize(
    ("url", "body"), [("https://example.gov/1", b"one"), ("https://example.gov/0", b"two")], ids=["address", "bytes"]
)
def test_an_answer_that_the_ledger_does_not_mean__is_not_taken_for_it(tmp_path: Path, url: str, body: bytes) -> None:
    seal = _archive(tmp_path / "a.warc.gz", [b"one", b"two"])
    with pytest.raises(ValueError, match=r"a\.warc\.gz: expected at offset \d+ the answer of"):
        read_answer(tmp_path / seal.name, seal.offsets[0], url, _sha256(body))
