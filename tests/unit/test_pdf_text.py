"""PDF files are read as paragraphs; hostile, damaged, locked and empty ones end in a named refusal or a flag."""

from __future__ import annotations

import io
import time
import zlib
from typing import Any

import pytest
from pypdf import PdfWriter

from scrapers.contracts import BlockPage, Truncated, UnknownShape, UpstreamError
from scrapers.families import pdf_text
from scrapers.families.pdf_pages import MAX_CPU_SECONDS, MAX_PAGES
from scrapers.families.pdf_text import CUT, FROM_PDF, NO_TEXT, paragraphs, read_pdf
from scrapers.samples.pdf_files import pdf_of_pages
from tests.contract.walls import WALLS

LONG = "This line is as long as the lines of a paragraph are, and the sentence goes on"


def lines_of(*pages: list[str]) -> list[str]:
    return paragraphs(["\n".join(page) for page in pages])


def test_lines_become_paragraphs() -> None:
    assert lines_of([LONG, "until here.", LONG, "and ends.", "", "Head", "", LONG]) == [
        f"{LONG} until here.",
        f"{LONG} and ends.",
        "Head",
        LONG,
    ]


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("manage-", "ment is", "management is"),
        ("manage\u00ad", "ment is", "management is"),
        ("risk-", "based is", "risk-based is"),
        ("Smith-", "Jones is", "Smith- Jones is"),
        ("pages 3-", "5 are", "pages 3- 5 are"),
    ],
)
def test_words_parted_at_line_ends_are_whole_and_compounds_keep_their_hyphen(
    before: str, after: str, joined: str
) -> None:
    (paragraph, _) = lines_of([f"{LONG} {before}", f"{after} said.", "", "risk-based"])
    assert paragraph == f"{LONG} {joined} said."


def test_heads_feet_and_page_numbers_go_and_footnotes_stay() -> None:
    words = ["tin", "zinc", "lead", "iron"]
    pages = [
        ["Executive Office", f"M-26-90, page {n}", f"Of {word}.", "", f"{n} Id. at {n}0.", "", f"Page {n} of 4"]
        for n, word in enumerate(words, start=1)
    ]
    assert lines_of(*pages) == [
        text for n, word in enumerate(words, start=1) for text in (f"Of {word}.", f"{n} Id. at {n}0.")
    ]


def test_a_paragraph_goes_on_over_a_page_and_a_footnote_does_not() -> None:
    assert lines_of([LONG], ["to its end."]) == [f"{LONG} to its end."]
    note = f"1 {LONG}"
    assert lines_of([LONG, note], ["and a new text."]) == [LONG, note, "and a new text."]


def test_lists_and_numbered_parts_begin_anew() -> None:
    listed = ["(a) one", "(b) two", "• three", "2.1 Scope", "3. Four", "SUBJECT: five"]
    assert lines_of([LONG, *[f"{entry} {LONG}" for entry in listed]])[1:] == [f"{entry} {LONG}" for entry in listed]


def test_a_file_is_read_with_its_signs() -> None:
    read = read_pdf(pdf_of_pages([["Costs (in €) – “5 \\ 6”", "", "§ 2 Ends."]]))
    assert read.text == "Costs (in €) – “5 \\ 6”\n§ 2 Ends."
    assert (read.pages, read.flags) == (1, {FROM_PDF})


def test_pages_without_text_are_told_and_are_no_empty_success() -> None:
    read = read_pdf(pdf_of_pages([[], []]))
    assert (read.text, read.pages, read.flags) == (None, 2, {NO_TEXT})


def test_more_pages_than_are_read_are_cut_with_a_flag() -> None:
    read = read_pdf(pdf_of_pages([[f"Text of {n} pages"] for n in range(MAX_PAGES + 5)]))
    assert (read.pages, read.flags) == (MAX_PAGES + 5, {FROM_PDF, CUT})


def locked(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of_pages([["For all to read."]])))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_a_refusal_but_where_everybody_may_read() -> None:
    assert read_pdf(locked("")).text == "For all to read."
    with pytest.raises(UnknownShape, match="locked with a password"):
        read_pdf(locked("secret"))


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", Truncated),
        (b"%PDF-1.7\n1 0 obj", Truncated),
        (pdf_of_pages([["x"]])[:300], Truncated),
        (b"%PDF-1.7\nnothing\n%%EOF", UnknownShape),
        (b"%PDF-1.7\nxref\n0 1\ntrailer << /Root 1 0 R /Size 1 >>\nstartxref\n9\n%%EOF", UnknownShape),
        (b"PK\x03\x04", UnknownShape),
        (b"<!DOCTYPE html><html><head><title>Page</title></head><body>A page.</body></html>", UpstreamError),
        (WALLS["akamai_denied"], BlockPage),
        (WALLS["cloudflare_managed_challenge"], BlockPage),
    ],
)
def test_what_is_no_readable_file_is_refused_by_name(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_pdf(body)


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_PDF_BYTES", 100)
    with pytest.raises(UnknownShape, match="at most 100 bytes"):
        read_pdf(pdf_of_pages([["x"]]))


def test_a_reader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "DEADLINE_SECONDS", 0.05)
    with pytest.raises(UnknownShape, match="read in"):
        read_pdf(pdf_of_pages([["x"]] * 300))


def hostile(name: str) -> bytes:
    """A file made to be expensive."""
    good = pdf_of_pages([["x"]])
    if name == "bomb":
        packed = zlib.compress(b"(aaaa) Tj " * 30_000_000, 9)
        stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
        start, end = good.index(b"<< /Length"), good.index(b"endstream") + len(b"endstream")
        return good[:start] + stream + good[end:]
    changes: dict[str, tuple[bytes, bytes]] = {
        "pages_in_a_circle": (b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        "a_million_pages": (b"/Count 1", b"/Count 1000000"),
        "parent_of_itself": (b"/Parent 2 0 R", b"/Parent 4 0 R"),
        "deep_array": (b"/MediaBox [0 0 612 792]", b"/MediaBox " + b"[" * 50_000),
        "length_of_itself": (b"/Filter /FlateDecode", b"/Filter [" + b"/FlateDecode " * 200 + b"]"),
    }
    old, new = changes[name]
    assert old in good
    return good.replace(old, new)


@pytest.mark.parametrize(
    "name",
    ["bomb", "pages_in_a_circle", "a_million_pages", "parent_of_itself", "deep_array", "length_of_itself"],
)
def test_a_hostile_file_costs_little_and_breaks_nothing(name: str) -> None:
    began = time.perf_counter()
    try:
        read: Any = read_pdf(hostile(name))
        assert read.pages <= 1
    except UnknownShape as refusal:
        read = refusal
    assert time.perf_counter() - began < MAX_CPU_SECONDS + 20, read
