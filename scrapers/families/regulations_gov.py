"""Documents and dockets of Regulations.gov, as version 4 of its API gives them in lists and in full.

Belongs here: which attribute means what. Does not belong here: envelopes, errors and paging.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.contracts import (
    Attachment,
    Availability,
    Depth,
    Organisation,
    PolicyDocument,
    UnknownShape,
)
from scrapers.families.dates import iso_instant
from scrapers.families.federal_register import printed_number
from scrapers.families.records import Record, identifiers, mapping, substance
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "us_regulations_gov"
PARSER_VERSION = "us_regulations_gov/7"
PAGE = "https://www.regulations.gov"
KNOWN = source(SLUG).known_fields
EASTERN = ZoneInfo("America/New_York")
DOCKET = "Docket"
_ID = re.compile(r"[A-Za-z0-9][\w.-]{2,99}")
_FILLED = re.compile(r"(?<=[A-Z]\d-)0+(?=\d)")
"""Zeros that this source alone writes: E9-09437 was printed as E9-9437."""
_RIN = re.compile(r"\d{4}-[A-Z]{2}\d{2}")
_TYPES = {
    "pdf": "application/pdf",
    "htm": "text/html",
    "html": "text/html",
    "txt": "text/plain",
    "doc": "application/msword",
}


def parse_listed(record: Record) -> PolicyDocument:
    """Read a line of a list of documents."""
    return _document(record, Depth.LISTING)


def parse_document(record: Record) -> PolicyDocument:
    """Read a document in full."""
    return _document(record, Depth.FULL)


def parse_docket(record: Record) -> PolicyDocument:
    """Read a docket, in a list or in full; it is the file of a rulemaking, and names no policy."""
    number, attributes, flags = _id(record), _attributes(record), set[str]()
    hashed = _hash(record, attributes, "docket")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"regulations-gov:docket:{number}",
        native_id=number,
        depth=Depth.FULL if "modifyDate" in attributes else Depth.LISTING,
        url=f"{PAGE}/docket/{number}",
        title=one_line(attributes.text("title"), flags),
        abstract=html_to_text(attributes.text("dkAbstract"), flags),
        document_type=DOCKET,
        document_subtype=attributes.text("docketType"),
        publishers=_agency(attributes),
        identifiers=identifiers(("docket", number), *(("rin", rin) for rin in _rins(attributes))),
        effective_date=attributes.take("effectiveDate", eastern_day),
        updated_at=_modified(attributes),
        subjects=attributes.texts("keywords"),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields={**record.left(), "attributes": attributes.left()},
        unread_fields=(*attributes.unknown(KNOWN["docket"]), *record.unknown(KNOWN["envelope"])),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def eastern_day(value: object) -> date:
    """The civil day in Washington of an instant.

    Raises ValueError for anything that names no certain instant.
    """
    return iso_instant(as_text(value)).astimezone(EASTERN).date()


def _document(record: Record, depth: Depth) -> PolicyDocument:
    number, attributes, flags = _id(record), _attributes(record), set[str]()
    hashed = _hash(record, attributes, "document")
    is_withdrawn = attributes.take("withdrawn", _truth) is True
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"regulations-gov:{number}",
        native_id=number,
        depth=depth,
        availability=Availability.WITHDRAWN if is_withdrawn else Availability.AVAILABLE,
        url=f"{PAGE}/document/{number}",
        title=one_line(attributes.text("title"), flags),
        abstract=html_to_text(attributes.text("docAbstract"), flags),
        body=html_to_text(attributes.text("content"), flags),
        document_type=attributes.text("documentType"),
        document_subtype=attributes.text("subtype"),
        publishers=_agency(attributes),
        identifiers=identifiers(
            ("regulations_document", number),
            ("fr_document", _fr_number(attributes)),
            ("docket", attributes.text("docketId")),
            *(("rin", rin) for rin in _rins(attributes)),
        ),
        published_date=attributes.take("postedDate", eastern_day),
        effective_date=attributes.take("effectiveDate", eastern_day),
        comments_open_date=attributes.take("commentStartDate", eastern_day),
        comments_close_date=attributes.take("commentEndDate", eastern_day),
        updated_at=_modified(attributes),
        withdrawal_note=one_line(attributes.text("reasonWithdrawn"), flags),
        attachments=record.attempt("included", lambda: tuple(_files(record, attributes))) or (),
        subjects=attributes.texts("topics"),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields={**record.left(), "attributes": attributes.left()},
        unread_fields=(*attributes.unknown(KNOWN["document"]), *record.unknown(KNOWN["envelope"])),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _id(record: Record) -> str:
    number = record.pop("id", None)
    if not isinstance(number, str) or not _ID.fullmatch(number):
        raise UnknownShape(f"expected an id such as BIS-2023-0016-0001, got {str(number)[:40]!r}")
    return number


def _attributes(record: Record) -> Record:
    """What a record says, all of it; without it there is no document."""
    if not record.get("attributes"):
        raise UnknownShape(f"expected attributes of {record.get('type') or 'a record'}, got keys {sorted(record)[:8]}")
    return record.block("attributes")


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"expected true or false, got {str(value)[:40]!r}")
    return value


def _agency(attributes: Record) -> tuple[Organisation, ...]:
    """The agency by the short name that is all the source gives."""
    agency = attributes.text("agencyId")
    return (Organisation(name=agency, native_id=agency),) if agency else ()


def _modified(attributes: Record) -> Any:
    """When the record was changed; lists and details name the field differently."""
    name = "modifyDate" if "modifyDate" in attributes else "lastModifiedDate"
    return attributes.take(name, lambda value: iso_instant(as_text(value)))


def _fr_number(attributes: Record) -> str | None:
    """A number of the Federal Register in a form of any year; what is none stays as given."""
    stated = attributes.get("frDocNum")
    number = printed_number(stated) if isinstance(stated, str) else None
    return _FILLED.sub("", number) if number else None


def _rins(attributes: Record) -> list[str]:
    """Regulation identifier numbers; "Not Assigned" is none and stays."""
    rins = [attributes.get("rin"), *attributes.texts("additionalRins")]
    return [rin for rin in rins if isinstance(rin, str) and _RIN.fullmatch(rin)]


def _files(record: Record, attributes: Record) -> Iterator[Attachment]:
    """The document's own files, then those of its attachments where they were asked for; withheld ones have none."""
    yield from _formats(attributes, None)
    for included in record.blocks("included"):
        inside = included.block("attributes")
        yield from _formats(inside, inside.read("title", as_text))


def _formats(block: Record, title: str | None) -> Iterator[Attachment]:
    """The formats of one file; one that cannot be read is told, and costs no other."""

    def read(entry: object) -> Attachment:
        file = mapping(entry, "fileFormats")
        kind = _TYPES.get(str(file.get("format")).lower())
        return Attachment(title=title, url=web_address(file.get("fileUrl")), content_type=kind)

    formats = block.get("fileFormats") or []
    if not isinstance(formats, list):
        block.set_aside("fileFormats", f"expected a list of files, got {str(formats)[:60]}")
        return
    for position, entry in enumerate(formats):
        attachment = block.attempt(f"fileFormats/{position}", partial(read, entry))
        if attachment is not None:
            yield attachment


def _hash(record: Record, attributes: Record, kind: str) -> str:
    said = {"attributes": dict(attributes), "included": record.get("included")}
    return hash_of(substance(said, KNOWN[kind].housekeeping))
