"""An edition as it is read for one week: everything in it as it was known at a moment.

Belongs here: opening an edition, and the views that take back what became known after a moment. They bear the names of
the tables they stand for, so every question is asked in the same words, whatever the moment. What an edition keeps no
history of (amounts, duties, relevance) is as it is read today, of the documents that were known. Does not belong here:
the questions themselves (queries.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipelines.bookkeeping import lay_over
from pipelines.digest import queries
from pipelines.digest.model import Week
from pipelines.digest.queries import Row, ask

DATABASE = "policy.duckdb"

_TAKEN_BACK = """
create temp table taken_back as
with changes as (
    select
        v.document_id, v.first_seen_at, v.version_no,
        unnest(from_json(v.field_diff, '[{"field": "varchar", "before": "varchar"}]')) as change
    from policy.main.document_versions as v
    inner join policy.main.documents as d on v.document_id = d.document_id and v.source_id = d.lead_source_id
    where v.first_seen_at > (select known_at from moment)
),

fields as (
    select document_id, first_seen_at, version_no, change.field as field, change.before as value
    from changes
    where change.field <> 'body'
    union all
    select t.document_id, v.first_seen_at, v.version_no, t.field, t.before as value
    from policy.main.text_changes as t
    inner join policy.main.document_versions as v on t.version_id = v.version_id
    inner join policy.main.documents as d on v.document_id = d.document_id and v.source_id = d.lead_source_id
    where v.first_seen_at > (select known_at from moment)
),

earliest as (
    select document_id, field, min_by(struct_pack(value := value), (first_seen_at, version_no)) as before
    from fields
    group by document_id, field
)

select document_id, map_from_entries(list((field, before.value) order by field)) as before
from earliest
group by document_id
"""
"""Of each document what its fields held before the first change that came later; whole texts stand apart."""

_TEXTS = ("title", "abstract", "body", "availability", "disposition_notes")
_DATES = (
    "published_date", "signed_date", "effective_date", "comments_open_date", "comments_close_date", "closes_date",
)  # fmt: skip


def _before(column: str, kind: str, field: str | None = None) -> str:
    field = field or column
    return f"if(map_contains(t.before, '{field}'), cast(t.before['{field}'] as {kind}), d.{column}) as {column}"


_VIEWS: Mapping[str, str] = {
    # Made of names that stand above; the moment is a bound parameter, kept in a table of one row.
    "documents": f"""
        select d.* replace (
            {", ".join(_before(column, "varchar") for column in _TEXTS)},
            {", ".join(_before(column, "date") for column in _DATES)},
            {_before("withdrawn_at", "timestamptz", "withdrawn_date")},
            if(map_contains(t.before, 'availability'), null, d.withdrawal_note) as withdrawal_note
        )
        from policy.main.documents as d
        left join taken_back as t on d.document_id = t.document_id
        where d.first_seen_at <= (select known_at from moment)
    """,  # noqa: S608  names of this module
    "document_versions": """
        select * from policy.main.document_versions
        where first_seen_at <= (select known_at from moment)
    """,
    "policies": """
        with led as (
            select m.policy_id, min_by(d.document_id, (m.role <> 'lead', d.first_seen_at, d.document_id)) as document_id
            from policy.main.policy_documents as m
            inner join documents as d on m.document_id = d.document_id
            group by m.policy_id
        )

        select p.* replace (
            led.document_id as lead_document_id, lead.title as title, lead.url as url,
            if(led.document_id = p.lead_document_id, p.evidence_id, lead.evidence_id) as evidence_id,
            if(led.document_id = p.lead_document_id, p.identifiers, []) as identifiers
        )
        from policy.main.policies as p
        inner join led on p.policy_id = led.policy_id
        inner join documents as lead on led.document_id = lead.document_id
    """,
    "policy_documents": """
        select m.* replace (
            if(m.document_id = p.lead_document_id, 'lead', if(m.role = 'lead', 'member', m.role)) as role
        )
        from policy.main.policy_documents as m
        inner join policies as p on m.policy_id = p.policy_id
        inner join documents as d on m.document_id = d.document_id
    """,
    **{
        table: f"""
        select * exclude (known_until) from (
            select *, cast(null as timestamptz) as known_until from policy.main.{table}
            union all by name
            select * from policy.main.{history}
        )
        where known_from <= (select known_at from moment)
            and coalesce(known_until > (select known_at from moment), true)
        """  # noqa: S608  names of this module
        for table, history in (
            ("policy_events", "policy_event_history"),
            ("policy_relations", "policy_relation_history"),
        )
    },
    "policy_event_history": "select * from policy.main.policy_event_history where false",
    "amounts": "select * from policy.main.amounts where document_id in (select document_id from documents)",
    "obligations": "select * from policy.main.obligations where document_id in (select document_id from documents)",
    "quarantine": "select * from policy.main.quarantine where quarantined_at <= (select known_at from moment)",
}
"""By the table that each stands for; a later one may rest on an earlier one."""
_ASKED_OFTEN = ("policies", "policy_documents", "policy_events", "policy_relations")
"""Worked out once, since nearly every question joins them; what holds whole texts is too large for that."""


@dataclass(frozen=True)
class View:
    """An edition, open for the questions of one week."""

    connection: duckdb.DuckDBPyConnection
    week: Week
    looked_at: datetime | None
    """Looks made later do not count; None counts all."""

    def ask(self, sql: str, **parameters: object) -> list[Row]:
        """Run one question with bound parameters; rows by column name."""
        return ask(self.connection, sql, **parameters)

    @property
    def bounds(self) -> dict[str, date]:
        """First and last day of the week."""
        return {"since": self.week.since, "until": self.week.until}

    @property
    def looked(self) -> str:
        """The moment up to which looks count, as a question is given it."""
        return "infinity" if self.looked_at is None else self.looked_at.isoformat()


@contextmanager
def opened(edition: Path, looks: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An edition's database, read-only and in UTC, with fresher looks where they are given.

    Raises FileNotFoundError where the folder holds no edition.
    """
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


