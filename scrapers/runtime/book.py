"""The book a running crawl keeps: planned requests, every exchange, counts and faults; sealed into a `CrawlLedger`.

A crawl is good only when this book says that every planned request ended well. Exit codes and Scrapy's
`finish_reason` prove nothing: a crawl whose every request failed still ends `finished` with exit code 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scrapers.calendars import is_publishing_day
from scrapers.contracts import (
    Availability,
    Comparison,
    CrawlLedger,
    DayCount,
    Depth,
    FetchOutcome,
    FileSeal,
    Novelty,
    PolicyDocument,
    RejectedRecord,
    Window,
)
from scrapers.counts import count_faults
from scrapers.keys import scrubbed
from scrapers.registry import SourceConfig, missing
from scrapers.runtime.usual import Look, compare, look

ALWAYS_TOLERATED = 2
"""Unreadable records that never withhold a source by themselves: they are quarantined one by one."""

_MEND_MINIMUM = "look at the source's own page, then mend the spider or lower min_documents_per_week in its contract"
_MEND_DROP = (
    "look at the source's own page: mend the spider where it has more, else set max_drop: 1 under bounds in its "
    "contract, or name the days under recess where it found nothing, and replay it"
)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass
class Exchange:
    """A FetchOutcome in the making."""

    fetch_id: str
    seq: int
    method: str
    url: str
    request_body: str | None
    purpose: str
    attempt: int
    started_at: datetime
    ended_at: datetime
    http_status: int | None = None
    outcome: str = "ok"
    message: str | None = None
    body_bytes: int = 0
    payload_sha256: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    body_in: str | None = None
    documents: int = 0
    rejected: int = 0


@dataclass
class Book:
    """What happened in one crawl so far."""

    crawl_id: str
    run_id: str
    source: SourceConfig
    window: Window
    vocabulary_sha256: str
    parser_version: str
    started_at: datetime
    clock: Clock = system_clock
    key: str | None = None
    """What must never be written down."""
    not_asked: str | None = None
    """Why the source is not asked at all."""
    is_stand_in: bool = False
    """Whether a stand-in answers in place of the source, which holds less than the source does."""
    earlier: Sequence[Look] = ()
    """Good crawls before this one, the newest first; empty where nothing is compared."""
    exchanges: list[Exchange] = field(default_factory=list)
    official_days: dict[date, int] = field(default_factory=dict)
    official_total: int | None = None
    gate_passed: int = 0
    gate_left_out: int = 0
    _planned: dict[int, str] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _faults: list[str] = field(default_factory=list)
    _found_days: Counter[date] = field(default_factory=Counter)
    _listed_for: dict[str, date] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _unread: Counter[str] = field(default_factory=Counter)
    _read: defaultdict[Depth, set[str]] = field(default_factory=lambda: defaultdict(set))
    _lacking: defaultdict[tuple[Depth, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Documents without a field that the contract requires of their depth; what is gone owes none."""
    _warnings: list[str] = field(default_factory=list)
    _showing: dict[str, dict[str, None]] = field(default_factory=dict)
    """The documents that show a name or value never seen before, in the order of reading."""

    def plan(self, what: str) -> int:
        """Note a request that must end well; returns its number."""
        number = len(self._planned) + 1
        self._planned[number] = scrubbed(what, self.key)
        self._open.add(number)
        return number

    def done(self, number: int) -> None:
        """A planned request ended well."""
        self._open.discard(number)

    def failed(self, number: int, why: str) -> None:
        """A planned request ended badly; the crawl cannot be good any more."""
        self._open.discard(number)
        self.fault(f"{self._planned[number]}: {why}")

    def fault(self, sentence: str) -> None:
        """Something went wrong that makes the crawl not good."""
        sentence = scrubbed(sentence, self.key)
        if sentence not in self._faults:
            self._faults.append(sentence)

    def warn(self, sentence: str) -> None:
        """Something that a person should look at although the crawl may be good."""
        if sentence not in self._warnings:
            self._warnings.append(sentence)

    def exchange(self, method: str, url: str, purpose: str, attempt: int, request_body: str | None) -> Exchange:
        """Open a row for one HTTP exchange."""
        seq = len(self.exchanges) + 1
        now = self.clock()
        url, request_body = scrubbed(url, self.key), request_body and scrubbed(request_body, self.key)
        row = Exchange(f"{self.crawl_id}-{seq:06d}", seq, method, url, request_body, purpose, attempt, now, now)
        self.exchanges.append(row)
        return row

    def not_sent(self, method: str, url: str, purpose: str, request_body: str | None, why: str) -> None:
        """Note a planned request that was never sent: forbidden by robots.txt, or to a host that is left alone."""
        row = self.exchange(method, url, purpose, 1, request_body)
        row.outcome, row.message = "not_asked", why

    def found(self, document: PolicyDocument) -> None:
        """Count a document once, however often the source lists it, and what nobody has seen before on it."""
        for name in document.unread_fields:
            self._showing.setdefault(name, {})[document.document_id] = None
        if document.availability is Availability.AVAILABLE:
            self._read[document.depth].add(document.document_id)
            for name in missing(document):
                self._lacking[document.depth, name].add(document.document_id)
        if document.document_id in self._seen:
            return
        self._seen.add(document.document_id)
        day = self._listed_for.get(document.document_id, document.published_date)
        if day is not None:
            self._found_days[day] += 1

    def listed_for(self, document_id: str, day: date) -> None:
        """Note the day of the window for which a document is listed, where that is its change and not its publication.

        A day beside the window is that of an instant in another zone, since the source has listed it for the window.
        """
        self._listed_for[document_id] = min(max(day, self.window.since), self.window.until)

    def unread(self, field_fault: RejectedRecord) -> None:
        """Count a field that could not be read of a document that was kept; contradictions are the source's own."""
        if field_fault.error == "UnreadableField":
            self._unread["/".join(part for part in field_fault.where.split("/") if not part.isdigit())] += 1

    @property
    def found_total(self) -> int:
        """Documents landed so far."""
        return len(self._seen)

    def official_day(self, day: date, count: int) -> None:
        """What the source says a day holds."""
        self.official_days[day] = count

    def has_worked(self, since: date, until: date) -> bool:
        """Whether days of these on which the publisher works are over, so that nothing at all would be news itself."""
        last = min(until, self._today() - timedelta(days=1))
        days = (since + timedelta(number) for number in range((last - since).days + 1))
        return any(is_publishing_day(self.source, day) for day in days)

    def seal(self, archive: FileSeal, landing: FileSeal) -> CrawlLedger:
        """Close the book: hold counts against the source's bounds and say whether the crawl is good."""
        for number in sorted(self._open):
            self.fault(f"{self._planned[number]}: never answered")
        compared = None
        if self.not_asked is None:
            if not self._planned:
                self.fault("expected at least one request, the crawl planned none; see its log")
            self._check_counts()
            compared = self._compared()
            if compared is not None and compared.is_drop:
                self.fault(f"{compared}; {_MEND_DROP}")
        return CrawlLedger(
            crawl_id=self.crawl_id,
            run_id=self.run_id,
            source_id=self.source.slug,
            window=self.window,
            vocabulary_sha256=self.vocabulary_sha256,
            parser_version=self.parser_version,
            started_at=self.started_at,
            ended_at=self.clock(),
            planned=len(self._planned),
            fetches=tuple(map(self._fetch, self.exchanges)),
            days=tuple(
                DayCount(day=day, found=self._found_days[day], official=self.official_days.get(day))
                for day in self._looked_at()
            ),
            official_total=self.official_total,
            found_total=len(self._seen),
            gate_passed=self.gate_passed,
            gate_left_out=self.gate_left_out,
            archive=archive,
            landing=landing,
            is_good=not self._faults and self.not_asked is None,
            faults=tuple(self._faults),
            warnings=tuple(self._warnings),
            novelties=tuple(
                Novelty(name=name, documents=len(showing), example=next(iter(showing)))
                for name, showing in sorted(self._showing.items())
            ),
            not_asked=self.not_asked,
            is_stand_in=self.is_stand_in,
            comparisons=() if compared is None else (compared,),
        )

    def _fetch(self, row: Exchange) -> FetchOutcome:
        said = vars(row) | {"message": row.message and scrubbed(row.message, self.key)}
        return FetchOutcome(crawl_id=self.crawl_id, source_id=self.source.slug, **said)

    def _looked_at(self) -> list[date]:
        """Days that this crawl can speak of: none after its own, unless the source lists documents for them."""
        if self.not_asked is not None:
            return []
        days = {*self.window.days(), *self.official_days}
        return sorted(day for day in days if day <= self._today() or self._found_days[day])

    def _today(self) -> date:
        return self.clock().astimezone(ZoneInfo(self.source.time_zone)).date()

    def _check_counts(self) -> None:
        """Hold what was read against the source's own counts and its bounds."""
        bounds, found = self.source.bounds, len(self._seen)
        rejected = sum(row.rejected for row in self.exchanges)
        if rejected > max(ALWAYS_TOLERATED, bounds.max_rejected_share * (found + rejected)):
            self.fault(
                f"{rejected} of {found + rejected} records could not be read; see quarantine and mend the parser"
            )
        for name, unread in sorted(self._unread.items()):
            if unread > max(ALWAYS_TOLERATED, bounds.max_rejected_share * found):
                self.fault(
                    f"{name} could not be read {unread} times in {found} documents; see quarantine and mend the parser"
                )
        for (depth, name), lacking in sorted(self._lacking.items()):
            if lacking == self._read[depth] and len(lacking) > ALWAYS_TOLERATED:
                self.fault(
                    f"{name}, which the contract requires, is on none of {len(lacking)} documents ({depth}); "
                    "look at the source's own answer and mend the parser"
                )
        if bounds.must_match_official_count:
            days = [
                DayCount(day=day, found=self._found_days[day], official=official)
                for day, official in sorted(self.official_days.items())
            ]
            for fault in count_faults(days, self.official_total, found, rejected):
                self.fault(fault)
        self._check_minimum()
        self._check_maximum()

    def _compared(self) -> Comparison | None:
        """What was found beside what is usual; of stand-ins and failed crawls, which prove nothing, None."""
        if self.is_stand_in or self._faults:
            return None
        days = [(day, self._found_days[day]) for day in self.window.days()]
        now = look(self.source, self.crawl_id, self.clock(), self.found_total, days)
        bounds = self.source.bounds
        return None if now is None else compare(now, self.earlier, bounds.max_drop, bounds.max_jump)

    def _check_minimum(self) -> None:
        """Hold what was read against the least a week brings, whatever count the source states: it may be wrong too.

        A stand-in owes one document in all. A source that lists what is open now owes the same whatever the window.
        """
        minimum, whole_weeks = self.source.bounds.min_documents_per_week, self._whole_weeks()
        if self.is_stand_in:
            minimum = min(minimum, 1)
        if self._is_snapshot or (self.is_stand_in and whole_weeks):
            if self.found_total < minimum:
                self.fault(f"expected {minimum} or more documents, got {self.found_total}; {_MEND_MINIMUM}")
            return
        thin = [(week, found) for week in whole_weeks if (found := self._found_in(week)) < minimum]
        if thin:
            week, found = thin[0]
            more = f", and too few in {len(thin) - 1} more weeks" if len(thin) > 1 else ""
            self.fault(
                f"expected {minimum} or more documents from {week.since} to {week.until}, got {found}{more}; "
                f"{_MEND_MINIMUM}"
            )

    def _check_maximum(self) -> None:
        """Warn of more than a week may bring; windows under seven days bring what they bring."""
        most, found = self.source.bounds.max_documents_per_week, self.found_total
        weeks = 1.0 if self._is_snapshot else len(self.window.days()) / 7
        if weeks >= 1 and found > most * weeks:
            said = "at once" if self._is_snapshot else f"in {weeks:.1f} weeks"
            allowed = "" if self._is_snapshot else " a week"
            self.warn(f"got {found} documents {said}, over {most}{allowed}: a flood, or a bound to raise")

    @property
    def _is_snapshot(self) -> bool:
        return self.source.listing == "snapshot"

    def _whole_weeks(self) -> list[Window]:
        """The window cut into seven days each, from its first day; what is left over or still to come is no week."""
        last = min(self.window.until, self._today())
        return [week for week in self.window.cut(7) if len(week.days()) == 7 and week.until <= last]

    def _found_in(self, week: Window) -> int:
        return sum(self._found_days[day] for day in week.days())
