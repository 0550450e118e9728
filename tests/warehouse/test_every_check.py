"""Every asset check turns red: the registry of checks, each with what makes it fail, through Dagster.

Belongs here: that no check lacks a mutation, and that Dagster shows it red, in words, over real tables and ledgers.
Many mutations share a run; that each reddens its own check alone is seen by the sample, which holds the mutated row
and no other. Does not belong here: what a check is about (test_quality.py, test_dbt_checks.py, tests/unit).

No contract of dbt stands before a test of data: contracts hold types, not nulls or keys, so each test can be reached.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._core.storage.tags import PARTITION_NAME_TAG

from pipelines.assets.benchmark import SCORE_CHECK
from pipelines.assets.contracts import CONTRACT_CHECK, UNANSWERED
from pipelines.assets.ingest_checks import (
    CHECK,
    COUNT_CHECK,
    FIELDS_CHECK,
    USUAL_CHECK,
    VALUES_CHECK,
    VOLUME_CHECK,
)
from pipelines.delivery import Delivery
from pipelines.evaluate.report import Report
from pipelines.evaluate.standing import FOLDER_VARIABLE
from pipelines.evaluate.tasks import TASKS
from pipelines.home import Home
from pipelines.overdue import CHECK as OVERDUE_CHECK
from pipelines.overdue import overdue
from pipelines.publish.audit import BOUNDS_CHECK
from pipelines.publish.stage import stage
from pipelines.undecided import CHECK as UNDECIDED_CHECK
from pipelines.warehouse import open_warehouse
from quality.suites import SUITES
from scrapers.contracts import Comparison, CrawlLedger, DayCount, Novelty, Window
from scrapers.drift import NOT_ANSWERED, CheckReport, Drift
from scrapers.durable import write_whole
from scrapers.registry import sources
from tests.crawl_fixture import SLUG, land
from tests.faults.in_process import execute_selected, failure_of
from tests.state_fixture import edition
from tests.unit.overrides_fixture import MENDED, decided, land_all, loaded, rows_by_kind
from tests.warehouse.bad_values import EDITION_ROWS, MUTATIONS, RAW_ROWS
from tests.warehouse.test_dbt_checks import SINGULAR, freeze_views, generic_damages
from tests.warehouse.warehouse_fixture import Warehouse

pytestmark = pytest.mark.slow

AS_OF = date(2026, 11, 23)
"""The day of the sound rows."""
RUN = "00000000-0000-4000-8000-000000000001"
DAYS = Window(since=date(2024, 1, 29), until=date(2024, 2, 4))
FAR = Comparison(kind="all", found=1, usual=100, crawls=("a",) * 4, counts=(100,) * 4, verdict="drop")

Change = Callable[[CrawlLedger], Mapping[str, Any]]
LEDGERS: dict[str, Change] = {
    CHECK: lambda ledger: {"is_good": False, "faults": ("listing: HTTP 500",)},
    COUNT_CHECK: lambda ledger: {"days": (DayCount(day=DAYS.since, found=ledger.found_total, official=900),)},
    USUAL_CHECK: lambda ledger: {"comparisons": (FAR,)},
    VOLUME_CHECK: lambda ledger: {"warnings": ("got 9000 documents in 1.0 weeks, over 500 a week",)},
    FIELDS_CHECK: lambda ledger: {"novelties": (Novelty(name="colour", documents=1, example="fr:1"),)},
    VALUES_CHECK: lambda ledger: {"novelties": (Novelty(name="type=Edict", documents=1, example="fr:1"),)},
}
"""By check of ingest, what makes a sound account of a crawl bad for it alone."""


def slug_keys(room: str, names: Iterable[str]) -> set[str]:
    return {f"{room}/{slug}:{name}" for slug in sources() for name in names}


def overdue_checks() -> set[str]:
    return {f"ingest/{slug}:{OVERDUE_CHECK}" for slug, source in sources().items() if source.quiet_days is not None}


def audit_key(check: str) -> str:
    from pipelines.checks import check_name

    table = {suite.name: "edition/staged" if suite.border == "edition" else suite.table for suite in SUITES}
    return f"{table[check.split('.', maxsplit=1)[0]].replace('.', '/')}:{check_name(check)}"


def mutated_audit_checks() -> set[str]:
    return {audit_key(f"{suite}.{name}") for suite, checks in MUTATIONS.items() for name in checks}


def emptied_audit_checks() -> set[str]:
    names = (check for suite in SUITES for check in suite.check_ids())
    return {audit_key(name) for name in names if name.endswith(".rows_present")}


def dbt_checks(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The tests that have a mutation, by the key of their asset check."""
    from pipelines.assets.transform import transform

    keys = {key.name: f"{key.asset_key.to_user_string()}:{key.name}" for key in transform.check_keys}
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    return {keys[node["name"]]: node["name"] for node in tests if node["name"] in SINGULAR or generic_damages(node)}


