"""The daily extract of Grants.gov: once a week, record by record, what changed in the window, within bounds."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrapers import parse
from scrapers.contracts import NotADocument, Refusal, Truncated, UnknownShape
from scrapers.families import grants_gov_extract
from scrapers.families.grants_gov import printed_day
from scrapers.families.grants_gov_extract import NAMESPACE, read_extract
from scrapers.spiders import us_grants_gov_extract
from scrapers.spiders.us_grants_gov_extract import UsGrantsGovExtractSpider
from tests.unit.spider_harness import Driven, drive

SINCE, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)


def record(number: int, updated: str, kind: str = "Synopsis", **fields: str) -> str:
    said = {"OpportunityID": str(number), "OpportunityTitle": "Harbours", "PostDate": "06092026", **fields}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in {**said, "LastUpdatedDate": updated}.items())
    return f"<Opportunity{kind}Detail_1_0>{inside}</Opportunity{kind}Detail_1_0>"


def document(*records: str) -> bytes:
    return f'<Grants xmlns="{NAMESPACE}">{"".join(records)}</Grants>'.encode()


def zipped(content: bytes, name: str = "GrantsDBExtract20261121v2.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def crawl(body: bytes, folder: Path, until: date = SUNDAY, **options: Any) -> Driven:
    return drive(UsGrantsGovExtractSpider, folder, lambda request: body, SINCE, until, **options)


def landed(driven: Driven) -> list[str]:
    return [record.document.native_id for record in driven.landed if record.document]


def test_what_was_posted_or_updated_in_the_window_is_landed(tmp_path: Path) -> None:
    body = zipped(
        document(
            record(1, "11152026"),
            record(2, "11162026"),
            record(3, "11222026"),
            record(4, "11232026"),
            record(5, "", PostDate="11172026"),
            record(6, "", PostDate="11012026"),
            record(7, "soon"),
        )
    )
    driven = crawl(body, tmp_path)
    assert driven.ledger.is_good, driven.ledger.faults
    assert landed(driven) == ["2", "3", "5", "7"]
    assert [request.url for request in driven.asked] == [
        "https://prod-grants-gov-chatbot.s3.amazonaws.com/extracts/GrantsDBExtract20261121v2.zip"
    ]


def test_an_opportunity_with_a_forecast_is_landed_once(tmp_path: Path) -> None:
    driven = crawl(zipped(document(record(1, "11172026"), record(1, "11172026", "Forecast"))), tmp_path)
    assert [record.document.document_type for record in driven.landed if record.document] == ["synopsis"]
    assert driven.ledger.found_total == 1


def test_on_other_days_the_source_is_not_asked(tmp_path: Path) -> None:
    driven = crawl(b"", tmp_path, date(2026, 11, 21), is_stand_in=False)
    assert driven.asked == []
    assert (driven.ledger.is_good, driven.ledger.faults) == (False, ())
    assert driven.ledger.not_asked is not None
    assert "Sunday" in driven.ledger.not_asked


def test_an_extract_of_few_records_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(us_grants_gov_extract, "LEAST_RECORDS", 3)
    two = [record(number, "11172026") for number in (1, 2)]
    driven = crawl(zipped(document(*two)), tmp_path, is_stand_in=False)
    assert driven.ledger.faults == ("expected 3 or more records in the extract, got 2; look at the file",)
    assert crawl(zipped(document(*two, record(3, "01012026"))), tmp_path, is_stand_in=False).ledger.is_good


@pytest.mark.parametrize(
    "body", [b"", b"<Error><Code>AccessDenied</Code></Error>", zipped(document())[:100]], ids=["empty", "error", "cut"]
)
def test_anything_else_makes_the_crawl_not_good(body: bytes, tmp_path: Path) -> None:
    driven = crawl(body, tmp_path)
    assert len(driven.ledger.faults) == 1
    assert driven.landed == []


def test_an_archive_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants_gov_extract, "MAX_XML_BYTES", 1_000_000)
    body = zipped(document(record(1, "11172026"), " " * 2_000_000))
    assert len(body) < 10_000
    with pytest.raises(UnknownShape, match="at most 1000000 bytes"):
        list(read_extract(body))


def test_a_record_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants_gov_extract, "MAX_RECORD_BYTES", 100_000)
    many = "".join(record(number, "11172026") for number in range(2_000))
    assert len(list(read_extract(document(many)))) == 2_000
    with pytest.raises(UnknownShape, match="at most 100000 bytes in record 1"):
        list(read_extract(document(record(1, ""), record(2, "", Description="<b>x</b>" * 50_000))))


@pytest.mark.parametrize(
    ("inside", "refusal"),
    [
        ("<!DOCTYPE Grants SYSTEM 'file:///etc/passwd'><Grants/>", UnknownShape),
        ("<!DOCTYPE Grants [<!ENTITY a 'aa'>]><Grants>&a;</Grants>", UnknownShape),
        (f"<Grants xmlns='{NAMESPACE}'>&unknown;</Grants>", UnknownShape),
        (f"<Grants xmlns='{NAMESPACE}'>" + "<a>" * 3_000 + "</a>" * 3_000 + "</Grants>", UnknownShape),
        (f"<Grants xmlns='{NAMESPACE}'>", Truncated),
        ("<Other/>", NotADocument),
        ("<Grants/>", NotADocument),
        ("", Truncated),
    ],
)
def test_hostile_xml_is_refused_in_a_zip_file_and_bare(inside: str, refusal: type[Refusal]) -> None:
    for body in (inside.encode(), zipped(inside.encode())):
        with pytest.raises(refusal):
            list(read_extract(body))


def test_records_are_read_one_by_one_and_a_cut_is_told_at_its_place() -> None:
    records = read_extract(document(record(1, ""), record(2, ""))[:-200])
    assert next(records).where == "/0"
    with pytest.raises(Truncated):
        list(records)


def test_any_prefix_of_the_namespace_will_do() -> None:
    body = f'<g:Grants xmlns:g="{NAMESPACE}"><g:OpportunityForecastDetail_1_0><g:OpportunityID>7</g:OpportunityID>'
    body += "</g:OpportunityForecastDetail_1_0></g:Grants>"
    assert [(one.kind, one.raw) for one in read_extract(body.encode())] == [("forecast", {"OpportunityID": "7"})]


@pytest.mark.parametrize("text", ["6092026", "20260609", "13012026", "06/09/2026", "", None, 6092026])
def test_other_days_are_not_guessed(text: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        printed_day(text)


def test_files_are_parsed_record_by_record(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.zip", tmp_path / "cut.xml"
    whole.write_bytes(zipped(document(record(1, "11172026"), record(2, "11172026"))))
    cut.write_bytes(document(record(3, "11172026"), record(4, "11172026"))[:-200])
    out, err = io.StringIO(), io.StringIO()
    assert not parse.parse_files("us_grants_gov_extract", [whole, cut], out, err)
    assert [line.split('"native_id":"')[1][0] for line in out.getvalue().splitlines()] == ["1", "2", "3"]
    assert err.getvalue().startswith(f"{cut}: Truncated: ")


def test_last_updated_moves_without_a_change() -> None:
    def content_hash(body: bytes) -> str:
        (answer,) = us_grants_gov_extract.parse_parts(body)
        return answer.documents[0].content_sha256

    first, later = document(record(1, "11172026")), document(record(1, "11182026"))
    assert content_hash(first) == content_hash(later) != content_hash(document(record(1, "", AwardCeiling="5")))
