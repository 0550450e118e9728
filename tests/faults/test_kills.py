"""Kills at every durable step and at random moments: the run after it ends as a clean one, and nothing is half."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import altair  # noqa: F401  slow, so imported before processes are forked
import duckdb
import pytest

from pipelines.digest.build import build_digest
from pipelines.digest.issues import RECORD
from pipelines.home import Home, StateRefused
from pipelines.ops.backup import backup, copies, faults_of, read_copy, restore
from pipelines.ops.migrations.m0001_columns_of_older_warehouses import _COLUMNS
from pipelines.ops.state import UNFINISHED_RESTORE, bring_up_to_date, state_file
from pipelines.publish.edition import refresh_bookkeeping, switch_current, whole_edition
from pipelines.warehouse import SCHEMA, connect, open_warehouse
from scrapers.contracts import LandedRecord
from scrapers.durable import write_whole
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from scrapers.runtime.landing import LandingWriter
from scrapers.samples.process import running_samples
from tests.crawl_fixture import T0, document
from tests.faults.kill_points import ALL_KILLS, forks, killed_after, killed_everywhere, untouched
from tests.faults.seed import SEED
from tests.faults.short_path import URL, Walk, half_files, transform
from tests.faults.verdict import Verdict
from tests.unit import test_backup
from tests.unit import test_issues as issues
from tests.unit.edition_fixture import make_edition

pytestmark = [pytest.mark.slow, pytest.mark.faults]

KILLS = 180 if ALL_KILLS else 36
EVERY = 1 if ALL_KILLS else 5
"""Of the points of long ways, one of so many is taken."""
AWARDS, AWARDS_HOST = "us_nsf_awards", "api.nsf.gov"
MONTH = (date(2024, 1, 1), date(2024, 1, 31))
MEMORY = Path("/dev/shm")
"""A kill proves nothing about a disk, so what is killed may stand in memory."""
ISSUE = "2026-W46"


@pytest.fixture(scope="module")
def killer() -> Iterator[ProcessPoolExecutor]:
    with forks() as pool:
        yield pool


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def tree(root: Path) -> dict[str, bytes | str]:
    """What bears a final name; killed writers leave temporary ones, which `aipolicy gc` takes."""
    return {name: held for name, held in test_backup.tree(root).items() if "/." not in f"/{name}"}


def at_every_point(
    pool: ProcessPoolExecutor,
    start: Path,
    act: Callable[..., object],
    mend: Callable[..., object],
    *,
    least: int,
    every: int = 1,
) -> int:
    """The kills made; `least` is somewhat less than the way's durable steps, of which none may be forgotten."""
    kills = pool.submit(killed_everywhere, start, act, mend, every).result()
    assert kills >= least // every, "durable steps are not counted as such"
    return kills


# ---- from a crawl to the edition


def walk(root: Path, day: int) -> None:
    Walk(root, since=date(2024, 1, day), until=date(2024, 1, day))()


def walk_on(root: Path, day: int, known: frozenset[str], clean: str) -> None:
    """The next run after a killed one; readers have seen a whole edition meanwhile."""
    assert half_files(root) == []
    assert Walk(root).content in known
    walk(root, day)
    assert Walk(root).content == clean


@pytest.mark.fault("S1")
def test_a_second_run_is_killed_at_every_point(killer: ProcessPoolExecutor, folder: Path, verdict: Verdict) -> None:
    """From crawl to bookkeeping, over a state folder that has an edition already."""
    start, clean = folder / "start", folder / "clean"
    killer.submit(untouched, partial(walk, start, 29)).result()
    shutil.copytree(start, clean, symlinks=True)
    killer.submit(untouched, partial(walk, clean, 30)).result()
    first, second = Walk(start).content, Walk(clean).content
    assert first != second
    mend = partial(walk_on, day=30, known=frozenset({first, second}), clean=second)
    verdict.recovered(at_every_point(killer, start, partial(walk, day=30), mend, least=80, every=EVERY))


