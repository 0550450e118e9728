"""The records of Grants.gov: lines of a list and opportunities in full, as its services of today and before give them.

Belongs here: which field of a record means what. Does not belong here: envelopes, errors and paging.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from scrapers.contracts import (
    Attachment,
    ChangeNote,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedAmount,
    StatedRelation,
    UnknownShape,
    content_sha256,
)
from scrapers.families.dates import us_eastern_day, us_eastern_instant
from scrapers.families.records import identifiers, mapping, stated, substance, text_of
from scrapers.families.text import clean, html_to_text, one_line, unread
from scrapers.registry import source

SLUG = "us_grants_gov"
PARSER_VERSION = "us_grants_gov/1"
PAGE = "https://www.grants.gov/search-results-detail"
DOWNLOAD = "https://www.grants.gov/grantsws/rest/opportunity/att/download"
KNOWN = source(SLUG).known_fields
BLOCKS = ("synopsis", "forecast")
"""Where the text, days and amounts of an opportunity stand; the first that is there leads."""
AMOUNTS = {
    "estimatedFunding": ("available", ("low", "high")),
    "awardCeiling": ("threshold", ("high",)),
    "awardFloor": ("threshold", ("low",)),
}
"""Field of an amount, its kind, and which ends of a range it states."""

_NUMBER = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z][a-z0-9]*(?:\s|/?&gt;)", re.IGNORECASE)
_ESCAPED_ENTITY = re.compile(r"&amp;(#\d+|#x[0-9a-f]+|[a-z]+[0-9]*);", re.IGNORECASE)
_Read = TypeVar("_Read")


def parse_hit(raw: dict[str, Any]) -> PolicyDocument:
    """Read one line of a search2 answer.

    Raises UnknownShape without an id and ValidationError on a field that is not what the API shows.
    """
    record = dict(raw)
    flags: set[str] = set()
    number = _take_id(record)
    kind = text_of(record.pop("docType", None))
    status = text_of(record.pop("oppStatus", None))
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"grants-gov:{number}",
        native_id=number,
        depth=Depth.LISTING,
        url=f"{PAGE}/{number}",
        title=_title(record.pop("title", None), flags),
        document_type=kind,
        document_subtype=status and status.lower(),
        publishers=_organisation(record.pop("agency", None), record.pop("agencyCode", None)),
        identifiers=_identifiers(number, record.pop("number", None), record.pop("cfdaList", None) or ()),
        published_date=_take_first(record, flags, us_eastern_day, "openDate"),
        closes_date=None if kind == "forecast" else _take_first(record, flags, us_eastern_day, "closeDate"),
        text_flags=tuple(sorted(flags)),
        source_fields=stated(record),
        unread_fields=unread(record, KNOWN["hit"].names),
        content_sha256=_hash(raw),
        parser_version=PARSER_VERSION,
    )


def parse_opportunity(raw: dict[str, Any]) -> PolicyDocument:
    """Read the `data` object of a fetchOpportunity answer; the synopsis leads, a forecast beside it is kept.

    Raises UnknownShape without an id and ValidationError on a field that is not what the API shows.
    """
    record = dict(raw)
    flags: set[str] = set()
    number = _take_id(record)
    kind = next((name for name in BLOCKS if record.get(name)), None)
    lead = mapping(record.get(kind), kind) if kind else {}
    status = text_of(record.pop("ost", None))
    listings = [entry.get("cfdaNumber") for entry in record.get("cfdas") or ()]
    listings += [entry.get("alnNumber") or entry.get("cfdaNumber") for entry in record.get("alns") or ()]
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"grants-gov:{number}",
        native_id=number,
        url=f"{PAGE}/{number}",
        title=_title(record.pop("opportunityTitle", None), flags),
        body=_prose(lead.pop(f"{kind}Desc", None), flags),
        document_type=kind or text_of(record.get("docType")),
        document_subtype=status and status.lower(),
        publishers=_publishers({**lead, **stated(record)}),
        identifiers=_identifiers(number, record.pop("opportunityNumber", None), listings),
        published_date=_take_first(lead, flags, us_eastern_day, "postingDate", "postingDateStr"),
        closes_date=_take_first(lead, flags, us_eastern_day, "responseDate", "responseDateStr"),
        updated_at=_take_first(lead, flags, us_eastern_instant, "lastUpdatedDate", "createTimeStamp"),
        dates_note=_take_first(
            lead, flags, lambda text: _dates_note(text, flags), "responseDateDesc", "estApplicationResponseDateDesc"
        ),
        relations=_relations(record),
        amounts=_take_amounts(lead),
        attachments=_attachments(record, lead),
        change_history=_change_history(raw),
        subjects=_subjects(lead),
        text_flags=tuple(sorted(flags)),
        source_fields=stated({**record, kind: stated(lead)} if kind else record),
        unread_fields=_unread_names(record),
        content_sha256=_hash(raw),
        parser_version=PARSER_VERSION,
    )


def _take_id(record: dict[str, Any]) -> str:
    number = record.pop("id", None)
    if isinstance(number, bool) or not str(number or "").isdecimal():
        raise UnknownShape(f"expected an opportunity id, got {number!r}")
    return str(number)


def _take_first(
    block: dict[str, Any], flags: set[str], read: Callable[[str], _Read | None], *names: str
) -> _Read | None:
    """Take the first readable field; what cannot be read stays among the source's fields and is flagged."""
    for name in names:
        text = text_of(block.get(name))
        if text is None:
            continue
        try:
            value = read(text)
        except ValueError:
            flags.add("unread_date")
            continue
        if value is not None:
            del block[name]
            return value
    return None


