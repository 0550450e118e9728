"""How well enrichment agrees with the hand-labelled gold files.

Belongs here: scores of relevance (weighted to the natural base rate, and by stratum; recall over files that hold only
documents about AI) and of disposition notes. Does not belong here: the labels themselves, which are no part of the
product and stand beside the project (or where the environment variable AIPOLICY_SHARED points).
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.enrich.dispositions import Disposition, parse_dispositions
from pipelines.enrich.relevance import judge

_TARGETS = {
    "eo": "EO {}",
    "proclamation": "Proc. {}",
    "memorandum": "Memorandum of {}",
    "notice": "Notice of {}",
    "presidential_determination": "Presidential Determination {}",
}


@dataclass(frozen=True)
class Score:
    """Agreement on one task or stratum; counts may be weighted."""

    task: str
    part: str
    right: float
    wrong: float
    missed: float

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1 when nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what should be said that was; 1 when nothing should be."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def labels_folder() -> Path | None:
    """The folder of gold files; None where it is absent."""
    shared = os.environ.get("AIPOLICY_SHARED") or Path(__file__).resolve().parents[3] / "shared"
    folder = Path(shared) / "labels"
    return folder if folder.is_dir() else None


def relevance_scores(labels: Path) -> list[Score]:
    """Relevant (1 or 2) against not, weighted: over all scored rows, then by stratum."""
    key = ["document_number", "publication_date"]
    gold = pl.read_csv(labels / "relevance_gold.csv").filter(pl.col("scored"))
    stream = pl.read_csv(labels / "federal_register_stream_2020_2023.csv.gz").unique(key, maintain_order=True)
    judged = judge(federal_register_frame(stream)).select(pl.col("relevance").alias("judged"))
    rows = gold.join(stream.select(key).hstack(judged), on=key, how="left", validate="1:1")
    scores = [_relevance_score("all", rows)]
    return scores + [_relevance_score(str(name), part) for (name,), part in sorted(rows.group_by("stratum"))]


def recall_scores(labels: Path) -> list[Score]:
    """How many documents that are about AI are found: known policies by title and issuer, AGORA by name and summary.

    AGORA is left out where its file is absent.
    """
    timeline = pl.read_csv(labels / "policy_timeline.csv", infer_schema=False)
    policies = _frame(
        timeline,
        document_id=pl.col("id"),
        title=pl.col("title"),
        origin=pl.col("issuer"),
        published_date=pl.coalesce("date_published", "date_signed").str.to_date(strict=False),
        jurisdiction=pl.col("jurisdiction").str.split(";").list.first().replace("UK", "GB"),
    )
    listed = labels.parent / "corpus" / "agora" / "documents.open.csv"
    if not listed.is_file():
        return [_recall("timeline titles", policies)]
    agora = pl.read_csv(listed, infer_schema=False)
    laws = _frame(
        agora,
        document_id=pl.col("Official name"),
        title=pl.col("Official name"),
        abstract=pl.col("Short summary"),
        published_date=pl.col("Most recent activity date").str.to_date(strict=False),
    )
    is_careful = agora["Annotated?"].str.to_lowercase() == "true"
    return [
        _recall("timeline titles", policies),
        _recall("AGORA", laws),
        _recall("AGORA, annotated", laws.filter(is_careful)),
    ]


def _recall(part: str, documents: pl.DataFrame) -> Score:
    found = judge(documents).filter(pl.col("relevance") > 0).height
    return Score("recall", part, found, 0, documents.height - found)


def _frame(rows: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Rows in the shape that `judge` reads: the given columns, nothing in the others."""
    absent = {name: pl.lit(None, dtype=pl.String) for name in ("title", "abstract", "body", "jurisdiction")}
    fixed = {"source_id": pl.lit("gold"), "version_no": pl.lit(1, dtype=pl.Int64)}
    return rows.select(**{**absent, **fixed, **columns})


def federal_register_frame(stream: pl.DataFrame) -> pl.DataFrame:
    """Listed Federal Register documents in the shape that `judge` reads."""
    return _frame(
        stream,
        source_id=pl.lit("us_federal_register"),
        document_id=pl.format("fr:{}:{}", "document_number", "publication_date"),
        title=pl.col("title"),
        abstract=pl.col("abstract"),
        published_date=pl.col("publication_date").str.to_date(),
        jurisdiction=pl.lit("US"),
    )


def _relevance_score(part: str, rows: pl.DataFrame) -> Score:
    expected, got = pl.col("relevance") > 0, pl.col("judged") > 0
    right, wrong, missed = rows.select(
        (pl.col("weight") * (expected & got)).sum().alias("right"),
        (pl.col("weight") * (~expected & got)).sum().alias("wrong"),
        (pl.col("weight") * (expected & ~got)).sum().alias("missed"),
    ).row(0)
    return Score("relevance", part, right, wrong, missed)


def disposition_scores(labels: Path) -> list[Score]:
    """Relations as sets of (type, partial, target) an order; the same with the printed date."""
    with (labels / "executive_orders_dispositions.csv").open(encoding="utf-8", newline="") as file:
        notes = {row["executive_order_number"]: row["disposition_notes"] for row in csv.DictReader(file)}
    with (labels / "dispositions_gold.csv").open(encoding="utf-8", newline="") as file:
        gold = [
            (row["executive_order_number"], row["type"], row["partial"], row["target"], row["target_date"])
            for row in csv.DictReader(file)
        ]
    orders = {order for order, *_ in gold}
    read = [(order, *_as_gold(stated)) for order in orders for stated in parse_dispositions(notes[order])]
    return [
        _set_score("targets", {row[:4] for row in gold}, {row[:4] for row in read}),
        _set_score("targets and dates", gold, read),
    ]


def _as_gold(stated: Disposition) -> tuple[str, str, str, str]:
    target = _TARGETS[stated.target_scheme].format(stated.target_value)
    return stated.relation, str(stated.is_partial).lower(), target, str(stated.target_date or "")


def _set_score(part: str, gold: Iterable[tuple[str, ...]], read: Iterable[tuple[str, ...]]) -> Score:
    expected, got = Counter(gold), Counter(read)
    return Score("dispositions", part, (expected & got).total(), (got - expected).total(), (expected - got).total())


def main() -> None:
    """Print every score as a table; says so where the gold files are absent."""
    labels = labels_folder()
    if labels is None:
        sys.stdout.write("no gold files: expected ../shared/labels or AIPOLICY_SHARED\n")
        return
    names = ("precision", "recall", "F1", "right", "wrong", "missed")
    sys.stdout.write(f"{'task':<14}{'part':<20}" + "".join(f"{name:>10}" for name in names) + "\n")
    for score in [*relevance_scores(labels), *recall_scores(labels), *disposition_scores(labels)]:
        shares = (score.precision, score.recall, score.f1)
        counts = (score.right, score.wrong, score.missed)
        numbers = "".join(f"{share:>10.3f}" for share in shares) + "".join(f"{count:>10.1f}" for count in counts)
        sys.stdout.write(f"{score.task:<14}{score.part:<20}{numbers}\n")


if __name__ == "__main__":
    main()
