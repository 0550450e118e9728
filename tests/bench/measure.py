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
LIBRARIES = (
    "aiohttp", "dagster", "dbt-core", "duckdb", "great-expectations", "orjson", "polars", "pyarrow", "pydantic",
    "scrapy",
)  # fmt: skip
LOOK_SECONDS = 0.25
"""So often the memory of all processes of a command is looked at."""

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
    together_mib: float
    """The most that all of its processes were seen to hold at once; what they share counts for each."""
    said: str


def process(command: Sequence[str]) -> Took:
    """Run a command to its end.

    Raises RuntimeError with the end of what it said where it failed.
    """
    together = 0
    with subprocess.Popen(
        [sys.executable, "-S", "-c", _APART, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        while True:
            try:
                output, _ = running.communicate(timeout=LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                together = max(together, _resident_kib(running.pid))
    said, _, told = output.removesuffix("\n").rpartition("\n")
    code, *figures = told.split()
    if code != "0":
        raise RuntimeError(f"expected {' '.join(command)[:200]} to end well, it ended with {code}: {said[-2000:]}")
    seconds, cpu_seconds, peak_kib = map(float, figures)
    return Took(seconds, cpu_seconds, peak_kib / 1024, max(together, peak_kib) / 1024, said)


def _resident_kib(pid: int) -> int:
    """What a process and those that it began hold in memory (Linux; elsewhere 0)."""
    folder = Path(f"/proc/{pid}")
    try:
        held = next((line for line in (folder / "status").read_text().splitlines() if line.startswith("VmRSS:")), "")
        begun = [child for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(held.split()[1] if held else 0) + sum(_resident_kib(int(child)) for child in begun)


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
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "dlt": _pinned_rival("dlt"),
    }


def _pinned_rival(name: str) -> str:
    """The version of a rival that `make bench` installs."""
    lines = (ROOT / "tests" / "bench" / "rivals" / "requirements.txt").read_text().splitlines()
    pin = next(line for line in lines if line.startswith((f"{name}==", f"{name}[")))
    return pin.partition("==")[2].rstrip(" \\")


def _processor() -> str:
    """Its model, as the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def commit() -> str:
    """The commit that is measured; it is marked where code beside it was changed."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--", ":!docs")
    return f"{git('rev-parse', '--short=12', 'HEAD') or 'unknown'}{' and changes' if changed else ''}"


def say(line: str) -> None:
    """Show progress."""
    print(line, file=sys.stderr, flush=True)
