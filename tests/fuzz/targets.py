"""What is fuzzed: each takes any bytes and must come back, or refuse by name.

Belongs here: targets, and the answers that a search begins with. Does not belong here: the search itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import feedparser
import icalendar
import orjson

from pipelines.digest.calendar import CalendarDay, to_ics
from pipelines.digest.feed_items import Item, Items
from pipelines.digest.feeds import to_atom, to_json_feed
from pipelines.digest.render import escape_markdown
from pipelines.enrich.citations import find_citations
from pipelines.enrich.dates import find_dates, find_relative_dates
from pipelines.enrich.dispositions import parse_dispositions
from pipelines.enrich.money import find_amounts
from pipelines.enrich.obligations import find_obligations
from pipelines.enrich.relations import find_relations
from scrapers.contracts import Refusal
from scrapers.families.text import html_to_text, one_line
from scrapers.parse import parts_parser_of
from scrapers.registry import sources
from tests.contract.cases import cases_of

FINDINGS = Path(__file__).with_name("findings")
"""Bytes that broke a target once, a folder for each target; a test tries them all again."""
MOMENT = datetime(2026, 10, 5, 8, tzinfo=UTC)
ITEM = Item("urn:uuid:0", "us", "", "https://example.gov/a", "en", (), "https://example.org/r", (), MOMENT, MOMENT)
DAY = CalendarDay(
    ("policy", "closes"), date(2026, 10, 5), "", "", (), "https://example.gov/a", "0" * 16, "us", 0, MOMENT, None,
    None, None,
)  # fmt: skip
SENTENCES = (
    "Within 90 days of the date of this order, the Secretary of Commerce shall submit a report.",
    "up to $1.5 billion, over 100 million pounds, EUR 200bn, $5 to $6 million a year",
    "This rule implements EO 14110, 15 U.S.C. 9401(3), 89 FR 5698, RIN 0694-AJ35 and Regulation (EU) 2024/1689.",
    "EO 13984 of January 19, 2021, is revoked. Section 4 of M-24-10 is amended.",
    "Amends: EO 12345, May 1, 1990; Revoked by: EO 20000, January 20, 2025 (in part)",
    "Comments must be received on or before October 5, 2026; effective 30 days after publication.",
)


def parse(slug: str, body: bytes) -> None:
    """Read an answer of a source, in all its parts."""
    try:
        for part in parts_parser_of(slug)(body):
            orjson.dumps([document.model_dump(mode="json") for document in part.documents])
    except Refusal:
        return


def extract(find: Callable[[str], object], body: bytes) -> None:
    """Read a text."""
    find(body.decode(errors="replace"))


def feeds(body: bytes) -> None:
    """Show a text, as documents hold them, in every place of a feed; another's reader finds the one entry."""
    text = one_line(body.decode(errors="replace"), set()) or "x"
    item = replace(ITEM, title=text, url=text, language=text, paragraphs=(text,), tags=(text,))
    items = Items(MOMENT, (item,))
    read = feedparser.parse(to_atom(items))
    assert len(read.entries) == 1
    assert not read.bozo, read.bozo_exception
    assert len(orjson.loads(to_json_feed(items))["items"]) == 1


def calendar(body: bytes) -> None:
    """Show a text in every place of a calendar; another's reader finds the one event and no other property."""
    text = body.decode(errors="replace")
    usual = properties(replace(DAY, label="x", title="x", agencies=("x",), void="x"))
    assert properties(replace(DAY, label=text, title=text, agencies=(text,), void=text)) == usual


def properties(day: CalendarDay) -> list[str]:
    """The names of what an event says, as read back."""
    (event,) = icalendar.Calendar.from_ical(to_ics([day])).walk("VEVENT")
    return sorted(event)


EXTRACTORS: dict[str, Callable[[str], object]] = {
    "money": lambda text: find_amounts(text, "US"),
    "dates": lambda text: (find_dates(text), find_relative_dates(text, MOMENT.date())),
    "citations": find_citations,
    "relations": find_relations,
    "obligations": find_obligations,
    "dispositions": parse_dispositions,
    "html": lambda text: html_to_text(text, set()),
    "markdown": escape_markdown,
}
TARGETS: dict[str, Callable[[bytes], None]] = {
    **{f"parse_{slug}": partial(parse, slug) for slug in sources()},
    **{name: partial(extract, find) for name, find in EXTRACTORS.items()},
    "feeds": feeds,
    "calendar": calendar,
}


def seeds(target: str) -> Iterator[bytes]:
    """What a search begins with: our own fixtures of a source, sentences for the rest, and what was found before."""
    if target.startswith("parse_"):
        yield from (case.answer.read_bytes() for case in cases_of(target.removeprefix("parse_")))
    else:
        yield from (sentence.encode() for sentence in SENTENCES)
    yield from (finding.read_bytes() for finding in findings(target))


def findings(target: str) -> list[Path]:
    """The kept findings of a target."""
    return sorted((FINDINGS / target).glob("*"))
