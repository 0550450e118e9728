"""Run the whole path from the command line: the same jobs as in the UI, in this process, with their history kept."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from uuid import uuid4

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipelines.due import time_zone
from pipelines.history import FROM_COMMAND_LINE, bury_dead_runs
from pipelines.home import Home, NotInstalled, SettingRefused
from pipelines.instance import dagster_yaml, require_history, write_settings
from pipelines.lake import lake_of, require_extensions
from pipelines.ops.sizes import note_size
from pipelines.ops.state import bring_up_to_date
from pipelines.partitions import monday_of
from pipelines.progress import doing, note_step, of_run, say
from pipelines.resources import HOME_VARIABLE
from scrapers.locks import BUDGETS_VARIABLE, Held, lock, shared_budgets

MAX_PARTITION_DAYS = 92
ABANDONED_SECONDS = 6 * 3600
EVENT_BATCH = 500
"""Events that Dagster plans together are written so many at a time."""
_LEVELS = {dg.AssetCheckSeverity.ERROR: "error", dg.AssetCheckSeverity.WARN: "warning"}


class AlreadyRunning(Exception):
    """Another run of the same state folder is under way."""


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended."""

    run_id: str
    success: bool
    published: bool = False
    """Whether the run came as far as an audited, current edition, also when a gap failed it afterwards."""


def prepare(home: Home) -> None:
    """Make the state folder and point Dagster and dbt at it; must be called before the code location is imported.

    An older state folder is brought up to date first. Raises StateRefused where this code cannot work on it,
    SettingRefused for a time zone with which the code location could not be imported, for an address of no lake, Redis
    or history, or of another history than the UI has that is open, and NotInstalled where variables name what is not
    installed.
    """
    time_zone()
    settings = dagster_yaml(home)
    require_history()
    if (lake := lake_of(home)) is not None:
        require_extensions(lake)
    _require_shared_budgets()
    for number in bring_up_to_date(home):
        say(f"the state folder was brought to version {number}")
    note_size(home, datetime.now(UTC))
    write_settings(home, settings)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ[HOME_VARIABLE] = str(home.root)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = str(EVENT_BATCH)
    # Reused marts emit no dbt check again, which Dagster warns of; publishing trusts the audit token, not that gate.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)


def _require_shared_budgets() -> None:
    """Look for what crawls need where they share the budgets of hosts with those of other machines."""
    try:
        is_shared = shared_budgets() is not None
    except ValueError as error:
        raise SettingRefused(str(error)) from None
    if is_shared and find_spec("throttled") is None:
        raise NotInstalled(f"{BUDGETS_VARIABLE}: expected the package throttled, found none; run: make scale-install")


@contextmanager
def only_run(home: Home) -> Iterator[None]:
    """Be the only `aipolicy run` of this state folder.

    Raises AlreadyRunning naming the process that is. The lock dies with its holder.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(home.run_lock, wait_seconds=0))
        except Held as held:
            raise AlreadyRunning(f"process {held} is running on {home.root}; wait for it or end it") from None
        _sweep(home)
        yield


def _sweep(home: Home) -> None:
    """Remove what killed crawls left unfinished; nothing refers to it, and a crawl never takes this long."""
    too_old = time.time() - ABANDONED_SECONDS
    for folder in (home.archive, home.landing):
        for path in folder.glob("*/.*.tmp"):
            if path.stat().st_mtime < too_old:
                path.unlink(missing_ok=True)


def run_refresh(
    home: Home,
    since: date,
    until: date,
    base_urls: Mapping[str, str],
    only: Sequence[str] = (),
    *,
    strict: bool = False,
    replay: bool = False,
) -> RunOutcome:
    """Crawl (or replay) and carry everything through to the published edition."""
    prepare(home)
    doing("preparing the run")
    from pipelines.assets.ingest import asset_key
    from pipelines.definitions import defs

    job = defs.resolve_job_def("replay" if replay else "refresh")
    selection = None
    if only:
        left_out = {asset_key(slug) for slug in _slugs() if slug not in only}
        selection = sorted(key for key in job.asset_layer.executable_asset_keys if key not in left_out)
    ingest = {"base_urls": dict(base_urls), "replay": replay, "since": since.isoformat(), "until": until.isoformat()}
    with dg.DagsterInstance.get() as instance, _chatter_to(home, "w"):
        bury_dead_runs(home, instance, is_ui=False)
        run_id = str(uuid4())
        of_run(run_id)
        instance.add_event_listener(run_id, note_step)
        result = job.execute_in_process(
            run_id=run_id,
            instance=instance,
            raise_on_error=False,
            asset_selection=selection,
            tags=_partition_tags(since, until) | FROM_COMMAND_LINE,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "ops": {
                    "ingest": {"config": ingest},
                    "verdict": {"config": {"strict": strict}},
                },
            },
        )
    _say_failed_checks(result)
    return RunOutcome(result.run_id, result.success, bool(result.asset_materializations_for_node("edition__published")))


def _say_failed_checks(result: dg.ExecuteInProcessResult) -> None:
    """Name each failed check with its reason: a blocked step alone says only how many failed."""
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed:
            name = f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
            say(
                f"{evaluation.severity.value}  {name}: {evaluation.description or 'failed'}"[:600],
                level=_LEVELS[evaluation.severity],
            )


def _partition_tags(since: date, until: date) -> dict[str, str]:
    """Tags that mark each day as materialized; a long window goes without, since a day costs 10 ms a source."""
    if (until - since).days > MAX_PARTITION_DAYS:
        return {}
    return {ASSET_PARTITION_RANGE_START_TAG: since.isoformat(), ASSET_PARTITION_RANGE_END_TAG: until.isoformat()}


@contextmanager
def _chatter_to(home: Home, mode: Literal["w", "a"]) -> Iterator[None]:
    """Send what dbt prints to a log file, so that people see the progress lines alone."""
    with (home.root / "run.log").open(mode, encoding="utf-8") as log, redirect_stdout(log):
        yield


def run_digest(home: Home, week: str) -> RunOutcome:
    """Write one week's digest from the current edition."""
    prepare(home)
    from pipelines.definitions import defs

    doing("digest")
    with dg.DagsterInstance.get() as instance, _chatter_to(home, "a"):
        result = defs.resolve_job_def("weekly_digest").execute_in_process(
            instance=instance,
            raise_on_error=False,
            partition_key=monday_of(week),
            tags=FROM_COMMAND_LINE,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    return RunOutcome(result.run_id, result.success)


def _slugs() -> list[str]:
    from scrapers.registry import sources

    return list(sources())


def absolute_home(folder: Path) -> Home:
    """A state folder that stays the same when a child changes its working directory."""
    return Home(folder.resolve())
