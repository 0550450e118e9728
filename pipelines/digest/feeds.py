"""Feeds of the digest's items: Atom and JSON Feed, of everything and of each track; and what of them an edition holds.

Belongs here: entries, their ids and instants, which issues an edition can tell, which files the folder of feeds has.
Does not belong here: what an item says (build.py) and calendars (calendar.py). An edition's feeds are written while it
is staged, so they and the calendars are part of it: equal bytes for an equal edition.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from feedgen.feed import FeedGenerator
from markupsafe import Markup

from pipelines.digest import queries, wording
from pipelines.digest.build import DATABASE, read_digest
from pipelines.digest.calendar import read_calendar, to_ics
from pipelines.digest.model import ChangeLine, Digest, DueLine, NewLine, Reference, Week
from pipelines.digest.render import short_id
from pipelines.digest.sheets import items_sheet
from pipelines.workbook import Sheet
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

ISSUES = 8
"""Issues whose items a feed holds."""
ALL = "all"
FEEDS = (ALL, *wording.TRACKS)
NAMESPACE = uuid.UUID("6f6c1d0e-4a5b-5c57-9d3e-2f0a8b1c7d94")
"""Never to be changed: every id of an entry is derived from it."""


@dataclass(frozen=True)
class _Entry:
    """An item of an issue, as both kinds of feed tell it."""

    id: str
    issue: Digest
    title: str
    url: str | None
    language: str | None
    summary: str
    content: Markup
    tags: tuple[str, ...]


def write_feeds(edition: Path, out: Path) -> None:
    """Write ``{all,<track>}.{atom,json,ics}`` of the last issues that an edition can tell, and of its dates.

    The issues are those of the last whole weeks before the edition's own moment. Raises FileNotFoundError where the
    folder holds no edition.
    """
    digests = last_issues(edition, ISSUES)
    days = read_calendar(edition)
    for feed in FEEDS:
        track = None if feed == ALL else feed
        write_whole(out / f"{feed}.atom", to_atom(digests, track))
        write_whole(out / f"{feed}.json", to_json_feed(digests, track))
        write_whole(out / f"{feed}.ics", to_ics(days, track))


def last_issues(edition: Path, number: int) -> tuple[Digest, ...]:
    """The digests of the last whole weeks before the edition's moment, the newest first."""
    database = edition / DATABASE
    if not database.is_file():
        raise FileNotFoundError(
            f"expected an edition with {DATABASE} in {edition}, found none; name an edition's folder"
        )
    with duckdb.connect(str(database), read_only=True) as connection:
        [held] = queries.ask(connection, queries.EDITION)
    newest = Week.last_before(held["as_of_day"])
    return tuple(read_digest(edition, newest.back(weeks), None) for weeks in range(number))


def last_digest_sheet(edition: Path) -> Sheet:
    """The items of the last issue that an edition can tell, for its workbook; errors as for `write_feeds`."""
    [digest] = last_issues(edition, 1)
    return items_sheet(digest)


def to_atom(digests: Sequence[Digest], track: str | None = None) -> bytes:
    """The items of the issues, newest first, as an Atom feed (RFC 4287); of one track where it is named."""
    name = track or ALL
    feed = FeedGenerator()
    feed.id(_urn("feed", name))
    feed.title(_title(track))
    feed.subtitle("Government policy on artificial intelligence, from official sources.")
    feed.author(name="AI policy tracker")
    feed.generator("AI policy tracker")
    feed.language("en-GB")
    # Relative: an edition does not know where it will be served from.
    feed.link(href=f"{name}.atom", rel="self", type="application/atom+xml")
    feed.link(href=f"{name}.json", rel="alternate", type="application/feed+json")
    feed.updated(max(digest.moment for digest in digests))
    for held in _entries(digests, track):
        entry = feed.add_entry(order="append")
        entry.id(held.id)
        entry.title(held.title)
        entry.published(held.issue.moment)
        entry.updated(held.issue.moment)
        if held.url:
            entry.link(href=held.url, rel="alternate")
        entry.summary(held.summary)
        entry.content(str(held.content), type="html")
        entry.category([{"term": tag} for tag in held.tags])
    told: bytes = feed.atom_str(pretty=True)
    return told


