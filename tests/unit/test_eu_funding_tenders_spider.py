"""How EU Funding & Tenders is asked: one form on every page, to the total of records, a topic landed once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapy.http import Request

from scrapers.spiders.eu_funding_tenders import BOUNDARY, EuFundingTendersSpider, form, parse_answer
from tests.unit.spider_harness import Driven, drive

DAY = date(2026, 11, 20)


class Portal:
    """A small portal: identifiers and references of its records, two a page whatever is asked."""

    def __init__(self, *records: tuple[str, str], total: int | None = None) -> None:
        self.records = [self.record(*one) for one in records]
        self.total = len(records) if total is None else total
        self.asked: list[Request] = []

    def answer(self, request: Request) -> bytes | int:
        self.asked.append(request)
        page = int(parse_qs(urlsplit(request.url).query)["pageNumber"][0])
        return json.dumps(self.page(self.records[(page - 1) * 2 : page * 2])).encode()

    def page(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        return {"totalResults": self.total, "results": records}

    def record(self, identifier: str, reference: str) -> dict[str, Any]:
        said = {"type": ["1"], "identifier": [identifier], "title": [f"AI {reference}"], "status": ["31094502"]}
        return {"reference": reference, "metadata": said}


def crawl(portal: Portal, folder: Path) -> Driven:
    return drive(EuFundingTendersSpider, folder, portal.answer, DAY, DAY)


def test_all_pages_are_read_and_a_topic_is_landed_once_by_its_last_reference(tmp_path: Path) -> None:
    portal = Portal(("A", "1"), ("B", "3"), ("B", "2"), ("C", "4"), ("A", "5"))
    driven = crawl(portal, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.official_total == 5
    assert driven.ledger.found_total == driven.ledger.gate_passed == 3
    titles = {record.document.native_id: record.document.title for record in driven.landed if record.document}
    assert titles == {"A": "AI 5", "B": "AI 3", "C": "AI 4"}


def test_the_question_is_the_same_form_on_every_page(tmp_path: Path) -> None:
    portal = Portal(("A", "1"), ("B", "2"), ("C", "3"))
    crawl(portal, tmp_path)
    assert {request.body for request in portal.asked} == {form()}
    assert {request.method for request in portal.asked} == {"POST"}
    assert {request.headers["Content-Type"].decode() for request in portal.asked} == {
        f"multipart/form-data; boundary={BOUNDARY}"
    }
    parts = [part.split(b"\r\n\r\n")[1] for part in form().split(f"--{BOUNDARY}".encode())[1:-1]]
    assert [json.loads(part) for part in parts][1:] == [["en"], {"field": "identifier", "order": "ASC"}]


def test_a_list_that_ends_before_its_total_is_a_fault(tmp_path: Path) -> None:
    driven = crawl(Portal(("A", "1"), ("B", "2"), total=5), tmp_path)
    assert any("expected 5 records, got 2 before the list ended" in fault for fault in driven.ledger.faults)


def test_a_page_without_a_total_and_an_error_are_faults(tmp_path: Path) -> None:
    class Countless(Portal):
        def page(self, records: list[dict[str, Any]]) -> dict[str, Any]:
            return {"results": records}

    class Down(Portal):
        def page(self, records: list[dict[str, Any]]) -> dict[str, Any]:
            return {"status": 500, "error": "Internal Server Error"}

    for kind, said in ((Countless, "expected totalResults"), (Down, "UpstreamError")):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        assert any(said in fault for fault in crawl(kind(("A", "1")), folder).ledger.faults)


def test_housekeeping_does_not_change_the_content_hash() -> None:
    def content_hash(said: dict[str, Any], **changed: object) -> str:
        record = {**Portal().record("A", "1"), **changed}
        record["metadata"] = {**record["metadata"], **said}
        return parse_answer(json.dumps({"results": [record]}).encode()).documents[0].content_sha256

    assert content_hash({}) == content_hash({"es_SortDate": ["x"]}, weight=2.5, apiVersion="3")
    assert content_hash({}) != content_hash({"deadlineDate": ["2026-12-01T17:00:00.000+0000"]})


def test_a_budget_cut_short_costs_no_other_record() -> None:
    record = Portal().record("A", "1")
    record["metadata"]["budgetOverview"] = ['{"budgetTopicActionMap": {']
    answer = parse_answer(json.dumps({"results": [record]}).encode())
    assert [one.error for one in answer.rejected] == ["UnreadableField"]
    assert len(answer.documents) == 1


def test_a_new_status_is_told_and_withholds_nothing(tmp_path: Path) -> None:
    portal = Portal(*((f"T{number}", str(number)) for number in range(30)))
    for record in portal.records:
        record["metadata"] |= {"status": ["31094504"], "startDate": ["2026-05-01T00:00:00.000+0000"]}
    driven = crawl(portal, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert [(new.name, new.documents) for new in driven.ledger.novelties] == [("metadata/status=31094504", 30)]
    document = driven.landed[0].document
    assert document is not None
    assert (document.document_subtype, document.published_date) == (None, None)
    assert document.source_fields["metadata"]["status"] == ["31094504"]


def test_the_order_of_keywords_and_the_snippet_of_a_search_are_no_change() -> None:
    def hashed(keywords: list[str], **more: Any) -> str:
        record = Portal(("A", "1")).records[0] | more
        record["metadata"] |= {"keywords": keywords}
        return parse_answer(json.dumps({"totalResults": 1, "results": [record]}).encode()).documents[0].content_sha256

    assert hashed(["a", "b"]) == hashed(["b", "a"]) == hashed(["a", "b"], content="Another snippet")
    assert hashed(["a", "b"]) != hashed(["a", "c"])
