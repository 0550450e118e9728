"""The spider of OMB memoranda lands the lines of one page, and reads the PDF files of candidates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scrapers.contracts import Depth, PolicyDocument, UnknownShape
from scrapers.samples.pdf_files import pdf_of_pages
from scrapers.spiders.us_omb_memos import PAGE, UsOmbMemosSpider, parse_answer
from tests.contract.walls import WALLS
from tests.unit.spider_harness import Driven, drive, where_read

DAY = date(2026, 3, 9)


def page(*lines: str, title: str = "Memoranda") -> bytes:
    listed = "".join(f"<li>{line}</li>" for line in lines)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><ul>{listed}</ul></body></html>".encode()


LINES = page(
    '<a href="/x/M-26-01.pdf">M-26-01 On AI</a> (March 2, 2026)',
    '<a href="/x/M-26-02.pdf">M-26-02 On ink</a>',
    '<a href="https://archive.example/M-25-03.pdf">M-25-03 On AI, in an archive</a>',
)


def run(folder: Path, file: bytes | int) -> tuple[Driven, dict[str, PolicyDocument]]:
    driven = drive(UsOmbMemosSpider, folder, lambda request: LINES if request.url == PAGE else file, DAY, DAY)
    return driven, {line.document.native_id: line.document for line in driven.landed if line.document}


def test_files_of_candidates_on_the_own_host_are_read_and_the_others_are_lines(tmp_path: Path) -> None:
    file = pdf_of_pages([["March 2, 2026", "", "M-26-01", "", "SUBJECT: On AI", "", "Each agency shall count."]])
    driven, landed = run(tmp_path, file)
    assert [request.url for request in driven.asked] == [PAGE, "https://www.whitehouse.gov/x/M-26-01.pdf"]
    assert driven.ledger.faults == ()
    read, ink, archived = landed["M-26-01"], landed["M-26-02"], landed["M-25-03"]
    assert (read.title, read.signed_date, read.depth) == ("On AI", date(2026, 3, 2), Depth.FULL)
    assert read.body == "March 2, 2026\nM-26-01\nSUBJECT: On AI\nEach agency shall count."
    assert read.text_flags == ("text_from_pdf",)
    assert read.attachments[0].url == "https://www.whitehouse.gov/x/M-26-01.pdf"
    assert (ink.signed_date, ink.depth, ink.published_date, ink.body) == (None, Depth.LISTING, None, None)
    assert archived.depth is Depth.LISTING
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (2, 1)


def test_all_but_the_text_was_read_from_the_list(tmp_path: Path) -> None:
    lines = page('<a href="/x/M-26-01.pdf">M-26-01 On AI</a> (March 2, 2026) Rescinded by M-26-09')
    file = pdf_of_pages([["M-26-01", "", "SUBJECT: On AI"]])
    for content in (file, 404):
        driven = drive(
            UsOmbMemosSpider, tmp_path, lambda request, said=content: lines if request.url == PAGE else said, DAY, DAY
        )
        read = where_read(driven, "M-26-01")
        assert read.pop("") == "https://www.whitehouse.gov/x/M-26-01.pdf"
        assert set(read.values()) == {PAGE}
        assert {"title", "signed_date", "note Rescinded by M-26-09"} <= set(read)
        assert "body" not in read


@pytest.mark.parametrize(
    ("file", "flag", "error"),
    [
        (404, "pdf_gone", None),
        (pdf_of_pages([[]]), "pdf_without_text", "UnreadableField"),
        (pdf_of_pages([["M-26-77", "Another."]]), "pdf_of_another_number", "ContradictoryField"),
    ],
)
def test_a_file_that_gives_no_text_leaves_the_line(
    tmp_path: Path, file: bytes | int, flag: str, error: str | None
) -> None:
    driven, landed = run(tmp_path, file)
    kept = landed["M-26-01"]
    assert (kept.depth, kept.body, kept.text_flags) == (Depth.LISTING, None, (flag,))
    assert [line.rejected.error for line in driven.landed if line.rejected] == ([error] if error else [])


@pytest.mark.parametrize(
    ("file", "fault"), [(b"%PDF-1.7 cut", "Truncated"), (WALLS["cloudflare_managed_challenge"], "BlockPage")]
)
def test_a_file_that_cannot_be_read_is_a_fault_of_the_crawl(tmp_path: Path, file: bytes, fault: str) -> None:
    driven, landed = run(tmp_path, file)
    assert fault in driven.ledger.faults[0]
    assert "M-26-01" not in landed


def test_another_text_in_the_file_is_another_version(tmp_path: Path) -> None:
    hashes = {
        run(tmp_path, pdf_of_pages([["M-26-01", "", text]]))[1]["M-26-01"].content_sha256
        for text in ("It shall.", "It may.", "It  shall.")
    }
    assert len(hashes) == 2


def test_a_page_without_memoranda_and_an_error_page_are_faults(tmp_path: Path) -> None:
    empty = drive(UsOmbMemosSpider, tmp_path, lambda request: page("nothing"), DAY, DAY)
    assert "NotADocument" in empty.ledger.faults[0]
    missing = drive(UsOmbMemosSpider, tmp_path, lambda request: page(title="Page not found"), DAY, DAY)
    assert "UpstreamError" in missing.ledger.faults[0]


@pytest.mark.parametrize(
    ("note", "relations"),
    [
        ("Rescinds M-24-10", [("revokes", "M-24-10")]),
        ("rescinded and replaced by M-25-21", [("revoked_by", "M-25-21"), ("superseded_by", "M-25-21")]),
        ("rescinds and replaces M-24-10", [("revokes", "M-24-10"), ("supersedes", "M-24-10")]),
        ("rescinded and archived by M-25-21", [("revoked_by", "M-25-21")]),
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


def test_a_list_cut_to_one_memorandum_is_not_good(tmp_path: Path) -> None:
    lines = page('<a href="/x/M-26-02.pdf">M-26-02 On ink</a>')
    driven = drive(UsOmbMemosSpider, tmp_path, lambda request: lines, DAY, DAY, is_stand_in=False)
    (fault,) = driven.ledger.faults
    assert "or more documents, got 1" in fault
