"""A run with the rows of its lake in an S3-compatible bucket publishes what a run with a file does, to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.warehouse import connect_warehouse, tidy_warehouse
from tests.e2e import world
from tests.lake import postgres, s3_server
from tests.lake.test_lake import aipolicy, parquet_of, ran

pytestmark = pytest.mark.lake

BUCKET, PREFIX = "rows", "of/samples"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_server.Server]:
    with s3_server.running(tmp_path_factory.mktemp("store")) as started:
        yield started


@pytest.fixture(scope="module")
def lake(store: s3_server.Server) -> Iterator[dict[str, str]]:
    """The variables that name a lake whose rows are in a bucket."""
    with postgres.running() as server:
        yield {
            VARIABLE: f"ducklake:postgres:{server.new_database('lake')}",
            DATA_VARIABLE: f"s3://{BUCKET}/{PREFIX}",
            **store.variables(BUCKET),
        }


@pytest.fixture(scope="module")
def home(lake: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A state folder whose warehouse is the lake, after its first run."""
    made = Home(tmp_path_factory.mktemp("home"))
    aipolicy(made, "run", "--samples", *world.WINDOW, **lake)
    return made


def test_the_edition_is_that_of_a_file_to_the_byte(home: Home, store: s3_server.Server, tmp_path: Path) -> None:
    of_file = Home(tmp_path / "file")
    for crawled in (home.archive, home.landing):
        shutil.copytree(crawled, of_file.root / crawled.name)
    aipolicy(of_file, "replay")
    assert of_file.warehouse.exists()
    assert not home.warehouse.exists()
    assert not home.warehouse.with_name("lake").exists()
    assert [*(store.folder / BUCKET / PREFIX).rglob("*.parquet")]
    assert parquet_of(home) == parquet_of(of_file)


def test_a_run_again_changes_nothing(home: Home, lake: dict[str, str]) -> None:
    before = parquet_of(home)
    aipolicy(home, "replay", **lake)
    assert parquet_of(home) == before


def test_small_files_are_joined_in_the_bucket(
    home: Home, lake: dict[str, str], store: s3_server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in lake.items():
        monkeypatch.setenv(name, value)

    def counted() -> tuple[int, int]:
        with connect_warehouse(home, read_only=True) as connection:
            files = connection.execute("select sum(file_count) from ducklake_table_info('warehouse')").fetchall()
            rows = connection.execute("select count(*) from raw.document_versions").fetchall()
        return int(files[0][0]), int(rows[0][0])

    before, rows = counted()
    tidy_warehouse(home, [])
    after, rows_after = counted()
    assert rows_after == rows > 0
    assert after < before


def test_wrong_keys_are_told_without_them(home: Home, lake: dict[str, str]) -> None:
    done = ran(home, "load", **{**lake, "AWS_SECRET_ACCESS_KEY": "canary-of-another-secret"})
    assert done.returncode == 1
    assert f"whether s3://{BUCKET}/{PREFIX} can be written" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_a_bucket_without_keys_is_told_before_anything_is_asked(lake: dict[str, str], tmp_path: Path) -> None:
    done = ran(Home(tmp_path / "home"), "run", "--samples", **{**lake, "AWS_SECRET_ACCESS_KEY": ""})
    assert done.returncode == 1
    assert "got no AWS_SECRET_ACCESS_KEY" in done.stderr
    assert not (tmp_path / "home" / "archive").exists()


def test_the_keys_stand_nowhere(home: Home) -> None:
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if b"canary-of-a" in path.read_bytes()] == []
