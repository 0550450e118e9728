"""bills-api.parliament.uk as its API answers: Skip and Take, 20 a page unless asked, problems as RFC 7807 says."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from aiohttp import web

from scrapers.samples.answers import json_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.uk_parliament_bills.records import SampleBill, Stage

HOST = "bills-api.parliament.uk"
DEFAULT_TAKE = 20
MOST_TAKEN = 100
STAGE_IDS = {
    ("1st reading", "Lords"): 1, ("2nd reading", "Lords"): 2, ("3rd reading", "Lords"): 5,
    ("1st reading", "Commons"): 6, ("2nd reading", "Commons"): 7, ("Royal Assent", "Unassigned"): 11,
}  # fmt: skip
SHORT = {"1st reading": "1R", "2nd reading": "2R", "3rd reading": "3R", "Royal Assent": "RA"}


def sample_host(bills: Sequence[SampleBill]) -> SampleHost:
    """The host's answers."""
    host = BillsApi(bills)
    return SampleHost(
        [
            web.get("/api/v1/Bills", host.search),
            web.get("/api/v1/Bills/{number}", host.bill),
            web.get("/api/v1/Bills/{number}/Stages", host.stages),
            web.get("/api/v1/Bills/{number}/Publications", host.publications),
        ]
    )


class BillsApi:
    """The handlers."""

    def __init__(self, bills: Sequence[SampleBill]) -> None:
        self._newest_first = bills
        self._by_number = {str(bill.number): bill for bill in bills}

    async def search(self, request: web.Request) -> web.Response:
        """A page of the list; a term is looked for in titles."""
        words = request.query.get("SearchTerm", "").lower()
        found = [bill for bill in self._newest_first if words in f"{bill.title} {bill.long_title}".lower()]
        order = request.query.get("SortOrder", "TitleAscending")
        if order not in ("TitleAscending", "TitleDescending", "DateUpdatedAscending", "DateUpdatedDescending"):
            return _problem(400, "One or more validation errors occurred.")
        if order.startswith("Title"):
            found.sort(key=lambda bill: (bill.title, bill.number))
        if order in ("TitleDescending", "DateUpdatedAscending"):
            found.reverse()
        return _page(request, [_summary(bill) for bill in found])

    async def bill(self, request: web.Request) -> web.Response:
        """One bill in full."""
        bill = self._by_number.get(request.match_info["number"])
        return _problem(404, "Not Found") if bill is None else json_answer(_detail(bill))

    async def stages(self, request: web.Request) -> web.Response:
        """The stages of a bill, first to last."""
        bill = self._by_number.get(request.match_info["number"])
        if bill is None:
            return _problem(404, "Not Found")
        return _page(request, [_stage(bill, stage, place) for place, stage in enumerate(bill.stages, 1)])

    async def publications(self, request: web.Request) -> web.Response:
        """The publications of a bill; the last of a bill that became law is its Act."""
        bill = self._by_number.get(request.match_info["number"])
        return _problem(404, "Not Found") if bill is None else json_answer(_publications(bill))


def _page(request: web.Request, found: list[dict[str, Any]]) -> web.Response:
    try:
        skip, take = (int(request.query.get(name, default)) for name, default in (("Skip", 0), ("Take", DEFAULT_TAKE)))
    except ValueError:
        return _problem(400, "One or more validation errors occurred.")
    take = min(take, MOST_TAKEN)
    return json_answer({"items": found[skip : skip + take], "totalResults": len(found), "itemsPerPage": take})


def _problem(status: int, title: str) -> web.Response:
    problem = {"type": f"https://httpstatuses.io/{status}", "title": title, "status": status, "traceId": "00-sample-00"}
    return json_answer(problem, status=status, content_type="application/problem+json")


def _number(text: str) -> int:
    """A number made from a text, the same on every machine."""
    return 10_000 + zlib.crc32(text.encode()) % 80_000


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _summary(bill: SampleBill) -> dict[str, Any]:
    is_act = bill.stages[-1][0] == "Royal Assent"
    return {
        "billId": bill.number,
        "shortTitle": bill.title,
        "formerShortTitle": "" if is_act else None,
        "currentHouse": "Unassigned" if is_act else bill.house,
        "originatingHouse": bill.house,
        "lastUpdate": f"{bill.touched.isoformat()}T10:12:36.{_number(str(bill.number)):05d}17",
        "billWithdrawn": None if bill.withdrawn is None else _midnight(bill.withdrawn),
        "isDefeated": False,
        "billTypeId": bill.kind,
        "introducedSessionId": bill.sessions[0],
        "includedSessionIds": list(bill.sessions),
        "isAct": is_act,
        "currentStage": _stage(bill, bill.stages[-1], len(bill.stages)),
    }


def _detail(bill: SampleBill) -> dict[str, Any]:
    member = {
        "memberId": _number(bill.sponsor or ""),
        "name": bill.sponsor,
        "party": "Sample party",
        "partyColour": "000000",
        "house": bill.house,
        "memberPhoto": None,
        "memberPage": None,
        "memberFrom": "Life peer",
    }
    return {
        "longTitle": bill.long_title,
        "summary": f"<p>{bill.note}</p>",
        "sponsors": [] if bill.sponsor is None else [{"member": member, "organisation": None, "sortOrder": 1}],
        "promoters": [],
        "petitioningPeriod": None,
        "petitionInformation": None,
        "agent": None,
        **_summary(bill),
    }


def _stage(bill: SampleBill, stage: Stage, place: int) -> dict[str, Any]:
    name, house, day = stage
    kind, number = STAGE_IDS[name, house], _number(f"{bill.number} {place}")
    sitting = {
        "id": number + 1,
        "stageId": kind,
        "billStageId": number,
        "billId": bill.number,
        "date": _midnight(day),
    }
    return {
        "id": number,
        "stageId": kind,
        "sessionId": bill.sessions[-1],
        "description": name,
        "abbreviation": SHORT[name],
        "house": house,
        "stageSittings": [sitting],
        "sortOrder": place,
    }


def _publications(bill: SampleBill) -> dict[str, Any]:
    number = _number(f"publication {bill.number}")
    text = {
        "house": bill.house,
        "id": number,
        "title": f"{bill.title} as introduced (sample)",
        "publicationType": {"id": 5, "name": "Bill", "description": "Full text of the Bill."},
        "displayDate": _midnight(bill.stages[0][2]),
        "links": [],
        "files": [{"id": number + 1, "filename": "sample.pdf", "contentType": "application/pdf", "contentLength": 1}],
    }
    act = {
        "house": "Unassigned",
        "id": number + 2,
        "title": bill.title,
        "publicationType": {"id": 13, "name": "Act of Parliament", "description": "A bill that became law."},
        "displayDate": _midnight(bill.stages[-1][2]),
        "links": [
            {
                "id": number + 3,
                "title": bill.title,
                "url": f"http://www.legislation.gov.uk/{bill.act}/contents/enacted",
                "contentType": "text/html",
            }
        ],
        "files": [],
    }
    return {"billId": bill.number, "publications": [act, text] if bill.act else [text]}
