"""Samples of `us_omb_memos`: the page of www.whitehouse.gov that lists memoranda.

Numbers, titles and days of what `memoranda.yml` holds are real; those above M-xx-900 and their subjects are made up.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from scrapers.samples.answers import text_answer
from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.host import SampleHost
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

HOST = "www.whitehouse.gov"
PATH = "/omb/information-resources/guidance/memoranda/"
ORDINARY_A_YEAR = 15


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The page; no corpus holds anything for it."""
    body = _page(read_memoranda())

    async def page(_: web.Request) -> web.Response:
        """The list as it is now."""
        return text_answer(body, content_type="text/html")

    return {HOST: SampleHost([web.get(PATH, page)])}


def read_memoranda() -> list[dict[str, Any]]:
    """Those of the data file and ordinary ones, the newest first."""
    templates = read_yaml(__file__, "filler.yml")
    dice = seeded_dice()
    made = [memorandum | {"note_of_sample": SAMPLE_NOTE} for memorandum in read_yaml(__file__, "memoranda.yml")]
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        for place in range(ORDINARY_A_YEAR):
            day = FIRST_DAY.replace(year=year, month=place * 8 // ORDINARY_A_YEAR + 2, day=dice.randrange(1, 28))
            title = Words(templates["words"], dice).fill(dice.choice(templates["titles"]))
            number = f"M-{year % 100}-{901 + place}"
            made.append({"number": number, "title": title, "day": day, "note_of_sample": FILLER_NOTE})
    return sorted(made, key=lambda memorandum: (memorandum["day"], memorandum["number"]), reverse=True)


def _page(memoranda: list[dict[str, Any]]) -> str:
    lines, year = [], None
    for memorandum in memoranda:
        if memorandum["day"].year != year:
            lines.append(f"{'</ul>' if year else ''}<h2>{memorandum['day'].year}</h2><ul>")
            year = memorandum["day"].year
        lines.append(_line(memorandum))
    return (
        '<!DOCTYPE html><html lang="en-US"><head><title>Memoranda – The White House</title></head>'
        f'<body><header><nav><a href="/omb/">OMB</a></nav></header><main><h1>Memoranda</h1>{"".join(lines)}</ul></main>'
        "</body></html>"
    )


def _line(memorandum: dict[str, Any]) -> str:
    day = memorandum["day"]
    file = f"/wp-content/uploads/{day:%Y/%m}/{memorandum['number']}-{slug(memorandum['title'], 60)}.pdf"
    note = " ".join(filter(None, (memorandum.get("note"), memorandum["note_of_sample"])))
    words = f"{memorandum['number']} {escape(memorandum['title'])}"
    return f'<li><a href="https://{HOST}{file}">{words}</a>&nbsp;({day:%B} {day.day}, {day.year}) {escape(note)}</li>'
