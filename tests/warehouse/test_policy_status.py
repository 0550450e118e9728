"""policy_status_as_of on small tables: every rule of the status, as the published file states them.

Does not belong here: how policies and events come about (dbt's unit tests).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.warehouse_fixture import DBT

MACRO = (DBT / "macros" / "published" / "policy_status_as_of.sql").read_text(encoding="utf-8")
KNOWN = "2025-02-01T00:00:00Z"


class Policies:
    """Small tables and the macro over them."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.connection = duckdb.connect(str(path))
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(
            """
            create table policies (policy_id varchar, title varchar, instrument varchar);
            create table policy_events (
                event_id varchar, policy_id varchar, document_id varchar, event varchar, event_date date,
                source_field varchar, by_policy_id varchar, confidence varchar, quote varchar, known_from timestamptz,
                evidence_id varchar
            );
            create table policy_event_history (
                event_id varchar, policy_id varchar, document_id varchar, event varchar, event_date date,
                source_field varchar, by_policy_id varchar, confidence varchar, quote varchar, known_from timestamptz,
                known_until timestamptz, evidence_id varchar
            );
            """
        )
        self.connection.execute(MACRO)

    def add(self, policy_id: str, instrument: str | None, *events: tuple[str | None, ...]) -> None:
        """Add a policy and its events: (event, date[, by_policy_id[, known_from]])."""
        self.connection.execute("insert into policies values (?, ?, ?)", [policy_id, policy_id.title(), instrument])
        for event, day, *rest in events:
            by_policy_id = rest[0] if rest else None
            known_from = rest[1] if len(rest) > 1 else KNOWN
            self.connection.execute(
                "insert into policy_events values (?, ?, 'd', ?, ?, 'field', ?, 'official', null, ?, ?)",
                [f"{policy_id}-{event}-{day}", policy_id, event, day, by_policy_id, known_from, f"{event}-{day}"],
            )

    def add_history(self, policy_id: str, event: str, day: str, known_from: str, known_until: str) -> None:
        """Add an event that was stated for a time."""
        self.connection.execute(
            "insert into policy_event_history values (?, ?, 'd', ?, ?, 'field', null, 'official', null, ?, ?, ?)",
            [f"{policy_id}-{event}-{day}", policy_id, event, day, known_from, known_until, f"once-{event}-{day}"],
        )

    def on(self, day: object, known_at: str = "infinity") -> dict[str, tuple[str, str, str | None]]:
        """Status, since and actor by policy."""
        rows = self.connection.execute(
            "select policy_id, status, since, by_policy_id from policy_status_as_of(?, known_at := ?)", [day, known_at]
        ).fetchall()
        return {row[0]: (row[1], row[2].isoformat(), row[3]) for row in rows}


@pytest.fixture
def policies() -> Iterator[Policies]:
    """An empty set."""
    tables = Policies()
    yield tables
    tables.connection.close()


def test_status__order_binds_until_revoked(policies: Policies) -> None:
    policies.add(
        "us-eo-14110",
        "executive_order",
        ("signed", "2023-10-30"),
        ("published", "2023-11-01"),
        ("revoked", "2025-01-20", "us-eo-14148"),
    )
    assert policies.on("2023-10-29") == {}
    assert policies.on("2025-01-10") == {"us-eo-14110": ("in_force", "2023-10-30", None)}
    assert policies.on("2025-01-20")["us-eo-14110"] == ("revoked", "2025-01-20", "us-eo-14148")
    assert policies.on(date(2025, 1, 21))["us-eo-14110"] == ("revoked", "2025-01-20", "us-eo-14148")


def test_status__order_that_names_a_later_day_binds_from_it(policies: Policies) -> None:
    policies.add(
        "late", "proclamation", ("signed", "2025-01-01"), ("published", "2025-01-05"), ("effective", "2025-02-01")
    )
    assert policies.on("2025-01-02")["late"] == ("published", "2025-01-01", None)
    assert policies.on("2025-01-31")["late"] == ("published", "2025-01-05", None)
    assert policies.on("2025-02-01")["late"] == ("in_force", "2025-02-01", None)