def to_json_feed(digests: Sequence[Digest], track: str | None = None) -> bytes:
    """The items of the issues, newest first, as a JSON Feed (version 1.1); of one track where it is named."""
    items = [
        {
            "id": held.id,
            **({"url": held.url} if held.url else {}),
            "title": held.title,
            "summary": held.summary,
            "content_html": str(held.content),
            "date_published": utc_text(held.issue.moment),
            "date_modified": utc_text(held.issue.moment),
            "tags": held.tags,
            **({"language": held.language} if held.language else {}),
        }
        for held in _entries(digests, track)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(track),
        "description": "Government policy on artificial intelligence, from official sources.",
        "language": "en-GB",
        "authors": [{"name": "AI policy tracker"}],
        "items": items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=2) + "\n").encode()


def _title(track: str | None) -> str:
    return "AI policy" if track is None else f"AI policy: {wording.track_title(track)}"


def _urn(*parts: str) -> str:
    return uuid.uuid5(NAMESPACE, "\n".join(parts)).urn


def _entries(digests: Sequence[Digest], track: str | None) -> Iterator[_Entry]:
    for digest in sorted(digests, key=lambda digest: digest.week.since, reverse=True):
        lines: tuple[NewLine | ChangeLine | DueLine, ...] = (*digest.new_lines, *digest.changes, *digest.passed)
        for line in lines:
            if track is None or line.track == track:
                yield _entry(digest, line)


def _entry(digest: Digest, line: NewLine | ChangeLine | DueLine) -> _Entry:
    year = digest.week.until.year
    what, told = _told(line, year)
    evidence = f"Evidence {short_id(line.evidence_id)} of the edition." if line.evidence_id else None
    shown = [text for text in (wording.notice(digest), *told, evidence) if text]
    track = (wording.track_title(line.track),) if line.track else ()
    tags = (*track, line.jurisdiction, wording.capital(line.instrument))
    return _Entry(
        id=_urn("item", digest.week.name, line.anchor),
        issue=digest,
        title=what,
        url=line.what.url,
        language=line.what.language,
        summary=" ".join(shown),
        content=Markup("\n").join(Markup("<p>{}</p>").format(text) for text in shown),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )


def _told(line: NewLine | ChangeLine | DueLine, year: int) -> tuple[str, list[str | None]]:
    """The title of an entry and its paragraphs."""
    named = f"{line.what.name}: {line.what.title}" if line.what.name else line.what.title
    match line:
        case NewLine():
            who = _facts(wording.capital(line.instrument), "; ".join(line.agencies), line.jurisdiction)
            status = wording.status(line.status, line.status_since, line.dates, year)
            deeds = [
                f"{wording.capital(deed.verb)}: {'; '.join(_name(what) for what in deed.targets)}."
                for deed in line.deeds
            ]
            quoted = f"Its first section begins: “{line.abstract}”" if line.is_abstract_quoted else line.abstract
            return named, [who, quoted, *deeds, _facts(wording.dates(line.dates, year), status)]
        case ChangeLine():
            by = f"By {_name(line.by)}." if line.by else None
            fields = [f"{wording.field_change(change)}." for change in line.fields]
            quote = f"“{line.quote}”" if line.quote else None
            note = f"The source says: “{line.note}”" if line.note else None
            kind = _facts(wording.capital(line.instrument), wording.dates(line.dates, year))
            return f"{wording.change_verb(line)}: {named}", [by, kind, note, *fields, quote]
        case DueLine():
            void = f"No longer applies: {line.void}." if line.void else None
            who = _facts(wording.capital(line.instrument), "; ".join(line.agencies), wording.day(line.day, year))
            return f"{wording.capital(line.label)}: {named}", [who, void]


def _name(what: Reference) -> str:
    return f"{what.name}, {what.title}" if what.name and what.name != what.title else what.title


def _facts(*parts: str | None) -> str:
    return f"{' · '.join(part for part in parts if part)}."
