"""What both sides of a child process must know: how it dies with its parent, and how a fork is ordered.

A leaf: it imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import signal
import sys
from typing import TypedDict

_PR_SET_PDEATHSIG = 1


class Order(TypedDict):
    """What a fork is to run, a module and its arguments, and the files into which its output goes."""

    command: list[str]
    stdout: str
    stderr: str


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies (Linux; elsewhere a no-op)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
