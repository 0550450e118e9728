"""Made-up documents of the Federal Register, the same ones each time, with all the fields that its lists give.

A list record is about 2.7 KB, as real ones are. One in twenty is about AI, so that a million hold 50,000 relevant ones.
Their words are few and come again and again, so that they are squeezed smaller than real ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from scrapers.samples.us_federal_register.records import FrDocument

FIRST_DAY = date(2001, 1, 1)
A_DAY = 150
"""Documents of one publication day, about as many as the Federal Register has; a million end in 2026."""
AI_SHARE = 0.05
SUBJECTS = (
    "Air Plan Approval", "Safety Zone", "Grain Standards", "Fisheries", "Medicare Program", "Airspace", "Hydropower",
)  # fmt: skip
ENDINGS = (
    "Notice of Meeting", "Proposed Rule", "Correction", "Extension of Comment Period", "Request for Comments",
    "Final Rule", "Information Collection", "Availability", "Amendment", "Ohio", "Texas",
)  # fmt: skip
SENTENCES = (
    "The Agency is proposing to amend its regulations on the handling of grain in interstate commerce.",
    "This action is based on a review of the record and the comments received from interested parties.",
    "Comments must be received on or before the date stated in the notice published earlier.",
    "The committee will hold an open meeting to discuss the annual report and the budget of the program.",
)
AI_SENTENCES = (
    "The Agency requires that artificial intelligence systems used in hospitals be tested before their use.",
    "Up to $25 million will be awarded for research on trustworthy artificial intelligence.",
    "Within 90 days of this notice, each office shall report on its use of machine learning.",
    "A licence is required to export semiconductors that are made for artificial intelligence.",
)
AGENCIES = (
    "commerce-department", "executive-office-of-the-president", "industry-and-security-bureau",
    "national-institute-of-standards-and-technology",
)  # fmt: skip
ORDERS = {500: "13984", 501: "14110", 502: "14148"}
"""Executive orders by the number of their document: those that the documented queries ask for."""
REVOKED = {"14110": "Revoked by: EO 14148, January 20, 2025"}
KINDS = ("Notice", "Notice", "Notice", "Notice", "Notice", "Rule", "Proposed Rule")


def day_of(number: int) -> date:
    """The publication day of the document of that number: a working day, the first ones the oldest."""
    weeks, day = divmod(number // A_DAY, 5)
    return FIRST_DAY + timedelta(weeks=weeks, days=day)


def documents(count: int, first: int = 0, *, day: date | None = None, revision: int = 0) -> Iterator[FrDocument]:
    """So many documents from a number on; each depends on its own number alone, but for a `day` that is that of all.

    Those of a `revision` are the same ones with a change that their source has made.
    """
    for number in range(first, first + count):
        document = _document(number)
        dated = document if day is None else replace(document, day=day)
        yield replace(dated, title=f"{dated.title} (Revision {revision})") if revision else dated


def _document(number: int) -> FrDocument:
    draw = random.Random(number)
    day = day_of(number)
    is_about_ai = draw.random() < AI_SHARE
    kind = draw.choice(KINDS)
    sentences = draw.choices(SENTENCES, k=7)
    if is_about_ai:
        sentences[0] = draw.choice(AI_SENTENCES)
    if order := ORDERS.get(number):
        return FrDocument(
            number=f"{day.year}-{number:07}",
            day=day,
            title=f"Use of Artificial Intelligence, Order {order}",
            type="Presidential Document",
            subtype="Executive Order",
            agencies=("executive-office-of-the-president",),
            eo=order,
            signed=day - timedelta(2),
            disposition_notes=REVOKED.get(order),
            start_page=number * 3 + 1,
            end_page=number * 3 + 3,
        )
    title = f"{draw.choice(SUBJECTS)} {number}; {draw.choice(ENDINGS)}"
    return FrDocument(
        number=f"{day.year}-{number:07}",
        day=day,
        title=f"Artificial Intelligence in {title}" if is_about_ai and draw.random() < 0.5 else title,
        type=kind,
        abstract=" ".join(sentences),
        action=f"{kind}.",
        agencies=(draw.choice(AGENCIES),),
        effective=day + timedelta(30) if kind == "Rule" else None,
        comments_close=day + timedelta(60) if kind == "Proposed Rule" else None,
        dockets=(f"AB-{day.year}-{number % 9_999:04}",),
        cfr=((15, 740 + number % 30),) if kind != "Notice" else (),
        start_page=number * 3 % 90_000 + 1,
        end_page=number * 3 % 90_000 + 3,
        significant=False if kind != "Notice" else None,
    )
