"""Scores of several classes: counts by class, their macro average over the classes that are common enough.

Does not belong here: what the classes are.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.evaluate.report import Counts, Metrics, interval

MIN_ROWS = 10
"""Gold rows from which a class counts in the macro average."""

Pair = tuple[frozenset[str], frozenset[str]]
"""What should be said of a row, and what was said; sets of one where a row has one class."""


def counts_of(pairs: Sequence[Pair]) -> dict[str, Counts]:
    """Counts of every class that is said or should be."""
    classes = sorted({name for expected, got in pairs for name in expected | got})
    return {
        name: Counts(
            right=sum(name in expected and name in got for expected, got in pairs),
            wrong=sum(name in got and name not in expected for expected, got in pairs),
            missed=sum(name in expected and name not in got for expected, got in pairs),
        )
        for name in classes
    }


def common_classes(pairs: Sequence[Pair], min_rows: int = MIN_ROWS) -> list[str]:
    """Classes with enough gold rows; all of them where none has."""
    supports = {name: counts.right + counts.missed for name, counts in counts_of(pairs).items()}
    common = [name for name, support in supports.items() if support >= min_rows]
    return common or [name for name, support in supports.items() if support]


def macro(pairs: Sequence[Pair], classes: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1, each averaged over the classes."""
    counts = counts_of(pairs)
    scored = [counts.get(name, Counts()) for name in classes]
    share = 1 / max(len(scored), 1)
    return (
        share * sum(one.precision for one in scored),
        share * sum(one.recall for one in scored),
        share * sum(one.f1 for one in scored),
    )


def macro_metrics(pairs: Sequence[Pair], min_rows: int = MIN_ROWS) -> Metrics:
    """The macro averages over common classes with their interval, and the same over all classes of the gold."""
    common, every = common_classes(pairs, min_rows), common_classes(pairs, 1)
    precision, recall, f1 = macro(pairs, common)
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "support": len(pairs),
        "ci95": interval([list(pairs)], lambda drawn: macro(drawn, common)[2], rounds=200),
        "accuracy": sum(expected == got for expected, got in pairs) / max(len(pairs), 1),
        "classes": len(common),
        "macro_f1_all_classes": macro(pairs, every)[2],
        "classes_all": len(every),
    }


def metrics_by_class(pairs: Sequence[Pair]) -> dict[str, Metrics]:
    """The counts of each class as metrics, the most frequent first."""
    counts = counts_of(pairs)
    return {
        name: counts[name].metrics()
        for name in sorted(counts, key=lambda name: (-(counts[name].right + counts[name].missed), name))
    }


def one(name: str | None) -> frozenset[str]:
    """A single class as a set; nothing said is the empty set."""
    return frozenset([name] if name else ())
