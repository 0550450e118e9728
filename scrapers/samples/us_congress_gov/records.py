"""The measures of the sample Congress: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

KINDS = ("HR", "S", "HJRES", "SJRES", "HCONRES", "SCONRES", "HRES", "SRES")
FIRST_FILLER_NUMBER = 90_000
"""No real measure has a number as high."""


@dataclass(frozen=True)
class Action:
    """One thing done; the newest comes last."""

    day: date
    text: str
    kind: str
    code: str | None
    system: tuple[str | None, str]
    hour: str | None = None


@dataclass(frozen=True)
class Bill:
    """One measure."""

    congress: int
    kind: str
    number: int
    title: str
    official: str
    introduced: date
    summary: str
    area: str
    law: str | None = None
    subjects: Sequence[str] = ()
    related: Sequence[tuple[int, str, int, str]] = ()
    done: Sequence[tuple[date, str]] = field(default=())
    is_late: bool = False
    """Not at govinfo yet."""

    @property
    def chamber(self) -> str:
        """House or Senate."""
        return "House" if self.kind.startswith("H") else "Senate"

    @property
    def actions(self) -> list[Action]:
        """All that was done, oldest first."""
        first = ("1000" if self.chamber == "House" else "10000", f"Introduced in {self.chamber}")
        library = ("9", "Library of Congress")
        made = [Action(self.introduced, first[1], "IntroReferral", first[0], library)]
        for day, what in self.done:
            if what == "passed_house":
                text = "Sample words: passed by the House under suspension of the rules."
                made.append(Action(day, text, "Floor", "H37300", ("2", "House floor actions"), "18:41:05"))
            elif what == "signed":
                made.append(Action(day, "Signed by President.", "President", "E30000", library))
            elif what == "law":
                made.append(Action(day, f"Became Public Law No: {self.law}.", "BecameLaw", "36000", library))
            else:
                text = "Sample words: referred to a committee."
                made.append(Action(day, text, "IntroReferral", None, (None, self.chamber)))
        return made

    @property
    def updated(self) -> datetime:
        """When the record was last touched, UTC: the night after the last action."""
        return datetime.combine(self.actions[-1].day + timedelta(1), time(8, self.number % 60, self.number % 59))


def read_bills() -> list[Bill]:
    """All measures, those touched last first."""
    bills = [_bill(raw) for raw in read_yaml(__file__, "bills.yml")]
    bills += _ordinary(read_yaml(__file__, "filler.yml"))
    return sorted(bills, key=lambda bill: (bill.updated, bill.congress, bill.number), reverse=True)


def _bill(raw: dict[str, Any]) -> Bill:
    done = [(day, what) for day, what in raw.pop("actions")]
    related = [tuple(entry) for entry in raw.pop("related", ())]
    return Bill(**{**raw, "summary": f"{raw['summary']} {SAMPLE_NOTE}"}, done=done, related=related)


def _ordinary(templates: dict[str, Any]) -> list[Bill]:
    """Ordinary measures, about one a week, of every kind in turn; the last trap is late at govinfo."""
    dice = seeded_dice()
    made, traps = [], []
    day, count = FIRST_DAY, 0
    weights = [template["weight"] for template in templates["templates"]]
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        made.append(_made(template, Words(templates["words"], dice), day, count, dice))
        if template.get("trap"):
            traps.append(count)
        count += 1
        day += timedelta(dice.randrange(5, 11))
    made[traps[-1]] = Bill(**{**vars(made[traps[-1]]), "is_late": True})
    return made


def _made(template: dict[str, Any], words: Words, day: date, count: int, dice: Random) -> Bill:
    title = words.fill(template["title"])
    referred = day + timedelta(dice.randrange(0, 4))
    return Bill(
        congress=(day.year - 1789) // 2 + 1,
        kind=KINDS[count % len(KINDS)],
        number=FIRST_FILLER_NUMBER + count,
        title=title,
        official=title,
        introduced=day,
        summary=f"{words.fill(template['summary'])} {FILLER_NOTE}",
        area=template["area"],
        done=[(min(referred, LAST_DAY), "referred")],
    )
