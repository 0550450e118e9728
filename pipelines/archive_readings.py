"""When each archive file was last read and found whole, so that a run reads what is new and not the archive of years.

A file is read again when anything has touched it, and after `READ_AGAIN_DAYS` in any case, since a disk may lose bytes
by itself. Belongs here: that memory, which may be deleted at any time. Does not belong here: what the seals are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scrapers.durable import seal_fault, write_whole

READ_AGAIN_DAYS = 30


@dataclass(frozen=True)
class Reading:
    """A file as it was when its bytes were those of its seal."""

    bytes: int
    sha256: str
    changed_ns: int
    """When the file was last changed, which unlike the time of writing nobody can set back."""
    read_on: date

    def holds_of(self, seen: Reading) -> bool:
        """Whether a file as it is seen now is the one that was read, and that not long ago."""
        return replace(seen, read_on=self.read_on) == self and seen.read_on < self.read_on + timedelta(READ_AGAIN_DAYS)


_READINGS = TypeAdapter(dict[str, Reading])


@dataclass
class Readings:
    """Holds archive files against their seals and remembers those that were whole."""

    archive: Path
    today: date
    earlier: dict[str, Reading]
    whole: dict[str, Reading] = field(default_factory=dict)

    def fault(self, name: str, expected_bytes: int, expected_sha256: str) -> str | None:
        """What is wrong with the file of this name below the archive; None when it is whole."""
        path = self.archive / name
        changed_ns = path.stat().st_ctime_ns if path.exists() else 0
        seen, known = Reading(expected_bytes, expected_sha256, changed_ns, self.today), self.earlier.get(name)
        if known is None or not known.holds_of(seen):
            if fault := seal_fault(path, expected_bytes, expected_sha256):
                return fault
            known = seen
        self.whole[name] = known
        return None

    def keep(self, file: Path) -> None:
        """Remember the files that were whole, and no others."""
        if self.whole != self.earlier:
            write_whole(file, _READINGS.dump_json(self.whole))


def read_readings(file: Path, archive: Path, today: date) -> Readings:
    """What is remembered; nothing where the memory is not there or cannot be read."""
    try:
        earlier = _READINGS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        earlier = {}
    return Readings(archive, today, earlier)
