"""The ingest step: a crawl that dies is told like any other failure, and a replay is all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.accounts import last_crawl
from pipelines.assets import ingest as module
from pipelines.assets.ingest_checks import CHECK
from pipelines.home import Home
from pipelines.resources import StateFolder
from scrapers.durable import write_whole
from tests.crawl_fixture import land

SLUG = "uk_govuk"
DAYS = {"since": "2025-01-15", "until": "2025-01-16"}
DIES = """\
import os, signal, sys
sys.stderr.write('out of memory')
sys.stderr.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def execute(home: Path, config: Mapping[str, Any]) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [module.ingest],
        selection=[module.asset_key(SLUG)],
        resources={"state": StateFolder(root=str(home))},
        run_config={"ops": {"ingest": {"config": dict(config)}}},
        raise_on_error=False,
    )


def verdict(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    (found,) = [check for check in result.get_asset_check_evaluations() if check.check_name == CHECK]
    return found


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets a program run in place of each crawl."""

    def put(program: str) -> None:
        for command in ("_command", "_replay_command"):
            monkeypatch.setattr(module, command, lambda *_: ["tests.program", program])

    return put


def test_a_crawl_that_dies__leaves_an_account(tmp_path: Path, child: Any) -> None:
    child(DIES)
    result = execute(tmp_path, DAYS)
    assert result.success
    assert not verdict(result).passed
    ledger = last_crawl(Home(tmp_path), SLUG)
    assert ledger is not None
    assert (ledger.run_id, ledger.is_good) == (result.run_id, False)
    assert str(ledger.window.since) == DAYS["since"]
    assert ledger.faults == ("the process ended with -9 and left no ledger: out of memory",)


def test_a_crawl_that_ends_well_without_a_ledger__is_told_too(tmp_path: Path, child: Any) -> None:
    child("")
    assert not verdict(execute(tmp_path, DAYS)).passed
    ledger = last_crawl(Home(tmp_path), SLUG)
    assert ledger is not None
    assert "ended with 0" in ledger.faults[0]


def test_a_cut_ledger_of_an_earlier_crawl__ends_no_run(tmp_path: Path, child: Any) -> None:
    """What is wrong with it says the check of the archive."""
    child("")
    cut = tmp_path / "archive" / SLUG / "20240101T000000000000Z-000000.ledger.json"
    cut.parent.mkdir(parents=True)
    cut.write_text('{"crawl_id": "2024')
    result = execute(tmp_path, DAYS)
    assert result.success
    ledger = last_crawl(Home(tmp_path), SLUG)
    assert ledger is not None
    assert ledger.run_id == result.run_id
    assert module.coverage_line(Home(tmp_path), SLUG, result.run_id).startswith(f"{SLUG}: WITHHELD")


def archive(home: Path) -> None:
    (home / "archive" / SLUG).mkdir(parents=True)
    (home / "archive" / SLUG / "crawl.warc.gz").touch()


@pytest.mark.parametrize(("program", "success"), [("", True), ("import sys; sys.exit('lost.warc.gz: missing')", False)])
def test_a_replay__is_all_or_nothing(tmp_path: Path, child: Any, program: str, success: bool) -> None:
    child(program)
    archive(tmp_path)
    result = execute(tmp_path, {**DAYS, "replay": True})
    assert result.success is success
    assert verdict(result).passed is success
    assert not list((tmp_path / "archive" / SLUG).glob("*.ledger.json"))


@pytest.mark.parametrize("is_good", [True, False])
def test_a_replay__is_judged_by_what_it_landed_of_the_last_crawl(tmp_path: Path, child: Any, is_good: bool) -> None:
    """A source that stays withheld stays red, whatever its ledger said when it was crawled."""
    child("")
    landed = land(tmp_path, [], is_good=is_good).model_copy(update={"source_id": SLUG})
    crawled = landed.model_copy(update={"is_good": not is_good, "faults": () if not is_good else ("a drop",)})
    write_whole(tmp_path / "archive" / SLUG / f"{landed.crawl_id}.ledger.json", crawled.model_dump_json().encode())
    write_whole(tmp_path / "landing" / SLUG / f"{landed.crawl_id}.manifest.json", landed.model_dump_json().encode())
    result = execute(tmp_path, {**DAYS, "replay": True})
    assert result.success
    assert verdict(result).passed is is_good
    assert (verdict(result).description == "listing: HTTP 500") is not is_good
    (materialized,) = result.asset_materializations_for_node("ingest")
    assert set(materialized.metadata) == {"seconds"}, "a replay asks nothing that could plot"


def test_a_replay__starts_no_process_for_a_source_without_an_archive(tmp_path: Path, child: Any) -> None:
    child("import sys; sys.exit('started')")
    result = execute(tmp_path, {**DAYS, "replay": True})
    assert result.success
    assert (verdict(result).passed, verdict(result).description) == (True, "Nothing archived.")
    (materialized,) = result.asset_materializations_for_node("ingest")
    assert materialized.metadata["replayed"].value == "nothing archived"


def test_a_mistyped_stand_in__asks_nobody(tmp_path: Path, child: Any) -> None:
    child("import sys; sys.exit('asked')")
    result = execute(tmp_path, {**DAYS, "base_urls": {"www.gov.ku": "http://127.0.0.1:1"}})
    assert not result.success
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"since": "2026-10-01"}, "got since alone; give both"),
        ({"until": "2026-10-01"}, "got until alone; give both"),
        ({"since": "2024-02-31", "until": "2024-03-01"}, "since: expected a day such as 2026-10-02, got '2024-02-31'"),
        ({"since": "2024-03-02", "until": "2024-03-01"}, "expected since not after until, got 2024-03-02"),
    ],
)
def test_days_that_are_no_window__are_refused_in_words(
    tmp_path: Path, child: Any, config: dict[str, str], words: str
) -> None:
    child(DIES)
    result = dg.materialize(
        [module.ingest],
        selection=[module.asset_key(SLUG)],
        partition_key="2025-01-15",
        resources={"state": StateFolder(root=str(tmp_path))},
        run_config={"ops": {"ingest": {"config": config}}},
        raise_on_error=False,
    )
    assert not result.success
    assert words in str(result.failure_data_for_node("ingest"))
    assert not (tmp_path / "archive").exists(), "nobody was asked"
