"""The limit: ask for the lists four at a time, decode them with orjson, insert them as Arrow tables. Nothing else."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import duckdb
import orjson
import pyarrow as pa


async def fetched(session: aiohttp.ClientSession, url: str) -> list[dict[str, object]]:
    """The documents of a list."""
    async with session.get(url) as response:
        return orjson.loads(await response.read()).get("results", [])  # type: ignore[no-any-return]


async def main(urls: list[str], database: str) -> None:
    """Take all lists."""
    schema = pa.schema([("document_number", pa.string()), ("publication_date", pa.string()), ("record", pa.string())])
    connection = duckdb.connect(database)
    connection.execute("create table documents (document_number varchar, publication_date varchar, record json)")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=4)) as session:
        for answer in asyncio.as_completed([fetched(session, url) for url in urls]):
            rows = [
                {
                    "document_number": one["document_number"],
                    "publication_date": one["publication_date"],
                    "record": orjson.dumps(one).decode(),
                }
                for one in await answer
            ]
            connection.register("page", pa.Table.from_pylist(rows, schema))
            connection.execute("insert into documents select * from page")
    print(connection.execute("select count(*) from documents").fetchone()[0])  # type: ignore[index]
    connection.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2]))
