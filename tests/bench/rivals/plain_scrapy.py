"""Plain Scrapy: a spider that yields an item a document, and a pipeline that inserts an item at a time."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response


class Inserts:
    """One insert an item, all in one transaction, which is the quickest that this way allows."""

    def open_spider(self) -> None:
        """Begin."""
        self.connection = duckdb.connect(sys.argv[2])
        self.connection.execute(
            "create table documents (document_number varchar, publication_date varchar, title varchar, record json)"
        )
        self.connection.begin()

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Keep one document."""
        self.connection.execute(
            "insert into documents values (?, ?, ?, ?)",
            [item["document_number"], item["publication_date"], item["title"], orjson.dumps(item).decode()],
        )
        return item

    def close_spider(self) -> None:
        """End."""
        self.connection.commit()
        print(self.connection.execute("select count(*) from documents").fetchone()[0])  # type: ignore[index]
        self.connection.close()


class Lists(scrapy.Spider):
    """Asks for all lists at once."""

    name = "lists"

    async def start(self) -> AsyncIterator[Request]:
        """The lists."""
        for url in json.loads(Path(sys.argv[1]).read_text()):
            yield Request(url)

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        """Their documents."""
        yield from orjson.loads(response.body).get("results", ())


if __name__ == "__main__":
    process = AsyncCrawlerProcess(
        {
            "ITEM_PIPELINES": {Inserts: 1},
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Lists)
    process.start()
