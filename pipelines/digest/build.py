"""Reads one week out of an edition and decides what is said, in which order.

Belongs here: selection, ranking, counting and the writing of the files. Does not belong here: SQL (queries.py),
wording (wording.py), mark-up (render.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.bookkeeping import lay_over
from pipelines.digest import queries, wording
from pipelines.digest.issues import (
    CORRECTED_WEEKS,
    Issue,
    Said,
    corrections,
    earlier_issues,
    is_regular,
    latest_issue,
    read_issue,
    said_by,
    without_said,
    write_issue,
)
from pipelines.digest.mail import to_mail
from pipelines.digest.model import (
    CHECKED,
    AmountLine,
    ChangeLine,
    CorrectionLine,
    DatedWord,
    DayLook,
    Deed,
    Digest,
    DueLine,
    FieldChange,
    Group,
    MoneyRead,
    MoneyRun,
    MoneySum,
    NewLine,
    Reference,
    SourceWeek,
    StatusCount,
    Week,
    WeekCount,
)
from pipelines.digest.queries import Row, ask
from pipelines.digest.render import to_html, to_json, to_markdown
from pipelines.digest.sheets import write_digest_workbook
from pipelines.load import HISTORY_DAYS
from scrapers.contact import contact
from scrapers.durable import write_whole

SOON_DAYS = 30
HORIZON_DAYS = 90
STANDING = ("in_force", "partly_in_force", "suspended", "not_enforced", "proposed", "announced")
"""Statuses that the table of standing counts; what has ended is told in the week it ends."""
RUN_WEEKS = 12
TOP_LINES = 5
TARGETS_SHOWN = 5
AGENCIES_SHOWN = 3
DATABASE = "policy.duckdb"
_UNSHOWN_FIELDS = ("body", "abstract", "disposition_notes", "withdrawal_note", "identifiers")
"""Too long to be read in a line."""
_WITHDRAWAL_FIELDS = {"availability", "withdrawn_date", "withdrawal_note"}
_DATES_SHOWN = ("filed", "proposed", "announced", "signed", "published", "effective", "opens")
_CLOSINGS = ("comment_closes", "closes")
_ENDED = ("revoked", "superseded", "withdrawn", "lapsed")
_SAID_BY_DATES = ("published", "announced", "unknown")
"""Statuses that say no more than the dates of a line."""
_ONE_BOUND = ("awardFloor", "awardCeiling", "AwardFloor", "AwardCeiling")
"""Fields whose name says which bound they state."""
_GONE = {"withdrawn": "withdrawn at the source", "gone": "gone at the source", "redirected": "redirected at the source"}
_SIDE_GROUPS = {
    "published": "Published this week, signed, filed or announced earlier",
    "also": "Also published",
    "late": "Dated earlier, first seen this week",
}


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
    """The digest of a week and the folder it belongs in; a regular issue is recorded there. Errors: `build_digest`."""
    if as_of is not None:
        return read_digest(edition, week, as_of, looks), out / f"{week.name}@{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    folder = out / week.name
    record = read_issue(folder)
    if record is not None:
        edition = _recorded_edition(edition, record)
    looked_until = record.looked_until if record else last_look(edition, looks)
    digest = read_digest(edition, week, None, looks, looked_until)
    if record is None and not is_regular(week, looked_until, latest_issue(out)):
        return digest, folder
    digest, corrected = _as_issue(digest, edition, looks, looked_until, earlier_issues(out, week))
    if record is None:
        write_issue(folder, Issue(week.name, digest.edition_id, looked_until, said_by(digest), corrected))
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


def _as_issue(
    digest: Digest, edition: Path, looks: Path | None, looked_until: datetime, earlier: Sequence[Issue]
) -> tuple[Digest, dict[str, Said | None]]:
    """A regular issue: without what earlier ones said, with corrections to them, and these for the record."""
    digest = without_said(digest, earlier)
    changed_now = {id_ for line in digest.changes for id_ in (line.policy_id, line.document_id) if id_}
    found: dict[str, tuple[CorrectionLine, Said | None]] = {}
    for number, issue in enumerate(earlier[:CORRECTED_WEEKS]):
        anew = read_digest(edition, Week.parse(issue.week), None, looks, looked_until)
        found |= corrections(issue, earlier[:number], anew, changed_now)
    digest = replace(digest, corrections=tuple(line for line, _ in found.values()))
    return replace(digest, summary=summary(digest)), {name: after for name, (_, after) in found.items()}


def last_look(edition: Path, looks: Path | None) -> datetime:
    """When the last look was made that an edition, or the fresher bookkeeping beside it, tells of.

    An edition without looks was seen as of its own moment.
    """
    with _opened(edition, looks) as connection:
        [row] = ask(connection, queries.LAST_LOOK)
    moment: datetime = row["looked_until"]
    return moment


@contextmanager
def _opened(edition: Path, looks: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    database = edition / DATABASE
    if not database.is_file():
        raise FileNotFoundError(
            f"expected an edition with {DATABASE} in {edition}, found none; publish an edition or name its folder"
        )
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        if looks is not None:
            lay_over(connection, "source_looks", looks)
        yield connection


def read_digest(
    edition: Path,
    week: Week,
    as_of: datetime | None,
    looks: Path | None = None,
    looked_until: datetime | None = None,
) -> Digest:
    """Everything the digest of a week says; errors as for `build_digest`. Looks after ``looked_until`` do not count."""
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError(f"expected as_of with a time zone, got {as_of.isoformat()}; give an instant such as ...+00:00")
    with _opened(edition, looks) as connection:
        return _Reader(connection, week, as_of, looked_until).read()


class _Reader:
    """One pass over an edition for one week."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, week: Week, as_of: datetime | None, looked_until: datetime | None
    ) -> None:
        self.connection = connection
        self.week = week
        self.as_of = None if as_of is None else as_of.astimezone(UTC)
        self.known_at = "infinity" if self.as_of is None else self.as_of.isoformat()
        self.looked_at = min(filter(None, (self.as_of, looked_until)), default=None)
        self.bounds = {"since": week.since, "until": week.until, "known_at": self.known_at}
        self.late_bounds = {**self.bounds, "recent_days": HISTORY_DAYS}
        self.due_bounds = {**self.bounds, "horizon": week.until + timedelta(HORIZON_DAYS)}
        self.policies: dict[str, Row] = {}
        self.dates: dict[str, dict[str, tuple[date, date]]] = defaultdict(dict)
        self.statuses: dict[str, tuple[str, date | None]] = {}

    def ask(self, sql: str, **parameters: object) -> list[Row]:
        return ask(self.connection, sql, **parameters)

    def read(self) -> Digest:
        [edition] = self.ask(queries.EDITION)
        self.connection.execute(queries.WEEK_NEWS, {"since": self.week.since, "until": self.week.until})
        acts = {"acts": queries.ACTS}
        appeared = self.ask(queries.NEW_POLICIES, first_events=queries.FIRST_EVENTS, **acts, **self.bounds)
        relations = self.ask(queries.RELATION_CHANGES, **acts, **self.late_bounds)
        events = self.ask(queries.EVENT_CHANGES, change_events=queries.CHANGE_EVENTS, **self.late_bounds)
        withdrawals = self.ask(queries.DOCUMENT_WITHDRAWALS, **self.late_bounds)
        versions = self.ask(queries.VERSION_CHANGES, **self.bounds)
        due = self.ask(queries.DUE_POLICIES, due_events=queries.DUE_EVENTS, **self.due_bounds)
        asked = ("since", "horizon", "known_at")
        duties = self.ask(queries.DUTIES, **{name: self.due_bounds[name] for name in asked})
        lapsing = self.ask(
            queries.LAPSING, **{name: self.due_bounds[name] for name in ("until", "horizon", "known_at")}
        )
        new_ids = [row["policy_id"] for row in appeared]
        deeds = self.ask(queries.DEEDS, policy_ids=new_ids, known_at=self.known_at, **acts)
        self._learn(_ids(appeared, relations, events, due, duties, deeds, lapsing))

        others = self.ask(queries.OTHER_DOCUMENTS, **self.bounds)
        new = self._new(appeared, others, deeds)
        changes = self._changes(relations, events, withdrawals, versions)
        due_lines = [
            # What had not begun by the week's end was no deadline then, whatever a later edition knows.
            *(self._due_policy(row) for row in (*due, *duties) if row["policy_id"] in self.statuses),
            *map(self._due_document, self.ask(queries.DUE_DOCUMENTS, **self.due_bounds)),
        ]
        due_lines.sort(key=lambda line: (line.day, line.what.title, line.anchor))
        sources = self._sources()
        money = self._money(new_ids, others, versions)
        digest = Digest(
            week=self.week,
            edition_id=edition["edition_id"],
            as_of=self.as_of,
            is_sample=edition["is_sample"],
            summary="",
            contact=contact(),
            top=_top(new, changes),
            new=new,
            changes=changes,
            passed=tuple(line for line in due_lines if line.days <= 0),
            coming=tuple(line for line in due_lines if 0 < line.days <= SOON_DAYS),
            later=tuple(line for line in due_lines if SOON_DAYS < line.days <= HORIZON_DAYS),
            ahead=tuple(line for line in due_lines if line.days > HORIZON_DAYS),
            money=money,
            money_read=self._money_read(sources, money),
            sources=sources,
            run=self._run(),
            standing=self._standing(),
            lapsing=tuple(self._due_policy(row) for row in lapsing if row["policy_id"] in self.statuses),
            money_run=self._money_run(),
        )
        return replace(digest, summary=summary(digest), sources=self._with_cited(digest))

    def _with_cited(self, digest: Digest) -> tuple[SourceWeek, ...]:
        """The sources, those marked whose texts the digest shows."""
        amounts = [line for group in digest.money for line in group.lines]
        lines: tuple[NewLine | ChangeLine | DueLine | AmountLine, ...] = (
            *digest.new_lines,
            *digest.changes,
            *digest.due,
            *amounts,
        )
        shown = {line.document_id for line in lines} | {row["lead_document_id"] for row in self.policies.values()}
        cited = self._cited([line.evidence_id for line in lines], shown)
        return tuple(
            replace(source, is_cited=source.source_id in cited, is_cited_later=cited.get(source.source_id, False))
            for source in digest.sources
        )

    def _cited(self, evidence_ids: Iterable[str | None], document_ids: Iterable[str | None]) -> dict[str, bool]:
        """The sources of these facts and documents, each with whether one was first seen after the week."""
        rows = self.ask(
            queries.CITED,
            evidence_ids=sorted({evidence_id for evidence_id in evidence_ids if evidence_id}),
            document_ids=sorted({document_id for document_id in document_ids if document_id}),
            until=self.week.until,
        )
        return {row["source_id"]: row["is_late"] for row in rows}

    def _learn(self, policy_ids: Sequence[str]) -> None:
        """Look up each policy once; every reference is made from what is found here."""
        self.policies = {row["policy_id"]: row for row in self.ask(queries.POLICIES, policy_ids=policy_ids)}
        for row in self.ask(queries.POLICY_DATES, policy_ids=policy_ids, known_at=self.known_at):
            self.dates[row["policy_id"]][row["event"]] = (row["first_date"], row["last_date"])
        day = self.week.until.isoformat()
        for row in self.ask(queries.POLICY_STATUSES, day=day, known_at=self.known_at, policy_ids=policy_ids):
            self.statuses[row["policy_id"]] = (row["status"], row["since"])

    def _reference(self, policy_id: str | None, identifier: str | None = None) -> Reference | None:
        """A policy by its title, or by the identifier it was named with where the edition does not hold it."""
        row = self.policies.get(policy_id or "")
        if row is not None:
            return _reference(row, name=_official_name(row))
        named = identifier or policy_id
        if named is None:
            return None
        return Reference(title=wording.identified(named), url=wording.identified_url(named))

    # ---- what is new

    def _new(self, appeared: Sequence[Row], others: Sequence[Row], deeds: Sequence[Row]) -> tuple[Group[NewLine], ...]:
        by_actor: dict[str, list[Row]] = defaultdict(list)
        for row in deeds:
            by_actor[row["from_policy_id"]].append(row)
        grouped: dict[str, list[NewLine]] = defaultdict(list)
        for row in appeared:
            line = self._new_policy(row, by_actor[row["policy_id"]])
            grouped[line.track if row["appearance"] == "new" else row["appearance"]].append(line)
        for row in others:
            grouped[row["appearance"]].append(_new_document(row))
        headings = [(track, wording.anchor("track", track), wording.track_title(track)) for track in wording.TRACKS]
        headings += [(side, f"side-{side}", title) for side, title in _SIDE_GROUPS.items()]
        return tuple(
            Group(key=key, title=title, lines=tuple(sorted(grouped[name], key=_importance)))
            for name, key, title in headings
            if grouped[name]
        )

    def _new_policy(self, appeared: Row, deeds: Sequence[Row]) -> NewLine:
        policy_id: str = appeared["policy_id"]
        row = self.policies[policy_id]
        status, since = self.statuses.get(policy_id, ("unknown", None))
        abstract = wording.first_sentence(row["abstract"])
        opening = None if abstract else wording.first_sentence(wording.opening(row["opening"]))
        return NewLine(
            anchor=wording.anchor("new", policy_id),
            appearance=appeared["appearance"],
            policy_id=policy_id,
            document_id=row["lead_document_id"],
            what=_reference(row, name=_official_name(row)),
            instrument=wording.instrument(row["instrument"], row["document_type"]),
            instrument_code=row["instrument"],
            agencies=_agencies(row["agency_names"]),
            jurisdiction=wording.jurisdiction(row["jurisdiction"]),
            track=wording.track_of(row["track"]),
            dates=self._dates(policy_id, appeared),
            abstract=abstract or opening,
            is_abstract_quoted=opening is not None,
            status=None if status in _SAID_BY_DATES else wording.words(status),
            status_since=since,
            deeds=self._deeds(deeds),
            relevance=row["relevance"],
            is_significant=row["is_significant"],
            evidence_id=row["evidence_id"],
        )

    def _dates(self, policy_id: str, appeared: Row) -> tuple[DatedWord, ...]:
        known = self.dates[policy_id]
        return _dated_words(
            [(event, known[event][0]) for event in _DATES_SHOWN if event in known]
            + [(event, known[event][1]) for event in _CLOSINGS if event in known],
            appeared,
        )

    def _deeds(self, rows: Sequence[Row]) -> tuple[Deed, ...]:
        """What a policy does, by verb; targets about AI come first, for long lists are cut."""
        targets: dict[str, list[Reference]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: not _weight(self.policies.get(row["to_policy_id"] or ""))["is_ai"]):
            target = self._reference(row["to_policy_id"], row["to_identifier"])
            verb = wording.reserved(
                wording.listing([wording.words(relation) for relation in row["relations"]]),
                is_partial=row["is_partial"],
                inferred_from=wording.inferred_from(row["confidence"], row["source_field"]),
            )
            if target is not None and target not in targets[verb]:
                targets[verb].append(target)
        return tuple(
            Deed(verb=verb, targets=tuple(found[:TARGETS_SHOWN]), left_out=max(0, len(found) - TARGETS_SHOWN))
            for verb, found in targets.items()
        )

    # ---- what changed

    def _changes(
        self, relations: Iterable[Row], events: Iterable[Row], withdrawals: Iterable[Row], versions: Iterable[Row]
    ) -> tuple[ChangeLine, ...]:
        """One line a deed: an event that a relation tells, and a page that only shows an event, are left out."""
        lines: dict[str, ChangeLine] = {}
        told: set[tuple[str | None, str, bool, date | None]] = set()
        for rows in _by_statement(relations):
            line = self._relation_change(rows)
            told |= {
                (row["to_policy_id"], wording.participle(row["relation"]), line.is_partial, row["event_date"])
                for row in rows
            }
            lines.setdefault(line.anchor, line)
        for row in events:
            line = self._event_change(row)
            if (row["policy_id"], line.verb, line.is_partial, row["event_date"]) not in told:
                lines.setdefault(line.anchor, line)
        for row in withdrawals:
            line = self._withdrawal(row)
            lines.setdefault(line.anchor, line)
        moved = {
            line.policy_id or line.document_id
            for line in lines.values()
            if line.verb.split()[0] in ("withdrawn", "reinstated")
        }
        for row in versions:
            about = row["policy_id"] or row["document_id"]
            if about in moved and set(row["changed_fields"] or ()) <= _WITHDRAWAL_FIELDS:
                continue
            line = self._version_change(row)
            lines.setdefault(line.anchor, line)
        return tuple(sorted(lines.values(), key=_change_order))

    def _relation_change(self, rows: Sequence[Row]) -> ChangeLine:
        """The line of what one statement does to one policy."""
        row = rows[0]
        verb = wording.listing([wording.participle(relation) for relation in _in_order(rows)])
        target = self.policies.get(row["to_policy_id"] or "")
        what = self._reference(row["to_policy_id"], row["to_identifier"])
        by = self._reference(row["from_policy_id"], row["from_identifier"])
        target_key = row["to_policy_id"] or row["to_identifier"] or row["relation_id"]
        actor_key = row["from_policy_id"] or row["from_identifier"] or row["relation_id"]
        return ChangeLine(
            anchor=wording.anchor(
                "change", target_key, *verb.split(), *(["in-part"] if row["is_partial"] else []), actor_key
            ),
            verb=verb,
            is_partial=row["is_partial"],
            inferred_from=wording.inferred_from(row["confidence"], row["source_field"]),
            **self._when(row, row["from_policy_id"]),
            policy_id=row["to_policy_id"],
            document_id=None,
            what=what or Reference(title="a policy that is not named", url=None),
            by=by,
            quote=_quote(row["quote"]),
            note=None,
            fields=(),
            evidence_id=row["evidence_id"],
            **_weight(target),
        )

    def _event_change(self, row: Row) -> ChangeLine:
        verb = wording.event_happened(row["event"], row["source_field"])
        return ChangeLine(
            anchor=wording.anchor("change", row["policy_id"], row["event"], row["event_date"].isoformat()),
            verb=verb,
            is_partial=row["event"].startswith("partly_"),
            inferred_from=None,
            **self._when(row, row["by_policy_id"]),
            policy_id=row["policy_id"],
            document_id=None,
            what=self._reference(row["policy_id"]) or Reference(title=row["policy_id"], url=None),
            by=self._reference(row["by_policy_id"]),
            quote=_quote(row["quote"]),
            note=wording.first_sentence(row["note"]),
            fields=(),
            evidence_id=row["evidence_id"],
            **_weight(self.policies.get(row["policy_id"])),
        )

    def _when(self, row: Row, actor_id: str | None) -> dict[str, Any]:
        """How a change shows in the week, its day, and the dates that tell why it is told now."""
        acted: date | None = row["event_date"]
        published: date | None = row["published_date"]
        dates = [] if acted is None else [(self._acted_label(actor_id, acted), acted)]
        if published is not None and (acted is None or published > acted):
            dates.append(("published_now" if row["appearance"] == "published" else "published", published))
        if row["appearance"] == "seen":
            dates.append(("seen_now", row["known_day"]))
        told = _dated_words(dates)
        return {"appearance": row["appearance"], "day": acted or told[0].day, "dates": told}

    def _acted_label(self, actor_id: str | None, day: date) -> str:
        known = self.dates.get(actor_id or "", {})
        return next((event for event in ("signed", "published", "effective") if day in known.get(event, ())), "dated")

    def _withdrawal(self, row: Row) -> ChangeLine:
        return ChangeLine(
            anchor=wording.anchor("change", row["document_id"], "withdrawn", row["event_date"].isoformat()),
            verb="withdrawn",
            is_partial=False,
            inferred_from=None,
            **self._when({**row, "published_date": None}, None),
            policy_id=None,
            document_id=row["document_id"],
            what=_reference(row),
            by=None,
            quote=None,
            note=wording.first_sentence(row["note"]),
            fields=(),
            evidence_id=row["evidence_id"],
            **_own_weight(row),
        )

    def _version_change(self, row: Row) -> ChangeLine:
        return ChangeLine(
            anchor=wording.anchor("change", row["document_id"], row["source_id"], str(row["version_no"])),
            verb=_GONE.get(row["availability"], "changed at the source"),
            is_partial=False,
            inferred_from=None,
            appearance="now",
            day=row["seen_day"],
            dates=_dated_words([("seen", row["seen_day"])]),
            policy_id=row["policy_id"],
            document_id=row["document_id"],
            what=_reference(row),
            by=None,
            quote=None,
            note=wording.first_sentence(row["note"]),
            fields=_field_changes(row, self.week.until.year),
            evidence_id=row["evidence_id"],
            **_own_weight(row),
        )

    # ---- what is due

    def _due_policy(self, row: Row) -> DueLine:
        status, since = self.statuses.get(row["policy_id"], (None, None))
        ended = (status, since) if status in _ENDED else None
        return self._due(row, self.policies[row["policy_id"]], row["policy_id"], None, ended)

    def _due_document(self, row: Row) -> DueLine:
        since = row["withdrawn_date"]
        ended = ("withdrawn", since) if since and since <= self.week.until else None
        return self._due(row, row, None, row["document_id"], ended)

    def _due(
        self,
        row: Row,
        about: Row,
        policy_id: str | None,
        document_id: str | None,
        ended: tuple[str | None, date | None] | None,
    ) -> DueLine:
        day: date = row["event_date"]
        days = (day - self.week.until).days
        void = None
        if ended is not None and (ended[1] is None or ended[1] <= day):
            void = wording.words(ended[0]) + (f" {wording.day(ended[1], self.week.until.year)}" if ended[1] else "")
        return DueLine(
            anchor=wording.anchor(
                "due", row.get("obligation_id") or policy_id or document_id or "", row["event"], day.isoformat()
            ),
            day=day,
            days=days,
            label=wording.duty(row["actor"], row["action"])
            if row["event"] == "duty"
            else wording.due_label(row["event"], is_past=days <= 0),
            policy_id=policy_id,
            document_id=document_id,
            what=_reference(about, name=_official_name(about)),
            instrument=wording.instrument(about["instrument"], about["document_type"]),
            instrument_code=about["instrument"],
            agencies=_agencies(about["agency_names"]),
            void=void,
            evidence_id=row["evidence_id"],
            **_place(about),
        )

    # ---- money

    def _money(
        self, new_ids: Sequence[str], others: Sequence[Row], versions: Sequence[Row]
    ) -> tuple[Group[AmountLine], ...]:
        members = self.ask(queries.MEMBERS, policy_ids=new_ids)
        document_ids = sorted({row["document_id"] for row in (*members, *others, *versions)})
        grouped: dict[tuple[str, str], list[AmountLine]] = defaultdict(list)
        for row in self.ask(queries.AMOUNTS, document_ids=document_ids, known_at=self.known_at):
            line = AmountLine(
                anchor=wording.anchor("money", row["amount_id"]),
                document_id=row["document_id"],
                amount_kind=wording.words(row["kind"]),
                label=wording.amount_label(row["kind"], row["source_field"]),
                currency=row["currency"],
                low=row["low"],
                high=row["high"],
                figure=_figure(row),
                as_stated=wording.plain(row["raw_text"] or "", wording.MAX_ABSTRACT_CHARS),
                what=_reference(row),
                evidence_id=row["evidence_id"],
            )
            currency = wording.plain(line.currency, 12) if line.currency else "currency not stated"
            grouped[line.amount_kind, currency].append(line)
        return tuple(
            Group(
                key=wording.anchor("money", kind, currency),
                title=f"{wording.amount_heading(kind)}, {currency}",
                lines=tuple(lines),
            )
            for (kind, currency), lines in grouped.items()
        )

    def _money_read(self, sources: Sequence[SourceWeek], money: Sequence[Group[AmountLine]]) -> MoneyRead:
        stated = self.ask(queries.MONEY_READ, prose=queries.PROSE, known_at=self.known_at)
        stating = {row["source_id"] for row in stated if not row["is_prose"]}
        looked = {source.source_id for source in sources if source.checked_days}
        told = self._cited([line.evidence_id for group in money for line in group.lines], ())
        blind = [source for source in sources if source.source_id in stating - looked]
        return MoneyRead(
            sources=tuple(wording.looked_at(source) for source in sources if source.source_id in stating & looked),
            later=tuple(source.what.title for source in blind if source.source_id in told),
            unseen=tuple(source.what.title for source in blind if source.source_id not in told),
            is_prose_read=any(row["is_prose"] and row["source_id"] in looked for row in stated),
        )

    # ---- what stands

    def _standing(self) -> tuple[StatusCount, ...]:
        rows = self.ask(
            queries.STANDING,
            until=self.week.until.isoformat(),
            before=(self.week.since - timedelta(1)).isoformat(),
            known_at=self.known_at,
            statuses=STANDING,
        )
        return tuple(StatusCount(wording.words(row["status"]), row["now"], row["before"]) for row in rows)

    # ---- the run of the weeks and of the year

    def _run(self) -> tuple[WeekCount, ...]:
        mondays = [self.week.since - timedelta(7 * back) for back in reversed(range(RUN_WEEKS))]
        rows = self.ask(
            queries.RUN,
            mondays=mondays,
            first_events=queries.FIRST_EVENTS,
            change_events=queries.CHANGE_EVENTS,
            checked=CHECKED,
            known_at=self.known_at,
        )
        return tuple(
            WeekCount(week=f"{row['since']:%G-W%V}", new=row["new"], changed=row["changed"], is_seen=row["is_seen"])
            for row in rows
        )

    def _money_run(self) -> tuple[MoneyRun, ...]:
        year_begin = self.week.until.replace(month=1, day=1)
        rows = self.ask(
            queries.MONEY_RUN,
            kinds=queries.MONEY_KINDS,
            prose=queries.PROSE,
            begin=min(year_begin, self.week.since - timedelta(7)),
            year_begin=year_begin,
            **self.bounds,
        )
        return tuple(
            MoneyRun(
                kind=wording.words(row["kind"]),
                currency=wording.plain(row["currency"], 12),
                week=MoneySum(row["week_documents"], row["week_total"]),
                last_week=MoneySum(row["last_documents"], row["last_total"]),
                year=MoneySum(row["year_documents"], row["year_total"]),
            )
            for row in rows
        )

    # ---- what was looked at

    def _sources(self) -> tuple[SourceWeek, ...]:
        looks: dict[str, dict[date, Row]] = defaultdict(dict)
        looked_at = "infinity" if self.looked_at is None else self.looked_at.isoformat()
        coverage = self.ask(queries.COVERAGE, checked=CHECKED, **{**self.bounds, "known_at": looked_at})
        for row in coverage:
            looks[row["source_id"]][row["day"]] = row
        last = {
            row["source_id"]: row["day"]
            for row in self.ask(queries.LAST_CHECKED, until=self.week.until, checked=CHECKED, known_at=looked_at)
        }
        crawl_ids = sorted({row["crawl_id"] for row in coverage if row["crawl_id"]})
        rejected: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for row in self.ask(queries.QUARANTINED, crawl_ids=crawl_ids, known_at=self.known_at):
            rejected[row["source_id"]].append((wording.plain(row["error"], 80), row["records"]))
        return tuple(
            SourceWeek(
                source_id=row["source_id"],
                what=Reference(title=wording.plain(row["title"]), url=wording.safe_url(row["page"])),
                licence=wording.licence(row["licence"] or "licence not stated"),
                days=tuple(_look(day, looks[row["source_id"]].get(day)) for day in self.week.days()),
                last_checked=last.get(row["source_id"]),
                quarantined=sum(number for _, number in rejected[row["source_id"]]),
                quarantine_reasons=tuple(rejected[row["source_id"]]),
                is_snapshot=row["is_snapshot"],
                jurisdiction=wording.jurisdiction(row["jurisdiction"]),
                is_documented=row["is_documented"],
            )
            for row in self.ask(queries.SOURCES)
        )


