"""The items of the feeds: each event once, with what later issues corrected, and when it was last told otherwise.

Belongs here: which items there are, their ids, instants and words. Does not belong here: what a line of an issue says
(build.py), Atom and JSON (feeds.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.digest import queries, wording
from pipelines.digest.build import new_issue
from pipelines.digest.issues import (
    Correction,
    Issue,
    correction_line,
    is_regular,
    issues_in,
    record_of,
    renamed,
    told_by,
)
from pipelines.digest.known import DATABASE, last_look, opened, other_names
from pipelines.digest.model import ChangeLine, CorrectionLine, Digest, DueLine, Key, NewLine, Reference, Week
from pipelines.digest.press import filtered
from pipelines.digest.reader import read_digest
from pipelines.digest.render import short_id

Line = NewLine | ChangeLine | DueLine
Keys = tuple[Key, ...]
NAMESPACE = uuid.UUID("6f6c1d0e-4a5b-5c57-9d3e-2f0a8b1c7d94")
"""Never to be changed: every id of an item is derived from it."""
_CHANGES = """
    select documents.document_id, documents.policy_id, max(versions.first_seen_at) as changed_at
    from document_versions as versions
    inner join documents on versions.document_id = documents.document_id
    where versions.version_no > 1 and versions.change_kind is distinct from 'cosmetic'
    group by all
"""
_TRACKS = """
    select policy_id as id, track from policies
    union all
    select documents.document_id, policies.track
    from documents
    inner join policies on documents.policy_id = policies.policy_id
