"""An operator at the real UI: each button does what it says, each light turns red and green again, through GraphQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest
from dagster._core.storage.tags import PARENT_RUN_ID_TAG
from dagster._core.test_utils import freeze_time

from pipelines.assets.digest import weekly_digest
from pipelines.assets.ingest import asset_key
from pipelines.home import Home
from pipelines.instance import dagster_yaml
from pipelines.partitions import monday_of
from scrapers.locks import crawl_lock, lock
from tests.e2e import world
from tests.faults.control_room import EACH_MINUTE, ControlRoom, opened
from tests.faults.processes import alive, until

pytestmark = [pytest.mark.slow, pytest.mark.ui]

HELD, HELD_HOST = "uk_govuk", "www.gov.uk"
"""Its crawl is held by this test all the time, so that runs over it wait and never ask anybody."""
GRANTS = asset_key("us_grants_gov")
HOST = "api.grants.gov"
SINCE, UNTIL = "2024-01-08", "2024-01-14"
LONG_AGO = timedelta(days=20)


@pytest.fixture(scope="module")
def home(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published state folder whose grants were last looked at long ago, for all that the run history knows."""
    home = Home(world.copy_home(published, tmp_path_factory.mktemp("control-room") / "home"))
    home.dagster.mkdir()
    (home.dagster / "dagster.yaml").write_text(dagster_yaml(home), encoding="utf-8")
    with (
        dg.DagsterInstance.from_config(str(home.dagster)) as instance,
        freeze_time(datetime.now(UTC) - LONG_AGO),
    ):
        instance.report_runless_asset_event(dg.AssetMaterialization(GRANTS))
    return home.root


@pytest.fixture(scope="module")
def room(home: Path) -> Iterator[ControlRoom]:
    with lock(crawl_lock(home, HELD), wait_seconds=0), opened(home) as room:
        yield room


def everything_behind(*sources: dg.AssetKey) -> list[dg.AssetKey]:
    """Some sources, with all that a refresh makes of them."""
    from pipelines.definitions import defs

    keys = defs.resolve_job_def("refresh").asset_layer.executable_asset_keys
    return [*sources, *sorted(key for key in keys if key.path[0] != "ingest")]


def asks(base_url: str, host: str = HOST) -> dict[str, object]:
    """The configuration of a run that asks a stand-in."""
    config = {"base_urls": {host: base_url}, "since": SINCE, "until": UNTIL}
    return {"ops": {"ingest": {"config": config}}}


def worker_of(room: ControlRoom, run_id: str) -> psutil.Process:
    """The process of a run, which it names itself."""
    named = re.search(r"Started process for run \(pid: (\d+)\)", room.said(run_id))
    assert named is not None
    return psutil.Process(int(named[1]))


def crawls_of(run_id: str) -> list[psutil.Process]:
    """The living crawls of a run, wherever they hang."""
    found = psutil.process_iter(["cmdline", "status"])
    alive = (one for one in found if one.info["status"] != psutil.STATUS_ZOMBIE)
    return [one for one in alive if run_id in (words := one.info["cmdline"] or []) and "scrapers.crawl" in words]


def children_of(room: ControlRoom, run_id: str) -> list[dict[str, Any]]:
    return room.runs(tags=[{"key": PARENT_RUN_ID_TAG, "value": run_id}])


def launch_held(room: ControlRoom, base_url: str) -> str:
    """Launch a run that waits until this test lets go of the source's crawl, which it never does."""
    run_id = room.launch("refresh", everything_behind(asset_key(HELD)), asks(base_url, HELD_HOST))
    room.is_under_way(run_id)
    return run_id


def test_a_tick_of_a_schedule__launches_a_run__which_mixes_no_real_answers_with_samples(room: ControlRoom) -> None:
    ticks = until(lambda: [tick for tick in room.ticks(EACH_MINUTE.name) if tick["runIds"]], 300, "a tick with a run")
    room.switch_off(EACH_MINUTE.name)
    assert not any(tick["error"] for tick in ticks)
    run_id = ticks[-1]["runIds"][0]
    assert room.ended(run_id) == "FAILURE"
    assert "holds answers of stand-ins (samples)" in room.said(run_id)


def test_a_run_that_is_cancelled__ends_with_its_crawl(room: ControlRoom, samples: dict[str, str]) -> None:
    run_id = launch_held(room, samples[HELD_HOST])
    worker = worker_of(room, run_id)
    until(lambda: crawls_of(run_id), 120, "the crawl's process")
    room.cancel(run_id)
    assert room.ended(run_id) == "CANCELED"
    until(lambda: not alive([worker, *crawls_of(run_id)]), 120, "the end of the cancelled run's processes")