MANIFEST = json.loads((Path(__file__).parents[2] / "dbt" / "target" / "manifest.json").read_text(encoding="utf-8"))
OUTCOMES = {
    "raw/decided_versions:versions_are_numbered",
    "raw/decided_parses:every_version_was_read",
    "edition/published:files_are_as_published",
    "verdict:no_source_is_withheld",
    "digest/weekly:items_are_told_once",
    "digest/weekly:items_have_links",
}
DELIVERY = "digest/delivered:nothing_is_half_sent"
AUDIT_ALONE = {"edition/staged:dbt_tests_all_ran_and_passed", "edition/staged:bounds__enough_sources_seen"}


def test_every_check__has_a_mutation() -> None:
    """A check that nobody has shown to fail is red here, and so is a mutation of a check that is gone."""
    from pipelines.definitions import defs

    known = {f"{key.asset_key.to_user_string()}:{key.name}" for key in defs.resolve_asset_graph().asset_check_keys}
    mutated = {
        *slug_keys("ingest", LEDGERS),
        *overdue_checks(),
        *slug_keys("contract", [CONTRACT_CHECK]),
        *(f"benchmark/{task}:{SCORE_CHECK}" for task in TASKS),
        "raw/fetches:archive_is_whole",
        f"raw/quarantine:{UNDECIDED_CHECK}",
        *OUTCOMES,
        DELIVERY,
        *mutated_audit_checks(),
        *emptied_audit_checks(),
        *AUDIT_ALONE,
        *dbt_checks(MANIFEST),
    }
    assert known - mutated == set(), "checks without a mutation"
    assert mutated - known == set(), "mutations without a check"


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return {f"{one.asset_key.to_user_string()}:{one.check_name}": one for one in found}


def sample(evaluation: dg.AssetCheckEvaluation) -> list[Mapping[str, Any]]:
    shown = evaluation.metadata["sample"]
    assert isinstance(shown, dg.TableMetadataValue)
    return [record.data for record in shown.records]


def red(result: dg.ExecuteInProcessResult) -> set[str]:
    """The checks that did not pass, after each was seen to say what a person needs."""
    shown = evaluations(result)
    for name, evaluation in shown.items():
        assert evaluation.description, name
        assert evaluation.metadata["what_to_do"].value, name
        assert evaluation.passed or sample(evaluation), name
    return {name for name, evaluation in shown.items() if not evaluation.passed}


def keys(*names: str) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*(dg.AssetKey.from_user_string(name) for name in names))


def account(home: Path, slug: str, change: Change | None) -> None:
    """Write the account of a sound crawl of a source, changed as asked."""
    sound = land(home / "made", []).model_copy(
        update={
            "source_id": slug,
            "run_id": RUN,
            "window": DAYS,
            "found_total": 100,
            "days": (DayCount(day=DAYS.since, found=100),),
        }
    )
    ledger = sound.model_copy(update=dict(change(sound)) if change else {})
    path = home / "archive" / slug / f"{ledger.crawl_id}.ledger.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(ledger.model_dump_json().encode())
    write_whole(home / "landing" / slug / f"{ledger.crawl_id}.manifest.json", ledger.model_dump_json().encode())


