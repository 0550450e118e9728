"""A server that misbehaves as scripted, on raw sockets, and a canary that only listens.

Belongs here: bytes, delays, ends of connections, and what was asked when. Does not belong here: which fault that is.

Each connection carries one question. What no script answers is passed on to a bundled sample source.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Wait:
    """A pause."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """An end of the connection by RST, without the rest."""


Step = bytes | Wait | Reset
Script = Callable[["Asked"], Iterable[Step]]


@dataclass
class Asked:
    """One question as it arrived, and how many bytes of its answer were taken."""

    at: float
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    sent: int = 0

    @property
    def path(self) -> str:
        """Without the query."""
        return self.target.partition("?")[0]


def answer(body: bytes = b"", status: str = "200 OK", *, length: int | None = None, **headers: str) -> bytes:
    """A whole answer; `length` is stated in place of that of the body. Names of headers have _ for -."""
    named = {"Content-Length": str(len(body) if length is None else length), "Connection": "close", **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in named.items())]
    return "\r\n".join((*lines, "", "")).encode() + body


def head(status: str = "200 OK", **headers: str) -> bytes:
    """The headers of an answer that states no length."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items())]
    return "\r\n".join((*lines, "", "")).encode()


def chunk(data: bytes) -> bytes:
    """A piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


@dataclass
class FaultServer:
    """Where it listens, what it was asked, and its scripts."""

    host: str
    port: int
    scheme: str = "http"
    upstream: str | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    _scripts: list[tuple[Callable[[Asked], bool], list[Script], bool]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://{self.host}:{self.port}"

    def on(self, path: str, *steps: Step, times: int | None = None) -> None:
        """Answer a path, with any query, by these steps: always, or as often as is said."""
        self.when(lambda asked: asked.path == path, lambda _: steps, times=times)

    def when(self, meant: Callable[[Asked], bool], script: Script, times: int | None = None) -> None:
        """Answer what is meant by a script made for the question; of several, the first that is left counts."""
        self._scripts.append((meant, [script] * (times or 1), times is None))

    def asked_for(self, path: str) -> list[Asked]:
        """The questions for a path."""
        return [one for one in self.asked if one.path == path]

    def passed_on(self, asked: Asked) -> bytes:
        """What the sample source answers, as an answer of ours."""
        if self.upstream is None:
            return answer(status="404 Not Found")
        sent = {name: value for name, value in asked.headers.items() if name in ("content-type", "accept")}
        question = urllib.request.Request(self.upstream + asked.target, asked.body or None, sent)
        try:
            with urllib.request.urlopen(question) as said:
                return answer(said.read(), Content_Type=said.headers["Content-Type"] or "text/plain")
        except urllib.error.HTTPError as error:
            return answer(error.read(), f"{error.code} {error.reason}")

    def _script_for(self, asked: Asked) -> Script:
        for meant, scripts, is_forever in self._scripts:
            if scripts and meant(asked):
                return scripts[0] if is_forever else scripts.pop()
        return lambda _: (self.passed_on(asked),)

    def _converse(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            asked = _read(connection)
            self.asked.append(asked)
            for step in self._script_for(asked)(asked):
                _take(step, asked, connection)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass


@contextmanager
def fault_server(
    upstream: str | None = None, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[FaultServer]:
    """Serve until the block ends."""
    with socket.create_server((address, 0)) as listener:
        port = listener.getsockname()[1]
        server = FaultServer(address, port, "https" if tls else "http", upstream)
        thread = threading.Thread(target=_accept, args=(listener, server, tls), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)


@contextmanager
def deaf_port() -> Iterator[str]:
    """The address of a port whose backlog is full, so that no connection to it is ever made."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _accept(listener: socket.socket, server: FaultServer, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_greet, args=(connection, server, tls), daemon=True).start()


def _greet(connection: socket.socket, server: FaultServer, tls: ssl.SSLContext | None) -> None:
    if tls is not None:
        try:
            connection = tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
    server._converse(connection)


def _read(connection: socket.socket) -> Asked:
    """A question with its body; raises ValueError when the other side ends before it is whole."""
    said = b""
    while b"\r\n\r\n" not in said:
        piece = connection.recv(65_536)
        if not piece:
            raise ValueError("expected a question, got the end of the connection")
        said += piece
    top, _, body = said.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return Asked(time.monotonic(), method, target, headers, body)


def _take(step: Step, asked: Asked, connection: socket.socket) -> None:
    match step:
        case bytes():
            connection.sendall(step)
            asked.sent += len(step)
        case Wait(seconds):
            time.sleep(seconds)
        case Reset():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
