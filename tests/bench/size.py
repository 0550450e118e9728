"""A history of any size: its first build by stages, and what a day's news costs on top of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.ops.sizes import size_of
from tests.bench.history import write_crawl, write_history
from tests.bench.made_up import documents
from tests.bench.measure import median, python, say
from tests.bench.step import LOAD_ALONE, MADE_BEFORE, STEPS

NEWS = 600
UPSERT = 10_000
_NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)


def measure(count: int, runs: int) -> dict[str, Any]:
    """Seconds and memory of the first build by stages, its bytes, medians of a day's news by stages, and readers."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Home(Path(temporary))
        say(f"  making a history of {count:,} documents")
        write_history(home, count)
        built = _stages(home)
        held = {part: size_of(home.root / part) for part in ("landing", "warehouse", "editions")}
        news = [_news(home, count + number * NEWS, number) for number in range(runs)]
        read = _readers(home)
        read_beside = _readers_beside_a_publish(home, count + runs * NEWS, runs)
        upsert = [_upsert(home, count, number, runs) for number in range(runs)]
    return {
        "documents": count,
        "bytes": held,
        "first_build": built,
        "first_build_seconds": round(sum(stage["seconds"] for stage in built.values()), 1),
        "news": {step: median([one[step]["seconds"] for one in news]) for step in STEPS},
        "news_runs": {step: [one[step]["seconds"] for one in news] for step in STEPS},
        "upsert_10k_seconds": median(upsert),
        "readers": read,
        "readers_beside_a_publish": read_beside,
    }


def _readers(home: Home, *while_there: Path) -> dict[str, Any]:
    command = ("-m", "tests.bench.readers", str(home.root), *map(str, while_there))
    found: dict[str, Any] = json.loads(python(*command).said.splitlines()[-1])
    return found


def _readers_beside_a_publish(home: Home, first: int, number: int) -> dict[str, Any]:
    """What readers wait for from the staging of another edition to its publication."""
    write_crawl(home, list(documents(NEWS, first, day=_NOW.date())), _NOW.replace(minute=number))
    for step in MADE_BEFORE:
        _step(home, step)
    with ThreadPoolExecutor(1) as beside, _there(home.root / "under-way") as under_way:
        reading = beside.submit(_readers, home, under_way)
        for step in STEPS[len(MADE_BEFORE) :]:
            _step(home, step)
        under_way.unlink()
        return reading.result()


@contextmanager
def _there(path: Path) -> Iterator[Path]:
    """A file that is there for a block, if nobody takes it away earlier."""
    path.touch()
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _stages(home: Home) -> dict[str, dict[str, float]]:
    return {step: _step(home, step) for step in STEPS}


def _step(home: Home, step: str) -> dict[str, float]:
    """What a stage took; its process takes the import of the code location besides, which is measured elsewhere."""
    took = python("-m", "tests.bench.step", str(home.root), step)
    seconds = float(took.said.split()[-1])
    say(f"  {step}: {seconds:.2f} s, {took.peak_mib:,.0f} MiB")
    return {"seconds": seconds, "peak_mib": round(took.peak_mib), "together_mib": round(took.together_mib)}


def _news(home: Home, first: int, number: int) -> dict[str, dict[str, float]]:
    """One more batch, published the day that it is crawled, carried through to the published edition."""
    write_crawl(home, list(documents(NEWS, first, day=_NOW.date())), _NOW.replace(minute=number))
    return _stages(home)


def _upsert(home: Home, held: int, number: int, runs: int) -> float:
    """Seconds to load ten thousand: half are known and were changed, half are new; the checkpoint is included."""
    half = UPSERT // 2
    changed = documents(half, (held - (number + 1) * half) % held, revision=number + 1)
    new = documents(half, held + runs * NEWS + UPSERT + number * half, day=_NOW.date())
    write_crawl(home, [*changed, *new], _NOW.replace(hour=18, minute=number))
    return float(python("-m", "tests.bench.step", str(home.root), LOAD_ALONE).said.split()[-1])
