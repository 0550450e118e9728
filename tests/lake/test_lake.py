"""A run with its warehouse in a lake publishes what a run with a file does, to the byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.publish.edition import current_edition
from pipelines.warehouse import connect_warehouse, tidy_warehouse
from scrapers.durable import file_sha256
from tests.lake import postgres
from tests.unit.markdown_blocks import Block, blocks

pytestmark = pytest.mark.lake

SECONDS = 600


def aipolicy(home: Home, *arguments: str, **environment: str) -> str:
    """Run the command to its good end, and return what it said."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("aipolicy")), "--home", str(home.root), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def parquet_of(home: Home) -> dict[str, str]:
    """The Parquet files of the current edition by name, with their hashes."""
    return {path.name: file_sha256(path) for path in (current_edition(home) / "parquet").iterdir()}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables that name a lake."""
    with postgres.running() as address:
        yield {VARIABLE: f"ducklake:postgres:{address}", DATA_VARIABLE: str(tmp_path_factory.mktemp("lake"))}


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
def test_the_commands_of_the_page_change_nothing(block: Block, home: Home, lake: dict[str, str]) -> None:
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

    def counted() -> tuple[int, int]:
        with connect_warehouse(home, read_only=True) as connection:
            (files,) = connection.execute(
                "select sum(file_count) from ducklake_table_info('warehouse') where table_name = 'fetches'"
            ).fetchall()
            (rows,) = connection.execute("select count(*) from raw.fetches").fetchall()
        return int(files[0]), int(rows[0])

    files, rows = counted()
    tidy_warehouse(home)
    assert counted()[1] == rows
    assert counted()[0] < files


def test_a_rebuild_of_a_lake_is_refused(home: Home, lake: dict[str, str]) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("aipolicy")), "--home", str(home.root), "rebuild"],
        env={**os.environ, **lake},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "name a catalog and a folder of data that are new" in done.stderr


def test_the_account_of_an_edition_names_no_catalog(home: Home) -> None:
    about = json.loads((current_edition(home) / "EDITION.json").read_text(encoding="utf-8"))
    assert "postgres" not in json.dumps(about)
