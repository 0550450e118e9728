"""`make bench`: how fast documents go through the house, beside the least work that could fetch them.

Each figure is the median of several runs on the bundled sample sources, all in one go on one machine. The bare fetch
asks for the same pages and decodes them, and does nothing else: no archive, no contract, no ledger, no landing file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import aiohttp
import duckdb
import orjson
import scrapy

from pipelines.home import Home
from pipelines.load import load
from pipelines.warehouse import open_warehouse
from scrapers.contracts import CrawlLedger
from scrapers.samples.process import running_samples
from tests.bench import enrichment

SLUG = "us_federal_register"
HOST = "www.federalregister.gov"
SINCE, UNTIL = date(2019, 2, 1), date(2026, 10, 9)


def _child(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, SLUG, *arguments], check=True, capture_output=True)


def _crawl(home: Path, base: str) -> None:
    _child(
        "scrapers.crawl",
        "--since",
        str(SINCE),
        "--until",
        str(UNTIL),
        "--home",
        str(home),
        "--base-url",
        f"{HOST}={base}",
    )


def _replay(home: Path) -> None:
    _child("scrapers.replay", "--home", str(home))


def _load(home: Path) -> None:
    shutil.rmtree(home / "warehouse", ignore_errors=True)
    with open_warehouse(Home(home)) as connection:
        load(Home(home), connection)


async def _fetch(urls: list[str]) -> int:
    async with aiohttp.ClientSession() as session:
        found = 0
        for url in urls:
            async with session.get(url) as response:
                found += len(orjson.loads(await response.read()).get("results", ()))
        return found


def _median_seconds(runs: int, work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _list_urls(ledger: CrawlLedger, base: str) -> list[str]:
    return [
        fetch.url.replace(f"https://{HOST}", base)
        for fetch in ledger.fetches
        if fetch.purpose == "listing" and fetch.documents
    ]


def measure(runs: int) -> dict[str, object]:
    """Documents a second of each way, and each as a share of the bare fetch."""
    with tempfile.TemporaryDirectory() as folder, running_samples(sources=(SLUG,)) as hosts:
        home, base = Path(folder), hosts[HOST]
        crawl = _median_seconds(runs, lambda: _fresh_crawl(home, base))
        (path,) = (home / "archive" / SLUG).glob("*.ledger.json")
        ledger = CrawlLedger.model_validate_json(path.read_bytes())
        documents = ledger.found_total
        urls = _list_urls(ledger, base)
        bare = _median_seconds(runs, lambda: asyncio.run(_fetch(urls)))
        replay = _median_seconds(runs, lambda: _replay(home))
        loading = _median_seconds(runs, lambda: _load(home))
    seconds = {"bare fetch": bare, "crawl, archived": crawl, "replay of the archive": replay, "load": loading}
    return {
        "documents": documents,
        "runs": runs,
        "machine": f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}",
        "versions": {"duckdb": duckdb.__version__, "scrapy": scrapy.__version__},
        "documents_per_second": {name: round(documents / value) for name, value in seconds.items()},
        "ratio_to_bare_fetch": {name: round(bare / value, 3) for name, value in seconds.items()},
    }


def _fresh_crawl(home: Path, base: str) -> None:
    shutil.rmtree(home, ignore_errors=True)
    _crawl(home, base)


def main(argv: list[str] | None = None) -> None:
    """Measure and print a table, and JSON for machines."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs a figure; the median counts")
    parser.add_argument("--documents", type=int, default=200_000, help="made-up documents to judge")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    figures = measure(options.runs)
    print(f"{figures['documents']:,} documents, median of {options.runs} runs, process starts included")
    rates, ratios = figures["documents_per_second"], figures["ratio_to_bare_fetch"]
    assert isinstance(rates, dict)
    assert isinstance(ratios, dict)
    for name, rate in rates.items():
        print(f"  {name:<24}{rate:>8,} documents/s   {ratios[name]:.2f} x bare fetch")
    judged = enrichment.measure(options.documents, options.runs)
    print(f"{options.documents:,} made-up documents of {enrichment.BYTES:,} bytes, median of {options.runs} runs")
    for line in enrichment.lines_of(judged):
        print(line)
    figures["judged_documents_per_second"] = {name: round(rate) for name, rate in judged.items()}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
