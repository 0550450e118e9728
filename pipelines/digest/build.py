"""Writes the digest of a week in every form, and keeps the record of what regular issues said.

Belongs here: the files, and which edition and which earlier issues a digest is made from. Does not belong here: what it
says (reader.py), what issues have to do with each other (issues.py), mark-up (render.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.digest.issues import (
    Correction,
    Issue,
    correction_line,
    edits_of,
    is_regular,
    issues_in,
    late_day,
    left_out,
    left_out_changes,
    memory_of,
    missed_weeks,
    overlooked_since,
    read_issue,
    read_otherwise,
    reasoned,
    record_of,
    said_in,
    told_by,
    untold,
    with_statuses,
    without_removed,
    without_said,
    write_issue,
)
from pipelines.digest.known import DATABASE, held_open, joined, last_look, other_names
from pipelines.digest.mail import to_mail
from pipelines.digest.model import Digest, Week
from pipelines.digest.reader import origins, read_changes, read_digest, read_facts, read_overlooked, statuses_on
from pipelines.digest.render import to_html, to_json, to_markdown
from pipelines.digest.sheets import write_digest_workbook
from pipelines.digest.summary import summary
from scrapers.durable import write_whole


@dataclass(frozen=True)
class DigestResult:
    """Where a digest was written and how much it says."""

    markdown: Path
    html: Path
    json: Path
    mail: Path
    workbook: Path
    item_count: int
    sections: Mapping[str, int]
    """Lines by section: new, changed, due, money, sources."""
    summary: str


def build_digest(
    edition: Path, week: str, as_of: datetime | None, out: Path, *, looks: Path | None = None
) -> DigestResult:
    """Write ``out/<week>/digest.{md,html,json,eml,xlsx}`` for one ISO week of one edition.

    ``as_of`` limits the digest to what was known at that instant, and is then part of the folder's name:
    ``out/2025-W04@20250125T000000Z``. None is all that the edition knows. Relative wording always counts from the
    week's last day, never from the clock. ``looks`` is a Parquet file with a fresher `source_looks` than the edition's
    own: a week in which nothing changed makes no new edition, but was looked at.

    Raises WeekError for a text that is no ISO week, ValueError for an ``as_of`` without a time zone and
    FileNotFoundError where the folder holds no edition.
    """
    digest, folder = issue_of(edition, Week.parse(week), as_of, out, looks)
    paths = {name: folder / f"digest.{name}" for name in ("md", "html", "json", "eml", "xlsx")}
    write_whole(paths["md"], to_markdown(digest).encode())
    write_whole(paths["html"], to_html(digest).encode())
    write_whole(paths["json"], to_json(digest).encode())
    write_whole(paths["eml"], to_mail(digest))
    write_digest_workbook(paths["xlsx"], digest)
    return DigestResult(
        markdown=paths["md"],
        html=paths["html"],
        json=paths["json"],
        mail=paths["eml"],
        workbook=paths["xlsx"],
        item_count=digest.item_count,
        sections={
            "new": len(digest.new_lines),
            "changed": len(digest.changes),
            "due": len(digest.due),
            "money": sum(len(group.lines) for group in digest.money),
            "sources": len(digest.sources),
        },
        summary=digest.summary,
    )


def issue_of(edition: Path, week: Week, as_of: datetime | None, out: Path, looks: Path | None) -> tuple[Digest, Path]:
    """The digest of a week and the folder it belongs in; a regular issue is recorded there. Errors: `build_digest`.

    Weeks since the last issue that have none get theirs first: so each event is in one issue, in whatever order and
    however late they are asked for.
    """
    if as_of is not None:
        return read_digest(edition, week, as_of, looks), out / f"{week.name}@{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    folder = out / week.name
    if folder.is_symlink():
        raise NotADirectoryError(f"{folder}: expected a folder for the issue, got a link elsewhere; remove it")
    record = read_issue(folder)
    if record is not None:
        earlier = [issue for issue in issues_in(out) if issue.week < week.name]
        return new_issue(_recorded_edition(edition, record), week, looks, record.looked_until, earlier)[0], folder
    with held_open(edition):
        looked_until = last_look(edition, looks)
        issued = issues_in(out)
        if not is_regular(week, looked_until, issued):
            return read_digest(edition, week, None, looks, looked_until), folder
        missed = missed_weeks(week, issued)
        for one in missed:
            build_digest(edition, one.name, None, out, looks=looks)
        digest, found = new_issue(edition, week, looks, looked_until, issues_in(out) if missed else issued)
    write_issue(folder, record_of(digest, looked_until, found))
    return digest, folder


def _recorded_edition(edition: Path, record: Issue) -> Path:
    """The edition that an issue was written from, beside the present one.

    Raises FileNotFoundError when it is not kept any more.
    """
    recorded = edition.resolve().parent / record.edition_id
    if not (recorded / DATABASE).is_file():
        raise FileNotFoundError(
            f"the issue of {record.week} was written from edition {record.edition_id}, which is not kept any more; the "
            "issue stays as it is; for what is known of the week now give --as-of"
        )
    return recorded


def new_issue(
    edition: Path, week: Week, looks: Path | None, looked_until: datetime, earlier: Sequence[Issue]
) -> tuple[Digest, list[Correction]]:
    """A regular issue: without what earlier ones said, and with corrections to them."""
    with held_open(edition):
        names = other_names(edition, told_by(earlier))
        told = {names.get(key[1], key[1]) for issue in earlier for key in issue.said}
        memory = memory_of(earlier, names, joined(edition, told))
        abouts = memory.abouts
        before = {other for other, name in names.items() if name in abouts}
        facts = said_in(read_facts(edition, abouts | before), names)
        facts = with_statuses(facts, memory, statuses_on(edition, memory.status_days(week)))
        since = overlooked_since(week, earlier)
        overlooked = untold(read_overlooked(edition, since, week), memory)
        digest = read_digest(edition, week, None, looks, looked_until, edits_of(overlooked))
        digest = without_said(digest, memory, facts, names)
        found = [*read_otherwise(memory, facts, digest, names), *left_out(overlooked, digest)]
        digest = without_removed(digest, found, names)
        changes = read_changes(edition, since, week) if earlier else ()
        found += left_out_changes(changes, memory, facts, digest, found, names)
        looked = {issue.week: issue.looked_until for issue in earlier}
        found = [
            one if one.is_silent else reasoned(one, origins(edition, one.key, looked.get(one.issue, looked_until)))
            for one in found
        ]
        lines = tuple(correction_line(one, week.until.year) for one in found if not one.is_silent)
        digest = replace(digest, corrections=lines, issued_late=late_day(week, looked_until))
        return replace(digest, summary=summary(digest)), found
