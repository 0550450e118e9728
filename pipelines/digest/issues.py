"""Regular issues: what was said when, so that nothing is said twice, nothing is lost and nothing is silently changed.

A digest of a week that has just ended is a regular issue. It is recorded in ``issue.json`` of its folder: from which
edition, up to which look, and what each line said. Written again, it is written from that edition; the next issue
leaves out what was said, and lists what is read otherwise now. From the first issue on every week has one, written in
the order of the weeks: one that was missed is written before the next, however late. A digest of a week before the
first issue looks back: it is no issue, and is written anew from the present edition as often as asked.

What a line tells of is its key: ids of an edition, and last the parts that may be read otherwise (same_facts.py). An
order has another id before it has its number, so keys of earlier issues are always read by the names that the present
edition knows.

Belongs here: the record and what follows from it. Does not belong here: which fact is the same as another
(same_facts.py), how lines are read or shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from pipelines.digest import wording
from pipelines.digest.model import (
    AmountLine,
    ChangeLine,
    CorrectionLine,
    Digest,
    DueLine,
    FieldChange,
    Key,
    NewLine,
    Reference,
    Week,
)
from pipelines.digest.money import money_of
from pipelines.digest.press import filtered, unfold
from pipelines.digest.proof import Line
from pipelines.digest.queries import Row
from pipelines.digest.ranking import top
from pipelines.digest.reader import Overlooked
from pipelines.digest.same_facts import is_named, matched, same_deed
from pipelines.news import HISTORY_DAYS
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

RECORD = "issue.json"
REGULAR_DAYS = 8
"""So long after its week's end an edition may be as of, and the digest of it still be the first regular issue."""
CORRECTED_WEEKS = 12
"""So many issues back corrections reach; late arrivals come whenever they are first seen."""
_TITLED = ("new", "change")
"""Sorts of facts whose title is part of what they say; the others only name what they are about."""
_EDITED = "changed at the source"
_FIELD_OF = {
    "title": "title",
    "published": "published_date",
    "signed": "signed_date",
    "effective": "effective_date",
    "starts": "effective_date",
    "comments close": "comments_close_date",
    "applications close": "closes_date",
    "cut-off for applications": "closes_dates",
}
"""The field of a document in which a fact is stated, as a change at the source names it."""
_STATED_BY = ("disposition_notes", "availability", "withdrawn_date", "withdrawal_note")
"""The fields of a document in which a source states what has become of it."""
_MOVED_BY = {
    "comment period extended": ("comments close", "applications close"),
    "day of effect moved": ("effective",),
    "continued": ("lapsed",),
}
"""Facts that an act on a policy moves."""


@dataclass(frozen=True)
class Said:
    """What one line of an issue said, by the name of the fact."""

    title: str
    url: str | None
    facts: Mapping[str, str]
    """Days as ISO dates."""
    document_id: str | None = None
    """The document by which a new policy was told."""
    status_day: str | None = None
    """The day of which its status is told."""


@dataclass(frozen=True)
class Correction:
    """Something that an earlier issue said and the edition tells otherwise now."""

    issue: str
    """The week of the issue that said it last."""
    key: Key
    """What was told, by the ids of now."""
    before: Said | None
    """None where it had been taken back."""
    after: Said | None
    """None where the edition tells nothing of it."""
    now: Key | None = None
    """The key of what it tells now."""
    told_elsewhere: tuple[str, ...] = ()
    """Facts whose change a line of the same issue tells itself, as news, or another correction."""
    is_silent: bool = False
    """Whether it is only kept in mind, since nothing of it is left to tell; with no side it was never told as such."""
    merged: str | None = None
    """The id by which it was told as a policy of its own, where it is one with another that was told."""
    reason: str = ""
    """Why it reads otherwise now; one sentence."""
    is_left_out: bool = False
    """Whether no issue told it, though it is of the week of one."""
    is_parted: bool = False
    """Whether it was told as one with another and is a policy of its own."""


@dataclass(frozen=True)
class Issue:
    """The record of a regular issue."""

    week: str
    edition_id: str
    looked_until: datetime
    """The last look that it counted."""
    said: Mapping[Key, Said]
    """By what each line told of."""
    corrected: tuple[Correction, ...]
    """What it read otherwise than earlier issues said."""


