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
ASKED_A_ROUND = 4
"""The same in each round of those that go on as long as something else does."""
SEARCHES = ("hospitals", '"machine learning"', "trustworthy research", "grain commerce", "airspace -texas")
PAGES = ("index.html", "policies.html", "calendar.html", "changes.html", "sources.html", "search.html?q=hospitals")
OF_ALL_DOCUMENTS = """
    select document_id, title from documents
    where contains(lower(concat_ws(' ', title, abstract, body)), 'fisheries') order by published_date desc limit 20
"""
"""A word in all documents, for which there is no index: that of the search holds those about AI."""
_SQL = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)


def documented() -> dict[str, str]:
    """The queries of docs/sql.md by their headings."""
    found: dict[str, str] = {}
    for section in (ROOT / "docs" / "sql.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        heading = section.splitlines()[0]
        for number, sql in enumerate(_SQL.findall(section), start=1):
            found[heading if number == 1 else f"{heading} ({number})"] = sql
    return found


def measure(home: Home, while_there: Path | None = None) -> dict[str, Any]:
    """Milliseconds (p50, p95) of each thing that readers do, and how many rows a query answers.

    Each is asked in one go; where something else goes on as long as a file is there, in rounds until it is not.
    """
    folder = current_edition(home)
    took: dict[str, dict[str, list[float]]] = {"queries": {}, "search": {}, "pages": {}, "other": {}}
    asked = ASKED if while_there is None else ASKED_A_ROUND
    while True:
        for kind, name, milliseconds in _round(folder, asked):
            took[kind].setdefault(name, []).extend(milliseconds)
        if while_there is None or not while_there.exists():
            break
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        rows = {name: len(_rows(connection, sql)) for name, sql in documented().items()}
    told = {
        kind: {name: {"p50": percentile(all_of, 0.5), "p95": percentile(all_of, 0.95)} for name, all_of in one.items()}
        for kind, one in took.items()
    }
    for kind, one in told.items():
        say(f"  slowest of {kind}: {max(one.items(), key=lambda cell: cell[1]['p95'])}")
    return {**told, "rows": rows}


def _round(folder: Path, asked: int) -> Iterator[tuple[str, str, list[float]]]:
    """What each thing takes; the edition is opened while nothing else of this process has it open."""
    yield "other", "opening the edition", _milliseconds(partial(_open, folder), asked)
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        for name, sql in documented().items():
            yield "queries", name, _milliseconds(partial(_rows, connection, sql), asked)
        yield "other", "a word in all documents", _milliseconds(partial(_rows, connection, OF_ALL_DOCUMENTS), asked)
    with _served(folder) as ask:
        for page in PAGES:
            yield "pages", page, _milliseconds(partial(ask, f"/site/{page}"), asked)
    for text in SEARCHES:
        yield "search", text, _milliseconds(partial(search, folder, text, 20), asked)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def _open(folder: Path) -> None:
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        connection.execute("from edition").fetchall()


def _milliseconds(ask: Callable[[], object], asked: int) -> list[float]:
    """What a thing takes, warm."""
    ask()
    took = []
    for _ in range(asked):
        began = perf_counter()
        ask()
        took.append(round((perf_counter() - began) * 1000, 1))
    return took


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
    print(json.dumps(measure(Home(Path(sys.argv[1])), *map(Path, sys.argv[2:]))))
