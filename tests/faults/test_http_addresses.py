"""Faults of addresses, over the wire: where a crawl may be led, whom it trusts, and what it tells to whom."""

from __future__ import annotations

import os
import re
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults import crawling
from tests.faults.certificates import Authority
from tests.faults.crawling import Crawled, crawl, crawl_awards, crawl_memos
from tests.faults.server import Asked, FaultServer, answer, fault_server
from tests.faults.verdict import Verdict

SECRET = "what no crawl may read"
KEY = "a-planted-key-of-regulations"
MEMO_FILES = "/wp-content/uploads/"
INNER = (
    "http://127.0.0.2:{port}/a.pdf",
    "//127.0.0.2:{port}/a.pdf",
    "http://2130706434:{port}/a.pdf",
    "http://0x7f000002:{port}/a.pdf",
    "http://www.whitehouse.gov@127.0.0.2:{port}/a.pdf",
    "http://[::ffff:127.0.0.2]:{port}/a.pdf",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0:{port}/a.pdf",
    "http://10.0.0.1/a.pdf",
)
FILES = 6
"""So many files the page of memoranda lists."""


def moved(to: str) -> bytes:
    return answer(status="302 Found", Location=to)


def assert_only_official(crawled: Crawled, host: str) -> None:
    assert {fetch.url.split("/")[2] for fetch in crawled.ledger.fetches} == {host}
    assert {fetch.url.split(":")[0] for fetch in crawled.ledger.fetches} == {"https"}


