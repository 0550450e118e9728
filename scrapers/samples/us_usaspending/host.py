"""api.usaspending.gov as version 2 of its API answers.

A search takes types of one group; its columns are asked for by their names; it goes on after a last record, and a page
number has an end; a window is the union of its parts; errors name a detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import web

from scrapers.samples.answers import json_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.us_usaspending.records import AGENCIES, TYPES, Award

HOST = "api.usaspending.gov"
GROUPS = {
    "contracts": {"A", "B", "C", "D"},
    "direct_payments": {"06", "10"},
    "grants": {"02", "03", "04", "05"},
    "idvs": {"IDV_A", "IDV_B", "IDV_B_A", "IDV_B_B", "IDV_B_C", "IDV_C", "IDV_D", "IDV_E"},
    "loans": {"07", "08"},
    "other": {"09", "11", "-1"},
}
MOST_LISTED, MOST_REACHED = 100, 10_000
EARLIEST = (
    "For searches, time period start and end dates are currently limited to an earliest date of 2007-10-01.  For data "
    "going back to 2000-10-01, use either the Custom Award Download feature on the website or one of our download or "
    "bulk_download API endpoints as listed on https://api.usaspending.gov/docs/endpoints."
)
DAYS = {"date_signed": "signed", "last_modified_date": "changed", "action_date": "changed"}


def sample_host(awards: Sequence[Award]) -> SampleHost:
    """The host's answers; it has no rules for robots."""
    host = UsaSpending(awards)
    routes = [
        web.post("/api/v2/search/spending_by_award_count/", host.count),
        web.post("/api/v2/search/spending_by_award/", host.search),
        web.get("/api/v2/awards/{id}/", host.award),
    ]
    return SampleHost(routes, robots=None)


class UsaSpending:
    """The handlers."""

    def __init__(self, awards: Sequence[Award]) -> None:
        self._awards = awards
        self._by_id = {award.id: award for award in awards}

    async def count(self, request: web.Request) -> web.Response:
        """How many awards each group has."""
        filters = orjson.loads(await request.read()).get("filters") or {}
        found = [award.group for award in self._awards if _matches(award, filters)]
        counts = {group: found.count(group) for group in GROUPS}
        return json_answer({"results": counts, "spending_level": "awards", "messages": [EARLIEST]})

    async def search(self, request: web.Request) -> web.Response:
        """A page of awards of one group, by their numbers."""
        asked = orjson.loads(await request.read())
        filters, limit, page = asked.get("filters") or {}, asked.get("limit", 10), asked.get("page", 1)
        types = set(filters.get("award_type_codes") or ())
        if not types or not any(types <= group for group in GROUPS.values()):
            return json_answer({"detail": "'award_type_codes' must only contain types from one group."}, status=422)
        if not 1 <= limit <= MOST_LISTED:
            return json_answer({"detail": f"Field 'limit' value '{limit}' is above max '{MOST_LISTED}'"}, status=422)
        found = [award for award in self._awards if award.type in types and _matches(award, filters)]
        after = asked.get("last_record_sort_value"), asked.get("last_record_unique_id")
        if after[0] is not None:
            rest = [award for award in found if (award.number, award.row) > after]
        elif page * limit > MOST_REACHED:
            return json_answer(
                {"detail": f"Page #{page} with limit {limit} is over the maximum result limit"}, status=422
            )
        else:
            rest = found[(page - 1) * limit :]
        shown, has_next = rest[:limit], len(rest) > limit
        paged = {
            "page": page,
            "hasNext": has_next,
            "last_record_unique_id": shown[-1].row if has_next else None,
            "last_record_sort_value": shown[-1].number if has_next else "None",
        }
        lines = [_line(award, asked.get("fields") or ()) for award in shown]
        answer = {"spending_level": "awards", "limit": limit, "results": lines, "page_metadata": paged}
        return json_answer({**answer, "messages": [EARLIEST]})

    async def award(self, request: web.Request) -> web.Response:
        """One award in full."""
        award = self._by_id.get(request.match_info["id"])
        if award is None:
            return json_answer({"detail": f"No Award found with: '{request.match_info['id']}'"}, status=404)
        return json_answer(_detail(award, self._by_id))


