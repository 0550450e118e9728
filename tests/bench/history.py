"""State folders that hold a history of made-up documents: landings and accounts as crawls would have left them.

Parsing a million answers takes minutes, so a line is made from the line that the parser gives for a document of its
kind, by putting its own words in (tests/unit/test_bench_history.py holds the two against each other). There is no
archive behind it: what is measured on a history begins with loading.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import orjson

from pipelines.home import Home
from scrapers.contracts import CrawlLedger, DayCount, FetchOutcome, FileSeal, LandedRecord, Window
from scrapers.durable import file_sha256, write_whole
from scrapers.samples.texts import slug
from scrapers.samples.us_federal_register.host import SLUG_CHARS, FederalRegister
from scrapers.samples.us_federal_register.index import FrIndex, read_index
from scrapers.samples.us_federal_register.records import FrDocument
from scrapers.spiders.us_federal_register import KNOWN, PARSER_VERSION, SLUG, parse_answer
from tests.bench.made_up import documents

A_CRAWL = 50_000
A_PAGE = 1_000
_NUMBER, _TITLE, _ABSTRACT, _DOCKET = "1994-9999999", "Title in its place", "Abstract in its place.", "AB-1994-ITS"
_DAY, _START, _PART = date(1994, 2, 3), 88_881, 777
_SHA256 = "0" * 64


def write_history(home: Home, count: int) -> None:
    """Leave so many documents in crawls of the Federal Register of at most 50,000 each, each crawl at its last day."""
    for first in range(0, count, A_CRAWL):
        made = list(documents(min(A_CRAWL, count - first), first))
        write_crawl(home, made, datetime.combine(made[-1].day, time(12), UTC))


def line_of(document: FrDocument, fetch_id: str) -> bytes:
    """The line of a landing for a document."""
    assert document.start_page is not None
    if document.eo is not None:  # the few that have more to them than a template
        (record,) = parsed([document], fetch_id)
        return f"{record.model_dump_json()}\n".encode()
    line = _template(document.type or "", document.agencies)
    day, title = document.day, orjson.dumps(document.title).decode()[1:-1]
    for before, after in (
        (str(_PART), str(document.cfr[0][1]) if document.cfr else ""),
        (f"{_DAY.year - 1935} FR {_START}", f"{day.year - 1935} FR {document.start_page}"),
        (f'"volume":{_DAY.year - 1935}', f'"volume":{day.year - 1935}'),
        (str(_START + 2), str(document.start_page + 2)),
        (str(_START), str(document.start_page)),
        (_NUMBER, document.number),
        (slug(_TITLE, SLUG_CHARS), slug(document.title, SLUG_CHARS)),
        (_TITLE, title),
        (_ABSTRACT, document.abstract or ""),
        (_DOCKET, document.dockets[0]),
        (f"{_DAY:%Y/%m/%d}", f"{day:%Y/%m/%d}"),
        (str(_DAY + timedelta(30)), str(day + timedelta(30))),
        (str(_DAY + timedelta(60)), str(day + timedelta(60))),
        (str(_DAY + timedelta(1)), str(day + timedelta(1))),
        (str(_DAY), str(day)),
        (_SHA256, hashlib.sha256(f"{document.number} {document.title}".encode()).hexdigest()),
        ('"fetch_id":""', f'"fetch_id":"{fetch_id}"'),
    ):
        line = line.replace(before, after)
    return f"{line}\n".encode()


def parsed(records: Iterable[FrDocument], fetch_id: str = "") -> Iterator[LandedRecord]:
    """What the parser reads of documents as the API lists them."""
    host = FederalRegister(FrIndex(read_index(None).agencies, ()), ())
    results = [host.record(document, KNOWN.asked) for document in records]
    answer = orjson.dumps({"description": "", "count": len(results), "results": results})
    for document in parse_answer(answer).documents:
        yield LandedRecord(fetch_id=fetch_id, document=document)


@cache
def _template(kind: str, agencies: tuple[str, ...]) -> str:
    """The line of one document of a kind whose own words are marks."""
    marks = FrDocument(
        number=_NUMBER,
        day=_DAY,
        title=_TITLE,
        type=kind,
        abstract=_ABSTRACT,
        action=f"{kind}.",
        agencies=agencies,
        effective=_DAY + timedelta(30) if kind == "Rule" else None,
        comments_close=_DAY + timedelta(60) if kind == "Proposed Rule" else None,
        dockets=(_DOCKET,),
        cfr=((15, _PART),) if kind != "Notice" else (),
        start_page=_START,
        end_page=_START + 2,
        significant=False if kind != "Notice" else None,
    )
    (record,) = parsed([marks])
    assert record.document is not None
    return record.model_dump_json().replace(record.document.content_sha256, _SHA256)


def write_crawl(home: Home, made: Sequence[FrDocument], at: datetime) -> None:
    """Leave what one crawl would have left that found these documents at an instant."""
    crawl_id = f"{at.strftime('%Y%m%dT%H%M%S%f')}Z-{len(made):06x}"
    landing = home.landing / SLUG / f"{crawl_id}.jsonl"
    landing.parent.mkdir(parents=True, exist_ok=True)
    with landing.open("wb") as stream:
        for place, document in enumerate(made):
            stream.write(line_of(document, _fetch_id(crawl_id, place // A_PAGE)))
    ledger = _account(crawl_id, made, at, landing)
    write_whole(landing.with_name(f"{crawl_id}.manifest.json"), ledger.model_dump_json().encode())


def _fetch_id(crawl_id: str, page: int) -> str:
    return f"{crawl_id}-{page + 1:06d}"


def _account(crawl_id: str, made: Sequence[FrDocument], at: datetime, landing: Path) -> CrawlLedger:
    days = Counter(document.day for document in made)
    window = Window(since=min(days), until=max(days))
    archive = f"{crawl_id}.warc.gz"
    pages = (len(made) - 1) // A_PAGE + 1
    return CrawlLedger(
        crawl_id=crawl_id,
        run_id="made-up",
        source_id=SLUG,
        window=window,
        vocabulary_sha256=_SHA256,
        parser_version=PARSER_VERSION,
        started_at=at,
        ended_at=at + timedelta(minutes=1),
        planned=pages,
        fetches=tuple(_fetch(crawl_id, page, len(made), at, archive) for page in range(pages)),
        days=tuple(DayCount(day=day, found=days[day], official=days[day]) for day in window.days()),
        official_total=len(made),
        found_total=len(made),
        gate_passed=0,
        gate_left_out=0,
        archive=FileSeal(name=archive, bytes=0, sha256=hashlib.sha256(b"").hexdigest(), records=pages),
        landing=FileSeal(
            name=landing.name, bytes=landing.stat().st_size, sha256=file_sha256(landing), records=len(made)
        ),
        is_good=True,
        faults=(),
    )


def _fetch(crawl_id: str, page: int, count: int, at: datetime, archive: str) -> FetchOutcome:
    return FetchOutcome(
        fetch_id=_fetch_id(crawl_id, page),
        crawl_id=crawl_id,
        source_id=SLUG,
        seq=page + 1,
        method="GET",
        url=f"https://www.federalregister.gov/api/v1/documents.json?page={page + 1}",
        purpose="listing",
        attempt=1,
        started_at=at,
        ended_at=at + timedelta(seconds=1),
        http_status=200,
        outcome="ok",
        body_bytes=2_700 * A_PAGE,
        payload_sha256=hashlib.sha256(f"{crawl_id} {page}".encode()).hexdigest(),
        warc_file=archive,
        warc_offset=page,
        documents=min(A_PAGE, count - page * A_PAGE),
    )
