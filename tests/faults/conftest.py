"""The published state folder of the end-to-end tests, to be damaged here in copies; servers that misbehave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scrapers.samples.process import running_samples
from tests.e2e.conftest import home, published, samples
from tests.faults import crawling
from tests.faults.server import FaultServer, fault_server

__all__ = ["home", "published", "samples"]


@pytest.fixture(scope="session")
def small_samples() -> Iterator[dict[str, str]]:
    """The sample sources that a crawl reads in a second or some, host -> base URL."""
    with running_samples(sources=(crawling.AWARDS, crawling.MEMOS, "us_white_house", "uk_govuk")) as base_urls:
        yield base_urls


@pytest.fixture
def awards(small_samples: dict[str, str]) -> Iterator[FaultServer]:
    """The awards of NSF, which are JSON with a total; something may be wrong with them."""
    with fault_server(small_samples[crawling.AWARDS_HOST]) as server:
        yield server


@pytest.fixture
def memos(small_samples: dict[str, str]) -> Iterator[FaultServer]:
    """The memoranda of OMB, which are a page with links to PDF files; something may be wrong with them."""
    with fault_server(small_samples[crawling.MEMOS_HOST]) as server:
        yield server


@pytest.fixture
def canary() -> Iterator[FaultServer]:
    """A host that nobody may connect to."""
    with fault_server(address="127.0.0.2") as server:
        yield server
