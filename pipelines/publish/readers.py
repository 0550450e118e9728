"""Who has an edition open: nothing that somebody reads is deleted.

Our own readers hold a shared lock on the edition's folder, which costs no file and dies with them. Other readers (a
DuckDB shell, a notebook) are known by the files that their processes have open, as far as Linux shows them to us: those
of other users it shows to root alone, and other machines' to nobody.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROCESSES = Path("/proc")


@contextmanager
def reading(edition: Path) -> Iterator[None]:
    """Keep an edition from being deleted for as long as the block runs."""
    handle = os.open(edition, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def is_read(edition: Path) -> bool:
    """Whether somebody reads an edition now, as far as can be known."""
    return _is_locked(edition) or any(path.is_relative_to(edition.resolve()) for path in _open_files())


def _is_locked(edition: Path) -> bool:
    handle = os.open(edition, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _open_files() -> Iterator[Path]:
    """Files that processes have open or mapped, where we may look; a process that ends meanwhile has none."""
    for process in PROCESSES.glob("[0-9]*"):
        for links in (process / "fd", process / "map_files"):
            try:
                opened = list(links.iterdir())
            except OSError:
                continue
            for link in opened:
                try:
                    yield link.readlink()
                except OSError:
                    continue
