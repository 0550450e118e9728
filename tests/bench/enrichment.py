"""How fast enrichment goes through made-up documents of 1.2 KB, beside the least work that reads every byte of them.

The whole is what the pipeline does with new versions in a warehouse: every one is judged, official notes and references
are read where the fields may hold any, and texts about AI are read for duties, amounts, relations and facets.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.enrich.relevance import judge
from pipelines.enrich.run import enrich
from pipelines.home import Home
from pipelines.warehouse import open_warehouse

BYTES = 1_200
AI_SHARE = 0.005
"""Three times the share of the Federal Register, and as many whose AI means something else."""
SUBJECTS = (
    "Air Plan Approval",
    "Safety Zone",
    "Grain Standards",
    "Fisheries",
    "Medicare Program",
    "Airspace",
    "Hydropower",
)
ENDINGS = (
    "Notice of Meeting", "Proposed Rule", "Correction", "Extension of Comment Period", "Request for Comments",
    "Final Rule", "Information Collection", "Availability", "Amendment", "Ohio", "Texas",
)  # fmt: skip
SENTENCES = (
    "The Agency is proposing to amend its regulations on the handling of grain in interstate commerce.",
    "This action is based on a review of the record and the comments received from interested parties.",
    "Comments must be received on or before the date stated in the notice published earlier.",
    "The committee will hold an open meeting to discuss the annual report and the budget of the program.",
)
OTHER_SENTENCE = "The total allowable catch of pollock in the Aleutian Islands (AI) is revised for the season."
AI_SENTENCE = "The notice is about artificial intelligence and its use in hospitals."


def documents(count: int) -> pl.DataFrame:
    """Documents of one size, the same ones each time."""
    draw = random.Random(1)
    rows = [
        (
            f"{draw.choice(SUBJECTS)} {number}; {draw.choice(ENDINGS)}",
            " ".join([*_rare(draw), *draw.choices(SENTENCES, k=14)])[:BYTES],
        )
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema={"title": pl.String, "abstract": pl.String}, orient="row").with_columns(
        source_id=pl.lit("s"),
        document_id=pl.col("title"),
        version_no=pl.lit(1),
        body=pl.lit(None, dtype=pl.String),
        published_date=pl.lit(date(2026, 10, 1)),
        jurisdiction=pl.lit("US"),
        identifier=pl.lit("FR Doc 2026-00001"),
    )


def _rare(draw: random.Random) -> list[str]:
    chance = draw.random()
    return [AI_SENTENCE] if chance < AI_SHARE else [OTHER_SENTENCE] if chance < 2 * AI_SHARE else []


def fill(folder: Path, frame: pl.DataFrame) -> Home:
    """A new state folder whose warehouse holds the documents as versions of one source, not enriched yet."""
    home = Home(folder)
    with open_warehouse(home) as connection:
        connection.register("made_up", frame.with_row_index("n").to_arrow())
        connection.execute(
            """
            insert into raw.document_versions by name
            select
                'us_federal_register' as source_id, 'fr:' || n as document_id, 1 as version_no, '' as content_sha256,
                'source' as change_origin, false as is_history, now() as first_seen_at, '' as crawl_id, '' as fetch_id,
                '' as fetched_url, '' as payload_sha256, '' as warc_file, 0 as warc_offset
            from made_up
            """
        )
        connection.execute(
            """
            insert into raw.document_parses by name
            select
                'us_federal_register' as source_id, 'fr:' || n as document_id, 1 as version_no,
                'us_federal_register/1' as parser_version, n::varchar as native_id, 'full' as depth,
                'available' as availability, title, abstract, 'en' as language, 'Notice' as document_type,
                [] as publishers, [{scheme: 'fr_document', value: '2026-' || n}] as identifiers, published_date,
                [] as relations, [] as amounts, [] as attachments, [] as translations, [] as change_history,
                [] as subjects, [] as text_flags, '{}' as source_fields, [] as unread_fields
            from made_up
            """
        )
    return home


def measure(count: int, runs: int) -> dict[str, float]:
    """Documents a second of each step, and of the whole; only new versions are read again."""
    frame = documents(count)
    with tempfile.TemporaryDirectory() as folder:
        home = fill(Path(folder), frame)
        steps: dict[str, Callable[[], object]] = {
            "read every byte": lambda: frame.select(pl.col("abstract").str.count_matches("~")),
            "relevance": lambda: judge(frame),
            "all enrichment": lambda: _enrich(home, anew=True),
            "the same again": lambda: _enrich(home, anew=False),
        }
        return {name: count / _median_seconds(runs, work) for name, work in steps.items()}


def _enrich(home: Home, *, anew: bool) -> None:
    with open_warehouse(home) as connection:
        held = connection.execute("select table_name from duckdb_tables() where schema_name = 'enriched'").fetchall()
        for (table,) in held if anew else ():
            connection.execute(f"delete from enriched.{table}")
        enrich(connection)


def _median_seconds(runs: int, work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def lines_of(rates: dict[str, float]) -> list[str]:
    """A table: documents a second, and seconds for a million."""
    return [
        f"  {name:<24}{rate:>10,.0f} documents/s {1_000_000 / rate:>7.1f} s a million" for name, rate in rates.items()
    ]
