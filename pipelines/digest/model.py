"""What a digest holds, as values that know nothing of DuckDB, Markdown or HTML.

Belongs here: the shapes that build.py fills and render.py shows; all text in them is already one plain line. Does not
belong here: queries, wording, mark-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import ClassVar, Generic, Self, TypeVar

T = TypeVar("T")
Key = tuple[str, ...]
"""What a line tells of, by the ids of the edition.

Of five parts (sort, about, what, other end, value) the last two may be read otherwise and the fact be the same; any
other key is the fact itself.
"""


NOTHING = "nothing"
"""What stands where a field has no value."""


class WeekError(ValueError):
    """The text names no ISO week."""


@dataclass(frozen=True)
class Week:
    """An ISO week, Monday to Sunday."""

    name: str
    since: date
    until: date

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read ``2026-W40``.

        Raises WeekError when the text is in another form or the year has no such week.
        """
        match = re.fullmatch(r"(\d{4})-W(\d{2})", name, re.ASCII)
        if match is None:
            raise WeekError(f"expected an ISO week such as 2026-W40, got {name!r}")
        try:
            since = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError as error:
            raise WeekError(f"expected a week that the year has, got {name!r}: {error}") from error
        return cls(name=name, since=since, until=since + timedelta(6))

    @classmethod
    def last_before(cls, day: date) -> Self:
        """The week that ended last before a day."""
        return cls.parse(f"{day - timedelta(day.isoweekday()):%G-W%V}")

    def back(self, weeks: int) -> Self:
        """The week so many weeks earlier."""
        return type(self).last_before(self.since - timedelta(7 * (weeks - 1)))

    @property
    def number(self) -> int:
        """Number of the week in its ISO year."""
        return self.since.isocalendar().week

    @property
    def year(self) -> int:
        """The ISO year, which is not always the year of the Monday."""
        return self.since.isocalendar().year

    def days(self) -> tuple[date, ...]:
        """The seven days."""
        return tuple(self.since + timedelta(n) for n in range(7))


@dataclass(frozen=True)
class Reference:
    """Something with a title and, where it may be linked, an address."""

    title: str
    url: str | None
    name: str | None = None
    """The official name, e.g. "Executive Order 14434"."""
    language: str | None = None
    """Language tag where it is not English."""


@dataclass(frozen=True)
class DatedWord:
    """A date and what happened or happens on it."""

    label: str
    day: date


@dataclass(frozen=True)
class Deed:
    """What a policy does to others: a verb and its targets."""

    verb: str
    targets: tuple[Reference, ...]
    left_out: int = 0


@dataclass(frozen=True)
class NewLine:
    """A policy or publication that is new in the week."""

    kind: ClassVar[str] = "new"
    keys: tuple[Key, ...]
    """What it tells of; the anchor is the short form of the first."""
    anchor: str
    appearance: str
    """new, published, also, late, undated: whether it is of this week, and if not, why it is told now."""
    policy_id: str | None
    document_id: str
    what: Reference
    instrument: str
    """In words; empty where neither we nor the source have a word for it."""
    instrument_code: str | None
    agencies: tuple[str, ...]
    jurisdiction: str
    track: str
    dates: tuple[DatedWord, ...]
    abstract: str | None
    is_abstract_quoted: bool
    """Whether it is a sentence of the document itself, for want of an abstract."""
    status: str | None
    """Only where it says more than the dates."""
    status_since: date | None
    deeds: tuple[Deed, ...]
    relevance: int
    is_significant: bool
    parties: tuple[str, ...]
    """Between whom an agreement is."""
    evidence_id: str | None
    tells_of: tuple[str, ...] = ()
    """Of press material: ids of the policies that it was made to tell of."""
    press: tuple[NewLine, ...] = ()
    """Press material that tells of it, told with it."""
    why: str | None = None
    """Why it stands in the issue of a subscription."""


