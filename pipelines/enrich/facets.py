"""The facets of documents about AI, as the words of each tell them: its instrument, its topics, the parties to it.

Belongs here: the shape that the judgements of instruments.py, topics.py and parties.py share, one facet a row with the
rule and the words it rests on. Does not belong here: the judgements; what a source's own types mean (the contracts'
`instruments`, which win over any wording).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.enrich import instruments, parties, topics
from pipelines.enrich.instruments import classify
from pipelines.enrich.parties import parties_of
from pipelines.enrich.seeds import SEEDS, seed_rows
from pipelines.enrich.topics import assign_topics, assign_track

EXTRACTOR_VERSION = "facets/2"
READ = (*instruments.READ, *topics.READ, *parties.READ)
PARTNERSHIPS = "partnerships"
IDENTIFIER_WORDS = {
    "eo": "EO {}",
    "proclamation": "Proc. {}",
    "presidential_directive": "{}",
    "public_law": "Public Law {}",
    "fr_document": "FR Doc {}",
    "rin": "RIN {}",
    "omb_memo": "{}",
    "eu_celex": "{}",
    "eu_commission": "{}",
}
"""Identifiers that tell a kind of instrument, as the wordings expect them to be written."""


@dataclass(frozen=True)
class Facet:
    """One decision about one document; ``row`` is its place among those asked for, ``quote`` stands in ``field``."""

    row: int
    facet: str
    value: str | None
    """A word of the facet's vocabulary, or the code of a government; None for a party that is none."""
    name: str | None
    rule: str
    field: str
    quote: str
    quote_start: int


def identifier_text(pairs: Iterable[tuple[str, str]]) -> str | None:
    """The official numbers of a document that tell its kind, in one text; None without any."""
    told = (IDENTIFIER_WORDS[scheme].format(value) for scheme, value in sorted(pairs) if scheme in IDENTIFIER_WORDS)
    return "; ".join(told) or None


def read_facets(documents: pl.DataFrame) -> Iterator[Facet]:
    """Facets of each document, in order of rows.

    Reads identifier (see identifier_text), document_type, subtype, action, title, abstract and published_date.
    """
    kinds = classify(documents)
    described = documents.with_columns(kinds["instrument"])
    yield from _instruments(kinds)
    yield from _topics(assign_topics(described))
    tracks, concluded = assign_track(described)["track"], _concluded_instruments()
    told = zip(documents["title"], documents["published_date"], kinds["instrument"], tracks, strict=True)
    for row, (title, published, kind, track) in enumerate(told):
        if title and (kind in concluded or track == PARTNERSHIPS):
            for party in parties_of(title, published):
                yield Facet(row, "party", party.code, party.name, party.rule, "title", party.name, party.start)


def _instruments(kinds: pl.DataFrame) -> Iterator[Facet]:
    for row, kind in enumerate(kinds.to_dicts()):
        if kind["instrument"]:
            quoted = (kind["quote_field"], kind["quote"] or "", kind["quote_start"] or 0)
            yield Facet(row, "instrument", kind["instrument"], None, kind["rule"], *quoted)


def _topics(assigned: pl.DataFrame) -> Iterator[Facet]:
    for row, evidence in enumerate(assigned["topic_evidence"]):
        for one in evidence:
            quoted = (one["quote_field"], one["quote"], one["quote_start"])
            yield Facet(row, "topic", one["topic"], None, one["term"], *quoted)


@cache
def _concluded_instruments() -> frozenset[str]:
    """Instruments that somebody concludes with somebody."""
    rows = seed_rows(SEEDS / "instrument.csv", ("instrument", "is_concluded"))
    return frozenset(row["instrument"] for row in rows if row["is_concluded"] == "true")
