"""What a text says that it does to another instrument, in sentences of our own."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.enrich.dates import find_dates, find_relative_dates
from pipelines.enrich.money import find_amounts
from pipelines.enrich.obligations import find_obligations
from pipelines.enrich.relations import MAX_QUOTE_CHARS, find_relations


def acts(text: str, own: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    return [(one.relation, one.target_value) for one in find_relations(text, own)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Executive Order 90001 of May 1, 2031 (On Clocks), is hereby revoked.", [("revokes", "90001")]),
        (
            "This memorandum rescinds and replaces Memorandum M-90-01.",
            [("supersedes", "M-90-01"), ("rescinds", "M-90-01")],
        ),
        ("I hereby revoke Executive Order 90001.", [("revokes", "90001")]),
        ("Section 5 of the Clocks Act (15 U.S.C. 45) is amended by adding", [("amends", "15 U.S.C. 45")]),
        ("The Department is withdrawing the proposed rule published at 89 FR 15698.", [("withdraws", "89 FR 15698")]),
        ("This document corrects the final rule at 89 FR 15698.", [("corrects", "89 FR 15698")]),
        ("This notice extends the comment period of the rule at 89 FR 15698.", [("extends", "89 FR 15698")]),
        ("Section 2 of Executive Order 90001 is superseded.", [("supersedes", "90001")]),
        (
            "It shall implement the provisions of Executive Order 90001 and Executive Order 90002.",
            [("implements", "90001"), ("implements", "90002")],
        ),
        (
            "The Secretary shall, pursuant to section 8 of the Clocks Act (Public Law 190-6), act.",
            [("implements", "190-6")],
        ),
        (
            "the powers granted to the President by the Clocks Act, 50 U.S.C. 1701 et seq.,",
            [("implements", "50 U.S.C. 1701")],
        ),
        (
            "(a) The following orders are hereby revoked:(i) Executive Order 90001;(ii) Executive Order 90002.\nS"
            "ec. 2. See Executive Order 90003.",
            [("revokes", "90001"), ("revokes", "90002"), ("cites", "90003")],
        ),
    ],
)
def test_act__is_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(acts(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "This memorandum does not supersede Executive Order 90001.",
        "It shall consider amending rules under Executive Order 90001.",
        "actions taken pursuant to the revoked Executive Order 90001",
        "as amended by Executive Order 90001, is of no effect",
        "All rules issued under Executive Order 90001 are hereby rescinded.",
        "guidance on implementing Executive Order 90001",
        "The agency shall update or replace the list established in section 5 of Executive Order 90001.",
        "rights under color of law pursuant to 18 U.S.C. 242",
        "Executive Order 90002, which amends Executive Order 90001",
    ],
)
def test_what_is_only_named__is_cited(text: str) -> None:
    assert {name for name, _ in acts(text)} == {"cites"}


def test_target__acted_on_is_not_cited_too_and_the_text_itself_is_none() -> None:
    text = "Executive Order 90001 is revoked. See Executive Order 90001 and Executive Order 90009."
    assert acts(text, own=(("eo", "90009"),)) == [("revokes", "90001")]
    (one,) = find_relations(text, own=(("eo", "90009"),))
    assert text[one.start : one.end] == one.quote
    assert len(one.quote) <= MAX_QUOTE_CHARS


def test_press_text__gives_cross_references_and_no_guessed_day() -> None:
    press = (
        "At the beginning of the year the ministry spoke of a partnership with Ruritania. In February it set "
        "aside over "
        "100 million pounds for clock research. In October the President had signed Executive Order 90001 on "
        "clocks, and "
        "the department was considering requiring dealers to report under the rule proposed at 89 FR 15698."
    )
    assert acts(press) == [("cites", "90001"), ("cites", "89 FR 15698")]
    assert find_dates(press) == []
    assert find_obligations(press) == []
    assert {(one.first, one.last) for one in find_relative_dates(press, date(2031, 11, 28))} == {(None, None)}
    (amount,) = find_amounts(press)
    assert (amount.low, amount.high, amount.currency, amount.qualifier) == (100_000_000, None, "GBP", "over")
