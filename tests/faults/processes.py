"""The command under way: its processes, waited for and counted.

Belongs here: starting `aipolicy` in the background, its descendants, polling. Does not belong here: runs to their end
(tests.e2e.world), and what must hold.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.world import PROJECT, command, environment


@contextmanager
def started(
    log: Path, *arguments: str, base_urls: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The command under way, in a process group of its own; whatever is left of it is ended with the block."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command(*arguments, base_urls=base_urls),
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for a truthy value and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"expected within {seconds} s: {what}")


def family_of(pid: int, marker: str = "") -> list[psutil.Process]:
    """A process's living descendants whose command line holds a word."""
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child for child in children if _is_alive(child) and marker in " ".join(_command_line(child))]


def alive(processes: Iterable[psutil.Process]) -> list[str]:
    """The command lines of those that still live."""
    return [" ".join(_command_line(process)) for process in processes if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
