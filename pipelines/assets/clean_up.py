"""Clean-up: what may go of the state folder and of Dagster's history goes, by the rules of `aipolicy gc`.

An asset, so that what went and how large the folder is plot over time. What may go, and how it is deleted, stands in
`pipelines.ops`.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field

from pipelines.check_results import table
from pipelines.ops import RUN_DAYS
from pipelines.ops.gc import Waste, collect, waste
from pipelines.ops.run_history import old_runs, prune_history
from pipelines.ops.sizes import measured, size_of
from pipelines.resources import DOCS, StateFolder

GROUP = "care"
STATE_FOLDER = dg.AssetKey([GROUP, "state_folder"])
_SHOWN = 50


class CleanUpConfig(dg.Config):
    """How much goes."""

    run_days: int = Field(
        default=RUN_DAYS,
        ge=1,
        description="Runs in Dagster's history that ended so many days ago go, with their events, logs and points in "
        "the UI's plots. The last run that made an asset stays whatever its age.",
    )
    dry_run: bool = Field(default=False, description="Only tell what would go; nothing is deleted.")


@dg.asset(
    key=STATE_FOLDER,
    group_name=GROUP,
    owners=["team:operations"],
    kinds={"python"},
    metadata={"docs": dg.MetadataValue.url(f"{DOCS}/operations.md#what-may-go")},
)
def clean_up_state(
    context: dg.AssetExecutionContext, config: CleanUpConfig, state: StateFolder
) -> dg.MaterializeResult[None]:
    """The state folder without what may go: editions by the rule of retention, leftovers of killed processes, old runs;
    of a warehouse that is a lake, small files are joined and old snapshots let go.

    Never the archive, and no edition that somebody reads. It waits for the run that is between loading and its end.
    """
    state.take_turn()
    now = datetime.now(UTC)
    before = now - timedelta(config.run_days)
    found = list(waste(state.home, now))
    going = [one for one in found if not one.stays]
    deleted_bytes = sum(size_of(one.path) for one in going)
    rows = [_row(state, one) for one in found[:_SHOWN]]
    if config.dry_run:
        runs = len(old_runs(context.instance, before))
    else:
        collect(state.home, found)
        runs = prune_history(state.home, context.instance, before)
    size = measured(state.home)
    return dg.MaterializeResult(
        metadata={
            "dry_run": config.dry_run,
            "gone_files_and_folders": len(going),
            "gone_bytes": deleted_bytes,
            "gone_runs": runs,
            "stays_for_now": len(found) - len(going),
            "state_bytes": sum(size.values()),
            **{f"bytes_of_{room}": size.get(room, 0) for room in ("archive", "landing", "editions", "dagster")},
            **({"found": table(rows)} if rows else {}),
        }
    )


def _row(state: StateFolder, one: Waste) -> dict[str, object]:
    path = one.path.relative_to(state.home.root)
    return {"path": path, "bytes": size_of(one.path), "why": one.why, "stays": one.stays or ""}