@pytest.mark.parametrize("instrument", ["presidential_other", "final_rule", "proposed_rule", "notice_other"])
def test_status__what_is_filed_is_announced_and_binds_nobody(policies: Policies, instrument: str) -> None:
    policies.add("filed", instrument, ("filed", "2025-01-03"))
    assert policies.on("2025-01-02") == {}
    assert policies.on("2030-01-01")["filed"] == ("announced", "2025-01-03", None)


def test_status__order_filed_after_its_signature_binds_from_the_signature(policies: Policies) -> None:
    policies.add("order", "executive_order", ("signed", "2025-01-01"), ("filed", "2025-01-03"))
    assert policies.on("2025-01-04")["order"] == ("in_force", "2025-01-01", None)


def test_status__order_without_signing_date_binds_from_publication(policies: Policies) -> None:
    policies.add("unsigned", "presidential_other", ("published", "2025-01-05"))
    assert policies.on("2025-01-05")["unsigned"] == ("in_force", "2025-01-05", None)


@pytest.mark.parametrize("instrument", ["final_rule", "interim_final_rule", "correction"])
def test_status__rule_binds_from_its_effective_date_only(policies: Policies, instrument: str) -> None:
    policies.add(
        "dated",
        instrument,
        ("published", "2025-01-15"),
        ("effective", "2025-05-15"),
        ("comment_closes", "2025-03-01"),
    )
    policies.add("undated", instrument, ("published", "2025-01-15"))
    assert policies.on("2025-05-14")["dated"] == ("published", "2025-01-15", None)
    assert policies.on("2025-05-15")["dated"] == ("in_force", "2025-05-15", None)
    assert policies.on("2030-01-01")["undated"] == ("published", "2025-01-15", None)


def test_status__of_two_effective_dates_the_later_binds(policies: Policies) -> None:
    policies.add(
        "put_off", "final_rule", ("published", "2025-01-15"), ("effective", "2025-03-01"), ("effective", "2025-05-01")
    )
    assert policies.on("2025-04-30")["put_off"] == ("published", "2025-01-15", None)
    assert policies.on("2025-05-01")["put_off"] == ("in_force", "2025-05-01", None)


@pytest.mark.parametrize("instrument", ["proposed_rule", "advance_notice", "eu_proposal", "bill"])
def test_status__what_is_put_forward_is_proposed(policies: Policies, instrument: str) -> None:
    policies.add("draft", instrument, ("proposed", "2025-01-15"))
    assert policies.on("2025-01-15")["draft"] == ("proposed", "2025-01-15", None)


def test_status__bill_is_proposed_until_it_is_law(policies: Policies) -> None:
    act: tuple[tuple[str | None, ...], ...] = (("proposed", "2025-01-16"), ("signed", "2025-05-19"))
    policies.add("signed", "statute", *act, ("effective", "2025-05-19"))
    policies.add("unsigned", "statute", act[0], ("effective", "2025-05-19"))
    policies.add("of_no_stated_day", "statute", *act)
    policies.add("act_elsewhere", "bill", *act)
    policies.add("act_that_is_held", "bill", *act, ("superseded", "2025-05-19", "act"))
    assert set(policies.on("2025-05-18").values()) == {("proposed", "2025-01-16", None)}
    assert policies.on("2025-05-19") == {
        "signed": ("in_force", "2025-05-19", None),
        "unsigned": ("in_force", "2025-05-19", None),
        "of_no_stated_day": ("published", "2025-05-19", None),
        "act_elsewhere": ("published", "2025-05-19", None),
        "act_that_is_held": ("superseded", "2025-05-19", "act"),
    }


def test_status__proposal_with_a_day_of_signature_is_no_law(policies: Policies) -> None:
    policies.add("proposal", "eu_proposal", ("signed", "2021-04-21"), ("proposed", "2021-04-21"))
    assert policies.on("2021-04-21")["proposal"] == ("proposed", "2021-04-21", None)


