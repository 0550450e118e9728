"""How Grants.gov is asked: all pages of one list, details of candidates, errors inside HTTP 200 seen as errors."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Request

from scrapers.contracts import CrawlLedger, Depth, LandedRecord, UpstreamError
from scrapers.families.dates import us_eastern_day as parse_day
from scrapers.families.dates import us_eastern_instant as parse_instant
from scrapers.replay import replay_crawl
from scrapers.spiders import us_grants_gov
from scrapers.spiders.us_grants_gov import SEARCHED, UsGrantsGovSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

DAY = date(2026, 11, 20)


class Grants:
    """A small Grants.gov: pages of its own size whatever is asked, ids as text in lists and as numbers in details.

    `texts` are those that the full-text search looks through.
    """

    def __init__(self, titles: dict[int, str], page_size: int = 2, texts: dict[int, str] | None = None) -> None:
        self.titles = titles
        self.page_size = page_size
        self.texts = texts or {}
        self.asked: list[dict[str, Any]] = []

    def answer(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(asked)
        if path.endswith("/fetchOpportunity"):
            return self.detail(asked["opportunityId"])
        if phrase := asked["keyword"]:
            return self.search(phrase, asked["startRecordNum"])
        return self.page(asked["startRecordNum"])

    def search(self, phrase: str, start: int) -> dict[str, Any]:
        found = [number for number, text in self.texts.items() if phrase.strip('"') in text]
        hits = [self.hit(number) for number in found[start : start + self.page_size]]
        return succeeds({"hitCount": len(found), "startRecord": start, "oppHits": hits})

    def pages(self) -> list[int]:
        """Where the pages of the list began that were asked for, without those of searches."""
        return [asked["startRecordNum"] for asked in self.asked if asked.get("keyword") == ""]

    def fetched(self) -> list[int]:
        """The opportunities that were asked for."""
        return [asked["opportunityId"] for asked in self.asked if "opportunityId" in asked]

    def page(self, start: int) -> dict[str, Any]:
        hits = [self.hit(number) for number in [*self.titles][start : start + self.page_size]]
        return succeeds({"hitCount": len(self.titles), "startRecord": start, "oppHits": hits})

    def hit(self, number: int) -> dict[str, Any]:
        agency = {"agencyCode": "NSF", "agency": "U.S. National Science Foundation"}
        state = {"openDate": "11/02/2026", "closeDate": "", "oppStatus": "posted", "docType": "synopsis"}
        return {"id": str(number), "number": f"EX-{number}", "title": self.titles[number], **agency, **state}

    def detail(self, number: int) -> dict[str, Any]:
        synopsis = {"synopsisDesc": "<p>Details.</p>", "postingDate": "Nov 02, 2026 12:00:00 AM EST"}
        return succeeds({"id": number, "opportunityTitle": self.titles[number], "synopsis": synopsis})


def succeeds(data: dict[str, Any]) -> dict[str, Any]:
    return {"errorcode": 0, "msg": "Webservice Succeeds", "token": "none", "data": data}


def crawl(grants: Grants, folder: Path) -> Driven:
    def answer(request: Request) -> bytes:
        return json.dumps(grants.answer(request.url, json.loads(request.body))).encode()

    return drive(UsGrantsGovSpider, folder, answer, DAY, DAY)


def test_all_pages_are_read_and_candidates_fetched(tmp_path: Path) -> None:
    grants = Grants({1: "Bridges", 2: "AI for Bridges", 3: "Ferries", 4: "Tunnels", 5: "Safe AI"})
    driven = crawl(grants, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.found_total == driven.ledger.official_total == 5
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (2, 3)
    depths = {record.document.native_id: record.document.depth for record in driven.landed if record.document}
    assert depths == {str(n): Depth.FULL if n in (2, 5) else Depth.LISTING for n in range(1, 6)}
    assert grants.pages() == [0, 2, 4]
    assert grants.fetched() == [2, 5]
    assert all(asked["oppStatuses"] == "forecasted|posted|closed" for asked in grants.asked if "rows" in asked)


def test_an_empty_list_is_a_fault_however_short_the_window(tmp_path: Path) -> None:
    driven = crawl(Grants({}), tmp_path)
    assert driven.ledger.faults[0].startswith("expected 1 or more documents, got 0;")
    assert (driven.ledger.official_total, driven.landed) == (0, [])


def test_what_the_full_text_search_finds_is_fetched_whatever_its_title(tmp_path: Path) -> None:
    said = "With artificial intelligence."
    titles = {1: "Bridges", 2: "AI for Bridges", 3: "Ferries", 4: "Tunnels"}
    grants = Grants(titles, texts={1: said, 2: said, 3: "Or super intelligence.", 4: "By hand."})
    driven = crawl(grants, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert sorted(grants.fetched()) == [1, 2, 3]
    full = {
        record.document.native_id for record in driven.landed if record.document and record.document.depth == "full"
    }
    assert full == {"1", "2", "3"}
    assert driven.ledger.found_total == driven.ledger.official_total == 4
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (3, 1)


def test_a_search_is_read_to_its_end_and_finds_nothing_beside_the_list(tmp_path: Path) -> None:
    class Moving(Grants):
        def page(self, start: int) -> dict[str, Any]:
            answer = super().page(start)
            answer["data"]["oppHits"] = [hit for hit in answer["data"]["oppHits"] if hit["id"] != "4"]
            answer["data"]["hitCount"] = 3
            return answer

    grants = Moving(dict.fromkeys(range(1, 5), "Bridges"), texts=dict.fromkeys(range(1, 5), "artificial intelligence"))
    driven = crawl(grants, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert sorted(grants.fetched()) == [1, 2, 3]


def test_a_search_that_brings_nothing_new_ends_and_is_a_fault(tmp_path: Path) -> None:
    class Stuck(Grants):
        def search(self, phrase: str, start: int) -> dict[str, Any]:
            return super().search(phrase, 0)

    grants = Stuck(dict.fromkeys(range(1, 6), "Bridges"), texts=dict.fromkeys(range(1, 6), "artificial intelligence"))
    driven = crawl(grants, tmp_path)
    assert any("paging would not end" in fault for fault in driven.ledger.faults)


def test_an_error_in_place_of_a_search_makes_the_crawl_not_good(tmp_path: Path) -> None:
    class Mute(Grants):
        def search(self, phrase: str, start: int) -> dict[str, Any]:
            return {"errorcode": 1, "msg": "Service Error"}

    driven = crawl(Mute({1: "Bridges"}), tmp_path)
    assert any("artificial intelligence" in fault and "UpstreamError" in fault for fault in driven.ledger.faults)
    assert driven.ledger.found_total == 1, "the list stays"


def test_a_page_that_shifts_counts_its_documents_once(tmp_path: Path) -> None:
    class Shifting(Grants):
        def page(self, start: int) -> dict[str, Any]:
            return super().page(max(0, start - 1))

    driven = crawl(Shifting(dict.fromkeys(range(1, 5), "Bridges")), tmp_path)
    numbers = [record.document.native_id for record in driven.landed if record.document]
    assert numbers == ["1", "2", "3"]
    assert driven.ledger.faults == ("the source counts 4 documents, we read 3 and set 0 aside",)


def test_a_list_that_got_shorter_between_pages_is_a_fault(tmp_path: Path) -> None:
    class Closing(Grants):
        def page(self, start: int) -> dict[str, Any]:
            answer = super().page(start)
            answer["data"]["hitCount"] = 4 if start == 0 else 3
            return answer

    driven = crawl(Closing({1: "A bridge", 2: "A ferry", 3: "A tunnel"}), tmp_path)
    assert not driven.ledger.is_good
    assert "the list moved" in driven.ledger.faults[0]


def test_paging_that_brings_nothing_new_ends_and_is_a_fault(tmp_path: Path) -> None:
    class Stuck(Grants):
        def page(self, start: int) -> dict[str, Any]:
            return super().page(0)

    driven = crawl(Stuck({1: "Bridges", 2: "Ferries", 3: "Tunnels", 4: "Canals", 5: "Locks"}), tmp_path)
    assert any("paging would not end" in fault for fault in driven.ledger.faults)
    assert len(driven.asked) == 2, "no search follows a list that was not read to its end"


def test_a_list_without_its_count_is_refused(tmp_path: Path) -> None:
    class Countless(Grants):
        def page(self, start: int) -> dict[str, Any]:
            answer = super().page(start)
            del answer["data"]["hitCount"]
            return answer

    driven = crawl(Countless({1: "Bridges"}), tmp_path)
    assert any("expected hitCount" in fault for fault in driven.ledger.faults)


def test_details_of_another_opportunity_are_refused(tmp_path: Path) -> None:
    class Confused(Grants):
        def detail(self, number: int) -> dict[str, Any]:
            return super().detail(3)

    driven = crawl(Confused({2: "AI for Bridges", 3: "Ferries"}), tmp_path)
    assert any("asked for opportunity 2, got 3" in fault for fault in driven.ledger.faults)


def test_details_that_cannot_be_read_leave_the_line_of_the_list(tmp_path: Path) -> None:
    class Odd(Grants):
        def detail(self, number: int) -> dict[str, Any]:
            return succeeds({"id": number, "opportunityTitle": "AI for Bridges", "synopsis": "none"})

    driven = crawl(Odd({2: "AI for Bridges"}), tmp_path)
    assert [record.document.depth for record in driven.landed if record.document] == [Depth.LISTING]
    assert [record.rejected.error for record in driven.landed if record.rejected] == ["UnknownShape"]
    assert driven.ledger.is_good, "two records in a crawl may be unreadable; they are in quarantine"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jun 10, 2026 11:41:58 AM EDT", date(2026, 6, 10)),
        ("Mar 01, 2027 12:00:00 AM EST", date(2027, 3, 1)),
        ("Mar 25, 2024", date(2024, 3, 25)),
        ("2026-06-09-00-00-00", date(2026, 6, 9)),
        ("2026-06-09", date(2026, 6, 9)),
        ("06/29/2023", date(2023, 6, 29)),
    ],
)
def test_days_are_read_in_all_forms(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text", ["", "Jun 31, 2026", "29/06/2023", "06-29-2023", "Juin 1, 2026", "Jun 10, 2026 11:41:58 AM PDT", "soon"]
)
def test_other_days_are_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Jun 10, 2026 11:41:58 AM EDT", "2026-06-10T15:41:58+00:00"),
        ("Jun 10, 2026 12:00:00 AM EDT", "2026-06-10T04:00:00+00:00"),
        ("Jun 10, 2026 12:00:00 PM EDT", "2026-06-10T16:00:00+00:00"),
        ("Dec 31, 2026 11:30:00 PM EST", "2027-01-01T04:30:00+00:00"),
    ],
)
def test_instants_are_read_by_the_zone_they_name(text: str, instant: str) -> None:
    assert parse_instant(text).isoformat() == instant


@pytest.mark.parametrize(
    "text",
    ["Jun 10, 2026 11:41:58 AM", "Jun 10, 2026 11:41:58 AM CST", "Jun 10, 2026 13:00:00 PM EDT", "06/10/2026",
     "Jun 10, 2026 11:61:58 AM EDT", "2026-06-10-11-41-58"],
)  # fmt: skip
def test_instants_without_a_known_zone_are_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)


def test_housekeeping_does_not_change_the_content_hash() -> None:
    grants = Grants({1: "Bridges"})
    base = grants.detail(1)

    def content_hash(**synopsis: object) -> str:
        answer = json.loads(json.dumps(base))
        answer["token"] = str(synopsis)
        answer["data"]["synopsis"].update(synopsis)
        return parse_answer(json.dumps(answer).encode()).documents[0].content_sha256

    moved = content_hash(sendEmail="Y", lastUpdatedDate="Nov 03, 2026 01:00:00 AM EST", createTimeStampStr="x")
    assert content_hash() == moved != content_hash(awardCeiling="5")


@contextmanager
def served(grants: Grants) -> Iterator[str]:
    """The small Grants.gov on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(grants.answer(self.path, asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crawl_in_a_child(base: str, home: Path) -> tuple[CrawlLedger, list[LandedRecord]]:
    window = ["--since", DAY.isoformat(), "--until", DAY.isoformat()]
    options = [*window, "--home", str(home), "--base-url", f"api.grants.gov={base}"]
    command = [sys.executable, "-m", "scrapers.crawl", "us_grants_gov", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (ledger,) = (home / "archive" / "us_grants_gov").glob("*.ledger.json")
    (landing,) = (home / "landing" / "us_grants_gov").glob("*.jsonl")
    records = [LandedRecord.model_validate_json(line) for line in landing.read_text().splitlines()]
    return CrawlLedger.model_validate_json(ledger.read_text()), records


def test_a_crawl_asks_both_services_by_post_and_keeps_the_questions(tmp_path: Path) -> None:
    with served(Grants({1: "Bridges", 2: "Artificial Intelligence for Bridges", 3: "Ferries"})) as base:
        ledger, records = crawl_in_a_child(base, tmp_path)
    assert ledger.is_good, ledger.faults
    assert ledger.found_total == ledger.official_total == len(records) == 3
    # On a busy machine a connection may be closed and the question asked again, which is a row of its own.
    asked = [(fetch.method, fetch.url, fetch.purpose) for fetch in ledger.fetches if fetch.outcome == "ok"]
    assert asked.count(("POST", "https://api.grants.gov/v1/api/search2", "listing")) == 2 + len(SEARCHED)
    assert asked.count(("POST", "https://api.grants.gov/v1/api/fetchOpportunity", "document")) == 1
    bodies = {fetch.request_body for fetch in ledger.fetches if fetch.purpose == "document"}
    assert bodies == {'{"opportunityId":2}'}
    assert ledger.archive.records == sum(fetch.http_status is not None for fetch in ledger.fetches)


def test_a_replay_does_without_a_search_that_was_never_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Grants({1: "Bridges", 2: "Ferries"})) as base:
        ledger, _ = crawl_in_a_child(base, tmp_path)
    monkeypatch.setattr(us_grants_gov, "SEARCHED", ('"a phrase of later years"',))
    manifest = replay_crawl(tmp_path, ledger)
    assert manifest.is_good, manifest.faults
    assert manifest.found_total == ledger.found_total == 2


def test_an_error_inside_http_200_makes_the_crawl_not_good(tmp_path: Path) -> None:
    class Failing(Grants):
        def detail(self, number: int) -> dict[str, Any]:
            return {"errorcode": 7, "msg": "Opportunity is not available", "token": "", "data": None}

    with served(Failing({1: "Bridges", 2: "Artificial Intelligence for Bridges"})) as base:
        ledger, records = crawl_in_a_child(base, tmp_path)
    assert not ledger.is_good
    assert any("UpstreamError: the API reports error 7: Opportunity is not" in fault for fault in ledger.faults)
    assert [record.document.native_id for record in records if record.document] == ["1"]
    assert "refused:UpstreamError" in {fetch.outcome for fetch in ledger.fetches}


@pytest.mark.parametrize(
    "data",
    [
        {"hitCount": 0, "startRecord": 0, "oppHits": [], "errorMsgs": ["Invalid rows"]},
        {"id": None, "errorMessages": ["Opportunity not found"]},
        {"errorMsgs": ["Invalid id"]},
    ],
)
def test_an_error_told_beside_nothing_is_an_error(data: dict[str, Any]) -> None:
    with pytest.raises(UpstreamError, match="the API reports"):
        parse_answer(json.dumps({"errorcode": 0, "msg": "ok", "data": data}).encode())
