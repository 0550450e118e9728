"""The scaffold of a source is whole, is refused until it is finished, and overwrites nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scrapers.registry import SOURCES_DIR, load_source
from tests.new_source import FILL_IN, PLACES, new_source

SLUG = "zz_scaffold"
URL = "https://gazette.example/api"


def test_it_writes_each_file_once(tmp_path: Path) -> None:
    written = new_source(SLUG, URL, tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in written} == {p.format(slug=SLUG) for p in PLACES.values()}
    with pytest.raises(FileExistsError, match="finish or delete"):
        new_source(SLUG, URL, tmp_path)


def test_what_is_written_is_a_contract_and_code_that_lint_takes(tmp_path: Path) -> None:
    written = new_source(SLUG, URL, tmp_path)
    contract = next(path for path in written if path.suffix == ".yml")
    assert load_source(contract).hosts == ("https://gazette.example",)
    code = [str(path) for path in written if path.suffix == ".py"]
    ruff = Path(sys.executable).with_name("ruff")
    for task in (["check", "--isolated"], ["format", "--check", "--line-length", "120"]):
        done = subprocess.run([ruff, *task, *code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    assert all(FILL_IN in path.read_text(encoding="utf-8") for path in written)


@pytest.mark.parametrize(("slug", "url"), [("Nist", URL), ("nist", URL), (SLUG, "http://a.example"), (SLUG, "x")])
def test_wrong_usage_is_told(slug: str, url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected"):
        new_source(slug, url, tmp_path)
    assert not any(tmp_path.iterdir())


def test_no_source_is_left_unfinished() -> None:
    project = SOURCES_DIR.parents[1]
    for place in PLACES.values():
        folder, _, _ = place.partition("{slug}")
        for path in (project / folder).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yml", ".md"):
                assert FILL_IN not in path.read_text(encoding="utf-8"), f"{path.relative_to(project)} is unfinished"
