"""A run that dies blocks nobody and leaves nothing running; two runs at once are one too many."""

from __future__ import annotations

import os
import random
import re
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
from tests.faults.short_path import half_files
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

STEPS = ("ingest", "load", "enrich", "transform", "edition__staged", "audit", "edition__published", "digest__delivered")
ENDS = (
    *((step, signal.SIGKILL) for step in STEPS[:6]),
    ("edition__published", signal.SIGTERM),
    *((step, signal.SIGKILL) for step in STEPS[6:]),
)
"""The steps of a run in which it is ended, and how, in the order of the path."""
FIFTH = 5
"""Of the 27 ends that three seeds make, so many are made where not all are asked for."""
FINAL = ("archive", "landing", "bookkeeping", "digests", "editions")
"""Where nothing that bears its final name may be half."""
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


@pytest.mark.fault("S1")
@pytest.mark.parametrize("seed", range(SEED, SEED + (3 if ALL_KILLS else 1)))
def test_a_killed_run_blocks_nobody(published: Path, tmp_path: Path, seed: int, verdict: Verdict) -> None:
    """Killed at a random moment of each step, and cancelled while publishing, one after another over one folder.

    The warehouse is made anew from the landing of a clean run, so the end must be that run's edition and its issue.
    """
    rng, seconds = random.Random(seed), seconds_of(published.with_name("told").read_text())
    ends = ENDS if ALL_KILLS else sorted(rng.sample(ENDS, FIFTH), key=ENDS.index)
    home = world.copy_home(published, tmp_path / "home", "warehouse", "editions", "bookkeeping", "dbt", "digests")
    hits = 0
    for step, number in ends:
        wait = rng.uniform(0, seconds[step] / 2) if number is signal.SIGKILL else 0
        log = tmp_path / f"{step} {number.name}"
        hits += any(  # at its very beginning, where it was over before its moment came
            ended_within(home, log.with_suffix(f".{tried}.log"), step, number, moment)
            for tried, moment in enumerate((wait, 0.0))
        )
        assert [half for folder in FINAL for half in half_files(home / folder)] == []
        if (home / "editions" / "current").is_symlink():
            whole_edition(Home(home))

    ended = world.aipolicy(*run_of(home))
    assert ended.returncode == 0, world.said(ended)
    assert world.about(home)["content_sha256"] == world.about(published)["content_sha256"]
    assert world.about(home)["edition_id"] == world.about(published)["edition_id"]
    assert world.content_parquet(home) == world.content_parquet(published)
    assert names_of(home / "digests") == names_of(published / "digests")
    shutil.rmtree(home)
    assert hits >= len(ends) - 1, "steps were over before their moment came"
    verdict.recovered(hits)


def seconds_of(told: str) -> dict[str, float]:
    """How long each step of a clean run took, by the lines that it told; crawling counts from the first crawl's end."""
    lines = re.findall(r"^ *([\d.]+) s  (\w+): (?:done$|\d+ documents)", told, re.MULTILINE)
    ended = {name: float(at) for at, name in lines}
    began = [min(ended[slug] for slug in world.SOURCES), *(ended[step] for step in STEPS)]
    return {step: ended[step] - before for step, before in zip(STEPS, began, strict=False)}


def ended_within(home: Path, log: Path, step: str, number: signal.Signals, wait: float) -> bool:
    """End a run with a signal some time after a step has begun; whether that was before the step ended."""
    with processes.started(log, *run_of(home)) as process:
        processes.until(
            lambda: has_begun(step, log, process.pid) or process.poll() is not None, world.TIMEOUT, f"{step} to begin"
        )
        assert process.poll() is None, log.read_text()
        time.sleep(wait)
        family = processes.family_of(process.pid)
        process.send_signal(number)
        process.wait(GONE_SECONDS)
    assert_all_gone(family)
    return process.returncode != 0 and f"{step}: done" not in log.read_text()


def has_begun(step: str, log: Path, pid: int) -> bool:
    """A step begins when the one before it is done, the first one with a crawl."""
    if step == STEPS[0]:
        return bool(crawling(pid))
    return f"{STEPS[STEPS.index(step) - 1]}: done" in log.read_text()


def names_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


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
