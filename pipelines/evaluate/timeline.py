"""AI policies as known from their titles, issuers and official numbers: instrument, jurisdiction and relevance.

Status is not scored here: it is a fact of a published edition, asked on days around each change.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.enrich.instruments import classify
from pipelines.enrich.parties import governments
from pipelines.enrich.relevance import judge
from pipelines.evaluate.baselines import BASELINES, names_ai
from pipelines.evaluate.classes import macro_metrics, metrics_by_class, one
from pipelines.evaluate.documents import frame
from pipelines.evaluate.files import BadFile, civil_days, filled, left_out, optional, read_rows, with_optional
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total

PRODUCT_WORDS = {
    "regulation": "secondary_legislation",
    "rule_final": "final_rule",
    "rule_interim_final": "interim_final_rule",
    "rule_proposed": "proposed_rule",
    "rule_anprm": "advance_notice",
    "rule_correction": "correction",
    "notice": "notice_other",
    "notice_rfi": "request_for_comment",
    "policy_statement": "guidance",
    "plan_strategy": "strategy",
    "white_paper": "strategy",
    "framework_standard": "standard_or_framework",
    "code_of_practice": "standard_or_framework",
    "partnership_mou": "agreement",
    "announcement": "press_release",
}
"""Words of the timeline to the product's, where they differ."""
EVENT = "milestone"
"""A day in the life of another instrument."""


def run(gold: Path, documents: Path | None = None) -> Report:
    """Score every row with title and instrument; abstracts come from a list of documents where one is given."""
    every = with_optional(read_rows(gold, ("title", "instrument")), "id", "jurisdiction", "issuer", "identifier")
    rows = filled(every, gold, ("title", "instrument")).with_columns(
        expected=pl.col("instrument").replace(PRODUCT_WORDS), abstract=pl.lit(None, dtype=pl.String)
    )
    rows = _with_abstracts(rows, documents) if documents else rows
    rows = rows.with_columns(
        classify(rows.select("identifier", "title", "abstract")).select("rule", "quote", got="instrument")
    )
    rows = rows.with_columns(found=judge(_shown(rows))["relevance"] > 0)
    kinds = rows.filter(pl.col("instrument") != EVENT)
    if kinds.is_empty():
        raise BadFile(f"{gold}: expected policies, got nothing but milestones")
    pairs = [(one(expected), one(got)) for expected, got in zip(kinds["expected"], kinds["got"], strict=True)]
    metrics = macro_metrics(pairs)
    right = [float(expected == got) for expected, got in pairs]
    return Report(
        task="timeline",
        metrics={
            **metrics,
            **left_out(blank=every.height - rows.height),
            "accuracy_ci95": interval([right], lambda drawn: sum(drawn) / len(drawn)),
            "relevance_recall": _recall(rows["found"]),
            "jurisdiction_of_agreements": _jurisdictions(rows),
            "baselines": {name: _recall(names_ai(rows, pattern, "title")) for name, pattern in BASELINES.items()},
        },
        by_class=metrics_by_class(pairs),
        errors=[
            *(
                {"fault": "instrument", **row}
                for row in kinds.filter(pl.col("expected") != pl.col("got").fill_null(""))
                .select("id", "title", "expected", "got", "rule")
                .to_dicts()
            ),
            *({"fault": "relevance", **row} for row in rows.filter(~pl.col("found")).select("id", "title").to_dicts()),
        ],
    )


def _with_abstracts(rows: pl.DataFrame, documents: Path) -> pl.DataFrame:
    listed = with_optional(read_rows(documents, ("document_number",)), "abstract")
    listed = listed.unique("document_number", keep="first")
    number = pl.col("identifier").str.extract(r"\bFR Doc ([\w-]+)", 1)
    return (
        rows.drop("abstract")
        .with_columns(document_number=number)
        .join(listed.select("document_number", "abstract"), on="document_number", how="left", maintain_order="left")
    )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    published = pl.coalesce(civil_days(optional(rows, name)) for name in ("date_published", "date_signed"))
    return frame(
        rows,
        document_id=pl.col("id"),
        title=pl.col("title"),
        abstract=pl.col("abstract"),
        origin=pl.col("issuer"),
        published_date=published,
        jurisdiction=pl.col("jurisdiction").str.split(";").list.first().replace("UK", "GB"),
    )


def _recall(found: pl.Series) -> Metrics:
    return total([Counts(right=hit, missed=not hit) for hit in found]).metrics()


def _jurisdictions(rows: pl.DataFrame) -> Metrics:
    """Of agreements between governments, whether title and issuer name every one of them."""
    joint = rows.filter(pl.col("jurisdiction").str.contains(";"))
    told = governments(joint.select(text=pl.concat_str("title", "issuer", separator="\n", ignore_nulls=True)))
    expected = [set(text.replace("UK", "GB").split(";")) for text in joint["jurisdiction"]]
    right = sum(set(got) == want for got, want in zip(told, expected, strict=True))
    return {"accuracy": right / len(expected) if expected else 1.0, "support": len(expected), "right": right}
