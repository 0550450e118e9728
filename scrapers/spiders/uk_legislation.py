"""Legislation of the United Kingdom: listed by feeds, the latest published first; candidates in full as CLML.

Reads the listing feeds and the XML of https://www.legislation.gov.uk. Does not read its feeds of effects, the log of
publications, tables of contents, RDF or Akoma Ntoso.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree
from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, PolicyDocument, UnknownShape
from scrapers.families.feed import refuse_other_entries
from scrapers.families.legislation_gov_uk import (
    PARSER_VERSION,
    SITE,
    SLUG,
    TEXTS,
    entry_of,
    legislation_of,
    parse_entry,
    parse_legislation,
)
from scrapers.families.records import read_records
from scrapers.families.windows import require_progress
from scrapers.families.xml import read_xml, root_name
from scrapers.runtime.spider import SourceSpider, exchange_of

LISTINGS = ("", "ukdsi/")
"""What is listed: all legislation, and drafts of statutory instruments, which that leaves out."""
SEARCHED = '"artificial intelligence"'
"""Asked of the site's own search over texts, for what titles and summaries do not say."""
PAGE_SIZE = 100
MOST_DIGITS = 18
OF_THE_FEED = ("published_at", "published_date", "updated_at")
"""Fields of a document that its line of the feed alone states."""
ATOM = "{http://www.w3.org/2005/Atom}"
ROOTS = frozenset(("Legislation", "EN"))


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a listing feed or a document in CLML.

    Raises NotADocument for feeds of effects and of publications, tables of contents, and XML of other kinds; what
    `read_xml` raises for anything else; UnknownShape for a document without metadata.
    """
    name = root_name(body).rpartition(":")[2]
    if name == "feed":
        return _read_feed(read_xml(body).root)
    if name not in ROOTS:
        raise NotADocument(f"expected a feed or legislation, got XML with the root {name}")
    root = read_xml(body).root
    parts = {etree.QName(child).localname for child in root}
    if "Contents" in parts and not parts & set(TEXTS):
        raise NotADocument("expected legislation, got its table of contents")
    return read_records(SLUG, {"/Legislation": legislation_of(root)}, parse_legislation)


def _read_feed(root: etree._Element) -> ParsedAnswer:
    entries = {f"/feed/entry/{place}": entry for place, entry in enumerate(root.findall(f"{ATOM}entry"))}
    names = {etree.QName(child).localname for entry in entries.values() for child in entry}
    if names & {"Effect", "content"}:
        raise NotADocument("expected a feed of legislation, got one of effects")
    if names & {"Event", "ContentType"}:
        raise NotADocument("expected a feed of legislation, got the log of publications")
    stated = {etree.QName(child).localname: child for child in root}
    if "itemsPerPage" not in stated:
        raise UnknownShape("expected a listing feed with itemsPerPage, got another feed")
    if not entries:
        refuse_other_entries(root, "entry")
    following = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"]
    return read_records(
        SLUG,
        {where: entry_of(entry) for where, entry in entries.items()},
        parse_entry,
        count=_total(stated["totalResults"].text) if "totalResults" in stated else None,
        next_url=following[0] if following else None,
    )


def _total(text: str | None) -> int | None:
    total = (text or "").strip()
    if len(total) > MOST_DIGITS:
        raise UnknownShape(f"expected totalResults of at most {MOST_DIGITS} digits, got {total[:40]!r}")
    return int(total) if total.isdecimal() else None


class UkLegislationSpider(SourceSpider):
    """Pages through the feeds of the years of the window, the latest published first, down to its first day."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._left_out: dict[str, PolicyDocument] = {}

    async def start(self) -> AsyncIterator[Request]:
        """The first page of each listing; the search follows the last page of all legislation."""
        for listing in LISTINGS:
            yield self._ask_page(listing, 1)

    def read_page(self, response: Response, listing: str, page: int) -> Iterator[Request]:
        """Land what was published in the window, ask for candidates, then for the next page."""
        answer = parse_answer(response.body)
        if not (answer.record_count or page > 1 or listing):
            raise UnknownShape("expected legislation of these years, got an empty feed")
        new = [one for one in answer.documents if one.document_id not in self._listed]
        self._listed.update(one.document_id for one in new)
        published = [one for one in new if self._is_of_the_window(one)]
        candidates = {one.document_id: one for one in published if self.is_candidate(one.title, one.abstract)}
        left_out = {one.document_id: one for one in published if one.document_id not in candidates}
        self._left_out.update(left_out)
        unread = [one for one in candidates.values() if _xml_of(one) is None]
        landed = (*left_out.values(), *unread)
        self.keep(answer.model_copy(update={"documents": landed}), response)
        for one in candidates.values():
            yield from self._ask_document(one)
        if answer.next_url and self._goes_on(answer):
            require_progress(len(new), f"legislation after page {page}")
            yield self._ask_page(listing, page + 1)
        elif not listing:
            yield self._ask_search(1)

    def read_search(self, response: Response, page: int) -> Iterator[Request]:
        """Ask for documents that titles and summaries left out."""
        answer = parse_answer(response.body)
        for one in answer.documents:
            if listed := self._left_out.pop(one.document_id, None):
                self.reconsider()
                yield from self._ask_document(listed)
        if answer.next_url and self._goes_on(answer):
            require_progress(answer.record_count, f"legislation with {SEARCHED} after page {page}")
            yield self._ask_search(page + 1)

    def read_document(self, response: Response, listed: PolicyDocument) -> None:
        """Land one document in full, with the day of publication that the feed alone states."""
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.native_id != listed.native_id:
                raise UnknownShape(f"asked for {listed.native_id}, got {document.native_id}")
        joined = tuple(with_listing(document, listed) for document in answer.documents)
        self.keep(answer.model_copy(update={"documents": joined}), response, joined=OF_THE_FEED)
        if not joined:
            self.land(listed, exchange_of(response.request))

    def _is_of_the_window(self, document: PolicyDocument) -> bool:
        """What states neither day is taken for one of the window: to leave it out would lose it without a trace."""
        day = document.published_date or document.signed_date
        return day is None or self.window.since <= day <= self.window.until

    def _goes_on(self, answer: ParsedAnswer) -> bool:
        """Whether anything on a page was published since the first day; what was corrected is listed out of turn."""
        days = [day for one in answer.documents if (day := one.published_date)]
        return not days or max(days) >= self.window.since

    def _feed(self, listing: str, page: int, **query: str) -> str:
        years = f"{self.window.since.year - 1}-{self.window.until.year}"
        asked = {**query, "sort": "published", "results-count": PAGE_SIZE, "page": page}
        return f"{SITE}/{listing}{years}/data.feed?{urlencode(asked)}"

    def _ask_page(self, listing: str, page: int) -> Request:
        return self.ask(
            self._feed(listing, page), lambda response: self.read_page(response, listing, page), purpose="listing"
        )

    def _ask_search(self, page: int) -> Request:
        return self.ask(
            self._feed("", page, text=SEARCHED),
            lambda response: self.read_search(response, page),
            purpose="listing",
            is_extra=True,
        )

    def _ask_document(self, listed: PolicyDocument) -> Iterator[Request]:
        if (address := _xml_of(listed)) is not None:
            yield self.ask(
                address, lambda response: self.read_document(response, listed), purpose="document", fallback=listed
            )


def with_listing(document: PolicyDocument, listed: PolicyDocument) -> PolicyDocument:
    """A document with what only its line of the feed says: when it was published, and that line."""
    said = {name: getattr(listed, name) for name in OF_THE_FEED}
    entry = {**document.source_fields, "entry": listed.source_fields}
    return document.model_copy(update={**said, "source_fields": entry})


def _xml_of(listed: PolicyDocument) -> str | None:
    """The address of a document's XML at the site itself; scans have none."""
    links = listed.source_fields.get("link")
    for link in links if isinstance(links, list) else [links]:
        if isinstance(link, dict) and link.get("rel") == "alternate" and link.get("type") == "application/xml":
            parts = urlsplit(str(link.get("href")))
            if parts.path.endswith("/data.xml"):
                return urlunsplit((*urlsplit(SITE)[:2], parts.path, "", ""))
    return None
