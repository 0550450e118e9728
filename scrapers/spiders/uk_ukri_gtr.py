"""Research projects about artificial intelligence at the Gateway to Research, and the money they were awarded.

Reads projects and lists of projects of the GtR-2 API in JSON, and joins funds to a project. Does not read people,
organisations, outcomes, XML or the older GtR-1 API.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape, UpstreamError
from scrapers.families.gtr_projects import PARSER_VERSION, SLUG, fund_paths, parse_listed, parse_project
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import mapping, numbered, read_records
from scrapers.families.windows import require_progress, require_whole
from scrapers.runtime.spider import Callback, SourceSpider, exchange_of
from scrapers.runtime.told import EVERY_FIELD, Told

SITE = "https://gtr.ukri.org"
API = f"{SITE}/gtr/api/projects"
ACCEPT = "application/vnd.rcuk.gtr.json-v7"
PAGE_SIZE = 100
SEARCHED = '"artificial intelligence"'
LATE = timedelta(365)
"""How long after its first payment a project may be put on the Gateway."""
PROJECT = frozenset(("grantCategory", "leadFunder", "abstractText", "leadOrganisationDepartment"))
OTHER_LISTS = frozenset(("fund", "person", "organisation", "projectsBean", "projectOverview", "projectComposition"))


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a list of projects or one project.

    Raises UpstreamError for errors told inside an answer; NotADocument for funds, people, organisations, outcomes, the
    older API and XML; UnknownShape otherwise.
    """
    value = _answer(body)
    if isinstance(value.get("project"), list):
        return read_records(SLUG, numbered("/project", value["project"]), parse_listed, count=value.get("totalSize"))
    if "id" in value and "title" in value and PROJECT & set(value):
        return read_records(SLUG, {"": value}, parse_project)
    if OTHER_LISTS & set(value) or "href" in value or "totalSize" in value:
        raise NotADocument(f"expected projects, got another record of the Gateway with {sorted(value)[:8]}")
    raise UnknownShape(f"expected projects, got keys {sorted(value)[:8]}")


def parse_fund(body: bytes) -> dict[str, Any]:
    """Read one fund: what is paid, and when.

    Raises what `parse_answer` raises, and UnknownShape for anything else than a fund.
    """
    value = _answer(body)
    if "id" not in value or "valuePounds" not in value:
        raise UnknownShape(f"expected a fund with valuePounds, got keys {sorted(value)[:8]}")
    return value


def _answer(body: bytes) -> dict[str, Any]:
    value = mapping(read_json(body), "/")
    if is_json_schema(value):
        raise NotADocument("expected an answer of the Gateway, got a description of it")
    if "id" not in value and any(name in value for name in ("error", "errors", "message", "errorMessage")):
        said = value.get("message") or value.get("error") or value.get("errors") or value.get("errorMessage")
        raise UpstreamError(f"the Gateway reports: {str(said)[:200]}")
    return value


class UkUkriGtrSpider(SourceSpider):
    """Pages through all that the search finds, and asks for the money of what began to be paid lately."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the search."""
        yield self._ask_page(1)

    def read_page(self, response: Response, page: int) -> Iterator[Request]:
        """Land the projects of a page, ask for the money of some, then for the next page."""
        value = read_json(response.body)
        answer = parse_answer(response.body)
        if not answer.official_count or not answer.record_count:
            raise UnknownShape(f"expected projects, got {answer.record_count} of {answer.official_count}")
        require_whole(self.book.official_total, answer.official_count, "projects")
        self.book.official_total = answer.official_count
        new = {one.document_id: one for one in answer.documents if one.document_id not in self._listed}
        self._listed.update(new)
        raw = {str(one.get("id")).upper(): one for one in value["project"] if isinstance(one, dict)}
        paid = {name: one for name, one in new.items() if self._is_paid_lately(one)}
        left = tuple(one for name, one in new.items() if name not in paid)
        self.keep(answer.model_copy(update={"documents": left}), response)
        for one in paid.values():
            yield self._ask_fund(one, raw[one.native_id], fund_paths(one), [])
        if page * PAGE_SIZE < answer.official_count:
            require_progress(len(new), f"projects after page {page}")
            yield self._ask_page(page + 1)

    def read_fund(
        self, response: Response, listed: PolicyDocument, raw: dict[str, Any], paths: list[str], before: list[Any]
    ) -> Iterator[Request]:
        """Gather the funds of a project; land it with the last of them."""
        funds = [*before, parse_fund(response.body)]
        answer = read_records(SLUG, {"": {**raw, "funds": funds}}, parse_project)
        if paths:
            yield self._ask_fund(listed, raw, paths, funds, *map(self.so_far, answer.documents))
            return
        self.keep(answer, response, joined=EVERY_FIELD)
        if not answer.documents:
            self.land(listed, exchange_of(response.request))

    def _is_paid_lately(self, project: PolicyDocument) -> bool:
        start = project.effective_date
        is_late = start is None or start >= self.window.since - LATE
        return is_late and bool(fund_paths(project)) and self.is_candidate(project.title, project.abstract)

    def _ask_page(self, page: int) -> Request:
        asked = {"q": SEARCHED, "p": page, "s": PAGE_SIZE}
        return self._ask_json(f"{API}?{urlencode(asked)}", lambda response: self.read_page(response, page), "listing")

    def _ask_fund(
        self,
        listed: PolicyDocument,
        raw: dict[str, Any],
        paths: list[str],
        before: list[Any],
        told: Told | None = None,
    ) -> Request:
        first, *rest = paths
        return self._ask_json(
            f"{SITE}{first}",
            lambda response: self.read_fund(response, listed, raw, rest, before),
            "document",
            listed,
            told,
        )

    def _ask_json(
        self,
        url: str,
        callback: Callback,
        purpose: str,
        fallback: PolicyDocument | None = None,
        told: Told | None = None,
    ) -> Request:
        """A question that says which form of answer it wants; without that the Gateway answers in XML."""
        return self.ask(
            url,
            callback,
            purpose=purpose,
            headers={"Accept": ACCEPT},
            fallback=fallback,
            told=told,
        )
