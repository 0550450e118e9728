"""When each file of the archive was last read and found whole, so that a run reads what is new and not that of years.

A file is read again when anything has touched it, and after `READ_AGAIN_DAYS` in any case, since a disk may lose bytes
by itself. Belongs here: that memory, which may be deleted at any time. Does not belong here: what the seals are.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scrapers.durable import seal_fault, write_whole

READ_AGAIN_DAYS = 30


@dataclass(frozen=True)
class Reading:
    """A file as it was when it was found whole."""

    bytes: int
    sha256: str
    """By its seal; empty of a ledger, which has none."""
    changed_ns: int
    """When the file was last changed, which unlike the time of writing nobody can set back."""
    read_on: date

    def holds_of(self, seen: Reading) -> bool:
        """Whether a file as it is seen now is the one that was read, and that not long ago, or after today."""
        age = seen.read_on - self.read_on
        return replace(seen, read_on=self.read_on) == self and timedelta() <= age < timedelta(READ_AGAIN_DAYS)


_READINGS = TypeAdapter(dict[str, Reading])


@dataclass
class Readings:
    """Tells which files are to be read, by their places below the archive, and remembers those that were whole."""

    archive: Path
    today: date
    earlier: dict[str, Reading]
    whole: dict[str, Reading] = field(default_factory=dict)
    _seen: dict[str, Reading] = field(default_factory=dict)

    def is_known(self, name: str, sha256: str = "") -> bool:
        """Whether nothing has touched a file since it was found whole, and that not long ago."""
        path, known = self.archive / name, self.earlier.get(name)
        if not path.exists():
            return False
        stat = path.stat()
        seen = Reading(stat.st_size, sha256, stat.st_ctime_ns, self.today)
        if known is not None and known.holds_of(seen):
            self.whole[name] = known
            return True
        self._seen[name] = seen
        return False

    def note_whole(self, name: str) -> None:
        """Remember that a file was read and found whole; it is as it was seen before that."""
        self.whole[name] = self._seen[name]

    def fault(self, name: str, expected_bytes: int, expected_sha256: str) -> str | None:
        """What is wrong with a file that has a seal; None when it is whole."""
        if self.is_known(name, expected_sha256):
            return None
        fault = seal_fault(self.archive / name, expected_bytes, expected_sha256)
        if fault is None:
            self.note_whole(name)
        return fault

    def keep(self, file: Path) -> None:
        """Remember the files that were whole, and no others, for the next time; a full disk only makes that slower."""
        if self.whole != self.earlier:
            with suppress(OSError):
                write_whole(file, _READINGS.dump_json(self.whole))


def read_readings(file: Path, archive: Path, today: date) -> Readings:
    """What is remembered; nothing where the memory is not there or cannot be read."""
    try:
        earlier = _READINGS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        earlier = {}
    return Readings(archive, today, earlier)
