"""Canada News Centre: what departments published since the first day of a window, from one answer of the news API.

Reads its Atom and JSON. Does not open the pages, and does not pair the languages.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from scrapy.http import Request, Response

from scrapers.contracts import (
    Depth,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.feed import (
    OF_AN_ENTRY,
    Feed,
    address_of,
    many,
    plain_title,
    read_feed,
    refuse_foreign_feed,
    text_part,
    with_flag,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import ID_TWICE, Record, identifiers, mapping, numbered, read_records
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page
from scrapers.runtime.spider import SourceSpider

SLUG = "ca_news"
PARSER_VERSION = "ca_news/7"
"""Raised whenever the same bytes would be read differently."""
API = "https://api.io.canada.ca/io-server/gc/news/en/v2"
SITE_HOST = "www.canada.ca"
MOST = 20_000
"""How many entries are picked; an answer that holds as many is cut."""
CONFIG = source(SLUG)
KNOWN = CONFIG.known_fields["entry"]
ZONE = ZoneInfo(CONFIG.time_zone)
_OWN = re.compile(r"https?://(?:[\w-]+\.)*(?:canada|gc)\.ca(?:/|$)", re.IGNORECASE)
_TRACK = re.compile(r"utm_\w+|fbclid|gclid|msclkid|wbdisable", re.IGNORECASE)
"""Names in a query that tell of a visit, not of a page."""
_IN_FRENCH = re.compile(
    r"^https?://nouvelles\.|/fra?/|[/_-]fra?(?:\.\w+)?/?(?:[?#]|$)|[_-]f\.\w+(?:[?#]|$)|[?&]lang\w*=fr",
    re.IGNORECASE,
)
"""Addresses of pages in French, on www.canada.ca and on the older hosts of departments."""
_UNZONED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read an answer of the news API, in Atom or JSON.

    Raises BlockPage for walls; UpstreamError for error pages and errors told in JSON; NotADocument for other pages, XML
    and text; Truncated for bytes that end early; UnknownShape otherwise.
    """
    refuse_block_page(body, "a feed")
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _read_json(read_json(body))
    if looks_like_html(body):
        raise _refusal_of_page(body)
    feed = read_feed(body)
    if feed.form != "atom":
        raise UnknownShape("expected a feed in Atom, got RSS")
    refuse_foreign_feed(feed, _OWN, "the news of Canada")
    answer = read_records(SLUG, numbered("/feed/entry", list(feed.entries)), parse_entry, is_each_once=True)
    return with_flag(answer, "malformed_xml") if feed.was_mended else answer


def _read_json(value: Any) -> ParsedAnswer:
    if is_json_schema(value) or isinstance(value, list):
        raise NotADocument("expected an answer of the news API, got another list or a description")
    if "feed" not in value:
        if reported := value.get("error") or value.get("message") or value.get("errors"):
            raise UpstreamError(f"the API reports: {str(reported)[:200]}")
        raise UnknownShape(f"expected a feed, got keys {sorted(value)[:8]}")
    about = mapping(value["feed"], "feed")
    entries = many(about.pop("entry", None))
    listed = tuple(entry for entry in entries if isinstance(entry, dict))
    if listed:
        refuse_foreign_feed(Feed("atom", about, listed, was_mended=False), _OWN, "the news of Canada")
    elif others := [name for name, inner in about.items() if any(map(_is_like_an_entry, many(inner)))]:
        raise UnknownShape(f"expected entries under /feed/entry, got some under {others[:4]}")
    return read_records(SLUG, numbered("/feed/entry", entries), parse_entry, is_each_once=True)


def _is_like_an_entry(value: object) -> bool:
    return isinstance(value, dict) and not OF_AN_ENTRY.isdisjoint(value)


def _refusal_of_page(body: bytes) -> UpstreamError | NotADocument:
    match = re.search(rb"<title>([^<]{0,120})", body[:20_000], re.IGNORECASE)
    title = match.group(1).decode("utf-8", "replace").strip() if match else "(none)"
    if re.search(r"not found|\berror\b|\b[45]\d\d\b|unavailable", title, re.IGNORECASE):
        return UpstreamError(f"expected a feed, got an HTML page titled {title!r}")
    return NotADocument(f"expected a feed, got an HTML page titled {title!r}")


