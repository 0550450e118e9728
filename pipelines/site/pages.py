"""What each page of the site says, as values ready to be shown.

Belongs here: selection, order and the choice of words, by the digest's own wording. Does not belong here: reading an
edition (facts.py) and mark-up (templates, which escape all they show).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipelines.digest import wording
from pipelines.digest.model import CHECKED, AmountLine, ChangeLine, DueLine, NewLine
from pipelines.digest.queries import ACTS, DUE_EVENTS, Row
from pipelines.digest.sentences import first_sentence, is_formal, own_words
from pipelines.page_names import page_name
from pipelines.site.facts import CALENDAR_DAYS, COVERAGE_DAYS, Facts
from pipelines.site.graph import Graph, Neighbour, draw
from pipelines.site.redline import Redline, redline

WEEK_LINES = 12
TOP_FIGURES = 10
CHANGES_SHOWN = 300
MAX_NAME_CHARS = 72
MAX_EDGE_CHARS = 34
_ADDRESSES = (
    "govuk_content", "govuk_path", "whitehouse_post", "whitehouse_path", "bis_page", "nist_page", "csrc_page",
    "ca_news_page", "oecd_ai_post", "eu_cellar", "eu_formex",
)  # fmt: skip
"""Identifiers of pages and files, by which nobody knows a policy."""
_RUNNING_TEXT = ("title", "abstract", "body", "disposition_notes")
_ACTIVE = {"see": "points to", "extends": "extends a period of", "delays": "delays"}
_PASSIVE = {"implements": "implemented", "cites": "cited", "see": "pointed to"}
_CONFIDENCE = {"stated": "stated in the text", "inferred": "inferred, not stated"}
_KINDS = (
    "appropriated", "authorised", "announced", "available", "obligated", "awarded", "penalty", "threshold",
    "cost_estimate", "other",
)  # fmt: skip
_STATES = {
    "due": "due", "recurring": "comes again", "undated": "hangs on a day that is not known", "passed": "day has passed",
    "proposed": "not made yet", "suspended": "suspended", "void": "void",
}  # fmt: skip
_KIND_WORDS = {
    "substantive": "substantive",
    "cosmetic": "cosmetic",
    "reread": "read otherwise, not changed at the source",
}
_RECURRENCES = {"P1Y": "every year", "P6M": "every six months", "P3M": "every quarter", "P1M": "every month"}


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `href` of a page is relative to the site's folder."""

    title: str
    href: str | None = None
    is_external: bool = False
    name: str | None = None
    """The official name, e.g. "Executive Order 14110"."""
    language: str | None = None


@dataclass
class Notes:
    """The numbered evidence of one page."""

    evidence: Mapping[str, Row]
    numbers: dict[str, int] = field(default_factory=dict)
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def number(self, evidence_id: str | None, fact: str) -> int | None:
        """The number under which a fact's evidence stands on the page; None where the edition holds none."""
        if evidence_id is None or evidence_id not in self.evidence:
            return None
        if fact not in self.facts[evidence_id]:
            self.facts[evidence_id].append(fact)
        return self.numbers.setdefault(evidence_id, len(self.numbers) + 1)

    def rows(self) -> list[dict[str, Any]]:
        """The evidence by number, each with the facts that rest on it."""
        return [
            {
                **self.evidence[evidence_id],
                "number": number,
                "facts": self.facts[evidence_id],
                "url": wording.safe_url(self.evidence[evidence_id]["source_url"]),
            }
            for evidence_id, number in self.numbers.items()
        ]


@dataclass(frozen=True)
class CalendarLine:
    """A day on which something ends, begins or is due."""

    day: date
    label: str
    what: Link
    kind: str
    agencies: str
    void: str | None
    item: str


