"""Decisions into the warehouse: what they make of documents, beside what sources said.

The tables of raw documents stay as they are. `overridden.versions` and `overridden.parses` hold the documents
that a decision touches, all their versions as decided; enrichment and marts read views that put them in place. What was
enriched of a document whose history is another one now is forgotten, and read anew by the next step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import orjson

from pipelines.news import HISTORY_DAYS
from pipelines.overrides.corrections import InvalidCorrection
from pipelines.overrides.decisions import Decision, in_force
from pipelines.overrides.histories import Act, Amend, Place, Version, arranged
from pipelines.overrides.rows import (
    QuarantinedRow,
    amended_document,
    document_type,
    documents_of,
    read_rows,
    whole_document,
)
from pipelines.warehouse import NEWEST_PARSER_FIRST
from scrapers.contracts import PolicyDocument

ENRICHED = (
    "enriched.relevance", "enriched.relations", "enriched.relation_readings", "enriched.obligations",
    "enriched.amounts", "enriched.dates", "enriched.facets", "enriched.readings",
)  # fmt: skip
"""What is read from versions."""
KEYED_BY_DOCUMENT = (
    "raw.document_versions", "raw.document_parses", "raw.document_sightings", "raw.quarantine", *ENRICHED,
)  # fmt: skip
"""Tables that name documents by their ids."""
Key = tuple[str, str]
"""Source and document."""


class _Told:
    """What became of decisions, by their ids."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        self.before: dict[str, Mapping[str, Any]] = {}


def apply_decisions(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> int:
    """Bring the warehouse to what is decided; returns how many documents read otherwise now.

    The same decisions over the same rows change nothing.
    """
    rows, told = read_rows(connection), _Told()
    holding = in_force(decisions)
    acts = _acts(connection, rows, holding, told)
    histories = {key: _history(connection, key, acts[key], told) for key in acts}
    touched = {key: own for key, own in histories.items() if any(version.override_id for version in own)}
    changed = _write_histories(connection, touched)
    applied = {version.override_id for own in touched.values() for version in own}
    _write_decisions(connection, decisions, holding, rows, told, applied)
    return changed


def _acts(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, QuarantinedRow],
    holding: Mapping[str, Decision],
    told: _Told,
) -> dict[Key, list[Act]]:
    """What decisions in force do, by the document that they do it to."""
    acts: dict[Key, list[Act]] = defaultdict(list)
    for key, decision in holding.items():
        row = rows.get(key)
        if decision.verdict == "reject":
            continue
        if row is None:
            told.notes[decision.override_id] = "No answer that was loaded holds the row."
        elif row.kind != "field":
            _bring(row, decision, acts, told)
        elif row.document_id is not None:
            faulty = _faulty(connection, row)
            told.documents[decision.override_id] = row.document_id
            acts[row.source_id, row.document_id].append(
                Act(decision.override_id, decision.decided_at, amends=decision.fields, faulty=faulty)
            )
    return acts


def _bring(row: QuarantinedRow, decision: Decision, acts: dict[Key, list[Act]], told: _Told) -> None:
    try:
        document = whole_document(row, decision.fields)
    except InvalidCorrection as error:
        told.notes[decision.override_id] = f"{_REFUSED}{error}"
        return
    version = Version(
        content_sha256=document.content_sha256,
        change_origin="source",
        is_history=_is_history(document, decision),
        first_seen_at=decision.decided_at,
        place=Place(row.crawl_id, row.fetch_id, row.url, row.payload_sha256, row.warc_file, row.warc_offset),
        document=document,
        override_id=decision.override_id,
    )
    told.documents[decision.override_id] = document.document_id
    told.before[decision.override_id] = _values(row.document, decision.fields)
    acts[row.source_id, document.document_id].append(Act(decision.override_id, decision.decided_at, brings=version))


def _is_history(document: PolicyDocument, decision: Decision) -> bool:
    filed = document.filed_at.date() if document.filed_at is not None else None
    days = (document.published_date, document.signed_date, filed, document.comments_open_date, document.effective_date)
    first = next((day for day in days if day is not None), None)
    return first is not None and (decision.decided_at.date() - first).days > HISTORY_DAYS


