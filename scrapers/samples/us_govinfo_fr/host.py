"""www.govinfo.gov as its bulk data of the Federal Register answers: monthly listings in JSON, daily issues in XML."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.us_federal_register.index import FrIndex
from scrapers.samples.us_govinfo_fr.issue import write_issue

HOST = "www.govinfo.gov"
BULK = f"https://{HOST}/bulkdata"
ROBOTS = "User-agent: *\nDisallow: /app/search/\n"
CACHED_ISSUES = 48
"""Rather more than the issues of one month: a listing states the size of each."""


def sample_host(index: FrIndex) -> SampleHost:
    """The answers and rules of the host's bulk data of the Federal Register."""
    host = BulkIssues(index)
    routes = [
        web.get(r"/bulkdata/json/FR/{year:\d{4}}/{month:\d{2}}", host.listing),
        web.get(r"/bulkdata/json/FR/{year:\d{4}}/{month:\d{2}}/", host.listing),
        web.get(r"/bulkdata/FR/{year:\d{4}}/{month:\d{2}}/FR-{day:\d{4}-\d{2}-\d{2}}.xml", host.issue),
    ]
    return SampleHost(routes, ROBOTS)


class BulkIssues:
    """The handlers."""

    def __init__(self, index: FrIndex) -> None:
        self._index = index
        self._issue = lru_cache(maxsize=CACHED_ISSUES)(self._write_issue)

    async def listing(self, request: web.Request) -> web.Response:
        """The files of one month, for those alone who ask for JSON by name."""
        if "application/json" not in request.headers.get("Accept", ""):
            return text_answer("Not Acceptable", 406)
        month = f"{request.match_info['year']}-{request.match_info['month']}"
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError:
            return _not_found()
        last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        documents = self._index.between(first, last)
        days = sorted({document.day for document in documents if document.day < last})
        if not days:
            return _not_found()
        return json_answer({"files": [self._file(day) for day in days]})

    async def issue(self, request: web.Request) -> web.Response:
        """The issue of one day."""
        try:
            day = date.fromisoformat(request.match_info["day"])
        except ValueError:
            return _not_found()
        if f"{day:%Y/%m}" != f"{request.match_info['year']}/{request.match_info['month']}":
            return _not_found()
        body = self._issue(day)
        return _not_found() if body is None else web.Response(body=body, content_type="application/xml")

    def _file(self, day: date) -> dict[str, object]:
        name = f"FR-{day}.xml"
        size = len(self._issue(day) or b"")
        return {
            "displayLabel": name,
            "fileExtension": "xml",
            "folder": False,
            "formattedLastModifiedTime": f"{day:%d-%b-%Y} 04:20",
            "formattedSize": f"{size / 1024:.1f} KB",
            "justFileName": name,
            "link": f"{BULK}/FR/{day:%Y/%m}/{name}",
            "mimeType": "application/xml",
            "name": name,
            "size": size,
        }

    def _write_issue(self, day: date) -> bytes | None:
        documents = self._index.between(day, day)
        return write_issue(day, documents, self._index.agencies).encode() if documents else None


def _not_found() -> web.Response:
    return text_answer("<html><head><title>404 Not Found</title></head><body>Not Found</body></html>", 404, "text/html")
