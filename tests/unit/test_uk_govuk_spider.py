"""The GOV.UK spider against a stand-in on loopback: what it asks, what it lands, and when its ledger is good."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from scrapers.contracts import Availability, CrawlLedger, Depth, LandedRecord, PolicyDocument
from scrapers.spiders import uk_govuk

ROOT = Path(__file__).parents[2]
WINDOW = ("2024-05-01", "2024-05-07")


def hit(number: int, title: str, **more: Any) -> dict[str, Any]:
    """A search hit as the API gives it."""
    link = f"/guidance/page-{number}"
    return {
        "title": title,
        "link": link,
        "description": "About it.",
        "public_timestamp": f"2024-05-0{1 + number % 7}T10:00:00.000+00:00",
        "content_id": f"00000000-0000-4000-8000-{number:012d}",
        "content_store_document_type": "guidance",
        "organisations": [{"slug": "department-of-tests", "title": "Department of Tests"}],
        "_id": link,
        "es_score": None,
        **more,
    }


def item(listed: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The content item of a hit."""
    return {
        "base_path": listed["link"],
        "content_id": listed["content_id"],
        "document_type": "guidance",
        "schema_name": "publication",
        "title": listed["title"],
        "description": listed["description"],
        "locale": "en",
        "first_published_at": "2024-05-02T09:00:00.000+00:00",
        "public_updated_at": listed["public_timestamp"],
        "withdrawn_notice": {},
        "details": {"body": "<p>Full text.</p>"},
        "links": {},
        **more,
    }


