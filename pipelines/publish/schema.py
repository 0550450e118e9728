"""The published schema as a contract: its version, and what a difference from the last release asks for.

The rule: a new table or column is a minor version; a table or column that goes, changes its type or its name is a major
one. Each difference stands in `docs/schema-changelog.md`. A test holds both against `released_schema.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import orjson

SCHEMA_VERSION = "1.1.0"

Schema = Mapping[str, Mapping[str, str]]
"""Types of columns by table and column."""


@dataclass(frozen=True)
class SchemaChange:
    """One difference between two published schemas; `place` is ``table`` or ``table.column``."""

    place: str
    what: str
    """added, removed or changed"""

    @property
    def is_breaking(self) -> bool:
        """Whether a query that worked may fail or mean something else."""
        return self.what != "added"


def released_schema() -> tuple[str, Schema]:
    """The version and the schema of the last release."""
    release = orjson.loads(files("pipelines.publish").joinpath("released_schema.json").read_bytes())
    return release["version"], release["tables"]


def schema_changes(released: Schema, present: Schema) -> list[SchemaChange]:
    """What was added, removed or changed since the release, by place."""
    places = {
        **{place: _difference(place in released, place in present) for place in {*released, *present}},
        **_column_changes(released, present),
    }
    return [SchemaChange(place, what) for place, what in sorted(places.items()) if what]


def _column_changes(released: Schema, present: Schema) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    for table in sorted({*released} & {*present}):
        before, after = released[table], present[table]
        for column in {*before, *after}:
            what = _difference(column in before, column in after)
            changes[f"{table}.{column}"] = what or (None if before[column] == after[column] else "changed")
    return changes


def _difference(was: bool, is_now: bool) -> str | None:
    if was == is_now:
        return None
    return "added" if is_now else "removed"


def version_demanded(released: str, changes: list[SchemaChange]) -> str:
    """The lowest version that the changes allow after a released one."""
    major, minor, _ = (int(part) for part in released.split("."))
    if any(change.is_breaking for change in changes):
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if changes else released