def test_status__award_without_a_day_of_award_was_made_when_it_began_to_be_paid(policies: Policies) -> None:
    policies.add("award", "funding_award", ("effective", "2025-04-01"), ("effective", "2025-06-01"))
    policies.add("dated", "funding_award", ("published", "2025-03-01"), ("effective", "2025-04-01"))
    assert policies.on("2025-07-01") == {
        "award": ("published", "2025-04-01", None),
        "dated": ("published", "2025-03-01", None),
    }


def test_status__what_was_held_up_goes_on_without_the_part_it_had_lost(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2020-01-01"), ("partly_revoked", "2021-01-01", "a"),
        ("suspended", "2022-01-01", "b"), ("reinstated", "2023-01-01", "c"),
    )  # fmt: skip
    assert policies.on("2021-06-01")["order"] == ("partly_in_force", "2021-01-01", "a")
    assert policies.on("2023-01-01")["order"] == ("partly_in_force", "2023-01-01", "c")
    policies.add(
        "revoked", "executive_order", ("signed", "2020-01-01"), ("partly_revoked", "2021-01-01", "a"),
        ("revoked", "2022-01-01", "b"), ("reinstated", "2023-01-01", "c"),
    )  # fmt: skip
    assert policies.on("2023-01-01")["revoked"] == ("in_force", "2023-01-01", "c")


@pytest.mark.parametrize("ending", ["revoked", "superseded", "withdrawn"])
@pytest.mark.parametrize("later", ["not_enforced", "suspended", "lapsed"])
def test_status__an_ending_outlives_what_only_holds_up(policies: Policies, ending: str, later: str) -> None:
    policies.add(
        "rule", "final_rule", ("published", "2023-12-01"), ("effective", "2024-01-01"), (ending, "2025-01-01", "a"),
        (later, "2025-02-01", "b"),
    )  # fmt: skip
    assert policies.on("2025-03-01")["rule"] == (ending, "2025-01-01", "a")
    policies.add("undone", "final_rule", ("effective", "2024-01-01"), (ending, "2025-01-01", "a"))
    policies.add("undone", None, ("reinstated", "2025-02-01", "c"), (later, "2025-02-10", "b"))
    policies.connection.execute("delete from policies where policy_id = 'undone' and instrument is null")
    assert policies.on("2025-03-01")["undone"] == (later, "2025-02-10", "b")


def test_status__the_end_of_a_suspension_brings_back_nothing_that_ended(policies: Policies) -> None:
    policies.add(
        "rule", "final_rule", ("published", "2023-12-01"), ("effective", "2024-01-01"),
        ("suspended", "2025-01-01", "a"), ("revoked", "2025-02-01", "b"), ("reinstated", "2025-03-01", "a"),
    )  # fmt: skip
    assert policies.on("2025-01-15")["rule"] == ("suspended", "2025-01-01", "a")
    assert policies.on("2025-04-01")["rule"] == ("revoked", "2025-02-01", "b")


def test_status__a_page_that_went_and_came_back_changes_no_ending(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2020-01-01"), ("revoked", "2025-01-01", "a"),
        ("withdrawn", "2025-02-01"), ("reinstated", "2025-03-01"),
    )  # fmt: skip
    policies.add(
        "guide", "guidance", ("published", "2020-01-01"), ("withdrawn", "2025-02-01"), ("reinstated", "2025-03-01"),
    )  # fmt: skip
    policies.connection.execute("update policy_events set confidence = 'inferred' where event = 'reinstated'")
    assert policies.on("2025-03-15")["guide"] == ("published", "2025-03-01", None)
    policies.connection.execute("update policy_events set confidence = 'inferred' where event = 'withdrawn'")
    for day in ("2025-02-15", "2025-03-15"):
        assert policies.on(day)["order"] == ("revoked", "2025-01-01", "a")


def test_status__has_been_ended_since_the_first_ending_that_was_not_undone(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2020-01-01"), ("revoked", "2021-01-01", "a"),
        ("reinstated", "2022-01-01", "b"), ("superseded", "2026-02-01", "c"), ("revoked", "2026-06-01", "d"),
    )  # fmt: skip
    question = "select status, since, ended_since from policy_status_as_of(?)"
    assert policies.connection.execute(question, ["2026-07-01"]).fetchall() == [
        ("revoked", date(2026, 6, 1), date(2026, 2, 1))
    ]
    assert policies.connection.execute(question, ["2022-07-01"]).fetchall() == [("in_force", date(2022, 1, 1), None)]


