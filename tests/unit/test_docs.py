"""What the pages say is so: commands run, queries answer, links lead somewhere, lists are complete."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import duckdb
import pytest

from docs import screenshots
from pipelines.cli import main as command
from pipelines.digest import build_digest
from pipelines.home import Home
from pipelines.publish.edition import current_edition
from pipelines.query import open_edition
from pipelines.report import RESULT_QUERY
from tests.sample_edition import publish_samples
from tests.unit.edition_fixture import make_edition
from tests.unit.markdown_blocks import PAGES, ROOT, Block, anchors_of, blocks, blocks_of, links_of, table_cells

pytestmark = pytest.mark.xdist_group("docs")

README = ROOT / "README.md"
MARKS = {"network", "slow", "fails", "server", "labels", "lake"}
WALK_THROUGH = "adding-a-source.md"
"""Its blocks belong together and are run by test_adding_a_source.py."""
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
PROJECT_PATH = re.compile(r"`((?:scrapers|pipelines|quality|dbt|tests|docs)/[\w./-]*)`")
SECONDS = 300

BASH = blocks("bash")
RUNNABLE = [
    block
    for block in BASH
    if block.page.name != WALK_THROUGH and not block.marks & {"network", "slow", "server", "lake"}
]
SERVERS = [block for block in BASH if block.page.name != WALK_THROUGH and "server" in block.marks]
SQL = blocks("sql")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("docs"))
    publish_samples(home)
    return home


def commands(block: Block) -> list[str]:
    """The lines of a block that are not make's."""
    return [line for line in block.text.splitlines() if line and not line.startswith("make ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links_of(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}, which does not exist"
        assert not anchor or anchor in anchors_of(target), f"{page.name} links to {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_exist(page: Path) -> None:
    shown = {block.file for block in blocks_of(page)}
    named = set(PROJECT_PATH.findall(page.read_text(encoding="utf-8")))
    missing = sorted(path for path in named - shown if "zz_" not in path and not (ROOT / path).exists())
    assert not missing, f"{page.name} names paths that do not exist"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.M))
    assert named <= TARGETS, f"{page.name} names targets that the Makefile does not hold"


@pytest.mark.parametrize("block", BASH, ids=str)
def test_marks_are_known_and_the_shell_can_read_the_block(block: Block) -> None:
    assert block.marks <= MARKS
    done = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_help_lists_every_target() -> None:
    command = ["make", "--no-print-directory", "help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[0] for line in done.stdout.splitlines()} == TARGETS


@pytest.mark.parametrize("block", [block for block in RUNNABLE if commands(block)], ids=str)
def test_commands_run(block: Block, home: Home, tmp_path: Path) -> None:
    shared = Path(os.environ.get("AIPOLICY_SHARED") or ROOT.parent / "shared")
    if "labels" in block.marks and not (shared / "labels").is_dir():
        pytest.skip("the label files are not here: expected ../shared/labels or AIPOLICY_SHARED")
    script = "\n".join(commands(block)).replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "AIPOLICY_HOME": str(home.root), "AIPOLICY_SHARED": str(shared)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode != 0) == ("fails" in block.marks), done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == [], "the block left files in the working directory"


@pytest.mark.parametrize("block", SERVERS, ids=str)
def test_servers_serve(block: Block, home: Home) -> None:
    command = block.text.split()
    command[0] = str(Path(sys.executable).with_name(Path(command[0]).name))
    command[command.index("--port") + 1] = "0"
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "AIPOLICY_HOME": str(home.root)}
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[0]
        with urllib.request.urlopen(f"{address}search?q=cloud") as answer:
            assert b"<mark>" in answer.read()
        server.send_signal(signal.SIGINT)
    assert server.returncode == 0


@pytest.mark.parametrize("block", SQL, ids=str)
def test_queries_answer(block: Block, home: Home) -> None:
    with open_edition(home) as connection:
        answer = connection.sql(block.text)
        rows = answer.fetchall()
        full = [name for number, name in enumerate(answer.columns) if all(row[number] is not None for row in rows)]
    assert rows, f"{block} finds nothing in the sample data"
    if "payload_sha256" in answer.columns:
        assert full == answer.columns, "a fact without its quote, bytes or address"


