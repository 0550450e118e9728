"""Regular issues: what was said when, so that nothing is said twice, nothing is lost and nothing is silently changed.

A digest of a week that has just ended is a regular issue, and so is one of a later week than the latest issue: it was
missed while nothing ran. It is recorded in ``issue.json`` of its folder: from which
edition, up to which look, and what each line said. Written again, it is written from that edition; the next issue
leaves out what was said, and lists what is read otherwise now. A digest of a week long gone looks back: it is no issue,
and is written anew from the present edition as often as asked.

Belongs here: the record and what follows from it. Does not belong here: how lines are read or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from pipelines.digest import wording
from pipelines.digest.model import ChangeLine, CorrectionLine, Digest, FieldChange, NewLine, Reference, Week
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

RECORD = "issue.json"
REGULAR_DAYS = 8
"""So long after its week's end an edition may be as of, and the digest of it still be a regular issue."""
CORRECTED_WEEKS = 12
"""So many issues back corrections reach; late arrivals come whenever they are first seen."""
_MOVING = ("effective", "comments close", "applications close", "takes effect")
"""Dates that later acts move: news of their own, no correction of what was said."""


@dataclass(frozen=True)
class Said:
    """What one line of an issue said, by the name of the fact."""

    title: str
    url: str | None
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Issue:
    """The record of a regular issue."""

    week: str
    edition_id: str
    looked_until: datetime
    """The last look that it counted."""
    said: Mapping[str, Said]
    """By the key of the line, which is made of what it tells of."""
    corrected: Mapping[str, Said | None]
    """What it corrected in earlier issues, by their week and the key of their line; None for what it took back."""


def is_regular(week: Week, edition_as_of: datetime, latest: str | None = None) -> bool:
    """Whether the digest of an edition is the week's regular issue: the edition is of the days after the week, or of
    any later day when the week follows that of the latest issue.
    """
    begin = week.until + timedelta(1)
    if edition_as_of.date() < begin:
        return False
    return edition_as_of.date() <= begin + timedelta(REGULAR_DAYS) or (latest is not None and latest < week.name)


def latest_issue(out: Path) -> str | None:
    """The week of the latest regular issue; None before the first."""
    return max((path.parent.name for path in out.glob(f"*/{RECORD}")), default=None)


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
            said={key: Said(**said) for key, said in held["said"].items()},
            corrected={key: Said(**said) if said else None for key, said in held["corrected"].items()},
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: expected the record of an issue, got {error}; restore it from a copy") from error


