"""All recordings of USAspending: searches and awards are read whole, other answers of the API are refused by name."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrapers.contracts import Depth, NotADocument, PolicyDocument
from scrapers.spiders.us_usaspending import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "usaspending", "us_usaspending_more")
AWARDS = {"awards_contract", "awards_idv", "awards_loan"}
SEARCHES = {"awards_search_results_contracts", "awards_search_results_idvs"}


def is_search(recording: Recording) -> bool:
    return recording.path.stem in SEARCHES or recording.path.stem.startswith("spending_by_award_")


def to_the_cent(text: str) -> str | None:
    """An amount as the parser keeps it."""
    try:
        return str(Decimal(text).quantize(Decimal("0.01")))
    except ArithmeticError:
        return None


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of USAspending in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if recording.path.stem not in AWARDS and not is_search(recording):
        with pytest.raises(NotADocument):
            parse_answer(body)
        return
    answer, value = parse_answer(body), json.loads(body)
    raw = value["results"] if is_search(recording) else [value]
    assert answer.rejected == ()
    assert len(answer.documents) == len(raw) > 0
    for document, record in zip(answer.documents, raw, strict=True):
        check_document(document, record)
        assert document.depth is (Depth.LISTING if is_search(recording) else Depth.FULL)
        assert lost_leaves(record, document, [to_the_cent]) == []


def check_document(document: PolicyDocument, record: dict[str, Any]) -> None:
    native = record.get("generated_unique_award_id") or record["generated_internal_id"]
    assert (document.document_id, document.native_id) == (f"usaspending:{native}", native)
    assert document.unread_fields == ()
    assert document.text_flags == ()
    assert document.publishers
    signed = record.get("date_signed") or record.get("Base Obligation Date")
    assert (str(document.published_date) if document.published_date else None) == signed
    assert document.signed_date == document.published_date
    obligated = [one for one in document.amounts if one.kind == "obligated"]
    assert [one.low for one in obligated] == [Decimal(str(record.get("total_obligation", record.get("Award Amount"))))]
    for stated in document.amounts:
        assert stated.raw == str(record[stated.field])
        assert stated.currency == "USD"
    kinds = {"total_loan_value": "other", "total_subsidy_cost": "cost_estimate", "base_and_all_options": "other"}
    for one in document.amounts:
        assert one.kind == kinds.get(one.field, one.kind)


def test_an_answer_can_be_told_by_its_shape(shared: Path) -> None:
    loan = parse_answer((shared / "corpus/us_usaspending_more/awards_loan.json").read_bytes()).documents[0]
    assert {one.field: one.kind for one in loan.amounts} == {
        "total_obligation": "obligated",
        "total_loan_value": "other",
    }
    assert loan.subjects == ("Federal Direct Student Loans",)
    last = parse_answer((shared / "corpus/usaspending/spending_by_award_009.json").read_bytes())
    assert (len(last.documents), last.official_count) == (32, None)


def test_every_file_of_the_folders_is_listed(shared: Path) -> None:
    files = {path for name in ("usaspending", "us_usaspending_more") for path in (shared / "corpus" / name).iterdir()}
    assert files == {recording.path for recording in RECORDINGS}
