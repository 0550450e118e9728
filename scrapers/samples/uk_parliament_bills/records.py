"""The bills that the sample host answers from: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

FIRST_FILLER_ID = 90_001
FILLERS = 140
WORDS = {
    "place": ["Ashford", "Barton", "Carlton", "Denby", "Elmswell", "Farnham", "Grantham", "Hexham"],
    "matter": ["Allotments", "Bathing Waters", "Bus Services", "Car Parks", "Dog Licences", "Footpaths", "Hedgerows"],
    "verb": ["Access", "Amendment", "Charges", "Protection", "Standards"],
    "animal": ["Air Quality", "Avian Influenza", "Bees", "Livestock"],
}
TITLES = ("{matter} ({verb}) Bill", "{place} Market Bill", "{animal} ({verb}) Bill [HL]", "Marking of {matter} Bill")
PRIVATE, PRESENTED = 6, 8
DAYS_TO_SECOND_READING, DAYS_TO_ASSENT = 40, 200

Stage = tuple[str, str, date]
"""Name, house and day."""


@dataclass(frozen=True)
class SampleBill:
    """One bill."""

    number: int
    title: str
    long_title: str
    house: str
    kind: int
    sessions: tuple[int, ...]
    stages: tuple[Stage, ...]
    note: str
    sponsor: str | None = None
    act: str | None = None
    withdrawn: date | None = None

    @property
    def touched(self) -> date:
        """The day of the last update; never after the samples' last day."""
        return min(max(day for _, _, day in self.stages) + timedelta(1), LAST_DAY)


def read_bills() -> list[SampleBill]:
    """All bills, the last touched first."""
    bills = [
        SampleBill(
            number=raw["id"],
            title=raw["title"],
            long_title=raw["long_title"],
            house=raw["house"],
            kind=raw["type"],
            sessions=tuple(raw["sessions"]),
            stages=tuple((name, house, day) for name, house, day in raw["stages"]),
            note=SAMPLE_NOTE,
            sponsor=raw.get("sponsor"),
            act=raw.get("act"),
        )
        for raw in read_yaml(__file__, "bills.yml")
    ]
    return sorted(bills + _ordinary_bills(), key=lambda bill: (bill.touched, bill.number), reverse=True)


def _ordinary_bills() -> list[SampleBill]:
    """Ordinary bills, spread evenly over the days of the samples."""
    dice = seeded_dice()
    step = (LAST_DAY - FIRST_DAY).days / FILLERS
    bills = []
    for count in range(FILLERS):
        day = FIRST_DAY + timedelta(int(count * step))
        template = dice.choice(TITLES)
        title = Words(WORDS, dice).fill(template)
        house = "Lords" if title.endswith("[HL]") else "Commons"
        stages: list[Stage] = [("1st reading", house, day)]
        if count % 3:
            stages.append(("2nd reading", house, day + timedelta(DAYS_TO_SECOND_READING)))
        is_act = count % 10 == 1 and day + timedelta(DAYS_TO_ASSENT) < LAST_DAY
        if is_act:
            assent = day + timedelta(DAYS_TO_ASSENT)
            stages.append(("Royal Assent", "Unassigned", assent))
            title = f"{title.removesuffix(' [HL]').removesuffix(' Bill')} Act {assent.year}"
        bills.append(
            SampleBill(
                number=FIRST_FILLER_ID + count,
                title=title,
                long_title="A Bill about a matter that does not exist.",
                house=house,
                kind=PRIVATE if "Market" in title else PRESENTED,
                sessions=(31 + count * 9 // FILLERS,),
                stages=tuple(stages),
                note=FILLER_NOTE,
                withdrawn=day + timedelta(60) if count % 20 == 6 else None,
            )
        )
    return bills
