"""What is done ahead of a refresh: a month answers for its own crawls, and shares together leave nothing to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.assets import ahead
from pipelines.assets.ahead import MONTHS, SHARES, enriched, gathered, month_of
from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.load import load
from pipelines.resources import StateFolder
from pipelines.warehouse import open_warehouse
from scrapers.contracts import PolicyDocument, Window
from scrapers.registry import sources
from tests.crawl_fixture import SLUG, document, land, write_account

MONTH = f"2024-01|{SLUG}"
ABOUT_AI = "Safe use of artificial intelligence in hospitals"


def materialized(home: Path, asset: dg.AssetsDefinition, partition: str) -> dg.ExecuteInProcessResult:
    """The end of the run of a partition."""
    resources = {"state": StateFolder(root=str(home))}
    return dg.materialize([asset], partition_key=partition, resources=resources, raise_on_error=False)


def said(result: dg.ExecuteInProcessResult) -> str:
    failure = result.failure_data_for_node("ahead__gathered")
    assert failure is not None
    assert failure.error is not None
    return failure.error.message


@pytest.fixture
def crawls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[PolicyDocument], bool]]:
    """What each crawl brings in place of asking anybody, and whether it is good."""
    due: list[tuple[Sequence[PolicyDocument], bool]] = []

    def crawl(slugs: Sequence[str], window: Window, _: object, home: Home, run_id: str) -> None:
        assert slugs == [SLUG]
        documents, is_good = due.pop(0)
        since, until = window.since, window.until
        landed = land(
            home.root, list(documents), is_good=is_good, run_id=run_id, hours=len(due), since=since, until=until
        )
        write_account(home.root, landed)

    monkeypatch.setattr(ahead, "crawl", crawl)
    return due


def titles(home: Path) -> list[str]:
    with duckdb.connect(str(Home(home).warehouse), read_only=True) as connection:
        return [title for (title,) in connection.execute("select title from raw.document_parses order by 1").fetchall()]


def test_a_month_is_crawled_and_loaded(tmp_path: Path, crawls: list[tuple[Sequence[PolicyDocument], bool]]) -> None:
    crawls.append(([document()], True))
    assert materialized(tmp_path, gathered, MONTH).success
    assert titles(tmp_path) == ["A rule"]


def test_a_month_whose_crawl_was_not_good_fails_with_its_account_loaded(
    tmp_path: Path, crawls: list[tuple[Sequence[PolicyDocument], bool]]
) -> None:
    crawls.append(([document()], False))
    assert "us_federal_register: listing: HTTP 500; ask for this partition again" in said(
        materialized(tmp_path, gathered, MONTH)
    )
    assert titles(tmp_path) == []
    with duckdb.connect(str(Home(tmp_path).warehouse), read_only=True) as connection:
        assert connection.execute("select count(*), count_if(is_good) from raw.crawls").fetchall() == [(1, 0)]


def test_a_month_answers_for_its_own_crawls_whoever_has_loaded_them(
    tmp_path: Path, crawls: list[tuple[Sequence[PolicyDocument], bool]]
) -> None:
    damaged = land(tmp_path, [document("2024-00001")], run_id="another", hours=9)
    (tmp_path / "landing" / SLUG / damaged.landing.name).write_text("cut")
    crawls.append(([document()], True))
    assert materialized(tmp_path, gathered, MONTH).success
    assert titles(tmp_path) == ["A rule"]


def test_all_shares_together_leave_nothing_to_read(tmp_path: Path) -> None:
    land(tmp_path, [document(f"2024-{number:05}", title=ABOUT_AI) for number in range(1, 40)])
    home = Home(tmp_path)
    with open_warehouse(home) as connection:
        load(home, connection)
    for share in range(SHARES):
        assert materialized(tmp_path, enriched, f"{share:02d}").success
    with open_warehouse(home) as connection:
        assert connection.execute("select count(*) from enriched.readings").fetchall() == [(39,)]
        assert set(enrich(connection).new_text_rows.values()) == {0}


def test_months_are_those_of_sources_that_can_be_asked_for_them() -> None:
    keys = MONTHS.get_partition_keys()
    asked = {slug for slug, config in sources().items() if config.listing == "window"}
    assert {key.rpartition("|")[2] for key in keys} == asked
    assert min(keys).startswith("1994-01|")
    assert month_of("2024-02") == Window(since=date(2024, 2, 1), until=date(2024, 2, 29))