class Pages:
    """The pages of one edition."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.names = {policy_id: page_name(policy_id) for policy_id in facts.policies}
        self.source_titles = {row["source_id"]: wording.plain(row["title"]) for row in facts.sources}

    # ---- links

    def policy_href(self, policy_id: str | None) -> str | None:
        """The page of a policy, where the edition holds it."""
        name = self.names.get(policy_id or "")
        return None if name is None else f"policies/{name}.html"

    def policy_link(self, policy_id: str | None, identifier: str | None = None) -> Link:
        """A policy by its official name and title; what is none by its document, or else by what it is known as."""
        row = self.facts.policies.get(policy_id or "")
        document = self.facts.named_documents.get(identifier or "")
        if row is None and document is not None:
            return self.document_link(document)
        if row is None:
            named = identifier or policy_id or "a policy that is not named"
            url = wording.identified_url(named)
            return Link(title=wording.identified(named), href=url, is_external=url is not None)
        return Link(
            title=_title(row),
            href=self.policy_href(policy_id),
            name=official_name(row),
            language=wording.language(row["language"]),
        )

    def document_link(self, row: Row) -> Link:
        """A document at its source."""
        url = wording.safe_url(row["url"])
        return Link(_title(row), url, is_external=url is not None, language=wording.language(row["language"]))

    def line_link(self, line: NewLine | ChangeLine | DueLine | AmountLine) -> Link:
        """What a line of the digest is about: the policy's page, or else the document at its source."""
        href = self.policy_href(getattr(line, "policy_id", None))
        if href is not None:
            return Link(line.what.title, href, name=line.what.name, language=line.what.language)
        return Link(line.what.title, line.what.url, line.what.url is not None, line.what.name, line.what.language)

    # ---- a policy

    def policy(self, policy_id: str) -> dict[str, Any]:
        """One policy: status, what befell it, its neighbours, duties, money, documents, versions, evidence."""
        facts, row = self.facts, self.facts.policies[policy_id]
        notes = Notes(facts.evidence)
        status, abstract = self.status(row), row["abstract"]
        context = {
            "id": policy_id,
            "what": self.policy_link(policy_id),
            "url": wording.safe_url(row["url"]),
            "status": status,
            "status_note": notes.number(row["status_evidence_id"], f"status: {status['word']}"),
            "kind": wording.capital(official_name(row) or wording.instrument(row["instrument"], row["document_type"])),
            "jurisdiction": wording.jurisdiction(row["jurisdiction"]),
            "track": wording.track_title(wording.track_of(row["track"])),
            "agencies": [wording.plain(name, 120) for name in row["agency_names"] or ()],
            "abstract": wording.plain(abstract, 1_200) if abstract and not is_formal(abstract) else None,
            "opening": own_words(row["opening"]) or first_sentence(abstract),
            "withdrawal_note": wording.plain(row["withdrawal_note"], 600) if row["withdrawal_note"] else None,
            "topics": [wording.words(topic) for topic in row["topics"] or ()],
            "parties": [wording.plain(party["name"] or "", 120) for party in row["parties"] or ()],
            "identifiers": [
                wording.identifier(one["scheme"], one["value"] or "")
                for one in row["identifiers"] or ()
                if one["scheme"] not in _ADDRESSES
            ],
            "timeline": [self._event(event, notes) for event in facts.events.get(policy_id, ())],
            "acts": self._relations(policy_id, notes, is_actor=True),
            "acted_on": self._relations(policy_id, notes, is_actor=False),
            "graph": self._graph(policy_id),
            "obligations": [self._duty(duty, notes) for duty in facts.obligations.get(policy_id, ())],
            "money": self._money(facts.money.get(policy_id, ()), notes),
            "documents": [
                {
                    "what": self.document_link(member),
                    "id": member["document_id"],
                    "role": wording.words(member["role"]),
                    "day": member["published_date"],
                    "source": self.source_titles.get(member["lead_source_id"], member["lead_source_id"]),
                }
                for member in facts.members.get(policy_id, ())
            ],
            "versions": [self._version(version, notes) for version in facts.policy_versions.get(policy_id, ())],
            "aliases": facts.aliases.get(policy_id, ()),
        }
        return {"policy": context, "evidence": notes.rows()}

    def status(self, row: Row) -> dict[str, Any]:
        """The status of a policy on the edition's day, in words."""
        word = wording.words(row["status"]) if row["status"] else "no event yet"
        return {
            "word": word,
            "css": word.replace(" ", "-"),
            "since": row["since"],
            "by": self.policy_link(row["by_policy_id"]) if row["by_policy_id"] else None,
            "confidence": _CONFIDENCE.get(row["confidence"] or ""),
        }

    def _event(self, row: Row, notes: Notes) -> dict[str, Any]:
        instrument = self.facts.policies[row["policy_id"]]["instrument"]
        label = event_label(row, instrument, is_past=row["event_date"] < self.facts.day)
        return {
            "id": row["event_id"],
            "day": row["event_date"],
            "label": label,
            "is_ahead": row["event_date"] > self.facts.day,
            "by": self.policy_link(row["by_policy_id"]) if row["by_policy_id"] else None,
            "quote": _quote(row["quote"]),
            "confidence": _CONFIDENCE.get(row["confidence"] or ""),
            "note": notes.number(row["evidence_id"], label),
        }

    def _relations(self, policy_id: str, notes: Notes, *, is_actor: bool) -> list[dict[str, Any]]:
        """Edges; those that one quote states of several ends stand together."""
        rows = (self.facts.acting if is_actor else self.facts.acted_on).get(policy_id, ())
        stated: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["relation"] not in ACTS):
            verb = edge_words(row, is_actor=is_actor)
            stated[verb, row["quote"] or row["relation_id"], row["relation_date"], row["confidence"]].append(row)
        return [self._edge(together, notes, is_actor=is_actor) for together in stated.values()]

    def _edge(self, rows: Sequence[Row], notes: Notes, *, is_actor: bool) -> dict[str, Any]:
        first = rows[0]
        verb = edge_words(first, is_actor=is_actor)
        return {
            "id": first["relation_id"],
            "verb": wording.capital(verb),
            "size": len(rows),
            "whats": [self._other_end(row, is_actor=is_actor) for row in rows],
            "day": first["relation_date"],
            "quote": _quote(first["quote"]),
            "confidence": _CONFIDENCE.get(first["confidence"] or ""),
            "notes": list(dict.fromkeys(notes.number(row["evidence_id"], verb) for row in rows)),
        }

    def _other_end(self, row: Row, *, is_actor: bool) -> Link:
        end = "to" if is_actor else "from"
        return self.policy_link(row[f"{end}_policy_id"], row[f"{end}_identifier"])

    def _graph(self, policy_id: str) -> Graph | None:
        def neighbours(rows: Iterable[Row], *, is_actor: bool) -> list[Neighbour]:
            edges: dict[str, list[str]] = defaultdict(list)
            for row in sorted(rows, key=lambda row: row["relation"] not in ACTS):
                other = self._other_end(row, is_actor=is_actor)
                edges[wording.plain(other.name or other.title, MAX_NAME_CHARS)].append(
                    edge_words(row, is_actor=is_actor)
                )
            return [
                Neighbour(wording.plain(", ".join(dict.fromkeys(verbs)), MAX_EDGE_CHARS), name)
                for name, verbs in edges.items()
            ]

        centre = self.policy_link(policy_id)
        return draw(
            wording.plain(centre.name or centre.title, 24),
            neighbours(self.facts.acted_on.get(policy_id, ()), is_actor=False),
            neighbours(self.facts.acting.get(policy_id, ()), is_actor=True),
        )

    def _duty(self, row: Row, notes: Notes) -> dict[str, Any]:
        return {
            "id": row["obligation_id"],
            "day": row["due_date"],
            "recurrence": _RECURRENCES.get(row["recurrence"] or "", wording.plain(row["recurrence"] or "", 40)),
            "actor": wording.plain(row["actor"] or "nobody is named", wording.MAX_ACTOR_CHARS),
            "action": wording.plain(row["action"] or "", 400),
            "section": row["section"],
            "state": _STATES.get(row["state"] or "", "not begun"),
            "is_void": row["state"] == "void",
            "void": self._void_duty(row),
            "quote": _quote(row["quote"]),
            "note": notes.number(row["evidence_id"], "obligation"),
        }

    def _void_duty(self, row: Row) -> str | None:
        if row["state"] != "void":
            return None
        return self._ended(self.facts.policies[row["policy_id"]], row)

    def _ended(self, policy: Row, duty: Row | None = None) -> str:
        """Why what a policy set no longer binds: the policy ended, or the section that states the duty went alone."""
        status, since, by_policy_id = policy["status"], policy["since"], policy["by_policy_id"]
        if duty is not None and duty["void_from"] is not None and duty["void_from"] != policy["ended_since"]:
            status, since, by_policy_id = "revoked", duty["void_from"], duty["void_by_policy_id"]
        by = self.policy_link(by_policy_id) if by_policy_id else None
        on = f" on {wording.day(since, 0)}" if since else ""
        return f"{wording.words(status)}{on}{f' by {by.name or by.title}' if by else ''}"

    def _money(self, rows: Sequence[Row], notes: Notes | None) -> list[dict[str, Any]]:
        """Amounts by kind and currency, never added up."""
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            groups[row["kind"], row["currency"] or ""].append(row)
        return [
            {
                "key": wording.anchor("money", kind, currency or "none"),
                "kind": wording.amount_heading(kind),
                "currency": wording.plain(currency, 12) if currency else "currency not stated",
                "count": len(found),
                "lines": [self._amount(row, notes) for row in (found if notes else found[:TOP_FIGURES])],
            }
            for (kind, currency), found in sorted(groups.items(), key=lambda group: (_kind_rank(group[0][0]), group[0]))
        ]

    def _amount(self, row: Row, notes: Notes | None) -> dict[str, Any]:
        raw = wording.plain(row["raw_text"] or "", 240)
        figure = wording.figure(row["low"], row["high"], row["currency"], row["qualifier"])
        return {
            "id": row["amount_id"],
            "figure": figure,
            "label": wording.amount_label(row["kind"], row["source_field"]),
            "quote": wording.stated(raw),
            "what": self.policy_link(row["policy_id"])
            if row["policy_id"] and notes is None
            else self.document_link(row),
            "day": row["published_date"],
            "note": notes.number(row["evidence_id"], figure) if notes else None,
        }

    def _version(self, row: Row, notes: Notes) -> dict[str, Any]:
        fields = [wording.field_label(name) for name in row["changed_fields"] or ()]
        told = "first version seen" if row["version_no"] == 1 else f"version {row['version_no']}"
        return {
            **self.change(row),
            "told": told,
            "fields": fields,
            "note": notes.number(row["evidence_id"], told),
        }

    # ---- changes at the sources

    def change(self, row: Row) -> dict[str, Any]:
        """A version as a line of a list."""
        return {
            "id": row["version_id"],
            "title": wording.plain(row["title"] or "without a title"),
            "seen_at": row["seen_at"],
            "seen_day": row["seen_day"],
            "source": self.source_titles.get(row["source_id"], row["source_id"]),
            "number": row["version_no"],
            "kind": row["change_kind"],
            "kind_words": _KIND_WORDS.get(row["change_kind"] or ""),
            "fields": [wording.field_label(name) for name in row["changed_fields"] or ()],
            "href": None if row["change_kind"] is None else f"redlines/{page_name(row['version_id'])}.html",
            "policy": self.policy_link(row["policy_id"]) if self.policy_href(row["policy_id"]) else None,
            "url": wording.safe_url(row["url"]),
            "language": wording.language(row["language"]),
        }

    def redline(self, row: Row) -> dict[str, Any]:
        """The page of one change: each field before and after."""
        return {"change": self.change(row), "fields": [_field(change, row) for change in json.loads(row["field_diff"])]}

    def changes(self) -> dict[str, Any]:
        """The latest changes at the sources."""
        changed = self.facts.changed_versions
        return {"changes": [self.change(row) for row in changed[:CHANGES_SHOWN]], "changes_in_all": len(changed)}

    # ---- lists

    def policies(self) -> dict[str, Any]:
        """All policies, the latest first, with what they can be filtered by."""
        lines = [
            {
                "what": self.policy_link(row["policy_id"]),
                "instrument": wording.instrument(row["instrument"], row["document_type"]) or "not stated",
                "jurisdiction": wording.jurisdiction(row["jurisdiction"]),
                "track": wording.track_title(wording.track_of(row["track"])),
                "status": self.status(row),
                "day": row["last_event_date"],
                "is_ai": row["is_ai"],
                "id": row["policy_id"],
            }
            for row in sorted(
                self.facts.policies.values(),
                key=lambda row: (row["last_event_date"] or date.min, row["policy_id"]),
                reverse=True,
            )
        ]
        choices = {
            "track": sorted({line["track"] for line in lines}),
            "jurisdiction": sorted({line["jurisdiction"] for line in lines}),
            "status": sorted({line["status"]["word"] for line in lines}),
            "instrument": sorted({line["instrument"] for line in lines}),
        }
        return {"lines": lines, "choices": choices}

    def calendar(self) -> dict[str, Any]:
        """Days ahead, the nearest first, then those of the past year, the latest first."""
        lines = sorted(self._calendar_lines(), key=lambda line: (line.day, line.what.title, line.label, line.item))
        since, today = self.facts.day - timedelta(CALENDAR_DAYS), self.facts.day
        return {
            "ahead": _by_month(line for line in lines if line.day >= today),
            "past": _by_month(line for line in reversed(lines) if since <= line.day < today),
        }

    def _calendar_lines(self) -> Iterable[CalendarLine]:
        for row in self.facts.deadlines:
            # Of a duty that comes again, its first day and the next.
            for day in sorted({row["stated_date"], row["due_date"]}):
                yield self._calendar_line(row, day)

    def _calendar_line(self, row: Row, day: date) -> CalendarLine:
        policy = self.facts.policies.get(row["policy_id"] or "")
        about = policy or row
        void = None
        if row["is_void"]:
            void = self._ended(policy, row) if policy else _withdrawn(row)
        if row["event"] == "duty":
            label = wording.duty(row["actor"] or "Nobody is named", row["action"] or "")
        else:
            label = event_label(row, about["instrument"], is_past=day < self.facts.day)
        if policy is not None:
            return self._policy_line(policy, day, label, void, row["item_id"])
        return CalendarLine(day, label, self.document_link(row), "", _agencies(row), void, row["item_id"])

    def _policy_line(self, policy: Row, day: date, label: str, void: str | None, item: str) -> CalendarLine:
        what = self.policy_link(policy["policy_id"])
        kind = wording.capital(what.name or wording.instrument(policy["instrument"], policy["document_type"]))
        return CalendarLine(day, label, what, kind, _agencies(policy), void, item)

    def money(self) -> dict[str, Any]:
        """The biggest figures of each kind and currency; kinds and currencies stand apart."""
        kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for group in self._money(self.facts.amounts, None):
            kinds[group["kind"]].append(group)
        return {"kinds": list(kinds.items()), "top_figures": TOP_FIGURES}

    def sources(self) -> dict[str, Any]:
        """How well each source was looked at."""
        facts = self.facts
        days = [facts.day - timedelta(n) for n in range(COVERAGE_DAYS)]
        return {"days": days, "sources": [self._source(row, days) for row in facts.sources]}

    def _source(self, row: Row, days: Sequence[date]) -> dict[str, Any]:
        look = self.facts.looks.get(row["source_id"])
        seen = self.facts.coverage.get(row["source_id"], {})
        url = wording.safe_url(row["page"])
        return {
            **row,
            "what": Link(wording.plain(row["title"]), url, is_external=url is not None),
            "licence": wording.licence(row["licence"] or "licence not stated"),
            "jurisdiction": wording.jurisdiction(row["jurisdiction"]),
            "look": look,
            "quarantined": self.facts.quarantined.get(row["source_id"], 0),
            "reasons": sorted({wording.plain(one["reason"], 160) for one in seen.values() if one["reason"]}),
            "days": [_day(day, seen.get(day)) for day in days],
        }

    # ---- the week

    def week(self) -> dict[str, Any]:
        """The last complete week, shortened; what it is of a whole edition stands in the digest."""
        return {
            "digest": self.facts.digest,
            "last_full_week": self.facts.last_full_week,
            "week_lines": WEEK_LINES,
            "ahead": [line for _, lines in self.calendar()["ahead"] for line in lines if not line.void][:WEEK_LINES],
            "counts": {
                "policies": sum(row["is_ai"] for row in self.facts.policies.values()),
                "in force": sum(
                    row["is_ai"] and row["status"] in ("in_force", "partly_in_force")
                    for row in self.facts.policies.values()
                ),
                "sources": len(self.facts.sources),
            },
        }

    def about(self) -> dict[str, Any]:
        """The edition itself: how to cite it, its files, the licences of its sources."""
        folders: dict[str, list[str]] = defaultdict(list)
        for path in self.facts.files:
            folder, _, name = path.rpartition("/")
            folders[folder].append(name)
        licences: dict[str, list[str]] = defaultdict(list)
        for row in self.facts.sources:
            licences[wording.licence(row["licence"] or "licence not stated")].append(wording.plain(row["title"]))
        return {"folders": sorted(folders.items()), "licences": sorted(licences.items())}


