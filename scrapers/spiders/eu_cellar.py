"""Cellar: acts and preparatory documents of the European Union, listed with SPARQL, texts by their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from scrapers.contracts import (
    Depth,
    NotADocument,
    ParsedAnswer,
    PolicyDocument,
    UnknownShape,
    UpstreamError,
    Window,
)
from scrapers.families import eu_identifiers as eu
from scrapers.families.dates import iso_day
from scrapers.families.eu_formex import is_formex, read_formex
from scrapers.families.eu_notices import read_envelope, read_notice
from scrapers.families.eu_pages import FIRST_PAGE_CHARS, read_page
from scrapers.families.eu_sparql import from_xml, read_results, text_of
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.wording import hash_of
from scrapers.families.xml import read_xml, root_name, tag_of
from scrapers.registry import source
from scrapers.runtime.block_pages import looks_like_html
from scrapers.runtime.book import Exchange
from scrapers.runtime.spider import Callback, SourceSpider, exchange_of
from scrapers.runtime.told import EVERY_FIELD, Told

SLUG = "eu_cellar"
PARSER_VERSION = "eu_cellar/8"
"""Raised whenever the same bytes would be read differently."""
SPARQL = "https://publications.europa.eu/webapi/rdf/sparql"
RESULTS = "application/sparql-results+json"
PAGE_SIZE = 1_000
DAYS_A_QUERY = 28
_KNOWN = source(SLUG).known_fields
_PREFIXES = (
    "PREFIX cdm: <http://publications.europa.eu/ontology/cdm#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    "PREFIX purl: <http://purl.org/dc/elements/1.1/> "
)
_ENGLISH = "<http://publications.europa.eu/resource/authority/language/ENG>"
_OF_DAYS = """
  VALUES ?published {{ {days} }}
  {{ ?work cdm:official-journal-act_date_publication ?published }}
  UNION {{ ?work cdm:resource_legal_published_in_official-journal/cdm:publication_general_date_publication ?published }}
  UNION {{ ?work cdm:work_date_document ?published
    FILTER NOT EXISTS {{ ?work cdm:official-journal-act_date_publication ?later }}
    FILTER NOT EXISTS {{ ?work cdm:resource_legal_published_in_official-journal ?issue }} }}
  ?work cdm:resource_legal_id_celex ?celex
  FILTER(REGEX(STR(?celex), "^[235]"))
