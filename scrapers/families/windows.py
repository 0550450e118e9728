"""Windows cut into smaller ones, and lists that must come to an end: what is asked of list services page by page."""

from __future__ import annotations

from datetime import timedelta

from scrapers.contracts import UnknownShape, Window


def months(window: Window) -> list[Window]:
    """A window cut at the ends of months."""
    cut = []
    since = window.since
    while since <= window.until:
        next_month = (since.replace(day=1) + timedelta(32)).replace(day=1)
        until = min(window.until, next_month - timedelta(1))
        cut.append(Window(since=since, until=until))
        since = until + timedelta(1)
    return cut


def halves(window: Window) -> tuple[Window, Window]:
    """A window of several days as two, for lists that hold more than paging can reach.

    Raises UnknownShape for a single day.
    """
    if window.since == window.until:
        raise UnknownShape(f"{window.since} holds more than paging can reach, and a day cannot be halved")
    middle = window.since + (window.until - window.since) // 2
    return Window(since=window.since, until=middle), Window(since=middle + timedelta(1), until=window.until)


def require_whole(before: int | None, now: int, what: str) -> None:
    """Refuse a page of a list that is shorter than the page before it said: what moved up meanwhile was passed over."""
    if before is not None and now < before:
        raise UnknownShape(f"expected {before} {what}, as the page before said, got {now}; the list moved, ask again")


def require_progress(new: int, what: str) -> None:
    """Refuse a page that brings nothing new although the list goes on."""
    if not new:
        raise UnknownShape(f"expected new {what} before the end of the list, got none; paging would not end")
