"""Quarantined rows as decisions name them: one a key, as its last answer gave it.

Belongs here: reading rows from the warehouse, their copy for readers, and the document that a verdict makes of one.
Does not belong here: the bytes of answers, which only the command line shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.home import Home
from pipelines.overrides.corrections import NAMING, InvalidCorrection, corrected
from pipelines.overrides.decisions import Decision, in_force
from pipelines.warehouse import NEWEST_PARSER_FIRST
from quality.one_document import faults_of
from scrapers.contracts import Depth, PolicyDocument
from scrapers.durable import write_whole


@dataclass(frozen=True)
class QuarantinedRow:
    """What could not be read or accepted, and where it lies."""

    record_key: str
    source_id: str
    item: str
    error: str
    body_sha256: str
    kind: str
    message: str
    where_in_answer: str
    raw_text: str
    document_id: str | None
    document: PolicyDocument | None
    """Of a document that was read and not accepted."""
    first_at: datetime
    last_at: datetime
    answers: int
    """In how many answers it stood."""
    crawl_id: str
    fetch_id: str
    url: str
    payload_sha256: str
    warc_file: str
    warc_offset: int
    parser_version: str
    seen_on: date
    """Day of the crawl."""
    mended_at: datetime | None
    """End of the crawl that read the document whole, after the last one that was shown the fault."""

    @property
    def names(self) -> Mapping[str, str]:
        """What a decision holds of it."""
        return {
            "record_key": self.record_key,
            "source_id": self.source_id,
            "item": self.item,
            "error": self.error,
            "body_sha256": self.body_sha256,
        }


def read_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, QuarantinedRow]:
    """All rows by their keys, the oldest first; rows of a source that the registry no longer has are left out."""
    found = connection.execute(
        f"""
        with counted as (
            select
                *, min(quarantined_at) over same as first_at, max(quarantined_at) over same as last_at,
                count(*) over same as answers
            from raw.quarantine
            where record_key is not null
            window same as (partition by record_key)
        ),

        {_MENDED}

        select
            record_key, counted.source_id, item, error, body_sha256, kind, counted.message, where_in_answer, raw_text,
            document_id, document::{document_type(connection)} as document, first_at, last_at, answers,
            counted.crawl_id, fetch_id, fetches.url, fetches.payload_sha256, fetches.warc_file, fetches.warc_offset,
            crawls.parser_version, crawls.ended_at::date as seen_on, mended_at
        from counted
        inner join raw.fetches as fetches using (fetch_id)
        inner join raw.crawls as crawls on counted.crawl_id = crawls.crawl_id
        inner join raw.sources as sources on counted.source_id = sources.source_id
        left join mended using (record_key)
        qualify row_number() over (partition by record_key order by counted.crawl_id desc, fetch_id desc) = 1
        order by first_at, record_key
        """  # noqa: S608  types of our own columns
    )
    names = [column[0] for column in found.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in found.fetchall())
    return {row["record_key"]: QuarantinedRow(**{**row, "document": _document(row)}) for row in rows}


_MENDED = """
        shown as (
            select row.record_key, max(again.crawl_id) as crawl_id
            from raw.quarantine as row
            inner join raw.fetches as own on row.fetch_id = own.fetch_id
            inner join raw.fetches as again
                on own.source_id = again.source_id and own.payload_sha256 = again.payload_sha256
            group by row.record_key
        ),

        read_whole as (
            select row.record_key, version.crawl_id
            from raw.quarantine as row
            inner join raw.document_versions as version using (source_id, document_id)
            where row.kind = 'field'
            union all
            select row.record_key, sighting.last_crawl_id
            from raw.quarantine as row
            inner join raw.document_parses as parse
                on row.source_id = parse.source_id and row.where_in_answer = parse.native_id
            inner join raw.document_sightings as sighting
                on parse.source_id = sighting.source_id and parse.document_id = sighting.document_id
            where row.kind = 'document'
        ),

        mended as (
            select record_key, min(crawls.ended_at) as mended_at
            from read_whole
            inner join shown using (record_key)
            inner join raw.crawls as crawls on read_whole.crawl_id = crawls.crawl_id
            where read_whole.crawl_id > shown.crawl_id
            group by record_key
        )
