"""How often a host is asked by all crawls together, whichever process, run or machine they belong to.

A turn is taken at the moment of asking and never ahead of it: a process that is slow to wake would ask late, and too
close to the next. Crawls of one state folder share files in it; crawls of several machines share a Redis, whose clock
counts, since theirs differ.

Belongs here: turns, pauses and where they are kept. Does not belong here: how a crawl waits, and what Retry-After says.
"""

from __future__ import annotations

import fcntl
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from scrapers.keys import scrubbed
from scrapers.locks import BUDGETS_VARIABLE, shared_budgets

if TYPE_CHECKING:
    from throttled.rate_limiter import Quota

LONGEST_WAIT_SECONDS = 600.0
"""A turn further ahead was taken before the clock was set back, and holds no more."""
LONGEST_HOLD_SECONDS = 86_400.0
"""No host is left alone for longer than this without being asked again."""
LEAST_SECONDS = 0.001
"""Nobody tries again sooner."""
_PREFIX = "aipolicy:host"
ANSWER_SECONDS, TRIES_AGAIN = 2.0, 3
"""How long Redis may take for an answer, and how often it is asked again before it counts as lost."""


class BudgetLost(Exception):
    """Nobody can say whether a host may be asked, so it must not be; the message says why."""


class HostBudget(Protocol):
    """The budget of each host."""

    def take(self, host: str, delay: float) -> float:
        """Take the turn to ask a host; returns 0, or how many seconds to wait before trying again.

        Once it is taken, nobody else gets one for `delay` seconds. Raises BudgetLost.
        """

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so long, a day at most; a longer pause stays as it is. Raises BudgetLost."""


def host_budget(folder: Path) -> HostBudget:
    """The budget that the environment names: in a Redis, or by itself in files of a folder.

    Raises ValueError as `shared_budgets` does.
    """
    address = shared_budgets()
    return FileBudget(folder) if address is None else RedisBudget(address)


@dataclass
class _Moments:
    """Seconds of the epoch."""

    next_at: float = 0.0
    held_until: float = 0.0


class FileBudget:
    """A small file a host, under a lock that is held for no longer than it takes to read and write two moments.

    They are when the host may be asked next, and until when it wants to be left alone.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, host: str, delay: float) -> float:
        """As of HostBudget; the file system raises what it raises."""
        with self._moments(host) as moments:
            now = self._clock()
            next_at = moments.next_at if moments.next_at <= now + LONGEST_WAIT_SECONDS else 0.0
            wait = max(next_at - now, _hold_at(moments, now) - now)
            if wait > 0:
                return wait
            moments.next_at = now + delay
            return 0.0

    def hold(self, host: str, seconds: float) -> None:
        """As of HostBudget; the file system raises what it raises."""
        with self._moments(host) as moments:
            now = self._clock()
            moments.held_until = max(_hold_at(moments, now), now + min(seconds, LONGEST_HOLD_SECONDS))

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


class RedisBudget:
    """Turns by throttled-py's token bucket (GCRA, one token), and beside it a key a host that is there for a pause.

    Both are kept in Redis, which reckons by its own clock and does each in one step.
    """

    def __init__(self, address: str) -> None:
        from redis import Redis
        from redis.backoff import ExponentialBackoff
        from redis.retry import Retry
        from throttled.store import RedisStore

        waits = {
            "socket_timeout": ANSWER_SECONDS,
            "socket_connect_timeout": ANSWER_SECONDS,
            "retry": Retry(ExponentialBackoff(cap=1.0, base=0.1), TRIES_AGAIN),
        }
        self._password = unquote(urlsplit(address).password or "")
        self._redis = Redis.from_url(address, **waits)
        self._store = RedisStore(address, {"CONNECTION_POOL_KWARGS": waits})

    def take(self, host: str, delay: float) -> float:
        """As of HostBudget. A turn whose answer was lost on its way is waited for like anybody's."""
        from throttled import Throttled

        with self._answering():
            left: Any = self._redis.pttl(_pause_of(host))
            if left > 0:
                return (int(left) + 1) / 1000
            bucket = Throttled(key=host, using="gcra", quota=_one_each(delay), store=self._store, key_prefix=_PREFIX)
            answer = bucket.limit()
        return max(answer.state.retry_after, LEAST_SECONDS) if answer.limited else 0.0

    def hold(self, host: str, seconds: float) -> None:
        """As of HostBudget."""
        key, pause = _pause_of(host), max(1, math.ceil(min(seconds, LONGEST_HOLD_SECONDS) * 1000))
        with self._answering(), self._redis.pipeline() as both:
            both.set(key, "", nx=True, px=pause)
            both.pexpire(key, pause, gt=True)
            both.execute()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from redis import RedisError
        from throttled.exceptions import BaseThrottledError

        try:
            yield
        except (RedisError, BaseThrottledError) as wrapped:
            error = wrapped.__cause__ or wrapped  # the library tells that it has failed, and not how
            said = scrubbed(" ".join(str(error).split()), self._password or None)
            raise BudgetLost(
                f"the budgets of hosts cannot be had from the Redis of {BUDGETS_VARIABLE}: {type(error).__name__}: "
                f"{said[:300]}; see whether it answers and is Redis 7 or later, and run again"
            ) from None  # the error may repeat the password


def _pause_of(host: str) -> str:
    return f"{_PREFIX}:pause:{host}"


def _one_each(delay: float) -> Quota:
    """A token for each `delay` seconds; the library counts in whole seconds, in which then several are due."""
    from throttled.rate_limiter import per_duration

    seconds = max(Fraction(delay).limit_denominator(1000), Fraction(1, 1000))
    return per_duration(timedelta(seconds=seconds.numerator), limit=seconds.denominator, burst=1)


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
