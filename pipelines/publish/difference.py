"""What one edition says otherwise than another: rows added, changed with both values, renamed, removed.

Belongs here: comparing tables by the keys that the editions' data packages name, and the lines of a comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.publish.datapackage import keys_of
from pipelines.publish.stage import BOOKKEEPING
from pipelines.warehouse import connect

_PROVENANCE = ("evidence_id", "leading_evidence_id", "other_evidence_id")
"""Ids of evidence move with every parse; what they lead to is compared in the table `evidence`."""

_BOOKKEEPING = (
    "first_seen_at", "known_from", "known_until", "fetched_at", "quarantined_at", "crawl_id", "warc_file",
    "warc_offset", "parser_version",
)  # fmt: skip
"""When and in which crawl we saw something and what read it is no difference in what is said."""

_ABOUT = (
    ("policy_id", "policies", "policy_id"),
    ("from_policy_id", "policies", "policy_id"),
    ("to_policy_id", "policies", "policy_id"),
    ("document_id", "documents", "document_id"),
)
"""Columns that name what a row is about, with the table that has its title and that table's key."""

_SHOWN_CHARS = 120


@dataclass(frozen=True)
class RowChange:
    """One row that only one edition has, or that both have with other values."""

    table: str
    key: Mapping[str, Any]
    what: str
    """added, changed, renamed (a policy whose former id is an alias now) or removed"""
    title: str | None
    """Of the row, or of the policy or document it is about."""
    fields: Mapping[str, tuple[Any, Any]]
    """Values before and after, of a row that both have."""


def compared_tables(before: Path, after: Path) -> list[str]:
    """Content tables that both editions hold and that have a key in both."""
    shared = keys_of(before).keys() & keys_of(after).keys()
    return sorted(name for name in shared if name not in BOOKKEEPING)


def row_changes(before: Path, after: Path, tables: Sequence[str]) -> Iterator[RowChange]:
    """Differences of the tables between two editions' folders, by table and key.

    Raises FileNotFoundError for an edition without data package, LookupError for a table without key in one of them.
    """
    keys = keys_of(after)
    if unknown := sorted(set(tables) - set(compared_tables(before, after))):
        raise LookupError(f"expected tables that both editions hold, got {', '.join(unknown)}")
    connection = connect(Path(":memory:"), read_only=False)
    try:
        for name, folder in (("before", before), ("after", after)):
            path = str(folder / "policy.duckdb").replace("'", "''")
            connection.execute(f"attach '{path}' as {name}_edition (read_only)")
        for table in tables:
            yield from _changes(connection, table, keys[table])
    finally:
        connection.close()


def _changes(connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str]) -> Iterator[RowChange]:
    was, now = _columns(connection, "before_edition", table), _columns(connection, "after_edition", table)
    compared = [name for name in now if name in was and name not in key and name not in (*_PROVENANCE, *_BOOKKEEPING)]
    match = " and ".join(f'b."{name}" is not distinct from a."{name}"' for name in key)
    order = ", ".join(f'coalesce(a."{name}", b."{name}")' for name in key)
    differs = " or ".join(f'b."{name}" is distinct from a."{name}"' for name in compared) or "false"
    former = "policy_id" if "policy_id" in key else "null"
    renamed = "b.former_id is distinct from b.policy_id" if "policy_id" in key else "false"
    answer = connection.execute(
        f"""
        select a as now, b as was
        from ({_rows(connection, "after_edition", table)}) as a
        full join (
            select * {_under_present_ids(connection, key)} from (
                select *, {former} as former_id from ({_rows(connection, "before_edition", table)})
            )
        ) as b on {match}
        where a.here is null or b.here is null or {differs} or {renamed}
        order by {order}
        """
    )
    while row := answer.fetchone():
        after_row, before_row = (None if side is None or side["here"] is None else side for side in row)
        yield _change(table, key, compared, before_row, after_row)


def _rows(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> str:
    """A query for the rows of a table, each with the title by which a reader knows it."""
    columns = _columns(connection, database, table)
    titles = [f"rows.{name}" for name in ("title", "name") if name in columns]
    titles += [
        f"(select any_value(title) from {database}.main.{about} as about where about.{key} = rows.{name})"
        for name, about, key in _ABOUT
        if name in columns and about != table and {key, "title"} <= set(_columns(connection, database, about))
    ]
    known_as = f"coalesce({', '.join(['null', *titles])}) as known_as"
    return f'select true as here, {known_as}, * from {database}.main."{table}" as rows'


def _under_present_ids(connection: duckdb.DuckDBPyConnection, key: Sequence[str]) -> str:
    """Rows of a policy whose id is an alias now stand under the present one, so that a new name is no new policy."""
    if "policy_id" not in key or "alias" not in _columns(connection, "after_edition", "policy_aliases"):
        return ""
    present = "select any_value(names.policy_id) from after_edition.main.policy_aliases as names"
    return f"replace (coalesce(({present} where names.alias = former_id), policy_id) as policy_id)"


def _change(
    table: str,
    key: Sequence[str],
    compared: Sequence[str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> RowChange:
    if before is None or after is None:
        here = before or after or {}
        named = {name: here[name] for name in key}
        if before and "policy_id" in key:
            named["policy_id"] = before["former_id"]
        return RowChange(table, named, "added" if after else "removed", here["known_as"], {})
    fields = {name: (before[name], after[name]) for name in compared if before[name] != after[name]}
    what = "changed"
    if "policy_id" in key and before["former_id"] != before["policy_id"]:
        what, fields = "renamed", {"policy_id": (before["former_id"], after["policy_id"]), **fields}
    return RowChange(table, {name: after[name] for name in key}, what, after["known_as"], fields)


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ? order by column_index",
        [database, table],
    ).fetchall()
    return [row[0] for row in rows]


def lines_of(changes: Iterable[RowChange], *, as_json: bool) -> Iterator[str]:
    """The changes as lines for a terminal, with a count by table at the end; or one JSON object a change."""
    counts: Counter[tuple[str, str]] = Counter()
    for change in changes:
        counts[change.table, change.what] += 1
        if as_json:
            yield orjson.dumps(vars(change), default=str).decode()
            continue
        known_as = f"  {_short(change.title)}" if change.title else ""
        yield f"{change.table} {change.what} {' '.join(str(value) for value in change.key.values())}{known_as}"
        for name, (before, after) in change.fields.items():
            yield f"    {name}: {_short(before)} -> {_short(after)}"
    if not as_json:
        yield from (f"{table}: {number:,} {what}" for (table, what), number in sorted(counts.items()))
        if not counts:
            yield "no difference"


def _short(value: Any) -> str:
    text = "nothing" if value is None else " ".join(str(value).split())
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
