"""Ordinary pages of GOV.UK, made from templates. Does not belong here: facts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.texts import FILLER_NOTE, slug
from scrapers.samples.uk_govuk.records import GovukItem

NOTATIONS = ("%Y-%m-%dT%H:%M:%S.000+00:00", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.000Z", "%Y-%m-%dT%H:%M:%SZ")
NOTATION_WEIGHTS = (75, 14, 7, 4)
"""How often the content API was seen to use each notation."""


def ordinary_items(templates: dict[str, Any]) -> list[GovukItem]:
    """Ordinary pages of GOV.UK, about one every five days."""
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    items = []
    day, count = FIRST_DAY, 0
    while day <= LAST_DAY:
        template = dice.choices(templates["templates"], weights)[0]
        instant = datetime(
            day.year, day.month, day.day, dice.randrange(7, 18), dice.randrange(60), dice.randrange(60), tzinfo=UTC
        )
        items.append(_govuk_item(template, Words(templates["words"], dice), instant, count, dice))
        count += 1
        day += timedelta(dice.choice((3, 4, 5, 6)))
    space_separated = replace(
        items[7], public_updated_at=f"{items[7].public_updated_at or ''}"[:19].replace("T", " ") + " +0000"
    )
    return [*items[:7], space_separated, *items[8:]]


def _govuk_item(
    template: dict[str, Any], words: Words, instant: datetime, count: int, dice: random.Random
) -> GovukItem:
    title = words.fill(template["title"])
    notation = dice.choices(NOTATIONS, NOTATION_WEIGHTS)[0]
    published = instant.strftime(notation)
    return GovukItem(
        base_path=f"{template['folder']}/{slug(title, 90)}-{count}",
        document_type=template["document_type"],
        schema_name=template["schema_name"],
        title=title,
        description=words.fill(template["description"]),
        first_published_at=published,
        public_updated_at=published,
        updated_at=(instant + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        organisations=template["organisations"],
        body=[words.fill(template["description"]), FILLER_NOTE],
        change_history=[{"public_timestamp": instant.strftime(NOTATIONS[0]), "note": "First published."}],
        details={"delivered_on": published} if template["schema_name"] == "speech" else None,
    )