"""
"""Agreements, legislation and preparatory documents by days of publication, or their own where there is none."""
_COUNT = (
    _PREFIXES
    + "SELECT ?published (COUNT(DISTINCT STR(?celex)) AS ?count) WHERE {{"
    + _OF_DAYS
    + "}} GROUP BY ?published ORDER BY ?published"
)
_LIST = (
    _PREFIXES
    + "SELECT DISTINCT ?celex ?work ?type ?title ?date ?published ?eli WHERE {{"
    + _OF_DAYS
    + f"""
  OPTIONAL {{{{ ?work cdm:work_has_resource-type ?type }}}}
  OPTIONAL {{{{ ?work cdm:work_date_document ?date }}}}
  OPTIONAL {{{{ ?work cdm:resource_legal_eli ?eli }}}}
  OPTIONAL {{{{ ?expr cdm:expression_belongs_to_work ?work ; cdm:expression_uses_language {_ENGLISH} ;
    cdm:expression_title ?title }}}}
}}}} ORDER BY ?celex ?work ?published ?type ?eli ?title LIMIT {{size}} OFFSET {{start}}"""
)
_ABOUT = (
    _PREFIXES
    + """SELECT DISTINCT ?celex ?force ?author ?relation ?framework_celex WHERE {{
  VALUES ?celex {{ "{celex}"^^xsd:string }}
  ?work cdm:resource_legal_id_celex ?celex
  {{ ?work cdm:resource_legal_date_entry-into-force ?force }}
  UNION {{ ?work cdm:work_created_by_agent ?author }}
  UNION {{ ?work cdm:resource_legal_amends_resource_legal/cdm:resource_legal_id_celex ?framework_celex
    BIND("amends" AS ?relation) }}
  UNION {{ ?work cdm:resource_legal_repeals_resource_legal/cdm:resource_legal_id_celex ?framework_celex
    BIND("repeals" AS ?relation) }}
  UNION {{ ?work cdm:resource_legal_corrects_resource_legal/cdm:resource_legal_id_celex ?framework_celex
    BIND("corrects" AS ?relation) }}
  UNION {{ ?work cdm:resource_legal_based_on_resource_legal/cdm:resource_legal_id_celex ?framework_celex
    BIND("based_on" AS ?relation) }}
  UNION {{ ?work cdm:resource_legal_adopts_resource_legal/cdm:resource_legal_id_celex ?framework_celex
    BIND("adopts" AS ?relation) }}
}} ORDER BY ?force ?author ?relation ?framework_celex"""
)
_FILES = (
    _PREFIXES
    + f"""SELECT DISTINCT ?celex ?expr ?manif ?format ?item WHERE {{{{
  VALUES ?celex {{{{ "{{celex}}"^^xsd:string }}}}
  ?work cdm:resource_legal_id_celex ?celex .
  ?expr cdm:expression_belongs_to_work ?work ; cdm:expression_uses_language {_ENGLISH} .
  ?manif cdm:manifestation_manifests_expression ?expr ; cdm:manifestation_type ?format .
  ?item cdm:item_belongs_to_manifestation ?manif
}}}} ORDER BY ?manif ?item"""
)
TEXTS = ("application/xhtml+xml", "text/html", "application/xml")
"""Types of file that a text is read from, the best first."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer of the Cellar or of EUR-Lex's web service: results of queries, notices, Formex, pages.

    Raises UpstreamError for reported errors, NotADocument for schemas, questions and tables of contents, and
    UnknownShape for anything else.
    """
    begun = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begun.startswith(b"Virtuoso"):
        raise UpstreamError(f"the endpoint reports: {begun[:200].decode('utf-8', 'replace')}")
    if looks_like_html(body):
        return read_page(SLUG, body, PARSER_VERSION)
    if not begun.startswith(b"<"):
        return _read_json(body)
    root_name(body)
    answer = read_xml(body)
    name = tag_of(answer.root).rsplit("}", 1)[-1]
    if name == "NOTICE":
        return read_notice(SLUG, answer.root, _KNOWN["notice"], PARSER_VERSION)
    if name == "Envelope":
        return read_envelope(SLUG, answer.root, _KNOWN["notice"], PARSER_VERSION)
    if name == "sparql":
        return read_results(SLUG, from_xml(answer.root), _KNOWN["binding"].names, PARSER_VERSION)
    if name == "html":
        return read_page(SLUG, body, PARSER_VERSION)
    if name == "schema":
        raise NotADocument("a schema, not data")
    if is_formex(answer.root):
        return read_formex(SLUG, answer, _KNOWN["formex"].names, PARSER_VERSION)
    raise UnknownShape(f"expected results, a notice, Formex or a page, got XML whose root is {name}")


def parse_counts(body: bytes) -> dict[date, int]:
    """Read how many documents each day holds; days without any are absent.

    Raises the errors of `parse_answer`, and UnknownShape for other results.
    """
    parse_answer(body)
    counts: dict[date, int] = {}
    for row in read_json(body)["results"]["bindings"]:
        day, count = (text_of(row, name) for name in ("published", "count"))
        if not (day and count and count.isascii() and count.isdigit() and len(count) < 19):
            raise UnknownShape(f"expected a day and a count, got {str(row)[:80]}")
        counts[iso_day(day[:10])] = int(count)
    return counts


def days_listed(rows: list[Any]) -> dict[str, set[date]]:
    """The days of publication on which each CELEX number is listed."""
    days: dict[str, set[date]] = {}
    for row in rows:
        number, day = eu.celex(text_of(row, "celex") or ""), text_of(row, "published")
        if number and day:
            days.setdefault(number, set()).add(iso_day(day[:10]))
    return days


def _read_json(body: bytes) -> ParsedAnswer:
    value = read_json(body)
    if is_json_schema(value):
        raise NotADocument("a schema, not data")
    if not isinstance(value, dict):
        raise UnknownShape(f"expected an object with results, got a {type(value).__name__}")
    if reported := next((value[name] for name in ("error", "message") if value.get(name)), None):
        raise UpstreamError(f"the service reports: {str(reported)[:400]}")
    return read_results(SLUG, value, _KNOWN["binding"].names, PARSER_VERSION)


@dataclass(frozen=True)
class Page:
    """A page of a list: its rows, and the answer that held them."""

    rows: list[Any]
    exchange: Exchange


class EuCellarSpider(SourceSpider):
    """Asks for the counts of days and for what they hold; for candidates by title, what else is known, and the text."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._counted: Counter[date] = Counter()

    async def start(self) -> AsyncIterator[Request]:
        """The counts of some days of the window at a time, and the first page of what they hold."""
        for span in self.window.cut(DAYS_A_QUERY):
            yield self._ask_counts(span)
            yield self._ask_list(span, 0, [])

    def read_counts(self, response: Response, span: Window) -> None:
        """Note how many documents the source counts on each day."""
        counts = parse_counts(response.body)
        for day in span.days():
            self._count(day, counts.get(day, 0))

    def read_list(self, response: Response, span: Window, start: int, earlier: list[Page]) -> Iterator[Request]:
        """Gather the pages of a list, whose rows may part one document; land them when the last page is there."""
        parse_answer(response.body)
        value = read_json(response.body)
        rows = value["results"]["bindings"]
        pages = [*earlier, Page(rows, exchange_of(response.request))]
        if len(rows) >= PAGE_SIZE:
            if earlier and rows[:1] == earlier[-1].rows[:1]:
                raise UnknownShape(
                    f"expected new rows of {span.since} to {span.until} after {start}, got the same ones; "
                    "paging would not end"
                )
            yield self._ask_list(span, start + len(rows), pages)
            return
        gathered = [row for page in pages for row in page.rows]
        answer = _read_rows(value, gathered)
        self._discount(answer.documents, gathered)
        self.keep(answer.model_copy(update={"documents": ()}), response)
        exchanges = {page.exchange.fetch_id: page.exchange for page in pages}
        told = _told_by(value, pages)
        for one in answer.documents:
            known = told.get(one.document_id) or self.so_far(one)
            if self.is_candidate(one.title):
                yield self._ask_about(one, known)
            else:
                self.land(one, exchanges[known.fetch_id], joined=EVERY_FIELD, told=known)

    def read_about(self, response: Response, hit: PolicyDocument) -> Iterator[Request]:
        """Join what else is known of a document, and ask for its files."""
        for more in _same(parse_answer(response.body), hit):
            hit = _joined(
                hit,
                more,
                effective_date=more.effective_date,
                publishers=more.publishers,
                relations=tuple(dict.fromkeys((*hit.relations, *more.relations))),
                text_flags=tuple(sorted({*hit.text_flags, *more.text_flags})),
            )
        yield self._query(
            _FILES.format(celex=hit.native_id),
            lambda response: self.read_files(response, hit),
            "document",
            hit,
            self.so_far(hit),
        )

    def read_files(self, response: Response, hit: PolicyDocument) -> Iterator[Request]:
        """Ask for the text in its best form; land the document without one when there is none."""
        for more in _same(parse_answer(response.body), hit):
            hit = _joined(hit, more, attachments=more.attachments)
        best = [[one.url for one in hit.attachments if one.content_type == kind] for kind in TEXTS]
        addresses = next(filter(None, best), [])
        if not addresses:
            self.land(hit, exchange_of(response.request), joined=EVERY_FIELD)
            return
        yield self._ask_text(hit, addresses, (), self.so_far(hit))

    def read_text(
        self, response: Response, hit: PolicyDocument, left: list[str], read: tuple[PolicyDocument, ...]
    ) -> Iterator[Request]:
        """Read one file of a text, then the next; land the document with all of them. Tables of contents hold none."""
        read = (*read, *_texts(response.body))
        body = "\n".join(one.body for one in read if one.body)
        if left:
            yield self._ask_text(hit, left, read, self.so_far(hit.model_copy(update={"body": body or None})))
            return
        _require_text_of(hit, read)
        update = {"depth": Depth.FULL, "body": body, "content_sha256": hash_of([hit.content_sha256, body])}
        self.land(hit.model_copy(update=update), exchange_of(response.request), joined=EVERY_FIELD)

    def _discount(self, documents: Sequence[PolicyDocument], rows: list[Any]) -> None:
        """Take what is listed on several days of the window out of the counts of all but one of them."""
        listed = days_listed(rows)
        for one in documents:
            is_again = one.document_id in self._listed
            self._listed.add(one.document_id)
            for day in listed.get(one.native_id, ()):
                if is_again or day != one.published_date:
                    self._count(day, -1)

    def _count(self, day: date, more: int) -> None:
        """Hold a day to what the source counts, without what another day of the window has already listed."""
        self._counted[day] += more
        self.book.official_day(day, self._counted[day])

    def _ask_text(
        self, hit: PolicyDocument, addresses: list[str], read: tuple[PolicyDocument, ...], told: Told
    ) -> Request:
        return self.ask(
            addresses[0].replace("http://publications.europa.eu/", "https://publications.europa.eu/", 1),
            lambda response: self.read_text(response, hit, addresses[1:], read),
            purpose="document",
            fallback=hit,
            told=told,
        )

    def _ask_counts(self, span: Window) -> Request:
        return self._query(_COUNT.format(days=_dates(span)), lambda response: self.read_counts(response, span), "count")

    def _ask_about(self, hit: PolicyDocument, told: Told) -> Request:
        query = _ABOUT.format(celex=hit.native_id)
        return self._query(query, lambda response: self.read_about(response, hit), "document", hit, told)

    def _ask_list(self, span: Window, start: int, earlier: list[Page]) -> Request:
        query = _LIST.format(days=_dates(span), size=PAGE_SIZE, start=start)
        return self._query(query, lambda response: self.read_list(response, span, start, earlier), "listing")

    def _query(
        self,
        query: str,
        callback: Callback,
        purpose: str,
        fallback: PolicyDocument | None = None,
        told: Told | None = None,
    ) -> Request:
        asked = urlencode({"query": " ".join(query.split()), "format": RESULTS})
        return self.ask(f"{SPARQL}?{asked}", callback, purpose=purpose, fallback=fallback, told=told)


