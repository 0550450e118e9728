"""Bills and laws of the US Congress: listed by the Congress.gov API where there is a key, else by govinfo's bulk data.

Full bills come from the BILLSTATUS files of govinfo either way, since one file holds what the API spreads over ten
answers. Reads bills, laws and summaries of the API, and BILLSTATUS of every version; does not read votes, nominations,
committees or the parts of a bill that the API answers one by one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote, urlencode

from scrapy.http import Request, Response

from scrapers.contracts import (
    Depth,
    NotADocument,
    ParsedAnswer,
    PolicyDocument,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.congress_bills import (
    PARSER_VERSION,
    SLUG,
    WASHINGTON,
    from_xml,
    parse_bill,
    parse_listed,
    parse_summarised,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import Record, mapping, numbered, read_records
from scrapers.families.windows import require_progress, require_whole
from scrapers.families.xml import read_xml, root_name
from scrapers.runtime.spider import Callback, SourceSpider, exchange_of

API = "https://api.congress.gov/v3"
BULK = "https://www.govinfo.gov/bulkdata"
KINDS = ("hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres")
PAGE_SIZE = 250
EARLY_DAYS = 90
"""How long a new Congress may be without any measure of one kind."""
_LISTED = re.compile(r"BILLSTATUS-(\d{1,4})(hr|s|hjres|sjres|hconres|sconres|hres|sres)([1-9]\d{0,5})\.xml")
_ENVELOPE = frozenset(("pagination", "request"))


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a list of bills, laws or summaries, one bill of the API, or a BILLSTATUS file.

    Raises NotADocument for listings of files, schemas, votes, nominations, parts of bills and other XML; UpstreamError
    for errors and HTML; Truncated for what ends early; UnknownShape otherwise.
    """
    if body.startswith(b"PK\x03\x04"):
        raise NotADocument("expected a bill, got a zip file, such as all BILLSTATUS files of a kind")
    if not body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _read_value(read_json(body))
    root = root_name(body)
    if root not in ("billStatus", "api-root"):
        raise NotADocument(f"expected billStatus or api-root, got XML with the root {root}")
    tree = read_xml(body).root
    value = from_xml(tree)
    if root == "api-root":
        return _read_value(value)
    if len(tree.findall("bill")) != 1 or not isinstance(value, dict) or not isinstance(value["bill"], dict):
        raise UnknownShape("expected one bill in billStatus, got none or several")
    return read_records(SLUG, {"/billStatus/bill": value["bill"]}, parse_bill)


def _read_value(value: Any) -> ParsedAnswer:
    """Read an answer of the API."""
    if is_json_schema(value):
        raise NotADocument("expected an answer of the API, got a description of it")
    answer = mapping(value, "/")
    if "error" in answer or "errors" in answer:
        raise UpstreamError(f"the API reports: {str(answer.get('error') or answer.get('errors'))[:200]}")
    if "files" in answer:
        raise NotADocument("expected a bill, got a listing of the bulk data")
    if isinstance(answer.get("bill"), dict):
        return read_records(SLUG, {"/bill": answer["bill"]}, parse_bill)
    if isinstance(answer.get("bills"), list):
        return _read_list(answer, "bills", parse_listed)
    if isinstance(answer.get("summaries"), list):
        if "billNumber" in mapping(answer.get("request"), "request"):
            raise NotADocument("expected a bill, got the summaries of one, which its BILLSTATUS file holds")
        return _read_list(answer, "summaries", parse_summarised)
    parts = sorted(set(answer) - _ENVELOPE)
    if set(answer) & _ENVELOPE and len(parts) == 1 and isinstance(answer[parts[0]], list | dict):
        raise NotADocument(f"expected bills, got {parts[0]}")
    if "packageId" in answer or "packages" in answer or "granules" in answer:
        raise NotADocument("expected a bill, got packages of the govinfo API")
    if "message" in answer:
        raise UpstreamError(f"the service reports: {str(answer['message'])[:200]}")
    raise UnknownShape(f"expected bill, bills or summaries, got keys {sorted(answer)[:8]}")


def _read_list(answer: dict[str, Any], name: str, parse: Callable[[Record], PolicyDocument]) -> ParsedAnswer:
    pages = mapping(answer.get("pagination"), "pagination")
    count, follows = pages.get("count"), pages.get("next")
    if isinstance(count, str) and count.isdecimal() and len(count) < 12:
        count = int(count)
    if count and not answer[name]:
        raise UnknownShape(f"the answer counts {count} {name} and holds none")
    following = quote(follows, safe="%/:?&=+,;@") if isinstance(follows, str) else None
    return read_records(SLUG, numbered(f"/{name}", answer[name]), parse, count=count, next_url=following)


@dataclass(frozen=True)
class ListedBill:
    """One BILLSTATUS file as the bulk data service lists it."""

    name: str
    """As documents are named: congress, type and number."""
    url: str
    modified: datetime


