"""How gently real sources are asked: the contract's delay, robots.txt first, a pause when told to come back later.

Loopback stand-ins are asked without a delay; here a crawl is told that they are the real thing, and what arrived is
read from the server's own log.
"""

from __future__ import annotations

import itertools
import json
import socket
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
from tests.faults.short_path import Walk
from tests.faults.verdict import Verdict

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


def as_if_real(
    home: Path, base_url: str, delay: float, slug: str = SLUG, host: str = HOST, since: str = "2023-07-01"
) -> list[str]:
    """The command that crawls one source as if the stand-in were the official host."""
    return [
        *(sys.executable, "-c", AS_IF_REAL, str(delay), slug, "--since", since, "--until", "2024-03-31"),
        *("--home", str(home), "--base-url", f"{host}={base_url}"),
    ]


def crawl(home: Path, base_url: str, delay: float = 0.0) -> CrawlLedger:
    """Crawl one source as if the stand-in were the official host."""
    ended = subprocess.run(
        as_if_real(home, base_url, delay),
        cwd=world.PROJECT,
        capture_output=True,
        text=True,
        timeout=world.TIMEOUT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    (ledger,) = world.ledgers(home, SLUG)
    return ledger


def assert_distance_is_kept(moments: list[datetime]) -> float:
    """Questions a second as the server saw them; a busy machine notes one of them late, and so the next too near."""
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(moments)]
    assert sum(gaps) >= (DELAY - 0.02) * len(gaps), gaps
    assert min(gaps[1:]) >= DELAY / 2, gaps
    return len(gaps) / sum(gaps)


@contextmanager
def logged_samples(log: Path) -> Iterator[dict[str, str]]:
    with running_samples(log=log, sources=(SLUG,)) as base_urls:
        yield base_urls


