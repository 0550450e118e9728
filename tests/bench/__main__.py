"""`make bench`: what this house takes, beside its rivals and beside the limits of the machine.

What is compared is measured in turns; medians of several runs. Figures go into docs/performance.json, with the commit
and the machine, and docs/performance.md is written from them. Parts that are not measured keep the figures of before.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.bench import ingest, overheads, page, size
from tests.bench.measure import commit, machine, say

PARTS = ("ingest", "pages", "size", "overheads", "suite", "workers")


def main(argv: list[str] | None = None) -> None:
    """Measure the parts asked for, all unless some are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; default: all")
    parser.add_argument("--runs", type=int, default=5, help="runs a figure; the median counts")
    parser.add_argument("--lists", type=int, nargs="+", default=[10_000, 100_000], help="list documents to ingest")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="histories to build")
    parser.add_argument("--pages", type=int, default=2_000, help="pages of 50 KB to ingest")
    parser.add_argument("--shared", type=int, default=200_000, help="documents of the history that workers share")
    parser.add_argument("--only-page", action="store_true", help="measure nothing, write docs/performance.md anew")
    options = parser.parse_args(argv)
    if strangers := sorted(set(options.parts) - set(PARTS)):
        parser.error(f"expected parts among {', '.join(PARTS)}, got {', '.join(strangers)}")
    if not options.only_page:
        say(", ".join(f"{name} {value}" for name, value in machine().items()))
        measured = commit()
        for part in options.parts or PARTS:
            say(part)
            for name, figures in _measured(part, options):
                today = datetime.now(UTC).date().isoformat()
                about = {"at": today, "commit": measured, "machine": machine()}
                _keep(name, {"runs": options.runs, **figures, **about})
                page.write()
    page.write()


def _measured(part: str, options: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of a part as they come, each to be kept before the next is measured."""
    if part == "ingest":
        for count in options.lists:
            yield f"ingest_{count}", ingest.measure(count, options.runs)
    elif part == "pages":
        yield "pages", ingest.measure_pages(options.pages, options.runs)
    elif part == "size":
        for count in options.sizes:
            yield f"size_{count}", size.measure(count, options.runs)
    elif part == "suite":
        yield "suite", {"figures": overheads.measure_suite(), "runs": 1}
    elif part == "workers":
        from tests.bench import workers  # with what make scale-install brings

        yield "workers", workers.measure(options.shared, options.runs)
    else:
        yield "overheads", {"figures": overheads.measure(options.runs)}


def _keep(name: str, figures: dict[str, Any]) -> None:
    held = page.figures()
    held[name] = figures
    page.FIGURES.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
