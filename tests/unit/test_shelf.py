"""The shelf of editions: which stay by the rule of retention, and what one holds otherwise than another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Home
from pipelines.publish.difference import compared_tables, lines_of, row_changes
from pipelines.publish.edition import edition_named, switch_current
from pipelines.publish.shelf import KeptEdition, editions, prune, surplus

NEWEST = datetime(2026, 10, 9, 12, tzinfo=UTC)


def kept(*days: int, current: int | None = None) -> list[KeptEdition]:
    """Editions by their age in days."""
    return [KeptEdition(Path(f"e{day}"), NEWEST - timedelta(day), day == current, False, 1, 1) for day in days]


def test_retention__keeps_a_month_of_all_a_year_of_weeks_and_the_months_of_all_time() -> None:
    going = {edition.folder.name for edition in surplus(kept(*range(800)))}
    assert not going & {f"e{day}" for day in range(31)}
    weekly = [day for day in range(31, 366) if f"e{day}" not in going]
    assert {(NEWEST - timedelta(day)).isoweekday() for day in weekly} >= {7}
    assert 48 <= len(weekly) <= 60
    assert 14 <= sum(f"e{day}" not in going for day in range(366, 800)) <= 15


def test_the_current_edition__always_stays() -> None:
    shelf = kept(*range(400, 430))
    assert "e415" in {edition.folder.name for edition in surplus(kept(0, *range(400, 430)))}
    assert "e415" not in {edition.folder.name for edition in surplus(kept(0, *range(400, 430), current=415))}
    assert len(surplus(shelf)) < len(shelf)


@given(st.sets(st.integers(0, 2000), max_size=60))
def test_retention__asked_again_lets_nothing_more_go(days: set[int]) -> None:
    shelf = kept(*days)
    going = surplus(shelf)
    assert surplus([edition for edition in shelf if edition not in going]) == []


def make(
    home: Home,
    name: str,
    as_of: datetime,
    rows: list[tuple[str, str]],
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    folder = home.editions / name
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("create table policies (policy_id varchar, title varchar, evidence_id varchar)")
        connection.execute("create table fetches (fetch_id varchar)")
        connection.execute("create table policy_aliases (alias varchar, policy_id varchar)")
        connection.execute("create table policy_events (event_id varchar, policy_id varchar)")
        for row in rows:
            connection.execute("insert into policies values (?, ?, ?)", [*row, name])
            connection.execute("insert into policy_events values (?, ?)", [f"event of {row[0]}", row[0]])
        for alias in aliases.items():
            connection.execute("insert into policy_aliases values (?, ?)", list(alias))
    about = {"as_of": as_of.isoformat(), "is_sample": False, "tables": {"policies": {"rows": len(rows)}}}
    (folder / "EDITION.json").write_text(json.dumps(about), encoding="utf-8")
    package = {
        "resources": [
            {"name": "policies", "schema": {"primaryKey": ["policy_id"]}},
            {"name": "fetches", "schema": {"primaryKey": ["fetch_id"]}},
            {"name": "policy_events", "schema": {"primaryKey": ["event_id"]}},
        ]
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    make(home, "20240101T000000Z-a", NEWEST - timedelta(1000), [("kept", "A rule"), ("gone", "A notice")])
    make(home, "20240102T000000Z-b", NEWEST - timedelta(999), [("kept", "A rule, amended"), ("new", "An order")])
    make(home, "20261009T120000Z-c", NEWEST, [("kept", "A rule, amended"), ("new", "An order")])
    switch_current(home, "20261009T120000Z-c")
    return home


def test_editions__are_listed_oldest_first_with_the_current_one(home: Home) -> None:
    (home.editions / "20250101T000000Z-broken").mkdir()
    listed = [(edition.folder.name[-1], edition.is_current, edition.policies) for edition in editions(home)]
    assert listed == [("a", False, 2), ("b", False, 2), ("c", True, 2)]


def test_prune__deletes_what_the_rule_lets_go_and_nothing_else(home: Home) -> None:
    assert prune(home) == ["20240101T000000Z-a"]
    assert sorted(path.name[-1] for path in home.editions.iterdir() if not path.is_symlink()) == ["b", "c"]
    assert prune(home) == []


def test_diff__tells_rows_added_changed_by_field_and_removed(home: Home) -> None:
    before, after = edition_named(home, "20240101T000000Z-a"), edition_named(home, "current")
    assert compared_tables(before, after) == ["policies", "policy_events"]
    changes = {
        (change.what, change.key["policy_id"]): change.fields for change in row_changes(before, after, ["policies"])
    }
    assert changes == {
        ("removed", "gone"): {},
        ("changed", "kept"): {"title": ("A rule", "A rule, amended")},
        ("added", "new"): {},
    }


def test_diff__leaves_out_what_tells_only_when_it_was_seen(home: Home) -> None:
    folders = [edition_named(home, name) for name in ("20240102T000000Z-b", "current")]
    for day, folder in enumerate(folders, start=1):
        with duckdb.connect(str(folder / "policy.duckdb")) as connection:
            connection.execute("alter table policies add column first_seen_at date")
            connection.execute("update policies set first_seen_at = ?", [f"2024-01-0{day}"])
    assert list(lines_of(row_changes(*folders, ["policies"]), as_json=False)) == ["no difference"]


def test_diff__of_equal_editions_says_so(home: Home) -> None:
    before, after = edition_named(home, "20240102T000000Z-b"), edition_named(home, "current")
    assert list(lines_of(row_changes(before, after, ["policies"]), as_json=False)) == ["no difference"]


def test_diff__is_printed_with_its_counts(home: Home) -> None:
    before, after = edition_named(home, "20240101T000000Z-a"), edition_named(home, "current")
    lines = list(lines_of(row_changes(before, after, ["policies"]), as_json=False))
    assert "    title: A rule -> A rule, amended" in lines
    assert lines[-3:] == ["policies: 1 added", "policies: 1 changed", "policies: 1 removed"]
    told = [json.loads(line) for line in lines_of(row_changes(before, after, ["policies"]), as_json=True)]
    added = {"table": "policies", "key": {"policy_id": "new"}, "what": "added", "title": "An order", "fields": {}}
    assert added in told
    assert "policies added new  An order" in lines
    assert "policies removed gone  A notice" in lines
    events = lines_of(row_changes(before, after, ["policy_events"]), as_json=False)
    assert "policy_events removed event of gone  A notice" in events


def test_diff__a_policy_under_a_new_id_is_renamed(home: Home) -> None:
    before = edition_named(home, "20240101T000000Z-a")
    make(home, "d", NEWEST, [("kept-2", "A rule"), ("gone", "A notice, amended")], {"kept": "kept-2"})
    changes = list(row_changes(before, edition_named(home, "d"), ["policies"]))
    assert [(change.what, change.key["policy_id"], change.fields) for change in changes] == [
        ("changed", "gone", {"title": ("A notice", "A notice, amended")}),
        ("renamed", "kept-2", {"policy_id": ("kept", "kept-2")}),
    ]


def test_diff__a_policy_that_another_took_in_is_told_with_it(home: Home) -> None:
    before = edition_named(home, "20240101T000000Z-a")
    make(home, "d", NEWEST, [("kept", "A rule")], {"gone": "kept"})
    [change] = row_changes(before, edition_named(home, "d"), ["policies"])
    assert (change.what, change.key, change.fields["policy_id"]) == (
        "renamed", {"policy_id": "kept"}, ("gone", "kept"),
    )  # fmt: skip


def test_diff__of_a_table_that_is_not_shared_is_refused(home: Home) -> None:
    with pytest.raises(LookupError, match="got nonsense"):
        list(row_changes(edition_named(home, "20240101T000000Z-a"), edition_named(home, "current"), ["nonsense"]))


@pytest.mark.parametrize("name", ["nobody", "../../etc", "/etc", "", ".", ".."])
def test_an_edition__is_found_by_its_name_alone(home: Home, name: str) -> None:
    with pytest.raises(FileNotFoundError, match="aipolicy editions"):
        edition_named(home, name)
