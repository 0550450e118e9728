"""The ingest step: what it runs for whom, what it tells meanwhile, and what it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipelines.assets import ingest as step
from pipelines.children import ChildResult, run_children
from pipelines.home import Home
from pipelines.resources import StateFolder
from scrapers.contracts import Window
from tests.coverage_fixture import write_coverage
from tests.crawl_fixture import SLUG, T0, land

DAYS = {ASSET_PARTITION_RANGE_START_TAG: "2024-01-29", ASSET_PARTITION_RANGE_END_TAG: "2024-01-30"}


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What would have been run; nothing is."""
    run: list[tuple[str, list[str]]] = []

    def note(given: list[tuple[str, list[str]]], **_: object) -> list[ChildResult]:
        run.extend(given)
        return [
            ChildResult(name, exit_code=0, started_at=T0, seconds=0, stdout="", stderr_tail="") for name, _ in given
        ]

    monkeypatch.setattr(step, "run_children", note)
    return run


def ingest(home: Path, config: dict[str, Any], tags: dict[str, str] | None = None) -> dg.ExecuteInProcessResult:
    job = dg.Definitions(
        assets=[step.ingest],
        jobs=[dg.define_asset_job("chosen", dg.AssetSelection.assets(step.asset_key(SLUG)))],
        resources={"state": StateFolder(root=str(home))},
    ).resolve_job_def("chosen")
    loggers = {"console": {"config": {"log_level": "CRITICAL"}}}
    run_config = {"loggers": loggers, "ops": {"ingest": {"config": config}}}
    return job.execute_in_process(run_config=run_config, tags=tags, raise_on_error=False)


def _asked(commands: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    return [(command[command.index("--since") + 1], command[command.index("--until") + 1]) for _, command in commands]


def _archive(home: Path) -> None:
    (home / "archive" / SLUG).mkdir(parents=True)
    (home / "archive" / SLUG / "crawl.warc.gz").touch()


@pytest.mark.parametrize("tags", [None, DAYS])
def test_a_replay__reads_the_whole_archive_whatever_days_it_was_launched_for(
    tmp_path: Path, commands: list[tuple[str, list[str]]], tags: dict[str, str] | None
) -> None:
    _archive(tmp_path)
    assert ingest(tmp_path, {"replay": True}, tags).success
    ((slug, command),) = commands
    assert slug == SLUG
    assert "scrapers.replay" in command
    assert "--since" not in command


def test_a_replay__begins_where_it_is_told(tmp_path: Path, commands: list[tuple[str, list[str]]]) -> None:
    _archive(tmp_path)
    assert ingest(tmp_path, {"replay": True, "since": "2024-02-01"}).success
    assert commands[0][1][-2:] == ["--since", "2024-02-01"]


def test_a_crawl__needs_days(tmp_path: Path, commands: list[tuple[str, list[str]]]) -> None:
    assert not ingest(tmp_path, {}).success
    assert ingest(tmp_path, {}, DAYS).success
    assert "2024-01-29 --until 2024-01-30" in " ".join(commands[0][1])


def test_a_long_window__is_crawled_in_parts_so_that_good_days_stay(
    tmp_path: Path, commands: list[tuple[str, list[str]]]
) -> None:
    window = {"since": "2024-01-01", "until": "2024-01-18"}
    assert ingest(tmp_path, window).success
    assert _asked(commands) == [
        ("2024-01-01", "2024-01-07"),
        ("2024-01-08", "2024-01-14"),
        ("2024-01-15", "2024-01-18"),
    ]
    commands.clear()
    stand_ins = {"base_urls": {"www.federalregister.gov": "http://127.0.0.1:9"}}
    assert ingest(tmp_path / "samples", window | stand_ins).success
    assert len(commands) == 1


def test_a_day_that_cannot_be_read__is_crawled_apart_from_those_around_it(
    tmp_path: Path, commands: list[tuple[str, list[str]]]
) -> None:
    looks = {"2024-01-09": "checked", "2024-01-10": "could_not_look", "2024-01-11": "checked"}
    write_coverage(Home(tmp_path).bookkeeping / "source_coverage.parquet", *((SLUG, *look) for look in looks.items()))
    assert ingest(tmp_path, {"since": "2024-01-08", "until": "2024-01-12"}).success
    assert _asked(commands) == [
        ("2024-01-08", "2024-01-09"),
        ("2024-01-10", "2024-01-10"),
        ("2024-01-11", "2024-01-12"),
    ]


def test_what_is_open_now__is_asked_for_once(tmp_path: Path) -> None:
    window = Window(since=date(2024, 1, 1), until=date(2024, 1, 18))
    slugs = ["us_federal_register", "us_grants_gov"]
    turns = list(step._turns(step._crawls(slugs, window, step.IngestConfig(), Home(tmp_path))))
    assert [list(asked) for asked in turns] == [slugs[:1]] * 2 + [slugs]


@pytest.mark.parametrize("slug", ["uk_parliament_bills", "us_congress_gov", "us_regulations_gov"])
def test_changes__are_asked_for_on_all_days(tmp_path: Path, slug: str) -> None:
    window = Window(since=date(2024, 1, 1), until=date(2024, 1, 18))
    windows = step._crawls([slug], window, step.IngestConfig(), Home(tmp_path))
    assert [day for days in windows[slug] for day in days.days()] == window.days()


@pytest.mark.parametrize("is_stand_in", [True, False])
def test_a_crawl__never_mixes_real_sources_with_stand_ins(
    tmp_path: Path, commands: list[tuple[str, list[str]]], is_stand_in: bool
) -> None:
    (archive := tmp_path / "archive" / SLUG).mkdir(parents=True)
    ledger = land(tmp_path, [], is_stand_in=is_stand_in)
    (archive / f"{ledger.crawl_id}.ledger.json").write_text(ledger.model_dump_json())
    stand_ins = {"base_urls": {"www.federalregister.gov": "http://127.0.0.1:9"}}
    result = ingest(tmp_path, {} if is_stand_in else stand_ins, DAYS)
    assert not result.success
    assert commands == []
    assert "--home" in str(result.failure_data_for_node("ingest"))


def test_children__are_told_of_while_they_run_and_when_they_end() -> None:
    running: list[list[str]] = []
    ended: list[str] = []
    run_children(
        [("a", ["timeit", "-n1", "-r1", "pass"])],
        at_once=1,
        deadline_seconds=60,
        on_end=lambda result: ended.append(result.name),
        on_wait=running.append,
        wait_told_after=0,
    )
    assert running[0] == ["a"]
    assert ended == ["a"]
