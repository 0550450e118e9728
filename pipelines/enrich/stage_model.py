"""The stage of a rule from its title alone, learned where wording says nothing.

Belongs here: a naive Bayes over the words of titles, trained on documents whose stage the agency itself states (its
subtype or action) and asked about those where only a title is known. Does not belong here: any stored weights (they are
trained from whatever the caller may use) and what wording does say (instruments.py, which is asked first).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

SMOOTHING = 1.0
_WORD = re.compile(r"[a-z]+")
_PART = re.compile(r"[;:]")


@dataclass(frozen=True)
class StageModel:
    """Word counts by (document type, stage)."""

    documents: Counter[tuple[str, str]]
    words: dict[tuple[str, str], Counter[str]]
    vocabulary_size: int

    @classmethod
    def trained(cls, examples: Iterable[tuple[str, str, str]]) -> StageModel:
        """Learn from (document type, title, stage)."""
        documents: Counter[tuple[str, str]] = Counter()
        words: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for document_type, title, stage in examples:
            documents[document_type, stage] += 1
            words[document_type, stage].update(features(title))
        known = {word for counts in words.values() for word in counts}
        return cls(documents, dict(words), len(known))

    def stage(self, document_type: str, title: str) -> str | None:
        """The likeliest stage of a document of this type; None for a type never seen."""
        said = features(title)
        likely = {stage: self._likelihood(kind, stage, said) for kind, stage in self.documents if kind == document_type}
        return max(sorted(likely), key=likely.__getitem__) if likely else None

    def _likelihood(self, document_type: str, stage: str, said: set[str]) -> float:
        counts = self.words[document_type, stage]
        whole = counts.total() + SMOOTHING * self.vocabulary_size
        prior = math.log(self.documents[document_type, stage])
        return prior + sum(math.log((counts[word] + SMOOTHING) / whole) for word in said)


def features(title: str) -> set[str]:
    """Words, pairs of words, and the words of the last part: what a title ends with says what the document does."""
    words = _WORD.findall(title.lower())
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    last = {f"last={word}" for word in _WORD.findall(_PART.split(title.lower())[-1])}
    return set(words) | pairs | last | {f"start={' '.join(words[:2])}"}
