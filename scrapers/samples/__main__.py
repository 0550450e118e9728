"""`python -m scrapers.samples`: the sample sources, served on this machine."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from scrapers.samples.discover import UnknownSample, sample_hosts
from scrapers.samples.server import die_with_parent, serve

DESCRIPTION = """\
Serve sample sources on 127.0.0.1 that answer like the official ones, with their paging, caps and quirks. One port a
host, in the order of the hosts' names. When ready, ONE line of JSON on stdout says where each host is, for example
{"www.federalregister.gov": "http://127.0.0.1:40001", ...}. Runs until SIGTERM or Ctrl-C, and ends with the process that
started it.
"""
EXAMPLE = """\
Example: start it, then crawl a source from it in another shell:
  python -m scrapers.samples --source us_federal_register --port 8801
  python -m scrapers.crawl us_federal_register --since 2024-01-01 --until 2024-02-15 --home .aipolicy \\
      --base-url www.federalregister.gov=http://127.0.0.1:8801
"""


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_000:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65000, got {value}")
    return value


def main(argv: list[str] | None = None) -> int:
    """The process's entry point; 0 after a proper stop, 1 when it could not start; wrong usage exits with 2."""
    parser = argparse.ArgumentParser(
        prog="python -m scrapers.samples",
        description=DESCRIPTION,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--source",
        dest="slugs",
        action="append",
        default=[],
        metavar="SLUG",
        help="serve only the hosts of this source; repeatable",
    )
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="DIR",
        help="folder of larger data: sources that know it serve its documents instead of the bundled ones, the others "
        "are unchanged; scrapers/samples/README.md says what it must hold",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        metavar="N",
        help="port of the first host, the others follow; default: any free ports",
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="append one line of JSON a request: at, host, method, path_qs, status"
    )
    options = parser.parse_args(argv)
    die_with_parent()
    try:
        asyncio.run(serve(sample_hosts(options.slugs, options.corpus), options.port, options.log))
    except UnknownSample as error:
        parser.error(str(error))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
