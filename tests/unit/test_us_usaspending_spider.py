"""How USAspending is asked: the count first, then group by group after the last record, candidates in full."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth
from scrapers.families.money import amount
from scrapers.spiders.us_usaspending import GROUPS, UsUsaspendingSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

SINCE, UNTIL = date(2026, 11, 16), date(2026, 11, 22)


class Usa:
    """A small USAspending: texts of awards by group, two a page whatever is asked."""

    def __init__(self, **groups: list[str]) -> None:
        self.groups = {name: groups.get(name, []) for name in GROUPS}
        self.asked: list[dict[str, Any]] = []

    def answer(self, request: Request) -> bytes | int:
        if request.method == "GET":
            return json.dumps(self.award(unquote(request.url.rstrip("/").rsplit("/", 1)[1]))).encode()
        asked = json.loads(request.body)
        self.asked.append(asked)
        if request.url.endswith("spending_by_award_count/"):
            return json.dumps({"results": self.counts(), "messages": []}).encode()
        (group,) = (name for name, types in GROUPS.items() if list(types) == asked["filters"]["award_type_codes"])
        return json.dumps(self.page(group, asked.get("last_record_unique_id", -1) + 1, asked["page"])).encode()

    def counts(self) -> dict[str, Any]:
        return {name: len(texts) for name, texts in self.groups.items()}

    def page(self, group: str, start: int, number: int) -> dict[str, Any]:
        texts = self.groups[group]
        lines = [self.line(group, place) for place in range(len(texts))][start : start + 2]
        last = start + len(lines) - 1
        more = {"hasNext": last + 1 < len(texts), "last_record_unique_id": last, "last_record_sort_value": f"N{last}"}
        return {"limit": 100, "results": lines, "page_metadata": {"page": number, **more}, "messages": []}

    def line(self, group: str, place: int) -> dict[str, Any]:
        said = {"Award ID": f"N{place}", "Description": self.groups[group][place], "Base Obligation Date": "2026-11-17"}
        return {"internal_id": place, **said, "generated_internal_id": f"ASST_NON_{group}/{place}_4900"}

    def award(self, name: str) -> dict[str, Any]:
        group, place = name.removeprefix("ASST_NON_").removesuffix("_4900").split("/")
        text = self.groups[group][int(place)]
        return {"id": 1, "generated_unique_award_id": name, "description": text, "date_signed": "2026-11-17"}


def crawl(usa: Usa, folder: Path) -> Driven:
    return drive(UsUsaspendingSpider, folder, usa.answer, SINCE, UNTIL)


def test_groups_are_paged_after_the_last_record_and_candidates_read_in_full(tmp_path: Path) -> None:
    usa = Usa(contracts=["BRIDGES", "AI FOR BRIDGES", "FERRIES"], grants=["SAFE AI"])
    driven = crawl(usa, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.found_total == driven.ledger.official_total == 4
    depths = {record.document.title: record.document.depth for record in driven.landed if record.document}
    assert {title for title, depth in depths.items() if depth is Depth.FULL} == {"AI FOR BRIDGES", "SAFE AI"}
    pages = [one for one in usa.asked if "page" in one]
    assert [(one["page"], one.get("last_record_sort_value")) for one in pages] == [(1, None), (1, None), (2, "N1")]
    spans = pages[0]["filters"]["time_period"]
    assert [(one["start_date"], one["end_date"]) for one in spans] == [("2026-11-16", "2026-11-22")] * 2
    assert {one["date_type"] for one in spans} == {"date_signed", "last_modified_date"}
    assert usa.asked[0]["filters"] == {name: pages[0]["filters"][name] for name in ("keywords", "time_period")}


def test_nothing_found_is_good_in_a_short_window_and_asks_no_list(tmp_path: Path) -> None:
    usa = Usa()
    driven = drive(UsUsaspendingSpider, tmp_path, usa.answer, UNTIL, UNTIL)
    assert driven.ledger.is_good, driven.ledger.faults
    assert len(usa.asked) == 1


def test_fewer_awards_than_counted_is_a_fault(tmp_path: Path) -> None:
    class Short(Usa):
        def counts(self) -> dict[str, Any]:
            return {**super().counts(), "grants": 3}

    driven = crawl(Short(grants=["A PATH", "A ROAD"]), tmp_path)
    assert driven.ledger.faults == ("the source counts 3 documents, we read 2 and set 0 aside",)


def test_a_group_that_is_not_known_is_refused(tmp_path: Path) -> None:
    class Grown(Usa):
        def counts(self) -> dict[str, Any]:
            return {**super().counts(), "barter": 1}

    assert any("barter" in fault for fault in crawl(Grown(), tmp_path).ledger.faults)


def test_paging_that_brings_nothing_new_ends_and_is_a_fault(tmp_path: Path) -> None:
    class Stuck(Usa):
        def page(self, group: str, start: int, number: int) -> dict[str, Any]:
            return super().page(group, 0, number)

    driven = crawl(Stuck(grants=["A", "B", "C"]), tmp_path)
    assert any("paging would not end" in fault for fault in driven.ledger.faults)


def test_an_error_told_in_place_of_a_list_and_another_award_are_faults(tmp_path: Path) -> None:
    class Failing(Usa):
        def page(self, group: str, start: int, number: int) -> dict[str, Any]:
            return {"detail": "Request failed."} if group == "grants" else super().page(group, start, number)

        def award(self, name: str) -> dict[str, Any]:
            return super().award("ASST_NON_contracts/1_4900")

    driven = crawl(Failing(contracts=["AI FOR BRIDGES", "FERRIES"], grants=["A PATH"]), tmp_path)
    assert any("UpstreamError: the API reports: Request failed." in fault for fault in driven.ledger.faults)
    assert any("asked for award" in fault for fault in driven.ledger.faults)


def test_housekeeping_does_not_change_the_content_hash() -> None:
    def content_hash(**changed: object) -> str:
        line = {**Usa(grants=["A PATH"]).line("grants", 0), **changed}
        return parse_answer(json.dumps({"limit": 1, "results": [line]}).encode()).documents[0].content_sha256

    assert content_hash() == content_hash(internal_id=7, **{"Last Modified Date": "2026-11-20"})
    assert content_hash() != content_hash(Description="A ROAD")


@pytest.mark.parametrize(
    ("value", "money"),
    [(5, "5"), (-15.25, "-15.25"), (717015404040.0, "717015404040"), (79947450.42999999, "79947450.43"),
     ("1,500,000", "1500000"), ("$99.50", "99.5"), (0.0, "0"), (1e15, "1000000000000000")],
)  # fmt: skip
def test_amounts_are_read_to_the_cent(value: object, money: str) -> None:
    assert amount(value) == Decimal(money)


@pytest.mark.parametrize(
    "value", ["none", "1,50", "5 million", "1e400", True, None, [], "0.005", 10**18 * 1000.0, "9" * 21]
)
def test_other_amounts_are_not_guessed(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        amount(value)
