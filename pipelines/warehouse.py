"""The writer's database and the staged edition: one process at a time, held by locks that die with their holder.

Where the warehouse is a lake, those who only bring rows to it may do so beside each other, and nobody builds meanwhile.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from random import SystemRandom
from typing import Any, TypeVar

import duckdb

from pipelines import lake
from pipelines.home import Home, StateRefused, WarehouseAway
from scrapers.locks import POLL_SECONDS, Held, holder_of, lock

SCHEMA = Path(__file__).with_name("warehouse.sql")
NEWEST_PARSER_FIRST = """
    try_cast(regexp_extract(parser_version, '([0-9]+)$', 1) as bigint) desc nulls last, parser_version desc
"""
"""SQL: the order of what several parsers read of a version, by their numbers ("us_nist/10" before "us_nist/9")."""
_OPEN_ELSEWHERE = re.compile(r"Could not set lock on file(?:.*?\(PID (\d+)\))?", re.DOTALL)
"""How DuckDB says that another process has a file open."""


AWAY_TRIES, AWAY_SECONDS = 4, 10.0
"""So often, and so many seconds apart, a step comes back to a lake that went away."""
CONFLICTS = 20
"""So often a transaction is tried; each conflict is one that another machine has committed."""
_CONFLICT = "Transaction conflict"
"""How DuckLake says that another transaction has come before."""
_Made = TypeVar("_Made")

_STORAGE = (
    duckdb.IOException, duckdb.TransactionException, duckdb.SerializationException, duckdb.FatalException,
)  # fmt: skip
"""What DuckDB raises of what it stores."""


class WarehouseBusy(Exception):
    """Another process holds the warehouse or the staged edition."""


@contextmanager
def writer_lock(home: Home, wait_seconds: float = 600.0, *, beside_others: bool = False) -> Iterator[None]:
    """Hold the warehouse for this process; a lake `beside_others` who hold it so, a file always alone.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    shared = beside_others and lake.lake_of(home) is not None
    with _held(home.writer_lock, "the warehouse", wait_seconds, shared=shared):
        yield


@contextmanager
def staged_lock(home: Home, wait_seconds: float = 600.0) -> Iterator[None]:
    """Hold the staged edition for this process; whoever needs both takes this lock first.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    with _held(home.staged_lock, "the staged edition", wait_seconds):
        yield


@contextmanager
def turn_lock(home: Home, wait_seconds: float = 4 * 3600.0, *, beside_others: bool = False) -> Iterator[None]:
    """Hold the turn of a run, from loading to its end; whoever holds it takes the other locks as it needs them.

    At a lake it is held `beside_others` by those who only bring rows. Raises WarehouseBusy naming the holder when it is
    not free in time.
    """
    shared = beside_others and lake.lake_of(home) is not None
    with _held(home.turn_lock, "the turn at the warehouse", wait_seconds, shared=shared):
        yield


@contextmanager
def _held(path: Path, what: str, wait_seconds: float, *, shared: bool = False) -> Iterator[None]:
    """Whoever waits comes before those who come later: of those who share, the next might always be there."""
    until = time.monotonic() + wait_seconds
    with ExitStack() as stack:
        try:
            with lock(path.with_suffix(".next"), wait_seconds):
                stack.enter_context(lock(path, max(0.0, until - time.monotonic()), shared=shared))
        except Held as held:  # which may be one that waits for it, too
            holder = holder_of(path) or held
            raise WarehouseBusy(
                f"{what}: held by process {holder} for over {wait_seconds:.0f} s; wait for it or end it"
            ) from None
        yield


@contextmanager
def open_warehouse(
    home: Home, *, read_only: bool = False, beside_others: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse under the lock, with its schema in place; closed, and so released, at the end.

    Raises WarehouseBusy where another program has its file open and does not close it in time, and StateRefused where
    its disk is full or its file is damaged, or a lake cannot be reached or is another's; what was committed before
    stays.
    """
    with writer_lock(home, beside_others=beside_others), _told_of(home):
        connection = _once_free(home, read_only=read_only)
        try:
            if not read_only:
                _have_tables(connection, home)
            yield connection
        finally:
            connection.close()


