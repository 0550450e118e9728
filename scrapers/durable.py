"""Files that are whole or absent: temporary name, fsync, rename.

Belongs here: the one way this project finishes a file. Does not belong here: what is in the files.
A leaf like `contracts`: it imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_UMASK = os.umask(0o077)
os.umask(_UMASK)
_FINISHED_MODE = 0o666 & ~_UMASK
"""Who may read a finished file is the operator's to say; an unfinished one is nobody's but its writer's."""


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name; rename it only after the block ended well and the bytes are on disk.

    A link in its place is replaced and not followed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), _FINISHED_MODE)
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes as a whole file."""
    with whole_file(path) as stream:
        stream.write(content)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal_fault(path: Path, expected_bytes: int, expected_sha256: str) -> str | None:
    """Hold a file against the length and hash noted when it was finished; one sentence, or None when it is whole."""
    if not path.exists():
        return f"{path.name}: missing; restore it from a copy"
    size = path.stat().st_size
    if size != expected_bytes:
        return f"{path.name}: expected {expected_bytes} bytes, got {size}; restore it from a copy"
    if file_sha256(path) != expected_sha256:
        return f"{path.name}: its hash differs from the one noted when it was finished; restore it from a copy"
    return None
