"""The client of the fork server: starts modules in its forks and hears how they end.

Belongs here: orders and news. Does not belong here: how many run at once, and for how long (`children.py`).
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from scrapers.processes import Order, die_with_parent

START_SECONDS = 120.0
"""So long a fork may take to begin, the imports of its server included."""


class NotStarted(Exception):
    """A module could not be run in a fork; the message says why."""


@dataclass
class ForkServer:
    """A running fork server; made by `fork_server`."""

    process: subprocess.Popen[bytes]
    stderr: IO[bytes]
    _codes: dict[int, int] = field(default_factory=dict)
    _begun: int | None = None
    _unread: bytes = b""

    def start(self, command: Sequence[str], stdout: Path, stderr: Path) -> Fork:
        """Run a module with arguments, its output into two files that are there.

        Raises NotStarted where the server could not fork, has ended, or does not answer in time.
        """
        order: Order = {"command": list(command), "stdout": str(stdout), "stderr": str(stderr)}
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(orjson.dumps(order, option=orjson.OPT_APPEND_NEWLINE))
        except BrokenPipeError as error:
            raise self._ended() from error
        deadline = time.monotonic() + START_SECONDS
        while self._begun is None:
            if not self.hear(deadline - time.monotonic()):
                self.process.kill()
                raise self._ended()
        begun, self._begun = self._begun, None
        return Fork(self, begun)

    def code_of(self, pid: int) -> int | None:
        """How a fork has ended; None as long as nothing was heard of that. With the server end its forks (on Linux)."""
        if pid not in self._codes and self.process.poll() is not None:
            while self.hear(0):
                pass
            self._codes.setdefault(pid, -signal.SIGKILL)
        return self._codes.get(pid)

    def hear(self, seconds: float) -> bool:
        """Take in what is told, after so many seconds at the latest; whether anything was."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, seconds)):
                return False
        heard = os.read(self.process.stdout.fileno(), 65_536)
        *lines, self._unread = (self._unread + heard).split(b"\n")
        for told in map(orjson.loads, lines):
            self._take(told)
        return bool(heard)

    def _take(self, told: dict[str, Any]) -> None:
        if "refused" in told:
            raise NotStarted(f"expected a fork, got: {told['refused']}; free memory or processes, and run again")
        if "code" in told:
            self._codes[told["pid"]] = told["code"]
        else:
            self._codes.pop(told["pid"], None)  # the system gives an id again
            self._begun = told["pid"]

    def _ended(self) -> NotStarted:
        code = self.process.wait()
        self.stderr.seek(0)
        said = self.stderr.read().decode(errors="replace")[-2_000:]
        return NotStarted(f"expected the fork server to run, it ended with {code}: {said.strip() or 'it said nothing'}")


@dataclass(frozen=True)
class Fork:
    """A module that runs in a fork, with what `subprocess.Popen` tells of a process."""

    server: ForkServer
    pid: int

    def poll(self) -> int | None:
        """Its exit code; None as long as nothing was heard of its end."""
        return self.server.code_of(self.pid)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, at the latest after so many seconds."""
        deadline = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() >= deadline:
                return False
            self.server.hear(deadline - time.monotonic())
        return True


@contextmanager
def fork_server() -> Iterator[ForkServer]:
    """A fork server for the time of a block; the kernel kills it, and its forks, when this process dies."""
    with TemporaryFile() as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapers.fork_server"],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  calls prctl only; we start children from one thread
        )
        with process:
            try:
                yield ForkServer(process, stderr)
            finally:
                process.kill()