def _faulty(connection: duckdb.DuckDBPyConnection, row: QuarantinedRow) -> frozenset[int]:
    """The versions of the source that were read from answers which show the fault."""
    found = connection.execute(
        """
        select distinct version_no
        from raw.document_versions as version
        inner join raw.quarantine as fault on fault.source_id = version.source_id and fault.record_key = $key
        inner join raw.fetches as fetches on fault.fetch_id = fetches.fetch_id
        where
            version.source_id = $source and version.document_id = $document
            and (version.crawl_id = fault.crawl_id or version.payload_sha256 = fetches.payload_sha256)
        """,
        {"key": row.record_key, "source": row.source_id, "document": row.document_id},
    ).fetchall()
    return frozenset(number for (number,) in found)


def _history(connection: duckdb.DuckDBPyConnection, key: Key, acts: Sequence[Act], told: _Told) -> list[Version]:
    documents = documents_of(connection, *key) if any(act.brings is None for act in acts) else {}

    def amend(version: Version, fields: Mapping[str, Any]) -> PolicyDocument:
        assert version.source_version_no is not None
        return amended_document(documents[version.source_version_no], fields, version.first_seen_at.date())

    versions = _source_versions(connection, key)
    valid = [act for act in acts if act.brings is not None or _is_valid(act, versions, amend, told)]
    told.before.update(
        {act.override_id: _values(documents[max(act.faulty)], act.amends) for act in valid if act.faulty}
    )
    return arranged(versions, valid, amend)


def _is_valid(act: Act, versions: Sequence[Version], amend: Amend, told: _Told) -> bool:
    """Whether an amendment satisfies the contract wherever it is made; the contract may have changed since."""
    try:
        for version in versions:
            if version.source_version_no in act.faulty:
                amend(version, act.amends)
    except InvalidCorrection as error:
        told.notes[act.override_id] = f"{_REFUSED}{error}"
        return False
    return True


def _source_versions(connection: duckdb.DuckDBPyConnection, key: Key) -> list[Version]:
    rows = connection.execute(
        """
        select content_sha256, change_origin, is_history, first_seen_at, version_no, crawl_id, fetch_id, fetched_url,
            payload_sha256, warc_file, warc_offset
        from raw.document_versions where source_id = ? and document_id = ? order by version_no
        """,
        key,
    ).fetchall()
    return [
        Version(sha256, origin, is_history, seen_at, Place(*place), source_version_no=number)
        for sha256, origin, is_history, seen_at, number, *place in rows
    ]


