"""Stage an edition: copy the marts into a new DuckDB file and Parquet, and describe them.

The staged edition is complete but not public. Parquet is byte-identical for the same marts (a total order in every
export); the DuckDB file is equal by content. The content hash covers the content marts only: bookkeeping (coverage,
sightings, fetches) moves with every refresh.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.home import Home
from pipelines.publish.audit import read_token
from pipelines.warehouse import attach_warehouse, connect, moment_of_lake, writer_lock
from scrapers.contracts import utc_text
from scrapers.durable import file_sha256, write_whole

BOOKKEEPING = ("document_sightings", "fetches", "source_coverage", "source_looks")
MACROS = Path(__file__).parents[2] / "dbt" / "macros" / "published"
SPILL = "policy.duckdb.tmp"
"""Where a DuckDB that was told nothing else keeps what does not fit into its memory."""
STORAGE_VERSION = "v1.0.0"
"""The oldest DuckDB that must read an edition decides the file's format."""
_EDITION = {
    "description": "One row: the edition itself.",
    "columns": {
        "edition_id": {"description": "Its id, which names its folder."},
        "as_of": {"description": "The UTC instant of which it speaks: when its newest document was first seen."},
        "content_sha256": {"description": "Hash of its content, made of the hashes of its Parquet files."},
        "is_sample": {
            "description": "Whether stand-ins answered for the sources: then its texts are not official wording."
        },
    },
}
"""What the one table says that dbt does not make; in the form of dbt's manifest."""


@dataclass(frozen=True)
class StagedEdition:
    """An edition waiting for its audit."""

    folder: Path
    edition_id: str
    content_sha256: str


def fingerprint(connection: duckdb.DuckDBPyConnection, code_sha256: str) -> str:
    """Hash of all that an edition is made of: versions, parses, decisions, enrichment, quarantine and the code
    that reads them.

    What is long of a parse is not read: a parse never changes where it lies, and a parser that reads the same bytes
    otherwise has another version.
    """
    row = connection.execute(
        """
        select
            (select (count(*), bit_xor(hash(source_id, document_id, version_no, content_sha256)))
                from raw.document_versions),
            (select (count(*), bit_xor(hash(*columns(* exclude (
                abstract, body, publishers, identifiers, attachments, source_fields
            ))))) from raw.document_parses),
            (select (count(*), bit_xor(hash(overrides))) from raw.overrides),
            (select (count(*), bit_xor(hash(versions))) from overridden.versions),
            (select (count(*), bit_xor(hash(parses))) from overridden.parses),
            (select (count(*), bit_xor(hash(source_id, document_id, version_no, extractor_version, vocabulary_sha256)))
                from enriched.relevance),
            (select (count(*), bit_xor(hash(source_id, document_id, version_no, extractor_version, position)))
                from enriched.relations),
            (select (count(*), bit_xor(hash(obligations))) from enriched.obligations),
            (select (count(*), bit_xor(hash(amounts))) from enriched.amounts),
            (select (count(*), bit_xor(hash(dates))) from enriched.dates),
            (select (count(*), bit_xor(hash(facets))) from enriched.facets),
            (select (count(*), bit_xor(hash(quarantine_id))) from raw.quarantine),
            (select (count(*), bit_xor(hash(sources))) from raw.sources),
            (select (count(*), bit_xor(hash(identifier_schemes))) from raw.identifier_schemes),
            (select (count(*), bit_xor(hash(instrument_rules))) from raw.instrument_rules),
            (select (count(*), bit_xor(hash(date_fields))) from raw.date_fields)
        """
    ).fetchone()
    return hashlib.sha256(f"{row}{code_sha256}".encode()).hexdigest()