def test_a_tick_of_the_sensor__says_why_there_is_no_issue_or_writes_it(room: ControlRoom) -> None:
    (tick, *_) = until(lambda: room.ticks("issues_due"), 300, "a tick of the sensor")
    assert tick["error"] is None
    assert tick["skipReason"] or tick["runIds"]


def test_a_run_whose_process_was_killed__is_noticed_and_made_again_once(
    room: ControlRoom, samples: dict[str, str]
) -> None:
    run_id = launch_held(room, samples[HELD_HOST])
    worker_of(room, run_id).kill()
    assert room.ended(run_id) == "FAILURE"
    (again,) = until(lambda: children_of(room, run_id), 300, "the run made in its place")
    room.is_under_way(again["runId"])
    worker_of(room, again["runId"]).kill()
    assert room.ended(again["runId"]) == "FAILURE"
    assert children_of(room, again["runId"]) == []
    until(lambda: not crawls_of(run_id) + crawls_of(again["runId"]), 120, "the end of the crawls of killed runs")


def test_freshness__is_red_until_a_run_has_looked(room: ControlRoom, home: Path, samples: dict[str, str]) -> None:
    until(lambda: room.freshness(GRANTS) == "DEGRADED", 300, "the red light of a source that nobody looked at")
    before = world.about(home)
    run_id = room.launch("refresh", everything_behind(GRANTS), asks(samples[HOST]))
    assert room.ended(run_id) == "SUCCESS", room.said(run_id)
    until(lambda: room.freshness(GRANTS) == "HEALTHY", 300, "the green light of a source that was looked at")
    checks = room.checks(GRANTS)
    assert {name for name, result in checks.items() if result.get("status") == "FAILED"} == set()
    assert world.about(home)["as_of"] >= before["as_of"]


def test_a_source_that_is_down__is_red_and_the_rest_is_published(
    room: ControlRoom, home: Path, samples: dict[str, str]
) -> None:
    before = world.content_parquet(home)
    room.ended(room.launch("refresh", everything_behind(GRANTS), asks("http://127.0.0.1:9")))
    failed = room.checks(GRANTS)["crawl_is_good"]
    assert failed["status"] == "FAILED"
    assert "refused" in failed["evaluation"]["description"]
    assert world.content_parquet(home) == before
    again = room.launch("refresh", everything_behind(GRANTS), asks(samples[HOST]))
    assert room.ended(again) == "SUCCESS", room.said(again)
    assert room.checks(GRANTS)["crawl_is_good"]["status"] == "SUCCEEDED"


def test_a_backfill_beside_a_refresh__doubles_nothing(room: ControlRoom, home: Path, samples: dict[str, str]) -> None:
    before = world.content_parquet(home)
    days = [f"2024-01-{day:02d}" for day in range(8, 11)]
    backfill = room.backfill(everything_behind(GRANTS), days, asks(samples[HOST]))
    live = room.launch("refresh", everything_behind(GRANTS), asks(samples[HOST]))
    (run,) = until(
        lambda: room.runs(tags=[{"key": "dagster/backfill", "value": backfill}]), 300, "the one run of the backfill"
    )
    assert room.ended(run["runId"]) == "SUCCESS", room.said(run["runId"])
    assert room.ended(live) == "SUCCESS", room.said(live)
    assert world.content_parquet(home) == before


def test_a_digest_without_an_edition__fails_and_is_retried_with_success(room: ControlRoom, home: Path) -> None:
    current = home / "editions" / "current"
    current.rename(current.with_name("away"))
    monday = monday_of("2024-W03")
    run_id = room.launch("weekly_digest", [weekly_digest.key], **{"dagster/partition": monday})
    assert room.ended(run_id) == "FAILURE"
    assert "edition" in room.said(run_id)
    current.with_name("away").rename(current)
    again = room.launch_again(run_id)
    assert room.ended(again) == "SUCCESS", room.said(again)
    assert (home / "digests" / "2024-W03" / "digest.html").exists()


def test_a_backfill_of_digests__writes_each_issue(room: ControlRoom, home: Path) -> None:
    weeks = ["2024-W04", "2024-W05"]
    backfill = room.backfill([weekly_digest.key], [monday_of(week) for week in weeks])
    runs = until(
        lambda: len(runs := room.runs(tags=[{"key": "dagster/backfill", "value": backfill}])) == len(weeks) and runs,
        120,
        "a run for each week",
    )
    assert [room.ended(run["runId"]) for run in runs] == ["SUCCESS"] * len(weeks)
    assert all((home / "digests" / week / "digest.html").exists() for week in weeks)
