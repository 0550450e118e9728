"""What the texts of documents about AI say: duties, amounts, days, what they do to other instruments, and their facets.

Belongs here: which versions are due, and rows into enriched.obligations, enriched.amounts, enriched.dates,
enriched.relations and enriched.facets. Does not belong here: the reading itself (obligations.py, money.py, dates.py,
relations.py, facets.py), and what a source states in fields of its own or in a note made for it (dispositions.py,
references.py).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.enrich import citations, dates, facets, instruments, money, obligations, parties, relations, topics
from pipelines.enrich.anchors import own_names
from pipelines.enrich.cores import over_cores, usable_cores
from pipelines.enrich.dates import find_dates, find_relative_dates
from pipelines.enrich.facets import identifier_text, read_facets
from pipelines.enrich.money import find_amounts
from pipelines.enrich.obligations import TextDates, find_obligations
from pipelines.enrich.parses import newest_of, whole
from pipelines.enrich.parties import agreements_named
from pipelines.enrich.relations import find_relations
from pipelines.warehouse import transaction

BATCH_DOCUMENTS = 1_000
"""Facets try every wording on a batch at once, and making the wordings ready costs as much as 2,000 documents."""
MANY_DOCUMENTS = 1_000
"""From here on texts are read by several processes: each takes about a second to start."""

_PARTS = (citations, dates, money, obligations, relations, facets, instruments, parties, topics)
_KEY = {"source_id": pl.String, "document_id": pl.String, "version_no": pl.Int64}
_FOUND = {
    "extractor_version": pl.String,
    "position": pl.Int64,
    "field": pl.String,
    "quote": pl.String,
    "quote_start": pl.Int64,
}
_READINGS = {**_KEY, "parser_version": pl.String, "reader_version": pl.String}
_OBLIGATIONS = {
    **_KEY,
    **_FOUND,
    "section": pl.String,
    "actor": pl.String,
    "action": pl.String,
    "period": pl.String,
    "anchor": pl.String,
    "due_date": pl.Date,
    "recurrence": pl.String,
}
_AMOUNTS = {
    **_KEY,
    **_FOUND,
    "kind": pl.String,
    "low": pl.Decimal(24, 2),
    "high": pl.Decimal(24, 2),
    "currency": pl.String,
    "qualifier": pl.String,
    "period": pl.String,
    "is_part": pl.Boolean,
    "said": pl.String,
    "said_start": pl.Int64,
}
_RELATIONS = {
    **_KEY,
    **_FOUND,
    "relation": pl.String,
    "is_partial": pl.Boolean,
    "target_scheme": pl.String,
    "target_value": pl.String,
    "provision": pl.String,
    "until_date": pl.Date,
}
_DATES = {
    **_KEY,
    **_FOUND,
    "role": pl.String,
    "first_date": pl.Date,
    "last_date": pl.Date,
    "is_relative": pl.Boolean,
}
_FACETS = {
    **_KEY,
    **_FOUND,
    "facet": pl.String,
    "value": pl.String,
    "name": pl.String,
    "rule": pl.String,
}

_SCHEMAS: dict[str, dict[str, Any]] = {
    "readings": _READINGS,
    "obligations": _OBLIGATIONS,
    "amounts": _AMOUNTS,
    "dates": _DATES,
    "relations": _RELATIONS,
    "facets": _FACETS,
}

AGREEMENT = "agreement"
"""Scheme of an agreement without a number, whose value are the codes of the two governments."""
MENTIONED = "mentioned"
"""Role of a relative day: the text gives it none."""
_BY_NAME = ("named_law", "uk_act_title")
"""Schemes whose value is a name and no number."""

_STALE = """
    create or replace temp table readings_stale as
    select source_id, document_id, version_no
    from enriched.readings
    anti join texts_due using (source_id, document_id, version_no, parser_version, reader_version)
    where in_share(document_id)
"""
_FACET_FIELDS = ("document_type", "subtype", "action", "title", "abstract")
_TABLES = ("obligations", "amounts", "dates", "relations", "facets", "readings")


@dataclass(frozen=True)
class Text:
    """One version of a document, and what its reading depends on."""

    source_id: str
    document_id: str
    version_no: int
    parser_version: str
    document_type: str | None
    subtype: str | None
    action: str | None
    title: str | None
    abstract: str | None
    body: str | None
    dates: TextDates
    jurisdiction: str | None
    own_identifiers: frozenset[tuple[str, str]]

    @property
    def key(self) -> tuple[str, str, int]:
        """What names the version."""
        return self.source_id, self.document_id, self.version_no

    @property
    def day(self) -> date | None:
        """The day of the text, by which words are read."""
        return self.dates.published or self.dates.signed

    def fields(self) -> Iterator[tuple[str, str]]:
        """Names and texts of the fields that hold prose."""
        for name in ("title", "abstract", "body"):
            if text := getattr(self, name):
                yield name, text


def reader_version() -> str:
    """What a reading depends on besides the text: the extractors' versions, and the words that they are given."""
    words = hashlib.sha256(b"".join(seed.read_bytes() for seed in seeds_read())).hexdigest()
    return " ".join([*(part.EXTRACTOR_VERSION for part in _PARTS), words[:12]])


