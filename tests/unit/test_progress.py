"""Nobody waits long without a word."""

from __future__ import annotations

from threading import Event

import pytest

from pipelines import progress


class Clock(Event):
    """A clock that a look at it moves on, and the end of the block after so many looks."""

    def __init__(self, looks: int, doing: tuple[int, str] | None = None) -> None:
        super().__init__()
        self.now, self.looks, self.doing = 0.0, looks, doing

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0
        self.looks -= 1
        if self.doing and self.looks == self.doing[0]:
            progress.doing(self.doing[1])
        return self.looks < 0


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_said_at", 0.0)


def tell(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress.time, "monotonic", clock.monotonic)
    progress._tell(clock)


def test_a_step_that_takes_long__is_told_again_and_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks_a_word = int(progress.SILENT_SECONDS / progress.POLL_SECONDS)
    progress.doing("starting")
    tell(Clock(3 * looks_a_word, doing=(2 * looks_a_word - 1, "audit")), monkeypatch)
    told = [line.split("s  ")[1] for line in capsys.readouterr().err.splitlines()]
    assert told == ["starting: still running", "audit: still running", "audit: still running"]


def test_who_speaks__is_not_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock(int(progress.SILENT_SECONDS / progress.POLL_SECONDS) - 1)
    tell(clock, monkeypatch)
    progress.say("load: done")
    clock.looks = 1
    tell(clock, monkeypatch)
    assert "still running" not in capsys.readouterr().err


def test_the_end_of_the_block__ends_the_telling(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.told_while_running("starting"):
        pass
    assert capsys.readouterr().err == ""
