"""Runs suites through Great Expectations and reports what they found.

The only module that imports Great Expectations, and only when an audit runs: the import takes over ten seconds, so one
serves all suites of a call. Tables are read through DuckDB, read-only; Great Expectations sees pandas frames, because
its SQL engine does not work on DuckDB. Of a large table it sees the rows alone that could fail (`quality.narrowing`).

Does not decide what follows from a report.
"""

# ruff: noqa: S608 - the queries are constants; nothing from outside enters them

from __future__ import annotations

import copy
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import duckdb
import numpy as np
import pandas as pd

from quality.checks import Border, Check, Suite
from quality.narrowing import doubtful
from quality.report import AuditReport, Cell, CheckResult
from quality.suites import expected_checks, suites_at

MAX_SAMPLE = 5
MAX_CELL_CHARS = 200
MAX_MESSAGE_CHARS = 500
WHOLE_ROWS = 1_000
"""Tables of no more rows are seen whole."""


def run_suites(
    database: Path | duckdb.DuckDBPyConnection, border: Border, *, as_of: date, suites: Sequence[Suite] | None = None
) -> AuditReport:
    """Audit one database at one border: a file, or what a connection has in use, which is closed at the end.

    `as_of` is the day that the data speak of: nothing in them may have been published long after it. `suites` narrows
    or replaces what runs; the report still expects every check of the registry, so a narrowed audit is never complete.

    A suite whose query fails and a check that crashes are reported as broken. Raises FileNotFoundError when the
    database is absent, duckdb.Error when it cannot be opened, and ValueError for a border that does not exist or a
    suite of another border.
    """
    if border not in get_args(Border):
        raise ValueError(f"expected one of the borders {', '.join(get_args(Border))}, got {border!r}")
    chosen = suites_at(border) if suites is None else tuple(suites)
    strangers = [suite.name for suite in chosen if suite.border != border]
    if strangers:
        raise ValueError(f"expected suites of border {border!r}, got {', '.join(strangers)}")
    if isinstance(database, Path) and not database.is_file():
        raise FileNotFoundError(f"expected a DuckDB file to audit at {database.name}, found none; build it first")
    connection = _connect(database) if isinstance(database, Path) else database
    try:
        engine = _Engine()
        results = [result for suite in chosen for result in _audit(engine, connection, suite, as_of)]
    finally:
        connection.close()
    return AuditReport(border=border, as_of=as_of, expected_checks=expected_checks(border), results=tuple(results))


class _Engine:
    """Great Expectations, imported once and told to stay silent and offline."""

    def __init__(self) -> None:
        # Versions that report their use to the vendor read this at import.
        os.environ["GX_ANALYTICS_ENABLED"] = "False"
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.exceptions.exceptions import GreatExpectationsError
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

        self._gx: Any = gx
        self._configuration: Any = ExpectationConfiguration
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = self._context.data_sources.add_pandas("audit").add_dataframe_asset("frame")
        self._frames = asset.add_batch_definition_whole_dataframe("frame")
        # What an expectation raises depends on the data types it meets; all else is no fault of a check.
        self.crashes: tuple[type[Exception], ...] = (
            GreatExpectationsError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RuntimeError,
            TypeError,
            ValueError,
        )

    def expectation(self, check: Check) -> Any:
        """The check as an expectation; raises one of `crashes` when its type or arguments are wrong."""
        return self._configuration(
            type=check.expectation, kwargs=dict(check.kwargs), meta={"check": check.name}, severity=check.severity
        ).to_domain_obj()

    def validate(self, frame: pd.DataFrame, expectations: Sequence[Any], key: Sequence[str]) -> dict[str, Any]:
        """Raw results by the name of the check; raises one of `crashes` when the run as a whole fails.

        Which rows failed is asked of the checks alone that did not pass: it takes as long as all verdicts together.
        """
        batch = self._frames.get_batch(batch_parameters={"dataframe": frame})
        verdicts = self._run(batch, expectations, "BOOLEAN_ONLY")
        unmet = {name for name, result in verdicts.items() if not result.success}
        rows = {
            "result_format": "SUMMARY",
            "partial_unexpected_count": MAX_SAMPLE,
            "unexpected_index_column_names": list(key),
        }
        return verdicts | self._run(batch, [one for one in expectations if one.meta["check"] in unmet], rows)

    def _run(self, batch: Any, expectations: Sequence[Any], result_format: str | dict[str, Any]) -> dict[str, Any]:
        # An expectation belongs to one suite, hence the copies.
        suite = self._gx.ExpectationSuite(name="checks", expectations=[copy.copy(one) for one in expectations])
        configured = (
            (result.expectation_config, result)
            for result in (batch.validate(suite, result_format=result_format).results if expectations else ())
        )
        return {config.meta["check"]: result for config, result in configured if config and config.meta}


@dataclass(frozen=True)
class _Outcome:
    """What came of one check, before it is put into words."""

    passed: bool = False
    unexpected: int = 0
    observed: str = ""
    sample: tuple[Mapping[str, Cell], ...] = ()
    broken: str | None = None


@dataclass(frozen=True)
class _Table:
    """What a suite is about: the number of all its rows, and those under audit."""

    rows: int
    frame: pd.DataFrame


