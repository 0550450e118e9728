"""Locks of the operating system (flock): they die with their holder, so a killed process blocks nobody.

Belongs here: the one way this project keeps two processes apart. Does not belong here: what they do meanwhile.
A leaf like `durable`: it imports nothing of ours.
"""

from __future__ import annotations

import fcntl
import math
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

POLL_SECONDS = 0.1
ELSEWHERE = " on "
"""Between the id of a process and the machine that it is on."""
SILENT_SECONDS = 1.0
"""A wait longer than this is told."""
BUDGETS_VARIABLE = "AIPOLICY_HOST_BUDGETS"
"""Names the Redis in which crawls of several machines share the budget of each host."""


class Held(Exception):
    """Another process holds the lock; the message is its id, and its machine where that is another."""


@contextmanager
def lock(path: Path, wait_seconds: float = math.inf, *, shared: bool = False) -> Iterator[int]:
    """Hold a lock file for this process; gives its descriptor. Whoever waits says for whom, on standard error.

    Several may hold a `shared` one at once, and nobody else meanwhile; it is named by the last who took it.
    Raises Held naming the holder when it is not free in time, and PermissionError where it is another user's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _opened(path)
    try:
        _acquire(handle, path, wait_seconds, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}{ELSEWHERE}{platform.node()}".encode(), 0)
        yield handle
    finally:
        os.close(handle)


def crawl_lock(home: Path, slug: str) -> Path:
    """Held by whoever crawls a source: its next crawl, be it of another run, begins when this one has ended."""
    return home / "locks" / f"{slug}.lock"


def host_budgets(home: Path) -> Path:
    """Where crawls of one state folder share how often each host may be asked."""
    return home / "locks" / "hosts"


def shared_budgets(environment: Mapping[str, str] = os.environ) -> str | None:
    """The address of the Redis in which crawls of several machines share that; None where files do.

    Raises ValueError for any other address, which is never repeated, since it may hold a password.
    """
    address = environment.get(BUDGETS_VARIABLE, "").strip()
    if not address:
        return None
    if not is_redis_address(address):
        raise ValueError(
            f"{BUDGETS_VARIABLE}: expected an address such as redis://user:password@cache.example.org:6379/0, or "
            "rediss:// for one with TLS, got something else; signs such as / and @ in a password are written as %2F "
            "and %40; leave the variable out where crawls run on one machine"
        )
    return address


def is_redis_address(address: str) -> bool:
    """Whether a text is the whole address of a Redis, of which every part can be told from the others."""
    try:
        parts = urlsplit(address)
        has_host = parts.hostname is not None and parts.port != 0
    except ValueError:
        return False
    is_database = not parts.path.strip("/") or parts.path.strip("/").isdecimal()
    return parts.scheme in ("redis", "rediss") and has_host and is_database and not parts.query + parts.fragment


def holder_of(path: Path) -> str | None:
    """Who holds a lock file, as `Held` names it; None when it is free."""
    try:
        with lock(path, wait_seconds=0):
            return None
    except Held as held:
        return str(held)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        there = path if path.exists() else path.parent
        raise PermissionError(
            f"{there}: expected what user {os.geteuid()} may write, got what belongs to user {there.stat().st_uid}; "
            "run every command as the user of the service, and give the whole state folder back to it: sudo chown -R "
            "USER: FOLDER; see Installing for good in docs/operations.md"
        ) from error


def _acquire(handle: int, path: Path, wait_seconds: float, kind: int) -> None:
    started, is_told = time.monotonic(), False
    while not _is_taken(handle, kind):
        waited = time.monotonic() - started
        holder = os.pread(handle, 300, 0).decode().removesuffix(f"{ELSEWHERE}{platform.node()}") or "unknown"
        if waited >= wait_seconds:
            raise Held(holder)
        if waited > SILENT_SECONDS and not is_told:
            sys.stderr.write(f"waiting for process {holder}, which holds {path.name}\n")
            sys.stderr.flush()
            is_told = True
        time.sleep(POLL_SECONDS)


def _is_taken(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