"""
"""An answer that came again byte for byte is quarantined once, so its fetches tell when a fault was last shown.

A document with an unreadable field is mended by a new version, since a line of a list, which holds less, sights it too;
one that was set aside by any sighting of its own name, since its id changes with its day. A record names no document.
"""


def waiting(rows: Mapping[str, QuarantinedRow], decisions: Iterable[Decision]) -> list[QuarantinedRow]:
    """Rows that somebody must decide about: nothing is decided, and the source has not mended them."""
    decided = in_force(decisions)
    return [row for key, row in rows.items() if key not in decided and row.mended_at is None]


def keep_rows(home: Home, rows: Mapping[str, QuarantinedRow]) -> None:
    """Write all rows down for readers, who then wait for no writer of the warehouse."""
    write_whole(_copy(home), _ROWS.dump_json(list(rows.values())))


def kept_rows(home: Home) -> dict[str, QuarantinedRow] | None:
    """All rows as the last load left them, by their keys; None where no load of this code has written them down."""
    try:
        return {row.record_key: row for row in _ROWS.validate_json(_copy(home).read_bytes())}
    except (FileNotFoundError, ValidationError):
        return None


_ROWS = TypeAdapter(list[QuarantinedRow])


def _copy(home: Home) -> Path:
    return home.warehouse.with_name("quarantine.json")


def document_type(connection: duckdb.DuckDBPyConnection) -> str:
    """The landing's document as a DuckDB struct, made from the raw table so that there is one home for the types."""
    columns = connection.execute(
        """
        select column_name, data_type from information_schema.columns
        where table_schema = 'raw' and table_name = 'document_parses' and column_name not in ('version_no', 'read_from')
        order by ordinal_position
        """
    ).fetchall()
    fields = ", ".join(f"{name} {kind}" for name, kind in [*columns, ("content_sha256", "VARCHAR")])
    return f"STRUCT({fields})"


def document_of(fields: Mapping[str, Any]) -> PolicyDocument:
    """A document as DuckDB gives its struct or row; one that was kept before there were lists of days has none."""
    read = {"source_fields": orjson.loads(fields["source_fields"]), "closes_dates": fields["closes_dates"] or ()}
    return PolicyDocument.model_validate({**fields, **read})


def whole_document(row: QuarantinedRow, fields: Mapping[str, Any]) -> PolicyDocument:
    """The document that a record or a document becomes; without fields as it was read.

    Raises InvalidCorrection.
    """
    if row.document is not None:
        document = row.document if not fields else corrected(row.document, fields, row.seen_on)
        keeps_id = "document_id" not in fields and row.document_id is not None
        return document.model_copy(update={"document_id": row.document_id}) if keeps_id else document
    base = {
        "source_id": row.source_id,
        "parser_version": row.parser_version,
        "content_sha256": row.body_sha256,
        "depth": Depth.LISTING,
    }
    return corrected(base, fields, row.seen_on)


def amended_document(document: PolicyDocument, fields: Mapping[str, Any], seen: date) -> PolicyDocument:
    """The document whose field could not be read, with what a correction states.

    Raises InvalidCorrection.
    """
    if naming := sorted(set(NAMING) & fields.keys()):
        raise InvalidCorrection(
            f"{naming[0]}: expected fields that do not name the document, got {fields[naming[0]]!r}"
        )
    return corrected(document, fields, seen)


