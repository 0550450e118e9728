"""Regular issues: what was said when, so that nothing is said twice, nothing is lost and nothing is silently changed.

A digest of a week that has just ended is a regular issue. It is recorded in ``issue.json`` of its folder: from which
edition, up to which look, and what each line said. Written again, it is written from that edition; the next issue
leaves out what was said, and lists what is read otherwise now. From the first issue on every week has one, written in
the order of the weeks: one that was missed is written before the next, however late. A digest of a week before the
first issue looks back: it is no issue, and is written anew from the present edition as often as asked.

What a line tells of is its key: ids of an edition. An order has another id before it has its number, so keys of earlier
issues are always read by the names that the present edition knows.

Belongs here: the record and what follows from it. Does not belong here: how lines are read or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from pipelines.digest import wording
from pipelines.digest.model import ChangeLine, CorrectionLine, Digest, FieldChange, NewLine, Reference, Week
from pipelines.digest.money import money_of
from pipelines.digest.queries import Row
from pipelines.digest.ranking import top
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

RECORD = "issue.json"
REGULAR_DAYS = 8
"""So long after its week's end an edition may be as of, and the digest of it still be the first regular issue."""
CORRECTED_WEEKS = 12
"""So many issues back corrections reach; late arrivals come whenever they are first seen."""
_MOVING = ("effective", "comments close", "applications close", "takes effect")
"""Dates that later acts move: news of their own, no correction of what was said."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What one line of an issue said, by the name of the fact."""

    title: str
    url: str | None
    facts: Mapping[str, str]
    """Days as ISO dates."""


@dataclass(frozen=True)
class Correction:
    """A line of an earlier issue that its week, read anew, does not tell so any more."""

    issue: str
    """The week of the issue that said it."""
    key: Key
    before: Said
    after: Said | None
    """What it tells now; None where it tells nothing of it."""
    is_silent: bool
    """Whether it is only kept in mind, since the present issue tells the change itself as news, or its line already."""
    reason: str = ""
    """Why it reads otherwise now; one sentence."""


@dataclass(frozen=True)
class Issue:
    """The record of a regular issue."""

    week: str
    edition_id: str
    looked_until: datetime
    """The last look that it counted."""
    said: Mapping[Key, Said]
    """By what each line told of."""
    amounts: frozenset[str]
    """Anchors of the amounts that it told."""
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
            amounts=frozenset(held["amounts"]),
            corrected=tuple(
                Correction(
                    **{**one, "key": tuple(one["key"])}
                    | {side: Said(**one[side]) if one[side] else None for side in ("before", "after")}
                )
                for one in held["corrected"]
            ),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: expected the record of an issue, got {error!r}; restore it from a copy") from error


