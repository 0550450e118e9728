"""Publishing: only what passed its audit, whole, in one switch; readers never see two editions at once."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.load import load
from pipelines.publish.audit import (
    AuditToken,
    CheckOutcome,
    bounds_outcome,
    read_token,
    required_checks,
    write_token,
)
from pipelines.publish.dbt_results import dbt_outcomes
from pipelines.publish.edition import PublishRefused, current_edition, is_up_to_date, publish
from pipelines.publish.stage import read_about, seal, stage
from pipelines.warehouse import SCHEMA, open_warehouse
from tests.crawl_fixture import document, land
from tests.faults.verdict import Verdict

PASSED = CheckOutcome(
    check="edition_documents.not_empty", tool="great_expectations", table="documents", severity="error",
    outcome="passed", sentence="There are documents.",
)  # fmt: skip
CHECKS = (PASSED.check,)

READERS_SECONDS = 300
"""Readers end by themselves when nobody is left to stop them."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A warehouse with two tiny marts and a document version, so that an edition can be staged."""
    home = Home(tmp_path)
    fill(home, 1)
    return home


def fill(home: Home, number: int) -> None:
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            "create or replace table marts.documents as select range as n, ? as edition from range(1000)", [number]
        )
        connection.execute("create or replace table marts.policies as select ? as edition from range(500)", [number])
        for table in ("policy_events", "policy_relations"):
            connection.execute(f"create or replace table marts.{table} as select 1 as n")
        connection.execute("delete from raw.document_versions")
        connection.execute(
            """
            insert into raw.document_versions values ('s', 'd', ?, 'x', 'source', false,
                timestamptz '2026-10-09 12:00:00Z', 'c', 'f', 'https://example.gov', 'p', 'w', 0)
            """,
            [number],
        )


