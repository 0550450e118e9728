"""Samples of `us_omb_memos`: the page of www.whitehouse.gov that lists memoranda, and their PDF files.

Numbers, titles and days of what `memoranda.yml` holds are real; those above M-xx-900 and their subjects are made up.
The texts are our own words and say so.
"""

from __future__ import annotations

import textwrap
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from scrapers.samples.answers import text_answer
from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.host import SampleHost
from scrapers.samples.pdf_files import pdf_of_pages
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

HOST = "www.whitehouse.gov"
PATH = "/omb/information-resources/guidance/memoranda/"
ORDINARY_A_YEAR = 15
WIDTH, LONG_WORD = 88, 9


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The page and its files; no corpus holds anything for it."""
    memoranda = read_memoranda()
    body = _page(memoranda)
    by_path = {_file(memorandum): memorandum for memorandum in memoranda}

    async def page(_: web.Request) -> web.Response:
        """The list as it is now."""
        return text_answer(body, content_type="text/html")

    async def file(request: web.Request) -> web.Response:
        """One memorandum in PDF."""
        memorandum = by_path.get(request.path)
        if memorandum is None:
            return text_answer("<html><head><title>Page not found</title></head></html>", 404, "text/html")
        return web.Response(body=pdf_of_pages(text_of(memorandum)), content_type="application/pdf")

    return {HOST: SampleHost([web.get(PATH, page), web.get("/wp-content/uploads/{tail:.+}", file)])}


def text_of(memorandum: dict[str, Any]) -> list[list[str]]:
    """The pages of a memorandum, set as the Office sets them: a head, paragraphs, footnotes, a foot with the page."""
    day, number = memorandum["day"], memorandum["number"]
    subject = textwrap.wrap(f"SUBJECT:    {memorandum['title']}", WIDTH)
    head = [
        "EXECUTIVE OFFICE OF THE PRESIDENT", "OFFICE OF MANAGEMENT AND BUDGET", "",
        f"{day:%B} {day.day}, {day.year}", "", number, "",
        "MEMORANDUM FOR THE HEADS OF EXECUTIVE DEPARTMENTS AND AGENCIES", "",
        "FROM:       The Director", "", *subject, "",
    ]  # fmt: skip
    texts = memorandum.get("text") or [f"This memorandum is about this: {memorandum['title']}."]
    note = f"1 {memorandum['note_of_sample']}"
    first = [*head, *_set(texts[0]), "", *textwrap.wrap(note, WIDTH)]
    rest = [line for text in (*texts[1:], memorandum["note_of_sample"]) for line in (*_set(text), "")]
    return [[*first, "", "1"], [f"OMB Memorandum {number}", "", *rest, "2"]]


def _set(text: str) -> list[str]:
    """A paragraph in lines; every other line ends inside a word, where that is long enough."""
    lines = textwrap.wrap(text, WIDTH)
    for number in range(0, len(lines) - 1, 2):
        word, _, rest = lines[number + 1].partition(" ")
        if len(word) >= LONG_WORD and word.isalpha() and word.islower():
            lines[number], lines[number + 1] = f"{lines[number]} {word[:4]}-", f"{word[4:]} {rest}".rstrip()
    return lines


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
    file = _file(memorandum)
    note = " ".join(filter(None, (memorandum.get("note"), memorandum["note_of_sample"])))
    words = f"{memorandum['number']} {escape(memorandum['title'])}"
    return f'<li><a href="https://{HOST}{file}">{words}</a>&nbsp;({day:%B} {day.day}, {day.year}) {escape(note)}</li>'


def _file(memorandum: dict[str, Any]) -> str:
    return f"/wp-content/uploads/{memorandum['day']:%Y/%m}/{memorandum['number']}-{slug(memorandum['title'], 60)}.pdf"
