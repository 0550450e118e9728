"""How OECD.AI is asked: the table and the feed, each landed whole; an empty one is a fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from scrapy.http import Request

from scrapers.contracts import Truncated
from scrapers.spiders.int_oecd_ai import FEED, TABLE, IntOecdAiSpider, parse_answer
from tests.contract.cases import FIXTURES
from tests.unit.spider_harness import Driven, drive

FOLDER = FIXTURES / "int_oecd_ai"
POSTS = (FOLDER / "feed_of_posts.xml").read_bytes()
INITIATIVES = (FOLDER / "table_with_several_rows_of_an_initiative.csv").read_bytes()


def crawl(folder: Path, table: bytes = INITIATIVES, posts: bytes = POSTS) -> Driven:
    def answer(request: Request) -> bytes:
        return {TABLE: table, FEED: posts}[request.url]

    return drive(IntOecdAiSpider, folder, answer, date(2026, 9, 1), date(2026, 9, 2))


def test_both_lists_are_landed(tmp_path: Path) -> None:
    driven = crawl(tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    landed = [record.document.document_id for record in driven.landed if record.document]
    assert landed == ["oecd-ai:99001", "oecd-ai:99002", "oecd-ai:post:/en/wonk/made-up-principles"]


def test_an_empty_table_is_a_fault(tmp_path: Path) -> None:
    driven = crawl(tmp_path, table=(FOLDER / "table_without_rows.csv").read_bytes())
    assert any("got an empty list" in fault for fault in driven.ledger.faults)


def test_a_page_in_place_of_the_table_is_a_fault(tmp_path: Path) -> None:
    driven = crawl(tmp_path, table=(FOLDER / "page_in_place_of_the_table.html").read_bytes())
    assert any("UpstreamError" in fault for fault in driven.ledger.faults)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_table_that_is_cut__is_no_table(share: float) -> None:
    head = INITIATIVES.splitlines()[0]
    empty = b"," * (head.count(b",") - 2)
    rows = [b"%d,https://oecd.ai/%d,Strategy%s" % (number, number, empty) for number in range(1000)]
    whole = b"\n".join([head, *rows])
    assert len(parse_answer(whole).documents) == 1000
    cut = whole[: int(len(whole) * share)].rstrip(b"\n").rstrip(b",")
    with pytest.raises(Truncated, match="expected 26 cells in the last row"):
        parse_answer(cut)


def test_instruments_of_an_initiative_stand_together() -> None:
    first, second = parse_answer(INITIATIVES).documents
    assert [one["Policy instrument ID"] for one in first.source_fields["instruments"]] == ["1", "2"]
    assert "instruments" not in second.source_fields


def test_comments_do_not_change_the_hash_of_a_post() -> None:
    busy = POSTS.replace(b"<slash:comments>0", b"<slash:comments>9")
    assert busy != POSTS
    assert parse_answer(busy).documents[0].content_sha256 == parse_answer(POSTS).documents[0].content_sha256
