"""The expectations of the raw border on one document, asked before a person's words become part of it.

The audit would refuse the edition for the same, too late for who stated it. Asked without Great Expectations, whose
import takes over ten seconds. Does not belong here: what holds, which stands in `suites/raw_documents.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import duckdb

from quality.checks import Check
from quality.suites.raw_documents import SUITES


@dataclass(frozen=True)
class Fault:
    """An expectation that a document does not meet."""

    is_error: bool
    """Whether it would refuse the edition; else it would warn."""
    said: str


def faults_of(document: str, struct: str, as_of: date) -> dict[str, Fault]:
    """By the ids of the checks, what is wrong with a document: JSON that becomes the struct of the raw table."""
    found: dict[str, Fault] = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; create schema raw")
        connection.execute(
            f"""
            create table raw.decided_parses as
            select unnest(said), 1 as version_no from (select $document::json::{struct} as said)
            """,  # noqa: S608  types of our own columns
            {"document": document},
        )
        for suite in SUITES:
            rows = _rows(connection, suite.query)
            for check in suite.build(as_of):
                unexpected = [row for row in rows if not holds(check, row)]
                if unexpected:
                    got = repr(unexpected[0].get(check.column or "", ""))[:80]
                    said = f"{check.column}: expected what the audit asks for ({check.sentence}), got {got}"
                    found[f"{suite.name}.{check.name}"] = Fault(check.severity == "critical", said)
    return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def holds(check: Check, row: Mapping[str, Any]) -> bool:
    """Whether a row meets a check; what is missing meets all but that something is there.

    Raises ValueError for an expectation that is not known here.
    """
    said: Mapping[str, Any] = check.kwargs
    value = row.get(said.get("column", ""))
    match check.expectation:
        case "expect_table_row_count_to_be_between":
            return True
        case "expect_column_values_to_not_be_null":
            return value is not None
        case "expect_column_pair_values_a_to_be_greater_than_b":
            high, low = row[said["column_A"]], row[said["column_B"]]
            return high is None or low is None or bool(high >= low)
        case "expect_column_values_to_match_regex":
            return value is None or re.search(said["regex"], value) is not None
        case "expect_column_values_to_not_match_regex":
            return value is None or re.search(said["regex"], value) is None
        case "expect_column_values_to_be_in_set":
            return value is None or value in said["value_set"]
        case "expect_column_values_to_be_between":
            return value is None or _is_between(value, said)
        case "expect_column_value_lengths_to_be_between":
            return value is None or _is_between(len(value), said)
        case unknown:
            raise ValueError(f"expected an expectation that one document can be held against, got {unknown}; add it")


def _is_between(value: Any, said: Mapping[str, Any]) -> bool:
    found = datetime.combine(value, time()) if isinstance(value, date) else value
    least, most = said["min_value"], said["max_value"]
    return (least is None or found >= least) and (most is None or found <= most)
