"""One round of the alerter: what stands is held against what was told, each target gets its news, a sign of life.

Belongs here: the order of it, and the words of a message. Does not belong here: what stands (state.py, conditions.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipelines.alerts import heartbeat
from pipelines.alerts.channels import AlertSettings, BadAlertSettings, read_settings
from pipelines.alerts.memory import Entry, Memory, News, read_memory, set_damaged_aside, write_memory
from pipelines.alerts.model import Alert
from pipelines.home import Home
from pipelines.notify import MaybeSent, NotSent, Send, notification
from scrapers.contracts import utc_text
from scrapers.locks import lock

NAME = "AI policy tracker"
_HEADINGS: dict[News, str] = {"new": "new", "worse": "worse", "reminder": "still standing", "ended": "ended"}
MAX_CHARS = 1_800
"""Longest message; chats cut what is longer, or refuse it."""
SEE_ALL = "What to do about each says: aipolicy alerts"


@dataclass(frozen=True)
class Round:
    """What a round came to."""

    told: Mapping[str, int]
    """How many pieces of news each target took."""
    refused: Mapping[str, str]
    """Why a target took nothing."""


def one_round(
    home: Home,
    now: datetime,
    standing: Sequence[Alert],
    environment: Mapping[str, str],
    make: Callable[[str, str, str], Send] = notification,
) -> Round:
    """Tell what is to be told; `make` makes a message of a variable, a title and a text.

    Raises Held when another alerter is at it. Channels that cannot be read are an alert of their own and tell nobody.
    """
    with lock(home.alerts / ".lock", wait_seconds=0):
        set_damaged_aside(home)
        memory, (settings, unheard) = read_memory(home), _settings(home)
        told: dict[str, int] = {}
        if settings is None:
            memory.see(standing, _targets_of(memory), now)
        else:
            memory.see(standing, settings.targets, now)
            for target in settings.targets:
                memory = _tell(home, memory, settings, target, now, make, told)
            unheard = _unheard(memory, settings, environment)
        write_memory(home, memory)
        refused = {target: refusal.reason for target, refusal in memory.refusals.items()}
        heartbeat.beat(home, now, len(standing), tuple(refused), environment, unheard)
        return Round(told, refused)


def send_test(target: str) -> None:
    """Send a message to a target that says that it is a test; raises NotSent or MaybeSent."""
    notification(target, f"{NAME}: a test", "This is a test of the alerts. Nothing is wrong.")()


def _settings(home: Home) -> tuple[AlertSettings | None, str | None]:
    """The channels, if any, and what is wrong with their file."""
    try:
        return read_settings(home.alerts_settings), None
    except BadAlertSettings as error:
        return None, str(error)


def _unheard(memory: Memory, settings: AlertSettings, environment: Mapping[str, str]) -> str | None:
    """Why no target at all can be told; None where one can."""
    reasons = [_deafness(memory, settings, target, environment) for target in settings.targets]
    return "; ".join(filter(None, reasons)) if all(reasons) else None


def _deafness(memory: Memory, settings: AlertSettings, target: str, environment: Mapping[str, str]) -> str | None:
    """Why a target cannot be told: it has no address, or has just refused what waits for it."""
    if not environment.get(target, "").strip():
        return f"{target} is not set"
    refusal = memory.refusals.get(target)
    if refusal is None or not _news_for(memory, settings, target, refusal.retry_at):
        return None
    return refusal.reason


def _news_for(memory: Memory, settings: AlertSettings, target: str, now: datetime) -> dict[str, News]:
    return memory.news_for(target, now, hears=partial(_hears, settings, target), remind_after=settings.remind_after)


def _targets_of(memory: Memory) -> set[str]:
    """Whoever was told of something: where the channels cannot be read, nothing of that is forgotten."""
    return {target for entry in memory.alerts.values() for target in entry.told} | set(memory.refusals)


def _tell(
    home: Home,
    memory: Memory,
    settings: AlertSettings,
    target: str,
    now: datetime,
    make: Callable[[str, str, str], Send],
    told: dict[str, int],
) -> Memory:
    """Tell a target its news; returns what is remembered then."""
    news = _news_for(memory, settings, target, now)
    if not news:
        return memory
    before = memory.model_copy(deep=True)
    title, text = message(memory, news)
    memory.begin(target, news, now)
    write_memory(home, memory)
    try:
        make(target, title, text)()
    except (NotSent, MaybeSent) as error:
        before.refuse(target, str(error), now)
        return before
    memory.confirm(target, news)
    write_memory(home, memory)
    told[target] = len(news)
    return memory


def _hears(settings: AlertSettings, target: str, alert: Alert) -> bool:
    return settings.hears(target, alert.channel, alert.subject)


def message(memory: Memory, news: Mapping[str, News]) -> tuple[str, str]:
    """Title and text of news, what is new first, errors before warnings."""
    order = list(_HEADINGS)
    told = [(what, memory.alerts[key]) for key, what in news.items()]
    told.sort(key=lambda one: (order.index(one[0]), one[1].severity != "error", one[1].kind, one[1].subject))
    counts = Counter(what for what, _ in told)
    title = ", ".join(f"{counts[what]} {heading}" for what, heading in _HEADINGS.items() if counts[what])
    whole = "\n\n".join(_paragraph(what, entry) for what, entry in told)
    return f"{NAME}: {title}", whole if len(whole) <= MAX_CHARS else _in_short(told)


def _in_short(told: Sequence[tuple[News, Entry]]) -> str:
    """A line for each alert, as many as there is room for, and how many there are besides."""
    lines, room = [SEE_ALL], MAX_CHARS - len(SEE_ALL)
    for number, (what, entry) in enumerate(told):
        line = f"{entry.alert.severity.capitalize()}, {_HEADINGS[what]}: {entry.alert.key}"
        rest = f"And {len(told) - number} more"
        if len(line) + len(rest) + 2 > room:
            return "\n".join([*lines, rest])
        lines.append(line)
        room -= len(line) + 1
    return "\n".join(lines)


def _paragraph(what: News, entry: Entry) -> str:
    alert = entry.alert
    if what == "ended":
        return f"Ended: {alert.key}, which stood since {utc_text(entry.since)}."
    lines = (
        f"{alert.severity.capitalize()}, {_HEADINGS[what]}: {alert.key}, since {utc_text(entry.since)}, "
        f"owner {alert.owner}",
        " ".join(alert.sentence.split()),
        f"What to do: {' '.join(alert.what_to_do.split())}",
        alert.runbook,
    )
    return "\n".join(lines)
