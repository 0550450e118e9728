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


@pytest.mark.parametrize(
    "text",
    [
        "Nothing in this order revokes Executive Order 90001.",
        "Nothing in this memorandum supersedes M-90-01 or amends M-90-02.",
        "No provision of this order amends Executive Order 90001.",
        "No part of Executive Order 90001 is repealed.",
        "Neither Executive Order 90001 nor Executive Order 90002 is hereby revoked.",
        "Nothing in this notice: (i) amends Executive Order 90001; or (ii) rescinds M-90-01.",
        "It does not mean that Executive Order 90001 is revoked.",
        "If Executive Order 90001 is revoked, clock offices shall close.",
        "Should it come to that, and unless Executive Order 90001 is amended, clocks stop.",
        "In the event that M-90-01 is superseded, its annex stays.",
        "The register is kept until such time as Executive Order 90001 is revoked.",
        "Once M-90-01 is rescinded, agencies shall report.",
        "Where Regulation (EU) 2030/111 is amended, references follow.",
        "The fee is due when the Clocks Act 2030 is repealed.",
        "It is asked whether Executive Order 90001 is superseded.",
        "Executive Order 90001 is revoked if Congress so provides.",
        "The minister said that Executive Order 90001 is revoked.",
        "The Clocks Act amends Public Law 190-6.",
        "Rescinding M-90-01 would leave clocks without rules.",
        "Executive Order 90001 is superseded by Executive Order 90002.",
        "The Office is amending its regulations under the Clocks Act.",
        "We are extending the deadline set under the Clocks Act.",
    ],
)
def test_denied_supposed_or_reported_act__is_none(text: str) -> None:
    assert {name for name, _ in acts(text)} == {"cites"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If need be, Executive Order 90001 is hereby revoked.", [("revokes", "90001")]),
        ("Unless otherwise provided here, Executive Order 90001 is revoked.", [("revokes", "90001")]),
        ("No later than the date of this order, M-90-01 is rescinded.", [("rescinds", "M-90-01")]),
        ("Nothing else changes; Executive Order 90001 is revoked.", [("revokes", "90001")]),
        ("Where appropriate, Executive Order 90001 is superseded.", [("supersedes", "90001")]),
    ],
)
def test_condition__that_binds_nothing_leaves_the_act(text: str, expected: list[tuple[str, str]]) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This order amends Executive Order 90001 and revokes Executive Order 90002.",
            [("amends", "90001"), ("revokes", "90002")],
        ),
        (
            "This memorandum rescinds M-90-01, replaces M-90-02, and amends M-90-03.",
            [("rescinds", "M-90-01"), ("supersedes", "M-90-02"), ("amends", "M-90-03")],
        ),
        (
            "This memorandum sets rules for clocks and rescinds M-90-01 and M-90-02.",
            [("rescinds", "M-90-01"), ("rescinds", "M-90-02")],
        ),
        (
            "I hereby revoke Executive Order 90001 and amend Executive Order 90002.",
            [("revokes", "90001"), ("amends", "90002")],
        ),
        (
            "Memorandum M-90-01 is rescinded and replaced by this memorandum.",
            [("supersedes", "M-90-01"), ("rescinds", "M-90-01")],
        ),
        (
            "This order revokes Executive Order 90001, which amended Executive Order 90002.",
            [("revokes", "90001"), ("cites", "90002")],
        ),
        (
            "Executive Order 90001, which amended Executive Order 90002, is hereby revoked.",
            [("revokes", "90001"), ("cites", "90002")],
        ),
    ],
)
def test_nearest_verb__governs_its_target(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(acts(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The following are hereby revoked: (a) Executive Order 90001 of May 1, 2031; (b) Executive Order 90002 of "
            "May 2, 2031 (What Is a Clock). Sec. 3. Nothing here touches Executive Order 90003.",
            [("revokes", "90001"), ("revokes", "90002"), ("cites", "90003")],
        ),
        (
            "The following memoranda are rescinded:\n- M-90-01\n- M-90-02\n\n4. Other.  M-90-03 remains in effect and "
            "Executive Order 90003 applies.",
            [("rescinds", "M-90-01"), ("rescinds", "M-90-02"), ("cites", "M-90-03"), ("cites", "90003")],
        ),
        (
            "This order revokes the following orders: Executive Order 90001, which was amended once; and Executive "
            "Order 90002. (b) Agencies shall follow Executive Order 90003. See 5 U.S.C. 553.",
            [("revokes", "90001"), ("revokes", "90002"), ("cites", "90003"), ("cites", "5 U.S.C. 553")],
        ),
        (
            "The following are superseded: M-90-01; all guidance issued under Executive Order 90003; M-90-02.",
            [("supersedes", "M-90-01"), ("cites", "90003"), ("supersedes", "M-90-02")],
        ),
        ("If the following are revoked: Executive Order 90001, clocks stop.", [("cites", "90001")]),
    ],
)
def test_list_of_endings__ends(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(acts(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule implements section 4.2(c) of Executive Order 90001.", [("implements", "90001")]),
        (
            "This notice is issued pursuant to the Clocks Act (Public Law 190-6) and Executive Order 90001.",
            [("implements", "190-6"), ("implements", "90001")],
        ),
        ("The plan fulfils the requirement of section 5 of Executive Order 90001.", [("implements", "90001")]),
        ("The Clock Office will carry out its duties under Executive Order 90001.", [("implements", "90001")]),
        ("The Bureau of Clocks and Dials withdraws the rule at 99 FR 15698.", [("withdraws", "99 FR 15698")]),
        ("BCD (the Bureau) amends 15 CFR 744.", [("amends", "15 CFR 744")]),
        ("The Department of Clocks is revising 15 CFR 744.", [("amends", "15 CFR 744")]),
        ("In FR Doc. 2031-01580, on page 5698, the following corrections are made:", [("corrects", "2031-01580")]),
        ("Executive Order 90001 is hereby terminated.", [("revokes", "90001")]),
        ("Executive Order 90001 is null and void.", [("revokes", "90001")]),
        ("Executive Order 90001 shall no longer have any force or effect.", [("revokes", "90001")]),
        ("Memorandum M-90-01 is replaced with this memorandum.", [("supersedes", "M-90-01")]),
        (
            "This memorandum does not rescind M-90-01, and M-90-02 is rescinded.",
            [("cites", "M-90-01"), ("rescinds", "M-90-02")],
        ),
        (
            "Executive Order 90001 of May 1, 2031, as amended by Executive Order 90002, is hereby revoked.",
            [("revokes", "90001"), ("cites", "90002")],
        ),
        ("These Regulations revoke the Clocks Regulations 2030 (S.I. 2030/100).", [("revokes", "uksi-2030-100")]),
        (
            "The Clocks Act 2029 (Fees) Regulations 2030 (S.I. 2030/1) are revoked.",
            [("cites", "Clocks Act 2029"), ("revokes", "uksi-2030-1")],
        ),
        (
            "Section 238 of the Clocks Act of 2019 (Public Law 190-6; 10 U.S.C. 4061 note) is amended by adding",
            [("amends", "190-6"), ("amends", "10 U.S.C. 4061")],
        ),
        ("This notice is given pursuant to Executive Order 12866.", [("cites", "12866")]),
    ],
)
def test_wordings_of_agencies_and_of_other_countries__are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(acts(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "relation", "provision"),
    [
        ("Section 4(b) of Executive Order 90001 is hereby revoked.", "revokes", "Section 4(b)"),
        (
            "Section 4 of Executive Order 90001 is revoked. Section 7 of Executive Order 90001 is also revoked.",
            "revokes",
            "Section 4; Section 7",
        ),
        (
            "Subsections (b) and (c)(1) of section 4 of Executive Order 90001 are revoked.",
            "revokes",
            "section 4(b), 4(c)(1)",
        ),
        ("Section 4 of Executive Order 90001 is revoked. Executive Order 90001 is hereby revoked.", "revokes", None),
        ("Executive Order 90001 is hereby revoked, except section 5.", "revokes", ""),
        ("Executive Order 90001 is hereby revoked in part.", "revokes", ""),
        ("The Clocks Act of 2019 (15 U.S.C. 9401 et seq.) is amended by adding", "amends", None),
        ("Article 6 of Regulation (EU) 2030/679 is replaced by the following:", "amends", "Article 6"),
        ("Article 6 of Regulation (EU) 2030/679 shall be deleted.", "amends", "Article 6"),
        ("In section 1 of the Clocks Act 2030 (overview), after subsection (2) insert\u2014", "amends", "section 1"),
        ("Regulation 3 of the Clocks Regulations 2030 (S.I. 2030/100) is omitted.", "amends", "Regulation 3"),
    ],
)
def test_part__is_told_from_the_whole(text: str, relation: str, provision: str | None) -> None:
    (one,) = find_relations(text)
    assert (one.relation, one.is_partial) == (relation, provision is not None)
    assert (one.pinpoint or "") == (provision or "")


@pytest.mark.parametrize(
    "text",
    [
        "Executive Order 90001 is hereby revoked",
        "Executive Order 90001\nof May 1, 2031 (90 Stat. 5), is hereby revoked.",
        "Executive Order 90001 is hereby revoked. Clocks stop.",
    ],
)
def test_quote__holds_the_verb(text: str) -> None:
    (one,) = find_relations(text)
    assert one.quote.endswith("is hereby revoked")
    assert text[one.start : one.end] == one.quote


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
