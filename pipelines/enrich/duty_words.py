"""The words of the seed by which dated duties are read, by kind; each kind as a set, or as one pattern."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

SEED = Path(__file__).parents[2] / "dbt" / "seeds" / "obligation_terms.csv"


@cache
def terms() -> dict[str, frozenset[str]]:
    """The words of the seed by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    with SEED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["kind"]].add(row["term"])
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def words_of(kind: str) -> re.Pattern[str]:
    """One pattern for the words of a kind, the longest first."""
    words = sorted(terms()[kind], key=lambda word: (-len(word), word))
    return re.compile(
        rf"(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in words)})", re.IGNORECASE
    )
