"""The settings of the Dagster instance of a state folder: where its history is, who takes its runs, how many at once.

One machine does with files in the state folder and processes of its own. AIPOLICY_DAGSTER names a PostgreSQL for run
history, event log and schedules; AIPOLICY_WORKERS=celery gives runs to workers (workers.py) by the broker that
AIPOLICY_BROKER names, AIPOLICY_WORKERS=kubernetes makes a Job of each (cluster.py). Settings are made from the
environment each time: a folder that was restored or moved names no history but its own. Belongs here: what
`dagster.yaml` says. Does not belong here: what the history holds (history.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlencode

import yaml

from pipelines.cluster import START_SECONDS, job_launcher
from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused
from pipelines.postgres import EXPECTED, words_of
from scrapers.durable import write_whole
from scrapers.locks import BUDGETS_VARIABLE, holder_of, is_redis_address

HISTORY_VARIABLE = "AIPOLICY_DAGSTER"
WORKERS_VARIABLE = "AIPOLICY_WORKERS"
BROKER_VARIABLE = "AIPOLICY_BROKER"
MAX_RUNS = 4
"""Runs that the UI's daemon has under way at once; the others wait in its queue."""
MAX_CRAWLING_RUNS = 2
"""Slots of the pool `crawling`: so many runs ask sources at once, each of them several."""
MAX_RUNS_OF_WORKERS = 16
"""The same for workers, crawling or not: what one machine can bear is no bound for many."""
RUNS_VARIABLE = "AIPOLICY_RUNS_AT_ONCE"
"""Names another number of runs under way at once: as many as the workers have places, so that the most urgent ones wait
in Dagster's queue, which knows them, and not in a broker's, which does not."""
MAX_RUN_HOURS = 8
"""A run that takes longer is ended; a backfill has a limit of its own. A run waits no longer for a worker, either."""
LOOK_SECONDS = 30
"""So often it is looked whether runs of workers live."""
REDELIVERED_SECONDS = 600
"""After so long the broker gives a run that nobody has ended to another worker, which leaves it alone if it lives."""
SOURCE_TAG = "dagster/partition/source"
"""How Dagster tags a run with its source, where sources are a dimension of its partitions."""
_PREFIX = "postgres:"
_PACKAGES = {"celery": "dagster_celery", "kubernetes": "dagster_k8s"}


def dagster_yaml(home: Home, environment: Mapping[str, str] = os.environ) -> str:
    """The settings of the Dagster instance in a state folder; no password is in them.

    A run is retried only when its process died: a step that failed would fail again, and what was crawled is kept. What
    a killed run has held is free again soon after, and no run lasts for ever. Raises SettingRefused for variables that
    hold what they may not, and NotInstalled where they name what is not installed.
    """
    ticks = {"skipped": 7, "success": 90, "failure": 90, "started": 90}
    workers = workers_of(environment)
    has_workers = workers is not None
    at_once = _runs_at_once(environment, MAX_RUNS_OF_WORKERS if has_workers else MAX_RUNS)
    settings = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "concurrency": {
            "runs": {
                "max_concurrent_runs": at_once,
                # A source is crawled by one at a time: its other months would take places and wait in them.
                "tag_concurrency_limits": [
                    {"key": SOURCE_TAG, "value": {"applyLimitPerUniqueValue": True}, "limit": 1},
                ],
            },
            "pools": {"granularity": "op", "default_limit": at_once if has_workers else MAX_CRAWLING_RUNS},
        },
        "run_monitoring": {
            "enabled": True,
            "start_timeout_seconds": 300,
            "cancel_timeout_seconds": 180,
            "max_runtime_seconds": MAX_RUN_HOURS * 3600,
            "free_slots_after_run_end_seconds": 60,
            **_monitoring_of(workers),
        },
        "run_retries": {"enabled": True, "max_retries": 1, "retry_on_asset_or_op_failure": False},
        "retention": {
            "schedule": {"purge_after_days": ticks},
            "sensor": {"purge_after_days": ticks},
        },
        **_storage(home, environment),
        **_launching(home, environment, workers),
    }
    return yaml.safe_dump(settings, sort_keys=False)


def write_settings(home: Home, settings: str) -> None:
    """Write `dagster.yaml`, which every process of Dagster on the state folder reads when it begins.

    Raises SettingRefused where the UI is open with another history or other workers, whose next runs would be lost.
    """
    file = home.dagster / "dagster.yaml"
    if file.exists() and holder_of(home.ui_lock) is not None:
        before, after = yaml.safe_load(file.read_text(encoding="utf-8")), yaml.safe_load(settings)
        if any(before.get(part) != after.get(part) for part in ("storage", "run_launcher")):
            raise SettingRefused(
                f"{HISTORY_VARIABLE}, {WORKERS_VARIABLE}: expected what the UI of {home.root} was opened with, got "
                "something else; set them as there, or end the UI and its workers first"
            )
    write_whole(file, settings.encode())


