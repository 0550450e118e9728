"""What kind of instrument a document is, and which words say so.

Belongs here: the choice of one word of the closed vocabulary (`dbt/seeds/instrument.csv`) from what a document says of
itself. The wordings are data: `dbt/seeds/instrument_wordings.csv`, tried in order of position, where official fields
stand before titles and titles before abstracts; an official action is read for all wordings before any title is. Does
not belong here: what a source's own types mean (the source's YAML, whose word comes in as ``official_instrument`` and
wins), reading the warehouse.

A correction, a withdrawal and an extension of a comment period act on another document; ``base_instrument`` says what
kind that is, as far as the words tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.patterns import first_match, quick_pattern
from pipelines.enrich.seeds import SEEDS, Row, Validity, seed_rows

EXTRACTOR_VERSION = "instruments/4"
SEED = SEEDS / "instrument_wordings.csv"
READ = (SEED, SEEDS / "instrument.csv")
FIELDS = ("identifier", "document_type", "subtype", "action", "title", "abstract")
ACTING = ("correction", "withdrawal", "comment_extension")
"""Instruments that act on another document."""
COMMENTED = (
    "proposed_rule",
    "advance_notice",
    "interim_final_rule",
    "final_rule",
    "guidance",
    "information_collection",
    "request_for_comment",
    "consultation",
)
"""Instruments on which comments are taken: what a comment extension acts on is one of them, or a mere request."""
OPENING_CHARS = 1_000
"""How much of an abstract is read: it opens with what the document does, and goes on with why."""
OFFICIAL = "official"
FEDERAL_REGISTER = "federal register"
"""The type of a document that bears a number of the Federal Register and no type."""
TEXTS = ("action", "title", "abstract")
_ODD_SPACE = r"[\s--\x20]"
_NUMBERED_BY_THE_REGISTER = r"\bFR Doc\b|\b\d+ FR \d+\b"

OUTPUT_SCHEMA: dict[str, Any] = {
    "instrument": pl.String,
    "base_instrument": pl.String,
    "rule": pl.String,
    "quote": pl.String,
    "quote_start": pl.Int64,
    "quote_field": pl.String,
}
_COLUMNS = (
    "position", "rule", "fields", "document_type", "pattern", "unless", "lacks", "instrument", "valid_from", "valid_to",
)  # fmt: skip
_FOUND = ("instrument", "rule", "quote", "quote_start", "quote_field")


ACTION_POSITION = 199
"""Where the wordings of actions are tried: behind official numbers and subtypes, before every title."""


@dataclass(frozen=True)
class Wording:
    """One row of the seed in one of its fields: where it looks, for what, and what follows."""

    position: int
    rule: str
    field: str
    document_types: frozenset[str] | None
    """Types that it holds for, in small letters; an empty one stands for a type that no wording names, or none, unless
    an official number tells that it is a document of the Federal Register."""
    pattern: str
    unless: str
    lacks: str
    """A field that must be empty."""
    instrument: str
    validity: Validity


class Wordings:
    """The rules in order. Raises BadSeed for a row that cannot be meant, and for an empty file."""

    def __init__(self, path: Path = SEED) -> None:
        known = {row["instrument"] for row in seed_rows(SEEDS / "instrument.csv", ("instrument",))}
        self.rules = sorted(
            (wording for row in seed_rows(path, _COLUMNS) for wording in _read_wordings(row, known)),
            key=lambda rule: (ACTION_POSITION if rule.field == "action" else rule.position, rule.position),
        )

    @cached_property
    def document_types(self) -> frozenset[str]:
        """Every document type that some rule names."""
        return frozenset(name for rule in self.rules for name in rule.document_types or () if name)

    @cached_property
    def base_rules(self) -> list[Wording]:
        """The rules that say what kind of document is acted on."""
        return [rule for rule in self.rules if rule.instrument not in ACTING]


@cache
def _shipped_wordings() -> Wordings:
    return Wordings()


def classify(frame: pl.DataFrame, wordings: Wordings | None = None) -> pl.DataFrame:
    """Name the instrument of each document.

    Reads the columns of FIELDS, ``official_instrument`` and ``published_date``, as far as the frame has them
    (``identifier``: all official numbers in one text, separated by semicolons). Gives one row for each, in the same
    order: instrument (null where nothing says it), the kind acted on, the rule, the words it rests on and where they
    stand.
    """
    rules = wordings or _shipped_wordings()
    read = _readable(frame, rules)
    found = _first(read, rules.rules)
    acting = read.join(found.filter(pl.col("instrument").is_in(ACTING)), on="row", how="semi")
    bases = _first(acting.with_columns(pl.lit(None, dtype=pl.String).alias("official_instrument")), rules.base_rules)
    return (
        read.select("row")
        .join(found, on="row", how="left", maintain_order="left")
        .join(bases.select("row", base_instrument="instrument"), on="row", how="left", maintain_order="left")
        .with_columns(
            pl.when(
                pl.col("instrument") == "comment_extension",
                ~pl.col("base_instrument").is_in(COMMENTED).fill_null(False),
            )
            .then(pl.lit("request_for_comment"))
            .otherwise("base_instrument")
            .alias("base_instrument")
        )
        .select(pl.col(name).cast(kind) for name, kind in OUTPUT_SCHEMA.items())
    )


def _readable(frame: pl.DataFrame, rules: Wordings) -> pl.DataFrame:
    given = {
        name: pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, dtype=pl.String)
        for name in (*FIELDS, "official_instrument")
    }
    kind = pl.col("document_type").str.to_lowercase().str.replace_all("_", " ")
    has_day = "published_date" in frame.columns
    day = pl.col("published_date").cast(pl.Date) if has_day else pl.lit(None, dtype=pl.Date)
    return (
        frame.select(**given, published_date=day)
        .with_columns(pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name) for name in FIELDS)
        .with_columns(
            abstract=pl.col("abstract").str.slice(0, OPENING_CHARS),
            kind=pl.when(kind.is_in(sorted(rules.document_types)))
            .then(kind)
            .when(pl.col("identifier").str.contains(_NUMBERED_BY_THE_REGISTER))
            .then(pl.lit(FEDERAL_REGISTER))
            .otherwise(pl.lit("")),
        )
        .with_columns(
            pl.when(pl.col(name).str.contains(_ODD_SPACE))
            .then(pl.col(name).str.replace_all(r"\s", " "))
            .otherwise(name)
            .alias(name)
            for name in TEXTS
        )
        .with_row_index("row")
    )


def _first(documents: pl.DataFrame, rules: list[Wording]) -> pl.DataFrame:
    """The first rule that holds for each document; what is decided is not looked at again."""
    is_official = pl.col("official_instrument").is_not_null()
    decided = [
        documents.filter(is_official).select(
            "row",
            pl.col("official_instrument").alias("instrument"),
            pl.lit(OFFICIAL).alias("rule"),
            pl.col("document_type").alias("quote"),
            pl.lit(0, dtype=pl.Int64).alias("quote_start"),
            pl.lit("document_type").alias("quote_field"),
        )
    ]
    open_ones = documents.filter(~is_official)
    for rule in rules:
        may_hold = open_ones.select(_may_hold(rule).fill_null(value=False).alias("may"))["may"]
        asked = open_ones.filter(may_hold)
        holds = asked.select(_holds(rule).fill_null(value=False).alias("holds"))["holds"]
        if holds.any():
            decided.append(asked.filter(holds).select("row", *_evidence(rule)))
            open_ones = pl.concat([open_ones.filter(~may_hold), asked.filter(~holds)])
    return pl.concat(decided)


def _may_hold(rule: Wording) -> pl.Expr:
    """What can be told without reading a text."""
    may = pl.col(rule.field).is_not_null()
    if rule.document_types is not None:
        may &= pl.col("kind").is_in(sorted(rule.document_types))
    if rule.validity != Validity():
        may &= rule.validity.expression("published_date")
    if rule.lacks:
        may &= pl.col(rule.lacks).is_null()
    return may


def _holds(rule: Wording) -> pl.Expr:
    text = pl.col(rule.field)
    holds = text.str.contains(rule.pattern) if rule.pattern else pl.lit(value=True)
    return holds & ~text.str.contains(rule.unless) if rule.unless else holds & text.is_not_null()


def _evidence(rule: Wording) -> tuple[pl.Expr, ...]:
    text = pl.col(rule.field)
    quote, start = first_match(text, rule.pattern) if rule.pattern else (text, pl.lit(0, dtype=pl.Int64))
    return (
        pl.lit(rule.instrument).alias("instrument"),
        pl.lit(rule.rule).alias("rule"),
        quote.alias("quote"),
        start.alias("quote_start"),
        pl.lit(rule.field).alias("quote_field"),
    )


def _read_wordings(row: Row, known: set[str]) -> Iterator[Wording]:
    fields = tuple(row["fields"].split(";"))
    for column, named in (("fields", fields), ("lacks", (row["lacks"],) if row["lacks"] else ())):
        if not set(named) <= set(FIELDS):
            raise row.refused(column, f"fields of {', '.join(FIELDS)}")
    if row["instrument"] not in known:
        raise row.refused("instrument", "an instrument of instrument.csv")
    kinds, position, validity = row["document_type"], row.number("position"), row.validity()
    if not row["pattern"] and not kinds:
        raise row.refused("pattern", "a regular expression, or a type,")
    pattern, unless = (
        row.quick_pattern(column, _folded(row.pattern_if_any(column))) for column in ("pattern", "unless")
    )
    for field in fields:
        yield Wording(
            position=position,
            rule=row["rule"],
            field=field,
            document_types=frozenset(kinds.split("|")) if kinds else None,
            pattern=pattern,
            unless=unless,
            lacks=row["lacks"],
            instrument=row["instrument"],
            validity=validity,
        )


def _folded(pattern: str) -> str:
    """A pattern in any case, reading single spaces and ASCII words alone: what Polars is quick at."""
    return f"(?i:{quick_pattern(pattern)})" if pattern else ""
