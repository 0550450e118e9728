"""www.gov.uk as its search API and its content API answer.

Search is strict: a parameter or field it does not know is HTTP 422. The content API shows withdrawn pages without a
mark in their title, redirects as items, and pages that are gone as HTTP 410.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from aiohttp import web

from scrapers.samples.answers import json_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import SAMPLE_NOTE
from scrapers.samples.uk_govuk.index import GovukIndex
from scrapers.samples.uk_govuk.records import GovukItem

HOST = "www.gov.uk"
SITE = f"https://{HOST}"
DEFAULT_COUNT = 10
MAX_COUNT = 1_500
SHORT_FIELDS = (
    "title",
    "link",
    "description",
    "public_timestamp",
    "format",
    "content_store_document_type",
    "organisations",
)
FIELDS = frozenset(
    (*SHORT_FIELDS, "acronym", "child_organisations", "content_id", "content_purpose_document_supertype",
     "content_purpose_subgroup", "content_purpose_supergroup", "display_type", "document_collections",
     "document_series", "email_document_supertype", "expanded_organisations", "first_published_at",
     "government_document_supertype", "government_name", "indexable_content", "is_historic", "is_withdrawn",
     "latest_change_note", "logo_formatted_title", "navigation_document_supertype", "organisation_brand",
     "organisation_closed_state", "organisation_content_ids", "organisation_crest", "organisation_state",
     "organisation_type", "parent_organisations", "part_of_taxonomy_tree", "people", "policies", "policy_areas",
     "popularity", "primary_publishing_organisation", "publishing_app", "release_timestamp", "rendering_app",
     "role_appointments", "search_format_types", "slug", "superseded_organisations", "superseding_organisations",
     "taxons", "topical_events", "updated_at", "user_journey_document_supertype", "view_count", "world_locations")
)  # fmt: skip
PARAMETERS = frozenset(("q", "count", "start", "order", "fields", "suggest", "debug", "ab_tests", "cluster"))
FILTERS = frozenset(
    ("public_timestamp", "content_store_document_type", "organisations", "format", "content_id", "link")
)
ORDERS = ("-public_timestamp", "public_timestamp")
ROBOTS = "User-agent: *\nDisallow: /*/print$\nDisallow: /info/*\nDisallow: /search/all*\n"
_RANGE = re.compile(r"(?:from:(\d{4}-\d{2}-\d{2}))?,?(?:to:(\d{4}-\d{2}-\d{2}))?")
_NOT_FOUND = {"error": {"code": 404, "message": "Not found"}}


class Unprocessable(Exception):
    """A question that search refuses with HTTP 422."""


def sample_host(index: GovukIndex) -> SampleHost:
    """The host's answers and rules."""
    host = GovUk(index)
    routes = [web.get("/api/search.json", host.search), web.get("/api/content{path:/.*}", host.content)]
    return SampleHost(routes, ROBOTS)


