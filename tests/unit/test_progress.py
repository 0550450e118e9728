"""Nobody waits long without a word."""

from __future__ import annotations

import time

import pytest

from pipelines import progress


def test_a_step_that_takes_long__is_told_again_and_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0.05)
    monkeypatch.setattr(progress, "POLL_SECONDS", 0.01)
    with progress.told_while_running("starting"):
        time.sleep(0.1)
        progress.doing("audit")
        time.sleep(0.2)
    told = capsys.readouterr().err
    assert "starting: still running" in told
    assert told.count("audit: still running") >= 2
    time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_who_speaks__is_not_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "SILENT_SECONDS", 5.0)
    monkeypatch.setattr(progress, "POLL_SECONDS", 0.01)
    with progress.told_while_running("starting"):
        progress.say("load: done")
        time.sleep(0.1)
    assert "still running" not in capsys.readouterr().err
