"""A crawl that was killed while it ended blocks no later run of the command, and nobody needs to act."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e import world

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SLUG = "us_grants_gov"
HOST = "api.grants.gov"
DAYS = ("--since", "2024-01-01", "--until", "2024-01-07")
DIES_BEFORE = """\
import os, signal
from scrapers import crawl
write = crawl.write_whole
def write_or_die(path, content):
    if path.name.endswith('{}'):
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, content)
crawl.write_whole = write_or_die
"""


@pytest.mark.parametrize(
    ("name", "told"), [(".ledger.json", "answers are kept in"), (".manifest.json", "written from its ledger")]
)
def test_the_run_after_a_killed_crawl_goes_through(home: Path, samples: dict[str, str], name: str, told: str) -> None:
    stand_in = ("--base-url", f"{HOST}={samples[HOST]}")
    dead = world.aipolicy("--home", str(home), "crawl", SLUG, *DAYS, *stand_in, code=DIES_BEFORE.format(name))
    assert dead.returncode == -signal.SIGKILL, world.said(dead)
    ended = world.aipolicy("--home", str(home), "run", "--source", SLUG, *DAYS, base_urls=samples)
    assert ended.returncode == 0, world.said(ended)
    assert told in ended.stderr, world.said(ended)
    assert "WARNING" in ended.stderr
