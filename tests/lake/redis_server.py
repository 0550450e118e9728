"""A Redis of a test's own, on a free port of loopback, that keeps nothing on disk."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from tests.faults.processes import until

SECONDS = 30


@contextmanager
def running() -> Iterator[str]:
    """The address of the server for the time of a block.

    Raises RuntimeError where Redis is not installed.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("expected redis-server, found none; install it, on Debian: redis-server")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", folder]
        server = subprocess.Popen(
            [program, *where, "--save", "", "--appendonly", "no"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            until(lambda: _answers(port), SECONDS, "an answer of Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with redis.Redis(port=port) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
