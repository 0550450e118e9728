"""The grammar of official disposition notes, one spelling a case."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.enrich.dispositions import MAX_QUOTE_CHARS, RELATIONS, parse_dispositions

Row = tuple[str, bool, str, str, str | None]


def rows(note: str) -> list[Row]:
    return [
        (
            d.relation,
            d.is_partial,
            d.target_scheme,
            d.target_value,
            d.target_date.isoformat() if d.target_date else None,
        )
        for d in parse_dispositions(note)
    ]


@pytest.mark.parametrize(
    ("label", "relation", "is_partial"),
    [
        ("Amends:", "amends", False),
        ("Amended by:", "amended_by", False),
        ("Amend by:", "amended_by", False),
        ("Revokes in part:", "revokes", True),
        ("Partially revokes:", "revokes", True),
        ("Revoked in part by:", "revoked_by", True),
        ("Revoked (in part) by:", "revoked_by", True),
        ("partially superseded by:", "superseded_by", True),
        ("Rescinded by:", "revoked_by", False),
        ("Supersedes (in part):", "supersedes", True),
        ("Superseded by", "superseded_by", False),
        ("Continues:", "continues", False),
        ("Continues certain committee established by:", "continues", False),
        ("Continued by:", "continued_by", False),
        ("Reinstates:", "reinstates", False),
        ("Reinstated by:", "reinstated_by", False),
        ("Suspends:", "suspends", False),
        ("Suspended by:", "suspended_by", False),
        ("See:", "see", False),
        ("See", "see", False),
        ("ee:", "see", False),
        ("Supersedes in part;", "supersedes", True),
        ("Terminates:", "other", False),
        ("Revoked, in part, by:", "revoked_by", True),
        ("Section 3 revoked by:", "revoked_by", True),
        ("Sections 2(b) and 3 amended by:", "amended_by", True),
        ("Revoked by section 1 of:", "revoked_by", False),
    ],
)
def test_labels(label: str, relation: str, is_partial: bool) -> None:
    assert rows(f"{label} EO 20001, May 2, 2031") == [(relation, is_partial, "eo", "20001", "2031-05-02")]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("EO 20001 of May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001 May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001; May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001. May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001, May 2,2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001, May, 2, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001, Sept. 2, 2031", ("eo", "20001", "2031-09-02")),
        ("EO 20001, Dec 2, 2031", ("eo", "20001", "2031-12-02")),
        ("EO 20001, 2 May 2031", ("eo", "20001", "2031-05-02")),
        ("Presidential Memorandum of May 2, 2031", ("memorandum", "2031-05-02", "2031-05-02")),
        ("EO 20001 of 5/2/2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001 of 5/2/31", ("eo", "20001", None)),
        ("EO 20001 of May\u00a02, 2031", ("eo", "20001", "2031-05-02")),
        ("EO 20001, May 34, 2031", ("eo", "20001", None)),
        ("EO 20001, May 2, 3031", ("eo", "20001", "3031-05-02")),
        ("EO 20001, May 2, 2031 (96 FR 101)", ("eo", "20001", "2031-05-02")),
        ("EO 20001 (96 FR 101, June 9, 2031)", ("eo", "20001", None)),
        ("EO 7059-A, May 2, 2031", ("eo", "7059-A", "2031-05-02")),
        ("EP 20001, May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("20001, May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("Executive Order 20001 of May 2, 2031", ("eo", "20001", "2031-05-02")),
        ("Proc. 8693", ("proclamation", "8693", None)),
        ("Proc.10987, May 2, 2031", ("proclamation", "10987", "2031-05-02")),
        ("Proclamation 8693 of May 2, 2031", ("proclamation", "8693", "2031-05-02")),
        ("Memorandum of May 2, 2031", ("memorandum", "2031-05-02", "2031-05-02")),
        ("Memorandum, May 2, 2031", ("memorandum", "2031-05-02", "2031-05-02")),
        ("Memo. of May 2, 2031", ("memorandum", "2031-05-02", "2031-05-02")),
        ("Memo of May 2, 2031", ("memorandum", "2031-05-02", "2031-05-02")),
        ("Notice of May 2, 2031, 96 FR 101", ("notice", "2031-05-02", "2031-05-02")),
        ("Pres. Determination No. 96-7 of May 2, 2031", ("presidential_determination", "96-7", "2031-05-02")),
        ("PD No. 2006-14 of May 2, 2031", ("presidential_determination", "2006-14", "2031-05-02")),
    ],
)
def test_targets(target: str, expected: tuple[str, str, str | None]) -> None:
    assert rows(f"See: {target}") == [("see", False, *expected)]


def test_a_target_inherits_the_last_label_over_odd_separators() -> None:
    note = "Amends: EO 1, May 1, 1990; EO 2 of May 2, 1990;;\n ;  See:  EO 3, May 3, 1990 and Proc. 4 Revoked by: EO 5"
    assert [(row[0], row[3]) for row in rows(note)] == [
        ("amends", "1"), ("amends", "2"), ("see", "3"), ("see", "4"), ("revoked_by", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "relations"),
    [
        ("Superseded or revoked by:", ["superseded_by", "revoked_by"]),
        ("Amended and continued by:", ["amended_by", "continued_by"]),
        ("Supersedes and revokes:", ["supersedes", "revokes"]),
    ],
)
def test_a_label_of_two_verbs_states_both(label: str, relations: list[str]) -> None:
    assert [row[0] for row in rows(f"{label} EO 20001, May 2, 2031; EO 20002")] == relations * 2


def test_a_list_behind_one_name_is_read_to_its_end() -> None:
    note = "Amends: EOs 20001, 20002 and 20003-A; EO 20004, May 2, 2031, 1990 edition; See: Executive Orders 1001, 1002"
    assert [(row[0], row[3]) for row in rows(note)] == [
        ("amends", "20001"), ("amends", "20002"), ("amends", "20003-A"), ("amends", "20004"), ("see", "1001"),
        ("see", "1002"),
    ]  # fmt: skip


def test_what_amended_a_target_before_is_no_target() -> None:
    note = "Amends: EO 1, May 1, 1990, as amended by EO 2 and EO 3, May 3, 1992; EO 4, as superseded by EO 5\nSee: EO 6"
    assert [(row[0], row[3]) for row in rows(note)] == [("amends", "1"), ("amends", "4"), ("see", "6")]


def test_a_target_without_a_number_of_ours_hides_no_other() -> None:
    assert [row[3] for row in rows("See: Presidential Policy Directive 41; EO 20001; Public Law 95-454; Proc. 5")] == [
        "20001",
        "5",
    ]


def test_in_part_after_a_target_is_about_that_target_only() -> None:
    note = "Revokes: EO 1, May 1, 1990; EO 2, May 2, 1990 (in part); EO 3, May 3, 1990"
    assert [row[1] for row in rows(note)] == [False, True, False]


def test_an_effective_date_and_a_stray_date_change_nothing() -> None:
    note = "Amended by: EO 1, May 1, 1990, eff. June 1, 1990; July 1, 1990; EO 2, May 2, 1990"
    assert [row[3:] for row in rows(note)] == [("1", "1990-05-01"), ("2", "1990-05-02")]


def test_a_plural_carries_several_dates() -> None:
    assert [row[3] for row in rows("See: Memoranda of March 2, 1995, and March 3, 1998")] == [
        "1995-03-02",
        "1998-03-03",
    ]


def test_targets_inside_prose_are_no_relations() -> None:
    note = "Revoked by: EO 1, May 1, 1990, read in conjunction with EO 2, May 2, 1990"
    assert [row[3] for row in rows(note)] == ["1"]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "66 FR 101, November 15, 2001",
        "Federal Register page and date: 66 FR 101, November 15, 2001",
        "Federal Register correction page and date: 75 FR 13, January 8, 2010, Executive Order 9 - Correction",
        "Note: This Executive order expands a policy.",
        "See: March 2, 2025",
    ],
)
def test_text_that_states_no_relation(note: str) -> None:
    assert rows(note) == []


def test_a_free_text_note_names_what_acts_and_not_its_subject() -> None:
    note = (
        "Amends: EO 8, May 1, 1990; Note: EO 9 is nullified in part by virtue of being abolished by EO 10, May 3, 1999."
    )
    assert rows(note)[1:] == [("other", True, "eo", "10", "1999-05-03")]


def test_the_quote_shows_label_and_target_where_it_stands() -> None:
    note = "See: EO 1, May 1, 1990\nRevoked by: EO 2, May 2, 1990"
    last = parse_dispositions(note)[-1]
    assert last.quote == "Revoked by: EO 2, May 2, 1990"
    assert last.quote_start == note.index("Revoked")
    assert last.target_date == date(1990, 5, 2)


def test_a_target_far_from_its_label_is_quoted_alone() -> None:
    note = "See: " + "; ".join(f"EO {number}, May 1, 1990" for number in range(20001, 20041))
    last = parse_dispositions(note)[-1]
    assert last.quote == "EO 20040, May 1, 1990"
    assert note[last.quote_start :] == last.quote


@given(st.text(alphabet="EOPrcNotiMmSeAdRvkbyinpa0123456789 ,;:.()/-\n", max_size=200))
def test_any_text_is_read_without_error_and_quoted_exactly(note: str) -> None:
    for stated in parse_dispositions(note):
        assert stated.relation in RELATIONS
        assert note[stated.quote_start : stated.quote_start + len(stated.quote)] == stated.quote
        assert len(stated.quote) <= MAX_QUOTE_CHARS


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Revoked by: EO 98,148, January 20, 2035", [("98148", date(2035, 1, 20))]),
        (
            "Amends: EO 9,066, February 19, 1942; EO 98000, March 1, 2034",
            [("9066", date(1942, 2, 19)), ("98000", date(2034, 3, 1))],
        ),
        ("Revokes: EOs 98,001, 98,002 and 98003", [("98001", None), ("98002", None), ("98003", None)]),
        ("Amended by: EO 98,148, January 20, 2035 (100 FR 45,309)", [("98148", date(2035, 1, 20))]),
    ],
)
def test_a_comma_may_part_the_thousands_of_a_number(note: str, expected: list[tuple[str, date | None]]) -> None:
    assert [(one.target_value, one.target_date) for one in parse_dispositions(note)] == expected


@pytest.mark.parametrize(
    ("note", "relation", "is_partial"),
    [
        ("Note: Suspended in part by EO 3, May 3, 1990", "suspended_by", True),
        ("NOTE: Suspended by EO 3, May 3, 1990", "suspended_by", False),
        ("Notes: Partially revoked by EO 3, May 3, 1990", "revoked_by", True),
        ("Amends: EO 1, May 1, 1990\nNote: Superseded by EO 3, May 3, 1990", "superseded_by", False),
        ("Note: The Council was suspended in part by EO 3, May 3, 1990", "other", True),
    ],
)
def test_a_note_that_begins_with_a_label__states_its_relation(note: str, relation: str, is_partial: bool) -> None:
    assert rows(note)[-1][:2] == (relation, is_partial)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Revokes EOs 20001, 20002 and 20003", ["revokes 20001", "revokes 20002", "revokes 20003"]),
        ("Revoked by Executive Orders 20001 and 20002", ["revoked_by 20001", "revoked_by 20002"]),
        ("Amends E.O. 20001 and 20002", ["amends 20001", "amends 20002"]),
        ("Revokes EO Nos. 20001, 20002", ["revokes 20001", "revokes 20002"]),
        ("Revokes EO's 20001 & 20002", ["revokes 20001", "revokes 20002"]),
        ("Revokes the following EOs: 20001, 20002", ["revokes 20001", "revokes 20002"]),
        ("Revokes EOs:\n20001\n20002", ["revokes 20001", "revokes 20002"]),
        ("Superseded by: EO 20001, 20002", ["superseded_by 20001", "superseded_by 20002"]),
        (
            "Amends EO 20001, sec. 2, and EO 20002 (secs. 3 and 4); EO 20003",
            ["amends 20001", "amends 20002", "amends 20003"],
        ),
        ("Revokes Procs. 9994, 9996", ["revokes 9994", "revokes 9996"]),
        ("Supersedes EOs 20001 through 20003", ["supersedes 20001", "supersedes 20003"]),
        (
            "Amended by EOs 20001, 20002; revoked by EO 20003",
            ["amended_by 20001", "amended_by 20002", "revoked_by 20003"],
        ),
        ("Revokes EO 20001, 1990 edition", ["revokes 20001"]),
    ],
)
def test_lists_are_read_without_a_colon(note: str, expected: list[str]) -> None:
    assert [f"{row[0]} {row[3]}" for row in rows(note)] == expected


@pytest.mark.parametrize(
    ("note", "is_partial"),
    [
        ("Suspended by: EO 20001 (secs. 5-7), May 2, 2031", False),
        ("Revoked by: EO 20001 (sec. 5), May 2, 2031", False),
        ("Revokes: EO 20001 (sec. 5), May 2, 2031", True),
        ("Amends: EO 20001 (sections 5 and 7) of May 2, 2031", True),
        ("Amends: EO 20001, \u00a7 4(b), May 2, 2031", True),
        ("Revokes: EO 20001 (paras. 1, 2, and 4), May 2, 2031", True),
        ("See: EO 20001 (sec. 2), May 2, 2031", False),
        ("Revokes: EO 20001, May 2, 2031", False),
    ],
)
def test_provisions_behind_a_target__leave_its_date_and_make_it_partial(note: str, is_partial: bool) -> None:
    assert [(row[1], row[3], row[4]) for row in rows(note)] == [(is_partial, "20001", "2031-05-02")]
