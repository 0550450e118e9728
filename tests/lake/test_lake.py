"""A run with its warehouse in a lake publishes what a run with a file does, to the byte, and loses nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import lake as lakes
from pipelines import load as loading
from pipelines.home import Home, StateRefused
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.ops.gc import collect
from pipelines.publish.edition import current_edition
from pipelines.publish.stage import read_about
from pipelines.warehouse import connect_warehouse, open_warehouse, tidy_warehouse
from scrapers.contracts import CrawlLedger
from scrapers.durable import file_sha256
from tests.lake import postgres
from tests.unit.markdown_blocks import Block, blocks

pytestmark = pytest.mark.lake

SECONDS = 600
CANARY = "application_name=canary-in-the-address"


def ran(home: Home, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("aipolicy")), "--home", str(home.root), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def aipolicy(home: Home, *arguments: str, **environment: str) -> None:
    """Run the command to its good end."""
    done = ran(home, *arguments, **environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def parquet_of(home: Home) -> dict[str, str]:
    """The Parquet files of the current edition by name, with their hashes."""
    return {path.name: file_sha256(path) for path in (current_edition(home) / "parquet").iterdir()}


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="module")
def lake(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables that name a lake."""
    address = server.new_database("lake")
    return {VARIABLE: f"ducklake:postgres:{address} {CANARY}", DATA_VARIABLE: str(tmp_path_factory.mktemp("lake"))}


@pytest.fixture(scope="module")
def home(lake: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A state folder whose warehouse is the lake, after its first run."""
    made = Home(tmp_path_factory.mktemp("home"))
    aipolicy(made, "run", "--samples", **lake)
    return made


def test_the_edition_is_that_of_a_file_to_the_byte(home: Home, tmp_path: Path) -> None:
    of_file = Home(tmp_path / "file")
    for crawled in (home.archive, home.landing):
        shutil.copytree(crawled, of_file.root / crawled.name)
    aipolicy(of_file, "replay")
    assert of_file.warehouse.exists()
    assert not home.warehouse.exists()
    assert parquet_of(home) == parquet_of(of_file)


@pytest.mark.parametrize("block", [block for block in blocks("bash") if "lake" in block.marks], ids=str)
def test_the_commands_of_the_page_end_well_and_change_nothing(block: Block, home: Home, lake: dict[str, str]) -> None:
    before = current_edition(home)
    script = block.text.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={**os.environ, **lake, "AIPOLICY_HOME": str(home.root)},
        timeout=SECONDS,
        check=True,
    )
    assert current_edition(home) == before


def test_small_files_are_joined_and_nothing_is_lost(
    home: Home, lake: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in lake.items():
        monkeypatch.setenv(name, value)
    strange = Path(lake[DATA_VARIABLE]) / "of-somebody-else.parquet"
    strange.write_bytes(b"kept")
    os.utime(strange, (0, 0))

    def counted() -> tuple[int, list[tuple[str, int]]]:
        with connect_warehouse(home, read_only=True) as connection:
            tables = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables "
                "where table_catalog = 'warehouse' and table_type = 'BASE TABLE' order by all"
            ).fetchall()
            files = connection.execute("select sum(file_count) from ducklake_table_info('warehouse')").fetchone()
            rows = [(name, connection.execute(f"select count(*) from {name}").fetchall()[0][0]) for (name,) in tables]
        assert files is not None
        return int(files[0]), rows

    before, rows = counted()
    tidy_warehouse(home, [])
    after, rows_after = counted()
    assert rows_after == rows
    assert after < before
    assert strange.read_bytes() == b"kept"


def test_the_lake_answers_as_of_an_edition_for_as_long_as_that_is_kept(
    home: Home, lake: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in lake.items():
        monkeypatch.setenv(name, value)
    about = read_about(current_edition(home))
    with open_warehouse(home) as connection:
        connection.execute("delete from marts.policies; delete from raw.builds")
    monkeypatch.setattr(lakes, "KEPT", timedelta(0))
    collect(home, [])
    with connect_warehouse(home, read_only=True) as connection:
        snapshot = about["lake"]["snapshot"]
        then = [
            connection.execute(f"select count(*) from marts.{table} at (version => {snapshot})").fetchall()[0][0]
            for table in about["tables"]
        ]
        kept = connection.execute("select snapshot_id from ducklake_snapshots('warehouse') order by all").fetchall()
    assert then == [table["rows"] for table in about["tables"].values()]
    assert len(kept) <= 5
    assert (snapshot,) in kept


def test_another_folder_is_kept_out(home: Home, lake: dict[str, str], tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    shutil.copytree(home.landing, other.landing)
    done = ran(other, "load", **lake)
    assert done.returncode == 1
    assert "belongs to another state folder" in done.stderr


def test_a_server_that_is_not_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    nobody = {VARIABLE: f"ducklake:postgres:host={tmp_path} dbname=lake {CANARY}"}
    done = ran(Home(tmp_path / "home"), "load", **nobody)
    assert done.returncode == 1
    assert "see whether PostgreSQL answers" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_a_connection_that_is_cut_in_a_load_loses_nothing(
    home: Home, server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Home(tmp_path / "cut")
    shutil.copytree(home.landing, cut.landing)
    monkeypatch.setenv(VARIABLE, f"ducklake:postgres:{server.new_database('cut')}")
    write_parses, begun = loading._write_parses, iter(range(100))

    def cut_at_the_third(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
        if next(begun) == 2:
            server.cut_connections("cut")
        write_parses(connection, ledger)

    with monkeypatch.context() as patched:
        patched.setattr(loading, "_write_parses", cut_at_the_third)
        with pytest.raises(StateRefused, match="see whether PostgreSQL answers"), open_warehouse(cut) as connection:
            loading.load(cut, connection)
    with open_warehouse(cut) as connection:
        again = loading.load(cut, connection)
        held = connection.execute("select count(*), count_if(is_good) from raw.crawls").fetchall()
    crawls = len([*cut.landing.glob("*/*.manifest.json")])
    assert again.withheld == ()
    assert 0 < again.crawls < crawls
    assert held == [(crawls, crawls)]


def test_the_address_stands_nowhere(home: Home) -> None:
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert [path for path in files if b"canary-in-the-address" in path.read_bytes()] == []