def _have_tables(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make the tables that are not there yet; a lake that has them is left alone, as each statement would cost it."""
    statements = SCHEMA.read_text(encoding="utf-8")
    if lake.lake_of(home) is None:
        connection.execute(statements)
        return
    told = " ".join(re.sub(r"--.*", "", statements + lake.CLAIMS).split())
    tables = hashlib.sha256(told.encode()).hexdigest()
    with _made_by_one(home):
        if not lake.is_claimed(connection, home, tables):
            connection.execute(statements)
            lake.claim(connection, home, tables)


def _made_by_one(home: Home) -> AbstractContextManager[int]:
    """Several may open a lake at once; one of them makes what is not there yet."""
    return lock(home.writer_lock.with_name("lake.lock"))


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is written within the block is there at its end, or not at all."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # where the connection is gone, so is the transaction
            connection.rollback()
        raise
    connection.commit()


def until_back(work: Callable[[], _Made]) -> _Made:
    """Do what opens the warehouse, again after a while where a lake went away in it; what was committed stays.

    Raises what `work` raises, and WarehouseAway where the lake stays away.
    """
    for _ in range(1, AWAY_TRIES):
        try:
            return work()
        except WarehouseAway as away:
            sys.stderr.write(f"{away}; trying again in {AWAY_SECONDS:.0f} s\n")
            sys.stderr.flush()
        time.sleep(AWAY_SECONDS)
    return work()


def through_conflicts(work: Callable[[], _Made]) -> _Made:
    """Do what is written in transactions, again where the transaction of another machine at a lake has come before.

    DuckLake tells of that at the commit, and tries those again by itself that only add rows. Raises what `work` raises,
    and duckdb.TransactionException where a conflict lasts.
    """
    for attempt in range(1, CONFLICTS):
        try:
            return work()
        except duckdb.TransactionException as conflict:
            if _CONFLICT not in str(conflict):
                raise
        time.sleep(SystemRandom().uniform(0, attempt * POLL_SECONDS))
    return work()


def warehouse_exists(home: Home) -> bool:
    """Whether there is a warehouse already; a lake is made by the first who opens it."""
    return lake.lake_of(home) is not None or home.warehouse.exists()


def connect_warehouse(home: Home, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the warehouse where it is, for whoever holds its lock: the file of the state folder, or a lake."""
    named = lake.lake_of(home)
    if named is None:
        return connect(home.warehouse, read_only=read_only)
    connection = connect(":memory:", read_only=False)
    # The first who attaches a lake to write makes its catalog.
    with nullcontext() if read_only else _made_by_one(home):
        lake.attach(connection, named, read_only=read_only)
    connection.execute(f"use {lake.DATABASE}")
    return connection


def attach_warehouse(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Have the warehouse beside what a connection holds, to read, under the name that it always has."""
    named = lake.lake_of(home)
    if named is None:
        path, spill = (str(one).replace("'", "''") for one in (home.warehouse, home.warehouse.with_name("spill")))
        connection.execute(f"set temp_directory = '{spill}'; attach '{path}' as {lake.DATABASE} (read_only)")
    else:
        lake.attach(connection, named, read_only=True)


def moment_of_lake(connection: duckdb.DuckDBPyConnection, home: Home) -> dict[str, Any] | None:
    """As of when a lake can be asked again for what `attach_warehouse` shows; None of a file, which keeps no past."""
    return None if lake.lake_of(home) is None else lake.moment_of(connection)


def tidy_warehouse(home: Home, moments: Sequence[Mapping[str, Any]]) -> None:
    """Do what a lake needs from time to time, and let it answer as of some moments still; DuckDB does it for a file
    whenever that is closed.
    """
    if lake.lake_of(home) is not None:
        with open_warehouse(home) as connection:
            own = lake.moment_of(connection)["id"]
            lake.tidy(connection, [moment["snapshot"] for moment in moments if moment["id"] == own])


def _once_free(home: Home, *, read_only: bool, wait_seconds: float = 600.0) -> duckdb.DuckDBPyConnection:
    """Open the warehouse once no program has its file open that does not take our locks; who waits says for whom."""
    path, began, is_told = home.warehouse, time.monotonic(), False
    while True:
        try:
            return connect_warehouse(home, read_only=read_only)
        except duckdb.IOException as error:
            if (found := _OPEN_ELSEWHERE.search(str(error))) is None:
                raise
        holder = f"process {found[1] or 'unknown'}, which has {path.name} open"
        if time.monotonic() - began >= wait_seconds:
            raise WarehouseBusy(f"{path}: waited for {wait_seconds:.0f} s for {holder}; close that program")
        if not is_told:
            sys.stderr.write(f"waiting for {holder}; close that program\n")
            sys.stderr.flush()
            is_told = True
        time.sleep(POLL_SECONDS)


@contextmanager
def _told_of(home: Home) -> Iterator[None]:
    """Say what to do where DuckDB cannot read or write what is stored; errors of a server have no class of theirs."""
    named = lake.lake_of(home)
    try:
        yield
    except duckdb.Error as error:
        if named is not None and (isinstance(error, _STORAGE) or type(error) is duckdb.Error):
            raise WarehouseAway(lake.told(error, named)) from None
        if named is not None or not isinstance(error, _STORAGE):
            raise
        said = str(error).splitlines()[0]
        raise StateRefused(
            f"{home.warehouse}: {said}; where a disk is full make room, where the file is damaged run: aipolicy rebuild"
        ) from error


def connect(path: Path | str, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file with instants in UTC, no bar over what takes long, and no extension fetched from anywhere."""
    connection = duckdb.connect(str(path), read_only=read_only, config={"autoinstall_known_extensions": False})
    connection.execute("set timezone = 'UTC'; set enable_progress_bar = false")
    return connection