def summary(digest: Digest) -> str:
    """One sentence of counts; says nothing that is not counted."""
    sources = sources_sentence(digest.sources)
    live = [line for line in digest.coming if line.void is None]
    horizon = f"in the next {SOON_DAYS} days"
    coming = wording.count(len(live), f"deadline {horizon}", f"deadlines {horizon}")
    if digest.item_count == 0:
        return f"0 items, {sources}{f'; {coming}' if live else ''}."
    sizes = {group.key: len(group.lines) for group in digest.new}
    tracks = sum(size for key, size in sizes.items() if key.startswith("track-"))
    revoked = [line for line in digest.current_changes if "revoked" in line.verb.split()]
    ended = sum(not line.is_partial for line in revoked)
    cut = len(revoked) - ended
    parts = [wording.count(tracks, "new policy", "new policies")]
    counted = (
        (sizes.get("side-published", 0), "earlier one published", "earlier ones published"),
        (sizes.get("side-also", 0), "other publication", None),
        (sizes.get("side-late", 0), "earlier item seen only now", "earlier items seen only now"),
        (ended, "revocation", None),
        (cut, "revocation in part", "revocations in part"),
        (len(digest.current_changes) - ended - cut, "other change" if ended + cut else "change", None),
        (
            len(digest.late_changes),
            "earlier change published or first seen this week",
            "earlier changes published or first seen this week",
        ),
        (len(digest.passed), "date passed", "dates passed"),
    )
    parts += [wording.count(number, one, many) for number, one, many in counted if number]
    fixed = len(digest.corrections)
    parts += [wording.count(fixed, "correction to earlier issues", "corrections to earlier issues")] if fixed else []
    parts += [coming] if live else []
    ahead = sum(line.void is None for line in (*digest.later, *digest.ahead))
    parts += [wording.count(ahead, "deadline further ahead", "deadlines further ahead")] if ahead else []
    return f"{', '.join(parts)}; {sources}."


