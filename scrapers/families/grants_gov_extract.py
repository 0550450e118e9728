"""The daily bulk extract of Grants.gov, record by record: a zip file with one XML file, or that file alone.

Belongs here: opening it safely, whatever it holds, in memory that does not grow with it. Does not belong here: what the
fields of a record mean (`grants_gov`).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from lxml import etree

from scrapers.contracts import NotADocument, Truncated, UnknownShape
from scrapers.families.xml import root_name

ZIP = b"PK\x03\x04"
NAMESPACE = "http://apply.grants.gov/system/OpportunityDetail-V1.0"
ROOT = f"{{{NAMESPACE}}}Grants"
KINDS = {
    f"{{{NAMESPACE}}}OpportunitySynopsisDetail_1_0": "synopsis",
    f"{{{NAMESPACE}}}OpportunityForecastDetail_1_0": "forecast",
}
"""Elements that hold a record, and the kind of the record."""
MAX_XML_BYTES = 2_000_000_000
"""Five times what the extract of 2026 unpacks to; a zip file that grows past it is no extract."""
MAX_RECORD_BYTES = 20_000_000
"""A record is held as a whole; one of 2026 has some thousands."""
TAIL_BYTES = 4_000
HEAD_BYTES = 64_000
"""Where the root must have begun; what stands before it is searched for declarations."""


class ExtractedRecord(NamedTuple):
    """One record as it stands in the extract."""

    where: str
    kind: str
    raw: dict[str, Any]
    """Text by the element's name; a list where the element is repeated, an object where it holds others."""


def read_extract(body: bytes) -> Iterator[ExtractedRecord]:
    """The records of an extract, in its order.

    Raises what `root_name` raises, NotADocument for other XML and for archives of other files, Truncated when the bytes
    end before the extract does, and UnknownShape for damaged archives, XML that is not well-formed, more than
    `MAX_XML_BYTES` of it or than `MAX_RECORD_BYTES` in a record.
    """
    with _opened(body) as stream:
        yield from _records(_Bounded(stream))


class _Bounded:
    """A stream of XML that is looked at before it is parsed, and ends in a refusal when it does not end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._head = stream.read(HEAD_BYTES)
        self._tail = b""
        self.taken = 0
        self._is_over = False
        root = root_name(self._head)
        if root.rpartition(":")[2] != "Grants":
            raise NotADocument(f"expected the extract, with the root Grants, got the root {root[:120]}")

    def read(self, size: int = HEAD_BYTES, /) -> bytes:
        """The next bytes; raises UnknownShape when there are too many."""
        chunk, self._head = (self._head[:size], self._head[size:]) if self._head else (self._stream.read(size), b"")
        self.taken += len(chunk)
        if self.taken > MAX_XML_BYTES:
            raise UnknownShape(f"expected at most {MAX_XML_BYTES} bytes of XML, got more")
        self._tail = (self._tail + chunk)[-TAIL_BYTES:]
        self._is_over = not chunk
        return chunk

    @property
    def is_cut(self) -> bool:
        """Whether all was read and the root was not closed."""
        return self._is_over and b"Grants>" not in self._tail.rpartition(b"</")[2]


@contextmanager
def _opened(body: bytes) -> Iterator[IO[bytes]]:
    """The XML, unpacked while it is read."""
    if not body.startswith(ZIP):
        yield io.BytesIO(body)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if len(names) != 1 or not names[0].endswith(".xml"):
                raise NotADocument(f"expected a zip file with one XML file, got {len(names)} files: {names[:3]}")
            with archive.open(names[0]) as stream:
                yield stream
    except (zipfile.BadZipFile, EOFError) as error:
        raise Truncated(f"expected a whole zip file, got one that is cut or damaged: {error}") from error
    except (zlib.error, struct.error, RuntimeError, NotImplementedError, ValueError, OSError) as error:
        raise UnknownShape(f"expected a zip file that can be unpacked, got one that cannot: {error}") from error


def _records(stream: _Bounded) -> Iterator[ExtractedRecord]:
    context = etree.iterparse(
        stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    position = begun = 0
    try:
        for _, element in context:
            if stream.taken - begun > MAX_RECORD_BYTES:
                raise UnknownShape(f"expected at most {MAX_RECORD_BYTES} bytes in record {position}, got more")
            parent = element.getparent()
            if parent is None:
                _require_root(element)
            elif parent.getparent() is None:
                _require_root(parent)
                yield ExtractedRecord(f"/{position}", _kind(element), _fields(element))
                position, begun = position + 1, stream.taken
                parent.remove(element)
    except etree.XMLSyntaxError as error:
        if stream.is_cut:
            raise Truncated(f"expected </Grants> at the end, got bytes that end before it: {error}") from error
        raise UnknownShape(f"expected well-formed XML, got: {error}") from error


def _require_root(element: etree._Element) -> None:
    if element.tag != ROOT:
        raise NotADocument(f"expected the extract, with the root {ROOT}, got the root {str(element.tag)[:120]}")


def _kind(element: etree._Element) -> str:
    return KINDS.get(str(element.tag), str(element.tag)[:120])


def _fields(element: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        value = _fields(child) if len(child) else child.text or ""
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found