def _audit(engine: _Engine, connection: duckdb.DuckDBPyConnection, suite: Suite, as_of: date) -> Iterator[CheckResult]:
    checks = {check.name: check for check in suite.build(as_of)}
    try:
        table = _read(connection, suite, checks.values())
    except duckdb.Error as error:
        outcome = _broken("the suite's query failed", error)
        yield from (_result(suite, check, outcome, rows_seen=0) for check in checks.values())
        return
    outcomes = _outcomes(engine, table, suite, checks)
    yield from (_result(suite, checks[name], outcome, rows_seen=table.rows) for name, outcome in outcomes.items())


def _outcomes(engine: _Engine, table: _Table, suite: Suite, checks: Mapping[str, Check]) -> dict[str, _Outcome]:
    """Outcomes by check; a check that the engine gave no result for is absent, which makes the report incomplete."""
    outcomes: dict[str, _Outcome] = {}
    expectations = []
    for name, check in checks.items():
        try:
            expectations.append(engine.expectation(check))
        except engine.crashes as error:
            outcomes[name] = _broken("the expectation could not be made", error)
    if not expectations:
        return outcomes
    try:
        raw = engine.validate(table.frame, expectations, suite.key)
    except engine.crashes as error:
        outcome = _broken("the validation crashed", error)
        return outcomes | {name: outcome for name in checks if name not in outcomes}
    return outcomes | {name: _outcome(checks[name], result, table.rows) for name, result in raw.items()}


def _outcome(check: Check, raw: Any, rows: int) -> _Outcome:
    fault = crash_message(raw.exception_info)
    if fault is not None:
        return _Outcome(broken=f"the expectation crashed: {fault}"[:MAX_MESSAGE_CHARS])
    result = raw.result
    if not raw.success and not result:
        return _Outcome(broken="the expectation gave no result and no reason")
    sample = tuple(
        {str(column): _cell(value) for column, value in row.items()}
        for row in (result.get("partial_unexpected_index_list") or ())[:MAX_SAMPLE]
    )
    if check.column is None:
        return _Outcome(bool(raw.success), 0, f"{rows} rows", sample)
    unexpected = int(result.get("unexpected_count", 0))
    return _Outcome(bool(raw.success), unexpected, f"{unexpected:,} of {rows:,} rows unexpected", sample)


def crash_message(exception_info: Mapping[str, Any] | None) -> str | None:
    """Why an expectation crashed, or None when it ran.

    The engine tells it in two shapes: one flat record, or one record for each metric that failed.
    """
    if not exception_info:
        return None
    records = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    for record in records:
        if not isinstance(record, Mapping):
            return f"unreadable account of a crash: {str(record)[:MAX_CELL_CHARS]}"
        if record.get("raised_exception"):
            return str(record.get("exception_message") or "no message")
    return None


def _broken(what: str, error: Exception) -> _Outcome:
    return _Outcome(broken=f"{what}: {type(error).__name__}: {error}"[:MAX_MESSAGE_CHARS])


def _result(suite: Suite, check: Check, outcome: _Outcome, *, rows_seen: int) -> CheckResult:
    return CheckResult(
        check=f"{suite.name}.{check.name}",
        suite=suite.name,
        table=suite.table,
        expectation=check.expectation,
        column=check.column,
        severity="ERROR" if check.severity == "critical" else "WARN",
        passed=outcome.passed,
        broken=outcome.broken is not None,
        message=outcome.broken,
        rows_seen=rows_seen,
        observed="nothing: the check did not run to its end" if outcome.broken else outcome.observed,
        unexpected_count=outcome.unexpected,
        sample=outcome.sample,
        sentence=check.sentence,
        what_to_do=f"Mend the check in quality/suites ({suite.name}), or the table it reads."
        if outcome.broken
        else check.what_to_do,
    )


def _connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open read-only, with instants in UTC and nothing within reach beside the audited file."""
    connection = duckdb.connect(str(database), read_only=True)
    # As settings at connect both fail: the time zone belongs to an extension that is loaded only afterwards.
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_external_access = false")
    return connection


def _read(connection: duckdb.DuckDBPyConnection, suite: Suite, checks: Iterable[Check]) -> _Table:
    """The suite's rows: of many those that may fail a check, or else some that do not, so that each check has rows."""
    row = connection.execute(f"select count(*) from ({suite.query})").fetchone()
    assert row is not None
    if row[0] <= WHOLE_ROWS:
        return _Table(row[0], connection.execute(suite.query).df())
    try:
        found = connection.execute(f"select * from ({suite.query}) where {doubtful(checks)}").df()
    except (duckdb.Error, ValueError):
        # What SQL cannot tell, such as a column that is not there, is for Great Expectations to say.
        found = connection.execute(suite.query).df()
    if found.empty:
        found = connection.execute(f"select * from ({suite.query}) limit {WHOLE_ROWS}").df()
    return _Table(row[0], found)


def _cell(value: object) -> Cell:
    """A value of a failing row as JSON: texts cut, days in ISO 8601, what is missing null."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (bool, int)):
        return value
    return str(value)[:MAX_CELL_CHARS]