def _read_rows(value: dict[str, Any], rows: list[Any]) -> ParsedAnswer:
    """Read rows as if the answer held them and no others."""
    whole = {**value, "results": {**value["results"], "bindings": rows}}
    return read_results(SLUG, whole, _KNOWN["binding"].names, PARSER_VERSION)


def _told_by(value: dict[str, Any], pages: list[Page]) -> dict[str, Told]:
    """What each page of a list tells of a document, whose rows may lie on two."""
    told: dict[str, Told] = {}
    for page in pages:
        for one in _read_rows(value, page.rows).documents:
            told[one.document_id] = Told(one, page.exchange.fetch_id, told.get(one.document_id))
    return told


def _dates(span: Window) -> str:
    return " ".join(f'"{day}"^^xsd:date' for day in span.days())


def _same(answer: ParsedAnswer, hit: PolicyDocument) -> Iterator[PolicyDocument]:
    """What an answer says of a document; raises UnknownShape when it speaks of another."""
    for one in answer.documents:
        if eu.document_id(one.identifiers) != hit.document_id:
            raise UnknownShape(f"asked for {hit.native_id}, got {one.native_id}")
        yield one


def _texts(body: bytes) -> tuple[PolicyDocument, ...]:
    """What a file of a text holds; a page that is no text is refused, lest a part of an act be taken for the whole."""
    try:
        return parse_answer(body).documents
    except NotADocument:
        if looks_like_html(body):
            raise
        return ()


