"""How the Bills API is asked: down to the first day of the window, candidates in full with stages and publications."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, NotADocument, UnknownShape, UpstreamError
from scrapers.spiders.uk_parliament_bills import (
    UkParliamentBillsSpider,
    parse_answer,
    parse_joined,
    parse_publications,
    parse_stages,
)
from tests.unit.spider_harness import Driven, drive, where_read

SINCE, UNTIL = date(2025, 3, 3), date(2025, 3, 9)
ACT = "http://www.legislation.gov.uk/ukpga/2025/99/contents/enacted"
OLDER_ACT = "https://www.legislation.gov.uk/ukpga/2018/12"


def line(number: int, title: str, touched: str = "2025-03-05", **more: Any) -> dict[str, Any]:
    return {
        "billId": number,
        "shortTitle": title,
        "originatingHouse": "Commons",
        "lastUpdate": f"{touched}T09:00:00.1234567",
        "billWithdrawn": None,
        "billTypeId": 1,
        "isAct": False,
        "currentStage": {"id": 1, "description": "2nd reading", "house": "Commons", "stageSittings": []},
        **more,
    }


def sat(name: str, *days: str, house: str = "Commons") -> dict[str, Any]:
    return {"description": name, "house": house, "stageSittings": [{"date": f"{day}T00:00:00"} for day in days]}


class Parliament:
    """A small Bills API: pages of its own size whatever is asked."""

    def __init__(self, bills: list[dict[str, Any]], page_size: int = 2) -> None:
        self.bills = bills
        self.page_size = page_size
        self.stages = [sat("1st reading", "2025-03-03"), sat("2nd reading", "2025-03-05", "2025-03-06"), sat("x")]
        self.found: list[int] = []
        self.detail: dict[int, Any] = {}
        self.asked: list[str] = []

    def __call__(self, request: Request) -> bytes | int:
        address = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.asked.append(f"{address.path.removeprefix('/api/v1/Bills')}?{address.query}")
        skip = int(query.get("Skip", 0))
        parts = address.path.removeprefix("/api/v1/Bills").strip("/").split("/")
        if parts == [""]:
            bills = [one for one in self.bills if one["billId"] in self.found] if "SearchTerm" in query else self.bills
            return self.page(bills, skip)
        number = int(parts[0])
        if parts[1:] == ["Stages"]:
            return self.page(self.stages, skip)
        if parts[1:] == ["Publications"]:
            act = {"id": 4, "title": "The Act", "links": [{"id": 5, "url": ACT}], "files": [{"id": 6, "filename": "a"}]}
            kind = {"publicationType": {"id": 13, "name": "Act of Parliament"}}
            older = {"title": "Note", "links": [{"id": 7, "url": OLDER_ACT}], "files": []}
            return json.dumps({"billId": number, "publications": [act | kind, older]}).encode()
        (listed,) = (one for one in self.bills if one["billId"] == number)
        told = self.detail.get(number, {**listed, "longTitle": "A Bill to do so.", "summary": None})
        return json.dumps(told).encode()

    def page(self, entries: list[Any], skip: int) -> bytes:
        shown = entries[skip : skip + self.page_size]
        return json.dumps({"items": shown, "totalResults": len(entries), "itemsPerPage": self.page_size}).encode()


def crawled(parliament: Parliament, folder: Path) -> Driven:
    return drive(UkParliamentBillsSpider, folder, parliament, SINCE, UNTIL)


def landed(driven: Driven) -> dict[str, Depth]:
    return {one.document.native_id: one.document.depth for one in driven.landed if one.document}


def test_pages_are_read_down_to_the_first_day_of_the_window(tmp_path: Path) -> None:
    days = ["2025-03-11", "2025-03-09", "2025-03-05", "2025-03-03", "2025-03-02", "2025-01-01", "2024-01-01"]
    parliament = Parliament([line(number, "Ponds Bill", day) for number, day in enumerate(days, 1)])
    driven = crawled(parliament, tmp_path)
    assert landed(driven) == {"2": Depth.LISTING, "3": Depth.LISTING, "4": Depth.LISTING}
    assert len([asked for asked in parliament.asked if "SearchTerm" not in asked]) == 3
    assert driven.ledger.is_good
    assert driven.ledger.gate_left_out == 3
    found = {day.day: day.found for day in driven.ledger.days if day.found}
    assert found == {date(2025, 3, 3): 1, date(2025, 3, 5): 1, date(2025, 3, 9): 1}


def test_candidates_are_read_in_full_with_stages_and_publications(tmp_path: Path) -> None:
    parliament = Parliament(
        [line(1, "AI Bill"), line(2, "Ponds Bill"), line(3, "Registers Bill", formerShortTitle="AI")]
    )
    driven = crawled(parliament, tmp_path)
    assert landed(driven) == {"1": Depth.FULL, "2": Depth.LISTING, "3": Depth.FULL}
    bill = next(one.document for one in driven.landed if one.document and one.document.native_id == "1")
    assert bill.published_date == date(2025, 3, 3)
    assert [note.note for note in bill.change_history] == ["1st reading (Commons)", "2nd reading (Commons)"]
    assert [(one.relation, one.target.scheme, one.target.value) for one in bill.relations] == [
        ("related", "uk_act", "ukpga-2025-99"),
        ("related", "uk_act", "ukpga-2018-12"),
    ]
    assert [attachment.url for attachment in bill.attachments] == [
        ACT,
        "https://bills-api.parliament.uk/api/v1/Publications/4/Documents/6/Download",
        OLDER_ACT,
    ]
    assert "/1/Stages?Skip=2&Take=100" in parliament.asked
    assert driven.ledger.is_good
    read = {name: url.split("/Bills", 1)[1] for name, url in where_read(driven, "1").items()}
    assert read[""] == "/1/Publications"
    assert (read["title"], read["abstract"]) == ("/1", "/1")
    assert read["change_history"].startswith("/1/Stages?")
    assert not any(name.startswith(("publications", "attachments")) for name in read)
    assert list(where_read(driven, "2")) == [""]


def test_a_bill_became_the_act_that_is_published_as_its_own(tmp_path: Path) -> None:
    driven = crawled(Parliament([line(1, "AI Act 2025", isAct=True)]), tmp_path)
    (bill,) = (one.document for one in driven.landed if one.document)
    assert [(one.relation, one.target.value, one.quote) for one in bill.relations] == [
        ("adopted_by", "ukpga-2025-99", ACT),
        ("related", "ukpga-2018-12", OLDER_ACT),
    ]


def test_the_search_of_the_api_speaks_for_bills_that_their_titles_leave_out(tmp_path: Path) -> None:
    parliament = Parliament([line(1, "Ponds Bill"), line(2, "Lakes Bill"), line(3, "Old Bill", "2020-01-01")])
    parliament.found = [2, 3]
    driven = crawled(parliament, tmp_path)
    assert landed(driven) == {"1": Depth.LISTING, "2": Depth.FULL}
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (1, 1)


def test_a_list_that_does_not_go_on_is_no_good_crawl(tmp_path: Path) -> None:
    class Stuck(Parliament):
        def page(self, entries: list[Any], skip: int) -> bytes:
            return super().page(entries, 0)

    driven = crawled(Stuck([line(number, "Ponds Bill") for number in range(1, 6)]), tmp_path)
    assert not driven.ledger.is_good
    assert "paging would not end" in driven.ledger.faults[0]


@pytest.mark.parametrize("bills", [[], [line(1, "AI Bill"), line(2, "B")]])
def test_an_empty_list_and_another_bill_are_told(tmp_path: Path, bills: list[dict[str, Any]]) -> None:
    parliament = Parliament(bills)
    parliament.detail = {1: line(2, "Another Bill", longTitle=None)}
    assert not crawled(parliament, tmp_path).ledger.is_good


def test_a_bill_that_cannot_be_read_keeps_its_line_of_the_list(tmp_path: Path) -> None:
    parliament = Parliament([line(1, "AI Bill")])
    parliament.detail = {1: {"billId": None, "shortTitle": "AI Bill"}}
    driven = crawled(parliament, tmp_path)
    assert landed(driven) == {"1": Depth.LISTING}
    read = where_read(driven, "1")
    assert read[""].endswith("/Bills/1")
    assert "?SortOrder=" in read["title"]
    assert [one.rejected.error for one in driven.landed if one.rejected] == ["UnknownShape"]


def test_sittings_that_lie_ahead_are_no_history() -> None:
    stages = [sat("1st reading", "2025-03-03"), sat("2nd reading", "2025-06-01"), sat("Royal Assent", "2025-07-01")]
    (bill,) = parse_joined(json.dumps(line(1, "A", longTitle="B")).encode(), stages).documents
    assert [str(note.noted_at) for note in bill.change_history] == ["2025-03-03 00:00:00+00:00"]
    assert bill.signed_date == date(2025, 7, 1)
    assert bill.source_fields["stages"] == stages


def test_the_hash_stands_still_when_only_the_update_moves() -> None:
    before, after, said = (
        parse_answer(json.dumps(one).encode()).documents[0].content_sha256
        for one in (line(1, "A"), line(1, "A", "2026-01-01"), line(1, "B"))
    )
    assert before == after != said


def test_answers_of_another_kind_are_refused() -> None:
    stages = json.dumps({"items": [sat("1st reading")], "totalResults": 1}).encode()
    with pytest.raises(NotADocument):
        parse_answer(stages)
    with pytest.raises(UpstreamError, match="404"):
        parse_stages(b'{"title": "Not Found", "status": 404}')
    with pytest.raises(UnknownShape):
        parse_stages(b'{"items": []}')
    with pytest.raises(UnknownShape, match="bill 2"):
        parse_publications(b'{"billId": 1, "publications": []}', "2")
    with pytest.raises(UnknownShape):
        parse_answer(b'{"bills": []}')


def test_a_new_type_of_bill_is_told_and_withholds_nothing(tmp_path: Path) -> None:
    bills = [line(number, "A Bill", billTypeId=10) for number in range(1, 31)]
    ledger = crawled(Parliament(bills, 100), tmp_path).ledger
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert [(new.name, new.documents) for new in ledger.novelties] == [("billTypeId=10", 30)]


def test_the_order_of_sittings_is_no_change() -> None:
    def hashed(*days: str) -> str:
        bill = line(1, "A Bill", currentStage=sat("2nd reading", *days))
        return parse_answer(json.dumps(bill).encode()).documents[0].content_sha256

    assert hashed("2025-03-04", "2025-03-05") == hashed("2025-03-05", "2025-03-04")
    assert hashed("2025-03-04", "2025-03-05") != hashed("2025-03-04", "2025-03-06")