def test_status__declaration_is_published_and_a_programme_announced(policies: Policies) -> None:
    policies.add("declaration", "declaration", ("published", "2023-11-01"))
    policies.add("programme", "funding_programme", ("published", "2023-11-01"))
    assert policies.on("2024-01-01") == {
        "declaration": ("published", "2023-11-01", None),
        "programme": ("announced", "2023-11-01", None),
    }


def test_status__advance_notice_is_superseded_by_the_proposal(policies: Policies) -> None:
    policies.add(
        "notice", "advance_notice", ("proposed", "2021-09-24"), ("comment_closes", "2021-10-25"),
        ("superseded", "2024-01-29", "proposal"),
    )  # fmt: skip
    assert policies.on("2024-01-28")["notice"] == ("proposed", "2021-09-24", None)
    assert policies.on("2024-01-29")["notice"] == ("superseded", "2024-01-29", "proposal")


def test_status__rescinded_and_replaced_on_one_day_is_revoked(policies: Policies) -> None:
    policies.add(
        "guidance", "guidance", ("published", "2024-02-13"), ("superseded", "2025-11-28", "revised"),
        ("revoked", "2025-11-28", "revised"),
    )  # fmt: skip
    assert policies.on("2025-11-28")["guidance"] == ("revoked", "2025-11-28", "revised")


def test_status__proposal_stays_proposed_after_comments_close(policies: Policies) -> None:
    policies.add("proposal", "proposed_rule", ("proposed", "2024-01-29"), ("comment_closes", "2024-04-29"))
    assert policies.on("2026-01-01")["proposal"] == ("proposed", "2024-01-29", None)


def test_status__request_closes_after_its_last_day_and_an_extension_moves_it(policies: Policies) -> None:
    policies.add(
        "request",
        "request_for_comment",
        ("published", "2025-02-06"),
        ("comment_closes", "2025-03-15"),
        ("comment_closes", "2025-03-20", "extension"),
    )
    assert policies.on("2025-03-16")["request"] == ("published", "2025-02-06", None)
    assert policies.on("2025-03-20")["request"] == ("published", "2025-02-06", None)
    assert policies.on("2025-03-21")["request"] == ("closed", "2025-03-21", None)


def test_status__call_is_announced_or_published_then_closed(policies: Policies) -> None:
    policies.add("forecast", "funding_opportunity", ("announced", "2025-01-02"))
    policies.add("call", "funding_opportunity", ("published", "2025-01-02"), ("closes", "2025-01-24"))
    assert policies.on("2025-01-24") == {
        "call": ("published", "2025-01-02", None),
        "forecast": ("announced", "2025-01-02", None),
    }
    assert policies.on("2025-01-25")["call"] == ("closed", "2025-01-25", None)


def test_status__press_release_is_announced_until_withdrawn(policies: Policies) -> None:
    policies.add("news", "press_release", ("published", "2025-01-13"), ("withdrawn", "2025-06-01"))
    assert policies.on("2025-01-13")["news"] == ("announced", "2025-01-13", None)
    assert policies.on("2025-06-01")["news"] == ("withdrawn", "2025-06-01", None)


def test_status__part_revoked_is_partly_in_force_but_never_brings_back_the_whole(policies: Policies) -> None:
    policies.add("part", "executive_order", ("signed", "2020-12-03"), ("partly_revoked", "2025-01-23", "b"))
    policies.add(
        "whole", "executive_order", ("signed", "2020-12-03"), ("revoked", "2021-01-20", "a"),
        ("partly_revoked", "2025-01-23", "b"),
    )  # fmt: skip
    policies.add("not_yet", "final_rule", ("published", "2020-12-03"), ("partly_superseded", "2025-01-23", "b"))
    assert policies.on("2025-01-22")["part"] == ("in_force", "2020-12-03", None)
    assert policies.on("2025-01-23") == {
        "part": ("partly_in_force", "2025-01-23", "b"),
        "whole": ("revoked", "2021-01-20", "a"),
        "not_yet": ("published", "2020-12-03", None),
    }


