"""Open the Dagster UI with its daemon (schedules) on loopback, over one state folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pipelines.resources import PROJECT
from pipelines.run import absolute_home, prepare


def main(argv: list[str] | None = None) -> None:
    """Replace this process by `dagster dev`; it listens on 127.0.0.1 only."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.ui", description="Dagster UI with schedules, on loopback."
    )
    parser.add_argument("--home", type=Path, default=Path(".aipolicy"), help="state folder")
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1")
    options = parser.parse_args(argv)
    prepare(absolute_home(options.home))
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.chdir(PROJECT)
    os.execv(  # noqa: S606  a fixed command, no shell
        dagster, [dagster, "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(options.port)]
    )


if __name__ == "__main__":
    main()
