"""Sample hosts with made-up documents: Federal Register lists of any length, and White House pages of 50 KB.

Run as `python -m tests.bench.server DOCUMENTS PAGES`. An answer is made once and then given again, so that what is
measured is who asks.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from scrapers.samples.host import SampleHost
from scrapers.samples.server import die_with_parent, serve
from scrapers.samples.us_federal_register.host import HOST as LISTS
from scrapers.samples.us_federal_register.host import sample_host as federal_register
from scrapers.samples.us_federal_register.index import FrIndex, read_index
from scrapers.samples.us_white_house.host import HOST as PAGES
from scrapers.samples.us_white_house.host import sample_host as white_house
from scrapers.samples.us_white_house.posts import Post
from tests.bench.made_up import SENTENCES, documents

PAGE_PARAGRAPHS = 80
IN_FEED = 30
"""Posts that the feed still holds; the others are pages alone."""


def posts(count: int) -> list[Post]:
    """So many posts, newest first; a page of each has about 50 KB."""
    newest = datetime(2026, 9, 30, 12, tzinfo=UTC)
    text = tuple(
        " ".join(SENTENCES[(line + shift) % len(SENTENCES)] for shift in range(6)) for line in range(PAGE_PARAGRAPHS)
    )
    return [
        Post(
            number=900_000 - number,
            title=f"Artificial Intelligence in Post {number}",
            section="Releases",
            subsection=None,
            at=newest - timedelta(hours=number),
            slug=f"artificial-intelligence-in-post-{number}",
            paragraphs=text,
            is_signed=False,
        )
        for number in range(count)
    ]


def hosts(lists: int, pages: int) -> dict[str, SampleHost]:
    """The hosts by name."""
    made = posts(pages)
    feed, site = white_house(made[:IN_FEED]), white_house(made)
    from_feed = [route for route in feed.routes if "feed" in route.path]
    others = [route for route in site.routes if "feed" not in route.path]
    index = FrIndex(read_index(None).agencies, documents(lists))
    return {
        LISTS: _remembering(federal_register(index)),
        PAGES: _remembering(SampleHost([*from_feed, *others], site.robots)),
    }


def _remembering(host: SampleHost) -> SampleHost:
    return SampleHost([web.route(route.method, route.path, _once(route.handler)) for route in host.routes], host.robots)


def _once(handler: Handler) -> Handler:
    """A handler that makes the answer of an address once."""
    made: dict[str, tuple[int, bytes, dict[str, str]]] = {}

    async def answer(request: web.Request) -> web.Response:
        if request.path_qs not in made:
            first = await handler(request)
            assert isinstance(first, web.Response)
            assert isinstance(first.body, bytes)
            made[request.path_qs] = (first.status, first.body, dict(first.headers))
        status, body, headers = made[request.path_qs]
        return web.Response(status=status, body=body, headers=headers)

    return answer


@contextmanager
def running(lists: int, pages: int = 0) -> Iterator[dict[str, str]]:
    """The server for the time of a block: where each host is."""
    command = [sys.executable, "-m", "tests.bench.server", str(lists), str(pages)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            yield orjson.loads(child.stdout.readline())
        finally:
            child.terminate()


if __name__ == "__main__":
    die_with_parent()
    asyncio.run(serve(hosts(int(sys.argv[1]), int(sys.argv[2]))))
