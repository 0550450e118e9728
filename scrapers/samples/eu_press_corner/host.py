"""ec.europa.eu as the Press Corner answers: its search with a total, documents with their text, and a feed of ten.

Days are asked for as ddmmyyyy; a page holds at most a hundred; web pages are empty without scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.eu_press_corner.releases import TYPES, Release
from scrapers.samples.host import SampleHost

HOST = "ec.europa.eu"
BASE = "/commission/presscorner"
MOST = 100
DEFAULT_SIZE = 10
IN_FEED = 10
BRUSSELS = ZoneInfo("Europe/Brussels")
SHELL = "<!DOCTYPE html><html><head><title>Press corner</title></head><body><app-root></app-root></body></html>\n"


def sample_host(releases: Sequence[Release]) -> SampleHost:
    """The host's answers."""
    host = PressCorner(releases)
    return SampleHost(
        [
            web.get(f"{BASE}/api/search", host.search),
            web.get(f"{BASE}/api/documents", host.document),
            web.get(f"{BASE}/api/docutypes", host.types),
            web.get(f"{BASE}/api/rss", host.feed),
            web.get(f"{BASE}/detail/{{language}}/{{name}}", host.shell),
        ]
    )


class PressCorner:
    """The handlers."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self._releases = releases
        self._by_reference = {release.reference: release for release in releases}

    async def search(self, request: web.Request) -> web.Response:
        """A page of documents of some days, newest first."""
        since, until = _day(request.query.get("datefrom")), _day(request.query.get("dateto"))
        found = [one for one in self._releases if (since or one.day) <= one.day <= (until or one.day)]
        size = min(MOST, whole_number(request.query.get("pagesize"), DEFAULT_SIZE)) or DEFAULT_SIZE
        page = max(1, whole_number(request.query.get("pagenumber"), 1))
        shown = found[(page - 1) * size : page * size]
        return json_answer(
            {
                "totalNumber": len(found),
                "pageSize": size,
                "pageNumber": page,
                "docuLanguageListResources": [_line(release) for release in shown],
            }
        )

    async def document(self, request: web.Request) -> web.Response:
        """One document; nothing at all for references that there are not."""
        release = self._by_reference.get(request.query.get("reference", ""))
        return web.Response(content_type="application/json") if release is None else json_answer(_document(release))

    async def types(self, _: web.Request) -> web.Response:
        """The types in use."""
        return json_answer([{"code": code, "description": name} for code, name in TYPES.items()])

    async def feed(self, _: web.Request) -> web.Response:
        """The newest ten, each at midnight in Brussels, written in GMT."""
        items = "".join(_item(release) for release in self._releases[:IN_FEED])
        head = f"<title>Press corner</title><link>https://{HOST}{BASE}/</link><description>Samples</description>"
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>{head}{items}</channel></rss>\n'
        return text_answer(body, content_type="application/rss+xml")

    async def shell(self, _: web.Request) -> web.Response:
        """The page of a document, for people."""
        return text_answer(SHELL, content_type="text/html")


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text or "", "%d%m%Y").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _line(release: Release) -> dict[str, Any]:
    return {
        "refCode": release.reference,
        "eventDate": release.day.isoformat(),
        "title": release.title,
        "leadText": release.lead,
        "docutype": {"code": release.code, "description": TYPES[release.code]},
        "languageCode": "EN",
    }


def _document(release: Release) -> dict[str, Any]:
    at = datetime.combine(release.day, time(9, 30), UTC)
    code, policy = release.policy
    return {
        "docuLanguageResource": {
            "title": release.title,
            "subtitle": None,
            "htmlContent": "".join(f"<p>{paragraph}</p>" for paragraph in release.paragraphs),
            "language": "EN",
            "attachmentResources": [],
            "linkResources": [],
            "original": True,
        },
        "refCd": release.reference,
        "eventDate": release.day.isoformat(),
        "publishDate": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "docutypeResource": {"code": release.code, "description": TYPES[release.code]},
        "contactsResource": [],
        "commissionerResource": [],
        "placeResource": {"description": "Brussels"},
        "policiesResource": [{"code": code, "description": policy}],
        "countriesResource": [],
        "originalLanguage": "EN",
        "languages": ["EN"],
    }


def _item(release: Release) -> str:
    at = datetime.combine(release.day, time(0), BRUSSELS).astimezone(UTC)
    link = f"https://{HOST}{BASE}/detail/en/{release.reference.lower().replace('/', '_')}"
    said = f"European Commission {TYPES[release.code]} Brussels, {release.day:%d %b %Y} {release.lead}"
    return (
        f"<item><title>{escape(release.title)}</title><link>{link}</link>"
        f"<description>{escape(said)}</description><category>POLICY_AREA={release.policy[0]}</category>"
        f"<pubDate>{format_datetime(at, usegmt=True)}</pubDate><guid>{link}</guid></item>"
    )
