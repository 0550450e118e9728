"""The news feed of www.nist.gov: its newest forty items, with titles escaped twice and times of the East Coast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

SITE = "https://www.nist.gov"
NEWEST = 40
ORDINARY = 60
EASTERN = ZoneInfo("America/New_York")
SLUG_CHARS = 90


@dataclass(frozen=True)
class Item:
    """One item of news."""

    title: str
    day: date
    teaser: str

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"{SITE}/news-events/news/{self.day:%Y/%m}/{slug(self.title, SLUG_CHARS)}"


def feed() -> str:
    """The feed."""
    known = [
        Item(raw["title"], raw["day"], f"{raw['teaser']} {SAMPLE_NOTE}") for raw in read_yaml(__file__, "news.yml")
    ]
    items = sorted([*known, *_ordinary(read_yaml(__file__, "filler.yml")["news"])], key=_age, reverse=True)
    shown = "".join(_written(item) for item in items[:NEWEST])
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xml:base="{SITE}/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>News</title>
    <link>{SITE}/</link>
    <description/>
    <language>en</language>
{shown}  </channel>
</rss>
"""


def _age(item: Item) -> tuple[date, str]:
    return item.day, item.title


def _ordinary(templates: dict[str, Any]) -> list[Item]:
    dice = seeded_dice()
    made = []
    for count in range(ORDINARY):
        words = Words(templates["words"], dice)
        title = words.fill(dice.choice(templates["titles"]))
        made.append(
            Item(
                title,
                LAST_DAY - timedelta(7 * count + dice.randrange(5)),
                f"{words.fill(templates['teaser'])} {FILLER_NOTE}",
            )
        )
    return made


def _written(item: Item) -> str:
    at = datetime.combine(item.day, time(12), EASTERN)
    return f"""    <item>
  <title>{escape(escape(item.title))}</title>
  <link>{item.url}</link>
  <description>{escape(f"<p>{escape(item.teaser)}</p>")}</description>
  <pubDate>{format_datetime(at)}</pubDate>
  <dc:creator>Sample Author</dc:creator>
  <guid isPermaLink="true">{item.url}</guid>
    </item>
"""
