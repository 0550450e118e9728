"""Crawls against the fault server: the real entry point in a process of its own, and what it left behind.

Belongs here: running a crawl and reading its ledger, landing and load. Does not belong here: what must hold of them.

Processes are forked from a server that has imported Scrapy already, which spares each crawl seconds.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.load import load
from pipelines.warehouse import open_warehouse
from scrapers.contracts import CrawlLedger, LandedRecord
from tests.e2e import world
from tests.faults.server import FaultServer

AWARDS, AWARDS_HOST, AWARDS_PATH = "us_nsf_awards", "api.nsf.gov", "/services/v1/awards.json"
MEMOS, MEMOS_HOST = "us_omb_memos", "www.whitehouse.gov"
MEMOS_PATH = "/omb/information-resources/guidance/memoranda/"
MONTH = ("2024-01-01", "2024-01-31")
TIMEOUT = 120.0
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.crawling", "scrapers.crawl", "scrapers.families.json_answers"])


@dataclass(frozen=True)
class Crawled:
    """What a crawl left behind."""

    home: Path
    slug: str
    seconds: float
    peak_mb: float
    said: str

    @property
    def ledger(self) -> CrawlLedger:
        """Its account."""
        return world.ledgers(self.home, self.slug)[-1]

    @property
    def landed(self) -> list[LandedRecord]:
        """What it read."""
        lines = (self.home / "landing" / self.slug / self.ledger.landing.name).read_text().splitlines()
        return [LandedRecord.model_validate_json(line) for line in lines]

    @property
    def titles(self) -> dict[str, str]:
        """Of the documents that it read."""
        return {one.document.document_id: one.document.title for one in self.landed if one.document}

    @property
    def accepted(self) -> list[str]:
        """The documents of it that the warehouse took."""
        query = "select document_id from raw.document_versions where crawl_id = ?"
        return [row[0] for row in world.from_warehouse(self.home, query, self.ledger.crawl_id)]

    @property
    def told(self) -> str:
        """What `aipolicy status` tells an operator of the source, where it is withheld."""
        from pipelines.report import status_lines  # slow, and not needed by the processes that crawl

        (line,) = (line for line in status_lines(Home(self.home))[0] if line.startswith(f"withheld: {self.slug},"))
        return line

    def assert_gap_shown(self, *words: str) -> None:
        """The crawl is not good, the operator is told why, and loading it adds its account and no document."""
        assert not self.ledger.is_good
        faults = "\n".join(self.ledger.faults)
        for word in words:
            assert word in faults, faults
        assert self.told == f"withheld: {self.slug}, never checked yet: {self.ledger.faults[0]}"
        loaded(self.home)
        counts = "select (select count(*) from raw.document_versions), (select bool_or(is_good) from raw.crawls)"
        assert world.from_warehouse(self.home, counts) == [(0, False)]


def crawl(
    home: Path,
    slug: str,
    base_urls: Mapping[str, str],
    since: str,
    until: str,
    *,
    prepare: Callable[..., None] | None = None,
    as_if_real: bool = False,
    **politeness: Any,
) -> Crawled:
    """Crawl one source to its end.

    `politeness` replaces terms of its contract, so that waits are short; `as_if_real` keeps the delay and the back-off,
    which stand-ins on this machine are spared. `prepare` runs in the process before the crawl.
    """
    home.mkdir(parents=True, exist_ok=True)
    log = home / f"{time.monotonic_ns()}.log"
    arguments = [slug, "--since", since, "--until", until, "--home", str(home)]
    for host, base in base_urls.items():
        arguments += ["--base-url", f"{host}={base}"]
    receive, send = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_crawl, args=(send, log, arguments, politeness, as_if_real, prepare))
    started = time.monotonic()
    process.start()
    send.close()
    process.join(TIMEOUT)
    if process.is_alive():
        process.kill()
        process.join()
    said = log.read_text()
    assert process.exitcode == 0, f"exit {process.exitcode}\n{said}"
    return Crawled(home, slug, time.monotonic() - started, receive.recv(), said)


def loaded(home: Path) -> None:
    """Load what was crawled."""
    with open_warehouse(Home(home)) as connection:
        load(Home(home), connection)


def crawl_awards(home: Path, server: FaultServer, **options: Any) -> Crawled:
    """A month of the awards of NSF, which is one request beside robots.txt."""
    return crawl(home, AWARDS, {AWARDS_HOST: server.url}, *MONTH, **options)


def crawl_memos(home: Path, server: FaultServer, **options: Any) -> Crawled:
    """The memoranda of OMB: a page, and six files."""
    return crawl(home, MEMOS, {MEMOS_HOST: server.url}, *MONTH, **options)


def _crawl(
    send: Any,
    log: Path,
    arguments: list[str],
    politeness: Mapping[str, Any],
    as_if_real: bool,
    prepare: Callable[..., None] | None,
) -> None:
    """The process's own part."""
    from scrapers import crawl as entry

    handle = os.open(log, os.O_WRONLY | os.O_CREAT)
    os.dup2(handle, sys.__stdout__.fileno() if sys.__stdout__ else 1)
    os.dup2(handle, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    contract = entry.source

    def changed(slug: str) -> Any:
        config = contract(slug)
        return config.model_copy(update={"politeness": config.politeness.model_copy(update=dict(politeness))})

    entry.source = changed
    if as_if_real:
        entry._all_on_loopback = lambda *_: False
    if prepare is not None:
        prepare()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code = entry.main(arguments)
    send.send(max(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)
    sys.exit(code)