def parse_listing(body: bytes) -> list[ListedBill]:
    """Read the listing of one kind of measure of a Congress, without its zip.

    Raises what `read_json` raises, UpstreamError for an error, and UnknownShape for anything but a listing of bills.
    """
    value = mapping(read_json(body), "/")
    if "files" not in value and ("error" in value or "message" in value):
        raise UpstreamError(f"the service reports: {str(value.get('message') or value.get('error'))[:200]}")
    files = numbered("/files", value.get("files"))
    return [listed for file in files.values() if (listed := _listed(mapping(file, "files")))]


def bill_url(name: str) -> str:
    """The official address of a BILLSTATUS file."""
    congress, kind, number = name.split("-")
    return f"{BULK}/BILLSTATUS/{congress}/{kind}/BILLSTATUS-{congress}{kind}{number}.xml"


def _listed(file: Mapping[str, Any]) -> ListedBill | None:
    match = _LISTED.fullmatch(str(file.get("justFileName") or file.get("name")))
    if match is None:
        return None
    name = "-".join(match.groups())
    written = str(file.get("formattedLastModifiedTime"))
    try:
        modified = datetime.strptime(written, "%d-%b-%Y %H:%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise UnknownShape(f"expected when {name} was modified, such as 18-Sep-2026 20:26, got {written!r}") from error
    return ListedBill(name, bill_url(name), modified)


def congress_of(day: date) -> int:
    """The Congress in session; a new one begins on 3 January of odd years."""
    return (day.year - 1789 - (day.month == 1 and day.day < 3)) // 2 + 1


class UsCongressGovSpider(SourceSpider):
    """Lists what was touched in the window, and reads in full what may matter.

    With the key, the API lists bills with titles and counts them; its list of summaries names what titles leave out.
    Without it, the bulk data lists files without titles, so each file touched in the window is read.
    """

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()
        self._left_out: dict[str, PolicyDocument] = {}
        self._folders = [
            (congress, kind)
            for congress in range(congress_of(self.window.since), congress_of(self.window.until) + 1)
            for kind in KINDS
        ]
        self._folders_read = 0

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the API, or a listing for each kind of measure."""
        if self._has_key():
            yield self._ask_page("bill", 0)
            return
        for congress, kind in self._folders:
            yield self._ask_folder(congress, kind)

    def _has_key(self) -> bool:
        """Whether the API is asked; a replay asks what its crawl has asked."""
        if self.book.exchanges:
            return any(row.url.startswith(API) for row in self.book.exchanges)
        return self.book.key is not None

    def read_page(self, response: Response, start: int) -> Iterator[Request]:
        """Land what is new on a page, ask for candidates, then for the next page; summaries follow the last."""
        answer, total = _page(response.body)
        require_whole(self.book.official_total, total, "bills")
        self.book.official_total = total
        new = [bill for bill in answer.documents if bill.document_id not in self._listed]
        self._listed.update(bill.document_id for bill in new)
        for bill in new:
            if day := _updated_day(bill):
                self.book.listed_for(bill.document_id, day)
        candidates = [bill for bill in new if self._may_matter(bill)]
        named = {bill.document_id for bill in candidates}
        left_out = tuple(bill for bill in new if bill.document_id not in named)
        self._left_out.update({bill.document_id: bill for bill in left_out})
        self.keep(answer.model_copy(update={"documents": left_out}), response)
        yield from map(self._ask_bill, candidates)
        reached = start + answer.record_count
        if reached < total:
            require_progress(len(new), f"bills after {start} of {total}")
            yield self._ask_page("bill", reached)
        else:
            yield self._ask_page("summaries", 0)

    def read_summaries(self, response: Response, start: int) -> Iterator[Request]:
        """Ask for bills that the title alone left out and a summary speaks for."""
        answer, total = _page(response.body)
        for bill in answer.documents:
            if bill.document_id in self._left_out and self.gate.passes(bill.abstract):
                self.reconsider()
                yield self._ask_bill(self._left_out.pop(bill.document_id))
        reached = start + answer.record_count
        if reached < total:
            require_progress(answer.record_count, f"summaries after {start} of {total}")
            yield self._ask_page("summaries", reached)

    def read_bill(self, response: Response, listed: PolicyDocument) -> Iterator[Request]:
        """Land a bill in full; govinfo is hours behind the API, which is asked for what is not there yet."""
        if response.status == 404:
            congress, kind, number = listed.native_id.split("-")
            url = f"{API}/bill/{congress}/{kind}/{number}?format=json"
            yield self._ask_api(url, lambda answered: self.read_detail(answered, listed), "document", listed)
        else:
            self.read_detail(response, listed)

    def read_detail(self, response: Response, listed: PolicyDocument) -> None:
        """Land one bill; its line of the list when it cannot be read."""
        answer = _only(parse_answer(response.body), listed.native_id)
        self.keep(answer, response)
        if not answer.documents:
            self.land(listed, exchange_of(response.request))

    def read_folder(self, response: Response, congress: int, kind: str) -> Iterator[Request]:
        """Ask for the files of a kind that were touched in the window; only a new Congress may have none of a kind."""
        files = [] if response.status == 404 else parse_listing(response.body)
        if not files and (self.window.until - date(1787 + 2 * congress, 1, 3)).days > EARLY_DAYS:
            raise UnknownShape(f"expected files of the {congress}th Congress under {kind}, got none")
        touched = [file for file in files if self._is_in_window(file.modified)]
        self._folders_read += 1
        self.book.official_total = (self.book.official_total or 0) + len(touched)
        for file in touched:
            yield self._ask_file(file)

    def read_file(self, response: Response, file: ListedBill) -> None:
        """Land a bill in full when it may matter, else what a list would say of it."""
        answer = _only(parse_answer(response.body), file.name)
        for bill in answer.documents:
            self.book.listed_for(bill.document_id, _washington_day(file.modified))
        documents = tuple(bill if self._may_matter(bill) else _line_of(bill) for bill in answer.documents)
        self.keep(answer.model_copy(update={"documents": documents}), response)

    def _may_matter(self, bill: PolicyDocument) -> bool:
        """The gate's word; a bill without a title or a summary may be anything."""
        if self.is_candidate(bill.title, bill.abstract, *bill.subjects, *_titles(bill)):
            return True
        if bill.title is None:
            self.reconsider()
        return bill.title is None

    def _is_in_window(self, instant: datetime) -> bool:
        return self.window.since <= _washington_day(instant) <= self.window.until

    def _ask_page(self, what: str, start: int) -> Request:
        since = datetime.combine(self.window.since, time.min, WASHINGTON).astimezone(UTC)
        until = datetime.combine(self.window.until, time(23, 59, 59), WASHINGTON).astimezone(UTC)
        asked = {
            "format": "json",
            "fromDateTime": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            "toDateTime": f"{until:%Y-%m-%dT%H:%M:%SZ}",
            "sort": "updateDate desc",
            "limit": PAGE_SIZE,
            "offset": start,
        }
        read = self.read_page if what == "bill" else self.read_summaries
        url = f"{API}/{what}?{urlencode(asked)}"
        return self._ask_api(url, lambda response: read(response, start), "listing", kind=what)

    def _ask_api(
        self,
        url: str,
        callback: Callback,
        purpose: str,
        fallback: PolicyDocument | None = None,
        kind: str | None = None,
    ) -> Request:
        is_extra = f"{API}/summaries" in url
        return self.ask(url, callback, purpose=purpose, kind=kind, fallback=fallback, is_extra=is_extra)

    def _ask_bill(self, listed: PolicyDocument) -> Request:
        url = bill_url(listed.native_id)
        return self._ask_bulk(url, lambda response: self.read_bill(response, listed), "document", (404,), listed)

    def _ask_folder(self, congress: int, kind: str) -> Request:
        url = f"{BULK}/json/BILLSTATUS/{congress}/{kind}"
        return self._ask_bulk(url, lambda response: self.read_folder(response, congress, kind), "listing", (404,))

    def _ask_file(self, file: ListedBill) -> Request:
        return self._ask_bulk(file.url, lambda response: self.read_file(response, file), "document")

    def _ask_bulk(
        self,
        url: str,
        callback: Callback,
        purpose: str,
        also_read: tuple[int, ...] = (),
        fallback: PolicyDocument | None = None,
    ) -> Request:
        """A question to govinfo, which answers only those who name the kind they want."""
        accepted = {"Accept": "application/json" if purpose == "listing" else "application/xml"}
        return self.ask(url, callback, purpose=purpose, headers=accepted, also_read=also_read, fallback=fallback)


def _washington_day(instant: datetime) -> date:
    return instant.astimezone(WASHINGTON).date()


def _updated_day(bill: PolicyDocument) -> date | None:
    """The day by which the API has listed a bill; None when it states none that can be read."""
    stated = str(bill.source_fields.get("updateDate"))[: len("2026-09-30")]
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return None


def _page(body: bytes) -> tuple[ParsedAnswer, int]:
    """A page of a list, and how many records the list counts."""
    answer = parse_answer(body)
    if answer.official_count is None:
        raise UnknownShape("expected pagination.count beside the list, got none; the end of the list is not known")
    return answer, answer.official_count


def _only(answer: ParsedAnswer, name: str) -> ParsedAnswer:
    """An answer that speaks of no other bill than the one asked for."""
    for bill in answer.documents:
        if bill.native_id != name:
            raise UnknownShape(f"asked for bill {name}, got {bill.native_id}")
    return answer


def _titles(bill: PolicyDocument) -> list[str]:
    """All titles of a bill in full: short ones often name what the official one does not."""
    titles = bill.source_fields.get("titles")
    entries = titles if isinstance(titles, list) else []
    return [entry["title"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("title"), str)]


def _line_of(bill: PolicyDocument) -> PolicyDocument:
    """What a list would say of a bill; the archive holds the rest."""
    nothing: dict[str, object] = {
        "relations": (),
        "attachments": (),
        "change_history": (),
        "source_fields": {},
        "unread_fields": (),
    }
    return bill.model_copy(update={"depth": Depth.LISTING, **nothing})
