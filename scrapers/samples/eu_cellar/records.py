"""The acts of the sample Cellar: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

EVERY_CORRIGENDUM = 30


@dataclass(frozen=True)
class Act:
    """One document with a CELEX number."""

    celex: str
    type: str
    title: str
    dated: date
    published: date | None
    """Day of the Official Journal; None for what is not published there."""
    text: tuple[str, ...]
    force: tuple[date, ...] = ()
    eli: str | None = None
    author: str = "COM"
    relations: tuple[tuple[str, str], ...] = ()
    """A word of the Common Data Model and a CELEX number."""
    format: str = "xhtml"

    @property
    def uuid(self) -> str:
        """The id of the work: made from its number, and not the real one."""
        return str(uuid5(NAMESPACE_URL, f"sample:{self.celex}"))

    @property
    def day(self) -> date:
        """The day on which it is listed."""
        return self.published or self.dated


def read_acts() -> list[Act]:
    """All documents, in the order of their numbers."""
    acts = [_act(raw) for raw in read_yaml(__file__, "acts.yml")]
    acts += _ordinary(read_yaml(__file__, "filler.yml"))
    return sorted(acts, key=lambda act: act.celex)


def _act(raw: dict[str, Any]) -> Act:
    relations = tuple((word, number) for word, numbers in raw.pop("relations", {}).items() for number in numbers)
    text = (*raw.pop("text"), SAMPLE_NOTE)
    return Act(**raw | {"text": text, "relations": relations, "force": tuple(raw.get("force", ()))})


def _ordinary(templates: dict[str, Any]) -> list[Act]:
    """Ordinary documents, some each week; now and then one has a corrigendum three weeks later."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    made: list[Act] = []
    day = FIRST_DAY
    number = 0
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        number += 1
        title = (
            Words(templates["words"], dice).fill(template["title"]).replace("NUMBER", f"{day.year}/{90_000 + number}")
        )
        celex = f"{template['sector']}{day.year}{template['letters']}{90_000 + number}"
        in_journal = template["sector"] == 3
        act = Act(
            celex=celex,
            type=template["type"],
            title=title,
            dated=day - timedelta(3) if in_journal else day,
            published=day if in_journal else None,
            text=(title, FILLER_NOTE),
            force=(day + timedelta(20),) if in_journal else (),
            format=dice.choice(("xhtml", "fmx4", "pdfa2a")),
        )
        made.append(act)
        later = day + timedelta(21)
        if number % EVERY_CORRIGENDUM == 0 and in_journal and later <= LAST_DAY:
            made.append(
                Act(
                    celex=f"{celex}R(01)",
                    type="CORRIGENDUM",
                    title=f"Corrigendum to {title}",
                    dated=later,
                    published=later,
                    text=("A sample word is replaced by another.", FILLER_NOTE),
                    relations=(("corrects", celex),),
                )
            )
        day += timedelta(dice.randrange(1, 5))
    return made
