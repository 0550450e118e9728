"""How the Press Corner is asked: each month's search page by page against its total, the text of candidates."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, ParsedAnswer
from scrapers.spiders import eu_press_corner
from scrapers.spiders.eu_press_corner import EuPressCornerSpider
from tests.unit.spider_harness import Driven, drive


class Corner:
    """A small Press Corner: two documents a page whatever is asked."""

    def __init__(self, titles: dict[str, tuple[str, str]], page_size: int = 2) -> None:
        self.titles = titles
        self.page_size = page_size
        self.asked: list[dict[str, str]] = []

    def answer(self, request: Request) -> bytes:
        parts = urlsplit(request.url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(asked)
        if parts.path.endswith("/api/documents"):
            return self.document(asked["reference"])
        return json.dumps(self.page(asked)).encode()

    def page(self, asked: dict[str, str]) -> dict[str, Any]:
        since, until = (date(int(day[4:]), int(day[2:4]), int(day[:2])) for day in (asked["datefrom"], asked["dateto"]))
        found = [
            {"refCode": ref, "eventDate": day, "title": title, "leadText": "", "docutype": {"code": "IP"}}
            for ref, (day, title) in self.titles.items()
            if since <= date.fromisoformat(day) <= until
        ]
        start = (int(asked["pagenumber"]) - 1) * self.page_size
        shown = found[start : start + self.page_size]
        return {"totalNumber": len(found), "docuLanguageListResources": shown}

    def document(self, reference: str) -> bytes:
        day, title = self.titles[reference]
        text = {"title": title, "htmlContent": "<p>Text.</p>", "language": "en"}
        value = {"docuLanguageResource": text, "refCd": reference, "eventDate": day, "docutypeResource": {"code": "IP"}}
        return json.dumps(value).encode()

    def crawl(self, folder: Path, since: str = "2026-07-01", until: str = "2026-07-07") -> Driven:
        return drive(EuPressCornerSpider, folder, self.answer, date.fromisoformat(since), date.fromisoformat(until))


TITLES = {
    "IP/26/1": ("2026-07-01", "A bridge"),
    "IP/26/2": ("2026-07-02", "AI for bridges"),
    "IP/26/3": ("2026-07-03", "A ferry"),
    "IP/26/4": ("2026-08-01", "A tunnel"),
}


def depths(driven: Driven) -> dict[str, Depth]:
    return {record.document.native_id: record.document.depth for record in driven.landed if record.document}


def test_each_month_is_read_to_its_total_and_candidates_fetched(tmp_path: Path) -> None:
    corner = Corner(TITLES)
    driven = corner.crawl(tmp_path, "2026-07-01", "2026-08-02")
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.official_total == driven.ledger.found_total == 4
    assert depths(driven) == {ref: Depth.FULL if ref == "IP/26/2" else Depth.LISTING for ref in TITLES}
    windows = {(asked["datefrom"], asked["dateto"]) for asked in corner.asked if "datefrom" in asked}
    assert windows == {("01072026", "31072026"), ("01082026", "02082026")}
    assert "reference=IP/26/2&language=en" in " ".join(request.url for request in driven.asked)


def test_an_empty_answer_in_place_of_a_document_leaves_its_line(tmp_path: Path) -> None:
    class Mute(Corner):
        def document(self, reference: str) -> bytes:
            return b""

    driven = Mute(TITLES).crawl(tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert depths(driven)["IP/26/2"] is Depth.LISTING


def test_another_document_than_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    class Confused(Corner):
        def document(self, reference: str) -> bytes:
            return super().document("IP/26/1")

    driven = Confused(TITLES).crawl(tmp_path)
    assert any("asked for IP/26/2, got IP/26/1" in fault for fault in driven.ledger.faults)


def test_pages_that_end_before_the_total_are_a_fault(tmp_path: Path) -> None:
    class Short(Corner):
        def page(self, asked: dict[str, str]) -> dict[str, Any]:
            return {**super().page(asked), "totalNumber": 9}

    driven = Short(TITLES).crawl(tmp_path)
    assert any("paging would not end" in fault for fault in driven.ledger.faults)


def test_an_error_in_place_of_a_page_is_a_fault(tmp_path: Path) -> None:
    class Failing(Corner):
        def page(self, asked: dict[str, str]) -> dict[str, Any]:
            return {"status": 500, "error": "Internal Server Error"}

    driven = Failing(TITLES).crawl(tmp_path)
    assert any("UpstreamError" in fault for fault in driven.ledger.faults)


def test_a_search_without_a_total_is_refused(tmp_path: Path) -> None:
    class Countless(Corner):
        def page(self, asked: dict[str, str]) -> dict[str, Any]:
            return {"docuLanguageListResources": super().page(asked)["docuLanguageListResources"]}

    driven = Countless(TITLES).crawl(tmp_path)
    assert any("expected totalNumber" in fault for fault in driven.ledger.faults)


def test_an_empty_month_is_looked_at(tmp_path: Path) -> None:
    driven = Corner(TITLES).crawl(tmp_path, "2026-05-01", "2026-05-02")
    assert driven.ledger.is_good, driven.ledger.faults
    assert (driven.ledger.official_total, driven.landed) == (0, [])


def test_the_page_size_is_what_the_search_allows() -> None:
    assert eu_press_corner.PAGE_SIZE == 100


def a_document(**changed: Any) -> dict[str, Any]:
    text = {"title": "T", "htmlContent": "<p>Text.</p>", "language": "EN"}
    said = {"docuLanguageResource": text, "refCd": "IP/26/1", "eventDate": "2026-09-29"}
    return said | {"docutypeResource": {"code": "IP"}, "policiesResource": [{"code": "A"}, {"code": "B"}]} | changed


def read(said: dict[str, Any]) -> ParsedAnswer:
    return eu_press_corner.parse_answer(json.dumps(said).encode())


def test_links_to_acts_lead_to_the_numbers_of_the_cellar() -> None:
    text = (
        "\b<p><a href='https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32024R1689'>By number</a>"
        "<a href='https://eur-lex.europa.eu/eli/reg/2024/1689/oj/eng'>By ELI</a></p>"
    )
    (document,) = read(a_document(docuLanguageResource={"title": "T", "htmlContent": text})).documents
    targets = [(one.target.scheme, one.target.value) for one in document.relations]
    assert targets == [("eu_celex", "32024R1689"), ("eu_eli", "reg/2024/1689/oj")]
    assert document.text_flags == ("control_removed",)


def test_a_part_that_is_no_object_costs_no_document() -> None:
    answer = read(a_document(docutypeResource="IP", policiesResource=["AI"]))
    (document,) = answer.documents
    assert (document.body, document.document_type, document.subjects) == ("Text.", None, ())
    assert document.source_fields["docutypeResource"] == "IP"
    assert [one.where for one in answer.rejected] == ["/0/docutypeResource", "/0/policiesResource"]


@pytest.mark.parametrize(
    "changed",
    [{"policiesResource": [{"code": "B"}, {"code": "A"}]}, {"eventDate": "2026-09-29T00:00:00"}],
)
def test_order_and_notation_are_no_change(changed: dict[str, Any]) -> None:
    first, second = (read(said).documents[0].content_sha256 for said in (a_document(), a_document(**changed)))
    assert first == second
    assert first != read(a_document(eventDate="2026-09-30")).documents[0].content_sha256
