"""NSF Awards: awards of the National Science Foundation by day of award, from the Award Search API.

Reads the JSON answers of https://api.nsf.gov/services/v1. Does not read its XML, the yearly files or publications, and
does not judge relevance.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from scrapy.http import Request, Response

from scrapers.contracts import (
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedAmount,
    UnknownShape,
    UpstreamError,
    Window,
)
from scrapers.families.dates import us_eastern_day
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.money import amount
from scrapers.families.records import Record, identifiers, mapping, numbered, read_records, substance
from scrapers.families.text import as_text, html_to_text, one_line
from scrapers.families.windows import months, require_progress, require_whole
from scrapers.families.wording import hash_of
from scrapers.registry import source
from scrapers.runtime.spider import SourceSpider

SLUG = "us_nsf_awards"
PARSER_VERSION = "us_nsf_awards/7"
API = "https://api.nsf.gov/services/v1/awards.json"
PAGE = "https://www.nsf.gov/awardsearch/showAward?AWD_ID="
PAGE_SIZE = 25
NAME = "U.S. National Science Foundation"
KNOWN = source(SLUG).known_fields
AMOUNTS = {"fundsObligatedAmt": "obligated", "estimatedTotalAmt": "awarded"}
"""Fields of amounts and their kinds: bound so far, and meant to be given in all."""
_NUMBER = re.compile(r"[0-9]{7}")
_LISTING = re.compile(r"[0-9]{2}\.[0-9]{3}")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a list of awards, which may hold one or none.

    Raises UpstreamError for errors told inside an answer, NotADocument for schemas and the API's XML, UnknownShape
    otherwise.
    """
    value = mapping(read_json(body), "/")
    if is_json_schema(value):
        raise NotADocument("expected a list of awards, got a description of the API")
    if "response" not in value:
        reported = next((value[name] for name in ("error", "errors", "message", "fault") if value.get(name)), None)
        if reported:
            raise UpstreamError(f"the API reports: {str(reported)[:300]}")
        raise UnknownShape(f"expected response, got keys {sorted(value)[:8]}")
    response = mapping(value["response"], "response")
    if not response.get("award") and (told := response.get("serviceNotification")):
        raise UpstreamError(f"the API reports: {_message(told)[:300]}")
    if "award" not in response:
        raise UnknownShape(f"expected awards in the response, got keys {sorted(response)[:8]}")
    total = _total(response)
    if response["award"] is None and total:
        raise UnknownShape(f"the answer counts {total} awards but holds none")
    awards = numbered("/response/award", _several(response["award"]))
    return read_records(SLUG, awards, parse_award, count=total)


def _several(awards: object) -> object:
    """Awards as a list: made from XML, the API's JSON has one alone as an object, and none as null."""
    if awards is None:
        return []
    return [awards] if isinstance(awards, dict) else awards


def _message(told: object) -> str:
    entries = told if isinstance(told, list) else [told]
    said = [str(one.get("notificationMessage") or one) if isinstance(one, dict) else str(one) for one in entries]
    return "; ".join(said)


def _total(response: dict[str, Any]) -> int | None:
    total = mapping(response.get("metadata"), "metadata").get("totalCount")
    if isinstance(total, str) and re.fullmatch(r"[0-9]{1,9}", total):
        return int(total)
    return total


