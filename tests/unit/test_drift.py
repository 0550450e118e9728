"""Each kind of drift is told, and a source that has not changed is told to be as it was."""

from __future__ import annotations

import pytest

from scrapers.contracts import Depth, LandedRecord, PolicyDocument, RejectedRecord
from scrapers.drift import drifts
from scrapers.registry import SourceConfig, source

CONFIG: SourceConfig = source("us_federal_register")


def document(number: int, **changes: object) -> PolicyDocument:
    fields = {
        "source_id": CONFIG.slug,
        "document_id": f"fr:{number}",
        "native_id": str(number),
        "title": "A rule",
        "abstract": "What it does.",
        "document_type": "Rule",
        "source_fields": {"volume": 91},
        "content_sha256": "0" * 64,
        "parser_version": "us_federal_register/1",
    }
    return PolicyDocument.model_validate(fields | changes)


def landed(*documents: PolicyDocument) -> list[LandedRecord]:
    return [LandedRecord(fetch_id="f", document=one) for one in documents]


KNOWN = [document(number) for number in range(20)]


def test_what_is_as_it_was_has_not_drifted() -> None:
    assert drifts(CONFIG, landed(*(document(number) for number in range(100, 110))), KNOWN) == []


@pytest.mark.parametrize(
    ("changes", "kind", "name"),
    [
        ({"abstract": None}, "field_gone", "abstract"),
        ({"source_fields": {}}, "field_gone", "source_fields.volume"),
        ({"source_fields": {"volume": "91"}}, "type_changed", "source_fields.volume"),
        ({"unread_fields": ("colour",)}, "new_field", "colour"),
        ({"document_type": "Edict"}, "new_value", "document_type"),
    ],
)
def test_each_drift_is_named(changes: dict[str, object], kind: str, name: str) -> None:
    found = drifts(CONFIG, landed(*(document(number, **changes) for number in range(100, 110))), KNOWN)
    assert [(drift.kind, drift.name) for drift in found] == [(kind, name)]


def test_a_record_that_cannot_be_read_is_told() -> None:
    rejected = RejectedRecord(source_id=CONFIG.slug, where="/results/1", error="UnknownShape", message="no", raw="{}")
    found = drifts(CONFIG, [LandedRecord(fetch_id="f", rejected=rejected)], KNOWN)
    assert [(drift.kind, drift.name) for drift in found] == [("unreadable", "/results/1")]


def test_a_few_documents_say_nothing_of_fields_that_are_gone() -> None:
    assert drifts(CONFIG, landed(document(1, abstract=None)), KNOWN) == []


def test_lists_are_not_held_against_pages() -> None:
    lists = (document(number, abstract=None, depth=Depth.LISTING) for number in range(100, 110))
    assert drifts(CONFIG, landed(*lists), KNOWN) == []
