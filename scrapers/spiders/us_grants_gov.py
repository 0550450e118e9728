"""Grants.gov: every funding opportunity listed by search2, details of those that may matter by fetchOpportunity.

Reads the answers of https://www.grants.gov/api with and without their envelope. Does not read the daily bulk extract
or the SOAP services, and does not judge relevance.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    ChangeNote,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    RejectedRecord,
    StatedAmount,
    StatedRelation,
    UnknownShape,
    UpstreamError,
    content_sha256,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import rejected_record
from scrapers.families.text import clean, html_to_text, one_line, unread
from scrapers.runtime.spider import SourceSpider, exchange_of

SLUG = "us_grants_gov"
PARSER_VERSION = "us_grants_gov/1"
API = "https://api.grants.gov/v1/api"
PAGE = "https://www.grants.gov/search-results-detail"
DOWNLOAD = "https://www.grants.gov/grantsws/rest/opportunity/att/download"
PAGE_SIZE = 500
STATUSES = "forecasted|posted|closed"

REQUEST_NAMES = frozenset({
    "agencies", "aln", "cfda", "dateRange", "eligibilities", "fundingCategories", "fundingInstruments", "keyword",
    "keywordEncoded", "oppNum", "oppStatuses", "opportunityId", "resultType", "rows", "searchOnly", "sortBy",
    "startRecordNum",
})  # fmt: skip
"""What requests to both services are made of."""
KEPT = (
    "agencyDetails", "alns", "assistCompatible", "assistURL", "cfdas", "closedOpportunityPkgs", "docType", "draftMode",
    "errorMessages", "flag2006", "forecast", "forecastHistCount", "forecastModifiedFields", "listed",
    "modifiedComments", "opportunityCategory", "opportunityHistoryDetails", "opportunityPkgs", "originalDueDate",
    "originalDueDateDesc", "ost", "owningAgencyCode", "publisherUid", "relatedOpps", "revision", "synAttChangeComments",
    "synPostDateInPast", "synopsis", "synopsisAttachmentFolders", "synopsisDocumentURLs", "synopsisHistCount",
    "synopsisModifiedFields", "topAgencyDetails",
)  # fmt: skip
"""Every other name that fetchOpportunity has shown beside the synopsis or forecast."""
KEPT_IN_BLOCK = (
    "actionDate", "actionType", "agencyAddressDesc", "agencyCode", "agencyContactDesc", "agencyContactEmail",
    "agencyContactEmailDesc", "agencyContactName", "agencyContactPhone", "agencyDetails", "agencyName", "agencyPhone",
    "applicantEligibilityDesc", "applicantTypes", "archiveDate", "archiveDateStr", "awardCeiling",
    "awardCeilingFormatted", "awardFloor", "awardFloorFormatted", "costSharing", "createTimeStamp",
    "createTimeStampStr", "createdDate", "estApplicationResponseDate", "estApplicationResponseDateDesc",
    "estApplicationResponseDateStr", "estAwardDate", "estAwardDateStr", "estProjectStartDate", "estProjectStartDateStr",
    "estSynopsisPostingDate", "estSynopsisPostingDateStr", "estimatedFunding", "estimatedFundingFormatted",
    "fiscalYear", "forecastDesc", "fundingActivityCategories", "fundingActivityCategoryDesc", "fundingDescLinkDesc",
    "fundingDescLinkUrl", "fundingInstruments", "id", "lastUpdatedDate", "modComments", "numberOfAwards", "oppHistId",
    "opportunityId", "postingDate", "postingDateStr", "responseDate", "responseDateDesc", "responseDateStr", "revision",
    "sendEmail", "synopsisDesc", "topAgencyDetails", "version",
)  # fmt: skip
"""Every name seen inside a synopsis or forecast."""
KEPT_IN_HIT = (
    "agency", "agencyCode", "cfdaList", "closeDate", "docType", "id", "number", "openDate", "oppStatus", "title",
)  # fmt: skip
HOUSEKEEPING = frozenset({
    "assistCompatible", "assistURL", "createTimeStamp", "createTimeStampStr", "draftMode", "expectedApplicationCount",
    "flag2006", "lastUpdate", "lastUpdatedDate", "publisherUid", "sendEmail", "synPostDateInPast", "token",
})  # fmt: skip
"""Names that move without the opportunity changing: kept, never hashed."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OFFSETS = {"EDT": timezone(timedelta(hours=-4)), "EST": timezone(timedelta(hours=-5))}
_WRITTEN = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2}) (?P<half>AM|PM)(?: (?P<zone>[A-Z]{2,5}))?)?"
)
_DASHED = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:-\d{2}-\d{2}-\d{2})?")
_SLASHED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_NUMBER = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z][a-z0-9]*(?:\s|/?&gt;)", re.IGNORECASE)
_ESCAPED_ENTITY = re.compile(r"&amp;(#\d+|#x[0-9a-f]+|[a-z]+[0-9]*);", re.IGNORECASE)
_CSV_HEADER = re.compile(rb'"?[A-Za-z][A-Za-z0-9_]*"?(?:,"?[A-Za-z][A-Za-z0-9_]*"?)+\r?\n')
_NOT_STATED = ("", "none")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read an answer of search2 or fetchOpportunity, in its envelope or bare.

    Raises UpstreamError for errors told inside an answer; NotADocument for requests, the bulk extract, SOAP, tables and
    schemas; UnknownShape otherwise.
    """
    _refuse_other_formats(body)
    value = read_json(body)
    if not isinstance(value, dict):
        raise UnknownShape(f"expected an answer of search2 or fetchOpportunity, got a {type(value).__name__}")
    if is_json_schema(value):
        raise NotADocument("expected an answer of search2 or fetchOpportunity, got a description of the API")
    if value and set(value) <= REQUEST_NAMES:
        raise NotADocument("expected an answer of search2 or fetchOpportunity, got the body of a request")
    data = _unwrap(value)
    if "oppHits" in data or "hitCount" in data:
        return _read_hits(data)
    if "id" in data and ("opportunityNumber" in data or "opportunityTitle" in data):
        return _read_records({"/data": data}, None, parse_opportunity)
    if messages := data.get("errorMessages"):
        raise UpstreamError(f"fetchOpportunity reports: {messages}")
    raise UnknownShape(f"expected oppHits or an opportunity, got keys {sorted(data)[:8]}")


def parse_hit(raw: dict[str, Any]) -> PolicyDocument:
    """Read one line of a search2 answer.

    Raises UnknownShape without an id and ValidationError on a field that is not what the API shows.
    """
    record = dict(raw)
    flags: set[str] = set()
    number = _opportunity_id(record)
    kind = _text(record.pop("docType", None))
    status = _text(record.pop("oppStatus", None))
    agency = _organisation(record.pop("agency", None), record.pop("agencyCode", None))
    listings = [("assistance_listing", value) for value in record.pop("cfdaList", None) or ()]
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number),
        native_id=number,
        depth=Depth.LISTING,
        url=f"{PAGE}/{number}",
        title=_title(record.pop("title", None), flags),
        document_type=kind,
        document_subtype=status and status.lower(),
        publishers=(agency,) if agency else (),
        identifiers=_identifiers(number, record.pop("number", None), listings),
        published_date=_day(record, flags, "openDate"),
        closes_date=None if kind == "forecast" else _day(record, flags, "closeDate"),
        text_flags=tuple(sorted(flags)),
        source_fields=_stated(record),
        unread_fields=unread(record, KEPT_IN_HIT),
        content_sha256=content_sha256(_stable(raw)),
        parser_version=PARSER_VERSION,
    )


def parse_opportunity(raw: dict[str, Any]) -> PolicyDocument:
    """Read the `data` object of a fetchOpportunity answer; the synopsis leads, a forecast beside it is kept.

    Raises UnknownShape without an id and ValidationError on a field that is not what the API shows.
    """
    record = dict(raw)
    flags: set[str] = set()
    number = _opportunity_id(record)
    kind, lead = _leading_block(record)
    listings = _assistance_listings(record)
    status = _text(record.pop("ost", None))
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(number),
        native_id=number,
        url=f"{PAGE}/{number}",
        title=_title(record.pop("opportunityTitle", None), flags),
        body=_body(lead.pop(f"{kind}Desc", None), flags) if kind else None,
        document_type=kind or _text(record.get("docType")),
        document_subtype=status and status.lower(),
        publishers=_publishers(record, lead),
        identifiers=_identifiers(number, record.pop("opportunityNumber", None), listings),
        published_date=_day(lead, flags, "postingDate", "postingDateStr"),
        closes_date=_day(lead, flags, "responseDate", "responseDateStr"),
        updated_at=_instant(lead, flags, "lastUpdatedDate", "createTimeStamp"),
        dates_note=_note(lead, flags, "responseDateDesc", "estApplicationResponseDateDesc"),
        relations=_relations(record),
        amounts=_amounts(lead),
        attachments=_attachments(record, lead),
        change_history=_change_history(raw),
        subjects=_descriptions(lead.get("fundingActivityCategories")),
        text_flags=tuple(sorted(flags)),
        source_fields=_stated({**record, kind: _stated(lead)} if kind else record),
        unread_fields=_unread_names(record),
        content_sha256=content_sha256(_stable(raw)),
        parser_version=PARSER_VERSION,
    )


def document_id(number: str) -> str:
    """The id of an opportunity, shared by all services of Grants.gov."""
    return f"grants-gov:{number}"


def parse_day(text: str) -> date:
    """The civil day in US Eastern time of any of the three forms in use.

    Raises ValueError on anything else, also on a time zone other than EDT and EST.
    """
    if match := _WRITTEN.fullmatch(text):
        if match["zone"] not in (None, *_OFFSETS):
            raise ValueError(f"expected EDT or EST, got {text!r}")
        return date(int(match["year"]), _month(match["month"]), int(match["day"]))
    if match := _DASHED.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.fullmatch(text):
        return date(int(match[3]), int(match[1]), int(match[2]))
    raise ValueError(f"expected a date such as 'Jun 10, 2026', '2026-06-10-00-00-00' or '06/10/2026', got {text!r}")


def parse_instant(text: str) -> datetime:
    """The UTC instant of a time written with its zone.

    Raises ValueError without a time, or without EDT or EST.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None or match["zone"] not in _OFFSETS:
        raise ValueError(f"expected a time such as 'Jun 10, 2026 11:41:58 AM EDT', got {text!r}")
    if not 1 <= int(match["hour"]) <= 12:
        raise ValueError(f"expected an hour from 1 to 12, got {text!r}")
    hour = int(match["hour"]) % 12 + (12 if match["half"] == "PM" else 0)
    day = parse_day(text)
    local = datetime(
        day.year, day.month, day.day, hour, int(match["minute"]), int(match["second"]), tzinfo=_OFFSETS[match["zone"]]
    )
    return local.astimezone(UTC)


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(f"expected an English month of three letters, got {name!r}")
    return _MONTHS.index(name) + 1