@dataclass(frozen=True)
class FieldChange:
    """One field of a document before and after; both None where the values are too long to show."""

    field: str
    before: str | None
    after: str | None
    is_shown: bool

    @property
    def is_removed(self) -> bool:
        """Whether nothing is stated in its place."""
        return self.is_shown and self.after == NOTHING


@dataclass(frozen=True)
class ChangeLine:
    """Something known before that was acted on or changed in the week."""

    kind: ClassVar[str] = "change"
    keys: tuple[Key, ...]
    """What it tells of; the anchor is the short form of the first."""
    anchor: str
    verb: str
    is_partial: bool
    inferred_from: str | None
    """What the relation was inferred from, where nothing states it; in words."""
    appearance: str
    """now: dated in the week; published, seen: dated earlier, and published or first seen in the week."""
    day: date
    dates: tuple[DatedWord, ...]
    policy_id: str | None
    document_id: str | None
    what: Reference
    instrument: str
    instrument_code: str | None
    by: Reference | None
    by_policy_id: str | None
    quote: str | None
    note: str | None
    """Why it was withdrawn, in the words of the source."""
    fields: tuple[FieldChange, ...]
    is_ai: bool
    relevance: int
    evidence_id: str | None
    track: str = ""
    """Empty for what belongs to no policy."""
    jurisdiction: str = ""
    why: str | None = None


@dataclass(frozen=True)
class DueLine:
    """A deadline of the week or of the days after it."""

    kind: ClassVar[str] = "due"
    keys: tuple[Key, ...]
    anchor: str
    day: date
    days: int
    """Counted from the week's last day; negative or zero: already passed in the week."""
    label: str
    policy_id: str | None
    document_id: str | None
    what: Reference
    instrument: str
    agencies: tuple[str, ...]
    void: str | None
    """Why it no longer binds, where the instrument was revoked, superseded or withdrawn."""
    evidence_id: str | None
    track: str = ""
    """Empty for what belongs to no policy."""
    jurisdiction: str = ""
    instrument_code: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class AmountLine:
    """One amount of one document."""

    keys: tuple[Key, ...]
    anchor: str
    document_id: str
    policy_id: str | None
    """The policy that the document belongs to."""
    amount_kind: str
    label: str
    """What the amount is, by the name of the field that states it."""
    currency: str | None
    low: Decimal | None
    high: Decimal | None
    figure: str
    as_stated: str
    what: Reference
    evidence_id: str | None
    why: str | None = None


@dataclass(frozen=True)
class StatusCount:
    """How many policies about AI had a status at the week's end, and how many a week before."""

    status: str
    now: int
    before: int


@dataclass(frozen=True)
class CorrectionLine:
    """What an earlier regular issue said and we now read otherwise."""

    kind: ClassVar[str] = "correction"
    anchor: str
    issue: str
    """The week of the issue that said it."""
    what: Reference
    said: str
    """The facts that the issue told, in words."""
    outcome: str
    """changed; taken_back: nothing of it holds; reinstated: an issue took it back, and it stands after all; merged: it
    is one policy with another that was told; left_out: it was not told in the issue of its week; parted: it was told as
    one with another and is a policy of its own."""
    fields: tuple[FieldChange, ...]
    """What was said and what holds now, where something does."""
    reason: str
    """Why it reads otherwise now; one sentence."""
    tracks: tuple[str, ...] = ()
    """Titles of the tracks that were told and hold now; empty where none was."""
    jurisdictions: tuple[str, ...] = ()
    """Likewise."""


CHECKED = ("checked", "checked_nothing_found", "checked_nothing_kept")
"""Outcomes of a day that was looked at."""


@dataclass(frozen=True)
class DayLook:
    """One source on one day: of publication or change, or of asking."""

    day: date
    outcome: str
    """checked, checked_nothing_found, checked_nothing_kept, could_not_look, not_asked."""
    found: int | None
    official_count: int | None
    reason: str | None