def kept_files(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


@pytest.mark.fault("H13")
def test_a_circle_of_redirects_is_not_followed(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.on(crawling.AWARDS_PATH, moved("/elsewhere"))
    awards.on("/elsewhere", moved(crawling.AWARDS_PATH))
    crawled = crawl_awards(tmp_path, awards)
    crawled.assert_gap_shown("HTTP 302")
    verdict.gap_shown(len(awards.asked) - len(awards.asked_for("/robots.txt")))


@pytest.mark.fault("H14")
def test_a_redirect_to_another_scheme_is_refused(memos: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET)
    targets = iter([f"file://{canary}", f"ftp://{memos.host}:{memos.port}/a.pdf", f"data:text/plain,{SECRET}"] * 2)
    memos.when(lambda asked: asked.path.startswith(MEMO_FILES), lambda _: (moved(next(targets)),))
    crawled = crawl_memos(tmp_path / "home", memos)
    crawled.assert_gap_shown("HTTP 302")
    assert_only_official(crawled, crawling.MEMOS_HOST)
    landed = (tmp_path / "home" / "landing").rglob("*.jsonl")
    verdict.refused(sum(SECRET in path.read_text() for path in landed))


@pytest.mark.fault("H15")
@pytest.mark.parametrize("inner", [INNER[:FILES], INNER[FILES:]], ids=["first", "others"])
def test_a_redirect_to_an_inner_address_is_refused(
    memos: FaultServer, canary: FaultServer, tmp_path: Path, inner: tuple[str, ...], verdict: Verdict
) -> None:
    """Each is refused by the status of the answer alone, also where no canary can listen."""
    targets = iter([target.format(port=canary.port) for target in inner])
    offered: list[str] = []

    def lead_inwards(asked: Asked) -> tuple[bytes]:
        if (target := next(targets, None)) is None:
            return (memos.passed_on(asked),)
        offered.append(target)
        return (moved(target),)

    memos.when(lambda asked: asked.path.startswith(MEMO_FILES), lead_inwards)
    crawled = crawl_memos(tmp_path, memos)
    assert len(offered) == len(inner)
    refused = [fetch for fetch in crawled.ledger.fetches if fetch.http_status == 302]
    assert [fetch.outcome for fetch in refused] == ["http_error"] * len(inner)
    crawled.assert_gap_shown("HTTP 302")
    assert_only_official(crawled, crawling.MEMOS_HOST)
    verdict.refused(canary.connections)


@pytest.mark.fault("H15")
@pytest.mark.parametrize("path", ["/robots.txt", crawling.MEMOS_PATH], ids=["robots", "page"])
def test_a_whole_source_that_leads_to_an_inner_address_is_refused(
    memos: FaultServer, canary: FaultServer, tmp_path: Path, verdict: Verdict, path: str
) -> None:
    memos.on(path, moved(f"{canary.url}{path}"))
    crawled = crawl_memos(tmp_path, memos)
    crawled.assert_gap_shown()
    assert_only_official(crawled, crawling.MEMOS_HOST)
    verdict.refused(canary.connections)


@pytest.mark.fault("H15")
def test_a_refresh_to_an_inner_address_is_refused(
    memos: FaultServer, canary: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    page = f'<html><head><meta http-equiv="refresh" content="0; url={canary.url}/"></head><body></body></html>'
    memos.on(crawling.MEMOS_PATH, answer(page.encode(), Content_Type="text/html"))
    crawl_memos(tmp_path, memos).assert_gap_shown()
    verdict.refused(canary.connections)


@pytest.mark.fault("H15")
def test_links_to_inner_addresses_are_kept_and_not_followed(
    memos: FaultServer, canary: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    targets = iter([target.format(port=canary.port) for target in INNER])

    def linked(asked: Asked) -> tuple[bytes]:
        page = memos.passed_on(asked).partition(b"\r\n\r\n")[2]
        inner = re.sub(rb'href="[^"]*\.pdf"', lambda link: b'href="%b"' % next(targets, "x").encode(), page)
        return (answer(inner, Content_Type="text/html"),)

    memos.when(lambda asked: asked.path == crawling.MEMOS_PATH, linked)
    crawled = crawl_memos(tmp_path, memos)
    assert next(targets, None) is None
    assert_only_official(crawled, crawling.MEMOS_HOST)
    verdict.refused(canary.connections)


def rebind(port: int) -> None:
    """The official host listens on the canary's port, and its name leads to the canary."""
    from scrapers import crawl as entry
    from scrapers.spiders import us_nsf_awards as spider

    contract = entry.source
    entry.source = lambda slug: contract(slug).model_copy(update={"hosts": (f"https://{crawling.AWARDS_HOST}:{port}",)})
    spider.API = spider.API.replace(crawling.AWARDS_HOST, f"{crawling.AWARDS_HOST}:{port}")
    socket.gethostbyname = lambda name: "127.0.0.2"


@pytest.mark.fault("H16")
def test_an_official_name_that_leads_here_is_not_connected_to(
    canary: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    crawled = crawl(tmp_path, crawling.AWARDS, {}, *crawling.MONTH, prepare=partial(rebind, canary.port), max_retries=1)
    crawled.assert_gap_shown(f"{crawling.AWARDS_HOST}: expected a public address, got 127.0.0.2")
    verdict.refused(canary.connections)


def test_a_stand_in_that_somebody_named_may_lie_here(awards: FaultServer, tmp_path: Path) -> None:
    crawled = crawl(
        tmp_path, crawling.AWARDS, {crawling.AWARDS_HOST: f"http://localhost:{awards.port}"}, *crawling.MONTH
    )
    assert crawled.ledger.is_good, crawled.ledger.faults


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def trust(file: Path) -> None:
    os.environ["SSL_CERT_FILE"] = str(file)


def certified(authority: Authority, home: Path, upstream: str, **certificate: Any) -> tuple[Crawled, FaultServer]:
    """A crawl that trusts the test authority, of a server with one of its certificates."""
    with fault_server(upstream, tls=authority.context(**certificate)) as server:
        return crawl_awards(home, server, prepare=partial(trust, authority.file), max_retries=1), server


def test_a_good_certificate_is_accepted(authority: Authority, small_samples: dict[str, str], tmp_path: Path) -> None:
    crawled, _ = certified(authority, tmp_path, small_samples[crawling.AWARDS_HOST])
    assert crawled.ledger.is_good, crawled.ledger.faults


@pytest.mark.fault("H26")
@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        ({"ends_in": timedelta(days=-1)}, "certificate verify failed"),
        ({"is_self_signed": True}, "certificate verify failed"),
        ({"address": "127.0.0.9"}, "IPAddressMismatch"),
    ],
    ids=["expired", "self-signed", "of another host"],
)
def test_a_bad_certificate_is_refused(
    authority: Authority,
    small_samples: dict[str, str],
    tmp_path: Path,
    verdict: Verdict,
    certificate: dict[str, Any],
    why: str,
) -> None:
    crawled, server = certified(authority, tmp_path, small_samples[crawling.AWARDS_HOST], **certificate)
    crawled.assert_gap_shown(why)
    verdict.refused(len(server.asked))


@pytest.mark.fault("H27")
def test_a_redirect_that_drops_tls_is_refused(
    authority: Authority, canary: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    with fault_server(tls=authority.context()) as server:
        server.on(crawling.AWARDS_PATH, moved(f"{canary.url}{crawling.AWARDS_PATH}"))
        crawled = crawl_awards(tmp_path, server, prepare=partial(trust, authority.file))
    crawled.assert_gap_shown("HTTP 302")
    assert_only_official(crawled, crawling.AWARDS_HOST)
    verdict.refused(canary.connections)


def know_the_key() -> None:
    os.environ["AIPOLICY_REGULATIONS_GOV_KEY"] = KEY


@pytest.mark.fault("H27")
def test_a_key_goes_to_its_host_alone(canary: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    with fault_server() as server:
        server.on("/v4/documents", moved(f"{canary.url}/v4/documents"))
        base_urls = {"api.regulations.gov": server.url}
        crawled = crawl(tmp_path, "us_regulations_gov", base_urls, *crawling.MONTH, prepare=know_the_key)
    crawled.assert_gap_shown("HTTP 302")
    assert {asked.headers["x-api-key"] for asked in server.asked_for("/v4/documents")} == {KEY}
    assert KEY.encode() not in kept_files(tmp_path)
    verdict.refused(sum("x-api-key" in asked.headers for asked in canary.asked))