def write_issue(folder: Path, issue: Issue) -> None:
    """Keep the record beside the files of the issue."""
    held: dict[str, Any] = {
        "week": issue.week,
        "edition_id": issue.edition_id,
        "looked_until": utc_text(issue.looked_until),
        "said": [{"key": key, "said": asdict(said)} for key, said in sorted(issue.said.items())],
        "amounts": sorted(issue.amounts),
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
    return Issue(
        week=digest.week.name,
        edition_id=digest.edition_id,
        looked_until=looked_until,
        said={key: _said(line) for key, line in lines_by_key(digest).items()},
        amounts=frozenset(line.anchor for group in digest.money for line in group.lines),
        corrected=tuple(found),
    )


def editions_of(out: Path) -> set[str]:
    """The editions that regular issues were written from, which must be kept for them."""
    return {issue.edition_id for issue in issues_in(out)}


# ---- what follows from it


def lines_by_key(digest: Digest) -> dict[Key, NewLine | ChangeLine]:
    """The lines that tell of the week itself; dates ahead and looks are told anew each week."""
    lines: tuple[NewLine | ChangeLine, ...] = (*digest.new_lines, *digest.changes)
    return {key: line for line in lines for key in _keys(line)}


def renamed(key: Key, names: Mapping[str, str]) -> Key:
    """A key by the present ids of what it tells of."""
    return tuple(names.get(part, part) for part in key)


def without_said(digest: Digest, earlier: Iterable[Issue], names: Mapping[str, str]) -> Digest:
    """The digest without what an earlier regular issue told: each event and each amount is in one issue.

    ``names`` are present ids by those that policies and documents had before.
    """
    issues = tuple(earlier)
    told = {renamed(key, names) for issue in issues for key in issue.said}

    def is_open(line: NewLine | ChangeLine) -> bool:
        return not {renamed(key, names) for key in _keys(line)} <= told

    groups = [replace(group, lines=tuple(filter(is_open, group.lines))) for group in digest.new]
    new = tuple(group for group in groups if group.lines)
    changes = tuple(filter(is_open, digest.changes))
    lines = [line for group in new for line in group.lines]
    amounts = {anchor for issue in issues for anchor in issue.amounts}
    return replace(
        digest,
        top=top(new, changes),
        new=new,
        changes=changes,
        money=money_of(digest.money, lines, changes, amounts),
    )


def read_otherwise(
    issue: Issue, later: Iterable[Issue], anew: Digest, present: Digest, names: Mapping[str, str]
) -> list[Correction]:
    """What an issue said and its week, read ``anew``, does not say so any more.

    ``later`` issues may have corrected it already, the latest first. That something reads otherwise of which the
    ``present`` issue tells is news, not a correction.
    """
    said: dict[Key, Said | None] = {renamed(key, names): one for key, one in issue.said.items()}
    for one in reversed(list(later)):
        for told in one.corrected:
            if told.issue == issue.week:
                said[renamed(told.key, names)] = told.after
    now = {renamed(key, names): line for key, line in lines_by_key(anew).items()}
    told_now = {one for line in lines_by_key(present).values() for one in _ids(line)}
    found: list[Correction] = []
    for key, before in sorted(said.items()):
        line = now.get(key)
        after = None if line is None else _said(line)
        if before is not None and after != before and (after is None or _differ(before, after)):
            is_news = line is not None and not told_now.isdisjoint(_ids(line))
            is_second = key[-1] == "published" and any(one.key == key[:-1] for one in found)
            found.append(Correction(issue.week, key, before, after, is_news or is_second))
    return found


def reasoned(found: Correction, origins: Mapping[str, Row]) -> Correction:
    """A correction with its reason; ``origins`` tell what became of the ids in its key since the issue."""
    return replace(found, reason=_reason(found, [origins[part] for part in found.key if part in origins]))


def correction_line(found: Correction, year: int) -> CorrectionLine:
    """A correction as readers see it."""
    before, after = found.before, found.after
    return CorrectionLine(
        anchor=wording.anchor("correction", found.issue, *found.key),
        issue=found.issue,
        what=Reference(title=before.title, url=after.url if after else before.url),
        said=wording.facts_told(before.facts, year),
        is_taken_back=after is None,
        fields=_differences(before, after, year) if after else (),
        reason=found.reason,
    )


def _reason(found: Correction, origins: Sequence[Row]) -> str:
    """Why a line reads otherwise now, as far as the edition tells."""
    if found.after is None:
        subject = next((row for row in origins if row["id"] == found.key[1]), None)
        if found.key[0] != "new":
            return "Nothing that we read states it any more."
        if subject is None or not subject["is_held"]:
            return "The edition does not hold it any more."
        if not subject["is_ai"]:
            return "It is not read as being about AI any more."
        return "By the dates known now it does not belong to that week."
    if any(row["is_joined"] for row in origins):
        return "Another official publication of it has been read since."
    if any("source" in row["origins"] for row in origins):
        return "The source has changed its own record since."
    return "We read the same record otherwise now."


def _keys(line: NewLine | ChangeLine) -> tuple[Key, ...]:
    """What a line tells of: a policy appears when it is signed or announced, and once more when it is published."""
    if not isinstance(line, NewLine):
        return (line.key,)
    published = (*line.key, "published")
    if line.appearance == "published":
        return (published,)
    return (line.key, published) if line.appearance == "late" and line.is_published_apart else (line.key,)


def _ids(line: NewLine | ChangeLine) -> set[str]:
    """Policies and documents that a line tells of."""
    by = line.by_policy_id if isinstance(line, ChangeLine) else None
    return {one for one in (line.policy_id, line.document_id, by) if one}


def _differ(before: Said, after: Said) -> bool:
    return (before.title, before.facts) != (after.title, after.facts)


def _differences(before: Said, after: Said, year: int) -> tuple[FieldChange, ...]:
    was, now = {"title": before.title, **before.facts}, {"title": after.title, **after.facts}
    return tuple(
        FieldChange(
            field=name,
            before=wording.fact(was.get(name), year),
            after=wording.fact(now.get(name), year),
            is_shown=True,
        )
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    )


def _said(line: NewLine | ChangeLine) -> Said:
    if isinstance(line, ChangeLine):
        facts = {"what happened": wording.change_verb(line)}
        if line.by is not None:
            facts["by"] = line.by.title
    else:
        facts = {"instrument": line.instrument} if line.instrument else {}
    days = {
        part: dated.day.isoformat()
        for dated in line.dates
        for part in dated.label.replace(", on", "").replace(" this week", "").split(" and ")
        if not part.startswith(_MOVING) and "seen" not in part
    }
    return Said(title=line.what.title, url=line.what.url, facts={**facts, **days})
