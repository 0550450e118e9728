"""The warehouse on DuckLake: a catalog in PostgreSQL, rows as Parquet in a folder or bucket that machines share.

One machine does with the file in its state folder. Where AIPOLICY_WAREHOUSE names a catalog, in DuckLake's own form
("ducklake:postgres:dbname=aipolicy host=db"), the warehouse is there, and AIPOLICY_WAREHOUSE_DATA says where its rows
lie. Passwords are read by PostgreSQL's client (PGPASSWORD, PGPASSFILE), never from the address.

Belongs here: where the lake is, and how it is attached. Does not belong here: who may write to it when (warehouse.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from pipelines.home import Home, NotInstalled, SettingRefused

VARIABLE = "AIPOLICY_WAREHOUSE"
DATA_VARIABLE = "AIPOLICY_WAREHOUSE_DATA"
DATABASE = "warehouse"
"""What the warehouse is called in SQL, be it a file or a lake."""
KEPT = "30 days"
"""How long snapshots of before stay, and with them the rows of then."""
_SCHEME = "ducklake:"
_BUCKETS = ("s3://", "gcs://", "r2://", "https://", "http://")


@dataclass(frozen=True)
class Lake:
    """Where a lake is."""

    catalog: str
    """Its address, as DuckDB attaches it."""
    data: str
    """The folder or bucket of its rows."""

    @property
    def extensions(self) -> Iterator[str]:
        """What DuckDB needs for it."""
        yield "ducklake"
        if self.catalog.startswith(f"{_SCHEME}postgres:"):
            yield "postgres_scanner"
        if self.data.startswith(_BUCKETS):
            yield "httpfs"


def lake_of(home: Home, environment: Mapping[str, str] = os.environ) -> Lake | None:
    """The lake that the environment names; None where the warehouse is the file in the state folder.

    Raises SettingRefused for an address of another kind, or one with a password in it.
    """
    catalog = environment.get(VARIABLE, "").strip()
    if not catalog:
        return None
    if not catalog.startswith(_SCHEME):
        raise SettingRefused(
            f"{VARIABLE}: expected an address such as ducklake:postgres:dbname=aipolicy, got one that begins with "
            f"{catalog[:9]!r}; leave it out to have the warehouse in the state folder"
        )
    if "password" in catalog.lower() or "@" in catalog:
        raise SettingRefused(f"{VARIABLE}: expected no password in it; give it in PGPASSWORD, or a file by PGPASSFILE")
    return Lake(catalog, environment.get(DATA_VARIABLE, "").strip() or str(home.warehouse.with_name("lake")))


def attach(connection: duckdb.DuckDBPyConnection, lake: Lake, *, read_only: bool = False) -> None:
    """Attach a lake under the name of the warehouse; where it is not there yet, it is made.

    Raises NotInstalled where an extension was not installed, and duckdb.Error where the catalog cannot be reached.
    """
    for name in lake.extensions:
        connection.execute(f"load '{_quoted(_extension(name))}'")
    options = f"data_path '{_quoted(lake.data)}'{', read_only' if read_only else ''}"
    connection.execute(f"attach '{_quoted(lake.catalog)}' as {DATABASE} ({options})")


def tidy(connection: duckdb.DuckDBPyConnection) -> None:
    """Join the small files that loads leave, and let go of older snapshots than are kept, with their files."""
    connection.execute(f"call {DATABASE}.set_option('expire_older_than', '{KEPT}')")
    connection.execute(f"checkpoint {DATABASE}")


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
