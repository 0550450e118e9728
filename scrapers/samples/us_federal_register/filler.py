"""Ordinary documents of the Federal Register, made from templates. Does not belong here: facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scrapers.samples.filler import FIRST_DAY, LAST_DAY, Words, seeded_dice
from scrapers.samples.issue_calendar import issue_days
from scrapers.samples.texts import FILLER_NOTE
from scrapers.samples.us_federal_register.records import FrDocument

WHOLE_MONTHS = timedelta(120)
FIRST_FILLER_NUMBER = 90_000
"""Real numbers of a year stay below 40,000."""


def ordinary_documents(templates: dict[str, Any], story: Collection[date]) -> list[FrDocument]:
    """One to three ordinary documents for some issues, and some corrections, withdrawals and extensions of them.

    Issues that hold any are those of the policy documents' days, those of the last months, and every fourth: few enough
    that all the years are crawled within a minute.
    """
    dice = seeded_dice()
    weights = [template["weight"] for template in templates["templates"]]
    documents: list[FrDocument] = []
    year, count = 0, 0
    for day in _filled_issues(story):
        if day.year != year:
            year, count = day.year, 0
        for template in dice.choices(templates["templates"], weights, k=dice.choice((1, 2, 2, 3))):
            documents.append(_fr_document(template, Words(templates["words"], dice), day, count))
            count += 1
    return _with_followers(documents)


def _filled_issues(story: Collection[date]) -> list[date]:
    days = issue_days(FIRST_DAY, LAST_DAY)
    return [day for place, day in enumerate(days) if day in story or day >= LAST_DAY - WHOLE_MONTHS or place % 4 == 0]


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
    """For one rule and up to two proposals of each year: a correction, an extension of comments, a withdrawal."""
    out = list(documents)
    position = {document.number: place for place, document in enumerate(out)}
    days = issue_days(FIRST_DAY, LAST_DAY)
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        own = [document for document in documents if document.day.year == year and document.day.month < 8]
        rule = next(document for document in own if document.type == "Rule")
        proposals = [document for document in own if document.type == "Proposed Rule"]
        correction = _correction(rule, days)
        out[position[rule.number]] = replace(rule, corrections=(correction.number,))
        out.append(correction)
        out += [follow(proposal, days) for follow, proposal in zip((_extension, _withdrawal), proposals, strict=False)]
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