def is_regular(week: Week, looked_until: datetime, issued: Sequence[Issue]) -> bool:
    """Whether the digest of a week that was looked at until then is its regular issue.

    The first one is that of a week that has just ended; after it, that of each later week that has ended.
    """
    begin, looked = week.until + timedelta(1), looked_until.date()
    if issued:
        return begin <= looked and week.name > issued[0].week
    return begin <= looked <= begin + timedelta(REGULAR_DAYS)


def late_day(week: Week, looked_until: datetime) -> date | None:
    """The day up to which an issue looked, where the week after its own had ended, too."""
    looked = looked_until.date()
    return looked if looked > week.until + timedelta(7) else None


def missed_weeks(week: Week, issued: Sequence[Issue]) -> list[Week]:
    """The weeks since the last issue that have none, before a week; the earliest first."""
    if not issued:
        return []
    missed = []
    back = week.back(1)
    while back.name > issued[0].week:
        missed.append(back)
        back = back.back(1)
    return missed[::-1]


# ---- the record


def read_issue(folder: Path) -> Issue | None:
    """The record in a digest's folder; None where it is no regular issue.

    Raises ValueError for a record that cannot be read.
    """
    path = folder / RECORD
    if not path.exists():
        return None
    try:
        held = orjson.loads(path.read_bytes())
        return Issue(
            week=held["week"],
            edition_id=held["edition_id"],
            looked_until=datetime.fromisoformat(held["looked_until"]),
            said={tuple(one["key"]): Said(**one["said"]) for one in held["said"]},
            corrected=tuple(map(_read_correction, held["corrected"])),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: expected the record of an issue, got {error!r}; restore it from a copy") from error


def _read_correction(held: Mapping[str, Any]) -> Correction:
    sides = {side: Said(**held[side]) if held[side] else None for side in ("before", "after")}
    now = tuple(held["now"]) if held["now"] else None
    told = tuple(held["told_elsewhere"])
    return Correction(**{**held, **sides, "key": tuple(held["key"]), "now": now, "told_elsewhere": told})


def write_issue(folder: Path, issue: Issue) -> None:
    """Keep the record beside the files of the issue."""
    held: dict[str, Any] = {
        "week": issue.week,
        "edition_id": issue.edition_id,
        "looked_until": utc_text(issue.looked_until),
        "said": [{"key": key, "said": asdict(said)} for key, said in sorted(issue.said.items())],
        "corrected": [asdict(one) for one in issue.corrected],
    }
    write_whole(folder / RECORD, orjson.dumps(held, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def issues_in(out: Path) -> list[Issue]:
    """All regular issues, the latest week first."""
    found = (read_issue(path.parent) for path in out.glob(f"*/{RECORD}"))
    return sorted((issue for issue in found if issue is not None), key=lambda issue: issue.week, reverse=True)


def latest_issue(out: Path) -> str | None:
    """The week of the latest regular issue; None before the first."""
    return max((path.parent.name for path in out.glob(f"*/{RECORD}")), default=None)


def record_of(digest: Digest, looked_until: datetime, found: Iterable[Correction]) -> Issue:
    """What is kept of an issue that is written now."""
    amounts = (line for group in digest.money for line in group.lines)
    new = (line for group in unfold(digest.new) for line in group.lines)
    lines: tuple[Line, ...] = (*new, *digest.changes, *digest.due, *digest.lapsing, *amounts)
    return Issue(
        week=digest.week.name,
        edition_id=digest.edition_id,
        looked_until=looked_until,
        said=said_in(lines, status_day=digest.week.until),
        corrected=tuple(found),
    )


def editions_of(out: Path) -> set[str]:
    """The editions that regular issues were written from, which must be kept for them."""
    return {issue.edition_id for issue in issues_in(out)}


# ---- what was told up to now


@dataclass(frozen=True)
class Told:
    """What one fact was last told to be."""

    issue: str
    """The week of the issue that told it so."""
    said: Said | None
    """None where that issue took it back."""
    is_merged: bool = False
    """Whether that issue told it as one with another, which it is no more."""


@dataclass
class Memory:
    """What the issues up to now have told, by the ids that the present edition knows."""

    facts: dict[Key, Told] = field(default_factory=dict)
    merged: dict[str, tuple[Key, Told]] = field(default_factory=dict)
    """Policies that were told as two and are one now, by the id of the second."""
    passed: set[Key] = field(default_factory=set)
    """Edits at a source that were told in other words than their own."""

    @property
    def abouts(self) -> set[str]:
        """The policies and documents that were told of."""
        return {key[1] for key in (*self.facts, *(key for key, _ in self.merged.values()))}

    def status_days(self, week: Week) -> dict[str, set[str]]:
        """Policies whose status was told and may be corrected in the issue of a week, by the day of which it was."""
        days: dict[str, set[str]] = defaultdict(set)
        for key, told in self.facts.items():
            if told.issue >= _corrected_since(week) and told.said is not None and told.said.status_day is not None:
                days[told.said.status_day].add(key[1])
        return days


def _corrected_since(week: Week) -> str:
    """The week of the earliest issue that the issue of a week corrects."""
    return week.back(CORRECTED_WEEKS).name


def told_by(earlier: Iterable[Issue]) -> dict[str, str]:
    """The documents by which new policies were told, by the ids of the policies."""
    said = (item for issue in earlier for item in issue.said.items())
    return {key[1]: one.document_id for key, one in said if one.document_id is not None}


def memory_of(earlier: Iterable[Issue], names: Mapping[str, str], joined: Mapping[str, str]) -> Memory:
    """What earlier issues have told, the later word before the earlier one.

    ``names`` are present ids by those that policies and documents had before; ``joined`` the policies of documents that
    are pages of one now.
    """
    memory = Memory()
    first_told_as: dict[Key, str] = {}
    for issue in sorted(earlier, key=lambda issue: issue.week):
        for one in issue.corrected:
            if one.before is None and one.after is None:
                memory.passed.add(renamed(one.key, names))
                continue
            if one.merged is not None:
                memory.merged.pop(one.merged, None)
                apart = renamed(("new", one.merged), names)
                if apart != renamed(one.key, names) and apart[1] not in joined:
                    memory.facts[apart] = Told(issue.week, None, is_merged=True)
                continue
            memory.facts.pop(renamed(one.key, names), None)
            memory.facts[renamed(one.now or one.key, names)] = Told(issue.week, one.after)
        for key, said in issue.said.items():
            known = renamed(key, names)
            if known[1] in joined and known[0] in ("new", "due"):
                # Its policy tells its days.
                if known[0] == "new":
                    memory.merged[known[1]] = (("new", joined[known[1]]), Told(issue.week, said))
                continue
            is_apart = len(key) == len(("new", "policy")) and first_told_as.setdefault(known, key[1]) != key[1]
            if is_apart and known in memory.facts:
                # The one that bears the name of both stays; the other was told apart from it.
                second = (
                    (first_told_as[known], memory.facts[known]) if key == known else (key[1], Told(issue.week, said))
                )
                memory.merged[second[0]] = (known, second[1])
                if key != known:
                    continue
            memory.facts[known] = Told(issue.week, said)
    return memory


def renamed(key: Key, names: Mapping[str, str]) -> Key:
    """A key by the present ids of what it tells of."""
    return tuple(names.get(part, part) for part in key)


def without_said(digest: Digest, memory: Memory, facts: Mapping[Key, Said], names: Mapping[str, str]) -> Digest:
    """The digest without what an earlier regular issue told: each event and each amount is in one issue.

    ``facts`` are all that the edition tells of what was told of, whatever the week. What was taken back and stands
    again was told, too: that it stands is a correction.
    """
    is_open = _opener(_told_keys(memory, facts), names)
    new = filtered(digest.new, is_open)
    changes = tuple(filter(is_open, digest.changes))
    lines = [line for group in unfold(new) for line in group.lines]
    money = [replace(group, lines=tuple(filter(is_open, group.lines))) for group in digest.money]
    return replace(
        digest, top=top(new, changes, digest.due), new=new, changes=changes, money=money_of(money, lines, changes)
    )


def _told_keys(memory: Memory, facts: Mapping[Key, Said]) -> set[Key]:
    return set(memory.facts) | set(_match(memory, facts).values())


def _teller(told: set[Key], names: Mapping[str, str]) -> Callable[[Key], bool]:
    """Whether a fact is among those that were told."""
    deeds = {same_deed(key) for key in told}
    of_nobody = {same_deed(key) for key in told if not is_named(key)}

    def is_told(named: Key) -> bool:
        key = renamed(named, names)
        return key in told or same_deed(key) in (of_nobody if is_named(key) else deeds)

    return is_told


def _opener(told: set[Key], names: Mapping[str, str]) -> Callable[[Line], bool]:
    """Whether a line tells something that is not among the facts that were told."""
    is_told = _teller(told, names)
    return lambda line: not all(map(is_told, line.keys))


def said_in(
    lines: Iterable[Line], names: Mapping[str, str] | None = None, *, status_day: date | None = None
) -> dict[Key, Said]:
    """What lines say, by what each tells of; by present ids where ``names`` are given.

    A status is said only where the day is given of which it is.
    """
    return {renamed(key, names or {}): _said(line, key, status_day) for line in lines for key in line.keys}


def with_statuses(
    facts: Mapping[Key, Said], memory: Memory, statuses: Mapping[tuple[str, str], str]
) -> dict[Key, Said]:
    """Facts with the status of the day of which one was told: what has happened since corrects nothing.

    ``statuses`` are those that the edition tells now, by policy and day.
    """
    then = dict(facts)
    for key, told in memory.facts.items():
        if key not in facts or told.said is None or told.said.status_day is None:
            continue
        status = statuses.get((key[1], told.said.status_day))
        held = {**facts[key].facts, **({"status": status} if status else {})}
        then[key] = replace(facts[key], facts=held, status_day=told.said.status_day)
    return then


# ---- what reads otherwise now


def read_otherwise(
    memory: Memory, facts: Mapping[Key, Said], present: Digest, names: Mapping[str, str]
) -> list[Correction]:
    """What earlier issues said and the edition tells otherwise.

    ``facts`` are all that the edition tells of what they told of. A change that a line of the ``present`` issue tells
    itself is news, not a correction; and each change is told once, though several issues told what it changed.
    """
    since = _corrected_since(present.week)
    match = _match(memory, facts)
    news = _told_as_news(present, names)
    found: list[Correction] = []
    seen: set[tuple[str, ...]] = set()
    for key, told in sorted(memory.facts.items(), key=lambda item: (item[0][0] in _TITLED, item)):
        now = match.get(key)
        after = None if now is None else facts[now]
        changed = _changed_facts(key, now, told.said, after)
        if told.issue < since or not (changed or (told.said is None) != (after is None)):
            continue
        about = key[3] if key[2:3] == ("duty",) else key[1]
        # A day of a policy that nothing states any more may be told as its own line and in that of the policy.
        named = list(told.said.facts) if key[0] == "due" and told.said and after is None else changed
        marks = {name: (about, name, *_both(told.said, after, name)) for name in named}
        # A change bears the dates of who made it.
        of_whom = (key[1], *key[3:4]) if key[0] == "change" else key[1:2]
        elsewhere = tuple(name for name in named if marks[name] in seen or any((one, name) in news for one in of_whom))
        is_told = bool(named) and len(elsewhere) == len(named)
        is_second = key[-1] == "published" and any(one.key == key[:-1] and not one.merged for one in found)
        is_silent = is_told or is_second
        found.append(Correction(told.issue, key, told.said, after, now, elsewhere, is_silent, is_parted=told.is_merged))
        seen |= set(marks.values())
    for name, (key, told) in sorted(memory.merged.items()):
        found.append(Correction(told.issue, key, told.said, facts.get(key), key, merged=name))
    return found


def overlooked_since(week: Week, earlier: Iterable[Issue]) -> date:
    """The first day of which an item is looked for that no issue told: as far back as issues and corrections reach."""
    first = min((issue.week for issue in earlier), default=week.name)
    return max(Week.parse(first).since, week.back(CORRECTED_WEEKS).since)


def untold(overlooked: Iterable[Overlooked], memory: Memory) -> list[Overlooked]:
    """Those that no earlier issue told, neither as new nor as changed."""
    told = {key[1] for key in memory.facts if key[0] in _TITLED} | memory.merged.keys()
    return [one for one in overlooked if told.isdisjoint(filter(None, (one.line.policy_id, one.line.document_id)))]


def edits_of(overlooked: Iterable[Overlooked]) -> list[Row]:
    """What of it an edit by the source makes news; where that is long after its day, the edit alone is told."""
    history = timedelta(HISTORY_DAYS)
    return [one.edited for one in overlooked if one.edited and one.edited["seen_day"] <= one.day + history]


def left_out(overlooked: Iterable[Overlooked], present: Digest) -> list[Correction]:
    """What we read otherwise than when its week had its issue, and nothing in the present issue tells."""
    new = (line for group in unfold(present.new) for line in group.lines)
    lines: tuple[NewLine | ChangeLine, ...] = (*new, *present.changes)
    told = {about for line in lines for about in (line.policy_id, line.document_id)} - {None}
    return [
        Correction(f"{one.day:%G-W%V}", key, None, said, key, is_left_out=True)
        for one in overlooked
        if told.isdisjoint((one.line.policy_id, one.line.document_id))
        for key, said in list(said_in((one.line,), status_day=present.week.since - timedelta(1)).items())[:1]
    ]


def left_out_changes(
    changes: Iterable[ChangeLine],
    memory: Memory,
    facts: Mapping[Key, Said],
    present: Digest,
    found: Sequence[Correction],
    names: Mapping[str, str],
) -> list[Correction]:
    """What befell something in the weeks of earlier issues and none told, since it was read only after them.

    ``changes`` are all up to the week of the ``present`` issue. An edit that the issue tells in other words, as an item
    or as a correction among those ``found``, is kept in mind and told no more.
    """
    here = {renamed(key, names) for line in present.changes for key in line.keys}
    is_told = _teller(_told_keys(memory, facts) | memory.passed | here, names)
    new = (
        about for group in unfold(present.new) for line in group.lines for about in (line.policy_id, line.document_id)
    )
    items = {renamed(one.key, names)[1] for one in found if one.is_left_out} | {
        names.get(about, about) for about in new if about
    }
    corrected = {
        (renamed(one.key, names)[1], wording.field_label(field)) for one in found for field in _corrected_fields(one)
    }
    told: list[Correction] = []
    for line in changes:
        keys = [key for key in line.keys if not is_told(key)]
        if not keys:
            continue
        abouts = {names.get(about, about) for about in (line.policy_id, line.document_id) if about}
        fields = tuple(one for one in line.fields if corrected.isdisjoint((about, one.field) for about in abouts))
        is_edit = len(line.keys[0]) == len(("change", "document", "source", "version"))
        days = [day for day in (line.day, *(one.day for one in line.dates)) if day < present.week.since]
        if not days or (is_edit and (not items.isdisjoint(abouts) or (line.fields and not fields))):
            told += (Correction(present.week.name, key, None, None, is_silent=True) for key in keys)
            continue
        named = {wording.NAMELY: "; ".join(map(wording.field_change, fields))} if fields else {}
        for key, said in said_in((line,)).items():
            if not is_told(key):
                after = replace(said, facts={**said.facts, **named})
                told.append(Correction(f"{max(days):%G-W%V}", key, None, after, key, is_left_out=True))
    return told


def without_removed(digest: Digest, found: Iterable[Correction], names: Mapping[str, str]) -> Digest:
    """The digest without what a source removed and a correction takes back: a removal is told once, and there."""
    removed = {(one.key[1], wording.field_label(name)) for one in found for name in _removed_fields(one)}
    changes = []
    for line in digest.changes:
        abouts = {names.get(about, about) for about in (line.policy_id, line.document_id) if about}
        fields = tuple(one for one in line.fields if removed.isdisjoint((about, one.field) for about in abouts))
        if fields or not line.fields or line.verb != _EDITED:
            changes.append(replace(line, fields=fields))
    return replace(digest, changes=tuple(changes))


def _removed_fields(found: Correction) -> Iterable[str]:
    """The fields of a document in which a source stated what a correction takes back."""
    if found.is_silent or found.merged is not None or found.before is None:
        return ()
    if found.key[0] == "change":
        return _STATED_BY if found.after is None else ()
    gone = (name for name in found.before.facts if _value(found.after, name) is None)
    return [_FIELD_OF[name] for name in gone if name in _FIELD_OF and name not in found.told_elsewhere]


def _corrected_fields(found: Correction) -> list[str]:
    """The fields of a document in which a source stated what a correction says."""
    if found.is_silent:
        return []
    changed = _changed_facts(found.key, found.now, found.before, found.after)
    return [*_removed_fields(found), *(_FIELD_OF[name] for name in changed if name in _FIELD_OF)]


def _match(memory: Memory, facts: Mapping[Key, Said]) -> dict[Key, Key]:
    """What the edition tells now of each fact that was told; what was taken back is found by its whole key alone."""
    said = {key: told.said.facts for key, told in memory.facts.items() if told.said is not None}
    held = {key: one.facts for key, one in facts.items()}
    found = matched(said, held)
    left = held.keys() - set(found.values())
    return found | {key: key for key, told in memory.facts.items() if told.said is None and key in left}


def _told_as_news(digest: Digest, names: Mapping[str, str]) -> set[tuple[str, str]]:
    """Facts, by what they are of, whose change a line of an issue tells."""
    told: set[tuple[str | None, str]] = set()
    for line in digest.new_lines:
        # What is published after its filing or announcement bears its official title and kind from then on.
        if any(key[-1] == "published" for key in line.keys):
            told |= {
                (about, fact)
                for about in (line.policy_id, line.document_id)
                for fact in ("title", "instrument", "published", "address", "issuer", "status")
            }
    for change in digest.changes:
        abouts = (change.policy_id, change.document_id)
        fields = {one.field for one in change.fields if not one.is_removed}
        told |= {
            (about, fact) for fact, name in _FIELD_OF.items() for about in abouts if wording.field_label(name) in fields
        }
        if fields or not change.fields:
            told |= {
                (about, fact)
                for about in abouts
                for key in change.keys
                for fact in ("status", *_MOVED_BY.get(key[2], ()))
            }
    return {(names.get(about, about), fact) for about, fact in told if about}


def _changed_facts(key: Key, now: Key | None, before: Said | None, after: Said | None) -> list[str]:
    """Names of facts that were said and are read otherwise; a fact that nobody had stated is no correction."""
    if now is None or before is None or after is None:
        return []
    names = ["title"] if key[0] in _TITLED and before.title != after.title else []
    is_by_another = len(key) == len(now) and key[3:4] != now[3:4]
    for name, value in before.facts.items():
        is_enacted = name == "instrument" and (value, after.facts.get(name)) == ("bill", "statute")
        is_told = name == wording.NAMELY or (name == "by" and not is_by_another) or is_enacted
        if after.facts.get(name) != value and not is_told:
            names.append(name)
    return names


def _both(before: Said | None, after: Said | None, name: str) -> tuple[str, str]:
    return (_value(before, name) or "", _value(after, name) or "")


def _value(said: Said | None, name: str) -> str | None:
    if said is None:
        return None
    return said.title if name == "title" else said.facts.get(name)


def reasoned(found: Correction, origins: Mapping[str, Row]) -> Correction:
    """A correction with its reason; ``origins`` tell what became of the ids in its key since the issue."""
    return replace(found, reason=_reason(found, [origins[part] for part in found.key if part in origins]))


def correction_line(found: Correction, year: int) -> CorrectionLine:
    """A correction as readers see it."""
    said = found.before or found.after
    assert said is not None
    shown = found.after or said
    is_changed = found.before is not None and found.after is not None and found.merged is None
    changed = _changed_facts(found.key, found.now, found.before, found.after) if is_changed else []
    return CorrectionLine(
        anchor=wording.anchor("correction", found.issue, *([found.merged] if found.merged else []), *found.key),
        issue=found.issue,
        what=Reference(title=said.title, url=shown.url),
        said=wording.facts_told(said.facts, year),
        outcome=_outcome(found),
        fields=tuple(
            FieldChange(
                field=name,
                before=wording.fact(_value(found.before, name), year),
                after=wording.fact(_value(found.after, name), year),
                is_shown=True,
            )
            for name in changed
            if name not in found.told_elsewhere
        ),
        reason=found.reason,
        tracks=_either(found, "track"),
        jurisdictions=_either(found, "jurisdiction"),
    )


def _either(found: Correction, name: str) -> tuple[str, ...]:
    """What a correction and what it corrects tell of a fact."""
    return tuple(dict.fromkeys(filter(None, (_value(found.before, name), _value(found.after, name)))))


def _outcome(found: Correction) -> str:
    if found.is_left_out:
        return "left_out"
    if found.is_parted:
        return "parted"
    if found.merged is not None:
        return "merged"
    if found.before is None:
        return "reinstated"
    return "taken_back" if found.after is None else "changed"


def _reason(found: Correction, origins: Sequence[Row]) -> str:
    """Why a line reads otherwise now, as far as the edition tells."""
    if found.merged is not None:
        return f"It is one policy with “{found.after.title}”." if found.after else "It is one with another policy."
    if found.after is None:
        subject = next((row for row in origins if row["id"] == found.key[1]), None)
        if found.key[0] != "new" and (subject is None or (subject["is_held"] and subject["is_ai"])):
            is_by_source = any("source" in row["origins"] for row in origins)
            return "The source states it no longer." if is_by_source else "Nothing that we read states it any more."
        if subject is None or not subject["is_held"]:
            return "The edition does not hold it any more."
        if not subject["is_ai"]:
            return "It is not read as being about AI any more."
        return "Nothing that we read dates it any more."
    if any(row["is_joined"] for row in origins):
        return "Another official publication of it has been read since."
    if any("source" in row["origins"] for row in origins):
        return "The source has changed its own record since."
    if found.is_left_out and found.key[0] == "change":
        return "It stands in what had been fetched by then and is read only now."
    return "We read the same record otherwise now."


def _said(line: Line, key: Key, status_day: date | None) -> Said:
    """What a line says of one of the things that it tells of."""
    said = Said(title=line.what.title, url=line.what.url, facts=_facts(line, key))
    if not isinstance(line, NewLine):
        return said
    said = replace(said, document_id=line.document_id if line.policy_id else None)
    if line.status is None or status_day is None:
        return said
    return replace(said, facts={**said.facts, "status": line.status}, status_day=status_day.isoformat())


def _facts(line: Line, key: Key) -> dict[str, str]:
    match line:
        case NewLine():
            told = {
                "instrument": line.instrument,
                "issuer": "; ".join(line.agencies),
                "jurisdiction": line.jurisdiction,
                "track": wording.track_title(line.track) if line.track else None,
                "address": line.what.url,
            }
            return {**{name: value for name, value in told.items() if value}, **_days(line)}
        case ChangeLine():
            verb = key[2] if len(line.keys) > 1 else line.verb
            happened = wording.reserved(verb, is_partial=line.is_partial, inferred_from=line.inferred_from)
            by = {"by": line.by.name or line.by.title} if line.by is not None else {}
            return {"what happened": wording.capital(happened), **by, **_days(line)}
        case DueLine():
            if key[2] == "duty":
                return {"duty": line.label, "due": line.day.isoformat()}
            event = wording.begins(key[2], line.instrument_code)
            return {wording.date_label(event): line.day.isoformat()}
        case AmountLine():
            return {"amount": line.label, "figure": line.figure}


def _days(line: NewLine | ChangeLine) -> dict[str, str]:
    """The dates of a line by their names; the day on which we saw it is none of the fact."""
    return {
        part: dated.day.isoformat()
        for dated in line.dates
        for part in re.split(
            r", | and ", dated.label.removeprefix(wording.LATER).replace(", on", "").replace(" this week", "")
        )
        if "seen" not in part
    }
