"""A recorded stream of 75,871 documents through the whole path, twice: each is there once, the second time adds none.

Not part of `make test`; run by `make scale`, which shows the seconds and the memory it took.
"""

from __future__ import annotations

import csv
import gzip
import resource
import subprocess
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from scrapers.samples.us_federal_register.index import CORPUS_FILE
from tests.e2e import world

pytestmark = [pytest.mark.slow, pytest.mark.scale]

SLUG = "us_federal_register"
SINCE, UNTIL = date(2020, 1, 1), date(2023, 12, 31)
SECONDS = 3 * 3600


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Path:
    """The folder of the recorded stream."""
    folder = shared / "labels"
    if not (folder / CORPUS_FILE).exists():
        pytest.skip(f"no {CORPUS_FILE} in {folder}; set AIPOLICY_SHARED to the folder above it")
    return folder


def stream(corpus: Path) -> Counter[tuple[str, date]]:
    """The documents of the stream, by number and day."""
    with gzip.open(corpus / CORPUS_FILE, "rt", encoding="utf-8", newline="") as lines:
        rows = [(row["document_number"], date.fromisoformat(row["publication_date"])) for row in csv.DictReader(lines)]
    return Counter(row for row in rows if SINCE <= row[1] <= UNTIL)


def run(home: Path, corpus: Path) -> None:
    """Take the stream through the whole path and tell what that took."""
    window = ("--since", SINCE.isoformat(), "--until", UNTIL.isoformat(), "--source", SLUG, "--strict")
    began = time.monotonic()
    ended = subprocess.run(
        world.command("--home", str(home), "run", "--samples", "--corpus", str(corpus), *window),
        cwd=world.PROJECT,
        env=world.environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    seconds, peak = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\n{seconds:,.0f} s, at most {peak:,.0f} MiB in one process")
    assert ended.returncode == 0, world.said(ended)


def test_a_large_stream__is_there_once_and_again_adds_nothing(corpus: Path, tmp_path: Path) -> None:
    expected = stream(corpus)
    assert set(expected.values()) == {1}
    run(tmp_path, corpus)
    documents = "select native_id, published_date from documents"
    assert Counter(world.from_edition(tmp_path, documents)) == expected
    (ledger,) = world.ledgers(tmp_path, SLUG)
    assert ledger.found_total == len(expected)
    assert [day.day for day in ledger.days if day.official is not None and day.official != day.found] == []
    assert sum(day.official or 0 for day in ledger.days) == len(expected)
    first = world.about(tmp_path)
    versions = "select * from raw.document_versions order by all"
    held = world.from_warehouse(tmp_path, versions)

    run(tmp_path, corpus)
    assert world.about(tmp_path) == first
    assert world.from_warehouse(tmp_path, versions) == held
