"""The spider of OMB memoranda asks for one page and lands its lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scrapers.contracts import Depth, UnknownShape
from scrapers.spiders.us_omb_memos import PAGE, UsOmbMemosSpider, parse_answer
from tests.unit.spider_harness import drive

DAY = date(2026, 3, 9)


def page(*lines: str, title: str = "Memoranda") -> bytes:
    listed = "".join(f"<li>{line}</li>" for line in lines)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><ul>{listed}</ul></body></html>".encode()


def test_lines_are_landed_with_their_files_as_attachments(tmp_path: Path) -> None:
    body = page(
        '<a href="/x/M-26-01.pdf">M-26-01 On AI</a> (March 2, 2026)', '<a href="/x/M-26-02.pdf">M-26-02 On ink</a>'
    )
    driven = drive(UsOmbMemosSpider, tmp_path, lambda request: body, DAY, DAY)
    assert [request.url for request in driven.asked] == [PAGE]
    assert driven.ledger.faults == ()
    first, second = (line.document for line in driven.landed if line.document)
    assert (first.native_id, first.title, first.signed_date) == ("M-26-01", "On AI", date(2026, 3, 2))
    assert (second.signed_date, second.depth, second.published_date) == (None, Depth.LISTING, None)
    assert first.attachments[0].url == "https://www.whitehouse.gov/x/M-26-01.pdf"


def test_a_page_without_memoranda_and_an_error_page_are_faults(tmp_path: Path) -> None:
    empty = drive(UsOmbMemosSpider, tmp_path, lambda request: page("nothing"), DAY, DAY)
    assert "NotADocument" in empty.ledger.faults[0]
    missing = drive(UsOmbMemosSpider, tmp_path, lambda request: page(title="Page not found"), DAY, DAY)
    assert "UpstreamError" in missing.ledger.faults[0]


@pytest.mark.parametrize(
    ("note", "relations"),
    [
        ("Rescinds M-24-10", [("revokes", "M-24-10")]),
        ("rescinded and replaced by M-25-21", [("revoked_by", "M-25-21")]),
        ("Superseded by OMB Memorandum M-25-21", [("superseded_by", "M-25-21")]),
        ("replaces M-24-18 and more", [("supersedes", "M-24-18")]),
        ("rescinded M-24-10", []),
        ("see M-24-10", []),
    ],
)
def test_a_line_says_what_ends_what(note: str, relations: list[tuple[str, str]]) -> None:
    (document,) = parse_answer(page(f'<a href="/x/M-26-01.pdf">M-26-01 Words</a> (March 2, 2026) {note}')).documents
    assert [(one.relation, one.target.value) for one in document.relations] == relations


def test_text_is_no_page() -> None:
    with pytest.raises(UnknownShape, match="expected a page in HTML"):
        parse_answer(b'{"memoranda": []}')
