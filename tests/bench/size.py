"""A history of any size: its first build by stages, and what a day's news costs on top of it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.home import Home
from tests.bench import readers
from tests.bench.history import write_history
from tests.bench.measure import Took, median, python, say
from tests.bench.step import STEPS

NEWS = 600
UPSERT = 10_000
_NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)


def measure(documents: int, runs: int, folder: Path | None = None) -> dict[str, Any]:
    """Seconds and memory of each stage of the first build, medians of each stage of a day's news, and of readers."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        home = Home(Path(temporary))
        say(f"  making a history of {documents:,} documents")
        write_history(home, documents)
        built = _stages(home)
        news = [_news(home, documents, number) for number in range(runs)]
        read = readers.measure(home)
        upsert = _upsert(home, documents + runs * NEWS)
    return {
        "documents": documents,
        "first_build": built,
        "first_build_seconds": round(sum(stage["seconds"] for stage in built.values()), 1),
        "news": {step: median([one[step]["seconds"] for one in news]) for step in STEPS},
        "news_cpu": {step: median([one[step]["cpu_seconds"] for one in news]) for step in STEPS},
        "upsert_10k_seconds": upsert,
        "readers": read,
    }


def _stages(home: Home) -> dict[str, dict[str, float]]:
    return {step: _told(step, python("-m", "tests.bench.step", str(home.root), step)) for step in STEPS}


def _told(step: str, took: Took) -> dict[str, float]:
    """What a stage took; its process takes the import of the code location besides, which is measured elsewhere."""
    seconds = float(took.said.split()[-1])
    say(f"  {step}: {seconds:.2f} s, {took.peak_mib:,.0f} MiB")
    return {"seconds": seconds, "cpu_seconds": round(took.cpu_seconds, 1), "peak_mib": round(took.peak_mib)}


def _news(home: Home, documents: int, number: int) -> dict[str, dict[str, float]]:
    """One more batch, carried through to the published edition."""
    write_history(home, NEWS, first=documents + number * NEWS, began=_NOW.replace(minute=number))
    return _stages(home)


def _upsert(home: Home, first: int) -> float:
    """Seconds to load ten thousand more, half of them known and changed since, the checkpoint included."""
    write_history(home, UPSERT, first=first - UPSERT // 2, began=_NOW.replace(hour=18))
    return float(python("-m", "tests.bench.step", str(home.root), "load").said.split()[-1])
