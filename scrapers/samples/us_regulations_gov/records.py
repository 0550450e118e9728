"""The documents of the sample Regulations.gov: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

EASTERN = ZoneInfo("America/New_York")
EVERY_WITHDRAWN = 40


@dataclass(frozen=True)
class RegulationDocument:
    """One posted document."""

    docket: str
    place: int
    agency: str
    type: str
    subtype: str | None
    posted: date
    title: str
    abstract: str
    closes: date | None = None
    fr: str | None = None
    rin: str | None = None
    withdrawn: date | None = None

    @property
    def id(self) -> str:
        """The docket's id and a place in it."""
        return f"{self.docket}-{self.place:04d}"

    @property
    def changed(self) -> datetime:
        """The last change, Eastern: on the morning of the posting, or of its withdrawal."""
        return datetime.combine(self.withdrawn or self.posted, time(8, self.place % 60, self.place % 59), EASTERN)


def read_documents() -> list[RegulationDocument]:
    """All documents, those changed first first."""
    documents = [_document(raw) for raw in read_yaml(__file__, "documents.yml")]
    documents += _ordinary(read_yaml(__file__, "filler.yml"))
    return sorted(documents, key=lambda one: (one.changed, one.id))


def _document(raw: dict[str, Any]) -> RegulationDocument:
    return RegulationDocument(**{**raw, "abstract": f"{raw['abstract']} {SAMPLE_NOTE}"})


def _ordinary(templates: dict[str, Any]) -> list[RegulationDocument]:
    """Ordinary documents, some each week; a few are withdrawn ten days later."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    made: list[RegulationDocument] = []
    day = FIRST_DAY
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        words, count = Words(templates["words"], dice), len(made)
        later = day + timedelta(10)
        made.append(
            RegulationDocument(
                docket=f"{template['agency']}-{day.year}-9{count // 10:03d}",
                place=count % 10 + 1,
                agency=template["agency"],
                type=template["type"],
                subtype=template["subtype"],
                posted=day,
                title=words.fill(template["title"]),
                abstract=FILLER_NOTE,
                closes=day + timedelta(30) if template["type"] in ("Proposed Rule", "Notice") else None,
                withdrawn=later if count % EVERY_WITHDRAWN == 0 and later <= LAST_DAY else None,
            )
        )
        day += timedelta(dice.randrange(1, 5))
    return made