@pytest.fixture(autouse=True)
def no_macros(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tiny marts have no columns for the published macros."""
    monkeypatch.setattr("pipelines.publish.stage.MACROS", tmp_path / "none")


def stage_and_audit(home: Home, *outcomes: CheckOutcome, expected: tuple[str, ...] = (PASSED.check,)) -> None:
    staged = stage(home, "inputs")
    token = AuditToken(
        edition_id=staged.edition_id, staged_sha256=seal(staged.folder), expected=expected, outcomes=outcomes
    )
    write_token(staged.folder, token)


@pytest.mark.parametrize("is_stand_in", [True, False])
def test_an_edition__says_whether_it_was_made_from_samples(home: Home, is_stand_in: bool) -> None:
    with open_warehouse(home) as connection:
        land(home.root, [document()], is_stand_in=is_stand_in)
        load(home, connection)
    folder = stage(home, "inputs").folder
    assert read_about(folder)["is_sample"] is is_stand_in
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
        assert connection.execute("select is_sample from edition").fetchall() == [(is_stand_in,)]


def test_an_audited_edition__becomes_current(home: Home) -> None:
    stage_and_audit(home, PASSED)
    result = publish(home, CHECKS)
    assert result.is_new
    assert current_edition(home) == result.folder
    assert read_token(result.folder).faults() == []
    assert is_up_to_date(home, "inputs")
    assert not is_up_to_date(home, "other inputs")


@pytest.mark.parametrize("rows", ["(2, null), (null, 1), (1, 2), (1, 1), (2, 1)", "(2, 2), (1, 1), (2, 2), (1, null)"])
def test_tables_are_in_the_order_of_all_their_columns__compared_as_far_as_rows_differ(home: Home, rows: str) -> None:
    with open_warehouse(home) as connection:
        connection.execute(f"create or replace table marts.policies as from (values {rows}) as given(n, m)")
        wanted = connection.execute("select * from marts.policies order by all").fetchall()
    folder = stage(home, "inputs").folder
    with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as edition:
        assert edition.execute("from policies").fetchall() == wanted
        assert edition.execute(f"from '{folder / 'parquet' / 'policies.parquet'}'").fetchall() == wanted


def test_the_same_marts__give_the_same_parquet_bytes_and_edition(home: Home) -> None:
    first = stage(home, "inputs")
    before = {path.name: path.read_bytes() for path in first.folder.glob("parquet/*")}
    second = stage(home, "inputs")
    assert {path.name: path.read_bytes() for path in second.folder.glob("parquet/*")} == before
    assert second.edition_id == first.edition_id


@pytest.mark.parametrize(
    ("outcome", "severity", "published"),
    [
        ("failed", "error", False),
        ("failed", "warn", True),
        ("broken", "warn", False),
        ("not_run", "warn", False),
        ("passed", "error", True),
    ],
)
def test_what_a_check_outcome_does__to_publishing(home: Home, outcome: str, severity: str, published: bool) -> None:
    check = PASSED.model_copy(update={"outcome": outcome, "severity": severity})
    stage_and_audit(home, check)
    if published:
        publish(home, CHECKS)
    else:
        with pytest.raises(PublishRefused, match=PASSED.check):
            publish(home, CHECKS)
    assert (home.editions / "current").is_symlink() is published


def test_a_check_that_never_ran__refuses(home: Home) -> None:
    stage_and_audit(home, PASSED, expected=(PASSED.check, "edition_amounts.low_below_high"))
    with pytest.raises(PublishRefused, match="expected a result, got none"):
        publish(home, CHECKS)


def test_no_audit__refuses(home: Home) -> None:
    stage(home, "inputs")
    with pytest.raises(PublishRefused, match=r"AUDIT\.json"):
        publish(home, CHECKS)


def test_bytes_changed_after_the_audit__refuse(home: Home) -> None:
    stage_and_audit(home, PASSED)
    (home.staged / "parquet" / "policies.parquet").write_bytes(b"other bytes")
    with pytest.raises(PublishRefused, match="other bytes"):
        publish(home, CHECKS)


def test_an_audit_of_fewer_checks_than_the_code_has__refuses(home: Home) -> None:
    stage_and_audit(home, PASSED)
    with pytest.raises(PublishRefused, match=r"knew nothing of 1 checks, first dbt:x"):
        publish(home, (*CHECKS, "dbt:x"))


@pytest.mark.parametrize("name", ["AUDIT.json", "EDITION.json"])
def test_an_account_that_cannot_be_read__refuses(home: Home, name: str) -> None:
    stage_and_audit(home, PASSED)
    (home.staged / name).write_text("{", encoding="utf-8")
    with pytest.raises(PublishRefused, match="readable"):
        publish(home, CHECKS)


@pytest.mark.parametrize("name", ["AUDIT.json", "EDITION.json", "policy.duckdb", "parquet/policies.parquet"])
def test_a_damaged_edition__is_not_up_to_date_and_is_rebuilt_once_moved_away(home: Home, name: str) -> None:
    stage_and_audit(home, PASSED)
    folder = publish(home, CHECKS).folder
    content = bytearray((folder / name).read_bytes())
    content[0] ^= 1
    (folder / name).write_bytes(content)
    assert not is_up_to_date(home, "inputs")
    stage_and_audit(home, PASSED)
    with pytest.raises(PublishRefused, match="move it away"):
        publish(home, CHECKS)
    folder.rename(home.root / "moved away")
    assert not is_up_to_date(home, "inputs")
    with pytest.raises(FileNotFoundError, match="aipolicy run"):
        current_edition(home)
    assert publish(home, CHECKS).folder == folder
    assert is_up_to_date(home, "inputs")


def test_the_checks_demanded__are_those_of_all_three_tools() -> None:
    assert {check.split(":")[0] for check in required_checks()} > {"dbt", "bounds"}
    assert PASSED.check.split(".")[0] in {check.split(".")[0] for check in required_checks()}


def test_a_refused_edition__leaves_the_last_one_byte_for_byte(home: Home) -> None:
    stage_and_audit(home, PASSED)
    folder = publish(home, CHECKS).folder
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    fill(home, 2)
    stage_and_audit(home, PASSED.model_copy(update={"outcome": "failed"}))
    for _ in range(2):
        with pytest.raises(PublishRefused):
            publish(home, CHECKS)
    assert current_edition(home) == folder
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before


def test_equal_content_from_other_inputs__is_a_revision_and_up_to_date_again(home: Home) -> None:
    stage_and_audit(home, PASSED)
    first = publish(home, CHECKS)
    staged = stage(home, "changed comment")
    token = read_token(first.folder).model_copy(
        update={"edition_id": staged.edition_id, "staged_sha256": seal(staged.folder)}
    )
    write_token(staged.folder, token)
    second = publish(home, CHECKS)
    assert second.edition_id == f"{first.edition_id}-r2"
    assert is_up_to_date(home, "changed comment")


def test_an_edition_of_other_inputs__is_not_read_through(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    stage_and_audit(home, PASSED)
    publish(home, CHECKS)
    monkeypatch.setattr("pipelines.publish.edition.is_whole", lambda _: pytest.fail("every file was read"))
    assert not is_up_to_date(home, "other inputs")


def test_publishing_onto_a_damaged_edition__is_refused(home: Home) -> None:
    stage_and_audit(home, PASSED)
    folder = publish(home, CHECKS).folder
    (folder / "parquet" / "policies.parquet").write_bytes(b"damaged")
    stage_and_audit(home, PASSED)
    with pytest.raises(PublishRefused, match="damaged"):
        publish(home, CHECKS)


TWICE = "select 'fr:1' as unique_field, 2 as n_records"
NODE = {
    "name": "unique_documents_document_id",
    "config": {"severity": "ERROR", "meta": {}},
    "test_metadata": {"name": "unique", "kwargs": {}},
    "column_name": "document_id",
    "attached_node": "model.p.documents",
    "description": "",
}


def _dbt_outcomes(folder: Path, results: dict[str, str]) -> dict[str, CheckOutcome]:
    """How the audit reads a build of one model with a test that ended with these states."""
    nodes = {"model.p.documents": {"name": "documents"}, "test.p.unique": NODE}
    manifest = {"nodes": nodes, "unit_tests": {"unit_test.p.documents.rule": {"name": "rule", "model": "documents"}}}
    ended = [
        {"unique_id": unique_id, "status": status, "message": None, "failures": 2, "compiled_code": TWICE}
        for unique_id, status in results.items()
    ]
    home = Home(folder)
    for made in (home.dbt_target, home.warehouse.parent):
        made.mkdir(exist_ok=True)
    (home.dbt_target / "manifest.json").write_text(json.dumps(manifest))
    (home.dbt_target / "run_results.json").write_text(json.dumps({"results": ended}))
    duckdb.connect(str(home.warehouse)).close()
    expected, outcomes = dbt_outcomes(home)
    assert expected == [outcome.check for outcome in outcomes]
    return {outcome.check: outcome for outcome in outcomes}


ALL_GOOD = {"model.p.documents": "success", "test.p.unique": "pass"}


def test_a_build_that_ended_well__blocks_nothing(tmp_path: Path) -> None:
    outcomes = _dbt_outcomes(tmp_path, ALL_GOOD)
    assert {check: outcome.outcome for check, outcome in outcomes.items()} == {"dbt:test.p.unique": "passed"}


@pytest.mark.parametrize(
    ("unique_id", "status", "outcome"),
    [
        ("model.p.documents", "error", "broken"),
        ("model.p.documents", "skipped", "broken"),
        ("test.p.unique", "skipped", "not_run"),
        ("test.p.unique", "error", "broken"),
        ("test.p.unique", "fail", "failed"),
        ("test.p.unique", None, "not_run"),
    ],
)
def test_what_dbt_did_not_build_or_run__blocks(
    tmp_path: Path, unique_id: str, status: str | None, outcome: str
) -> None:
    ended = {name: state for name, state in {**ALL_GOOD, unique_id: status}.items() if state is not None}
    found = _dbt_outcomes(tmp_path, ended)[f"dbt:{unique_id}"]
    assert found.outcome == outcome
    assert found.blocks


def test_a_failed_test__says_what_holds_and_shows_rows(tmp_path: Path) -> None:
    found = _dbt_outcomes(tmp_path, {**ALL_GOOD, "test.p.unique": "fail"})["dbt:test.p.unique"]
    assert found.sentence == "documents.document_id names one row. 2 rows are against it."
    assert found.sample == ({"unique_field": "fr:1", "n_records": 2},)
    assert "mend the model documents" in found.what_to_do


def test_too_many_blind_sources__refuse() -> None:
    known = ["a", "b", "c", "d"]
    assert bounds_outcome(["a", "b"], known, 0.5).outcome == "passed"
    assert bounds_outcome(["a", "b", "c"], known, 0.5).blocks


def _read_in_a_loop(editions: str, begun: object, stop: object, reads: object, faults: object) -> None:
    """One reader process: open the current edition again and again; every table must be of one edition."""
    home = Home(Path(editions))
    deadline = time.monotonic() + READERS_SECONDS
    begun.wait(READERS_SECONDS)  # type: ignore[attr-defined]
    while not stop.is_set() and time.monotonic() < deadline:  # type: ignore[attr-defined]
        folder = current_edition(home)
        with duckdb.connect(str(folder / "policy.duckdb"), read_only=True) as connection:
            row = connection.execute(
                """
                select (select count(*) from documents), (select count(*) from policies),
                    (select list(distinct edition) from documents), (select list(distinct edition) from policies)
                """
            ).fetchone()
        named = read_about(folder)["edition_id"]
        if row is None or row[:2] != (1000, 500) or row[2] != row[3] or named != folder.name:
            faults.put(str(row))  # type: ignore[attr-defined]
        with reads.get_lock():  # type: ignore[attr-defined]
            reads.value += 1  # type: ignore[attr-defined]


def _staged_aside(home: Home, number: int) -> Path:
    """An edition, staged and audited, beside the place where it is published from."""
    fill(home, number)
    stage_and_audit(home, PASSED)
    return home.staged.rename(home.root / f"staged-{number}")


@pytest.mark.fault("P7")
@pytest.mark.parametrize("publishes", [20, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.faults])])
def test_eight_readers_while_editions_are_published__see_no_error_and_no_mixed_edition(
    home: Home, publishes: int, verdict: Verdict
) -> None:
    stage_and_audit(home, PASSED)
    publish(home, CHECKS)
    # Staged beforehand, since readers leave little of the machine: so they see one publication close on another.
    ready = [_staged_aside(home, number) for number in range(2, publishes + 1)]
    context = multiprocessing.get_context("spawn")
    begun = context.Barrier(9)
    stop, reads, faults = context.Event(), context.Value("q", 0), context.Queue()
    readers = [
        context.Process(target=_read_in_a_loop, args=(str(home.root), begun, stop, reads, faults), daemon=True)
        for _ in range(8)
    ]
    for reader in readers:
        reader.start()
    try:
        begun.wait(READERS_SECONDS)
        for staged in ready:
            staged.rename(home.staged)
            assert publish(home, CHECKS).is_new
        fill(home, publishes + 1)
        stage_and_audit(home, PASSED)
        assert publish(home, CHECKS).is_new
    finally:
        stop.set()
        for reader in readers:
            reader.join(60)
    assert [reader.exitcode for reader in readers] == [0] * 8
    assert faults.empty()
    assert reads.value >= 8
    assert len([folder for folder in home.editions.iterdir() if not folder.is_symlink()]) == publishes + 1
    verdict.recovered(faults.qsize())


def test_schema_file__is_idempotent(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        for _ in range(2):
            connection.execute(SCHEMA.read_text(encoding="utf-8"))
