"""The warehouse on DuckLake: a catalog in PostgreSQL, rows as Parquet in a folder that machines share, or in a bucket.

One machine does with the file in its state folder. Where AIPOLICY_WAREHOUSE names a catalog, in DuckLake's own form
("ducklake:postgres:dbname=aipolicy host=db"), the warehouse is there, and AIPOLICY_WAREHOUSE_DATA says where its rows
lie. Passwords are read by PostgreSQL's client (PGPASSWORD, PGPASSFILE), never from the address; the keys of a bucket
are those of the environment (bucket.py).

A lake belongs to the state folder that made it, whose archive its rows rest on, and to the tables of the code that made
it; others are refused. Belongs here: where the lake is, whose it is, and how it is attached. Does not belong here: who
may write to it when (warehouse.py).
"""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from pipelines.bucket import Access, access, is_bucket_address
from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused, WarehouseAway
from pipelines.postgres import EXPECTED, words_of
from scrapers.durable import write_whole

VARIABLE = "AIPOLICY_WAREHOUSE"
DATA_VARIABLE = "AIPOLICY_WAREHOUSE_DATA"
DATABASE = "warehouse"
"""What the warehouse is called in SQL, be it a file or a lake."""
EXTENSIONS = ("ducklake", "postgres_scanner")
SPILLED = "spill-"
"""How the folder of each process begins into which DuckDB spills; two of them in one would write over each other."""
KEPT = timedelta(days=30)
"""How long snapshots of before stay, and with them the rows of then."""
ANEW = f"name a catalog in {VARIABLE} and a place in {DATA_VARIABLE} that are new, then run: aipolicy replay"
CLAIMS = "create table if not exists main.lake (folder varchar not null, tables varchar not null, id varchar not null)"
"""SQL: the one row that says whose a lake is, which tables it has, and how it is told from others of the folder."""
_PREFIX = "ducklake:postgres:"


