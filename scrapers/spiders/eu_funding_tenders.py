"""EU Funding & Tenders: forthcoming and open calls for proposals, from the search service of the portal.

Reads its answers for topics, calls and cascade calls. Does not read tenders, projects, the files of single topics or
facets, and does not judge relevance.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from scrapy.http import Request, Response

from scrapers.contracts import (
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    Refusal,
    StatedAmount,
    StatedRelation,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.dates import iso_day
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.money import amount
from scrapers.families.records import (
    Record,
    identifiers,
    mapping,
    numbered,
    read_records,
    refuse_foreign,
    stated,
    substance,
    unordered,
)
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.windows import require_whole
from scrapers.families.wording import hash_of
from scrapers.registry import source
from scrapers.runtime.book import Exchange
from scrapers.runtime.spider import SourceSpider, exchange_of

SLUG = "eu_funding_tenders"
PARSER_VERSION = "eu_funding_tenders/8"
API = "https://api.tech.ec.europa.eu/search-api/prod/rest/search?apiKey=SEDIA&text=***"
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details"
PAGE_SIZE = 100
BOUNDARY = "aipolicy-form-of-fixed-boundary"
KNOWN = source(SLUG).known_fields
OWN_ENVELOPE = ("apiVersion", "totalResults", "terms")
"""What an answer of this search says of itself, also one without results."""
TYPES = {"1": "topic", "2": "call for proposals", "8": "cascade funding call", "0": "tender"}
ASKED_TYPES = ("1", "2", "8")
STATUSES = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}
ASKED_STATUSES = ("31094501", "31094502")
WITHOUT_ORDER = frozenset(("keywords", "tags"))
CONTRIBUTIONS = {"minContribution": "low", "maxContribution": "high"}
_Read = TypeVar("_Read")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a page of results.

    Raises UpstreamError for errors told inside an answer; NotADocument for facets, files of single topics, questions
    and schemas; UnknownShape otherwise.
    """
    value = mapping(read_json(body), "/")
    if is_json_schema(value):
        raise NotADocument("expected results of a search, got a description of the API")
    if "results" in value:
        results = numbered("/results", value["results"] or [])
        if value["results"] is None and value.get("totalResults"):
            raise UnknownShape(f"the answer counts {value['totalResults']} records but holds no results")
        if not results and value.keys().isdisjoint(OWN_ENVELOPE):
            raise NotADocument(f"expected results of the portal's search, got keys {sorted(value)[:8]}")
        refuse_foreign(results, ("metadata", "reference"), "records of calls")
        return read_records(SLUG, results, parse_result, count=value.get("totalResults"))
    if "facets" in value or _holds_facets(value):
        raise NotADocument("expected results of a search, got facets")
    if "TopicDetails" in value or "bool" in value:
        raise NotADocument("expected results of a search, got a topic's own file or a question")
    reported = next(
        (value[name] for name in ("message", "error", "errors", "fault", "detail") if value.get(name)), None
    )
    if reported:
        raise UpstreamError(f"the API reports: {str(reported)[:300]}")
    raise UnknownShape(f"expected results, got keys {sorted(value)[:8]}")


def _holds_facets(value: dict[str, Any]) -> bool:
    entries = [entry for inner in value.values() if isinstance(inner, list) for entry in inner]
    return bool(entries) and all(isinstance(entry, dict) and "rawValue" in entry for entry in entries)


