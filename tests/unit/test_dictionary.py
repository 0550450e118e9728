"""The generated pages are up to date, and name every published column, macro, word and source."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines import sources_page
from pipelines.dictionary import DBT, PAGE, dictionary, main, read_manifest
from scrapers.registry import sources


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest()


def test_the_committed_page_is_up_to_date(manifest: dict[str, Any]) -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(manifest), "run: make docs"


def test_every_column_has_a_type_and_a_meaning(manifest: dict[str, Any]) -> None:
    text = dictionary(manifest)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] == "marts":
            assert f"\n### {node['name']}\n" in text
            for name, column in node["columns"].items():
                assert f"\n| `{name}` | {column['data_type']} | {column['description'].strip()[:20]}" in text


def test_macros_come_with_the_columns_they_answer(manifest: dict[str, Any]) -> None:
    section = dictionary(manifest).split("\n### policy_status_as_of\n")[1].split("\n## ")[0]
    assert "| `by_policy_id` | varchar | The policy that brought" in section
    assert "| `since` | date | First day of that status. |" in section
    assert "Jinja" not in section


def test_vocabularies_are_listed_whole(manifest: dict[str, Any]) -> None:
    section = dictionary(manifest).split("\n### status\n")[1].split("\n###")[0]
    words = [line.split(",")[0] for line in (DBT / "seeds/status.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert all(f"\n| `{word}` |" in section for word in words)


def test_a_changed_description_changes_the_page(manifest: dict[str, Any]) -> None:
    changed = copy.deepcopy(manifest)
    changed["nodes"]["model.aipolicy.policies"]["columns"]["title"]["description"] = "Its | name"
    assert "| `title` | varchar | Its \\| name |" in dictionary(changed)


def test_a_test_that_only_warns_says_so(manifest: dict[str, Any]) -> None:
    changed = copy.deepcopy(manifest)
    for node in changed["nodes"].values():
        if node["resource_type"] == "test":
            node["config"]["severity"] = "warn"
    text = dictionary(changed)
    assert "not null (warns)" in text
    assert "stops the publication" not in text


def test_without_a_manifest_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make install"):
        read_manifest(tmp_path / "manifest.json")


def test_the_module_writes_the_page(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8").startswith("# Data dictionary\n")


def test_the_committed_page_of_sources_is_up_to_date() -> None:
    assert sources_page.PAGE.read_text(encoding="utf-8") == sources_page.sources_page(), "run: make docs"


def test_the_page_of_sources_says_how_each_was_verified(tmp_path: Path) -> None:
    assert sources_page.main(["--out", str(tmp_path / "page.md")]) == 0
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    for slug, config in sources().items():
        assert re.search(rf"\| \[`{slug}`\].*\| {config.verified} \|", text)
        assert f"\n## {slug}\n" in text
