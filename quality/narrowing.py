"""Which rows of a large table Great Expectations has to see: all but those that DuckDB knows to be sound.

Belongs here: SQL for "this row surely meets that check". It may doubt a sound row and never trusts a bad one, so what
is left out could only have passed, and the verdict stays with Great Expectations. Its regular expressions are Python's,
those of DuckDB are RE2's: they read plain ASCII alike, any other text is doubted.

Does not belong here: what holds (`quality.suites`), or how a table is read and judged (`quality.runner`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quality.checks import Check

_OPTIONS = {
    *("column", "column_A", "column_B", "min_value", "max_value"),
    *("or_equal", "ignore_row_if", "regex", "value_set"),
}
_PLAIN = r"\A[\x20-\x7e]*\z"


def doubtful(checks: Iterable[Check]) -> str:
    """SQL for: may a row fail one of the checks?

    Raises ValueError for an expectation, or an option of one, that is not known here.
    """
    return f"({' and '.join(f'({_is_sound(check)})' for check in checks)}) is not true"


def _is_sound(check: Check) -> str:
    said: Mapping[str, Any] = check.kwargs
    name = f'"{said.get("column")}"'
    if strangers := sorted(set(said) - _OPTIONS):
        raise ValueError(
            f"{check.name}: expected options that SQL can be narrowed by, got {', '.join(strangers)}; add it"
        )
    match check.expectation:
        case "expect_table_row_count_to_be_between":
            return "true"
        case "expect_column_values_to_not_be_null":
            return f"{name} is not null"
        case "expect_column_pair_values_a_to_be_greater_than_b":
            high, low = said["column_A"], said["column_B"]
            return f'"{high}" is null or "{low}" is null or "{high}" >= "{low}"'
        case "expect_column_values_to_match_regex":
            pattern = _text(said["regex"].replace(r"\Z", r"\z"))
            return f"{name} is null or (regexp_matches({name}, {_text(_PLAIN)}) and regexp_matches({name}, {pattern}))"
        case "expect_column_values_to_not_match_regex":
            return f"{name} is null or not regexp_matches({name}, {_text(said['regex'])})"
        case "expect_column_values_to_be_in_set":
            return f"{name} is null or {name} in ({', '.join(map(_literal, said['value_set']))})"
        case "expect_column_values_to_be_between":
            return f"{name} is null or ({_between(name, said)})"
        case "expect_column_value_lengths_to_be_between":
            return f"{name} is null or ({_between(f'length({name})', said)})"
        case unknown:
            raise ValueError(f"expected an expectation that SQL can be narrowed by, got {unknown}; add it")


def _between(value: str, said: Mapping[str, Any]) -> str:
    bounds = (("min_value", ">="), ("max_value", "<="))
    return " and ".join(f"{value} {sign} {_literal(said[end])}" for end, sign in bounds if said[end] is not None)


def _literal(value: object) -> str:
    match value:
        case str():
            return _text(value)
        case date():
            return f"timestamp '{value}'"
        case _:
            return str(value)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
