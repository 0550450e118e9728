"""Decisions end to end: landing, load, enrichment, dbt, and what the marts and their provenance say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.overrides.decisions import decide
from pipelines.overrides.rows import read_rows
from pipelines.publish.stage import fingerprint
from pipelines.warehouse import open_warehouse
from tests.crawl_fixture import land
from tests.unit.overrides_fixture import DECIDED, FAR, KEPT, RECORD, STATED, decided, land_all, loaded
from tests.warehouse.warehouse_fixture import run_dbt

pytestmark = pytest.mark.slow

CONTENT = ("documents", "document_versions", "overrides", "quarantine", "evidence", "policies", "policy_events")


def built(home: Home, *left_out: str) -> dict[str, list[tuple[object, ...]]]:
    """Load, enrich and build, without these kinds of dbt's nodes; the content marts by name, in their total order."""
    loaded(home)
    with open_warehouse(home) as connection:
        enrich(connection)
    result = run_dbt("build", home.warehouse, home.root / "target", "--exclude-resource-types", "unit_test", *left_out)
    assert result.returncode == 0, result.stdout[-4000:]
    return {table: ask(home, f"select * from marts.{table} order by all") for table in CONTENT}


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(query).fetchall()


def inputs(home: Home) -> str:
    with open_warehouse(home) as connection:
        return fingerprint(connection, "code")


def test_each_verdict__reaches_the_marts_and_a_rebuild_gives_the_same(tmp_path: Path) -> None:
    home = Home(tmp_path)
    other = RECORD.model_copy(update={"where": "/results/4/note", "raw": '{"note": "no document"}'})
    land(home.root, [], rejected=[other])
    land_all(home, hours=1)
    loaded(home)
    with open_warehouse(home) as connection:
        (useless,) = (row for row in read_rows(connection).values() if row.where_in_answer == other.where)
    undecided = inputs(home)
    accepted = decided(home, "document", "accept")
    corrected = decided(home, "field", "correct", effective_date="2026-12-01")
    rejected = decide(home, useless.names, "reject", "Ada Lovelace", "No document.", DECIDED)
    stated = decided(home, "record", "correct", **STATED)
    first = built(home)
    decided_inputs = inputs(home)
    assert decided_inputs != undecided, "decisions are inputs of an edition"

    found = ask(home, "select document_id, effective_date, relevance from marts.documents order by 1")
    assert found == [
        (STATED["document_id"], None, 2), (KEPT.document_id, date(2026, 12, 1), 2), (FAR.document_id, None, 2),
    ]  # fmt: skip
    assert ask(
        home,
        "select document_id, version_no, is_news, override_id, first_seen_at from marts.document_versions"
        " where override_id is not null order by 1",
    ) == [
        (STATED["document_id"], 1, True, stated.override_id, DECIDED),
        (KEPT.document_id, 2, False, corrected.override_id, DECIDED),
        (FAR.document_id, 1, True, accepted.override_id, DECIDED),
    ]
    assert ask(
        home,
        "select distinct event, event_date, known_from, evidence.override_id from marts.policy_events"
        " inner join marts.evidence using (evidence_id) where event = 'effective'",
    ) == [("effective", date(2026, 12, 1), DECIDED, corrected.override_id)]
    told = (
        "select override_id, verdict, state, document_id, policy_id is not null, author from marts.overrides order by 4"
    )
    assert ask(home, told) == [
        (stated.override_id, "correct", "applied", STATED["document_id"], True, "Ada Lovelace"),
        (corrected.override_id, "correct", "applied", KEPT.document_id, True, "Ada Lovelace"),
        (accepted.override_id, "accept", "applied", FAR.document_id, True, "Ada Lovelace"),
        (rejected.override_id, "reject", "rejected", None, False, "Ada Lovelace"),
    ]
    assert ask(home, "select count(*) from marts.quarantine where override_id is null or verdict is null") == [(0,)]

    assert built(home, "test") == first, "a second run changes nothing"
    home.warehouse.unlink()
    assert built(home, "test") == first, "a rebuild gives the same"
    assert inputs(home) == decided_inputs
