"""What a document about AI is about besides, and which line of policy it belongs to.

Belongs here: topics (several or `other`) by the terms of `dbt/seeds/topic_terms.csv`, and the one track by
`dbt/seeds/track.csv`, or by the instrument where `dbt/seeds/instrument.csv` says so; each with the words it rests on.
Does not belong here: whether a document is about AI (relevance.py, asked first: topics are only read where it is).
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.patterns import first_match

EXTRACTOR_VERSION = "topics/1"
SEEDS = Path(__file__).parents[2] / "dbt" / "seeds"
SEED = SEEDS / "topic_terms.csv"
FIELDS = ("title", "abstract")
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


class TopicTerms:
    """The terms. Raises ValueError for an empty file, an unknown field or a topic outside the closed list."""

    def __init__(self, path: Path = SEED) -> None:
        content = path.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.topics = [row["topic"] for row in _rows(SEEDS / "topics.csv")]
        rows = csv.DictReader(content.decode("utf-8").splitlines())
        self.terms = [_read_term(path, row, self.topics) for row in rows]
        if not self.terms:
            raise ValueError(f"{path.name}: expected at least one term, got none")


def assign_topics(frame: pl.DataFrame, terms: TopicTerms | None = None) -> pl.DataFrame:
    """Name the topics of each document, `other` where no term holds.

    Reads title, abstract and, where there is one, instrument. Gives one row for each, in the same order: the topics in
    the order of the closed list, and for each the first words that speak for it.
    """
    words = terms or TopicTerms()
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
    decided = {row["instrument"]: row["track"] for row in _rows(SEEDS / "instrument.csv") if row["track"]}
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
    for row in sorted(_rows(SEEDS / "track.csv"), key=lambda row: int(row["position"])):
        pattern = _folded(row["pattern"])
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
    names = (*FIELDS, "instrument")
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in frame.columns]
    return frame.with_columns(absent).select(names).with_row_index("row")


def _found(read: pl.DataFrame, term: TopicTerm, field: str) -> pl.DataFrame:
    text = pl.col(field)
    holds = text.str.contains(term.pattern)
    if term.unless:
        holds &= ~text.str.contains(term.unless)
    if term.instruments:
        holds &= pl.col("instrument").is_in(sorted(term.instruments))
    return read.filter(holds.fill_null(value=False)).select(
        "row", topic=pl.lit(term.topic), term=pl.lit(term.term), **_quote(term.pattern, field)
    )


def _quote(pattern: str, field: str) -> dict[str, pl.Expr]:
    quote, start = first_match(pl.col(field), pattern)
    return {"quote": quote, "quote_start": start, "quote_field": pl.lit(field)}


def _read_term(path: Path, row: dict[str, str], topics: list[str]) -> TopicTerm:
    fields = tuple(row["fields"].split(";"))
    if unknown := [field for field in fields if field not in FIELDS]:
        raise ValueError(f"{path.name}: expected a field of {FIELDS}, got {unknown[0]!r} at term {row['term']!r}")
    if row["topic"] not in topics or row["topic"] == OTHER:
        raise ValueError(f"{path.name}: no topic {row['topic']!r} at term {row['term']!r}; see topics.csv")
    return TopicTerm(
        topic=row["topic"],
        term=row["term"],
        fields=fields,
        pattern=_folded(row["pattern"]),
        unless=_folded(row["unless"]),
        instruments=frozenset(filter(None, row["instruments"].split(";"))),
    )


def _folded(pattern: str) -> str:
    r"""A pattern in any case and in the dialect of Polars, where the ASCII \b is the quick one."""
    return f"(?i:{pattern})".replace(r"\b", r"(?-u:\b)") if pattern else ""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