def _matches(award: Award, filters: dict[str, Any]) -> bool:
    words = filters.get("keywords")
    if words and not any(word.lower() in award.text.lower() for word in words):
        return False
    spans = filters.get("time_period")
    return not spans or any(
        span["start_date"] <= str(getattr(award, DAYS[span.get("date_type", "action_date")])) <= span["end_date"]
        for span in spans
    )


def _line(award: Award, fields: Sequence[str]) -> dict[str, Any]:
    top, code, sub, sub_code = AGENCIES[award.agency]
    is_contract = TYPES[award.type][0] in ("contract", "idv")
    listing = {"cfda_number": award.listing, "cfda_program_title": None}
    columns: dict[str, Any] = {
        "Award ID": award.number,
        "Recipient Name": award.recipient,
        "Description": award.text,
        "Award Amount": float(award.amount),
        "Base Obligation Date": str(award.signed),
        "Start Date": str(award.signed),
        "End Date": None,
        "Last Modified Date": str(award.changed),
        "Awarding Agency": top,
        "Awarding Agency Code": code,
        "Awarding Sub Agency": sub,
        "Awarding Sub Agency Code": sub_code,
        "Contract Award Type" if is_contract else "Award Type": TYPES[award.type][1],
        "primary_assistance_listing": listing,
        **({"Loan Value": float(award.loan), "Subsidy Cost": 0.0} if award.loan is not None else {}),
    }
    asked = {name: value for name, value in columns.items() if name in fields}
    kept = {"awarding_agency_id": 1, "agency_slug": top.lower().replace(" ", "-")} if "Awarding Agency" in asked else {}
    return {"internal_id": award.row, **asked, **kept, "generated_internal_id": award.id}


def _detail(award: Award, others: dict[str, Award]) -> dict[str, Any]:
    top, code, sub, sub_code = AGENCIES[award.agency]
    category, described = TYPES[award.type]
    agency = {
        "id": 1,
        "has_agency_page": True,
        "toptier_agency": {
            "name": top,
            "code": code,
            "abbreviation": award.agency,
            "slug": top.lower().replace(" ", "-"),
        },
        "subtier_agency": {"name": sub, "code": sub_code, "abbreviation": award.agency},
        "office_agency_name": None,
    }
    said: dict[str, Any] = {
        "id": award.row,
        "generated_unique_award_id": award.id,
        "category": category,
        "type": award.type,
        "type_description": described,
        "description": award.text,
        "total_obligation": float(award.amount),
        "subaward_count": 0,
        "total_subaward_amount": None,
        "date_signed": str(award.signed),
        "total_outlay": None,
        "funding_agency": agency,
        "awarding_agency": agency,
        "recipient": {"recipient_name": award.recipient, "business_categories": [], "location": None},
        "period_of_performance": {
            "start_date": str(award.signed),
            "end_date": None,
            "last_modified_date": str(award.changed),
        },
        "executive_details": {"officers": []},
    }
    if category in ("contract", "idv"):
        parent = next((other for other in others.values() if other.number == award.parent), None)
        frame = (
            {"award_id": parent.row, "generated_unique_award_id": parent.id, "piid": parent.number} if parent else None
        )
        options = float(award.options) if award.options is not None else None
        return {
            **said,
            "piid": award.number,
            "base_exercised_options": options,
            "base_and_all_options": options,
            "parent_award": frame,
        }
    return {
        **said,
        "fain": award.number,
        "uri": None,
        "record_type": 2,
        "total_subsidy_cost": 0.0 if award.loan is not None else None,
        "total_loan_value": float(award.loan) if award.loan is not None else None,
        "non_federal_funding": 0.0,
        "total_funding": float(award.amount),
        "cfda_info": [{"cfda_number": award.listing, "cfda_title": None}] if award.listing else [],
        "funding_opportunity": {"number": award.opportunity, "goals": None},
    }