def sources_sentence(sources: Sequence[SourceWeek]) -> str:
    """How many sources were looked at on all seven days, which on some of them, and which on none."""
    total = wording.count(len(sources), "source")
    whole = [source for source in sources if source.is_checked]
    partly = [source for source in sources if source.checked_days and not source.is_checked]
    unasked = [source for source in sources if source.is_unasked]
    blind = [source for source in sources if not source.checked_days and not source.is_unasked]
    if not partly and not blind and not unasked:
        return f"{len(whole)} of {total} checked"
    if len(unasked) == len(sources):
        return f"0 of {total} checked: this week was never asked for"
    looks = [wording.partly_looked(source) for source in partly]
    if len(partly) == len(sources) and len(set(looks)) == 1:
        return f"{len(partly)} of {total} checked in part ({looks[0]})"
    told = [f"{len(whole)} of {total} checked in full"]
    if partly:
        names = [f"{source.what.title} {look}" for source, look in zip(partly, looks, strict=True)]
        told.append(f"{len(partly)} in part ({'; '.join(names)})")
    if blind:
        reasons: dict[str, list[str]] = defaultdict(list)
        for source in blind:
            reasons[wording.not_looked(source)].append(source.what.title)
        names = [f"{why}: {wording.listing(titles)}" for why, titles in reasons.items()]
        told.append(f"{len(blind)} not at all ({'; '.join(names)})")
    if unasked:
        # Their names stand in one line below, not in the sentence that all read.
        told.append(f"{len(unasked)} not asked")
    return ", ".join(told)