def _refuse_other_formats(body: bytes) -> None:
    """Name the neighbours that are no JSON: the bulk extract, SOAP, and the tables of Simpler.Grants.gov."""
    head = body[:4_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PK\x03\x04"):
        raise NotADocument("expected an API answer, got a zip file, such as the daily bulk extract")
    if head.startswith(b"<") and b"apply.grants.gov/system/OpportunityDetail" in head:
        raise NotADocument("expected an API answer, got the bulk extract (XML, root Grants)")
    if head.startswith(b"<") and (b"xmlsoap.org/soap/envelope" in head or b"w3.org/2003/05/soap-envelope" in head):
        raise NotADocument("expected an API answer, got a SOAP message")
    if _CSV_HEADER.match(head):
        raise NotADocument("expected an API answer, got a table (CSV), such as an extract of Simpler.Grants.gov")


def _unwrap(value: dict[str, Any]) -> dict[str, Any]:
    if "errorcode" in value and str(value["errorcode"]) != "0":
        raise UpstreamError(f"the API reports error {value['errorcode']}: {value.get('msg')}")
    if "errorcode" in value or "data" in value:
        data = value.get("data")
        if not data:
            raise UpstreamError(f"the API answers without data: {value.get('msg')}")
        if not isinstance(data, dict):
            raise UnknownShape(f"expected an object under data, got a {type(data).__name__}")
        return data
    if "id" not in value and (
        reported := [name for name in ("message", "error", "errors", "fault") if value.get(name)]
    ):
        raise UpstreamError(f"the API reports: {value[reported[0]]}")
    return value


def _read_hits(data: dict[str, Any]) -> ParsedAnswer:
    hits = data.get("oppHits") or []
    count = data.get("hitCount")
    if not isinstance(hits, list) or not (count is None or type(count) is int):
        raise UnknownShape(f"expected a list oppHits and a number hitCount, got {type(hits).__name__} and {count!r}")
    if count and "oppHits" not in data:
        raise UnknownShape(f"the answer counts {count} opportunities but holds no oppHits")
    records = {f"/data/oppHits/{position}": hit for position, hit in enumerate(hits)}
    return _read_records(records, count, parse_hit)


def _read_records(
    records: dict[str, Any], official_count: int | None, parse: Callable[[dict[str, Any]], PolicyDocument]
) -> ParsedAnswer:
    """Read records by their paths; one that cannot be read is set aside with its reason."""
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    for where, record in records.items():
        try:
            documents.append(parse(record))
        except (UnknownShape, ValidationError, TypeError, AttributeError, ValueError) as error:
            rejected.append(rejected_record(SLUG, where, error, record))
    return ParsedAnswer(documents=tuple(documents), rejected=tuple(rejected), official_count=official_count)


def _opportunity_id(record: dict[str, Any]) -> str:
    number = record.pop("id", None)
    if isinstance(number, bool) or not str(number or "").isdecimal():
        raise UnknownShape(f"expected an opportunity id, got {number!r}")
    return str(number)


def _leading_block(record: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    for kind in ("synopsis", "forecast"):
        block = record.get(kind)
        if not block:
            continue
        if not isinstance(block, dict):
            raise UnknownShape(f"expected an object under {kind}, got a {type(block).__name__}")
        return kind, dict(block)
    return None, {}


def _publishers(record: dict[str, Any], lead: dict[str, Any]) -> tuple[Organisation, ...]:
    """The owning agency, then its department where that is another body."""
    agency = record.get("agencyDetails") or lead.get("agencyDetails") or {}
    top = record.get("topAgencyDetails") or lead.get("topAgencyDetails") or {}
    code = agency.get("agencyCode") or record.get("owningAgencyCode") or lead.get("agencyCode")
    top_code = top.get("agencyCode") or agency.get("topAgencyCode")
    parent = top_code if top_code != code else None
    owner = _organisation(agency.get("agencyName"), code, parent)
    department = _organisation(top.get("agencyName"), parent) if parent and top.get("agencyName") else None
    return tuple(body for body in (owner, department) if body)


def _organisation(name: object, code: object, parent: object = None) -> Organisation | None:
    """A body by its name, or by its code where it has no name; labels hold stray spaces."""
    native_id = _text(code)
    label = " ".join(str(name or "").split()) or native_id
    return Organisation(name=label, native_id=native_id, parent_id=_text(parent)) if label else None


def _assistance_listings(record: dict[str, Any]) -> list[tuple[str, Any]]:
    listings = [entry.get("cfdaNumber") for entry in record.get("cfdas") or ()]
    listings += [entry.get("alnNumber") or entry.get("cfdaNumber") for entry in record.get("alns") or ()]
    return [("assistance_listing", listing) for listing in listings]


def _identifiers(number: str, opportunity_number: Any, listings: Iterable[tuple[str, Any]]) -> tuple[Identifier, ...]:
    found = [("opportunity_id", number), ("opportunity_number", opportunity_number), *listings]
    stated = ((scheme, str(value).strip()) for scheme, value in found if value is not None)
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in dict.fromkeys(stated) if value)


def _relations(record: dict[str, Any]) -> tuple[StatedRelation, ...]:
    stated = []
    for related in record.get("relatedOpps") or ():
        target = related.get("opportunityId")
        if target is None or str(target) == str(related.get("sourceOpportunityId")):
            continue
        quote = _text(related.get("comments")) or _text(related.get("opportunityTitle")) or str(target)
        identifier = Identifier(scheme="opportunity_id", value=str(target))
        stated.append(StatedRelation(relation="related", target=identifier, field="relatedOpps", quote=quote))
    return tuple(stated)


def _amounts(lead: dict[str, Any]) -> tuple[StatedAmount, ...]:
    """Amounts that are stated; "none", empty and zero stay where they are, among the source's fields."""
    found = []
    for name, kind, ends in (
        ("estimatedFunding", "available", ("low", "high")),
        ("awardCeiling", "threshold", ("high",)),
        ("awardFloor", "threshold", ("low",)),
    ):
        raw = lead.get(name)
        if raw is None or isinstance(raw, bool) or str(raw).strip().lower() in _NOT_STATED:
            continue
        match = _NUMBER.fullmatch(str(raw).strip())
        value = Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None
        if value == 0:
            continue
        del lead[name]
        currency = None if value is None else "USD"
        low, high = (value if end in ends else None for end in ("low", "high"))
        found.append(StatedAmount(kind=kind, low=low, high=high, currency=currency, raw=str(raw), field=name))
    return tuple(found)


def _attachments(record: dict[str, Any], lead: dict[str, Any]) -> tuple[Attachment, ...]:
    """Files, links to documents, and the announcement; folders stay among the source's fields for sizes and dates."""
    found = []
    for folder in record.get("synopsisAttachmentFolders") or ():
        for file in folder.get("synopsisAttachments") or ():
            if file.get("id") is not None:
                title = _text(file.get("fileDescription")) or _text(file.get("fileName"))
                found.append(
                    Attachment(title=title, url=f"{DOWNLOAD}/{file['id']}", content_type=_text(file.get("mimeType")))
                )
    for link in record.get("synopsisDocumentURLs") or ():
        stated = link if isinstance(link, dict) else {"url": link}
        if url := next(filter(None, map(_web_address, stated.values())), None):
            found.append(Attachment(title=_text(stated.get("description")), url=url))
    if announcement := _web_address(lead.get("fundingDescLinkUrl")):
        found.append(Attachment(title=_text(lead.pop("fundingDescLinkDesc", None)), url=announcement))
        del lead["fundingDescLinkUrl"]
    return tuple(found)


def _web_address(value: object) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else None


def _change_history(raw: dict[str, Any]) -> tuple[ChangeNote, ...]:
    """The publisher's comments on revisions, oldest first; one that later revisions repeat is told once."""
    earlier = sorted(raw.get("opportunityHistoryDetails") or (), key=lambda revision: revision.get("revision") or 0)
    notes: dict[str, datetime | None] = {}
    for revision in (*earlier, raw):
        for block in (revision.get("forecast") or {}, revision.get("synopsis") or {}):
            if note := clean(block.get("modComments"), set()):
                notes.setdefault(note, _instant(dict(block), set(), "createTimeStamp", "lastUpdatedDate"))
        if comment := clean(revision.get("modifiedComments"), set()):
            notes.setdefault(comment, None)
    return tuple(ChangeNote(noted_at=at, note=note) for note, at in notes.items())


def _descriptions(entries: Iterable[dict[str, Any]] | None) -> tuple[str, ...]:
    named = (_text(entry.get("description")) for entry in entries or ())
    return tuple(dict.fromkeys(name for name in named if name))


def _title(text: str | None, flags: set[str]) -> str | None:
    return one_line(None if text is None else _without_double_escapes(text), flags)


def _body(text: str | None, flags: set[str]) -> str | None:
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


def _day(block: dict[str, Any], flags: set[str], *names: str) -> date | None:
    """Take the first readable day; what cannot be read stays among the source's fields and is flagged."""
    for name in names:
        if text := _text(block.get(name)):
            try:
                day = parse_day(text)
            except ValueError:
                flags.add("unread_date")
                continue
            del block[name]
            return day
    return None


def _instant(block: dict[str, Any], flags: set[str], *names: str) -> datetime | None:
    for name in names:
        if text := _text(block.get(name)):
            try:
                instant = parse_instant(text)
            except ValueError:
                flags.add("unread_date")
                continue
            del block[name]
            return instant
    return None


def _note(block: dict[str, Any], flags: set[str], *names: str) -> str | None:
    """Prose about dates; the literal "undefined" that some publishers' software sends is none."""
    for name in names:
        text = block.get(name)
        if text and text != "undefined" and (note := _body(text, flags)):
            del block[name]
            return note
    return None


def _text(value: object) -> str | None:
    return None if value is None else str(value).strip() or None


def _unread_names(record: dict[str, Any]) -> tuple[str, ...]:
    blocks = {name: block for name in ("forecast", "synopsis") if isinstance(block := record.get(name), dict)}
    inside = (f"{name}/{field}" for name, block in blocks.items() for field in unread(block, KEPT_IN_BLOCK))
    return (*unread(record, KEPT), *inside)


def _stated(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, [], {}, "")}