def _publishers(record: dict[str, Any]) -> tuple[Organisation, ...]:
    """The owning agency, then its department where that is another body."""
    agency = record.get("agencyDetails") or {}
    top = record.get("topAgencyDetails") or {}
    code = agency.get("agencyCode") or record.get("owningAgencyCode") or record.get("agencyCode")
    top_code = top.get("agencyCode") or agency.get("topAgencyCode")
    parent = top_code if top_code != code else None
    department = _organisation(top["agencyName"], parent) if parent and top.get("agencyName") else ()
    return _organisation(agency.get("agencyName"), code, parent) + department


def _organisation(name: object, code: object, parent: object = None) -> tuple[Organisation, ...]:
    """A body by its name, or by its code where it has no name; labels hold stray spaces."""
    native_id = text_of(code)
    label = " ".join(str(name or "").split()) or native_id
    return (Organisation(name=label, native_id=native_id, parent_id=text_of(parent)),) if label else ()


def _identifiers(number: str, opportunity_number: object, listings: Any) -> tuple[Identifier, ...]:
    return identifiers(
        ("opportunity_id", number),
        ("opportunity_number", text_of(opportunity_number)),
        *(("assistance_listing", text_of(listing)) for listing in listings),
    )


def _relations(record: dict[str, Any]) -> tuple[StatedRelation, ...]:
    found = []
    for related in record.get("relatedOpps") or ():
        target = text_of(related.get("opportunityId"))
        if target is None or target == text_of(related.get("sourceOpportunityId")):
            continue
        quote = text_of(related.get("comments")) or text_of(related.get("opportunityTitle")) or target
        identifier = Identifier(scheme="opportunity_id", value=target)
        found.append(StatedRelation(relation="related", target=identifier, field="relatedOpps", quote=quote))
    return tuple(found)


def _take_amounts(lead: dict[str, Any]) -> tuple[StatedAmount, ...]:
    """Amounts that are stated; "none", empty and zero stay where they are, among the source's fields."""
    found = []
    for name, (kind, ends) in AMOUNTS.items():
        text = text_of(lead.get(name))
        if text is None or text.lower() == "none":
            continue
        match = _NUMBER.fullmatch(text)
        value = Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None
        if value == 0:
            continue
        low, high = (value if end in ends else None for end in ("low", "high"))
        currency = None if value is None else "USD"
        raw = str(lead.pop(name))
        found.append(StatedAmount(kind=kind, low=low, high=high, currency=currency, raw=raw, field=name))
    return tuple(found)


