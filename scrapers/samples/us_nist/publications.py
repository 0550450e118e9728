"""The export of publications of csrc.nist.gov: one file of JSON in a zip, a record a draft, edition or publication."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, timedelta
from typing import Any

import orjson

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

PUBS = "https://csrc.nist.gov/pubs"
ORDINARY = 70
"""Publications; every second has had a draft, which is a record of its own."""
STAMP = (2026, 10, 9, 0, 0, 0)
NIST = {"name": "National Institute of Standards and Technology", "acronym": "NIST"}


def export() -> bytes:
    """The zip; the same bytes on every machine."""
    known = [_record(SAMPLE_NOTE, **raw) for raw in read_yaml(__file__, "publications.yml")]
    records = orjson.dumps([*known, *_ordinary(read_yaml(__file__, "filler.yml")["publications"])])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("pubs-export.json", STAMP)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, records)
    return packed.getvalue()


def _record(note: str, **stated: Any) -> dict[str, Any]:
    """A record in the export's form; it has no text of its own, so its last keyword says what it is."""
    record = {
        "language": "en",
        "script": "Latn",
        "series": "nist-sp",
        "docnumber": stated["docidentifier"].partition(" ")[2],
        "docidentifier": None,
        "revision": None,
        "edition": None,
        "volume": None,
        "uri": None,
        "doi": None,
        "title-main": None,
        "title-sub": None,
        "iteration": "final",
        "issued-date": None,
        "updated-date": None,
        "published-date": None,
        "obsoleted-date": None,
        "status": "final",
        "substage": "active",
        "authors": [_author()],
        "editors": [],
        "supersedes": [],
        "superseded-by": [],
        "keywords": [],
        "comment-from": None,
        "comment-to": None,
    }
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in stated.items()}
    record.update(written)
    return {**record, "uri": f"{PUBS}/{record['uri']}", "keywords": [*record["keywords"], note]}


def _author() -> dict[str, Any]:
    names = ("title", "givenName", "middleName", "surname", "suffix", "nickname")
    return {**dict.fromkeys(names), "affiliation": NIST, "fullName": None}


def _ordinary(templates: dict[str, Any]) -> list[dict[str, Any]]:
    dice = seeded_dice()
    made = []
    days = (LAST_DAY - FIRST_DAY).days - 400
    for count in range(ORDINARY):
        words = Words(templates["words"], dice)
        day = FIRST_DAY + timedelta(200 + count * days // ORDINARY)
        made += _with_draft(words.fill(dice.choice(templates["titles"])), day, count, dice)
    return made


def _with_draft(title: str, day: date, count: int, dice: random.Random) -> list[dict[str, Any]]:
    number, page = f"SP 9000-{count + 1}", f"sp/9000/{count + 1}"
    common = {"docidentifier": number, "title-main": title, "keywords": ["sample"]}
    final = _record(
        FILLER_NOTE, **common, **{"uri": f"{page}/final", "issued-date": f"{day:%Y-%m}", "published-date": day}
    )
    if count % 2:
        return [final]
    opened = day - timedelta(dice.randrange(120, 190))
    draft = _record(
        FILLER_NOTE,
        **common,
        **{
            "uri": f"{page}/ipd",
            "iteration": "ipd",
            "status": "draft-public",
            "substage": "withdrawn",
            "issued-date": opened,
            "published-date": opened,
            "obsoleted-date": day,
            "comment-from": opened,
            "comment-to": opened + timedelta(45),
        },
    )
    return [draft, final]
