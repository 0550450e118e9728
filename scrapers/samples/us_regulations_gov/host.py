"""api.regulations.gov as version 4 of its API answers.

A key is wanted in a header. Filters on times are Eastern without a zone, answers are UTC; a page number has a limit and
totalPages is capped to it; lists and details name fields differently; errors come in two forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import orjson
from aiohttp import web

from scrapers.samples.answers import whole_number
from scrapers.samples.filler import LAST_DAY
from scrapers.samples.host import SampleHost
from scrapers.samples.us_regulations_gov.records import EASTERN, RegulationDocument

HOST = "api.regulations.gov"
API = f"https://{HOST}/v4"
LEAST, DEFAULT_SIZE, MOST, LAST_PAGE = 5, 25, 250, 40


def sample_host(documents: Sequence[RegulationDocument]) -> SampleHost:
    """The host's answers; it has no rules for robots."""
    host = RegulationsGov(documents)
    routes = [
        web.get("/v4/documents", host.documents),
        web.get("/v4/documents/{id}", host.document),
        web.get("/v4/dockets/{id}", host.docket),
    ]
    return SampleHost(routes, robots=None)


class RegulationsGov:
    """The handlers."""

    def __init__(self, documents: Sequence[RegulationDocument]) -> None:
        self._documents = documents
        self._by_id = {document.id: document for document in documents}

    async def documents(self, request: web.Request) -> web.Response:
        """A page of documents, those changed first first."""
        if refusal := _keyless(request):
            return refusal
        size = whole_number(request.query.get("page[size]"), DEFAULT_SIZE)
        number = whole_number(request.query.get("page[number]"), 1)
        if not (LEAST <= size <= MOST and 1 <= number <= LAST_PAGE):
            return _error("Request parameters error", "page")
        asked = request.query
        found = [
            document
            for document in self._documents
            if asked.get("filter[postedDate][ge]", "") <= str(document.posted)
            and str(document.posted) <= asked.get("filter[postedDate][le]", "9")
            and asked.get("filter[lastModifiedDate][ge]", "") <= f"{document.changed:%Y-%m-%d %H:%M:%S}"
            and f"{document.changed:%Y-%m-%d %H:%M:%S}" <= asked.get("filter[lastModifiedDate][le]", "9")
        ]
        shown = found[(number - 1) * size : number * size]
        pages = min(-(-len(found) // size), LAST_PAGE)
        counts = Counter(document.type for document in found)
        meta = {
            "aggregations": {"documentType": [{"docCount": n, "label": label} for label, n in counts.most_common()]},
            "filters": {},
            "hasNextPage": number < pages,
            "hasPreviousPage": number > 1,
            "numberOfElements": len(shown),
            "pageNumber": number,
            "pageSize": size,
            "totalElements": len(found),
            "totalPages": pages,
            "firstPage": number == 1,
            "lastPage": number >= pages,
        }
        return _answer({"data": [_line(document) for document in shown], "meta": meta})

    async def document(self, request: web.Request) -> web.Response:
        """One document."""
        if refusal := _keyless(request):
            return refusal
        document = self._by_id.get(request.match_info["id"])
        return _unknown(request) if document is None else _answer({"data": _detail(document)})

    async def docket(self, request: web.Request) -> web.Response:
        """One docket."""
        if refusal := _keyless(request):
            return refusal
        name = request.match_info["id"]
        inside = [document for document in self._documents if document.docket == name]
        return _answer({"data": _docket(name, inside)}) if inside else _unknown(request)


def _answer(value: Any, status: int = 200) -> web.Response:
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, status=status, content_type="application/vnd.api+json")


def _keyless(request: web.Request) -> web.Response | None:
    """The refusal of those without a key in the header made for it."""
    if request.headers.get("X-Api-Key"):
        return None
    message = f"No api_key was supplied. Get one at https://{HOST}:443"
    return _answer({"error": {"code": "API_KEY_MISSING", "message": message}}, 403)


def _error(title: str, detail: str | None = None, status: int = 400) -> web.Response:
    error = {"status": str(status), "title": title, **({"detail": detail} if detail else {})}
    return _answer({"errors": [error]}, status)


def _unknown(request: web.Request) -> web.Response:
    return _error(f"Invalid ID: {request.match_info['id']}", status=404)


def _attributes(document: RegulationDocument) -> dict[str, Any]:
    closes = document.closes
    return {
        "agencyId": document.agency,
        "allowLateComments": False,
        "commentEndDate": _instant(datetime.combine(closes, time(23, 59, 59), EASTERN)) if closes else None,
        "commentStartDate": _midnight(document.posted) if closes else None,
        "docketId": document.docket,
        "documentType": document.type,
        "frDocNum": document.fr,
        "objectId": f"09000064{_number_of(document.id):08x}",
        "openForComment": closes is not None and closes >= LAST_DAY,
        "postedDate": _midnight(document.posted),
        "subtype": document.subtype,
        "title": document.title,
        "withdrawn": document.withdrawn is not None,
        "withinCommentPeriod": closes is not None and closes >= LAST_DAY,
    }


def _number_of(text: str) -> int:
    """A number made of a text, the same on every machine."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


def _line(document: RegulationDocument) -> dict[str, Any]:
    more = {"highlightedContent": "", "lastModifiedDate": _instant(document.changed)}
    return {"type": "documents", "id": document.id, "attributes": {**_attributes(document), **more}}


def _detail(document: RegulationDocument) -> dict[str, Any]:
    here = f"{API}/documents/{document.id}"
    files = f"https://downloads.regulations.gov/{document.id}/content"
    more = {
        "additionalRins": [document.rin] if document.rin else None,
        "docAbstract": document.abstract,
        "fileFormats": [{"fileUrl": f"{files}.{kind}", "format": kind, "size": 2620} for kind in ("pdf", "htm")],
        "modifyDate": _instant(document.changed),
        "pageCount": 1,
        "reasonWithdrawn": "Posted by mistake, as a sample" if document.withdrawn else None,
        "topics": None,
        "zip": None,
    }
    return {
        "id": document.id,
        "type": "documents",
        "links": {"self": here},
        "attributes": {**_attributes(document), **more},
        "relationships": {"attachments": {"data": [], "links": {"related": f"{here}/attachments"}}},
    }


def _docket(name: str, inside: Sequence[RegulationDocument]) -> dict[str, Any]:
    first = min(inside, key=lambda document: document.posted)
    kind = "Rulemaking" if any(document.type.endswith("Rule") for document in inside) else "Nonrulemaking"
    attributes = {
        "agencyId": first.agency,
        "category": None,
        "dkAbstract": first.abstract,
        "docketType": kind,
        "effectiveDate": None,
        "keywords": None,
        "modifyDate": _instant(max(document.changed for document in inside)),
        "objectId": f"0b000064{_number_of(name):08x}",
        "rin": inside[-1].rin or "Not Assigned",
        "subType": None,
        "title": first.title,
    }
    return {"id": name, "type": "dockets", "attributes": attributes, "links": {"self": f"{API}/dockets/{name}"}}


def _midnight(day: date) -> str:
    return _instant(datetime.combine(day, time.min, EASTERN))


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
