"""What a state folder holds that may go: named first, deleted after.

Never touched: the archive and its ledgers, what a restore moved aside (its archive may know of crawls that the copy
does not), the current edition, editions that the rule of retention keeps, that regular
issues were written from or that somebody reads. Belongs here: files. Old runs of Dagster are `run_history`'s.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from pipelines.digest.issues import editions_of
from pipelines.home import Home
from pipelines.lake import SPILLED
from pipelines.ops.rebuild import DAMAGED, set_aside
from pipelines.publish.readers import is_read
from pipelines.publish.shelf import LEAVING, editions, prune, surplus
from pipelines.publish.stage import read_about
from pipelines.warehouse import tidy_warehouse
from scrapers.locks import holder_of

ABANDONED = timedelta(hours=6)
"""No process takes so long over one file."""
LEFTOVERS = timedelta(days=14)
"""What was moved out of the way stays so long, in case a person wants to look."""


@dataclass(frozen=True)
class Waste:
    """A file or folder that may go, and why; `stays` says why it does not go yet."""

    path: Path
    why: str
    stays: str | None = None


def waste(home: Home, now: datetime) -> Iterator[Waste]:
    """All that may go."""
    for edition in surplus(editions(home), editions_of(home.digests)):
        stays = "somebody reads it" if is_read(edition.folder) else None
        yield Waste(edition.folder, "let go by the rule of retention", stays)
    left = home.root.rglob(".*.tmp"), home.editions.glob(".current.*"), home.warehouse.parent.glob(f"{SPILLED}*")
    for path in chain(*left):
        with suppress(FileNotFoundError):  # a crawl beside this has finished it
            if _age(path, now) <= ABANDONED:
                continue
            yield Waste(path, "left by a process that was killed")
    for path in (*home.editions.glob(f"{DAMAGED}*"), *home.editions.glob(f"{LEAVING}*")):
        if _age(path, now) > LEFTOVERS:
            yield Waste(path, "moved out of the way by a rebuild, or by a deletion that was killed")
    aside = set_aside(home)
    if aside.exists() and _age(aside, now) > LEFTOVERS and holder_of(home.run_lock) is None:
        yield Waste(aside, "the warehouse of before a rebuild that did not end")


def collect(home: Home, found: list[Waste]) -> None:
    """Delete what was found; editions through the shelf, which looks again who reads them. A lake is tidied."""
    prune(home, editions_of(home.digests))
    for path in (one.path for one in found if not _is_edition(home, one.path)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    abouts = [read_about(edition.folder) for edition in editions(home)]
    tidy_warehouse(home, [about["lake"] for about in abouts if "lake" in about])


def _is_edition(home: Home, path: Path) -> bool:
    return path.parent == home.editions and not path.name.startswith(".")


def _age(path: Path, now: datetime) -> timedelta:
    """Since when it is as it is, under the name that it has."""
    return now - datetime.fromtimestamp(path.lstat().st_ctime, now.tzinfo)