def test_status__suspended_then_reinstated(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2020-01-01"), ("suspended", "2021-01-01", "a"),
        ("reinstated", "2022-01-01", "b"), ("superseded", "2023-01-01", "c"),
    )  # fmt: skip
    assert policies.on("2021-06-01")["order"] == ("suspended", "2021-01-01", "a")
    assert policies.on("2022-06-01")["order"] == ("in_force", "2022-01-01", "b")
    assert policies.on("2023-06-01")["order"] == ("superseded", "2023-01-01", "c")


def test_status__not_enforced_until_it_is_revoked(policies: Policies) -> None:
    policies.add(
        "us-fr-2025-1",
        "interim_final_rule",
        ("published", "2025-01-15"),
        ("effective", "2025-05-15"),
        ("not_enforced", "2025-05-20", "us-fr-2025-2"),
        ("revoked", "2026-01-01", "us-fr-2026-1"),
    )
    assert policies.on("2025-05-19")["us-fr-2025-1"][0] == "in_force"
    assert policies.on("2025-12-31")["us-fr-2025-1"] == ("not_enforced", "2025-05-20", "us-fr-2025-2")
    assert policies.on("2026-01-01")["us-fr-2025-1"] == ("revoked", "2026-01-01", "us-fr-2026-1")


def test_status__a_delay_moves_the_day_of_effect(policies: Policies) -> None:
    policies.add(
        "us-fr-2025-1",
        "final_rule",
        ("published", "2025-01-15"),
        ("effective", "2025-03-01"),
        ("effective", "2025-06-01", "us-fr-2025-2", "2025-02-20T00:00:00Z"),
    )
    assert policies.on("2025-03-01", "2025-02-10")["us-fr-2025-1"][0] == "in_force"
    assert policies.on("2025-03-01")["us-fr-2025-1"][0] == "published"
    assert policies.on("2025-06-01")["us-fr-2025-1"][0] == "in_force"


def test_status__a_bill_lapses_with_its_parliament(policies: Policies) -> None:
    policies.add("us-bill-118-s-2714", "bill", ("proposed", "2023-07-27"), ("lapsed", "2025-01-03"))
    assert policies.on("2025-01-02")["us-bill-118-s-2714"][0] == "proposed"
    assert policies.on("2025-01-03")["us-bill-118-s-2714"] == ("lapsed", "2025-01-03", None)


def test_status__of_two_ends_on_one_day_the_stronger_counts(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2020-01-01"), ("superseded", "2025-01-20", "a"),
        ("revoked", "2025-01-20", "b"),
    )  # fmt: skip
    assert policies.on("2025-01-20")["order"] == ("revoked", "2025-01-20", "b")


def test_status__events_that_decide_nothing_are_unknown(policies: Policies) -> None:
    policies.add("amended", "final_rule", ("amended", "2020-01-01", "a"), ("published", "2021-01-01"))
    policies.add("kindless", None, ("published", "2020-01-01"))
    assert policies.on("2020-06-01") == {
        "amended": ("unknown", "2020-01-01", None),
        "kindless": ("published", "2020-01-01", None),
    }


def test_status__what_was_not_known_yet_does_not_count(policies: Policies) -> None:
    policies.add(
        "order",
        "executive_order",
        ("signed", "2023-10-30", None, "2023-11-01T12:00:00Z"),
        ("revoked", "2025-01-20", "by", "2025-01-28T12:00:00Z"),
    )
    assert policies.on("2025-01-21", "2023-11-01T11:00:00Z") == {}
    assert policies.on("2025-01-21", "2025-01-27T00:00:00Z")["order"] == ("in_force", "2023-10-30", None)
    assert policies.on("2025-01-21", "2025-01-28T12:00:00Z")["order"] == ("revoked", "2025-01-20", "by")


