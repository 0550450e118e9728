"""Walls are known for walls by every source, whatever their status says; pages that speak of walls are not."""

from __future__ import annotations

import json
import time
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from scrapers.contracts import BlockPage, Refusal
from scrapers.parse import parser_of
from scrapers.registry import sources
from scrapers.runtime.block_page_marks import PHRASES
from scrapers.runtime.block_pages import wall_of
from scrapers.runtime.middlewares import BlockPageMiddleware
from tests.contract.cases import Case, all_cases, load_expected
from tests.contract.walls import ARTICLE, ORDINARY, WALLS, article, page

STATUSES = (200, 202, 403, 429, 503)
SERVED_AS = ("text/html", "application/json", "application/xml")


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_known_by_its_bytes(name: str) -> None:
    assert wall_of(WALLS[name])


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_page_is_none(name: str) -> None:
    assert wall_of(ORDINARY[name]) is None
    for server in ("cloudflare", "AkamaiGHost", "awselb/2.0"):
        assert wall_of(ORDINARY[name], {"Server": server, "Content-Type": "text/html"}, 200) is None


@pytest.mark.parametrize("slug", list(sources()))
def test_every_source_refuses_walls_by_name(slug: str) -> None:
    misread = {}
    for name, body in WALLS.items():
        try:
            answer = parser_of(slug)(body)
            misread[name] = f"{len(answer.documents)} documents"
        except BlockPage:
            continue
        except Refusal as refusal:
            misread[name] = f"{type(refusal).__name__}: {refusal}"
    assert misread == {}


@pytest.mark.parametrize("slug", list(sources()))
def test_no_source_takes_an_ordinary_page_for_a_wall(slug: str) -> None:
    for name, body in ORDINARY.items():
        try:
            parser_of(slug)(body)
        except BlockPage:
            pytest.fail(f"{name} was taken for a wall")
        except Refusal:
            continue


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_no_fixture_is_a_wall_but_those_that_are(case: Case) -> None:
    assert (wall_of(case.answer.read_bytes()) is not None) == (load_expected(case) == {"refused": "BlockPage"})


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", SERVED_AS)
def test_walls_do_not_get_past_the_crawl_whatever_they_say_they_are(status: int, kind: str) -> None:
    for body in WALLS.values():
        request, row = asked("document")
        with pytest.raises(IgnoreRequest, match="BlockPage"):
            BlockPageMiddleware().process_response(request, answer(status, {"Content-Type": kind}, body))
        assert row.outcome == "refused:BlockPage"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (202, {"x-amzn-waf-action": "challenge"}),
        (405, {"x-amzn-waf-action": "captcha"}),
        (403, {"cf-mitigated": "challenge"}),
        (200, {"X-DD-B": "1"}),
        (302, {"Location": "https://unblock.federalregister.gov/"}),
        (302, {"Location": "https://login.microsoftonline.com/common/oauth2/authorize?x=1"}),
        (303, {"Location": "https://adfs.example.gov/adfs/ls/?SAMLRequest=abc"}),
    ],
)
def test_headers_alone_tell_a_wall(status: int, headers: dict[str, str]) -> None:
    for body in (b"", ORDINARY["on_captchas"], b'{"results": []}'):
        with pytest.raises(IgnoreRequest):
            BlockPageMiddleware().process_response(asked("document")[0], answer(status, headers, body))


def test_a_redirect_within_the_site_and_data_behind_a_firewall_are_no_walls() -> None:
    assert wall_of(b"", {"Location": "https://www.example.gov/new/place"}, 301) is None
    assert wall_of(b'{"results": []}', {"Server": "cloudflare", "x-datadome": "protected"}, 200) is None
    assert wall_of(b"Title,Captcha\nRequest Access,403\n", {"Content-Type": "text/csv"}, 200) is None


def test_in_place_of_robots_only_a_wall_beyond_doubt_counts() -> None:
    middleware, shell = BlockPageMiddleware(), WALLS["load_balancer_forbidden"]
    assert middleware.process_response(asked(None)[0], answer(403, {}, shell)).status == 403
    with pytest.raises(IgnoreRequest):
        middleware.process_response(asked(None)[0], answer(200, {}, WALLS["cloudflare_managed_challenge"]))


@pytest.mark.parametrize("unit", ["<div>", "<script>", "<!--", "<p>Request Access ", "&amp;", "<a b='", "<noscript>"])
def test_hostile_pages_take_no_time(unit: str) -> None:
    body = b"<html><title>Request Access</title>" + unit.encode() * (590_000 // len(unit))
    began = time.perf_counter()
    wall_of(body)
    assert time.perf_counter() - began < 5


# Recorded titles and headers, with bodies of ours


def recorded(shared: Path) -> list[tuple[str, float, dict[str, Any]]]:
    """Name, usability by those who recorded it (0 is a wall, 1 a page) and what was recorded of an answer."""
    files = sorted((shared / "corpus" / "blocked_responses").glob("*.json"))
    assert files
    return [
        (file.name, float(file.name.split("__")[0].rsplit("-", 1)[1]), json.loads(file.read_text())["data"])
        for file in files
    ]


def bodies_titled(title: str) -> list[bytes]:
    """What a wall of a title may look like."""
    shown = escape(title)
    return [
        page(shown, f"<h1>{shown}</h1>"),
        page(shown, "<p>Something went wrong with your visit.</p>"),
        page(shown, "<div id='c'></div>", "<script src='/challenge.js'></script>"),
        f"<HTML><HEAD>\n<TITLE>{shown}</TITLE>\n</HEAD><BODY>Reference #18.2f1 at the edge</BODY></HTML>".encode(),
    ]


def test_recorded_walls_are_known(shared: Path) -> None:
    walls = [(name, data) for name, score, data in recorded(shared) if score < 0.5]
    assert len(walls) >= 8
    for name, data in walls:
        bodies = bodies_titled(data["title"]) if data["title"] else [b""]
        for body in bodies:
            is_error = data["status"] >= 400
            assert wall_of(body, data["headers"], data["status"]) or (is_error and not data["title"]), name
            for slug in sources() if data["title"] else ():
                with pytest.raises(BlockPage):
                    parser_of(slug)(body)


def test_recorded_pages_and_plain_errors_are_no_walls(shared: Path) -> None:
    others = [(name, data) for name, score, data in recorded(shared) if score >= 0.5]
    assert len(others) >= 8
    for name, data in others:
        bodies = [article(escape(data["title"])), page(escape(data["title"]), f"<main>{ARTICLE}</main>")]
        if data["status"] >= 400:
            bodies.append(page(escape(data["title"]), f"<h1>{escape(data['title'])}</h1>"))
        for body in bodies:
            assert wall_of(body, data["headers"], data["status"]) is None, name


def asked(purpose: str | None) -> tuple[Request, SimpleNamespace]:
    """A request as the crawl sends it, and its row in the book."""
    row = SimpleNamespace(outcome="ok", message=None)
    meta: dict[str, Any] = {"exchange": row} | ({"purpose": purpose} if purpose else {})
    return Request("https://www.example.gov/x", meta=meta), row


def answer(status: int, headers: dict[str, str], body: bytes) -> Response:
    return Response("https://www.example.gov/x", status=status, headers=headers, body=body)


def test_words_of_a_wall_begin_where_no_other_word_ends() -> None:
    assert PHRASES.search("all separate limits of corporate limitation") is None
    assert PHRASES.search("you have reached the rate limit") is not None
