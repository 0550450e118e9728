"""The records of Grants.gov: lines of a list, opportunities in full, as its services of today and before give them, and
those of the daily bulk extract.

Belongs here: which field of a record means what. Does not belong here: envelopes, errors and paging.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
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
)
from scrapers.families.dates import us_eastern_day, us_eastern_instant
from scrapers.families.records import RAW_CHARS, Record, identifiers, stated, substance, text_of
from scrapers.families.text import as_text, clean, html_to_text, one_line
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "us_grants_gov"
PARSER_VERSION = "us_grants_gov/9"
EXTRACT_SLUG = "us_grants_gov_extract"
EXTRACT_PARSER_VERSION = "us_grants_gov_extract/6"
PAGE = "https://www.grants.gov/search-results-detail"
DOWNLOAD = "https://www.grants.gov/grantsws/rest/opportunity/att/download"
KNOWN = source(SLUG).known_fields
KNOWN_EXTRACTED = source(EXTRACT_SLUG).known_fields["record"]
BLOCKS = ("synopsis", "forecast")
"""Where the text, days and amounts of an opportunity stand; the first that is there leads."""
AMOUNTS = {
    "estimatedFunding": ("available", ("low", "high")),
    "awardCeiling": ("threshold", ("high",)),
    "awardFloor": ("threshold", ("low",)),
}
"""Field of an amount, its kind, and which ends of a range it states."""
EXTRACTED_AMOUNTS = {
    "EstimatedTotalProgramFunding": AMOUNTS["estimatedFunding"],
    "AwardCeiling": AMOUNTS["awardCeiling"],
    "AwardFloor": AMOUNTS["awardFloor"],
}

MONEY_DIGITS = 20
"""Whole dollars that `contracts.Money` holds."""
_PRINTED_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_NUMBER = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z][a-z0-9]*(?:\s|/?&gt;)", re.IGNORECASE)
_ESCAPED_ENTITY = re.compile(r"&amp;(#\d+|#x[0-9a-f]+|[a-z]+[0-9]*);", re.IGNORECASE)
_Read = TypeVar("_Read")


def parse_hit(record: Record) -> PolicyDocument:
    """Read one line of a search2 answer.

    Raises UnknownShape without an id. Any other field that is not what the API shows is null, kept raw and told as a
    fault of the record.
    """
    hashed = _hash(record)
    flags: set[str] = set()
    number = _take_id(record)
    kind, status = record.text("docType"), record.text("oppStatus")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"grants-gov:{number}",
        native_id=number,
        depth=Depth.LISTING,
        url=f"{PAGE}/{number}",
        title=_title(record.text("title"), flags),
        document_type=kind or None,
        document_subtype=status.lower() if status else None,
        publishers=_organisation(record.text("agency"), record.text("agencyCode")),
        identifiers=_identifiers(number, record.take("number", _label), record.texts("cfdaList")),
        published_date=_take_first(record, us_eastern_day, "openDate"),
        closes_date=None if kind == "forecast" else _take_first(record, us_eastern_day, "closeDate"),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["hit"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_opportunity(record: Record) -> PolicyDocument:
    """Read the `data` object of a fetchOpportunity answer; the synopsis leads, a forecast beside it is kept.

    Raises UnknownShape without an id, and for a synopsis or forecast that is no object. Any other field that is not
    what the API shows is null, kept raw and told as a fault of the record.
    """
    hashed, history = _hash(record), _change_history(record)
    flags: set[str] = set()
    number = _take_id(record)
    kind = next((name for name in BLOCKS if record.get(name)), None)
    lead = record.block(kind) if kind else Record({})
    status = record.text("ost")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"grants-gov:{number}",
        native_id=number,
        url=f"{PAGE}/{number}",
        title=_title(record.text("opportunityTitle"), flags),
        abstract=_prose(lead.text(f"{kind}Desc"), flags),
        document_type=kind or text_of(record.get("docType")),
        document_subtype=status.lower() if status else None,
        publishers=record.attempt("agencyDetails", lambda: _publishers({**lead, **stated(record)})) or (),
        identifiers=_identifiers(number, record.take("opportunityNumber", _label), _listings(record)),
        published_date=_take_day(lead, "postingDate"),
        closes_date=_take_day(lead, "responseDate"),
        updated_at=_take_first(lead, us_eastern_instant, "lastUpdatedDate", "createTimeStamp"),
        dates_note=_take_first(
            lead, lambda text: _dates_note(text, flags), "responseDateDesc", "estApplicationResponseDateDesc"
        ),
        relations=record.attempt("relatedOpps", lambda: _relations(record)) or (),
        amounts=_take_amounts(lead, AMOUNTS, is_forecast=kind == "forecast"),
        attachments=record.attempt("synopsisAttachmentFolders", lambda: _attachments(record, lead)) or (),
        change_history=history,
        subjects=lead.attempt("fundingActivityCategories", lambda: _subjects(lead)) or (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=stated({**record.left(), kind: lead.left()}) if kind else record.left(),
        unread_fields=record.unknown(KNOWN["opportunity"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_extracted(record: Record, kind: str) -> PolicyDocument:
    """Read a record of the bulk extract, a synopsis or a forecast; whatever a forecast says of later days is estimated.

    Raises UnknownShape for another kind, and without an id. Any other field that is not what the extract shows is null,
    kept raw and told as a fault of the record.
    """
    if kind not in BLOCKS:
        raise UnknownShape(f"expected a synopsis or a forecast, got the element {kind}")
    hashed = hash_of(stated(record, without=KNOWN_EXTRACTED.housekeeping))
    flags: set[str] = set()
    number = _take_id(record, "OpportunityID")
    notes = ("CloseDateExplanation", "EstimatedSynopsisCloseDateExplanation")
    return PolicyDocument(
        source_id=EXTRACT_SLUG,
        document_id=f"grants-gov:{number}",
        native_id=number,
        url=f"{PAGE}/{number}",
        title=_title(record.text("OpportunityTitle"), flags),
        abstract=_prose(record.text("Description"), flags),
        document_type=kind,
        publishers=_organisation(record.text("AgencyName"), record.text("AgencyCode")),
        identifiers=_identifiers(number, record.text("OpportunityNumber"), record.take("CFDANumbers", _texts) or ()),
        published_date=record.take("PostDate", printed_day),
        closes_date=None if kind == "forecast" else record.take("CloseDate", printed_day),
        dates_note=_take_first(record, lambda text: _dates_note(text, flags), *notes),
        amounts=_take_amounts(record, EXTRACTED_AMOUNTS, is_forecast=kind == "forecast"),
        attachments=_extracted_link(record),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN_EXTRACTED),
        content_sha256=hashed,
        parser_version=EXTRACT_PARSER_VERSION,
    )


def printed_day(value: object) -> date:
    """The day of "06102026".

    Raises ValueError on anything else.
    """
    match = _PRINTED_DAY.fullmatch(as_text(value).strip())
    if match is None:
        raise ValueError(f"expected a day such as '06102026', got {str(value)[:40]!r}")
    return date(int(match[3]), int(match[1]), int(match[2]))


def _texts(value: object) -> list[str]:
    """An element that may be repeated, and then is a list."""
    return [as_text(one).strip() for one in (value if isinstance(value, list) else [value])]


def _extracted_link(record: Record) -> tuple[Attachment, ...]:
    """The announcement, where its address is one; its name stays with an address that is none."""
    url = _web_address(record.get("AdditionalInformationURL"))
    if url is None:
        return ()
    del record["AdditionalInformationURL"]
    return (Attachment(title=record.text("AdditionalInformationText"), url=url),)


def _take_id(record: Record, name: str = "id") -> str:
    number = record.pop(name, None)
    if isinstance(number, bool) or not str(number or "").isdecimal():
        raise UnknownShape(f"expected an opportunity id, got {number!r}")
    return str(number)


def _label(value: object) -> str:
    """A name that may consist of digits alone and then come as a number."""
    return str(value) if type(value) is int else as_text(value).strip()


def _take_first(block: Record, read: Callable[[str], _Read | None], *names: str) -> _Read | None:
    """Take the first field that states something; what cannot be read stays behind."""
    for name in names:
        value = None if _is_blank(block.get(name)) else block.read(name, lambda value: read(as_text(value).strip()))
        if value is not None:
            del block[name]
            return value
    return None


def _take_day(block: Record, name: str) -> date | None:
    """A day that is stated in words, and at times again in digits; where the two differ, both are kept as they are."""
    in_words, in_digits = block.get(name), f"{name}Str"
    day = _take_first(block, us_eastern_day, name, in_digits)
    again = None if _is_blank(block.get(in_digits)) else block.read(in_digits, us_eastern_day)
    if day is not None and again is not None and day != again:
        block[name] = in_words
        block.contradicts(in_digits, f"expected {day}, as {name} says, got {again}")
    return day


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


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


def _listings(record: Record) -> list[object]:
    """Assistance listings: their field was renamed, some answers hold both."""
    old = record.attempt("cfdas", lambda: [entry.get("cfdaNumber") for entry in record.blocks("cfdas")])
    new = record.attempt(
        "alns", lambda: [entry.get("alnNumber") or entry.get("cfdaNumber") for entry in record.blocks("alns")]
    )
    return [*(old or ()), *(new or ())]


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


def _take_amounts(
    lead: Record, fields: Mapping[str, tuple[str, tuple[str, ...]]], *, is_forecast: bool
) -> tuple[StatedAmount, ...]:
    """Amounts that are stated; "none", empty and zero stay where they are, among the source's fields.

    The money of a forecast is not on offer yet: it is announced. What cannot be read, and a floor above its ceiling, is
    an amount without values, with its raw text.
    """
    found: dict[str, StatedAmount] = {}
    for name, (kind, ends) in fields.items():
        stated_value = lead.get(name)
        if _is_blank(stated_value) or str(stated_value).strip().lower() == "none":
            continue
        value = lead.read(name, _money)
        if value == 0 or isinstance(stated_value, dict | list):
            continue
        low, high = (value if end in ends else None for end in ("low", "high"))
        currency = None if value is None else "USD"
        found[name] = StatedAmount(
            kind="announced" if is_forecast and kind == "available" else kind,
            low=low,
            high=high,
            currency=currency,
            raw=str(lead[name])[:RAW_CHARS],
            field=name,
        )
    *_, ceiling, floor = fields
    _set_apart_crossed(lead, found, floor, ceiling)
    for name in found:
        del lead[name]
    return tuple(found.values())


def _money(value: object) -> Decimal:
    """Dollars, with at most two digits of cents, as many as a column of money holds."""
    match = _NUMBER.fullmatch(str(value).strip())
    digits = match[1].replace(",", "") if match else ""
    if match is None or len(digits) > MONEY_DIGITS:
        raise ValueError(f"expected an amount such as '1,500,000' or '99.50', got {str(value)[:60]!r}")
    return Decimal(digits + (match[2] or ""))


def _set_apart_crossed(lead: Record, found: dict[str, StatedAmount], lower: str, upper: str) -> None:
    floor, ceiling = found.get(lower), found.get(upper)
    if not (floor and ceiling and floor.low is not None and ceiling.high is not None and floor.low > ceiling.high):
        return
    for name in (lower, upper):
        lead.contradicts(name, f"expected a floor up to the ceiling, got {floor.raw} above {ceiling.raw}")
        found[name] = found[name].model_copy(update={"low": None, "high": None, "currency": None})


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


def _change_history(record: Record) -> tuple[ChangeNote, ...]:
    """The publisher's comments on revisions, oldest first; one that later revisions repeat is told once.

    Nothing is taken out of the record.
    """
    return record.attempt("opportunityHistoryDetails", lambda: tuple(_notes(record))) or ()


def _notes(record: Record) -> list[ChangeNote]:
    earlier = sorted(record.blocks("opportunityHistoryDetails"), key=lambda revision: revision.get("revision") or 0)
    notes: dict[str, datetime | None] = {}
    for revision in (*earlier, Record(record)):
        for block in map(revision.block, ("forecast", "synopsis")):
            if note := clean(block.get("modComments"), set()):
                made_at = _take_first(Record(block), us_eastern_instant, "createTimeStamp", "lastUpdatedDate")
                notes.setdefault(note, made_at)
        if comment := clean(revision.get("modifiedComments"), set()):
            notes.setdefault(comment, None)
    return [ChangeNote(noted_at=at, note=note) for note, at in notes.items()]


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


def _hash(raw: dict[str, Any]) -> str:
    return hash_of(substance(raw, KNOWN["opportunity"].housekeeping))
