"""How the NSF is asked: month by month, 25 a page counted from 1, to the total or to a page that is not full."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.spiders.us_nsf_awards import UsNsfAwardsSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

SINCE, UNTIL = date(2026, 10, 20), date(2026, 11, 10)


class Nsf:
    """A small NSF: so many awards in each month."""

    def __init__(self, october: int, november: int, *, is_counted: bool = True) -> None:
        self.months = {"10": october, "11": november}
        self.is_counted = is_counted
        self.asked: list[dict[str, str]] = []

    def answer(self, request: Request) -> bytes | int:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        self.asked.append(asked)
        month, offset = asked["dateStart"][:2], int(asked["offset"])
        return json.dumps({"response": self.response(month, offset)}).encode()

    def response(self, month: str, offset: int) -> dict[str, Any]:
        numbers = range(offset, min(self.months[month], offset + 24) + 1)
        metadata = {"metadata": {"totalCount": self.months[month]}} if self.is_counted else {}
        return {**metadata, "award": [self.award(month, number) for number in numbers]}

    def award(self, month: str, number: int) -> dict[str, Any]:
        title = "AI for rivers" if number == 1 else "Rivers"
        return {"id": f"{month}{number:05d}", "title": title, "date": f"{month}/05/2026"}


def crawl(nsf: Nsf, folder: Path) -> Driven:
    return drive(UsNsfAwardsSpider, folder, nsf.answer, SINCE, UNTIL)


@pytest.mark.parametrize("is_counted", [True, False])
def test_each_month_is_paged_to_its_end(tmp_path: Path, is_counted: bool) -> None:
    nsf = Nsf(30, 3, is_counted=is_counted)
    driven = crawl(nsf, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.found_total == 33
    assert driven.ledger.official_total == (33 if is_counted else None)
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (0, 0), "all is kept"
    windows = {(asked["dateStart"], asked["dateEnd"]) for asked in nsf.asked}
    assert windows == {("10/20/2026", "10/31/2026"), ("11/01/2026", "11/10/2026")}
    assert sorted(asked["offset"] for asked in nsf.asked) == ["1", "1", "26"]
    assert all("Email" not in asked["printFields"] for asked in nsf.asked)


def test_a_full_last_page_without_a_total_is_followed_by_an_empty_one(tmp_path: Path) -> None:
    nsf = Nsf(25, 25, is_counted=False)
    driven = crawl(nsf, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert len(nsf.asked) == 4


def test_a_month_of_nothing_beside_one_of_awards_is_a_quiet_one(tmp_path: Path) -> None:
    driven = crawl(Nsf(3, 0, is_counted=False), tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults


def test_months_of_nothing_at_all_are_a_fault(tmp_path: Path) -> None:
    faults = crawl(Nsf(0, 0, is_counted=False), tmp_path).ledger.faults
    assert any("from 2026-10-20 to 2026-11-10, got neither" in fault for fault in faults)


def test_a_list_that_ends_before_its_total_is_a_fault(tmp_path: Path) -> None:
    class Short(Nsf):
        def response(self, month: str, offset: int) -> dict[str, Any]:
            return {"metadata": {"totalCount": 40}, "award": super().response(month, offset)["award"]}

    assert any("paging would not end" in fault for fault in crawl(Short(30, 0), tmp_path).ledger.faults)


def test_paging_that_brings_nothing_new_ends_and_is_a_fault(tmp_path: Path) -> None:
    class Stuck(Nsf):
        def response(self, month: str, offset: int) -> dict[str, Any]:
            return super().response(month, 1)

    driven = crawl(Stuck(30, 0), tmp_path)
    assert any("paging would not end" in fault for fault in driven.ledger.faults)


def test_an_error_in_place_of_awards_is_a_fault(tmp_path: Path) -> None:
    class Down(Nsf):
        def response(self, month: str, offset: int) -> dict[str, Any]:
            return {"serviceNotification": [{"notificationMessage": "try again"}]}

    assert any(
        "UpstreamError: the API reports: try again" in fault for fault in crawl(Down(1, 1), tmp_path).ledger.faults
    )


def test_the_money_changes_the_content_hash() -> None:
    def content_hash(**changed: object) -> str:
        award = {**Nsf(1, 1).award("10", 1), **changed}
        return parse_answer(json.dumps({"response": {"award": [award]}}).encode()).documents[0].content_sha256

    assert content_hash() != content_hash(fundsObligatedAmt="5")
    assert content_hash() == content_hash(offset="26")
