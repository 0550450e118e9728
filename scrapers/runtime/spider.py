"""The base of every spider: it asks through the book, reads answers with pure functions, and lands what they return.

A spider says what to ask (`start`) and which `parse_*` function reads which answer; counting, archiving, gating,
refusals and provenance are done here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import orjson
import scrapy
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.contracts import LandedRecord, ParsedAnswer, PolicyDocument, ReadFrom, Refusal, Window
from scrapers.registry import SourceConfig
from scrapers.runtime.archive import WarcArchive
from scrapers.runtime.book import Book, Exchange
from scrapers.runtime.gate import CandidateGate
from scrapers.runtime.landing import LandingWriter
from scrapers.runtime.told import EVERY_FIELD, Told, read_from

Callback = Callable[[Response], Iterable[Request] | None]


class SourceSpider(scrapy.Spider):
    """A thin spider over one source's contract."""

    parser_version: ClassVar[str]
    """Changes whenever the same bytes would be read differently."""

    def __init__(
        self,
        config: SourceConfig,
        window: Window,
        book: Book,
        gate: CandidateGate,
        landing: LandingWriter,
        base_urls: Mapping[str, str],
        archive: WarcArchive | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.window = window
        self.book = book
        self.gate = gate
        self.archive = archive
        self._landing = landing
        self._reading: Exchange | None = None
        self._told: Told | None = None
        self._to_base = dict(base_urls)
        self._to_official = {urlsplit(base).netloc: host for host, base in base_urls.items()}

    def ask(
        self,
        url: str,
        callback: Callback,
        *,
        purpose: str,
        kind: str | None = None,
        json: object | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        also_read: tuple[int, ...] = (),
        fallback: PolicyDocument | None = None,
        told: Told | None = None,
        is_extra: bool = False,
        priority: int = 0,
    ) -> Request:
        """A planned request: unless it ends well, the crawl is not good.

        `json` or `body` makes it a POST; the kind of a `body` is told by `headers`, which hold whatever else the source
        demands, such as Accept. A body must be the same bytes whenever the same is asked (a multipart boundary that is
        fixed), since a replay finds its answer by them. `also_read` lists statuses other than 2xx that the callback
        reads itself. `fallback` is landed as said by the answer being read when a replay finds no archived answer (a
        widened vocabulary may ask for what was never fetched); an answer that `is_extra` is then done without. What
        is known of the document to which the answer may add is the fallback, as this one answer gives it, or what was
        `told` by several.

        Raises ValueError for a host that is not the source's, for two bodies, a body of no stated kind, and a fallback
        that no answer has given.

        `kind` tells apart answers that one place in the code asks for, and joins those that two ask for; a check asks
        for one answer of each.
        """
        official = self.official_url(url)
        sent, content = _body_and_headers(json, body, {**(headers or {}), **self._key_header(official)})
        number = self.book.plan(f"{purpose} {official}" + (f" {text_of_body(sent)}" if sent else ""))
        listing = self._reading
        if fallback is not None and listing is None:
            raise ValueError(f"{url}: expected a fallback given by the answer being read, got one where none is read")
        if told is None and fallback is not None and listing is not None:
            told = Told(fallback, listing.fetch_id)

        def answered(response: Response) -> Iterator[Request]:
            exchange = exchange_of(response.request)
            self._reading, self._told = exchange, told
            try:
                asked = list(callback(response) or ())
            except Refusal as refusal:
                exchange.outcome = f"refused:{type(refusal).__name__}"
                exchange.message = str(refusal)
                self.book.failed(number, f"{type(refusal).__name__}: {refusal}")
                return
            finally:
                self._reading = self._told = None
            self.book.done(number)
            yield from asked

        def failed(failure: Failure) -> None:
            error = failure.value
            if isinstance(error, NotArchived) and (fallback is not None or is_extra):
                if fallback is not None and listing is not None:
                    self._write(fallback, listing, read_from(fallback, told, EVERY_FIELD))
                self.book.done(number)
                return
            why = f"HTTP {error.response.status}" if isinstance(error, HttpError) else str(error)
            if "exchange" not in request.meta and not isinstance(error, NotArchived):
                self.book.not_sent(request.method, official, purpose, text_of_body(sent), why)
            self.book.failed(number, why or type(error).__name__)

        request = Request(
            self.fetched_url(official),
            callback=answered,
            errback=failed,
            method="GET" if sent is None else "POST",
            body=sent,
            headers=content,
            dont_filter=True,
            priority=priority,
            meta={
                "official_url": official,
                "purpose": purpose,
                "kind": kind or getattr(callback, "__qualname__", None),
                "handle_httpstatus_list": list(also_read),
            },
        )
        return request

    def _key_header(self, official: str) -> dict[str, str]:
        """The source's key in the header that it names, for the host it is meant for; a replay has none."""
        key = self.config.key
        if key is None or self.book.key is None or key.host not in (None, urlsplit(official).netloc):
            return {}
        return {key.header: self.book.key}

    def keep(self, answer: ParsedAnswer, response: Response, *, joined: Collection[str] = ()) -> None:
        """Land all that a parse function read from one answer; `joined` as `land` has it."""
        exchange = exchange_of(response.request)
        for document in answer.documents:
            self.land(document, exchange, joined=joined)
        for rejected in answer.rejected:
            if rejected.is_whole_record:
                exchange.rejected += 1
            else:
                self.book.unread(rejected)
            self._landing.write(LandedRecord(fetch_id=exchange.fetch_id, rejected=rejected))

    def so_far(self, document: PolicyDocument) -> Told:
        """What is known of a document to which the answer being read has added, and which answer told what of it.

        Raises ValueError where no answer is being read.
        """
        if self._reading is None:
            raise ValueError(f"{document.document_id}: expected an answer being read that tells of it, got none")
        return Told(document, self._reading.fetch_id, self._told)

    def land(
        self,
        document: PolicyDocument,
        exchange: Exchange,
        *,
        joined: Collection[str] = (),
        told: Told | None = None,
    ) -> None:
        """Land one document; a second sighting in the same crawl is landed too and told apart when loading.

        `joined` names the fields that may have been taken over from what other answers told of the document, those
        before the one being read unless `told` says it; where they are still the same, the landing says which answer it
        was. All fields of a fallback that is landed as it is were taken over.
        """
        told = told or self._told
        if told is not None and document is told.document:
            joined = EVERY_FIELD
        self._write(document, exchange, read_from(document, told, joined))

    def _write(self, document: PolicyDocument, exchange: Exchange, elsewhere: tuple[ReadFrom, ...]) -> None:
        self.book.found(document)
        exchange.documents += 1
        others = tuple(one for one in elsewhere if one.fetch_id != exchange.fetch_id)
        self._landing.write(LandedRecord(fetch_id=exchange.fetch_id, document=document, read_from=others))

    def is_candidate(self, *texts: str | None) -> bool:
        """Whether a listed document passes the gate; the book counts what it leaves out."""
        passed = self.gate.passes(*texts)
        if passed:
            self.book.gate_passed += 1
        else:
            self.book.gate_left_out += 1
        return passed

    def reconsider(self) -> None:
        """Count a document that the gate has left out as one that passed: the source's own search speaks for it."""
        self.book.gate_left_out -= 1
        self.book.gate_passed += 1

    def official_url(self, url: str) -> str:
        """The address at the source itself, also when the bytes come from a stand-in.

        Raises ValueError for hosts that the source's contract does not name.
        """
        parts = urlsplit(url)
        host = self._to_official.get(parts.netloc, parts.netloc)
        allowed = {urlsplit(home).netloc: urlsplit(home).scheme for home in self.config.hosts}
        if host not in allowed:
            raise ValueError(f"{url}: host {host!r} is not among the hosts of {self.config.slug}: {', '.join(allowed)}")
        return urlunsplit((allowed[host], host, parts.path, parts.query, ""))

    def fetched_url(self, official: str) -> str:
        """The address that is asked for an official one: its own, or that of the host's stand-in."""
        parts = urlsplit(official)
        base = self._to_base.get(parts.netloc)
        if base is None:
            return official
        stand_in = urlsplit(base)
        return urlunsplit((stand_in.scheme, stand_in.netloc, parts.path, parts.query, ""))


class NotArchived(Exception):
    """A replay asked for what the crawl never asked for."""


def text_of_body(body: bytes | None) -> str | None:
    """A request's body as the ledger keeps it; bytes that are no text are escaped."""
    return body.decode("utf-8", "backslashreplace") if body else None


def _body_and_headers(
    json: object | None, body: bytes | None, headers: Mapping[str, str]
) -> tuple[bytes | None, dict[str, str]]:
    """What is sent, and the headers that say what it is."""
    if json is not None and body is not None:
        raise ValueError("expected json or body, got both; give one")
    if body is not None and "content-type" not in {name.lower() for name in headers}:
        raise ValueError("expected a Content-Type among the headers of a body, got none")
    if json is None:
        return body, dict(headers)
    return orjson.dumps(json), {"Content-Type": "application/json", **headers}


def exchange_of(request: Request | None) -> Exchange:
    """The book's row of the exchange that answered a request."""
    if request is None or "exchange" not in request.meta:
        raise LookupError("expected a request that went through the archive middleware, got one that did not")
    exchange = request.meta["exchange"]
    assert isinstance(exchange, Exchange)
    return exchange
