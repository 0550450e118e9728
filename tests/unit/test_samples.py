"""The sample sources answer as the official APIs do: paging, caps, cursors, refusals, and records that agree."""

from __future__ import annotations

import contextlib
import csv
import gzip
import http.client
import itertools
import json
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from aiohttp import web
from lxml import etree

from pipelines.enrich.references import OfficialText, parse_references
from scrapers.families.federal_register_xml import parse_document, placed_documents
from scrapers.registry import sources
from scrapers.samples.discover import UnknownSample, joined, sample_hosts
from scrapers.samples.filler import FIRST_DAY, LAST_DAY
from scrapers.samples.host import ROBOTS, SampleHost
from scrapers.samples.issue_calendar import federal_holidays, has_issue, issue_number
from scrapers.samples.process import running_samples
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug
from scrapers.samples.uk_govuk.index import GovukIndex
from scrapers.samples.uk_govuk.index import read_index as read_pages
from scrapers.samples.us_federal_register.host import full_record
from scrapers.samples.us_federal_register.index import CORPUS_FILE, FrIndex
from scrapers.samples.us_federal_register.index import read_index as read_documents
from scrapers.samples.us_federal_register.records import FrDocument
from scrapers.samples.us_govinfo_fr.issue import write_issue
from scrapers.samples.us_grants_gov.index import read_opportunities
from scrapers.samples.us_grants_gov.records import Opportunity
from scrapers.spiders.us_grants_gov import parse_answer as parse_opportunities
from scrapers.spiders.us_grants_gov_extract import parse_answer as parse_extract

ROOT = Path(__file__).resolve().parents[2]
FR, GOVINFO, GOVUK, GRANTS = "www.federalregister.gov", "www.govinfo.gov", "www.gov.uk", "api.grants.gov"
EXTRACTS = "prod-grants-gov-chatbot.s3.amazonaws.com"
SINCE, UNTIL = "conditions[publication_date][gte]", "conditions[publication_date][lte]"

pytestmark = pytest.mark.xdist_group("samples")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["Content-Type"].startswith("application/json")
        return json.loads(self.body)


@dataclass(frozen=True)
class Samples:
    where: dict[str, str]

    def ask(
        self,
        host: str,
        path: str,
        *query: tuple[str, object],
        post: object = None,
        accept: str = "application/json",
    ) -> Answer:
        target = f"{path}?{urlencode([(name, str(value)) for name, value in query])}" if query else path
        connection = http.client.HTTPConnection(urlsplit(self.where[host]).netloc, timeout=20)
        try:
            if post is None:
                connection.request("GET", target, headers={"Accept": accept})
            else:
                body = post if isinstance(post, bytes) else json.dumps(post).encode()
                connection.request("POST", target, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def documents(self, *query: tuple[str, object]) -> Any:
        return self.ask(FR, "/api/v1/documents.json", *query).json

    def follow(self, url: str) -> Any:
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", FR), "next pages carry the official host"
        return self.ask(FR, f"{parts.path}?{parts.query}").json


@pytest.fixture(scope="module")
def index() -> FrIndex:
    return read_documents(None)


@pytest.fixture(scope="module")
def pages() -> GovukIndex:
    return read_pages()


@pytest.fixture(scope="module")
def opportunities() -> dict[int, Opportunity]:
    return read_opportunities()


@pytest.fixture(scope="module")
def samples() -> Iterator[Samples]:
    with running_samples() as where:
        yield Samples(where)


@pytest.fixture(scope="module")
def corpus_samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samples]:
    """A corpus of 12,000 documents on two days of 2021."""
    folder = tmp_path_factory.mktemp("corpus")
    with gzip.open(folder / CORPUS_FILE, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["document_number", "publication_date", "title", "abstract", "html_url"])
        for number in range(12_000):
            day = "2021-03-01" if number % 2 else "2021-03-02"
            writer.writerow(
                [f"2021-{number:05d}", day, f"Title {number} & more", "", f"https://{FR}/documents/{number}"]
            )
    with running_samples(corpus=folder) as where:
        yield Samples(where)


# --- the process


def test_all_hosts_are_named_and_have_their_robots_rules(samples: Samples) -> None:
    assert {FR, GOVINFO, GOVUK, GRANTS} <= set(samples.where)
    assert list(samples.where) == sorted(samples.where)
    assert all(base.startswith("http://127.0.0.1:") for base in samples.where.values())
    assert [samples.ask(host, "/robots.txt").status for host in (FR, GOVINFO, GOVUK, GRANTS)] == [200, 200, 200, 404]
    assert samples.ask(GOVINFO, "/robots.txt").body == b"User-agent: *\nDisallow: /app/search/\n"


def test_a_failed_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=CORPUS_FILE), running_samples(corpus=tmp_path):
        pytest.fail("it must not start")


def test_the_log_holds_one_line_a_request(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with running_samples(log=log) as where:
        Samples(where).ask(FR, "/robots.txt")
        Samples(where).ask(GOVUK, "/api/search.json", ("bogus", 1))
        Samples(where).ask(GOVINFO, "/nowhere")
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(row["host"], row["method"], row["path_qs"], row["status"]) for row in rows] == [
        (FR, "GET", "/robots.txt", 200),
        (GOVUK, "GET", "/api/search.json?bogus=1", 422),
        (GOVINFO, "GET", "/nowhere", 404),
    ]
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}\+00:00", row["at"]) for row in rows)


def test_sigterm_ends_it_cleanly() -> None:
    child = _child()
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a child's life to its parent's")
def test_it_dies_with_its_parent() -> None:
    code = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-m', 'scrapers.samples'], stdout=-1);"
        "child.stdout.readline(); print(child.pid)"
    )
    pid = int(
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=30).stdout
    )
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(10)