def write_issue(folder: Path, issue: Issue) -> None:
    """Keep the record beside the files of the issue."""
    held = {
        "week": issue.week,
        "edition_id": issue.edition_id,
        "looked_until": utc_text(issue.looked_until),
        "said": {key: vars(said) for key, said in issue.said.items()},
        "corrected": {key: vars(said) if said else None for key, said in issue.corrected.items()},
    }
    write_whole(folder / RECORD, orjson.dumps(held, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def earlier_issues(out: Path, week: Week) -> list[Issue]:
    """The regular issues before a week, the latest first."""
    names = sorted((path.parent.name for path in out.glob(f"*/{RECORD}")), reverse=True)
    found = (read_issue(out / name) for name in names if name < week.name)
    return [issue for issue in found if issue is not None]


def said_by(digest: Digest) -> dict[str, Said]:
    """What the lines of a digest about its week say: what is new and what changed."""
    return {_key(line): _said(line) for line in _lines(digest)}


def editions_of(out: Path) -> set[str]:
    """The editions that regular issues were written from, which must be kept for them."""
    issues = (read_issue(path.parent) for path in sorted(out.glob(f"*/{RECORD}")))
    return {issue.edition_id for issue in issues if issue is not None}


def without_said(digest: Digest, earlier: Iterable[Issue]) -> Digest:
    """The digest without lines that an earlier regular issue held: each event is in one issue."""
    told = {key for issue in earlier for key in issue.said}
    groups = [replace(group, lines=tuple(one for one in group.lines if _key(one) not in told)) for group in digest.new]
    return replace(
        digest,
        top=tuple(line for line in digest.top if _key(line) not in told),
        new=tuple(group for group in groups if group.lines),
        changes=tuple(line for line in digest.changes if _key(line) not in told),
    )


def corrections(
    issue: Issue, later: Iterable[Issue], anew: Digest, changed_now: Iterable[str]
) -> dict[str, tuple[CorrectionLine, Said | None]]:
    """What an issue said and its week, read anew, does not say so any more, by week and key, with what it says now.

    `later` issues may have corrected it already, the latest first. `changed_now` are the documents and policies of
    which a source tells a change just now: that is news, not a correction.
    """
    said: dict[str, Said | None] = dict(issue.said)
    for one in reversed(list(later)):
        for name, corrected in one.corrected.items():
            week, _, key = name.partition(" ")
            if week == issue.week:
                said[key] = corrected
    present = {_key(line): line for line in _lines(anew)}
    spared = set(changed_now)
    found = {}
    for key, before in sorted(said.items()):
        line = present.get(key)
        if before is None or (
            line is not None and not spared.isdisjoint(filter(None, (line.policy_id, line.document_id)))
        ):
            continue
        after = None if line is None else _said(line)
        fields = () if after is None else _differences(before, after)
        if after is None or fields:
            found[f"{issue.week} {key}"] = (_correction(issue, key, before, fields), after)
    return found


def _lines(digest: Digest) -> tuple[NewLine | ChangeLine, ...]:
    """The lines that tell of the week itself; dates ahead, money and looks are told anew each week."""
    return (*digest.new_lines, *digest.changes)


def _key(line: NewLine | ChangeLine) -> str:
    """What a line tells of: an act is told when it is done, and once more when it is published."""
    return f"{line.anchor}@published" if line.appearance == "published" else line.anchor


def _correction(issue: Issue, key: str, before: Said, fields: tuple[FieldChange, ...]) -> CorrectionLine:
    return CorrectionLine(
        anchor=wording.anchor("correction", issue.week, key),
        issue=issue.week,
        what=Reference(title=before.title, url=before.url),
        is_taken_back=not fields,
        fields=fields,
    )


def _differences(before: Said, after: Said) -> tuple[FieldChange, ...]:
    was, now = {"title": before.title, **before.facts}, {"title": after.title, **after.facts}
    return tuple(
        FieldChange(field=name, before=was.get(name, "nothing"), after=now.get(name, "nothing"), is_shown=True)
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


def lines_by_key(digest: Digest) -> dict[str, NewLine | ChangeLine]:
    """The lines about the week itself, by what they tell of; keys are those of a record."""
    return {_key(line): line for line in _lines(digest)}


@dataclass(frozen=True)
class ToldCorrection:
    """A correction as an issue told it."""

    told_in: str
    """The week of the issue that corrects."""
    key: str
    """Of the line of the earlier issue, whose week the correction names."""
    line: CorrectionLine
    after: Said | None


def told_corrections(issues: Iterable[Issue]) -> list[ToldCorrection]:
    """What regular issues corrected in earlier ones, the earliest issue first; `issues` are all that there are."""
    said: dict[tuple[str, str], Said | None] = {}
    told = []
    for issue in sorted(issues, key=lambda issue: issue.week):
        said |= {(issue.week, key): one for key, one in issue.said.items()}
        for name, after in sorted(issue.corrected.items()):
            week, _, key = name.partition(" ")
            before = said.get((week, key))
            if before is not None:
                fields = () if after is None else _differences(before, after)
                line = CorrectionLine(
                    anchor=wording.anchor("correction", week, key),
                    issue=week,
                    what=Reference(title=before.title, url=before.url),
                    is_taken_back=after is None,
                    fields=fields,
                )
                told.append(ToldCorrection(issue.week, key, line, after))
            said[week, key] = after
    return told
