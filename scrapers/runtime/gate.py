"""The candidate gate: which listed documents are worth fetching deep.

A high-recall vocabulary; it decides what is fetched, never what is relevant. Its one home is
`dbt/seeds/candidate_terms.csv` (columns term, pattern, valid_from, valid_to, note), handed in by path.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path


class CandidateGate:
    """One alternation over all candidate patterns; patterns are case-insensitive unless they hold a capital."""

    def __init__(self, vocabulary: Path) -> None:
        content = vocabulary.read_bytes()
        self.vocabulary_sha256 = hashlib.sha256(content).hexdigest()
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
        if not rows:
            raise ValueError(f"{vocabulary}: expected at least one candidate term, got none")
        self._pattern = re.compile("|".join(f"(?:{_pattern(vocabulary, row)})" for row in rows))

    def passes(self, *texts: str | None) -> bool:
        """Whether any of the texts holds a candidate term."""
        return any(text and self._pattern.search(text) for text in texts)


def _pattern(vocabulary: Path, row: dict[str, str]) -> str:
    """A pattern that some text lacks; an empty one would send for every document."""
    try:
        pattern = _cased(row["pattern"])
        holds_for_all = re.search(pattern, "") is not None
    except re.error as error:
        raise ValueError(f"{vocabulary}: expected a regular expression at {row['term']!r}, got {error}") from error
    if holds_for_all:
        raise ValueError(f"{vocabulary}: expected a pattern that some text lacks at {row['term']!r}, got {pattern!r}")
    return pattern


def _cased(pattern: str) -> str:
    """Abbreviations such as AI are matched as written; everything else in any case."""
    letters = re.sub(r"\\.", "", pattern)
    return pattern if re.search(r"[A-Z]", letters) else f"(?i:{pattern})"