def killed_at_random(root: Path, base_urls: dict[str, str], seed: int, kills: int) -> int:
    """Kill so many first runs at random moments of the time that a clean one takes; returns how many were killed."""
    began = datetime.now(UTC)
    clean = Walk(root / "clean", AWARDS, *MONTH, base_urls)
    untouched(clean)
    seconds = (datetime.now(UTC) - began).total_seconds()
    killed = 0
    for number in range(kills):
        run = Walk(root / str(number), AWARDS, *MONTH, base_urls)
        killed += killed_after(random.Random(seed + number).uniform(0, seconds), run)
        untouched(partial(_whole_then_run, run))
        assert run.content == clean.content, f"seed {seed + number}"
        shutil.rmtree(run.root)
    return killed


def _whole_then_run(run: Walk) -> None:
    assert half_files(run.root) == []
    run()


@pytest.mark.fault("S1")
def test_runs_are_killed_at_random_moments(killer: ProcessPoolExecutor, folder: Path, verdict: Verdict) -> None:
    """With Scrapy, over the wire."""
    sys.stdout.write(f"seeds {SEED} to {SEED + KILLS - 1}\n")
    with running_samples(sources=(AWARDS,)) as base_urls:
        killed = killer.submit(killed_at_random, folder, base_urls, SEED, KILLS).result()
    assert killed >= KILLS // 3, "most runs were over before their moment came"
    verdict.recovered(killed)


# ---- issues, copies, migrations


def issue(root: Path) -> None:
    build_digest(root / "editions" / "current", ISSUE, None, Home(root).digests)


def issue_again(root: Path, clean: Path) -> None:
    assert half_files(root) == []
    issue(root)
    assert tree(Home(root).digests) == tree(Home(clean).digests)


def with_an_edition(root: Path) -> None:
    make_edition(root / "base", crowd=0)
    edition = issues.publish(root / "base", root, issues.monday_after(ISSUE))
    switch_current(Home(root), edition.name)


@pytest.mark.fault("S1")
def test_the_writing_of_an_issue_is_killed_at_every_point(
    killer: ProcessPoolExecutor, folder: Path, verdict: Verdict
) -> None:
    start, clean = folder / "start", folder / "clean"
    with_an_edition(start)
    shutil.copytree(start, clean, symlinks=True)
    killer.submit(untouched, partial(issue, clean)).result()
    mend = partial(issue_again, clean=clean)
    verdict.recovered(at_every_point(killer, start, issue, mend, least=40, every=EVERY))


def copy(root: Path) -> None:
    backup(Home(root / "home"), root / "copies", T0)


def copy_again(root: Path) -> None:
    for name in copies(root / "copies"):
        assert faults_of(root / "copies", read_copy(root / "copies", name)) == []
    copy(root)
    bring_back(root)
    assert tree(root / "back") == tree(root / "home")


def bring_back(root: Path) -> None:
    restore(Home(root / "back"), root / "copies", T0, replace=True)


def bring_back_again(root: Path) -> None:
    back = Home(root / "back")
    if (back.root / UNFINISHED_RESTORE).exists():
        with pytest.raises(StateRefused, match="not finished"):
            bring_up_to_date(back)
    elif state_file(back).exists():
        whole_edition(back)
    bring_back(root)
    bring_up_to_date(Home(root / "back"))
    assert tree(root / "back") == tree(root / "home")


@pytest.fixture
def state(killer: ProcessPoolExecutor, folder: Path) -> Path:
    """A state folder with an edition, without what is made again."""
    killer.submit(untouched, partial(walk, folder / "start" / "home", 29)).result()
    for name in ("warehouse", "locks"):
        shutil.rmtree(folder / "start" / "home" / name)
    return folder / "start"


@pytest.mark.fault("S1")
def test_a_backup_is_killed_at_every_point(killer: ProcessPoolExecutor, state: Path, verdict: Verdict) -> None:
    verdict.recovered(at_every_point(killer, state, copy, copy_again, least=65))


@pytest.mark.fault("S1")
def test_a_restore_is_killed_at_every_point(killer: ProcessPoolExecutor, state: Path, verdict: Verdict) -> None:
    copy(state)
    verdict.recovered(at_every_point(killer, state, bring_back, bring_back_again, least=19))


def columns(root: Path) -> set[tuple[str, str]]:
    with closing(connect(Home(root).warehouse, read_only=True)) as connection:
        return set(
            connection.execute(
                "select table_schema || '.' || table_name, column_name from information_schema.columns"
            ).fetchall()
        )


