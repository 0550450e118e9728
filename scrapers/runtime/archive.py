"""The raw archive: one WARC 1.1 file a crawl (ISO 28500), readable by any archive tool, sealed by count and hash.

`warcio check` passes a file that was cut at a record's edge, so the seal in the ledger, not the format, proves that
nothing is missing. Never two processes in one file.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.contracts import FileSeal, utc_text
from scrapers.durable import file_sha256, sync_folder

MAX_DECODED = 50_000_000
"""So many bytes of a body are decompressed at most for people to look at."""


@dataclass(frozen=True)
class ArchivedAnswer:
    """An HTTP answer as it came: status, headers, body before any decoding."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class WarcArchive:
    """Appends exchanges to a temporary file; `seal` makes it final."""

    def __init__(self, path: Path, software: str, **more: str) -> None:
        """Begin the file; its first record names the software and whatever `more` says of the crawl."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._temporary = path.with_name(f".{path.name}.tmp")
        self._stream = self._temporary.open("xb")
        self._writer = WARCWriter(self._stream, gzip=True, warc_version="WARC/1.1")
        self._offsets: list[int] = []
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
    ) -> tuple[int, str]:
        """Append one exchange; returns the response record's offset and the SHA-256 of its body."""
        offset = self._stream.tell()
        date = {"WARC-Date": utc_text(at)}
        response = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(answer.body),
            length=len(answer.body),
            http_headers=StatusAndHeaders(str(answer.status), list(answer.headers), protocol="HTTP/1.1"),
            warc_headers_dict=date,
        )
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
        return offset, hashlib.sha256(answer.body).hexdigest()

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
    """Read the response record that starts at an offset.

    Raises ValueError when there is no whole response record there, or one of another address or with other bytes.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        for record in ArchiveIterator(stream, no_record_parse=False):
            if record.rec_type == "response":
                headers = record.http_headers
                body = record.raw_stream.read()
                found = record.rec_headers.get_header("WARC-Target-URI"), hashlib.sha256(body).hexdigest()
                if found != (url.replace(" ", "%20"), payload_sha256):
                    raise ValueError(
                        f"{path.name}: expected at offset {offset} the answer of {url} with hash {payload_sha256}, got "
                        f"that of {found[0]} with hash {found[1]}; restore the ledger from a copy"
                    )
                return ArchivedAnswer(int(headers.get_statuscode()), tuple(headers.headers), body)
            break
    raise ValueError(
        f"{path.name}: expected a response record at offset {offset}, found none; restore the file from a copy"
    )
