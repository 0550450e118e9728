"""gtr.ukri.org as its GtR-2 API answers: JSON when it is asked for, else XML; 10 to 100 projects a page.

Days are milliseconds of midnight in London; addresses in links name http and port 80; money stands behind links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.host import SampleHost
from scrapers.samples.uk_ukri_gtr.records import SampleProject, made_id

HOST = "gtr.ukri.org"
ADDRESS = f"http://{HOST}:80/gtr/api"
DEFAULT_SIZE, LEAST, MOST = 20, 10, 100
TAKEN_IN = datetime(2026, 10, 1, 3, 12, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
OLDEST = '<?xml version="1.0" encoding="UTF-8"?><ns2:projects xmlns:ns2="http://gtr.rcuk.ac.uk/gtr/api/project"/>'


def sample_host(projects: Sequence[SampleProject]) -> SampleHost:
    """The host's answers."""
    host = Gateway(projects)
    return SampleHost([web.get("/gtr/api/projects", host.search), web.get("/gtr/api/{kind}/{id}", host.one)])


class Gateway:
    """The handlers."""

    def __init__(self, projects: Sequence[SampleProject]) -> None:
        self._projects = projects
        self._records: dict[tuple[str, str], dict[str, Any]] = {}
        for project in projects:
            self._records["projects", project.id] = _project(project)
            for place, number in enumerate(project.fund_ids):
                self._records["funds", number] = _fund(project, place)

    async def search(self, request: web.Request) -> web.Response:
        """A page of the projects in whose title or abstract every phrase or word stands."""
        asked = re.findall(r'"([^"]+)"|(\S+)', request.query.get("q", "").lower())
        found = [
            project
            for project in self._projects
            if all((phrase or word) in f"{project.title} {project.abstract}".lower() for phrase, word in asked)
        ]
        size, page = whole_number(request.query.get("s"), DEFAULT_SIZE), whole_number(request.query.get("p"), 1)
        if not LEAST <= size <= MOST or page < 1:
            return json_answer({"status": 400, "error": "Bad Request", "message": "s is from 10 to 100"}, status=400)
        answer: dict[str, Any] = {
            "links": {"link": []},
            "ext": None,
            "page": page,
            "size": size,
            "totalPages": -(-len(found) // size),
            "totalSize": len(found),
            "project": [_project(one) for one in found[(page - 1) * size : page * size]],
        }
        return _in_the_form_asked(request, answer)

    async def one(self, request: web.Request) -> web.Response:
        """One project or fund."""
        record = self._records.get((request.match_info["kind"], request.match_info["id"].upper()))
        if record is None:
            return json_answer({"status": 404, "error": "Not Found", "message": "No such record"}, status=404)
        return _in_the_form_asked(request, record)


def _in_the_form_asked(request: web.Request, answer: dict[str, Any]) -> web.Response:
    asked = request.headers.get("Accept", "")
    if "json" not in asked:
        return text_answer(OLDEST, content_type="application/xml")
    return json_answer(answer, content_type=asked.split(",")[0].strip())


def _milliseconds(day: date) -> int:
    return int(datetime.combine(day, time(), LONDON).timestamp() * 1000)


def _record(kind: str, number: str, links: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "links": {"link": links},
        "ext": None,
        "id": number,
        "href": f"{ADDRESS}/{kind}/{number}",
        "created": int(TAKEN_IN.timestamp() * 1000),
    }


def _link(rel: str, kind: str, number: str, **days: int) -> dict[str, Any]:
    return {"href": f"{ADDRESS}/{kind}/{number}", "rel": rel, **days, "otherAttributes": {}}


def _project(project: SampleProject) -> dict[str, Any]:
    days = {"start": _milliseconds(project.start), "end": _milliseconds(project.end)}
    links = [
        _link("PI_PER", "persons", made_id(f"person {project.reference}")),
        _link("LEAD_ORG", "organisations", made_id(f"organisation {project.funder}")),
        *(_link("FUND", "funds", number, **days) for number in project.fund_ids),
    ]
    return {
        **_record("projects", project.id, links),
        "identifiers": {"identifier": [{"value": project.reference, "type": "RCUK"}]},
        "title": project.title,
        "status": "Active" if project.end > TAKEN_IN.date() else "Closed",
        "grantCategory": project.category,
        "leadFunder": project.funder,
        "leadOrganisationDepartment": "Sample department",
        "abstractText": project.abstract,
        "healthCategories": {"healthCategory": []},
        "researchActivities": {"researchActivity": []},
        "researchSubjects": {"researchSubject": []},
        "researchTopics": {"researchTopic": [{"id": made_id("topic"), "text": "Unclassified"}]},
        "rcukProgrammes": {"rcukProgramme": []},
    }


def _fund(project: SampleProject, place: int) -> dict[str, Any]:
    return {
        **_record("funds", project.fund_ids[place], [_link("FUNDED", "projects", project.id)]),
        "start": _milliseconds(project.start),
        "end": _milliseconds(project.end),
        "valuePounds": {"currencyCode": "GBP", "amount": project.amounts[place]},
        "category": "INCOME_ACTUAL",
    }