def parse_entry(record: Record) -> PolicyDocument:
    """Read one entry of Atom or JSON; raises an error that says what was expected."""
    raw, flags = dict(record), set[str]()
    url = web_address(address_of(record))
    parts = urlsplit(url)
    if not parts.path.strip("/"):
        raise UnknownShape(f"expected the address of a page, got {url[:120]!r}")
    name = _name_of(url)
    title = plain_title(record.take("title", text_part), flags)
    if title is None:
        raise UnknownShape(f"expected a title of {name}, got none")
    teaser = record.take("teaser", as_text) or record.take("summary", text_part)
    record.pop("link", None)
    if record.read("id", as_text) == url:
        record.pop("id")
    day, instant = _published(record)
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"ca-news:{name}",
        native_id=name,
        depth=Depth.LISTING,
        url=url,
        title=title,
        abstract=html_to_text(teaser, flags),
        language="fr" if _IN_FRENCH.search(url) else "en",
        document_type=_type(record, flags),
        publishers=tuple(_departments(record, flags)),
        identifiers=identifiers(("ca_news_page", url)),
        published_date=day,
        published_at=instant,
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN),
        content_sha256=hash_of(raw),
        parser_version=PARSER_VERSION,
    )


def _name_of(url: str) -> str:
    """The path of a page; with its host, and its query without tracks, on the hosts where queries name pages."""
    parts = urlsplit(url)
    if parts.netloc == SITE_HOST:
        return parts.path
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACK.fullmatch(pair.partition("=")[0]))
    return f"{parts.netloc}{parts.path}{'?' if query else ''}{query}"


def _published(record: Record) -> tuple[date | None, datetime | None]:
    """The day in Ottawa, and the instant where one is certain; a time without its zone stays as it is written."""
    name = next((name for name in ("publishedDate", "published", "updated") if record.get(name)), "updated")
    day, instant = record.read(name, _day_and_instant) or (None, None)
    if instant or (day and record[name] == day.isoformat()):
        record.pop(name)
    return day, instant


def _day_and_instant(value: object) -> tuple[date, datetime | None]:
    text = as_text(value).strip()
    if unzoned := _UNZONED.fullmatch(text):
        return iso_day(unzoned[1]), None
    instant = iso_instant(text)
    return instant.astimezone(ZONE).date(), instant


def _type(record: Record, flags: set[str]) -> str | None:
    """Atom's category by its term, JSON's type; further categories stay."""
    terms = [term for one in many(record.get("category")) if isinstance(one, dict) and (term := one.get("@term"))]
    if len(terms) == 1 and len(many(record.get("category"))) == 1:
        record.pop("category")
    return one_line(str(terms[0]), flags) if terms else one_line(record.text("type"), flags)


def _departments(record: Record, flags: set[str]) -> list[Organisation]:
    names = [one.get("name") for one in many(record.get("author")) if isinstance(one, dict)]
    found = [one for name in names if isinstance(name, str) and (one := one_line(name, flags))]
    if len(found) == len(many(record.get("author"))):
        record.pop("author", None)
    return [Organisation(name=name) for name in dict.fromkeys(found)]


class CaNewsSpider(SourceSpider):
    """Asks once for all since the first day, and lands what lies in the window."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """The one answer."""
        asked = {"sort": "publishedDate", "orderBy": "desc", "publishedDate>": self.window.since.isoformat()}
        yield self.ask(
            f"{API}?{urlencode({**asked, 'pick': MOST, 'format': 'atom'})}", self.read_list, purpose="listing"
        )

    def read_list(self, response: Response) -> None:
        """Land what lies in the window, and warn of pages with one id; refuse an answer that is cut, or empty although
        a working day is over since the first.
        """
        answer = parse_answer(response.body)
        if answer.record_count >= MOST:
            raise UnknownShape(f"expected fewer than {MOST} entries, got {answer.record_count}; the list is cut")
        if not answer.record_count and self.book.has_worked(self.window.since, date.max):
            raise UnknownShape(f"expected news since {self.window.since}, got an empty list")
        inside = tuple(
            document
            for document in answer.documents
            if document.published_date is None or self.window.since <= document.published_date <= self.window.until
        )
        for fault in answer.rejected:
            if fault.where.endswith(f"/{ID_TWICE}"):
                self.book.warn(f"{fault.where}: {fault.message}; look at both pages and mend how they are named")
        self.keep(answer.model_copy(update={"documents": inside}), response)
