"""The table and the feed of wp.oecd.ai: a row for each instrument of an initiative, and the newest ten posts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

COLUMNS = (
    "Policy initiative ID", "Platform URL", "English name", "Original name(s)", "Country", "Start date", "Description",
    "Theme area(s)", "Theme(s)", "Background", "Objective(s)", "Target group type(s)", "Target group(s)",
    "Responsible organisation(s)", "Yearly budget range", "Has funding from private sector ?", "Public access URL",
    "Is a structural reform ?", "Is evaluated ?", "AI Principle(s)", "AI Policy Area(s)", "Policy instrument ID",
    "Policy instrument type category", "Policy instrument type", "Policy instrument name",
)  # fmt: skip
FIRST_ID = 900_000
ORDINARY = 80
POSTS = 10
PLATFORM = "https://oecd.ai/en/dashboards/policy-initiatives"


def table() -> str:
    """The table, with the mark that spreadsheets put before UTF-8."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="")
    writer.writeheader()
    for number, initiative in enumerate(_initiatives()):
        instruments = initiative.pop("instruments")
        for place, kind in enumerate(instruments):
            row = {
                "Policy initiative ID": FIRST_ID + number,
                "Platform URL": f"{PLATFORM}/{FIRST_ID + number}",
                **initiative,
            }
            row |= {"Policy instrument ID": 10 * number + place, "Policy instrument type": kind}
            writer.writerow(row)
    return f"\ufeff{stream.getvalue()}"


def feed() -> str:
    """The newest posts; all are made up."""
    dice, words = seeded_dice(), read_yaml(__file__, "filler.yml")["words"]
    items = ""
    for count in range(POSTS):
        title = Words(words, dice).fill("Sample post on counting {thing} in {place}")
        at = datetime.combine(LAST_DAY - timedelta(6 * count), time(8), UTC)
        link = f"https://oecd.ai/en/wonk/{slug(title, 100)}-{count}"
        appeared = (
            f'<p>The post <a href="{link}">{title}</a> appeared first on <a href="https://wp.oecd.ai">OECD.AI</a>.</p>'
        )
        items += (
            f"<item><title>{escape(title)}</title><link>{link}</link><dc:creator><![CDATA[Sample Author]]></dc:creator>"
            f"<pubDate>{format_datetime(at)}</pubDate><category><![CDATA[Samples]]></category>"
            f'<guid isPermaLink="false">https://wp.oecd.ai/?p={FIRST_ID + count}</guid>'
            f"<description><![CDATA[<p>{FILLER_NOTE} [&#8230;]</p>\n{appeared}]]></description>"
            f"<content:encoded><![CDATA[<p>{FILLER_NOTE}</p>\n{appeared}]]></content:encoded></item>\n"
        )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = "<title>OECD.AI</title><link>https://wp.oecd.ai</link><description></description>"
    channel = f"<channel>{head}\n{items}</channel>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}>\n{channel}</rss>\n'


def _initiatives() -> Iterator[dict[str, Any]]:
    for raw in read_yaml(__file__, "initiatives.yml"):
        yield {**raw, "Description": f"{raw['Description']} {SAMPLE_NOTE}"}
    dice, filler = seeded_dice(), read_yaml(__file__, "filler.yml")
    for count in range(ORDINARY):
        words = Words(filler["words"], dice)
        yield {
            "English name": words.fill(dice.choice(filler["names"])),
            "Country": words["place"],
            "Start date": str(2019 + count % 8),
            "Description": f"{words.fill('A plan about {thing}.')} {FILLER_NOTE}",
            "Theme(s)": "Samples;Other samples",
            "Responsible organisation(s)": words.fill("Sample Ministry of {thing}"),
            "Yearly budget range": dice.choice(("Less than 1M", "1M-5M", "Not available")),
            "instruments": ["Sample instrument"] * dice.choice((1, 1, 2)),
        }
