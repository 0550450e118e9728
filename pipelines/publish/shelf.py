"""The editions that are kept: which they are, and which may go.

The rule of retention counts from the newest edition, never from the clock: every edition of its last 30 days stays, of
the year before it the last of each ISO week, and of all time the last of each month. The current edition always stays,
and so do those that regular issues of the digest were written from.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.home import Home
from pipelines.publish.edition import current_edition
from pipelines.publish.readers import is_read
from pipelines.publish.stage import read_about

LEAVING = ".leaving-"
"""Begins the name of an edition that is being deleted."""
ALL_DAYS = 30
WEEKLY_DAYS = 365


@dataclass(frozen=True)
class KeptEdition:
    """An edition on the shelf."""

    folder: Path
    as_of: datetime
    is_current: bool
    is_sample: bool
    policies: int
    documents: int


def editions(home: Home) -> list[KeptEdition]:
    """All whole-looking editions of a state folder, oldest first; a folder without readable description is left out."""
    try:
        current = current_edition(home)
    except FileNotFoundError:
        current = None
    found = []
    for folder in sorted(home.editions.glob("[0-9]*")) if home.editions.is_dir() else ():
        try:
            about = read_about(folder)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            continue
        rows = {name: table["rows"] for name, table in about["tables"].items()}
        found.append(
            KeptEdition(
                folder=folder,
                as_of=datetime.fromisoformat(about["as_of"]),
                is_current=folder == current,
                is_sample=bool(about["is_sample"]),
                policies=rows.get("policies", 0),
                documents=rows.get("documents", 0),
            )
        )
    return sorted(found, key=lambda edition: (edition.as_of, edition.folder.name))


def surplus(kept: Iterable[KeptEdition], needed: Collection[str] = ()) -> list[KeptEdition]:
    """The editions that the rule of retention lets go, oldest first; those `needed` by name stay."""
    shelf = sorted(kept, key=lambda edition: (edition.as_of, edition.folder.name))
    if not shelf:
        return []
    newest = shelf[-1].as_of
    last_of = {period: edition for edition in shelf for period in _periods(edition.as_of, newest)}
    staying = {edition.folder for edition in last_of.values()}
    staying |= {edition.folder for edition in shelf if edition.is_current or edition.folder.name in needed}
    return [edition for edition in shelf if edition.folder not in staying]


def _periods(moment: datetime, newest: datetime) -> list[str]:
    """The periods whose last edition stays, of which a moment is part."""
    age = newest - moment
    periods = [f"month {moment:%Y-%m}"]
    if age <= timedelta(WEEKLY_DAYS):
        periods.append(f"week {moment:%G-%V}")
    if age <= timedelta(ALL_DAYS):
        periods.append(f"moment {moment.isoformat()}")
    return periods


def prune(home: Home, needed: Collection[str] = ()) -> list[str]:
    """Delete the editions that the rule of retention lets go and nobody needs or reads; returns their names.

    One that somebody reads goes another time.
    """
    going = [edition.folder for edition in surplus(editions(home), needed) if not is_read(edition.folder)]
    for folder in going:
        # Renamed first: an edition that is deleted half must not look like one.
        leaving = folder.with_name(f"{LEAVING}{folder.name}")
        folder.rename(leaving)
        shutil.rmtree(leaving)
    return [folder.name for folder in going]