def stage(home: Home, input_fingerprint: str) -> StagedEdition:
    """Make the staged edition from the warehouse's marts, replacing an earlier one.

    Raises LookupError when the warehouse holds no marts (the transform has not run).
    """
    folder = home.staged
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "parquet").mkdir(parents=True)
    with writer_lock(home):
        connection = duckdb.connect()
        try:
            attach_warehouse(connection, home)
            as_of, is_sample = _as_of(connection), _is_sample(connection)
            moment = moment_of_lake(connection, home)
            tables = _copy_marts(connection, folder / "policy.duckdb")
        finally:
            connection.close()
    content_sha256, rows = _describe(folder, tables)
    edition_id = _free_id(home, f"{as_of.strftime('%Y%m%dT%H%M%SZ')}-{content_sha256[:8]}", input_fingerprint)
    _finish_database(folder, edition_id, as_of, content_sha256, is_sample=is_sample)
    write_whole(
        folder / "EDITION.json",
        orjson.dumps(
            {
                "edition_id": edition_id,
                "as_of": utc_text(as_of),
                "content_sha256": content_sha256,
                "input_fingerprint": input_fingerprint,
                "is_sample": is_sample,
                **({"lake": moment} if moment else {}),
                "tables": rows,
                "bookkeeping": sorted(BOOKKEEPING),
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS,
        ),
    )
    return StagedEdition(folder, edition_id, content_sha256)


def _free_id(home: Home, edition_id: str, input_fingerprint: str) -> str:
    """The id, or its next revision when an edition of equal content was made from other inputs (a changed comment)."""
    revision, candidate = 1, edition_id
    while _is_of_other_inputs(home.editions / candidate, input_fingerprint):
        revision += 1
        candidate = f"{edition_id}-r{revision}"
    return candidate


def _is_of_other_inputs(folder: Path, input_fingerprint: str) -> bool:
    """Whether an edition stands there that was made otherwise; one that cannot be read is left to publishing."""
    try:
        return bool(read_about(folder)["input_fingerprint"] != input_fingerprint)
    except (FileNotFoundError, ValueError):
        return False


def staged_edition(home: Home) -> StagedEdition:
    """The edition that is staged now.

    Raises FileNotFoundError when none is.
    """
    about = read_about(home.staged)
    return StagedEdition(home.staged, about["edition_id"], about["content_sha256"])


def read_about(folder: Path) -> dict[str, Any]:
    """The EDITION.json of an edition, staged or published.

    Raises FileNotFoundError when there is none, ValueError when it cannot be read.
    """
    about: dict[str, Any] = orjson.loads((folder / "EDITION.json").read_bytes())
    return about


def _as_of(connection: duckdb.DuckDBPyConnection) -> datetime:
    """The moment the edition speaks of: when its newest document version was first seen, never the clock."""
    row = connection.execute("select max(first_seen_at) from warehouse.raw.decided_versions").fetchone()
    if row is None or row[0] is None:
        raise LookupError("expected at least one loaded document, got none; run a crawl and load it first")
    as_of: datetime = row[0]
    return as_of


def _is_sample(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether stand-ins answered for the sources: then the edition's texts are not official wording."""
    row = connection.execute("select coalesce(bool_or(is_stand_in), false) from warehouse.raw.crawls").fetchone()
    return row is not None and bool(row[0])


def _copy_marts(connection: duckdb.DuckDBPyConnection, target: Path) -> list[str]:
    tables = [
        row[0]
        for row in connection.execute(
            """
            select table_name from information_schema.tables
            where table_catalog = 'warehouse' and table_schema = 'marts' order by table_name
            """
        ).fetchall()
    ]
    if not tables:
        raise LookupError("expected marts in the warehouse, got none; run the transform first")
    connection.execute(f"attach '{_quoted(target)}' as edition (storage_version '{STORAGE_VERSION}')")
    for table in tables:
        mart = f'warehouse.marts."{table}"'
        connection.execute(
            f'create table edition.main."{table}" as select * from {mart} order by {_order(connection, mart)}'
        )
    connection.execute("detach edition")
    return tables


def _order(connection: duckdb.DuckDBPyConnection, mart: str) -> str:
    """The first columns of a mart that no two rows share: they order it as all columns do, without comparing texts."""
    columns = [f'"{row[0]}"' for row in connection.execute(f"select column_name from (describe {mart})").fetchall()]
    for width in range(1, len(columns)):
        leading = ", ".join(columns[:width])
        row = connection.execute(f"select count(*) = count(distinct hash({leading})) from {mart}").fetchone()
        if row is not None and row[0]:
            return leading
    return "all"


def _describe(folder: Path, tables: list[str]) -> tuple[str, dict[str, dict[str, Any]]]:
    """Export each table to Parquet, in the order in which it was written; returns the content hash and each table's
    rows and hash.
    """
    connection = connect(folder / "policy.duckdb", read_only=True)
    rows: dict[str, dict[str, Any]] = {}
    try:
        for table in tables:
            path = folder / "parquet" / f"{table}.parquet"
            connection.execute(f"copy \"{table}\" to '{_quoted(path)}' (format parquet, compression zstd)")
            count = connection.execute(f'select count(*) from "{table}"').fetchone()
            assert count is not None
            rows[table] = {"rows": count[0], "parquet_sha256": file_sha256(path)}
    finally:
        connection.close()
    content = "".join(f"{table} {rows[table]['parquet_sha256']}\n" for table in tables if table not in BOOKKEEPING)
    return hashlib.sha256(content.encode()).hexdigest(), rows


def _finish_database(folder: Path, edition_id: str, as_of: datetime, content_sha256: str, *, is_sample: bool) -> None:
    """Add what a reader needs inside the file: the edition's own row, macros and comments."""
    connection = connect(folder / "policy.duckdb", read_only=False)
    try:
        connection.execute("begin")
        connection.execute(
            "create table edition (edition_id varchar, as_of timestamptz, content_sha256 varchar, is_sample boolean)"
        )
        connection.execute("insert into edition values (?, ?, ?, ?)", [edition_id, as_of, content_sha256, is_sample])
        _comment(connection, "edition", _EDITION)
        for macro in published_macros(MACROS):
            sql = macro.read_text(encoding="utf-8")
            connection.execute(sql)
            connection.execute(f"comment on macro table \"{macro.stem}\" is '{_escaped(_head(sql))}'")
        connection.execute("commit")
        connection.execute("force checkpoint")
    finally:
        connection.close()


def _head(sql: str) -> str:
    """The comment at the head of a macro's file, without its marks."""
    lines = takewhile(lambda line: line.startswith("--"), sql.splitlines())
    return "\n".join(line.removeprefix("--").strip() for line in lines)


def published_macros(folder: Path) -> list[Path]:
    """The files of the published macros; one that calls another stands behind it."""
    files = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    calls = {
        name: {other for other in files if other != name and f"{other}(" in path.read_text(encoding="utf-8")}
        for name, path in files.items()
    }
    return [files[name] for name in TopologicalSorter(calls).static_order()]


def add_comments(folder: Path, manifest: Path) -> None:
    """Copy the descriptions of dbt's manifest onto the published tables and columns."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    models = {node["name"]: node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"}
    connection = connect(folder / "policy.duckdb", read_only=False)
    try:
        connection.execute("begin")
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            if table in models:
                _comment(connection, table, models[table])
        connection.execute("commit")
        connection.execute("force checkpoint")
    finally:
        connection.close()


def _comment(connection: duckdb.DuckDBPyConnection, table: str, node: Mapping[str, Any]) -> None:
    connection.execute(f"comment on table \"{table}\" is '{_escaped(node['description'])}'")
    present = {row[0] for row in connection.execute(f'select column_name from (describe "{table}")').fetchall()}
    for name, column in node["columns"].items():
        if name in present:
            connection.execute(f'comment on column "{table}"."{name}" is \'{_escaped(column["description"])}\'')


def seal(folder: Path) -> str:
    """Write SHA256SUMS over every file of the edition; returns the hash of that list.

    It cannot hold itself, nor the audit's token, which is made later and holds the hash of the list.
    """
    sums, sha256 = file_sums(folder)
    write_whole(folder / "SHA256SUMS", sums.encode())
    return sha256


def is_whole(folder: Path) -> bool:
    """Whether an edition's files are those of its SHA256SUMS, and its audit can be read."""
    listed = folder / "SHA256SUMS"
    try:
        read_token(folder)
    except (FileNotFoundError, ValueError):
        return False
    return listed.exists() and listed.read_bytes() == file_sums(folder)[0].encode()


def sealed_files(folder: Path) -> list[Path]:
    """The files that SHA256SUMS holds.

    What a reader's DuckDB puts beside the file while a query does not fit into its memory is not of the edition.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.name not in ("SHA256SUMS", "AUDIT.json") and path.parent != folder / SPILL and path.is_file()
    )


def file_sums(folder: Path) -> tuple[str, str]:
    """The lines of SHA256SUMS as the files are now, and the hash of them."""
    sums = "".join(f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in sealed_files(folder))
    return sums, hashlib.sha256(sums.encode()).hexdigest()


def _escaped(text: str) -> str:
    return text.replace("'", "''")


def _quoted(path: Path) -> str:
    return _escaped(str(path))
