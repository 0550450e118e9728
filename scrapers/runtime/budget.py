"""How often a host is asked by all crawls of a state folder together, whichever process or run they belong to.

A small file a host, under a lock that is held for no longer than it takes to read and write two moments: when the host
may be asked next, and until when it wants to be left alone. A turn is taken at the moment of asking and never ahead of
it: a process that is slow to wake would ask late, and too close to the next.

Belongs here: the arithmetic and its file. Does not belong here: how a crawl waits, and what Retry-After says.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST_WAIT_SECONDS = 600.0
"""A turn further ahead was taken before the clock was set back, and holds no more."""
LONGEST_HOLD_SECONDS = 86_400.0
"""No host is left alone for longer than this without being asked again."""


@dataclass
class _Moments:
    """Seconds of the epoch."""

    next_at: float = 0.0
    held_until: float = 0.0


class HostBudget:
    """The budget of each host, in files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, host: str, delay: float, now: float) -> float:
        """Take the turn to ask a host; returns 0, or how many seconds to wait before trying again.

        Once it is taken, nobody else gets one for `delay` seconds.
        """
        with self._moments(host) as moments:
            next_at = moments.next_at if moments.next_at <= now + LONGEST_WAIT_SECONDS else 0.0
            wait = max(next_at - now, _hold_at(moments, now) - now)
            if wait > 0:
                return wait
            moments.next_at = now + delay
            return 0.0

    def hold(self, host: str, until: float, now: float) -> None:
        """Let nobody ask the host until a moment, which is never later than a day from now."""
        with self._moments(host) as moments:
            moments.held_until = max(_hold_at(moments, now), min(until, now + LONGEST_HOLD_SECONDS))

    def held_until(self, host: str, now: float) -> float:
        """Until when the host wants to be left alone; a moment past where it does not."""
        with self._moments(host) as moments:
            return _hold_at(moments, now)

    @contextmanager
    def _moments(self, host: str) -> Iterator[_Moments]:
        handle = os.open(self._folder / host.replace(":", "_"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            moments = _read(os.pread(handle, 100, 0))
            before = (moments.next_at, moments.held_until)
            yield moments
            if (moments.next_at, moments.held_until) != before:
                os.pwrite(handle, f"{moments.next_at:20.6f} {moments.held_until:20.6f}\n".encode(), 0)
        finally:
            os.close(handle)


def _hold_at(moments: _Moments, now: float) -> float:
    """Until when the host is left alone; a moment further off was noted before the clock was set back."""
    return moments.held_until if moments.held_until <= now + LONGEST_HOLD_SECONDS else 0.0


def _read(content: bytes) -> _Moments:
    """Moments of a file; one that a crash has cut says nothing, and the host is asked as if it were new."""
    try:
        next_at, held_until = map(float, content.split())
    except ValueError:
        return _Moments()
    return _Moments(next_at, held_until)