@contextmanager
def held_open(edition: Path) -> Iterator[None]:
    """Let whatever is read of an edition meanwhile share one open database: opening costs more than most questions.

    DuckDB gives all connections of a process to one file the same database while one of them lives. Errors as for
    `opened`.
    """
    with opened(edition, None):
        yield


def lay_known(connection: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """Let every question that follows see the edition as it was known at a moment."""
    connection.execute("create temp table moment as select ?::timestamptz as known_at", [moment.astimezone(UTC)])
    connection.execute(_TAKEN_BACK)
    for table, view in _VIEWS.items():
        connection.execute(f"create temp {'table' if table in _ASKED_OFTEN else 'view'} {table} as {view}")


def last_look(edition: Path, looks: Path | None) -> datetime:
    """When the last look was made that an edition, or the fresher bookkeeping beside it, tells of.

    An edition without looks was seen as of its own moment.
    """
    with opened(edition, looks) as connection:
        [row] = ask(connection, queries.LAST_LOOK)
    moment: datetime = row["looked_until"]
    return moment


def other_names(edition: Path, told_by: Mapping[str, str]) -> dict[str, str]:
    """Ids and identifiers by which an edition's policies and documents went, with their present id.

    A publication that became a policy goes by the policy's id, and a policy that became a publication by the id of the
    document that it was ``told_by``.
    """
    asked = {"policy_ids": list(told_by), "document_ids": list(told_by.values())}
    with opened(edition, None) as connection:
        return {row["alias"]: row["id"] for row in ask(connection, queries.NAMES, **asked)}


def joined(edition: Path, document_ids: Iterable[str]) -> dict[str, str]:
    """The policies of documents that belong to one without leading it."""
    with opened(edition, None) as connection:
        rows = ask(connection, queries.JOINED, document_ids=sorted(set(document_ids)))
    return {row["document_id"]: row["policy_id"] for row in rows}
