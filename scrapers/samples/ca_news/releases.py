"""The sample releases of Canada: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE, slug

OTTAWA = ZoneInfo("America/Toronto")
ORDINARY = 120
SLUG_CHARS = 120


@dataclass(frozen=True)
class Release:
    """One release."""

    title: str
    kind: str
    department: str
    at: datetime
    teaser: str
    name: str

    @property
    def url(self) -> str:
        """Where its page is."""
        department = slug(self.department.removesuffix(" Canada").replace(" and ", " "), SLUG_CHARS)
        return f"https://www.canada.ca/en/{department}/news/{self.at:%Y/%m}/{self.name}.html"


def read_releases() -> tuple[Release, ...]:
    """All releases, newest first."""
    known = [
        _release(raw, datetime.combine(raw["day"], time(10), OTTAWA), SAMPLE_NOTE)
        for raw in read_yaml(__file__, "releases.yml")
    ]
    return tuple(sorted([*known, *_ordinary(read_yaml(__file__, "filler.yml"))], key=_age, reverse=True))


def _age(release: Release) -> tuple[datetime, str]:
    return release.at, release.name


def _release(raw: dict[str, Any], at: datetime, note: str) -> Release:
    return Release(
        title=raw["title"],
        kind=raw["kind"],
        department=raw["department"],
        at=at,
        teaser=f"{raw['teaser']} {note}",
        name=raw.get("name") or slug(raw["title"], SLUG_CHARS),
    )


def _ordinary(templates: dict[str, Any]) -> list[Release]:
    dice = seeded_dice()
    made = []
    days = (LAST_DAY - FIRST_DAY).days
    for count in range(ORDINARY):
        words = Words(templates["words"], dice)
        raw = {name: words.fill(text) for name, text in dice.choice(templates["templates"]).items()}
        day = FIRST_DAY + timedelta(count * days // (ORDINARY - 1))
        at = datetime.combine(day, time(dice.randrange(8, 18), dice.randrange(60)), OTTAWA)
        made.append(_release({**raw, "name": f"{slug(raw['title'], SLUG_CHARS)}-{count}"}, at, FILLER_NOTE))
    return made
