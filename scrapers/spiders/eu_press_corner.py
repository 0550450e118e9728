"""European Commission Press Corner: documents of a window by the search, candidates in full by the documents API.

Reads both answers and the RSS feed. Does not split the daily news into its pieces, and does not open attachments.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo

from lxml import html as lxml_html
from scrapy.http import Request, Response

from scrapers.contracts import (
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    Translation,
    UnknownShape,
    UpstreamError,
    Window,
)
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.eu_identifiers import CELEX, ELI, eli
from scrapers.families.feed import (
    address_of,
    feed_instant,
    many,
    plain_title,
    read_feed,
    refuse_foreign_feed,
    text_part,
    with_flag,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import Record, numbered, read_records, unordered
from scrapers.families.text import as_text, clean, html_to_text, one_line
from scrapers.families.windows import months, require_progress, require_whole
from scrapers.families.wording import hash_of
from scrapers.registry import KnownFields, source
from scrapers.runtime.block_pages import looks_like_html
from scrapers.runtime.spider import SourceSpider, exchange_of

SLUG = "eu_press_corner"
PARSER_VERSION = "eu_press_corner/7"
"""Raised whenever the same bytes would be read differently."""
SITE = "https://ec.europa.eu/commission/presscorner"
CONFIG = source(SLUG)
KNOWN = CONFIG.known_fields
ZONE = ZoneInfo(CONFIG.time_zone)
PAGE_SIZE = 100
COMMISSION = Organisation(name=CONFIG.publisher.name)
OWN_TYPES = frozenset(rule.type for rule in CONFIG.instruments)
"""Types that the Commission itself publishes; the archive holds those of other institutions too."""
_REFERENCE = re.compile(r"[A-Z]+(?:/[A-Z0-9_-]+)+")
_UNZONED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?")
_OWN = re.compile(r"https?://(?:www\.)?ec\.europa\.eu/commission/presscorner", re.IGNORECASE)
_DETAIL = re.compile(r"https?://(?:www\.)?ec\.europa\.eu/commission/presscorner/detail/([a-z]{2})/([A-Za-z0-9_-]+)")
_CELEX = re.compile(r"https?://eur-lex\.europa\.eu/.*CELEX(?::|%3A)([0-9A-Z()_-]+)", re.IGNORECASE)
_ELI = re.compile(r"https?://(?:eur-lex|data)\.europa\.eu/eli/[A-Za-z_]+/[\w./()-]+")
_WITHOUT_ORDER = frozenset(("policiesResource", "countriesResource", "keywords", "languages", "category"))


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a page of the search, a document, or the RSS feed.

    Raises BlockPage for walls; UpstreamError for HTML and errors told in JSON; NotADocument for lists of types, other
    XML and descriptions; Truncated for bytes that end early; UnknownShape otherwise.
    """
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and not looks_like_html(body):
        feed = read_feed(body)
        refuse_foreign_feed(feed, _OWN, "the feed of the Press Corner")
        answer = read_records(SLUG, numbered("/channel/item", list(feed.entries)), parse_item)
        return with_flag(answer, "malformed_xml") if feed.was_mended else answer
    value = read_json(body)
    if isinstance(value, list):
        raise NotADocument("expected a search or a document, got a list, such as that of types")
    if is_json_schema(value):
        raise NotADocument("expected a search or a document, got a description of the API")
    if "docuLanguageListResources" in value:
        listed = numbered("/docuLanguageListResources", value["docuLanguageListResources"] or [])
        return read_records(SLUG, listed, parse_listed, count=value.get("totalNumber"))
    if "docuLanguageResource" in value:
        return read_records(SLUG, numbered("", [value]), parse_document)
    if reported := value.get("message") or value.get("error") or value.get("errors"):
        raise UpstreamError(f"the API reports: {str(reported)[:200]}")
    raise UnknownShape(f"expected a search or a document, got keys {sorted(value)[:8]}")


def parse_listed(record: Record) -> PolicyDocument:
    """Read one line of the search."""
    raw, flags = dict(record), set[str]()
    reference = _reference(record.text("refCode"))
    language = (record.text("languageCode") or "en").lower()
    kind = _block(record, "docutype")
    code = kind.text("code")
    return _document(
        record,
        raw,
        flags,
        reference=reference,
        language=language,
        depth=Depth.LISTING,
        title=one_line(record.text("title"), flags),
        abstract=html_to_text(record.text("leadText"), flags),
        document_type=code,
        published_date=record.take("eventDate", _event_day),
        source_fields=_left(record, docutype=kind),
        known=KNOWN["listed"],
    )


