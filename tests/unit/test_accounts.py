"""Accounts of crawls: one for a crawl that died, what is wrong with an archive, and what loading could not take."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import accounts
from pipelines.accounts import (
    DamagedLedger,
    account_for_dead_crawl,
    crawl_of_run,
    crawls_backwards,
    crawls_of_run,
    last_crawl,
    ledger_files,
    manifest_of,
    note_withheld,
    read_archive,
)
from pipelines.archive_readings import Readings
from pipelines.home import Home
from pipelines.load import load
from pipelines.origin import held_stand_ins
from pipelines.report import _last_good
from pipelines.resources import VOCABULARY
from pipelines.warehouse import open_warehouse
from scrapers.contracts import CrawlLedger, DayCount, Window, new_crawl_id
from scrapers.durable import file_sha256
from scrapers.locks import crawl_lock, lock
from scrapers.replay import replay_crawl
from tests.unit.readings_fixture import nothing_read

SLUG = "us_federal_register"
AT = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def dead(home: Home) -> CrawlLedger:
    """The account of a crawl that was killed on the second of its four days."""
    window = Window(since=date(2026, 10, 8), until=date(2026, 10, 11))
    return account_for_dead_crawl(
        home,
        SLUG,
        "run-1",
        window,
        started_at=AT,
        ended_at=AT,
        vocabulary_sha256=file_sha256(VOCABULARY),
        why="ended with -9",
    )


def test_a_dead_crawl__is_on_record_with_its_days_and_why(home: Home, dead: CrawlLedger) -> None:
    assert (dead.is_good, dead.faults) == (False, ("ended with -9",))
    assert [count.day for count in dead.days] == [date(2026, 10, 8), date(2026, 10, 9)]
    assert crawl_of_run(home, SLUG, "run-1") == dead
    assert last_crawl(home, SLUG) == dead
    assert crawl_of_run(home, SLUG, "another") is None


def test_crawls_of_one_run__are_told_as_one_whose_faults_name_their_days(home: Home, dead: CrawlLedger) -> None:
    earlier = dead.model_copy(
        update={
            "crawl_id": new_crawl_id(AT - timedelta(hours=1)),
            "window": Window(since=date(2026, 10, 6), until=date(2026, 10, 7)),
            "days": tuple(DayCount(day=date(2026, 10, day), found=2, official=2) for day in (6, 7)),
            "found_total": 4,
            "faults": (),
            "is_good": True,
        }
    )
    (home.archive / SLUG / f"{earlier.crawl_id}.ledger.json").write_text(earlier.model_dump_json())
    assert [crawl.is_good for crawl in crawls_of_run(home, SLUG, "run-1")] == [True, False]
    whole = crawl_of_run(home, SLUG, "run-1")
    assert whole is not None
    assert (whole.is_good, whole.found_total) == (False, 4)
    assert (whole.window.since, whole.window.until) == (date(2026, 10, 6), date(2026, 10, 11))
    assert [(count.day.day, count.found) for count in whole.days] == [(6, 2), (7, 2), (8, 0), (9, 0)]
    assert whole.faults == ("2026-10-08 to 2026-10-11: ended with -9",)


def test_a_dead_crawl__loads_and_is_no_fault_of_the_archive(home: Home, dead: CrawlLedger) -> None:
    with open_warehouse(home) as connection:
        assert load(home, connection).withheld == ()
        rows = connection.execute("select crawl_id, is_good, faults from raw.crawls").fetchall()
    assert rows == [(dead.crawl_id, False, ["ended with -9"])]
    archive = read_archive(home, {dead.crawl_id}, nothing_read(home))
    assert archive.faults == []
    assert {name for _, name, *_ in archive.seals} == {dead.archive.name}


def test_a_dead_crawl__is_replayed_as_what_it_was(home: Home, dead: CrawlLedger) -> None:
    shutil.rmtree(home.landing)
    (path,) = ledger_files(home, SLUG)
    ledger = CrawlLedger.model_validate_json(path.read_bytes())
    assert replay_crawl(home.root, ledger) == dead
    with open_warehouse(home) as connection:
        assert load(home, connection).crawls == 1


def test_a_ledger_that_was_never_landed__is_a_fault(home: Home, dead: CrawlLedger) -> None:
    shutil.rmtree(home.landing)
    (fault,) = read_archive(home, set(), nothing_read(home)).faults
    assert dead.crawl_id in fault
    assert f"aipolicy replay --source {SLUG}" in fault
    assert read_archive(home, {dead.crawl_id}, nothing_read(home)).faults == []


def test_an_archive_file_without_a_ledger__is_a_fault_unless_it_is_being_written(home: Home, dead: CrawlLedger) -> None:
    (home.archive / SLUG / f"{dead.crawl_id}.ledger.json").unlink()
    (home.archive / SLUG / ".another.warc.gz.tmp").touch()
    (fault,) = read_archive(home, set(), nothing_read(home)).faults
    assert dead.archive.name in fault
    with lock(crawl_lock(home.root, SLUG)):
        assert read_archive(home, set(), nothing_read(home)).faults == []


def test_a_ledger_that_cannot_be_read_in_part__is_a_fault_when_it_is_new_or_touched(
    home: Home, dead: CrawlLedger
) -> None:
    path = home.archive / SLUG / f"{dead.crawl_id}.ledger.json"
    whole, readings = path.read_bytes(), nothing_read(home)
    assert read_archive(home, {dead.crawl_id}, readings).faults == []
    later = Readings(home.archive, readings.today, readings.whole)
    path.write_bytes(whole.replace(b'"is_good"', b'"is_gooe"'))
    (fault,) = read_archive(home, {dead.crawl_id}, later).faults
    assert str(path) in fault
    assert f"{SLUG}/{path.name}" not in later.whole


def test_a_ledger_that_nothing_has_touched__is_not_read_whole_again(
    home: Home, dead: CrawlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = nothing_read(home)
    before = read_archive(home, {dead.crawl_id}, readings)
    monkeypatch.setattr(accounts, "read_ledger", None)
    again = read_archive(home, {dead.crawl_id}, Readings(home.archive, readings.today, readings.whole))
    assert again == before


def test_a_ledger_that_cannot_be_read__is_a_fault(home: Home, dead: CrawlLedger) -> None:
    path = home.archive / SLUG / f"{dead.crawl_id}.ledger.json"
    path.write_bytes(path.read_bytes()[:-20])
    (fault,) = read_archive(home, {dead.crawl_id}, nothing_read(home)).faults
    assert str(path) in fault
    assert "restore it from a copy" in fault
    with pytest.raises(DamagedLedger, match=re.escape(str(path))):
        last_crawl(home, SLUG)
    assert crawl_of_run(home, SLUG, "run-1") is None
    assert held_stand_ins(home) is None


def test_a_manifest_that_cannot_be_read__withholds_its_crawl_and_is_a_fault(home: Home, dead: CrawlLedger) -> None:
    path = home.landing / SLUG / f"{dead.crawl_id}.manifest.json"
    path.write_bytes(path.read_bytes()[:-20])
    with open_warehouse(home) as connection:
        (reason,) = load(home, connection).withheld
    assert str(path) in reason
    assert f"aipolicy replay --source {SLUG}" in reason
    (fault,) = read_archive(home, set(), nothing_read(home)).faults
    assert f"aipolicy replay --source {SLUG}" in fault


def test_a_crawl_that_a_replay_made_good__is_good_as_it_was_loaded(home: Home, dead: CrawlLedger) -> None:
    """Its ledger is never changed; what was read of it since is in its manifest."""
    good = dead.model_copy(update={"is_good": True, "faults": ()})
    manifest_of(home, SLUG, dead.crawl_id).write_text(good.model_dump_json())
    assert last_crawl(home, SLUG) == good
    assert list(crawls_backwards(home, SLUG)) == [good]
    assert _last_good(home, SLUG) == "not checked since its last good crawl at 2026-10-09T12:00:00Z"
    manifest_of(home, SLUG, dead.crawl_id).write_text("{")
    assert last_crawl(home, SLUG) == dead, "the check of the archive tells of the manifest"


def test_a_crawl_that_could_not_be_loaded__is_not_good_any_more(home: Home, dead: CrawlLedger) -> None:
    good = dead.model_copy(update={"is_good": True, "faults": ()})
    (home.archive / SLUG / f"{dead.crawl_id}.ledger.json").write_text(good.model_dump_json())
    manifest_of(home, SLUG, dead.crawl_id).write_text(good.model_dump_json())
    note_withheld(home, {"another crawl": "why"})
    assert last_crawl(home, SLUG) == good
    note_withheld(home, {dead.crawl_id: "could not be loaded: cut"})
    for account in (last_crawl(home, SLUG), crawl_of_run(home, SLUG, "run-1")):
        assert account is not None
        assert (account.is_good, account.faults) == (False, ("could not be loaded: cut",))
