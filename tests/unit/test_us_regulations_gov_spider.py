"""The spider of Regulations.gov asks each day for postings and changes, pages by its rules, and fetches candidates."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Availability, Depth, NotADocument, UnknownShape
from scrapers.spiders import us_regulations_gov
from scrapers.spiders.us_regulations_gov import UsRegulationsGovSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

DAY = date(2026, 3, 9)


def document(number: int, title: str, posted: str = "2026-03-09T04:00:00Z", **more: Any) -> dict[str, Any]:
    attributes = {
        "agencyId": "XYZ",
        "docketId": "XYZ-2026-0001",
        "documentType": "Notice",
        "lastModifiedDate": f"2026-03-09T14:00:{number:02d}Z",
        "postedDate": posted,
        "title": title,
        "withdrawn": False,
        **more,
    }
    return {"type": "documents", "id": f"XYZ-2026-0001-{number:04d}", "attributes": attributes}


def page(documents: list[dict[str, Any]], total: int, *, follows: bool = False) -> bytes:
    return json.dumps({"data": documents, "meta": {"totalElements": total, "hasNextPage": follows}}).encode()


def run(folder: Path, answer: Callable[[str, dict[str, str]], bytes | int]) -> Driven:
    def by_url(request: Request) -> bytes | int:
        parts = urlsplit(request.url)
        return answer(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})

    return drive(UsRegulationsGovSpider, folder, by_url, DAY, DAY)


def detail(path: str) -> bytes:
    name = path.rsplit("/", 1)[1]
    if "/dockets/" in path:
        attributes = {"title": "A sample docket", "modifyDate": "2026-03-09T14:00:00Z"}
        return json.dumps({"data": {"type": "dockets", "id": name, "attributes": attributes}}).encode()
    full = document(int(name[-4:]), "On AI")
    full["attributes"]["modifyDate"] = full["attributes"].pop("lastModifiedDate")
    return json.dumps({"data": full}).encode()


def test_postings_are_counted_changes_come_back_and_candidates_are_fetched(tmp_path: Path) -> None:
    old = document(3, "An old notice", "2020-01-02T05:00:00Z", withdrawn=True)

    def answer(path: str, query: dict[str, str]) -> bytes | int:
        if path != "/v4/documents":
            assert query == ({} if "/dockets/" in path else {"include": "attachments"})
            return detail(path)
        assert query["sort"] == "lastModifiedDate,documentId"
        if "filter[postedDate][ge]" in query:
            assert (query["filter[postedDate][ge]"], query["filter[postedDate][le]"]) == ("2026-03-09", "2026-03-09")
            return page([document(1, "On AI"), document(2, "On ferries"), document(4, "More on AI")], 3)
        assert query["filter[lastModifiedDate][ge]"] == "2026-03-09 00:00:00"
        assert query["filter[lastModifiedDate][le]"] == "2026-03-09 23:59:59"
        return page([old, document(1, "On AI")], 2)

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    # The count is one of the days asked for together, which the source states for no day of them.
    assert [(day.found, day.official) for day in driven.ledger.days] == [(4, None)]
    landed = {line.document.native_id: line.document for line in driven.landed if line.document}
    assert landed["XYZ-2026-0001-0001"].depth is Depth.FULL
    assert landed["XYZ-2026-0001-0002"].depth is Depth.LISTING
    assert landed["XYZ-2026-0001-0003"].availability is Availability.WITHDRAWN
    assert landed["XYZ-2026-0001"].document_type == "Docket"
    assert sum("/dockets/" in request.url for request in driven.asked) == 1
    assert sum("include=attachments" in request.url for request in driven.asked) == 2


def test_after_the_last_page_that_is_answered_the_list_is_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(us_regulations_gov, "MOST_PAGES", 2)
    everything = [document(number, "On ferries") for number in range(1, 8)]

    def answer(path: str, query: dict[str, str]) -> bytes | int:
        if "filter[postedDate][ge]" not in query:
            return page([], 0)
        since = query.get("filter[lastModifiedDate][ge]", "")
        # 14:00 UTC is 10:00 in Washington on 9 March.
        left = [one for one in everything if one["attributes"]["lastModifiedDate"][17:19] >= since[17:19]]
        start = (int(query["page[number]"]) - 1) * 2
        return page(left[start : start + 2], len(left), follows=start + 2 < len(left))

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert driven.ledger.found_total == 7
    assert any("2026-03-09+10%3A00%3A04" in request.url for request in driven.asked)


def test_a_list_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(us_regulations_gov, "MOST_PAGES", 2)
    driven = run(tmp_path, lambda path, query: page([document(1, "On ferries")], 9, follows=True))
    assert any("expected new documents" in fault for fault in driven.ledger.faults)


def test_a_missing_posting_is_a_fault(tmp_path: Path) -> None:
    driven = run(
        tmp_path,
        lambda path, query: page([document(1, "On ferries")], 2 if "filter[postedDate][ge]" in query else 1),
    )
    assert "the source counts 2 documents, we read 1" in driven.ledger.faults[0]


def test_a_list_without_its_end_is_refused(tmp_path: Path) -> None:
    driven = run(tmp_path, lambda path, query: json.dumps({"data": []}).encode())
    assert any("its end is not known" in fault for fault in driven.ledger.faults)


def test_an_empty_list_that_counts_is_refused() -> None:
    with pytest.raises(UnknownShape, match="counts 4"):
        parse_answer(b'{"data": [], "meta": {"totalElements": 4, "pageNumber": 1}}')
    with pytest.raises(NotADocument, match="submissions"):
        parse_answer(b'{"data": [{"type": "comments", "id": "A-1-2"}]}')


def test_what_follows_from_the_calendar_changes_no_hash() -> None:
    before, after, extended = (
        parse_answer(page([document(1, "A notice", openForComment=is_open, commentEndDate=end)], 1)).documents[0]
        for is_open, end in (
            (True, "2026-04-10T03:59:59Z"), (False, "2026-04-10T03:59:59Z"), (False, "2026-05-10T03:59:59Z")
        )
    )  # fmt: skip
    assert before.content_sha256 == after.content_sha256
    assert extended.content_sha256 != after.content_sha256
    assert str(extended.comments_close_date) == "2026-05-09"