def seeds_read() -> list[Path]:
    """Every seed that a reader reads."""
    return sorted({obligations.SEED, *money.READ, *facets.READ})


def read_texts(connection: duckdb.DuckDBPyConnection, relevant: str) -> dict[str, int]:
    """Bring the tables to what the newest parses of relevant versions say; new rows by table.

    ``relevant`` is a query for the versions judged to be about AI.
    Idempotent: a version is read again only when its parser, an extractor or the extractors' words have changed.
    """
    version = reader_version()
    connection.execute(
        f"""
        create or replace temp table texts_due as
        select *, $version as reader_version from ({newest_of(relevant)})
        """,
        {"version": version},
    )
    _drop_stale(connection)
    added = dict.fromkeys(_TABLES, 0)
    unread = _unread(connection)
    batches = _batches(connection, unread)
    for rows in over_cores(_read, batches) if unread >= MANY_DOCUMENTS else map(_read, batches):
        with transaction(connection):  # a version that is noted as read has all its rows
            for table, schema in _SCHEMAS.items():
                _append(connection, table, pl.DataFrame(rows[table], schema=schema, orient="row"))
                added[table] += len(rows[table])
    connection.execute("drop table texts_due")
    connection.execute("drop table texts_unread")
    return added


def _read(batch: list[Text]) -> dict[str, list[tuple[object, ...]]]:
    """What some texts say: rows by table."""
    version = reader_version()
    return {
        "readings": [(*text.key, text.parser_version, version) for text in batch],
        "obligations": [row for text in batch for row in _obligations(text)],
        "amounts": [row for text in batch for row in _amounts(text)],
        "dates": [row for text in batch for row in _dates(text)],
        "relations": [row for text in batch for row in _relations(text)],
        "facets": list(_facets(batch)),
    }


def _drop_stale(connection: duckdb.DuckDBPyConnection) -> None:
    """Take back what was read from versions that are due again, or are not held to be about AI any more."""
    connection.execute(_STALE)
    for table in _TABLES:
        mine = "and split_part(held.extractor_version, '/', 1) = 'relations'" if table == "relations" else ""
        connection.execute(
            f"""
            delete from enriched.{table} as held using readings_stale as stale
            where (held.source_id, held.document_id, held.version_no)
                = (stale.source_id, stale.document_id, stale.version_no) {mine}
            """
        )
    connection.execute("drop table readings_stale")


def _unread(connection: duckdb.DuckDBPyConnection) -> int:
    """Put the versions to read into the table texts_unread; their number."""
    connection.execute(
        """
        create or replace temp table texts_unread as
        select * from texts_due anti join enriched.readings using (source_id, document_id, version_no)
        order by place
        """
    )
    (rows,) = connection.execute("select count(*) from texts_unread").fetchone() or (0,)
    return int(rows)


def _batches(connection: duckdb.DuckDBPyConnection, unread: int) -> Iterator[list[Text]]:
    # Of many each core gets its share, or some would have nothing to do.
    share = math.ceil(unread / usable_cores()) if unread >= MANY_DOCUMENTS else BATCH_DOCUMENTS
    size = min(share, BATCH_DOCUMENTS)
    for first in range(0, unread, size):
        due = f"from texts_unread where rowid >= {first} and rowid < {first + size}"
        documents = connection.execute(
            f"""
            select
                parse.source_id, parse.document_id, parse.version_no, parse.parser_version,
                parse.document_type, parse.document_subtype as subtype, parse.action,
                parse.title, parse.abstract, parse.body,
                parse.signed_date, parse.published_date, parse.effective_date, source.jurisdiction,
                list_transform(parse.identifiers, lambda one: [one.scheme, one.value]) as identifiers
            from ({whole(due)}) as parse
            left join raw.sources as source using (source_id)
            order by parse.source_id, parse.document_id, parse.version_no
            """
        )
        yield [_text(row) for row in pl.DataFrame(documents.to_arrow_table()).iter_rows(named=True)]


