"""The lines of made-up histories are those that the parser gives for the same documents."""

from __future__ import annotations

import orjson

from scrapers.contracts import LandedRecord
from tests.bench.history import line_of, parsed
from tests.bench.made_up import documents


def test_a_line_of_a_history_is_what_the_parser_reads() -> None:
    made = [*documents(3_000), *documents(400, first=987_654)]
    for document, record in zip(made, parsed(made), strict=True):
        line = orjson.loads(line_of(document, ""))
        read = orjson.loads(record.model_dump_json())
        line["document"].pop("content_sha256")
        read["document"].pop("content_sha256")
        assert line == read
        assert LandedRecord.model_validate_json(line_of(document, "f")).fetch_id == "f"
