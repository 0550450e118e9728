"""The current edition in a bucket of an S3-compatible store, for engines on other machines.

An edition lies there as it lies in the state folder, below `editions/<id>/`, and is never changed. `current.json` names
the one that is current and its Parquet, and is written last, in one request: whoever reads it once, and only what it
names, reads one whole edition, whatever is uploaded meanwhile.

Belongs here: what lies in the bucket, and in which order it comes. Does not belong here: what an edition is made of.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from pyarrow.fs import FileSystem, S3FileSystem, SubTreeFileSystem

from pipelines.bucket import Access
from pipelines.publish.stage import read_about

POINTER = "current.json"
AT_ONCE = 8
_CHUNK = 1 << 20
_LAST = ("SHA256SUMS", "AUDIT.json")
"""They say that an edition is whole, so they come after all other files of it."""


class NotUploaded(Exception):
    """The bucket does not hold the edition as it should; its pointer names the one of before."""


@dataclass(frozen=True)
class Uploaded:
    """What became of an upload."""

    edition_id: str
    files: int
    new_files: int
    """Those that the bucket did not hold yet, or not with these bytes."""


def upload(edition: Path, address: str, who: Access) -> Uploaded:
    """Copy a whole edition to s3://BUCKET/PREFIX, then have the pointer there name it.

    What the bucket holds already is read and stays; what was copied is read back. Raises NotUploaded where the store
    refuses, gives other bytes than it got, or holds another edition of this id.
    """
    with _told(address, who):
        store = SubTreeFileSystem(address.removeprefix("s3://"), _store(who))
        sums, folder = (edition / "SHA256SUMS").read_bytes(), f"editions/{edition.name}"
        if _sha256_in(store, f"{folder}/SHA256SUMS") not in (None, hashlib.sha256(sums).hexdigest()):
            raise NotUploaded(
                f"{address}/{folder}: expected the files of SHA256SUMS in {edition}, got an edition of this id with "
                "other bytes, which readers may be reading; upload to another prefix"
            )
        listed = [line.split("  ", 1)[1] for line in sums.decode().splitlines()]

        def put(name: str) -> bool:
            with (edition / name).open("rb") as content:
                return _put(store, f"{folder}/{name}", content)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            new = [*pool.map(put, listed), *map(put, _LAST)]
        _put(store, POINTER, BytesIO(_pointer(edition, folder)), Cache_Control="no-cache")
    return Uploaded(edition.name, len(new), sum(new))


def _store(who: Access) -> FileSystem:
    # Sums of AWS's own come in a form that not every store knows; what was copied is read back in any case.
    os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    return S3FileSystem(
        access_key=who.key_id,
        secret_key=who.secret,
        session_token=who.token,
        region=who.region,
        scheme="https" if who.has_tls else "http",
        endpoint_override=who.endpoint,
        connect_timeout=10.0,
        request_timeout=60.0,
        allow_delayed_open=True,  # a small file is one request
    )


def _pointer(edition: Path, folder: str) -> bytes:
    """What names an edition; paths are below the prefix, so that it may be copied elsewhere."""
    about: dict[str, Any] = read_about(edition)
    tables = {
        name: {"path": f"{folder}/parquet/{name}.parquet", "rows": table["rows"], "sha256": table["parquet_sha256"]}
        for name, table in about["tables"].items()
    }
    named = {key: about[key] for key in ("edition_id", "as_of", "content_sha256", "schema_version", "is_sample")}
    return orjson.dumps({**named, "folder": folder, "parquet": tables}, option=orjson.OPT_INDENT_2)


def _put(store: FileSystem, name: str, content: BinaryIO, **headers: str) -> bool:
    """Have a file in the bucket; whether it was not there yet with these bytes."""
    sha256 = _sha256_of(content)
    if _sha256_in(store, name) == sha256:
        return False
    content.seek(0)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    metadata = {"Content-Type": kind, **{key.replace("_", "-"): value for key, value in headers.items()}}
    with store.open_output_stream(name, metadata=metadata) as target:
        shutil.copyfileobj(content, target, _CHUNK)
    if (got := _sha256_in(store, name)) != sha256:
        raise NotUploaded(f"{name}: expected SHA-256 {sha256} in the bucket, got {got}; run again")
    return True


def _sha256_in(store: FileSystem, name: str) -> str | None:
    """The hash of a file in the bucket; None where there is none."""
    try:
        with store.open_input_stream(name) as content:
            return _sha256_of(content)
    except FileNotFoundError:
        return None


def _sha256_of(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _told(address: str, who: Access) -> Iterator[None]:
    """Say what to do where the store refuses; errors of the machine's own files stay as they are."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        said = " ".join(who.scrub(str(error)).split())[:500]
        raise NotUploaded(
            f"{address}: {said}; see whether the store answers, the bucket is there and the keys allow to read and "
            "write below the prefix"
        ) from None  # the error may repeat a key
