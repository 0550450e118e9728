"""A run that dies blocks nobody and leaves nothing running; two runs at once are one too many."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pipelines.home import Home
from pipelines.publish.edition import whole_edition
from pipelines.run import only_run
from pipelines.warehouse import writer_lock
from tests.e2e import world
from tests.faults import processes
from tests.faults.kill_points import ALL_KILLS
from tests.faults.seed import SEED
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

DIES_IN_LOAD = """\
import os, signal
from pipelines import load
load._write_sightings = lambda connection, ledger: os.kill(os.getpid(), signal.SIGKILL)
"""
GONE_SECONDS = 10.0


def run_of(home: Path) -> tuple[str, ...]:
    return ("--home", str(home), "run", "--samples", *world.WINDOW)


def end_when(
    home: Path,
    log: Path,
    ready: Callable[[int], list[psutil.Process]],
    number: signal.Signals,
    wait: float = 0.3,
) -> list[psutil.Process]:
    """Start a run, end it with a signal as soon as `ready` finds the processes waited for; returns all it had begun."""
    with processes.started(log, *run_of(home)) as process:
        processes.until(lambda: ready(process.pid) or process.poll() is not None, 120, "the moment to end the run")
        assert process.poll() is None, log.read_text()
        time.sleep(wait)
        family = processes.family_of(process.pid)
        assert family
        process.send_signal(number)
        process.wait(GONE_SECONDS)
        assert process.returncode != 0
    return family


def assert_all_gone(family: list[psutil.Process]) -> None:
    processes.until(lambda: not processes.alive(family), GONE_SECONDS, f"no orphans, got {processes.alive(family)}")


def crawling(pid: int) -> list[psutil.Process]:
    return processes.family_of(pid, "scrapers.crawl")


def transforming(pid: int) -> list[psutil.Process]:
    return processes.family_of(pid, "bin/dbt")


@pytest.mark.fault("S1")
@pytest.mark.parametrize("seed", range(SEED, SEED + (7 if ALL_KILLS else 1)))
def test_a_killed_run_blocks_nobody(published: Path, tmp_path: Path, seed: int, verdict: Verdict) -> None:
    """Killed while crawling, loading and building, and cancelled while publishing, one after another over one folder.

    The warehouse is made anew from the landing of a clean run, so the end must be that run's edition.
    """
    rng = random.Random(seed)
    home = world.copy_home(published, tmp_path / "home", "warehouse", "editions", "bookkeeping", "dbt", "digests")
    assert_all_gone(end_when(home, tmp_path / "1.log", crawling, signal.SIGKILL, rng.uniform(0, 3)))
    for slug in world.SOURCES:
        assert len(world.ledgers(home, slug)) <= 2, "a killed crawl accounts for nothing"

    in_load = world.aipolicy(*run_of(home), code=DIES_IN_LOAD)
    assert in_load.returncode == -signal.SIGKILL, world.said(in_load)
    assert "ingest: done" in in_load.stderr, world.said(in_load)
    assert "load: done" not in in_load.stderr, world.said(in_load)

    assert_all_gone(end_when(home, tmp_path / "3.log", transforming, signal.SIGKILL, rng.uniform(0, 20)))

    cancel_when_audited(home, tmp_path / "4.log")
    if (home / "editions" / "current").is_symlink():
        whole_edition(Home(home))

    ended = world.aipolicy(*run_of(home))
    assert ended.returncode == 0, world.said(ended)
    assert world.about(home)["content_sha256"] == world.about(published)["content_sha256"]
    assert world.about(home)["edition_id"] == world.about(published)["edition_id"]
    assert world.content_parquet(home) == world.content_parquet(published)
    shutil.rmtree(home)
    verdict.recovered(4)


def cancel_when_audited(home: Path, log: Path) -> None:
    """SIGTERM in the moment in which nothing stands between the run and its edition."""
    with processes.started(log, *run_of(home)) as process:
        told = "audit: done"
        processes.until(lambda: told in log.read_text() or process.poll() is not None, world.TIMEOUT, told)
        assert process.poll() is None, log.read_text()
        family = processes.family_of(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(GONE_SECONDS)
        assert process.returncode != 0
    assert_all_gone(family)


@pytest.mark.fault("O4")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_end_with_an_interrupted_run(
    home: Path, tmp_path: Path, number: signal.Signals, verdict: Verdict
) -> None:
    edition = world.edition_files(home)
    family = end_when(home, tmp_path / "run.log", crawling, number)
    assert_all_gone(family)
    assert world.edition_files(home) == edition
    verdict.publish_blocked(len(processes.alive(family)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_waits_for_the_warehouse_says_so_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    home, log = tmp_path / "home", tmp_path / "run.log"
    window = ("--source", "uk_govuk", "--since", "2024-01-29", "--until", "2024-01-29")
    with (
        writer_lock(Home(home)),
        processes.started(log, "--home", str(home), "run", "--samples", *window) as process,
    ):
        told = f"waiting for process {os.getpid()}, which holds writer.lock"
        processes.until(lambda: told in log.read_text() or process.poll() is not None, world.TIMEOUT, told)
        assert process.poll() is None, log.read_text()
        process.send_signal(number)
        process.wait(GONE_SECONDS)
        assert process.returncode != 0


@pytest.mark.fault("S8")
def test_locks_die_with_their_holder(tmp_path: Path, verdict: Verdict) -> None:
    """A process that held both locks and was killed leaves both free."""
    home = Home(tmp_path)
    read, write = os.pipe()
    holder = os.fork()
    if holder == 0:
        with only_run(home), writer_lock(home):
            os.write(write, b"!")
            signal.pause()
        os._exit(0)
    assert os.read(read, 1) == b"!"
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    began = time.monotonic()
    with only_run(home), writer_lock(home, wait_seconds=1):
        verdict.recovered(time.monotonic() - began)


@pytest.mark.fault("S7")
def test_a_second_run_is_refused_and_names_the_first(home: Path, verdict: Verdict) -> None:
    crawls = len(list(home.glob("archive/*/*")))
    with only_run(Home(home)):
        second = world.aipolicy(*run_of(home))
        replay = world.aipolicy("--home", str(home), "replay")
    for refused in (second, replay):
        assert refused.returncode == 1, world.said(refused)
        assert f"process {os.getpid()} is running" in refused.stderr, world.said(refused)
    verdict.refused(len(list(home.glob("archive/*/*"))) - crawls)
