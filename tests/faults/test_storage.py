"""Disks that are full, read-only or wrong, locks that are held, few file handles: told, and nothing is lost."""

from __future__ import annotations

import ctypes
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pytest

from pipelines.checks import archive_is_whole
from pipelines.home import Home, StateRefused
from pipelines.ops.rebuild import rebuild
from pipelines.ops.state import bring_up_to_date
from pipelines.resources import StateFolder
from pipelines.warehouse import writer_lock
from scrapers.replay import main as replay
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.faults import processes
from tests.faults.crawling import crawl
from tests.faults.short_path import Walk, half_files, without_macros
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

AWARDS = "us_nsf_awards"
DISK_MB = 24
NEXT = {"since": date(2024, 1, 30), "until": date(2024, 1, 30)}
COMMITTED = (
    "select 'crawls', crawl_id from raw.crawls union all select 'versions', document_id from raw.document_versions"
)
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
"""Of linux/capability.h and linux/prctl.h."""
FEWEST_HANDLES = 6
"""With fewer Python itself does not start."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with an edition of one document. Never written to after it is made."""
    root = tmp_path_factory.mktemp("walked") / "home"
    Walk(root)()
    return root


@pytest.fixture(scope="module")
def clean(walked: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content of the next run's edition where nothing goes wrong."""
    walk = replace(Walk(world.copy_home(walked, tmp_path_factory.mktemp("clean") / "home")), **NEXT)
    walk()
    return walk.content


@pytest.fixture
def root(walked: Path, tmp_path: Path) -> Path:
    return world.copy_home(walked, tmp_path / "home")


def committed(root: Path) -> set[tuple[str, str]]:
    return set(world.from_warehouse(root, COMMITTED))


def command(root: Path, *arguments: str, **limits: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    """The real command under limits of the operating system; a failure is told in one sentence."""
    ended = subprocess.run(
        world.command("--home", str(root), *arguments),
        cwd=world.PROJECT,
        env=world.environment() | {"HOME": str(root.parent)},
        capture_output=True,
        text=True,
        timeout=world.TIMEOUT,
        check=False,
        **limits,  # type: ignore[call-overload]
    )
    assert "Traceback" not in ended.stderr, world.said(ended)
    return ended


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of a few MB on a folder."""
    folder.mkdir()
    size = f"size={DISK_MB}m"
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("expected to be allowed to mount a small disk; run as root")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder: Path, left: int) -> Path:
    """Leave so many bytes free on a disk."""
    filler = folder / "filler"
    filler.write_bytes(bytes(max(0, shutil.disk_usage(folder).free - left)))
    return filler


@pytest.mark.fault("S2")
@pytest.mark.parametrize("left", [0, 100_000, 400_000, 1_000_000, 2_000_000])
def test_a_full_disk__is_named__and_the_next_run_goes_through(
    walked: Path, clean: str, tmp_path: Path, left: int, verdict: Verdict
) -> None:
    with small_disk(tmp_path / "disk"):
        walk = replace(Walk(world.copy_home(walked, tmp_path / "disk" / "home")), **NEXT)
        before, edition = committed(walk.root), world.edition_files(walk.root)
        filler = fill(tmp_path / "disk", left)
        with pytest.raises((OSError, StateRefused, duckdb.Error), match=r"No space left|not enough space|disk"):
            for _ in range(20):  # until what is left is used up
                walk()
                filler.write_bytes(filler.read_bytes() + bytes(min(300_000, shutil.disk_usage(filler).free)))
        assert half_files(walk.root) == []
        lost = len(before - committed(walk.root))
        assert edition.items() <= (world.edition_files(walk.root) | {"current": edition["current"]}).items()
        filler.unlink()
        walk()
        assert walk.content == clean
    verdict.publish_blocked(lost)


@pytest.mark.fault("S2")
def test_a_full_disk__is_told_by_the_command_and_withholds_no_crawl(
    walked: Path, tmp_path: Path, verdict: Verdict
) -> None:
    with small_disk(tmp_path / "disk"):
        root = world.copy_home(walked, tmp_path / "disk" / "home")
        replace(Walk(root), **NEXT).crawl()
        before = committed(root)
        filler = fill(tmp_path / "disk", 0)
        refused = command(root, "load")
        assert refused.returncode == 1
        assert "No space left on device" in refused.stderr, world.said(refused)
        lost = len(before - committed(root))
        filler.unlink()
        ended = command(root, "load")
        assert ended.returncode == 0, world.said(ended)
        assert "1 crawls loaded: 1 new documents" in ended.stdout
    verdict.publish_blocked(lost)


@pytest.mark.fault("S3")
@pytest.mark.parametrize("arguments", [("load",), ("publish",), ("run", "--source", "uk_govuk")])
def test_a_read_only_folder__is_told_early(root: Path, arguments: tuple[str, ...], verdict: Verdict) -> None:
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222 | 0o444)
    edition, began = world.edition_files(root), time.monotonic()
    ended = command(root, *arguments, **({"preexec_fn": _obey_permissions} if os.getuid() == 0 else {}))
    seconds = time.monotonic() - began
    assert ended.returncode == 1, world.said(ended)
    mends = ("give a folder that can be written with --home", "give the whole state folder back to it")
    assert any(mend in ended.stderr for mend in mends), world.said(ended)
    assert world.edition_files(root) == edition
    verdict.publish_blocked(seconds)


def _obey_permissions() -> None:
    """Take from root's next program what lets it write and read whatever a file's permissions say."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability) != 0:
            raise OSError(ctypes.get_errno(), "a capability could not be dropped")


@pytest.mark.fault("S4")
@pytest.mark.parametrize("damage", ["flip", "cut", "lose"])
def test_a_damaged_archive__blocks_what_follows(root: Path, damage: str, verdict: Verdict) -> None:
    """Each time another byte of one file."""
    file = min((root / "archive").glob("*/*.warc.gz"))
    whole, rng, trials, noticed = file.read_bytes(), random.Random(damage), 20, 0
    state = StateFolder(root=str(root))
    for _ in range(trials):
        file.write_bytes(whole)
        assert archive_is_whole(state).passed
        at = rng.randrange(len(whole))
        match damage:
            case "flip":
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
            case "cut":
                file.write_bytes(whole[:at])
            case "lose":
                file.unlink(missing_ok=True)
        result = archive_is_whole(state)
        noticed += not result.passed and file.name in str(result.description)
    (spec,) = archive_is_whole.check_specs
    assert spec.blocking
    verdict.publish_blocked(100 * noticed / trials)


@pytest.fixture(scope="module")
def awards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with an edition of what was crawled over the wire."""
    root = tmp_path_factory.mktemp("awards") / "home"
    with running_samples(sources=(AWARDS,)) as base_urls:
        bring_up_to_date(Home(root))
        assert crawl(root, AWARDS, base_urls, "2024-01-01", "2024-01-31").ledger.is_good
    Walk(root).build()
    return root


def built_again(root: Path) -> bool:
    """Read the archive again and publish, without dbt and Great Expectations."""
    assert replay([AWARDS, "--home", str(root)]) == 0
    Walk(root).build()
    return True


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "flipped head": lambda held: held[:20] + bytes([held[20] ^ 1]) + held[21:],
    "flipped bytes": lambda held: bytes(byte ^ (number % 32_768 == 12_288) for number, byte in enumerate(held)),
    "half": lambda held: held[: len(held) // 2],
    "nothing": lambda _: b"",
    "other": lambda held: bytes(len(held)),
}


@pytest.mark.fault("S5")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse__is_told__and_made_anew_with_the_same_hash(
    awards: Path, tmp_path: Path, damage: str, verdict: Verdict
) -> None:
    root = world.copy_home(awards, tmp_path / "home")
    before = Walk(root).content
    warehouse = Home(root).warehouse
    warehouse.write_bytes(DAMAGES[damage](warehouse.read_bytes()))
    if damage != "nothing":  # an empty file is a new warehouse, which the landing fills
        told = command(root, "load")
        assert told.returncode == 1, world.said(told)
        assert "aipolicy rebuild" in told.stderr, world.said(told)
    began = time.monotonic()
    with without_macros():
        made = rebuild(Home(root), partial(built_again, root))
    assert made.content_sha256 == before
    assert Walk(root).content == before
    verdict.recovered(time.monotonic() - began)


DIES_WITH_ITS_LOG = """import os, signal, sys
from pathlib import Path
from pipelines.home import Home
from pipelines.load import load
from pipelines.warehouse import open_warehouse
home = Home(Path(sys.argv[1]))
with open_warehouse(home) as connection:
    load(home, connection)
    os.kill(os.getpid(), signal.SIGKILL)"""
"""Everything is committed, and nothing of it stands anywhere but in the write-ahead log."""


@pytest.mark.fault("S5")
@pytest.mark.parametrize("left", [None, 0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_lost_or_cut_log_of_the_warehouse__is_noticed__and_loaded_again(
    root: Path, clean: str, left: float | None, verdict: Verdict
) -> None:
    """By the manifests of the landing: what the warehouse does not hold of them is loaded, whatever it once held."""
    walk = replace(Walk(root), **NEXT)
    walk.crawl()
    program = [sys.executable, "-c", DIES_WITH_ITS_LOG, str(root)]
    assert subprocess.run(program, cwd=world.PROJECT, check=False).returncode == -signal.SIGKILL
    log = Home(root).warehouse.with_name("warehouse.duckdb.wal")
    if left is None:
        log.unlink()
    else:
        os.truncate(log, int(log.stat().st_size * left))
    began = time.monotonic()
    ended = command(root, "load")
    assert ended.returncode == 0, world.said(ended)
    assert "1 crawls loaded: 1 new documents" in ended.stdout, world.said(ended)
    walk.build()
    assert walk.content == clean
    verdict.recovered(time.monotonic() - began)


@pytest.mark.fault("S6")
def test_a_held_warehouse__is_waited_for_and_its_holder_is_named(root: Path, tmp_path: Path, verdict: Verdict) -> None:
    log = tmp_path / "load.log"
    told = f"waiting for process {os.getpid()}, which holds writer.lock"
    with processes.started(log, "--home", str(root), "load") as process:
        with writer_lock(Home(root)):
            processes.until(lambda: told in log.read_text() or process.poll() is not None, world.TIMEOUT, told)
            assert process.poll() is None, log.read_text()
        process.wait(world.TIMEOUT)
    verdict.recovered(int(process.returncode != 0))


HELD_OPEN = """import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "True"):
    print("open", flush=True)
    sys.stdin.read()"""


@pytest.mark.fault("S6")
@pytest.mark.parametrize("read_only", [True, False])
def test_a_warehouse_open_in_another_program__is_waited_for(
    root: Path, tmp_path: Path, read_only: bool, verdict: Verdict
) -> None:
    log = tmp_path / "load.log"
    program = [sys.executable, "-c", HELD_OPEN, str(Home(root).warehouse), str(read_only)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        told = f"waiting for process {other.pid}, which has warehouse.duckdb open; close that program"
        with processes.started(log, "--home", str(root), "load") as process:
            processes.until(lambda: told in log.read_text() or process.poll() is not None, world.TIMEOUT, told)
            assert process.poll() is None, log.read_text()
            other.communicate()
            process.wait(world.TIMEOUT)
    assert "rebuild" not in log.read_text()
    verdict.recovered(int(process.returncode != 0))


@pytest.mark.fault("S12")
def test_few_file_handles__are_told_or_enough(root: Path, clean: str, verdict: Verdict) -> None:
    edition = world.edition_files(root)
    replace(Walk(root), **NEXT).crawl()
    before, refusals = committed(root), 0
    while (ended := command(root, "load", preexec_fn=partial(_allow, FEWEST_HANDLES + refusals))).returncode:
        assert "Too many open files" in ended.stderr, world.said(ended)
        assert half_files(root) == []
        refusals += 1
        assert FEWEST_HANDLES + refusals <= 64
    assert refusals, "the limit was never met"
    assert world.edition_files(root) == edition
    lost = len(before - committed(root))
    walk = replace(Walk(root), **NEXT)
    walk.build()
    assert walk.content == clean
    verdict.publish_blocked(lost)


def _allow(handles: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles))
