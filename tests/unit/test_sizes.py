"""The growth of a state folder is that of all that lies in it, measured day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.ops import sizes
from pipelines.ops.backup import REPLACED
from pipelines.ops.sizes import growth, note_size, read_sizes, size_of
from pipelines.run import prepare
from scrapers.durable import write_whole

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    write_whole(home.archive / "us_bis" / "a.warc.gz", b"x" * 1000)
    write_whole(home.editions / "0" / "policy.duckdb", b"")
    return home


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days)


def test_growth__is_that_of_the_whole_folder(home: Home) -> None:
    note_size(home, days_ago(14))
    write_whole(home.landing / "us_bis" / "a.jsonl", b"x" * 20_000)
    write_whole(home.dagster / "history" / "runs.db", b"x" * 30_000)
    write_whole(home.editions / "1" / "policy.duckdb", b"x" * 40_000)
    (home.editions / "current").symlink_to("1")
    write_whole(home.root / f"{REPLACED}20261119T000000Z" / "archive" / "a.warc.gz", b"x" * 50_000)
    note_size(home, NOW)
    found = growth(home, NOW)
    assert found is not None
    assert found.days == 14
    rooms = ("archive", "landing", "dagster", "editions")
    assert [found.grown[room] for room in rooms] == [0, 20_000, 30_000, 40_000], "what a link leads to counts once"
    assert found.bytes < 91_000, "what a restore moved aside grows no more"


def test_what_went_again__is_no_growth(home: Home) -> None:
    file = home.editions / "1" / "policy.duckdb"
    write_whole(file, b"x" * 40_000)
    note_size(home, days_ago(14))
    file.unlink()
    write_whole(home.landing / "us_bis" / "a.jsonl", b"x" * 10_000)
    note_size(home, NOW)
    found = growth(home, NOW)
    assert found is not None
    assert -30_000 <= found.bytes < -29_000, "but for the notes themselves"


def test_the_first_filling_of_a_folder__is_no_growth(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    home.root.mkdir()
    note_size(home, days_ago(8))
    write_whole(home.editions / "1" / "policy.duckdb", b"x" * 40_000)
    note_size(home, days_ago(7))
    assert growth(home, days_ago(1)) is None
    note_size(home, NOW)
    found = growth(home, NOW)
    assert found is not None
    assert found.grown["editions"] == 0


def test_a_full_disk__keeps_nobody_from_looking(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sizes, "write_whole", full)
    note_size(home, NOW)
    assert read_sizes(home) == {}


@pytest.mark.parametrize(("first", "is_known"), [(6, False), (7, True), (28, True), (29, False)])
def test_growth__is_known_after_a_week_and_is_that_of_the_last_four(home: Home, first: int, is_known: bool) -> None:
    note_size(home, days_ago(first))
    note_size(home, NOW)
    assert (growth(home, NOW) is not None) == is_known


def test_a_folder__is_measured_once_a_day_and_old_notes_go(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (sizes.KEPT_DAYS, 1, 0):
        note_size(home, days_ago(days))
    assert list(read_sizes(home)) == [date(2026, 11, 19), date(2026, 11, 20)]
    monkeypatch.setattr(sizes, "measured", lambda _: pytest.fail("measured twice"))
    note_size(home, NOW)


def test_notes_that_cannot_be_read__are_begun_anew(home: Home) -> None:
    for damaged in (b"[1", b'{"a day": {}}', b"[]"):
        write_whole(home.sizes, damaged)
        assert growth(home, NOW) is None
        note_size(home, NOW)
        assert list(read_sizes(home)) == [NOW.date()]


def test_a_run_of_the_command_line__measures_the_folder(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DAGSTER_HOME", "AIPOLICY_HOME", "DAGSTER_DISABLE_TELEMETRY"):
        monkeypatch.setenv(variable, "")
    prepare(home)
    assert len(read_sizes(home)) == 1


def test_sizes__are_those_of_files(home: Home) -> None:
    file = home.archive / "us_bis" / "a.warc.gz"
    (home.archive / "elsewhere").symlink_to("us_bis")
    assert size_of(file) == 1000
    assert size_of(home.archive) == 1000, "what a link leads to counts where it is"
    assert size_of(home.root / "gone") == 0