def test_help_speaks_to_a_stranger() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "scrapers.samples", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert all(word in shown for word in ("--source", "--corpus", "--port", "--log", "127.0.0.1", "Example:"))


# --- discovery


def test_the_samples_serve_every_host_of_every_source() -> None:
    for name, config in sources().items():
        assert {urlsplit(host).netloc for host in config.hosts} <= set(sample_hosts([name])), name


def test_only_the_selected_sources_are_imported() -> None:
    code = (
        "import sys; from scrapers.samples.discover import sample_hosts; print(*sample_hosts(['uk_govuk']));"
        "sys.exit('scrapers.samples.us_grants_gov' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [GOVUK]


def test_only_the_selected_sources_are_served() -> None:
    with running_samples(sources=("us_grants_gov", "us_federal_register")) as where:
        assert list(where) == [GRANTS, FR]


def test_ports_follow_the_order_of_the_hosts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scrapers.samples", "--port", str(port), "--source", "uk_govuk"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        where = json.loads(child.stdout.readline())
        child.terminate()
    assert where == {GOVUK: f"http://127.0.0.1:{port}"}


def test_a_slug_without_samples_is_wrong_usage() -> None:
    with pytest.raises(UnknownSample, match=r"no samples of nobody; there are those of .*uk_govuk"):
        sample_hosts(["uk_govuk", "nobody"])
    command = [sys.executable, "-m", "scrapers.samples", "--source", "nobody"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no samples of nobody" in done.stderr


async def _answer(_: web.Request) -> web.Response:
    return web.Response()


async def _other_answer(_: web.Request) -> web.Response:
    return web.Response()


def test_two_sources_share_a_host() -> None:
    one = SampleHost([web.get("/one", _answer), web.get("/both", _answer)], "User-agent: *\nDisallow: /my/\n")
    two = SampleHost([web.get("/two", _answer), web.get("/both", _answer)])
    both = joined("host.example", {"one": one, "two": two})
    assert [route.path for route in both.routes] == ["/one", "/both", "/two"], "what both answer alike is there once"
    assert both.robots == one.robots, "the default gives way"
    assert joined("host.example", {"two": two, "three": two}).robots == ROBOTS
    assert joined("host.example", {"two": two, "none": SampleHost([], robots=None)}).robots is None


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (SampleHost([web.get("/one", _other_answer)]), "GET /one"),
        (SampleHost([], "User-agent: *\nDisallow: /\n"), "/robots.txt"),
        (SampleHost([], robots=None), "/robots.txt"),
    ],
)
def test_sources_that_contradict_each_other_are_both_named(second: SampleHost, what: str) -> None:
    first = SampleHost([web.get("/one", _answer)], "User-agent: *\nDisallow: /my/\n")
    with pytest.raises(ValueError, match=rf"host\.example: scrapers/samples/aa/ and scrapers/samples/bb/ .*{what}"):
        joined("host.example", {"aa": first, "bb": second})


# --- the data


def test_policy_is_rare_and_every_record_says_that_it_is_a_sample(
    index: FrIndex, pages: GovukIndex, opportunities: dict[int, Opportunity]
) -> None:
    documents = index.documents
    filler = [document for document in documents if "-9" in document.number]
    assert len(filler) > 20 * (len(documents) - len(filler))
    assert all(document.text[-1] in (SAMPLE_NOTE, FILLER_NOTE) for document in documents)
    ordinary = [item for item in pages.items.values() if FILLER_NOTE in item.body]
    assert len(ordinary) > 20 * (len(pages.items) - len(ordinary))
    listed = [one for one in opportunities.values() if one.status != "archived"]
    assert sum(one.id > 9_100_000 - 1 for one in listed) > 20 * sum(one.id < 9_100_000 for one in listed)
    assert all("Sample text written for this project" in one.description for one in opportunities.values())


def test_issues_appear_on_working_days_only(index: FrIndex) -> None:
    days = {document.day for document in index.documents}
    assert [day for day in days if not has_issue(day)] == []
    assert (min(day for day in days if day >= FIRST_DAY), max(days)) == (FIRST_DAY, LAST_DAY)
    assert date(2024, 2, 19) in federal_holidays(2024)
    assert date(2021, 12, 31) in federal_holidays(2021), "New Year's Day on a Saturday is observed the day before"
    assert issue_number(date(2016, 4, 15)) == 73


def test_numbers_with_their_days_are_unique_and_agencies_known(index: FrIndex) -> None:
    assert len(set(index.keys)) == len(index.documents)
    assert {key for document in index.documents for key in document.agencies} <= set(index.agencies)


def test_two_loads_are_equal(index: FrIndex, pages: GovukIndex, opportunities: dict[int, Opportunity]) -> None:
    assert read_documents(None).documents == index.documents
    assert read_pages() == pages
    assert read_opportunities() == opportunities


@pytest.mark.parametrize(
    "trap",
    [
        r"Aleutian Islands \(AI\)",
        r"active ingredient \(AI\)",
        r"avian influenza \(AI\)",
        r"American Indian \(AI\)",
        "SI units",
    ],
)
def test_traps_for_a_naive_filter_are_there(index: FrIndex, trap: str) -> None:
    texts = (f"{document.title} {document.abstract}" for document in index.documents)
    assert any(re.search(trap, text, re.I) for text in texts)


OUTSIDE_THE_TIMELINE = {
    "2022-21658", "2024-07004", "2025-00636", "2025-00711", "2025-10804", "2025-14212", "2025-21457", "2025-23092",
}  # fmt: skip
"""Documents whose facts were taken from the public record; the README lists them."""


