"""Sentences of our own that say two things of one instrument, or one thing of each of two."""

from __future__ import annotations

import time

import pytest

from pipelines.enrich.relations import find_relations


def acts(text: str) -> list[tuple[str, str]]:
    return [(one.target_value, one.relation) for one in find_relations(text)]


@pytest.mark.parametrize(
    "first",
    [
        "is no longer in effect",
        "is outdated",
        "is outdated, unlawful,",
        "is, however, obsolete",
        "was issued in 2031",
        "has served its purpose",
        "remains unused",
        "is inconsistent with Executive Order 90009",
        "is not suspended but",
        "no longer states the policy of the council",
        "supplements Executive Order 90009",
        "was amended by Executive Order 90009",
    ],
)
@pytest.mark.parametrize("verb", ["is revoked", "is hereby revoked", "is therefore revoked"])
def test_second_predicate__acts_on_the_subject_of_the_first(first: str, verb: str) -> None:
    link = "" if first.endswith("but") else " and"
    found = acts(f"Executive Order 90001 of May 1, 2031 (On Clocks), {first}{link} {verb}.")
    assert ("90001", "revokes") in found
    assert ("90009", "revokes") not in found


@pytest.mark.parametrize(
    "text",
    [
        "Executive Order 90001 is in force, and the memorandum is revoked.",
        "Executive Order 90001 is in force and is not revoked.",
        "Executive Order 90001 is outdated and would be revoked.",
        "Executive Order 90001 is the order that set up the council and is revoked.",
        "Executive Order 90001 is obsolete if it is unused and is revoked.",
        "If Executive Order 90001 is outdated and is revoked, offices shall report.",
        "The senator said that Executive Order 90001 is outdated and is revoked.",
        "Nothing in Executive Order 90001 is outdated and is revoked.",
        "The council set up under Executive Order 90001 is outdated and is terminated.",
        "The memorandum follows Executive Order 90001 and is revoked.",
        "The memorandum is like Executive Order 90001 of May 1, 2031, and is therefore revoked.",
        "If Executive Order 90001 lapses, section 3 thereof is revoked.",
        "The bill does not revoke the charter, but it amends Executive Order 90001.",
        "This order does not revoke or amend Executive Order 90001.",
        "This order, which does not revoke the charter but amends Executive Order 90001, is new.",
        "The employees removed under Executive Order 90001 are reinstated.",
        "Executive Order 90001 will be reinstated.",
        "Executive Order 90001 is neither revoked nor reinstated.",
        "The agency terminates the lease under RIN 9127-AM00.",
        "This rule reinstates the exemption in 15 CFR 944.21.",
        "Offices shall follow Executive Order 90001 until it is outdated and is revoked.",
        "The notice at 99 FR 12345 is removed from the website.",
        "The entry in the notice at 99 FR 12345 is inserted.",
    ],
)
def test_what_is_said_of_something_else__is_no_act(text: str) -> None:
    assert [relation for _, relation in acts(text)] == ["cites"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M-90-01 is rescinded and is replaced by this memorandum.", ["rescinds", "supersedes"]),
        ("M-90-01 is rescinded in its entirety and replaced by this memorandum.", ["rescinds", "supersedes"]),
        ("M-90-01 is hereby rescinded, effective today, and is superseded by this one.", ["rescinds", "supersedes"]),
        ("M-90-01 is revoked and is replaced with the following text.", ["revokes", "amends"]),
        ("M-90-01 is rescinded and is replaced by Executive Order 90002.", ["rescinds"]),
        ("M-90-01 is rescinded and is not replaced.", ["rescinds"]),
        ("M-90-01 is rescinded and shall be kept by the archive.", ["rescinds"]),
        ("M-90-01 is amended, and section 3 thereof is revoked.", ["amends", "revokes"]),
        ("M-90-01 is amended, and its section 3 is kept.", ["amends"]),
    ],
)
def test_target__may_be_acted_on_twice(text: str, expected: list[str]) -> None:
    assert [relation for target, relation in acts(text) if target == "M-90-01"] == expected


@pytest.mark.parametrize(
    "second",
    [
        "but amends section 4 of Executive Order 90002",
        "but amends Executive Order 90002",
        ", but it amends Executive Order 90002",
        "but instead amends Executive Order 90002",
        "but only amends section 4 of Executive Order 90002",
        "and amends Executive Order 90002",
        "; it amends Executive Order 90002",
    ],
)
def test_denial_of_one_act__ends_at_the_next(second: str) -> None:
    text = f"This order does not revoke Executive Order 90001 {second}."
    assert acts(text.replace(" ,", ",").replace(" ;", ";")) == [("90001", "cites"), ("90002", "amends")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Department terminates the rulemaking under RIN 9127-AM00.", "withdraws"),
        ("The Department is terminating its clock rulemaking (RIN 9127-AM00).", "withdraws"),
        ("The final rule published at 99 FR 4544 is removed.", "withdraws"),
        ("Executive Order 90001 of May 1, 2031, is reinstated.", "reinstates"),
        ("Executive Order 90001 is hereby immediately reinstated with full force and effect.", "reinstates"),
        ("This order reinstates Executive Order 90001.", "reinstates"),
    ],
)
def test_rarer_verbs__act(text: str, expected: str) -> None:
    assert [relation for _, relation in acts(text)] == [expected]


@pytest.mark.parametrize(
    "unit",
    [
        "is a and is a ", "Executive Order 90001 is a and ", "is revoked and replaced ", ", effective a, and revoked",
        "section 3 and 4 ", "paragraph (a) of section 4 of the A (", "(a), (a)", "does not amend, but ",
        "terminates the rulemaking ",
    ],
)  # fmt: skip
def test_two_predicates__are_read_in_linear_time(unit: str) -> None:
    def seconds(chars: int) -> float:
        text = "Executive Order 90001 is revoked and " + unit * (chars // len(unit)) + "M-90-02 is revoked."
        started = time.process_time()
        find_relations(text)
        return time.process_time() - started

    # What else the machine does makes a reading longer and none shorter.
    long, short = (min(seconds(chars) for _ in range(3)) for chars in (120_000, 30_000))
    assert long < 12 * max(short, 0.02)