class GovUk:
    """The handlers."""

    def __init__(self, index: GovukIndex) -> None:
        self._index = index
        self._requests = itertools.count(1)
        listed = [item for item in index.items.values() if item.is_listed]
        self._newest_first = sorted(listed, key=lambda item: (instant(item), item.base_path), reverse=True)

    async def search(self, request: web.Request) -> web.Response:
        """A page of search results."""
        try:
            fields = _fields(request)
            count, start = _number(request, "count", DEFAULT_COUNT), _number(request, "start", 0)
            if count > MAX_COUNT:
                raise Unprocessable(f"Maximum result set size is {MAX_COUNT}")
            matches = _matcher(request)
            order = request.query.get("order")
            if order is not None and order not in ORDERS:
                raise Unprocessable(f'"{order.lstrip("-")}" is not a valid sort field')
        except Unprocessable as error:
            return json_answer({"error": str(error)}, status=422)
        found = [item for item in self._newest_first if matches(item)]
        if order == "public_timestamp":
            found.reverse()
        answer = {
            "results": [self._hit(item, fields, is_ordered=order is not None) for item in found[start : start + count]],
            "total": len(found),
            "start": start,
            "aggregates": {},
            "suggested_queries": [],
            "suggested_autocomplete": [],
            "es_cluster": "A",
            "reranked": False,
        }
        return json_answer(answer)

    async def content(self, request: web.Request) -> web.Response:
        """One content item."""
        path = request.match_info["path"]
        item = self._index.items.get(path) or self._translation(path)
        if item is None:
            return json_answer(_NOT_FOUND, status=404)
        if item.is_restless:
            moved = datetime(2026, 10, 9, tzinfo=UTC).timestamp() + next(self._requests)
            item = replace(item, updated_at=f"{datetime.fromtimestamp(moved, UTC):%Y-%m-%dT%H:%M:%S}.000Z")
        return json_answer(self._item(item), status=410 if item.schema_name == "gone" else 200)

    def _translation(self, path: str) -> GovukItem | None:
        """The page in another language; the sample shows the same words under the other locale."""
        base, _, locale = path.rpartition(".")
        item = self._index.items.get(base)
        if item is None or locale not in item.translations:
            return None
        return replace(item, base_path=path, locale=locale, title=f"{item.title} [{locale}]")

    def _hit(self, item: GovukItem, fields: Iterable[str], *, is_ordered: bool) -> dict[str, Any]:
        hit = {
            "title": item.title or item.listed_title,
            "link": item.base_path,
            "description": item.description,
            "public_timestamp": f"{instant(item):%Y-%m-%dT%H:%M:%SZ}",
            "first_published_at": item.first_published_at,
            "format": item.schema_name,
            "content_store_document_type": item.document_type,
            "content_id": stable_uuid(_english(item)),
            "organisations": [self._organisation_in_search(slug) for slug in item.organisations],
            "organisation_content_ids": [
                stable_uuid(f"/government/organisations/{slug}") for slug in item.organisations
            ],
            "is_withdrawn": item.withdrawn_notice is not None,
        }
        return {
            **{name: hit[name] for name in fields if hit.get(name) is not None},
            "index": "government",
            "es_score": None if is_ordered else 1.0,
            "_id": item.base_path,
            "elasticsearch_type": "edition",
            "document_type": "edition",
        }

    def _organisation_in_search(self, slug: str) -> dict[str, Any]:
        known = self._index.organisations[slug]
        return {
            "organisation_type": known["organisation_type"],
            "organisation_state": "live",
            "acronym": known["acronym"],
            "content_id": stable_uuid(f"/government/organisations/{slug}"),
            "link": f"/government/organisations/{slug}",
            "title": known["title"],
            "slug": slug,
        }

    def _item(self, item: GovukItem) -> dict[str, Any]:
        if item.schema_name == "gone":
            return _gone(item)
        written: dict[str, Any] = {
            "analytics_identifier": None,
            "base_path": item.base_path,
            "content_id": None if item.schema_name == "redirect" else stable_uuid(_english(item)),
            "document_type": item.document_type,
            "first_published_at": item.first_published_at,
            "locale": item.locale,
            "phase": "live",
            "public_updated_at": item.public_updated_at,
            "publishing_app": "whitehall",
            "publishing_scheduled_at": None,
            "rendering_app": None if item.schema_name == "redirect" else "frontend",
            "scheduled_publishing_delay_seconds": None,
            "schema_name": item.schema_name,
            "title": item.title,
            "updated_at": item.updated_at,
            "withdrawn_notice": item.withdrawn_notice or {},
            "publishing_request_id": None,
            "links": {},
            "description": item.description,
            "details": {},
        }
        if item.schema_name == "redirect":
            return {**written, "redirects": list(item.redirects)}
        return {**written, "links": self._links(item), "details": _details(item)}

    def _links(self, item: GovukItem) -> dict[str, Any]:
        organisations = [self._organisation(slug) for slug in item.organisations]
        links: dict[str, Any] = {"organisations": organisations, "primary_publishing_organisation": organisations[:1]}
        if item.parent is not None:
            links["parent"] = [_link(self._index.items[item.parent])]
        children = [attachment["url"] for attachment in item.attachments if attachment["attachment_type"] == "html"]
        if children:
            links["children"] = [_link(self._index.items[path]) for path in children]
        others = [
            replace(item, base_path=f"{item.base_path}.{locale}", locale=locale)
            for locale in item.translations
            if item.locale == "en"
        ]
        links["available_translations"] = [_link(version) for version in (item, *others)]
        return links

    def _organisation(self, slug: str) -> dict[str, Any]:
        path = f"/government/organisations/{slug}"
        return {
            "content_id": stable_uuid(path),
            "title": self._index.organisations[slug]["title"],
            "locale": "en",
            "analytics_identifier": None,
            "api_path": f"/api/content{path}",
            "base_path": path,
            "document_type": "organisation",
            "schema_name": "organisation",
            "withdrawn": False,
            "details": {"acronym": self._index.organisations[slug]["acronym"]},
            "links": {},
            "api_url": f"{SITE}/api/content{path}",
            "web_url": f"{SITE}{path}",
        }