def official_name(row: Row) -> str | None:
    """The number that people know a presidential document by; other instruments go by their title."""
    for one in row["identifiers"] or ():
        if one["scheme"] in ("eo", "proclamation"):
            return wording.identifier(one["scheme"], one["value"] or "")
    return None


def _withdrawn(row: Row) -> str:
    """Why the day of a publication no longer applies."""
    since = row["withdrawn_date"]
    return wording.words("withdrawn") + (f" on {wording.day(since, 0)}" if since else "")


def event_label(row: Row, instrument: str | None, *, is_past: bool) -> str:
    """What happened or happens on a day, in its tense."""
    event = row["event"]
    if event in DUE_EVENTS:
        return wording.capital(wording.due_label(wording.begins(event, instrument), is_past=is_past))
    if event in ("comment_opened", "opens", "filed"):
        return wording.capital(wording.date_label(event))
    happened = wording.event_happened(event, row["source_field"])
    return wording.capital(wording.reserved(happened, is_partial=event.startswith("partly_"), inferred_from=None))


def edge_words(row: Row, *, is_actor: bool) -> str:
    """An edge from the side of one end: "revokes", "revoked by"."""
    relation = row["relation"]
    verb = (
        _ACTIVE.get(relation, wording.words(relation))
        if is_actor
        else _PASSIVE.get(relation, wording.participle(relation))
    )
    return f"{verb}{' in part' if row['is_partial'] else ''}{'' if is_actor else ' by'}"


