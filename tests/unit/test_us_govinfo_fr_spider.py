"""How govinfo's bulk data is asked: a listing a month, every listed issue of the window, candidates landed."""

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

import pytest
from scrapy.http import Request

from scrapers.contracts import CrawlLedger, LandedRecord
from scrapers.spiders.us_govinfo_fr import UsGovinfoFrSpider
from tests.unit.spider_harness import NOW, Driven, drive

THURSDAY, FRIDAY, SUNDAY = date(2026, 1, 29), date(2026, 1, 30), date(2026, 2, 1)
Pages = dict[str, tuple[int, str]]


def notice(number: str | None, subject: str, text: str = "Nothing else.") -> str:
    printed = f"<FRDOC>[FR Doc. {number} Filed 1-28-26; 8:45 am]</FRDOC>" if number else ""
    return f"<NOTICE><PREAMB><SUBJECT>{subject}</SUBJECT></PREAMB><SUPLINF><P>{text}</P></SUPLINF>{printed}</NOTICE>"


def order(number: str) -> str:
    return (
        "<PRESDOCU><EXECORD><PRES>The President</PRES><EXECORDR>Executive Order 14999 of January 26, 2026</EXECORDR>"
        f'<HD SOURCE="HED">Lighthouses</HD><FP>Light them.</FP><FRDOC>[FR Doc. {number}</FRDOC>'
        "<FILED>Filed 1-28-26; 11:15 am]</FILED></EXECORD></PRESDOCU>"
    )


def issue(day: date, *documents: str) -> str:
    date_line = f"<DATE>{day:%A, %B} {day.day}, {day.year}</DATE>"
    inside = f"<VOL>91</VOL>{date_line}<NOTICES>{''.join(documents)}</NOTICES>"
    return f"<?xml version='1.0' encoding='UTF-8'?><FEDREG>{inside}</FEDREG>"


def listing(*days: date) -> str:
    files = [{"name": f"FR-{day}.xml", "justFileName": f"FR-{day}.xml", "folder": False, "size": 9} for day in days]
    return json.dumps({"files": [{"name": "FR-2026-01.zip", "folder": False, "size": 99}, *files]})


def issue_path(day: date) -> str:
    return f"/bulkdata/FR/{day:%Y/%m}/FR-{day}.xml"


@contextmanager
def served(pages: Pages) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, text = pages.get(self.path, (404, "not here"))
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def crawl(folder: Path, pages: Pages, since: date, until: date) -> tuple[CrawlLedger, list[LandedRecord], list[str]]:
    vocabulary = folder / "terms.csv"
    vocabulary.write_text("term,pattern,valid_from,valid_to,note\nAI,\\bAI\\b,,,\n")
    with served(pages) as (base, asked):
        command = [sys.executable, "-m", "scrapers.crawl", "us_govinfo_fr", "--since", str(since)]
        command += [
            "--until",
            str(until),
            "--home",
            str(folder),
            "--base-url",
            f"www.govinfo.gov={base}",
            "--vocabulary",
            str(vocabulary),
        ]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    (sealed,) = (folder / "archive" / "us_govinfo_fr").glob("*.ledger.json")
    (landed,) = (folder / "landing" / "us_govinfo_fr").glob("*.jsonl")
    records = [LandedRecord.model_validate_json(line) for line in landed.read_text(encoding="utf-8").splitlines()]
    ledger = CrawlLedger.model_validate_json(sealed.read_bytes())
    return ledger, records, [path for path in asked if path != "/robots.txt"]


def driven(folder: Path, pages: dict[str, str], since: date, until: date) -> Driven:
    def answer(request: Request) -> bytes | int:
        page = pages.get(request.url.removeprefix("https://www.govinfo.gov"))
        return 404 if page is None else page.encode()

    return drive(UsGovinfoFrSpider, folder, answer, since, until)


@pytest.mark.parametrize("page", [None, '{"files": []}', '{"files": [{"name": "FR-2026-10.zip"}]}'])
def test_a_month_that_is_over_has_issues(tmp_path: Path, page: str | None) -> None:
    pages = {} if page is None else {"/bulkdata/json/FR/2026/10": page}
    crawled = driven(tmp_path, pages, date(2026, 10, 30), date(2026, 10, 31))
    (fault,) = crawled.ledger.faults
    assert "expected the issues of October 2026, a month that is over, got " in fault


@pytest.mark.parametrize("page", [None, '{"files": []}'])
@pytest.mark.parametrize("until", [NOW.date(), date(2026, 12, 2)])
def test_the_month_of_the_crawl_and_later_ones_may_have_no_listing_yet(
    tmp_path: Path, page: str | None, until: date
) -> None:
    pages = {} if page is None else {"/bulkdata/json/FR/2026/11": page, "/bulkdata/json/FR/2026/12": page}
    crawled = driven(tmp_path, pages, date(2026, 11, 21), until)
    assert crawled.ledger.is_good, crawled.ledger.faults


def test_a_week_that_is_over_has_issues_also_in_the_month_of_the_crawl(tmp_path: Path) -> None:
    crawled = driven(tmp_path, {}, date(2026, 11, 16), NOW.date())
    assert "none after 2026-11-15 and before 2026-11-23" in crawled.ledger.faults[0]