def test_facts_agree_with_the_timeline(index: FrIndex, shared: Path) -> None:
    checked = {"2015-07788"}
    for row in _timeline(shared):
        match = re.search(r"FR Doc (\S+?)(?:;|$)", row["identifier"])
        if match is None:
            continue
        document = index.numbered(match[1], date.fromisoformat(row["date_published"]))
        assert document is not None, row["id"]
        checked.add(document.number)
        record = full_record(document, index.agencies)
        assert row["title"].startswith(document.title)
        assert (record["comments_close_on"] or "") == row["comment_close"]
        citation = re.search(r"\b\d+ FR \d+\b", row["identifier"])
        assert record["citation"] == (citation and citation[0]), row["id"]
        order = re.search(r"EO (\d+)", row["identifier"])
        assert document.eo == (order and order[1])
        assert document.signed == (date.fromisoformat(row["date_signed"]) if order else None)
        assert order or (record["effective_on"] or "") == row["date_effective"]
        named = {*document.rins, *(docket.removeprefix("Docket No. ") for docket in document.dockets)}
        assert all(name in row["identifier"] for name in named)
        if not row["official_url"].endswith("/"):
            assert record["html_url"] == row["official_url"]
    assert checked == {document.number for document in _real(index)} - OUTSIDE_THE_TIMELINE


def test_what_is_not_in_the_timeline_is_listed_in_the_readme() -> None:
    told = (ROOT / "scrapers" / "samples" / "README.md").read_text(encoding="utf-8")
    assert all(number in told for number in OUTSIDE_THE_TIMELINE)