def _stable(value: Any) -> Any:
    """What the source says, without housekeeping and without the difference between absent and empty."""
    if isinstance(value, dict):
        kept = {name: _stable(inner) for name, inner in value.items() if name not in HOUSEKEEPING}
        return _stated(kept)
    if isinstance(value, list):
        return [_stable(inner) for inner in value]
    return value


class UsGrantsGovSpider(SourceSpider):
    """Pages through all that is listed, and asks for the details of what may matter."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the list."""
        yield self._ask_page(0)

    def read_page(self, response: Response, start: int) -> Iterator[Request]:
        """Land what is new on a page, ask for details of candidates, then for the next page."""
        answer = parse_answer(response.body)
        total = answer.official_count
        if total is None:
            raise UnknownShape("expected hitCount beside oppHits, got none; the end of the list is not known")
        self.book.official_total = total
        new = [hit for hit in answer.documents if hit.document_id not in self._listed]
        self._listed.update(hit.document_id for hit in new)
        candidates = {hit.document_id: hit for hit in new if self.is_candidate(hit.title)}
        left_out = tuple(hit for hit in new if hit.document_id not in candidates)
        self.keep(answer.model_copy(update={"documents": left_out}), response)
        for hit in candidates.values():
            yield self._ask_detail(hit)
        reached = start + len(answer.documents) + len(answer.rejected)
        if reached < total:
            if not new:
                raise UnknownShape(
                    f"expected new opportunities after {start} of {total}, got none; paging would not end"
                )
            yield self._ask_page(reached)

    def read_detail(self, response: Response, hit: PolicyDocument) -> None:
        """Land the details of one opportunity; its line of the list when they cannot be read."""
        answer = parse_answer(response.body)
        for document in answer.documents:
            if document.document_id != hit.document_id:
                raise UnknownShape(f"asked for opportunity {hit.native_id}, got {document.native_id}")
        self.keep(answer, response)
        if not answer.documents:
            self.land(hit, exchange_of(response.request))

    def _ask_page(self, start: int) -> Request:
        asked = {
            "rows": PAGE_SIZE,
            "startRecordNum": start,
            "oppStatuses": STATUSES,
            "keyword": "",
            "sortBy": "openDate|desc",
        }
        return self.ask(
            f"{API}/search2", lambda response: self.read_page(response, start), purpose="listing", json=asked
        )

    def _ask_detail(self, hit: PolicyDocument) -> Request:
        return self.ask(
            f"{API}/fetchOpportunity",
            lambda response: self.read_detail(response, hit),
            purpose="document",
            json={"opportunityId": int(hit.native_id)},
            fallback=hit,
        )
