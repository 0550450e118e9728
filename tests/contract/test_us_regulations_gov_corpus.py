"""All recordings of Regulations.gov: documents and dockets are read whole, everything else is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scrapers.contracts import Availability, NotADocument, UpstreamError
from scrapers.families.dates import iso_instant
from scrapers.spiders.us_regulations_gov import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "regulations_gov", "us_regulations_gov")
PRIVATE = ("comments", "document-comments-received-counts")
DAYS = {
    "postedDate": "published_date",
    "commentStartDate": "comments_open_date",
    "commentEndDate": "comments_close_date",
    "effectiveDate": "effective_date",
}


def eastern(text: str) -> str | None:
    """An instant as the civil day it is in Washington."""
    try:
        return iso_instant(text).astimezone(ZoneInfo("America/New_York")).date().isoformat()
    except ValueError:
        return None


def withdrawn(text: str) -> str | None:
    """Whether a posting is withdrawn is told by the document's availability."""
    return {"False": "available", "True": "withdrawn"}.get(text)


def own_kind(text: str) -> str | None:
    """The kind of record and the address in the API are said by the document's id."""
    return "us_regulations_gov" if text in ("documents", "dockets") else None


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of Regulations.gov in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    value = json.loads(body)
    if "errors" in value or "error" in value or "message" in value:
        with pytest.raises(UpstreamError):
            parse_answer(body)
        return
    if recording.kind.startswith("v3"):
        with pytest.raises(NotADocument, match="version 3"):
            parse_answer(body)
        return
    data = value["data"]
    raw: list[dict[str, Any]] = data if isinstance(data, list) else [data]
    if any(record["type"] in PRIVATE for record in raw):
        with pytest.raises(NotADocument, match="submissions"):
            parse_answer(body)
        return
    answer = parse_answer(body)
    assert answer.rejected == ()
    assert answer.official_count == value.get("meta", {}).get("totalElements")
    assert len(answer.documents) == len(raw)
    for document, record in zip(answer.documents, raw, strict=True):
        attributes = record["attributes"]
        assert document.native_id == record["id"]
        assert document.unread_fields == ()
        assert set(document.text_flags) <= {"control_removed"}
        for name, field in DAYS.items():
            stated = attributes.get(name)
            assert str(getattr(document, field)) == str(stated and eastern(stated)), name
        assert (document.availability is Availability.WITHDRAWN) == bool(attributes.get("withdrawn"))
        numbers = {one.value for one in document.identifiers if one.scheme == "fr_document"}
        for number in numbers:
            year, _, count = number.partition("-")
            assert attributes["frDocNum"].startswith(year)
            assert attributes["frDocNum"].endswith(count)
        assert lost_leaves(record, document, [eastern, withdrawn, own_kind]) == []


def test_every_file_of_the_folders_is_listed(shared: Path) -> None:
    for folder in ("regulations_gov", "us_regulations_gov"):
        listed = {recording.path for recording in RECORDINGS if recording.path.parent.name == folder}
        assert set((shared / "corpus" / folder).iterdir()) == listed