def require_valid(
    connection: duckdb.DuckDBPyConnection,
    row: QuarantinedRow,
    fields: Mapping[str, Any],
    today: date,
    decided: Collection[Decision] = (),
) -> None:
    """Hold a correction against the contract, the audit and the documents that there are, before it is written down.

    ``decided`` is all that was decided, also what was undone or no load has read yet. Raises InvalidCorrection.
    """
    if row.kind != "field":
        document = whole_document(row, fields)
        if document.document_id != row.document_id:
            _require_new_name(connection, document, row.record_key, decided)
        _require_auditable(connection, document, row.document, today, is_new=True)
        return
    documents = documents_of(connection, row.source_id, row.document_id)
    if not documents:
        raise InvalidCorrection(_why_no_document(read_rows(connection).values(), row))
    document = documents[max(documents)]
    amended = amended_document(document, fields, row.seen_on)
    _require_auditable(connection, amended, document, today, is_new=False)


def _require_auditable(
    connection: duckdb.DuckDBPyConnection,
    document: PolicyDocument,
    before: PolicyDocument | None,
    today: date,
    *,
    is_new: bool,
) -> None:
    """The audit would find nothing that it does not find already in what is loaded.

    What only warns is for the source to say, and not for a person.
    """
    struct = document_type(connection)
    held = faults_of(before.model_dump_json(), struct, today) if before is not None else {}
    found = [
        fault.said
        for check, fault in faults_of(document.model_dump_json(), struct, today).items()
        if check not in held or (fault.is_error and is_new)
    ]
    if found:
        raise InvalidCorrection("; ".join(found))


def _require_new_name(
    connection: duckdb.DuckDBPyConnection, document: PolicyDocument, record_key: str, decided: Collection[Decision]
) -> None:
    """A stated name is that of no other document: the row would be told as a later version of it.

    What an earlier decision about the same row brought, and no load has taken back yet, is no other one.
    """
    key = (document.source_id, document.document_id)
    own = [one.override_id for one in decided if one.record_key == record_key]
    (known,) = connection.execute(
        """
        select count(*) from raw.decided_versions
        where source_id = ? and document_id = ? and not coalesce(list_contains(?::varchar[], override_id), false)
        """,
        [*key, own],
    ).fetchone() or (0,)
    others = {
        (one.source_id, one.fields.get("document_id"))
        for one in in_force(decided).values()
        if one.record_key != record_key
    }
    if known or key in others:
        raise InvalidCorrection(
            f"document_id: expected an id that no document of {document.source_id} has, got {document.document_id}, "
            "which is another one's; state the id of this record, or reject the row where that document is what it "
            "tells of"
        )


def _why_no_document(rows: Iterable[QuarantinedRow], row: QuarantinedRow) -> str:
    expected = f"{row.item}: expected the document that the field belongs to, got"
    for other in rows:
        if other.kind == "document" and (other.source_id, other.document_id) == (row.source_id, row.document_id):
            return (
                f"{expected} one that is set aside itself ({other.error}); state this field together with what that "
                f"row lacks: aipolicy quarantine correct {other.record_key}"
            )
    return f"{expected} none that was loaded; mend its crawl first (aipolicy status), or reject the row"


def documents_of(
    connection: duckdb.DuckDBPyConnection, source_id: str, document_id: str | None
) -> dict[int, PolicyDocument]:
    """The versions of a document as their newest parsers read them, by number."""
    found = connection.execute(
        f"""
        select parse.* exclude (read_from), content_sha256
        from raw.document_parses as parse
        inner join raw.document_versions using (source_id, document_id, version_no)
        where source_id = $source and document_id = $document
        qualify row_number() over (
            partition by version_no
            order by {NEWEST_PARSER_FIRST}
        ) = 1
        """,  # noqa: S608  an order of our own
        {"source": source_id, "document": document_id},
    )
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row.pop("version_no"): document_of(row) for row in rows}


def _document(row: Mapping[str, Any]) -> PolicyDocument | None:
    return None if row["document"] is None else document_of(row["document"])
