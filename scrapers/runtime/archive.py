"""The raw archive: one WARC 1.1 file a crawl (ISO 28500), readable by any archive tool, sealed by count and hash.

`warcio check` passes a file that was cut at a record's edge, so the seal in the ledger, not the format, proves that
nothing is missing. Never two processes in one file.

A body that an earlier file holds is not written again: a `revisit` record has its own headers and names the record that
has the body (ISO 28500, profile identical-payload-digest), with the file and offset by which tools find it.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from scrapers.contracts import FileSeal, utc_text
from scrapers.durable import file_sha256, sync_folder

MAX_DECODED = 50_000_000
"""So many bytes of a body are decompressed at most for people to look at."""

_IN_FILE, _AT_OFFSET = "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"
"""No part of the standard, which names a body by address and time alone; Heritrix writes the same two."""


@dataclass(frozen=True)
class ArchivedAnswer:
    """An HTTP answer as it came: status, headers, body before any decoding."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Written:
    """Where an exchange was written."""

    offset: int
    """Of the response record, or of the revisit record in its place."""
    sha256: str
    """Of the body."""
    body_in: str | None
    """The earlier file that holds the body, where it was not written again."""


@dataclass(frozen=True)
class WholeBody:
    """Where a body lies whole: the response record of an earlier file in the same folder."""

    file: str
    offset: int
    url: str
    at: datetime


class WarcArchive:
    """Appends exchanges to a temporary file; `seal` makes it final."""

    def __init__(
        self, path: Path, software: str, known: Mapping[str, WholeBody] = MappingProxyType({}), **more: str
    ) -> None:
        """Begin the file; its first record names the software and whatever `more` says of the crawl.

        `known` are the bodies, by SHA-256, that are not written again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._temporary = path.with_name(f".{path.name}.tmp")
        self._stream = self._temporary.open("xb")
        self._writer = WARCWriter(self._stream, gzip=True, warc_version="WARC/1.1")
        self._offsets: list[int] = []
        self._known = known
        self._writer.write_record(
            self._writer.create_warcinfo_record(
                path.name, {"software": software, "format": "WARC File Format 1.1", **more}
            )
        )

    def write(
        self,
        url: str,
        method: str,
        request_headers: Mapping[str, str],
        request_body: bytes,
        answer: ArchivedAnswer,
        at: datetime,
    ) -> Written:
        """Append one exchange."""
        offset = self._stream.tell()
        sha256 = hashlib.sha256(answer.body).hexdigest()
        whole = self._known.get(sha256)
        headers = StatusAndHeaders(str(answer.status), list(answer.headers), protocol="HTTP/1.1")
        date = {"WARC-Date": utc_text(at)}
        response = self._response(url, headers, answer.body, date, whole)
        request = self._writer.create_warc_record(
            url,
            "request",
            payload=io.BytesIO(request_body),
            length=len(request_body),
            http_headers=StatusAndHeaders(
                f"{method} {url} HTTP/1.1", list(request_headers.items()), is_http_request=True
            ),
            warc_headers_dict=date,
        )
        self._writer.write_request_response_pair(request, response)
        self._offsets.append(offset)
        return Written(offset, sha256, None if whole is None else whole.file)

    def _response(
        self, url: str, headers: StatusAndHeaders, body: bytes, date: dict[str, str], whole: WholeBody | None
    ) -> ArcWarcRecord:
        if whole is None:
            return self._writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=headers,
                warc_headers_dict=date,
            )
        digest = Digester("sha1")
        digest.update(body)
        found_in = {_IN_FILE: whole.file, _AT_OFFSET: str(whole.offset)}
        return self._writer.create_revisit_record(
            url, str(digest), whole.url, utc_text(whole.at), http_headers=headers, warc_headers_dict=date | found_in
        )

    def seal(self) -> FileSeal:
        """Finish the file under its final name and describe it."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        os.replace(self._temporary, self.path)
        sync_folder(self.path.parent)
        return FileSeal(
            name=self.path.name,
            bytes=self.path.stat().st_size,
            sha256=file_sha256(self.path),
            records=len(self._offsets),
            offsets=tuple(self._offsets),
        )


def decoded_body(answer: ArchivedAnswer) -> bytes:
    """The body as the source meant it, decompressed where its headers say so and it can be; for people to look at."""
    encoding = next((value.lower() for name, value in answer.headers if name.lower() == "content-encoding"), None)
    if encoding not in ("gzip", "deflate", "br"):
        return answer.body
    return bytes(DecompressingBufferedReader(io.BytesIO(answer.body), decomp_type=encoding).read(MAX_DECODED))


def read_answer(path: Path, offset: int, url: str, payload_sha256: str | None) -> ArchivedAnswer:
    """Read the answer whose record starts at an offset; its body may lie in an earlier file beside it.

    Raises ValueError when there is no whole record there, or one of another address or with other bytes.
    """
    with path.open("rb") as stream:
        record = _record(stream, offset)
        if record is None:
            raise ValueError(
                f"{path.name}: expected a response record at offset {offset}, found none; restore the file from a copy"
            )
        headers = record.http_headers
        body = record.raw_stream.read() if record.rec_type == "response" else _body_of(path, record)
        found = record.rec_headers.get_header("WARC-Target-URI"), hashlib.sha256(body).hexdigest()
    if found != (url.replace(" ", "%20"), payload_sha256):
        raise ValueError(
            f"{path.name}: expected at offset {offset} the answer of {url} with hash {payload_sha256}, got "
            f"that of {found[0]} with hash {found[1]}; restore the ledger from a copy"
        )
    return ArchivedAnswer(int(headers.get_statuscode()), tuple(headers.headers), body)


def _record(stream: IO[bytes], offset: int) -> ArcWarcRecord | None:
    """The record at an offset, where it is one of an answer."""
    stream.seek(offset)
    record = next(iter(ArchiveIterator(stream, no_record_parse=False)), None)
    return record if record is not None and record.rec_type in ("response", "revisit") else None


def _body_of(path: Path, revisit: ArcWarcRecord) -> bytes:
    """The body that a revisit record refers to."""
    name, offset = (revisit.rec_headers.get_header(field) for field in (_IN_FILE, _AT_OFFSET))
    whole = path.with_name(Path(name).name)
    try:
        with whole.open("rb") as stream:
            record = _record(stream, int(offset))
            if record is not None and record.rec_type == "response":
                return bytes(record.raw_stream.read())
    except FileNotFoundError:
        pass
    raise ValueError(
        f"{path.name}: expected a body in {whole.name} at offset {offset}, found none; restore that file from a copy"
    )
