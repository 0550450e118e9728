"""Modules run in forks of a server as they would in processes of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipelines.forks import Fork, ForkServer, NotStarted, fork_server

SECONDS = 60.0
Start = Callable[..., Fork]


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server() as running:
        yield running


@pytest.fixture
def start(server: ForkServer, tmp_path: Path) -> Start:
    """Begin a module; its output goes into `out` and `err`."""
    for name in ("out", "err"):
        (tmp_path / name).touch()
    return lambda *command: server.start(command, tmp_path / "out", tmp_path / "err")


def test_a_fork__ends_with_the_code_and_the_output_of_its_module(start: Start, tmp_path: Path) -> None:
    ended = start("timeit", "-n1", "-r1", "print('said')")
    assert ended.wait(SECONDS)
    assert ended.poll() == 0
    assert "said" in (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("tests.program", "1/0"), 1, "ZeroDivisionError"),
        (("tests.program", "import sys; sys.exit(3)"), 3, ""),
        (("tests.program", "import sys; sys.exit('in words')"), 1, "in words"),
        (("no_such_module",), 1, "ModuleNotFoundError"),
        (("scrapers.crawl", "no_such_source"), 2, "usage"),
    ],
)
def test_a_fork__fails_as_its_module_does(
    start: Start, tmp_path: Path, command: tuple[str, ...], code: int, said: str
) -> None:
    ended = start(*command)
    assert ended.wait(SECONDS)
    assert ended.poll() == code
    assert said in (tmp_path / "err").read_text()


def test_a_fork__is_known_by_what_it_runs_and_killed_alone(start: Start) -> None:
    hangs, ends = (start("timeit", "-n1", "-r1", f"import time; time.sleep({seconds})") for seconds in (600, 0))
    assert os.getpgid(hangs.pid) == hangs.pid
    assert ends.wait(SECONDS)
    assert hangs.poll() is None
    assert "timeit" in psutil.Process(hangs.pid).cmdline()
    os.killpg(hangs.pid, signal.SIGKILL)
    assert hangs.wait(SECONDS)
    assert hangs.poll() == -signal.SIGKILL


def test_forks__die_with_their_server(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.touch()
    with fork_server() as doomed:
        fork = doomed.start(["timeit", "-n1", "-r1", "import time; time.sleep(600)"], out, out)
        doomed.process.kill()
        doomed.process.wait()
        assert fork.poll() == -signal.SIGKILL
        with pytest.raises(NotStarted, match="expected the fork server to run, it ended with -9"):
            doomed.start(["timeit"], out, out)
    psutil.wait_procs([psutil.Process(fork.pid)] if psutil.pid_exists(fork.pid) else [], timeout=SECONDS)
    assert not psutil.pid_exists(fork.pid)
