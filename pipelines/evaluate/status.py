"""The status of known policies in a published edition, on five days around each of their changes.

A row of the gold is held against the policy that bears one of its official numbers or its address; rows of which the
edition holds none are left out and counted. What a row's dates and its class of status say makes the expected status
of a day; rows without a class are left out, since the product has no word for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.enrich.citations import find_citations
from pipelines.evaluate.files import BadFile, civil_day, filled, left_out, read_rows, with_optional
from pipelines.evaluate.report import Counts, Report, interval, total

MILESTONE = "milestone"
"""A day in the life of another instrument."""
MADE_BY_SIGNATURE = (
    "executive_order", "omb_memorandum", "statute", "bill", "partnership_mou", "treaty", "eu_regulation", "eu_decision",
)  # fmt: skip
"""Instruments of the gold whose signature is their first day; a rule is signed before anybody hears of it."""
AROUND = [timedelta(days) for days in range(-2, 3)]
ABSENT = "absent"
"""No row of policy_status_as_of: the first event lies ahead."""
PROPOSED = ("rule_proposed", "rule_anprm", "bill", "eu_proposal")
ENDED = ("revoked", "superseded", "withdrawn", "lapsed", "suspended", "partly_in_force")
BOUND = ("in_force", *ENDED)
"""Classes whose instruments bind from their day of effect on."""
ADOPTED = "adopted"
"""How the gold says that a proposal became law; the product's word is superseded, by the law."""

_NEEDED = ("id", "status_class")
_USED = (
    "instrument", "identifier", "official_url", "date_signed", "date_published", "date_effective", "comment_close",
    "status", "status_changed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A row of the gold, as far as status goes."""

    id: str
    policy_id: str
    first: date
    effective: date | None
    ends: date | None
    after: str
    """Status from ``ends`` on."""
    before: str
    """Status from the first day on, where no day of effect has come."""
    is_statute: bool

    def expected(self, day: date) -> str:
        """The status that the gold's dates give a day."""
        if day < self.first:
            return ABSENT
        if self.ends and day >= self.ends:
            return self.after
        if self.effective and day >= self.effective:
            return "in_force"
        return self.before

    def days(self) -> list[date]:
        """Five days around each change; what a statute was before it was made, its bill tells."""
        changes = {day for day in (self.first, self.effective, self.ends) if day}
        around = {change + step for change in changes for step in AROUND}
        return sorted(day for day in around if not (self.is_statute and day < self.first))


def run(gold: Path, edition: Path) -> Report:
    """Score every row that the edition holds, day by day. Raises BadFile for a folder that is no edition."""
    every = with_optional(read_rows(gold, _NEEDED), *_USED)
    rows = filled(every, gold, ("id",)).to_dicts()
    with _opened(edition) as connection:
        found = {row["id"]: _policy_of(connection, row) for row in rows}
        known = [one for row in rows if (policy := found[row["id"]]) and (one := _known(row, policy))]
        if not known:
            raise BadFile(f"{edition}: expected a policy of {gold}, got none that it names")
        answers = [answer for one in known for answer in _answers(connection, one)]
    by_row = [
        Counts(right=sum(answer["right"] for answer in group), wrong=sum(not answer["right"] for answer in group))
        for group in (list(group) for _, group in groupby(answers, key=lambda answer: answer["id"]))
    ]
    counts = total(by_row)
    return Report(
        task="status",
        metrics={
            "precision": counts.precision,
            "recall": counts.precision,
            "f1": counts.f1,
            "accuracy": counts.precision,
            "support": len(answers),
            "ci95": interval([by_row], lambda drawn: total(drawn).precision),
            **left_out(blank=every.height - len(rows)),
            "rows": len(known),
            "rows_right": sum(not row.wrong for row in by_row),
            "rows_not_in_the_edition": sum(policy is None for policy in found.values()),
        },
        errors=[answer for answer in answers if not answer["right"]],
    )


_OF_A_PROCEEDING = ("docket", "rin")
"""Schemes whose numbers all steps of a rulemaking share."""


def _opened(edition: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(edition / "policy.duckdb"), read_only=True)
    except duckdb.Error as error:
        raise BadFile(f"{edition}: expected the folder of an edition, got {str(error).splitlines()[0]}") from error


def _policy_of(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> str | None:
    """The policy that bears an official number of the row, or whose document stands at its address."""
    found = find_citations(row["identifier"] or "")
    cited = [f"{one.scheme}:{one.value}" for one in found if one.scheme not in _OF_A_PROCEEDING]
    answer = connection.execute(
        """
        select policy_id from (
            select policy_id, unnest(identifiers, recursive := true) from policies
        ) where list_contains($cited, scheme || ':' || value)
        union all
        select policy_id from documents
        where policy_id is not null and rtrim(url, '/') = rtrim($url, '/')
        union all
        select policy_id from (
            select policy_id, unnest(identifiers, recursive := true) from policies
        ) where scheme = 'eu_eli' and ends_with($url, '/eli/' || value)
        limit 1
        """,
        {"cited": cited, "url": row["official_url"] or ""},
    ).fetchone()
    return None if answer is None else str(answer[0])


def _known(row: dict[str, Any], policy_id: str) -> Known | None:
    after, instrument = row["status_class"], row["instrument"]
    signed, published = civil_day(row["date_signed"]), civil_day(row["date_published"])
    effective, close = civil_day(row["date_effective"]), civil_day(row["comment_close"])
    dates = [day for day in (signed if instrument in MADE_BY_SIGNATURE else None, published, effective) if day]
    if not after or not dates or instrument == MILESTONE:
        return None
    before = "proposed" if instrument in PROPOSED else "announced" if after == "announced" else "published"
    ends = civil_day(row["status_changed_on"]) if after in ENDED else None
    if after == "closed" and close:
        ends = close + timedelta(1)
    if row["status"] == ADOPTED:
        after, ends = "superseded", civil_day(row["status_changed_on"])
    binds = effective if after in BOUND else None
    return Known(row["id"], policy_id, min(dates), binds, ends, after, before, instrument == "statute")


def _answers(connection: duckdb.DuckDBPyConnection, known: Known) -> Iterator[dict[str, Any]]:
    for day in known.days():
        answer = connection.execute(
            "select status from policy_status_as_of($day) where policy_id = $policy",
            {"day": day, "policy": known.policy_id},
        ).fetchone()
        expected, got = known.expected(day), ABSENT if answer is None else answer[0]
        yield {
            "id": known.id,
            "policy_id": known.policy_id,
            "day": day.isoformat(),
            "expected": expected,
            "got": got,
            "right": expected == got,
        }