@pytest.mark.parametrize("turn", [0, 2, 4])
def test_checks_of_ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    """Each source's crawl leaves an account that is bad in one way or sound; the child in its place does nothing.

    What an account says is read alike of every source, so each source meets three of the ways.
    """
    expected = set()
    counted = sorted(sources().items(), key=lambda item: not item[1].bounds.must_match_official_count)
    for place, (slug, source) in enumerate(counted):
        check = [None, *LEDGERS][(place + turn) % (len(LEDGERS) + 1)]
        account(tmp_path, slug, LEDGERS[check] if check else None)
        if check and (check != COUNT_CHECK or source.bounds.must_match_official_count):
            expected.add(f"ingest/{slug}:{check}")
    monkeypatch.setattr("pipelines.assets.ingest._command", lambda *_: ["timeit", "-n1", "-r1", "pass"])
    config = {"ops": {"ingest": {"config": {"since": str(DAYS.since), "until": str(DAYS.until)}}}}
    wanted = keys(*(f"ingest/{slug}" for slug in sources()))
    result = execute_selected(tmp_path, wanted, config=config, run_id=RUN)
    assert result.success
    assert red(result) == expected
    assert {name.partition(":")[2] for name in expected} == set(LEDGERS)


def test_checks_of_silence(tmp_path: Path) -> None:
    """Nothing new came of any source between two good looks, a year apart."""
    home = Home(tmp_path)
    home.warehouse.parent.mkdir()
    tables = Warehouse(home.warehouse)
    for slug in sources():
        for day in (AS_OF - timedelta(366), AS_OF):
            tables.crawl(slug, datetime.combine(day, datetime.min.time(), UTC), day, day)
    tables.connection.close()
    result = execute_selected(tmp_path, dg.AssetSelection.checks(*overdue.check_keys))
    assert red(result) == overdue_checks()


def test_checks_of_contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No source answers the way its contract says: the process that asks ends badly."""
    monkeypatch.setattr("pipelines.sources_check._command", lambda *_: ["timeit", "-n1", "-r1", "1 / 0"])
    result = execute_selected(tmp_path, keys(*(f"contract/{slug}" for slug in sources())))
    assert red(result) == slug_keys("contract", [CONTRACT_CHECK])


def test_checks_of_contracts_that_nothing_was_held_against(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A week without documents and a missing key are no drift; a source that is down is red and told as down."""
    quiet, keyless, down = list(sources())[:3]
    report = CheckReport(source_id=quiet, answers=1, documents=0, drifts=())
    fault = Drift(kind=NOT_ANSWERED, name="https://example.org/", sentence="http_error: HTTP 503")
    reports = [
        report,
        report.model_copy(update={"source_id": keyless, "answers": 0, "not_asked": "no key"}),
        report.model_copy(update={"source_id": down, "answers": 0, "drifts": (fault,)}),
    ]
    monkeypatch.setattr("pipelines.assets.contracts.check_sources", lambda *_: reports)
    result = execute_selected(tmp_path, keys(*(f"contract/{one.source_id}" for one in reports)))
    assert red(result) == {f"contract/{down}:{CONTRACT_CHECK}"}
    told = evaluations(result)[f"contract/{down}:{CONTRACT_CHECK}"]
    assert "1 not answered" in str(told.description)
    assert told.metadata[UNANSWERED].value is True


