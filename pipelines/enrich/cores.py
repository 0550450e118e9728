"""Work spread over the cores of the machine, where there is so much of it that starting processes pays.

Belongs here: processes and the order of results. Does not belong here: what is worked at.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

import duckdb

from scrapers.processes import die_with_parent

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def usable_cores() -> int:
    """How many cores this process may use, where it is bound to fewer than the machine has: a container by its share of
    time, which DuckDB knows, and any process by those that it was given.
    """
    with duckdb.connect() as connection:
        row = connection.execute("select current_setting('threads')").fetchone()
    assert row is not None
    return min(int(row[0]), len(os.sched_getaffinity(0)))


def over_cores(work: Callable[[_Given], _Made], parts: Iterable[_Given]) -> Generator[_Made]:
    """What `work`, a function of a module, makes of each part, in the order of the parts.

    No more parts are taken than can be at work or wait for a core, so that they need not all be held at once. What
    `work` raises is raised here.
    """
    cores = usable_cores()
    # Not forked: threads of DuckDB and Polars may hold locks that a forked child would wait for without end.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=spawn, initializer=die_with_parent) as pool:
        waiting: deque[Future[_Made]] = deque()
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
