"""The Dagster UI as an operator's browser meets it: its pages open behind the guard, and ask nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response, expect, sync_playwright

from scrapers.locks import crawl_lock, lock
from tests.e2e import world
from tests.faults.control_room import opened

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]

PAGES = {
    "/jobs": ("refresh", "backfill", "weekly_digest"),
    "/automation": ("issues_due", "alerts"),
    "/asset-groups": ("ingest", "warehouse", "enrichment", "staging", "marts", "audit", "publish", "digest"),
    "/assets/edition/published": ("The current edition.", "data-dictionary.md"),
    "/assets/edition/staged?view=checks": ("edition_agencies__name_length",),
    "/runs": ("Launched by",),
}
"""Pages, and words that stand on each once what it asked for has come."""
SECONDS = 90
HELD = "uk_govuk"
"""The source that the schedule of the room asks each minute: its crawl is held, so nobody is asked."""


def test_the_pages_of_the_ui__open_and_show_what_there_is(published: Path, tmp_path: Path) -> None:
    home = world.copy_home(published, tmp_path / "home")
    refused: list[tuple[int, str]] = []
    hosts: set[str | None] = set()

    def heard(answer: Response) -> None:
        refused.extend([(answer.status, answer.url)] if answer.status >= 400 else [])
        hosts.update({urlsplit(answer.url).hostname} - {None})  # a picture may stand in its address

    with lock(crawl_lock(home, HELD), wait_seconds=0), opened(home) as room, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("response", heard)
        for path, words in PAGES.items():
            page.goto(f"http://127.0.0.1:{room.port}{path}")
            for word in words:
                expect(page.get_by_text(word).first).to_be_visible(timeout=SECONDS * 1000)
        browser.close()
    assert refused == []
    assert hosts == {"127.0.0.1"}
