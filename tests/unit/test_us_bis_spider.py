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

    def answer(path: str) -> bytes | int:
        if path.startswith("/press-release/"):
            return release("On AI chips", f'Sample words of <a href="{FR}">a rule</a>.')
        return page(*second, follows="?page=2") if path.endswith("?page=1") else page(*first, follows="?page=1")

    driven = run(tmp_path, answer)
    assert driven.ledger.faults == ()
    assert [urlsplit(request.url).query for request in driven.asked].count("page=2") == 0
    landed = {one.document.native_id: one.document for one in driven.landed if one.document}
    assert set(landed) == {"chips", "tin"}
    assert landed["tin"].depth is Depth.LISTING
    chips = landed["chips"]
    assert (chips.depth, chips.published_date) == (Depth.FULL, date(2026, 3, 4)), (
        "the page states no day, the list does"
    )
    assert [(one.relation, one.target.value) for one in chips.relations] == [("related", "2026-90001")]


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
