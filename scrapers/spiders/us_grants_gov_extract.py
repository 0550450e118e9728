"""Grants.gov in bulk: what changed in the window, from the daily extract of every opportunity there has ever been.

Shares document ids with `us_grants_gov`, which leads: its answers say more of an opportunity. The extract holds what
that one does not list any more, and the text of what it only lists. Does not judge relevance.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

from scrapy.http import Request, Response

from scrapers.contracts import ParsedAnswer
from scrapers.families.grants_gov import EXTRACT_PARSER_VERSION as PARSER_VERSION
from scrapers.families.grants_gov import EXTRACT_SLUG as SLUG
from scrapers.families.grants_gov import parse_extracted, printed_day
from scrapers.families.grants_gov_extract import ExtractedRecord, read_extract
from scrapers.families.records import read_records
from scrapers.runtime.spider import SourceSpider

FILES = "https://prod-grants-gov-chatbot.s3.amazonaws.com/extracts"
SUNDAY = 6
LEAST_RECORDS = 20_000
"""Fewer in a whole extract, and it is none; in 2026 it holds about four times as many."""


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a whole extract at once, a zip file or its XML; for large ones `parse_parts` takes less memory.

    Raises what `read_extract` raises.
    """
    parts = list(parse_parts(body))
    return ParsedAnswer(
        documents=tuple(document for part in parts for document in part.documents),
        rejected=tuple(rejected for part in parts for rejected in part.rejected),
        official_count=len(parts),
    )


def parse_parts(body: bytes) -> Iterator[ParsedAnswer]:
    """Read an extract record by record; raises what `read_extract` raises, at the latest at its end."""
    return map(parse_record, read_extract(body))


def parse_record(extracted: ExtractedRecord) -> ParsedAnswer:
    """Read one record of an extract, or set it aside with the reason."""
    return read_records(SLUG, {extracted.where: extracted.raw}, lambda record: parse_extracted(record, extracted.kind))


class UsGrantsGovExtractSpider(SourceSpider):
    """Asks once a week, in crawls whose window ends on a Sunday, and keeps what changed in the window."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """The extract of the day before the window ends, which is sure to be there."""
        if self.window.until.weekday() != SUNDAY and not self.book.is_stand_in:
            self.book.not_asked = "the extract is large; it is asked for in crawls whose window ends on a Sunday"
            return
        day = self.window.until - timedelta(1)
        yield self.ask(f"{FILES}/GrantsDBExtract{day:%Y%m%d}v2.zip", self.read_file, purpose="listing")

    def read_file(self, response: Response) -> None:
        """Land what changed in the window; an opportunity that is posted is not landed as its forecast too."""
        kept: set[str] = set()
        records = 0
        for extracted in read_extract(response.body):
            records += 1
            if not self._is_changed(extracted):
                continue
            part = parse_record(extracted)
            part = part.model_copy(
                update={"documents": tuple(one for one in part.documents if one.document_id not in kept)}
            )
            kept.update(document.document_id for document in part.documents)
            self.keep(part, response)
        if records < LEAST_RECORDS and not self.book.is_stand_in:
            self.book.fault(f"expected {LEAST_RECORDS} or more records in the extract, got {records}; look at the file")

    def _is_changed(self, extracted: ExtractedRecord) -> bool:
        """Whether a record was posted or updated in the window; one whose days cannot be read may have been."""
        try:
            days = [self._day(extracted, "LastUpdatedDate"), self._day(extracted, "PostDate")]
        except (ValueError, TypeError):
            return True
        stated = [day for day in days if day is not None]
        return not stated or any(self.window.since <= day <= self.window.until for day in stated)

    @staticmethod
    def _day(extracted: ExtractedRecord, name: str) -> date | None:
        value = extracted.raw.get(name)
        return printed_day(value) if value else None
