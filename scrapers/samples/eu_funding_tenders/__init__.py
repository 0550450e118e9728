"""Samples of `eu_funding_tenders`: api.tech.ec.europa.eu as the search service of the portal answers.

The question comes as parts of a form; all values are lists of texts; a topic has a record for each of its deadlines, so
the total is more than the number of topics, and each of them lists all deadlines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from scrapers.samples.answers import json_answer, whole_number
from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import LAST_DAY, Words, seeded_dice
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

HOST = "api.tech.ec.europa.eu"
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities"
MOST_LISTED = 100
ORDINARY = 240
FORTHCOMING, OPEN = "31094501", "31094502"
_PART = re.compile(rb'name="([a-z]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the search service; no corpus holds anything for it."""
    records = read_records()

    async def search(request: web.Request) -> web.Response:
        """A page of records."""
        return _answer(records, request, await request.read())

    return {HOST: SampleHost([web.post("/search-api/prod/rest/search", search)], robots=None)}


def read_records() -> list[dict[str, Any]]:
    """All records, by identifier."""
    data = read_yaml(__file__, "calls.yml")
    dice = seeded_dice()
    raws = [{**raw, "text": f"{raw['text']} {SAMPLE_NOTE}"} for raw in data["calls"]]
    for place in range(ORDINARY):
        words = Words(data["words"], dice)
        template = dice.choice(data["templates"])
        opens = LAST_DAY + timedelta(dice.randrange(-150, 150))
        raws.append(
            {
                "identifier": f"{template['identifier']}-{place:03d}",
                "title": words.fill(template["title"]),
                "text": FILLER_NOTE,
                "opens": opens,
                "deadlines": [opens + timedelta(160)],
                "budget": {str(opens.year): dice.randrange(1, 60) * 1_000_000},
            }
        )
    numbered = enumerate(raws)
    records = [
        _record(raw, 59_000_000 + place * 10 + turn) for place, raw in numbered for turn in range(len(raw["deadlines"]))
    ]
    return sorted(records, key=lambda record: (record["metadata"]["identifier"], record["reference"]))


def _record(raw: dict[str, Any], number: int) -> dict[str, Any]:
    kind, identifier = raw.get("type", "1"), raw["identifier"]
    ending = {"1": "TOPICSen", "2": "PROSPECTSEN", "8": "COMPETITIVE_CALLen"}[kind]
    said: dict[str, Any] = {
        "type": [kind],
        "identifier": [identifier],
        "title": [raw["title"]],
        "status": [OPEN if raw["opens"] <= LAST_DAY else FORTHCOMING],
        "startDate": [f"{raw['opens']}T00:00:00.000+0000"],
        "deadlineDate": [f"{deadline}T17:00:00.000+0000" for deadline in raw["deadlines"]],
        "programmePeriod": ["2021 - 2027"],
        "frameworkProgramme": ["43108390"],
        "descriptionByte": [f'<span class="topicdescriptionkind">Scope:</span><p>{raw["text"]}</p>'],
    }
    url = f"{PORTAL}/data/topicDetails/{identifier}.json"
    if kind == "1":
        line = {
            "action": f"{identifier} - HORIZON-RIA HORIZON Research and Innovation Actions",
            "budgetYearMap": {year: str(money) for year, money in raw["budget"].items()},
            "expectedGrants": 2,
            "minContribution": raw.get("least", 0),
            "maxContribution": raw.get("most", 0),
            "deadlineModel": "single-stage" if len(raw["deadlines"]) == 1 else "multiple cut-off",
            "deadlineDates": [str(day) for day in raw["deadlines"]],
        }
        overview = {"budgetYearsColumns": list(raw["budget"]), "budgetTopicActionMap": {str(number): [line]}}
        said |= {
            "callIdentifier": [identifier.rsplit("-", 1)[0]],
            "typesOfAction": ["HORIZON  Research and Innovation Actions"],
            "budgetOverview": [orjson.dumps(overview).decode()],
        }
    else:
        url = f"{PORTAL}/portal/screen/opportunities/competitive-calls-cs/{number}"
        said |= {"budget": [next(iter(raw["budget"].values()))], "currency": ["EUR"], "url": [url]}
    return {
        "apiVersion": "2.151",
        "reference": f"{number}{ending}",
        "url": url,
        "title": None,
        "contentType": "text/plain",
        "language": "en",
        "databaseLabel": "SEDIA",
        "database": "SEDIA",
        "summary": raw["title"],
        "weight": 9.0,
        "groupById": "3",
        "content": raw["title"],
        "accessRestriction": False,
        "pages": None,
        "checksum": "",
        "metadata": said,
        "children": [],
    }


def _answer(records: Sequence[dict[str, Any]], request: web.Request, body: bytes) -> web.Response:
    asked = request.query
    if asked.get("apiKey") != "SEDIA":
        return json_answer({"status": 403, "error": "Forbidden", "path": request.path}, status=403)
    parts = {name.decode(): orjson.loads(content) for name, content in _PART.findall(body)}
    if "query" not in parts:
        return json_answer({"status": 500, "error": "Internal Server Error", "path": request.path}, status=500)
    terms = [clause["terms"] for clause in parts["query"]["bool"]["must"]]
    wanted = {name: set(values) for term in terms for name, values in term.items()}
    found = [
        record
        for record in records
        if all(set(record["metadata"].get(name, ())) & values for name, values in wanted.items())
    ]
    size = min(whole_number(asked.get("pageSize"), 10), MOST_LISTED)
    page = whole_number(asked.get("pageNumber"), 1)
    return json_answer(
        {
            "apiVersion": "2.151",
            "terms": asked.get("text", ""),
            "responseTime": 110,
            "totalResults": len(found),
            "pageNumber": page,
            "pageSize": size,
            "sort": "identifier:ASC",
            "groupByField": None,
            "queryLanguage": {"language": "en", "probability": 0.0},
            "spellingSuggestion": "",
            "bestBets": [],
            "results": found[(page - 1) * size : page * size],
            "warnings": [],
        }
    )
