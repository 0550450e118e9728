"""Reads one week out of an edition: which lines it tells, and in which order.

Belongs here: selection, and lines that need to know the policies of the week. Does not belong here: SQL (queries.py),
as of when (known.py), what one row tells (lines.py), money (money.py), looks (coverage.py), wording, mark-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.digest import press, queries, wording
from pipelines.digest.coverage import read_run, read_sources, with_cited
from pipelines.digest.known import View, lay_known, opened
from pipelines.digest.lines import (
    agencies,
    by_statement,
    dated_words,
    field_changes,
    in_order,
    new_document,
    official_name,
    own_weight,
    place,
    policy_ids_of,
    quoted,
    reference,
    said_of,
    weight,
)
from pipelines.digest.model import (
    ArchivedCopy,
    ChangeLine,
    DatedWord,
    Deed,
    Digest,
    DueLine,
    Group,
    Key,
    NewLine,
    Reference,
    StatusCount,
    Week,
)
from pipelines.digest.money import read_money, read_money_run, read_where
from pipelines.digest.proof import Line
from pipelines.digest.queries import Row
from pipelines.digest.ranking import change_order, importance, top
from pipelines.digest.same_facts import same_deed
from pipelines.digest.sentences import first_sentence
from pipelines.digest.summary import SOON_DAYS, summary
from pipelines.digest.words import read_words
from pipelines.news import HISTORY_DAYS
from scrapers.contact import contact, site_address

HORIZON_DAYS = 90
STANDING = ("in_force", "partly_in_force", "suspended", "not_enforced", "published", "proposed", "announced")
"""Statuses that the table of standing counts; what has ended is told in the week it ends."""
TARGETS_SHOWN = 5
_WITHDRAWAL_FIELDS = {"availability", "withdrawn_date", "withdrawal_note"}
_DATES_SHOWN = ("filed", "proposed", "announced", "signed", "published", "effective", "opens")
_CLOSINGS = ("comment_closes", "closes")
_ENDED = ("revoked", "superseded", "withdrawn", "lapsed")
_SAID_BY_DATES = ("published", "announced", "unknown")
"""Statuses that say no more than the dates of a line."""
_EVER = Week("ever", date.min, date(9000, 1, 1))
"""All days, for what an edition tells of something whatever the week."""
_GONE = {"withdrawn": "withdrawn at the source", "gone": "gone at the source", "redirected": "redirected at the source"}
_SIDE_GROUPS = {
    "statements": wording.STATEMENTS,
    "published": "Published this week, signed, filed or announced earlier",
    "also": "Also published",
    "late": "Dated earlier, first seen or changed by its source this week",
    "undated": "Without a day of its own, first seen this week",
}


def read_digest(
    edition: Path,
    week: Week,
    as_of: datetime | None,
    looks: Path | None = None,
    looked_until: datetime | None = None,
    edited: Sequence[Row] = (),
) -> Digest:
    """Everything the digest of a week says, as known at ``as_of``; looks after ``looked_until`` do not count.

    ``edited`` are items of `read_overlooked` that an edit of the week made news of it.

    Raises ValueError for an ``as_of`` without a time zone and FileNotFoundError where the folder holds no edition.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError(f"expected as_of with a time zone, got {as_of.isoformat()}; give an instant such as ...+00:00")
    as_of = None if as_of is None else as_of.astimezone(UTC)
    with opened(edition, looks) as connection:
        if as_of is not None:
            lay_known(connection, as_of)
        looked_at = min(filter(None, (as_of, looked_until)), default=None)
        return _Reader(View(connection, week, looked_at)).read(as_of, edited)


def read_facts(edition: Path, abouts: Set[str]) -> tuple[Line, ...]:
    """All that an edition tells of policies and documents, by their ids or identifiers, on whatever days.

    What a new line says of its policy's status is left out: it is of no day. Raises FileNotFoundError where the folder
    holds no edition.
    """
    if not abouts:
        return ()
    with opened(edition, None) as connection:
        return _Reader(View(connection, _EVER, None)).read_facts(abouts)


