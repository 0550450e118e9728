"""Probes of the servers that the environment names: the warehouse's lake, hosts' budgets, the broker of workers.

Nothing is changed there. That of the run history stands in `run_history.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from urllib.parse import unquote, urlsplit

from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused
from pipelines.instance import BROKER_VARIABLE, workers_of
from pipelines.lake import VARIABLE, lake_of
from pipelines.ops.doctor import FAIL, OK, WARN, Finding
from pipelines.warehouse import connect_warehouse
from scrapers.keys import scrubbed
from scrapers.locks import BUDGETS_VARIABLE, shared_budgets

ANSWER_SECONDS = 5.0
_NOT_MADE = "creating a new DuckLake is explicitly disabled"
"""How DuckLake says that a catalog is there and no lake in it."""


def findings(home: Home, environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """A line for each server; none on one machine."""
    try:
        is_lake, budgets, workers = lake_of(home, environment), shared_budgets(environment), workers_of(environment)
    except (SettingRefused, NotInstalled, ValueError) as error:
        yield Finding(FAIL, "settings", str(error))
        return
    if is_lake is not None:
        yield _warehouse(home)
    if budgets is not None:
        yield _redis("hosts' budgets", BUDGETS_VARIABLE, budgets)
    if workers == "celery":
        yield _redis("broker", BROKER_VARIABLE, environment[BROKER_VARIABLE].strip())


def _warehouse(home: Home) -> Finding:
    try:
        with closing(connect_warehouse(home, read_only=True)):
            return Finding(OK, "warehouse", f"the lake of {VARIABLE} answers")
    except (StateRefused, NotInstalled) as refused:
        if _NOT_MADE in str(refused):
            return Finding(WARN, "warehouse", f"no lake in the catalog of {VARIABLE}", "the first run makes it")
        return Finding(FAIL, "warehouse", str(refused))


def _redis(about: str, variable: str, address: str) -> Finding:
    try:
        from redis import Redis, RedisError
    except ImportError:
        return Finding(FAIL, about, f"{variable} is set, and the package redis is missing", "run: make scale-install")
    waits = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
    try:
        with closing(Redis.from_url(address, **waits)) as client:
            client.ping()
    except RedisError as error:
        said = scrubbed(" ".join(str(error).split()), unquote(urlsplit(address).password or "") or None)
        return Finding(
            FAIL, about, f"the Redis of {variable}: {said[:300]}", "see whether it answers and knows the user"
        )
    return Finding(OK, about, f"the Redis of {variable} answers")