def of_before_versions(root: Path) -> None:
    """A state folder of the time before versions: a warehouse of old columns, and the record of an issue."""
    with_an_edition(root)
    issue(root)
    issues.of_an_older_form(Home(root).digests / ISSUE / RECORD)
    Home(root).warehouse.parent.mkdir()
    with duckdb.connect(str(Home(root).warehouse)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, column in _COLUMNS:
            connection.execute(f"alter table {table} drop column {column.split()[0]}")


def migrate(root: Path) -> None:
    bring_up_to_date(Home(root))


def migrate_again(root: Path, clean: Path) -> None:
    assert half_files(root) == []
    old = {(table, column.split()[0]) for table, column in _COLUMNS}
    assert len(old & columns(root)) in (0, len(old)), "the columns of one step, some old and some new"
    migrate(root)
    assert columns(root) == columns(clean)
    assert tree(Home(root).digests) == tree(Home(clean).digests)
    assert state_file(Home(root)).read_bytes() == state_file(Home(clean)).read_bytes()


@pytest.mark.fault("S11")
def test_migrations_are_killed_at_every_point(killer: ProcessPoolExecutor, folder: Path, verdict: Verdict) -> None:
    start, clean = folder / "start", folder / "clean"
    of_before_versions(start)
    shutil.copytree(start, clean, symlinks=True)
    killer.submit(untouched, partial(migrate, clean)).result()
    at_every_point(killer, start, migrate, partial(migrate_again, clean=clean), least=24)
    verdict.recovered(0)


# ---- writers that are killed while they write


def writes_files(root: Path) -> None:
    for number in range(10_000):
        write_whole(root / f"{number}.json", b'"' + b"x" * 20_000_000 + b'"')


def writes_landings(root: Path) -> None:
    for number in range(10_000):
        landing = LandingWriter(root / f"{number}.jsonl")
        for one in range(2_000):
            landing.write(LandedRecord(fetch_id="f", document=document(f"{one}")))
        landing.seal()


def writes_archives(root: Path) -> None:
    for number in range(10_000):
        archive = WarcArchive(root / f"{number}.warc.gz", "software")
        for one in range(200):
            archive.write(URL, "GET", {}, b"", ArchivedAnswer(200, (), os.urandom(10_000) + bytes([one])), T0)
        archive.seal()


def writes_bookkeeping(root: Path) -> None:
    with open_warehouse(Home(root)) as connection:
        connection.execute(
            "insert into raw.crawls by name select 'c' || n as crawl_id, 'r' as run_id, 's' as source_id, "
            "current_date as since, current_date as until, now() as started_at, now() as ended_at, 1 as planned, "
            "1 as found_total, 0 as gate_passed, 0 as gate_left_out, 0 as rejected, true as is_good, [] as faults, "
            "'a' as archive_file, 1 as archive_bytes, 'x' as archive_sha256, 'y' as landing_sha256, 'p' as "
            "parser_version, 'v' as vocabulary_sha256, false as is_stand_in from range(200_000) as t(n)"
        )
    transform(Home(root))
    while True:
        refresh_bookkeeping(Home(root))


def writes_editions(root: Path) -> None:
    for day in range(1, 31):
        walk(root, day)


WRITERS = (writes_files, writes_landings, writes_archives, writes_bookkeeping, writes_editions)


def halves_of(root: Path, writer: Callable[[Path], object], seed: int, kills: int) -> None:
    for number in range(kills):
        assert killed_after(random.Random(seed + number).uniform(0.1, 2.0), partial(writer, root / str(number)))
        untouched(partial(_no_halves, root / str(number)))
        shutil.rmtree(root / str(number), ignore_errors=True)


def _no_halves(root: Path) -> None:
    assert half_files(root) == []
    if (root / "editions" / "current").is_symlink():
        whole_edition(Home(root))


@pytest.mark.fault("S10")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_is_killed_while_it_writes(
    killer: ProcessPoolExecutor, folder: Path, writer: Callable[[Path], object], verdict: Verdict
) -> None:
    killer.submit(halves_of, folder, writer, SEED, KILLS // 6).result()
    verdict.recovered(0)
