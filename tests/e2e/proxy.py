"""A loopback stand-in for one sample host that changes some of its answers: a source that edits, retracts or breaks."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Answer:
    """What the proxy sends."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut_at: int | None = None
    """Bytes after which the connection is closed although more were promised."""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def with_json(self, value: object) -> Answer:
        """The same answer with another body."""
        return Answer(self.status, self.headers, json.dumps(value).encode())

    def cut(self) -> Answer:
        """The same answer, half of it."""
        return Answer(self.status, self.headers, self.body, len(self.body) // 2)


Edit = Callable[[str, Answer], Answer]


@dataclass
class Proxy:
    """Where the proxy listens and what it was asked."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def edited(upstream: str, edit: Edit) -> Iterator[Proxy]:
    """Serve `upstream` through `edit(path_and_query, answer)` on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on(None)

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def _pass_on(self, body: bytes | None) -> None:
            proxy.asked.append(self.path)
            answer = edit(self.path, _fetch(upstream + self.path, body, self.headers.get("Content-Type")))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut_at])
            self.close_connection = answer.cut_at is not None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _fetch(url: str, body: bytes | None, content_type: str | None) -> Answer:
    headers = {"Content-Type": content_type} if content_type else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
            return Answer(response.status, _kept(response.headers), response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, _kept(error.headers), error.read())


def _kept(headers: Any) -> dict[str, str]:
    return {"Content-Type": headers.get("Content-Type", "application/octet-stream")}