def test_checks_of_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every recorded figure is gone."""
    (tmp_path / "labels").mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr("pipelines.assets.benchmark._edition", lambda home: tmp_path)
    monkeypatch.setattr("pipelines.assets.benchmark.recorded", lambda: {task: {"f1": 0.5} for task in TASKS})
    monkeypatch.setattr("pipelines.assets.benchmark.run_usual", lambda task, *_: Report(task=task, metrics={}))
    result = execute_selected(tmp_path, keys(*(f"benchmark/{task}" for task in TASKS)))
    assert red(result) == {f"benchmark/{task}:{SCORE_CHECK}" for task in TASKS}
    severities = {one.severity for one in evaluations(result).values()}
    assert severities == {dg.AssetCheckSeverity.WARN}, "as its alert is"


def test_check_of_the_archive(folder: Path, tmp_path: Path) -> None:
    """The warehouse knows crawls whose archive files are gone."""
    warehouse = tmp_path / "warehouse" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    shutil.copyfile(folder / "warehouse.duckdb", warehouse)
    check = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey(["raw", "fetches"]), "archive_is_whole"))
    assert red(execute_selected(tmp_path, check)) == {"raw/fetches:archive_is_whole"}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from raw.crawls")
    assert red(execute_selected(tmp_path, check)) == set()


def test_check_of_the_quarantine(tmp_path: Path) -> None:
    """A row has waited for two years between two crawls; then somebody decides about it."""
    home = Home(tmp_path)
    land_all(home)
    land(tmp_path, [], hours=24 * 730)
    loaded(home)
    check = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey(["raw", "quarantine"]), UNDECIDED_CHECK))
    result = execute_selected(tmp_path, check)
    assert red(result) == {f"raw/quarantine:{UNDECIDED_CHECK}"}
    (evaluation,) = evaluations(result).values()
    assert evaluation.severity == dg.AssetCheckSeverity.WARN
    rows = rows_by_kind(home)
    commands = {f"aipolicy quarantine show {row.record_key}" for row in rows.values()}
    assert {row["command"] for row in sample(evaluation)} == commands
    decided(home, "record", "reject")
    land(tmp_path, MENDED, hours=24 * 731)
    loaded(home)
    assert red(execute_selected(tmp_path, check)) == set(), "one is decided, two are mended"


def test_checks_of_what_a_run_leaves(tmp_path: Path) -> None:
    """All that a run leaves is sound; then each part of it is spoilt, for its own check alone."""
    from pipelines import outcomes

    home = Home(tmp_path)
    land_all(home)
    loaded(home)
    edition(home)
    items = [{"anchor": f"new-{number}", "what": {"url": "https://example.org/"}} for number in range(2)]
    digest = home.digests / "2026-W47" / "digest.json"
    write_whole(digest, json.dumps({"top": items, "new": [{"lines": items}]}).encode())
    account(tmp_path, SLUG, None)
    checks = dg.AssetSelection.checks(*(check.check_key for check in outcomes.CHECKS))
    assert red(execute_selected(tmp_path, checks)) == set()
    with open_warehouse(home) as connection:
        connection.execute("update raw.document_versions set version_no = 2")
    (home.editions / "current" / "policy.duckdb").write_bytes(b"others")
    bare = {**items[0], "what": {"url": None}}
    write_whole(digest, json.dumps({"new": [{"lines": [*items, bare]}]}).encode())
    shutil.rmtree(home.archive / SLUG)
    account(tmp_path, SLUG, LEDGERS[CHECK])
    result = execute_selected(tmp_path, checks)
    assert red(result) == OUTCOMES
    warned = {name for name, one in evaluations(result).items() if one.severity == dg.AssetCheckSeverity.WARN}
    assert warned == {"verdict:no_source_is_withheld", "digest/weekly:items_have_links"}


def test_check_of_the_deliveries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender died while it sent: the step fails, and its check is red all the same."""
    home = Home(tmp_path)
    edition(home)
    write_whole(home.subscriptions, b"")
    record = home.deliveries / "2026-W47" / "export-team-0123456789abcdef.json"
    made = [Delivery("export-team", "mail", "a@example.org", "sent")]
    monkeypatch.setattr("pipelines.assets.digest.deliver_week", lambda *_, **__: made)
    monkeypatch.setattr("pipelines.assets.digest.fresh_looks", lambda _: None)

    def delivered() -> dg.ExecuteInProcessResult:
        return execute_selected(tmp_path, keys("digest/delivered"), tags={PARTITION_NAME_TAG: "2026-11-16"})

    write_whole(record, b'{"state": "sent"}')
    sound = delivered()
    assert sound.success
    assert red(sound) == set()
    write_whole(record, b'{"state": "sending"}')
    made[0] = replace(made[0], outcome="unknown", reason="it may have been sent")
    result = delivered()
    assert "it may have been sent" in failure_of(result, "digest__delivered")
    assert red(result) == {DELIVERY}


