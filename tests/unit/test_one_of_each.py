"""What a check asks of a source, and what is kept of it: one answer of each kind, none twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Request, TextResponse

from scrapers.crawl import spider_class
from scrapers.runtime.middlewares import OneOfEachMiddleware
from tests.record import ending_of
from tests.unit.spider_harness import make

SINCE, UNTIL = date(2026, 11, 17), date(2026, 11, 23)


async def _each(values: Iterable[Any]) -> AsyncIterator[Any]:
    for value in values:
        yield value


def first_asked(slug: str, folder: Path) -> list[str]:
    """The addresses that a check begins with, without their queries."""

    async def passed() -> list[Request]:
        spider = make(spider_class(slug), folder, SINCE, UNTIL)
        return [request async for request in OneOfEachMiddleware().process_start(spider.start())]

    (folder / slug).mkdir()
    return [request.url.partition("?")[0] for request in asyncio.run(passed())]


@pytest.mark.parametrize(
    ("slug", "ends"),
    [
        ("us_nist", ["rss.xml", "pubs-export.zip"]),
        ("int_oecd_ai", ["oecd-ai-all-ai-policies.csv", "feed/"]),
        ("us_federal_register", ["daily", "documents.json", "current.json"]),
        ("ca_news", ["v2"]),
    ],
)
def test_each_list_of_a_source__is_asked_once(slug: str, ends: list[str], tmp_path: Path) -> None:
    asked = first_asked(slug, tmp_path)
    assert len(asked) == len(ends)
    assert all(url.endswith(end) for url, end in zip(asked, ends, strict=True)), asked


def test_what_follows_from_an_answer__is_asked_once_by_kind(tmp_path: Path) -> None:
    spider = make(spider_class("us_federal_register"), tmp_path, SINCE, UNTIL)
    site = "https://www.federalregister.gov/api/v1"
    kinds = ("documents", "documents", "filings")
    pages = [
        spider.ask(f"{site}/{number}", lambda response: None, purpose="listing", kind=kind)
        for number, kind in enumerate(kinds)
    ]

    async def passed() -> list[Request]:
        following = OneOfEachMiddleware().process_spider_output(TextResponse(site), _each(pages))
        return [request async for request in following]

    assert asyncio.run(passed()) == [pages[0], pages[2]]


@pytest.mark.parametrize(
    ("media_type", "url", "ending"),
    [
        ("text/csv; charset=utf-8", "https://x/export", "csv"),
        ("application/pdf", "https://x/memo", "pdf"),
        ("application/x-zip-compressed", "https://x/extract", "zip"),
        ("application/octet-stream", "https://x/pubs-export.zip?v=2", "zip"),
        ("application/vnd.sample+json", "https://x/list.php", "json"),
        ("text/plain", "https://x/list", "txt"),
        ("", "https://x/", "txt"),
    ],
)
def test_what_is_recorded__is_named_by_what_it_is(media_type: str, url: str, ending: str) -> None:
    assert ending_of(media_type, url) == ending
