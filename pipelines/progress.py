"""Progress on standard error: one line a finished step, one every 20 seconds about what still runs.

Lines are for people, or with AIPOLICY_LOG=json for a collector of logs, as scrapers/log_lines.py makes them.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

import dagster as dg

from scrapers import log_lines

SILENT_SECONDS = 20.0
"""Nobody waits longer than this without a word."""
POLL_SECONDS = 0.5

_started = time.monotonic()
_said_at = _started
_doing = "starting"
_run_id: str | None = None


def say(line: str, *, level: str = "info", source: str | None = None) -> None:
    """Print one line with the seconds since the start of this process, or as JSON."""
    global _said_at  # noqa: PLW0603  a process has one standard error, and one person before it
    _said_at = time.monotonic()
    if log_lines.are_wanted():
        print(log_lines.line_of(datetime.now(UTC), level, line, source, _run_id), file=sys.stderr, flush=True)
    else:
        print(f"{_said_at - _started:7.1f} s  {line}", file=sys.stderr, flush=True)


def of_run(run_id: str) -> None:
    """Note which run the next lines are of."""
    global _run_id  # noqa: PLW0603  as above
    _run_id = run_id


def pass_on(source: str, said: str) -> None:
    """Print what a child said on standard error, keys taken out, where lines are JSON; people read it in the check."""
    if not log_lines.are_wanted():
        return
    for line in filter(str.strip, said.splitlines()):
        if log_lines.is_line(line):
            print(line, file=sys.stderr, flush=True)
        else:
            say(line, level="error", source=source)


def doing(what: str) -> None:
    """Note what runs now, to be told when it takes long."""
    global _doing  # noqa: PLW0603  as above
    _doing = what


@contextmanager
def told_while_running(what: str) -> Iterator[None]:
    """Say what runs whenever nothing else was said for a while; a thread, since steps do not return meanwhile."""
    doing(what)
    ended = Event()
    teller = Thread(target=_tell, args=(ended,), daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def _tell(ended: Event) -> None:
    while not ended.wait(POLL_SECONDS):
        if time.monotonic() - _said_at >= SILENT_SECONDS:
            say(f"{_doing}: still running")


def note_step(entry: dg.EventLogEntry) -> None:
    """Hear of a run's events: a step that starts is what runs now."""
    event = entry.dagster_event
    if event is not None and event.event_type is dg.DagsterEventType.STEP_START:
        of_run(entry.run_id)
        doing(event.node_name)


@dg.success_hook
def say_success(context: dg.HookContext) -> None:
    """A step ended well."""
    of_run(context.run_id)
    say(f"{context.op.name}: done")


@dg.failure_hook
def say_failure(context: dg.HookContext) -> None:
    """A step failed, and why."""
    of_run(context.run_id)
    reason = str(context.op_exception or "see the run in the UI").strip()
    say(f"{context.op.name}: FAILED: {reason[:2000]}", level="error")
