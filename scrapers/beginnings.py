"""What an archive file says of its own crawl: enough to account for one that was ended before it wrote its ledger.

Belongs here: the field in the first record of the file. Does not belong here: what becomes of the file.
A leaf beside `contracts`, so that those who may not know the crawler read it too.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scrapers.contracts import Window

FIELD = "crawl"


class Beginning(BaseModel):
    """A crawl as it was begun."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    window: Window
    started_at: datetime
    vocabulary_sha256: str


def read_beginning(warc: Path) -> Beginning | None:
    """The beginning that an archive file tells of; None when it tells of none that can be read."""
    try:
        with warc.open("rb") as stream:
            first = next(iter(ArchiveIterator(stream)), None)
            said = first.raw_stream.read().decode() if first is not None else ""
        line = next((line for line in said.splitlines() if line.startswith(f"{FIELD}: ")), "")
        return Beginning.model_validate_json(line.removeprefix(f"{FIELD}: "))
    except (ArchiveLoadFailed, EOFError, UnicodeDecodeError, ValidationError):
        return None
