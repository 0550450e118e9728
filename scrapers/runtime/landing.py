"""The landing: one immutable file of parsed records a crawl, in the order they were read."""

from __future__ import annotations

import os
from pathlib import Path

from scrapers.contracts import FileSeal, LandedRecord
from scrapers.durable import file_sha256, sync_folder


class LandingWriter:
    """Appends records to a temporary file; `seal` makes it final, or `close` and, once it is judged, `place`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._temporary = path.with_name(f".{path.name}.tmp")
        self._temporary.unlink(missing_ok=True)
        self._stream = self._temporary.open("xb")
        self._records = 0

    def write(self, record: LandedRecord) -> None:
        """Append one record as a line of JSON."""
        self._stream.write(record.model_dump_json().encode() + b"\n")
        self._records += 1

    def seal(self) -> FileSeal:
        """Finish the file under its final name and describe it."""
        sealed = self.close()
        self.place()
        return sealed

    def close(self) -> FileSeal:
        """Finish the file under its temporary name and describe it as it will be."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        size, sha256 = self._temporary.stat().st_size, file_sha256(self._temporary)
        return FileSeal(name=self.path.name, bytes=size, sha256=sha256, records=self._records)

    def place(self) -> None:
        """Give the closed file its final name, in place of what bears it."""
        os.replace(self._temporary, self.path)
        sync_folder(self.path.parent)

    def discard(self) -> None:
        """Remove what was not given its final name."""
        self._stream.close()
        self._temporary.unlink(missing_ok=True)
