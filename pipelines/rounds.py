"""When sources are asked: those that share a local time are asked together, in one round.

Belongs here: rounds made from the rhythms of the contracts, the days that a round asks for, how they are shared among
crawls, and the deadlines by which a source was to be asked. Does not belong here: schedules, which are Dagster's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from scrapers.contracts import Window
from scrapers.registry import Days, SourceConfig, source

LOOK_BACK_DAYS = 7
"""Sources publish late and correct themselves: every round asks for the last week again."""
CATCH_UP_DAYS = 35
"""A source that was not seen for longer is asked for so many days by itself; what lies before is a backfill."""
DAILY_AFTER_DAYS, WEEKLY_AFTER_DAYS = 7, 14
"""Days that could not be read, while later ones were, are asked for once a day, then once a week, when the first of
the later ones is so old.
"""
MAX_CRAWL_DAYS = 7
APART_AFTER_DAYS = 2
"""Days that could not be read are asked apart when they are so old, also where no later ones were read."""
_UNANSWERED = r"^[a-z]+ https?://"
"""How the reason begins of a crawl that got no answer of use to a request; of others no days are set apart, since what
was withheld for finding too little in a week may not pass as days, of which nothing is expected.
"""
GRACE_HOURS = 3
"""A crawl may end so long after the last time of its day; a round may wait for another and take its time."""
_CRON_DAYS: dict[Days, str] = {
    "daily": "*", "mon-fri": "1-5", "mon": "1", "tue": "2", "wed": "3", "thu": "4", "fri": "5", "sat": "6", "sun": "0",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Round:
    """Sources that are asked at one local time on the same days."""

    time_zone: str
    at: str
    days: Days
    slugs: tuple[str, ...]

    @property
    def name(self) -> str:
        """Such as ``new_york_0845_mon_fri``."""
        place = self.time_zone.split("/")[-1].lower()
        return f"{place}_{self.at}_{self.days}".replace(":", "").replace("-", "_")

    @property
    def cron(self) -> str:
        """The local time in the words of cron."""
        return cron(self.at, self.days)


def cron(at: str, days: Days) -> str:
    """A local time on some days in the words of cron."""
    hour, minute = at.split(":")
    return f"{int(minute)} {int(hour)} * * {_CRON_DAYS[days]}"


def rounds(sources: Mapping[str, SourceConfig]) -> list[Round]:
    """All rounds: time zones by name, then times of the day."""
    together: dict[tuple[str, str, Days], list[str]] = defaultdict(list)
    for slug, config in sources.items():
        for at in config.rhythm.at:
            together[config.time_zone, at, config.rhythm.days].append(slug)
    return [Round(*when, tuple(slugs)) for when, slugs in sorted(together.items())]


def deadline(source: SourceConfig) -> str:
    """The local time by which a source was asked on each of its days: hours after the last time of its rhythm."""
    hour, minute = source.rhythm.at[-1].split(":")
    return f"{int(hour) + GRACE_HOURS:02d}:{minute}" if int(hour) + GRACE_HOURS <= 23 else "23:59"


def span(source: SourceConfig) -> timedelta:
    """How long before a deadline a look may lie that keeps it."""
    return timedelta(days=1 if source.cadence == "daily" else 7)


def missed_deadlines(source: SourceConfig, seen: datetime, now: datetime) -> int:
    """How many deadlines a source has missed whose last look ended at `seen`."""
    zone, last_time = ZoneInfo(source.time_zone), time.fromisoformat(deadline(source))
    first, today = seen.astimezone(zone).date(), now.astimezone(zone).date()
    days = (first + timedelta(number) for number in range((today - first).days + 1))
    due = (datetime.combine(day, last_time, zone) for day in days if _is_day_of(source.rhythm.days, day))
    return sum(seen < moment - span(source) and moment <= now for moment in due)


def _is_day_of(days: Days, day: date) -> bool:
    return days == "daily" or (day.weekday() < 5 if days == "mon-fri" else f"{day:%a}".lower() == days)


def last_day(round_: Round, moment: datetime) -> date:
    """The day up to which a round asks: today where its sources are, unless UTC, which names the days of crawls, is
    not there yet.
    """
    return min(moment.astimezone(ZoneInfo(round_.time_zone)).date(), moment.astimezone(UTC).date())


def windows(slugs: tuple[str, ...], until: date, coverage: Path) -> dict[date, list[str]]:
    """From which day on each source is asked, as sources by day: a week back, or since it was last seen.

    Days between two that were seen are asked for, too: a look by hand after a long silence must not hide the silence.
    Where they could not be read they are asked for ever less often.
    `coverage` is the Parquet file of `source_coverage`, which need not be there yet.
    """
    usual, earliest = until - timedelta(LOOK_BACK_DAYS - 1), until - timedelta(CATCH_UP_DAYS - 1)
    snapshots = [slug for slug in slugs if source(slug).listing == "snapshot"]
    seen = _seen_without_gap(coverage, until, snapshots) if coverage.exists() else {}
    asked: dict[date, list[str]] = defaultdict(list)
    for slug in slugs:
        asked[max(earliest, min(usual, seen.get(slug, usual)))].append(slug)
    return dict(sorted(asked.items(), reverse=True))


def _seen_without_gap(coverage: Path, until: date, snapshots: list[str]) -> dict[str, date]:
    """By source, the last day seen before the first gap that is to be asked for, or before nothing more was seen.

    What a snapshot showed on a day that was missed cannot be asked for any more.
    """
    with duckdb.connect() as connection:
        return dict(
            connection.execute(
                """
                with seen as (
                    select source_id, day, lead(day) over (partition by source_id order by day) as next_day
                    from read_parquet($coverage) where outcome like 'checked%'
                ),

                gaps as (
                    select source_id, day, next_day from seen
                    where next_day is null
                        or (
                            next_day > greatest(day + 1, $until - ($catch_up - 1))
                            and not list_contains($snapshots, source_id)
                        )
                ),

                failed as (
                    select gaps.source_id, gaps.day, max((looks.checked_at at time zone 'UTC')::date) as failed_on
                    from gaps
                    inner join read_parquet($coverage) as looks
                        on gaps.source_id = looks.source_id and looks.day > gaps.day and looks.day < gaps.next_day
                    where looks.outcome = 'could_not_look'
                    group by gaps.source_id, gaps.day
                )

                select source_id, min(day)
                from gaps
                left join failed using (source_id, day)
                where failed_on is null
                    or failed_on + case
                        when next_day > $until - $daily then 0
                        when next_day > $until - $weekly then 1
                        else 7
                    end <= $until
                group by source_id
                """,
                {
                    "coverage": str(coverage),
                    "until": until,
                    "catch_up": CATCH_UP_DAYS,
                    "snapshots": snapshots,
                    "daily": DAILY_AFTER_DAYS,
                    "weekly": WEEKLY_AFTER_DAYS,
                },
            ).fetchall()
        )


def crawls(slugs: Sequence[str], window: Window, coverage: Path) -> dict[str, list[Window]]:
    """How a run's days are shared among the crawls of each source, the oldest first.

    A crawl is good or withheld as a whole. A long window takes several, so that its good days stay when a later one
    fails. Days whose pages could not be had are asked apart, so that one that never can be read withholds no other:
    each alone where later ones were read, else together, since the source may be down. What is open now is asked for
    once.
    """
    apart = _asked_apart(coverage, window.until) if coverage.exists() else {}
    return {
        slug: window.cut(MAX_CRAWL_DAYS)[-1:]
        if source(slug).listing == "snapshot"
        else _cut(window, apart.get(slug, {}))
        for slug in slugs
    }


def _cut(window: Window, apart: Mapping[date, date]) -> list[Window]:
    alike = [list(days) for _, days in groupby(window.days(), apart.get)]
    return [part for days in alike for part in Window(since=days[0], until=days[-1]).cut(MAX_CRAWL_DAYS)]


def _asked_apart(coverage: Path, until: date) -> dict[str, dict[date, date]]:
    """By source, the days that are asked apart: neighbours with the same mark together.

    A file that cannot be read sets none apart: the run writes it anew.
    """
    apart: dict[str, dict[date, date]] = defaultdict(dict)
    with suppress(duckdb.Error), duckdb.connect() as connection:
        rows = connection.execute(
            """
            select looks.source_id, looks.day, if(looks.day < seen.last_day, looks.day, date 'infinity') as mark
            from read_parquet($coverage) as looks
            left join (
                select source_id, max(day) as last_day
                from read_parquet($coverage) where outcome like 'checked%'
                group by source_id
            ) as seen using (source_id)
            where looks.outcome = 'could_not_look'
                and regexp_matches(looks.reason, $unanswered)
                and (looks.day < seen.last_day or looks.day <= $until - $apart_after)
            """,
            {
                "coverage": str(coverage),
                "until": until,
                "unanswered": _UNANSWERED,
                "apart_after": APART_AFTER_DAYS,
            },
        ).fetchall()
        for slug, day, mark in rows:
            apart[slug][day] = mark
    return apart
