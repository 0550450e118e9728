"""How the news of Canada is asked for: once, since the first day; a cut list is refused, so is a silent working day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from scrapers.spiders import ca_news
from scrapers.spiders.ca_news import CaNewsSpider
from tests.contract.cases import FIXTURES
from tests.unit.spider_harness import Driven, drive

FOLDER = FIXTURES / "ca_news"
TWO = (FOLDER / "atom_with_types_and_departments.xml").read_bytes()
NONE = (FOLDER / "feed_without_entries.xml").read_bytes()


def crawl(folder: Path, body: bytes, since: str, until: str) -> Driven:
    return drive(CaNewsSpider, folder, lambda _: body, date.fromisoformat(since), date.fromisoformat(until))


def test_one_question_names_the_first_day(tmp_path: Path) -> None:
    driven = crawl(tmp_path, TWO, "2026-10-01", "2026-10-01")
    assert driven.ledger.is_good, driven.ledger.faults
    (request,) = driven.asked
    asked = dict(parse_qsl(urlsplit(request.url).query))
    assert asked == {
        "sort": "publishedDate", "orderBy": "desc", "publishedDate>": "2026-10-01", "pick": "20000", "format": "atom"
    }  # fmt: skip
    assert "publishedDate%3E=2026-10-01" in request.url
    assert driven.ledger.found_total == 2


def test_what_lies_outside_the_window_is_not_landed(tmp_path: Path) -> None:
    driven = crawl(tmp_path, TWO, "2026-09-25", "2026-09-30")
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.landed == []


def test_a_list_as_long_as_what_was_picked_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ca_news, "MOST", 2)
    driven = crawl(tmp_path, TWO, "2026-10-01", "2026-10-01")
    assert any("the list is cut" in fault for fault in driven.ledger.faults)


@pytest.mark.parametrize(("since", "is_good"), [("2026-11-21", True), ("2026-11-20", False), ("2026-10-03", False)])
def test_no_news_since_a_working_day_that_is_over_is_a_fault(tmp_path: Path, since: str, is_good: bool) -> None:
    """Asked on Monday the 23rd, for all since a day, whatever the window ends with."""
    ledger = crawl(tmp_path, NONE, since, since).ledger
    assert ledger.is_good == is_good
    assert is_good or "got an empty list" in ledger.faults[0]


def test_two_pages_of_one_id_are_both_landed_and_warned_of(tmp_path: Path) -> None:
    body = (FOLDER / "french_and_foreign_pages_in_the_english_feed.xml").read_bytes()
    ledger = crawl(tmp_path, body, "2026-10-01", "2026-10-01").ledger
    assert ledger.is_good, ledger.faults
    (warning,) = ledger.warnings
    assert "ca-news:news.gc.ca/web/article-en.do?nid=9000001: expected one record of an id" in warning


def test_an_error_page_is_a_fault(tmp_path: Path) -> None:
    body = (FOLDER / "error_page_is_an_upstream_error.html").read_bytes()
    driven = crawl(tmp_path, body, "2026-10-01", "2026-10-01")
    assert any("UpstreamError" in fault for fault in driven.ledger.faults)
