"""Faults of what sources say: one edition of sources that send all of them, made by the real command."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import icalendar
import lxml.html
import openpyxl
import pytest
from markdown_it import MarkdownIt

from scrapers.runtime.archive import read_answer
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.faults.hostile_sources import REGISTER, SINCE, SOURCES, UNTIL, WEEK, Case, cases, hostile_sources
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder with the edition."""
    folder = tmp_path_factory.mktemp("hostile") / "home"
    window = ("--since", SINCE, "--until", UNTIL, *(word for slug in SOURCES for word in ("--source", slug)))
    with running_samples(sources=SOURCES) as samples, hostile_sources(samples) as base_urls:
        ended = world.aipolicy("--home", str(folder), "run", "--samples", *window, base_urls=base_urls)
    assert ended.returncode == 0, world.said(ended)
    assert "type=Administrative Decree" in ended.stdout + ended.stderr, world.said(ended)
    return folder


def current(home: Path) -> Path:
    return (home / "editions" / "current").resolve()


def values(value: Any) -> Iterator[Any]:
    """All that stands in a value of JSON."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inside is None:
        yield value
    else:
        for one in inside:
            yield from values(one)


def held(home: Path) -> Iterator[Any]:
    """Every value of every table of the edition."""
    for (table,) in world.from_edition(home, "select table_name from information_schema.tables"):
        for (row,) in world.from_edition(home, f'select to_json(held)::varchar from "{table}" as held'):
            yield from values(json.loads(row))


def document_of(case: Case) -> str:
    assert case.expected.document is not None
    return case.expected.document


def the_case(name: str) -> Case:
    return next(case for case in cases() if case.path.stem == name)


def differences(home: Path, case: Case) -> Iterator[str]:
    """Where the edition says otherwise of a record than it must."""
    expected = case.expected
    for row in expected.quarantine:
        query = """select count(*) from quarantine as one semi join evidence using (evidence_id)
            where one.source_id = ? and error = ? and contains(raw_text, ?)"""
        if world.from_edition(home, query, case.slug, row.error, row.raw) != [(1,)]:
            yield f"expected {row} once in quarantine, with the place in the archive"
    if expected.document is None:
        return
    query = "select to_json(documents)::varchar from documents where document_id = ?"
    found = [json.loads(row) for (row,) in world.from_edition(home, query, expected.document)]
    if len(found) != int(not expected.is_set_aside):
        yield f"{expected.document}: got {len(found)} rows"
    for document in found:
        for name, value in expected.says.items():
            if document[name] != value:
                yield f"{name}: expected {value!r}, got {document[name]!r}"
        yield from _of_other_tables(home, case)


def _of_other_tables(home: Path, case: Case) -> Iterator[str]:
    expected, document = case.expected, document_of(case)
    query = "select list_distinct(flatten(list(text_flags))) from raw.document_parses where document_id = ?"
    ((flags,),) = world.from_warehouse(home, query, document)
    yield from (f"expected the flag {flag}, got {flags}" for flag in expected.flags if flag not in flags)
    query = "select to_json(amounts)::varchar from amounts where document_id = ?"
    amounts = [json.loads(row) for (row,) in world.from_edition(home, query, document)]
    if expected.amounts is not None and len(amounts) != len(expected.amounts):
        yield f"expected {len(expected.amounts)} amounts, got {amounts}"
    for amount in expected.amounts or ():
        if not any(all(_told(one[name]) == value for name, value in amount.items()) for one in amounts):
            yield f"expected {amount}, got {amounts}"
    query = "select event, event_date::varchar from policy_events where document_id = ?"
    events = world.from_edition(home, query, document)
    yield from (f"expected {event}, got {events}" for event in expected.events if event not in events)
    query = """select relation, lead_document_id from policy_relations
        inner join policies on to_policy_id = policy_id where stated_by_document_id = ?"""
    relations = [{"relation": name, "to_document": end} for name, end in world.from_edition(home, query, document)]
    yield from (f"expected {one}, got {relations}" for one in expected.relations if one not in relations)
    status = world.from_edition(home, "select latest_status from policies where lead_document_id = ?", document)
    if expected.status and status != [(expected.status,)]:
        yield f"expected the status {expected.status}, got {status}"


def _told(value: object) -> object:
    """An amount as it is written, to the cent."""
    return f"{value:.2f}" if isinstance(value, int | float) else value


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=str(case), marks=pytest.mark.fault(case.expected.fault)) for case in cases()]
)
def test_what_becomes_of_a_hostile_record(home: Path, case: Case, verdict: Verdict) -> None:
    found = list(differences(home, case))
    assert not found
    if case.expected.grows:
        verdict.recovered(max(path.stat().st_size for path in (home / "digests" / WEEK).glob("digest.[hme]*")))
    elif case.expected.quarantine:
        verdict.quarantined(len(found))
    else:
        verdict.recovered(len(found))


def test_every_kind_of_record_is_in_the_digest(home: Path) -> None:
    """Otherwise it would prove nothing of what the digest shows."""
    told = json.loads((home / "digests" / WEEK / "digest.json").read_bytes())
    listed = {line["document_id"] for group in told["new"] for line in group["lines"]}
    shown = (
        "script_in_title", "formulas", "invalid_utf8", "controls", "turned_and_invisible", "endless_title",
        "lines_in_title", "markdown_in_title", "end_of_cdata", "address_that_runs",
    )  # fmt: skip
    assert {document_of(the_case(name)) for name in shown} <= listed


@pytest.mark.fault("D8")
def test_a_document_in_two_sources_is_one_row_that_names_both(home: Path, verdict: Verdict) -> None:
    both = world.from_edition(home, "select list_sort(source_ids) from documents where len(source_ids) > 1")
    assert (["us_federal_register", "us_govinfo_fr"],) in both
    ids = "select count(*) - count(distinct document_id) from documents where lead_source_id = ?"
    native = "select count(*) - count(distinct native_id) from documents where lead_source_id = ?"
    verdict.recovered(sum(world.from_edition(home, query, REGISTER)[0][0] for query in (ids, native)))


@pytest.mark.fault("D12")
def test_no_page_holds_what_a_title_would_run(home: Path, verdict: Verdict) -> None:
    pages = [*(current(home) / "site").rglob("*.html"), home / "digests" / WEEK / "digest.html"]
    live, told = 0, 0
    for path in pages:
        page = lxml.html.fromstring(path.read_text(encoding="utf-8"))
        live += len(page.xpath("//script[not(@src='site.js' or @src='../site.js')] | //img | //*[@onerror]"))
        told += "<script>alert(1)</script>" in page.text_content()
    assert told >= 2
    verdict.recovered(live)


@pytest.mark.fault("P1")
def test_no_address_of_any_page_runs(home: Path, verdict: Verdict) -> None:
    pages = [*(current(home) / "site").rglob("*.html"), home / "digests" / WEEK / "digest.html"]
    addresses = [address for path in pages for address in lxml.html.parse(path).xpath("//@href | //@src | //@action")]
    assert len(addresses) > 100
    verdict.recovered(sum(urlsplit(address).scheme not in ("", "https", "http", "data") for address in addresses))


@pytest.mark.fault("P2")
def test_no_title_is_a_link_of_its_own_in_markdown(home: Path, verdict: Verdict) -> None:
    told = (home / "digests" / WEEK / "digest.md").read_text(encoding="utf-8")
    page = lxml.html.fromstring(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(told))
    assert the_case("markdown_in_title").expected.says["title"] in page.text_content()
    verdict.recovered(sum("evil.example" in address for address in page.xpath("//@href | //@src")))


@pytest.mark.fault("P4")
def test_no_title_is_a_property_of_a_calendar(home: Path, verdict: Verdict) -> None:
    names, told = set(), ""
    for path in (current(home) / "feeds").glob("*.ics"):
        for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            names |= set(event)
            told += str(event["SUMMARY"])
    assert the_case("lines_in_title").expected.says["title"] in told
    verdict.recovered(len(names & {"ATTACH", "BCC", "ATTENDEE", "VALARM"}))


@pytest.mark.fault("P5")
def test_no_title_is_a_header_of_the_mail(home: Path, verdict: Verdict) -> None:
    told = (home / "digests" / WEEK / "digest.eml").read_bytes()
    mail = message_from_bytes(told, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Bcc: spy@evil.example" in " ".join(body.get_content().split())
    theirs = [name for name in mail.keys() if name.lower() in ("bcc", "attach", "cc")]  # noqa: SIM118  not a dict
    verdict.recovered(len(theirs))


@pytest.mark.fault("D13")
def test_no_cell_of_text_begins_as_a_formula_does(home: Path, verdict: Verdict) -> None:
    cells = [
        cell
        for path in (current(home) / "csv").glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True))
        for cell in row
    ]
    title = the_case("formulas").expected.says["title"]
    assert f"'{title}" in cells
    for kept in (current(home) / "parquet" / "documents.parquet",):
        query = f"select count(*) from '{kept}' where title = ?"
        assert duckdb.execute(query, [title]).fetchall() == [(1,)], "neutralised in CSV alone"
    unsafe = [cell for cell in cells if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell)]
    for path in (current(home) / "policy.xlsx", home / "digests" / WEEK / "digest.xlsx"):
        book = openpyxl.load_workbook(path, read_only=True)
        unsafe += [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert not unsafe
    verdict.recovered(len(unsafe))


@pytest.mark.fault("D14")
def test_bytes_that_are_no_utf8_are_archived_as_they_came(home: Path, verdict: Verdict) -> None:
    query = """
        select warc_file, warc_offset, source_url, payload_sha256 from documents inner join evidence using (evidence_id)
        where documents.document_id = ?"""
    ((name, *place),) = world.from_edition(home, query, document_of(the_case("invalid_utf8")))
    body = read_answer(home / "archive" / REGISTER / name, *place).body
    verdict.recovered(int(b"Broken \xff\xfe bytes" not in body))


@pytest.mark.parametrize("fault", [pytest.param(one, marks=pytest.mark.fault(one)) for one in ("D15", "D16")])
def test_nothing_unseen_is_left_in_any_text(home: Path, fault: str, verdict: Verdict) -> None:
    texts = [value for value in held(home) if isinstance(value, str)]
    texts += [path.read_text(encoding="utf-8") for path in (home / "digests" / WEEK).glob("digest.[hmj]*")]
    texts += [path.read_text(encoding="utf-8") for path in (current(home) / "site").rglob("*.html")]
    left = [UNSEEN.search(text) for text in texts if UNSEEN.search(text)]
    assert not left
    verdict.recovered(len(left))


@pytest.mark.fault("D19")
def test_no_number_of_the_edition_is_without_measure(home: Path, verdict: Verdict) -> None:
    numbers = [value for value in held(home) if isinstance(value, float)]
    verdict.quarantined(sum(not math.isfinite(number) for number in numbers))


@pytest.mark.fault("P6")
def test_each_line_with_an_address_has_a_copy_in_the_archive(home: Path, verdict: Verdict) -> None:
    """So that a reader is served when the address is not there any more."""
    told = json.loads((home / "digests" / WEEK / "digest.json").read_bytes())
    lines = [line for group in told["new"] for line in group["lines"] if line["what"]["url"]]
    query = "select source_id, warc_file, warc_offset, source_url, payload_sha256 from evidence where evidence_id = ?"
    without = []
    for line in lines:
        ((slug, name, *place),) = world.from_edition(home, query, line["evidence_id"])
        answer = read_answer(home / "archive" / slug / name, *place)
        if not answer.body or place[-1] != line["sha256"]:
            without.append(urlsplit(line["what"]["url"]).path)
    assert len(lines) > 5
    verdict.recovered(100 * len(without) / len(lines))