def _text(row: dict[str, Any]) -> Text:
    dates = TextDates(
        signed=row.pop("signed_date"),
        published=row.pop("published_date"),
        effective=row.pop("effective_date"),
        jurisdiction=row["jurisdiction"],
        names=own_names("", row["title"] or ""),
    )
    own = frozenset((scheme, value) for scheme, value in row.pop("identifiers"))
    return Text(**row, dates=dates, own_identifiers=own)


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    connection.register("read_rows", rows.to_arrow())
    connection.execute(f"insert into enriched.{table} by name select * from read_rows")
    connection.unregister("read_rows")


def _obligations(text: Text) -> Iterator[tuple[object, ...]]:
    """Duties of the text itself, or of its summary where no more is held."""
    field, prose = ("body", text.body) if text.body else ("abstract", text.abstract or "")
    for position, duty in enumerate(find_obligations(prose, text.dates)):
        yield (
            *text.key, obligations.EXTRACTOR_VERSION, position, field, duty.quote, duty.start, duty.section, duty.actor,
            duty.action, duty.period, duty.anchor, duty.due_date, None if duty.recurring == "none" else duty.recurring,
        )  # fmt: skip


def _amounts(text: Text) -> Iterator[tuple[object, ...]]:
    found = ((field, one) for field, prose in text.fields() for one in find_amounts(prose, text.jurisdiction, text.day))
    for position, (field, one) in enumerate(found):
        yield (
            *text.key, money.EXTRACTOR_VERSION, position, field, one.quote, one.start, one.kind, one.low, one.high,
            one.currency, one.qualifier, one.period, one.is_part, one.said, one.said_start,
        )  # fmt: skip


def _dates(text: Text) -> Iterator[tuple[object, ...]]:
    """Days with a role, and relative days against the day of the text, left open where several could be meant."""
    found = [
        *(
            (field, one.start, one.quote, one.role, one.day, one.day, False)
            for field, prose in text.fields()
            for one in find_dates(prose)
        ),
        *(
            (field, one.start, one.quote, MENTIONED, one.first, one.last, True)
            for field, prose in text.fields()
            for one in find_relative_dates(prose, text.day)
        ),
    ]
    for position, (field, start, quote, *told) in enumerate(found):
        yield *text.key, dates.EXTRACTOR_VERSION, position, field, quote, start, *told


def _relations(text: Text) -> Iterator[tuple[object, ...]]:
    """What abstract and body do to others; a law that is named as the title names the document is the document."""
    title = (text.title or "").casefold()
    found = [
        (field, one)
        for field, prose in text.fields()
        if field != "title"
        for one in find_relations(prose, text.own_identifiers)
        if one.target_scheme not in _BY_NAME or one.target_value.casefold() not in title
    ]
    for position, (field, one) in enumerate(found):
        yield (
            *text.key, relations.EXTRACTOR_VERSION, position, field, one.quote, one.start, one.relation, one.is_partial,
            one.target_scheme, one.target_value, one.pinpoint if one.is_partial else None, one.until_date,
        )  # fmt: skip
    yield from _agreements(text, len(found))


def _agreements(text: Text, position: int) -> Iterator[tuple[object, ...]]:
    """Agreements that abstract and body name; one that the title names is what the document is about."""
    own = {one.codes for one in agreements_named(text.title or "")}
    for field, prose in text.fields():
        for one in agreements_named(prose) if field != "title" else ():
            if one.codes not in own:
                own.add(one.codes)
                yield (
                    *text.key, relations.EXTRACTOR_VERSION, position, field, one.quote, one.start, "cites", False,
                    AGREEMENT, one.codes, None, None,
                )  # fmt: skip
                position += 1


def _facets(batch: list[Text]) -> Iterator[tuple[object, ...]]:
    read = pl.DataFrame(
        {
            "identifier": [identifier_text(text.own_identifiers) for text in batch],
            **{name: [getattr(text, name) for text in batch] for name in _FACET_FIELDS},
            "published_date": [text.day for text in batch],
        },
        schema={**dict.fromkeys(("identifier", *_FACET_FIELDS), pl.String), "published_date": pl.Date},
    )
    positions: Counter[int] = Counter()
    for facet in read_facets(read):
        yield (
            *batch[facet.row].key, facets.EXTRACTOR_VERSION, positions[facet.row], facet.field, facet.quote,
            facet.quote_start, facet.facet, facet.value, facet.name, facet.rule,
        )  # fmt: skip
        positions[facet.row] += 1
