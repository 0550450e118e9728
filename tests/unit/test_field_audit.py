"""What a source has never shown is noticed, a name or a value of a closed vocabulary, however deep it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrapers.contracts import PolicyDocument
from scrapers.families.records import Record
from scrapers.parse import parser_of
from scrapers.registry import KnownFields
from tests.contract.cases import FIXTURES

GOVUK_PUBLICATION = "publication_with_attachments_collection_and_lead_organisation.json"
BILL = "bill_with_sponsors_promoters_and_agent.json"
OPPORTUNITY = "posted_with_amounts_and_history.json"
KNOWN = KnownFields(
    others=("title", "kind", "parts", "free", "deep"),
    housekeeping=("views",),
    inside={
        "parts": ("name", "kind", "by", "of"),
        "parts.*": ("name",),
        "parts.of": ("*",),
        "free": ("*",),
        "deep.**": ("a", "b"),
    },
    values={"kind": ("a", "b"), "parts.kind": ("1",)},
)


@pytest.mark.parametrize(
    ("raw", "unknown"),
    [
        ({"title": "x", "kind": "a", "views": 3}, ()),
        ({"title": "x", "colour": "red"}, ("colour",)),
        ({"kind": "c"}, ("kind=c",)),
        ({"kind": ["a", "c\n d"]}, ("kind=c d",)),
        ({"kind": None}, ()),
        ({"kind": " "}, ()),
        ({"kind": "c" * 500}, (f"kind={'c' * 80}",)),
        ({"parts": [{"name": "x"}, {"colour": 1}, {"colour": 2}]}, ("parts.colour",)),
        ({"parts": {"by": {"name": "x", "colour": 1}}}, ("parts.by.colour",)),
        ({"parts": [{"kind": 1}, {"kind": 2}]}, ("parts.kind=2",)),
        ({"deep": {"a": [{"b": {"a": 1, "colour": 2}}]}}, ("deep.a.b.colour",)),
        ({"parts": {"of": {"whatever": {"it": "is"}}}, "free": {"too": 1}}, ()),
        ({"title": {"main": "an object where text was"}}, ("title.main",)),
        ({"\x1b]0;a\u202eb": 1, "n" * 500: 2}, ("]0;a[U+202E]b", "n" * 300)),
    ],
)
def test_names_and_values_never_seen_are_told_by_their_path(raw: dict[str, Any], unknown: tuple[str, ...]) -> None:
    assert Record(raw).unknown(KNOWN) == unknown


def test_what_was_read_before_is_audited_all_the_same() -> None:
    record = Record({"title": "x", "kind": "c"})
    record.text("kind")
    assert record.unknown(KNOWN) == ("kind=c",)


def read_changed(slug: str, fixture: str, path: tuple[str | int, ...], value: object) -> PolicyDocument:
    """The first document of an answer in which one value was set."""
    answer = json.loads((FIXTURES / slug / fixture).read_text(encoding="utf-8"))
    inside = answer
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return parser_of(slug)(json.dumps(answer).encode()).documents[0]


@pytest.mark.parametrize(
    ("slug", "fixture", "path"),
    [
        ("us_federal_register", "executive_order_2026.json", ("results", 0, "agencies", 0, "brand_new")),
        ("us_federal_register", "filed_for_public_inspection.json", ("results", 0, "agencies", 0, "brand_new")),
        ("uk_ukri_gtr", "project_by_itself.json", ("links", "link", 0, "brand_new")),
        ("uk_ukri_gtr", "project_by_itself.json", ("researchTopics", "researchTopic", 0, "brand_new")),
        ("uk_govuk", "welsh_page_has_an_id_of_its_own.json", ("links", "brand_new")),
        ("uk_govuk", GOVUK_PUBLICATION, ("details", "attachments", 0, "brand_new")),
        ("uk_govuk", GOVUK_PUBLICATION, ("details", "change_history", 0, "brand_new")),
        ("us_grants_gov", OPPORTUNITY, ("data", "cfdas", 0, "brand_new")),
        ("us_grants_gov", OPPORTUNITY, ("data", "agencyDetails", "brand_new")),
        ("us_grants_gov", OPPORTUNITY, ("data", "synopsis", "applicantTypes", 0, "brand_new")),
        ("uk_parliament_bills", BILL, ("sponsors", 0, "member", "brand_new")),
        ("us_nist", "draft_and_final_publication.json", (0, "authors", 0, "brand_new")),
        ("us_congress_gov", "law_in_full_leaves_its_parts_to_other_answers.json", ("bill", "policyArea", "brand_new")),
        ("us_usaspending", "contract_under_a_frame.json", ("awarding_agency", "toptier_agency", "brand_new")),
        ("eu_press_corner", "document_with_its_text.json", ("policiesResource", 0, "brand_new")),
        ("us_grants_gov", OPPORTUNITY, ("data", "opportunityHistoryDetails", 0, "synopsis", "brand_new")),
    ],
)
def test_a_new_name_inside_a_record_is_noticed(slug: str, fixture: str, path: tuple[str | int, ...]) -> None:
    name = ".".join(step for step in path if isinstance(step, str) and step not in ("data", "results", "bill"))
    assert name in read_changed(slug, fixture, path, 1).unread_fields


@pytest.mark.parametrize(
    ("slug", "fixture", "path", "value"),
    [
        (
            "us_federal_register",
            "executive_order_2026.json",
            (
                "results",
                0,
                "subtype",
            ),
            "Royal Decree",
        ),
        (
            "us_federal_register",
            "executive_order_2026.json",
            (
                "results",
                0,
                "type",
            ),
            "Edict",
        ),
        ("us_federal_register", "one_filing.json", ("filing_type",), "emergency"),
        ("us_grants_gov", "search_page.json", ("data", "oppHits", 0, "oppStatus"), "suspended"),
        ("uk_parliament_bills", BILL, ("currentHouse",), "Both"),
        ("uk_parliament_bills", BILL, ("billTypeId",), "10"),
        ("uk_ukri_gtr", "project_by_itself.json", ("status",), "Paused"),
        ("uk_ukri_gtr", "project_by_itself.json", ("grantCategory",), "New Kind"),
        ("uk_govuk", "welsh_page_has_an_id_of_its_own.json", ("schema_name",), "new_schema"),
        ("uk_govuk", "welsh_page_has_an_id_of_its_own.json", ("phase",), "gamma"),
        ("us_nist", "draft_and_final_publication.json", (0, "status"), "retired"),
        ("us_regulations_gov", "docket.json", ("data", "attributes", "docketType"), "Foo"),
    ],
)
def test_a_new_value_of_a_vocabulary_is_kept_flagged_and_noticed(
    slug: str, fixture: str, path: tuple[str | int, ...], value: str
) -> None:
    document = read_changed(slug, fixture, path, value)
    assert f"{path[-1]}={value}" in document.unread_fields
    assert f"unknown_value:{path[-1]}" in document.text_flags
    assert value.casefold() in document.model_dump_json(exclude={"unread_fields"}).casefold()
