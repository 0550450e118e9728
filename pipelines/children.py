"""Child processes of the ingest step: bounded, in their own process groups, gone when we are.

Crawls run outside this process because a second Scrapy run in one process raises ReactorNotRestartable, and because
crashes and memory must stay apart. They are forks of one process that has imported Scrapy once for all of them.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines.forks import Fork, ForkServer, NotStarted, fork_server

LOOK_SECONDS = 0.1
"""So often deadlines are looked at; an end is heard of as it comes."""
TERM_GRACE_SECONDS = 10.0
WAIT_TOLD_AFTER = 30.0
"""Seconds between two words about what still runs."""
PARENT_VARIABLE = "AIPOLICY_DBT_PARENT"
"""Names the process that dbt must not outlive; without it (dbt run by hand) nothing is watched."""


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
    fork: Fork
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
    """Run commands, each a module and its arguments, side by side, at most `at_once`; each is ended when it runs past
    the deadline.

    `on_end` hears of each as it ends, `on_wait` the names of those that run, at regular times.

    Children are ended with us: on an interrupt they get TERM, then KILL, and the kernel kills them when we die.
    """
    waiting = list(commands)
    running: list[_Running] = []
    results: list[ChildResult] = []
    told = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aipolicy-") as folder, fork_server() as server, _ended_with_us(running):
        while waiting or running:
            while waiting and len(running) < at_once:
                name, command = waiting.pop(0)
                try:
                    running.append(_start(server, name, command, Path(folder)))
                except NotStarted as error:
                    results.append(_not_started(name, error))
                    on_end(results[-1])
            for child in list(running):
                if child.fork.poll() is None and time.monotonic() - child.started > deadline_seconds:
                    _end([child])
                if child.fork.poll() is not None:
                    running.remove(child)
                    results.append(_result(child))
                    on_end(results[-1])
            if running and time.monotonic() - told >= wait_told_after:
                told = time.monotonic()
                on_wait([child.name for child in running])
            if running:
                server.hear(LOOK_SECONDS)
    return results


def _start(server: ForkServer, name: str, command: Sequence[str], folder: Path) -> _Running:
    stdout, stderr = folder / f"{name}.out", folder / f"{name}.err"
    stdout.touch()
    stderr.touch()
    return _Running(name, server.start(command, stdout, stderr), stdout, stderr)


def _not_started(name: str, error: NotStarted) -> ChildResult:
    return ChildResult(name, 1, datetime.now(UTC), 0.0, stdout="", stderr_tail=str(error))


def _result(child: _Running) -> ChildResult:
    exit_code = child.fork.poll()
    assert exit_code is not None
    return ChildResult(
        name=child.name,
        exit_code=exit_code,
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
    alive = [child for child in children if child.fork.poll() is None]
    for child in alive:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + TERM_GRACE_SECONDS
    for child in alive:
        if not child.fork.wait(max(0.0, deadline - time.monotonic())):
            _signal(child, signal.SIGKILL)
            child.fork.wait(TERM_GRACE_SECONDS)


def _signal(child: _Running, number: signal.Signals) -> None:
    """Tell its whole process group; one that has ended by itself meanwhile is told nothing."""
    with suppress(ProcessLookupError):
        os.killpg(child.fork.pid, number)
