"""All recordings of Grants.gov: answers of both services are read whole, its other formats are refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers.contracts import Depth, NotADocument
from scrapers.families.dates import us_eastern_day as parse_day
from scrapers.families.dates import us_eastern_instant as parse_instant
from scrapers.families.grants_gov import printed_day
from scrapers.families.grants_gov_extract import read_extract
from scrapers.spiders.us_grants_gov import parse_answer
from scrapers.spiders.us_grants_gov_extract import parse_answer as parse_extract
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "grants_gov")
REFUSED = {"bulk_extract_xml": "bulk extract", "legacy_soap_request": "SOAP", "simpler_db_extract_csv": "CSV"}


def as_day(text: str) -> str | None:
    """A day as the parser keeps it."""
    try:
        return parse_day(text).isoformat()
    except ValueError:
        return None


def as_instant(text: str) -> str | None:
    """An instant as the parser keeps it."""
    try:
        return parse_instant(text).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def raw_records(recording: Recording) -> list[dict[str, Any]]:
    value = json.loads(recording.path.read_bytes())
    if recording.kind == "search2_response":
        hits: list[dict[str, Any]] = value["data"]["oppHits"]
        return hits
    return [value]


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of Grants.gov in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if named := REFUSED.get(recording.kind):
        with pytest.raises(NotADocument, match=named):
            parse_answer(body)
        return
    assert recording.kind in {"fetchOpportunity_data", "search2_response"}, "this kind is new; say here what is due"
    answer = parse_answer(body)
    raw = raw_records(recording)
    assert answer.rejected == ()
    assert len(answer.documents) == len(raw)
    for document, record in zip(answer.documents, raw, strict=True):
        assert document.document_id == f"grants-gov:{record['id']}"
        assert document.unread_fields == ()
        assert document.text_flags == ()
        assert document.published_date is not None
        assert lost_leaves(record, document, [as_day, as_instant]) == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_the_envelope_changes_nothing(recording: Recording) -> None:
    if recording.kind != "fetchOpportunity_data":
        pytest.skip("an answer in its envelope, or no answer")
    data = json.loads(recording.path.read_bytes())
    wrapped = {"errorcode": 0, "msg": "Webservice Succeeds", "token": "abc", "data": data}
    assert parse_answer(json.dumps(wrapped).encode()) == parse_answer(recording.path.read_bytes())


def test_a_page_of_the_list_tells_its_official_count(shared: Path) -> None:
    answer = parse_answer((shared / "corpus/grants_gov/search2_student_5rows_2026-08-22.json").read_bytes())
    assert answer.official_count == 227
    assert {document.depth for document in answer.documents} == {Depth.LISTING}


def test_the_bulk_extract_is_read_whole_by_its_own_parser(shared: Path) -> None:
    body = (shared / "corpus/grants_gov/grants_db_extract.xml").read_bytes()
    answer = parse_extract(body)
    assert answer.rejected == ()
    assert [document.document_type for document in answer.documents] == [*["synopsis"] * 4, "forecast"]
    for document, extracted in zip(answer.documents, read_extract(body), strict=True):
        assert document.unread_fields == document.text_flags == ()
        assert lost_leaves(extracted.raw, document, [printed_as_day]) == []


def printed_as_day(text: str) -> str | None:
    """A day of the extract as the parser keeps it."""
    try:
        return printed_day(text).isoformat()
    except ValueError:
        return None


def test_every_file_of_the_folder_is_listed(shared: Path) -> None:
    assert set((shared / "corpus/grants_gov").iterdir()) == {recording.path for recording in RECORDINGS}