def parse_award(record: Record) -> PolicyDocument:
    """Read one award.

    Raises UnknownShape without the number of an award.
    """
    hashed, flags = hash_of(substance(dict(record), KNOWN["award"].housekeeping)), set[str]()
    number, programmes = _take_number(record), one_line(record.text("fundProgramName"), flags)
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"nsf-award:{number}",
        native_id=number,
        url=f"{PAGE}{quote(number)}",
        title=one_line(record.text("title"), flags),
        abstract=html_to_text(record.text("abstractText"), flags),
        document_type="award",
        document_subtype=record.text("transType"),
        publishers=_publishers(record),
        identifiers=identifiers(
            ("nsf_award", number),
            ("fain", number),
            *(("assistance_listing", listing) for listing in record.read("cfdaNumber", _listings) or ()),
        ),
        published_date=record.take("date", _day),
        amounts=tuple(_amounts(record)),
        subjects=(programmes,) if programmes else (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["award"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _take_number(record: Record) -> str:
    """Seven digits; a number of JSON may have lost its leading zeros."""
    given = record.pop("id", None)
    number = f"{given:07d}" if type(given) is int and given > 0 else given
    if not isinstance(number, str) or not _NUMBER.fullmatch(number.strip()):
        raise UnknownShape(f"expected an award number of seven digits, got {str(given)[:40]!r}")
    return number.strip()


def _day(value: object) -> date:
    return us_eastern_day(as_text(value).strip())


def _listings(value: object) -> list[str]:
    """Numbers of assistance programmes, one or several in a text."""
    listings = [part.strip() for part in as_text(value).split(",") if part.strip()]
    if not all(map(_LISTING.fullmatch, listings)):
        raise ValueError(f"expected numbers such as 47.070, got {as_text(value)[:40]!r}")
    return listings


def _publishers(record: Record) -> tuple[Organisation, ...]:
    """The division and the directorate, where the answer names them, then the foundation."""
    named = {
        name: record.read(name, as_text) for name in ("agency", "orgLongName2", "divAbbr", "orgLongName", "dirAbbr")
    }
    agency, division, directorate = named["agency"], named["orgLongName2"], named["orgLongName"]
    found = []
    if division:
        found.append(Organisation(name=division, native_id=named["divAbbr"], parent_id=named["dirAbbr"]))
    if directorate:
        found.append(Organisation(name=directorate, native_id=named["dirAbbr"], parent_id=agency))
    return (*found, Organisation(name=NAME, native_id="NSF") if agency in (None, "NSF") else Organisation(name=agency))


def _amounts(record: Record) -> Iterator[StatedAmount]:
    for name, kind in AMOUNTS.items():
        stated = record.get(name)
        value = record.read(name, amount)
        if value is None:
            continue
        del record[name]
        yield StatedAmount(kind=kind, low=value, high=value, currency="USD", raw=str(stated), field=name)


class UsNsfAwardsSpider(SourceSpider):
    """Asks for the awards of the window month by month and pages through them; the list holds all there is."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._totals: dict[date, int] = {}
        self._silent: set[date] = set()
        """Months of neither awards nor a count."""

    async def start(self) -> AsyncIterator[Request]:
        """The first page of each month of the window."""
        for month in months(self.window):
            yield self._ask_page(month, frozenset())

    def read_page(self, response: Response, month: Window, seen: frozenset[str]) -> Iterator[Request]:
        """Land a page and ask for the next, until the total is reached or, without one, a page is not full."""
        answer = parse_answer(response.body)
        if answer.official_count is not None:
            require_whole(self._totals.get(month.since), answer.official_count, f"awards from {month.since}")
            self._totals[month.since] = answer.official_count
            if len(self._totals) == len(months(self.window)):
                self.book.official_total = sum(self._totals.values())
        elif not (answer.record_count or seen):
            self._silent.add(month.since)
            self._require_a_word()
        self.keep(answer, response)
        found = seen | {document.document_id for document in answer.documents}
        found |= {f"unreadable {len(found)} {one.where}" for one in answer.rejected if one.is_whole_record}
        total = answer.official_count
        if (len(found) < total) if total is not None else answer.record_count >= PAGE_SIZE:
            require_progress(len(found) - len(seen), f"awards after {len(seen)} of {month.since} to {month.until}")
            yield self._ask_page(month, found)

    def _require_a_word(self) -> None:
        """Raises UnknownShape where the whole window has neither awards nor a count of none, and NSF worked in it."""
        since, until = self.window.since, self.window.until
        if len(self._silent) == len(months(self.window)) and self.book.has_worked(since, until):
            raise UnknownShape(f"expected awards or a count of none from {since} to {until}, got neither")

    def _ask_page(self, month: Window, seen: frozenset[str]) -> Request:
        query = {
            "dateStart": f"{month.since:%m/%d/%Y}",
            "dateEnd": f"{month.until:%m/%d/%Y}",
            "rpp": PAGE_SIZE,
            "offset": len(seen) + 1,
            "printFields": ",".join(KNOWN["award"].asked),
        }
        return self.ask(
            f"{API}?{urlencode(query)}", lambda response: self.read_page(response, month, seen), purpose="listing"
        )
