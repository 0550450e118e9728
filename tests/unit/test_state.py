"""The version of a state folder: steps are taken once, survive a kill anywhere, and a newer folder is refused."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.home import Home, StateRefused
from pipelines.ops import state
from pipelines.ops.migrations import m0004_several_closing_days as m0004
from pipelines.ops.migrations import m0005_sentences_of_amounts as m0005
from pipelines.ops.migrations.m0001_columns_of_older_warehouses import _COLUMNS
from pipelines.ops.state import UNFINISHED_RESTORE, bring_up_to_date, latest, state_file, steps, version_of
from pipelines.warehouse import SCHEMA, open_warehouse
from scrapers.durable import write_whole
from scrapers.locks import holder_of


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def of_before_versions(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    (home.archive / "a").mkdir(parents=True)
    (home.archive / "a" / "1.ledger.json").write_text("{}")
    return home


def write(name: str) -> Callable[[Home], None]:
    """A step of two effects, each done once however often it is begun."""

    def apply(home: Home) -> None:
        for part in ("first", "second"):
            file = home.root / f"{name}.{part}"
            if not file.exists():
                with (home.root / "effects").open("a") as effects:
                    effects.write(f"{file.name}\n")
                file.touch()

    return apply


def in_a_child(work: Callable[[], object]) -> int:
    """How a process ended that did the work."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_numbers_of_steps__have_no_gap() -> None:
    assert sorted(steps()) == list(range(1, latest() + 1))


def test_a_new_folder__is_of_the_latest_version(tmp_path: Path) -> None:
    assert version_of(Home(tmp_path)) is None
    assert bring_up_to_date(Home(tmp_path)) == []
    assert version_of(Home(tmp_path)) == latest() > 0


def test_an_older_folder__takes_each_step_once_under_the_writers_lock(tmp_path: Path) -> None:
    home, held = of_before_versions(tmp_path), []
    known = {n: lambda home: held.append(holder_of(home.writer_lock)) for n in (1, 2)}
    assert bring_up_to_date(home, known) == [1, 2]
    assert held == [str(os.getpid())] * 2
    assert bring_up_to_date(home, known) == []
    assert bring_up_to_date(home, {**known, 3: write("third")}) == [3]


def dies_in(number: int, place: str) -> Callable[[Home], None]:
    """A step that is killed before it, in the middle of it or after it."""
    whole = write(f"step{number}")

    def apply(home: Home) -> None:
        if place == "before":
            die()
        if place == "middle":
            (home.root / f"step{number}.first").touch()
            with (home.root / "effects").open("a") as effects:
                effects.write(f"step{number}.first\n")
            die()
        whole(home)
        die()

    return apply


def write_unless(path: Path, content: bytes, number: int) -> None:
    """Write the record, but die at that of a step."""
    if orjson.loads(content)["version"] == number:
        die()
    write_whole(path, content)


@pytest.mark.parametrize("place", ["before", "middle", "after", "at the record"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_killed_step__is_brought_to_its_end_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, place: str
) -> None:
    home = of_before_versions(tmp_path)
    good = {1: write("step1"), 2: write("step2")}
    killed = good if place == "at the record" else {**good, number: dies_in(number, place)}
    with monkeypatch.context() as patch:
        if place == "at the record":
            patch.setattr(state, "write_whole", lambda path, content: write_unless(path, content, number))
        assert in_a_child(lambda: bring_up_to_date(home, killed)) == -signal.SIGKILL
    assert version_of(home) == number - 1
    assert bring_up_to_date(home, good) == [1, 2][number - 1 :]
    effects = (tmp_path / "effects").read_text().split()
    assert effects == ["step1.first", "step1.second", "step2.first", "step2.second"]


def test_a_newer_folder__is_refused(tmp_path: Path) -> None:
    state_file(Home(tmp_path)).write_text('{"version": 99}')
    with pytest.raises(StateRefused, match=f"version 99, this code knows versions up to {latest()}"):
        bring_up_to_date(Home(tmp_path))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": "new"}'])
def test_a_record_that_cannot_be_read__is_told(tmp_path: Path, content: str) -> None:
    state_file(Home(tmp_path)).write_text(content)
    with pytest.raises(StateRefused, match=r"STATE.json: expected"):
        bring_up_to_date(Home(tmp_path))


def test_a_half_restored_folder__is_refused(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED_RESTORE).mkdir()
    with pytest.raises(StateRefused, match="was not finished"):
        bring_up_to_date(Home(tmp_path))


def test_the_command_and_the_ui__say_that_a_folder_is_newer(tmp_path: Path) -> None:
    state_file(Home(tmp_path)).write_text('{"version": 99}')
    for command in (["pipelines.cli", "--home", str(tmp_path), "load"], ["pipelines.ui", "--home", str(tmp_path)]):
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert re.search("version 99", done.stderr), done.stderr
        assert "Traceback" not in done.stderr


def test_older_warehouses__end_with_the_columns_of_a_new_one(tmp_path: Path) -> None:
    def columns(home: Home) -> set[tuple[str, ...]]:
        with open_warehouse(home) as connection:
            return set(
                connection.execute(
                    "select table_schema, table_name, column_name, data_type from information_schema.columns"
                ).fetchall()
            )

    new, old = Home(tmp_path / "new"), Home(tmp_path / "old")
    (tmp_path / "old" / "warehouse").mkdir(parents=True)
    with duckdb.connect(str(old.warehouse)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, column in _COLUMNS:
            connection.execute(f"alter table {table} drop column {column.split()[0]}")
        for table in m0004._TABLES:
            connection.execute(f"alter table {table} drop column closes_dates")
        for column in m0005._COLUMNS:
            connection.execute(f"alter table enriched.amounts drop column {column.split()[0]}")
    assert columns(old) < columns(new)
    bring_up_to_date(old)
    assert columns(old) == columns(new)
