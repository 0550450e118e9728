"""The budget of a host: moments that are taken, pauses that hold for all, and a clock that was set back."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.runtime.budget import LONGEST_HOLD_SECONDS, LONGEST_WAIT_SECONDS, HostBudget
from tests.faults.verdict import Verdict

HOST = "www.example.gov"


@pytest.fixture
def budgets(tmp_path: Path) -> tuple[HostBudget, HostBudget]:
    """As two processes see it."""
    return HostBudget(tmp_path / "hosts"), HostBudget(tmp_path / "hosts")


def test_a_turn_is_taken_by_one_of_all(budgets: tuple[HostBudget, HostBudget]) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 1.0, 1000.0) == 0
    assert [mine.take(HOST, 1.0, 1000.25), theirs.take(HOST, 1.0, 1000.25)] == [0.75, 0.75]
    assert theirs.take(HOST, 1.0, 1001.0) == 0
    assert mine.take(HOST, 1.0, 1001.0) == 1.0
    assert mine.take("www.example.org", 1.0, 1001.0) == 0


def test_the_distance_is_that_of_whoever_asked_before(budgets: tuple[HostBudget, HostBudget]) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 3.5, 1000.0) == 0
    assert theirs.take(HOST, 1.0, 1000.0) == 3.5
    assert theirs.take(HOST, 1.0, 1003.5) == 0
    assert mine.take(HOST, 3.5, 1003.5) == 1.0


def test_a_pause_holds_for_all_and_is_never_shortened(budgets: tuple[HostBudget, HostBudget]) -> None:
    mine, theirs = budgets
    mine.hold(HOST, 1060.0, 1000.0)
    theirs.hold(HOST, 1010.0, 1000.0)
    assert theirs.take(HOST, 1.0, 1000.0) == 60.0
    assert theirs.held_until(HOST, 1000.0) == 1060.0
    assert theirs.take(HOST, 1.0, 1060.0) == 0


@pytest.mark.fault("S9")
def test_a_clock_that_was_set_back_stops_nobody(budgets: tuple[HostBudget, HostBudget], verdict: Verdict) -> None:
    mine, _ = budgets
    mine.take(HOST, 1.0, 1000.0 + LONGEST_WAIT_SECONDS)
    assert mine.take(HOST, 1.0, 1000.0) == 0
    mine.hold(HOST, 9e9, 90_000.0)
    assert mine.take(HOST, 1.0, 2000.0) == 0
    verdict.recovered(0)


@pytest.mark.parametrize("until", [9e9, float("inf")])
def test_a_host_that_asks_for_years__is_asked_again_after_a_day(
    budgets: tuple[HostBudget, HostBudget], until: float
) -> None:
    mine, theirs = budgets
    mine.hold(HOST, until, 1000.0)
    assert theirs.take(HOST, 1.0, 1000.0) == LONGEST_HOLD_SECONDS
    assert theirs.take(HOST, 1.0, 1000.0 + LONGEST_HOLD_SECONDS) == 0


@pytest.mark.parametrize("content", ["", "1005.0", "soon never", "\0" * 40])
def test_a_damaged_file_is_a_host_that_was_never_asked(tmp_path: Path, content: str) -> None:
    (tmp_path / HOST).write_text(content)
    budget = HostBudget(tmp_path)
    assert [budget.take(HOST, 1.0, 1000.0) for _ in range(2)] == [0, 1.0]
