"""Documents a second from the sample hosts into DuckDB: our way, our replay, rivals, and the least work there is."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from scrapers.contracts import CrawlLedger
from scrapers.samples.us_federal_register.host import HOST as LISTS
from scrapers.samples.us_white_house.host import HOST as PAGES
from scrapers.spiders.us_federal_register import KNOWN, PAGE_SIZE, REACHABLE, SLUG
from tests.bench import server
from tests.bench.made_up import A_DAY, FIRST_DAY, day_of
from tests.bench.measure import ROOT, Took, median, process, python, say, side_by_side

RIVALS = ROOT / ".venv-rivals" / "bin" / "python"
RIVAL_SCRIPTS = ROOT / "tests" / "bench" / "rivals"
API = "api/v1/documents.json"
WHITE_HOUSE = "us_white_house"
WAYS = {
    "bare": ("bare limit", "fetch (4 at once), decode, Arrow insert"),
    "ours": (
        "**AI policy tracker**",
        "fetch (one after the other, as its contract says), archive (WARC), ledger, every field against a contract, "
        "landing; load with versions, provenance",
    ),
    "scrapy": ("plain Scrapy", "fetch (4 at once), decode, one insert an item, one transaction"),
    "dlt_tuned": ("dlt, tuned", "fetch (windows side by side), infer types, Parquet, insert; no child tables, workers"),
    "dlt": ("dlt, default", "fetch, infer types, child tables, inserts"),
}
"""What each way is called and does, so that it is plain what is compared with what."""
_LOAD = """
import sys
from pathlib import Path
from pipelines.home import Home
from pipelines.load import load
from pipelines.warehouse import open_warehouse
with open_warehouse(Home(Path(sys.argv[1]))) as connection:
    result = load(Home(Path(sys.argv[1])), connection)
    assert not result.withheld, result.withheld
    print(result.new_documents)
"""
_COUNT = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute(f"select count(distinct document_number) from {sys.argv[2]}").fetchone()[0])
"""


def measure(documents: int, runs: int) -> dict[str, Any]:
    """Seconds and documents a second of each way, and each as a share of the bare one."""
    with tempfile.TemporaryDirectory() as temporary, server.running(documents) as hosts:
        folder, base = Path(temporary), hosts[LISTS]
        ways = _ways(folder, base, documents)
        for name, way in ways.items():  # the hosts make each answer once, for all
            way()
            say(f"  warmed up: {name}")
        took = side_by_side(runs, ways)
        _require_all(folder, documents)
        home = folder / "again"
        again = side_by_side(runs, {"crawl": lambda: _crawl(home, base, documents), "replay": lambda: _replay(home)})
    seconds = {name: median([one.seconds for one in rows]) for name, rows in took.items()}
    return {
        "documents": documents,
        "seconds": seconds,
        "seconds_runs": {name: [round(one.seconds, 3) for one in rows] for name, rows in {**took, **again}.items()},
        "documents_per_second": {name: round(documents / value) for name, value in seconds.items()},
        "ratio_to_bare": {name: round(seconds["bare"] / value, 3) for name, value in seconds.items()},
        "cpu_seconds": {name: median([one.cpu_seconds for one in rows]) for name, rows in took.items()},
        "peak_mib": {name: median([one.peak_mib for one in rows]) for name, rows in took.items()},
        "replay_seconds": median([one.seconds for one in again["replay"]]),
        "crawl_seconds": median([one.seconds for one in again["crawl"]]),
    }


def measure_pages(pages: int, runs: int) -> dict[str, Any]:
    """Pages of 50 KB a second, asked for one after the other, archived, read and loaded."""
    with tempfile.TemporaryDirectory() as temporary, server.running(0, pages) as hosts:
        folder, base = Path(temporary), hosts[PAGES]
        took = [_crawl_pages(folder / "pages", base, pages) for _ in range(runs + 1)][1:]
        (account,) = (folder / "pages" / "archive" / WHITE_HOUSE).glob("*.ledger.json")
        if (found := CrawlLedger.model_validate_json(account.read_bytes()).found_total) != pages:
            raise RuntimeError(f"expected {pages} pages to be read, got {found}")
    seconds = median([one.seconds for one in took])
    return {
        "pages": pages,
        "seconds": seconds,
        "seconds_runs": [round(one.seconds, 3) for one in took],
        "pages_per_second": round(pages / seconds),
    }


