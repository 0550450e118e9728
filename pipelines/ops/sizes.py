"""How large a state folder was on each day, so that its growth is measured.

Files alone do not tell: editions and runs go again, the warehouse is written anew in place. Belongs here: measuring,
noting, and the growth that follows. Does not belong here: when a disk is too small (doctor.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from pipelines.home import Home
from pipelines.ops.backup import REPLACED
from scrapers.durable import write_whole

Size = dict[str, int]
"""Bytes by what lies at the top of the state folder, such as `editions`."""
GROWTH_DAYS: Final = 28
LEAST_DAYS: Final = 7
"""The first days fill an empty folder, and editions go by the week: what they tell is no pace."""
KEPT_DAYS: Final = 90
_NOTES = TypeAdapter(dict[date, Size])


@dataclass(frozen=True)
class Growth:
    """What a state folder grew by, from the first measured day of the last weeks to the last."""

    size: Mapping[str, int]
    """As it was on the last day."""
    grown: Mapping[str, int]
    days: int

    @property
    def bytes(self) -> int:
        """Below nothing where more went than came."""
        return sum(self.grown.values())


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder; links are not followed, what goes meanwhile counts nothing."""
    if not path.is_dir() or path.is_symlink():
        return _bytes(path)
    return sum(_bytes(Path(folder, name)) for folder, _, names in os.walk(path) for name in names)


def measured(home: Home) -> Size:
    """What lies in a state folder now, but for what a restore moved aside, which grows no more."""
    return {path.name: size_of(path) for path in sorted(home.root.iterdir()) if not path.name.startswith(REPLACED)}


def note_size(home: Home, now: datetime) -> None:
    """Measure a state folder, unless that was done today.

    Called by runs of the command line, the start of the UI and the alerter: one of them comes by each day.
    """
    notes, today = read_sizes(home), now.date()
    if today in notes:
        return
    kept = {day: size for day, size in notes.items() if today - timedelta(KEPT_DAYS) < day < today}
    with suppress(OSError):  # a full disk is told by what is free on it, and keeps nobody from looking
        write_whole(home.sizes, _NOTES.dump_json(kept | {today: measured(home)}))


def read_sizes(home: Home) -> dict[date, Size]:
    """Sizes by day; none where nothing was noted, or the notes cannot be read: they are begun anew."""
    try:
        return _NOTES.validate_json(home.sizes.read_bytes())
    except (OSError, ValueError):
        return {}


def growth(home: Home, now: datetime) -> Growth | None:
    """The growth of the last weeks; None before it was measured for long enough, from the first edition on."""
    notes, today = read_sizes(home), now.date()
    days = sorted(day for day in notes if today - timedelta(GROWTH_DAYS) <= day <= today and "editions" in notes[day])
    if not days or days[-1] - days[0] < timedelta(LEAST_DAYS):
        return None
    first, last = notes[days[0]], notes[days[-1]]
    grown = Counter(last)
    grown.subtract(first)
    return Growth(last, grown, (days[-1] - days[0]).days)


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0