def _field(change: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """One field before and after; of running text the passages, where the edition holds the texts themselves."""
    name, before, after = change["field"], change.get("before"), change.get("after")
    is_text = name in _RUNNING_TEXT
    if name == "body":
        is_text = row["text_before"] is not None or row["text_after"] is not None
        before, after = (row["text_before"], row["text_after"]) if is_text else (before, after)
    drawn: Redline | None = redline(before, after) if is_text else None
    return {
        "label": wording.capital(wording.field_label(name)),
        "redline": drawn,
        "before": wording.plain(str(before), 600) if before not in (None, "") else None,
        "after": wording.plain(str(after), 600) if after not in (None, "") else None,
    }


def _day(day: date, row: Row | None) -> dict[str, Any]:
    outcome = "not_asked" if row is None else row["outcome"]
    return {
        "day": day,
        "outcome": outcome,
        "is_checked": outcome in CHECKED,
        "found": 0 if row is None else row["found"] or 0,
        "official_count": None if row is None else row["official_count"],
    }


def _by_month(lines: Iterable[CalendarLine]) -> list[tuple[date, list[CalendarLine]]]:
    months: dict[date, list[CalendarLine]] = defaultdict(list)
    for line in lines:
        months[line.day.replace(day=1)].append(line)
    return list(months.items())


def _title(row: Row) -> str:
    return wording.plain(row["title"] or "") or "without a title"


def _quote(text: str | None) -> str | None:
    return wording.plain(text, 600) if text and text.strip() else None


def _agencies(row: Row) -> str:
    return "; ".join(wording.plain(name, 120) for name in (row["agency_names"] or ())[:3])


def _kind_rank(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
