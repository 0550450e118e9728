"""How fast judgement goes through made-up documents of 1.2 KB, beside the least work that reads every byte of them."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date

import polars as pl

from pipelines.enrich.instruments import classify
from pipelines.enrich.relevance import judge
from pipelines.enrich.topics import assign_topics, assign_track

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


def measure(count: int, runs: int) -> dict[str, float]:
    """Documents a second of each step; topics are asked of documents about AI alone, as in the pipeline."""
    frame = documents(count)
    relevant = frame.filter(judge(frame)["relevance"] > 0)
    steps: dict[str, Callable[[], object]] = {
        "read every byte": lambda: frame.select(pl.col("abstract").str.count_matches("~")),
        "relevance": lambda: judge(frame),
        "instrument": lambda: classify(frame),
        "topics and track": lambda: (assign_topics(relevant), assign_track(relevant)),
    }
    return {name: count / _median_seconds(runs, work) for name, work in steps.items()}


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
