"""The line that tells a person what a run saw of a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.assets.ingest import coverage_line
from pipelines.home import Home
from scrapers.durable import write_whole
from tests.crawl_fixture import document, land


def told(home: Path, slug: str, official: int | None, *, hours: int = 0) -> str:
    ledger = land(home, [document()], hours=hours)
    ledger = ledger.model_copy(update={"source_id": slug, "official_total": official, "found_total": 648})
    write_whole(home / "archive" / slug / f"{ledger.crawl_id}.ledger.json", ledger.model_dump_json().encode())
    return coverage_line(Home(home), slug, "test")


def test_a_window_is_told_by_its_days(tmp_path: Path) -> None:
    line = told(tmp_path, "us_federal_register", 648)
    assert ", 648 documents of 648 by the source's own count, 1 requests" in line
    assert line.startswith("us_federal_register: checked 2024-01-01 to 2026-10-09, ")


def test_what_is_filed_is_not_told_as_published(tmp_path: Path) -> None:
    line = told(tmp_path, "us_federal_register", None)
    assert ", 1 documents of 1 by the source's own count, 647 of no publication day, 1 requests" in line


@pytest.mark.parametrize(("hours", "day"), [(0, "2026-10-09"), (15, "2026-10-09"), (17, "2026-10-10")])
def test_a_snapshot_is_told_by_the_day_of_its_crawl(tmp_path: Path, hours: int, day: str) -> None:
    """In its own calendar: 03:00 UTC of the next day is still that day in New York."""
    assert told(tmp_path, "us_grants_gov", 648, hours=hours) == (
        f"us_grants_gov: checked {day}, 648 listed of 648 by the source's own count, 1 requests"
    )


def test_a_count_of_hits_does_not_read_as_a_count_of_documents(tmp_path: Path) -> None:
    line = told(tmp_path, "uk_govuk", 644)
    assert "648 documents (the source counts 644 hits, which are not documents one for one), 1 requests" in line