def _by_statement(relations: Iterable[Row]) -> Iterable[list[Row]]:
    """Relations between the same two ends that one quote states, e.g. "rescinds and replaces", stand together."""
    ends = ("from_policy_id", "from_identifier", "to_policy_id", "to_identifier", "is_partial", "event_date", "quote")
    stated: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in relations:
        key = tuple(row[name] for name in ends) if row["quote"] else (row["relation_id"],)
        stated[key].append(row)
    return stated.values()


def _in_order(rows: Iterable[Row]) -> list[str]:
    """Relations by what they do, the most decisive first."""
    return sorted({row["relation"] for row in rows}, key=queries.ACTS.index)


def _ids(*answers: Iterable[Row]) -> list[str]:
    columns = ("policy_id", "from_policy_id", "to_policy_id", "by_policy_id")
    found = {row.get(column) for rows in answers for row in rows for column in columns}
    return sorted(policy_id for policy_id in found if policy_id)


def _reference(row: Row, name: str | None = None) -> Reference:
    return Reference(
        title=wording.plain(row["title"] or "") or name or "without a title",
        url=wording.safe_url(row["url"]),
        name=name,
        language=wording.language(row["language"]),
    )


def _official_name(row: Row) -> str | None:
    """The number people know a presidential document by; other instruments go by their title."""
    for stated in row.get("identifiers") or ():
        if stated["scheme"] in ("eo", "proclamation"):
            return wording.identifier(stated["scheme"], stated["value"])
    return None


