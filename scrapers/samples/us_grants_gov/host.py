"""api.grants.gov as its two questions answer: search2 and fetchOpportunity.

HTTP 200 is not success: errors stand inside the answer. Ids are text in lists and numbers in details; dates come in
three notations; amounts are text, at times the word "none".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from scrapers.samples.answers import json_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.us_grants_gov.records import Opportunity

HOST = "api.grants.gov"
DEFAULT_ROWS = 25
DEFAULT_STATUSES = "forecasted|posted"
STATUSES = ("posted", "closed", "archived", "forecasted")
EASTERN = ZoneInfo("America/New_York")
NO_RECORD = "There is no record found for your search."
NO_BACKEND = "No response received, as the webservice at the backend server is not available."


def sample_host(opportunities: Mapping[int, Opportunity]) -> SampleHost:
    """The host's answers; it has no rules for robots."""
    host = GrantsGov(opportunities)
    routes = [
        web.post("/v1/api/search2", host.search),
        web.post("/v1/api/fetchOpportunity", host.fetch),
        web.route("*", "/{rest:.*}", host.no_such_route),
    ]
    return SampleHost(routes, robots=None)


class GrantsGov:
    """The handlers."""

    def __init__(self, opportunities: Mapping[int, Opportunity]) -> None:
        self._opportunities = opportunities
        self._newest_first = sorted(opportunities.values(), key=lambda one: (one.posted, one.id), reverse=True)

    async def no_such_route(self, _: web.Request) -> web.Response:
        """What the gateway says to any other address or method."""
        return json_answer({"message": "Missing Authentication Token"}, status=403)

    async def search(self, request: web.Request) -> web.Response:
        """A page of opportunities."""
        asked = await _body(request)
        if asked is None:
            return json_answer({"message": "Internal server error"}, status=502)
        statuses = set((_text(asked, "oppStatuses") or DEFAULT_STATUSES).split("|"))
        found = [one for one in self._newest_first if _matches(one, asked)]
        chosen = _sorted([one for one in found if one.status in statuses], _text(asked, "sortBy"))
        start, rows = _whole(asked.get("startRecordNum"), 0), _whole(asked.get("rows"), DEFAULT_ROWS)
        counts = Counter(one.status for one in found)
        return _succeeds(
            {
                "searchParams": _echo(asked, start, rows),
                "hitCount": len(chosen),
                "startRecord": start,
                "oppHits": [_hit(one) for one in chosen[start : start + rows]],
                "oppStatusOptions": [{"label": name, "value": name, "count": counts[name]} for name in STATUSES],
                "dateRangeOptions": [],
                "suggestion": "",
                "eligibilities": [],
                "fundingCategories": _options(tuple(one.category) for one in chosen),
                "fundingInstruments": _options(tuple(one.instrument) for one in chosen),
                "agencies": [],
            }
        )

    async def fetch(self, request: web.Request) -> web.Response:
        """The details of one opportunity; what goes wrong is told inside an answer that claims success."""
        asked = await _body(request)
        if asked is None:
            return json_answer({"message": "Internal server error"}, status=502)
        number = str(asked.get("opportunityId", ""))
        if not number.isdigit():
            return _succeeds({"message": NO_BACKEND})
        if int(number) == 0:
            return _succeeds({"errorMsgs": ["Opportunity ID or opportunity number is required."]})
        one = self._opportunities.get(int(number))
        return _succeeds(_no_record() if one is None else details(one))


def details(one: Opportunity) -> dict[str, Any]:
    """All that fetchOpportunity says about one opportunity."""
    revision = len(one.revisions)
    due = one.revisions[0].get("closes", one.closes) if one.revisions else one.closes
    data: dict[str, Any] = {
        "id": one.id,
        "revision": revision,
        "opportunityNumber": one.number,
        "opportunityTitle": one.title,
        "owningAgencyCode": one.agency_code,
        "listed": "L",
        "publisherUid": "sample",
        "flag2006": "N",
        "opportunityCategory": {"category": "D", "description": "Discretionary"},
    }
    if one.doc_type == "synopsis":
        data["synopsis"] = _synopsis(one, revision)
    data |= {"agencyDetails": _agency(one), "topAgencyDetails": _top_agency(one)}
    if one.forecast is not None:
        data["forecast"] = _forecast(one, one.forecast)
    elif one.doc_type == "forecast":
        data["forecast"] = _forecast(
            one,
            {"posted": one.posted, "archives": one.archives, "response": one.closes, "fiscal_year": one.fiscal_year},
        )
    data |= {
        "synopsisAttachmentFolders": [],
        "synopsisDocumentURLs": [],
        "synAttChangeComments": [],
        "cfdas": [
            {"id": one.id * 10 + place, "opportunityId": one.id, "cfdaNumber": number, "programTitle": title}
            for place, (number, title) in enumerate(one.cfdas)
        ],
        "opportunityHistoryDetails": [_history(one, place, state) for place, state in enumerate(one.revisions)],
        "opportunityPkgs": [],
        "closedOpportunityPkgs": [],
        **({"originalDueDate": _long(due)} if due else {}),
        "originalDueDateDesc": "",
        "synopsisModifiedFields": ["revision", "version", "responseDate", "createTimeStamp"] if revision else [],
        "forecastModifiedFields": [],
        "errorMessages": [],
        "synPostDateInPast": True,
        "docType": one.doc_type,
        "forecastHistCount": 0,
        "synopsisHistCount": revision,
        "assistCompatible": False,
        "assistURL": "",
        "relatedOpps": [],
        "draftMode": "N",
        "ost": one.status.upper(),
    }
    return data


