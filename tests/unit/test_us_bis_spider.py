"""The spider of the Bureau of Industry and Security follows the list back and reads the pages of candidates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.http import Request

from scrapers.contracts import Depth, NotADocument, UnknownShape
from scrapers.spiders.us_bis import UsBisSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 8)
FR = "https://www.federalregister.gov/documents/2026/03/04/2026-90001/a-sample"


def line(slug: str, title: str, day: str) -> str:
    return f'<li><a href="/press-release/{slug}">{title}</a> {day}</li>'


def page(*lines: str, follows: str = "") -> bytes:
    link = f'<a rel="next" href="{follows}">Next</a>' if follows else ""
    return f"<!DOCTYPE html><html><body><main><ul>{''.join(lines)}</ul>{link}</main></body></html>".encode()


def release(title: str, text: str) -> bytes:
    return f"<!DOCTYPE html><html><body><main><h1>{title}</h1><p>{text}</p></main></body></html>".encode()


def run(folder: Path, answer: Callable[[str], bytes | int]) -> Driven:
    def by_address(request: Request) -> bytes | int:
        parts = urlsplit(request.url)
        return answer(parts.path + (f"?{parts.query}" if parts.query else ""))

    return drive(UsBisSpider, folder, by_address, SINCE, UNTIL)


def test_the_list_is_followed_to_the_days_before_the_window(tmp_path: Path) -> None:
    first = [line("later", "On tin", "March 9, 2026"), line("chips", "On AI chips", "March 4, 2026")]
    second = [line("tin", "On tin", "March 2, 2026"), line("earlier", "On AI", "March 1, 2026")]
    third = [line("old", "On tin", "March 1, 2026")]

    def answer(path: str) -> bytes | int:
        if path.startswith("/press-release/"):
            return release("On AI chips", f'Sample words of <a href="{FR}">a rule</a>.')
        follows = {"?page=1": page(*second, follows="?page=2"), "?page=2": page(*third, follows="?page=3")}
        return next((one for end, one in follows.items() if path.endswith(end)), page(*first, follows="?page=1"))

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert [urlsplit(request.url).query for request in driven.asked].count("page=3") == 0
    landed = {one.document.native_id: one.document for one in driven.landed if one.document}
    assert set(landed) == {"chips", "tin"}
    assert landed["tin"].depth is Depth.LISTING
    chips = landed["chips"]
    assert (chips.depth, chips.published_date) == (Depth.FULL, date(2026, 3, 4)), (
        "the page states no day, the list does"
    )
    assert [(one.relation, one.target.value) for one in chips.relations] == [("related", "2026-90001")]


def test_an_older_press_release_among_the_newest_does_not_end_the_list(tmp_path: Path) -> None:
    first = [line("featured", "On old tin", "January 13, 2025"), line("tin", "On tin", "March 8, 2026")]
    second = [line("zinc", "On zinc", "March 3, 2026"), line("lead", "On lead", "February 1, 2026")]
    driven = run(tmp_path, lambda path: page(*second) if path.endswith("?page=1") else page(*first, follows="?page=1"))
    assert {one.document.native_id for one in driven.landed if one.document} == {"tin", "zinc"}


def whole(head: str, main: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body><main>{main}</main></body></html>".encode()


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (
            whole(
                '<title>Home</title><link rel="canonical" href="https://www.bis.gov/">',
                "<h1>Advancing security</h1><p>Welcome.</p><p>March 4, 2026</p>",
            ),
            "NotADocument",
        ),
        (
            whole(
                '<link rel="canonical" href="https://www.bis.gov/press-release/other">',
                "<h1>On AI chips</h1><p>Sample words.</p>",
            ),
            "UnknownShape",
        ),
        (whole("<title>BIS</title>", "<h1>We could not find that page</h1><p>It may have moved.</p>"), "UpstreamError"),
        (
            whole(
                '<meta property="og:url" content="https://www.bis.gov/press-release/chips">',
                "<h1>We could not find that page</h1><p>It may have moved.</p>",
            ),
            "UpstreamError",
        ),
        (whole("<title>Vendor</title>", "<h1>Access Blocked</h1><p>A policy blocks this site.</p>"), "BlockPage"),
        (whole("", "<h1>Sorry, there have been too many attempts</h1><p>Try later.</p>"), "BlockPage"),
        (whole("<title>BIS</title>", "<h1>On AI</h1><p>Sample words.</p>"), "NotADocument"),
    ],
)
def test_a_page_that_is_not_the_one_asked_for_is_refused(tmp_path: Path, answer: bytes, refusal: str) -> None:
    listed = page(line("chips", "On AI chips", "March 4, 2026"))
    driven = run(tmp_path, lambda path: answer if path.startswith("/press-release/") else listed)
    assert [fault.partition(": ")[2].partition(":")[0] for fault in driven.ledger.faults] == [refusal]
    assert driven.landed == []


def test_a_title_that_the_list_cuts_is_that_of_its_page(tmp_path: Path) -> None:
    listed = page(line("chips", "On AI chips\u2026", "March 4, 2026"))
    whole = release("On AI Chips and Tin", "Sample words.")
    driven = run(tmp_path, lambda path: whole if path.startswith("/press-release/") else listed)
    assert [one.document.title for one in driven.landed if one.document] == ["On AI Chips and Tin"]


def test_the_day_of_the_list_leads_and_another_one_of_the_page_is_kept_and_told(tmp_path: Path) -> None:
    listed = page(line("chips", "On AI chips", "March 4, 2026"))
    whole = release("On AI chips", "March 6, 2026")
    driven = run(tmp_path, lambda path: whole if path.startswith("/press-release/") else listed)
    landed, told = (driven.landed[0].document, driven.landed[1].rejected)
    assert landed is not None
    assert told is not None
    assert (landed.published_date, landed.text_flags) == (date(2026, 3, 4), ("unread:date",))
    assert landed.source_fields["date"] == "March 6, 2026"
    assert (told.error, told.is_whole_record) == ("ContradictoryField", False)
    assert driven.ledger.faults == ()


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("<p>Rule of January 15, 2025</p><p>Published: May 13, 2025</p>", date(2025, 5, 13)),
        ("<p>WASHINGTON, D.C. \u2013 May 13, 2025 \u2013 The Bureau announced a rule.</p>", date(2025, 5, 13)),
        ("<p>FOR IMMEDIATE RELEASE | Tuesday, May 13, 2025</p>", date(2025, 5, 13)),
        ("<p>WASHINGTON, D.C. (May 13, 2025) \u2013 Today the bureau spoke.</p>", date(2025, 5, 13)),
        ("<p>13 May 2025</p>", date(2025, 5, 13)),
        ("<p>Effective January 15, 2026</p>", None),
        ('<time datetime="2025-05-14T03:30:00Z">3 days ago</time>', date(2025, 5, 13)),
        ('<time datetime="2025-05-14T03:30:00">3 days ago</time>', date(2025, 5, 14)),
    ],
)
def test_the_day_of_a_page_is_that_of_its_release_at_the_source(lines: str, day: date | None) -> None:
    own = '<link rel="canonical" href="https://www.bis.gov/press-release/chips">'
    (document,) = parse_answer(whole(own, f"<h1>On chips</h1>{lines}")).documents
    assert document.published_date == day


def test_an_address_with_escaped_letters_is_read() -> None:
    listed = page(line("caf%C3%A9-x", "On coffee", "March 4, 2026"), line("caf\u00e9-x", "On coffee", "March 4, 2026"))
    assert [one.document_id for one in parse_answer(listed).documents] == ["bis:caf%C3%A9-x"]


def test_a_list_that_never_ends_is_refused(tmp_path: Path) -> None:
    same = page(line("tin", "On tin", "March 4, 2026"), follows="?page=1")
    assert "paging would not end" in run(tmp_path, lambda path: same).ledger.faults[0]


def test_a_page_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    def answer(path: str) -> bytes | int:
        listed = page(line("chips", "On AI chips", "March 4, 2026"))
        return b"<!DOCTYPE html><html><body></body></html>" if path.startswith("/press-release/") else listed

    assert "NotADocument" in run(tmp_path, answer).ledger.faults[0]


def test_other_kinds_of_file_are_told_apart() -> None:
    with pytest.raises(NotADocument, match="another kind of file"):
        parse_answer(b"%PDF-1.7")
    with pytest.raises(UnknownShape, match="expected a page in HTML"):
        parse_answer(b"plain words")
