"""Write the expected files that are missing, and fail once so that somebody reads them.

Run as `python -m tests.accept [SLUG ...]`. Existing files are never overwritten: delete one to have it written anew.
Exit code 0 when nothing was missing, 1 when files were written and wait for review or a
named source has no answers, 2 for an unknown source.
"""

from __future__ import annotations

import argparse
import json
import sys

from scrapers.durable import write_whole
from scrapers.registry import sources
from tests.contract.cases import cases_of, read


def main(argv: list[str] | None = None) -> int:
    """The process's entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.accept", description="Write missing expected files.")
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="source; all when none is named")
    options = parser.parse_args(argv)
    if unknown := sorted(set(options.slugs) - set(sources())):
        sys.stderr.write(f"no source {', '.join(unknown)}; known sources: {', '.join(sources())}\n")
        return 2
    bare = [slug for slug in options.slugs if not cases_of(slug)]
    for slug in bare:
        sys.stderr.write(
            f"{slug}: expected answers in tests/fixtures/{slug}, found none; run make record SLUG={slug}\n"
        )
    missing = [case for slug in options.slugs or sources() for case in cases_of(slug) if not case.expected.exists()]
    for case in missing:
        content = json.dumps(read(case), ensure_ascii=False, indent=1, sort_keys=False) + "\n"
        write_whole(case.expected, content.encode())
        sys.stdout.write(
            f"wrote {case.expected.name} of {case.slug}; read it against {case.answer.name}, then test again\n"
        )
    return 1 if missing or bare else 0


if __name__ == "__main__":
    sys.exit(main())
