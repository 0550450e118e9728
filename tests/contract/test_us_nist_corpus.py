"""All recordings of NIST: the export of publications is read whole, in its zip or bare."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scrapers.contracts import Availability, Depth
from scrapers.families.nist import plain_number
from scrapers.registry import instrument_rules, source
from scrapers.spiders.us_nist import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "nist")
DAYS = ("published-date", "comment-from", "comment-to")
ZONE = ZoneInfo("America/New_York")


def as_midnight(text: str) -> str | None:
    """A day of withdrawal as the parser keeps it."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_path(text: str) -> str | None:
    """An address as the identifier that is made of it."""
    return text.partition("/pubs/")[2] or None


def test_there_are_recordings(shared: object) -> None:
    assert RECORDINGS, f"no recordings of NIST in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    assert "publications export" in recording.kind, "this kind is new; say here what is due"
    raw = json.loads(recording.path.read_bytes())
    answer = parse_answer(recording.path.read_bytes())
    assert answer.rejected == ()
    assert len(answer.documents) == len(raw)
    assert len({document.document_id for document in answer.documents}) == len(raw)
    for document, record in zip(answer.documents, raw, strict=True):
        assert document.url == record["uri"]
        assert document.depth is Depth.LISTING
        assert document.unread_fields == ()
        assert set(document.text_flags) <= {"withdrawn_at:day"}
        assert lost_leaves(record, document, [as_midnight, as_path]) == []
        stated = (document.published_date, document.comments_open_date, document.comments_close_date)
        assert [day and day.isoformat() for day in stated] == [record[name] for name in DAYS]
        assert (document.availability is Availability.WITHDRAWN) == (record["substage"] != "active")
        assert len(document.relations) == len(record["supersedes"]) + len(record["superseded-by"])
        names = {one.scheme: one.value for one in document.identifiers}
        assert names.get("nist_doi") == record["doi"]
        if "nist_publication" in names:
            assert names["nist_publication"] == plain_number(record["docidentifier"])
            assert record["status"] == "final"
        if "nist_draft" in names:
            assert names["nist_draft"].startswith(f"{plain_number(record['docidentifier'])}-")
            assert record["status"] != "final"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_drafts_and_publications_have_names_of_their_own(recording: Recording) -> None:
    documents = parse_answer(recording.path.read_bytes()).documents
    for document in documents:
        schemes = {one.scheme for one in document.identifiers}
        replaced = any(stated.relation == "superseded_by" for stated in document.relations)
        assert len(schemes & {"nist_publication", "nist_draft"}) == 1 or replaced


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_every_type_is_read_as_an_instrument(recording: Recording) -> None:
    known = {(rule.type, rule.subtype) for rule in instrument_rules(source("us_nist"))}
    documents = parse_answer(recording.path.read_bytes()).documents
    assert {(document.document_type, document.document_subtype) for document in documents} <= known


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_the_zip_changes_nothing(recording: Recording) -> None:
    body = recording.path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pubs-export.json", body)
    assert parse_answer(packed.getvalue()) == parse_answer(body)


def test_every_file_of_the_folder_is_listed(shared: Any) -> None:
    assert set((shared / "corpus/nist").iterdir()) == {recording.path for recording in RECORDINGS}
