"""How far what is said of one instrument reaches, in sentences of our own: to which targets, to the whole or a part."""

from __future__ import annotations

import time

import pytest

from pipelines.enrich.relations import find_relations


def acts(text: str) -> dict[str, str]:
    return {one.target_value: one.relation for one in find_relations(text)}


def parts(text: str) -> dict[str, bool]:
    return {one.target_value: one.is_partial for one in find_relations(text) if one.relation != "cites"}


@pytest.mark.parametrize("verb", ["reaffirms", "retains", "restores", "preserves", "continues", "gazettes"])
@pytest.mark.parametrize("link", ["and", "but", "and also", ", and", "and expressly", "while it"])
def test_verb__ends_at_an_unknown_finite_verb(verb: str, link: str) -> None:
    text = f"This order revokes Executive Order 90001 {link} {verb} Executive Order 90002."
    assert acts(text) == {"90001": "revokes", "90002": "cites"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This memorandum rescinds M-90-01, reaffirms M-90-02, and implements Executive Order 90003.",
            {"M-90-01": "rescinds", "M-90-02": "cites", "90003": "implements"},
        ),
        ("This memorandum rescinds M-90-01 and complements M-90-02.", {"M-90-01": "rescinds", "M-90-02": "cites"}),
        ("This memorandum rescinds M-90-01 and supplements M-90-02.", {"M-90-01": "rescinds", "M-90-02": "cites"}),
        ("This memorandum rescinds M-90-01 and builds upon M-90-02.", {"M-90-01": "rescinds", "M-90-02": "cites"}),
        (
            "The Department rescinds the clock rule (90 FR 14544) and maintains the duties in 15 CFR part 944.",
            {"90 FR 14544": "rescinds", "15 CFR 944": "cites"},
        ),
        (
            "This rule amends 15 CFR 944 and leaves unchanged 15 CFR 940.",
            {"15 CFR 944": "amends", "15 CFR 940": "cites"},
        ),
        (
            "The Department is amending 15 CFR part 944 while leaving 15 CFR part 940 as it stands.",
            {"15 CFR 944": "amends", "15 CFR 940": "cites"},
        ),
        (
            "These Regulations amend the Clock Safety Act 2023 and apply the Bells Act 2003.",
            {"Clock Safety Act 2023": "amends", "Bells Act 2003": "cites"},
        ),
        (
            "This rule amends 48 CFR part 39 to conform to Executive Order 90001 and 44 U.S.C. 3502.",
            {"48 CFR 39": "amends", "90001": "cites", "44 U.S.C. 3502": "cites"},
        ),
        (
            "The Commission amends 47 CFR part 915 and seeks comment on 47 CFR part 918.",
            {"47 CFR 915": "amends", "47 CFR 918": "cites"},
        ),
        (
            "Executive Order 90001 remains in force and Executive Orders 90002 and 90003 are revoked.",
            {"90001": "cites", "90002": "revokes", "90003": "revokes"},
        ),
    ],
)
def test_target__of_another_verb_is_not_acted_on(text: str, expected: dict[str, str]) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The following are superseded: M-90-01 and M-90-02, but not M-90-03.",
            {"M-90-01": "supersedes", "M-90-02": "supersedes", "M-90-03": "cites"},
        ),
        ("This memorandum revokes neither M-90-01 nor M-90-02.", {"M-90-01": "cites", "M-90-02": "cites"}),
        (
            "All orders other than Executive Order 90001 and Executive Order 90002 are revoked.",
            {"90001": "cites", "90002": "cites"},
        ),
        (
            "This order revokes Executive Order 90001 instead of Executive Order 90002.",
            {"90001": "revokes", "90002": "cites"},
        ),
        (
            "The memoranda of the council, except M-90-01, are rescinded together with M-90-02.",
            {"M-90-01": "cites", "M-90-02": "cites"},
        ),
        (
            "This order revokes Executive Order 90001 and does not affect Executive Order 90002.",
            {"90001": "revokes", "90002": "cites"},
        ),
        ("Pending the date on which M-90-01 is rescinded, offices shall report.", {"M-90-01": "cites"}),
        ("Offices report until the day on which M-90-01 is rescinded.", {"M-90-01": "cites"}),
    ],
)
def test_exception_or_day_to_come__is_no_act(text: str, expected: dict[str, str]) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This order amends section 4 of Executive Order 90001 and sections 2 and 3 of Executive Order 90002.",
            {"90001": "amends", "90002": "amends"},
        ),
        (
            "The Department amends the definitions, exemptions, and fees in 15 CFR part 944.",
            {"15 CFR 944": "amends"},
        ),
        (
            "This rule revises the bell controls and licensing requirements in 15 CFR part 944.",
            {"15 CFR 944": "amends"},
        ),
        (
            "The Commission amends its licensing and recordkeeping rules at 47 CFR part 915.",
            {"47 CFR 915": "amends"},
        ),
        (
            "This order revokes the orders and memoranda listed, including Executive Order 90001 and M-90-01.",
            {"90001": "revokes", "M-90-01": "revokes"},
        ),
        (
            "The Department withdraws the proposed rule and terminates the clock proceeding at 89 FR 15698.",
            {"89 FR 15698": "withdraws"},
        ),
        (
            "All pending requests lapse, and Executive Order 90001 is revoked.",
            {"90001": "revokes"},
        ),
        (
            "On the date on which this order takes effect, Executive Order 90001 is revoked.",
            {"90001": "revokes"},
        ),
    ],
)
def test_nouns_and_pending_things__do_not_stop_the_verb(text: str, expected: dict[str, str]) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "This order revokes Executive Order 90001 in part.",
        "This order revokes Executive Order 90001 of May 1, 2031 (On Clocks), in part.",
        "This order partially revokes Executive Order 90001.",
        "This memorandum supersedes M-90-01 to the extent of any inconsistency.",
        "This memorandum supersedes, to the extent of any inconsistency, M-90-01.",
        "This memorandum supersedes M-90-01 and M-90-02 to the extent that they differ from it.",
        "To the extent inconsistent with this order, Executive Order 90001 is superseded.",
        "The following provisions of Executive Order 90001 are revoked: sections 4 and 5.",
        "The following orders are revoked to the extent shown: Executive Order 90001 and Executive Order 90002.",
        "This memorandum rescinds parts of M-90-01.",
        "Parts of Executive Order 90001 are rescinded.",
        "This order revokes certain provisions of Executive Order 90001.",
        "Certain provisions of 89 FR 15698 are withdrawn.",
        "Attachment 2 of M-90-01 is superseded.",
        "Attachments 2 and 3 to M-90-01 are superseded.",
        "Appendix A to M-90-01 is rescinded.",
        "The Clock Safety Act 2023 is repealed in relation to Wales.",
        "The Clock Safety Act 2023 and the Bells Act 2003 are repealed in so far as they apply to Wales.",
        "This order revokes Executive Order 90001, except section 4.",
        "Except for section 4, Executive Order 90001 is revoked.",
        "With the exception of sections 4 and 5, Executive Order 90001 is revoked.",
        "The annex to M-90-01 is rescinded.",
        "This order supersedes any inconsistent provisions of Executive Order 90001.",
        "Executive Order 90001 is superseded where it conflicts with this order.",
        "This document withdraws in part the proposed rule published at 89 FR 15698.",
        "The Clock Safety Act 2023 is repealed as respects Wales.",
        "Subsection (b) of section 9103 of the Clocks Act of 2031 (15 U.S.C. 99413) is repealed.",
        "This Act repeals subsection (b) of section 9103 of the Clocks Act of 2031 (15 U.S.C. 99413).",
        "Paragraphs (2) and (3) of section 91(a) of the Bell Founders Act (15 U.S.C. 9278h-1) are repealed.",
        "Section 91(a) of the Bell Founders Act (BFA) (15 U.S.C. 9278h-1) is repealed.",
        "Paragraph (3) of section 944.23 of title 15, Code of Federal Regulations, is revoked.",
        "Paragraphs (a) through (c) of \u00a7 944.23 of title 15, Code of Federal Regulations, are revoked.",
        "Section 938(g) of the Clocks Act of 2031 (Public Law 190-6; 10 U.S.C. 4061 note) is repealed.",
        "Section 91 of the Clocks Act of 2031 (10 U.S.C. 4061 note) is repealed.",
        "Section 91 of the Clocks Act of 2031 (15 U.S.C. 99401 et seq.) is repealed.",
        "The last sentence of section 3 of Executive Order 90001 is revoked.",
        "The second sentence of Executive Order 90001 is revoked.",
        "The definition of bells in section 3 of Executive Order 90001 is revoked.",
        "The amendments made by 99 FR 12345 are withdrawn in part.",
        "With respect to Executive Order 90001, section 3 thereof is revoked.",
        "This order recalls Executive Order 90001 of May 1, 2031, and sections 3 and 4 of that order are revoked.",
        "This order keeps Executive Order 90001 and revokes section 3 thereof.",
    ],
)
def test_partial_ending__is_told(text: str) -> None:
    found = parts(text)
    assert found
    assert all(found.values())


