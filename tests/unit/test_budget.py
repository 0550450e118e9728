"""The budget of a host in files: turns that are taken, pauses that hold for all, and a clock that was set back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines import run
from pipelines.home import Home, NotInstalled, SettingRefused
from scrapers.locks import BUDGETS_VARIABLE
from scrapers.runtime.budget import LONGEST_HOLD_SECONDS, LONGEST_WAIT_SECONDS, FileBudget, host_budget
from tests.faults.verdict import Verdict

HOST = "www.example.gov"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budgets(tmp_path: Path, clock: Clock) -> tuple[FileBudget, FileBudget]:
    """As two processes see it."""
    return FileBudget(tmp_path / "hosts", clock), FileBudget(tmp_path / "hosts", clock)


def test_a_turn_is_taken_by_one_of_all(budgets: tuple[FileBudget, FileBudget], clock: Clock) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 1.0) == 0
    clock.now = 1000.25
    assert [mine.take(HOST, 1.0), theirs.take(HOST, 1.0)] == [0.75, 0.75]
    clock.now = 1001.0
    assert theirs.take(HOST, 1.0) == 0
    assert mine.take(HOST, 1.0) == 1.0
    assert mine.take("www.example.org", 1.0) == 0


def test_the_distance_is_that_of_whoever_asked_before(budgets: tuple[FileBudget, FileBudget], clock: Clock) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 3.5) == 0
    assert theirs.take(HOST, 1.0) == 3.5
    clock.now = 1003.5
    assert theirs.take(HOST, 1.0) == 0
    assert mine.take(HOST, 3.5) == 1.0


def test_a_pause_holds_for_all_and_is_never_shortened(budgets: tuple[FileBudget, FileBudget], clock: Clock) -> None:
    mine, theirs = budgets
    mine.hold(HOST, 60.0)
    theirs.hold(HOST, 10.0)
    assert theirs.take(HOST, 1.0) == 60.0
    clock.now = 1060.0
    assert theirs.take(HOST, 1.0) == 0


@pytest.mark.fault("S9")
def test_a_clock_that_was_set_back_stops_nobody(
    budgets: tuple[FileBudget, FileBudget], clock: Clock, verdict: Verdict
) -> None:
    mine, _ = budgets
    clock.now = 1000.0 + LONGEST_WAIT_SECONDS
    mine.take(HOST, 1.0)
    clock.now = 1000.0
    assert mine.take(HOST, 1.0) == 0
    clock.now = 90_000.0
    mine.hold(HOST, 9e9)
    clock.now = 2000.0
    assert mine.take(HOST, 1.0) == 0
    verdict.recovered(0)


@pytest.mark.parametrize("seconds", [9e9, float("inf")])
def test_a_host_that_asks_for_years__is_asked_again_after_a_day(
    budgets: tuple[FileBudget, FileBudget], clock: Clock, seconds: float
) -> None:
    mine, theirs = budgets
    mine.hold(HOST, seconds)
    assert theirs.take(HOST, 1.0) == LONGEST_HOLD_SECONDS
    clock.now += LONGEST_HOLD_SECONDS
    assert theirs.take(HOST, 1.0) == 0


@pytest.mark.parametrize("content", ["", "1005.0", "soon never", "\0" * 40])
def test_a_damaged_file_is_a_host_that_was_never_asked(tmp_path: Path, clock: Clock, content: str) -> None:
    (tmp_path / HOST).write_text(content)
    budget = FileBudget(tmp_path, clock)
    assert [budget.take(HOST, 1.0) for _ in range(2)] == [0, 1.0]


@pytest.mark.parametrize("word", [None, "", " "])
def test_without_a_word_budgets_are_in_files(word: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BUDGETS_VARIABLE, raising=False)
    if word is not None:
        monkeypatch.setenv(BUDGETS_VARIABLE, word)
    assert isinstance(host_budget(tmp_path), FileBudget)


@pytest.mark.parametrize(
    "address",
    [
        "redis://",
        "http://cache/secret",
        "redis://:secret/with-a-slash@cache",
        "redis://:secret@cache:port",
        "redis://cache:0",
        "redis://cache/secret",
        "redis://cache?password=secret",
        "cache:6379",
    ],
)
def test_other_addresses_are_refused_and_never_repeated(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BUDGETS_VARIABLE, address)
    with pytest.raises(ValueError, match=f"{BUDGETS_VARIABLE}: expected an address such as redis://") as refused:
        host_budget(tmp_path)
    assert "secret" not in str(refused.value)


def test_a_run_looks_at_the_address_before_anything_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv(BUDGETS_VARIABLE, "redis://:secret@cache:port")
    with pytest.raises(SettingRefused, match=BUDGETS_VARIABLE):
        run.prepare(home)
    monkeypatch.setenv(BUDGETS_VARIABLE, "redis://:secret@cache")
    monkeypatch.setattr(run, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match="expected the package throttled, found none; run: make scale-install"):
        run.prepare(home)
    assert not home.root.exists()
