"""Each kind of drift is told, and a source that has not changed is told to be as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.sources_check import lines_of
from scrapers.check import _failed_requests, _last_good_documents
from scrapers.contracts import Depth, LandedRecord, PolicyDocument, RejectedRecord
from scrapers.drift import CheckReport, drifts
from scrapers.registry import SourceConfig, source
from tests import crawl_fixture

CONFIG: SourceConfig = source("us_federal_register")


def document(number: int, **changes: object) -> PolicyDocument:
    fields = {
        "source_id": CONFIG.slug,
        "document_id": f"fr:{number}",
        "native_id": str(number),
        "title": "A rule",
        "abstract": "What it does.",
        "document_type": "Rule",
        "published_date": "2026-03-04",
        "publishers": [{"name": "An agency"}],
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
        ({"unread_fields": ("type=Edict",)}, "new_value", "type=Edict"),
        ({"document_type": "Edict"}, "new_value", "document_type"),
    ],
)
def test_each_drift_is_named(changes: dict[str, object], kind: str, name: str) -> None:
    found = drifts(CONFIG, landed(*(document(number, **changes) for number in range(100, 110))), KNOWN)
    assert [(drift.kind, drift.name) for drift in found] == [(kind, name)]


@pytest.mark.parametrize(
    ("before", "now", "kind", "name"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, "field_gone", "source_fields.a.c"),
        ({"a": {"b": 1}, "d": 0}, {"d": 0}, "field_gone", "source_fields.a"),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, "field_gone", "source_fields.a.[].c"),
        ({"a": {"b": "x"}}, {"a": {"b": 1}}, "type_changed", "source_fields.a.b"),
        ({"a": [{"b": "x"}]}, {"a": [{"b": {"c": 1}}]}, "type_changed", "source_fields.a.[].b"),
        ({"a": {"b": ["x"]}}, {"a": {"b": 1}}, "type_changed", "source_fields.a.b"),
    ],
)
def test_what_drifts_deep_inside_is_named_by_its_path(
    before: dict[str, object], now: dict[str, object], kind: str, name: str
) -> None:
    known = [document(number, source_fields=before) for number in range(10)]
    found = drifts(CONFIG, landed(*(document(number, source_fields=now) for number in range(100, 110))), known)
    assert [(drift.kind, drift.name) for drift in found] == [(kind, name)]


def test_one_value_in_place_of_several_is_no_other_type() -> None:
    """As a field of XML is a list only where it is repeated."""
    known = [document(number, source_fields={"a": ["x", "y"] if number % 2 else "x"}) for number in range(10)]
    fresh = landed(*(document(number, source_fields={"a": ["x"]}) for number in range(100, 110)))
    assert drifts(CONFIG, fresh, known) == []


@pytest.mark.parametrize("count", [1, 4, 20])
@pytest.mark.parametrize("known", [[], KNOWN], ids=["no crawl before", "a crawl before"])
def test_what_the_contract_requires_is_told_gone_whatever_was_known(count: int, known: list[PolicyDocument]) -> None:
    fresh = landed(*(document(number, title=None, publishers=()) for number in range(100, 100 + count)))
    found = drifts(CONFIG, fresh, known)
    assert [(drift.kind, drift.name) for drift in found] == [
        ("required_gone", "title"),
        ("required_gone", "publishers"),
    ]


def test_what_some_documents_have_is_not_gone() -> None:
    assert drifts(CONFIG, landed(document(1, title=None), document(2)), []) == []


def test_what_is_only_filed_owes_no_day_of_publication() -> None:
    assert drifts(CONFIG, landed(document(1, published_date=None, availability="filed")), []) == []


def test_a_record_that_cannot_be_read_is_told() -> None:
    rejected = RejectedRecord(source_id=CONFIG.slug, where="/results/1", error="UnknownShape", message="no", raw="{}")
    found = drifts(CONFIG, [LandedRecord(fetch_id="f", rejected=rejected)], KNOWN)
    assert [(drift.kind, drift.name) for drift in found] == [("unreadable", "/results")]


def test_one_drift_of_many_records_is_one_line_with_its_count_and_an_example() -> None:
    rejected = [
        LandedRecord(
            fetch_id="f",
            rejected=RejectedRecord(
                source_id=CONFIG.slug, where=f"/results/{number}/title", error="UnreadableField", message="no", raw=""
            ),
        )
        for number in range(100)
    ]
    new = {"unread_fields": ("colour",), "abstract": "What it does."}
    found = drifts(CONFIG, [*rejected, *landed(*(document(number, **new) for number in range(3)))], [])
    assert [drift.sentence for drift in found] == [
        "UnreadableField at 100 places, first at /results/0/title: no",
        "the contract does not know it; on 3 of 3 documents, first on fr:0",
    ]


def test_nothing_is_said_to_be_as_its_contract_says_where_no_document_was_held_against_it() -> None:
    unheld = ("count https://x: NotADocument: expected documents, got counts",)
    head, line = lines_of(CheckReport(source_id="s", answers=1, documents=0, unheld=unheld, drifts=()))
    assert head == "s: it answers, but shows no document to hold against its contract (1 answers, 0 documents)"
    assert line == f"  not held against the contract: {unheld[0]}"


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("http_error", "not_answered"),
        ("refused:BlockPage", "not_answered"),
        ("refused:UpstreamError", "not_answered"),
        ("refused:UnknownShape", "refused"),
    ],
)
def test_a_wall_and_an_error_are_no_answers_and_another_shape_is_one(tmp_path: Path, outcome: str, kind: str) -> None:
    ledger = crawl_fixture.land(tmp_path, [])
    (fetch,) = ledger.fetches
    ended = ledger.model_copy(update={"fetches": (fetch.model_copy(update={"outcome": outcome}),)})
    assert [drift.kind for drift in _failed_requests(ended)] == [kind]


def test_an_answer_is_held_against_the_contract_though_the_spider_waits_for_the_pages_after_it(tmp_path: Path) -> None:
    """It lands what its last page completes; a check asks for the first page alone."""
    command = ["--home", str(tmp_path), "sources", "check", "--samples", "eu_funding_tenders"]
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *command], capture_output=True, text=True, check=False
    )
    assert "eu_funding_tenders: as its contract says (1 answers, 100 documents)" in done.stdout, done.stderr[-2000:]


def test_a_few_documents_say_nothing_of_fields_that_are_gone() -> None:
    assert drifts(CONFIG, landed(document(1, abstract=None)), KNOWN) == []


def test_lists_are_not_held_against_pages() -> None:
    lists = (document(number, abstract=None, depth=Depth.LISTING) for number in range(100, 110))
    assert drifts(CONFIG, landed(*lists), KNOWN) == []


def test_the_last_good_crawl__is_found_past_manifests_that_cannot_be_read(tmp_path: Path) -> None:
    crawl_fixture.land(tmp_path, [known := crawl_fixture.document()])
    folder = tmp_path / "landing" / crawl_fixture.SLUG
    (folder / "x.manifest.json").mkdir()
    (folder / "y.manifest.json").write_bytes(b"{")
    assert list(_last_good_documents(folder)) == [known]