def test_a_listing_that_leaves_out_a_week_is_not_whole(tmp_path: Path) -> None:
    days = [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 14), date(2026, 1, 15)]
    pages = {"/bulkdata/json/FR/2026/01": listing(*days)}
    pages |= {issue_path(day): issue(day, notice(f"2026-{day.day}", "Gulls")) for day in days}
    crawled = driven(tmp_path, pages, date(2026, 1, 3), date(2026, 1, 16))
    assert "none after 2026-01-06 and before 2026-01-14" in crawled.ledger.faults[0]


def test_listed_issues_of_the_window_are_read_and_candidates_landed(tmp_path: Path) -> None:
    """The window runs over a weekend into another month."""
    before = date(2026, 1, 28)
    pages: Pages = {
        "/bulkdata/json/FR/2026/01": (200, listing(before, THURSDAY, FRIDAY)),
        "/bulkdata/json/FR/2026/02": (200, listing(date(2026, 2, 2))),
        issue_path(THURSDAY): (200, issue(THURSDAY, notice("2026-1", "AI in harbours"), notice("2026-2", "Gulls"))),
        issue_path(FRIDAY): (200, issue(FRIDAY, notice("2026-3", "Buoys", "Steered by AI."), order("2026-4"))),
    }
    ledger, records, asked = crawl(tmp_path, pages, THURSDAY, SUNDAY)
    assert ledger.is_good, ledger.faults
    landed = {record.document.document_id: record.document for record in records if record.document}
    assert sorted(landed) == ["fr:2026-1:2026-01-29", "fr:2026-3:2026-01-30", "fr:2026-4:2026-01-30"]
    assert landed["fr:2026-4:2026-01-30"].document_subtype == "Executive Order"
    assert (ledger.gate_passed, ledger.gate_left_out, ledger.found_total) == (2, 1, 3)
    assert ledger.planned == 4
    wanted = {"/bulkdata/json/FR/2026/01", "/bulkdata/json/FR/2026/02", issue_path(THURSDAY), issue_path(FRIDAY)}
    assert set(asked) == wanted
    assert len(asked) == len(wanted)
    assert {day.day: day.found for day in ledger.days} == {THURSDAY: 1, FRIDAY: 2, date(2026, 1, 31): 0, SUNDAY: 0}


def test_a_listed_issue_that_is_not_there_makes_the_crawl_bad(tmp_path: Path) -> None:
    pages: Pages = {
        "/bulkdata/json/FR/2026/01": (200, listing(THURSDAY, FRIDAY)),
        issue_path(THURSDAY): (200, issue(THURSDAY, notice("2026-1", "AI in harbours"))),
    }
    ledger, records, _ = crawl(tmp_path, pages, THURSDAY, FRIDAY)
    assert not ledger.is_good
    assert [fault for fault in ledger.faults if "FR-2026-01-30.xml" in fault and "404" in fault]
    assert len(records) == 1, "what was read stays"


def test_a_cut_issue_makes_the_crawl_bad_and_lands_nothing_of_it(tmp_path: Path) -> None:
    whole = issue(FRIDAY, notice("2026-1", "AI in harbours"), notice("2026-2", "More AI"))
    crawled = driven(
        tmp_path,
        {"/bulkdata/json/FR/2026/01": listing(FRIDAY), issue_path(FRIDAY): whole[: len(whole) * 3 // 4]},
        FRIDAY,
        FRIDAY,
    )
    assert crawled.landed == []
    assert [fault for fault in crawled.ledger.faults if "Truncated" in fault]


def test_a_service_error_in_place_of_a_listing_is_no_empty_month(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><head><title>Bulkdata Service Error</title></head></html>"
    crawled = driven(tmp_path, {"/bulkdata/json/FR/2026/01": page}, FRIDAY, FRIDAY)
    assert [fault for fault in crawled.ledger.faults if "UpstreamError" in fault]


def test_an_issue_of_another_day_is_refused(tmp_path: Path) -> None:
    pages = {"/bulkdata/json/FR/2026/01": listing(FRIDAY), issue_path(FRIDAY): issue(THURSDAY, notice("2026-1", "AI"))}
    crawled = driven(tmp_path, pages, FRIDAY, FRIDAY)
    assert crawled.landed == []
    assert [fault for fault in crawled.ledger.faults if "expected the issue of 2026-01-30" in fault]


def test_an_issue_without_documents_is_refused(tmp_path: Path) -> None:
    pages = {"/bulkdata/json/FR/2026/01": listing(FRIDAY), issue_path(FRIDAY): issue(FRIDAY)}
    crawled = driven(tmp_path, pages, FRIDAY, FRIDAY)
    assert [fault for fault in crawled.ledger.faults if "expected printed documents" in fault]


@pytest.mark.parametrize("spoilt", [notice(None, "AI without a number"), notice("2026-1", "AI under a used number")])
def test_what_cannot_be_identified_is_set_aside_not_lost(tmp_path: Path, spoilt: str) -> None:
    first = notice("2026-1", "AI in harbours")
    pages = {"/bulkdata/json/FR/2026/01": listing(FRIDAY), issue_path(FRIDAY): issue(FRIDAY, first, spoilt)}
    crawled = driven(tmp_path, pages, FRIDAY, FRIDAY)
    assert crawled.ledger.is_good, crawled.ledger.faults
    (document,) = [record.document for record in crawled.landed if record.document]
    (rejected,) = [record.rejected for record in crawled.landed if record.rejected]
    assert document.title == "AI in harbours"
    assert rejected.error == "UnknownShape"
    assert "AI" in rejected.raw