def parse_document(record: Record) -> PolicyDocument:
    """Read one document with its text."""
    raw, flags = dict(record), set[str]()
    reference = _reference(record.text("refCd") or record.text("refCode"))
    text = record.block("docuLanguageResource")
    language = (text.text("language") or "en").lower()
    content = text.text("htmlContent")
    kind, place = _block(record, "docutypeResource"), _block(record, "placeResource")
    policies = record.attempt("policiesResource", lambda: _descriptions(record, "policiesResource")) or []
    spoken = record.texts("languages")
    return _document(
        record,
        raw,
        flags,
        reference=reference,
        language=language,
        depth=Depth.FULL if content else Depth.LISTING,
        title=one_line(text.text("title"), flags),
        abstract=clean(text.text("subtitle"), flags),
        body=html_to_text(content, flags),
        document_type=kind.text("code"),
        published_date=record.take("eventDate", _event_day),
        published_at=record.take("publishDate", lambda value: iso_instant(as_text(value))),
        relations=tuple(_relations(clean(content, set()), own=reference)),
        translations=tuple(
            Translation(language=one.lower(), url=_url(reference, one.lower()))
            for one in spoken
            if one.lower() != language
        ),
        subjects=tuple(name for policy in policies if (name := one_line(policy, flags))),
        source_fields=_left(record, docutypeResource=kind, placeResource=place, docuLanguageResource=text),
        known=KNOWN["document"],
    )


def parse_item(record: Record) -> PolicyDocument:
    """Read one item of the RSS feed."""
    raw, flags = dict(record), set[str]()
    match = _DETAIL.match(address_of(record) or "")
    if match is None:
        raise UnknownShape(f"expected the address of a document of the Press Corner, got {address_of(record)!r}")
    record.pop("link", None)
    published = record.take("pubDate", feed_instant)
    local = published.astimezone(ZONE) if published else None
    reference = match[2].upper().replace("_", "/")
    return _document(
        record,
        raw,
        flags,
        reference=reference,
        language=match[1],
        depth=Depth.LISTING,
        title=plain_title(record.text("title"), flags),
        abstract=html_to_text(record.text("description"), flags),
        document_type=reference.partition("/")[0],
        published_date=local.date() if local else None,
        published_at=published if local and local.time() != time(0) else None,
        subjects=tuple(_policy_areas(record, flags)),
        source_fields=record.left(),
        known=KNOWN["item"],
    )


def _document(
    record: Record,
    raw: dict[str, Any],
    flags: set[str],
    *,
    reference: str,
    language: str,
    document_type: str | None,
    source_fields: dict[str, Any],
    known: KnownFields,
    **read: Any,
) -> PolicyDocument:
    if read["title"] is None:
        raise UnknownShape(f"expected a title of {reference}, got none")
    name = reference.lower().replace("/", "_")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"presscorner:{name}" if language == "en" else f"presscorner:{name}:{language}",
        native_id=reference,
        url=_url(reference, language),
        language=language,
        document_type=document_type,
        publishers=(COMMISSION,) if document_type in OWN_TYPES else (),
        identifiers=(Identifier(scheme="eu_press", value=reference),),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields={field: value for field, value in source_fields.items() if value not in ({}, [])},
        unread_fields=record.unknown(known),
        content_sha256=hash_of(_said(raw, read["published_date"])),
        parser_version=PARSER_VERSION,
        **read,
    )


def _said(raw: dict[str, Any], day: date | None) -> dict[str, Any]:
    """What a record says: the day of its event in one notation, lists without an order of their own in one order."""
    stated = {"eventDate": day.isoformat()} if day and "eventDate" in raw else {}
    said: dict[str, Any] = unordered({**raw, **stated}, _WITHOUT_ORDER)
    return said


def _block(record: Record, name: str) -> Record:
    """An object inside; an empty one, told as a fault of the record, where something else stands."""
    return record.attempt(name, lambda: record.block(name)) or Record({})


def _left(record: Record, **blocks: Record) -> dict[str, Any]:
    """What stays behind of a record and of the objects inside that could be read."""
    return record.left() | {name: block.left() for name, block in blocks.items() if name not in record.faults}


def _descriptions(record: Record, name: str) -> list[str | None]:
    return [entry.text("description") for entry in record.blocks(name)]


def _policy_areas(record: Record, flags: set[str]) -> Iterator[str]:
    """Categories; policy areas stand in one together: "POLICY_AREA=COMPETY,ANTITRUST"."""
    for one in many(record.pop("category", None)):
        name, is_area, areas = (one_line(text_part(one), flags) or "").partition("POLICY_AREA=")
        yield from (area.strip() for area in (areas.split(",") if is_area else [name]) if area.strip())


