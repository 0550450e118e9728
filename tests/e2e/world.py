"""Runs the real command as a child process, and looks at what it left behind.

Belongs here: starting `aipolicy`, copies of state folders, hashes of what readers see. Does not belong here: what must
hold of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from scrapers.contracts import CrawlLedger
from scrapers.durable import file_sha256

PROJECT = Path(__file__).parents[2]
SINCE, UNTIL = "2024-01-01", "2024-02-15"
SOURCES = ("uk_govuk", "us_federal_register", "us_govinfo_fr", "us_grants_gov")
"""One source of each kind: the path is the same for the others, and a run of all of them takes minutes."""
WINDOW = ("--since", SINCE, "--until", UNTIL, *(word for slug in SOURCES for word in ("--source", slug)))
BOOKKEEPING = ("document_sightings", "fetches", "source_coverage", "source_looks")
TIMEOUT = 900

_WITH_STAND_INS = """\
import contextlib, json, sys
from pipelines.cli import main, operate
base_urls = json.loads(sys.argv.pop(1))
operate._stand_ins = lambda *_: contextlib.nullcontext(base_urls)
main(prog_name="aipolicy")
"""


def command(*arguments: str, base_urls: Mapping[str, str] | None = None, code: str | None = None) -> list[str]:
    """The `aipolicy` command; `base_urls` are asked instead of fresh samples, `code` runs before it."""
    if code is not None:
        return [sys.executable, "-c", f"{code}\nfrom pipelines.cli import main; main(prog_name='aipolicy')", *arguments]
    if base_urls is not None:
        return [sys.executable, "-c", _WITH_STAND_INS, json.dumps(dict(base_urls)), *arguments]
    return [sys.executable, "-m", "pipelines.cli", *arguments]


def environment() -> dict[str, str]:
    """This environment without what other tests may have set for their own state folders."""
    own = ("AIPOLICY_HOME", "AIPOLICY_WAREHOUSE_FILE", "DAGSTER_HOME")
    return {name: value for name, value in os.environ.items() if name not in own}


def aipolicy(
    *arguments: str, base_urls: Mapping[str, str] | None = None, code: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        command(*arguments, base_urls=base_urls, code=code),
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def said(process: subprocess.CompletedProcess[str]) -> str:
    """All a finished command has told, for messages of failed asserts."""
    return f"exit {process.returncode}\n{process.stdout}\n{process.stderr}"


def copy_home(home: Path, target: Path, *without: str) -> Path:
    """A state folder's copy that a test may damage; run history and the named folders are left out."""
    shutil.copytree(home, target, symlinks=True, ignore=shutil.ignore_patterns("dagster", *without))
    return target


def about(home: Path) -> dict[str, Any]:
    """The EDITION.json of the current edition."""
    value: dict[str, Any] = json.loads((home / "editions" / "current" / "EDITION.json").read_bytes())
    return value


def edition_files(home: Path) -> dict[str, str]:
    """Every file of every edition with its hash, and where `current` points."""
    files = {
        path.relative_to(home).as_posix(): file_sha256(path)
        for path in sorted((home / "editions").rglob("*"))
        if path.is_file() and "current" not in path.relative_to(home).parts
    }
    return files | {"current": str((home / "editions" / "current").readlink())}


def content_parquet(home: Path) -> dict[str, str]:
    """The hash of each content table's Parquet file in the current edition."""
    folder = (home / "editions" / "current").resolve() / "parquet"
    return {path.stem: file_sha256(path) for path in sorted(folder.glob("*.parquet")) if path.stem not in BOOKKEEPING}


def select(database: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        return connection.execute(query, list(values)).fetchall()


def from_warehouse(home: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a state folder's warehouse."""
    return select(home / "warehouse" / "warehouse.duckdb", query, *values)


def from_edition(home: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the current edition."""
    return select((home / "editions" / "current").resolve() / "policy.duckdb", query, *values)


def ledgers(home: Path, slug: str) -> list[CrawlLedger]:
    """A source's ledgers, oldest first."""
    return [
        CrawlLedger.model_validate_json(path.read_bytes())
        for path in sorted((home / "archive" / slug).glob("*.ledger.json"))
    ]


def archive_file(home: Path, slug: str) -> Path:
    """The archive file of a source's first crawl."""
    return min((home / "archive" / slug).glob("*.warc.gz"))
