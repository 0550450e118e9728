"""One step of a run on a state folder, by Dagster as in a run: `python -m tests.bench.step HOME STEP`.

The step `load_alone` is the function behind `load`, from opening the warehouse to its closing with a checkpoint. Prints
the seconds of the step alone; what the process takes in all (imports too) is for who started it to see.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipelines.home import Home

LOAD_ALONE = "load_alone"
MADE_BEFORE = ("load", "enrich", "transform")
"""What is done before another edition is made."""
STEPS = (*MADE_BEFORE, "stage", "audit", "publish")


def run(home: Home, step: str) -> float:
    """The seconds of a step.

    Raises RuntimeError when it failed.
    """
    from pipelines.run import prepare

    prepare(home)
    import dagster as dg

    from pipelines.assets.publish import published, staged
    from pipelines.assets.transform import transform
    from pipelines.assets.warehouse import enrich_versions, load_landing
    from pipelines.checks import audit
    from pipelines.definitions import defs

    assets = {
        "load": load_landing, "enrich": enrich_versions, "transform": transform, "stage": staged, "publish": published,
    }  # fmt: skip
    keys = set() if step == "audit" else set(assets[step].keys)
    checks = set(audit.check_keys) if step == "audit" else set(transform.check_keys) if step == "transform" else set()
    job = defs.resolve_job_def("refresh").get_subset(asset_selection=keys, asset_check_selection=checks)
    with dg.DagsterInstance.get() as instance:
        began = time.perf_counter()
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        seconds = time.perf_counter() - began
    failed = [f"{one.check_name}: {one.description}" for one in result.get_asset_check_evaluations() if not one.passed]
    errors = [str(event.event_specific_data) for event in result.all_events if event.is_failure]
    if not result.success:
        raise RuntimeError(f"expected the step {step} to end well, got: {[*failed, *errors][:3]}")
    return seconds


def load_alone(home: Home) -> float:
    """The seconds of loading what crawls have left.

    Raises RuntimeError when some of it was withheld.
    """
    import pandas as pd

    from pipelines.load import load
    from pipelines.warehouse import open_warehouse

    assert pd.NA is not None  # DuckDB would import it with the first value that a query is given
    began = time.perf_counter()
    with open_warehouse(home) as connection:
        result = load(home, connection)
    seconds = time.perf_counter() - began
    if result.withheld or result.quarantined:
        raise RuntimeError(f"expected everything to be loaded, got: {result}")
    return seconds


if __name__ == "__main__":
    asked_home, asked_step = Home(Path(sys.argv[1]).resolve()), sys.argv[2]
    took = load_alone(asked_home) if asked_step == LOAD_ALONE else run(asked_home, asked_step)
    sys.stderr.write(f"{took:.3f}\n")