def parse_result(record: Record) -> PolicyDocument:
    """Read one record of a call.

    Raises UnknownShape without an identifier and a reference, and where the metadata are no object.
    """
    hashed, flags = _hash(record), set[str]()
    if not record.get("metadata"):
        raise UnknownShape(f"expected metadata of {record.get('reference')}, got a record of {sorted(record)[:8]}")
    said = record.block("metadata")
    reference = record.read("reference", _named)
    code, status = _take_first(said, "type", as_text), STATUSES.get(_first(said, "status", as_text) or "")
    identifier, call = _first(said, "identifier", _named), _take_first(said, "callIdentifier", _named)
    is_topic = bool(identifier) and code in (None, "1")
    native_id = identifier if is_topic else reference or identifier
    if native_id is None:
        raise UnknownShape("expected an identifier or a reference of a call, got neither")
    opens = _first(said, "startDate", _day)
    deadlines = sorted(set(_all(said, "deadlineDate", _day)))
    language = (record.text("language") or _first(said, "language", _named) or "en").lower()
    is_translated = is_topic and language != "en"
    document = PolicyDocument(
        source_id=SLUG,
        document_id=f"eu-funding:{native_id}:{language}" if is_translated else f"eu-funding:{native_id}",
        native_id=native_id,
        url=f"{PORTAL}/{quote(native_id, safe='')}" if is_topic else _address(record, said),
        title=one_line(_take_first(said, "title", as_text) or record.text("summary"), flags),
        body=html_to_text(_take_first(said, "descriptionByte", as_text), flags),
        language=language,
        document_type=TYPES.get(code or "1", code),
        document_subtype=status,
        action=_first(said, "typesOfAction", _one_line),
        publishers=(Organisation(name=_first(said, "caName", _named) or "European Commission"),),
        identifiers=identifiers(
            ("eu_topic" if is_topic else "eu_funding_reference", native_id),
            ("eu_call", call),
        ),
        published_date=opens if status in ("open", "closed") else None,
        closes_date=_closes(said, deadlines),
        closes_dates=tuple(deadlines) if len(deadlines) > 1 else (),
        relations=_topic_of(identifier) if identifier and code == "8" else (),
        amounts=tuple(_amounts(said, identifier)),
        subjects=tuple(dict.fromkeys((*said.texts("keywords"), *said.texts("tags")))),
        text_flags=tuple(sorted(flags | record.flags)),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )
    left = stated({**record.left(), "metadata": said.left()})
    strange = (f"metadata/{name}" for name in said.unknown(KNOWN["metadata"]))
    return document.model_copy(
        update={"source_fields": left, "unread_fields": (*record.unknown(KNOWN["result"]), *strange)}
    )


def _closes(said: Record, deadlines: list[date]) -> date | None:
    """The last deadline; of a call in two stages the first, after which nobody may enter it."""
    is_staged = "two-stage" in _all(said, "deadlineModel", as_text)
    return min(deadlines, default=None) if is_staged else max(deadlines, default=None)


def _all(said: Record, name: str, reader: Callable[[Any], _Read]) -> list[_Read]:
    """What is read of each text of a list, which stays; one that cannot be read costs no other."""
    values = said.get(name)
    found = []
    for value in values if isinstance(values, list) else [values]:
        if value is None or value == "":
            continue
        read = said.attempt(name, partial(reader, value))
        if read is not None:
            found.append(read)
    return found


def _first(said: Record, name: str, reader: Callable[[Any], _Read]) -> _Read | None:
    return next(iter(_all(said, name, reader)), None)


def _take_first(said: Record, name: str, reader: Callable[[Any], _Read]) -> _Read | None:
    """The text of a list of one, which is taken out; a longer list stays."""
    found = _all(said, name, reader)
    if len(found) == 1 and said.get(name) in ([found[0]], found[0]):
        del said[name]
    return next(iter(found), None)


def _named(value: object) -> str:
    """A name or an id: text that says something."""
    name = as_text(value).strip()
    if not name or not name.isprintable():
        raise ValueError(f"expected a name, got {name[:40]!r}")
    return name


def _one_line(value: object) -> str | None:
    return one_line(as_text(value), set())


def _day(value: object) -> date:
    """The day of "2026-07-01T00:00:00.000+0000" as written."""
    day, mark, rest = as_text(value).partition("T")
    if mark and not rest[:2].isdigit():
        raise ValueError(f"expected an instant, got {as_text(value)[:40]!r}")
    return iso_day(day)


def _address(record: Record, said: Record) -> str | None:
    return _first(said, "url", web_address) or record.read("url", web_address)


def _topic_of(identifier: str) -> tuple[StatedRelation, ...]:
    """The topic whose project gives the money of a cascade call."""
    target = Identifier(scheme="eu_topic", value=identifier)
    return (StatedRelation(relation="related", target=target, field="identifier", quote=identifier),)


def _amounts(said: Record, identifier: str | None) -> Iterator[StatedAmount]:
    """Money of the topic by year, what a project may ask for, and the budget of a call that states one."""
    lines = said.attempt("budgetOverview", lambda: _lines(said, identifier)) or []
    for line in lines:
        for year, value in (line.get("budgetYearMap") or {}).items():
            if money := said.attempt("budgetOverview", partial(amount, value)):
                yield _stated("available", f"budgetOverview/budgetYearMap/{year}", value, low=money, high=money)
        for name, end in CONTRIBUTIONS.items():
            value = line.get(name)
            if value and (money := said.attempt("budgetOverview", partial(amount, value))):
                low, high = (money if end == one else None for one in ("low", "high"))
                yield _stated("threshold", f"budgetOverview/{name}", value, low=low, high=high)
    currency = _first(said, "currency", as_text)
    for money in _all(said, "budget", amount):
        if money:
            yield _stated("available", "budget", str(said["budget"]), low=money, high=money, currency=currency)