def _agencies(names: Sequence[str] | None) -> tuple[str, ...]:
    shown = [wording.plain(name, 120) for name in names or () if name]
    if len(shown) > AGENCIES_SHOWN:
        return (*shown[:AGENCIES_SHOWN], f"{len(shown) - AGENCIES_SHOWN} more")
    return tuple(shown)


def _dated_words(dates: Iterable[tuple[str, date | None]], appeared: Row | None = None) -> tuple[DatedWord, ...]:
    """Dates in the order they are told, those of one day joined: "signed and effective".

    ``appeared`` holds why an earlier item is told now, so that it does not read as it did in its own week.
    """
    why = None if appeared is None else appeared["appearance"]
    told = [("published_now" if event == "published" and why == "published" else event, day) for event, day in dates]
    if appeared is not None and why == "late":
        told.append(("seen_now", appeared["seen_day"]))
    labels: dict[date, list[str]] = {}
    for event, day in told:
        if day is not None:
            labels.setdefault(day, []).append(wording.date_label(event))
    for names in labels.values():
        names.sort(key=lambda name: name.endswith(", on"))
    return tuple(DatedWord(label=wording.listing(list(dict.fromkeys(names))), day=day) for day, names in labels.items())


def _new_document(row: Row) -> NewLine:
    dates = [
        ("filed", row["filed_date"]),
        ("signed", row["signed_date"]),
        ("published", row["published_date"]),
        ("effective", row["effective_date"]),
        ("comment_closes", row["comments_close_date"]),
        ("closes", row["closes_date"]),
    ]
    return NewLine(
        anchor=wording.anchor("new", row["document_id"]),
        appearance=row["appearance"],
        policy_id=None,
        document_id=row["document_id"],
        what=_reference(row),
        instrument=wording.instrument(row["instrument"], row["document_type"]),
        instrument_code=row["instrument"],
        agencies=_agencies(row["agency_names"]),
        jurisdiction=wording.jurisdiction(row["jurisdiction"]),
        track="",
        dates=_dated_words(dates, row),
        abstract=wording.first_sentence(row["abstract"]),
        is_abstract_quoted=False,
        status=None,
        status_since=None,
        deeds=(),
        relevance=row["relevance"],
        is_significant=row["is_significant"],
        evidence_id=row["evidence_id"],
    )


