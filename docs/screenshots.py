"""Pictures of the digest, the site and the Dagster UI, made with headless Chromium from a state folder.

Run as `python -m docs.screenshots --home DIR [--out FOLDER] [--week YYYY-Www]`. The state folder must hold a published
edition, for example that of `make run`. Look at the pictures before you commit them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pipelines.digest import build_digest
from pipelines.home import Home
from pipelines.page_names import page_name
from pipelines.publish.edition import current_edition, fresh_looks

PROJECT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
WEEK = "2023-W44"
"""The fullest week of the sample data."""
POLICY = "us-eo-13984"
"""With it the story of the rules on access to cloud computing begins."""
READY_SECONDS = 180.0
PICTURE_SECONDS = 120.0
STOP_SECONDS = 15.0
OPENER = (sys.executable, "-m", "pipelines.ui")
OPEN_GROUPS = ("enrichment", "audit", "publish", "digest")
RUNS_QUERY = '{ runsOrError(filter: {pipelineName: "refresh"}, limit: 1) { ... on Runs { results { runId } } } }'
LOADED_QUERY = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"


@dataclass(frozen=True)
class Picture:
    """One page at one size."""

    name: str
    address: str
    width: int
    height: int
    is_dark: bool = False


class NoPicture(Exception):
    """A picture could not be made."""


def take(picture: Picture, folder: Path) -> Path:
    """Photograph a page with Chromium; returns the PNG file.

    Raises NoPicture when Chromium is missing or made none of that size.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NoPicture("expected the command chromium, found none; install it (Debian and Ubuntu: package chromium)")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{picture.name}.png"
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="aipolicy-chromium-") as profile:
        done = subprocess.run(
            [chromium, *_flags(picture, Path(profile), path), picture.address],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PICTURE_SECONDS,
            check=False,
        )
    if not path.exists() or png_size(path) != (picture.width, picture.height):
        tail = done.stderr.decode(errors="replace").strip()[-500:]
        raise NoPicture(
            f"{picture.name}: expected a picture of {picture.width} x {picture.height}; Chromium says: {tail}"
        )
    return path


def _flags(picture: Picture, profile: Path, path: Path) -> list[str]:
    """Flags of a browser without a screen, an account or a network of its own."""
    flags = ["headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "hide-scrollbars"]
    flags += ["disable-background-networking", "disable-component-update", "disable-sync"]
    flags += ["force-dark-mode"] if picture.is_dark else []
    flags += [f"user-data-dir={profile}", f"window-size={picture.width},{picture.height}"]
    flags += ["virtual-time-budget=20000", f"screenshot={path}"]
    return [f"--{flag}" for flag in flags]


def png_size(path: Path) -> tuple[int, int]:
    """Width and height as the file's header says."""
    head = path.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def digest_pictures(page: Path) -> list[Picture]:
    """The digest in light, dark and on a telephone."""
    address = page.resolve().as_uri()
    return [
        Picture("digest", address, 960, 1250),
        Picture("digest-dark", address, 960, 900, is_dark=True),
        Picture("digest-narrow", address, 390, 1200),
    ]


def site_pictures(edition: Path) -> list[Picture]:
    """The page of a policy in the site."""
    page = edition.resolve() / "site" / "policies" / f"{page_name(POLICY)}.html"
    return [Picture("site", page.as_uri(), 1100, 1250)]


def ui_pictures(base: str, run_id: str | None) -> list[Picture]:
    """The lineage, the audit's checks and the last refresh in the UI."""
    groups = urlencode({"expanded": ",".join(f"global@global:{group}" for group in OPEN_GROUPS)})
    pictures = [
        Picture("ui", f"{base}/asset-groups?{groups}", 1500, 560),
        Picture("ui-checks", f"{base}/assets/edition/staged?view=checks", 1400, 800),
    ]
    if run_id is not None:
        pictures.append(Picture("ui-run", f"{base}/runs/{run_id}", 1500, 950))
    return pictures


@contextmanager
def running_ui(home: Home, opener: Sequence[str] = OPENER) -> Iterator[int]:
    """The Dagster UI over a state folder, on a free port, until the block ends.

    Raises NoPicture when it does not serve in time.
    """
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [*opener, "--home", str(home.root), "--port", str(port)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_until_loaded(child, port)
            yield port
        finally:
            _stop(child)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_loaded(child: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            entries = ask(port, LOADED_QUERY)["workspaceOrError"]["locationEntries"]
        except (OSError, HTTPException):
            entries = []
        if entries and all(entry["locationOrLoadError"] for entry in entries):
            return
        time.sleep(1.0)
    raise NoPicture(f"expected the UI on port {port} within {READY_SECONDS:.0f} s; try: python -m pipelines.ui")


def _stop(child: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            os.killpg(child.pid, number)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def ask(port: int, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Ask the UI's GraphQL.

    Raises NoPicture when it does not understand.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked = json.dumps({"query": query, "variables": variables or {}})
        connection.request("POST", "/graphql", asked, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if "errors" in answer:
        raise NoPicture(f"expected an answer to {query}, got {answer['errors']}")
    return dict(answer["data"])


def photograph(home: Home, out: Path, week: str) -> list[Path]:
    """All pictures; the digest is written to a folder of its own, so the state folder keeps its digests as they are."""
    with tempfile.TemporaryDirectory(prefix="aipolicy-digest-") as folder:
        page = build_digest(current_edition(home), week, None, Path(folder), looks=fresh_looks(home)).html
        pictures = [*digest_pictures(page), *site_pictures(current_edition(home))]
        taken = [take(picture, out) for picture in pictures]
    with running_ui(home) as port:
        runs = ask(port, RUNS_QUERY)["runsOrError"]["results"]
        run_id = runs[0]["runId"] if runs else None
        taken += [take(picture, out) for picture in ui_pictures(f"http://127.0.0.1:{port}", run_id)]
    return taken


def main(argv: Sequence[str] | None = None) -> int:
    """The process's entry point: 0 when every picture was made."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.screenshots", description="Pictures of the digest, the site and the UI."
    )
    parser.add_argument("--home", type=Path, default=Path(".aipolicy-samples"), help="state folder with an edition")
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder of the pictures (default: docs/images)")
    parser.add_argument("--week", default=WEEK, help=f"week of the digest (default: {WEEK})")
    options = parser.parse_args(argv)
    try:
        taken = photograph(Home(options.home.resolve()), options.out.resolve(), options.week)
    except (NoPicture, FileNotFoundError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in taken:
        print(f"{path.name}: {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
