"""How the Federal Register is asked: by months, in halves where paging would not reach, never without end."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Availability, PolicyDocument, UnknownShape, UpstreamError, Window
from scrapers.families.records import Record
from scrapers.spiders import us_federal_register
from scrapers.spiders.us_federal_register import (
    REACHABLE,
    UsFederalRegisterSpider,
    months,
    parse_answer,
    parse_daily_counts,
    parse_document,
)
from tests.unit.spider_harness import NOW, Driven, drive

TODAY = NOW.date()


def test_a_window_is_cut_at_the_ends_of_months() -> None:
    cut = months(Window(since=date(2023, 12, 30), until=date(2024, 3, 1)))
    assert [(window.since.isoformat(), window.until.isoformat()) for window in cut] == [
        ("2023-12-30", "2023-12-31"),
        ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-01"),
    ]


@pytest.mark.parametrize("days", [1, 2, 28, 31, 32, 365, 366, 800])
def test_months_hold_each_day_once(days: int) -> None:
    window = Window(since=date(2024, 1, 31), until=date(2024, 1, 31) + timedelta(days - 1))
    assert [day for part in months(window) for day in part.days()] == window.days()


def test_counts_must_be_by_day() -> None:
    assert parse_daily_counts(b'{"2026-03-05": {"name": "03/05/2026", "count": 3}}') == {date(2026, 3, 5): 3}
    for body in (b"[]", b'{"RULE": {"count": 3}}', b'{"2026-03-05": {}}'):
        with pytest.raises(UnknownShape):
            parse_daily_counts(body)


NOTHING_FILED = b'{"count": 0, "results": []}'
NOTICE = {"title": "A notice", "type": "Notice", "agency_names": ["An agency"]}
FILING = {"document_number": "2026-9", "publication_date": "2026-03-03", "filed_at": "2026-03-01T08:45:00.000-05:00"}


def is_about_filings(request: Request) -> bool:
    return "public-inspection-documents" in request.url


class Register:
    """A small Federal Register: documents by day, a page size of its own, and the habits of the real one."""

    def __init__(self, by_day: dict[date, int], page_size: int = 1000, counted: int | None = None) -> None:
        self.by_day = by_day
        self.page_size = page_size
        self.counted = counted
        self.windows: list[tuple[date, date]] = []
        self.filings: list[dict[str, Any]] = []

    def answer(self, request: Request) -> bytes:
        if is_about_filings(request):
            return json.dumps({"count": len(self.filings), "results": self.filings}).encode()
        parts = urlsplit(request.url)
        query = parse_qs(parts.query)
        since, until = (date.fromisoformat(query[f"conditions[publication_date][{end}]"][0]) for end in ("gte", "lte"))
        held = {day: count for day, count in self.by_day.items() if since <= day <= until}
        if parts.path.endswith("/facets/daily"):
            return json.dumps({day.isoformat(): {"count": count} for day, count in held.items() if count}).encode()
        page = int(query.get("page", ["1"])[0])
        if page == 1:
            self.windows.append((since, until))
        return json.dumps(self._page(parts.query, held, page)).encode()

    def _page(self, query: str, held: dict[date, int], page: int) -> dict[str, Any]:
        records = [
            {"document_number": f"{day:%m%d}-{number}", "publication_date": day.isoformat(), **NOTICE}
            for day, count in held.items()
            for number in range(count)
        ]
        if not records:
            return {"description": "Documents", "count": 0}
        first = (page - 1) * self.page_size
        shown = records[first : first + self.page_size]
        answer = {"description": "Documents", "count": self.counted or len(records), "results": shown}
        if first + self.page_size < len(records):
            following = query.replace(f"&page={page}", "") + f"&page={page + 1}"
            answer["next_page_url"] = f"https://www.federalregister.gov/api/v1/documents?{following}"
        return answer


def crawl(register: Register, folder: Path, since: date, until: date) -> Driven:
    return drive(UsFederalRegisterSpider, folder, register.answer, since, until)


def test_every_document_of_every_day_is_landed(tmp_path: Path) -> None:
    register = Register({date(2026, 3, 30): 3, date(2026, 3, 31): 4, date(2026, 4, 2): 2}, page_size=2)
    driven = crawl(register, tmp_path, date(2026, 3, 29), date(2026, 4, 2))
    assert driven.ledger.is_good, driven.ledger.faults
    assert len(driven.landed) == driven.ledger.found_total == 9
    assert [day.official for day in driven.ledger.days] == [0, 3, 4, 0, 2]


def test_a_window_past_what_paging_reaches_is_halved(tmp_path: Path) -> None:
    days = {date(2026, 3, 1) + timedelta(n): 700 for n in range(4)}
    register = Register(days)
    driven = crawl(register, tmp_path, date(2026, 3, 1), date(2026, 3, 4))
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.found_total == 2800 > REACHABLE
    assert register.windows == [
        (date(2026, 3, 1), date(2026, 3, 4)),
        (date(2026, 3, 1), date(2026, 3, 2)),
        (date(2026, 3, 3), date(2026, 3, 4)),
    ]


def test_the_first_page_of_a_window_past_what_paging_reaches_is_not_read(tmp_path: Path) -> None:
    days = {date(2026, 3, 1) + timedelta(n): 700 for n in range(4)}
    read: list[str] = []

    def reading(record: Record) -> PolicyDocument:
        read.append(record["document_number"])
        return parse_document(record)

    with patch.object(us_federal_register, "parse_document", reading):
        driven = crawl(Register(days), tmp_path, date(2026, 3, 1), date(2026, 3, 4))
    assert len(read) == driven.ledger.found_total == 2800


def test_a_single_day_past_the_cap_is_paged_and_not_halved_for_ever(tmp_path: Path) -> None:
    register = Register({date(2026, 3, 1): 5}, counted=10_000)
    driven = crawl(register, tmp_path, date(2026, 3, 1), date(2026, 3, 1))
    assert driven.ledger.is_good, driven.ledger.faults
    assert len(register.windows) == 1


def test_a_window_without_documents_is_looked_at_and_good(tmp_path: Path) -> None:
    driven = crawl(Register({}), tmp_path, date(2025, 12, 25), date(2025, 12, 25))
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.landed == []
    assert [(day.found, day.official) for day in driven.ledger.days] == [(0, 0)]


def test_filings_are_landed_and_count_on_no_day(tmp_path: Path) -> None:
    register = Register({date(2026, 3, 1): 2, date(2026, 3, 3): 1})
    register.filings = [FILING]
    driven = crawl(register, tmp_path, date(2026, 3, 1), date(2026, 3, 3))
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.warnings == ()
    assert [(day.found, day.official) for day in driven.ledger.days] == [(2, 2), (0, 0), (1, 1)]
    filed = [record.document for record in driven.landed if record.document and record.document.filed_at]
    assert [(document.document_id, document.published_date) for document in filed] == [("fr:2026-9", None)]


def test_filings_that_are_counted_and_not_listed_are_told(tmp_path: Path) -> None:
    def answer(request: Request) -> bytes:
        if is_about_filings(request):
            return json.dumps({"count": 107, "results": [FILING]}).encode()
        return Register({date(2026, 3, 1): 1}).answer(request)

    driven = drive(UsFederalRegisterSpider, tmp_path, answer, date(2026, 3, 1), date(2026, 3, 1))
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.warnings == ("the source counts 107 filings, its list holds 1",)


@pytest.mark.parametrize(
    ("until", "is_stand_in", "address"),
    [
        (date(2026, 3, 5), True, "public-inspection-documents.json?conditions%5Bavailable_on%5D=2026-03-05"),
        (date(2026, 3, 5), False, None),
        (TODAY - timedelta(1), False, None),
        (TODAY, False, "public-inspection-documents/current.json"),
        (TODAY, True, "public-inspection-documents/current.json"),
        (TODAY + timedelta(3), False, "public-inspection-documents/current.json"),
    ],
)
def test_filings_are_asked_for_when_the_window_reaches_the_present(
    until: date, is_stand_in: bool, address: str | None, tmp_path: Path
) -> None:
    driven = drive(UsFederalRegisterSpider, tmp_path, Register({}).answer, until, until, is_stand_in=is_stand_in)
    asked = [request.url.rsplit("/v1/", 1)[1] for request in driven.asked if is_about_filings(request)]
    assert asked == ([] if address is None else [address])


NEXT = "https://www.federalregister.gov/api/v1/documents?page=2"
ONE = {"document_number": "2026-1", "publication_date": "2026-03-01"}


@pytest.mark.parametrize(
    ("first", "following"),
    [
        ({"count": 1, "results": [], "next_page_url": NEXT}, {}),
        ({"count": 2, "results": [ONE], "next_page_url": NEXT}, {"count": 2, "results": [], "next_page_url": NEXT}),
        ({"count": 2, "results": [ONE], "next_page_url": NEXT}, {"count": 2, "results": [ONE], "next_page_url": NEXT}),
    ],
    ids=["an empty first page", "an empty following page", "the same page again"],
)
def test_paging_that_brings_nothing_new_ends_and_is_a_fault(
    first: dict[str, Any], following: dict[str, Any], tmp_path: Path
) -> None:
    def answer(request: Request) -> bytes:
        if is_about_filings(request):
            return NOTHING_FILED
        if "facets" in request.url:
            return b'{"2026-03-01": {"count": 1}}'
        return json.dumps(following if "page=2" in request.url else first).encode()

    driven = drive(UsFederalRegisterSpider, tmp_path, answer, date(2026, 3, 1), date(2026, 3, 1))
    assert not driven.ledger.is_good
    assert any("paging would not end" in fault for fault in driven.ledger.faults)


def test_a_document_missing_from_the_list_makes_the_crawl_not_good(tmp_path: Path) -> None:
    def answer(request: Request) -> bytes:
        if is_about_filings(request):
            return NOTHING_FILED
        if "facets" in request.url:
            return b'{"2026-03-01": {"count": 2}}'
        return json.dumps({"count": 1, "results": [ONE]}).encode()

    driven = drive(UsFederalRegisterSpider, tmp_path, answer, date(2026, 3, 1), date(2026, 3, 1))
    assert "2026-03-01: the source counts 2 documents, we read 1" in driven.ledger.faults


def test_a_week_without_documents_is_a_fault_also_when_the_source_counts_none(tmp_path: Path) -> None:
    driven = crawl(Register({}), tmp_path, date(2026, 3, 1), date(2026, 3, 7))
    (fault,) = driven.ledger.faults
    assert fault.startswith("expected 1 or more documents, got 0;")


def test_a_record_that_is_set_aside_is_counted_and_a_field_is_not(tmp_path: Path) -> None:
    records = [{**ONE, "effective_on": "0000-00-00"}, {"publication_date": "2026-03-01"}]

    def answer(request: Request) -> bytes:
        if is_about_filings(request):
            return NOTHING_FILED
        if "facets" in request.url:
            return b'{"2026-03-01": {"count": 2}}'
        return json.dumps({"count": 2, "results": records}).encode()

    driven = drive(UsFederalRegisterSpider, tmp_path, answer, date(2026, 3, 1), date(2026, 3, 1))
    assert driven.ledger.is_good, driven.ledger.faults
    assert [fetch.rejected for fetch in driven.ledger.fetches] == [0, 1, 0]
    set_aside = [(record.rejected.where, record.rejected.error) for record in driven.landed if record.rejected]
    assert set_aside == [("/results/0/effective_on", "UnreadableField"), ("/results/1", "UnknownShape")]


def test_a_field_that_changed_its_form_everywhere_makes_the_crawl_not_good(tmp_path: Path) -> None:
    class Drifting(Register):
        def answer(self, request: Request) -> bytes:
            return super().answer(request).replace(b'"title":', b'"effective_on": ["2026-03-02"], "title":')

    driven = crawl(Drifting({date(2026, 3, 2): 3}), tmp_path, date(2026, 3, 2), date(2026, 3, 2))
    assert driven.ledger.found_total == 3
    assert driven.ledger.faults == (
        "/results/effective_on could not be read 3 times in 3 documents; see quarantine and mend the parser",
    )


@pytest.mark.parametrize(
    "note",
    [
        "The Department of Commerce withdrew this document from publication.",
        "This document was removed from public inspection at the request of the agency.",
        None,
    ],
)
def test_a_filing_without_both_its_days_was_withdrawn(note: str | None) -> None:
    filing = {"document_number": "2026-90009", "filed_at": None, "publication_date": None, "editorial_note": note}
    (document,) = parse_answer(json.dumps({"count": 1, "results": [filing]}).encode()).documents
    assert (document.availability, document.withdrawal_note) == (Availability.WITHDRAWN, note)


def test_a_document_without_its_number_and_an_error_are_told_apart() -> None:
    document = {"title": "A rule", "publication_date": "2026-03-03", "agencies": [{"name": "A"}]}
    with pytest.raises(UnknownShape, match="document_number"):
        parse_answer(json.dumps(document).encode())
    with pytest.raises(UpstreamError, match="Internal Server Error"):
        parse_answer(b'{"status": 500, "error": "Internal Server Error"}')
