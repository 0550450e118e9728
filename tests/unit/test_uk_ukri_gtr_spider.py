"""How the Gateway to Research is asked: all that its search finds, and the money of what began to be paid lately."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, PolicyDocument, UnknownShape
from scrapers.families.gtr_projects import gtr_day
from scrapers.spiders import uk_ukri_gtr
from scrapers.spiders.uk_ukri_gtr import UkUkriGtrSpider, parse_answer, parse_fund
from tests.unit.spider_harness import Driven, drive, where_read

SINCE, UNTIL = date(2025, 3, 3), date(2025, 3, 9)


def name(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def day_in_milliseconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def project(number: int, title: str, start: str = "2025-03-01", funds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    paid = [
        {
            "rel": "FUND",
            "href": f"http://gtr.ukri.org:80/gtr/api/funds/{name(fund)}",
            "start": day_in_milliseconds(start),
        }
        for fund in funds
    ]
    outcome = {"rel": "PUBLICATION", "href": "http://gtr.ukri.org:80/gtr/api/outcomes/publications/x"}
    return {
        "id": name(number),
        "title": title,
        "leadFunder": "EPSRC",
        "identifiers": {"identifier": [{"type": "RCUK", "value": f"EP/{number}"}]},
        "links": {"link": [*paid, outcome]},
    }


class Gateway:
    """A small Gateway; it answers in XML unless it is told which form is wanted."""

    def __init__(self, projects: list[dict[str, Any]], page_size: int = 2) -> None:
        self.projects = projects
        self.page_size = page_size
        self.amounts: dict[int, Any] = {1: 100_000, 2: 0.5}
        self.asked: list[str] = []

    def __call__(self, request: Request) -> bytes | int:
        if request.headers["Accept"] != b"application/vnd.rcuk.gtr.json-v7":
            return b"<projects/>"
        address = urlsplit(request.url)
        self.asked.append(address.path.rsplit("/", 1)[-1])
        if "/funds/" in address.path:
            number = int(address.path[-12:])
            worth = {"amount": self.amounts[number], "currencyCode": "GBP"}
            return json.dumps({"id": name(number), "valuePounds": worth}).encode()
        page = int(parse_qs(address.query)["p"][0])
        shown = self.projects[(page - 1) * self.page_size : page * self.page_size]
        return json.dumps({"project": shown, "totalSize": len(self.projects), "page": page}).encode()


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uk_ukri_gtr, "PAGE_SIZE", 2)


def crawled(gateway: Gateway, folder: Path) -> Driven:
    return drive(UkUkriGtrSpider, folder, gateway, SINCE, UNTIL)


def landed(driven: Driven) -> dict[str, PolicyDocument]:
    return {one.document.native_id: one.document for one in driven.landed if one.document}


def test_all_pages_are_listed_and_held_against_the_total(tmp_path: Path) -> None:
    driven = crawled(Gateway([project(number, "Ponds") for number in range(1, 6)]), tmp_path)
    assert len(landed(driven)) == 5
    assert driven.ledger.official_total == 5
    assert driven.ledger.is_good


def test_money_is_joined_to_what_began_to_be_paid_lately(tmp_path: Path) -> None:
    projects = [project(1, "AI", funds=(1, 2)), project(2, "AI of old", start="2023-01-01"), project(3, "Ponds")]
    driven = crawled(Gateway([*projects, project(4, "AI unpaid", funds=())]), tmp_path)
    documents = landed(driven)
    assert {one.native_id[-1]: one.depth for one in documents.values()} == {
        "1": Depth.FULL,
        "2": Depth.LISTING,
        "3": Depth.LISTING,
        "4": Depth.LISTING,
    }
    paid = documents[name(1)]
    assert [(one.kind, one.low, one.high, one.currency) for one in paid.amounts] == [
        ("awarded", Decimal(100_000), Decimal(100_000), "GBP"),
        ("awarded", Decimal("0.5"), Decimal("0.5"), "GBP"),
    ]
    assert paid.effective_date == date(2025, 3, 1)
    assert [fund["id"] for fund in paid.source_fields["funds"]] == [name(1), name(2)]
    assert driven.ledger.is_good
    read = where_read(driven, name(1))
    assert read[""] == f"https://gtr.ukri.org/gtr/api/funds/{name(2)}"
    assert read["valuePounds 100000"] == f"https://gtr.ukri.org/gtr/api/funds/{name(1)}"
    assert "valuePounds 0.5" not in read
    assert all("/projects?" in read[field] for field in ("title", "effective_date", "publishers"))
    assert list(where_read(driven, name(3))) == [""]


@pytest.mark.parametrize("worth", [-1, "many", None, True, 10**30])
def test_an_amount_that_is_none_is_told_and_costs_nothing_else(tmp_path: Path, worth: object) -> None:
    gateway = Gateway([project(1, "AI")])
    gateway.amounts = {1: worth}
    driven = crawled(gateway, tmp_path)
    assert landed(driven)[name(1)].amounts == ()
    assert [one.rejected.where for one in driven.landed if one.rejected] == ["/funds/0/valuePounds"]


def test_nothing_awarded_is_no_amount(tmp_path: Path) -> None:
    gateway = Gateway([project(1, "AI")])
    gateway.amounts = {1: 0}
    assert landed(crawled(gateway, tmp_path))[name(1)].amounts == ()


def test_lists_that_are_empty_or_stand_still_are_no_good_crawls(tmp_path: Path) -> None:
    assert "expected projects" in crawled(Gateway([]), tmp_path).ledger.faults[0]
    stuck = Gateway([project(number, "Ponds") for number in (1, 2, 1, 2, 3)])
    assert "paging would not end" in crawled(stuck, tmp_path).ledger.faults[0]


def test_links_to_outcomes_do_not_move_the_hash_and_money_does() -> None:
    def hashed(one: dict[str, Any]) -> str:
        return parse_answer(json.dumps({"project": [one], "totalSize": 1}).encode()).documents[0].content_sha256

    grown = project(1, "A")
    grown["links"]["link"].append({"rel": "PUBLICATION", "href": "http://gtr.ukri.org:80/gtr/api/outcomes/x"})
    assert hashed({**grown, "created": 5}) == hashed(project(1, "A"))
    assert hashed(project(1, "A", funds=(2,))) != hashed(project(1, "A"))


def test_days_are_those_of_london() -> None:
    assert gtr_day(1_141_171_200_000) == date(2006, 3, 1)
    assert gtr_day(1_680_303_600_000) == date(2023, 4, 1)
    with pytest.raises(ValueError, match="milliseconds"):
        gtr_day(10**18)
    with pytest.raises(TypeError):
        gtr_day("2023-04-01")


def test_a_project_is_no_fund() -> None:
    with pytest.raises(UnknownShape):
        parse_fund(json.dumps(project(1, "A")).encode())
