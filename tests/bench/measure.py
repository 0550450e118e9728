"""How the bench measures: whole processes, medians of several runs, and the machine that they ran on.

Belongs here: clocks and machines. Does not belong here: what is measured.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("dagster", "dbt-core", "duckdb", "great-expectations", "polars", "pyarrow", "pydantic", "scrapy")

_APART = """
import os, sys, time
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ), 0)
code, seconds = os.waitstatus_to_exitcode(status), time.perf_counter() - began
print(f"\\n{code} {seconds} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
"""
"""Runs a command and tells in a last line how it ended. A process counts the memory of the one that began it as its
own, so that one has to be small."""


@dataclass(frozen=True)
class Took:
    """What a process took, with the processes that it waited for."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    """Of its largest process."""
    said: str


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Took:
    """Run a command to its end.

    Raises RuntimeError with the end of what it said where it failed.
    """
    ran = subprocess.run(
        [sys.executable, "-S", "-c", _APART, *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    said, _, told = ran.stdout.removesuffix("\n").rpartition("\n")
    code, *figures = told.split()
    if code != "0":
        raise RuntimeError(f"expected {' '.join(command)[:200]} to end well, it ended with {code}: {said[-2000:]}")
    seconds, cpu_seconds, peak_kib = map(float, figures)
    return Took(seconds, cpu_seconds, peak_kib / 1024, said)


def python(*arguments: str) -> Took:
    """Run this interpreter to its end; errors as of `process`."""
    return process([sys.executable, *arguments])


def median(values: Sequence[float]) -> float:
    """Their median, to the millisecond."""
    return round(statistics.median(values), 3)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so much of them does not exceed (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def side_by_side(runs: int, ways: Mapping[str, Callable[[], Took]]) -> dict[str, list[Took]]:
    """Each way so many times, in turns, so that what disturbs the machine disturbs all of them."""
    took: dict[str, list[Took]] = {name: [] for name in ways}
    for number in range(runs):
        for name, way in ways.items():
            took[name].append(way())
            say(f"  run {number + 1} of {runs}: {name}: {took[name][-1].seconds:.2f} s")
    return took


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "processor": platform.machine(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def say(line: str) -> None:
    """Show progress."""
    print(line, file=sys.stderr, flush=True)
