"""A crawl whose rows were set aside in each way, and the keys by which decisions name them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pipelines.home import Home
from pipelines.load import LoadResult, load
from pipelines.overrides.decisions import Decision, Verdict, decide
from pipelines.overrides.rows import QuarantinedRow, read_rows
from pipelines.warehouse import open_warehouse
from scrapers.contracts import RejectedRecord
from tests.crawl_fixture import SLUG, T0, document, land

DAY = timedelta(days=1)
DECIDED = T0 + DAY
FAR = document(
    "2026-30000", date(2026, 10, 29), title="A rule on artificial intelligence, far ahead", document_type="Rule",
    identifiers=[{"scheme": "fr_document", "value": "2026-30000"}],
)  # fmt: skip
KEPT = document(
    "2026-20000", date(2026, 10, 8), title="A rule on artificial intelligence", text_flags=("unread:effective_on",),
    document_type="Rule", identifiers=[{"scheme": "fr_document", "value": "2026-20000"}],
)  # fmt: skip
MENDED = [
    document("2026-30000", date(2026, 10, 12), title=FAR.title),
    document("2026-20000", date(2026, 10, 8), title=KEPT.title, effective_date=date(2027, 1, 1)),
]
"""Both as their source tells them later."""
FIELD = RejectedRecord(
    source_id=SLUG, where="/results/1/effective_on", error="UnreadableField", raw="0000-00-00",
    message=f"{KEPT.document_id}: expected a day, got '0000-00-00'", is_whole_record=False,
)  # fmt: skip
RECORD = RejectedRecord(
    source_id=SLUG, where="/results/3", error="UnknownShape", message="expected a number, got \x1b[31mnone",
    raw='{"title": "\x1b[31mred"}',
)  # fmt: skip
STATED = {
    "document_id": "fr:2026-10000:2026-10-07",
    "native_id": "2026-10000",
    "title": "A notice on artificial intelligence",
    "published_date": "2026-10-07",
    "url": "https://www.federalregister.gov/d/2026-10000",
    "document_type": "Notice",
    "identifiers": [{"scheme": "fr_document", "value": "2026-10000"}],
}


def land_all(home: Home, hours: int = 0) -> None:
    """Land one row of each kind."""
    land(home.root, [FAR, KEPT], rejected=[FIELD, RECORD], hours=hours)


def loaded(home: Home) -> LoadResult:
    with open_warehouse(home) as connection:
        return load(home, connection)


def rows_by_kind(home: Home) -> dict[str, QuarantinedRow]:
    """One row of each kind."""
    with open_warehouse(home) as connection:
        return {row.kind: row for row in read_rows(connection).values()}


def decided(home: Home, kind: str, verdict: Verdict, at: datetime = DECIDED, **fields: object) -> Decision:
    """Decide about the row of a kind."""
    return decide(home, rows_by_kind(home)[kind].names, verdict, "Ada Lovelace", "Seen on the page.", at, fields)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
