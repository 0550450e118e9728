"""Kill points: every durable step of a process is one, and the process dies before the one that a variable names.

Belongs here: what counts as a durable step, and processes that are killed at one or after some time. Does not belong
here: what they do, and what must hold afterwards.

Steps are counted where they are made, so that none is forgotten and the product knows nothing of it: names given and
taken away, bytes forced to disk, and what DuckDB writes, a transaction being one step. Processes are forked, which
makes a kill cheap; so whoever kills must not have threads, and is a process of its own itself (`forks`).
"""

from __future__ import annotations

import faulthandler
import itertools
import multiprocessing
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from tests.faults.seed import SEED

VARIABLE = "AIPOLICY_KILL_POINT"
ALL_KILLS = bool(os.environ.get("AIPOLICY_ALL_KILLS"))
"""Whether all random kills are made, not the fifth that CI makes."""
HANG_SECONDS = 120
"""A process that takes longer says where it stands, and fails."""
_WRITES = re.compile(
    r"\s*(alter|comment|copy|create (?!or replace temp)|delete|detach|drop (?!table \w+(;|$))|force|insert|update)",
    re.IGNORECASE,
)
"""Statements whose effect outlives the process; tables without a schema are dropped where they are temporary."""


def arm() -> None:
    """Let this process die before the durable step whose number the variable names, counted from 1."""
    number, passed = int(os.environ[VARIABLE]), itertools.count(1)

    def step() -> None:
        if next(passed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(lambda event, arguments: step() if _changes_names(event, arguments) else None)
    os.fsync = _preceded_by(step, os.fsync)  # type: ignore[assignment]
    _arm_duckdb(step)


def _changes_names(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether an audit event of the interpreter, whoever calls, gives or takes a name; a mere try does not."""
    match event, arguments:
        case "os.mkdir", (path, _, -1):
            return not os.path.lexists(path)
        case "os.remove", (path, -1):
            return os.path.lexists(path)
    return event in ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink")


def _preceded_by(step: Callable[[], None], real: Callable[..., Any]) -> Callable[..., Any]:
    def both(*arguments: Any, **named: Any) -> Any:
        step()
        return real(*arguments, **named)

    return both


def _arm_duckdb(step: Callable[[], None]) -> None:
    connection: Any = duckdb.DuckDBPyConnection
    execute, begin, commit, close = connection.execute, connection.begin, connection.commit, connection.close
    in_transaction: set[int] = set()
    has_written: set[int] = set()

    def execute_or_die(self: Any, query: str, *arguments: Any, **named: Any) -> Any:
        match query.split(maxsplit=1)[0].lower():
            case "begin":
                in_transaction.add(id(self))
            case "commit":
                in_transaction.discard(id(self))
                step()
            case _ if _WRITES.match(query):
                has_written.add(id(self))
                if id(self) not in in_transaction:
                    step()
        return execute(self, query, *arguments, **named)

    def begin_transaction(self: Any) -> Any:
        in_transaction.add(id(self))
        return begin(self)

    def commit_or_die(self: Any) -> Any:
        in_transaction.discard(id(self))
        step()
        return commit(self)

    def close_or_die(self: Any) -> None:
        if id(self) in has_written:
            has_written.discard(id(self))
            step()
        close(self)

    connection.execute, connection.begin = execute_or_die, begin_transaction
    connection.commit, connection.close = commit_or_die, close_or_die


@contextmanager
def forks() -> Iterator[ProcessPoolExecutor]:
    """A process without threads, in which the functions below may be called."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


def killed_everywhere(
    start: Path, act: Callable[[Path], object], mend: Callable[[Path], object], every: int = 1
) -> int:
    """Do something over copies of a folder, killed at point 1, 2, 3 ... until it comes to its end, and mend each copy.

    `mend` must come to its end. With `every` only one point of so many is taken, by the seed; returns the kills made.
    """
    for kills, number in enumerate(itertools.count(1 + SEED % every, every)):
        copy = start.with_name(f"{start.name}-{number}")
        shutil.copytree(start, copy, symlinks=True)
        was_killed = killed_at(number, partial(act, copy))
        untouched(partial(mend, copy))
        shutil.rmtree(copy)
        if not was_killed:
            return kills
    raise AssertionError("numbers end")


def killed_at(number: int, act: Callable[[], object]) -> bool:
    """Do something in a process that dies before its nth durable step; False where it came to its end before."""
    child = _forked(act, number)
    return _was_killed(os.waitpid(child, 0)[1])


def killed_after(seconds: float, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed after some time; False where it came to its end before."""
    child = _forked(act)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _was_killed(status)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return _was_killed(os.waitpid(child, 0)[1])


def untouched(act: Callable[[], object]) -> None:
    """Do something in a process that must come to its end."""
    assert not _was_killed(os.waitpid(_forked(act), 0)[1])


def _forked(act: Callable[[], object], number: int | None = None) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
    try:
        if number is not None:
            os.environ[VARIABLE] = str(number)
            arm()
        act()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def _was_killed(status: int) -> bool:
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), f"expected an end or a kill, got exit {code}; see its standard error"
    return code != 0
