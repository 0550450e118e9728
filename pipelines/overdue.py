"""The check `news_is_not_overdue`: has a source been silent on more publishing days than its contract allows?

It is asked of the loaded tables, so it stands beside load and not in the ingest step. Whether anybody looked is told by
the freshness policy and by `crawl_is_good`: here a source is as silent as its last good look found it. One that may
stay silent for as long as it likes has no such check.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb

from pipelines.assets.ingest import asset_key
from pipelines.check_results import check_result, table
from pipelines.resources import StateFolder
from pipelines.warehouse import open_warehouse
from scrapers.calendars import silent_days
from scrapers.registry import SourceConfig, sources

CHECK = "news_is_not_overdue"


@dataclass(frozen=True)
class News:
    """The newest document of a source; where it lists changes, the newest change."""

    document_id: str
    title: str | None
    url: str | None
    published_date: date | None
    first_seen_at: datetime


@dataclass(frozen=True)
class Looks:
    """What the good crawls of a source saw."""

    first_at: datetime
    seen_until: date
    """The last day that was looked at, in the source's own time zone."""


@dg.multi_asset_check(
    name="overdue",
    specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=asset_key(slug),
            additional_deps=[dg.AssetKey(["raw", "document_versions"]), dg.AssetKey(["raw", "crawls"])],
            description="No more publishing days of the source's own calendar have passed without anything new than "
            "its contract allows; weekends, holidays and recess do not count.",
        )
        for slug, source in sources().items()
        if source.quiet_days is not None
    ],
    can_subset=True,
)
def overdue(context: dg.AssetCheckExecutionContext, state: StateFolder) -> Iterator[dg.AssetCheckResult]:
    """Judge the silence of the selected sources."""
    slugs = sorted(key.asset_key.path[-1] for key in context.selected_asset_check_keys)
    with open_warehouse(state.home, beside_others=True) as connection:
        news = last_news(connection)
        found = {slug: (news.get(slug), looks_at(connection, sources()[slug])) for slug in slugs}
    for slug, (last, looks) in found.items():
        yield _judged(sources()[slug], last, looks)


def last_news(connection: duckdb.DuckDBPyConnection) -> dict[str, News]:
    """The newest news of each source that had any, but for what was history already when it was first seen."""
    changes = [slug for slug, source in sources().items() if source.listing == "changes"]
    rows = connection.execute(
        """
        with newest as (
            select source_id, max_by(document_id, (first_seen_at, document_id)) as document_id,
                max_by(version_no, (first_seen_at, document_id)) as version_no, max(first_seen_at) as first_seen_at
            from raw.document_versions
            where change_origin = 'source' and not is_history and (version_no = 1 or source_id in $changes)
            group by source_id
        )
        select source_id, document_id, max(title), max(url), max(published_date), any_value(newest.first_seen_at)
        from newest
        left join raw.document_parses using (source_id, document_id, version_no)
        group by source_id, document_id
        """,
        {"changes": changes},
    ).fetchall()
    return {source_id: News(*told) for source_id, *told in rows}


def looks_at(connection: duckdb.DuckDBPyConnection, source: SourceConfig) -> Looks | None:
    """The good looks at a source; None before the first. A backfill of days long gone is no look at today."""
    row = connection.execute(
        """
        select min(started_at), max(least(case when $listing = 'snapshot' then null else until end,
            timezone($zone, ended_at)::date))
        from raw.crawls
        where source_id = $slug and is_good and not_asked is null
        """,
        {"listing": source.listing, "zone": source.time_zone, "slug": source.slug},
    ).fetchone()
    assert row is not None
    return Looks(*row) if row[0] else None


def _judged(source: SourceConfig, last: News | None, looks: Looks | None) -> dg.AssetCheckResult:
    if looks is None:
        return _result(source, "No good look at it yet, so nothing is overdue.", None, [])
    zone = ZoneInfo(source.time_zone)
    since = max(last.first_seen_at, looks.first_at) if last else looks.first_at
    silent = silent_days(source, since.astimezone(zone).date(), looks.seen_until)
    what = _told(last, zone) if last else f"Nothing new since the first look on {since.astimezone(zone).date()}"
    sentence = f"{what}; {len(silent)} publishing days without anything new until {looks.seen_until}"
    return _result(source, f"{sentence}, {source.quiet_days} are allowed.", last, silent)


def _told(last: News, zone: ZoneInfo) -> str:
    published = f", published {last.published_date}" if last.published_date else ""
    seen = last.first_seen_at.astimezone(zone)
    return f"The last news is {last.document_id}{published}, first seen {seen:%Y-%m-%d %H:%M}"


def _result(source: SourceConfig, sentence: str, last: News | None, silent: list[date]) -> dg.AssetCheckResult:
    assert source.quiet_days is not None
    return check_result(
        asset_key(source.slug),
        CHECK,
        passed=len(silent) <= source.quiet_days,
        warns=True,
        sentence=sentence,
        what_to_do=f"Open {source.publisher.page} and look for anything newer. If there is, the list that is asked has "
        "moved or is cached: run the job sources_check. If the publisher is silent, raise quiet_days or add a recess "
        "in its contract.",
        sample=[{"silent_day": day, "weekday": f"{day:%A}"} for day in silent],
        metadata={
            "silent_publishing_days": len(silent),
            "quiet_days": source.quiet_days,
            "calendar": source.calendar,
            **({"last_news": table([asdict(last)])} if last else {}),
        },
    )
