"""Progress for people: one line a finished step, on standard error."""

import sys
import time

import dagster as dg

_started = time.monotonic()


def say(line: str) -> None:
    """Print one line with the seconds since the start of this process."""
    print(f"{time.monotonic() - _started:7.1f} s  {line}", file=sys.stderr, flush=True)


@dg.success_hook
def say_success(context: dg.HookContext) -> None:
    """A step ended well."""
    say(f"{context.op.name}: done")


@dg.failure_hook
def say_failure(context: dg.HookContext) -> None:
    """A step failed, and why."""
    reason = str(context.op_exception or "see the run in the UI").strip()
    say(f"{context.op.name}: FAILED: {reason[:2000]}")