def _synopsis(one: Opportunity, revision: int) -> dict[str, Any]:
    updated = one.revisions[-1]["day"] if one.revisions else one.posted
    written: dict[str, Any] = {
        "opportunityId": one.id,
        "version": revision + 1,
        "agencyCode": one.agency_code,
        "agencyName": "Sample Contact\nGrantor",
        "agencyPhone": "000-000-0000",
        "agencyAddressDesc": "sample@example.invalid",
        "agencyDetails": _agency(one),
        "topAgencyDetails": _top_agency(one),
        "agencyContactPhone": "000-000-0000",
        "agencyContactName": "Sample Contact\nGrantor",
        "agencyContactDesc": "Sample Contact",
        "agencyContactEmail": "sample@example.invalid",
        "agencyContactEmailDesc": "sample@example.invalid",
        "synopsisDesc": one.description,
        **_stamped("responseDate", one.closes),
        "responseDateDesc": one.closes_note,
        **_stamped("postingDate", one.posted),
        **_stamped("archiveDate", one.archives),
        "costSharing": False,
        **_amount("numberOfAwards", one.awards, is_money=False),
        **_amount("estimatedFunding", one.estimated),
        **_amount("awardCeiling", one.ceiling),
        **_amount("awardFloor", one.floor),
        "applicantEligibilityDesc": "Sample eligibility.",
        "sendEmail": "N",
        "createTimeStamp": _long(updated, hour=11, minute=41),
        "createTimeStampStr": f"{updated}-11-41-58",
        "createdDate": _long(one.posted, hour=9),
        "lastUpdatedDate": _long(updated, hour=11, minute=41),
        "applicantTypes": [{"id": "99", "description": "Unrestricted"}],
        "fundingInstruments": [_coded(one.instrument)],
        "fundingActivityCategories": [_coded(one.category)],
    }
    if one.revisions:
        written["modComments"] = one.revisions[-1]["comment"]
    return written


def _forecast(one: Opportunity, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "opportunityId": one.id,
        "version": 1,
        **_stamped("postingDate", state["posted"]),
        **_stamped("archiveDate", state.get("archives")),
        "forecastDesc": one.description,
        "costSharing": False,
        **_amount("estimatedFunding", one.estimated),
        "agencyContactName": "Sample Contact",
        "agencyContactPhone": "000-000-0000",
        "agencyContactEmail": "sample@example.invalid",
        "agencyContactEmailDesc": "Sample Contact",
        "agencyCode": one.agency_code,
        "applicantEligibilityDesc": "Sample eligibility.",
        **_stamped("estApplicationResponseDate", state.get("response")),
        **_stamped("estAwardDate", state.get("award")),
        **_stamped("estProjectStartDate", state.get("start")),
        "fiscalYear": state["fiscal_year"],
        "createTimeStamp": _long(state["posted"], hour=12, minute=57),
        "createTimeStampStr": f"{state['posted']}-12-57-58",
        "createdDate": _long(state["posted"], hour=11),
        "lastUpdatedDate": _long(state["posted"], hour=12, minute=57),
        "agencyDetails": _agency(one),
        "applicantTypes": [{"id": "99", "description": "Unrestricted"}],
        "fundingInstruments": [_coded(one.instrument)],
        "fundingActivityCategories": [_coded(one.category)],
    }


def _history(one: Opportunity, revision: int, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "oppHistId": {"opportunityId": one.id, "revision": revision},
        "opportunityId": one.id,
        "revision": revision,
        "opportunityNumber": one.number,
        "opportunityTitle": state.get("title", one.title),
        "owningAgencyCode": one.agency_code,
        "publisherUid": "sample",
        "listed": "L",
        "opportunityCategory": {"category": "D", "description": "Discretionary"},
        "synopsis": {
            "id": {"opportunityId": one.id, "revision": revision},
            "opportunityId": one.id,
            "revision": revision,
            "version": revision + 1,
            "agencyCode": one.agency_code,
            "agencyDetails": _agency(one),
            "synopsisDesc": one.description,
            **_stamped("responseDate", state.get("closes")),
            **_stamped("postingDate", one.posted),
            "modComments": state["comment"],
            "createTimeStamp": _long(state["day"], hour=11),
            "createTimeStampStr": f"{state['day']}-11-00-58",
        },
    }