def _event_day(value: object) -> date:
    """The day in Brussels of an event, stated as a day, as a time with or without its zone, or in milliseconds."""
    if type(value) is int:
        return datetime.fromtimestamp(value / 1000, UTC).astimezone(ZONE).date()
    text = as_text(value).strip()
    if unzoned := _UNZONED.fullmatch(text):
        return iso_day(unzoned[1])
    return iso_instant(text).astimezone(ZONE).date()


def _reference(value: str | None) -> str:
    """A reference in capitals, as the site itself writes it."""
    reference = (value or "").strip().upper()
    if not _REFERENCE.fullmatch(reference):
        raise UnknownShape(f"expected a reference such as 'IP/26/301', got {str(value)[:40]!r}")
    return reference


def _url(reference: str, language: str) -> str:
    return f"{SITE}/detail/{language}/{reference.lower().replace('/', '_')}"


def _relations(content: str | None, own: str) -> Iterator[StatedRelation]:
    """What links of the text lead to: acts by CELEX numbers and ELI addresses, others by their references."""
    if not content:
        return
    seen = {Identifier(scheme="eu_press", value=own)}
    for link in lxml_html.fragment_fromstring(content, create_parent="div").iter("a"):
        address = unquote(link.get("href") or "")
        act, by_eli, other = _CELEX.match(address), _ELI.match(address), _DETAIL.match(address)
        if act:
            target = Identifier(scheme=CELEX, value=act[1].upper())
        elif by_eli:
            target = Identifier(scheme=ELI, value=str(eli(address)))
        elif other:
            target = Identifier(scheme="eu_press", value=other[2].upper().replace("_", "/"))
        else:
            continue
        if target not in seen:
            seen.add(target)
            words = " ".join(link.text_content().split())
            yield StatedRelation(relation="related", target=target, field="htmlContent", quote=words or address)


class EuPressCornerSpider(SourceSpider):
    """Lists the window month by month, and asks for the text of candidates."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._totals: dict[Window, int] = {}
        self._seen: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of each month of the window."""
        for window in months(self.window):
            yield self._ask_page(window, 1, 0)

    def read_page(self, response: Response, window: Window, page: int, before: int) -> Iterator[Request]:
        """Land a page, ask for the text of its candidates, and for the next page."""
        answer = parse_answer(response.body)
        if answer.official_count is None:
            raise UnknownShape("expected totalNumber beside the documents, got none")
        require_whole(self._totals.get(window), answer.official_count, f"documents from {window.since}")
        self._totals[window] = answer.official_count
        self.book.official_total = sum(self._totals.values())
        self.keep(ParsedAnswer(rejected=answer.rejected), response)
        reached = before + answer.record_count
        for document in answer.documents:
            if document.document_id in self._seen:
                continue
            self._seen.add(document.document_id)
            if self.is_candidate(document.title, document.abstract):
                yield self._ask_document(document)
            else:
                self.land(document, exchange_of(response.request))
        if reached < answer.official_count:
            require_progress(answer.record_count, f"documents after {reached} of {answer.official_count}")
            yield self._ask_page(window, page + 1, reached)

    def read_document(self, response: Response, listed: PolicyDocument) -> None:
        """Land one document; its line of the list where the API answers with nothing or it cannot be read."""
        if not response.body.strip():
            self.land(listed, exchange_of(response.request))
            return
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.native_id != listed.native_id:
                raise UnknownShape(f"asked for {listed.native_id}, got {document.native_id}")
        self.keep(answer, response)
        if not answer.documents:
            self.land(listed, exchange_of(response.request))

    def _ask_page(self, window: Window, page: int, before: int) -> Request:
        asked = {
            "language": "en",
            "pagesize": PAGE_SIZE,
            "pagenumber": page,
            "datefrom": f"{window.since:%d%m%Y}",
            "dateto": f"{window.until:%d%m%Y}",
        }
        return self.ask(
            f"{SITE}/api/search?{urlencode(asked)}",
            lambda response: self.read_page(response, window, page, before),
            purpose="listing",
        )

    def _ask_document(self, listed: PolicyDocument) -> Request:
        query = urlencode({"reference": listed.native_id, "language": listed.language}, safe="/")
        return self.ask(
            f"{SITE}/api/documents?{query}",
            lambda response: self.read_document(response, listed),
            purpose="document",
            fallback=listed,
        )
