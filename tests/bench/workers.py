"""Texts of a long history read by one worker and by two, each on a core of its own, in a lake of their own.

    python -m tests.bench.workers HOME CORE SHARE...

is a worker: it says that it is ready, waits for a line, and prints the seconds of each share that it has read. What a
run of Dagster takes around a share is not in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from pipelines.enrich.parses import SHARES
from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.lake import DATA_VARIABLE, VARIABLE
from pipelines.load import load
from pipelines.overrides.apply import ENRICHED
from pipelines.warehouse import open_warehouse, through_conflicts
from tests.bench.history import write_history
from tests.bench.measure import median, say
from tests.lake import postgres

BEYOND = (4, 8, 16)
"""Numbers of workers that are reckoned and not measured."""


def measure(documents: int, runs: int) -> dict[str, Any]:
    """Seconds of one worker and of two, in turns, and what the catalog's server took meanwhile."""
    with tempfile.TemporaryDirectory() as temporary, postgres.running() as server, _lake(server, temporary):
        home = Home(Path(temporary) / "home")
        say(f"  loading a history of {documents:,} documents into a lake")
        write_history(home, documents)
        with open_warehouse(home) as connection:
            load(home, connection)
        took: dict[int, list[float]] = {1: [], 2: []}
        shares: dict[int, list[list[float]]] = {1: [], 2: []}
        before = _cpu_seconds(server)
        for _ in range(runs):
            for workers in (1, 2):
                seconds, each = _read_by(workers, home)
                say(f"  {workers} at once: {seconds:.1f} s")
                took[workers].append(seconds)
                shares[workers].append(each)
        catalog = (_cpu_seconds(server) - before) / sum(map(sum, took.values()))
    alone = [median([run[share] for run in shares[1]]) for share in range(SHARES)]
    together = [median([run[share] for run in shares[2]]) for share in range(SHARES)]
    return {
        "documents": documents,
        "seconds": {str(workers): median(seconds) for workers, seconds in took.items()},
        "seconds_runs": {str(workers): [round(one, 2) for one in seconds] for workers, seconds in took.items()},
        "catalog_cores": round(catalog, 3),
        "slower_beside_another": round(sum(together) / sum(alone), 3),
        "reckoned": {str(workers): round(sum(alone) / _makespan(alone, workers), 2) for workers in (2, *BEYOND)},
    }


def _makespan(seconds: Sequence[float], workers: int) -> float:
    """How long workers are at shares who each take the next one as they come free."""
    busy = [0.0] * workers
    for one in seconds:
        busy[busy.index(min(busy))] += one
    return max(busy)


@contextmanager
def _lake(server: postgres.Server, folder: str) -> Iterator[None]:
    """A lake for this process and those that it starts."""
    told = {VARIABLE: f"ducklake:postgres:{server.new_database('bench')}", DATA_VARIABLE: f"{folder}/lake"}
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]


def _read_by(workers: int, home: Home) -> tuple[float, list[float]]:
    """Seconds until the last of some workers has read all its shares, and the seconds of each share."""
    with open_warehouse(home) as connection:
        for table in ENRICHED:
            connection.execute(f"delete from {table}")
    command = (sys.executable, "-m", "tests.bench.workers", str(home.root))
    started = [
        subprocess.Popen(
            [*command, str(core), *map(str, range(core, SHARES, workers))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for core in range(workers)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in started]
    seconds = time.perf_counter() - began
    each = dict(line.split() for text in said for line in text.splitlines())
    return seconds, [float(each[str(share)]) for share in range(SHARES)]


def _cpu_seconds(server: postgres.Server) -> float:
    """Of the server and all whose connection has ended."""
    pid = (server.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
    return sum(psutil.Process(int(pid)).cpu_times()[:4])


def _work(home: Home, core: int, shares: Sequence[int]) -> None:
    os.sched_setaffinity(0, {core})
    print("ready", flush=True)
    sys.stdin.readline()
    for share in shares:
        began = time.perf_counter()
        with open_warehouse(home, beside_others=True) as connection:
            through_conflicts(partial(enrich, connection, share=share))
        print(share, time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    _work(Home(Path(sys.argv[1])), int(sys.argv[2]), [int(share) for share in sys.argv[3:]])
