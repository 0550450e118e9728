"""Faults of requests and answers, over the wire: real crawls of a server that misbehaves as scripted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.samples.process import running_samples
from tests.faults.crawling import Crawled, crawl
from tests.faults.server import FaultServer, answer, fault_server
from tests.faults.verdict import Verdict

AWARDS, AWARDS_HOST = "us_nsf_awards", "api.nsf.gov"
AWARDS_PATH = "/services/v1/awards.json"
MONTH = ("2024-01-01", "2024-01-31")


@pytest.fixture(scope="module")
def samples() -> Iterator[dict[str, str]]:
    with running_samples(sources=(AWARDS,)) as base_urls:
        yield base_urls


@pytest.fixture
def awards(samples: dict[str, str]) -> Iterator[FaultServer]:
    """The awards of NSF with something wrong."""
    with fault_server(samples[AWARDS_HOST]) as server:
        yield server


def crawl_awards(home: Path, server: FaultServer, **politeness: float) -> Crawled:
    return crawl(home, AWARDS, {AWARDS_HOST: server.url}, *MONTH, **politeness)


@pytest.mark.fault("H1")
def test_retry_after_in_seconds_is_kept(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.on(AWARDS_PATH, answer(status="429 Too Many Requests", Retry_After="2"), times=1)
    crawled = crawl_awards(tmp_path, awards)
    first, second = awards.asked_for(AWARDS_PATH)
    assert first.target == second.target
    assert crawled.ledger.is_good, crawled.ledger.faults
    verdict.recovered((second.at - first.at) / 2)
