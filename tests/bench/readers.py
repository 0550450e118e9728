"""What readers wait for: the documented queries, search, opening the edition, a page of its site."""

from __future__ import annotations

import http.client
import json
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from pipelines.home import Home
from pipelines.publish.edition import current_edition
from pipelines.publish.search_index import search
from pipelines.site.server import HOST, server
from tests.bench.measure import ROOT, percentile, say

ASKED = 20
"""Times that each is asked, after once that does not count."""
SEARCHES = ("hospitals", '"machine learning"', "trustworthy research", "grain commerce", "airspace -texas")
PAGES = ("index.html", "policies.html", "calendar.html", "changes.html", "sources.html", "search.html?q=hospitals")
_SQL = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)


def documented() -> dict[str, str]:
    """The queries of docs/sql.md by their headings."""
    found: dict[str, str] = {}
    for section in (ROOT / "docs" / "sql.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        heading = section.splitlines()[0]
        for number, sql in enumerate(_SQL.findall(section), start=1):
            found[heading if number == 1 else f"{heading} ({number})"] = sql
    return found


def measure(home: Home) -> dict[str, Any]:
    """Milliseconds (p50, p95) of each thing that readers do."""
    folder = current_edition(home)
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        queries = {name: _milliseconds(partial(_rows, connection, sql)) for name, sql in documented().items()}
    with _served(folder) as ask:
        pages = {page: _milliseconds(partial(ask, f"/site/{page}")) for page in PAGES}
    searches = {text: _milliseconds(partial(search, folder, text, 20)) for text in SEARCHES}
    told = {
        "queries": queries,
        "search": searches,
        "opening": _milliseconds(lambda: _open(folder)),
        "pages": pages,
    }
    say(f"  slowest query: {max(queries.items(), key=lambda one: one[1]['p95'])}")
    say(f"  slowest search: {max(searches.items(), key=lambda one: one[1]['p95'])}")
    return told


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def _open(folder: Path) -> None:
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        connection.execute("from edition").fetchall()


def _milliseconds(ask: Callable[[], object]) -> dict[str, float]:
    ask()
    took = []
    for _ in range(ASKED):
        began = perf_counter()
        ask()
        took.append((perf_counter() - began) * 1000)
    return {"p50": round(percentile(took, 0.5), 1), "p95": round(percentile(took, 0.95), 1)}


@contextmanager
def _served(folder: Path) -> Iterator[Callable[[str], bytes]]:
    """The site of an edition on loopback, and how it is asked."""
    with socket.create_server((HOST, 0)) as listening:
        running = server(lambda: folder)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        connection = http.client.HTTPConnection(HOST, listening.getsockname()[1], timeout=60)

        def ask(path: str) -> bytes:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: expected HTTP 200, got {answer.status}: {body[:200]!r}")
            return body

        try:
            yield ask
        finally:
            connection.close()
            running.should_exit = True
            thread.join()


if __name__ == "__main__":
    print(json.dumps(measure(Home(Path(sys.argv[1])))))
