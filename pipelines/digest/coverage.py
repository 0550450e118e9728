"""How well was looked: each source day by day, the weeks up to this one, and which sources a digest cites.

Belongs here: what an edition tells of its own looks. Does not belong here: the sentences about them (wording.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from pipelines.digest import press, queries, wording
from pipelines.digest.known import View
from pipelines.digest.lines import quoted
from pipelines.digest.model import (
    CHECKED,
    AmountLine,
    ChangeLine,
    DayLook,
    Digest,
    DueLine,
    NewLine,
    Reference,
    SourceWeek,
    WeekCount,
)
from pipelines.digest.queries import Row

RUN_WEEKS = 12


def read_sources(view: View) -> tuple[SourceWeek, ...]:
    """Every source with its looks of the week."""
    looks: dict[str, dict[date, Row]] = defaultdict(dict)
    coverage = view.ask(queries.COVERAGE, checked=CHECKED, looked_at=view.looked, **view.bounds)
    for row in coverage:
        looks[row["source_id"]][row["day"]] = row
    last = {
        row["source_id"]: row["day"]
        for row in view.ask(queries.LAST_CHECKED, until=view.week.until, checked=CHECKED, looked_at=view.looked)
    }
    crawl_ids = sorted({row["crawl_id"] for row in coverage if row["crawl_id"]})
    rejected: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in view.ask(queries.QUARANTINED, crawl_ids=crawl_ids):
        rejected[row["source_id"]].append((wording.plain(row["error"], 80), row["records"]))
    return tuple(
        SourceWeek(
            source_id=row["source_id"],
            what=Reference(title=wording.plain(row["title"]), url=wording.safe_url(row["page"])),
            licence=wording.licence(row["licence"] or "licence not stated"),
            days=tuple(_look(day, looks[row["source_id"]].get(day)) for day in view.week.days()),
            last_checked=last.get(row["source_id"]),
            quarantined=sum(number for _, number in rejected[row["source_id"]]),
            quarantine_reasons=tuple(rejected[row["source_id"]]),
            is_snapshot=row["is_snapshot"],
            jurisdiction=wording.jurisdiction(row["jurisdiction"]),
            is_documented=row["is_documented"],
        )
        for row in view.ask(queries.SOURCES)
    )


def read_run(view: View) -> tuple[WeekCount, ...]:
    """How much the weeks up to this one brought, the oldest first."""
    rows = view.ask(
        queries.RUN,
        mondays=[view.week.since - timedelta(7 * back) for back in reversed(range(RUN_WEEKS))],
        first_events=queries.FIRST_EVENTS,
        change_events=queries.CHANGE_EVENTS,
        press=press.INSTRUMENTS,
        checked=CHECKED,
        looked_at=view.looked,
    )
    return tuple(
        WeekCount(week=f"{row['since']:%G-W%V}", new=row["new"], changed=row["changed"], is_seen=row["is_seen"])
        for row in rows
    )


def cited(view: View, evidence_ids: Iterable[str | None], document_ids: Iterable[str | None]) -> dict[str, bool]:
    """The sources of these facts and documents, each with whether one was first seen after the week."""
    rows = view.ask(
        queries.CITED,
        evidence_ids=sorted({evidence_id for evidence_id in evidence_ids if evidence_id}),
        document_ids=sorted({document_id for document_id in document_ids if document_id}),
        until=view.week.until,
    )
    return {row["source_id"]: row["is_late"] for row in rows}


def with_cited(view: View, digest: Digest, lead_documents: Iterable[str | None]) -> tuple[SourceWeek, ...]:
    """The sources, those marked whose texts the digest shows; ``lead_documents`` are those it takes titles from."""
    amounts = [line for group in digest.money for line in group.lines]
    lines: tuple[NewLine | ChangeLine | DueLine | AmountLine, ...] = (
        *(line for group in press.unfold(digest.new) for line in group.lines),
        *digest.changes,
        *digest.due,
        *amounts,
    )
    shown = {line.document_id for line in lines} | set(lead_documents)
    found = cited(view, [line.evidence_id for line in lines], shown)
    return tuple(
        replace(source, is_cited=source.source_id in found, is_cited_later=found.get(source.source_id, False))
        for source in digest.sources
    )


def _look(day: date, row: Row | None) -> DayLook:
    if row is None:
        return DayLook(day=day, outcome="not_asked", found=None, official_count=None, reason=None)
    return DayLook(
        day=day,
        outcome=row["outcome"],
        found=row["found"],
        official_count=row["official_count"],
        reason=quoted(row["reason"]),
    )