@dataclass(frozen=True)
class SourceWeek:
    """How well one source was looked at in the week."""

    source_id: str
    what: Reference
    licence: str
    days: tuple[DayLook, ...]
    last_checked: date | None
    """The last day up to the week's end that was looked at."""
    quarantined: int
    quarantine_reasons: tuple[tuple[str, int], ...]
    is_snapshot: bool
    """Whether it lists what is open on the day it is asked, and cannot be asked for other days."""
    jurisdiction: str = ""
    is_documented: bool = False
    """Whether it is read by its documentation alone, and was never held against a recorded answer."""
    is_cited: bool = False
    """Whether a line of the digest tells something of it."""
    is_cited_later: bool = False
    """Whether what is told of it was first fetched after the week."""

    def count(self, *outcomes: str) -> int:
        """Days that ended in one of the outcomes."""
        return sum(look.outcome in outcomes for look in self.days)

    @property
    def is_checked(self) -> bool:
        """Whether every day of the week was looked at."""
        return self.checked_days == len(self.days)

    @property
    def checked_days(self) -> int:
        """Days that were looked at."""
        return self.count(*CHECKED)

    @property
    def found(self) -> int:
        """Documents found on the days that were looked at; of what is open now, those of the last look."""
        return sum(look.found or 0 for look in self._counted)

    @property
    def official_count(self) -> int | None:
        """The source's own count for the same days; None where it does not state one for each of them."""
        counts = [look.official_count for look in self._counted]
        stated = [count for count in counts if count is not None]
        return sum(stated) if stated and len(stated) == len(counts) else None

    @property
    def _counted(self) -> tuple[DayLook, ...]:
        looked = tuple(look for look in self.days if look.outcome in CHECKED)
        return looked[-1:] if self.is_snapshot else looked

    @property
    def is_told_by_a_later_look(self) -> bool:
        """Whether lines of the week are of a source that was looked at on none of its days."""
        return self.is_cited_later and self.checked_days == 0

    @property
    def is_unasked(self) -> bool:
        """Whether it was asked for no day of the week and there is nothing else to tell of it."""
        return self.count("not_asked") == len(self.days) and not self.quarantined

    @property
    def is_withheld(self) -> bool:
        """Whether the source could not be looked at on any of the days that were asked for."""
        return self.count("could_not_look") > 0 and self.checked_days == 0


@dataclass(frozen=True)
class Group(Generic[T]):
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[T, ...]

    @property
    def size(self) -> int:
        """Number of lines."""
        return len(self.lines)


@dataclass(frozen=True)
class MoneyRead:
    """Where the edition has ever found amounts; what was not read in the week cannot be said to be absent from it."""

    sources: tuple[str, ...]
    """Sources with money fields that were looked at, each with its days where it was not all."""
    later: tuple[str, ...]
    """Titles of those not looked at in the week, whose amounts of the week a later look brought."""
    unseen: tuple[str, ...]
    """Titles of those not looked at in the week of which no amount is told."""
    is_prose_read: bool


@dataclass(frozen=True)
class WeekCount:
    """How much one week of the run brought."""

    week: str
    new: int
    """Policies about AI whose first event is of the week."""
    changed: int
    """Policies about AI that were acted on in the week."""
    is_seen: bool
    """Whether any source was looked at for a day of the week; nothing found in a week not looked at says nothing."""


@dataclass(frozen=True)
class MoneySum:
    """Documents or policies that state an amount, and what they state at most, together."""

    documents: int
    total: Decimal


@dataclass(frozen=True)
class MoneyRun:
    """Money of one kind and currency over time; kinds and currencies are never added up."""

    kind: str
    currency: str
    week: MoneySum
    last_week: MoneySum
    year: MoneySum
    """From 1 January of the year of the week's last day to that day."""


@dataclass(frozen=True)
class ArchivedCopy:
    """The archived bytes in which a fact was read."""

    sha256: str
    url: str | None
    """Where they were fetched."""


