"""The line that tells a person what a run saw of a source."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import AssetCheckResult, AssetCheckSeverity

from pipelines.accounts import crawl_of_run
from pipelines.assets.ingest import _report, coverage_line
from pipelines.assets.ingest_checks import VALUES_CHECK
from pipelines.children import ChildResult
from pipelines.home import Home
from pipelines.report import source_lines, status_lines
from scrapers.contracts import Novelty
from scrapers.registry import sources
from tests.crawl_fixture import document, land, write_account


def told(home: Path, slug: str, official: int | None, *, hours: int = 0) -> str:
    ledger = land(home, [document()], hours=hours)
    ledger = ledger.model_copy(update={"source_id": slug, "official_total": official, "found_total": 648})
    write_account(home, ledger)
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


def test_what_was_never_seen_before_is_told_everywhere_and_blocks_nothing(tmp_path: Path) -> None:
    new = Novelty(name="type=Edict", documents=2, example="fr:2026-1")
    ledger = land(tmp_path, [document()]).model_copy(update={"novelties": (new,)})
    write_account(tmp_path, ledger)
    home, said = Home(tmp_path), "type=Edict (on fr:2026-1 and 1 more)"
    assert ", 1 names or values never seen before" in coverage_line(home, ledger.source_id, ledger.run_id)
    assert f"  never seen before: {said}" in source_lines(home)
    assert f"never seen before: {ledger.source_id}: {said}" in status_lines(home)[0]
    ended = [ChildResult(ledger.source_id, 0, ledger.started_at, 1.0, "", "")]
    checks = [check for check in _report(ledger.source_id, ended, ledger) if isinstance(check, AssetCheckResult)]
    assert [(check.check_name, check.severity, check.description) for check in checks if not check.passed] == [
        (VALUES_CHECK, AssetCheckSeverity.WARN, said)
    ]


def test_crawls_of_one_run_tell_what_is_new_once(tmp_path: Path) -> None:
    for hours, count in ((0, 2), (1, 3)):
        ledger = land(tmp_path, [document()], hours=hours)
        new = Novelty(name="colour", documents=count, example=f"fr:2026-{hours}")
        write_account(tmp_path, ledger.model_copy(update={"novelties": (new,)}))
    told = crawl_of_run(Home(tmp_path), ledger.source_id, ledger.run_id)
    assert told is not None
    assert told.novelties == (Novelty(name="colour", documents=5, example="fr:2026-0"),)


def test_what_no_recording_has_proven_is_told(tmp_path: Path) -> None:
    *lines, blank, meaning = source_lines(Home(tmp_path))
    assert [line.split()[3] for line in lines] == [config.verified for config in sources().values()]
    assert (blank, meaning) == (
        "",
        "documented: read by the source's documentation, not yet held against a recorded answer",
    )