def test_status__what_was_stated_for_a_time_counts_as_known_in_that_time(policies: Policies) -> None:
    policies.add(
        "moved",
        "final_rule",
        ("published", "2025-02-03", None, "2025-02-05T00:00:00Z"),
        ("effective", "2025-06-01", None, "2025-04-01T00:00:00Z"),
    )
    policies.add_history("moved", "effective", "2025-03-01", "2025-02-05T00:00:00Z", "2025-04-01T00:00:00Z")
    policies.add("retracted", "executive_order", ("signed", "2022-01-03"))
    policies.add_history("retracted", "revoked", "2025-01-20", "2025-02-05T00:00:00Z", "2025-04-01T00:00:00Z")
    told = policies.on("2025-03-05", "2025-03-06T00:00:00Z")
    assert told == {"moved": ("in_force", "2025-03-01", None), "retracted": ("revoked", "2025-01-20", None)}
    for known_at in ("2025-04-01T00:00:00Z", "infinity"):
        told = policies.on("2025-03-05", known_at)
        assert told == {"moved": ("published", "2025-02-03", None), "retracted": ("in_force", "2022-01-03", None)}


def test_status__a_page_that_came_back_was_withdrawn_in_between(policies: Policies) -> None:
    policies.add(
        "page", "guidance", ("published", "2024-01-01"),
        ("withdrawn", "2025-02-20", None, "2025-03-01T00:00:00Z"),
        ("reinstated", "2025-04-01", None, "2025-04-01T00:00:00Z"),
    )  # fmt: skip
    policies.add(
        "blinked", "guidance", ("published", "2024-01-01"),
        ("withdrawn", "2025-02-20", None, "2025-02-20T08:00:00Z"),
        ("reinstated", "2025-02-20", None, "2025-02-20T12:00:00Z"),
    )  # fmt: skip
    assert policies.on("2025-03-05") == {
        "page": ("withdrawn", "2025-02-20", None),
        "blinked": ("published", "2025-02-20", None),
    }
    assert policies.on("2025-04-02")["page"] == ("published", "2025-04-01", None)
    assert policies.on("2025-03-05", "2025-02-21T00:00:00Z")["page"] == ("published", "2024-01-01", None)


def test_status__evidence_is_never_that_of_another_fact_of_the_day(policies: Policies) -> None:
    policies.add(
        "rule", "final_rule", ("published", "2025-01-15"), ("amended", "2025-02-01", "by"), ("effective", "2025-02-01"),
        ("comment_closes", "2025-02-01"),
    )  # fmt: skip
    policies.add("order", "executive_order", ("amended", "2025-01-05", "by"), ("signed", "2025-01-05"))
    policies.add(
        "call", "request_for_comment", ("published", "2025-01-02"), ("comment_closed_extension", "2025-01-20", "by"),
        ("comment_closes", "2025-01-20", "by"),
    )  # fmt: skip
    rows = policies.connection.execute(
        "select policy_id, evidence_id from policy_status_as_of('2025-02-01')"
    ).fetchall()
    assert dict(rows) == {
        "rule": "effective-2025-02-01",
        "order": "signed-2025-01-05",
        "call": "comment_closes-2025-01-20",
    }


def test_status__what_binds_from_when_is_as_the_seed_says() -> None:
    """The macro lives in files without seeds, so its two lists are held against them here."""
    with (DBT / "seeds" / "instrument.csv").open(encoding="utf-8") as lines:
        kinds: dict[str, set[str]] = {"signature": set(), "effective": set()}
        for row in csv.DictReader(lines):
            kinds.setdefault(row["binds_from"], set()).add(row["instrument"])
    staged = MACRO.split("staged as (")[1].split("end as in_force_date")[0]
    signed, effective = staged.split("-- A rule, or its correction")
    assert set(signed.split("'")[1::2]) == kinds["signature"]
    assert set(effective.split("'")[1::2]) == kinds["effective"]


