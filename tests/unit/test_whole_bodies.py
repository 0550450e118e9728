"""A body is refused when its own framing says that it was cut, and only then."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scrapers.contracts import CrawlLedger
from tests.contract.cases import FIXTURES

SLUG, HOST = "uk_parliament_bills", "bills-api.parliament.uk"
BILLS = (FIXTURES / SLUG / "list_with_an_act_a_withdrawn_and_a_lords_bill.json").read_bytes().strip()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
ROBOTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nUser-agent: *\nDisallow: /admin\n"


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says these bytes to whatever it is asked but for robots.txt, and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65_536)
                connection.sendall(ROBOTS if b"robots.txt" in asked else answer)

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


@pytest.fixture
def crawled(tmp_path: Path) -> Callable[[bytes], CrawlLedger]:
    def crawl(answer: bytes) -> CrawlLedger:
        with answering(answer) as url:
            command = [SLUG, "--since", "2026-10-05", "--until", "2026-10-05", "--home", str(tmp_path)]
            subprocess.run(
                [sys.executable, "-m", "scrapers.crawl", *command, "--base-url", f"{HOST}={url}"],
                capture_output=True,
                timeout=120,
                check=True,
            )
        (ledger,) = (tmp_path / "archive" / SLUG).glob("*.ledger.json")
        return CrawlLedger.model_validate_json(ledger.read_bytes())

    return crawl


def first_list(ledger: CrawlLedger) -> tuple[str, str | None]:
    """How the first request for bills ended."""
    return next((fetch.outcome, fetch.message) for fetch in ledger.fetches if fetch.purpose == "listing")


def test_a_body_that_ends_with_its_connection_is_whole(crawled: Callable[[bytes], CrawlLedger]) -> None:
    assert first_list(crawled(HEAD + b"\r\n" + BILLS)) == ("ok", None)


def test_a_body_that_ends_with_its_connection_and_is_cut_is_found_by_its_parser(
    crawled: Callable[[bytes], CrawlLedger],
) -> None:
    assert first_list(crawled(HEAD + b"\r\n" + BILLS[:-9]))[0] == "refused:Truncated"


@pytest.mark.parametrize(
    "framed",
    [
        pytest.param(b"Content-Length: 4000\r\n\r\n" + BILLS, id="shorter than its length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(BILLS), BILLS), id="without last chunk"),
    ],
)
def test_a_body_cut_short_of_its_framing_is_refused(crawled: Callable[[bytes], CrawlLedger], framed: bytes) -> None:
    ledger = crawled(HEAD + framed)
    assert not ledger.is_good
    assert {fetch.outcome for fetch in ledger.fetches if fetch.purpose != "robots"} == {"network_error"}
