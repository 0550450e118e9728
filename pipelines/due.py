"""Which regular issue of the digest is due: the oldest that is missing, once its week was looked at to its end.

Belongs here: what follows from the issues that are there and from the clock, which is given. Does not belong here: who
asks, which is a sensor's affair.
"""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipelines.digest.issues import latest_issue
from pipelines.digest.known import last_look
from pipelines.digest.model import Week
from pipelines.home import Home, SettingRefused
from pipelines.publish.edition import current_edition, fresh_looks

TIME_ZONE_VARIABLE = "AIPOLICY_TIME_ZONE"
HOUR = time(8)
"""On Mondays."""


def time_zone() -> ZoneInfo:
    """Where the readers of the digest are: AIPOLICY_TIME_ZONE, else UTC.

    Raises SettingRefused for a name that is no time zone.
    """
    name = os.environ.get(TIME_ZONE_VARIABLE) or "UTC"
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingRefused(
            f"{TIME_ZONE_VARIABLE}: expected a time zone such as Europe/London, got {name!r}; set it anew"
        ) from error


class NotDue(Exception):
    """No issue is to be written now; the message says why, and until when."""


def next_issue(latest: str, zone: ZoneInfo) -> tuple[Week, datetime]:
    """The week after that of the latest issue, and when its own is due."""
    week = Week.last_before(Week.parse(latest).since + timedelta(14))
    return week, datetime.combine(week.until + timedelta(1), HOUR, zone)


def due_week(home: Home, now: datetime, zone: ZoneInfo) -> Week:
    """The week whose issue is to be written now: after the latest issue, one week at a time, so that none is left out
    and none overtakes another. Before the first issue it is the week that ended last.

    Raises NotDue.
    """
    latest = latest_issue(home.digests)
    if latest is None:
        week = _last_ended(now.astimezone(zone))
    else:
        week, due_at = next_issue(latest, zone)
        if now < due_at:
            raise NotDue(f"the issue of {week.name} is due on {due_at:%A, %d %B %Y, %H:%M} {zone.key}")
    try:
        looked = last_look(current_edition(home), fresh_looks(home))
    except FileNotFoundError:
        raise NotDue(f"the issue of {week.name} waits for the first edition") from None
    if looked.date() <= week.until:
        raise NotDue(f"the issue of {week.name} waits for a look after {week.until}; the last was on {looked.date()}")
    return week


def _last_ended(local: datetime) -> Week:
    """The last week whose issue may be written at a moment of the readers' time zone."""
    monday = local.date() - timedelta(local.weekday())
    ended = Week.last_before(monday)
    return ended.back(1) if local < datetime.combine(monday, HOUR, local.tzinfo) else ended
