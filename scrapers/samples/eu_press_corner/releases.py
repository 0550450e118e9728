"""The sample documents of the Press Corner: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

ORDINARY = 180
FIRST_ORDINARY = 90_000
TYPES = {
    "IP": "Press release",
    "SPEECH": "Speech",
    "STATEMENT": "Statement",
    "MEX": "Daily News",
    "QANDA": "Questions and answers",
    "READ": "Read-out",
}


@dataclass(frozen=True)
class Release:
    """One document."""

    reference: str
    day: date
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    """HTML, a paragraph each."""
    policy: tuple[str, str]

    @property
    def code(self) -> str:
        """The type, as the reference begins."""
        return self.reference.partition("/")[0]


def read_releases() -> tuple[Release, ...]:
    """All documents, newest first."""
    known = [
        Release(
            reference=raw["reference"],
            day=raw["day"],
            title=raw["title"],
            lead=raw["lead"],
            paragraphs=(*raw["paragraphs"], SAMPLE_NOTE),
            policy=("DIGAG", "Digital economy and society"),
        )
        for raw in read_yaml(__file__, "releases.yml")
    ]
    return tuple(sorted([*known, *_ordinary(read_yaml(__file__, "filler.yml"))], key=_age, reverse=True))


def _age(release: Release) -> tuple[date, str]:
    return release.day, release.reference


def _ordinary(templates: dict[str, Any]) -> list[Release]:
    dice = seeded_dice()
    made = []
    days = (LAST_DAY - FIRST_DAY).days
    for count in range(ORDINARY):
        template, words = dice.choice(templates["templates"]), Words(templates["words"], dice)
        day = FIRST_DAY + timedelta(count * days // (ORDINARY - 1))
        made.append(
            Release(
                reference=f"{template['code']}/{day:%y}/{FIRST_ORDINARY + count}",
                day=day,
                title=words.fill(template["title"]),
                lead=f"{words.fill(template['lead'])} {FILLER_NOTE}",
                paragraphs=(words.fill(template["lead"]), FILLER_NOTE),
                policy=("SAMPLE", "Sample policy"),
            )
        )
    return made
