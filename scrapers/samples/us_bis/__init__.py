"""Samples of `us_bis`: www.bis.gov, its list of press releases and their pages.

Titles, days and addresses of what `releases.yml` holds are real; texts are our own words and say so.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from scrapers.samples.answers import text_answer, whole_number
from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

HOST = "www.bis.gov"
LIST = "/news-updates/all-press-releases"
PER_PAGE = 10


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The site; no corpus holds anything for it."""
    site = Site(read_releases())
    return {HOST: SampleHost([web.get(LIST, site.listed), web.get("/press-release/{slug}", site.release)])}


def read_releases() -> list[dict[str, Any]]:
    """Those of the data file and ordinary ones, the newest first."""
    templates = read_yaml(__file__, "filler.yml")
    dice = seeded_dice()
    made = [release | {"note": SAMPLE_NOTE} for release in read_yaml(__file__, "releases.yml")]
    day = FIRST_DAY
    while day <= LAST_DAY:
        title = Words(templates["words"], dice).fill(dice.choice(templates["titles"]))
        made.append(
            {"slug": f"{slug(title, 60)}-{day:%Y%m%d}", "title": title, "day": day, "text": title, "note": FILLER_NOTE}
        )
        day += timedelta(dice.randrange(3, 12))
    return sorted(made, key=lambda release: (release["day"], release["slug"]), reverse=True)


class Site:
    """The handlers."""

    def __init__(self, releases: list[dict[str, Any]]) -> None:
        self._releases = releases

    async def listed(self, request: web.Request) -> web.Response:
        """A page of the list; the first is page 0."""
        number = whole_number(request.query.get("page"), 0)
        shown = self._releases[number * PER_PAGE : (number + 1) * PER_PAGE]
        lines = "".join(
            f'<li><a href="/press-release/{one["slug"]}">{escape(one["title"])}</a><p>{_long(one["day"])}</p></li>'
            for one in shown
        )
        more = (number + 1) * PER_PAGE < len(self._releases)
        follows = f'<a href="{LIST}?page={number + 1}" rel="next">Next</a>' if more else ""
        return _page("All Press Releases", f"<h1>All Press Releases</h1><ul>{lines}</ul>{follows}")

    async def release(self, request: web.Request) -> web.Response:
        """One press release."""
        name = request.match_info["slug"]
        one = next((release for release in self._releases if release["slug"] == name), None)
        if one is None:
            return _page("Page not found", "<h1>Page not found</h1>", 404)
        links = "".join(f'<p>See <a href="{address}">the document</a>.</p>' for address in one.get("links", ()))
        text = f"<p>FOR IMMEDIATE RELEASE</p><p>{_long(one['day'])}</p><p>{escape(one['text'])}</p>{links}"
        canonical = f'<link rel="canonical" href="https://{HOST}/press-release/{name}">'
        return _page(one["title"], f"<h1>{escape(one['title'])}</h1>{text}<p>{one['note']}</p>", head=canonical)


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _page(title: str, main: str, status: int = 200, head: str = "") -> web.Response:
    whole = (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)} | BIS</title>{head}</head>'
        f"<body><header><nav><a href='/'>Home</a></nav></header><main>{main}</main></body></html>"
    )
    return text_answer(whole, status, "text/html")
