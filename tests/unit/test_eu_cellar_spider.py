"""The spider of the Cellar asks for the counts and the lists of days, and reads candidates from their files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, ParsedAnswer
from scrapers.spiders import eu_cellar
from scrapers.spiders.eu_cellar import EuCellarSpider
from tests.unit.spider_harness import Driven, drive, where_read

DAY = date(2026, 3, 9)
CELLAR = "http://publications.europa.eu/resource/cellar/00000000-0000-4000-8000-00000000000"
CONTENTS = b"<PUBLICATION><OJ/></PUBLICATION>"
ACT = (
    b'<ACT><BIB.INSTANCE><DOCUMENT.REF FILE="L_202600001EN.doc.fmx.xml"/><DATE ISO="20260302">20260302</DATE>'
    b"</BIB.INSTANCE><TITLE><TI><P>Act</P></TI></TITLE><PREAMBLE>Sample words on AI.</PREAMBLE></ACT>"
)


def results(rows: list[dict[str, str]], *names: str) -> bytes:
    bindings = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}).encode()


def line(number: int, title: str, **more: str) -> dict[str, str]:
    return {"celex": f"32026R000{number}", "work": f"{CELLAR}{number}", "title": title, "published": str(DAY), **more}


def run(folder: Path, answer: Callable[[str, str], bytes | int], until: date = DAY) -> Driven:
    def by_query(request: Request) -> bytes | int:
        parts = urlsplit(request.url)
        query = parse_qs(parts.query).get("query", [""])[0]
        kind = next(
            (name for name in ("COUNT", "?published", "?force", "?item") if name in query.split("WHERE")[0]), ""
        )
        return answer(kind or parts.path, query)

    return drive(EuCellarSpider, folder, by_query, DAY, until)


def counted(count: int, *days: date) -> bytes:
    return results([{"published": str(day), "count": str(count)} for day in days or (DAY,)], "published", "count")


def about(path: str, files: tuple[str, ...], kind: str = "fmx4") -> bytes:
    if path == "?force":
        rows = [
            {"celex": "32026R0001", "relation": word, "framework_celex": number}
            for word, number in (("amends", "32024R1689"), ("adopts", "52025PC0001"), ("adopts", "52025SC0001"))
        ]
        return results([*rows, {"celex": "32026R0001", "force": "2026-03-29"}], "celex", "force", "relation")
    found = [{"celex": "32026R0001", "manif": f"{CELLAR}1.0006.02", "format": kind, "item": one} for one in files]
    return results(found, "celex", "manif", "format", "item")


def test_a_candidate_is_read_from_all_its_files_and_the_others_from_the_list(tmp_path: Path) -> None:
    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            assert '"2026-03-09"^^xsd:date' in query
            return counted(2)
        if path == "?published":
            return results(
                [line(1, "On AI"), line(2, "On ferries"), line(1, "On AI", eli="x/eli/reg/2026/1/oj")], "celex"
            )
        if path in ("?force", "?item"):
            assert '"32026R0001"^^xsd:string' in query
            return about(path, (f"{CELLAR}1.0006.02/DOC_1", f"{CELLAR}1.0006.02/DOC_2"))
        return CONTENTS if path.endswith("DOC_1") else ACT

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert [(day.found, day.official) for day in driven.ledger.days] == [(2, 2)]
    landed = {one.document.native_id: one.document for one in driven.landed if one.document}
    assert landed["32026R0002"].depth is Depth.LISTING
    act = landed["32026R0001"]
    assert (act.depth, act.body, str(act.effective_date)) == (Depth.FULL, "Sample words on AI.", "2026-03-29")
    assert [(one.relation, one.target.value) for one in act.relations] == [
        ("amends", "32024R1689"),
        ("adopts", "52025PC0001"),
        ("related", "52025SC0001"),
    ]
    assert len(act.attachments) == 2
    assert {one.scheme for one in act.identifiers} == {"eu_celex", "eu_eli", "eu_cellar"}
    assert all(request.url.startswith("https://publications.europa.eu/") for request in driven.asked)


def test_each_part_is_told_by_its_answer(tmp_path: Path) -> None:
    files = (f"{CELLAR}1.0006.02/DOC_1", f"{CELLAR}1.0006.02/DOC_2")
    annex = ACT.replace(b"Sample words on AI.", b"More words.")

    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            return counted(1)
        if path == "?published":
            return results([line(1, "On AI")], "celex")
        return about(path, files) if path in ("?force", "?item") else ACT if path.endswith("DOC_1") else annex

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    body = next(one.document.body for one in driven.landed if one.document)
    read = where_read(driven, "32026R0001")
    assert body == "Sample words on AI.\nMore words."
    assert read.pop("").endswith("/DOC_2")
    assert read.pop("body to 19").endswith("/DOC_1")
    assert "body" not in read
    asked = {name: parse_qs(urlsplit(url).query)["query"][0].split("WHERE")[0] for name, url in read.items()}
    assert "?published" in asked["title"]
    assert "?published" in asked["published_date"]
    assert "?force" in asked["effective_date"]
    assert "?force" in asked["relation amends 32024R1689"]
    assert "?item" in asked["attachments"]


def test_a_document_without_a_readable_file_is_landed_without_a_text(tmp_path: Path) -> None:
    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            return counted(1)
        return (
            results([line(1, "On AI")], "celex") if path == "?published" else about(path, (f"{CELLAR}1/x",), "pdfa2a")
        )

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    (landed,) = [one.document for one in driven.landed if one.document]
    assert (landed.depth, landed.attachments[0].content_type) == (Depth.LISTING, "application/pdf")


def test_pages_of_a_day_are_joined_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eu_cellar, "PAGE_SIZE", 2)
    rows = [line(1, "On ferries"), line(2, "On bees", type="a/REG"), line(2, "On bees", eli="x/eli/reg/2026/2/oj")]

    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            return counted(2)
        start = int(re.findall(r"OFFSET (\d+)", query)[0])
        return results(rows[start : start + 2], "celex")

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    parted = next(one.document for one in driven.landed if one.document and one.document.native_id == "32026R0002")
    assert (parted.document_type, len(parted.identifiers)) == ("REG", 3)
    read = where_read(driven, "32026R0002")
    assert "OFFSET+2" in read.pop("")
    assert {name for name, url in read.items() if "OFFSET+0" in url} == set(read) > {"title", "document_type"}
    assert "identifiers" not in read
    ferries = where_read(driven, "32026R0001")
    assert list(ferries) == [""]
    assert "OFFSET+0" in ferries[""]


def test_a_list_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eu_cellar, "PAGE_SIZE", 1)
    same = results([line(1, "On ferries")], "celex")
    driven = run(tmp_path, lambda path, query: counted(1) if path == "COUNT" else same)
    assert "paging would not end" in driven.ledger.faults[0]


@pytest.mark.parametrize("days_a_query", [1, 2])
def test_an_act_listed_on_two_days_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days_a_query: int
) -> None:
    monkeypatch.setattr(eu_cellar, "DAYS_A_QUERY", days_a_query)

    def answer(path: str, query: str) -> bytes | int:
        days = re.findall(r'"(2026-03-\d\d)"', query)
        assert len(days) == days_a_query
        if path == "COUNT":
            return counted(1, *map(date.fromisoformat, days))
        return results([line(1, "On ferries") | {"published": day} for day in days], "celex")

    driven = run(tmp_path, answer, date(2026, 3, 10))
    assert driven.ledger.faults == ()
    assert [(day.found, day.official) for day in driven.ledger.days] == [(1, 1), (0, 0)]


def test_a_short_list_and_reported_errors_are_faults(tmp_path: Path) -> None:
    def short(path: str, query: str) -> bytes | int:
        return counted(5) if path == "COUNT" else results([line(1, "On ferries")], "celex")

    assert "counts 5 documents, we read 1" in run(tmp_path, short).ledger.faults[0]
    broken = run(tmp_path, lambda path, query: b"Virtuoso 42000 Error The estimated execution time exceeds the limit")
    assert all("UpstreamError" in fault for fault in broken.ledger.faults)
    assert len(broken.ledger.faults) == 2


def test_an_answer_about_another_act_is_refused(tmp_path: Path) -> None:
    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            return counted(1)
        other: dict[str, Any] = {"celex": "32026R0009", "force": "2026-03-29"}
        return results([line(1, "On AI")], "celex") if path == "?published" else results([other], "celex", "force")

    assert "asked for 32026R0001, got 32026R0009" in " ".join(run(tmp_path, answer).ledger.faults)


PAGE = b"<!DOCTYPE html><html><head><title>%b</title></head><body>%b</body></html>"
HEADING = b'<p class="oj-doc-ti">%b</p><p class="oj-normal">Sample words.</p>'


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (PAGE % (b"Consentement", b"<p>Nous utilisons des cookies. Acceptez pour continuer.</p>"), "BlockPage"),
        (PAGE % (b"Sample", b"<p>Hello world</p>"), "NotADocument"),
        (b"<html><head><title>Sample</title></head></html>", "NotADocument"),
        (PAGE % (b"L_202600009EN.000101.fmx.xml", HEADING % b"REGULATION (EU) 2026/9"), "does not name it"),
        (PAGE % (b"EUR-Lex - 32026R0009 - EN", HEADING % b"amending Regulation (EU) 2026/1"), "got that of 32026R0009"),
    ],
)
def test_a_page_that_is_not_the_text_asked_for_is_no_text_of_it(tmp_path: Path, page: bytes, fault: str) -> None:
    def answer(path: str, query: str) -> bytes | int:
        if path == "COUNT":
            return counted(1)
        if path == "?published":
            return results([line(1, "On AI")], "celex")
        if path in ("?force", "?item"):
            return about(path, (f"{CELLAR}1.0006.02/DOC_1", f"{CELLAR}1.0006.02/DOC_2"), "xhtml")
        own = PAGE % (b"L_202600001EN.000101.fmx.xml", HEADING % b"REGULATION (EU) 2026/1")
        return own if path.endswith("DOC_1") and fault in ("BlockPage", "NotADocument") else page

    driven = run(tmp_path, answer)
    assert fault in " ".join(driven.ledger.faults)
    assert all(one.document.body is None for one in driven.landed if one.document)


def test_an_envelope_with_an_empty_body_holds_no_documents() -> None:
    envelope = b'<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body/></S:Envelope>'
    assert eu_cellar.parse_answer(envelope) == ParsedAnswer()


@pytest.mark.parametrize(
    ("name", "datatype"),
    [("callret-0", "integer"), ("callret-2", "integer"), ("cnt", "string"), ("works_on_ai", "nonNegativeInteger")],
)
def test_a_count_is_one_whatever_it_is_called(name: str, datatype: str) -> None:
    cell = {"type": "typed-literal", "datatype": f"http://www.w3.org/2001/XMLSchema#{datatype}", "value": "12"}
    body = json.dumps({"head": {"link": [], "vars": [name]}, "results": {"bindings": [{name: cell}]}}).encode()
    assert eu_cellar.parse_answer(body) == ParsedAnswer(official_count=12)
