"""What a document about AI is about besides, and which line of policy it belongs to.

Belongs here: topics (several or `other`) by the terms of `dbt/seeds/topic_terms.csv`, and the one track by
`dbt/seeds/track.csv`, or by the instrument where `dbt/seeds/instrument.csv` says so; each with the words it rests on.
Does not belong here: whether a document is about AI (relevance.py, asked first: topics are only read where it is).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.patterns import first_match
from pipelines.enrich.seeds import SEEDS, Row, Validity, seed_rows

EXTRACTOR_VERSION = "topics/2"
SEED = SEEDS / "topic_terms.csv"
READ = (SEED, SEEDS / "topics.csv", SEEDS / "track.csv", SEEDS / "instrument.csv")
FIELDS = ("title", "abstract")
_COLUMNS = ("topic", "term", "fields", "pattern", "unless", "instruments", "valid_from", "valid_to")
OTHER = "other"
BY_INSTRUMENT = "instrument"

EVIDENCE = pl.Struct(
    {
        "topic": pl.String,
        "term": pl.String,
        "quote": pl.String,
        "quote_start": pl.Int64,
        "quote_field": pl.String,
    }
)
TOPICS_SCHEMA: dict[str, Any] = {"topics": pl.List(pl.String), "topic_evidence": pl.List(EVIDENCE)}
TRACK_SCHEMA: dict[str, Any] = {
    "track": pl.String,
    "rule": pl.String,
    "quote": pl.String,
    "quote_start": pl.Int64,
    "quote_field": pl.String,
}


@dataclass(frozen=True)
class TopicTerm:
    """One row of the seed."""

    topic: str
    term: str
    fields: tuple[str, ...]
    pattern: str
    unless: str
    instruments: frozenset[str]
    """Instruments that it holds for; empty for all."""
    validity: Validity


class TopicTerms:
    """The terms. Raises BadSeed for a row that cannot be meant, and for an empty file."""

    def __init__(self, path: Path = SEED) -> None:
        self.topics = [row["topic"] for row in seed_rows(SEEDS / "topics.csv", ("topic",))]
        self.terms = [_read_term(row, self.topics) for row in seed_rows(path, _COLUMNS)]


@cache
def _shipped_terms() -> TopicTerms:
    return TopicTerms()


def assign_topics(frame: pl.DataFrame, terms: TopicTerms | None = None) -> pl.DataFrame:
    """Name the topics of each document, `other` where no term holds.

    Reads title, abstract and, where there are any, instrument and published_date. Gives one row for each, in the same
    order: the topics in the order of the closed list, and for each the first words that speak for it.
    """
    words = terms or _shipped_terms()
    read = _readable(frame)
    found = [_found(read, term, field) for term in words.terms for field in term.fields]
    order = pl.Enum(words.topics)
    evidence = (
        pl.concat(found)
        .unique(["row", "topic"], keep="first", maintain_order=True)
        .sort("row", pl.col("topic").cast(order))
        .group_by("row", maintain_order=True)
        .agg("topic", pl.struct([field.name for field in EVIDENCE.fields]).alias("evidence"))
    )
    return (
        read.select("row")
        .join(evidence, on="row", how="left", maintain_order="left")
        .select(
            topics=pl.col("topic").fill_null(pl.lit([OTHER], dtype=pl.List(pl.String))),
            topic_evidence=pl.col("evidence").fill_null(pl.lit([], dtype=pl.List(EVIDENCE))),
        )
        .cast(pl.Schema(TOPICS_SCHEMA))
    )


def assign_track(frame: pl.DataFrame) -> pl.DataFrame:
    """Name the track of each document: the one its instrument decides, else the first whose words stand in it."""
    read = _readable(frame)
    decided = {
        row["instrument"]: row["track"]
        for row in seed_rows(SEEDS / "instrument.csv", ("instrument", "track"))
        if row["track"]
    }
    answers = [
        read.filter(pl.col("instrument").is_in(list(decided))).select(
            "row",
            track=pl.col("instrument").replace_strict(decided, default=None, return_dtype=pl.String),
            rule=pl.lit(BY_INSTRUMENT),
            quote=pl.col("instrument"),
            quote_start=pl.lit(0, dtype=pl.Int64),
            quote_field=pl.lit("instrument"),
        )
    ]
    tracks = seed_rows(SEEDS / "track.csv", ("track", "position", "pattern"))
    for row in sorted(tracks, key=lambda row: row.number("position")):
        pattern = row.quick_pattern("pattern", _folded(row.pattern_if_any("pattern")))
        for field in FIELDS if pattern else ():
            holds = read.filter(pl.col(field).str.contains(pattern))
            rule = pl.lit(row["track"])
            answers.append(holds.select("row", track=rule, rule=rule, **_quote(pattern, field)))
    first = pl.concat(answers).unique("row", keep="first", maintain_order=True)
    return (
        read.select("row")
        .join(first, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("track").fill_null(OTHER))
        .select(pl.col(name).cast(kind) for name, kind in TRACK_SCHEMA.items())
    )


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    kinds = {**dict.fromkeys((*FIELDS, "instrument"), pl.String), "published_date": pl.Date}
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in kinds.items() if name not in frame.columns]
    return frame.with_columns(absent).select(list(kinds)).with_row_index("row")


def _found(read: pl.DataFrame, term: TopicTerm, field: str) -> pl.DataFrame:
    text = pl.col(field)
    holds = text.str.contains(term.pattern)
    if term.unless:
        holds &= ~text.str.contains(term.unless)
    if term.validity != Validity():
        holds &= term.validity.expression("published_date")
    if term.instruments:
        holds &= pl.col("instrument").is_in(sorted(term.instruments))
    return read.filter(holds.fill_null(value=False)).select(
        "row", topic=pl.lit(term.topic), term=pl.lit(term.term), **_quote(term.pattern, field)
    )


def _quote(pattern: str, field: str) -> dict[str, pl.Expr]:
    quote, start = first_match(pl.col(field), pattern)
    return {"quote": quote, "quote_start": start, "quote_field": pl.lit(field)}


def _read_term(row: Row, topics: list[str]) -> TopicTerm:
    fields = tuple(row["fields"].split(";"))
    if not set(fields) <= set(FIELDS):
        raise row.refused("fields", f"fields of {', '.join(FIELDS)}")
    if row["topic"] not in topics or row["topic"] == OTHER:
        raise row.refused("topic", "a topic of topics.csv")
    return TopicTerm(
        topic=row["topic"],
        term=row["term"],
        fields=fields,
        pattern=row.quick_pattern("pattern", _folded(row.pattern())),
        unless=row.quick_pattern("unless", _folded(row.pattern_if_any("unless"))),
        instruments=frozenset(filter(None, row["instruments"].split(";"))),
        validity=row.validity(),
    )


def _folded(pattern: str) -> str:
    r"""A pattern in any case and in the dialect of Polars, where the ASCII \b is the quick one."""
    return f"(?i:{pattern})".replace(r"\b", r"(?-u:\b)") if pattern else ""
