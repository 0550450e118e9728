"""All recordings of the Bills API: lists and bills are read whole, its other answers are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.contracts import Depth, NotADocument
from scrapers.families.uk_bills import BILL_TYPES
from scrapers.spiders.uk_parliament_bills import parse_answer, parse_joined, parse_stages
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "uk_parliament_bills")
REFUSED = ("bills-api_openapi.json", "bill-2818_stages.json", "bill_types.json")
ADDED = ("comment",)
"""Names that the one who recorded an answer put into it."""


def as_day(text: str) -> str | None:
    """A withdrawal is kept as an instant; every other time is kept as it is."""
    return f"{text}Z" if text.endswith("T00:00:00") else None


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of the Bills API in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if recording.path.name in REFUSED:
        with pytest.raises(NotADocument):
            parse_answer(body)
        return
    value = json.loads(body)
    raw = value.get("items", [value])
    answer = parse_answer(body)
    assert answer.rejected == ()
    assert answer.official_count == value.get("totalResults")
    assert len(answer.documents) == len(raw)
    for document, record in zip(answer.documents, raw, strict=True):
        assert document.document_id == f"uk-bill:{record['billId']}"
        assert document.depth is (Depth.FULL if "longTitle" in record else Depth.LISTING)
        assert set(document.unread_fields) <= set(ADDED)
        assert document.text_flags == ()
        assert document.title == record["shortTitle"]
        assert document.document_subtype == BILL_TYPES[record["billTypeId"]]
        assert lost_leaves(record, document, [as_day]) == []


def test_types_are_named_as_the_api_names_them(shared: Path) -> None:
    types = json.loads((shared / "corpus/uk_parliament_bills/bill_types.json").read_bytes())["items"]
    assert {entry["id"]: entry["name"] for entry in types} == BILL_TYPES


def test_stages_are_joined_to_their_bill(shared: Path) -> None:
    folder = shared / "corpus/uk_parliament_bills"
    stages, total = parse_stages((folder / "bill-2818_stages.json").read_bytes())
    assert len(stages) == total == 2
    (bill,) = parse_joined((folder / "bill-2818.json").read_bytes(), stages).documents
    assert str(bill.published_date) == "2021-01-12"
    assert [note.note for note in bill.change_history] == ["1st reading (Commons)"]
    assert lost_leaves(stages, bill) == []


def test_a_bill_that_became_law_keeps_its_number(shared: Path) -> None:
    answer = parse_answer((shared / "corpus/uk_parliament_bills/bills_list_2026-09-13.json").read_bytes())
    acts = [bill for bill in answer.documents if bill.source_fields["isAct"]]
    assert [(bill.native_id, str(bill.signed_date), bill.action) for bill in acts][:1] == [
        ("3894", "2025-10-27", "Royal Assent")
    ]


def test_every_file_of_the_folder_is_listed(shared: Path) -> None:
    assert set((shared / "corpus/uk_parliament_bills").iterdir()) == {recording.path for recording in RECORDINGS}
