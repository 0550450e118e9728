"""The job that deletes what may go: by the rules of the command, in numbers, never beside a run at the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from pipelines import resources
from pipelines.home import Home
from pipelines.resources import StateFolder
from pipelines.warehouse import turn_lock
from scrapers.locks import lock
from tests.state_fixture import crawl, edition

OLD, KEPT, NEWEST = "20240101T000000Z-a", "20240102T000000Z-b", "20261009T120000Z-a"


@pytest.fixture
def home(home: Home) -> Home:
    """A shelf with one edition too many."""
    crawl(home)
    for name in (OLD, KEPT, NEWEST):
        day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
        edition(home, name, f"{day}T12:00:00Z")
    return home


def on_the_shelf(home: Home) -> list[str]:
    return sorted(path.name for path in home.editions.glob("[0-9]*"))


def clean_up(
    home: Home, instance: dg.DagsterInstance, config: Mapping[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    from pipelines.definitions import defs

    return defs.resolve_job_def("clean_up").execute_in_process(
        instance=instance,
        raise_on_error=False,
        resources={"state": StateFolder(root=str(home.root))},
        run_config={
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            "ops": {"care__state_folder": {"config": dict(config or {})}},
        },
    )


def numbers(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (made,) = result.asset_materializations_for_node("care__state_folder")
    return {name: value.value for name, value in made.metadata.items()}


def test_clean_up__deletes_what_may_go_and_tells_it(home: Home, instance: dg.DagsterInstance) -> None:
    run = create_run_for_test(instance, job_name="refresh", status=dg.DagsterRunStatus.SUCCESS)
    told = numbers(clean_up(home, instance, {"dry_run": True}))
    assert (told["dry_run"], told["gone_files_and_folders"], on_the_shelf(home)) == (True, 1, [OLD, KEPT, NEWEST])
    told = numbers(clean_up(home, instance))
    assert on_the_shelf(home) == [KEPT, NEWEST]
    assert (told["gone_files_and_folders"], told["gone_bytes"] > 0, told["gone_runs"]) == (1, True, 0)
    assert told["state_bytes"] > told["bytes_of_editions"] > 0
    assert instance.get_run_by_id(run.run_id) is not None, "it is not old"
    assert f"editions/{OLD}" in str(told["found"])
    assert numbers(clean_up(home, instance))["gone_files_and_folders"] == 0


def test_clean_up__leaves_a_run_at_the_warehouse_alone(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "turn_lock", partial(turn_lock, wait_seconds=0))
    with lock(home.turn_lock):
        assert not clean_up(home, instance).success
    assert on_the_shelf(home) == [OLD, KEPT, NEWEST]
    assert clean_up(home, instance).success
    with lock(home.turn_lock, wait_seconds=0):
        assert on_the_shelf(home) == [KEPT, NEWEST]