def test_orders_have_the_pages_and_notes_of_the_official_list(index: FrIndex, shared: Path) -> None:
    orders = {document.eo: document for document in _real(index) if document.eo}
    with (shared / "labels" / "executive_orders_dispositions.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["executive_order_number"] in orders]
    assert len(rows) >= 10
    for row in rows:
        order = orders[row["executive_order_number"]]
        assert (order.number, order.disposition_notes or "") == (
            row["document_number"].strip(),
            row["disposition_notes"],
        )
        assert (str(order.start_page), str(order.end_page)) == (row["start_page"], row["end_page"])


def test_a_page_that_is_not_known_is_null_in_the_api(samples: Samples) -> None:
    for number in ("2025-19495", "2023-11346", "2023-24269", "2024-04367", "2025-07332", "2025-22127", "2024-90000"):
        row = samples.ask(FR, f"/api/v1/documents/{number}.json").json
        assert [row[name] for name in ("citation", "start_page", "end_page", "page_length")] == [None] * 4, number
        assert row["volume"] == int(row["publication_date"][:4]) - 1935
    start_only = samples.ask(FR, "/api/v1/documents/2024-01580.json").json
    assert [start_only[name] for name in ("citation", "end_page", "page_length")] == ["89 FR 5698", None, None]


def test_the_issue_leads_no_reader_to_a_page_that_the_api_does_not_give(index: FrIndex) -> None:
    days = {document.day for document in _real(index)} | {date(2024, 5, 1)}
    for day in sorted(days):
        documents = index.between(day, day)
        root = etree.fromstring(write_issue(day, documents, index.agencies).encode())
        read = {
            parsed.native_id: {one.value for one in parsed.identifiers if one.scheme == "fr_citation"}
            for parsed in (parse_document("us_govinfo_fr", "1", *found) for found in placed_documents(root, day))
        }
        assert read == {
            document.number: {f"{day.year - 1935} FR {document.start_page}"} if document.start_page else set()
            for document in documents
        }


def test_only_duties_that_a_source_states_have_a_period(index: FrIndex) -> None:
    timed = {document.number for document in _real(index) if re.search(r"\bdays\b|\byear", " ".join(document.text))}
    assert timed == {"2023-24283", "2024-01580", "2025-02172", "2025-19846"}


def test_texts_name_what_they_act_on(index: FrIndex) -> None:
    found = {
        document.number: {(one.relation, one.target_value) for one in parse_references(_official(document))}
        for document in index.documents
    }
    expected = {
        "2025-02655": {("corrects", "2025-00711")},
        "2024-07004": {("corrects", "88 FR 73458"), ("corrects", "88 FR 73424")},
        "2025-21457": {("revokes", "2024-02623"), ("supersedes", "2024-02623")},
        "2024-01580": {("implements", "13984"), ("implements", "14110")},
        "2021-20430": {("implements", "13984")},
        "2023-24269": {("implements", "14110")},
        "2024-02623": {("implements", "14110")},
        "2024-03763": {("implements", "14110")},
        "2024-04367": {("implements", "14110")},
        "2024-05357": {("implements", "14110")},
        "2024-17614": {("implements", "14110")},
        "2024-20529": {("implements", "14110")},
        "2024-25422": {("implements", "14105")},
        "2025-07332": {("implements", "14179")},
        "2025-19846": {("suspends", "2025-19001")},
        "2025-19674": {("implements", "14320")},
        "2025-22127": {("implements", "14363")},
    }
    real = {document.number for document in _real(index)}
    assert {number: targets for number, targets in found.items() if targets and number in real} == expected
    without_body = {
        document.number: {
            (one.relation, one.target_value) for one in parse_references(_official(replace(document, text=())))
        }
        for document in _real(index)
    }
    assert {number: targets for number, targets in without_body.items() if targets} == expected, "the API has no body"
    acts = {"Correction": "corrects", "withdrawal.": "withdraws", "period.": "extends"}
    followers = [document for document in index.documents if _follows(document)]
    assert len(followers) > 20
    for document in followers:
        [(relation, target)] = found[document.number]
        assert relation == acts[(document.action or "").split()[-1]]
        assert index.numbered(target) is not None


def test_the_notice_of_2021_is_named_by_the_proposal_that_follows_it(index: FrIndex) -> None:
    proposal = index.numbered("2024-01580")
    assert proposal is not None
    assert "(FR Doc. 2021-20430, 86 FR 53018)" in " ".join(proposal.text)


def test_addresses_are_written_from_titles_as_the_source_does(shared: Path) -> None:
    with gzip.open(shared / "labels" / CORPUS_FILE, "rt", encoding="utf-8", newline="") as stream:
        rows = list(itertools.islice(csv.DictReader(stream), 5_000))
    wrong = [row for row in rows if slug(row["title"], 100) != row["html_url"].rsplit("/", 1)[-1]]
    assert len(wrong) < len(rows) / 500


# --- www.federalregister.gov


def test_a_list_has_the_short_fields_and_an_official_next_page(samples: Samples) -> None:
    page = samples.documents(
        ("conditions[presidential_document_type][]", "executive_order"), ("per_page", 10), ("_", "17")
    )
    assert list(page) == ["description", "count", "total_pages", "next_page_url", "results"]
    assert page["description"] == "Documents of presidential document type Executive Order"
    assert list(page["results"][0]) == [
        "title", "type", "abstract", "document_number", "html_url", "pdf_url", "public_inspection_pdf_url",
        "publication_date", "agencies", "excerpts",
    ]  # fmt: skip
    assert page["results"][0]["title"] == "Inaugurating the Era of Super Intelligence"
    url = page["next_page_url"]
    assert url.startswith(
        f"https://{FR}/api/v1/documents?_=17&conditions%5Bpresidential_document_type%5D%5B%5D=executive_order&format=json&"
    )
    assert "search_after_cursor=" in url
    assert ".json" not in url


def test_following_next_pages_reaches_every_document_once(samples: Samples, index: FrIndex) -> None:
    page = samples.documents((SINCE, "2024-01-01"), (UNTIL, "2024-12-31"), ("per_page", 100))
    seen = page["results"]
    while "next_page_url" in page:
        page = samples.follow(page["next_page_url"])
        seen += page["results"]
    found = [(row["publication_date"], row["document_number"]) for row in seen]
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == page["count"]
    assert page["count"] == len(index.between(date(2024, 1, 1), date(2024, 12, 31)))


def test_oldest_first_pages_the_other_way(samples: Samples) -> None:
    page = samples.documents((SINCE, "2026-07-01"), (UNTIL, "2026-09-30"), ("per_page", 50), ("order", "oldest"))
    second = samples.follow(page["next_page_url"])
    found = [(row["publication_date"], row["document_number"]) for row in page["results"] + second["results"]]
    assert found == sorted(found)
    assert len(set(found)) == 100


def test_the_cursor_is_the_recorded_one(samples: Samples) -> None:
    page = samples.documents(("search_after_cursor", "WzE3OTA4OTkyMDAwMDAsIjIwMjYtMjAyNjciXQ"), ("page", 999))
    assert page["results"][0]["publication_date"] <= "2026-10-02"
    assert page["results"][0]["document_number"] < "2026-20267" or page["results"][0]["publication_date"] < "2026-10-02"
    assert samples.ask(FR, "/api/v1/documents.json", ("search_after_cursor", "nonsense")).status == 400


def test_one_per_page_is_ignored(samples: Samples) -> None:
    page = samples.documents(("per_page", 1))
    assert len(page["results"]) == 20
    assert "per_page=1&" in page["next_page_url"]


def test_an_empty_answer_has_no_results(samples: Samples) -> None:
    assert set(samples.documents((SINCE, "2024-02-17"), (UNTIL, "2024-02-18"))) == {"description", "count"}


def test_caps_of_count_pages_and_reach(corpus_samples: Samples) -> None:
    page = corpus_samples.documents(("per_page", 1000))
    assert (page["count"], page["total_pages"]) == (10_000, 10)
    assert corpus_samples.documents()["total_pages"] == 50
    assert len(corpus_samples.documents(("per_page", 1000), ("page", 2))["results"]) == 1000
    assert "results" not in corpus_samples.documents(("per_page", 1000), ("page", 3)), "page alone reaches 2,000"
    reached = len(page["results"])
    while "next_page_url" in page:
        page = corpus_samples.follow(page["next_page_url"])
        reached += len(page["results"])
    assert reached == 12_000


def test_a_corpus_document_has_a_type_and_an_agency_and_nulls_for_what_is_not_known(corpus_samples: Samples) -> None:
    row = corpus_samples.ask(FR, "/api/v1/documents/2021-00001.json").json
    assert (row["title"], row["type"]) == ("Title 1 & more", "Uncategorized Document")
    assert (row["agencies"], row["citation"]) == ([{"raw_name": "AGENCY NOT NAMED"}], None)
    issue = etree.fromstring(corpus_samples.ask(GOVINFO, "/bulkdata/FR/2021/03/FR-2021-03-01.xml").body)
    assert len(issue.findall("NOTICES/NOTICE")) == 6_000
    assert corpus_samples.ask(GOVUK, "/api/search.json").json["total"] > 0


def test_the_label_corpus_is_served_whole(shared: Path) -> None:
    index = read_documents(shared / "labels")
    assert len(index.documents) == 75_871
    assert len(index.between(date(2020, 1, 1), date(2023, 12, 31))) == 75_871


def test_an_unknown_field_is_refused_by_name(samples: Samples) -> None:
    answer = samples.ask(
        FR, "/api/v1/documents.json", ("fields[]", "title"), ("fields[]", "presidential_document_type")
    )
    assert (answer.status, answer.json) == (400, {"message": "field 'presidential_document_type' not valid"})


def test_asked_fields_come_alone_and_the_whole_document_has_all(samples: Samples) -> None:
    page = samples.documents(
        ("fields[]", "document_number"), ("fields[]", "president"), ("conditions[type][]", "NOTICE")
    )
    assert page["results"][0] == {"document_number": page["results"][0]["document_number"], "president": None}
    order = samples.ask(FR, "/api/v1/documents/2023-24283.json").json
    assert order["executive_order_number"] == "14110"
    assert order["citation"] == "88 FR 75191"
    assert order["signing_date"] == "2023-10-30"
    assert order["president"]["identifier"] == "joe-biden"
    assert order["disposition_notes"].endswith("Revoked by: EO 14148, January 20, 2025")
    assert order["agencies"][0]["id"] == 538
    assert order["json_url"].endswith("/2023-24283?publication_date=2023-11-01")
    rule = samples.ask(FR, "/api/v1/documents/2024-01580").json
    assert rule["regulation_id_numbers"] == ["0694-AJ35"]
    assert rule["comments_close_on"] == "2024-04-29"
    assert [agency["slug"] for agency in rule["agencies"]] == ["commerce-department", "industry-and-security-bureau"]
    assert "president" not in rule


def test_an_unmatched_agency_has_a_raw_name_only(samples: Samples) -> None:
    row = samples.ask(FR, "/api/v1/documents/2025-07332.json").json
    assert row["agencies"] == [{"raw_name": "NATIONAL SCIENCE FOUNDATION"}]


def test_only_the_counters_move_between_two_asks(samples: Samples) -> None:
    first, second = (samples.ask(FR, "/api/v1/documents/2026-20321.json").json for _ in range(2))
    assert {name for name in first if first[name] != second[name]} == {"page_views"}
    assert first["page_views"]["count"] < second["page_views"]["count"]


def test_an_unknown_number_is_an_html_404(samples: Samples) -> None:
    answer = samples.ask(FR, "/api/v1/documents/2026-99999.json")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"404 Not Found" in answer.body


def test_several_documents_at_once(samples: Samples) -> None:
    answer = samples.ask(FR, "/api/v1/documents/2025-01901,2026-99999,2023-24283.json").json
    assert answer["count"] == 2
    assert [row["document_number"] for row in answer["results"]] == ["2025-01901", "2023-24283"]


def test_facets_count_days_and_types(samples: Samples) -> None:
    window = ((SINCE, "2026-07-10"), (UNTIL, "2026-07-14"))
    daily = samples.ask(FR, "/api/v1/documents/facets/daily", *window).json
    assert set(daily) == {"2026-07-10", "2026-07-13", "2026-07-14"}, "no weekend"
    listed = Counter(row["publication_date"] for row in samples.documents(*window, ("per_page", 100))["results"])
    assert {day: facet["count"] for day, facet in daily.items()} == listed
    assert all(set(facet) == {"count", "name"} for facet in daily.values())
    types = samples.ask(FR, "/api/v1/documents/facets/type").json
    assert set(types) == {"NOTICE", "RULE", "PRORULE", "PRESDOCU"}


def test_term_and_type_conditions(samples: Samples) -> None:
    page = samples.documents(("conditions[term]", '"Genesis Mission"'), ("conditions[type][]", "PRESDOCU"))
    assert [row["document_number"] for row in page["results"]] == ["2025-21665"]
    assert (
        samples.documents(("conditions[publication_date][is]", "2026-10-02"), ("fields[]", "document_number"))["count"]
        > 0
    )
    assert samples.documents(("conditions[publication_date][year]", "2015"))["count"] == 1


def test_pages_for_people_are_behind_a_wall(samples: Samples) -> None:
    answer = samples.ask(FR, "/documents/2023/11/01/2023-24283/safe-secure")
    assert (answer.status, answer.headers["Location"]) == (302, "https://unblock.federalregister.gov/")


def test_what_is_open_to_inspection_on_a_day(samples: Samples) -> None:
    path = "/api/v1/public-inspection-documents"
    now = samples.ask(FR, f"{path}/current.json").json
    assert list(now) == ["count", "results", "special_filings_updated_at", "regular_filings_updated_at"]
    assert now["count"] == len(now["results"]) == 4
    withdrawn = [record["document_number"] for record in now["results"] if record["filed_at"] is None]
    assert withdrawn == ["2026-98004"]
    day = ("conditions[available_on]", "2026-10-01")
    (order,) = samples.ask(FR, f"{path}.json", day).json["results"]
    assert (order["document_number"], order["filed_at"]) == ("2026-20321", "2026-10-01T11:15:00.000-04:00")
    assert order["title"].endswith("  ")
    nothing = samples.ask(FR, f"{path}.json", (day[0], "2026-03-02")).json
    assert (nothing["count"], nothing["results"]) == (0, [])
    assert samples.ask(FR, f"{path}.json", (day[0], "soon")).status == 400


def test_filings_have_the_fields_of_the_recording(samples: Samples, shared: Path) -> None:
    recording = shared / "corpus/us_public_inspection/pi_current_2026-10-02.first10.json"
    recorded = json.loads(recording.read_bytes())["results"][0]
    now = samples.ask(FR, "/api/v1/public-inspection-documents/current.json").json
    assert {tuple(record) for record in now["results"]} == {tuple(recorded)}


def test_corrections_name_each_other(samples: Samples, index: FrIndex) -> None:
    corrected = next(document for document in index.documents if document.corrections)
    row = samples.ask(FR, f"/api/v1/documents/{corrected.number}.json").json
    number = corrected.corrections[0]
    assert number.startswith("C1-")
    assert row["corrections"] == [f"https://{FR}/api/v1/documents/{number}.json"]
    correction = samples.ask(FR, f"/api/v1/documents/{number}.json").json
    assert correction["correction_of"] == f"https://{FR}/api/v1/documents/{corrected.number}.json"
    actions = {document.action for document in index.documents}
    assert {"Proposed rule; withdrawal.", "Proposed rule; extension of comment period."} <= actions


# --- www.govinfo.gov


def test_a_month_is_listed_with_true_sizes(samples: Samples) -> None:
    files = samples.ask(GOVINFO, "/bulkdata/json/FR/2026/07").json["files"]
    assert len(files) == 22, "23 weekdays less Independence Day, observed on the third"
    first = files[0]
    assert first["link"] == f"https://{GOVINFO}/bulkdata/FR/2026/07/FR-2026-07-01.xml"
    assert (first["fileExtension"], first["folder"], first["mimeType"]) == ("xml", False, "application/xml")
    assert first["formattedLastModifiedTime"] == "01-Jul-2026 04:20"
    issue = samples.ask(GOVINFO, urlsplit(first["link"]).path)
    assert (len(issue.body), issue.headers["Content-Type"]) == (first["size"], "application/xml")
    assert samples.ask(GOVINFO, "/bulkdata/json/FR/2031/01").status == 404
    assert samples.ask(GOVINFO, "/bulkdata/json/FR/2024/13").status == 404


def test_a_month_is_listed_for_those_alone_who_ask_for_json(samples: Samples) -> None:
    assert samples.ask(GOVINFO, "/bulkdata/json/FR/2024/02", accept="*/*").status == 406


def test_the_issue_holds_what_the_api_lists(samples: Samples) -> None:
    day = "2024-01-29"
    root = etree.fromstring(samples.ask(GOVINFO, "/bulkdata/FR/2024/01/FR-2024-01-29.xml").body)
    printed = {_number(element) for element in root.iter("FRDOC")}
    listed = samples.documents(("conditions[publication_date][is]", day), ("per_page", 100))["results"]
    assert printed == {row["document_number"] for row in listed}
    assert [root.findtext(name) for name in ("VOL", "NO", "DATE")] == ["89", "19", "Monday, January 29, 2024"]
    units = [element.text for element in root.findall("UNITNAME")]
    assert units[0] == "Contents"
    assert len(root.findall("VOL")) == len(units), "the head repeats before every section"
    proposal = next(one for one in root.iterfind("NEWPART/PRORULES/PRORULE"))
    assert proposal.findtext("FRDOC") == "[FR Doc. 2024–01580 Filed 1–26–24; 8:45 am]"
    assert proposal.findtext("PREAMB/RIN") == "RIN 0694-AJ35"
    assert proposal.xpath("boolean(preceding::PRTPAGE)") is False, "no document without a page stands behind a page"


@pytest.mark.parametrize(
    ("day", "number", "filed"),
    [
        ("2023-11-01", "[FR Doc. 2023–24283", "Filed 10–31–23; 11:15 am]"),
        ("2025-01-28", "[FR Doc. 2025-01901", "Filed 1-27-25; 11:15 am]"),
    ],
)
def test_an_executive_order_stands_in_a_part_of_its_own(samples: Samples, day: str, number: str, filed: str) -> None:
    year, month, _ = day.split("-")
    root = etree.fromstring(samples.ask(GOVINFO, f"/bulkdata/FR/{year}/{month}/FR-{day}.xml").body)
    order = next(iter(root.iterfind("NEWPART/PRESDOCS/PRESDOCU/EXECORD")))
    assert re.fullmatch(r"Executive Order \d{5} of [A-Z][a-z]+ \d+, \d{4}", order.findtext("EXECORDR", ""))
    assert order.xpath("string(HD/@SOURCE)") == "HED"
    assert (order.findtext("FRDOC"), order.findtext("FILED")) == (number, filed)
    assert bool(order.xpath("FP/PRTPAGE[following-sibling::text()]")) == (day == "2023-11-01"), "one has a known end"


def test_a_day_without_issue_is_unknown(samples: Samples) -> None:
    assert samples.ask(GOVINFO, "/bulkdata/FR/2024/02/FR-2024-02-18.xml").status == 404
    assert samples.ask(GOVINFO, "/bulkdata/FR/2024/02/FR-2024-02-31.xml").status == 404


# --- www.gov.uk


def test_search_lists_a_window_newest_first(samples: Samples) -> None:
    window = ("filter_public_timestamp", "from:2023-11-01,to:2024-02-06")
    answer = samples.ask(GOVUK, "/api/search.json", ("order", "-public_timestamp"), ("count", 1500), window).json
    assert set(answer) >= {"results", "total", "start", "aggregates", "suggested_queries", "es_cluster"}
    stamps = [hit["public_timestamp"] for hit in answer["results"]]
    assert len(stamps) == answer["total"]
    assert stamps == sorted(stamps, reverse=True)
    assert stamps[-1][:10] >= "2023-11-01"
    assert stamps[0][:10] == "2024-02-06", "the last day belongs to the window"
    hit = next(hit for hit in answer["results"] if hit["link"].endswith("strengthen-ai-leadership"))
    assert (hit["es_score"], hit["_id"], hit["content_store_document_type"]) == (None, hit["link"], "press_release")
    assert hit["organisations"][0]["acronym"] == "DSIT"


def test_search_pages_without_gaps(samples: Samples) -> None:
    total = samples.ask(GOVUK, "/api/search.json", ("count", 0)).json["total"]
    links = []
    for start in range(0, total + 200, 200):
        query = (("order", "-public_timestamp"), ("count", 200), ("start", start), ("fields", "link,content_id"))
        page = samples.ask(GOVUK, "/api/search.json", *query).json
        links += [hit["link"] for hit in page["results"]]
    assert len(links) == len(set(links)) == total
    assert len(samples.ask(GOVUK, "/api/search.json").json["results"]) == 10


@pytest.mark.parametrize(
    "query",
    [
        ("bogus", "1"), ("count", "1501"), ("count", "many"), ("fields", "title,bogus"), ("filter_bogus", "1"),
        ("filter_public_timestamp", "yesterday"), ("filter_public_timestamp", "from:2024-02-31"), ("order", "bogus"),
    ],
)  # fmt: skip
def test_search_refuses_what_it_does_not_know(samples: Samples, query: tuple[str, str]) -> None:
    answer = samples.ask(GOVUK, "/api/search.json", query)
    assert answer.status == 422
    assert set(answer.json) == {"error"}


def test_search_filters(samples: Samples) -> None:
    query = (
        ("filter_content_store_document_type", "speech"),
        ("filter_organisations", "department-for-science-innovation-and-technology"),
    )
    hits = samples.ask(GOVUK, "/api/search.json", *query).json["results"]
    assert [hit["link"] for hit in hits] == [
        "/government/speeches/sample-speech-on-machine-learning-in-ordinary-offices"
    ]
    assert samples.ask(GOVUK, "/api/search.json", ("q", "bletchley declaration")).json["total"] >= 1


def test_content_items_are_whole(samples: Samples) -> None:
    item = samples.ask(
        GOVUK, "/api/content/government/publications/ai-safety-summit-2023-the-bletchley-declaration"
    ).json
    assert item["schema_name"] == "publication"
    assert item["withdrawn_notice"] == {}
    child = item["details"]["attachments"][0]["url"]
    page = samples.ask(GOVUK, f"/api/content{child}").json
    assert (page["schema_name"], page["links"]["parent"][0]["base_path"]) == ("html_publication", item["base_path"])
    assert page["links"]["parent"][0]["description"] == item["description"]
    assert page["details"]["public_timestamp"] == page["public_updated_at"]


def test_every_html_attachment_states_its_parent(pages: GovukIndex) -> None:
    stated = {item.base_path: item.parent for item in pages.items.values() if item.schema_name == "html_publication"}
    attached = {
        attachment["url"]: item.base_path
        for item in pages.items.values()
        for attachment in item.attachments
        if attachment["attachment_type"] == "html"
    }
    assert stated == attached


def test_translations_share_a_content_id(samples: Samples) -> None:
    path = "/api/content/government/publications/sample-ai-guidance-in-three-languages"
    item = samples.ask(GOVUK, path).json
    assert [note["note"] for note in item["details"]["change_history"]] == ["Added translations.", "First published."]
    assert [link["locale"] for link in item["links"]["available_translations"]] == ["en", "cy", "fr"]
    welsh = samples.ask(GOVUK, f"{path}.cy").json
    assert (welsh["locale"], welsh["content_id"]) == ("cy", item["content_id"])


def test_the_money_is_said_as_it_was(samples: Samples) -> None:
    path = "/api/content/government/news/uk-signals-step-change-for-regulators-to-strengthen-ai-leadership"
    body = samples.ask(GOVUK, path).json["details"]["body"]
    assert all(words in body for words in ("over £100 million", "nine new research hubs", "£10 million", SAMPLE_NOTE))


def test_withdrawn_moved_gone_and_unknown_pages(samples: Samples) -> None:
    withdrawn = samples.ask(GOVUK, "/api/content/government/publications/sample-ai-guidance-that-was-withdrawn").json
    assert withdrawn["withdrawn_notice"]["withdrawn_at"] == "2025-02-14T09:00:00Z"
    assert "ithdrawn" not in withdrawn["title"]
    moved = samples.ask(GOVUK, "/api/content/government/news/sample-ai-page-that-moved").json
    assert (moved["document_type"], moved["title"], moved["redirects"][0]["type"]) == ("redirect", None, "exact")
    gone = samples.ask(GOVUK, "/api/content/government/news/sample-ai-page-published-in-error")
    assert (gone.status, gone.json["document_type"]) == (410, "gone")
    assert samples.ask(GOVUK, "/api/content/government/news/nothing-here").status == 404


def test_one_page_is_republished_without_a_change(samples: Samples) -> None:
    path = "/api/content/government/publications/sample-ai-guidance-in-three-languages"
    first, second = (samples.ask(GOVUK, path).json for _ in range(2))
    assert {name for name in first if first[name] != second[name]} == {"updated_at"}


def test_every_listed_page_can_be_read(pages: GovukIndex) -> None:
    stamps = {item.public_updated_at or "" for item in pages.items.values()}
    for notation in (r".*\.000\+00:00", r".*[0-9]Z", r".*\.\d{3}Z", r".*\+01:00", r"\S+ \S+ \+0000"):
        assert any(re.fullmatch(notation, stamp) for stamp in stamps), notation


# --- api.grants.gov


def test_search2_pages_all_that_is_asked_for(samples: Samples) -> None:
    asked = {"oppStatuses": "forecasted|posted|closed", "rows": 50, "sortBy": "openDate|desc", "keyword": ""}
    ids: list[str] = []
    total = 1
    while len(ids) < total:
        answer = samples.ask(GRANTS, "/v1/api/search2", post={**asked, "startRecordNum": len(ids)}).json
        assert (answer["errorcode"], answer["msg"]) == (0, "Webservice Succeeds")
        total = answer["data"]["hitCount"]
        ids += [hit["id"] for hit in answer["data"]["oppHits"]]
    assert len(set(ids)) == total
    assert all(isinstance(each, str) for each in ids)
    assert (
        samples.ask(GRANTS, "/v1/api/search2", post={**asked, "startRecordNum": 10_000}).json["data"]["oppHits"] == []
    )


def test_search2_filters_and_writes_its_own_dates(samples: Samples) -> None:
    data = samples.ask(GRANTS, "/v1/api/search2", post={"keyword": "digital skills"}).json["data"]
    assert data["searchParams"]["oppStatuses"] == "forecasted|posted"
    [hit] = data["oppHits"]
    assert hit["title"] == "Sample Program: AI &amp; Digital Skills for Rural Colleges"
    assert (hit["openDate"], hit["closeDate"], hit["cfdaList"]) == ("06/09/2026", "", ["84.116"])
    archived = samples.ask(GRANTS, "/v1/api/search2", post={"oppStatuses": "archived"}).json["data"]
    assert {hit["oppStatus"] for hit in archived["oppHits"]} == {"archived"}


def test_a_revised_opportunity_keeps_its_history(samples: Samples) -> None:
    data = samples.ask(GRANTS, "/v1/api/fetchOpportunity", post={"opportunityId": 9000002}).json["data"]
    assert (data["id"], data["revision"], data["synopsis"]["version"]) == (9000002, 2, 3)
    assert [row["revision"] for row in data["opportunityHistoryDetails"]] == [0, 1]
    assert (data["synopsis"]["awardCeiling"], data["synopsis"]["estimatedFunding"]) == ("none", "12000000")
    assert data["synopsis"]["estimatedFundingFormatted"] == "12,000,000"
    assert "responseDate" not in data["synopsis"]
    assert data["synopsis"]["responseDateDesc"].startswith("Track 1 closes")
    assert data["synopsis"]["postingDate"] == "Jun 09, 2026 12:00:00 AM EDT"
    assert data["synopsis"]["postingDateStr"] == "2026-06-09-00-00-00"
    assert data["originalDueDate"] == "Sep 30, 2026 12:00:00 AM EDT"


def test_forecasts_alone_and_beside_a_synopsis(samples: Samples) -> None:
    both = samples.ask(GRANTS, "/v1/api/fetchOpportunity", post={"opportunityId": "9000003"}).json["data"]
    assert both["docType"] == "synopsis"
    assert both["forecast"]["fiscalYear"] == 2027
    assert both["synopsis"]["synopsisDesc"].startswith("&lt;p&gt;"), "escaped twice"
    alone = samples.ask(GRANTS, "/v1/api/fetchOpportunity", post={"opportunityId": 9000005}).json["data"]
    assert (alone["docType"], alone["ost"]) == ("forecast", "FORECASTED")
    assert "synopsis" not in alone


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"opportunityId": 999999999}, {"errorMessages": ["There is no record found for your search."]}),
        ({"opportunityId": 0}, {"errorMsgs": ["Opportunity ID or opportunity number is required."]}),
        (
            {"opportunityId": "none"},
            {"message": "No response received, as the webservice at the backend server is not available."},
        ),
        ({}, {"message": "No response received, as the webservice at the backend server is not available."}),
    ],
)
def test_errors_stand_inside_an_answer_that_claims_success(
    samples: Samples, asked: object, told: dict[str, object]
) -> None:
    answer = samples.ask(GRANTS, "/v1/api/fetchOpportunity", post=asked)
    assert (answer.status, answer.json["errorcode"], answer.json["msg"]) == (200, 0, "Webservice Succeeds")
    assert told.items() <= answer.json["data"].items()
    assert "id" not in answer.json["data"]