def _attachments(record: dict[str, Any], lead: dict[str, Any]) -> tuple[Attachment, ...]:
    """Files, links to documents, and the announcement; folders stay among the source's fields for sizes and dates."""
    folders = record.get("synopsisAttachmentFolders") or ()
    files = [file for folder in folders for file in folder.get("synopsisAttachments") or ()]
    found = [
        Attachment(
            title=text_of(file.get("fileDescription")) or text_of(file.get("fileName")),
            url=f"{DOWNLOAD}/{file['id']}",
            content_type=text_of(file.get("mimeType")),
        )
        for file in files
        if file.get("id") is not None
    ]
    for link in record.get("synopsisDocumentURLs") or ():
        said = link if isinstance(link, dict) else {"url": link}
        if url := next(filter(None, map(_web_address, said.values())), None):
            found.append(Attachment(title=text_of(said.get("description")), url=url))
    if announcement := _web_address(lead.get("fundingDescLinkUrl")):
        found.append(Attachment(title=text_of(lead.pop("fundingDescLinkDesc", None)), url=announcement))
        del lead["fundingDescLinkUrl"]
    return tuple(found)


def _web_address(value: object) -> str | None:
    text = text_of(value) or ""
    return text if text.startswith(("https://", "http://")) else None


def _change_history(raw: dict[str, Any]) -> tuple[ChangeNote, ...]:
    """The publisher's comments on revisions, oldest first; one that later revisions repeat is told once."""
    earlier = sorted(raw.get("opportunityHistoryDetails") or (), key=lambda revision: revision.get("revision") or 0)
    notes: dict[str, datetime | None] = {}
    for revision in (*earlier, raw):
        for block in (revision.get("forecast") or {}, revision.get("synopsis") or {}):
            if note := clean(block.get("modComments"), set()):
                made_at = _take_first(dict(block), set(), us_eastern_instant, "createTimeStamp", "lastUpdatedDate")
                notes.setdefault(note, made_at)
        if comment := clean(revision.get("modifiedComments"), set()):
            notes.setdefault(comment, None)
    return tuple(ChangeNote(noted_at=at, note=note) for note, at in notes.items())


def _subjects(lead: dict[str, Any]) -> tuple[str, ...]:
    named = (text_of(entry.get("description")) for entry in lead.get("fundingActivityCategories") or ())
    return tuple(dict.fromkeys(name for name in named if name))


def _title(text: str | None, flags: set[str]) -> str | None:
    return one_line(text and _without_double_escapes(text), flags)


def _dates_note(text: str, flags: set[str]) -> str | None:
    """Prose about dates; the literal "undefined" that some publishers' software sends is none."""
    return None if text == "undefined" else _prose(text, flags)


def _prose(text: str | None, flags: set[str]) -> str | None:
    """A description, which is HTML or plain text, either of them escaped once or twice too often."""
    if text is None:
        return None
    markup = _without_double_escapes(text)
    if _TAG.search(markup):
        return html_to_text(markup, flags)
    lines = (" ".join(line.split()) for line in html.unescape(markup).splitlines())
    return clean("\n".join(line for line in lines if line), flags)


def _without_double_escapes(text: str) -> str:
    for _ in range(2):
        if not _TAG.search(text) and _ESCAPED_TAG.search(text):
            text = html.unescape(text)
        else:
            text = _ESCAPED_ENTITY.sub(r"&\1;", text)
    return text


def _unread_names(record: dict[str, Any]) -> tuple[str, ...]:
    blocks = {name: block for name in sorted(BLOCKS) if isinstance(block := record.get(name), dict)}
    inside = (f"{name}/{field}" for name, block in blocks.items() for field in unread(block, KNOWN["synopsis"].names))
    return (*unread(record, KNOWN["opportunity"].names), *inside)


def _hash(raw: dict[str, Any]) -> str:
    return content_sha256(substance(raw, KNOWN["opportunity"].housekeeping))