def test_status__evidence_is_that_of_the_deciding_event(policies: Policies) -> None:
    policies.add("order", "executive_order", ("signed", "2023-10-30"), ("revoked", "2025-01-20", "by"))
    policies.add("call", "funding_opportunity", ("published", "2025-01-02"), ("closes", "2025-01-10"))
    rows = policies.connection.execute(
        "select policy_id, evidence_id from policy_status_as_of('2025-02-01')"
    ).fetchall()
    assert dict(rows) == {"order": "revoked-2025-01-20", "call": "closes-2025-01-10"}


def test_status__macro_holds_only_words_of_the_vocabularies(policies: Policies) -> None:
    """The macro lives in files without seeds, so its words are checked against them here."""
    seeds = DBT / "seeds"
    words: set[str] = set()
    for name in ("instrument", "status", "event"):
        with (seeds / f"{name}.csv").open(encoding="utf-8") as lines:
            words |= {row[name] for row in csv.DictReader(lines)}
    own = {"infinity", "whole", "part", "base", "rest", "inferred"}
    quoted = set(MACRO.split("'")[1::2])
    assert quoted - words - own == set()


def test_status__says_how_sure_the_deciding_event_is(policies: Policies) -> None:
    policies.add("p", "advance_notice", ("proposed", "2025-01-01"), ("superseded", "2025-03-01", "q"))
    policies.connection.execute("update policy_events set confidence = 'inferred' where event = 'superseded'")
    question = "select status, confidence from policy_status_as_of(?)"
    assert policies.connection.execute(question, ["2025-02-01"]).fetchall() == [("proposed", "official")]
    assert policies.connection.execute(question, ["2025-03-01"]).fetchall() == [("superseded", "inferred")]