@dataclass(frozen=True)
class Digest:
    """Everything one digest says."""

    week: Week
    edition_id: str
    as_of: datetime | None
    is_sample: bool
    """Whether the edition was made from stand-ins, whose texts are not official wording."""
    summary: str
    top: tuple[NewLine | ChangeLine, ...]
    new: tuple[Group[NewLine], ...]
    """New policies by track, then the side lists of publications."""
    changes: tuple[ChangeLine, ...]
    passed: tuple[DueLine, ...]
    coming: tuple[DueLine, ...]
    later: tuple[DueLine, ...]
    """Further off than `coming`, within the horizon."""
    ahead: tuple[DueLine, ...]
    """Set or published in the week, further off than the horizon."""
    money: tuple[Group[AmountLine], ...]
    """A group a kind and currency; groups are never added up."""
    money_read: MoneyRead
    sources: tuple[SourceWeek, ...]
    run: tuple[WeekCount, ...] = ()
    """The weeks up to this one, the oldest first."""
    money_run: tuple[MoneyRun, ...] = ()
    standing: tuple[StatusCount, ...] = ()
    """Policies about AI by status, the binding ones first."""
    lapsing: tuple[DueLine, ...] = ()
    """Policies whose end is known beforehand."""
    corrections: tuple[CorrectionLine, ...] = ()
    issued_late: date | None = None
    """The day up to which a missed week was looked at when its issue was written, after the next week's end."""
    copies: Mapping[str, ArchivedCopy] = field(default_factory=dict)
    """The archived copies of what is told, by evidence id."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words by which subscriptions find what lines are about, by the ids of policies and documents."""
    contact: str = ""
    """Where errors are reported; empty where it is not known."""
    site: str = ""
    """Address of the folder in which the edition's site is served; empty where it is not known."""
    subscription: str | None = None
    """The subscription whose lines alone it holds."""

    @property
    def year_money(self) -> tuple[MoneyRun, ...]:
        """The year's money in the currency that most documents name."""
        named = {run.currency: 0 for run in self.money_run}
        for run in self.money_run:
            named[run.currency] += run.year.documents
        main = max(sorted(named), key=named.__getitem__, default=None)
        return tuple(run for run in self.money_run if run.currency == main and run.year.documents)

    @property
    def moment(self) -> datetime:
        """The instant that the issue bears in every form: its limit of knowledge, else the end of its week in UTC."""
        return self.as_of or datetime.combine(self.week.until + timedelta(1), time(), UTC)

    @property
    def new_lines(self) -> tuple[NewLine, ...]:
        """All new lines, whatever their group; what stands under another is none of its own."""
        return tuple(line for group in self.new for line in group.lines)

    @property
    def asked(self) -> tuple[SourceWeek, ...]:
        """Sources that were asked for a day of the week; each of them is told of by itself."""
        return tuple(source for source in self.sources if not source.is_unasked)

    @property
    def current_changes(self) -> tuple[ChangeLine, ...]:
        """Changes dated in the week."""
        return tuple(line for line in self.changes if line.appearance == "now")

    @property
    def late_changes(self) -> tuple[ChangeLine, ...]:
        """Changes dated earlier that were published or first seen in the week."""
        return tuple(line for line in self.changes if line.appearance != "now")

    @property
    def due(self) -> tuple[DueLine, ...]:
        """All dates, whichever list they stand in."""
        return (*self.coming, *self.later, *self.ahead, *self.passed)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell but how well was looked."""
        return not (self.item_count or self.due or self.money or self.corrections)

    @property
    def is_quiet(self) -> bool:
        """Whether a subscription finds no line in it."""
        return not (self.new_lines or self.changes or self.due or self.lapsing)

    @property
    def item_count(self) -> int:
        """Lines about the week itself: new, changed, passed. What falls due later is counted apart."""
        return len(self.new_lines) + len(self.changes) + len(self.passed)
