"""What may go is named and goes; what somebody reads, and what cannot be made again, stays."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops.gc import collect, waste
from pipelines.ops.rebuild import DAMAGED, set_aside
from pipelines.publish import readers
from pipelines.publish.readers import is_read, reading
from pipelines.publish.shelf import LEAVING, prune
from scrapers.durable import write_whole
from scrapers.locks import lock
from tests.state_fixture import crawl, edition

OLD, KEPT = "20240101T000000Z-a", "20240102T000000Z-b"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A shelf with one edition too many."""
    home = Home(tmp_path / "home")
    crawl(home)
    edition(home, OLD, "2024-01-01T00:00:00Z")
    edition(home, KEPT, "2024-01-02T00:00:00Z")
    edition(home)
    return home


def later(days: float) -> datetime:
    return datetime.now().astimezone() + timedelta(days)


def names(home: Home, now: datetime) -> list[str]:
    return sorted(one.path.relative_to(home.root).as_posix() for one in waste(home, now) if one.stays is None)


def test_an_edition_that_the_rule_lets_go__goes(home: Home) -> None:
    found = list(waste(home, later(0)))
    assert names(home, later(0)) == [f"editions/{OLD}"]
    collect(home, found)
    assert sorted(path.name for path in home.editions.iterdir()) == [KEPT, "20261009T120000Z-a", "current"]


def test_a_file_that_a_crawl_finishes_meanwhile__is_none_that_was_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = home.archive / "uk_govuk" / ".a.warc.gz.tmp"
    monkeypatch.setattr(Path, "rglob", lambda *_: iter((gone,)))
    assert list(waste(home, later(0)))[1:] == []


def test_an_edition_that_our_reader_holds__stays(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(readers, "PROCESSES", tmp_path / "none")
    with reading(home.editions / OLD):
        assert [one.stays for one in waste(home, later(0))] == ["somebody reads it"]
        collect(home, list(waste(home, later(0))))
        assert prune(home) == []
        assert (home.editions / OLD / "policy.duckdb").exists()
    assert prune(home) == [OLD]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux shows what processes have open")
def test_an_edition_that_any_process_has_open__stays(home: Home) -> None:
    program = "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(home.editions / OLD / "policy.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        assert is_read(home.editions / OLD)
        assert not is_read(home.editions / KEPT)
        assert prune(home) == []
        reader.communicate()
    assert prune(home) == [OLD]


def test_sql_and_search__hold_the_edition_that_they_read(home: Home) -> None:
    from pipelines.query import open_edition
    from pipelines.warehouse import connect

    database = home.editions / "current" / "policy.duckdb"
    database.unlink()
    connect(database, read_only=False).close()
    with open_edition(home):
        assert readers._is_locked((home.editions / "current").resolve())
    assert not readers._is_locked((home.editions / "current").resolve())


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("archive/us_bis/.x.warc.gz.tmp", 0.25),
        ("digests/2026-W40/.digest.md.tmp", 0.25),
        (f"editions/{DAMAGED}x/EDITION.json", 14),
        (f"editions/{LEAVING}x/EDITION.json", 14),
        ("warehouse/before-rebuild/warehouse.duckdb", 14),
    ],
)
def test_leftovers__go_when_nobody_can_need_them(home: Home, path: str, days: float) -> None:
    write_whole(home.root / path, b"left over")
    prune(home)
    assert names(home, later(days - 0.1)) == []
    (found,) = waste(home, later(days + 0.1))
    collect(home, [found])
    assert not found.path.exists()
    assert not (home.root / path).exists()


def test_the_warehouse_of_a_rebuild_under_way__stays(home: Home) -> None:
    write_whole(set_aside(home) / "warehouse.duckdb", b"the good one")
    prune(home)
    with lock(home.run_lock):
        assert names(home, later(30)) == []


def test_what_a_restore_moved_aside__stays(home: Home) -> None:
    """Its archive may know of crawls that the copy did not."""
    write_whole(home.root / ".replaced-20261009T120000Z" / "archive" / "a" / "1.warc.gz", b"bytes")
    prune(home)
    assert names(home, later(1000)) == []


def test_a_link_that_a_killed_publish_left__goes(home: Home) -> None:
    prune(home)
    (home.editions / ".current.1234").symlink_to(KEPT)
    collect(home, list(waste(home, later(1))))
    assert not os.path.lexists(home.editions / ".current.1234")
    assert (home.editions / KEPT).exists(), "the link went, not what it led to"


def test_dry_run__deletes_nothing(home: Home) -> None:
    call = CliRunner().invoke(main, ["--home", str(home.root), "gc", "--dry-run"])
    assert (call.exit_code, OLD in call.output, (home.editions / OLD).exists()) == (0, True, True)
    assert CliRunner().invoke(main, ["--home", str(home.root), "gc"]).exit_code == 0
    assert not (home.editions / OLD).exists()
