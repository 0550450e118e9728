"""How the audit treats what is not bad data: crashes, skipped suites, lost results, reports that were tampered with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from quality import runner, vocabularies
from quality.checks import Check, Suite, between, days_between, known, matches, present, rows_present
from quality.report import AuditReport, CheckResult
from quality.runner import crash_message, run_suites
from quality.suites import SUITES, expected_checks, suites_at
from tests.faults.verdict import Verdict

pytestmark = pytest.mark.xdist_group("great_expectations")  # its import is slow: one process pays for it

AS_OF = date(2026, 11, 23)
SOUND = present("id", "Every thing has an id.", "Mend it.")


def suite_of(*checks: Check, query: str = "select id, size from things", name: str = "things") -> Suite:
    """A suite over the little table of these tests."""
    return Suite(name=name, table="things", border="edition", key=("id",), query=query, build=lambda _: checks)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one small table."""
    path = tmp_path / "policy.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute(
        "create table things as select * from (values ('a', 1, date '2026-11-17', 'x'), ('b', 2, 'infinity', null))"
        " as things(id, size, seen, note)"
    )
    connection.close()
    return path


def audit(database: Path, *suites: Suite) -> dict[str, CheckResult]:
    """Results of some suites by their check."""
    report = run_suites(database, "edition", as_of=AS_OF, suites=suites)
    assert not report.passed, "a narrowed audit can never pass"
    return {result.check: result for result in report.results}


def test_expectation_on_missing_column__is_broken_and_the_others_run(database: Path) -> None:
    results = audit(database, suite_of(SOUND, present("colour", "Every thing has a colour.", "Paint it.")))
    crashed = results["things.colour_present"]
    assert crashed.broken
    assert crashed.blocks
    assert "colour" in str(crashed.message)
    assert crashed.unexpected_count == 0
    assert results["things.id_present"].passed


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (matches("id", "(", "x", "y"), "expectation crashed"),
        (between("id", 1, 2, "x", "y"), "expectation crashed"),
        (between("size", None, None, "x", "y"), "expectation could not be made"),
        (replace(SOUND, name="odd", expectation="expect_miracles"), "expectation could not be made"),
    ],
)
def test_crashing_check__is_broken_even_when_it_only_warns(database: Path, check: Check, reason: str) -> None:
    results = audit(database, suite_of(SOUND, replace(check, severity="warning")))
    result = results[f"things.{check.name}"]
    assert result.broken
    assert result.blocks
    assert result.severity == "WARN"
    assert reason in str(result.message)
    assert "things" in result.what_to_do
    assert results["things.id_present"].passed


def test_failing_query__breaks_every_check_of_its_suite_only(database: Path) -> None:
    results = audit(database, suite_of(SOUND, query="select colour as id from things"), suite_of(SOUND, name="others"))
    assert results["things.id_present"].broken
    assert "colour" in str(results["things.id_present"].message)
    assert results["others.id_present"].passed


