"""All recordings of the Federal Register API: answers are read whole, everything else is refused by its name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.contracts import Availability, NotADocument, Refusal, UpstreamError
from scrapers.spiders.us_federal_register import parse_answer, parse_daily_counts
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves, without_query
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "federal_register_api", "us_federal_register")
ANSWERS = {
    "array of documents",
    "documents.json list with fields[]",
    "list_response_full_fields",
    "list_response_page",
    "single document, full field set",
    "vcr_body status=200",
}
REFUSED: dict[str, type[Refusal]] = {
    "404 HTML body from a .json address": UpstreamError,
    "documents/facets/type": NotADocument,
    "schema_doc": NotADocument,
    "toc_json": NotADocument,
    "vcr_body status=404": UpstreamError,
}


def refusal_of(recording: Recording) -> type[Refusal] | None:
    """The refusal due to a recording; None for answers with documents."""
    if "search_details" in recording.path.name:
        return NotADocument
    if recording.kind in ANSWERS:
        return None
    assert recording.kind in REFUSED, f"{recording}: kind {recording.kind!r} is new; say here what is due"
    return REFUSED[recording.kind]


def raw_records(recording: Recording) -> list[dict[str, Any]]:
    value = json.loads(recording.path.read_bytes())
    if isinstance(value, list):
        return value
    records: list[dict[str, Any]] = value.get("results", [value])
    return records


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of the Federal Register API in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if refusal := refusal_of(recording):
        with pytest.raises(refusal):
            parse_answer(body)
        return
    answer = parse_answer(body)
    raw = raw_records(recording)
    assert answer.rejected == ()
    assert len(answer.documents) == len(raw)
    for document, record in zip(answer.documents, raw, strict=True):
        assert document.native_id == str(record["document_number"])
        assert document.unread_fields == ()
        assert lost_leaves(record, document, [without_query]) == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_documents_of_one_answer_have_ids_of_their_own(recording: Recording) -> None:
    if refusal_of(recording):
        pytest.skip("refused, holds no documents")
    documents = parse_answer(recording.path.read_bytes()).documents
    assert len({document.document_id for document in documents}) == len(documents)


def test_every_file_of_both_folders_is_listed(shared: Path) -> None:
    folders = ("federal_register_api", "us_federal_register")
    files = {path for folder in folders for path in (shared / "corpus" / folder).iterdir()}
    assert files == {recording.path for recording in RECORDINGS}


def test_counts_by_type_are_no_counts_by_day(shared: Path) -> None:
    body = (shared / "corpus/us_federal_register/facets_type_2026-08-15.json").read_bytes()
    with pytest.raises(Refusal, match="counts by day"):
        parse_daily_counts(body)


def test_filings_are_not_taken_for_published_documents(shared: Path) -> None:
    body = (shared / "corpus/us_public_inspection/pi_current_2026-10-02.first10.json").read_bytes()
    answer = parse_answer(body)
    assert answer.rejected == ()
    assert answer.official_count == 107
    withdrawn, *filed = answer.documents
    assert {document.published_date for document in answer.documents} == {None}
    assert {document.document_id for document in filed} == {f"fr:{document.native_id}" for document in filed}
    assert {document.availability for document in filed} == {Availability.FILED}
    assert filed[0].filed_at == datetime(2026, 10, 1, 18, 0, tzinfo=UTC)
    assert (withdrawn.availability, withdrawn.filed_at) == (Availability.WITHDRAWN, None)
    assert "requesting withdrawal" in (withdrawn.withdrawal_note or "")
    for document, record in zip(answer.documents, json.loads(body)["results"], strict=True):
        assert document.unread_fields == ()
        assert lost_leaves(record, document, [_as_utc]) == []


def _as_utc(text: str) -> str | None:
    """An instant with an offset as the contract writes it."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if "T" in text else None
    except ValueError:
        return None