@pytest.mark.parametrize("slug", sources())
def test_settings_keep_the_contract(slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIPOLICY_CONTACT", raising=False)
    config = sources()[slug]
    settings = crawl_settings(config, tmp_path, is_loopback=False)
    assert settings["DOWNLOAD_DELAY"] == config.politeness.delay_seconds > 0
    assert settings["DOWNLOAD_DELAY_JITTER"] == 0, "Scrapy would halve the stated delay at random"
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == config.politeness.concurrent_requests
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["RETRY_TIMES"] == config.politeness.max_retries
    assert settings["AUTOTHROTTLE_ENABLED"] is True
    assert settings["AUTOTHROTTLE_START_DELAY"] == config.politeness.delay_seconds
    assert "+https://" in settings["USER_AGENT"]
    on_loopback = crawl_settings(config, tmp_path, is_loopback=True)
    assert (on_loopback["DOWNLOAD_DELAY"], on_loopback["AUTOTHROTTLE_ENABLED"]) == (0.0, False)
    monkeypatch.setenv("AIPOLICY_CONTACT", "mailto:ai@example.gov")
    assert "+mailto:ai@example.gov)" in crawl_settings(config, tmp_path, is_loopback=False)["USER_AGENT"]


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
    assert_distance_is_kept(moments)


@pytest.mark.fault("O3")
def test_two_crawls_side_by_side_share_the_budget_of_their_host(tmp_path: Path, verdict: Verdict) -> None:
    """Two sources of one host, a process each: what the server sees keeps the distance of one."""
    log, home, shared = tmp_path / "requests.jsonl", tmp_path / "home", "www.whitehouse.gov"
    slugs = ("us_white_house", "us_omb_memos")
    with running_samples(log=log, sources=slugs) as samples:
        processes = [
            subprocess.Popen(
                as_if_real(home, samples[shared], DELAY, slug, shared), cwd=world.PROJECT, stdout=subprocess.DEVNULL
            )
            for slug in slugs
        ]
        assert [process.wait(world.TIMEOUT) for process in processes] == [0, 0]
    ledgers = [ledger for slug in slugs for ledger in world.ledgers(home, slug)]
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(asked) == sum(len(ledger.fetches) for ledger in ledgers) >= 10
    first, second = ([fetch.started_at for fetch in ledger.fetches] for ledger in ledgers)
    assert max(first[0], second[0]) < min(first[-1], second[-1]), "they asked one after the other"
    moments = sorted(datetime.fromisoformat(line["at"]) for line in asked)
    verdict.recovered(assert_distance_is_kept(moments))


@pytest.mark.fault("O3")
def test_a_backfill_beside_a_refresh_doubles_nothing_and_shares_the_budget(tmp_path: Path, verdict: Verdict) -> None:
    """Two windows of one source that overlap: what is published is that of one crawl of the longer."""
    log, home, clean = tmp_path / "requests.jsonl", tmp_path / "home", tmp_path / "clean"
    with logged_samples(log) as samples:
        processes = [
            subprocess.Popen(as_if_real(home, samples[HOST], DELAY, since=since), cwd=world.PROJECT)
            for since in ("2023-07-01", "2024-01-01")
        ]
        assert [process.wait(world.TIMEOUT) for process in processes] == [0, 0]
        asked = [json.loads(line) for line in log.read_text().splitlines()]
        crawl(clean, samples[HOST])
    assert len(world.ledgers(home, SLUG)) == 2
    for root in (home, clean):
        Walk(root).build()
    tables = [world.from_edition(root, "select * from documents order by all") for root in (home, clean)]
    assert len(tables[0]) > 10
    assert tables[0] == tables[1]
    moments = sorted(datetime.fromisoformat(line["at"]) for line in asked)
    verdict.recovered(assert_distance_is_kept(moments))


def test_a_host_that_asked_one_crawl_for_a_pause_is_left_alone_by_the_next(tmp_path: Path) -> None:
    def closed(path: str, answer: Answer) -> Answer:
        return answer if path == "/robots.txt" else Answer(429, answer.headers | {"Retry-After": "3600"}, b"")

    with running_samples(sources=(SLUG,)) as samples, edited(samples[HOST], closed) as proxy:
        crawl(tmp_path, proxy.url)
        before = len(proxy.asked)
        again = subprocess.run(as_if_real(tmp_path, proxy.url, 0.0), cwd=world.PROJECT, check=False, timeout=600)
        assert again.returncode == 0
        assert len(proxy.asked) == before
    assert "has asked another crawl to be left alone" in world.ledgers(tmp_path, SLUG)[-1].faults[0]


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


@pytest.mark.parametrize(
    ("redirects", "target", "is_good"),
    [
        (5, f"https://{HOST}/robots.txt?there", True),
        (6, "/robots.txt?there", False),
        (1, "https://elsewhere.example/robots.txt", False),
        (1, "", False),
    ],
    ids=["five", "six", "elsewhere", "nowhere"],
)
def test_robots_behind_redirects_are_read_or_unreachable(
    tmp_path: Path, redirects: int, target: str, is_good: bool
) -> None:
    """RFC 9309: five redirects are followed, here on the source's own hosts; what is not reached allows nothing."""

    def moved(path: str, answer: Answer) -> Answer:
        if "robots" not in path:
            return answer
        if sum("robots" in asked for asked in proxy.asked) > redirects:
            return Answer(200, answer.headers, b"User-agent: *\nAllow: /\n")
        return Answer(301, answer.headers | ({"Location": target} if target else {}), b"")

    with running_samples() as samples, edited(samples[HOST], moved) as proxy:
        ledger = crawl(tmp_path, proxy.url)
    assert ledger.is_good is is_good, ledger.faults
    if not is_good:
        assert all("robots" in path for path in proxy.asked)
        assert {fetch.outcome for fetch in ledger.fetches if fetch.purpose != "robots"} == {"not_asked"}


def test_robots_behind_a_redirect_that_forbid_are_obeyed(tmp_path: Path) -> None:
    def moved(path: str, answer: Answer) -> Answer:
        if path == "/robots.txt":
            return Answer(308, answer.headers | {"Location": "/robots.txt?there"}, b"")
        return Answer(200, answer.headers, b"User-agent: *\nDisallow: /api/\n") if "robots" in path else answer

    with running_samples() as samples, edited(samples[HOST], moved) as proxy:
        crawl(tmp_path, proxy.url)
    assert proxy.asked == ["/robots.txt", "/robots.txt?there"]


def test_a_host_that_asks_for_a_long_pause_is_left_alone(tmp_path: Path) -> None:
    def closed(path: str, answer: Answer) -> Answer:
        return answer if path == "/robots.txt" else Answer(429, answer.headers | {"Retry-After": "3600"}, b"")

    with running_samples() as samples, edited(samples[HOST], closed) as proxy:
        ledger = crawl(tmp_path, proxy.url)
    assert len(proxy.asked) == 2, proxy.asked
    assert ledger.planned > 2
    assert sum("asks to come back in 3600 s" in fault for fault in ledger.faults) == ledger.planned
    assert sum("not asked any more" in fault for fault in ledger.faults) == ledger.planned - 1


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


def test_a_robots_file_that_nobody_serves_is_told_as_that(tmp_path: Path) -> None:
    """Nothing is fetched then, and nobody is said to have forbidden it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ledger = crawl(tmp_path, f"http://127.0.0.1:{free.getsockname()[1]}")
    assert not ledger.is_good
    assert "robots.txt could not be fetched" in ledger.faults[0]
    assert "refused" in ledger.faults[0]
    assert {fetch.purpose for fetch in ledger.fetches if fetch.outcome != "not_asked"} == {"robots"}
