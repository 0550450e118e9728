"""Ordinary records made from templates, so that AI policy is as rare in the samples as at the sources.

The same templates and the same seed give the same records on every machine. Does not belong here: facts.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapers.samples.issue_calendar import issue_days
from scrapers.samples.records import FILLER_NOTE, FrDocument, GovukItem, Opportunity

FIRST_DAY = date(2019, 2, 1)
LAST_DAY = date(2026, 10, 9)
"""The samples end here; what is open or closed is judged as of this day."""
SEED = "aipolicy samples 1"
FIRST_FILLER_NUMBER = 90_000
"""Real numbers of a year stay below 40,000."""
FIRST_FILLER_OPPORTUNITY = 9_100_000


def _dice() -> random.Random:
    """Draws that are the same on every machine; nothing secret hangs on them."""
    return random.Random(SEED)  # noqa: S311


class Words(dict[str, str]):
    """The words of one record: a slot is drawn when first named and then stays."""

    def __init__(self, choices: Mapping[str, list[str]], dice: random.Random) -> None:
        super().__init__()
        self._choices = choices
        self._dice = dice

    def __missing__(self, slot: str) -> str:
        self[slot] = self._dice.choice(self._choices[slot])
        return self[slot]

    def fill(self, template: str) -> str:
        """A template with its slots filled."""
        return template.format_map(self)


def fr_documents(templates: dict[str, Any]) -> list[FrDocument]:
    """One to three ordinary documents for every issue, and some corrections, withdrawals and extensions of them."""
    dice = _dice()
    weights = [template["weight"] for template in templates["templates"]]
    documents: list[FrDocument] = []
    year, count = 0, 0
    for day in issue_days(FIRST_DAY, LAST_DAY):
        if day.year != year:
            year, count = day.year, 0
        for template in dice.choices(templates["templates"], weights, k=dice.choice((1, 2, 2, 3))):
            documents.append(_fr_document(template, Words(templates["words"], dice), day, count))
            count += 1
    return _with_followers(documents)


def _fr_document(template: dict[str, Any], words: Words, day: date, count: int) -> FrDocument:
    abstract = template.get("abstract")
    closes = day + timedelta(template["comment_days"]) if "comment_days" in template else None
    return FrDocument(
        number=f"{day.year}-{FIRST_FILLER_NUMBER + count}",
        day=day,
        title=words.fill(template["title"]),
        type=template["type"],
        subtype=template.get("subtype"),
        abstract=abstract and f"{words.fill(abstract)} {FILLER_NOTE}",
        action=template.get("action"),
        agencies=tuple(template["agencies"]),
        signed=day - timedelta(4) if "subtype" in template else None,
        comments_close=closes,
        dates=None if closes is None else f"Comments must be received by {_spoken(closes)}.",
        significant=False if template["type"] in ("Rule", "Proposed Rule") else None,
        text=(*(words.fill(paragraph) for paragraph in template.get("text", ())), FILLER_NOTE),
    )


def _with_followers(documents: list[FrDocument]) -> list[FrDocument]:
    """For one rule and two proposals of each year: a correction, an extension of comments, a withdrawal."""
    out = list(documents)
    position = {document.number: place for place, document in enumerate(out)}
    days = issue_days(FIRST_DAY, LAST_DAY)
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        own = [document for document in documents if document.day.year == year and document.day.month in (3, 4, 5)]
        rule = next(document for document in own if document.type == "Rule")
        first, second = [document for document in own if document.type == "Proposed Rule"][:2]
        correction = _correction(rule, days)
        out[position[rule.number]] = replace(rule, corrections=(correction.number,))
        out += [correction, _extension(first, days), _withdrawal(second, days)]
    return out


def _issue_after(day: date, wait: int, days: list[date]) -> date:
    return next(later for later in days if later >= day + timedelta(wait))


def _correction(rule: FrDocument, days: list[date]) -> FrDocument:
    return replace(
        rule,
        number=f"C1-{rule.number}",
        day=_issue_after(rule.day, 10, days),
        title=f"{rule.title}; Correction",
        action="Correction",
        abstract=None,
        correction_of=rule.number,
        text=(f"In rule document {rule.number}, published on {_spoken(rule.day)}, a date is corrected.", FILLER_NOTE),
    )


def _extension(proposal: FrDocument, days: list[date]) -> FrDocument:
    day = _issue_after(proposal.day, 20, days)
    closes = day + timedelta(60)
    return replace(
        proposal,
        number=f"{day.year}-{FIRST_FILLER_NUMBER + 9_000 + day.month}",
        day=day,
        title=f"{proposal.title}; Extension of Comment Period",
        action="Proposed rule; extension of comment period.",
        abstract=f"The comment period of the {_named(proposal)} is extended. {FILLER_NOTE}",
        comments_close=closes,
        dates=f"Comments must be received by {_spoken(closes)}.",
    )


def _withdrawal(proposal: FrDocument, days: list[date]) -> FrDocument:
    day = _issue_after(proposal.day, 90, days)
    return replace(
        proposal,
        number=f"{day.year}-{FIRST_FILLER_NUMBER + 9_100 + day.month}",
        day=day,
        title=f"{proposal.title}; Withdrawal",
        action="Proposed rule; withdrawal.",
        abstract=f"The {_named(proposal)} is withdrawn. {FILLER_NOTE}",
        comments_close=None,
        dates=f"The proposed rule is withdrawn as of {_spoken(day)}.",
    )


def _named(proposal: FrDocument) -> str:
    """A proposal as those that act on it name it; filler has no page to cite."""
    return f"proposed rule published on {_spoken(proposal.day)} (FR Doc. {proposal.number})"


def _spoken(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


NOTATIONS = ("%Y-%m-%dT%H:%M:%S.000+00:00", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.000Z", "%Y-%m-%dT%H:%M:%SZ")
NOTATION_WEIGHTS = (75, 14, 7, 4)
"""How often the content API was seen to use each notation."""


def govuk_items(templates: dict[str, Any]) -> list[GovukItem]:
    """Ordinary pages of GOV.UK, about one every five days."""
    dice = _dice()
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


def opportunities(templates: dict[str, Any]) -> list[Opportunity]:
    """Ordinary funding opportunities, about one a week."""
    dice = _dice()
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


def slug(title: str, limit: int) -> str:
    """A title as the Federal Register writes it into an address: whole words, no signs but hyphens, only ASCII."""
    bare = title.lower().replace("&", "and").encode("ascii", "ignore").decode()
    written = ""
    for word in re.sub(r"[^a-z0-9\s_-]", "", bare).split():
        longer = f"{written}-{word}" if written else word
        if len(longer) > limit:
            break
        written = longer
    return written.strip("-")


def stable_uuid(name: str) -> str:
    """A UUID that is the same for the same name on every machine."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://www.gov.uk{name}"))