def test_status__works_in_any_schema_of_another_file(
    policies: Policies, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A published file is copied, renamed and attached; the macro must not name its catalog."""
    path = tmp_path_factory.mktemp("edition") / "policy.duckdb"
    with duckdb.connect(str(path)) as edition:
        edition.execute("create table policies as select 'p' policy_id, 'P' title, 'press_release' instrument")
        edition.execute(
            """
            create table policy_events as
            select 'e' event_id, 'p' policy_id, 'published' as event, date '2025-01-01' event_date,
                null::varchar by_policy_id, 'official' confidence, timestamptz '2025-01-02 00:00:00+00' known_from,
                'x' evidence_id
            """
        )
        edition.execute(
            "create table policy_event_history as select *, known_from as known_until from policy_events where false"
        )
        edition.execute(MACRO)
    renamed = path.rename(path.with_name("renamed.duckdb"))
    with duckdb.connect(str(renamed), read_only=True) as reader:
        assert reader.execute("select status from policy_status_as_of('2025-01-01')").fetchall() == [("announced",)]


OBLIGATIONS_MACRO = (DBT / "macros" / "published" / "obligations_as_of.sql").read_text(encoding="utf-8")


RELATIONS = """
    create table policy_relations (
        to_policy_id varchar, from_policy_id varchar, relation varchar, provision varchar, relation_date date,
        known_from timestamptz
    );
    create table policy_relation_history (
        to_policy_id varchar, from_policy_id varchar, relation varchar, provision varchar, relation_date date,
        known_from timestamptz, known_until timestamptz
    );
"""


def test_obligations__end_with_their_own_section(policies: Policies) -> None:
    policies.add("order", "executive_order", ("signed", "2024-01-01"), ("partly_revoked", "2024-06-01", "later"))
    policies.connection.execute(
        f"""
        {RELATIONS}
        insert into policy_relations values
            ('order', 'by', 'revokes', 'sections 4(b) and 6', date '2024-06-01', timestamptz '2024-07-01 00:00:00+00');
        create table obligations as
        select name as obligation_id, 'order' as policy_id, name as section, 'A' as actor, 'report' as action,
            null::date as due_date, null::varchar as recurrence, 'e' as evidence_id
        from unnest(['4(a)', '4(b)(i)', '6', '61']) as t (name)
        """
    )
    policies.connection.execute(OBLIGATIONS_MACRO)

    def void(day: str, known_at: str) -> set[str]:
        question = "select obligation_id from obligations_as_of(?, known_at := ?) where state = 'void'"
        return {row[0] for row in policies.connection.execute(question, [day, known_at]).fetchall()}

    assert void("2024-05-31", "infinity") == set()
    assert void("2024-06-01", "infinity") == {"4(b)(i)", "6"}
    assert void("2024-06-01", "2024-06-15T00:00:00Z") == set()


def test_obligations__end_with_the_first_ending_that_was_not_undone(policies: Policies) -> None:
    policies.add(
        "order", "executive_order", ("signed", "2024-01-01"), ("superseded", "2026-02-01", "a"),
        ("revoked", "2026-06-01", "b"),
    )  # fmt: skip
    policies.connection.execute(
        f"""
        {RELATIONS}
        create table obligations as
        select 'o' as obligation_id, 'order' as policy_id, '1' as section, 'A' as actor, 'report' as action,
            date '2026-04-01' as due_date, null::varchar as recurrence, 'e' as evidence_id
        """
    )
    policies.connection.execute(OBLIGATIONS_MACRO)
    question = "select state from obligations_as_of('2026-07-01')"
    assert policies.connection.execute(question).fetchall() == [("void",)]


def test_obligations__stand_fall_due_and_end_with_their_policy(policies: Policies) -> None:
    policies.add("order", "executive_order", ("signed", "2024-01-01"), ("revoked", "2024-06-01", "later"))
    policies.add("rule", "proposed_rule", ("proposed", "2024-01-01"))
    policies.connection.execute(
        """
        create table obligations as
        from (values
            ('early', 'order', '1', 'A', 'report', date '2024-03-01', null, 'e'),
            ('late', 'order', '2', 'A', 'plan', date '2024-09-01', null, 'e'),
            ('yearly', 'order', '3', 'A', 'review', null, 'annual', 'e'),
            ('open', 'order', '4', 'A', 'consult', null, null, 'e'),
            ('would', 'rule', '5', 'B', 'verify', null, null, 'e')
        ) as t (obligation_id, policy_id, section, actor, action, due_date, recurrence, evidence_id)
        """
    )
    policies.connection.execute(RELATIONS)
    policies.connection.execute(OBLIGATIONS_MACRO)

    def states(day: str) -> dict[str, str]:
        return dict(
            policies.connection.execute("select obligation_id, state from obligations_as_of(?)", [day]).fetchall()
        )

    assert states("2023-12-31") == {}
    assert states("2024-02-01") == {
        "early": "due", "late": "due", "yearly": "recurring", "open": "undated", "would": "proposed",
    }  # fmt: skip
    assert states("2024-04-01")["early"] == "passed"
    assert states("2024-06-01") == {
        "early": "passed", "late": "void", "yearly": "void", "open": "void", "would": "proposed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("holds", "status", "since", "by"),
    [
        ([("suspended", "2021-01-01", "b"), ("suspended", "2021-02-01", "c"), ("reinstated", "2021-03-01", "b")],
         "suspended", "2021-02-01", "c"),
        ([("suspended", "2021-01-01", "b"), ("suspended", "2021-02-01", "c"), ("reinstated", "2021-03-01", "c")],
         "suspended", "2021-01-01", "b"),
        ([("not_enforced", "2021-01-01", "b"), ("suspended", "2021-02-01", "c"), ("reinstated", "2021-03-01", "c")],
         "not_enforced", "2021-01-01", "b"),
        ([("suspended", "2021-01-01", "b"), ("suspended", "2021-02-01", "c"), ("reinstated", "2021-03-01", "b"),
          ("reinstated", "2021-04-01", "c")], "in_force", "2021-04-01", "c"),
        ([("suspended", "2021-01-01", "b"), ("reinstated", "2021-02-01", "b"), ("suspended", "2021-03-01", "b")],
         "suspended", "2021-03-01", "b"),
    ],
)  # fmt: skip
def test_status__who_lifts_a_hold_lifts_no_other(
    policies: Policies, holds: list[tuple[str, str, str]], status: str, since: str, by: str
) -> None:
    policies.add("order", "executive_order", ("signed", "2020-01-01"), *holds)
    assert policies.on("2021-06-01")["order"] == (status, since, by)