def stable_uuid(path: str) -> str:
    """A UUID that is the same for the same path on every machine."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SITE}{path}"))


def instant(item: GovukItem) -> datetime:
    """When the page last changed for its readers, in UTC, whatever notation it has."""
    text = item.public_updated_at or item.updated_at or ""
    if " " in text:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def _details(item: GovukItem) -> dict[str, Any]:
    paragraphs = list(item.body)
    if not any(text.startswith("Sample text") for text in paragraphs):
        paragraphs.append(SAMPLE_NOTE)
    details: dict[str, Any] = {
        "body": f'<div class="govspeak">{"".join(f"<p>{escape(text)}</p>" for text in paragraphs)}</div>',
        "first_public_at": item.first_published_at,
        "tags": {"browse_pages": []},
        "political": False,
        "emphasised_organisations": [
            stable_uuid(f"/government/organisations/{slug}") for slug in item.organisations[:1]
        ],
    }
    if item.change_history:
        details["change_history"] = list(item.change_history)
    if item.schema_name in ("publication", "consultation"):
        details["attachments"] = [_attachment(item, attachment) for attachment in item.attachments]
    if item.schema_name == "html_publication":
        details |= {"public_timestamp": item.public_updated_at, "first_published_version": not item.change_history}
    return {**details, **(item.details or {})}


def _attachment(item: GovukItem, attachment: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": attachment.get("filename") or attachment["url"].rsplit("/", 1)[-1],
        "command_paper_number": "",
        "hoc_paper_number": "",
        "isbn": "",
        "unique_reference": "",
        "unnumbered_command_paper": False,
        "unnumbered_hoc_paper": False,
        **attachment,
    }


def _link(item: GovukItem) -> dict[str, Any]:
    return {
        "title": item.title,
        **({} if item.description is None else {"description": item.description}),
        "public_updated_at": f"{instant(item):%Y-%m-%dT%H:%M:%SZ}",
        "document_type": item.document_type,
        "schema_name": item.schema_name,
        "base_path": item.base_path,
        "api_path": f"/api/content{item.base_path}",
        "withdrawn": item.withdrawn_notice is not None,
        "content_id": stable_uuid(_english(item)),
        "locale": item.locale,
        "api_url": f"{SITE}/api/content{item.base_path}",
        "web_url": f"{SITE}{item.base_path}",
        "links": {},
    }


def _english(item: GovukItem) -> str:
    """The path of the English version; the versions of a page share its content id."""
    return item.base_path if item.locale == "en" else item.base_path.removesuffix(f".{item.locale}")


def _gone(item: GovukItem) -> dict[str, Any]:
    return {
        "base_path": item.base_path,
        "content_id": None,
        "locale": item.locale,
        "document_type": "gone",
        "publishing_app": "whitehall",
        "schema_name": "gone",
        "title": None,
        "description": None,
        "public_updated_at": item.public_updated_at,
        "details": item.details or {},
        "links": {},
        "updated_at": item.updated_at,
    }


def _fields(request: web.Request) -> tuple[str, ...]:
    asked = [
        name
        for text in (*request.query.getall("fields", []), *request.query.getall("fields[]", []))
        for name in text.split(",")
    ]
    if unknown := [name for name in asked if name not in FIELDS]:
        quoted = ", ".join(f'"{name}"' for name in unknown)
        raise Unprocessable(f"Some requested fields are not valid return fields: [{quoted}]")
    return tuple(asked) or SHORT_FIELDS


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise Unprocessable(f'Invalid value "{text}" for parameter "{name}" (expected positive integer)')
    return int(text)


def _matcher(request: web.Request) -> Callable[[GovukItem], bool]:
    """One test for all filters of a question."""
    tests = []
    unknown = []
    for asked in dict.fromkeys(request.query):
        name = asked.removesuffix("[]")
        if name in PARAMETERS or name.startswith("aggregate_"):
            continue
        verb, _, field = name.partition("_")
        field = field.removeprefix("any_").removeprefix("all_")
        if verb not in ("filter", "reject") or field not in FILTERS:
            unknown.append(name)
            continue
        test = _filter(field, request.query.getall(asked))
        tests.append(test if verb == "filter" else _negated(test))
    if unknown:
        raise Unprocessable(f"Unexpected parameters: {', '.join(unknown)}")
    words = request.query.get("q", "").lower().replace('"', " ").split()

    def matches(item: GovukItem) -> bool:
        text = f"{item.title or item.listed_title} {item.description}".lower()
        return all(word in text for word in words) and all(test(item) for test in tests)

    return matches


def _negated(test: Callable[[GovukItem], bool]) -> Callable[[GovukItem], bool]:
    return lambda item: not test(item)


def _filter(field: str, values: list[str]) -> Callable[[GovukItem], bool]:
    if field == "public_timestamp":
        since, until = _range(values[-1])
        return lambda item: since <= instant(item).date() <= until
    wanted = set(values)
    found: dict[str, Callable[[GovukItem], set[str]]] = {
        "content_store_document_type": lambda item: {item.document_type},
        "organisations": lambda item: set(item.organisations),
        "format": lambda item: {item.schema_name},
        "content_id": lambda item: {stable_uuid(_english(item))},
        "link": lambda item: {item.base_path},
    }
    return lambda item: bool(wanted & found[field](item))


def _range(text: str) -> tuple[date, date]:
    match = _RANGE.fullmatch(text)
    if match is None or not any(match.groups()):
        raise Unprocessable(f'Invalid value "{text}" for parameter "public_timestamp" (expected ISO8601 date)')
    try:
        since, until = (date.fromisoformat(day) if day else None for day in match.groups())
    except ValueError as error:
        raise Unprocessable(
            f'Invalid value "{text}" for parameter "public_timestamp" (expected ISO8601 date)'
        ) from error
    return since or date.min, until or date.max
