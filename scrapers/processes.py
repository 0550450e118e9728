"""What the sides of a child process must know: how it dies with its parent, how a fork is ordered, what it may forget.

A leaf: it imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import gc
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


def forget_what_is_imported() -> None:
    """Let the garbage collector look no more at what is there already, which lasts as long as this process.

    While documents are made by the thousand it would look through all of Scrapy again and again.
    """
    gc.freeze()
