"""Child processes of the ingest step: bounded, in their own process groups, gone when we are.

Crawls run outside this process because a second Scrapy run in one process raises ReactorNotRestartable, and because
crashes and memory must stay apart.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

POLL_SECONDS = 0.1
TERM_GRACE_SECONDS = 10.0
WAIT_TOLD_AFTER = 30.0
"""Seconds between two words about what still runs."""
PARENT_VARIABLE = "AIPOLICY_DBT_PARENT"
"""Names the process that dbt must not outlive; without it (dbt run by hand) nothing is watched."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildResult:
    """How a child ended; its output is for people, its ledger is the account."""

    name: str
    exit_code: int
    started_at: datetime
    seconds: float
    stdout: str
    stderr_tail: str


@dataclass
class _Running:
    name: str
    process: subprocess.Popen[bytes]
    stdout: Path
    stderr: Path
    started: float = field(default_factory=time.monotonic)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def run_children(
    commands: Sequence[tuple[str, Sequence[str]]],
    at_once: int,
    deadline_seconds: float,
    on_end: Callable[[ChildResult], None],
    on_wait: Callable[[list[str]], None],
    wait_told_after: float = WAIT_TOLD_AFTER,
) -> list[ChildResult]:
    """Run commands side by side, at most `at_once`; each is ended when it runs past the deadline.

    `on_end` hears of each as it ends, `on_wait` the names of those that run, at regular times.

    Children are ended with us: on an interrupt they get TERM, then KILL, and the kernel kills them when we die.
    """
    waiting = list(commands)
    running: list[_Running] = []
    results: list[ChildResult] = []
    told = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aipolicy-") as folder, _ended_with_us(running):
        while waiting or running:
            while waiting and len(running) < at_once:
                name, command = waiting.pop(0)
                running.append(_start(name, command, Path(folder)))
            for child in list(running):
                if child.process.poll() is None and time.monotonic() - child.started > deadline_seconds:
                    _end([child])
                if child.process.poll() is not None:
                    running.remove(child)
                    results.append(_result(child))
                    on_end(results[-1])
            if running and time.monotonic() - told >= wait_told_after:
                told = time.monotonic()
                on_wait([child.name for child in running])
            time.sleep(POLL_SECONDS)
    return results


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


def _start(name: str, command: Sequence[str], folder: Path) -> _Running:
    stdout, stderr = folder / f"{name}.out", folder / f"{name}.err"
    with stdout.open("wb") as out, stderr.open("wb") as err:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  calls prctl only; we poll from one thread
        )
    return _Running(name, process, stdout, stderr)


def die_with_parent() -> None:
    """Ask the kernel to end this child when its parent dies (Linux; elsewhere a no-op)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _result(child: _Running) -> ChildResult:
    return ChildResult(
        name=child.name,
        exit_code=child.process.returncode,
        started_at=child.started_at,
        seconds=time.monotonic() - child.started,
        stdout=child.stdout.read_text(encoding="utf-8", errors="replace"),
        stderr_tail=child.stderr.read_text(encoding="utf-8", errors="replace")[-4_000:],
    )


@contextmanager
def _ended_with_us(running: list[_Running]) -> Iterator[None]:
    try:
        yield
    finally:
        _end(running)


def _end(children: Sequence[_Running]) -> None:
    alive = [child for child in children if child.process.poll() is None]
    for child in alive:
        os.killpg(child.process.pid, signal.SIGTERM)
    deadline = time.monotonic() + TERM_GRACE_SECONDS
    for child in alive:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
