"""Ordinary funding opportunities, made from templates. Does not belong here: facts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE
from scrapers.samples.us_grants_gov.records import Opportunity

FIRST_FILLER_OPPORTUNITY = 9_100_000


def ordinary_opportunities(templates: dict[str, Any]) -> list[Opportunity]:
    """Ordinary funding opportunities, about one a week."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    made = []
    day, count = FIRST_DAY, 0
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        made.append(_opportunity(template, Words(templates["words"], dice), day, count, dice))
        count += 1
        day += timedelta(dice.randrange(5, 11))
    return made


def _opportunity(template: dict[str, Any], words: Words, day: date, count: int, dice: random.Random) -> Opportunity:
    closes = day + timedelta(dice.choice((30, 60, 90, 400)))
    archives = closes + timedelta(1_000)
    status = "posted" if closes >= LAST_DAY else "closed" if archives >= LAST_DAY else "archived"
    ceiling = dice.choice((None, "none", "100000", "500000", "2500000"))
    return Opportunity(
        id=FIRST_FILLER_OPPORTUNITY + count,
        number=f"SAMPLE-{template['agency_code']}-{day.year}-{count:03d}",
        title=words.fill(template["title"]),
        agency_code=template["agency_code"],
        agency=template["agency"],
        top_agency=template["top_agency"],
        description=f"<p>{words.fill(template['description'])}</p><p>{FILLER_NOTE}</p>",
        status=status,
        posted=day,
        closes=closes,
        archives=archives,
        ceiling=ceiling,
        floor="none" if ceiling == "none" else "0",
        cfdas=template["cfdas"],
        category=template["category"],
    )
