"""The projects that the sample host answers from: the data file, and ordinary ones made from templates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE

FILLERS = 110
WORDS = {
    "thing": ["bridges", "hedgerows", "manuscripts", "mosses", "estuaries", "looms", "bees"],
    "place": ["Ashford", "Barton", "Carlton", "Denby", "Elmswell"],
    "way": ["A survey of", "A history of", "The chemistry of", "Artificial light and", "The intelligence of"],
}
FUNDERS = ("AHRC", "BBSRC", "EPSRC", "ESRC", "MRC", "NERC", "STFC", "Innovate UK")
CATEGORIES = ("Research Grant", "Fellowship", "Studentship", "Training Grant")


@dataclass(frozen=True)
class SampleProject:
    """One project."""

    reference: str
    title: str
    funder: str
    category: str
    start: date
    end: date
    amounts: tuple[int, ...]
    abstract: str

    @property
    def id(self) -> str:
        """Its UUID, in capitals as the Gateway writes it."""
        return made_id(self.reference)

    @property
    def fund_ids(self) -> tuple[str, ...]:
        """The UUID of each of its funds."""
        return tuple(made_id(f"{self.reference} fund {place}") for place in range(len(self.amounts)))


def made_id(text: str) -> str:
    """A UUID that is the same for the same text on every machine."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://gtr.ukri.org/{text}")).upper()


def read_projects() -> list[SampleProject]:
    """All projects, the last begun first."""
    projects = [
        SampleProject(
            reference=f"SAMPLE/{place:03d}/1",
            title=raw["title"],
            funder=raw["funder"],
            category=raw["category"],
            start=raw["start"],
            end=raw["end"],
            amounts=tuple(raw["amounts"]),
            abstract=f"{raw['abstract']} {FILLER_NOTE}",
        )
        for place, raw in enumerate(read_yaml(__file__, "projects.yml"), 1)
    ]
    return sorted(projects + _ordinary_projects(), key=lambda one: (one.start, one.reference), reverse=True)


def _ordinary_projects() -> list[SampleProject]:
    """Ordinary projects, spread evenly over the days of the samples."""
    dice = seeded_dice()
    step = (LAST_DAY - FIRST_DAY).days / FILLERS
    projects = []
    for count in range(FILLERS):
        start = FIRST_DAY + timedelta(int(count * step))
        projects.append(
            SampleProject(
                reference=f"SAMPLE/{count + 101}/1",
                title=Words(WORDS, dice).fill("{way} {thing} near {place}"),
                funder=dice.choice(FUNDERS),
                category=dice.choice(CATEGORIES),
                start=start,
                end=start + timedelta(1_095),
                amounts=(dice.randrange(20_000, 900_000, 50),),
                abstract=FILLER_NOTE,
            )
        )
    return projects
