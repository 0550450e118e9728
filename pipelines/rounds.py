"""When sources are asked: those that share a local time are asked together, in one round.

Belongs here: rounds made from the rhythms of the contracts, the days that a round asks for, and the deadlines by which
a source was to be asked. Does not belong here: schedules, which are Dagster's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from scrapers.registry import Days, SourceConfig, source

LOOK_BACK_DAYS = 7
"""Sources publish late and correct themselves: every round asks for the last week again."""
CATCH_UP_DAYS = 35
"""A source that was not seen for longer is asked for so many days by itself; what lies before is a backfill."""
DAILY_AFTER_DAYS, WEEKLY_AFTER_DAYS = 7, 14
"""Days that could not be read, while later ones were, are asked for once a day, then once a week, when the first of
the later ones is so old.
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
