"""Rounds: which sources are asked together, for which days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.rounds import Round, crawls, last_day, rounds, windows
from scrapers.contracts import FileSeal, Window
from scrapers.registry import Recess, Rhythm, SourceConfig, source, sources
from scrapers.runtime.book import Book
from tests.coverage_fixture import write_coverage
from tests.crawl_fixture import T0

FR = "us_federal_register"


def test_sources_of_one_local_time__are_one_round() -> None:
    found = {one.name: one for one in rounds(sources())}
    assert found["new_york_0845_mon_fri"] == Round(
        "America/New_York", "08:45", "mon-fri", ("us_federal_register", "us_govinfo_fr")
    )
    assert found["new_york_0845_mon_fri"].cron == "45 8 * * 1-5"
    assert found["new_york_0730_sun"].cron == "30 7 * * 0"
    assert len({one.name for one in found.values()}) == len(rounds(sources()))


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("America/New_York", "2026-11-28 02:30", date(2026, 11, 27)),
        ("Europe/Brussels", "2026-11-27 23:30", date(2026, 11, 27)),  # Saturday there, but no day of crawls yet
        ("UTC", "2026-11-28 00:00", date(2026, 11, 28)),
    ],
)
def test_a_round__asks_up_to_today_where_its_sources_are(zone: str, moment: str, day: date) -> None:
    assert last_day(Round(zone, "08:00", "daily", ()), datetime.fromisoformat(moment).replace(tzinfo=UTC)) == day


def test_windows__reach_back_to_the_last_look_but_not_for_ever(tmp_path: Path) -> None:
    coverage, until = tmp_path / "coverage.parquet", date(2026, 11, 27)
    assert windows((FR, "us_bis"), until, coverage) == {date(2026, 11, 21): [FR, "us_bis"]}
    write_coverage(
        coverage,
        ("us_bis", "2026-01-05", "checked"),
        ("us_nist", "2026-11-10", "checked_nothing_found"),
        ("us_nist", "2026-11-26", "could_not_look"),
        (FR, "2026-11-26", "checked"),
    )
    assert windows((FR, "us_bis", "us_nist", "uk_govuk"), until, coverage) == {
        date(2026, 11, 21): [FR, "uk_govuk"],
        date(2026, 11, 10): ["us_nist"],
        date(2026, 10, 24): ["us_bis"],
    }


def test_days_between_two_that_were_seen__are_asked_for_until_they_are_seen(tmp_path: Path) -> None:
    """After weeks without its key somebody asked a source by hand, for the last week."""
    coverage, until = tmp_path / "coverage.parquet", date(2026, 11, 30)
    by_hand = [f"2026-11-{day}" for day in range(24, 31)]
    write_coverage(
        coverage,
        ("us_bis", "2025-03-01", "checked"),  # a backfill, before which nothing was ever seen
        *((slug, day, "checked") for slug in (FR, "us_nist") for day in ("2026-11-04", "2026-11-05", *by_hand)),
        (FR, "2026-11-10", "could_not_look"),
        *(("us_bis", day, "checked") for day in by_hand),
        *(("uk_govuk", day, "checked") for day in by_hand),
    )
    assert windows((FR, "us_bis", "us_nist", "uk_govuk"), until, coverage) == {
        date(2026, 11, 24): ["us_nist", "uk_govuk"],  # a snapshot shows no day that has passed; uk_govuk is new
        date(2026, 11, 5): [FR],
        date(2026, 10, 27): ["us_bis"],
    }


@pytest.mark.parametrize(
    ("first_read", "failed_at", "is_asked"),
    [
        ("2026-11-24", "2026-11-30 08:47:00Z", True),  # read for less than a week: in every round
        ("2026-11-23", "2026-11-30 08:47:00Z", False),
        ("2026-11-23", "2026-11-29 23:47:00Z", True),
        ("2026-11-16", "2026-11-29 08:47:00Z", False),
        ("2026-11-16", "2026-11-24 08:47:00Z", False),
        ("2026-11-16", "2026-11-23 08:47:00Z", True),
    ],
)
def test_a_day_that_cannot_be_read__is_asked_for_once_a_day_and_then_once_a_week(
    tmp_path: Path, first_read: str, failed_at: str, is_asked: bool
) -> None:
    """Later days can be read, the first of them a week ago or two."""
    coverage, until, bad = tmp_path / "coverage.parquet", date(2026, 11, 30), date(2026, 11, 10)
    read = [day for number in range(21) if (day := bad + timedelta(number)) >= date.fromisoformat(first_read)]
    write_coverage(
        coverage,
        (FR, "2026-11-09", "checked"),
        *((FR, day.isoformat(), "checked") for day in read),
        looked=[(FR, bad.isoformat(), "could_not_look", failed_at)],
    )
    assert list(windows((FR,), until, coverage)) == [date(2026, 11, 9) if is_asked else date(2026, 11, 24)]


Looks = dict[date, tuple[str, date]]
"""By day, the outcome and when it was looked at."""


def _one_round(coverage: Path, until: date, looks: Looks, can_be_read: Callable[[date], bool]) -> list[Window]:
    """What a round of one source asks; its looks are carried on as source_coverage does."""
    write_coverage(
        coverage, looked=[(FR, f"{day}", outcome, f"{seen_on} 08:47:00Z") for day, (outcome, seen_on) in looks.items()]
    )
    (since,) = windows((FR,), until, coverage)
    asked = crawls([FR], Window(since=since, until=until), coverage)[FR]
    for crawl in asked:
        is_good = all(map(can_be_read, crawl.days()))
        for day in crawl.days():
            if is_good or looks.get(day, ("", until))[0] != "checked":
                looks[day] = ("checked" if is_good else "could_not_look", until)
    return asked


def test_a_day_that_can_never_be_read__hides_no_other_and_is_asked_for_ever_less_often(tmp_path: Path) -> None:
    bad = date(2026, 10, 20)
    looks: Looks = {day: ("checked", day) for number in range(1, 15) if (day := bad - timedelta(number))}
    asked_on: list[int] = []
    for number in range(40):
        until = bad + timedelta(number)
        asked = _one_round(tmp_path / "coverage.parquet", until, looks, lambda day: day != bad)
        asked_on += [number for crawl in asked if bad in crawl.days()]
        late = [day for day, (outcome, _) in looks.items() if day != bad and outcome != "checked"]
        assert not late or number < 2, f"on day {number} not read: {late}"
    assert looks[bad][0] == "could_not_look"
    assert asked_on == [*range(15), *range(21, 35, 7)]


def test_while_a_source_is_down__it_is_crawled_in_few_parts_and_then_read_wholly(tmp_path: Path) -> None:
    """One of the days that were missed can never be read."""
    first, bad = date(2026, 10, 1), date(2026, 10, 5)
    looks: Looks = {day: ("checked", day) for number in range(1, 15) if (day := first - timedelta(number))}
    coverage = tmp_path / "coverage.parquet"
    for number in range(12):
        asked = _one_round(coverage, first + timedelta(number), looks, lambda day: day < first)
        assert len(asked) <= 3 + number // 7
    for number in (12, 13):
        _one_round(coverage, first + timedelta(number), looks, lambda day: day != bad)
    assert [day for day, (outcome, _) in looks.items() if outcome != "checked"] == [bad]


@pytest.mark.parametrize(("why", "parts"), [("HTTP 500", 3), (None, 1)])
def test_a_week_withheld_for_finding_too_little__is_not_cut_into_days_of_which_nothing_is_expected(
    tmp_path: Path, why: str | None, parts: int
) -> None:
    week = Window(since=date(2026, 10, 1), until=date(2026, 10, 7))
    book = Book("crawl", "run", source(FR), week, "0" * 64, "p/1", T0, clock=lambda: T0)
    number = book.plan("listing https://www.federalregister.gov/")
    if why is None:
        book.done(number)
    else:
        book.failed(number, why)
    seal = FileSeal(name="crawl", bytes=0, sha256="0" * 64, records=0)
    days = [("2026-10-01", "checked"), ("2026-10-04", "could_not_look"), ("2026-10-07", "checked")]
    coverage, reason = tmp_path / "coverage.parquet", "; ".join(book.seal(seal, seal).faults)
    write_coverage(coverage, *((FR, *day) for day in days), reason=reason)
    assert len(crawls([FR], week, coverage)[FR]) == parts


def test_an_unreadable_coverage__sets_no_days_apart(tmp_path: Path) -> None:
    """The run that asks for them writes it anew."""
    (coverage := tmp_path / "coverage.parquet").write_text("half")
    window = Window(since=date(2026, 10, 1), until=date(2026, 10, 7))
    assert crawls([FR], window, coverage) == {FR: [window]}


@pytest.mark.parametrize(
    "rhythm",
    [
        {"days": "weekdays", "at": ["08:45"]},
        {"days": "mon-fri", "at": []},
        {"days": "mon-fri", "at": ["8:45"]},
        {"days": "mon-fri", "at": ["24:00"]},
        {"days": "mon-fri", "at": ["11:15", "08:45"]},
        {"days": "mon-fri", "at": ["08:45", "08:45"]},
        {"days": "mon-fri", "at": ["08:45"], "zone": "UTC"},
    ],
)
def test_a_rhythm__is_read_strictly(rhythm: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rhythm.model_validate(rhythm)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time_zone": "America/Newyork"}, "expected a time zone such as Europe/London"),
        ({"calendar": "us"}, "calendar"),
        ({"owner": "somebody"}, "owner"),
        ({"channel": "Operators!"}, "channel"),
        ({"quiet_days": 0}, "quiet_days"),
        ({"quiet_days": None, "recess": [{"since": "08-01", "until": "09-01"}]}, "expected quiet_days beside recess"),
        ({"recess": [{"since": "08-32", "until": "09-01"}]}, "recess"),
        ({"cadence": "daily"}, "cadence"),
    ],
)
def test_what_operators_are_told__is_read_strictly(change: dict[str, Any], message: str) -> None:
    contract = source(FR).model_dump() | change
    with pytest.raises(ValidationError, match=message):
        SourceConfig.model_validate(contract)


def test_the_channel__is_that_of_the_operators_unless_said_otherwise() -> None:
    assert source(FR).channel == "operators"


def test_a_recess__may_run_over_the_turn_of_the_year() -> None:
    winter = Recess(since="12-18", until="01-06")
    told = [winter.holds(day) for day in (date(2026, 12, 17), date(2026, 12, 18), date(2027, 1, 6), date(2027, 1, 7))]
    assert told == [False, True, True, False]
