"""Open the Dagster UI with its daemon (schedules) on loopback, over one state folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import dagster as dg

from pipelines.history import bury_dead_runs
from pipelines.home import Home, SettingRefused, StateRefused
from pipelines.resources import PROJECT
from pipelines.run import absolute_home, prepare
from scrapers import log_lines
from scrapers.locks import Held, lock

WORKSPACE = PROJECT / "workspace.yaml"


def main(argv: list[str] | None = None) -> None:
    """Replace this process by `dagster dev`; it listens on 127.0.0.1 only, and answers its own pages only."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.ui", description="Dagster UI with schedules, on loopback."
    )
    parser.add_argument("--home", type=Path, default=Path(".aipolicy"), help="state folder")
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1")
    options = parser.parse_args(argv)
    home = absolute_home(options.home)
    try:
        prepare(home)
        _open(home, options.port)
    except (StateRefused, SettingRefused) as refused:
        sys.exit(str(refused))
    except Held as held:
        sys.exit(f"process {held} has the UI of {home.root} open; use that one or end it")


def _open(home: Home, port: int) -> None:
    """Tidy up after a killed UI and become `dagster dev`, which holds the UI's lock as long as it lives.

    Raises Held when another UI is open on the state folder.
    """
    with lock(home.ui_lock, wait_seconds=0) as handle:
        with dg.DagsterInstance.get() as instance:
            bury_dead_runs(home, instance, is_ui=True)
        os.set_inheritable(handle, True)
        os.chdir(PROJECT)
        form = ["--log-format", "json"] if log_lines.are_wanted() else []
        dev = [sys.executable, "-m", "pipelines.ui_guard", "dev"]
        os.execv(  # noqa: S606  a fixed command, no shell
            sys.executable, [*dev, "-w", str(WORKSPACE), "-h", "127.0.0.1", "-p", str(port), *form]
        )


if __name__ == "__main__":
    main()
