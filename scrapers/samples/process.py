"""Runs the sample sources as a child process for the time of a block: for the demo, for tests and for scale runs."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import orjson

READY_SECONDS = 30.0
STOP_SECONDS = 5.0
STDERR_TAIL = 2_000


@contextmanager
def running_samples(
    corpus: Path | None = None, log: Path | None = None, sources: Collection[str] = ()
) -> Iterator[dict[str, str]]:
    """Start these sample sources, or all, on free ports and yield host -> base URL; the block's end stops them.

    The parameters are the options of `python -m scrapers.samples`. Raises RuntimeError, with the end of the child's
    stderr, when it is not ready in time. The child also ends with the thread that started it.
    """
    command = [sys.executable, "-m", "scrapers.samples"]
    for slug in sources:
        command += ["--source", slug]
    if corpus is not None:
        command += ["--corpus", str(corpus.resolve())]
    if log is not None:
        command += ["--log", str(log.resolve())]
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryFile() as stderr:
        child = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)
        assert child.stdout is not None
        try:
            yield _where(child.stdout, stderr)
        finally:
            _stop(child)
            child.stdout.close()


def _where(stdout: IO[bytes], stderr: IO[bytes]) -> dict[str, str]:
    line = _first_line(stdout.fileno(), READY_SECONDS)
    if not line.endswith(b"\n"):
        size = stderr.seek(0, os.SEEK_END)
        stderr.seek(max(0, size - STDERR_TAIL))
        tail = stderr.read().decode(errors="replace").strip()
        raise RuntimeError(
            f"expected the sample sources to say within {READY_SECONDS:.0f} s where they are, got {line!r}; "
            f"their stderr ends: {tail or '(empty)'}"
        )
    where: dict[str, str] = orjson.loads(line)
    return where


def _first_line(pipe: int, seconds: float) -> bytes:
    """The pipe's first line, or what came before the deadline or the end of the pipe."""
    deadline = time.monotonic() + seconds
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(pipe, 65_536)
            if not piece:
                break
            line += piece
    return line


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
