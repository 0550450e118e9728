"""A crawl by a clock that went back is told: what it found would count as older than what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.report import status_lines
from scrapers.contracts import CrawlLedger, Window
from scrapers.crawl import crawl
from scrapers.replay import replay_crawl
from tests.faults.verdict import Verdict

SLUG, NOW = "us_nsf_awards", datetime(2026, 10, 5, 8, tzinfo=UTC)


@pytest.mark.fault("S9")
def test_a_crawl_before_the_last_one_asks_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("scrapers.crawl.run_spider", lambda *_: asked.append(None))

    def crawled(now: datetime) -> CrawlLedger:
        return crawl(SLUG, Window(since=NOW.date(), until=NOW.date()), tmp_path, "manual", {}, clock=lambda: now)

    first, same = crawled(NOW), crawled(NOW)
    assert len(asked) == 2, "a clock that stands is none that went back"
    back = [crawled(NOW - timedelta(hours=1)), crawled(NOW - timedelta(days=1))]
    assert len(asked) == 2
    assert [ledger.is_good for ledger in back] == [False, False]
    assert back[0].faults[0].startswith("the clock went back: it says 2026-10-05 07:00:00 UTC, and the last crawl")
    assert max(first.crawl_id, same.crawl_id) < back[0].crawl_id < back[1].crawl_id
    assert back[1].faults[0] in "\n".join(status_lines(Home(tmp_path))[0])
    assert replay_crawl(tmp_path, back[1]).faults == back[1].faults
    crawled(NOW + timedelta(minutes=1))
    assert len(asked) == 3
    verdict.recovered(sum(ledger.is_good for ledger in back))
