"""A small state folder made by hand: crawls with archive, ledger and landing, and an edition."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.home import Home
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.edition import switch_current
from pipelines.publish.stage import seal
from scrapers.contracts import CrawlLedger, FileSeal
from scrapers.durable import file_sha256, write_whole
from tests.crawl_fixture import SLUG, document, land


def crawl(home: Home, hours: int = 0, answer: bytes = b"what the source said") -> CrawlLedger:
    """One whole crawl, so many hours after the first moment of the fixtures."""
    landed = land(home.root, [document()], hours=hours)
    file = home.archive / SLUG / landed.archive.name
    write_whole(file, answer)
    sealed = FileSeal(name=file.name, bytes=len(answer), sha256=file_sha256(file), records=1)
    ledger = landed.model_copy(update={"archive": sealed})
    account = ledger.model_dump_json().encode()
    write_whole(home.archive / SLUG / f"{ledger.crawl_id}.ledger.json", account)
    write_whole(home.landing / SLUG / f"{ledger.crawl_id}.manifest.json", account)
    return ledger


def edition(home: Home, name: str = "20261009T120000Z-a", as_of: str = "2026-10-09T12:00:00Z") -> Path:
    """An edition with a description, sealed, audited and current."""
    folder = home.editions / name
    about = {"edition_id": name, "as_of": as_of, "is_sample": False, "tables": {}, "content_sha256": name}
    write_whole(folder / "EDITION.json", json.dumps(about).encode())
    write_whole(folder / "policy.duckdb", b"rows")
    write_token(folder, AuditToken(edition_id=name, staged_sha256=seal(folder), expected=(), outcomes=()))
    switch_current(home, name)
    return folder