def _stated(
    kind: str, field: str, raw: object, *, low: Decimal | None, high: Decimal | None, currency: str | None = "EUR"
) -> StatedAmount:
    return StatedAmount(kind=kind, low=low, high=high, currency=currency, raw=str(raw), field=field)


def _lines(said: Record, identifier: str | None) -> list[dict[str, Any]]:
    """The lines of the budget that name the topic, or the only one there is."""
    written = _first(said, "budgetOverview", as_text)
    if not written:
        return []
    try:
        overview = mapping(read_json(written.encode()), "budgetOverview")
    except Refusal as refusal:
        raise UnknownShape(f"expected JSON in a text: {refusal}") from refusal
    actions = mapping(overview.get("budgetTopicActionMap"), "budgetTopicActionMap")
    lines = [mapping(line, "budgetTopicActionMap") for found in actions.values() for line in found or ()]
    named = [line for line in lines if identifier and _names(line.get("action"), identifier)]
    chosen = named or (lines if len(lines) == 1 else [])
    if any(not isinstance(line.get("budgetYearMap") or {}, dict) for line in chosen):
        raise UnknownShape("expected money by year, got another shape")
    return chosen


def _names(action: object, identifier: str) -> bool:
    """Whether a line begins with the identifier, and not with a longer one."""
    return isinstance(action, str) and action.split(" ", 1)[0].casefold() == identifier.casefold()


def _hash(record: Record) -> str:
    said = mapping(record.get("metadata"), "metadata")
    housekeeping = KNOWN["result"].housekeeping + KNOWN["metadata"].housekeeping
    return hash_of(unordered(substance({**record, "metadata": said}, housekeeping), WITHOUT_ORDER))


class EuFundingTendersSpider(SourceSpider):
    """Pages through all that is forthcoming and open; the list holds all there is of a call.

    A topic may have several records, in no certain order: the one of the last reference is landed, when all are seen.
    """

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: dict[str, tuple[PolicyDocument, Exchange]] = {}

    async def start(self) -> AsyncIterator[Request]:
        """The first page."""
        yield self._ask_page(1, 0)

    def read_page(self, response: Response, page: int, before: int) -> Iterator[Request]:
        """Hold a page and ask for the next, until as many records were seen as the source counts; then land all."""
        answer = parse_answer(response.body)
        if answer.official_count is None:
            raise UnknownShape("expected totalResults beside results, got none; the end of the list is not known")
        require_whole(self.book.official_total, answer.official_count, "records")
        self.book.official_total = answer.official_count
        self.keep(answer.model_copy(update={"documents": ()}), response)
        for document in answer.documents:
            held = self._held.get(document.document_id)
            if held is None or _reference(held[0]) < _reference(document):
                self._held[document.document_id] = (document, exchange_of(response.request))
        seen = before + answer.record_count
        if seen < answer.official_count:
            if not answer.record_count:
                raise UnknownShape(f"expected {answer.official_count} records, got {seen} before the list ended")
            yield self._ask_page(page + 1, seen)
            return
        for document, exchange in self._held.values():
            self.is_candidate(document.title, document.body)
            self.land(document, exchange)

    def _ask_page(self, page: int, before: int) -> Request:
        return self.ask(
            f"{API}&pageSize={PAGE_SIZE}&pageNumber={page}",
            lambda response: self.read_page(response, page, before),
            purpose="listing",
            body=form(),
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        )


def _reference(document: PolicyDocument) -> str:
    return str(document.source_fields.get("reference") or "")


def form() -> bytes:
    """The question as the portal itself asks it: parts of JSON, sorted by what is the same on every page."""
    terms = [{"terms": {"type": ASKED_TYPES}}, {"terms": {"status": ASKED_STATUSES}}]
    parts = {
        "query": {"bool": {"must": terms}},
        "languages": ["en"],
        "sort": {"field": "identifier", "order": "ASC"},
    }
    written = b"".join(
        b"--%b\r\n" % BOUNDARY.encode()
        + f'Content-Disposition: form-data; name="{name}"; filename="blob"\r\n'.encode()
        + b"Content-Type: application/json\r\n\r\n%b\r\n" % orjson.dumps(part)
        for name, part in parts.items()
    )
    return written + b"--%b--\r\n" % BOUNDARY.encode()
