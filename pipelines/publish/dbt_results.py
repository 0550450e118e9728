"""How dbt's tests of data ended, in words for people, with rows that failed and what to do.

Belongs here: reading the manifest and the results of a build, and asking the warehouse for the rows that a test found.
Does not belong here: what follows from a failure (audit.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import duckdb

from pipelines.home import Home
from pipelines.publish.audit import CheckOutcome, dbt_tests
from pipelines.warehouse import connect_warehouse

MAX_SAMPLE = 5
MAX_CELL_CHARS = 200
MAX_COLUMNS = 6
"""Of a row without a value, its first columns name it."""

Sample = tuple[dict[str, object], ...]
_SENTENCES = {
    "filled": "{columns} of {table} are filled in every row.",
    "not_null": "{table}.{column} is filled in every row.",
    "unique": "{table}.{column} names one row.",
    "accepted_values": "{table}.{column} is one of its known words.",
    "relationships": "{table}.{column} is found in {to}.",
    "unique_combination": "{columns} together name one row of {table}.",
}
"""By kind of test, what holds when it passes."""


def dbt_outcomes(home: Home) -> tuple[list[str], list[CheckOutcome]]:
    """The expected dbt tests and how the last build's tests ended.

    Every test of the manifest must have a result; a model that failed is a check of its own.
    """
    tests = dbt_tests(home.dbt_target / "manifest.json")
    found = json.loads((home.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    results = {result["unique_id"]: result for result in found}
    samples = _samples(home, tests, results)
    outcomes = [_outcome(name, node, results.get(name), samples.get(name, ())) for name, node in sorted(tests.items())]
    outcomes += [
        _not_built(unique_id, result)
        for unique_id, result in sorted(results.items())
        if unique_id not in tests and result["status"] not in ("success", "pass")
    ]
    return [outcome.check for outcome in outcomes], outcomes


def _not_built(unique_id: str, result: Mapping[str, Any]) -> CheckOutcome:
    name = unique_id.rsplit(".", maxsplit=1)[-1]
    return CheckOutcome(
        check=f"dbt:{unique_id}",
        tool="dbt",
        table=name,
        severity="error",
        outcome="broken",
        sentence=f"{name} was not built: {result.get('message') or result['status']}",
        what_to_do="Read the log of the transform step; mend the model or its input and run again.",
    )


def _outcome(unique_id: str, node: Mapping[str, Any], result: Mapping[str, Any] | None, sample: Sample) -> CheckOutcome:
    outcome = _ended("not_run" if result is None else str(result["status"]))
    sentence = sentence_of(node)
    if outcome == "failed" and result is not None:
        rows = result.get("failures") or 0
        sentence = f"{sentence} {rows:,} {'row is' if rows == 1 else 'rows are'} against it."
    elif outcome != "passed":
        sentence = f"{sentence} The test did not run to its end: {(result or {}).get('message') or outcome}"
    return CheckOutcome(
        check=f"dbt:{unique_id}",
        tool="dbt",
        table=table_of(node),
        severity="warn" if str(node["config"]["severity"]).lower() == "warn" else "error",
        outcome=outcome,
        sentence=sentence,
        what_to_do=what_to_do(node),
        sample=sample,
    )


def _ended(status: str) -> Literal["passed", "failed", "broken", "not_run"]:
    match status:
        case "pass" | "success":
            return "passed"
        case "fail" | "warn":
            return "failed"
        case "not_run" | "skipped":
            return "not_run"
        case _:
            return "broken"


def table_of(node: Mapping[str, Any]) -> str:
    """The model that a test is about."""
    named = node.get("attached_node") or node["config"]["meta"].get("dagster", {}).get("ref", {}).get("name")
    return str(named or node["name"]).split(".")[-1]


def sentence_of(node: Mapping[str, Any]) -> str:
    """What holds when the test passes."""
    about = node.get("test_metadata")
    if not about or about["name"] not in _SENTENCES:
        return str(node["description"] or node["name"])
    arguments = about["kwargs"]
    return _SENTENCES[about["name"]].format(
        table=table_of(node),
        column=node.get("column_name"),
        columns=", ".join(arguments.get("columns", ())),
        to=str(arguments.get("to", "")).partition("'")[2].partition("'")[0],
    )


def what_to_do(node: Mapping[str, Any]) -> str:
    """The first step of who finds the test red."""
    table = table_of(node)
    return str(
        node["config"]["meta"].get("what_to_do")
        or f"Select the sample's rows from {table}; mend the model {table} or what it reads, and transform again."
    )


def _samples(
    home: Home, tests: Mapping[str, Mapping[str, Any]], results: Mapping[str, Mapping[str, Any]]
) -> dict[str, Sample]:
    """Of each failed test a few of the rows it found; the warehouse is opened only where one failed."""
    failed = [name for name in tests if name in results and _ended(str(results[name]["status"])) == "failed"]
    if not failed:
        return {}
    connection = connect_warehouse(home, read_only=True)
    try:
        return {name: _sample(connection, tests[name], str(results[name]["compiled_code"])) for name in failed}
    finally:
        connection.close()


def _sample(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any], compiled: str) -> Sample:
    """Rows that a test finds now; of a row without a value its first columns are shown."""
    about = node.get("test_metadata")
    if about and about["name"] == "not_null":
        compiled = compiled.replace(f"select {node['column_name']}", "select *", 1)
    found = connection.execute(f"from ({compiled}) limit {MAX_SAMPLE}")
    names = [column[0] for column in found.description or ()][:MAX_COLUMNS]
    return tuple({name: _text(value) for name, value in zip(names, row, strict=False)} for row in found.fetchall())


def _text(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:MAX_CELL_CHARS]
