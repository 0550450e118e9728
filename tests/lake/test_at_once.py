"""Machines at one lake load and read beside each other, and what they make is what one of them makes alone."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import duckdb
import pytest

from pipelines import load as loading
from pipelines.enrich.parses import SHARES
from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.load import gather, load
from pipelines.publish.stage import fingerprint
from pipelines.warehouse import connect_warehouse, open_warehouse, through_conflicts
from scrapers.contracts import CrawlLedger
from tests.lake import postgres
from tests.sample_edition import WINDOWS, crawl_samples

pytestmark = pytest.mark.lake

AT_ONCE = 4


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("crawled"))
    crawl_samples(home)
    return home


@pytest.fixture(scope="module")
def alone(crawled: Home) -> str:
    """What one machine with a file makes of what was crawled."""
    with open_warehouse(crawled) as connection:
        load(crawled, connection)
        enrich(connection)
        return fingerprint(connection, "")


@pytest.fixture
def home(
    request: pytest.FixtureRequest,
    server: postgres.Server,
    crawled: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Home:
    """A state folder of what was crawled, whose warehouse is a lake of its own."""
    name = f"db{abs(hash(request.node.name))}"
    monkeypatch.setenv(VARIABLE, f"ducklake:postgres:{server.new_database(name)}")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "lake"))
    made = Home(tmp_path / "home")
    shutil.copytree(crawled.landing, made.landing)
    return made


def gathered(root: Path, slug: str) -> int:
    home = Home(root)
    with open_warehouse(home, beside_others=True) as connection:
        brought = gather(home, connection, slug).brought
    return brought.crawls if brought else 0


def read(root: Path, share: int) -> int:
    with open_warehouse(Home(root), beside_others=True) as connection:
        return through_conflicts(partial(enrich, connection, share=share)).new_relevance


def die_in_a_load(root: Path, slug: str) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    loading._write_parses = die
    gathered(root, slug)


def test_what_many_make_at_once_is_what_one_makes(home: Home, alone: str) -> None:
    with ProcessPoolExecutor(AT_ONCE, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(partial(gathered, home.root), WINDOWS)) == [1] * len(WINDOWS)
        assert sum(pool.map(partial(read, home.root), range(SHARES))) > 0
    with open_warehouse(home) as connection:
        assert load(home, connection).crawls == 0
        result = enrich(connection)
        assert (result.new_relevance, result.new_relations, set(result.new_text_rows.values())) == (0, 0, {0})
        assert fingerprint(connection, "") == alone


def test_a_worker_that_is_killed_in_a_load_loses_nothing(home: Home, alone: str) -> None:
    slug = next(iter(WINDOWS))
    worker = multiprocessing.get_context("spawn").Process(target=die_in_a_load, args=(home.root, slug))
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    assert gathered(home.root, slug) == 1
    with open_warehouse(home) as connection:
        load(home, connection)
        enrich(connection)
        assert fingerprint(connection, "") == alone


def test_a_crawl_whose_rows_another_machine_has_touched_is_loaded_again(
    home: Home, alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parses, calls = loading._write_parses, count()
    with open_warehouse(home) as connection:
        connection.execute(
            "insert into raw.document_sightings by name select 'other' as source_id, 'x' as document_id, "
            "now() as first_seen_at, now() as last_seen_at, 'c' as last_crawl_id"
        )

    def disturbed(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
        if next(calls) == 0:
            with connect_warehouse(home, read_only=False) as other:
                other.execute("delete from raw.document_sightings where source_id = 'other'")
        write_parses(connection, ledger)

    monkeypatch.setattr(loading, "_write_parses", disturbed)
    for slug in WINDOWS:
        assert gathered(home.root, slug) == 1
    assert next(calls) == len(WINDOWS) + 1
    with open_warehouse(home) as connection:
        load(home, connection)
        enrich(connection)
        assert fingerprint(connection, "") == alone