def test_crashing_validation__breaks_the_checks_that_could_be_made(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> dict[str, Any]:
        raise RuntimeError("no batch")

    monkeypatch.setattr(runner._Engine, "validate", crash)
    result = audit(database, suite_of(SOUND))["things.id_present"]
    assert result.broken
    assert "RuntimeError: no batch" in str(result.message)


def test_lost_result__makes_the_report_incomplete(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    real = runner._Engine.validate

    def lose(self: Any, frame: Any, expectations: Sequence[Any], key: Sequence[str]) -> Mapping[str, Any]:
        results = real(self, frame, expectations, key)
        results.pop("size_in_range")
        return results

    monkeypatch.setattr(runner._Engine, "validate", lose)
    monkeypatch.setattr(runner, "expected_checks", lambda _: ("things.id_present", "things.size_in_range"))
    suites = [suite_of(SOUND, between("size", 1, 2, "x", "y"))]
    report = run_suites(database, "edition", as_of=AS_OF, suites=suites)
    assert report.missing_checks == ("things.size_in_range",)
    assert not report.passed


def test_skipped_suites__cannot_be_hidden(database: Path) -> None:
    report = run_suites(database, "edition", as_of=AS_OF, suites=[])
    assert report.expected_checks == expected_checks("edition")
    assert report.missing_checks == tuple(sorted(expected_checks("edition")))
    assert not report.complete
    assert not report.passed


@pytest.mark.fault("O8")
def test_no_rows__fail_where_rows_are_due(database: Path, verdict: Verdict) -> None:
    empty = "select id, size from things where false"
    results = audit(database, suite_of(rows_present("Things exist.", "Make some."), SOUND, query=empty))
    assert not results["things.rows_present"].passed
    assert not results["things.rows_present"].broken
    assert results["things.rows_present"].observed == "0 rows"
    assert results["things.rows_present"].rows_seen == 0
    verdict.publish_blocked(results["things.rows_present"].passed)


def test_sample__names_the_row_and_keeps_types(database: Path) -> None:
    query = "select id, size, note, least(seen, date '9999-12-31') as seen from things"
    results = audit(
        database,
        suite_of(
            between("size", 2, 9, "x", "y"),
            known("id", ("a",), "x", "y"),
            days_between("seen", None, AS_OF, "x", "y"),
            present("note", "x", "y"),
            query=query,
        ),
    )
    assert [result.sample for result in results.values()] == [
        ({"id": "a", "size": 1},),
        ({"id": "b"},),
        ({"id": "b", "seen": "9999-12-31"},),
        ({"id": "b", "note": None},),
    ]
    assert {result.observed for result in results.values()} == {"1 of 2 rows unexpected"}


MANY = "select range::varchar as id, case when range = 4000 then -1 else range end as size from range(5000)"


def test_large_table__is_told_of_as_a_whole(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, real = [], runner._Engine.validate

    def watch(self: Any, frame: Any, expectations: Sequence[Any], key: Sequence[str]) -> Mapping[str, Any]:
        seen.append(len(frame))
        return real(self, frame, expectations, key)

    monkeypatch.setattr(runner._Engine, "validate", watch)
    checks = (rows_present("Things exist.", "Make some."), SOUND, between("size", 0, None, "x", "y"))
    results = audit(database, suite_of(*checks, query=MANY), suite_of(*checks[:2], query=MANY, name="sound"))
    assert seen == [1, runner.WHOLE_ROWS], "the row that fails; and of sound rows a few"
    assert {result.rows_seen for result in results.values()} == {5_000}
    assert [name for name, result in results.items() if not result.passed] == ["things.size_in_range"]
    assert results["things.size_in_range"].observed == "1 of 5,000 rows unexpected"
    assert results["things.size_in_range"].sample == ({"id": "4000", "size": -1},)
    assert results["things.rows_present"].observed == "5000 rows"


def test_large_table_without_a_column__is_broken_as_a_small_one(database: Path) -> None:
    colour = present("colour", "Every thing has a colour.", "Paint it.")
    results = audit(database, suite_of(SOUND, colour, query=MANY))
    assert results["things.colour_present"].broken
    assert results["things.id_present"].passed


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (None, None),
        ({}, None),
        ({"raised_exception": False, "exception_message": None}, None),
        ({"raised_exception": True, "exception_message": "boom"}, "boom"),
        ({"raised_exception": True}, "no message"),
        (
            {"metric a": {"raised_exception": False}, "metric b": {"raised_exception": True, "exception_message": "b"}},
            "b",
        ),
        ({"metric a": {"raised_exception": False}}, None),
        ({"metric a": "garbled"}, "unreadable account of a crash: garbled"),
    ],
)
def test_crash_message__reads_both_shapes(info: dict[str, Any] | None, message: str | None) -> None:
    assert crash_message(info) == message


def test_unknown_border__is_refused(database: Path) -> None:
    with pytest.raises(ValueError, match="expected one of the borders raw, edition, got 'attic'"):
        run_suites(database, "attic", as_of=AS_OF)  # type: ignore[arg-type]  # what an untyped caller may pass


def test_suite_of_another_border__is_refused(database: Path) -> None:
    with pytest.raises(ValueError, match="expected suites of border 'raw', got things"):
        run_suites(database, "raw", as_of=AS_OF, suites=[suite_of(SOUND)])


def test_missing_database__is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="expected a DuckDB file to audit"):
        run_suites(tmp_path / "policy.duckdb", "edition", as_of=AS_OF)


