"""A Redis of a test's own: on a free port of loopback, with its folder, and nothing kept."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str


@contextmanager
def running(password: str = "") -> Iterator[Server]:
    """The server for the time of a block.

    Raises RuntimeError where Redis is not installed, or does not start.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("expected redis-server, found none; install it, on Debian: redis-server")
    port = free_port()
    secured = ("--requirepass", password) if password else ()
    with TemporaryDirectory(prefix="redis-") as folder, (Path(folder) / "log").open("w") as log:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", "", *secured]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
            try:
                assert process.stdout is not None
                said: list[str] = []
                for line in process.stdout:
                    said.append(line)
                    if "Ready to accept connections" in line:
                        break
                else:
                    raise RuntimeError(f"expected Redis to start, it said: {''.join(said)[-1000:]}")
                yield Server(f"redis://{f':{password}@' if password else ''}127.0.0.1:{port}/0")
            finally:
                process.kill()


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert isinstance(port, int)
        return port
