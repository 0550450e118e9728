"""The writer's database: opening it, one process at a time.

The lock is the operating system's (flock): it dies with its holder, so a killed run blocks nobody.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.home import Home

SCHEMA = Path(__file__).with_name("warehouse.sql")


class WarehouseBusy(Exception):
    """Another process holds the warehouse."""


@contextmanager
def writer_lock(home: Home, wait_seconds: float = 600.0) -> Iterator[None]:
    """Hold the warehouse for this process.

    Raises WarehouseBusy naming the holder when it is not free in time.
    """
    home.writer_lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(home.writer_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(handle, home.writer_lock, wait_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.pread(handle, 32, 0).decode() or "unknown"
                raise WarehouseBusy(
                    f"{path.parent.name}: held by process {holder} for over {wait_seconds:.0f} s; wait for it or end it"
                ) from None
            time.sleep(0.1)
        else:
            return


@contextmanager
def open_warehouse(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse under the lock, with its schema in place; closed, and so released, at the end."""
    with writer_lock(home):
        connection = connect(home.warehouse, read_only=read_only)
        try:
            if not read_only:
                connection.execute(SCHEMA.read_text(encoding="utf-8"))
            yield connection
        finally:
            connection.close()


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file with instants in UTC and no extension fetched from anywhere."""
    connection = duckdb.connect(str(path), read_only=read_only, config={"autoinstall_known_extensions": False})
    connection.execute("set timezone = 'UTC'")
    return connection