def test_the_gateway_refuses_what_is_no_question(samples: Samples) -> None:
    assert samples.ask(GRANTS, "/v1/api/search2", post=b"{").status == 502
    assert samples.ask(GRANTS, "/v1/api/search2").status == 403


def test_the_extract_holds_what_the_api_tells(samples: Samples, opportunities: dict[int, Opportunity]) -> None:
    path = "/extracts/GrantsDBExtract20261009v2.zip"
    body = samples.ask(EXTRACTS, path).body
    assert body == samples.ask(EXTRACTS, path).body
    answer = parse_extract(body)
    assert answer.rejected == ()
    documents = {int(document.native_id): document for document in answer.documents}
    assert set(documents) == set(opportunities)
    assert {document.unread_fields for document in answer.documents} == {()}
    for number in (9000002, 9000003, 9000005):
        told = samples.ask(GRANTS, "/v1/api/fetchOpportunity", post={"opportunityId": number}).body
        (by_api,) = parse_opportunities(told).documents
        for field in ("document_id", "title", "abstract", "document_type", "published_date", "closes_date"):
            if (number, field) != (9000005, "closes_date"):
                assert getattr(documents[number], field) == getattr(by_api, field), (number, field)
    assert samples.ask(EXTRACTS, "/extracts/GrantsDBExtract.zip").status == 404


def _real(index: FrIndex) -> list[FrDocument]:
    return [document for document in index.documents if SAMPLE_NOTE in document.text]


def _follows(document: FrDocument) -> bool:
    return FILLER_NOTE in document.text and (document.action or "").endswith(("Correction", "withdrawal.", "period."))


def _official(document: FrDocument) -> OfficialText:
    return OfficialText(
        document_type=document.type,
        title=document.title,
        action=document.action,
        abstract=document.abstract,
        dates_note=document.dates,
        body="\n\n".join(document.text),
        own_names=frozenset((document.number, f"{document.day.year - 1935} FR {document.start_page}")),
        published_date=document.day,
    )


def _timeline(shared: Path) -> list[dict[str, str]]:
    with (shared / "labels" / "policy_timeline.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(element: Any) -> str:
    match = re.search(r"FR Doc\. (\S+?)(?:\s|$)", element.text)
    assert match is not None
    return match[1].replace("–", "-")


def _child() -> subprocess.Popen[bytes]:
    child = subprocess.Popen([sys.executable, "-m", "scrapers.samples"], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())
    child.stdout.close()
    return child