def _values(document: PolicyDocument | None, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the fields of a correction held before."""
    held = document.model_dump(mode="json") if document else {}
    return {name: held.get(name) for name in fields}


def _write_histories(connection: duckdb.DuckDBPyConnection, histories: Mapping[Key, Sequence[Version]]) -> int:
    """Put histories in place of those of before; returns how many documents have another one now."""
    connection.execute(
        """
        create or replace temp table arranged as
        select *, null::bigint as source_version_no, null::json as document from overridden.versions limit 0
        """
    )
    for (source_id, document_id), versions in histories.items():
        for number, version in enumerate(versions, start=1):
            connection.execute(
                """
                insert into arranged by name
                select unnest(from_json($row, '{
                    "source_id": "VARCHAR", "document_id": "VARCHAR", "version_no": "BIGINT",
                    "content_sha256": "VARCHAR", "change_origin": "VARCHAR", "is_history": "BOOLEAN",
                    "first_seen_at": "TIMESTAMPTZ", "override_id": "VARCHAR", "source_version_no": "BIGINT",
                    "crawl_id": "VARCHAR", "fetch_id": "VARCHAR", "fetched_url": "VARCHAR",
                    "payload_sha256": "VARCHAR", "warc_file": "VARCHAR", "warc_offset": "BIGINT"
                }')), $document::json as document
                """,
                {
                    "row": _row(source_id, document_id, number, version),
                    "document": version.document.model_dump_json() if version.document else None,
                },
            )
    _make_parses(connection)
    connection.execute(
        f"""
        create or replace temp table rearranged as
        with now as (
            select source_id, document_id, hash(version) as seal from ({_VERSIONS}) as version
            union all
            select source_id, document_id, hash(parse) from arranged_parses as parse
        ),

        before as (
            select source_id, document_id, hash(version) as seal from overridden.versions as version
            union all
            select source_id, document_id, hash(parse) from overridden.parses as parse
        )

        select distinct source_id, document_id
        from ((from now except all from before) union all (from before except all from now))
        """  # noqa: S608  names of this module
    )
    (changed,) = connection.execute("select count(*) from rearranged").fetchone() or (0,)
    if changed:
        _replace_histories(connection)
    connection.execute("drop table arranged; drop table arranged_parses; drop table rearranged")
    return int(changed)


def _replace_histories(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the histories that are others now in their place, and forget what was enriched of their documents."""
    for table in ("overridden.versions", "overridden.parses", *ENRICHED):
        connection.execute(
            f"delete from {table} where (source_id, document_id) in (select (source_id, document_id) from rearranged)"  # noqa: S608  our tables
        )
    connection.execute(
        f"""
        insert into overridden.versions by name
        from ({_VERSIONS}) semi join rearranged using (source_id, document_id)
        """
    )
    connection.execute(
        """
        insert into overridden.parses by name
        from arranged_parses semi join rearranged using (source_id, document_id)
        """
    )


def _row(source_id: str, document_id: str, number: int, version: Version) -> str:
    said = asdict(version) | asdict(version.place)
    del said["place"], said["document"]
    return orjson.dumps(said | {"source_id": source_id, "document_id": document_id, "version_no": number}).decode()


def _make_parses(connection: duckdb.DuckDBPyConnection) -> None:
    """What each version says: of a version of the source its newest reading, with what is decided in place of it."""
    connection.execute(
        f"""
        create or replace temp table arranged_parses as
        with latest as (
            select * from raw.document_parses
            semi join arranged using (source_id, document_id)
            qualify row_number() over (
                partition by source_id, document_id, version_no
                order by {NEWEST_PARSER_FIRST}
            ) = 1
        ),

        decided as (
            select
                arranged.version_no, arranged.source_version_no, arranged.document::{document_type(connection)} as said
            from arranged where document is not null
        )

        select latest.* replace (arranged.version_no as version_no)
        from latest
        inner join arranged
            on latest.source_id = arranged.source_id and latest.document_id = arranged.document_id
            and latest.version_no = arranged.source_version_no
        where arranged.document is null
        union all by name
        select spread.* exclude (source_version_no, content_sha256), latest.read_from
        from (select version_no, source_version_no, unnest(said) from decided) as spread
        left join latest
            on spread.source_id = latest.source_id and spread.document_id = latest.document_id
            and spread.source_version_no = latest.version_no
        """  # noqa: S608  types of our own columns
    )


_VERSIONS = "select * exclude (source_version_no, document) from arranged"
_REFUSED = "The contract refuses it now: "


def _write_decisions(
    connection: duckdb.DuckDBPyConnection,
    decisions: Sequence[Decision],
    holding: Mapping[str, Decision],
    rows: Mapping[str, QuarantinedRow],
    told: _Told,
    applied: set[str | None],
) -> None:
    """Put what is decided, and what came of it, in place of what the table held."""
    connection.execute("delete from raw.overrides")
    for decision in decisions:
        own, row = decision.override_id, rows.get(decision.record_key)
        state = _state(decision, holding, applied)
        note = told.notes.get(own, _NOT_NEEDED) if state == "not_applied" else None
        connection.execute(
            """
            insert into raw.overrides (override_id, record_key, source_id, item, error, verdict, state, note,
                document_id, fetch_id, old_values, new_values, author, reason, decided_at, supersedes_override_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                own,
                decision.record_key,
                decision.source_id,
                decision.item,
                decision.error,
                decision.verdict,
                state,
                note,
                told.documents.get(own) or (row.document_id if row else None),
                row.fetch_id if row else None,
                orjson.dumps(told.before.get(own, {}), option=orjson.OPT_SORT_KEYS).decode(),
                orjson.dumps(decision.fields, option=orjson.OPT_SORT_KEYS).decode(),
                decision.author,
                decision.reason,
                decision.decided_at,
                decision.supersedes,
            ],
        )


_NOT_NEEDED = "Nothing is left to change: the source's own rows no longer show the fault."


def _state(decision: Decision, holding: Mapping[str, Decision], applied: set[str | None]) -> str:
    if decision.verdict == "undo":
        return "undo"
    if holding.get(decision.record_key) != decision:
        return "superseded"
    if decision.verdict == "reject":
        return "rejected"
    return "applied" if decision.override_id in applied else "not_applied"
