"""The silence of sources as Dagster judges it, on the real tables: a fault only on days on which they publish."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipelines.home import Home
from pipelines.overdue import CHECK, overdue
from pipelines.resources import StateFolder
from scrapers.registry import sources
from tests.warehouse.warehouse_fixture import Warehouse

FR, GOVUK, CELLAR, BIS, GRANTS, BILLS = (
    "us_federal_register", "uk_govuk", "eu_cellar", "us_bis", "us_grants_gov", "uk_parliament_bills",
)  # fmt: skip


class House:
    """A state folder whose warehouse tells of crawls and documents."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.home.warehouse.parent.mkdir(parents=True)
        self.tables = Warehouse(self.home.warehouse)

    def look(self, slug: str, day: str, until: str | None = None, faults: tuple[str, ...] = ()) -> str:
        """A crawl at noon UTC of a day."""
        last = date.fromisoformat(until or day)
        return self.tables.crawl(slug, _noon(day), last - timedelta(6), last, faults)

    def news(self, slug: str, day: str, number: str = "2026-1", **told: Any) -> None:
        """A document first seen in a look of a day."""
        published = date.fromisoformat(day) - timedelta(told.pop("days_after", 0))
        crawl_id = self.look(slug, day)
        fields = {"title": "A rule", "url": "https://example.org/1", "published_date": published}
        self.tables.document(slug, f"fr:{number}:{published}", crawl_id, _noon(day), **told, **fields)

    def judged(self, slug: str) -> dg.AssetCheckEvaluation:
        """What the check says of a source."""
        self.tables.connection.close()
        try:
            return self._judged(slug)
        finally:
            self.tables.connection = duckdb.connect(str(self.home.warehouse))

    def _judged(self, slug: str) -> dg.AssetCheckEvaluation:
        assets: Any = [dg.AssetSpec(["ingest", slug]) for slug in sources()]
        job = dg.Definitions(
            assets=assets, asset_checks=[overdue], resources={"state": StateFolder(root=str(self.home.root))}
        ).resolve_implicit_global_asset_job_def()
        chosen = job.get_subset(asset_check_selection={dg.AssetCheckKey(dg.AssetKey(["ingest", slug]), CHECK)})
        result = chosen.execute_in_process()
        (evaluation,) = result.get_asset_check_evaluations()
        assert evaluation.severity == dg.AssetCheckSeverity.WARN
        return evaluation


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=17, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("home"))


@pytest.fixture
def house(built: House) -> House:
    """Without crawls and documents; its tables are made once, which takes seconds."""
    for table in ("crawls", "fetches", "document_versions", "document_parses"):
        built.tables.connection.execute(f"delete from raw.{table}")
    return built


@pytest.mark.parametrize(
    ("slug", "last", "seen", "passed"),
    [
        (FR, "2026-11-24", "2026-11-26", True),  # one day without an issue is allowed
        (FR, "2026-11-24", "2026-11-27", True),  # Thanksgiving is not counted
        (FR, "2026-11-23", "2026-11-26", False),
        (FR, "2026-12-24", "2026-12-29", True),  # the weekend after Christmas
        (FR, "2026-12-24", "2026-12-30", False),
        (GOVUK, "2026-08-28", "2026-09-03", True),  # the bank holiday of August
        (GOVUK, "2026-08-28", "2026-09-04", False),
        (CELLAR, "2026-12-23", "2027-01-07", True),  # the offices are closed until 2 January
        (CELLAR, "2026-12-23", "2027-01-08", False),
        (BILLS, "2026-07-20", "2026-09-01", True),  # recess
        (BILLS, "2026-07-20", "2026-09-10", False),
    ],
)  # fmt: skip
def test_silence__is_a_fault_after_the_days_that_are_allowed(
    house: House, slug: str, last: str, seen: str, passed: bool
) -> None:
    house.news(slug, last)
    house.look(slug, seen)
    told = house.judged(slug)
    assert told.passed is passed, told.description
    assert f"first seen {last}" in (told.description or "")
    news = told.metadata["last_news"]
    assert isinstance(news, dg.TableMetadataValue)
    assert news.records[0].data["title"] == "A rule"
    assert "what_to_do" in told.metadata


def test_silence__names_its_days(house: House) -> None:
    house.news(FR, "2026-11-23")
    house.look(FR, "2026-11-27")
    told = house.judged(FR)
    sample = told.metadata["sample"]
    assert isinstance(sample, dg.TableMetadataValue)
    assert [record.data["silent_day"] for record in sample.records] == ["2026-11-24", "2026-11-25"]
    assert told.description == (
        "The last news is fr:2026-1:2026-11-23, published 2026-11-23, first seen 2026-11-23 12:00; 2 publishing days "
        "without anything new until 2026-11-27, 1 are allowed."
    )


def test_a_source_that_nobody_looked_at__is_not_called_silent(house: House) -> None:
    house.news(FR, "2026-11-02")
    house.look(FR, "2026-11-20", faults=("robots.txt could not be fetched",))
    assert house.judged(FR).passed


def test_a_backfill__is_no_look_at_today(house: House) -> None:
    house.news(FR, "2026-11-02")
    house.look(FR, "2026-11-20", until="2020-01-31")
    assert house.judged(FR).passed


def test_history__is_no_news(house: House) -> None:
    house.look(FR, "2026-11-02")
    house.news(FR, "2026-11-20", days_after=400, is_history=True)
    told = house.judged(FR)
    assert not told.passed
    assert (told.description or "").startswith("Nothing new since the first look on 2026-11-02")


def test_an_edit__is_news_only_where_changes_are_listed(house: House) -> None:
    for slug in (FR, BILLS):
        house.news(slug, "2026-10-16")
        house.news(slug, "2026-11-20", days_after=35, version_no=2)
    assert not house.judged(FR).passed
    assert house.judged(BILLS).passed


def test_what_is_open_now__is_as_old_as_its_crawl_whatever_days_were_asked(house: House) -> None:
    house.news(GRANTS, "2026-11-02")
    house.look(GRANTS, "2026-11-20", until="2026-11-01")
    assert not house.judged(GRANTS).passed


def test_a_source_that_may_stay_silent__has_no_such_check() -> None:
    checked = {key.asset_key.path[-1] for key in overdue.check_keys}
    assert checked == {slug for slug, source in sources().items() if source.quiet_days is not None}
    assert BIS not in checked


def test_a_source_never_seen__is_not_overdue(house: House) -> None:
    assert (house.judged(FR).description or "").startswith("No good look")