"""


@dataclass(frozen=True)
class Item:
    """Something that happened, or a correction, as every kind of feed tells it."""

    id: str
    track: str
    title: str
    url: str | None
    language: str | None
    paragraphs: tuple[str, ...]
    report_url: str
    """Where an error in it is reported."""
    tags: tuple[str, ...]
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Items:
    """What the feeds of an edition hold, the latest told first."""

    moment: datetime
    """The end of the last week told of."""
    all: tuple[Item, ...]

    def of_track(self, track: str | None) -> list[Item]:
        """The items of one track, or all."""
        return [item for item in self.all if track is None or item.track == track]


def urn(*parts: str) -> str:
    """The id of a feed or an item."""
    return uuid.uuid5(NAMESPACE, "\n".join(parts)).urn


def last_week(edition: Path) -> Week:
    """The last whole week before an edition's own moment.

    Raises FileNotFoundError where the folder holds no edition.
    """
    with opened(edition, None) as connection:
        [held] = queries.ask(connection, queries.EDITION)
    return Week.last_before(held["as_of_day"])


def read_items(edition: Path, weeks: int, digests: Path | None = None, editions: Path | None = None) -> Items:
    """The items of so many whole weeks before an edition's moment.

    What a regular issue in ``digests`` said stands in its week, read from its own edition in ``editions``, and what the
    next issue will say of a week that has ended is read as it will say it. Of a week before the first issue the edition
    at hand tells, and an item stands in the first week that tells of it. Errors as for `last_week`.
    """
    newest = last_week(edition)
    issues = [issue for issue in (issues_in(digests) if digests else ()) if issue.week <= newest.name]
    names = other_names(edition, told_by(issues))
    told_in = {renamed(key, names): issue.week for issue in issues for key in issue.said}
    tracks = _tracks(edition)
    found: dict[str, Item] = {}
    ids: dict[Key, str] = {}
    """The item that tells of each fact; a line that tells of several is one item."""
    changes: dict[Path, dict[str, datetime]] = {}
    for week in (newest.back(back) for back in reversed(range(weeks))):
        digest, issue, source = _told_of(edition, week, issues, editions)
        if source not in changes:
            changes[source] = _changed_at(source)
        changed_at = changes[source]
        lines: tuple[Line, ...] = (*digest.new_lines, *digest.changes, *digest.passed)
        for line in lines:
            # A date that passes was told before: it is an event of its own.
            told_of: Keys = ((line.anchor,),) if isinstance(line, DueLine) else line.keys
            named = {renamed(key, names): key for key in told_of}
            first = [key for key in named if key not in ids and told_in.get(key, week.name) == week.name]
            if first:
                item = _item(digest, named[first[0]], line, changed_at)
                found[item.id] = item
                ids |= dict.fromkeys(first, item.id)
        for correction in (one for one in (issue.corrected if issue else ()) if not one.is_silent):
            told = correction_line(correction, week.until.year)
            corrected = None if correction.merged else found.get(ids.get(renamed(correction.key, names), ""))
            if corrected is not None:
                found[corrected.id] = _as_corrected(corrected, correction, told, digest)
                ids[renamed(correction.now or correction.key, names)] = corrected.id
            track = tracks.get(renamed(correction.key, names)[1], "")
            item = _correction(told, corrected, digest, corrected.track if corrected else track)
            found[item.id] = item
    latest_first = sorted(found.values(), key=lambda item: (item.updated, item.published), reverse=True)
    return Items(digest.moment, tuple(latest_first))


def _told_of(
    edition: Path, week: Week, issues: list[Issue], editions: Path | None
) -> tuple[Digest, Issue | None, Path]:
    """What is told of a week, the record of its issue where it has or will have one, and the edition it is read from.

    An issue that is still to be written joins ``issues``, which are kept with the latest first.
    """
    issue = next((one for one in issues if one.week == week.name), None)
    source = _edition_of(issue, editions)
    if issue is not None and source is not None:
        earlier = [one for one in issues if one.week < week.name]
        return _as_issued(new_issue(source, week, None, issue.looked_until, earlier)[0], issue), issue, source
    looked_until = last_look(edition, None)
    if not issues or not is_regular(week, looked_until, issues):
        return read_digest(edition, week, None), issue, edition
    digest, corrected = new_issue(edition, week, None, looked_until, issues)
    issue = record_of(digest, looked_until, corrected)
    issues.insert(0, issue)
    return digest, issue, edition


def _as_issued(digest: Digest, issue: Issue) -> Digest:
    """The lines that an issue told, where what reads it anew tells more of its week."""

    def is_said(line: NewLine | ChangeLine) -> bool:
        return not issue.said.keys().isdisjoint(line.keys)

    return replace(digest, new=filtered(digest.new, is_said), changes=tuple(filter(is_said, digest.changes)))


def _edition_of(issue: Issue | None, editions: Path | None) -> Path | None:
    """The edition that an issue was written from, where it is kept."""
    folder = None if issue is None or editions is None else editions / issue.edition_id
    return folder if folder is not None and (folder / DATABASE).is_file() else None


def _changed_at(edition: Path) -> dict[str, datetime]:
    """When documents, and the policies they belong to, were last seen to read otherwise; by their ids."""
    changed: dict[str, datetime] = {}
    with duckdb.connect(str(edition / DATABASE), read_only=True) as connection:
        for row in queries.ask(connection, _CHANGES):
            moment = row["changed_at"].astimezone(UTC).replace(microsecond=0)
            for name in filter(None, (row["document_id"], row["policy_id"])):
                changed[name] = max(moment, changed.get(name, moment))
    return changed


def _tracks(edition: Path) -> dict[str, str]:
    """Tracks of policies and of their documents, by their ids."""
    with opened(edition, None) as connection:
        return {row["id"]: wording.track_of(row["track"]) for row in queries.ask(connection, _TRACKS)}


def _item(digest: Digest, key: Key, line: Line, changed_at: Mapping[str, datetime]) -> Item:
    title, told = _told(line, digest.week.until.year)
    evidence = f"Evidence {short_id(line.evidence_id)} of the edition." if line.evidence_id else None
    track = (wording.track_title(line.track),) if line.track else ()
    tags = (*track, line.jurisdiction, wording.capital(line.instrument))
    changes = (changed_at.get(name or "") for name in (line.document_id, line.policy_id))
    return Item(
        id=urn("item", *key),
        track=line.track,
        title=title,
        url=line.what.url,
        language=line.what.language,
        paragraphs=tuple(text for text in (wording.notice(digest), *told, evidence) if text),
        report_url=wording.report_url(digest.contact, line.anchor),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        published=digest.moment,
        updated=max([digest.moment, *filter(None, changes)]),
    )


def _as_corrected(item: Item, correction: Correction, line: CorrectionLine, digest: Digest) -> Item:
    """An item as a later issue corrected it."""
    title = item.title
    if correction.after is None:
        title = f"Taken back: {title}"
    elif correction.before is None:
        title = title.removeprefix("Taken back: ")
    elif correction.after.title != correction.before.title:
        title = title.replace(correction.before.title, correction.after.title)
    told = f"Corrected in the issue of week {digest.week.name}. {' '.join(_corrected(line))}"
    return replace(item, title=title, paragraphs=(told, *item.paragraphs), updated=max(item.updated, digest.moment))


def _correction(line: CorrectionLine, corrected: Item | None, digest: Digest, track: str) -> Item:
    """The correction by itself, for who has read what it corrects; a day or an amount is no item of its own."""
    told = (wording.notice(digest), f"{wording.said_before(line)}.", *_corrected(line))
    return Item(
        id=urn("correction", digest.week.name, line.anchor),
        track=track,
        title=f"Correction: {line.what.title}",
        url=line.what.url,
        language=corrected.language if corrected else None,
        paragraphs=tuple(text for text in told if text),
        report_url=wording.report_url(digest.contact, line.anchor),
        tags=(*(corrected.tags if corrected else filter(None, [track and wording.track_title(track)])), "Correction"),
        published=digest.moment,
        updated=digest.moment,
    )


def _corrected(line: CorrectionLine) -> list[str]:
    """What a correction says: what holds now, and why."""
    return [*(f"{wording.capital(now)}." for now in wording.holds_now(line)), line.reason]


def _told(line: Line, year: int) -> tuple[str, list[str | None]]:
    """The title of an entry and its paragraphs."""
    named = f"{line.what.name}: {line.what.title}" if line.what.name else line.what.title
    match line:
        case NewLine():
            who = _facts(wording.capital(line.instrument), "; ".join(line.agencies), line.jurisdiction)
            status = wording.status(line.status, line.status_since, line.dates, year)
            deeds = [
                f"{wording.capital(deed.verb)}: {'; '.join(_name(what) for what in deed.targets)}."
                for deed in line.deeds
            ]
            quoted = f"In its own words: “{line.abstract}”" if line.is_abstract_quoted else line.abstract
            press = [f"{wording.STATEMENTS}: {'; '.join(_name(one.what) for one in line.press)}."] if line.press else []
            return named, [who, quoted, *deeds, *press, _facts(wording.dates(line.dates, year), status)]
        case ChangeLine():
            by = f"By {_name(line.by)}." if line.by else None
            fields = [f"{wording.field_change(change)}." for change in line.fields]
            quote = f"“{line.quote}”" if line.quote else None
            note = f"The source says: “{line.note}”" if line.note else None
            kind = _facts(wording.capital(line.instrument), wording.dates(line.dates, year))
            return f"{wording.change_verb(line)}: {named}", [by, kind, note, *fields, quote]
        case DueLine():
            void = f"No longer applies: {line.void}." if line.void else None
            who = _facts(wording.capital(line.instrument), "; ".join(line.agencies), wording.day(line.day, year))
            return f"{wording.capital(line.label)}: {named}", [who, void]


def _name(what: Reference) -> str:
    return f"{what.name}, {what.title}" if what.name and what.name != what.title else what.title


def _facts(*parts: str | None) -> str:
    return f"{' · '.join(part for part in parts if part)}."
