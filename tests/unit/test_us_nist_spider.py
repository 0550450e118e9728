"""How NIST is asked: two lists, each landed whole; an empty or broken one is a fault and does not cost the other."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from scrapy.http import Request

from scrapers.contracts import UnknownShape
from scrapers.spiders import us_nist
from scrapers.spiders.us_nist import NEWS_FEED, PUBLICATIONS, UsNistSpider, parse_answer
from tests.contract.cases import FIXTURES
from tests.unit.spider_harness import Driven, drive

FOLDER = FIXTURES / "us_nist"
NEWS = (FOLDER / "news_with_titles_escaped_twice.xml").read_bytes()
EXPORT = (FOLDER / "export_in_its_zip.zip").read_bytes()


def crawl(folder: Path, news: bytes = NEWS, export: bytes = EXPORT) -> Driven:
    def answer(request: Request) -> bytes:
        return {NEWS_FEED: news, PUBLICATIONS: export}[request.url]

    return drive(UsNistSpider, folder, answer, date(2026, 9, 1), date(2026, 9, 2))


def landed(driven: Driven) -> list[str]:
    return [record.document.document_id for record in driven.landed if record.document]


def test_both_lists_are_landed_whatever_the_window(tmp_path: Path) -> None:
    driven = crawl(tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert [request.url for request in driven.asked] == [NEWS_FEED, PUBLICATIONS]
    assert driven.ledger.found_total == 4
    assert landed(driven)[-1] == "csrc:sp/800/901/final"


def test_an_empty_list_is_a_fault_and_the_other_stays(tmp_path: Path) -> None:
    driven = crawl(tmp_path, export=b"[]")
    assert len(driven.ledger.faults) == 1
    assert "got an empty list" in driven.ledger.faults[0]
    assert len(landed(driven)) == 3


def test_a_page_in_place_of_the_feed_is_a_fault(tmp_path: Path) -> None:
    driven = crawl(tmp_path, news=(FOLDER / "page_in_place_of_the_feed.html").read_bytes())
    assert any("UpstreamError" in fault for fault in driven.ledger.faults)
    assert landed(driven) == ["csrc:sp/800/901/final"]


def test_a_zip_that_would_grow_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", "[" + " " * 5_000 + "]")
    monkeypatch.setattr(us_nist, "MAX_EXPORT_BYTES", 1_000)
    with pytest.raises(UnknownShape, match="at most"):
        parse_answer(packed.getvalue())


def test_an_edit_changes_the_hash_and_the_order_of_names_does_not() -> None:
    (record,) = json.loads((FOLDER / "keywords_cut_at_an_entity.json").read_text())

    def content_hash(**changes: object) -> str:
        return parse_answer(json.dumps([{**record, **changes}]).encode()).documents[0].content_sha256

    turned = json.dumps([dict(reversed(record.items()))]).encode()
    assert parse_answer(turned).documents[0].content_sha256 == content_hash()
    assert content_hash(substage="withdrawn") != content_hash()


def test_a_guid_is_no_part_of_what_an_item_says() -> None:
    item = "<item><title>T</title><link>https://www.nist.gov/news-events/news/2026/09/x</link>{}</item>"
    hashes = set()
    for guid in ("", '<guid isPermaLink="false">12</guid>'):
        channel = f"<title>NIST</title><link>https://www.nist.gov</link>{item.format(guid)}"
        feed = f'<rss version="2.0"><channel>{channel}</channel></rss>'
        hashes.add(parse_answer(feed.encode()).documents[0].content_sha256)
    assert len(hashes) == 1
