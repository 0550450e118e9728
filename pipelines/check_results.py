"""Results of asset checks as a person reads them: a sentence, failing rows, and what to do.

Belongs here: the one way in which our checks tell how they ended. Does not belong here: what is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

MAX_SAMPLE = 5
MAX_CELL_CHARS = 200
MAX_TOLD = 2_000
Value = dg.MetadataValue[Any] | str | int | float | bool


def check_result(
    asset: dg.AssetKey,
    name: str,
    *,
    passed: bool,
    sentence: str,
    what_to_do: str,
    sample: Iterable[Mapping[str, object]] = (),
    warns: bool = False,
    metadata: Mapping[str, Value] | None = None,
) -> dg.AssetCheckResult:
    """How a check ended: `sentence` says what was found, `sample` shows rows that failed, `warns` is a failure of WARN.

    Raises ValueError where a person would learn nothing: without a sentence, or of a failed check without a sample.
    """
    rows = list(sample)[:MAX_SAMPLE]
    if not sentence or not what_to_do or not (passed or rows):
        raise ValueError(
            f"{asset.to_user_string()}:{name}: expected a sentence, what to do and, of a failure, a sample; got "
            f"{sentence!r}, {what_to_do!r} and {len(rows)} rows"
        )
    told: dict[str, Value] = {**(metadata or {}), "what_to_do": what_to_do}
    if rows and not passed:
        told["sample"] = table(rows)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
        description=sentence[:MAX_TOLD],
        metadata=told,
    )


def table(rows: Sequence[Mapping[str, object]]) -> dg.TableMetadataValue:
    """Rows as a table of the UI, in texts cut to a width that can be read; a row need not have every column."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return dg.MetadataValue.table(
        records=[dg.TableRecord({name: cell(row.get(name)) for name in columns}) for row in rows],
        schema=dg.TableSchema([dg.TableColumn(name) for name in columns]),
    )


def cell(value: object) -> str:
    """A value as text on one line; null is told apart from an empty text."""
    text = "null" if value is None else " ".join(str(value).split())
    return text if len(text) <= MAX_CELL_CHARS else f"{text[: MAX_CELL_CHARS - 1]}…"


def sentences(texts: Sequence[str], otherwise: str) -> str:
    """The first few sentences and how many more there are."""
    more = f"; and {len(texts) - MAX_SAMPLE:,} more" if len(texts) > MAX_SAMPLE else ""
    return "; ".join(texts[:MAX_SAMPLE]) + more or otherwise


def rows_of(name: str, values: Iterable[object]) -> list[dict[str, object]]:
    """One column of values as rows."""
    return [{name: value} for value in values]
