"""A PostgreSQL of a test's own, that listens on a socket in its own folder and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

_OURS = "test"
_CONNECTIONS = "from pg_stat_activity where datname = %s"
USER = "postgres"
"""Whom the server runs as where the test is root, whom it refuses."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path

    def new_database(self, name: str) -> str:
        """Make a database; returns how clients reach it."""
        _run("psql", "-h", str(self.folder), "-U", "aipolicy", "-d", "postgres", "-c", f"create database {name}")
        return f"host={self.folder} user=aipolicy dbname={name}"

    def cut_connections(self, name: str) -> None:
        """End every connection to a database, as a server that is restarted does; what this test holds goes on."""
        self._ask(f"select pg_terminate_backend(pid) {_CONNECTIONS} and application_name <> '{_OURS}'", name)

    def waiting(self, name: str) -> bool:
        """Whether a connection to a database waits for another."""
        return bool(self._ask(f"select pid {_CONNECTIONS} and wait_event_type = 'Lock'", name))

    @contextmanager
    def commits_held(self, name: str) -> Iterator[None]:
        """Let no transaction of a lake come to its end within a block; who tries waits."""
        with closing(self._connected(name)) as holder, holder.cursor() as cursor:
            cursor.execute("lock table ducklake_snapshot in exclusive mode")
            yield

    def _ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(self._connected("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())

    def _connected(self, name: str) -> Any:
        return psycopg2.connect(host=str(self.folder), user="aipolicy", dbname=name, application_name=_OURS)


@contextmanager
def running() -> Iterator[Server]:
    """The server for the time of a block.

    Raises RuntimeError where PostgreSQL is not installed, or does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = folder / "data"
        _run("initdb", "-D", str(data), "-U", "aipolicy", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8")
        listening = f"-k {folder} -c listen_addresses="
        _run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", listening, "-w", "start")
        try:
            yield Server(folder)
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, str(_found(program)), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"expected {program} to end well, got {done.returncode}: {done.stderr[-1000:]}")


def _found(program: str) -> Path:
    """Debian keeps the programs of a server out of PATH, in a folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4]))
    found = shutil.which(program) or next(reversed(versions), None)
    if found is None:
        raise RuntimeError(f"expected PostgreSQL's {program}, found none; install it, on Debian: postgresql")
    return Path(found)
