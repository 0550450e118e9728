"""How gently real sources are asked: the contract's delay, robots.txt first, a pause when told to come back later.

Loopback stand-ins are asked without a delay; here a crawl is told that they are the real thing, and what arrived is
read from the server's own log.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from scrapers.contracts import CrawlLedger
from scrapers.registry import sources
from scrapers.runtime.settings import crawl_settings, user_agent
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.e2e.proxy import Answer, edited

pytestmark = pytest.mark.slow

SLUG, HOST = "us_federal_register", "www.federalregister.gov"
DELAY = 0.3
AS_IF_REAL = """\
import sys
from scrapers import crawl
delay = float(sys.argv.pop(1))
real = crawl.source
def gentler(slug):
    config = real(slug)
    return config.model_copy(update={"politeness": config.politeness.model_copy(update={"delay_seconds": delay})})
crawl.source = gentler
crawl._all_on_loopback = lambda config, base_urls: False
sys.exit(crawl.main())
"""


def crawl(home: Path, base_url: str, delay: float = 0.0) -> CrawlLedger:
    """Crawl one source as if the stand-in were the official host."""
    ended = subprocess.run(
        [
            *(sys.executable, "-c", AS_IF_REAL, str(delay), SLUG, "--since", "2023-07-01", "--until", "2024-03-31"),
            *("--home", str(home), "--base-url", f"{HOST}={base_url}"),
        ],
        cwd=world.PROJECT,
        capture_output=True,
        text=True,
        timeout=world.TIMEOUT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    (ledger,) = world.ledgers(home, SLUG)
    return ledger


@contextmanager
def logged_samples(log: Path) -> Iterator[dict[str, str]]:
    with running_samples(log=log, sources=(SLUG,)) as base_urls:
        yield base_urls


@pytest.mark.parametrize("slug", sources())
def test_settings_keep_the_contract(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIPOLICY_CONTACT", raising=False)
    config = sources()[slug]
    settings = crawl_settings(config, is_loopback=False)
    assert settings["DOWNLOAD_DELAY"] == config.politeness.delay_seconds > 0
    assert settings["DOWNLOAD_DELAY_JITTER"] == 0, "Scrapy would halve the stated delay at random"
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == config.politeness.concurrent_requests
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["RETRY_TIMES"] == config.politeness.max_retries
    assert "+https://" in settings["USER_AGENT"]
    monkeypatch.setenv("AIPOLICY_CONTACT", "mailto:ai@example.gov")
    assert "+mailto:ai@example.gov)" in crawl_settings(config, is_loopback=False)["USER_AGENT"]
    assert crawl_settings(config, is_loopback=True)["DOWNLOAD_DELAY"] == 0.0


@pytest.mark.parametrize("contact", ["a\r\nX-Other: b", "ä@example.org", "a (b)"])
def test_a_contact_that_no_header_holds_is_refused(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPOLICY_CONTACT", contact)
    with pytest.raises(ValueError, match="AIPOLICY_CONTACT: expected a web or mail address"):
        user_agent()


def test_requests_keep_their_distance_and_ask_robots_first(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with logged_samples(log) as samples:
        ledger = crawl(tmp_path / "home", samples[HOST], DELAY)
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    assert ledger.is_good, ledger.faults
    assert len(asked) == len(ledger.fetches) >= 10
    assert asked[0]["path_qs"] == "/robots.txt"
    moments = [datetime.fromisoformat(line["at"]) for line in asked]
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= DELAY - 0.02, gaps


def test_unreachable_robots_forbid_everything(tmp_path: Path) -> None:
    """RFC 9309: a server error is no permission."""

    def no_robots(path: str, answer: Answer) -> Answer:
        return Answer(503, answer.headers, b"") if path == "/robots.txt" else answer

    with running_samples(sources=(SLUG,)) as samples, edited(samples[HOST], no_robots) as proxy:
        ledger = crawl(tmp_path, proxy.url)
    assert set(proxy.asked) == {"/robots.txt"}
    assert not ledger.is_good
    assert any("robots" in fault.lower() for fault in ledger.faults), ledger.faults
    assert ledger.found_total == 0


def test_robots_that_forbid_are_obeyed(tmp_path: Path) -> None:
    def forbid(path: str, answer: Answer) -> Answer:
        return Answer(200, answer.headers, b"User-agent: *\nDisallow: /api/\n") if path == "/robots.txt" else answer

    with running_samples(sources=(SLUG,)) as samples, edited(samples[HOST], forbid) as proxy:
        ledger = crawl(tmp_path, proxy.url)
    assert proxy.asked == ["/robots.txt"]
    assert not ledger.is_good


def test_retry_after_is_honoured(tmp_path: Path) -> None:
    """The whole host is left alone for as long as it asks, then the same question is asked again."""
    refused: list[float] = []
    later: list[float] = []

    def busy_once(path: str, answer: Answer) -> Answer:
        if path == "/robots.txt":
            return answer
        if not refused:
            refused.append(time.monotonic())
            return Answer(503, answer.headers | {"Retry-After": "2"}, b"")
        later.append(time.monotonic())
        return answer

    with running_samples(sources=(SLUG,)) as samples, edited(samples[HOST], busy_once) as proxy:
        ledger = crawl(tmp_path, proxy.url)
    assert later[0] - refused[0] >= 2.0
    assert ledger.is_good, ledger.faults
    assert [fetch.http_status for fetch in ledger.fetches if fetch.attempt == 1][1] == 503
    assert max(fetch.attempt for fetch in ledger.fetches) == 2
