"""The end of a machine under the real UI: everything dies at once, and what is opened next knows it and goes on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipelines.assets.ingest import asset_key
from scrapers.locks import crawl_lock, lock
from tests.faults import processes
from tests.faults.control_room import EACH_MINUTE, ControlRoom, opened
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

HELD, HOST = "uk_govuk", "www.gov.uk"
"""Its crawl is held by this test, so that runs over it wait and never ask anybody."""
NOBODY = {"ops": {"ingest": {"config": {"base_urls": {HOST: "http://127.0.0.1:9"}}}}}


@pytest.mark.fault("O5")
def test_a_run_that_died_with_its_ui__is_ended_by_the_next_ui_and_can_be_made_again(
    tmp_path: Path, verdict: Verdict
) -> None:
    with lock(crawl_lock(tmp_path, HELD), wait_seconds=0):
        with opened(tmp_path) as room:
            room.switch_off(EACH_MINUTE.name)
            run_id = launched(room)
            family = room.kill()
            processes.until(lambda: not processes.alive(family), 60, "the end of the UI and all its processes")
        began = time.monotonic()
        with opened(tmp_path) as room:
            assert room.ended(run_id) == "FAILURE", room.said(run_id)
            stuck = time.monotonic() - began
            room.is_under_way(room.launch_again(run_id))
    verdict.recovered(stuck / 60)


def launched(room: ControlRoom) -> str:
    """A run that waits at its first step."""
    run_id = room.launch("refresh", [asset_key(HELD)], {**NOBODY})
    room.is_under_way(run_id)
    return run_id
