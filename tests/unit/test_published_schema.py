"""The published schema is a contract: what differs from the last release is told, and numbered by the rule."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipelines.dictionary import MANIFEST
from pipelines.publish.schema import SCHEMA_VERSION, Schema, released_schema, schema_changes, version_demanded

CHANGELOG = Path(__file__).parents[2] / "docs" / "schema-changelog.md"

BOOKS = {"books": {"book_id": "varchar", "pages": "bigint"}}


def present_schema() -> Schema:
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    marts = [node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"]
    return {
        mart["name"]: {name: str(column["data_type"]).lower() for name, column in mart["columns"].items()}
        for mart in marts
    }


@pytest.mark.parametrize(
    ("present", "places", "demanded"),
    [
        (BOOKS, [], "1.2.0"),
        ({"books": {**BOOKS["books"], "isbn": "varchar"}}, [("books.isbn", "added")], "1.3.0"),
        ({**BOOKS, "loans": {"day": "date"}}, [("loans", "added")], "1.3.0"),
        ({"books": {"book_id": "varchar"}}, [("books.pages", "removed")], "2.0.0"),
        ({"books": {"book_id": "varchar", "pages": "varchar"}}, [("books.pages", "changed")], "2.0.0"),
        ({}, [("books", "removed")], "2.0.0"),
    ],
)
def test_a_difference__has_its_place_and_its_version(
    present: Schema, places: list[tuple[str, str]], demanded: str
) -> None:
    changes = schema_changes(BOOKS, present)
    assert [(change.place, change.what) for change in changes] == places
    assert version_demanded("1.2.0", changes) == demanded


def test_the_schema__is_the_released_one_or_numbered_higher_by_the_rule() -> None:
    version, released = released_schema()
    changes = schema_changes(released, present_schema())
    assert version_demanded(version, changes) == SCHEMA_VERSION, [f"{change.what} {change.place}" for change in changes]


def test_every_difference__stands_in_the_changelog() -> None:
    _, released = released_schema()
    page = CHANGELOG.read_text(encoding="utf-8")
    section = page.split(f"\n## {SCHEMA_VERSION}")[1].split("\n## ")[0]
    told = set(re.findall(r"`([\w.]+)`", section))
    missing = [change.place for change in schema_changes(released, present_schema()) if change.place not in told]
    assert not missing, f"say in {CHANGELOG.name} under {SCHEMA_VERSION} what became of them"
