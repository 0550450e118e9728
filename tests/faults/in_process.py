"""Runs the code location's own jobs in this process over any state folder, so that tests can break a part of it.

Slow imports (Dagster's code location, Great Expectations) are paid once a worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from tests.e2e.world import SINCE, UNTIL

DAYS = {ASSET_PARTITION_RANGE_START_TAG: SINCE, ASSET_PARTITION_RANGE_END_TAG: UNTIL}


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    names = ("AIPOLICY_HOME", "AIPOLICY_WAREHOUSE_FILE")
    before = {name: os.environ.get(name) for name in names}
    os.environ["AIPOLICY_HOME"] = str(home)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def execute(
    home: Path, *selection: str, config: Mapping[str, Any] | None = None, checks: bool = True
) -> dg.ExecuteInProcessResult:
    """Materialize the selected assets, named as in the UI (edition/staged); all of them when none is named.

    Their checks run with them unless `checks` is false.
    """
    keys = [dg.AssetKey.from_user_string(name) for name in selection]
    chosen = dg.AssetSelection.assets(*keys) if keys else dg.AssetSelection.all() - dg.AssetSelection.groups("digest")
    return execute_selected(home, chosen if checks else chosen.without_checks(), config=config, tags=DAYS)


def execute_selected(
    home: Path,
    chosen: dg.AssetSelection,
    *,
    config: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    run_id: str | None = None,
) -> dg.ExecuteInProcessResult:
    """Run assets and checks of the code location over a state folder."""
    with _environment(home):
        from pipelines.assets.transform import dbt_resource
        from pipelines.definitions import defs
        from pipelines.resources import StateFolder

        state = StateFolder(root=str(home))
        here = dg.Definitions(
            assets=defs.assets,
            asset_checks=defs.asset_checks,
            jobs=[dg.define_asset_job("chosen", chosen)],
            resources={"state": state, "dbt": dbt_resource(state)},
            executor=dg.in_process_executor,
        )
        return here.resolve_job_def("chosen").execute_in_process(
            raise_on_error=False,
            tags=dict(tags or {}),
            run_id=run_id,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, **(config or {})},
        )


def failures(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """Why each failed step failed."""
    found = {}
    for event in result.all_events:
        if event.is_step_failure:
            assert event.step_key is not None
            error = event.step_failure_data.error
            found[event.step_key] = "" if error is None else f"{error.message} {error.cause and error.cause.message}"
    return found


def failure_of(result: dg.ExecuteInProcessResult, step: str) -> str:
    """Why this step failed, where it did."""
    found = failures(result)
    assert step in found, f"expected {step} to fail, got {found}, red {red_checks(result)}, built {built(result)}"
    return found[step]


def red_checks(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """What the checks that did not pass said."""
    return {
        f"{evaluation.asset_key.to_user_string()}:{evaluation.check_name}": str(evaluation.description)
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed
    }


def built(result: dg.ExecuteInProcessResult) -> set[str]:
    """The assets that were materialized."""
    return {
        event.asset_key.to_user_string()
        for event in result.all_events
        if event.is_step_materialization and event.asset_key
    }
