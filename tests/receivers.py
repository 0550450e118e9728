"""A web server on loopback that remembers what it was sent, for whatever sends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What a server got; `status` is its answer, `location` where it sends who asks."""

    def __init__(self, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self.posted: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.status = 200
        self.location: str | None = None


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server for as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    _Handler.owner[server.server_port] = made = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: dict[int, Receiver] = {}  # noqa: RUF012  filled by `receiver`, one a server

    @property
    def receiver(self) -> Receiver:
        return self.owner[self.server.server_address[1]]  # type: ignore[index]  # an address of the internet

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.receiver.status == 200:
            self.receiver.posted.append(body)
        self._answer()

    def do_GET(self) -> None:
        self.receiver.asked.append(self.path)
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.receiver.status)
        if self.receiver.location:
            self.send_header("Location", self.receiver.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