def _quote(text: str | None) -> str | None:
    return wording.plain(text, wording.MAX_QUOTE_CHARS) if text and text.strip() else None


def _weight(policy: Row | None) -> dict[str, Any]:
    """How much a changed policy matters; one that the edition does not hold matters least."""
    if policy is None:
        return {"instrument": "", "instrument_code": None, "is_ai": False, "relevance": 0, **_place({})}
    return {**_own_weight(policy), "is_ai": policy["is_ai"]}


def _own_weight(row: Row) -> dict[str, Any]:
    """How much a changed publication matters by itself."""
    return {
        "instrument": wording.instrument(row["instrument"], row["document_type"]),
        "instrument_code": row["instrument"],
        "is_ai": row["relevance"] >= 1,
        "relevance": row["relevance"],
        **_place(row),
    }


def _place(row: Row) -> dict[str, str]:
    """Where a line is filed: the track of its policy, if it has one, and the jurisdiction in words."""
    track = row.get("track")
    return {
        "track": wording.track_of(track) if track or row.get("policy_id") else "",
        "jurisdiction": wording.jurisdiction(row.get("jurisdiction")),
    }


def _figure(row: Row) -> str:
    """An amount; a bound that the field's name already tells is not told twice."""
    low, high = row["low"], row["high"]
    if row["source_field"] in _ONE_BOUND and (low is None) != (high is None):
        low = high = low if high is None else high
    return wording.figure(low, high, row["currency"], row["qualifier"])


