"""The legislation that the sample host answers from: the data file, and ordinary instruments made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

FILLERS = 140
FIRST_FILLER_NUMBER = 9_101
WORDS = {
    "place": ["Ashford", "Barton", "Carlton", "Denby", "Elmswell", "Farnham", "Grantham", "Hexham", "Ilkley"],
    "road": ["A1", "A12", "A38", "A52", "A66"],
    "matter": ["Air Navigation", "Avian Influenza", "Food Hygiene", "Plant Health", "School Premises", "Stamp Duty"],
    "act": ["Amendment", "Exemption", "Fees", "Revocation"],
}
TEMPLATES = (
    ("uksi", "UnitedKingdomStatutoryInstrument", "order", "The {road} Trunk Road ({place}) (Traffic) Order {year}"),
    ("uksi", "UnitedKingdomStatutoryInstrument", "regulation", "The {matter} ({act}) Regulations {year}"),
    ("ssi", "ScottishStatutoryInstrument", "regulation", "The {matter} ({act}) (Scotland) Regulations {year}"),
    ("wsi", "WelshStatutoryInstrument", "order", "The {road} Trunk Road ({place}) (Speed) Order {year}"),
    ("nisr", "NorthernIrelandStatutoryRule", "rule", "The {matter} ({act}) Rules (Northern Ireland) {year}"),
)


@dataclass(frozen=True)
class SampleItem:
    """One Act, instrument or draft."""

    item: str
    type: str
    title: str
    published: str
    summary: str
    sections: tuple[str, ...]
    note: str
    signed: date | None = None
    force: date | None = None
    minor: str | None = None
    subject: str | None = None
    draft: str | None = None
    successor: str | None = None
    is_scan: bool = False

    @property
    def version(self) -> str:
        """The last part of the address of its text."""
        kind = self.item.split("/", 1)[0]
        return "enacted" if kind == "ukpga" else "" if kind == "ukdsi" else "made"

    @property
    def address(self) -> str:
        """The path of its text."""
        return "/".join(part for part in (self.item, self.version) if part)

    @property
    def year(self) -> int:
        """The year that it is numbered in."""
        return int(self.item.split("/")[1])

    @property
    def instant(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.published)


def read_items() -> list[SampleItem]:
    """All legislation, the latest published first."""
    items = []
    for raw in read_yaml(__file__, "items.yml"):
        given = {name: value for name, value in raw.items() if name != "sections"}
        items.append(SampleItem(**given, sections=tuple(raw["sections"]), note=SAMPLE_NOTE))
    return sorted(items + _ordinary_items(), key=lambda one: (one.instant, one.item), reverse=True)


def _ordinary_items() -> list[SampleItem]:
    """Ordinary instruments, spread evenly over the days of the samples."""
    dice = seeded_dice()
    step = (LAST_DAY - FIRST_DAY).days / FILLERS
    items = []
    for count in range(FILLERS):
        day = FIRST_DAY + timedelta(int(count * step))
        kind, name, minor, template = dice.choice(TEMPLATES)
        title = Words({**WORDS, "year": [str(day.year)]}, dice).fill(template)
        items.append(
            SampleItem(
                item=f"{kind}/{day.year}/{FIRST_FILLER_NUMBER + count}",
                type=name,
                title=title,
                published=f"{day.isoformat()}T{9 + count % 8:02d}:05:{count % 60:02d}.{count % 1000:03d}Z",
                summary="This instrument is about a matter that does not exist.",
                sections=("Nothing follows from this instrument.",),
                note=FILLER_NOTE,
                signed=day - timedelta(1),
                force=day + timedelta(21) if count % 2 else None,
                minor=minor,
                subject="SAMPLES",
                is_scan="(Traffic)" in title,
            )
        )
    return items
