"""What lies open to public inspection, as the Federal Register's API tells it: filed, and not published yet.

A withdrawn filing stays listed without its dates and with a note; one that was published is listed no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.samples.data_files import read_yaml
from scrapers.samples.texts import FILLER_NOTE, slug

API = "https://www.federalregister.gov"
FILES = "https://public-inspection.federalregister.gov"
EASTERN = ZoneInfo("America/New_York")
REGULAR, SPECIAL = time(8, 45), time(11, 15)
SLUG_CHARS = 100


@dataclass(frozen=True)
class Filing:
    """A document filed for public inspection."""

    number: str
    type: str
    agencies: tuple[str, ...]
    """Slugs; only the body that issues it."""
    subjects: tuple[str, ...]
    filing_type: str
    filed: datetime
    planned: date
    pages: int
    withdrawn: date | None = None

    def is_open(self, day: date) -> bool:
        """Whether it lies open to inspection on a day."""
        return self.filed.date() <= day < self.planned

    def is_withdrawn(self, day: date) -> bool:
        """Whether it was taken back by then."""
        return self.withdrawn is not None and self.withdrawn <= day


def read_filings() -> list[Filing]:
    """The filings of the data file."""
    return [
        Filing(**{**raw, "agencies": tuple(raw["agencies"]), "subjects": tuple(raw["subjects"])})
        for raw in read_yaml(__file__, "filings.yml")
    ]


def open_filings(filings: Iterable[Filing], day: date, agencies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The answer about one day; agencies by slug, as the API writes them."""
    results = [filing_record(filing, day, agencies) for filing in filings if filing.is_open(day)]
    return {
        "count": len(results),
        "results": results,
        "special_filings_updated_at": _instant(datetime.combine(day, SPECIAL)),
        "regular_filings_updated_at": _instant(datetime.combine(day, REGULAR)),
    }


def filing_record(filing: Filing, day: date, agencies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A filing as the API writes it on a day."""
    named = [agencies[key] for key in filing.agencies]
    is_withdrawn = filing.is_withdrawn(day)
    subjects = [*filing.subjects, None, None][:3]
    title = " ".join((subjects[0] or "", subjects[1] or "", ""))
    address = slug(title, SLUG_CHARS)
    compact = filing.number.replace("-", "")
    return {
        "agencies": named,
        "agency_letters": [],
        "agency_names": [agency.get("name") or agency["raw_name"] for agency in named],
        "docket_numbers": [],
        "document_number": filing.number,
        "editorial_note": _withdrawal_note(filing) if is_withdrawn else None,
        "excerpts": None,
        "filed_at": None if is_withdrawn else _instant(filing.filed),
        "filing_type": filing.filing_type,
        "html_url": f"{API}/public-inspection/{filing.number}/{address}",
        "json_url": f"{API}/api/v1/public_inspection_documents/{filing.number}",
        "last_public_inspection_issue": day.isoformat(),
        "num_pages": filing.pages,
        "page_views": None if is_withdrawn else {"count": 7, "last_updated": f"{day} 12:15:06 -0400"},
        "pdf_file_name": f"{filing.number}_PI.pdf",
        "pdf_file_size": 45_000 + 9_000 * filing.pages,
        "pdf_updated_at": _instant(filing.filed),
        "pdf_url": f"{FILES}/{filing.number}.pdf",
        "publication_date": None if is_withdrawn else filing.planned.isoformat(),
        "raw_text_url": f"{API}/public-inspection/raw_text/{compact[:3]}/{compact[3:6]}/{compact[6:]}.txt",
        "subject_1": subjects[0],
        "subject_2": subjects[1],
        "subject_3": subjects[2],
        "title": title,
        "toc_doc": filing.subjects[-1],
        "toc_subject": filing.subjects[0] if len(filing.subjects) > 1 else "",
        "type": filing.type,
    }


def _withdrawal_note(filing: Filing) -> str:
    return (
        f"The agency has asked for the withdrawal of this document; it stays open until {filing.planned}. {FILLER_NOTE}"
    )


def _instant(local: datetime) -> str:
    return local.replace(tzinfo=EASTERN).isoformat(timespec="milliseconds")
