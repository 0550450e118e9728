"""The walk-through of docs/adding-a-source.md, done: its files written into a copy of the project, its commands run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scrapers.contracts import CrawlLedger, LandedRecord
from tests.unit.markdown_blocks import ROOT, Block, blocks_of

PAGE = ROOT / "docs" / "adding-a-source.md"
SLUG = "zz_gazette"
COPIED = ("scrapers", "pipelines", "dbt/seeds", "tests/contract", "tests/faults")
FILES = ("pyproject.toml", "tests/__init__.py", "tests/accept.py", "tests/conftest.py")
SECONDS = 120
BLOCKS = blocks_of(PAGE)
COMMANDS = [block for block in BLOCKS if block.language == "bash" and "server" not in block.marks]

pytestmark = pytest.mark.xdist_group("docs")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the files of the page in it."""
    copy = tmp_path_factory.mktemp("project")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for block in BLOCKS:
        if block.file is not None:
            assert not (copy / block.file).exists(), f"{block.file} is no new file"
            (copy / block.file).parent.mkdir(parents=True, exist_ok=True)
            (copy / block.file).write_text(block.text, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def done(project: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every command of the page, in its order, with its outcome."""
    with serving(project) as where:
        return {str(block): run(block, project, where) for block in COMMANDS}


@contextmanager
def serving(project: Path) -> Iterator[dict[str, str]]:
    """The page's server on free ports; host -> address."""
    (served,) = (block for block in BLOCKS if "server" in block.marks)
    command = translated(served.text).replace("8801", "0").split()
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


def translated(text: str) -> str:
    """A command that runs the copy, not the installed project."""
    return re.sub(
        r"\.venv/bin/(\w+)",
        lambda match: sys.executable + (" -m pipelines.cli" if match[1] == "aipolicy" else ""),
        text,
    )


def run(block: Block, project: Path, where: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = re.sub(r"=http://127\.0\.0\.1:\d+", f"={where['gazette.example']}", translated(block.text))
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=project,
        env={name: value for name, value in os.environ.items() if not name.startswith(("AIPOLICY", "PYTEST"))},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("block", COMMANDS, ids=str)
def test_the_command_ends_as_the_page_says(block: Block, done: dict[str, subprocess.CompletedProcess[str]]) -> None:
    outcome = done[str(block)]
    assert (outcome.returncode != 0) == ("fails" in block.marks), outcome.stdout + outcome.stderr


def test_the_page_tells_what_is_read(project: Path, done: dict[str, subprocess.CompletedProcess[str]]) -> None:
    folder = project / "tests" / "fixtures" / SLUG
    week = json.loads((folder / "a_week_with_one_unreadable_day.expected.json").read_text(encoding="utf-8"))
    assert [document["document_id"] for document in week["documents"]] == ["zz-gazette:2026-17", "zz-gazette:2026-18"]
    assert week["documents"][1]["unread_fields"] == ["island"]
    assert week["rejected"] == [{"where": "/notices/2", "error": "UnknownShape"}]
    refused = json.loads((folder / "error_in_an_answer.expected.json").read_text(encoding="utf-8"))
    assert refused == {"refused": "UpstreamError"}
    parsed = next(outcome for outcome in done.values() if "/notices/2: UnknownShape" in outcome.stderr)
    assert [json.loads(line)["native_id"] for line in parsed.stdout.splitlines()] == ["2026-17", "2026-18"]


def test_the_crawl_is_good_and_leaves_what_the_page_says(
    project: Path, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    assert any(outcome.stdout.startswith(f"{SLUG}: good, 3 documents, ") for outcome in done.values())
    state = project / ".aipolicy"
    (account,) = (state / "archive" / SLUG).glob("*.ledger.json")
    ledger = CrawlLedger.model_validate_json(account.read_bytes())
    assert (ledger.is_good, ledger.official_total, ledger.found_total) == (True, 3, 3)
    assert (account.parent / ledger.archive.name).stat().st_size == ledger.archive.bytes
    lines = (state / "landing" / SLUG / ledger.landing.name).read_text(encoding="utf-8").splitlines()
    landed = [LandedRecord.model_validate_json(line).document for line in lines]
    assert [document.native_id for document in landed if document] == ["2026-17", "2026-18", "2026-19"]


def test_the_code_shown_is_as_the_project_wants_it(project: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    files = [str(block.file) for block in BLOCKS if block.file and block.file.endswith(".py")]
    for task in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *task, *files], cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_nothing_else_is_edited() -> None:
    shown = {block.file for block in BLOCKS if block.file}
    assert shown == {
        f"scrapers/sources/{SLUG}.yml",
        f"scrapers/spiders/{SLUG}.py",
        f"tests/fixtures/{SLUG}/a_week_with_one_unreadable_day.json",
        f"tests/fixtures/{SLUG}/error_in_an_answer.json",
        f"scrapers/samples/{SLUG}/__init__.py",
    }
