"""The awards of the sample USAspending: those of the data file, and ordinary ones made from templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, SAMPLE_NOTE

AGENCIES = {
    "NSF": ("National Science Foundation", "049", "National Science Foundation", "4900"),
    "DOD": ("Department of Defense", "097", "Department of the Army", "2100"),
    "GSA": ("General Services Administration", "047", "Federal Acquisition Service", "4732"),
    "ED": ("Department of Education", "091", "Department of Education", "9100"),
}
"""Name and code of the department, then of the agency in it."""
TYPES = {
    "A": ("contract", "BPA CALL"),
    "B": ("contract", "PURCHASE ORDER"),
    "C": ("contract", "DELIVERY ORDER"),
    "D": ("contract", "DEFINITIVE CONTRACT"),
    "IDV_B_B": ("idv", "INDEFINITE DELIVERY / INDEFINITE QUANTITY"),
    "04": ("grant", "PROJECT GRANT (B)"),
    "06": ("direct payment", "DIRECT PAYMENT FOR SPECIFIED USE (C)"),
    "07": ("loans", "DIRECT LOAN (E)"),
    "11": ("other", "OTHER FINANCIAL ASSISTANCE"),
}


@dataclass(frozen=True)
class Award:
    """One award."""

    group: str
    number: str
    agency: str
    type: str
    amount: Decimal
    signed: date
    changed: date
    recipient: str
    text: str
    row: int = 0
    listing: str | None = None
    loan: Decimal | None = None
    options: Decimal | None = None
    opportunity: str | None = None
    parent: str | None = None

    @property
    def id(self) -> str:
        """As the source makes it of the award's own numbers."""
        code = AGENCIES[self.agency][3]
        if self.group == "idvs":
            return f"CONT_IDV_{self.number}_{code}"
        if self.group == "contracts":
            return f"CONT_AWD_{self.number}_{code}_{self.parent or '-NONE-'}_{code if self.parent else '-NONE-'}"
        return f"ASST_NON_{self.number}_{code}"


def read_awards() -> list[Award]:
    """All awards, in the order of their numbers."""
    raw = [{**one, "text": f"{one['text']}. {SAMPLE_NOTE.upper()}"} for one in read_yaml(__file__, "awards.yml")]
    made = [*raw, *_ordinary(read_yaml(__file__, "filler.yml"))]
    awards = [_award(one, row) for row, one in enumerate(made, 90_000_000)]
    return sorted(awards, key=lambda award: (award.number, award.row))


def _award(raw: dict[str, Any], row: int) -> Award:
    money: dict[str, Any] = {
        name: Decimal(raw[name]) for name in ("amount", "loan", "options") if raw.get(name) is not None
    }
    return Award(**{**raw, **money, "row": row})


def _ordinary(templates: dict[str, Any]) -> list[dict[str, Any]]:
    """Ordinary awards, one every few days; some are changed a month later."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    made: list[dict[str, Any]] = []
    day = FIRST_DAY
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        words, count = Words(templates["words"], dice), len(made)
        later = day + timedelta(30) if count % 10 == 0 else day
        made.append(
            {
                "group": template["group"],
                "number": f"FILLER{count:06d}",
                "agency": template["agency"],
                "type": template["type"],
                "listing": template.get("listing"),
                "amount": dice.randrange(10_000, 900_000),
                "signed": day,
                "changed": min(later, LAST_DAY),
                "recipient": "SAMPLE RECIPIENT",
                "text": f"{words.fill(template['text'])}. {FILLER_NOTE.upper()}",
            }
        )
        day += timedelta(dice.randrange(5, 20))
    return made
