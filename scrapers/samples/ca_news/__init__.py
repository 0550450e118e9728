"""Samples of `ca_news`: api.io.canada.ca, the news API of Canada in Atom and JSON.

Titles and days of what `releases.yml` holds are real, as are their departments; times, teasers and addresses that are
not given there are made up. Everything else is made up and says so.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.ca_news.answers import atom, json_feed
from scrapers.samples.ca_news.releases import read_releases
from scrapers.samples.host import SampleHost

HOST = "api.io.canada.ca"
DEFAULT_PICK = 10


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host; no corpus holds anything for it."""
    releases = read_releases()

    async def news(request: web.Request) -> web.Response:
        """The newest releases since a day, of one type or all; a page or an offset there is none."""
        since, kind = request.query.get("publishedDate>", ""), request.query.get("type", "")
        found = [
            one for one in releases if one.at.date().isoformat() >= since and kind in ("", one.kind.replace(" ", ""))
        ]
        shown = found[: whole_number(request.query.get("pick"), DEFAULT_PICK)]
        if request.query.get("format") == "atom":
            return text_answer(atom(shown, str(request.rel_url)), content_type="application/atom+xml")
        return json_answer(json_feed(shown))

    return {HOST: SampleHost([web.get("/io-server/gc/news/en/v2", news)])}
