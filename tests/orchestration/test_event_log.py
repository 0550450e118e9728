"""The event log keeps its files open, and Dagster's own storage reads what it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster._check import CheckError
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.event_log import MAX_OPEN_FILES, PooledEventLog


def entry(run_id: str, message: str) -> EventLogEntry:
    return EventLogEntry(error_info=None, level=20, user_message=message, run_id=run_id, timestamp=1_700_000_000.0)


def test_what_is_stored__is_read_by_dagsters_own_storage_while_the_files_are_open(tmp_path: Path) -> None:
    log = PooledEventLog(str(tmp_path))
    runs = [f"run-{number}" for number in range(MAX_OPEN_FILES + 2)]
    for message in ("first", "second"):
        for run in runs:
            log.store_event(entry(run, message))
    others = SqliteEventLogStorage(str(tmp_path))
    for run in runs:
        assert [one.user_message for one in others.get_logs_for_run(run)] == ["first", "second"]
    log.dispose()


def test_after_letting_go__it_goes_on(tmp_path: Path) -> None:
    log = PooledEventLog(str(tmp_path))
    log.store_event(entry("run", "first"))
    log.dispose()
    log.store_event(entry("run", "second"))
    assert len(log.get_logs_for_run("run")) == 2
    log.dispose()


def test_few_files_are_open_at_a_time(tmp_path: Path) -> None:
    log = PooledEventLog(str(tmp_path))
    for number in range(3 * MAX_OPEN_FILES):
        log.store_event(entry(f"run-{number}", "first"))
    links = [path.resolve() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert len({path for path in links if path.parent == tmp_path and path.suffix == ".db"}) <= MAX_OPEN_FILES
    log.dispose()


def test_a_batch__is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    log = PooledEventLog(str(tmp_path))
    log.store_event_batch([entry("run", "first"), entry("run", "second")])
    with pytest.raises(CheckError):
        log.store_event_batch([entry("run", "third"), "no event"])  # type: ignore[list-item]
    log.store_event(entry("run", "fourth"))
    log.dispose()
    written = SqliteEventLogStorage(str(tmp_path)).get_logs_for_run("run")
    assert [one.user_message for one in written] == ["first", "second", "fourth"]