def _ways(folder: Path, base: str, documents: int) -> dict[str, Callable[[], Took]]:
    urls, windows = folder / "urls.json", folder / "windows.json"
    urls.write_text(json.dumps(list(_urls(base, documents))))
    windows.write_text(
        json.dumps({"base_url": base, "fields": [*KNOWN.asked], "windows": list(_windows(documents))}, default=str)
    )
    return {
        "bare": lambda: python("-m", "tests.bench.rivals.bare", str(urls), _database(folder, "bare")),
        "ours": lambda: _ours(folder / "ours", base, documents),
        "scrapy": lambda: python("-m", "tests.bench.rivals.plain_scrapy", str(urls), _database(folder, "scrapy")),
        "dlt_tuned": lambda: _dlt(folder / "dlt_tuned", windows, "tuned"),
        "dlt": lambda: _dlt(folder / "dlt", windows, "default"),
    }


def _windows(documents: int) -> Iterator[dict[str, date]]:
    """Days cut so that paging reaches all of each."""
    step, last = REACHABLE // A_DAY, day_of(documents - 1)
    days = sorted({day_of(number) for number in range(0, documents, A_DAY)})
    for place in range(0, len(days), step):
        part = days[place : place + step]
        yield {"since": part[0], "until": part[-1] if part[-1] < last else last}


def _urls(base: str, documents: int) -> Iterator[str]:
    """The same lists as addresses, each page of them."""
    for window in _windows(documents):
        for page in range(1, REACHABLE // PAGE_SIZE + 1):
            query = [
                ("conditions[publication_date][gte]", str(window["since"])),
                ("conditions[publication_date][lte]", str(window["until"])),
                *(("fields[]", name) for name in KNOWN.asked),
                ("per_page", str(PAGE_SIZE)),
                ("page", str(page)),
            ]
            yield f"{base}/{API}?{urlencode(query)}"


def _database(folder: Path, name: str) -> str:
    path = folder / f"{name}.duckdb"
    path.unlink(missing_ok=True)
    return str(path)


def _ours(home: Path, base: str, documents: int) -> Took:
    return _with_load(_crawl(home, base, documents), home, documents)


def _with_load(crawl: Took, home: Path, documents: int) -> Took:
    load = python("-c", _LOAD, str(home))
    if int(load.said.split()[-1]) != documents:
        raise RuntimeError(f"expected {documents} documents loaded, got {load.said}")
    return Took(
        crawl.seconds + load.seconds,
        crawl.cpu_seconds + load.cpu_seconds,
        max(crawl.peak_mib, load.peak_mib),
        max(crawl.together_mib, load.together_mib),
        crawl.said + load.said,
    )


def _crawl(home: Path, base: str, documents: int) -> Took:
    shutil.rmtree(home, ignore_errors=True)
    window = ("--since", str(FIRST_DAY), "--until", str(day_of(documents - 1)))
    return python("-m", "scrapers.crawl", SLUG, *window, "--home", str(home), "--base-url", f"{LISTS}={base}")


def _replay(home: Path) -> Took:
    return python("-m", "scrapers.replay", SLUG, "--home", str(home))


def _crawl_pages(home: Path, base: str, pages: int) -> Took:
    shutil.rmtree(home, ignore_errors=True)
    window = ("--since", str(date(2026, 9, 30) - timedelta(400)), "--until", "2026-09-30")
    command = ("-m", "scrapers.crawl", WHITE_HOUSE, *window, "--home", str(home))
    return _with_load(python(*command, "--base-url", f"{PAGES}={base}"), home, pages)


def _dlt(folder: Path, windows: Path, settings: str) -> Took:
    if not RIVALS.exists():
        raise RuntimeError(f"expected the rivals in {RIVALS.parents[1].name}, found none; run: make bench")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return process([str(RIVALS), str(RIVAL_SCRIPTS / "dlt_rest_api.py"), str(windows), str(folder), settings])


def _require_all(folder: Path, documents: int) -> None:
    """Hold what the rivals took against what there was: whoever takes less is quicker for no merit."""
    own = [(folder / f"{name}.duckdb", "documents") for name in ("bare", "scrapy")]
    of_dlt = [(path, "api.documents") for path in folder.glob("dlt*/lists.duckdb")]
    for path, table in (*own, *of_dlt):
        found = int(python("-c", _COUNT, str(path), table).said)
        if found != documents:
            raise RuntimeError(f"{path}: expected {documents} documents, got {found}")
