"""Dated duties in sentences of our own, in the styles of orders, memoranda, statutes, rules, UK and EU acts."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date

import pytest

from pipelines.enrich import deadlines
from pipelines.enrich.deadlines import MAY_DATE, find_deadlines
from pipelines.enrich.obligations import SEED, Obligation, TextDates, find_obligations
from pipelines.enrich.outline import outline

SIGNED = TextDates(signed=date(2031, 1, 31), published=date(2031, 2, 3), effective=date(2031, 3, 1))


def duties(text: str) -> list[Obligation]:
    return find_obligations(text, SIGNED)


def only(text: str) -> Obligation:
    (one,) = duties(text)
    assert text[one.start :].startswith(one.quote[:40])
    assert re.search(MAY_DATE, text, re.IGNORECASE)
    return one


def test_find_deadlines__reads_no_sentence_without_figures_and_units(monkeypatch: pytest.MonkeyPatch) -> None:
    day = "The Board shall report on each March first."
    assert [one.recurring for one in find_deadlines(day, 0, len(day), SIGNED)] == ["annual"]
    monkeypatch.setattr(deadlines, "_timed", lambda text, *rest: pytest.fail(text))
    assert find_deadlines("Comments on the rule must be sent before the hearing.", 0, 53, SIGNED) == []


@pytest.mark.parametrize(
    ("text", "actor", "period", "anchor", "due"),
    [
        (
            "Within 90 days of the date of this order, the Secretary of Clocks shall report.",
            "Secretary of Clocks",
            "P90D",
            "order_date",
            "2031-05-01",
        ),
        (
            "Within 1 month of this order, the Director of TIME, in consultation with the Secretary of State, the"
            " Secretary of Clocks, and the heads of other agencies as he may deem fit, shall act.",
            "Director of TIME",
            "P1M",
            "order_date",
            "2031-02-28",
        ),
        (
            "The Council shall, within two years after the issuance of this memorandum, act.",
            "Council",
            "P2Y",
            "order_date",
            "2033-01-31",
        ),
        (
            "Not later than 180 days after the date of the enactment of this Act, the Administrator shall act.",
            "Administrator",
            "P180D",
            "order_date",
            "2031-07-30",
        ),
        (
            "No later than 10 days from the effective date of this order, the Board shall act.",
            "Board",
            "P10D",
            "effective_date",
            "2031-03-11",
        ),
        (
            "No later than September 30, 2031, each agency must publish a plan.",
            "agencies",
            None,
            "fixed_date",
            "2031-09-30",
        ),
        ("By 2 August 2031, the Commission shall adopt an act.", "Commission", None, "fixed_date", "2031-08-02"),
        (
            "Member States shall notify it no later than 12 months after the date of entry into force of this Reg"
            "ulation.",
            "Member States",
            "P12M",
            "effective_date",
            "2032-03-01",
        ),
        (
            "The Secretary of State must, before the end of the period of 3 months beginning with the day on whic"
            "h this Act is passed, lay a report.",
            "Secretary of State",
            "P3M",
            "order_date",
            "2031-04-30",
        ),
        (
            "A provider shall notify the Office within 72 hours of the incident.",
            "provider",
            "PT72H",
            "prior_action:the incident",
            None,
        ),
        (
            "Within 30 business days after receipt of a request, the Bureau shall answer.",
            "Bureau",
            "P30D",
            "prior_action:receipt of a request",
            None,
        ),
        (
            "Within 60 days of the completion of the plan, agencies shall act.",
            "agencies",
            "P60D",
            "prior_action:the completion of the plan",
            None,
        ),
        ("By 2035, all agencies must use clocks.", "agencies", None, "fixed_date", None),
        (
            "Providers must retain the records for at least two years after the sale.",
            "Providers",
            "P2Y",
            "prior_action:the sale",
            None,
        ),
        (
            "The Advisory Committee shall terminate 5 years after the date of enactment of this Act.",
            "Advisory Committee",
            "P5Y",
            "order_date",
            "2036-01-31",
        ),
        (
            "The head of each agency shall act within 30 days of the date of this order.",
            "agency heads",
            "P30D",
            "order_date",
            "2031-03-02",
        ),
        (
            "I hereby direct the Secretary of Clocks, within 90 days of the date of this order, to act.",
            "Secretary of Clocks",
            "P90D",
            "order_date",
            "2031-05-01",
        ),
        (
            "The plan shall be sent by the Director of TIME within 30 days of this order.",
            "Director of TIME",
            "P30D",
            "order_date",
            "2031-03-02",
        ),
        (
            "Within 270 days of the date of this order or 180 days after the Office publishes its study, whicheve"
            "r comes later, the Board shall act.",
            "Board",
            "P270D; P180D",
            "order_date; prior_action:the Office publishes its study",
            None,
        ),
    ],
)
def test_deadline__gives_actor_period_and_day(
    text: str, actor: str, period: str | None, anchor: str, due: str | None
) -> None:
    one = only(text)
    assert (one.actor, one.period, one.anchor) == (actor, period, anchor)
    assert str(one.due_date or "") == (due or "")


@pytest.mark.parametrize(
    ("text", "period", "recurring"),
    [
        (
            "Within 90 days of the date of this order, and at least annually thereafter, the Board shall report.",
            "P90D",
            "annual",
        ),
        ("The Board shall report on an annual basis.", "P1Y", "annual"),
        ("The Board shall submit an annual report to the King.", "P1Y", "annual"),
        ("The Board shall meet quarterly.", "P3M", "quarterly"),
        ("Not less frequently than once per fiscal year, the Board shall review it.", "P1Y", "annual"),
        ("The Board shall review it every two years.", "P2Y", "other"),
        ("The Board shall publish every 18 months a list.", "P18M", "other"),
        (
            "Within 60 days of this order and updated periodically thereafter, the Board shall issue guidance.",
            "P60D",
            "other",
        ),
        (
            "Not later than August 1, 2031, and not later than August 1 of each year thereafter, the Board shall "
            "report.",
            None,
            "annual",
        ),
    ],
)
def test_rhythm__is_told(text: str, period: str | None, recurring: str) -> None:
    one = only(text)
    assert (one.period, one.recurring) == (period, recurring)


@pytest.mark.parametrize(
    "text",
    [
        "The Board may, within 30 days of the date of this order, act.",
        "Agencies are encouraged to act within 30 days of the date of this order.",
        "The Board shall act.",
        "Any order may not remain in effect for more than 365 days.",
        "No provider shall be required to act earlier than 180 days following the notice.",
        "It tells of a right to make a petition within 30 days as to why a penalty should not be imposed.",
        "The Board shall fund clocks with the goal of training 500 makers by 2035.",
        "The Board shall finish work that was entered into on or before January 20, 2032.",
        "The term \u201cyear\u201d means a fiscal year.",
        "Revenue rose within two years before the sale.",
    ],
)
def test_no_duty_or_no_time__gives_nothing(text: str) -> None:
    assert duties(text) == []


def shown(found: Sequence[Obligation]) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.section, one.actor, one.period) for one in found]


def test_lists__take_their_actor_from_the_lead_in() -> None:
    text = (
        "Section 1.  Clocks.  (a)  To help, the Director of TIME, in coordination with the Board, shall:\n"
        "     (i)   within 60 days of the date of this order, review clocks and, within 365 days of the date "
        "of this order,"
        " replace them; and\n     (ii)  direct the Bureau to convene, within 90 days of the date of this orde"
        "r, a meeting.(b)"
        "  Within 30 days of this order, the Secretary of Clocks shall:\n     (i)  look; and\n     (ii) listen."
    )
    assert shown(duties(text)) == [
        ("1(a)(i)", "Director of TIME", "P60D"),
        ("1(a)(i)", "Director of TIME", "P365D"),
        ("1(a)(ii)", "Director of TIME", "P90D"),
        ("1(b)", "Secretary of Clocks", "P30D"),
    ]


def test_deadline_above_a_list__binds_those_whom_its_members_name() -> None:
    text = (
        "(a) The following actions shall be taken within 180 days of the date of this order:\n"
        "   (i)  The Chair of the Council shall report.\n   (ii) The Secretary of Clocks shall answer."
    )
    assert shown(duties(text)) == [("(a)", "Chair of the Council; Secretary of Clocks", "P180D")]


def test_relative_clause__binds_whom_it_describes() -> None:
    text = (
        "Within 90 days of the date of this order, the Secretary of Clocks shall establish a Clock Task Force"
        " that shall, "
        "within 365 days of its creation, develop a plan."
    )
    assert shown(duties(text)) == [(None, "Secretary of Clocks", "P90D"), (None, "Clock Task Force", "P365D")]


def test_bare_title__is_whom_the_text_defines() -> None:
    text = (
        "SEC. 9. CLOCKS.\n(a) Definition.--The term ``Secretary'' means the Secretary of Clocks.\n"
        "(b) Report.--Not later than 1 year after the date of enactment of this Act, the Secretary shall report."
    )
    assert shown(duties(text)) == [("9(b)", "Secretary of Clocks", "P1Y")]


def test_unknown_day__gives_no_due_date() -> None:
    (one,) = find_obligations("Within 90 days of the date of this order, the Board shall act.")
    assert (one.due_date, one.anchor) == (None, "order_date")


def test_outline__tells_marks_from_references_to_them() -> None:
    text = (
        "4.1.  A.  (a)  See subsection 4.1(a)(ii) and paragraphs (b), (c), and (d) of it.(b)  Next:\n (i)  on"
        "e;\n (ii) two."
    )
    assert [block.label for block in outline(text)] == [None, "4.1", "4.1(a)", "4.1(b)", "4.1(b)(i)", "4.1(b)(ii)"]


def test_words__stand_once_each() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = [(row["kind"], row["term"]) for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows))
