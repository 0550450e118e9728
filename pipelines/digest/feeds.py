"""Feeds of the digest's items: Atom and JSON Feed, of everything and of each track; and what of them an edition holds.

Belongs here: the two formats, which files the folder of feeds has. Does not belong here: which items there are and what
they say (feed_items.py), calendars (calendar.py). An edition's feeds are written while it is staged, so they and the
calendars are part of it: equal bytes for an equal edition, and equal issues and calendars before it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from feedgen.feed import FeedGenerator
from markupsafe import Markup

from pipelines.digest import wording
from pipelines.digest.calendar import read_calendar, to_ics
from pipelines.digest.calendar_before import Before, read_before
from pipelines.digest.feed_items import Item, Items, last_week, read_items, urn
from pipelines.digest.known import held_open
from pipelines.digest.reader import read_digest
from pipelines.digest.sheets import items_sheet
from pipelines.workbook import Sheet
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

WEEKS = 8
"""Whole weeks whose items a feed holds."""
ALL = "all"
CURRENT = "current"
"""The edition that readers have, whose calendars they know."""
FEEDS = (ALL, *wording.TRACKS)
_MOMENT = len("20260101T000000Z")
"""What of an edition's name is its moment."""


def write_feeds(edition: Path, out: Path, digests: Path | None = None, editions: Path | None = None) -> None:
    """Write ``{all,<track>}.{atom,json,ics}`` of the last whole weeks before an edition's moment, and of its dates.

    ``digests`` holds the regular issues, which are told as they were issued, and ``editions`` those they were written
    from, and those whose calendars are followed. Raises FileNotFoundError where the folder holds no edition.
    """
    with held_open(edition):
        items = read_items(edition, WEEKS, digests, editions)
        days = read_calendar(edition)
        known = [] if editions is None else _known(editions)
        calendars = {feed: _before(known, feed, edition) for feed in FEEDS}
    everywhere = calendars[ALL]
    for feed in FEEDS:
        track, before = None if feed == ALL else feed, calendars[feed]
        if before is not None and everywhere is not None:
            before = replace(before, everywhere=everywhere.events)
        write_whole(out / f"{feed}.atom", to_atom(items, track))
        write_whole(out / f"{feed}.json", to_json_feed(items, track))
        write_whole(out / f"{feed}.ics", to_ics(days, track, before))


def _known(editions: Path) -> list[Path]:
    """The edition that readers have, and those of its moment or later, from which an operator may have gone back.

    Where the one that readers have was moved away, the newest that is left.
    """
    kept = sorted(editions.glob("[0-9]*"))
    current = editions / CURRENT
    if not current.exists():
        return kept[-1:]
    name = current.resolve().name
    return [current, *(one for one in kept if one.name != name and one.name[:_MOMENT] >= name[:_MOMENT])]


def _before(known: Sequence[Path], feed: str, edition: Path) -> Before | None:
    return read_before([one / "feeds" / f"{feed}.ics" for one in known], edition)


def last_digest_sheet(edition: Path) -> Sheet:
    """The items of the last issue that an edition can tell, for its workbook; errors as for `write_feeds`."""
    return items_sheet(read_digest(edition, last_week(edition), None))


def to_atom(items: Items, track: str | None = None) -> bytes:
    """The items, the latest told first, as an Atom feed (RFC 4287); of one track where it is named."""
    name = track or ALL
    feed = FeedGenerator()
    held = items.of_track(track)
    feed.id(urn("feed", name))
    feed.title(_title(track))
    feed.subtitle("Government policy on artificial intelligence, from official sources.")
    feed.author(name="AI policy tracker")
    feed.generator("AI policy tracker")
    feed.language("en-GB")
    # Relative: an edition does not know where it will be served from.
    feed.link(href=f"{name}.atom", rel="self", type="application/atom+xml")
    feed.link(href=f"{name}.json", rel="alternate", type="application/feed+json")
    feed.updated(max([items.moment, *(item.updated for item in held)]))
    for item in held:
        entry = feed.add_entry(order="append")
        entry.id(item.id)
        entry.title(item.title)
        entry.published(item.published)
        entry.updated(item.updated)
        if item.url:
            entry.link(href=item.url, rel="alternate")
        entry.summary(" ".join(item.paragraphs))
        entry.content(str(_content(item)), type="html")
        entry.category([{"term": tag} for tag in item.tags])
    told: bytes = feed.atom_str(pretty=True)
    return told


def to_json_feed(items: Items, track: str | None = None) -> bytes:
    """The items, the latest told first, as a JSON Feed (version 1.1); of one track where it is named."""
    held = [
        {
            "id": item.id,
            **({"url": item.url} if item.url else {}),
            "title": item.title,
            "summary": " ".join(item.paragraphs),
            "content_html": str(_content(item)),
            "date_published": utc_text(item.published),
            "date_modified": utc_text(item.updated),
            "tags": item.tags,
            **({"language": item.language} if item.language else {}),
        }
        for item in items.of_track(track)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(track),
        "description": "Government policy on artificial intelligence, from official sources.",
        "language": "en-GB",
        "authors": [{"name": "AI policy tracker"}],
        "items": held,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=2) + "\n").encode()


def _title(track: str | None) -> str:
    return "AI policy" if track is None else f"AI policy: {wording.track_title(track)}"


def _content(item: Item) -> Markup:
    """The paragraphs of an item as HTML, and where an error in it is reported."""
    report = Markup('<p><a href="{}">Report an error</a></p>').format(item.report_url)
    return Markup("\n").join([*(Markup("<p>{}</p>").format(text) for text in item.paragraphs), report])
