"""One step of a run on a state folder, by Dagster as in a run: `python -m tests.bench.step HOME STEP`.

Prints the seconds of the step alone; what the process takes in all (imports too) is for who started it to see.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipelines.home import Home

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


if __name__ == "__main__":
    sys.stderr.write(f"{run(Home(Path(sys.argv[1]).resolve()), sys.argv[2]):.3f}\n")
