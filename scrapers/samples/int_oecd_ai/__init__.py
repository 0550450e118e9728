"""Samples of `int_oecd_ai`: wp.oecd.ai, the table of policy initiatives and the feed of posts.

Names, countries and years of what `initiatives.yml` holds are real; numbers are made up, and descriptions are our own
words. Everything else is made up and says so.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from scrapers.samples.answers import text_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.int_oecd_ai.lists import feed, table

HOST = "wp.oecd.ai"


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host; no corpus holds anything for it."""
    initiatives, posts = table(), feed()

    async def policies(_: web.Request) -> web.Response:
        return text_answer(initiatives, content_type="text/csv")

    async def newest(_: web.Request) -> web.Response:
        return text_answer(posts, content_type="application/rss+xml")

    address = "/app/uploads/2024/03/oecd-ai-all-ai-policies.csv"
    return {HOST: SampleHost([web.get(address, policies), web.get("/feed/", newest)])}