def test_every_promise__names_tests_that_exist() -> None:
    promises = [line for line in (ROOT / "docs/promises.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    held = [line for line in promises if not line.startswith(("| Promise", "| ---"))]
    assert all("::test_" in line for line in held), "a promise that no test holds"
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", "\n".join(held)):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no test {name}"


UNCOMMENTED = """
    select 'table ' || table_name as what from duckdb_tables() where coalesce(comment, '') = ''
    union all
    select 'column ' || table_name || '.' || column_name from duckdb_columns()
    where not internal and coalesce(comment, '') = ''
    union all
    select 'macro ' || function_name from duckdb_functions()
    where not internal and function_type in ('macro', 'table_macro') and coalesce(comment, '') = ''
"""


def test_every_table_column_and_macro_of_an_edition_has_a_comment(home: Home) -> None:
    database = str(current_edition(home) / "policy.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute(UNCOMMENTED).fetchall() == []
        macros = connection.execute(
            "select function_name from duckdb_functions() where not internal order by 1"
        ).fetchall()
    assert [name for (name,) in macros] == [
        "deadlines_as_of", "obligations_as_of", "policy_status_as_of", "search_documents",
    ]  # fmt: skip


def test_a_thing_without_a_comment_would_be_found() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (c int); create macro m() as table (select 1)")
        assert {what for (what,) in connection.execute(UNCOMMENTED).fetchall()} == {"table t", "column t.c", "macro m"}


def test_the_lineage_ends_and_holds_acts_alone(home: Home) -> None:
    [lineage] = [block for block in SQL if "recursive lineage" in block.text]
    with open_edition(home) as connection:
        rows = connection.sql(lineage.text).fetchall()
    edges = [(step, policy_id, relation, acts_on) for step, policy_id, _, relation, acts_on, *_ in rows]
    assert edges == [
        (0, "us-eo-13984", None, None),
        (1, "us-fr-2021-20430", "implements", "us-eo-13984"),
        (1, "us-fr-2024-01580", "implements", "us-eo-13984"),
        (2, "us-fr-2024-01580", "supersedes", "us-fr-2021-20430"),
    ]


def test_no_event_is_missing_from_what_changed(home: Home) -> None:
    [changed] = [block for block in SQL if "'changed: '" in block.text]
    with open_edition(home) as connection:
        told = connection.sql(changed.text)
        told_events = told.filter("what not like 'changed: %'").project("title, what, dated").fetchall()
        held = connection.sql("select title, event, event_date from policy_events join policies using (policy_id)")
        assert sorted(told_events) == sorted(held.fetchall())


def test_a_page_that_must_go_is_found_in_every_archive_file_that_holds_it(home: Home) -> None:
    """An order is read from a list of the Federal Register, and again from a whole day's issue at GovInfo."""
    asked, searched = [block for block in RUNNABLE if "2023-24283" in block.text]
    [query] = re.findall(r'aipolicy sql "(.+)"', asked.text, re.DOTALL)
    with open_edition(home) as connection:
        read_in = {(source, Path(name)) for _, source, name, _ in connection.sql(query).fetchall()}
    done = subprocess.run(
        ["bash", "-c", searched.text], env={**os.environ, "AIPOLICY_HOME": str(home.root)}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    seen_by = {(path.parent.name, path) for path in map(Path, done.stdout.splitlines())}
    assert {source for source, _ in read_in} == {"us_federal_register", "us_govinfo_fr"}
    assert all((home.root / "archive" / source / name).is_file() for source, name in read_in)
    assert {(source, path.stem) for source, path in seen_by} == {
        (source, name.name.removesuffix(".warc.gz")) for source, name in read_in
    }


def test_the_answer_shown_is_the_answer_given(home: Home) -> None:
    with open_edition(home) as connection:
        rows = connection.execute(RESULT_QUERY).fetchall()
    shown = [block.text for block in blocks_of(README) if block.language == "text"]
    told = [line.split() for text in shown for line in text.splitlines() if line.startswith("  ")]
    assert told == [
        [policy_id, status, "since", str(since), *(["by", by] if by else [])] for policy_id, status, since, by in rows
    ]


def test_every_command_is_in_the_table() -> None:
    cells = table_cells(README, "The command")
    listed = {part.split()[0] for what, _ in cells for part in re.findall(r"`([^`]+)`", what)}
    assert listed == set(command.commands)


def test_every_folder_of_the_state_is_in_the_table(home: Home) -> None:
    told = {cell.strip("`").split("/")[0] for row in table_cells(ROOT / "docs/architecture.md", "The state folder")
            for cell in row[0].split(", ")}  # fmt: skip
    made = {path.name for path in home.root.iterdir()} - {"dbt-log"}
    assert made <= told


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\n## [{version}] - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_the_digest_can_be_photographed(tmp_path: Path) -> None:
    page = build_digest(make_edition(tmp_path / "edition"), "2026-W40", None, tmp_path).html
    taken = [screenshots.take(picture, tmp_path) for picture in screenshots.digest_pictures(page)]
    assert len({path.read_bytes() for path in taken}) == len(taken), "dark and light look the same"


def test_a_picture_without_chromium_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(screenshots.NoPicture, match="package chromium"):
        screenshots.take(screenshots.Picture("digest", "about:blank", 400, 400), tmp_path)


def test_pictures_are_small() -> None:
    heavy = [path.name for path in screenshots.IMAGES.glob("*.png") if path.stat().st_size > 400_000]
    assert not heavy
