"""api.congress.gov and the BILLSTATUS bulk data of www.govinfo.gov, as they answer.

The API wants a key in a header, lists by the time of the last touch, gives numbers as text, and leaves a blank in the
address of the next page. govinfo answers only those who name the kind they want.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.host import SampleHost
from scrapers.samples.us_congress_gov.records import Bill
from scrapers.samples.us_congress_gov.status import write_status

API_HOST = "api.congress.gov"
BULK_HOST = "www.govinfo.gov"
API = f"https://{API_HOST}/v3"
BULK = f"https://{BULK_HOST}/bulkdata/BILLSTATUS"
DEFAULT_LIMIT, MOST = 20, 250
KINDS = "hr|s|hjres|sjres|hconres|sconres|hres|sres"


def api_host(bills: Sequence[Bill]) -> SampleHost:
    """The API."""
    host = CongressApi(bills)
    routes = [
        web.get("/v3/bill", host.bills),
        web.get("/v3/summaries", host.summaries),
        web.get(rf"/v3/bill/{{congress:\d+}}/{{kind:{KINDS}}}/{{number:\d+}}", host.bill),
        web.get("/{rest:.*}", host.unknown),
    ]
    return SampleHost(routes, robots=None)


def bulk_host(bills: Sequence[Bill]) -> SampleHost:
    """The bulk data."""
    host = BulkStatus(bills)
    folder = rf"BILLSTATUS/{{congress:\d+}}/{{kind:{KINDS}}}"
    return SampleHost(
        [web.get(f"/bulkdata/json/{folder}", host.listing), web.get(f"/bulkdata/{folder}/{{name}}", host.file)]
    )


class CongressApi:
    """The handlers."""

    def __init__(self, bills: Sequence[Bill]) -> None:
        self._bills = bills
        self._by_key = {(bill.congress, bill.kind.lower(), bill.number): bill for bill in bills}

    async def bills(self, request: web.Request) -> web.Response:
        """A page of bills, those touched last first."""
        found = [_line(bill) for bill in self._touched(request)]
        return _keyless(request) or _page(request, "bills", found)

    async def summaries(self, request: web.Request) -> web.Response:
        """A page of summaries."""
        found = [_summary(bill) for bill in self._touched(request)]
        return _keyless(request) or _page(request, "summaries", found)

    async def bill(self, request: web.Request) -> web.Response:
        """One bill."""
        at = request.match_info
        bill = self._by_key.get((int(at["congress"]), at["kind"], int(at["number"])))
        if refusal := _keyless(request):
            return refusal
        return await self.unknown(request) if bill is None else _shown({"bill": _detail(bill), "request": _ECHO})

    async def unknown(self, request: web.Request) -> web.Response:
        """Anything else."""
        return json_answer({"error": f"Unknown resource: {request.path.removeprefix('/v3/')}", "request": _ECHO}, 404)

    def _touched(self, request: web.Request) -> list[Bill]:
        since, until = (request.query.get(name, "") for name in ("fromDateTime", "toDateTime"))
        return [
            bill
            for bill in self._bills
            if since <= _instant(bill.updated) and (_instant(bill.updated) <= until or not until)
        ]


class BulkStatus:
    """The handlers; a bill that is late is not there."""

    def __init__(self, bills: Sequence[Bill]) -> None:
        self._bills = [bill for bill in bills if not bill.is_late]
        self._by_name = {_file_name(bill): bill for bill in self._bills}

    async def listing(self, request: web.Request) -> web.Response:
        """The files of one kind of a Congress, and their zip."""
        if "application/json" not in request.headers.get("Accept", ""):
            return text_answer("Not Acceptable", 406)
        congress, kind = request.match_info["congress"], request.match_info["kind"]
        bills = [one for one in self._bills if (str(one.congress), one.kind.lower()) == (congress, kind)]
        if not bills:
            return text_answer("Not Found", 404)
        files = [_file(_file_name(bill), f"{congress}/{kind}", bill.updated, 40_000) for bill in bills]
        files.insert(0, _file(f"BILLSTATUS-{congress}-{kind}.zip", f"{congress}/{kind}", bills[0].updated, 3_900_000))
        return json_answer({"files": files})

    async def file(self, request: web.Request) -> web.Response:
        """One file."""
        if "xml" not in request.headers.get("Accept", ""):
            return text_answer("Not Acceptable", 406)
        bill = self._by_name.get(request.match_info["name"])
        return text_answer("Not Found", 404) if bill is None else text_answer(write_status(bill), 200, "text/xml")


_ECHO = {"contentType": "application/json", "format": "json"}


def _keyless(request: web.Request) -> web.Response | None:
    """The refusal of those without a key in the header made for it."""
    if request.headers.get("X-Api-Key"):
        return None
    message = f"No api_key was supplied. Get one at https://{API_HOST}:443"
    return json_answer({"error": {"code": "API_KEY_MISSING", "message": message}}, status=403)


def _shown(value: Any) -> web.Response:
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, content_type="application/json", charset="utf-8")


def _page(request: web.Request, name: str, found: list[dict[str, Any]]) -> web.Response:
    start = whole_number(request.query.get("offset"), 0)
    limit = min(whole_number(request.query.get("limit"), DEFAULT_LIMIT), MOST)
    pages: dict[str, Any] = {"count": len(found)}
    if start + limit < len(found):
        pages["next"] = f"{API}/{name}?sort=updateDate desc&offset={start + limit}&limit={limit}&format=json"
    return _shown({name: found[start : start + limit], "pagination": pages, "request": _ECHO})


def _named(bill: Bill) -> dict[str, Any]:
    return {
        "congress": bill.congress,
        "number": str(bill.number),
        "originChamber": bill.chamber,
        "originChamberCode": bill.chamber[0],
        "title": bill.title.replace("'", "&#039;"),
        "type": bill.kind,
    }


def _line(bill: Bill) -> dict[str, Any]:
    latest = bill.actions[-1]
    action = {
        "actionDate": str(latest.day),
        **({"actionTime": latest.hour} if latest.hour else {}),
        "text": latest.text,
    }
    return {
        **_named(bill),
        "introducedDate": str(bill.introduced),
        "latestAction": action,
        "updateDate": f"{bill.updated:%Y-%m-%d}",
        "updateDateIncludingText": _instant(bill.updated),
        "url": f"{API}/bill/{bill.congress}/{bill.kind.lower()}/{bill.number}?format=json",
    }


def _detail(bill: Bill) -> dict[str, Any]:
    line = _line(bill)
    here = line.pop("url").removesuffix("?format=json")
    parts = {"actions": len(bill.actions), "summaries": 1, "subjects": len(bill.subjects), "titles": 2}
    return {
        **line,
        **{name: {"count": count, "url": f"{here}/{name}?format=json"} for name, count in parts.items()},
        "laws": [{"number": bill.law, "type": "Public Law"}] if bill.law else [],
        "policyArea": {"name": bill.area},
        "updateDate": _instant(bill.updated),
    }


def _summary(bill: Bill) -> dict[str, Any]:
    touched = _instant(bill.updated)
    line = _line(bill)
    return {
        "actionDate": str(bill.introduced),
        "actionDesc": f"Introduced in {bill.chamber}",
        "bill": {**_named(bill), "updateDateIncludingText": touched, "url": line["url"]},
        "currentChamber": bill.chamber,
        "currentChamberCode": bill.chamber[0],
        "lastSummaryUpdateDate": touched,
        "text": f" <p><strong>{bill.title}</strong></p> <p>{bill.summary}</p>",
        "updateDate": touched,
        "versionCode": "00",
    }


def _instant(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}"


def _file_name(bill: Bill) -> str:
    return f"BILLSTATUS-{bill.congress}{bill.kind.lower()}{bill.number}.xml"


def _file(name: str, folder: str, modified: datetime, size: int) -> dict[str, object]:
    ending = name.rsplit(".", 1)[1]
    return {
        "displayLabel": name,
        "fileExtension": ending,
        "folder": False,
        "formattedLastModifiedTime": f"{modified:%d-%b-%Y %H:%M}",
        "formattedSize": f"{size / 1024:.1f} KB",
        "justFileName": name,
        "link": f"{BULK}/{folder}/{name}",
        "mimeType": f"application/{ending}",
        "name": name,
        "size": size,
    }