@dataclass(frozen=True)
class Lake:
    """Where a lake is."""

    catalog: str
    """Its address, as DuckDB attaches it."""
    data: Path | str
    """The folder of its rows, or their bucket and prefix."""
    spill: Path
    """Where DuckDB puts what does not fit into its memory."""
    bucket: Access | None = None
    """Who we are at the store where the rows are in a bucket."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """What DuckDB needs for it."""
        return (*EXTENSIONS, "httpfs") if self.bucket else EXTENSIONS


def lake_of(home: Home, environment: Mapping[str, str] = os.environ) -> Lake | None:
    """The lake that the environment names; None where the warehouse is the file in the state folder.

    Raises SettingRefused for any other address, such as one with a password in it, for a folder that is not a whole
    path or holds the state folder itself, and for a bucket whose keys are missing.
    """
    catalog = environment.get(VARIABLE, "").strip()
    if not catalog:
        return None
    if not catalog.startswith(_PREFIX) or words_of(catalog.removeprefix(_PREFIX)) is None:
        raise SettingRefused(
            f"{VARIABLE}: expected {_PREFIX} and {EXPECTED}, got something else; a password belongs in PGPASSWORD, or "
            "in a file that PGPASSFILE names; leave the variable out to have the warehouse in the state folder"
        )
    told = environment.get(DATA_VARIABLE, "").strip()
    spill = home.warehouse.with_name(f"{SPILLED}{platform.node()}-{os.getpid()}")
    if is_bucket_address(told):
        return Lake(catalog, told, spill, access(environment))
    data = Path(os.path.normpath(told or home.warehouse.with_name("lake")))
    if "://" in told or not data.is_absolute() or home.root.resolve().is_relative_to(data.resolve()):
        raise SettingRefused(
            f"{DATA_VARIABLE}: expected the whole path of a folder for the rows of the warehouse alone, or "
            f"s3://BUCKET/PREFIX, got {told or data}"
        )
    return Lake(catalog, data, spill)


def require_extensions(lake: Lake) -> None:
    """Look for what DuckDB needs for a lake.

    Raises NotInstalled where it was not installed.
    """
    for name in lake.extensions:
        _extension(name)


def attach(connection: duckdb.DuckDBPyConnection, lake: Lake, *, read_only: bool = False) -> None:
    """Attach a lake under the name of the warehouse; where it is not there yet, a writer makes it.

    Every row goes into its folder: none stay in the catalog. Raises NotInstalled where an extension was not installed,
    and WarehouseAway where the catalog cannot be reached, or knows another folder of data.
    """
    for name in lake.extensions:
        connection.execute(f"load '{_quoted(_extension(name))}'")
    connection.execute(f"set temp_directory = '{_quoted(lake.spill)}'")
    options = f"data_path '{_quoted(lake.data)}', data_inlining_row_limit 0{', read_only' if read_only else ''}"
    try:
        if lake.bucket is not None:
            _introduce(connection, lake.bucket, str(lake.data))
        connection.execute(f"attach '{_quoted(lake.catalog)}' as {DATABASE} ({options})")
    except (duckdb.Error, RuntimeError) as error:
        raise WarehouseAway(told(error, lake)) from None  # the error repeats the address


def _introduce(connection: duckdb.DuckDBPyConnection, who: Access, address: str) -> None:
    """Have a connection use our keys for a bucket; they go with it, and into no file."""
    values = {
        "key_id": who.key_id,
        "secret": who.secret,
        "session_token": who.token,
        "region": who.region,
        "scope": address,
        "endpoint": who.endpoint,
        "url_style": None if who.endpoint is None else "path",
        "use_ssl": who.has_tls,
    }
    given = {name: value for name, value in values.items() if value is not None}
    options = ", ".join(f"{name} ${name}" for name in given)
    connection.execute(f"create or replace temporary secret aipolicy_lake (type s3, {options})", given)


def told(error: Exception, lake: Lake) -> str:
    """What a lake could not do, in a sentence without its address and its keys."""
    said = " ".join(str(error).replace(lake.catalog, VARIABLE).split())
    said = said.replace(lake.catalog.removeprefix(_PREFIX), VARIABLE)
    kind = "folder" if lake.bucket is None else "bucket and prefix"
    return (
        f"the warehouse of {VARIABLE}: {(lake.bucket.scrub(said) if lake.bucket else said)[:500]}; see whether "
        f"PostgreSQL answers, whether {lake.data} can be written and is the {kind} that the catalog was made with, and "
        "run again"
    )


def is_claimed(connection: duckdb.DuckDBPyConnection, home: Home, tables: str) -> bool:
    """Whether a lake that is open for writing is the state folder's, with all its tables; False for an empty one.

    `tables` is the hash of the statements that make them. Raises StateRefused for the lake of another state folder, and
    for one that other code has made.
    """
    connection.execute(CLAIMS)
    row = connection.execute("select folder, tables from main.lake").fetchone()
    if row is None:
        return False
    folder, made = row
    if folder != _name_of(home):
        raise StateRefused(f"the warehouse of {VARIABLE} belongs to another state folder than {home.root}; {ANEW}")
    if made != tables:
        raise StateRefused(f"the warehouse of {VARIABLE} was made by another version of this code; {ANEW}")
    return True


def claim(connection: duckdb.DuckDBPyConnection, home: Home, tables: str) -> None:
    """Note whose a lake is, once its tables are there."""
    connection.execute("insert into main.lake values (?, ?, ?)", [_name_of(home), tables, secrets.token_hex(8)])


def moment_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The id of a lake that is attached, and the number of its newest snapshot, as of which DuckLake can answer."""
    row = connection.execute(f"select id from {DATABASE}.main.lake").fetchone()
    assert row is not None
    return {"id": row[0], "snapshot": _snapshots(connection)[-1][0]}


def _snapshots(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, datetime]]:
    """All that a lake can answer as of, the newest last."""
    snapshots = connection.execute(f"from ducklake_snapshots('{DATABASE}') select snapshot_id, snapshot_time")
    return sorted(snapshots.fetchall())


def _name_of(home: Home) -> str:
    """What a state folder is called in its lake: a name that is made once, and moves with the folder."""
    file = home.warehouse.with_name("lake-name")
    if not file.exists():
        write_whole(file, secrets.token_hex(16).encode())
    return file.read_text(encoding="utf-8")


def tidy(connection: duckdb.DuckDBPyConnection, kept: Sequence[int]) -> None:
    """Join the small files that loads leave, and let go of older snapshots than are kept, with their files.

    Snapshots that are `kept` stay whatever their age, and files that the catalog does not know, whoever put them there.
    """
    *earlier, _ = _snapshots(connection)
    before = datetime.now(UTC) - KEPT
    if old := [number for number, taken in earlier if taken < before and number not in kept]:
        connection.execute(f"call ducklake_expire_snapshots('{DATABASE}', versions => {old})")
    connection.execute(f"call ducklake_merge_adjacent_files('{DATABASE}')")
    connection.execute(f"call ducklake_cleanup_old_files('{DATABASE}', older_than => now() - interval '1 day')")


def _extension(name: str) -> Path:
    """The file of an extension as its package brings it, for this version of DuckDB: nothing is fetched."""
    spec = find_spec(f"duckdb_extension_{name}")
    folders = spec.submodule_search_locations or () if spec else ()
    files = [Path(place, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension") for place in folders]
    found = next((file for file in files if file.exists()), None)
    if found is None:
        raise NotInstalled(
            f"{VARIABLE}: expected the extension {name} for DuckDB {duckdb.__version__}, found none; "
            "run: make scale-install"
        )
    return found


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
