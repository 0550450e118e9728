"""`make fuzz`: search each target for bytes that break it, by so many tries; what is found is kept as a case.

The search is libFuzzer's, guided by the lines of our code that an input reaches. Inputs that reached new ones are kept
in `build/fuzz`, where the next search goes on. From the same of them the same seed and tries are the same search again,
but for targets so slow that their seconds end it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "build" / "fuzz"
MAX_BYTES = 65_536
SECONDS_AN_INPUT = 30
GRACE_SECONDS = 120


def main(argv: Sequence[str] | None = None) -> int:
    """The process's entry point: 0 when nothing broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz what reads and shows texts.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all when none is named")
    parser.add_argument("--tries", type=int, default=1500, help="of each target (default: 1500)")
    parser.add_argument("--seconds", type=int, default=20, help="at most, of each target (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="of the search (default: 1)")
    parser.add_argument("--search", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.search:
        search(*options.targets, options.tries, options.seconds, options.seed)
    from tests.fuzz.targets import TARGETS

    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"expected some of {', '.join(TARGETS)}, got {', '.join(sorted(unknown))}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        names = options.targets or list(TARGETS)
        broken = list(pool.map(lambda name: _searched(name, options.tries, options.seconds, options.seed), names))
    return int(any(broken))


def _searched(target: str, tries: int, seconds: int, seed: int) -> bool:
    """Search one target in a process of its own and tell in a line; whether it broke."""
    bounds = ("--tries", str(tries), "--seconds", str(seconds), "--seed", str(seed))
    command = [sys.executable, "-m", "tests.fuzz", "--search", target, *bounds]
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + GRACE_SECONDS,
        )
        said, code = done.stdout + done.stderr, done.returncode
    except subprocess.TimeoutExpired:
        said, code = f"expected an end within {seconds + GRACE_SECONDS} s", 1
    done_tries = [line.split()[1] for line in said.splitlines() if line.startswith("Done ")]
    told = f"{int(done_tries[0]):,} tries, nothing broke" if done_tries and code == 0 else f"BROKE\n{said[-6000:]}"
    print(f"{target}: {told}", flush=True)
    return code != 0


def search(target: str, tries: int, seconds: int, seed: int) -> None:
    """Search in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["scrapers", "pipelines"]):
        from tests.fuzz.targets import FINDINGS, TARGETS, seeds
    kept = FINDINGS / target
    kept.mkdir(parents=True, exist_ok=True)
    corpus = CORPUS / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed_bytes in enumerate(seeds(target)):
        (corpus / f"{number:04}").write_bytes(seed_bytes)
    bounds = (f"-max_len={MAX_BYTES}", f"-timeout={SECONDS_AN_INPUT}", "-rss_limit_mb=2048")
    search_bounds = (f"-runs={tries}", f"-max_total_time={seconds}", f"-seed={seed}")
    atheris.Setup([target, str(corpus), *search_bounds, *bounds, f"-artifact_prefix={kept}/"], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
