"""What a document says it acts on, one wording a case; what could mean two documents gives nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.enrich.references import MAX_QUOTE_CHARS, MAY_REFER, OfficialText, parse_references

APPEARED = "The Agency is correcting a rule that appeared in the Federal Register "


def rows(**fields: Any) -> list[tuple[str, str, str]]:
    """Relation, scheme and value of everything found."""
    fields.setdefault("published_date", date(2024, 4, 4))
    return [(one.relation, one.target_scheme, one.target_value) for one in parse_references(OfficialText(**fields))]


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Corrects the rule published on January 29, 2024 (89 FR 5698).", [("fr_citation", "89 FR 5698")]),
        ("This corrects the final rule at 89 FR 5698.", [("fr_citation", "89 FR 5698")]),
        ("Corrects rules at 88 FR 73458 and 88 FR 1.", [("fr_citation", "88 FR 73458"), ("fr_citation", "88 FR 1")]),
        ("This corrects 81 Fed. Reg. 3,033.", [("fr_citation", "81 FR 3033")]),
        ("Corrects FR Doc. 2023-01513, published on January 26, 2023 (88 FR 4965).", [("fr_document", "2023-01513")]),
        ("Corrects FR Doc. 2016\u201306859.", [("fr_document", "2016-06859")]),
        (APPEARED + "of December 9, 2020.", [("fr_published", "2020-12-09")]),
        (APPEARED + "on Wednesday, December 18, 2019, at 84 FR 69022.", [("fr_citation", "84 FR 69022")]),
        ("On May 18, 2023, the Office published a notice. It gave a wrong address.", [("fr_published", "2023-05-18")]),
        ("It corrects its two interim final rules of October 25, 2023 on chips.", [("fr_published", "2023-10-25")]),
        ("Corrects the rules of May 1, 2020, published on May 1, 2020, and published on May 2, 2020.", []),
        ("Corrects the rule (89 FR 5698), which amended another (70 FR 100).", []),
        ("Corrects the date of a fee.", []),
        (APPEARED + "on February 30, 2020.", []),
        (APPEARED + "on May 1, 2031.", []),
        ("This corrects 95 FR 10.", []),
    ],
)  # fmt: skip
def test_correction__names_its_target(abstract: str, expected: list[tuple[str, str]]) -> None:
    found = rows(action="Final rule; correction.", abstract=abstract)
    assert found == [("corrects", *target) for target in expected]


def held_up(title: str, abstract: str, **fields: Any) -> list[tuple[str, str, bool, str | None]]:
    """Relation, target, whether of a part, and until when, of everything found."""
    text = OfficialText(title=title, abstract=abstract, published_date=date(2025, 11, 12), **fields)
    return [
        (one.relation, one.target_value, one.is_partial, one.until_date and one.until_date.isoformat())
        for one in parse_references(text)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        (
            "One-Year Suspension of Controls for Affiliates",
            "The Bureau suspends until November 9, 2026, the rule on affiliates (90 FR 47201).",
            ("suspends", "90 FR 47201", False, "2026-11-09"),
        ),
        (
            "Standards for Yogurt; Administrative Stay of Action",
            "We stay certain provisions of the final rule published on June 11, 2021.",
            ("suspends", "2021-06-11", True, None),
        ),
        (
            "Reports; Partial Stay",
            "On May 2, 2025, the Agency published a rule on reports. It stays the effectiveness of that rule.",
            ("suspends", "2025-05-02", True, None),
        ),
        (
            "Warnings; Delayed Effective Date",
            "By order of a court, this delays the rule of March 18, 2020. The new effective date is July 8, 2026.",
            ("delays", "2020-03-18", False, "2026-07-08"),
        ),
        (
            "Reports; Delay of Effective Date",
            "This finalizes the proposal to delay until May 7, 2026, the effective date of the rule at 90 FR 1.",
            ("delays", "90 FR 1", False, "2026-05-07"),
        ),
        (
            "Notification of Enforcement Discretion for Reports",
            "The Agency will not enforce the rule at 90 FR 4544.",
            ("declines_to_enforce", "90 FR 4544", False, None),
        ),
        (
            "Statement on Enforcement of the Rule on Reports",
            "The Office will not prioritize enforcement of the rule, 88 FR 35150.",
            ("declines_to_enforce", "88 FR 35150", False, None),
        ),
        (
            "Reports; Stay of Effective Date",
            "The Agency is staying 16 CFR 925.3 through 925.6 of the final rule at 89 FR 90476 until May 14, 2026.",
            ("suspends", "89 FR 90476", True, "2026-05-14"),
        ),
        (
            "Reports; Lifting of Stay",
            "The Agency lifts the stay of the final rule published on May 2, 2025, at 90 FR 1.",
            ("reinstates", "90 FR 1", False, None),
        ),
        (
            "Termination of Suspension of Reports",
            "This terminates the suspension of the rule at 90 FR 1.",
            ("reinstates", "90 FR 1", False, None),
        ),
        (
            "Removal of Rules Vacated by a Court",
            "On May 2, 2025, a district court vacated the final rule at 89 FR 32842. This removes it.",
            ("revokes", "89 FR 32842", False, None),
        ),
        (
            "Notice of Preliminary Injunction",
            "A federal court has enjoined sections 3 and 4 of Executive Order 90173.",
            ("suspends", "90173", True, None),
        ),
        (
            "Notice of Injunction",
            "A district court enjoined the agencies from carrying out Executive Order 90173.",
            ("suspends", "90173", False, None),
        ),
        (
            "Notice of Injunction",
            "A court enjoined the rule published at 90 FR 1.",
            ("suspends", "90 FR 1", False, None),
        ),
    ],
)  # fmt: skip
def test_what_holds_a_rule_up__names_it_and_until_when(
    title: str, abstract: str, expected: tuple[str, str, bool, str | None]
) -> None:
    assert held_up(title, abstract) == [expected]


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Proposed Delay of Effective Date", "This would delay the rule at 90 FR 1 until May 7, 2026."),
        ("Reports; Delay of Effective Date", "This action proposes to delay until May 7, 2026, the rule at 90 FR 1."),
        ("Termination of Suspension of Trading", "This terminates a suspension of trading under the rule at 90 FR 1."),
        ("Notice of Injunction", "The court denied an injunction against the rule at 90 FR 1."),
        ("Notice of Injunction", "The court stayed the injunction against Executive Order 90173."),
        ("Vacatur of a Rule", "The appeals court reversed the order that vacated the rule at 90 FR 1."),
        ("Enforcement of Reports", "The Agency will enforce the rule at 90 FR 1."),
        ("Suspension of Entry of Certain Persons", "Entry is suspended under the notice at 90 FR 1."),
        ("Reports", "The rule at 90 FR 1 was suspended by a court."),
        ("Partial Stay", "The Agency stays the rule at 90 FR 1 and the rule of another, 90 FR 2."),
    ],
)  # fmt: skip
def test_what_holds_nothing_up__gives_nothing(title: str, abstract: str) -> None:
    assert held_up(title, abstract) == []


def test_a_proposed_rule__holds_nothing_up() -> None:
    abstract = "This delays the rule at 90 FR 1."
    assert held_up("Reports; Delay of Effective Date", abstract, document_type="Proposed Rule") == []
    assert held_up("Reports", abstract, action="Final rule; delay of effective date.")[0][0] == "delays"


def test_correction__is_one_by_its_official_fields_only() -> None:
    abstract = "This corrects the final rule at 89 FR 5698."
    assert rows(action="Final rule.", title="Fees; Correction", abstract=abstract) == []
    assert rows(action=None, title="Fees; Correction", abstract=abstract)[0][0] == "corrects"
    assert rows(action=None, title="Corrections; Fees", abstract=abstract) == []
    assert rows(document_type="Correction", abstract=abstract)[0][0] == "corrects"


def test_correction__reads_the_text_where_the_summary_names_nothing() -> None:
    body = (
        "Background: see 70 FR 100.\nIn FR Doc. 2016-07980 appearing on page 21221 of the issue of April 11, 2016,"
        " the following corrections are made:\n[FR Doc. 2016-08730 Filed 4-14-16; 8:45 am]"
    )
    assert rows(action="Notice; correction.", abstract="A page is corrected.", body=body) == [
        ("corrects", "fr_document", "2016-07980")
    ]
    assert rows(action="Notice; correction.", body="On April 11, 2016, it was published. That is corrected.") == []


@pytest.mark.parametrize(
    ("body", "note", "expected"),
    [
        (
            "In FR Doc. 2024-00636, appearing on page 544 in the Federal Register of Monday, January 15, 2024, the "
            "following "
            "correction is made:",
            None,
            ("fr_document", "2024-00636"),
        ),
        (
            "In rule document 2024-00636, beginning on page 544 in the issue of January 15, 2024, make this "
            "correction:",
            None,
            ("fr_document", "2024-00636"),
        ),
        ("In FR Doc. 2024-00636, on page 544, the caption is corrected.", None, ("fr_document", "2024-00636")),
        (None, "The rule published on January 15, 2024, at 89 FR 544, is corrected.", ("fr_citation", "89 FR 544")),
        (None, "The correction to the rule at 89 FR 544 is effective today.", ("fr_citation", "89 FR 544")),
        ("Background: the rule of 2010 is 75 FR 100.", None, ("fr_published", "2024-01-15")),
        ("In FR Doc. 2022-00636, on page 544, the caption is corrected.", None, ("fr_published", "2024-01-15")),
        ("The rule of May 2, 2023 (FR Doc. 2023-00636), was corrected.", None, ("fr_published", "2024-01-15")),
        (
            "In FR Doc. 2024-00636, a date is corrected.\nIn FR Doc. 2024-00637, a fee is corrected.",
            None,
            ("fr_published", "2024-01-15"),
        ),
    ],
)  # fmt: skip
def test_day_in_the_summary__gives_way_to_the_number(
    body: str | None, note: str | None, expected: tuple[str, str]
) -> None:
    found = rows(
        action="Final rule; correction.",
        abstract="The Agency is correcting a rule that was published on January 15, 2024.",
        body=body,
        dates_note=note,
    )
    assert found == [("corrects", *expected)]


@pytest.mark.parametrize(
    ("action", "abstract", "note", "relation"),
    [
        (
            "Proposed rule; extension of comment period.",
            "On January 29, 2024, the Bureau published a proposed rule. Its comment period is extended.",
            "The comment period for the proposed rule published January 29, 2024, at 89 FR 5698, is extended.",
            "extends",
        ),
        (
            "Proposed rule; withdrawal.",
            "The Agency withdraws the proposed rule published on January 29, 2024.",
            "The proposed rule published at 89 FR 5698 is withdrawn.",
            "withdraws",
        ),
        (
            "Final rule; delay of effective date.",
            "This delays the effective date of the rule published on January 29, 2024, until May 7, 2026.",
            "The effective date of the rule published January 29, 2024, at 89 FR 5698, is delayed until May 7, 2026.",
            "delays",
        ),
    ],
)  # fmt: skip
def test_citation_beside_the_dates__wins_over_a_day(action: str, abstract: str, note: str, relation: str) -> None:
    (one,) = parse_references(OfficialText(action=action, abstract=abstract, dates_note=note))
    assert (one.relation, one.target_scheme, one.target_value) == (relation, "fr_citation", "89 FR 5698")
    assert one.target_date == date(2024, 1, 29)
    assert (one.field, one.until_date) == ("dates_note", date(2026, 5, 7) if relation == "delays" else None)


def test_own_names__are_no_target() -> None:
    abstract = "This corrects the rule at 89 FR 5698, FR Doc. 2024-01580."
    own = frozenset({"89 FR 5698", "2024-01580"})
    assert rows(action="Final rule; correction.", abstract=abstract, own_names=own) == []


@pytest.mark.parametrize(
    "action",
    [
        "Proposed rule; extension of comment period.",
        "Notice; reopening of the public comment period.",
        "Proposed rule; comment period extended.",
        "Interim final rule; extension of comment period.",
    ],
)
def test_extension__names_its_target(action: str) -> None:
    note = "The comment period for the proposed rule published on January 20, 2016 (81 FR 3033-3038) is reopened."
    assert rows(action=action, dates_note=note) == [("extends", "fr_citation", "81 FR 3033")]


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("EPA withdraws the direct final rule published on May 5, 2019 (84 FR 37).", [("fr_citation", "84 FR 37")]),
        ("The proposed rule published at 84 FR 37964 is hereby withdrawn.", [("fr_citation", "84 FR 37964")]),
        ("This document withdraws that notice, FR Doc. 2023-18996.", [("fr_document", "2023-18996")]),
        ("FDA is withdrawing approval of a drug.", []),
        ("It is withdrawing two notices and has merged them in a notice (83 FR 36950).", []),
    ],
)  # fmt: skip
def test_withdrawal__names_its_target(abstract: str, expected: list[tuple[str, str]]) -> None:
    found = rows(action="Proposed rule; withdrawal.", abstract=abstract)
    assert found == [("withdraws", *target) for target in expected]


def test_replacement__is_read_from_the_summary_of_any_document() -> None:
    rescinds = "The Office rescinds its guidance of February 13, 2024 on inventions and replaces it."
    assert rows(action="Examination guidance.", abstract=rescinds) == [
        ("revokes", "fr_published", "2024-02-13"),
        ("supersedes", "fr_published", "2024-02-13"),
    ]
    assert rows(action="Notice.", abstract="This notice replaces the notice published at 85 FR 3070.") == [
        ("supersedes", "fr_citation", "85 FR 3070")
    ]
    assert rows(action="Notice.", abstract="It rescinds the guidance published at 85 FR 3070.") == [
        ("revokes", "fr_citation", "85 FR 3070")
    ]
    assert rows(action="Notice.", abstract="It withdraws the guidance published at 85 FR 3070.") == [
        ("withdraws", "fr_citation", "85 FR 3070")
    ]
    assert rows(action="Notice.", body="It rescinds the guidance published at 85 FR 3070.") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("rules under Executive Order 13984 on clouds", ["13984"]),
        ("to implement Executive Orders 13984 and 14110", ["13984", "14110"]),
        ("pursuant to section 4.2(a) of E.O. 14110", ["14110"]),
        ("as directed by Executive Order (E.O.) 14110", ["14110"]),
        ("required by the President's Executive Order No. 14110", ["14110"]),
        ("as Executive Orders 13984 and 14110 direct", ["13984", "14110"]),
        ("a significant action under Executive Order 12866", []),
        ("revoked Executive Order 14110", []),
        ("see Executive Order 14110", []),
    ],
)
def test_orders_carried_out__by_explicit_words_only(text: str, numbers: list[str]) -> None:
    assert rows(abstract=text) == [("implements", "eo", number) for number in numbers]
    assert rows(body=text) == [("implements", "eo", number) for number in numbers]
    assert rows(body="x" * 2_000 + " " + text) == []
    assert rows(abstract=text, document_type="Presidential Document") == []


words = st.sampled_from(
    ["corrects", "withdraws", "the rule", "published", "on May 1, 2020", "(85 FR 100)", "FR Doc. 2020-00100", "is", ".",
     "\n", "extended", "under Executive Order 14110", "replaces", "of", "A", "and", "x" * 300]
)  # fmt: skip


@given(
    st.lists(words, max_size=40).map(" ".join),
    st.sampled_from(["Rule; correction.", "Notice; withdrawal.", "Extension of comment period.", "Notice."]),
)
def test_quotes__stand_in_their_field_where_they_are_said_to(text: str, action: str) -> None:
    document = OfficialText(action=action, abstract=text, body=text, title=text)
    for found in parse_references(document):
        assert getattr(document, found.field)[found.quote_start :].startswith(found.quote)
        assert 0 < len(found.quote) <= MAX_QUOTE_CHARS
        assert re.search(MAY_REFER, f"{action}\n{text}", re.IGNORECASE)
