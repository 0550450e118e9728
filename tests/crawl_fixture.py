"""Landing files and ledgers made by hand, so that loading and replaying are tested without a crawl."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scrapers.contracts import (
    CrawlLedger,
    DayCount,
    FetchOutcome,
    FileSeal,
    LandedRecord,
    PolicyDocument,
    ReadFrom,
    RejectedRecord,
    Window,
    content_sha256,
)
from scrapers.durable import file_sha256, write_whole

SLUG = "us_federal_register"
REQUIRED = {"document_type": "Notice", "publishers": ({"name": "An agency"},)}
"""What else the contract requires of a document, where it is judged by that."""
T0 = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)


def document(number: str = "2024-01580", day: date | None = date(2024, 1, 29), **fields: object) -> PolicyDocument:
    """A Federal Register document; its content hash follows its fields."""
    base = {
        "source_id": SLUG,
        "document_id": f"fr:{number}:{day}",
        "native_id": number,
        "title": "A rule",
        "published_date": day,
        "url": "https://www.federalregister.gov/d/" + number,
        "parser_version": "us_federal_register/1",
        **fields,
    }
    return PolicyDocument.model_validate(
        {"content_sha256": content_sha256({k: str(v) for k, v in base.items()}), **base}
    )


def land(
    home: Path,
    documents: list[PolicyDocument],
    *,
    hours: int = 0,
    is_good: bool = True,
    rejected: list[RejectedRecord] | None = None,
    is_stand_in: bool = False,
    read_from: tuple[ReadFrom, ...] = (),
    run_id: str = "test",
    body: str = "",
    since: date = date(2024, 1, 1),
    until: date = date(2026, 10, 9),
) -> CrawlLedger:
    """Write one crawl's landing file and manifest, `hours` after T0; its answer is another one unless `body` says."""
    started = T0 + timedelta(hours=hours)
    crawl_id = f"{started.strftime('%Y%m%dT%H%M%S%f')}Z-{hours:06x}"
    fetch = FetchOutcome(
        fetch_id=f"{crawl_id}-000001",
        crawl_id=crawl_id,
        source_id=SLUG,
        seq=1,
        method="GET",
        url="https://www.federalregister.gov/api/v1/documents.json",
        purpose="listing",
        attempt=1,
        started_at=started,
        ended_at=started + timedelta(minutes=1),
        http_status=200,
        outcome="ok",
        body_bytes=10,
        payload_sha256=hashlib.sha256((body or crawl_id).encode()).hexdigest(),
        warc_file=f"{crawl_id}.warc.gz",
        warc_offset=0,
        documents=len(documents),
    )
    records = [LandedRecord(fetch_id=fetch.fetch_id, document=item, read_from=read_from) for item in documents]
    records += [LandedRecord(fetch_id=fetch.fetch_id, rejected=item) for item in rejected or []]
    path = home / "landing" / SLUG / f"{crawl_id}.jsonl"
    write_whole(path, b"".join(record.model_dump_json().encode() + b"\n" for record in records))
    window = Window(since=since, until=until)
    ledger = CrawlLedger(
        crawl_id=crawl_id,
        run_id=run_id,
        source_id=SLUG,
        window=window,
        vocabulary_sha256="0" * 64,
        parser_version="us_federal_register/1",
        started_at=started,
        ended_at=started + timedelta(minutes=2),
        planned=1,
        fetches=(fetch,),
        days=(DayCount(day=date(2024, 1, 29), found=len(documents), official=len(documents)),),
        official_total=None,
        found_total=len(documents),
        gate_passed=0,
        gate_left_out=0,
        archive=FileSeal(name=f"{crawl_id}.warc.gz", bytes=0, sha256="0" * 64, records=1),
        landing=FileSeal(name=path.name, bytes=path.stat().st_size, sha256=file_sha256(path), records=len(records)),
        is_good=is_good,
        faults=() if is_good else ("listing: HTTP 500",),
        is_stand_in=is_stand_in,
    )
    write_whole(path.with_name(f"{crawl_id}.manifest.json"), ledger.model_dump_json().encode())
    return ledger


def write_account(home: Path, ledger: CrawlLedger) -> None:
    """Write what a crawl says of itself: beside its archive, and as what was read of it."""
    account = ledger.model_dump_json().encode()
    write_whole(home / "archive" / ledger.source_id / f"{ledger.crawl_id}.ledger.json", account)
    write_whole(home / "landing" / ledger.source_id / f"{ledger.crawl_id}.manifest.json", account)
