"""Faults of what sources say that end a crawl: answers that no parser may read, and records whose shape has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from scrapers.registry import SourceConfig
from tests.faults.crawling import Crawled, crawl
from tests.faults.hostile_sources import Refused, refused
from tests.faults.server import FaultServer, answer, fault_server
from tests.faults.verdict import Verdict

AWARDS, HOST, PATH = "us_nsf_awards", "api.nsf.gov", "/services/v1/awards.json"
FEEDS = {"us_white_house": "www.whitehouse.gov", "uk_legislation": "www.legislation.gov.uk"}
WEEK = ("2024-01-08", "2024-01-14")
DEEP = 100_000


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """One that knows nothing but what a test tells it."""
    with fault_server() as server:
        yield server


def awards(count: int, day: str = "01/09/2024", **changed: Any) -> bytes:
    """An answer with as many awards; what is `changed` stands otherwise, or not at all, in each of them."""
    award = {"title": "Sample award", "awardeeName": "Sample University", "date": day, "estimatedTotalAmt": "1000"}
    award = {name: value for name, value in {**award, **changed}.items() if value is not None}
    listed = [{"id": f"{9_800_000 + number}", **award} for number in range(count)]
    return orjson.dumps({"response": {"metadata": {"totalCount": count}, "award": listed}})


def crawl_awards(home: Path, server: FaultServer, body: bytes, **options: Any) -> Crawled:
    server.on(PATH, answer(body))
    return crawl(home, AWARDS, {HOST: server.url}, *WEEK, **options)


@pytest.mark.fault("D1")
def test_a_field_that_the_contract_requires_has_another_name(
    server: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    crawled = crawl_awards(tmp_path, server, awards(5, title=None, headline="Sample award"))
    crawled.assert_gap_shown("title, which the contract requires, is on none of 5 documents")
    assert [novelty.name for novelty in crawled.ledger.novelties] == ["headline"]
    verdict.gap_shown(len(crawled.accepted))


@pytest.mark.fault("D1")
def test_the_number_of_a_record_has_another_name(server: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    crawled = crawl_awards(tmp_path, server, awards(5).replace(b'"id"', b'"number"'))
    crawled.assert_gap_shown("5 of 5 records could not be read")
    verdict.gap_shown(len(crawled.accepted))


@pytest.mark.fault("D2")
def test_a_field_of_all_records_has_another_type(server: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    crawled = crawl_awards(tmp_path, server, awards(5, estimatedTotalAmt=[1000]))
    crawled.assert_gap_shown("estimatedTotalAmt could not be read 5 times in 5 documents")
    verdict.gap_shown(len(crawled.accepted))


@pytest.mark.parametrize(
    ("slug", "case"),
    [
        pytest.param(slug, case, id=f"{slug}-{case}", marks=pytest.mark.fault(case.expected.fault))
        for case in refused("xml")
        for slug in FEEDS
    ],
)
def test_xml_with_entities_is_not_read(
    server: FaultServer, tmp_path: Path, slug: str, case: Refused, verdict: Verdict
) -> None:
    with fault_server(address="127.0.0.2") as canary:
        body = case.path.read_bytes().replace(b"@CANARY@", canary.url.encode())
        server.when(lambda asked: "feed" in asked.path, lambda _: (answer(body, Content_Type="application/xml"),))
        crawled = crawl(tmp_path, slug, {FEEDS[slug]: server.url}, *WEEK)
        assert server.asked_for("/robots.txt")
        crawled.assert_gap_shown(case.expected.says)
        if case.expected.fault == "D18":
            verdict.refused(canary.connections)
        else:
            assert crawled.peak_mb < 300
            verdict.gap_shown(crawled.seconds)


@pytest.mark.fault("D22")
@pytest.mark.parametrize("case", refused("json"), ids=str)
def test_hostile_json_is_not_read(server: FaultServer, tmp_path: Path, case: Refused, verdict: Verdict) -> None:
    crawled = crawl_awards(tmp_path, server, case.path.read_bytes())
    crawled.assert_gap_shown(case.expected.says)
    verdict.gap_shown(crawled.seconds)


@pytest.mark.fault("D22")
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b"[", b"")], ids=["[", "{", "open"])
def test_json_without_end_is_not_read(
    server: FaultServer, tmp_path: Path, opening: bytes, closing: bytes, verdict: Verdict
) -> None:
    crawled = crawl_awards(tmp_path, server, b'{"response":' + opening * DEEP + b"1" + closing * DEEP + b"}")
    crawled.assert_gap_shown("expected JSON nested at most 64 deep")
    assert crawled.peak_mb < 300
    verdict.gap_shown(crawled.seconds)


KEYS = b"".join(b'"%d":1,' % number for number in range(200_000))


@pytest.mark.fault("D22")
@pytest.mark.parametrize(
    ("rest", "says"),
    [(b'"' + b'\\"' * DEEP + b"\\", "JSON ends early"), (b"{" + KEYS + KEYS + b'"a":1}}', "expected each key once")],
    ids=["escapes", "keys"],
)
def test_json_made_to_last_is_not_read(
    server: FaultServer, tmp_path: Path, rest: bytes, says: str, verdict: Verdict
) -> None:
    crawled = crawl_awards(tmp_path, server, b'{"response":' + rest, max_retries=0)
    crawled.assert_gap_shown(says)
    assert crawled.peak_mb < 500
    verdict.gap_shown(crawled.seconds)


def judge_as_real() -> None:
    """Stand-ins are no habit of a source."""
    SourceConfig.is_replaced = lambda *_: False  # type: ignore[method-assign]


@pytest.mark.fault("D24")
def test_a_week_far_from_the_habit_is_noticed(server: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    ledgers = []
    for number, count in enumerate((48, 40, 50, 44, 16, 180)):
        monday = date(2024, 3, 4) + timedelta(weeks=number)
        server.on(PATH, answer(awards(count, f"{monday:%m/%d/%Y}")), times=1)
        window = (monday.isoformat(), (monday + timedelta(days=6)).isoformat())
        ledgers.append(crawl(tmp_path, AWARDS, {HOST: server.url}, *window, prepare=judge_as_real).ledger)
    *habit, drop, jump = ledgers
    assert all(ledger.is_good for ledger in habit), [ledger.faults for ledger in habit]
    found = [not drop.is_good and "64% less" in drop.faults[0], jump.is_good and jump.comparisons[0].verdict == "jump"]
    assert all(found), (drop.faults, jump.faults, jump.comparisons)
    verdict.gap_shown(100 * sum(found) / len(found))
