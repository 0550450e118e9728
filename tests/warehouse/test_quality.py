"""The checks of Great Expectations on tables of one sound row: sound data pass, and what rows are due must be there.

That each check fails on a bad value, and on it alone, is shown through Dagster on real tables (test_every_check.py).
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from quality.checks import Border, Suite
from quality.narrowing import doubtful
from quality.report import AuditReport
from quality.runner import run_suites
from quality.suites import SUITES, expected_checks, suites_at
from tests.warehouse.bad_values import EDITION_ROWS, MUTATIONS, RAW_ROWS

AS_OF = date(2026, 11, 23)
SCHEMA = Path(__file__).parents[2] / "pipelines" / "warehouse.sql"
MARTS = Path(__file__).parents[2] / "dbt" / "models" / "marts"
pytestmark = pytest.mark.xdist_group("great_expectations")  # its import is slow: one process pays for it

CHECKS = {check: suite for suite in SUITES for check in suite.check_ids()}
BAD_VALUES = sorted(check for check in CHECKS if not check.endswith(".rows_present"))


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[Border, Path]:
    """One sound database a border, with one row a table."""
    folder = tmp_path_factory.mktemp("sound")
    raw = duckdb.connect(str(folder / "warehouse.duckdb"))
    raw.execute(SCHEMA.read_text(encoding="utf-8"))
    for table, row in RAW_ROWS.items():
        raw.execute(f"insert into {table} by name select unnest({{{row}}})")
    raw.close()
    edition = duckdb.connect(str(folder / "policy.duckdb"))
    for table, row in EDITION_ROWS.items():
        edition.execute(f"create table {table} as select unnest({{{row}}})")
    edition.close()
    return {"raw": folder / "warehouse.duckdb", "edition": folder / "policy.duckdb"}


class ChangedDatabase:
    """Makes a copy of a sound database and runs statements on it."""

    def __init__(self, sound: dict[Border, Path], copy: Path) -> None:
        self._sound = sound
        self._copy = copy

    def __call__(self, border: Border, *statements: str) -> Path:
        """The path of the changed copy."""
        shutil.copyfile(self._sound[border], self._copy)
        connection = duckdb.connect(str(self._copy))
        for statement in statements:
            connection.execute(statement)
        connection.close()
        return self._copy


@pytest.fixture
def changed(databases: dict[Border, Path], tmp_path: Path) -> ChangedDatabase:
    """A changer of databases with a file of its own."""
    return ChangedDatabase(databases, tmp_path / "changed.duckdb")


def failed(report: AuditReport) -> list[str]:
    """Ids of the checks that did not pass."""
    return [result.check for result in report.results if not result.passed]


@pytest.mark.parametrize("border", ["raw", "edition"])
def test_sound_data__passes_every_check(databases: dict[Border, Path], border: Border) -> None:
    report = run_suites(databases[border], border, as_of=AS_OF)
    assert failed(report) == []
    assert report.complete
    assert report.passed
    assert all(result.rows_seen == 1 for result in report.results)


def test_every_table__is_audited() -> None:
    """The tables of the warehouse at the raw border, and every mart at the edition's.

    What is made of raw rows by decisions is held against the contract of a document row by row, and as a mart.
    """
    raw = duckdb.connect()
    raw.execute(SCHEMA.read_text(encoding="utf-8"))
    tables = raw.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'overridden'"
    ).fetchall()
    assert {suite.table for suite in suites_at("raw")} == {table for (table,) in tables}
    marts = {path.stem for path in MARTS.glob("*.sql")}
    assert {suite.table for suite in suites_at("edition")} == marts


@pytest.mark.parametrize("suite", [suite for suite in SUITES if suite.name in MUTATIONS], ids=lambda one: one.name)
def test_bad_values__are_doubted_and_sound_ones_are_not(databases: dict[Border, Path], suite: Suite) -> None:
    """A large table, of which Great Expectations sees what is doubted, is audited as well as a small one."""
    found = f"select count(*) from ({suite.query}) where {doubtful(suite.build(AS_OF))}"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{databases[suite.border]}' as sound (read_only)")
        connection.execute("copy from database sound to memory; set TimeZone = 'UTC'")
        assert connection.execute(found).fetchone() == (0,)
        for check, change in MUTATIONS[suite.name].items():
            connection.execute("begin")
            connection.execute(f"update {suite.table} set {change}")
            assert connection.execute(found).fetchone() != (0,), check
            connection.execute("rollback")


def test_mutations__name_exactly_the_checks_of_the_registry() -> None:
    assert {f"{suite}.{check}" for suite, checks in MUTATIONS.items() for check in checks} == set(BAD_VALUES)


@pytest.mark.parametrize("suite", [suite for suite in SUITES if f"{suite.name}.rows_present" in CHECKS])
def test_no_rows__fail_exactly_the_check_of_their_table(changed: ChangedDatabase, suite: Suite) -> None:
    report = run_suites(changed(suite.border, f"delete from {suite.table}"), suite.border, as_of=AS_OF, suites=[suite])
    assert failed(report) == [f"{suite.name}.rows_present"]


def test_availability__decides_whether_a_title_is_due(changed: ChangedDatabase) -> None:
    gone = changed("raw", "update raw.document_parses set title = null, availability = 'gone'")
    assert failed(run_suites(gone, "raw", as_of=AS_OF)) == []
    withdrawn = changed("raw", "update raw.document_parses set title = null, availability = 'withdrawn'")
    assert failed(run_suites(withdrawn, "raw", as_of=AS_OF)) == ["raw_documents.title_present"]


def test_superseded_parse__is_not_audited(changed: ChangedDatabase) -> None:
    database = changed(
        "raw",
        "update raw.document_parses set parser_version = 'us_federal_register/10'",
        "insert into raw.document_parses by name"
        " select * replace ('us_federal_register/9' as parser_version, null as title) from raw.document_parses",
    )
    report = run_suites(database, "raw", as_of=AS_OF)
    assert failed(report) == []
    assert {result.rows_seen for result in report.results if result.suite == "raw_documents"} == {1}


def test_sample__holds_five_rows_of_many(changed: ChangedDatabase) -> None:
    database = changed(
        "edition",
        "insert into documents select documents.* replace ("
        " 'fr:' || number || ':2026-11-17' as document_id, chr(7) || repeat('t', 900) as title)"
        " from documents, range(40) as numbers(number)",
    )
    report = run_suites(database, "edition", as_of=AS_OF)
    (result,) = (result for result in report.results if not result.passed)
    assert result.check == "edition_documents.title_without_control_characters"
    assert result.unexpected_count == 40
    assert result.observed == "40 of 41 rows unexpected"
    assert len(result.sample) == 5
    assert result.sample[0]["document_id"] == "fr:0:2026-11-17"
    assert len(str(result.sample[0]["title"])) == 200
    assert AuditReport.from_json(report.to_json()) == report


def test_missing_table__breaks_its_checks_and_no_others(changed: ChangedDatabase) -> None:
    report = run_suites(changed("edition", "drop table amounts"), "edition", as_of=AS_OF)
    broken = [result for result in report.results if result.broken]
    assert {result.suite for result in broken} == {"edition_amounts"}
    assert failed(report) == [result.check for result in broken]
    assert all("amounts" in str(result.message) for result in broken)
    assert report.complete
    assert not report.passed


def test_empty_tables__fail_only_where_rows_are_due(changed: ChangedDatabase) -> None:
    empty = changed("edition", *(f"delete from {table}" for table in EDITION_ROWS))
    report = run_suites(empty, "edition", as_of=AS_OF)
    assert failed(report) == [check for check in expected_checks("edition") if check.endswith(".rows_present")]
    assert not report.passed
