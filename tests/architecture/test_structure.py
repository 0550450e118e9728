"""The layout keeps its promises: one slug rules, imports point one way, nothing shadows dbt."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scrapers.registry import sources
from scrapers.samples.discover import sample_slugs

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("slug", list(sources()))
def test_a_source__is_four_things_by_one_slug(slug: str) -> None:
    assert (ROOT / "scrapers" / "sources" / f"{slug}.yml").is_file()
    assert (ROOT / "scrapers" / "spiders" / f"{slug}.py").is_file()
    assert any((ROOT / "tests" / "fixtures" / slug).glob("*.expected.json"))
    assert (ROOT / "scrapers" / "samples" / slug / "__init__.py").is_file()


def test_every_spider__has_a_contract() -> None:
    spiders = {path.stem for path in (ROOT / "scrapers" / "spiders").glob("*.py")} - {"__init__"}
    assert spiders == set(sources())


def test_every_sample_source__has_a_contract() -> None:
    assert set(sample_slugs()) == set(sources())


def test_imports__point_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_python_package_below_dbt__shadows_the_installed_one() -> None:
    assert not list((ROOT / "dbt").rglob("__init__.py"))


def test_every_raw_table__has_a_grain_sentence() -> None:
    text = (ROOT / "pipelines" / "warehouse.sql").read_text(encoding="utf-8")
    tables = re.findall(r"(--[^\n]*\n)create table if not exists (\S+)", text)
    assert len(tables) == text.count("create table if not exists")
    assert all(comment.startswith("-- One row") for comment, _ in tables)


def test_the_lock__carries_hashes_and_no_addresses() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE)
    assert len(pins) > 100
    assert text.count("--hash=sha256:") >= len(pins)