def _hit(one: Opportunity) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "number": one.number,
        "title": one.title,
        "agencyCode": one.agency_code,
        "agency": one.agency,
        "openDate": _short(one.posted),
        "closeDate": _short(one.closes),
        "oppStatus": one.status,
        "docType": one.doc_type,
        "cfdaList": [number for number, _ in one.cfdas],
    }


def _no_record() -> dict[str, Any]:
    lists = ("synopsisAttachmentFolders", "synopsisDocumentURLs", "synAttChangeComments", "cfdas",
             "opportunityHistoryDetails", "opportunityPkgs", "closedOpportunityPkgs")  # fmt: skip
    return {
        "revision": 0,
        "flag2006": "N",
        **{name: [] for name in lists},
        "errorMessages": [NO_RECORD],
        "forecastHistCount": 0,
        "synopsisHistCount": 0,
        "relatedOpps": [],
        "draftMode": "N",
    }


def _succeeds(data: dict[str, Any]) -> web.Response:
    return json_answer({"errorcode": 0, "msg": "Webservice Succeeds", "token": "sample-token", "data": data})


def _matches(one: Opportunity, asked: dict[str, Any]) -> bool:
    text = unescape(f"{one.number} {one.title} {one.description}").lower()
    words = _text(asked, "keyword").lower().replace('"', " ").split()
    if not all(word in text for word in words):
        return False
    number = _text(asked, "oppNum")
    if number and number != one.number:
        return False
    agencies = _text(asked, "agencies")
    if agencies and not any(
        one.agency_code == code or one.agency_code.startswith(f"{code}-") for code in agencies.split("|")
    ):
        return False
    aln = _text(asked, "aln") or _text(asked, "cfda")
    return not aln or any(number in aln.split("|") for number, _ in one.cfdas)


def _sorted(found: list[Opportunity], order: str) -> list[Opportunity]:
    name, _, direction = order.partition("|")
    keys = {
        "openDate": lambda one: one.posted,
        "closeDate": lambda one: one.closes or date.max,
        "oppNum": lambda one: one.number,
    }
    if name not in keys:
        return found
    return sorted(found, key=keys[name], reverse=direction == "desc")


def _echo(asked: dict[str, Any], start: int, rows: int) -> dict[str, Any]:
    names = (
        "oppNum",
        "cfda",
        "sortBy",
        "oppStatuses",
        "eligibilities",
        "fundingInstruments",
        "fundingCategories",
        "agencies",
        "keyword",
    )
    words = {name: _text(asked, name) for name in names}
    words["oppStatuses"] = words["oppStatuses"] or DEFAULT_STATUSES
    return {
        "resultType": "json",
        "searchOnly": False,
        **words,
        "startRecordNum": start,
        "rows": rows,
        "keywordEncoded": True,
    }


def _options(coded: Iterable[tuple[str, ...]]) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": value, "count": count} for (value, label), count in sorted(Counter(coded).items())
    ]


def _coded(pair: Sequence[str]) -> dict[str, str]:
    return {"id": pair[0], "description": pair[1]}


def _agency(one: Opportunity) -> dict[str, str]:
    return {
        "code": one.agency_code.rsplit("-", 1)[-1],
        "seed": one.agency_code,
        "agencyName": one.agency,
        "agencyCode": one.agency_code,
        "topAgencyCode": one.agency_code.split("-")[0],
    }


def _top_agency(one: Opportunity) -> dict[str, str]:
    code = one.agency_code.split("-")[0]
    return {"code": code, "seed": code, "agencyName": one.top_agency, "agencyCode": code, "topAgencyCode": code}


def _amount(name: str, text: str | None, *, is_money: bool = True) -> dict[str, str]:
    if text is None:
        return {}
    if not text.isdigit() or not is_money:
        return {name: text}
    return {name: text, f"{name}Formatted": f"{int(text):,}"}


def _stamped(name: str, day: date | None) -> dict[str, str]:
    """A day in two of the three notations; nothing where there is no day."""
    return {} if day is None else {name: _long(day), f"{name}Str": f"{day}-00-00-00"}


def _long(day: date, hour: int = 0, minute: int = 0) -> str:
    """A day as in "Jun 10, 2026 11:41:58 AM EDT"."""
    instant = datetime(day.year, day.month, day.day, hour, minute, 58 if hour else 0, tzinfo=EASTERN)
    return f"{instant:%b %d, %Y %I:%M:%S %p %Z}"


def _short(day: date | None) -> str:
    return "" if day is None else f"{day:%m/%d/%Y}"


async def _body(request: web.Request) -> dict[str, Any] | None:
    try:
        asked = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return None
    return asked if isinstance(asked, dict) else None


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    return "" if value is None else str(value)


def _whole(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else default
