"""The registry of sources: one YAML file a source, read strictly.

Belongs here: loading and checking `sources/<slug>.yml`. Does not belong here: anything a spider does.
A new source is found by its file; there is no list to edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from scrapers.contracts import Availability, PolicyDocument

SOURCES_DIR = Path(__file__).parent / "sources"


DateField = Literal[
    "published_date", "signed_date", "effective_date", "comments_open_date", "comments_close_date", "closes_date",
    "closes_dates", "withdrawn_at", "filed_at",
]  # fmt: skip
"""Dates of a document that a contract may name."""


RequiredField = Literal["title", "document_type", "published_date", "publishers"]
"""Fields of a document that a contract may require."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"expected a time zone such as Europe/London, got {name!r}") from error
    return name


Days = Literal["daily", "mon-fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LocalTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""An hour and minute such as 08:45, in quotes: YAML reads it as a number otherwise."""
TimeZone = Annotated[str, AfterValidator(_known_zone)]
CalendarName = Literal["us_federal", "uk_england", "eu_institutions", "canada", "every_day"]
"""What each leaves out stands in `scrapers/calendars.py`."""


def _day_of_year(text: str) -> str:
    date.fromisoformat(f"2024-{text}")
    return text


DayOfYear = Annotated[str, AfterValidator(_day_of_year)]
"""Month and day, such as 08-01."""


class Rhythm(_Strict):
    """When the source is worth asking, in its own time zone."""

    days: Days
    at: tuple[LocalTime, ...] = Field(min_length=1)
    """Local times, the earliest first."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.at) != sorted(set(self.at)):
            raise ValueError(f"expected each time once, the earliest first, got {', '.join(self.at)}")
        return self


class Recess(_Strict):
    """Days of every year on which silence is no fault; may run over the turn of the year."""

    since: DayOfYear
    until: DayOfYear

    def holds(self, day: date) -> bool:
        """Whether a day falls into it."""
        here = f"{day:%m-%d}"
        if self.since <= self.until:
            return self.since <= here <= self.until
        return here >= self.since or here <= self.until


class Publisher(_Strict):
    """Who stands behind the source."""

    name: str
    jurisdiction: str
    """ISO 3166-1 or -2 code, or EU."""
    is_official: bool = True
    page: str
    """The source's own page for people."""


class Politeness(_Strict):
    """How gently the hosts are asked."""

    delay_seconds: float = Field(ge=0)
    concurrent_requests: int = Field(ge=1, le=8)
    timeout_seconds: int = Field(ge=1)
    max_retries: int = Field(ge=0, le=10)
    obey_robots: bool = True


class Bounds(_Strict):
    """What a healthy crawl looks like; below the minimum the source is withheld, above the maximum it warns."""

    min_documents_per_week: int = Field(ge=0)
    """Owed by every whole week of the window; days that make no week owe nothing. A snapshot owes it in each crawl,
    whatever the window. Stand-ins owe one document in all, if this is not 0."""
    max_documents_per_week: int = Field(gt=0)
    """Of a snapshot the most of one crawl."""
    max_drop: float = Field(default=0.6, gt=0, le=1)
    """The share by which a crawl finds so much less than the last good ones of the same kind that the source is
    withheld; with 1 only a crawl that finds nothing at all is."""
    max_jump: float = Field(default=3.0, gt=0)
    """The share by which it finds so much more that a person is told: 3 is four times as much."""
    must_match_official_count: bool = True
    max_rejected_share: float = Field(default=0.01, ge=0, le=1)
    max_body_bytes: int = Field(default=64_000_000, gt=0)
    max_ahead_days: int = Field(default=7, ge=0)
    """How far into the future the source may date a publication."""


class KnownFields(_Strict):
    """The names that one kind of record has shown; any other is drift."""

    asked: tuple[str, ...] = ()
    """What is asked for, where the source answers with chosen fields."""
    others: tuple[str, ...] = ()
    """What else it has shown."""
    housekeeping: tuple[str, ...] = ()
    """Names that move without the document changing: kept, never hashed."""
    inside: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The names of the objects inside, by their path: ``agencies``, ``synopsis.applicantTypes``, ``links.*`` for
    whatever name, ``blocks.**`` for ``blocks`` and whatever stands in them however deep. The name ``*`` allows all
    names, and nothing below is looked at."""
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The values that a field with a closed vocabulary has shown, by its path; any other is drift."""

    @cached_property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.asked, *self.others, *self.housekeeping))

    def names_at(self, path: tuple[str, ...]) -> frozenset[str]:
        """The names of the record itself, or of the objects at a path inside; none where no path is stated."""
        if path not in self._names_at:
            alike = (known for known in self.inside if _is_at(known.split("."), path))
            best = max(alike, key=_nearness, default=None)
            self._names_at[path] = frozenset(self.inside[best]) if best else frozenset()
        return self._names_at[path]

    def closed_at(self, path: tuple[str, ...]) -> frozenset[str]:
        """Those of the names at a path whose fields have closed vocabularies."""
        if path not in self._closed_at:
            named = frozenset(name for name in self.names_at(path) if ".".join((*path, name)) in self.values)
            self._closed_at[path] = named
        return self._closed_at[path]

    @cached_property
    def _closed_at(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {}

    @cached_property
    def _names_at(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {(): self.names}


def _is_at(known: Sequence[str], path: Sequence[str]) -> bool:
    if known[-1] == "**":
        known, path = known[:-1], path[: len(known) - 1]
    return len(known) == len(path) and all(name in ("*", here) for name, here in zip(known, path, strict=True))


def _nearness(known: str) -> tuple[int, bool]:
    """How much a stated path says of the one it stands for: the names that it states, then how deep it reaches."""
    names = known.split(".")
    return sum(not name.startswith("*") for name in names), names[-1] != "**"


class ApiKey(_Strict):
    """A key that the source demands. It travels in a header only, never in an address."""

    variable: str = Field(pattern=r"^AIPOLICY_[A-Z_]+_KEY$")
    """Environment variable that holds it; without it the source is not asked, unless the key is optional."""
    header: str
    """Request header that carries it."""
    host: str | None = None
    """The one host, without scheme, that it is sent to; all hosts of the source when absent."""
    is_optional: bool = False
    """Whether the source is asked in another way without it."""


class IdentifierScheme(_Strict):
    """A kind of official identifier that this source issues."""

    scheme: str
    description: str
    is_alias: bool
    """Whether a policy may be looked up by it, where it names one alone."""
    is_page: bool = False
    """Whether it names a page, which may tell of an act that has a number of its own."""
    strength: int | None = None
    """Order in which a policy is named by it, lowest first; without one it names none."""
    policy_prefix: str | None = None
    """Beginning of the ids of policies named by it."""

    @model_validator(mode="after")
    def _names_whole(self) -> Self:
        if (self.strength is None) != (self.policy_prefix is None):
            raise ValueError(f"{self.scheme}: expected strength and policy_prefix together, got one of them")
        return self


class InstrumentRule(_Strict):
    """Reads the source's own words as an instrument; the first rule of a source that matches decides."""

    type: str
    """The source's type of document."""
    subtype: str | None = None
    """The source's subtype; any when absent."""
    identifier: str | None = None
    """Scheme of an identifier that the document must bear."""
    action: str | None = None
    """Regular expression over the source's words for the action, case ignored."""
    title: str | None = None
    """Regular expression over the title of a document without an action, case ignored."""
    instrument: str
    """A value of `dbt/seeds/instrument.csv`."""
    note: str | None = None
    """Why."""


class SourceConfig(_Strict):
    """One source as its contract states it."""

    slug: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    description: str
    publisher: Publisher
    hosts: tuple[str, ...]
    """Every host the spider may ask, with scheme, e.g. ``https://www.gov.uk``."""
    owner: str = Field(pattern=r"^(team:[\w-]+|[^@\s]+@[^@\s]+)$")
    """Who looks after it: a team or a mail address."""
    channel: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    """Name of the channel that hears of its faults; `alerts.yml` of the state folder says where it leads."""
    time_zone: TimeZone
    rhythm: Rhythm
    calendar: CalendarName
    """The days on which its publisher works."""
    recess: tuple[Recess, ...] = ()
    quiet_days: int | None = Field(default=None, ge=1)
    """So many publishing days may pass without anything new; one more is a fault. Without it the source may stay
    silent for as long as it likes."""
    listing: Literal["window", "changes", "snapshot"]
    """window: the source can be asked for days of publication; changes: for days on which documents were changed or
    posted, whenever they were published; snapshot: it shows what is open now."""
    document_id: str
    """The rule by which document ids are made; prose for people, kept true by the contract tests."""
    rank: int
    """When two sources describe one publication, the lower rank leads."""
    licence: str
    terms: str
    """Where the terms of use are, and what they ask of us."""
    official_count: str
    """What total the source itself states; "none" where it states none."""
    amendments: str
    """How the source shows that a document was changed, corrected or withdrawn."""
    verified: Literal["recorded", "documented"]
    """recorded: held against real recorded answers; documented: written from documentation alone."""
    recordings: tuple[str, ...] = ()
    """Paths of the real recordings in the corpus's manifest that it was held against; required where `recorded`."""
    key: ApiKey | None = None
    shaping_parameters: tuple[str, ...] = ()
    """Parameters (of the address, or names of a JSON body) that shape an answer without choosing what it is about:
    fields, page size, order. A replay finds answers also when these have changed since; never what a page starts at."""
    politeness: Politeness
    bounds: Bounds
    identifiers: tuple[IdentifierScheme, ...] = ()
    instruments: tuple[InstrumentRule, ...] = ()
    """Types that no rule names keep a null instrument."""
    instruments_of: str | None = None
    """Slug of a source whose types of document these are."""
    required: dict[Literal["full", "listing"], tuple[RequiredField, ...]] = Field(default_factory=dict)
    """What each document of a depth states: one without it is flagged, and a check of the source tells where none has
    it."""
    date_fields: dict[Literal["full", "listing"], dict[DateField, str]] = Field(default_factory=dict)
    """The source's own names of dates, by depth: evidence quotes them. A date that is not here keeps our name."""
    date_events: dict[DateField, str] = Field(default_factory=dict)
    """Values of `dbt/seeds/event.csv`: what a date says that is not what its name and the instrument make of it."""
    known_fields: dict[str, KnownFields] = Field(default_factory=dict)
    """By kind of record."""
    notes: str = ""

    @property
    def cadence(self) -> Literal["daily", "weekly"]:
        """How often it is asked."""
        return "daily" if self.rhythm.days in ("daily", "mon-fri") else "weekly"

    def is_replaced(self, base_urls: Mapping[str, str]) -> bool:
        """Whether another address stands in for any host of the source; `base_urls` are by host."""
        return any(urlsplit(host).netloc in base_urls for host in self.hosts)

    @model_validator(mode="after")
    def _events_of_named_dates(self) -> Self:
        for depth, names in self.date_fields.items():
            if missing := set(self.date_events) - set(names):
                raise ValueError(f"expected names under date_fields.{depth} of {', '.join(sorted(missing))}")
        if self.date_events and not self.date_fields:
            raise ValueError("expected date_fields beside date_events")
        return self

    @model_validator(mode="after")
    def _recess_of_something(self) -> Self:
        if self.recess and self.quiet_days is None:
            raise ValueError("expected quiet_days beside recess: without them no silence is a fault")
        return self

    @model_validator(mode="after")
    def _verified_by_something(self) -> Self:
        if (self.verified == "recorded") != bool(self.recordings):
            raise ValueError("expected recordings where verified is recorded, and only there")
        return self


def load_source(path: Path) -> SourceConfig:
    """Read one source file.

    Raises ValueError naming the file, the key and what was expected.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)  # ten times as quick
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: expected YAML of plain values, got: {error}; mend the file") from error
    if not isinstance(raw, dict):
        raise ValueError(f"{path.name}: expected a mapping of settings, got {type(raw).__name__}")  # noqa: TRY004  one error type for a bad file
    try:
        return SourceConfig(slug=path.stem, **raw)
    except ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error


@cache
def sources() -> dict[str, SourceConfig]:
    """All sources by slug, in the order of their slugs."""
    return {path.stem: load_source(path) for path in sorted(SOURCES_DIR.glob("*.yml"))}


@cache
def identifier_schemes() -> dict[str, IdentifierScheme]:
    """Every kind of official identifier, by name.

    Raises ValueError when two sources issue the same one.
    """
    schemes: dict[str, IdentifierScheme] = {}
    for slug, config in sources().items():
        for scheme in config.identifiers:
            if scheme.scheme in schemes:
                raise ValueError(f"{slug}.yml: expected one issuer of the identifier {scheme.scheme}, got a second")
            schemes[scheme.scheme] = scheme
    return schemes


def instrument_rules(config: SourceConfig) -> tuple[InstrumentRule, ...]:
    """The rules that read a source's documents as instruments: its own, then those of the source it names.

    Raises KeyError when it names none that there is.
    """
    return config.instruments + (source(config.instruments_of).instruments if config.instruments_of else ())


def source(slug: str) -> SourceConfig:
    """One source.

    Raises KeyError listing the known slugs.
    """
    known = sources()
    if slug not in known:
        raise KeyError(f"no source {slug!r}; known sources: {', '.join(known)}")
    return known[slug]


def missing(document: PolicyDocument) -> list[str]:
    """The fields that the source's contract requires of a document of this depth and that it has not; what is only
    filed, withdrawn or gone owes no day of publication.
    """
    config = sources().get(document.source_id)
    required = config.required.get(document.depth.value, ()) if config else ()
    is_out = document.availability is Availability.AVAILABLE
    return [name for name in required if not getattr(document, name) and (is_out or name != "published_date")]
