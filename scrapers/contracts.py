"""The shared words of the house: what a source yields, what a fetch was, what went wrong.

Belongs here: the item every source emits (`PolicyDocument`), the outcome of every request
(`FetchOutcome`), the account of a whole crawl (`CrawlLedger`), crawl windows and the named refusals.
Does not belong here: anything that knows Scrapy, DuckDB, Dagster or a single source. This module
imports nothing of ours, so every room may import it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator


class Refusal(Exception):
    """An answer that holds no document of the source; the subclass's name says why."""


class NotADocument(Refusal):
    """Well-formed, recognised, but not a document or a list of documents: a schema, a table of contents."""


class BlockPage(Refusal):
    """A wall between us and the source: captcha, "Request Access", firewall page; often HTTP 200."""


class UpstreamError(Refusal):
    """The source itself reports an error: a 404 page, an error code inside a 200."""


class Truncated(Refusal):
    """The bytes end before the document does."""


class UnknownShape(Refusal):
    """Readable, but not in a shape this parser knows; the source has changed or the wrong parser was asked."""


class Contract(BaseModel):
    """Base of every shared record: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(Contract):
    """Publication days to look at, both ends included, in the source's own calendar."""

    since: date
    until: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"window ends before it begins: since {self.since}, until {self.until}")
        return self

    def days(self) -> list[date]:
        """Every day of the window, oldest first."""
        return [self.since + timedelta(n) for n in range((self.until - self.since).days + 1)]

    def cut(self, days: int) -> list[Window]:
        """The window cut into so many days each, from its first day; the last may be shorter."""
        length = timedelta(days - 1)
        return [Window(since=first, until=min(self.until, first + length)) for first in self.days()[::days]]


class Availability(StrEnum):
    """What the source says about a document's presence today."""

    AVAILABLE = "available"
    FILED = "filed"
    """Open to public inspection and not published yet: it has no day of publication, only a planned one."""
    WITHDRAWN = "withdrawn"
    REDIRECTED = "redirected"
    GONE = "gone"


class Depth(StrEnum):
    """How much of the document was fetched: a line of a list, or the document itself."""

    LISTING = "listing"
    FULL = "full"


class Organisation(Contract):
    """A body named by the source as publisher or author."""

    name: str
    native_id: str | None = None
    slug: str | None = None
    parent_id: str | None = None
    url: str | None = None
    raw_name: str | None = None
    """The name as printed in the document, where the source gives it beside its own."""


class Identifier(Contract):
    """An official identifier, e.g. scheme ``eo``, value ``14110``; the contracts of the sources state the schemes."""

    scheme: str
    value: str


class StatedRelation(Contract):
    """A relation that the source states in a field made for it (not found in prose)."""

    relation: str
    """As the source names it: corrects, corrected_by, part_of, superseded_by ..."""
    target: Identifier
    field: str
    """The source's field that states it."""
    quote: str


Money = Annotated[Decimal, Field(max_digits=22, decimal_places=2, allow_inf_nan=False)]
"""Whole currency units; wide enough for every budget there is, narrow enough for every table."""


class StatedAmount(Contract):
    """Money in a field made for money. Amounts are whole currency units, never cents."""

    kind: str
    """A value of the amount vocabulary: announced, available, awarded, ..."""
    low: Money | None = None
    high: Money | None = None
    currency: str | None = None
    raw: str
    field: str


class Attachment(Contract):
    """A file or page that belongs to the document."""

    title: str | None = None
    url: str
    content_type: str | None = None


class ChangeNote(Contract):
    """One entry of a change history kept by the source itself."""

    noted_at: AwareDatetime | None
    note: str


class Translation(Contract):
    """The same document in another language."""

    language: str
    url: str