def test_damaged_database__is_no_verdict(tmp_path: Path) -> None:
    damaged = tmp_path / "policy.duckdb"
    damaged.write_bytes(b"not a database" * 900)
    with pytest.raises(duckdb.Error):
        run_suites(damaged, "edition", as_of=AS_OF)


def result_of(check: str, **changes: Any) -> CheckResult:
    """A passed result with changes."""
    values: dict[str, Any] = {
        "check": check,
        "suite": "things",
        "table": "things",
        "expectation": "expect_column_values_to_not_be_null",
        "column": "id",
        "severity": "ERROR",
        "passed": True,
        "rows_seen": 2,
        "observed": "0 of 2 rows unexpected",
        "unexpected_count": 0,
        "sentence": "Every thing has an id.",
        "what_to_do": "Mend it.",
    }
    return CheckResult(**{**values, **changes})


def report_of(*results: CheckResult) -> AuditReport:
    """A report that expects the checks a and b."""
    return AuditReport(border="edition", as_of=AS_OF, expected_checks=("a", "b"), results=results)


@pytest.mark.parametrize(
    ("results", "passed"),
    [
        ((result_of("a"), result_of("b")), True),
        ((result_of("a"),), False),
        ((result_of("a"), result_of("b", passed=False)), False),
        ((result_of("a"), result_of("b", passed=False, severity="WARN")), True),
        ((result_of("a"), result_of("b", passed=False, severity="WARN", broken=True, message="crash")), False),
    ],
)
def test_verdict__needs_every_check_run_and_no_error(results: tuple[CheckResult, ...], passed: bool) -> None:
    report = report_of(*results)
    assert report.passed == passed
    assert AuditReport.from_json(report.to_json()) == report
    assert json.loads(report.to_json())["passed"] == passed


def test_report_of_nothing__does_not_pass() -> None:
    assert not AuditReport(border="edition", as_of=AS_OF, expected_checks=(), results=()).passed


def test_edited_verdict__is_refused() -> None:
    text = report_of(result_of("a")).to_json()
    with pytest.raises(ValueError, match="its results give"):
        AuditReport.from_json(text.replace('"passed": false', '"passed": true'))


@pytest.mark.parametrize("text", ["[]", "{}", "null", '{"passed": true}'])
def test_other_json__is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        AuditReport.from_json(text)


def test_two_results_of_a_check__are_refused() -> None:
    with pytest.raises(ValidationError, match="expected one result a check, got more for: a"):
        report_of(result_of("a"), result_of("a"))


def test_broken_check__must_say_why() -> None:
    with pytest.raises(ValidationError, match="expected a broken check to be failed and to say why"):
        result_of("a", passed=False, broken=True)


def test_names_of_checks__need_no_great_expectations() -> None:
    script = "import sys, quality.runner, quality.suites; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_analytics__are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "True")
    runner._Engine()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


def test_seed__gives_the_words_of_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabularies, "SEEDS", tmp_path)
    (tmp_path / "kind.csv").write_text("kind,is_money\nb,true\na,true\na,true\nfine,false\n,true\n", encoding="utf-8")
    assert vocabularies.seed("kind", "kind", is_money="true") == ("a", "b")
    with pytest.raises(ValueError, match="expected words in column kind, got none"):
        vocabularies.seed("kind", "kind", is_money="maybe")
    with pytest.raises(FileNotFoundError):
        vocabularies.seed("absent", "kind")


@pytest.mark.parametrize("border", ["raw", "edition"])
def test_sentences__are_whole(border: Any) -> None:
    checks = [check for suite in suites_at(border) for check in suite.build(AS_OF)]
    assert all(check.sentence.endswith(".") and check.what_to_do.endswith(".") for check in checks)
    assert {check.severity for check in checks} == {"critical", "warning"}


def test_a_check_of_titles__names_the_desk_where_a_person_mends_them() -> None:
    checks = [check for suite in SUITES if suite.table != "sources" for check in suite.build(AS_OF)]
    titles = [check for check in checks if check.column in ("title", "lacks_title")]
    desk = [check for check in titles if "aipolicy quarantine correct" in check.what_to_do]
    assert len(desk) == 9, "three of each: what was read, documents and policies of the edition"