def read_overlooked(edition: Path, since: date, week: Week) -> tuple[Overlooked, ...]:
    """Items of the days from one on up to a week, seen before it, as the edition tells them now.

    What a backfill or a new source brought in is none of them. Raises FileNotFoundError where the folder holds no
    edition.
    """
    before = Week("before", since, week.since - timedelta(1))
    with opened(edition, None) as connection:
        return _Reader(View(connection, before, None)).read_overlooked(week)


def read_changes(edition: Path, since: date, week: Week) -> tuple[ChangeLine, ...]:
    """What changed from a day on up to a week's end and was known by then, in whichever issue it stands.

    What a backfill or a new source brought in is none of it. Raises FileNotFoundError where the folder holds no
    edition.
    """
    with opened(edition, None) as connection:
        return _Reader(View(connection, replace(week, since=since), None)).read_changes()


def origins(edition: Path, ids: Iterable[str], after: datetime) -> dict[str, Row]:
    """What became of policies and documents of an edition after a moment, by their ids."""
    with opened(edition, None) as connection:
        rows = queries.ask(connection, queries.ORIGINS, ids=sorted(set(ids)), after=after)
    return {row["id"]: row for row in rows}


def statuses_on(edition: Path, asked: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """Statuses in words of policies of an edition on days gone by, by policy and day; ``asked`` are policies by day."""
    told = {}
    with opened(edition, None) as connection:
        for day, ids in sorted(asked.items()):
            connection.execute(queries.STATUSES, {"day": day})
            for row in queries.ask(connection, queries.POLICY_STATUSES, policy_ids=sorted(ids)):
                told[row["policy_id"], day] = wording.words(row["status"])
    return told


@dataclass(frozen=True)
class Overlooked:
    """An item of days gone by, which earlier issues may not have told."""

    line: NewLine
    day: date
    """From which on it could have been told."""
    edited: Row | None
    """What makes it news of the week, where its source edited it in it."""


class _Reader:
    """One pass over an edition for one week."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.ask = view.ask
        self.week = view.week
        self.bounds = view.bounds
        self.policies: dict[str, Row] = {}
        self.dates: dict[str, dict[str, tuple[date, date]]] = defaultdict(dict)
        self.statuses: dict[str, tuple[str, date | None]] = {}
        self.told_of: dict[str, list[str]] = defaultdict(list)

    def read(self, as_of: datetime | None, edited: Sequence[Row]) -> Digest:
        [edition] = self.ask(queries.EDITION)
        horizon = {"horizon": self.week.until + timedelta(HORIZON_DAYS)}
        appeared = self._appeared()
        is_told_new = {row["about"] for row in edited}
        in_its_own_way = {row["policy_id"] for row in appeared}
        edited = [row for row in edited if row["about"] not in in_its_own_way]
        appeared += (row for row in edited if "policy_id" in row)
        relations, events, withdrawals, versions = self._befell()
        versions = [row for row in versions if (row["policy_id"] or row["document_id"]) not in is_told_new]
        due = self.ask(queries.DUE_POLICIES, due_events=queries.DUE_EVENTS, **horizon, **self.bounds)
        duties = self.ask(queries.DUTIES, **horizon, **self.bounds)
        lapsing = self.ask(
            queries.LAPSING, end_events=queries.END_EVENTS, known_until=self.week.until, **horizon, **self.bounds
        )
        new_ids = [row["policy_id"] for row in appeared]
        deeds = self.ask(queries.DEEDS, policy_ids=new_ids, acts=queries.ACTS, until=self.week.until)
        told_of = self.ask(queries.TOLD_OF, policy_ids=new_ids)
        asked_of = policy_ids_of(appeared, relations, events, due, duties, deeds, lapsing, told_of)
        self._learn(asked_of)
        self._learn_statuses(asked_of)
        for row in told_of:
            self.told_of[row["from_policy_id"]].append(row["to_policy_id"])

        others = [*self.ask(queries.OTHER_DOCUMENTS, **self.bounds), *(row for row in edited if "policy_id" not in row)]
        new = press.folded(self._new(appeared, others, deeds))
        changes = self._changes(relations, events, withdrawals, versions)
        due_lines = [
            # What had not begun by the week's end was no deadline then, whatever a later edition knows.
            *(self._due_policy(row) for row in (*due, *duties) if row["policy_id"] in self.statuses),
            *map(self._due_document, self.ask(queries.DUE_DOCUMENTS, **horizon, **self.bounds)),
        ]
        due_lines.sort(key=lambda line: (line.day, line.what.title, line.anchor))
        sources = read_sources(self.view)
        money = read_money(self.view, new_ids, (*others, *versions))
        digest = Digest(
            week=self.week,
            edition_id=edition["edition_id"],
            as_of=as_of,
            is_sample=edition["is_sample"],
            summary="",
            contact=contact(),
            site=site_address(),
            top=top(new, changes, due_lines),
            new=new,
            changes=changes,
            passed=tuple(line for line in due_lines if line.days <= 0),
            coming=tuple(line for line in due_lines if 0 < line.days <= SOON_DAYS),
            later=tuple(line for line in due_lines if SOON_DAYS < line.days <= HORIZON_DAYS),
            ahead=tuple(line for line in due_lines if line.days > HORIZON_DAYS),
            money=money,
            money_read=read_where(self.view, sources, money),
            sources=sources,
            run=read_run(self.view),
            standing=self._standing(),
            lapsing=tuple(self._due_policy(row) for row in lapsing if row["policy_id"] in self.statuses),
            money_run=read_money_run(self.view),
        )
        leads = [row["lead_document_id"] for row in self.policies.values()]
        return replace(
            digest,
            summary=summary(digest),
            sources=with_cited(self.view, digest, leads),
            copies=self._copies(digest),
            words=self._words(digest),
        )

    def read_facts(self, abouts: Set[str]) -> tuple[Line, ...]:
        """The lines about some policies and documents, in no order that matters."""

        def asked(rows: Iterable[Row]) -> list[Row]:
            names = ("policy_id", "document_id", "to_policy_id", "to_identifier")
            return [row for row in rows if not abouts.isdisjoint({row.get(name) for name in names})]

        horizon = {"horizon": self.week.until}
        appeared = asked(self._appeared())
        relations, events, withdrawals, versions = map(asked, self._befell())
        due = asked(self.ask(queries.DUE_POLICIES, due_events=queries.DUE_EVENTS, **horizon, **self.bounds))
        due += asked(self.ask(queries.DUTIES, **horizon, **self.bounds))
        ever = {"since": self.week.since, "until": self.week.since, "known_until": self.week.until}
        due += asked(self.ask(queries.LAPSING, end_events=queries.END_EVENTS, **horizon, **ever))
        self._learn(policy_ids_of(appeared, relations, events, due))
        others = asked(self.ask(queries.OTHER_DOCUMENTS, **self.bounds))
        money = read_money(self.view, [row["policy_id"] for row in appeared], [{"document_id": one} for one in abouts])
        return (
            *(self._new_policy(row, ()) for row in appeared),
            *map(new_document, others),
            *self._changes(relations, events, withdrawals, ()),
            *map(self._version_change, versions),
            *map(self._due_policy, due),
            *map(self._due_document, asked(self.ask(queries.DUE_DOCUMENTS, **horizon, **self.bounds))),
            *(line for group in money for line in group.lines),
        )

    def read_overlooked(self, week: Week) -> tuple[Overlooked, ...]:
        """What appeared in the days of this view and was seen before a week, with the week's edits."""
        appeared, others = self._appeared(), self.ask(queries.OTHER_DOCUMENTS, **self.bounds)
        self._learn(policy_ids_of(appeared))
        told = [(row["policy_id"], row) for row in appeared if self.policies[row["policy_id"]]["is_ai"]]
        told += [(row["document_id"], row) for row in others]
        asked = {"abouts": [about for about, _ in told], "since": week.since, "until": week.until}
        seen = {
            row["about"]: row
            for row in self.ask(queries.SEEN, **asked)
            if row["is_news"] and row["seen_day"] < week.since
        }
        told = [(about, row) for about, row in told if about in seen]
        if policies := [about for about, row in told if "policy_id" in row]:
            self._learn_statuses(policies)
        found = []
        for about, row in told:
            known = seen[about]
            line = self._new_policy(row, ()) if "policy_id" in row else new_document(row)
            # It may be signed or published on days to come, too.
            day = max([known["seen_day"], *(one for one in self._appeared_on(row) if one <= self.week.until)])
            edit = {"about": about, "appearance": "late", "seen_day": known["edited_day"], "is_edited": True}
            found.append(Overlooked(line, day, {**row, **edit} if known["edited_day"] else None))
        return tuple(found)

    def read_changes(self) -> tuple[ChangeLine, ...]:
        """The changes of the days of this view, but for those that only became known after them or are history."""

        def was_news(row: Row) -> bool:
            days = [day for day in (row["event_date"], row.get("published_date")) if day]
            is_recent = bool(days) and max(days) + timedelta(HISTORY_DAYS) >= row["known_day"]
            return row["known_day"] <= self.week.until and (row["is_news"] or is_recent)

        *deeds, versions = self._befell()
        relations, events, withdrawals = (list(filter(was_news, rows)) for rows in deeds)
        self._learn(policy_ids_of(relations, events, versions))
        return self._changes(relations, events, withdrawals, versions)

    def _appeared(self) -> list[Row]:
        asked = {"first_events": queries.FIRST_EVENTS, "acts": queries.ACTS}
        return self.ask(queries.NEW_POLICIES, **asked, **self.bounds)

    def _appeared_on(self, row: Row) -> list[date]:
        """The days on which a policy or a publication is told as new."""
        if "policy_id" not in row:
            return [row["day"]] if row["day"] else []
        known = self.dates[row["policy_id"]]
        return [known[event][0] for event in queries.FIRST_EVENTS if event in known]

    def _befell(self) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
        """Relations, events, withdrawals and new versions."""
        self.view.connection.execute(queries.WEEK_NEWS, self.bounds)
        late_bounds = {**self.bounds, "recent_days": HISTORY_DAYS}
        return (
            self.ask(queries.RELATION_CHANGES, acts=queries.ACTS, **late_bounds),
            self.ask(queries.EVENT_CHANGES, change_events=queries.CHANGE_EVENTS, **late_bounds),
            self.ask(queries.DOCUMENT_WITHDRAWALS, **late_bounds),
            self.ask(queries.VERSION_CHANGES, **self.bounds),
        )

    def _words(self, digest: Digest) -> dict[str, str]:
        """The words of everything that lines are about, and of those who acted on it."""
        lines = _lines(digest)
        acting = {line.by_policy_id for line in digest.changes}
        policies = {line.policy_id for line in lines} | acting
        documents = {line.document_id for line in lines if line.policy_id is None}
        return read_words(self.view, *({one for one in ids if one} for ids in (policies, documents)))

    def _copies(self, digest: Digest) -> dict[str, ArchivedCopy]:
        """The archived bytes behind every line."""
        amounts = [line for group in digest.money for line in group.lines]
        asked = sorted({line.evidence_id for line in (*_lines(digest), *amounts) if line.evidence_id})
        return {
            row["evidence_id"]: ArchivedCopy(row["payload_sha256"], wording.safe_url(row["source_url"]))
            for row in self.ask(queries.HASHES, evidence_ids=asked)
        }

    def _learn(self, policy_ids: Sequence[str]) -> None:
        """Look up each policy once; every reference is made from what is found here."""
        self.policies = {row["policy_id"]: row for row in self.ask(queries.POLICIES, policy_ids=policy_ids)}
        for row in self.ask(queries.POLICY_DATES, policy_ids=policy_ids):
            self.dates[row["policy_id"]][row["event"]] = (row["first_date"], row["last_date"])
        for policy_id, row in self.policies.items():
            known = self.dates[policy_id]
            if row["instrument"] == "statute" and "proposed" in known and self._is_unsigned(known):
                self.policies[policy_id] = {**row, "instrument": "bill"}

    def _is_unsigned(self, known: Mapping[str, tuple[date, date]]) -> bool:
        """Whether what was signed later was not signed by the week's end."""
        return "signed" in known and known["signed"][0] > self.week.until

    def _unforeseen(self, known: Mapping[str, tuple[date, date]], *published: date) -> set[date]:
        """Days after the week that nobody knew in it: of deeds, and of the effect of what was not signed yet.

        What is filed for public inspection states its day of publication.
        """
        events = ["proposed", "announced", "signed", *(["effective"] if self._is_unsigned(known) else [])]
        is_filed = "filed" in known and known["filed"][0] <= self.week.until
        days = [*(known[event][0] for event in events if event in known), *([] if is_filed else published)]
        return {day for day in days if day > self.week.until}

    def _learn_statuses(self, policy_ids: Sequence[str]) -> None:
        """Look up what held of policies at the week's end; the dearest question of all."""
        self.view.connection.execute(queries.STATUSES, {"day": self.week.until.isoformat()})
        for row in self.ask(queries.POLICY_STATUSES, policy_ids=policy_ids):
            self.statuses[row["policy_id"]] = (row["status"], row["since"])

    def _reference(self, policy_id: str | None, identifier: str | None = None) -> Reference | None:
        """A policy by its title, or by the identifier it was named with where the edition does not hold it."""
        row = self.policies.get(policy_id or "")
        if row is not None:
            return reference(row, name=official_name(row))
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
            group = "statements" if line.instrument_code in press.INSTRUMENTS else line.track
            grouped[group if row["appearance"] == "new" else row["appearance"]].append(line)
        for row in others:
            grouped[row["appearance"]].append(new_document(row))
        headings = [(track, wording.anchor("track", track), wording.track_title(track)) for track in wording.TRACKS]
        headings += [(side, f"side-{side}", title) for side, title in _SIDE_GROUPS.items()]
        return tuple(
            Group(key=key, title=title, lines=tuple(sorted(grouped[name], key=importance)))
            for name, key, title in headings
            if grouped[name]
        )

    def _new_policy(self, appeared: Row, deeds: Sequence[Row]) -> NewLine:
        policy_id: str = appeared["policy_id"]
        row = self.policies[policy_id]
        status, since = self.statuses.get(policy_id, ("unknown", None))
        abstract, is_quoted = said_of(row)
        told_of = self.told_of[policy_id] if row["instrument"] in press.INSTRUMENTS else []
        return NewLine(
            keys=_keys_of_new(appeared),
            anchor=wording.anchor("new", policy_id),
            appearance=appeared["appearance"],
            policy_id=policy_id,
            document_id=row["lead_document_id"],
            what=reference(row, name=official_name(row)),
            instrument=wording.instrument(row["instrument"], row["document_type"]),
            instrument_code=row["instrument"],
            agencies=agencies(row),
            jurisdiction=wording.jurisdiction(row["jurisdiction"]),
            track=wording.track_of(row["track"]),
            dates=self._dates(policy_id, appeared),
            abstract=abstract,
            is_abstract_quoted=is_quoted,
            status=None if status in _SAID_BY_DATES else wording.words(status),
            status_since=since,
            deeds=(*self._deeds(deeds), *self._about(told_of)),
            relevance=row["relevance"],
            is_significant=row["is_significant"],
            parties=tuple(wording.plain(party["name"], 120) for party in row["parties"] or ()),
            evidence_id=row["evidence_id"],
            tells_of=tuple(told_of) if press.tells_of_another(row["title"], row["document_type"]) else (),
        )

    def _about(self, told_of: Sequence[str]) -> tuple[Deed, ...]:
        """What press material tells of."""
        targets = [what for what in map(self._reference, told_of) if what is not None]
        shown, left_out = tuple(targets[:TARGETS_SHOWN]), max(0, len(targets) - TARGETS_SHOWN)
        return (Deed("tells of", shown, left_out),) if shown else ()

    def _dates(self, policy_id: str, appeared: Row) -> tuple[DatedWord, ...]:
        known, instrument = self.dates[policy_id], self.policies[policy_id]["instrument"]
        return dated_words(
            [(wording.begins(event, instrument), known[event][0]) for event in _DATES_SHOWN if event in known]
            + [(event, known[event][1]) for event in _CLOSINGS if event in known],
            appeared,
            self._unforeseen(known, *known.get("published", ())[:1]),
        )

    def _deeds(self, rows: Sequence[Row]) -> tuple[Deed, ...]:
        """What a policy does, by verb; targets about AI come first, for long lists are cut."""
        targets: dict[str, list[Reference]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: not weight(self.policies.get(row["to_policy_id"] or ""))["is_ai"]):
            target = self._reference(row["to_policy_id"], row["to_identifier"])
            verb = wording.reserved(
                wording.listing([wording.words(relation) for relation in row["relations"]]),
                is_partial=row["is_partial"],
                inferred_from=wording.inferred_from(row["confidence"], row["source_field"]),
            )
            if row["effect_date"] is not None:
                verb = f"with effect from {wording.day(row['effect_date'], self.week.until.year)} {verb}"
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
        lines = {line.keys: line for line in map(self._relation_change, by_statement(relations))}
        told = {same_deed(key) for keys in lines for key in keys}
        for line in (*map(self._event_change, events), *map(self._withdrawal, withdrawals)):
            if same_deed(line.keys[0]) not in told:
                lines.setdefault(line.keys, line)
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
            lines.setdefault(line.keys, line)
        return tuple(sorted(lines.values(), key=change_order))

    def _relation_change(self, rows: Sequence[Row]) -> ChangeLine:
        """The line of what one statement does to one policy."""
        row = rows[0]
        verb = wording.listing([wording.participle(relation) for relation in in_order(rows)])
        target = self.policies.get(row["to_policy_id"] or "")
        unnamed = Reference(title="a policy that is not named", url=None)
        what = self._reference(row["to_policy_id"], row["to_identifier"]) or unnamed
        if what.url is None:
            # What the edition does not hold is shown where it is told.
            what = replace(what, url=wording.safe_url(row["stating_url"]))
        by = self._reference(row["from_policy_id"], row["from_identifier"])
        target_key = row["to_policy_id"] or row["to_identifier"] or row["relation_id"]
        actor_key = row["from_policy_id"] or row["from_identifier"] or row["relation_id"]
        when = self._when(row, row["from_policy_id"])
        keys = [
            _key_of_change(target_key, wording.participle(relation), actor_key, when["day"])
            for relation in in_order(rows)
        ]
        return ChangeLine(
            keys=tuple(keys),
            anchor=wording.anchor("change", target_key, *verb.split(), actor_key, when["day"].isoformat()),
            verb=verb,
            is_partial=row["is_partial"],
            inferred_from=wording.inferred_from(row["confidence"], row["source_field"]),
            **when,
            policy_id=row["to_policy_id"],
            document_id=None,
            what=what,
            by=by,
            by_policy_id=row["from_policy_id"],
            quote=quoted(row["quote"]),
            note=None,
            fields=(),
            evidence_id=row["evidence_id"],
            **weight(target),
        )

    def _event_change(self, row: Row) -> ChangeLine:
        verb = wording.event_happened(row["event"], row["source_field"])
        happened = wording.happened(row["event"])
        key = _key_of_change(row["policy_id"], happened, row["by_policy_id"] or "", row["event_date"])
        return ChangeLine(
            keys=(key,),
            anchor=wording.anchor("change", row["policy_id"], row["event"], row["event_date"].isoformat()),
            verb=verb,
            is_partial=row["event"].startswith("partly_"),
            inferred_from=None,
            **self._when(row, row["by_policy_id"]),
            policy_id=row["policy_id"],
            document_id=None,
            what=self._reference(row["policy_id"]) or Reference(title=row["policy_id"], url=None),
            by=self._reference(row["by_policy_id"]),
            by_policy_id=row["by_policy_id"],
            quote=quoted(row["quote"]),
            note=first_sentence(row["note"]),
            fields=(),
            evidence_id=row["evidence_id"],
            **weight(self.policies.get(row["policy_id"])),
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
        later = self._unforeseen(self.dates.get(actor_id or "", {}), *filter(None, (published,)))
        told = dated_words(dates, later=later)
        return {"appearance": row["appearance"], "day": acted or told[0].day, "dates": told}

    def _acted_label(self, actor_id: str | None, day: date) -> str:
        known = self.dates.get(actor_id or "", {})
        return next((event for event in ("signed", "published", "effective") if day in known.get(event, ())), "dated")

    def _withdrawal(self, row: Row) -> ChangeLine:
        return ChangeLine(
            keys=(_key_of_change(row["document_id"], "withdrawn", "", row["event_date"]),),
            anchor=wording.anchor("change", row["document_id"], "withdrawn", row["event_date"].isoformat()),
            verb="withdrawn",
            is_partial=False,
            inferred_from=None,
            **self._when({**row, "published_date": None}, None),
            policy_id=None,
            document_id=row["document_id"],
            what=reference(row),
            by=None,
            by_policy_id=None,
            quote=None,
            note=first_sentence(row["note"]),
            fields=(),
            evidence_id=row["evidence_id"],
            **own_weight(row),
        )

    def _version_change(self, row: Row) -> ChangeLine:
        key = ("change", row["document_id"], row["source_id"], str(row["version_no"]))
        return ChangeLine(
            keys=(key,),
            anchor=wording.anchor(*key),
            verb=_GONE.get(row["availability"], "changed at the source"),
            is_partial=False,
            inferred_from=None,
            appearance="now",
            day=row["seen_day"],
            dates=dated_words([("seen", row["seen_day"])]),
            policy_id=row["policy_id"],
            document_id=row["document_id"],
            what=reference(row),
            by=None,
            by_policy_id=None,
            quote=None,
            note=first_sentence(row["note"]),
            fields=field_changes(row, self.week.until.year),
            evidence_id=row["evidence_id"],
            **own_weight(row),
        )

    # ---- what is due

    def _due_policy(self, row: Row) -> DueLine:
        status, since = self.statuses.get(row["policy_id"], (None, None))
        ended = (status, since) if status in _ENDED else None
        lost = row.get("void_from")
        if ended is None and lost is not None and lost <= self.week.until:
            # Its section went, and its policy stayed.
            ended = ("revoked", lost)
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
        about_id = policy_id or document_id or ""
        # One of several cut-offs that is gone is none of the others, moved.
        which = row.get("which") or (day.isoformat() if row["event"] == "cut_off" else "")
        return DueLine(
            keys=tuple(("due", about_id, event, which, day.isoformat()) for event in row.get("events", [row["event"]])),
            anchor=wording.anchor("due", row.get("obligation_id") or about_id, row["event"], day.isoformat()),
            day=day,
            days=days,
            label=self._due_label(row, about["instrument"], is_past=days <= 0),
            policy_id=policy_id,
            document_id=document_id,
            what=reference(about, name=official_name(about)),
            instrument=wording.instrument(about["instrument"], about["document_type"]),
            instrument_code=about["instrument"],
            agencies=agencies(about),
            void=void,
            evidence_id=row["evidence_id"],
            **place(about),
        )

    def _due_label(self, row: Row, instrument: str | None, *, is_past: bool) -> str:
        if row["event"] == "duty":
            return wording.duty(row["actor"], row["action"])
        events = [wording.begins(event, instrument) for event in row.get("events", [row["event"]])]
        label = wording.due_labels(events, is_past=is_past)
        by = self._reference(row.get("by_policy_id"))
        return label if by is None else f"{label} by {wording.plain(by.name or by.title, wording.MAX_ACTOR_CHARS)}"

    def _standing(self) -> tuple[StatusCount, ...]:
        rows = self.ask(
            queries.STANDING,
            before=(self.week.since - timedelta(1)).isoformat(),
            statuses=STANDING,
            press=press.INSTRUMENTS,
        )
        return tuple(StatusCount(wording.words(row["status"]), row["now"], row["before"]) for row in rows)

    # ---- the run of the weeks and of the year


def _lines(digest: Digest) -> tuple[NewLine | ChangeLine | DueLine, ...]:
    """All lines but amounts, press material as lines of its own."""
    new = (line for group in press.unfold(digest.new) for line in group.lines)
    return (*new, *digest.changes, *digest.due, *digest.lapsing)


def _keys_of_new(appeared: Row) -> tuple[Key, ...]:
    """A policy appears when it is signed or announced, and once more when it is published apart from that."""
    appearance: Key = ("new", appeared["policy_id"])
    published = (*appearance, "published")
    if appeared["appearance"] == "published":
        return (published,)
    return (appearance, published) if appeared["is_published_apart"] else (appearance,)


def _key_of_change(about: str, happened: str, other_end: str, day: date) -> Key:
    """The day and who did it may be read otherwise later, and it be the same change."""
    return ("change", about, happened, other_end, day.isoformat())
