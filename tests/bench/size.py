"""A history of any size: its first build by stages, and what a day's news costs on top of it."""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.ops.sizes import size_of
from tests.bench.history import write_crawl, write_history
from tests.bench.made_up import documents
from tests.bench.measure import median, python, say
from tests.bench.step import MADE_BEFORE, STEPS

NEWS = 600
UPSERT = 10_000
_NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)


def measure(count: int, runs: int, folder: Path | None = None) -> dict[str, Any]:
    """Seconds and memory of the first build by stages, its bytes, medians of a day's news by stages, and readers."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        home = Home(Path(temporary))
        say(f"  making a history of {count:,} documents")
        write_history(home, count)
        built = _stages(home)
        held = {part: size_of(home.root / part) for part in ("landing", "warehouse", "editions")}
        news = [_news(home, count + number * NEWS, number) for number in range(runs)]
        read = _readers(home)
        read_beside = _readers_beside_a_publish(home, count + runs * NEWS, runs)
        upsert = [_upsert(home, count, number) for number in range(runs)]
    return {
        "documents": count,
        "bytes": held,
        "first_build": built,
        "first_build_seconds": round(sum(stage["seconds"] for stage in built.values()), 1),
        "news": {step: median([one[step]["seconds"] for one in news]) for step in STEPS},
        "upsert_10k_seconds": median(upsert),
        "readers": read,
        "readers_beside_a_publish": read_beside,
    }


def _readers(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(python("-m", "tests.bench.readers", str(home.root)).said.splitlines()[-1])
    return found


def _readers_beside_a_publish(home: Home, first: int, number: int) -> dict[str, Any]:
    """What readers wait for while another edition is staged, audited and published."""
    write_crawl(home, list(documents(NEWS, first, day=_NOW.date())), _NOW.replace(minute=number))
    for step in MADE_BEFORE:
        _step(home, step)
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(_readers, home)
        for step in STEPS[len(MADE_BEFORE) :]:
            _step(home, step)
        return reading.result()


def _stages(home: Home) -> dict[str, dict[str, float]]:
    return {step: _step(home, step) for step in STEPS}


def _step(home: Home, step: str) -> dict[str, float]:
    """What a stage took; its process takes the import of the code location besides, which is measured elsewhere."""
    took = python("-m", "tests.bench.step", str(home.root), step)
    seconds = float(took.said.split()[-1])
    say(f"  {step}: {seconds:.2f} s, {took.peak_mib:,.0f} MiB")
    return {"seconds": seconds, "cpu_seconds": round(took.cpu_seconds, 1), "peak_mib": round(took.peak_mib)}


def _news(home: Home, first: int, number: int) -> dict[str, dict[str, float]]:
    """One more batch, published the day that it is crawled, carried through to the published edition."""
    write_crawl(home, list(documents(NEWS, first, day=_NOW.date())), _NOW.replace(minute=number))
    return _stages(home)


def _upsert(home: Home, held: int, number: int) -> float:
    """Seconds to load ten thousand: half are known and were changed, half are new; the checkpoint is included."""
    changed = documents(UPSERT // 2, number * UPSERT // 2, revised=True)
    new = documents(UPSERT // 2, held + 10 * UPSERT + number * UPSERT, day=_NOW.date())
    write_crawl(home, [*changed, *new], _NOW.replace(hour=18, minute=number))
    return float(python("-m", "tests.bench.step", str(home.root), "load").said.split()[-1])
