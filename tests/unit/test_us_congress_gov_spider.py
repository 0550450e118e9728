"""The spider of Congress asks the API with a key and the bulk data without, and reads the same files in full."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, UnknownShape, UpstreamError
from scrapers.registry import source
from scrapers.spiders import us_congress_gov
from scrapers.spiders.us_congress_gov import UsCongressGovSpider, bill_url, congress_of, parse_answer, parse_listing
from tests.unit.spider_harness import Driven, drive

SINCE, UNTIL = date(2026, 1, 12), date(2026, 1, 14)
KEY = "AIPOLICY_CONGRESS_GOV_KEY"
ECHO = {"contentType": "application/json", "format": "json"}


def bill(number: int, title: str, kind: str = "HR") -> dict[str, Any]:
    return {
        "congress": 119,
        "number": str(number),
        "type": kind,
        "title": title,
        "originChamber": "House",
        "introducedDate": "2026-01-12",
        "latestAction": {"actionDate": "2026-01-12", "text": "Referred to a sample committee."},
    }


def page(bills: list[dict[str, Any]], count: int, name: str = "bills") -> bytes:
    return json.dumps({name: bills, "pagination": {"count": count}, "request": ECHO}).encode()


def status(number: int, title: str, summary: str = "", kind: str = "HR") -> bytes:
    said = f"<summaries><summary><actionDate>2026-01-12</actionDate><text>{summary}</text></summary></summaries>"
    return (
        f"<billStatus><version>3.0.0</version><bill><number>{number}</number><type>{kind}</type>"
        f"<congress>119</congress><introducedDate>2026-01-12</introducedDate><title>{title}</title>{said}"
        "<actions><item><actionDate>2026-01-12</actionDate><text>Introduced in House</text></item></actions>"
        "</bill></billStatus>"
    ).encode()


def listing(*names: str, at: str = "13-Jan-2026 09:11") -> bytes:
    files = [{"justFileName": name, "name": name, "folder": False, "formattedLastModifiedTime": at} for name in names]
    return json.dumps({"files": files}).encode()


def run(folder: Path, answer: Callable[[str, dict[str, list[str]]], bytes | int]) -> Driven:
    def by_url(request: Request) -> bytes | int:
        parts = urlsplit(request.url)
        return answer(f"{parts.netloc}{parts.path}", parse_qs(parts.query))

    return drive(UsCongressGovSpider, folder, by_url, SINCE, UNTIL)


def full(driven: Driven) -> dict[str, Depth]:
    return {line.document.native_id: line.document.depth for line in driven.landed if line.document}


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "sample")


@pytest.fixture
def without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)


@pytest.mark.usefixtures("with_key")
def test_with_a_key_the_api_lists_and_govinfo_tells_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(us_congress_gov, "PAGE_SIZE", 2)
    bills = [bill(1, "An AI bill"), bill(2, "A ferry bill"), bill(3, ""), bill(4, "To amend title 5")]
    spoken = {"bill": bill(4, "To amend title 5"), "actionDate": "2026-01-12", "text": "<p>About AI.</p>"}

    def answer(where: str, query: dict[str, list[str]]) -> bytes | int:
        if where == "api.congress.gov/v3/bill":
            assert query["fromDateTime"] == ["2026-01-12T05:00:00Z"]
            assert query["toDateTime"] == ["2026-01-15T04:59:59Z"]
            start = int(query["offset"][0])
            return page(bills[start : start + 2], 4)
        if where == "api.congress.gov/v3/summaries":
            return page([spoken], 1, "summaries")
        number = int(where.removesuffix(".xml").split("119hr")[-1])
        return status(number, bills[number - 1]["title"] or "Now it has one", "About AI." if number == 4 else "")

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert driven.ledger.official_total == driven.ledger.found_total == 4
    assert full(driven) == {
        "119-hr-1": Depth.FULL,
        "119-hr-2": Depth.LISTING,
        "119-hr-3": Depth.FULL,
        "119-hr-4": Depth.FULL,
    }
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (3, 1)
    assert {urlsplit(request.url).netloc for request in driven.asked} == {"api.congress.gov", "www.govinfo.gov"}


@pytest.mark.usefixtures("with_key")
def test_bills_count_on_the_day_by_which_they_were_listed(tmp_path: Path) -> None:
    days = ("2026-01-14", "2026-01-14", "2026-01-15", "soon")
    bills = [bill(number, "A ferry bill") | {"updateDate": day} for number, day in enumerate(days, 1)]

    def answer(where: str, query: dict[str, list[str]]) -> bytes:
        return page(bills, 4) if where.endswith("/bill") else page([], 0, "summaries")

    driven = run(tmp_path, answer)
    assert [day.found for day in driven.ledger.days] == [1, 0, 3], "one without a day is taken for what it is dated"


@pytest.mark.usefixtures("with_key")
def test_what_govinfo_does_not_have_yet_is_read_from_the_api(tmp_path: Path) -> None:
    def answer(where: str, query: dict[str, list[str]]) -> bytes | int:
        if where == "api.congress.gov/v3/bill":
            return page([bill(1, "An AI bill")], 1)
        if where == "api.congress.gov/v3/summaries":
            return page([], 0, "summaries")
        if where == "api.congress.gov/v3/bill/119/hr/1":
            return json.dumps({"bill": bill(1, "An AI bill"), "request": ECHO}).encode()
        return 404

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert full(driven) == {"119-hr-1": Depth.FULL}


@pytest.mark.usefixtures("with_key")
def test_a_list_that_repeats_itself_ends(tmp_path: Path) -> None:
    driven = run(tmp_path, lambda where, query: page([bill(2, "A ferry bill")], 9))
    assert "expected new bills" in driven.ledger.faults[0]


@pytest.mark.usefixtures("without_key")
def test_without_a_key_the_bulk_data_lists_and_every_touched_file_is_read(tmp_path: Path) -> None:
    def answer(where: str, query: dict[str, list[str]]) -> bytes | int:
        if where == "www.govinfo.gov/bulkdata/json/BILLSTATUS/119/hr":
            value = json.loads(listing("BILLSTATUS-119hr1.xml", "BILLSTATUS-119hr2.xml", "BILLSTATUS-119-hr.zip"))
            # 04:59 UTC of the 12th is still the 11th in Washington.
            value["files"] += json.loads(listing("BILLSTATUS-119hr9.xml", at="12-Jan-2026 04:59"))["files"]
            return json.dumps(value).encode()
        if where.startswith("www.govinfo.gov/bulkdata/json/BILLSTATUS/119/"):
            return listing(f"BILLSTATUS-119{where.rsplit('/', 1)[1]}7.xml", at="01-Jan-2026 09:11")
        assert where in ("www.govinfo.gov/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr1.xml",
                         "www.govinfo.gov/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr2.xml")  # fmt: skip
        return status(1, "To amend title 5", "About AI.") if where.endswith("119hr1.xml") else status(2, "A ferry bill")

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert driven.ledger.official_total == driven.ledger.found_total == 2
    assert [day.found for day in driven.ledger.days] == [0, 2, 0], "by the day of the change"
    assert full(driven) == {"119-hr-1": Depth.FULL, "119-hr-2": Depth.LISTING}
    (line,) = [one.document for one in driven.landed if one.document and one.document.depth is Depth.LISTING]
    assert (line.change_history, line.source_fields) == ((), {})
    accepted = {request.headers["Accept"] for request in driven.asked}
    assert accepted == {b"application/json", b"application/xml"}
    assert all(urlsplit(request.url).netloc == "www.govinfo.gov" for request in driven.asked)


@pytest.mark.usefixtures("without_key")
def test_a_file_of_another_bill_is_refused(tmp_path: Path) -> None:
    def answer(where: str, query: dict[str, list[str]]) -> bytes | int:
        if where.endswith("/hr"):
            return listing("BILLSTATUS-119hr1.xml")
        return listing("BILLSTATUS-119s7.xml", at="01-Jan-2026 09:11") if "json" in where else status(2, "Another")

    driven = run(tmp_path, answer)
    assert any("asked for bill 119-hr-1, got 119-hr-2" in fault for fault in driven.ledger.faults)


@pytest.mark.usefixtures("without_key")
def test_an_old_congress_without_measures_is_a_fault(tmp_path: Path) -> None:
    driven = run(tmp_path, lambda where, query: 404 if where.endswith("/hr") else listing("BILLSTATUS-119-s.zip"))
    assert len(driven.ledger.faults) == 8
    assert "expected files of the 119th Congress under hr, got none" in driven.ledger.faults[0]


def test_the_key_is_optional_and_goes_to_one_host() -> None:
    key = source("us_congress_gov").key
    assert key is not None
    assert (key.is_optional, key.host) == (True, "api.congress.gov")


@pytest.mark.parametrize(
    ("day", "congress"),
    [("2019-02-01", 116), ("2021-01-02", 116), ("2021-01-03", 117), ("2022-12-31", 117), ("2026-10-09", 119)],
)
def test_the_congress_of_a_day(day: str, congress: int) -> None:
    assert congress_of(date.fromisoformat(day)) == congress


def test_an_error_in_place_of_a_listing_is_told() -> None:
    with pytest.raises(UpstreamError, match="down"):
        parse_listing(b'{"message": "down"}')
    with pytest.raises(UnknownShape, match="when 119-hr-1 was modified"):
        parse_listing(listing("BILLSTATUS-119hr1.xml", at="yesterday"))


def test_a_trivial_edit_changes_no_hash() -> None:
    before = parse_answer(status(1, "An AI bill")).documents[0]
    touched = status(1, "An AI bill").replace(b"<title>", b"<updateDate>2026-02-02T01:02:03Z</updateDate><title>")
    acted = status(1, "An AI bill").replace(b"Introduced in House", b"Introduced in the House")
    assert parse_answer(touched).documents[0].content_sha256 == before.content_sha256
    assert parse_answer(acted).documents[0].content_sha256 != before.content_sha256


def test_a_bill_is_law_from_the_day_of_the_action_that_says_so() -> None:
    """Unsigned, signed, or over a veto; in a list, where it is the latest action."""
    became = b"<item><actionDate>2026-03-01</actionDate><text>Became Public Law No: 119-99.</text></item></actions>"
    (law,) = parse_answer(status(1, "An AI bill").replace(b"</actions>", became)).documents
    assert (law.published_date, law.signed_date, law.effective_date) == (SINCE, None, date(2026, 3, 1))
    latest = {"actionDate": "2026-03-01", "text": "Became Public Law No: 119-99."}
    (listed,) = parse_answer(page([bill(1, "An AI bill") | {"latestAction": latest}], 1)).documents
    assert listed.effective_date == date(2026, 3, 1)
    (pending,) = parse_answer(status(1, "An AI bill")).documents
    assert pending.effective_date is None


def test_addresses_are_those_of_the_bulk_data() -> None:
    assert bill_url("119-hjres-25") == "https://www.govinfo.gov/bulkdata/BILLSTATUS/119/hjres/BILLSTATUS-119hjres25.xml"
