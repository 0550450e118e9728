"""What the last good crawls of a source found, and which later crawl is too far from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scrapers.contracts import CrawlLedger, FileSeal, Window
from scrapers.registry import SourceConfig, source
from scrapers.runtime.book import Book
from scrapers.runtime.usual import Look, compare, earlier_looks
from tests.crawl_fixture import REQUIRED, SLUG, document

SEAL = FileSeal(name="x", bytes=0, sha256="0" * 64, records=0)
MONDAY = date(2024, 3, 4)
"""No holiday lies in the eleven weeks from here on."""
SNAPSHOT = "us_grants_gov"
WEEK = "5 working and 2 other days"


def crawl(
    landing: Path,
    monday: date,
    found: int,
    *,
    days: int = 7,
    slug: str = SLUG,
    is_stand_in: bool = False,
    fault: str | None = None,
    **bounds: float,
) -> CrawlLedger:
    """Crawl a source at noon of the day after a window, spread what is found over it, and leave the account."""
    window = Window(since=monday, until=monday + timedelta(days=days - 1))
    now = datetime.combine(window.until + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
    config: SourceConfig = source(slug)
    limits = {"min_documents_per_week": 0, "must_match_official_count": False, **bounds}
    config = config.model_copy(update={"bounds": config.bounds.model_copy(update=limits)})
    crawl_id = f"{now:%Y%m%dT%H%M%S}000000Z-0a1b2c"
    book = Book(
        crawl_id=crawl_id, run_id="r", source=config, window=window, vocabulary_sha256="0" * 64, parser_version="p/1",
        started_at=now, clock=lambda: now, is_stand_in=is_stand_in, earlier=earlier_looks(landing, config, crawl_id),
    )  # fmt: skip
    book.done(book.plan("the first page"))
    if fault:
        book.fault(fault)
    for number in range(found):
        day = monday + timedelta(days=number % days)
        book.found(document(f"2024-{number:05}", day, **REQUIRED))
    ledger = book.seal(SEAL, SEAL)
    (landing / f"{crawl_id}.manifest.json").write_text(ledger.model_dump_json())
    return ledger


def mondays(count: int) -> Iterator[date]:
    return (MONDAY + timedelta(weeks=week) for week in range(count))


def weeks(landing: Path, *counts: int, **options: Any) -> date:
    """Good crawls of one week each; returns the Monday after them."""
    for monday, count in zip(mondays(len(counts)), counts, strict=True):
        assert crawl(landing, monday, count, **options).is_good
    return MONDAY + timedelta(weeks=len(counts))


@pytest.mark.parametrize(
    ("found", "expected"),
    [(0, "drop"), (40, "drop"), (41, "usual"), (100, "usual"), (399, "usual"), (400, "jump")],
)
def test_a_drop_by_60_percent__withholds_and_a_jump_by_300_percent__is_told(
    tmp_path: Path, found: int, expected: str
) -> None:
    ledger = crawl(tmp_path, weeks(tmp_path, 90, 100, 110, 120), found)
    (compared,) = ledger.comparisons
    assert (compared.verdict, compared.usual, compared.counts) == (expected, 100, (120, 110, 100, 90))
    assert ledger.is_good == (expected != "drop")


def test_the_fault__says_what_is_usual_and_what_to_do(tmp_path: Path) -> None:
    (fault,) = crawl(tmp_path, weeks(tmp_path, 90, 100, 110, 120), 12).faults
    assert fault == (
        f"got 12 documents of {WEEK}, 88% less: the last 4 good crawls of the same kind got 90 to 120, usually 100; "
        "look at the source's own page: mend the spider where it has more, else set max_drop: 1 under bounds in its "
        "contract, or name the days under recess where it found nothing, and replay it"
    )


def test_three_crawls__are_no_habit(tmp_path: Path) -> None:
    ledger = crawl(tmp_path, weeks(tmp_path, 100, 100, 100), 0)
    assert (ledger.is_good, ledger.comparisons) == (True, ())


def test_the_same_week_crawled_four_times__counts_once(tmp_path: Path) -> None:
    looks = [Look(f"c{number}", WEEK, date(2024, 2, 4), 100) for number in range(4)]
    assert compare(Look("now", WEEK, date(2024, 2, 11), 0), looks, 0.6, 3.0) is None


@pytest.mark.parametrize(("counts", "found"), [((19, 19, 19, 19), 1), ((9, 9, 9, 9), 0), ((0, 0, 0, 0), 0)])
def test_small_numbers__are_chance(tmp_path: Path, counts: Sequence[int], found: int) -> None:
    assert crawl(tmp_path, weeks(tmp_path, *counts), found).is_good


def test_nothing_at_all_where_ten_are_usual__is_no_chance(tmp_path: Path) -> None:
    (fault,) = crawl(tmp_path, weeks(tmp_path, 10, 10, 10, 10), 0).faults
    assert fault.startswith(f"got 0 documents of {WEEK}, 100% less")


def test_a_jump_to_less_than_twenty__is_chance(tmp_path: Path) -> None:
    (compared,) = crawl(tmp_path, weeks(tmp_path, 1, 1, 1, 1), 19).comparisons
    assert compared.verdict == "usual"


def test_stand_ins_and_failed_crawls__are_neither_judged_nor_a_habit(tmp_path: Path) -> None:
    monday = weeks(tmp_path, 100, 100, 100, 100)
    assert crawl(tmp_path, monday, 0, is_stand_in=True).is_good
    assert crawl(tmp_path, monday + timedelta(weeks=1), 0, fault="down").faults == ("down",)
    (compared,) = crawl(tmp_path, monday + timedelta(weeks=2), 100).comparisons
    assert compared.counts == (100, 100, 100, 100)


def test_a_withheld_drop__does_not_become_the_habit(tmp_path: Path) -> None:
    monday = weeks(tmp_path, 100, 100, 100, 100)
    for week in range(4):
        assert not crawl(tmp_path, monday + timedelta(weeks=week), 10).is_good
    (compared,) = crawl(tmp_path, monday + timedelta(weeks=4), 100).comparisons
    assert (compared.verdict, compared.usual) == ("usual", 100)


def test_a_source_that_brings_less_for_good__is_let_through_by_its_contract(tmp_path: Path) -> None:
    assert crawl(tmp_path, weeks(tmp_path, 100, 100, 100, 100), 0, max_drop=1).comparisons[0].verdict == "drop"
    assert crawl(tmp_path, MONDAY + timedelta(weeks=4), 1, max_drop=1).is_good


def test_windows_of_other_days__are_not_compared(tmp_path: Path) -> None:
    monday = weeks(tmp_path, 100, 100, 100, 100)
    assert crawl(tmp_path, monday, 0, days=2).is_good
    assert crawl(tmp_path, monday + timedelta(days=5), 0, days=2).is_good


def test_a_week_with_a_holiday__is_not_compared_with_whole_weeks(tmp_path: Path) -> None:
    memorial_day = date(2024, 5, 27)
    for week in range(5, 0, -1):
        crawl(tmp_path, memorial_day - timedelta(weeks=week), 100)
    assert crawl(tmp_path, memorial_day, 30).is_good
    assert not crawl(tmp_path, memorial_day + timedelta(weeks=1), 30).is_good


def test_a_saturday__is_compared_with_days_off_alone(tmp_path: Path) -> None:
    for week in range(4):
        monday = MONDAY + timedelta(weeks=week)
        crawl(tmp_path, monday, 100, days=1)
        crawl(tmp_path, monday + timedelta(days=5), 20, days=1)
    saturday = crawl(tmp_path, MONDAY + timedelta(weeks=4, days=5), 20, days=1)
    tuesday = crawl(tmp_path, MONDAY + timedelta(weeks=4, days=1), 20, days=1)
    assert saturday.comparisons[0].verdict == "usual"
    assert tuesday.comparisons[0].verdict == "drop"


def test_crawls_of_another_age__are_not_compared(tmp_path: Path) -> None:
    weeks(tmp_path, 100, 100, 100, 100)
    assert crawl(tmp_path, MONDAY - timedelta(weeks=52 * 8), 0).is_good
    assert crawl(tmp_path, MONDAY + timedelta(weeks=15), 0).is_good


def test_a_snapshot__is_compared_with_snapshots_whatever_the_window(tmp_path: Path) -> None:
    for day in range(4):
        crawl(tmp_path, MONDAY + timedelta(days=day), 100, days=day + 1, slug=SNAPSHOT)
    ledger = crawl(tmp_path, MONDAY + timedelta(days=5), 10, days=3, slug=SNAPSHOT)
    assert ledger.comparisons[0].kind == "all that is open"
    assert not ledger.is_good


def test_an_account_that_cannot_be_read__is_left_out(tmp_path: Path) -> None:
    monday = weeks(tmp_path, 100, 100, 100, 100, 100)
    *_, last = sorted(tmp_path.glob("*.manifest.json"))
    last.write_text(json.dumps({"is_good": True}))
    assert crawl(tmp_path, monday, 100).comparisons[0].counts == (100, 100, 100, 100)
