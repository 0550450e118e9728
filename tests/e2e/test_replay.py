"""History comes back from the archive alone, byte for byte; an archive that is not whole is named, not read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e import world
from tests.faults.verdict import Verdict

pytestmark = pytest.mark.slow


def last_record_offset(home: Path, slug: str) -> int:
    """Where the last archived answer starts: a file cut there is a valid WARC, short of one exchange."""
    (ledger,) = world.ledgers(home, slug)
    assert ledger.archive.offsets
    return ledger.archive.offsets[-1]


def damage(home: Path) -> dict[str, str]:
    """Cut one archive file at a record's edge, flip a byte of another, lose a third; their names by source."""
    damaged = {slug: world.archive_file(home, slug) for slug in ("us_federal_register", "us_grants_gov", "uk_govuk")}
    with damaged["us_federal_register"].open("r+b") as file:
        file.truncate(last_record_offset(home, "us_federal_register"))
    content = bytearray(damaged["us_grants_gov"].read_bytes())
    content[len(content) // 2] ^= 1
    damaged["us_grants_gov"].write_bytes(content)
    damaged["uk_govuk"].unlink()
    return {slug: file.name for slug, file in damaged.items()}


@pytest.mark.fault("P9")
def test_replay_gives_the_same_bytes(published: Path, tmp_path: Path, verdict: Verdict) -> None:
    home = world.copy_home(published, tmp_path / "home", "landing", "warehouse", "editions", "bookkeeping", "dbt")
    ended = world.aipolicy("--home", str(home), "replay")
    assert ended.returncode == 0, world.said(ended)
    again, before = world.content_parquet(home), world.content_parquet(published)
    assert again == before
    assert world.about(home)["edition_id"] == world.about(published)["edition_id"]
    assert world.about(home)["tables"] == world.about(published)["tables"]
    for slug in world.SOURCES:
        for landed in (published / "landing" / slug).glob("*.jsonl"):
            landed_again = home / "landing" / slug / landed.name
            assert sorted(landed_again.read_bytes().splitlines()) == sorted(landed.read_bytes().splitlines())
    assert archive_bytes(home) == archive_bytes(published)
    shutil.rmtree(home)
    verdict.recovered(len(again.items() ^ before.items()))


def archive_bytes(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "archive").rglob("*") if path.is_file()}


def test_replay_of_a_damaged_archive_names_each_file(home: Path, published: Path) -> None:
    names = damage(home)
    ended = world.aipolicy("--home", str(home), "replay")
    assert ended.returncode == 1, world.said(ended)
    for name in names.values():
        assert name in ended.stderr, world.said(ended)
    assert world.edition_files(home) == world.edition_files(published)


@pytest.mark.parametrize("slug", ["us_federal_register", "us_grants_gov", "uk_govuk"])
def test_the_replaying_process_reads_nothing_of_a_damaged_file(home: Path, slug: str) -> None:
    names = damage(home)
    shutil.rmtree(home / "landing" / slug)
    ended = subprocess.run(
        [sys.executable, "-m", "scrapers.replay", slug, "--home", str(home)],
        cwd=world.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert f"DamagedArchive: {names[slug]}" in ended.stderr
    assert not list((home / "landing").glob(f"{slug}/*.jsonl"))


@pytest.mark.fault("S4")
def test_a_normal_run_goes_red_and_keeps_the_last_edition(home: Path, published: Path, verdict: Verdict) -> None:
    names = damage(home)
    ended = world.aipolicy(
        "--home",
        str(home),
        "run",
        "--samples",
        "--since",
        world.SINCE,
        "--until",
        world.UNTIL,
        "--source",
        "us_grants_gov",
    )
    assert ended.returncode == 1, world.said(ended)
    assert "archive_is_whole" in ended.stderr, world.said(ended)
    for name in names.values():
        assert name in ended.stderr, world.said(ended)
    assert "edition__published" not in ended.stderr
    assert world.edition_files(home) == world.edition_files(published)
    verdict.publish_blocked(100 * sum(name in ended.stderr for name in names.values()) / len(names))
