"""Samples of `us_nsf_awards`: api.nsf.gov as its Award Search API answers, 25 awards a page.

Awards are counted from 1, all values are texts, and errors come with HTTP 200 in place of awards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from scrapers.samples.answers import json_answer, whole_number
from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

HOST = "api.nsf.gov"
MOST_LISTED = 25
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    awards = read_awards()

    async def listed(request: web.Request) -> web.Response:
        """Awards whose day of award is in the window."""
        return _answer(awards, request)

    return {HOST: SampleHost([web.get("/services/v1/awards.json", listed)], robots=None)}


def read_awards() -> list[dict[str, Any]]:
    """All awards, newest first, with their day as `day`."""
    data = read_yaml(__file__, "awards.yml")
    awards = [_award(raw, 9900000 + place, SAMPLE_NOTE) for place, raw in enumerate(data["awards"])]
    awards += [_award(raw, 9800000 + place, FILLER_NOTE) for place, raw in enumerate(_ordinary(data))]
    return sorted(awards, key=lambda award: (award["day"], award["id"]), reverse=True)


def _ordinary(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Ordinary awards, one every few days."""
    dice = seeded_dice()
    made = []
    day = FIRST_DAY
    while day <= LAST_DAY:
        template = dice.choice(data["templates"])
        words = Words(data["words"], dice)
        made.append(
            {**template, "title": words.fill(template["title"]), "day": day, "amount": dice.randrange(50_000, 900_000)}
        )
        day += timedelta(dice.randrange(1, 8))
    return made


def _award(raw: dict[str, Any], number: int, note: str) -> dict[str, Any]:
    day: date = raw["day"]
    return {
        "day": day,
        "id": str(number),
        "agency": "NSF",
        "title": raw["title"],
        "abstractText": f"{raw.get('abstract', raw['title'])}<br/><br/>{note}",
        "awardeeName": "Sample University",
        "awardeeCity": "FIR CREEK",
        "awardeeStateCode": "WA",
        "awardeeCountryCode": "US",
        "cfdaNumber": raw.get("listing", "47.070"),
        "date": f"{day:%m/%d/%Y}",
        "startDate": f"{day + timedelta(30):%m/%d/%Y}",
        "expDate": f"{day + timedelta(1_125):%m/%d/%Y}",
        "estimatedTotalAmt": str(raw["amount"]),
        "fundsObligatedAmt": str(raw.get("obligated", raw["amount"])),
        "fundProgramName": raw.get("programme", "Sample Programme"),
        "transType": raw.get("kind", "Standard Grant"),
    }


def _answer(awards: Sequence[dict[str, Any]], request: web.Request) -> web.Response:
    asked = request.query
    days = [_DAY.fullmatch(asked.get(name, "")) for name in ("dateStart", "dateEnd")]
    if not all(days):
        return _error("1003", "dateStart and dateEnd are expected as mm/dd/yyyy")
    since, until = (f"{day[3]}-{day[1]}-{day[2]}" for day in days if day)
    size, offset = whole_number(asked.get("rpp"), MOST_LISTED), whole_number(asked.get("offset"), 1)
    if not 1 <= size <= MOST_LISTED:
        return _error("1007", f"rpp is expected from 1 to {MOST_LISTED}")
    found = [award for award in awards if since <= str(award["day"]) <= until]
    shown = found[max(offset - 1, 0) :][:size]
    fields = set(asked.get("printFields", "id,title,date,agency,awardeeName,fundsObligatedAmt").split(","))
    narrowed = [{name: value for name, value in award.items() if name in fields} for award in shown]
    paged = {"totalCount": len(found), "rpp": size, "offset": offset}
    return json_answer({"response": {"metadata": paged, "award": narrowed}})


def _error(code: str, message: str) -> web.Response:
    told = {"notificationType": "ERROR", "notificationCode": code, "notificationMessage": message}
    return json_answer({"response": {"serviceNotification": [told]}})
