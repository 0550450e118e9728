"""What was read held against the source's own count: the one rule of recall, for the crawl and for its check."""

from __future__ import annotations

from collections.abc import Iterable

from scrapers.contracts import DayCount


def count_faults(days: Iterable[DayCount], official_total: int | None, found: int, rejected: int) -> list[str]:
    """Where documents that the source counts were neither read nor set aside as unreadable, or came from nowhere."""
    faults, short = [], 0
    for day in days:
        if day.official is None:
            continue
        short += max(0, day.official - day.found)
        if day.found > day.official or day.official - day.found > rejected:
            faults.append(f"{day.day}: the source counts {day.official} documents, we read {day.found}")
    if short > rejected:
        faults.append(f"{short} counted documents were not read, {rejected} of them set aside as unreadable")
    if official_total is not None and not found <= official_total <= found + rejected:
        faults.append(f"the source counts {official_total} documents, we read {found} and set {rejected} aside")
    return faults
