"""An S3-compatible store of a test's own: rclone over a folder, on a free port of loopback."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lake.redis_server import free_port

KEY_ID, SECRET = "canary-of-a-key-id", "canary-of-a-secret"


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path
    """What it serves: each folder in it is a bucket. It remembers what is there, so change nothing beside it."""
    url: str

    def variables(self, bucket: str) -> dict[str, str]:
        """Make a bucket; returns what the environment of its users says."""
        (self.folder / bucket).mkdir()
        return {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ENDPOINT_URL": self.url}


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server for the time of a block.

    Raises RuntimeError where rclone is not installed, or does not start.
    """
    program = shutil.which("rclone")
    if program is None:
        raise RuntimeError("expected rclone, found none; run: make scale-install")
    address = f"127.0.0.1:{free_port()}"
    options = ("--addr", address, "--auth-key", f"{KEY_ID},{SECRET}", "--config", "")
    command = [program, "serve", "s3", *options, str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            if not any("Starting s3 server" in line for line in process.stderr):
                raise RuntimeError(f"expected rclone to start, it ended with {process.wait()}")
            threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
            yield Server(folder, f"http://{address}")
        finally:
            process.kill()