class PolicyDocument(Contract):
    """One official publication as one source describes it.

    Dates without a time are civil dates of the source's own place; names ending in ``_at`` are UTC instants.
    Nothing a source says is lost: what no field below holds is kept, by the source's own names, in
    ``source_fields``; names never seen before, and values outside the closed vocabularies as ``name=value``, are also
    listed in ``unread_fields`` (the drift signal).
    """

    source_id: str
    document_id: str
    """Stable id by the rule in the source's YAML; two sources of one publication share it."""
    native_id: str
    """The source's own name for it: a document number, a content id, an opportunity id."""
    depth: Depth = Depth.FULL
    availability: Availability = Availability.AVAILABLE
    url: str | None = None
    title: str | None = None
    abstract: str | None = None
    body: str | None = None
    """Full text as plain text, paragraphs separated by a newline."""
    language: str = "en"
    document_type: str | None = None
    document_subtype: str | None = None
    action: str | None = None
    """The source's own words for what the document does, e.g. "Final rule; correction"."""
    publishers: tuple[Organisation, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    published_date: date | None = None
    signed_date: date | None = None
    effective_date: date | None = None
    comments_open_date: date | None = None
    comments_close_date: date | None = None
    closes_date: date | None = None
    """Last day to apply or respond, for calls that are not comment periods."""
    closes_dates: tuple[date, ...] = ()
    """All days up to which applications are taken in, where there are several; ``closes_date`` is one of them."""
    filed_at: AwareDatetime | None = None
    """When it was filed for public inspection, ahead of its publication."""
    published_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    withdrawal_note: str | None = None
    dates_note: str | None = None
    """The source's own prose about dates, e.g. the DATES paragraph."""
    disposition_notes: str | None = None
    relations: tuple[StatedRelation, ...] = ()
    amounts: tuple[StatedAmount, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    translations: tuple[Translation, ...] = ()
    change_history: tuple[ChangeNote, ...] = ()
    subjects: tuple[str, ...] = ()
    is_significant: bool | None = None
    redirects_to: str | None = None
    text_flags: tuple[str, ...] = ()
    """What cleaning did to the text (control_removed, invisible_escaped, replacement_characters, cut), which fields
    could not be read (``unread:<field>``), which hold a value that no vocabulary of the source knows
    (``unknown_value:<field>``), and what else a reader of the values should know."""
    source_fields: dict[str, Any] = Field(default_factory=dict)
    unread_fields: tuple[str, ...] = ()
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Hash of what the source says, without its counters and timestamps of housekeeping."""
    parser_version: str


class RejectedRecord(Contract):
    """What could not be read of an otherwise good answer, a record or one field of it; it goes to quarantine."""

    source_id: str
    where: str
    """Path inside the answer, e.g. ``/results/3``, ``/results/3/effective_on``."""
    error: str
    """Name of the refusal or validation error; UnreadableField or ContradictoryField for a field."""
    message: str
    raw: str
    """The record's or field's own bytes as text, cut at 4,000 characters; the archive holds it whole."""
    is_whole_record: bool = True
    """False for a field whose record was kept without it."""


class ParsedAnswer(Contract):
    """What a pure parse function read from one answer."""

    documents: tuple[PolicyDocument, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    official_count: int | None = None
    """The total that the source itself states for the question asked, where it states one."""
    next_url: str | None = None

    @property
    def record_count(self) -> int:
        """How many records the answer held, read or not."""
        return len(self.documents) + sum(rejected.is_whole_record for rejected in self.rejected)


class FetchOutcome(Contract):
    """One HTTP exchange as it ended; every attempt is a row, also the failed ones."""

    fetch_id: str
    crawl_id: str
    source_id: str
    seq: int
    method: str
    url: str
    request_body: str | None = None
    purpose: str
    """listing, document, count, robots."""
    attempt: int
    started_at: AwareDatetime
    ended_at: AwareDatetime
    http_status: int | None = None
    outcome: str
    """ok, retried, http_error, network_error, refused:<name>, forbidden_by_robots, not_asked."""
    message: str | None = None
    body_bytes: int = 0
    payload_sha256: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    body_in: str | None = None
    """The earlier archive file of the source that holds the body, where it did not change and was not written again."""
    documents: int = 0
    rejected: int = 0


class DayCount(Contract):
    """What one day of publication, or of change, held, by our count and by the source's."""

    day: date
    found: int
    official: int | None = None


class ReadFrom(Contract):
    """Another answer than the one a document was landed with, from which a field of it was read, or a part of one."""

    field: str
    """A field of the document, or what a relation or an amount names as its field."""
    quote: str | None = None
    """The one statement, of relations and amounts."""
    ends: int | None = None
    """Where the part ends, in characters, of a text that several answers tell one after the other."""
    fetch_id: str


class LandedRecord(Contract):
    """One line of a landing file: a document or a rejected record, and the fetch it came from."""

    fetch_id: str
    document: PolicyDocument | None = None
    read_from: tuple[ReadFrom, ...] = ()
    """What of the document another answer holds; the fetch's own answer holds the rest."""
    rejected: RejectedRecord | None = None


class FileSeal(Contract):
    """Length and hash of a file at the moment it was finished."""

    name: str
    bytes: int
    sha256: str
    records: int
    offsets: tuple[int, ...] = ()


class Novelty(Contract):
    """What a source has never shown before: a name of a field, or a value of a closed vocabulary."""

    name: str
    """Path of the field, with ``=value`` where it is the value that is new."""
    documents: int
    """How many documents show it."""
    example: str
    """Id of the first of them."""

    def __str__(self) -> str:
        more = f" and {self.documents - 1:,} more" if self.documents > 1 else ""
        return f"{self.name} (on {self.example}{more})"


class Comparison(Contract):
    """What a crawl found beside what the last good crawls of the same kind of days found."""

    kind: str
    """The days they have in common."""
    found: int
    usual: int
    """The median of the others; of two in the middle the lower one."""
    crawls: tuple[str, ...]
    """The others by their ids, the newest first."""
    counts: tuple[int, ...]
    """What each of them found."""
    verdict: Literal["usual", "drop", "jump"]

    def __str__(self) -> str:
        far = ""
        if self.verdict != "usual":
            far = f", {abs(self.found - self.usual) / max(self.usual, 1):.0%} {'less' if self.is_drop else 'more'}"
        return (
            f"got {self.found:,} documents of {self.kind}{far}: the last {len(self.crawls)} good crawls of the same "
            f"kind got {min(self.counts):,} to {max(self.counts):,}, usually {self.usual:,}"
        )

    @property
    def is_drop(self) -> bool:
        """Whether so much less was found that the source is withheld."""
        return self.verdict == "drop"


class CrawlLedger(Contract):
    """The account a crawl gives of itself; written once, last, beside its archive file."""

    crawl_id: str
    run_id: str
    source_id: str
    window: Window
    vocabulary_sha256: str
    parser_version: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    planned: int
    fetches: tuple[FetchOutcome, ...]
    days: tuple[DayCount, ...]
    official_total: int | None
    found_total: int
    gate_passed: int
    gate_left_out: int
    archive: FileSeal
    landing: FileSeal
    is_good: bool
    faults: tuple[str, ...]
    """Why the crawl is not good, one sentence each; empty when it is, and when the source was not asked."""
    warnings: tuple[str, ...] = ()
    """What a person should look at although the crawl is good."""
    novelties: tuple[Novelty, ...] = ()
    """What the source's contract does not know of the documents read, each once."""
    not_asked: str | None = None
    """Why the source was not asked at all, which is neither good nor a fault."""
    is_stand_in: bool = False
    """Whether another address, such as the bundled samples, answered for the source: its texts are not official."""
    comparisons: tuple[Comparison, ...] = ()
    """What was found beside what is usual, one a crawl; none of a stand-in, or where too few crawls are alike."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(fetch.outcome != "not_asked" for fetch in self.fetches)


def new_crawl_id(now: datetime) -> str:
    """An id that sorts by time."""
    return f"{now.strftime('%Y%m%dT%H%M%S%f')}Z-{secrets.token_hex(3)}"


def content_sha256(record: object) -> str:
    """Hash a JSON-like value by its canonical form (sorted keys, UTF-8)."""
    return hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()


def utc_text(instant: datetime) -> str:
    """ISO 8601 with a Z, to the second, as used in file names and ledgers."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