@pytest.mark.parametrize(
    "text",
    [
        "This order revokes Executive Order 90001.",
        "This order revokes Executive Order 90001 to the extent permitted by law.",
        "To the extent permitted by law, Executive Order 90001 is revoked.",
        "Executive Order 90001 is revoked, except as otherwise provided by law.",
        "This order revokes Executive Order 90001 and Executive Order 90002.",
        "This notice withdraws two proposed rules at 89 FR 15698 and 89 FR 15699.",
        "All orders of the council other than Executive Order 90009 lapse; Executive Order 90001 is revoked.",
        "Section 99413 of title 15, United States Code, is repealed.",
        "Section 9103 of the Clocks Act of 2031 (15 U.S.C. 99413) is repealed.",
        "The Clocks Act of 2031 (15 U.S.C. 99401 et seq.) is repealed.",
        "The amendments made by the final rule published at 99 FR 12345 are withdrawn.",
    ],
)
def test_whole_ending__is_not_partial(text: str) -> None:
    found = parts(text)
    assert found
    assert not any(found.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Certain provisions of Executive Order 90001 are amended, Executive Order 90002 is revoked.",
            {"90001": True, "90002": False},
        ),
        (
            "Executive Orders 90001, 90002 and 90003 are revoked, except that section 4 of"
            " Executive Order 90002 stays.",
            {"90001": False, "90002": True, "90003": False},
        ),
        (
            "This order revokes Executive Order 90001 and Executive Order 90002, except for section 3 of"
            " Executive Order 90001.",
            {"90001": True, "90002": False},
        ),
        (
            "The following are rescinded: M-90-01; M-90-02, except Appendix A; M-90-03.",
            {"M-90-01": False, "M-90-02": True, "M-90-03": False},
        ),
        (
            "The following are revoked: Executive Order 90001, Executive Order 90002 (other than section 4), and"
            " Executive Order 90003.",
            {"90001": False, "90002": True, "90003": False},
        ),
        (
            "Paragraph (2) of section 4 of the Bells Act (15 U.S.C. 99421) and the Clocks Act (15 U.S.C. 99422) are"
            " repealed.",
            {"15 U.S.C. 99421": True, "15 U.S.C. 99422": False},
        ),
    ],
)
def test_exception__leaves_a_part_of_the_target_that_it_names(text: str, expected: dict[str, bool]) -> None:
    assert parts(text) == expected


def test_word_behind_a_number__is_no_provision() -> None:
    found = find_relations("This rule amends 48 CFR part 39 to conform to Executive Order 90001.")
    assert [one.pinpoint for one in found if one.target_value == "90001"] == [None]


@pytest.mark.parametrize(
    "unit",
    [
        "other than M-90-01 and ",
        "This order revokes M-90-01 and retains ",
        "certain provisions of M-90-01, ",
        "except section 4 of M-90-01 ",
        "M-90-01, to the extent, ",
        "Attachment 2, 3, 4 and 5 to M-90-01 (",
        "pending the ",
        "and also thereby and ",
        "revokes to the extent ",
    ],
)
def test_reach__is_read_in_linear_time(unit: str) -> None:
    def seconds(chars: int) -> float:
        text = (unit * (chars // len(unit) + 1))[:chars]
        started = time.process_time()
        find_relations(text)
        return time.process_time() - started

    # What else the machine does makes a reading longer and none shorter.
    long, short = (min(seconds(chars) for _ in range(3)) for chars in (120_000, 30_000))
    assert long < 12 * max(short, 0.02)
