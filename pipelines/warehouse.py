"""The writer's database and the staged edition: one process at a time, held by locks that die with their holder."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb

from pipelines import lake
from pipelines.home import Home, StateRefused
from scrapers.locks import POLL_SECONDS, Held, lock

SCHEMA = Path(__file__).with_name("warehouse.sql")
NEWEST_PARSER_FIRST = """
    try_cast(regexp_extract(parser_version, '([0-9]+)$', 1) as bigint) desc nulls last, parser_version desc
"""
"""SQL: the order of what several parsers read of a version, by their numbers ("us_nist/10" before "us_nist/9")."""
_OPEN_ELSEWHERE = re.compile(r"Could not set lock on file(?:.*?\(PID (\d+)\))?", re.DOTALL)
"""How DuckDB says that another process has a file open."""


_STORAGE = (
    duckdb.IOException, duckdb.TransactionException, duckdb.SerializationException, duckdb.FatalException,
)  # fmt: skip
"""What DuckDB raises of what it stores."""


class WarehouseBusy(Exception):
    """Another process holds the warehouse or the staged edition."""


@contextmanager
def writer_lock(home: Home, wait_seconds: float = 600.0) -> Iterator[None]:
    """Hold the warehouse for this process.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    with _held(home.writer_lock, "the warehouse", wait_seconds):
        yield


@contextmanager
def staged_lock(home: Home, wait_seconds: float = 600.0) -> Iterator[None]:
    """Hold the staged edition for this process; whoever needs both takes this lock first.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    with _held(home.staged_lock, "the staged edition", wait_seconds):
        yield


@contextmanager
def turn_lock(home: Home, wait_seconds: float = 4 * 3600.0) -> Iterator[None]:
    """Hold the turn of a run, from loading to its end; whoever holds it takes the other locks as it needs them.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    with _held(home.turn_lock, "the turn at the warehouse", wait_seconds):
        yield


@contextmanager
def _held(path: Path, what: str, wait_seconds: float) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(path, wait_seconds))
        except Held as held:
            raise WarehouseBusy(
                f"{what}: held by process {held} for over {wait_seconds:.0f} s; wait for it or end it"
            ) from None
        yield


@contextmanager
def open_warehouse(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse under the lock, with its schema in place; closed, and so released, at the end.

    Raises WarehouseBusy where another program has its file open and does not close it in time, and StateRefused where
    its disk is full or its file is damaged, or a lake cannot be reached or is another's; what was committed before
    stays.
    """
    with writer_lock(home), _told_of(home):
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
    tables = hashlib.sha256(" ".join(re.sub(r"--.*", "", statements).split()).encode()).hexdigest()
    if not lake.is_claimed(connection, home, tables):
        connection.execute(statements)
        lake.claim(connection, home, tables)


def warehouse_exists(home: Home) -> bool:
    """Whether there is a warehouse already; a lake is made by the first who opens it."""
    return lake.lake_of(home) is not None or home.warehouse.exists()


def connect_warehouse(home: Home, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the warehouse where it is, for whoever holds its lock: the file of the state folder, or a lake."""
    named = lake.lake_of(home)
    if named is None:
        return connect(home.warehouse, read_only=read_only)
    connection = connect(":memory:", read_only=False)
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


def tidy_warehouse(home: Home) -> None:
    """Do what a lake needs from time to time; DuckDB does it for a file whenever that is closed."""
    if lake.lake_of(home) is not None:
        with open_warehouse(home) as connection:
            lake.tidy(connection)


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
            raise StateRefused(lake.told(error, named)) from None
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