class StandIn:
    """Answers like GOV.UK: a search over `hits`, and `pages` by path (JSON, or a status with headers)."""

    def __init__(self, hits: list[dict[str, Any]], page_size: int = 3) -> None:
        self.hits = hits
        self.page_size = page_size
        self.pages: dict[str, tuple[int, Any, dict[str, str]]] = {}
        self.asked: list[str] = []
        self.searched: list[dict[str, str]] = []
        self.before_search: Callable[[int], None] = lambda number: None

    def page(self, path: str, body: Any = None, status: int = 200, **headers: str) -> None:
        """Put an answer at a path of the content API."""
        self.pages[path] = (status, body, headers)

    async def search(self, request: web.Request) -> web.Response:
        self.searched.append(dict(request.query))
        self.before_search(len(self.searched))
        start = int(request.query["start"])
        size = min(int(request.query["count"]), self.page_size)
        span = dict(part.split(":", 1) for part in request.query["filter_public_timestamp"].split(","))
        hits = [one for one in self.hits if span["from"] <= one["public_timestamp"][:10] <= span["to"]]
        found = {"results": hits[start : start + size], "total": len(hits), "start": start, "aggregates": {}}
        return web.json_response({**found, "suggested_queries": [], "es_cluster": "A"})

    async def content(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/content")
        self.asked.append(path)
        status, body, headers = self.pages.get(path, (404, {"error": {"code": 404}}, {}))
        return web.Response(status=status, text=json.dumps(body), headers=headers, content_type="application/json")


@contextmanager
def serving(stand_in: StandIn) -> Iterator[str]:
    """Run the stand-in on a free port of loopback, in a thread of its own."""
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.router.add_get("/api/search.json", stand_in.search)
    app.router.add_get("/api/content/{path:.*}", stand_in.content)
    runner = web.AppRunner(app)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", 0)
    loop.run_until_complete(site.start())
    port = runner.addresses[0][1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(runner.cleanup())
        loop.close()


def crawled(
    stand_in: StandIn, home: Path, window: tuple[str, str] = WINDOW
) -> tuple[CrawlLedger, list[PolicyDocument]]:
    """Crawl the stand-in in a process of its own; the ledger and what was landed."""
    home.mkdir(exist_ok=True)
    vocabulary = home / "terms.csv"
    vocabulary.write_text("term,pattern,valid_from,valid_to,note\nAI,\\bAI\\b,,,\n", encoding="utf-8")
    with serving(stand_in) as base:
        command = [sys.executable, "-m", "scrapers.crawl", "uk_govuk", "--since", window[0], "--until", window[1]]
        command += ["--home", str(home), "--base-url", f"www.gov.uk={base}", "--vocabulary", str(vocabulary)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    (ledger,) = (home / "archive" / "uk_govuk").glob("*.ledger.json")
    (landing,) = (home / "landing" / "uk_govuk").glob("*.jsonl")
    records = [LandedRecord.model_validate_json(line) for line in landing.read_text(encoding="utf-8").splitlines()]
    documents = [record.document for record in records if record.document is not None]
    return CrawlLedger.model_validate_json(ledger.read_text(encoding="utf-8")), documents


def by_id(documents: list[PolicyDocument]) -> dict[str, PolicyDocument]:
    return {document.native_id: document for document in documents}


def test_a_window_is_listed_page_by_page_and_only_candidates_are_fetched(tmp_path: Path) -> None:
    hits = [hit(1, "AI assurance"), hit(2, "Bus timetables"), hit(3, "Rail fares"), hit(4, "Using AI in schools")]
    hits.append(hit(5, "AI on another site", link="https://www.example.org/ai", content_id=None, _id="x"))
    stand_in = StandIn(hits)
    for listed in (hits[0], hits[3]):
        stand_in.page(listed["link"], item(listed))
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert (ledger.official_total, ledger.found_total) == (5, 5)
    assert (ledger.gate_passed, ledger.gate_left_out) == (3, 2)
    assert sorted(stand_in.asked) == ["/guidance/page-1", "/guidance/page-4"]
    assert [query["start"] for query in stand_in.searched] == ["0", "3"]
    landed = by_id(documents)
    assert landed[hits[0]["content_id"]].depth is Depth.FULL
    assert landed[hits[0]["content_id"]].body == "Full text."
    assert landed[hits[1]["content_id"]].depth is Depth.LISTING
    assert landed["https://www.example.org/ai"].depth is Depth.LISTING


def test_a_moved_page_is_landed_as_moved_and_its_target_is_asked_once(tmp_path: Path) -> None:
    hits = [hit(1, "AI one"), hit(2, "AI two"), hit(3, "AI three")]
    target = hit(9, "Where it went")
    stand_in = StandIn(hits)
    stand_in.page("/guidance/page-1", None, 303, Location="/api/content/guidance/page-9")
    redirect = {"path": "/guidance/page-2", "type": "exact", "destination": "/guidance/page-9?a=b#c"}
    moved = {"base_path": "/guidance/page-2", "content_id": None, "schema_name": "redirect", "title": None}
    stand_in.page("/guidance/page-2", {**moved, "document_type": "redirect", "locale": "en", "redirects": [redirect]})
    stand_in.page("/guidance/page-3", None, 301, Location="https://elsewhere.example.org/three")
    stand_in.page("/guidance/page-9", item(target))
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert stand_in.asked.count("/guidance/page-9") == 1
    landed = by_id(documents)
    moved_pages = [landed[one["content_id"]] for one in hits]
    assert [page.availability for page in moved_pages] == [Availability.REDIRECTED] * 3
    assert [page.redirects_to for page in moved_pages] == [
        "/guidance/page-9",
        "/guidance/page-9?a=b#c",
        "https://elsewhere.example.org/three",
    ]
    assert moved_pages[0].title == "AI one"
    assert landed[target["content_id"]].title == "Where it went"
    assert (ledger.official_total, ledger.found_total) == (3, 4)


def test_gone_missing_and_withdrawn_pages_are_told_apart(tmp_path: Path) -> None:
    hits = [hit(1, "AI gone"), hit(2, "AI missing"), hit(3, "AI withdrawn"), hit(4, "AI bare gone")]
    stand_in = StandIn(hits, page_size=10)
    details = {"explanation": "<p>Published in error</p>", "alternative_path": "/guidance/other"}
    gone = {"base_path": "/guidance/page-1", "document_type": "gone", "schema_name": "gone", "details": details}
    stand_in.page("/guidance/page-1", gone, 410)
    notice = {"explanation": "<p>Out of date</p>", "withdrawn_at": "2024-05-03T23:30:00Z"}
    stand_in.page("/guidance/page-3", item(hits[2], withdrawn_notice=notice))
    stand_in.page("/guidance/page-4", None, 410)
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    gone_page, missing, withdrawn, bare = (by_id(documents)[one["content_id"]] for one in hits)
    assert (gone_page.availability, gone_page.title) == (Availability.GONE, "AI gone")
    assert (gone_page.redirects_to, gone_page.withdrawal_note) == ("/guidance/other", "Published in error")
    assert (missing.availability, missing.withdrawal_note) == (Availability.GONE, None)
    assert (bare.availability, bare.redirects_to) == (Availability.GONE, None)
    assert (withdrawn.availability, withdrawn.withdrawal_note) == (Availability.WITHDRAWN, "Out of date")
    assert withdrawn.withdrawn_at is not None


def test_html_attachments_of_candidates_are_documents_of_their_own(tmp_path: Path) -> None:
    parent = hit(1, "AI white paper")
    child = "/guidance/page-1/the-paper"
    stand_in = StandIn([parent])
    stated = [{"attachment_type": "html", "id": "1", "title": "The paper", "url": child}]
    stated.append({"attachment_type": "html", "id": "2", "title": "Elsewhere", "url": "/guidance/page-11/other"})
    stand_in.page(parent["link"], item(parent, details={"body": "<p>See below.</p>", "attachments": stated}))
    own = {"base_path": child, "content_id": "c" * 8, "title": "The paper", "schema_name": "html_publication"}
    stand_in.page(child, {**item(parent), **own, "document_type": "html_publication"})
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert stand_in.asked == [parent["link"], child]
    assert [document.title for document in documents] == ["AI white paper", "The paper"]


def test_a_page_with_more_html_attachments_than_are_asked_for_is_warned_of(tmp_path: Path) -> None:
    parent = hit(1, "AI white paper")
    children = [f"/guidance/page-1/part-{number}" for number in range(uk_govuk.MAX_CHILDREN + 2)]
    stand_in = StandIn([parent])
    stated = [{"attachment_type": "html", "title": "A part", "url": child} for child in children]
    stand_in.page(parent["link"], item(parent, details={"attachments": stated}))
    for number, child in enumerate(children):
        own = {"base_path": child, "content_id": f"child-{number}", "schema_name": "html_publication"}
        stand_in.page(child, {**item(parent), **own})
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, len(documents)) == (True, 1 + uk_govuk.MAX_CHILDREN)
    (warning,) = ledger.warnings
    limit = uk_govuk.MAX_CHILDREN
    assert f"page-1 has {limit + 2} HTML attachments, the first {limit} were asked for" in warning


def test_one_failed_page_makes_the_crawl_not_good(tmp_path: Path) -> None:
    hits = [hit(1, "AI one"), hit(2, "AI two")]
    stand_in = StandIn(hits)
    stand_in.page("/guidance/page-1", item(hits[0]))
    stand_in.page("/guidance/page-2", {"error": "broken"}, 501)
    ledger, documents = crawled(stand_in, tmp_path)
    assert not ledger.is_good
    assert [fault for fault in ledger.faults if "page-2" in fault and "501" in fault]
    assert list(by_id(documents)) == [hits[0]["content_id"]]


def test_an_error_of_the_search_makes_the_crawl_not_good(tmp_path: Path) -> None:
    class Strict(StandIn):
        async def search(self, request: web.Request) -> web.Response:
            return web.json_response({"error": "Unexpected parameters: foo"}, status=422)

    ledger, documents = crawled(Strict([]), tmp_path)
    assert (ledger.is_good, documents) == (False, [])


def test_a_list_that_moves_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    stand_in = StandIn([hit(number, f"Page {number}") for number in range(1, 6)])

    def publish(number: int) -> None:
        if number == 2:
            stand_in.hits.insert(0, hit(6, "Newest page"))

    stand_in.before_search = publish
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert (ledger.official_total, ledger.found_total, len(documents)) == (6, 6, 6)
    assert [query["start"] for query in stand_in.searched] == ["0", "3", "0", "3"]
    assert (ledger.gate_passed, ledger.gate_left_out) == (0, 6)


def test_a_page_that_brings_nothing_new_before_the_end_is_refused(tmp_path: Path) -> None:
    class Stuck(StandIn):
        async def search(self, request: web.Request) -> web.Response:
            return web.json_response({"results": self.hits, "total": 9, "start": 0})

    ledger, documents = crawled(Stuck([hit(1, "One"), hit(2, "Two")]), tmp_path)
    assert not ledger.is_good
    assert "paging would not end" in ledger.faults[0]
    assert len(documents) == 2


def test_an_empty_day_is_good_and_an_empty_week_is_not(tmp_path: Path) -> None:
    ledger, documents = crawled(StandIn([]), tmp_path / "day", ("2024-05-01", "2024-05-01"))
    assert (ledger.is_good, ledger.official_total, documents) == (True, 0, [])
    ledger, _ = crawled(StandIn([]), tmp_path / "week")
    assert [fault.split(";")[0] for fault in ledger.faults] == ["expected 1 or more documents, got 0"]


def test_an_unreadable_field_of_a_hit_and_of_its_page_is_set_aside_and_does_not_count_as_a_hit(tmp_path: Path) -> None:
    hits = [hit(1, "AI for all", public_timestamp="2024-05-02 at noon"), hit(2, "Bins")]
    stand_in = StandIn(hits)
    stand_in.page("/guidance/page-1", item(hits[0], public_updated_at="later"))
    ledger, documents = crawled(stand_in, tmp_path, ("2024-05-01", "2024-05-03"))
    assert ledger.is_good, ledger.faults
    assert len(documents) == 2
    assert sum(fetch.rejected for fetch in ledger.fetches) == 0
    landed = (tmp_path / "landing" / "uk_govuk" / ledger.landing.name).read_text(encoding="utf-8")
    records = map(LandedRecord.model_validate_json, landed.splitlines())
    wheres = sorted(record.rejected.where for record in records if record.rejected)
    assert wheres == ["/0/public_updated_at", "/results/0/public_timestamp"]


def test_a_window_beyond_the_reach_of_paging_is_halved(tmp_path: Path) -> None:
    class Capped(StandIn):
        async def search(self, request: web.Request) -> web.Response:
            self.searched.append(dict(request.query))
            if len(self.searched) == 1:
                return web.json_response({"results": [], "total": uk_govuk.REACHABLE + 1, "start": 0})
            return await super().search(request)

    hits = [hit(number, f"Page {number}") for number in range(7)]
    stand_in = Capped(hits, page_size=10)
    ledger, documents = crawled(stand_in, tmp_path)
    assert (ledger.is_good, ledger.faults) == (True, ())
    assert (ledger.official_total, len(documents)) == (7, 7)
    spans = {query["filter_public_timestamp"] for query in stand_in.searched}
    assert {"from:2024-05-01,to:2024-05-04", "from:2024-05-05,to:2024-05-07"} < spans