def _field_changes(row: Row, year: int) -> tuple[FieldChange, ...]:
    stated = {change["field"]: change for change in json.loads(row["field_diff"] or "[]")}
    return tuple(
        _field_change(name, stated.get(name), year) for name in dict.fromkeys([*(row["changed_fields"] or ()), *stated])
    )


def _field_change(name: str, change: Mapping[str, Any] | None, year: int) -> FieldChange:
    if change is None or name in _UNSHOWN_FIELDS:
        return FieldChange(field=wording.field_label(name), before=None, after=None, is_shown=False)
    return FieldChange(
        field=wording.field_label(name),
        before=_value(change.get("before"), year),
        after=_value(change.get("after"), year),
        is_shown=True,
    )


def _value(value: object, year: int) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, list):
        return wording.plain(", ".join(_value(part, year) for part in value), 120)
    if not isinstance(value, str):
        return wording.plain(json.dumps(value, sort_keys=True, ensure_ascii=False), 120)
    try:
        return wording.day(date.fromisoformat(value), year)
    except ValueError:
        return wording.plain(value, 120)


def _look(day: date, row: Row | None) -> DayLook:
    if row is None:
        return DayLook(day=day, outcome="not_asked", found=None, official_count=None, reason=None)
    return DayLook(
        day=day,
        outcome=row["outcome"],
        found=row["found"],
        official_count=row["official_count"],
        reason=_quote(row["reason"]),
    )


def _importance(line: NewLine) -> tuple[object, ...]:
    return (
        wording.instrument_rank(line.instrument_code),
        -line.relevance,
        not line.is_significant,
        line.what.title,
        line.anchor,
    )


def _change_order(line: ChangeLine) -> tuple[object, ...]:
    return (
        line.document_id is not None,
        not line.is_ai,
        wording.instrument_rank(line.instrument_code),
        -line.relevance,
        line.day,
        line.what.title,
        line.anchor,
    )


def _top(new: Sequence[Group[NewLine]], changes: Sequence[ChangeLine]) -> tuple[NewLine | ChangeLine, ...]:
    """The most binding first; an edit at the source is no news of this rank."""

    def candidates() -> Iterator[NewLine | ChangeLine]:
        yield from (line for group in new for line in group.lines)
        yield from (line for line in changes if line.is_ai and line.verb != "changed at the source")

    def order(line: NewLine | ChangeLine) -> tuple[object, ...]:
        is_change = isinstance(line, ChangeLine)
        return (wording.instrument_rank(line.instrument_code), -line.relevance, is_change, line.what.title, line.anchor)

    return tuple(sorted(candidates(), key=order)[:TOP_LINES])