def _require_text_of(hit: PolicyDocument, read: tuple[PolicyDocument, ...]) -> None:
    """Raise UnknownShape unless files hold a text, none is of another act, and one names the act that was asked for."""
    if not any(one.body for one in read):
        raise UnknownShape(f"expected the text of {hit.native_id} in its files, got none")
    own_schemes = {one.scheme for one in hit.identifiers} & {eu.CELEX, eu.ELI, eu.COMMISSION}
    for one in (identifier for text in read for identifier in text.identifiers):
        if one.scheme in own_schemes and one not in hit.identifiers:
            raise UnknownShape(f"asked for the text of {hit.native_id}, got that of {one.value}")
    heads = (f"{one.title} {(one.body or '')[:FIRST_PAGE_CHARS]} {one.source_fields}" for one in read)
    if not any(eu.is_named_in(hit.native_id, head) for head in heads):
        raise UnknownShape(f"asked for the text of {hit.native_id}, got one that does not name it: {read[0].title}")


def _joined(hit: PolicyDocument, more: PolicyDocument, **update: Any) -> PolicyDocument:
    return hit.model_copy(
        update={
            **update,
            "source_fields": {**more.source_fields, **hit.source_fields},
            "content_sha256": hash_of([hit.content_sha256, more.content_sha256]),
        }
    )
