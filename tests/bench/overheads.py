"""What everybody waits for: imports, commands, a run on the samples, a run that finds nothing new, a digest."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.cli.operate import SAMPLES_UNTIL
from pipelines.home import Home
from pipelines.publish.edition import current_edition
from scrapers.contracts import CrawlLedger
from scrapers.registry import sources
from tests.bench.measure import Took, median, process, python, say

DAYS = ("--since", str(SAMPLES_UNTIL - timedelta(4)), "--until", str(SAMPLES_UNTIL))
"""About the days that a daily refresh asks for; a whole week owes documents of sources whose samples are few."""


def measure(runs: int) -> dict[str, Any]:
    """Seconds and CPU seconds of each; of a refresh also the requests sent."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        first = [_fresh(home) for _ in range(runs)]
        refresh = [_refresh(home) for _ in range(runs)]
        everything = [_run(home) for _ in range(runs)]
        week = f"{SAMPLES_UNTIL - timedelta(7):%G-W%V}"
        digest = [aipolicy("--home", str(home), "digest", "--week", week) for _ in range(runs)]
    return {
        "import of the code location": _told([python("-c", "import pipelines.definitions") for _ in range(runs)]),
        "aipolicy --help": _told([aipolicy("--help") for _ in range(runs)]),
        "first run on the samples": _told(first),
        "refresh of five days, nothing new": _told([took for took, _ in refresh]) | {"requests": refresh[-1][1]},
        "the first run again, nothing new": _told(everything),
        "digest": _told(digest),
    }


def measure_suite() -> dict[str, Any]:
    """Seconds and CPU seconds of the tests that `make test` runs, once."""
    return {"test suite": _told([python("-m", "pytest", "-q")])}


def aipolicy(*arguments: str) -> Took:
    """Run the command."""
    return process([str(Path(sys.executable).with_name("aipolicy")), *arguments])


def _told(took: list[Took]) -> dict[str, Any]:
    return {
        "seconds": median([one.seconds for one in took]),
        "cpu_seconds": median([one.cpu_seconds for one in took]),
        "peak_mib": median([one.peak_mib for one in took]),
        "seconds_runs": [round(one.seconds, 3) for one in took],
    }


def _run(home: Path, *more: str) -> Took:
    took = aipolicy("--home", str(home), "run", "--samples", *more)
    say(f"  run on the samples: {took.seconds:.1f} s, {took.cpu_seconds:.1f} s CPU")
    return took


def _fresh(home: Path) -> Took:
    shutil.rmtree(home, ignore_errors=True)
    return _run(home)


def _refresh(home: Path) -> tuple[Took, int]:
    """A refresh of the last days and the requests that it sent.

    Raises RuntimeError where it found something new after all.
    """
    before = _made(Home(home))
    took = _run(home, *DAYS)
    if _made(Home(home)) != before:
        raise RuntimeError("expected nothing new of the samples, got another edition, or dbt or an audit without need")
    accounts = [max((home / "archive" / slug).glob("*.ledger.json"), default=None) for slug in sources()]
    ledgers = [CrawlLedger.model_validate_json(path.read_bytes()) for path in accounts if path]
    return took, sum(ledger.requests for ledger in ledgers)


def _made(home: Home) -> tuple[object, ...]:
    """The edition, and when dbt and an audit last left something."""
    traces = (home.dbt_target / "run_results.json", home.audits)
    return current_edition(home), *(path.stat().st_mtime_ns for path in traces)
