"""A day in a title tells of what a text is about, never of when it was published or signed."""

from __future__ import annotations

import pytest
from lxml import html

from scrapers.families.omb_lines import memoranda
from scrapers.spiders.ca_news import _name_of
from scrapers.spiders.us_bis import _lines


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ('<a href="/press-release/a">On tin: comments due April 30, 2026</a> March 4, 2026', "March 4, 2026"),
        ('<a href="/press-release/a">Of January 16, 2025</a> <time>March 5, 2026</time>', "March 5, 2026"),
        ('<a href="/press-release/a"><span>March 6, 2026</span><h3>On March 3, 2026</h3></a>', "March 6, 2026"),
        ('<a href="/press-release/a">A</a> <time datetime="2026-03-07T10:00Z">3 days ago</time>', "2026-03-07T10:00Z"),
        ('<a href="/press-release/a">Update of March 3, 2026 rule</a>', None),
    ],
)  # fmt: skip
def test_the_day_of_a_release__is_not_one_of_its_title(line: str, day: str | None) -> None:
    [found] = _lines(html.fromstring(f"<html><body><main><ul><li>{line}</li></ul></main></body></html>"))
    assert found["date"] == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ('<a href="M-25-22.pdf">M-25-22 AI</a> rescinds that of March 28, 2024 (April 3, 2025)', "April 3, 2025"),
        ('<a href="M-25-22.pdf">M-25-22 Guidance through September 30, 2026</a>', None),
        ('<a href="M-25-22.pdf">M-25-22</a>, Reports due December 1, 2025 (July 1, 2025)', "July 1, 2025"),
        ('<a href="M-25-22.pdf">M-25-22 Driving AI</a> (April 3, 2025) - Rescinded May 1, 2026', "April 3, 2025"),
        ('<a href="M-25-22.pdf">M-25-22 Driving AI</a> April 3, 2025', "April 3, 2025"),
    ],
)  # fmt: skip
def test_the_day_of_a_memorandum__stands_in_brackets_or_outside_its_title(line: str, day: str | None) -> None:
    found, _ = memoranda(html.fromstring(f"<html><body><ul><li>{line}</li></ul></body></html>"), "https://x.gov/m/")
    assert found["M-25-22"]["date"] == day


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("id=32592&section=html", "?id=32592&section=html"),
        ("id=1&region=on&utm_source=mail", "?id=1&region=on"),
        ("x=1&sid=4", "?x=1&sid=4"),
        ("utm_medium=a&fbclid=b", ""),
    ],
)
def test_the_name_of_a_page__keeps_its_query_as_it_is_written(query: str, kept: str) -> None:
    assert _name_of(f"https://www.tbs-sct.canada.ca/pol/doc-eng.aspx?{query}") == (
        f"www.tbs-sct.canada.ca/pol/doc-eng.aspx{kept}"
    )