@pytest.fixture
def home(folder: Path, tmp_path: Path) -> Home:
    """A state folder whose marts are built and staged, to be damaged."""
    made = Home(tmp_path)
    made.warehouse.parent.mkdir()
    shutil.copyfile(folder / "warehouse.duckdb", made.warehouse)
    shutil.copytree(folder / "target", made.dbt_target)
    path = made.dbt_target / "run_results.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"status": "warn"', '"status": "pass"'), encoding="utf-8")
    stage(made, "inputs")
    about = made.staged / "EDITION.json"
    about.write_text(json.dumps({**json.loads(about.read_bytes()), "as_of": f"{AS_OF}T12:00:00Z"}), encoding="utf-8")
    return made


def audit_all(home: Home) -> dg.ExecuteInProcessResult:
    from pipelines.checks import audit

    return execute_selected(home.root, dg.AssetSelection.checks(*audit.check_keys))


def damaged(database: Path, rows: Mapping[str, str], border: str) -> None:
    """Add to each audited table one row for each check, sound but for what the check is about."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for suite in (suite for suite in SUITES if suite.border == border):
            for number, statement in enumerate(MUTATIONS[suite.name].values()):
                connection.execute(f"create or replace temp table bad as from {suite.table} limit 0")
                connection.execute(f"insert into bad by name select unnest({{{rows[suite.table]}}})")
                if suite.table == "raw.document_parses":  # of which the latest parse of a version counts
                    connection.execute("update bad set native_id = ?, version_no = ?", [suite.name, 1_000 + number])
                    connection.execute("update bad set document_id = 'fr:' || ? || ':2026-11-17'", [suite.name])
                connection.execute(f"update bad set {statement}")
                connection.execute(f"insert into {suite.table} by name from bad")


def test_checks_of_the_audit(home: Home) -> None:
    """One bad row for each check in the real tables, and every source was blind."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update raw.crawls set is_good = false, not_asked = null")
    damaged(home.warehouse, RAW_ROWS, "raw")
    damaged(home.staged / "policy.duckdb", EDITION_ROWS, "edition")
    result = audit_all(home)
    expected = {*mutated_audit_checks(), f"edition/staged:{BOUNDS_CHECK.replace(':', '__')}"}
    assert red(result) == expected
    shown = evaluations(result)
    report = json.loads((home.staged / "quality.json").read_bytes())
    assert report["summary"]["verdict"] == "refused"
    assert "quality.html" in (home.staged / "SHA256SUMS").read_text(encoding="utf-8")
    assert all("quality_report" in evaluation.metadata for evaluation in shown.values())
    strays = {name: rows for name in mutated_audit_checks() if len(rows := sample(shown[name])) != 1}
    assert strays == {}, "checks that found another row than the one that was mutated for them"


def test_checks_of_the_audit_that_demand_rows(home: Home) -> None:
    """Nothing is left in any table, and one test of dbt failed."""
    for database, border in ((home.warehouse, "raw"), (home.staged / "policy.duckdb", "edition")):
        with duckdb.connect(str(database)) as connection:
            for suite in (suite for suite in SUITES if suite.border == border):
                connection.execute(f"delete from {suite.table}")
    path = home.dbt_target / "run_results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    chosen = next(one for one in results["results"] if "filled_documents." in one["unique_id"])
    chosen.update(status="fail", failures=1)
    path.write_text(json.dumps(results), encoding="utf-8")
    assert red(audit_all(home)) == {*emptied_audit_checks(), "edition/staged:dbt_tests_all_ran_and_passed"}


def test_checks_of_dbt(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that break every test at once; dbt tests the tables as they are, where the transform would build them anew.

    That each test fails by its own rows shows test_dbt_checks.py, one at a time.
    """
    monkeypatch.setattr("pipelines.assets.transform.ASKED", ("test", "--exclude-resource-type", "unit_test"))
    made = Home(tmp_path)
    made.warehouse.parent.mkdir()
    shutil.copyfile(folder / "warehouse.duckdb", made.warehouse)
    with duckdb.connect(str(made.warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        freeze_views(connection)
        for statement in SINGULAR.values():
            connection.execute(statement)
        for node in MANIFEST["nodes"].values():
            if node["resource_type"] == "test":
                for statement in generic_damages(node):
                    connection.execute(statement)
    from pipelines.assets.transform import transform

    result = execute_selected(made.root, dg.AssetSelection.assets(*transform.keys))
    assert set(dbt_checks(MANIFEST)) - red(result) == set()
