"""Archive files are read when they are new, touched, or not read for long."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines import archive_readings
from pipelines.archive_readings import READ_AGAIN_DAYS, Readings, read_readings
from scrapers.durable import file_sha256, seal_fault

NAME, TODAY = "us_nist/1.warc.gz", date(2026, 10, 9)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose bytes were read."""
    files: list[Path] = []

    def noted(path: Path, size: int, sha256: str) -> str | None:
        files.append(path)
        return seal_fault(path, size, sha256)

    monkeypatch.setattr(archive_readings, "seal_fault", noted)
    (tmp_path / NAME).parent.mkdir()
    (tmp_path / NAME).write_bytes(b"as it came")
    return files


def look(archive: Path, today: date = TODAY, sealed: bytes = b"as it came") -> str | None:
    memory = archive / "readings.json"
    readings: Readings = read_readings(memory, archive, today)
    seal = archive / "sealed"
    seal.write_bytes(sealed)
    fault = readings.fault(NAME, len(sealed), file_sha256(seal))
    readings.keep(memory)
    return fault


def test_a_file_that_nothing_has_touched__is_read_once(tmp_path: Path, read: list[Path]) -> None:
    assert [look(tmp_path), look(tmp_path, TODAY + timedelta(READ_AGAIN_DAYS - 1))] == [None, None]
    assert read == [tmp_path / NAME]


def test_a_file_not_read_for_long__is_read_again(tmp_path: Path, read: list[Path]) -> None:
    look(tmp_path)
    later = TODAY + timedelta(READ_AGAIN_DAYS)
    assert [look(tmp_path, later), look(tmp_path, later)] == [None, None]
    assert len(read) == 2


def test_a_changed_byte__is_found_also_when_the_time_of_writing_is_set_back(tmp_path: Path, read: list[Path]) -> None:
    look(tmp_path)
    written = (tmp_path / NAME).stat()
    (tmp_path / NAME).write_bytes(b"as it comE")
    os.utime(tmp_path / NAME, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert "its hash differs" in str(look(tmp_path))
    assert "its hash differs" in str(look(tmp_path)), "a fault is not remembered as whole"


def test_a_file_read_after_today__is_read_again(tmp_path: Path, read: list[Path]) -> None:
    """The clock once stood in the far future."""
    look(tmp_path, date(2099, 1, 1))
    look(tmp_path)
    assert len(read) == 2


def test_a_cut_file__is_found_also_where_the_disk_tells_no_change(tmp_path: Path, read: list[Path]) -> None:
    look(tmp_path)
    remembered = (tmp_path / "readings.json").read_bytes()
    (tmp_path / NAME).write_bytes(b"as it")
    changed = (tmp_path / NAME).stat().st_ctime_ns
    (tmp_path / "readings.json").write_bytes(
        re.sub(rb'"changed_ns":\d+', b'"changed_ns":' + str(changed).encode(), remembered)
    )
    assert "expected 10 bytes, got 5" in str(look(tmp_path))


def test_a_disk_that_takes_nothing__only_makes_the_next_look_slower(
    tmp_path: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_readings, "write_whole", _full)
    assert [look(tmp_path), look(tmp_path)] == [None, None]
    assert len(read) == 2


def _full(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_lost_file__is_found(tmp_path: Path, read: list[Path]) -> None:
    look(tmp_path)
    (tmp_path / NAME).unlink()
    assert "missing" in str(look(tmp_path))


def test_another_seal__is_held_against_the_file(tmp_path: Path, read: list[Path]) -> None:
    look(tmp_path)
    assert "its hash differs" in str(look(tmp_path, sealed=b"as it Came"))


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"us_nist/1.warc.gz": 1}'])
def test_a_memory_that_cannot_be_read__is_none(tmp_path: Path, read: list[Path], damage: bytes) -> None:
    look(tmp_path)
    (tmp_path / "readings.json").write_bytes(damage)
    assert look(tmp_path) is None
    assert len(read) == 2
