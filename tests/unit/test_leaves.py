"""The check for lost values finds a loss, and takes no tidying for one."""

from __future__ import annotations

from scrapers.families.records import Record
from scrapers.spiders.us_federal_register import parse_document
from tests.contract.leaves import lost_leaves, squeezed, without_query

RAW = {
    "document_number": "2026-91001",
    "publication_date": "2026-03-05",
    "title": "Two  Dams &amp; a Bridge ",
    "pdf_url": "https://www.govinfo.gov/a.pdf?17",
    "start_page": 20_700,
    "significant": False,
    "topics": ["Dams"],
    "citation": None,
    "toc_subject": "",
}


def test_tidying_is_no_loss() -> None:
    assert lost_leaves(RAW, parse_document(Record(RAW)), [without_query]) == []


def test_each_lost_value_is_named_by_its_path() -> None:
    document = parse_document(Record(RAW))
    raw = {**RAW, "agencies": [{"name": "Land Office", "motto": "We measure"}], "start_page": 20_701}
    assert lost_leaves(raw, document, [without_query]) == [
        "/start_page: '20701'",
        "/agencies/0/name: 'Land Office'",
        "/agencies/0/motto: 'We measure'",
    ]
    assert lost_leaves(RAW, document) == ["/pdf_url: 'https://www.govinfo.gov/a.pdf?17'"]


def test_mark_up_and_entities_are_squeezed_out() -> None:
    assert squeezed("<p>Learn &amp;amp; <b>teach</b></p>") == squeezed("learn teach")
    assert squeezed("5000000") == squeezed("5000000.0") != squeezed("500000")
    assert squeezed(" . ") == "."
