"""What the last good crawls of a source found on the same kind of days, and whether a crawl is far from it.

Belongs here: which crawls are alike, and when there are enough of them. Does not belong here: what follows from a drop
(book.py), and the fixed bounds of a source (registry.py), which hold from its first crawl on.

Crawls are alike when their windows hold as many days on which the publisher works and as many others; days that were
not over when the crawl ran count in neither. A source that lists what is open now is compared with itself whatever the
window was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median_low
from zoneinfo import ZoneInfo

import orjson

from scrapers.calendars import is_publishing_day
from scrapers.contracts import Comparison
from scrapers.registry import SourceConfig

NEAR = timedelta(days=60)
"""How far back the days of a crawl may lie that is compared: a source of ten years ago says nothing of today's."""
MOST_CRAWLS = 8
LEAST_CRAWLS = 4
"""With fewer good crawls of the same kind nothing is said: two or three weeks are no habit."""
LEAST_DOCUMENTS = 20
"""A drop from less, or a jump to less, is chance."""
LEAST_BEFORE_NOTHING = 10
"""Nothing at all where fewer are usual is chance."""
MOST_FILES = 150
"""Accounts of crawls that are read, the newest first: more than 60 days of two crawls a day."""
_SNAPSHOT = "all that is open"


@dataclass(frozen=True)
class Look:
    """What one crawl found, and on what kind of days."""

    crawl_id: str
    kind: str
    last_day: date
    found: int


def look(
    config: SourceConfig, crawl_id: str, ended_at: datetime, found_total: int, days: Iterable[tuple[date, int]]
) -> Look | None:
    """A crawl as it is compared; `days` are those of its window with what was found. None where none was over."""
    today = ended_at.astimezone(ZoneInfo(config.time_zone)).date()
    if config.listing == "snapshot":
        return Look(crawl_id, _SNAPSHOT, today, found_total)
    whole = {day: found for day, found in days if day < today}
    if not whole:
        return None
    working = sum(is_publishing_day(config, day) for day in whole)
    return Look(crawl_id, f"{working} working and {len(whole) - working} other days", max(whole), sum(whole.values()))


def earlier_looks(landing: Path, config: SourceConfig, before: str) -> list[Look]:
    """The good crawls of a source before one, the newest first, by their manifests in the source's landing folder.

    A manifest that cannot be read is left out: what is wrong with it says the check of the archive.
    """
    names = sorted((path.name for path in landing.glob("*.manifest.json")), reverse=True)
    older = [name for name in names if name < before][:MOST_FILES]
    return [found for name in older if (found := _read(landing / name, config)) is not None]


def _read(path: Path, config: SourceConfig) -> Look | None:
    try:
        account = orjson.loads(path.read_bytes())
        if not account["is_good"] or account["is_stand_in"]:
            return None
        since, until = (date.fromisoformat(account["window"][end]) for end in ("since", "until"))
        days = ((date.fromisoformat(count["day"]), count["found"]) for count in account["days"])
        return look(
            config,
            account["crawl_id"],
            datetime.fromisoformat(account["ended_at"]),
            account["found_total"],
            [(day, found) for day, found in days if since <= day <= until],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def compare(now: Look, earlier: Sequence[Look], max_drop: float, max_jump: float) -> Comparison | None:
    """A crawl beside the last good ones of its kind, of each window the latest; None where there are too few.

    `max_drop` and `max_jump` are shares of what is usual: 0.6 is a drop by 60 %, 3 a jump by 300 %.
    """
    alike: dict[date, Look] = {}
    for one in earlier:
        if one.kind == now.kind and timedelta(0) <= now.last_day - one.last_day <= NEAR:
            alike.setdefault(one.last_day, one)
    chosen = list(alike.values())[:MOST_CRAWLS]
    if len(chosen) < LEAST_CRAWLS:
        return None
    usual = median_low(one.found for one in chosen)
    least = LEAST_DOCUMENTS if now.found else LEAST_BEFORE_NOTHING
    has_dropped = usual >= least and now.found <= usual * (1 - max_drop) and now.found < usual
    has_jumped = now.found >= LEAST_DOCUMENTS and now.found >= usual * (1 + max_jump) and now.found > usual
    return Comparison(
        kind=now.kind,
        found=now.found,
        usual=usual,
        crawls=tuple(one.crawl_id for one in chosen),
        counts=tuple(one.found for one in chosen),
        verdict="drop" if has_dropped else "jump" if has_jumped else "usual",
    )
