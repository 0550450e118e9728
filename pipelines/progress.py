"""Progress for people: one line a finished step, one every 20 seconds about what still runs, on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import dagster as dg

SILENT_SECONDS = 20.0
"""Nobody waits longer than this without a word."""
POLL_SECONDS = 0.5

_started = time.monotonic()
_said_at = _started
_doing = "starting"


def say(line: str) -> None:
    """Print one line with the seconds since the start of this process."""
    global _said_at  # noqa: PLW0603  a process has one standard error, and one person before it
    _said_at = time.monotonic()
    print(f"{_said_at - _started:7.1f} s  {line}", file=sys.stderr, flush=True)


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
        doing(event.node_name)


@dg.success_hook
def say_success(context: dg.HookContext) -> None:
    """A step ended well."""
    say(f"{context.op.name}: done")


@dg.failure_hook
def say_failure(context: dg.HookContext) -> None:
    """A step failed, and why."""
    reason = str(context.op_exception or "see the run in the UI").strip()
    say(f"{context.op.name}: FAILED: {reason[:2000]}")