def workers_of(environment: Mapping[str, str] = os.environ) -> str | None:
    """Who takes the runs that the UI and its schedules launch; None for processes of this machine.

    Raises SettingRefused where the variables do not fit each other.
    """
    told = environment.get(WORKERS_VARIABLE, "").strip()
    if not told:
        return None
    if told not in _PACKAGES:
        raise SettingRefused(
            f"{WORKERS_VARIABLE}: expected {' or '.join(_PACKAGES)}, got {told!r}; leave it out to have runs as "
            "processes of this machine"
        )
    if told == "celery" and not is_redis_address(environment.get(BROKER_VARIABLE, "").strip()):
        raise SettingRefused(
            f"{BROKER_VARIABLE}: expected the address of a Redis such as redis://broker:6379/0 for "
            f"{WORKERS_VARIABLE}=celery, got none or another; set it"
        )
    if history_of_server(environment) is None:
        raise SettingRefused(
            f"{WORKERS_VARIABLE}: expected {HISTORY_VARIABLE} beside it, got none; SQLite in the state folder is no "
            f"history for several machines: set it to postgres: and {EXPECTED}"
        )
    if not environment.get(BUDGETS_VARIABLE, "").strip():
        raise SettingRefused(
            f"{WORKERS_VARIABLE}: expected {BUDGETS_VARIABLE} beside it, got none; workers on several machines ask a "
            "host no more often than one only by a Redis that they share: set it to an address such as "
            "redis://cache:6379/1"
        )
    _require_package(_PACKAGES[told], WORKERS_VARIABLE)
    return told


def _runs_at_once(environment: Mapping[str, str], usual: int) -> int:
    told = environment.get(RUNS_VARIABLE, "").strip() or str(usual)
    if not re.fullmatch(r"[1-9]\d{0,3}", told):
        raise SettingRefused(f"{RUNS_VARIABLE}: expected a number of runs such as {usual}, got {told!r}")
    return int(told)


def history_of_server(environment: Mapping[str, str] = os.environ) -> dict[str, str] | None:
    """How the PostgreSQL of the run history is reached; None where the history is in the state folder.

    Raises SettingRefused for any other address, such as one with a password in it, and NotInstalled where Dagster knows
    no PostgreSQL.
    """
    told = environment.get(HISTORY_VARIABLE, "").strip()
    if not told:
        return None
    words = words_of(told.removeprefix(_PREFIX)) if told.startswith(_PREFIX) else None
    if words is None:
        raise SettingRefused(
            f"{HISTORY_VARIABLE}: expected postgres: and {EXPECTED}, got something else; a password belongs in "
            "PGPASSWORD, or in a file that PGPASSFILE names; leave the variable out to have the history in the state "
            "folder"
        )
    _require_package("dagster_postgres", HISTORY_VARIABLE)
    return words


def require_history(environment: Mapping[str, str] = os.environ) -> None:
    """Look whether the server of the run history answers, where there is one: Dagster itself tells it in a traceback.

    Raises StateRefused where it does not.
    """
    words = history_of_server(environment)
    if words is None:
        return
    import psycopg2

    try:
        psycopg2.connect(**{"connect_timeout": "10", **words}).close()
    except psycopg2.OperationalError as error:
        raise StateRefused(
            f"the run history of {HISTORY_VARIABLE}: {' '.join(str(error).split())[:500]}; see whether PostgreSQL "
            "answers and knows the user, and run again"
        ) from None


def _storage(home: Home, environment: Mapping[str, str]) -> dict[str, object]:
    words = history_of_server(environment)
    if words is not None:
        return {"storage": {"postgres": {"postgres_url": f"postgresql+psycopg2://?{urlencode(words, safe='/')}"}}}
    where = {"base_dir": str(home.dagster / "history" / "runs")}
    return {"event_log_storage": {"module": "pipelines.event_log", "class": "PooledEventLog", "config": where}}


def _monitoring_of(workers: str | None) -> dict[str, int]:
    if workers == "kubernetes":
        return {"start_timeout_seconds": START_SECONDS}
    if workers == "celery":
        return {"start_timeout_seconds": MAX_RUN_HOURS * 3600, "poll_interval_seconds": LOOK_SECONDS}
    return {}


def _launching(home: Home, environment: Mapping[str, str], workers: str | None) -> dict[str, object]:
    if workers is None:
        return {}
    return {"run_launcher": job_launcher(home, environment) if workers == "kubernetes" else _celery()}


def _celery() -> dict[str, object]:
    """No result is kept at the broker: how a run ended stands in its history."""
    config = {
        "broker": {"env": BROKER_VARIABLE},
        "backend": None,
        "config_source": {
            "broker_transport_options": {"visibility_timeout": REDELIVERED_SECONDS},
            "worker_redirect_stdouts": False,
        },
    }
    return {"module": "pipelines.workers", "class": "WorkerLauncher", "config": config}


def _require_package(name: str, variable: str) -> None:
    if find_spec(name) is None:
        raise NotInstalled(f"{variable}: expected the package {name}, found none; run: make scale-install")
