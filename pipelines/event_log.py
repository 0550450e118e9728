"""Dagster's event log in SQLite with its connections kept open, an event, or a batch of them, in one transaction.

Dagster opens and closes the file for each of the two thousand events of a run; closing the last connection copies the
write-ahead log back each time, which takes several times as long as writing the event. It begins up to five
transactions for an event, and as many for each of the thousand that it plans when a run is made. The files and tables
are Dagster's; a killed process loses nothing, a power cut may lose the last events.

Does not belong here: what is logged, and the storage of runs and schedules.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

MAX_OPEN_FILES = 8
BUSY_SECONDS = 60


@dataclass(frozen=True)
class _Writing:
    """Transactions that a thread holds open, one a file."""

    thread: int
    stack: ExitStack
    connections: dict[str, Connection] = field(default_factory=dict)


class PooledEventLog(SqliteEventLogStorage):
    """The event log that `dagster.yaml` of a state folder names; `base_dir` is where its files lie."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        self._writing: _Writing | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> PooledEventLog:
        """Make it as Dagster does from `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    def dispose(self) -> None:
        """Let go of the files."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that it has, it keeps."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def store_event(self, event: EventLogEntry) -> None:
        """Write one event."""
        with self._one_transaction():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Write several events, in each file all or none."""
        with self._one_transaction():
            super().store_event_batch(events)

    @contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """What this thread writes within the block is committed at its end, file by file, or not at all."""
        if self._is_writing():
            yield
            return
        with self._db_lock, ExitStack() as stack:
            try:
                self._writing = _Writing(threading.get_ident(), stack)
                yield
            finally:
                self._writing = None

    def _is_writing(self) -> bool:
        writing = self._writing  # another thread may end its own meanwhile
        return writing is not None and writing.thread == threading.get_ident()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._one_transaction():
            writing = self._writing
            assert writing is not None
            if shard not in writing.connections:
                engine = self._engine(shard)
                if shard not in self._initialized_dbs:
                    self._initdb(engine)
                    self._initialized_dbs.add(shard)
                writing.connections[shard] = writing.stack.enter_context(engine.begin())
            yield writing.connections[shard]

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None) or _opened(
            self.conn_string_for_shard(shard), is_run=shard != INDEX_SHARD_NAME
        )
        self._engines[shard] = engine
        if len(self._engines) > MAX_OPEN_FILES:
            self._engines.popitem(last=False)[1].dispose()
        return engine


def _opened(address: str, *, is_run: bool) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")
        if is_run:  # The UI follows a run by watching its file, not the write-ahead log beside it.
            connection.execute("PRAGMA wal_autocheckpoint=16")

    return engine
