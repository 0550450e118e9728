"""Faults of what readers get: publishing that is killed between any two files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from itertools import count
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publish import stage
from pipelines.publish.edition import current_edition, publish
from pipelines.publish.stage import is_whole
from tests.faults.verdict import Verdict
from tests.unit.test_publish import CHECKS, PASSED, fill, stage_and_audit

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.unit.test_publish"])
_CHANGES = ("os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir")


def _publish(root: Path, number: int, point: int | None) -> None:
    """Publish an edition; die before the change of the state folder with the number of the point."""
    stage.MACROS = root / "none"
    home = Home(root)
    fill(home, number)
    changes = count()

    def die(event: str, details: tuple[object, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and set(str(details[1])) & set("wax+"))
        if is_change and str(details[0]).startswith(str(root)) and next(changes) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    stage_and_audit(home, PASSED)
    publish(home, CHECKS)


def _run(root: Path, number: int, point: int | None = None) -> int | None:
    process = _FORKS.Process(target=_publish, args=(root, number, point))
    process.start()
    process.join()
    return process.exitcode


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.fault("P8")
def test_a_kill_between_two_files_leaves_the_last_edition_or_the_next(tmp_path: Path, verdict: Verdict) -> None:
    home = Home(tmp_path)
    assert _run(tmp_path, 1) == 0
    first = current_edition(home)
    mixed = kept = 0
    for point in count():
        ended = _run(tmp_path, 2, point)
        mixed += sum(not is_whole(folder) for folder in home.editions.glob("[!.]*"))
        kept += current_edition(home) == first
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert kept > 5
    assert current_edition(home) != first
    verdict.publish_blocked(mixed)
