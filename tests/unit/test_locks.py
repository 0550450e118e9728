"""Locks: one holder, who is named to those who wait, and free again when the holder is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scrapers.locks import Held, holder_of, lock


def test_a_held_lock__names_its_holder_and_is_free_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    with lock(path):
        assert holder_of(path) == str(os.getpid())
        with pytest.raises(Held, match=str(os.getpid())), lock(path, wait_seconds=0):
            pass
    assert holder_of(path) is None


def test_who_waits__says_for_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.lock"
    with lock(path), pytest.raises(Held), lock(path, wait_seconds=1.5):
        pass
    assert capsys.readouterr().err == f"waiting for process {os.getpid()}, which holds a.lock\n"


def test_a_lock_of_another_user__says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a decision that root has made by hand; root itself may write anything."""

    def refuses(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuses)
    with pytest.raises(PermissionError, match=r"expected what user .* chown -R USER") as told, lock(tmp_path / "a"):
        pass
    assert told.value.errno is None, "so the command line repeats it word for word"


def test_two_crawls_of_one_source__follow_each_other(tmp_path: Path) -> None:
    """The second does not get as far as its archive file while the first holds the source."""
    from scrapers.locks import crawl_lock

    arguments = ["uk_govuk", "--since", "2025-01-15", "--until", "2025-01-15", "--home", str(tmp_path)]
    with lock(crawl_lock(tmp_path, "uk_govuk")):
        child = subprocess.Popen(
            [sys.executable, "-m", "scrapers.crawl", *arguments, "--base-url", "www.gov.uk=http://127.0.0.1:9"],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stderr is not None
        told = child.stderr.readline()
        child.kill()
        child.wait()
    assert told == f"waiting for process {os.getpid()}, which holds uk_govuk.lock\n"
    assert not (tmp_path / "archive").exists()
