"""Items that GOV.UK's own search gave for AI: how many are, and whether their words tell their official format.

About half of them are noise, and nobody has judged which: there is no precision of relevance here, only its share by
format beside two baselines. Formats that exist for AI alone are sure to be about it, and give a recall. The instrument
is read from title and description as if the format were unknown, and compared with what the source's contract says the
format means.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from pipelines.enrich.instruments import classify
from pipelines.enrich.relevance import judge
from pipelines.evaluate.baselines import BASELINES, names_ai
from pipelines.evaluate.classes import macro_metrics, metrics_by_class, one
from pipelines.evaluate.documents import frame
from pipelines.evaluate.files import civil_days, filled, left_out, read_rows, with_optional
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total
from scrapers.registry import source

SLUG = "uk_govuk"
AI_FORMATS = ("ai_assurance_portfolio_technique",)
"""Registers that hold AI and nothing else; that of algorithmic tools also holds plain rules."""


def run(gold: Path) -> Report:
    """Tell shares and recall of relevance, and the agreement of wording and format."""
    every = with_optional(read_rows(gold, ("title", "format")), "description", "published_date", "url")
    rows = filled(every, gold, ("title", "format"))
    shown = _shown(rows)
    judged = judge(shown).select(judged="relevance", rule="rule", quote="quote")
    rows = rows.with_columns(judged.get_columns()).with_columns(found=pl.col("judged") > 0)
    rows = rows.with_columns(classify(shown.drop("document_type"))["instrument"].alias("said"), _official(rows))
    sure = rows.filter(pl.col("format").is_in(AI_FORMATS))
    units = [Counts(right=hit, missed=not hit) for hit in sure["found"]]
    read = rows.filter(pl.col("official").is_not_null())
    pairs = [(one(expected), one(got)) for expected, got in zip(read["official"], read["said"], strict=True)]
    return Report(
        task="govuk",
        metrics={
            "precision": None,
            "recall": total(units).recall,
            "f1": None,
            "support": len(units),
            "ci95": interval([units], lambda drawn: total(drawn).recall) if units else [0.0, 1.0],
            **left_out(blank=every.height - rows.height),
            "items": rows.height,
            "relevant": int(rows["found"].sum()),
            "formats_known": read.height / rows.height,
            "instrument_by_wording": macro_metrics(pairs) if pairs else {},
            "baselines": {name: _agreement(rows, pattern) for name, pattern in BASELINES.items()},
        },
        by_class=metrics_by_class(pairs),
        by_stratum={str(name): _share(part) for (name,), part in sorted(rows.group_by("format"))},
        errors=[
            *(
                {"fault": "missed", **row}
                for row in sure.filter(~pl.col("found")).select("title", "url", "rule").to_dicts()
            ),
            *(
                {"fault": "differs from the phrase", **row}
                for row in rows.filter(names_ai(rows, BASELINES["phrase"], "title", "description") != pl.col("found"))
                .select("title", "url", "rule")
                .to_dicts()
            ),
        ],
    )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    return frame(
        rows,
        document_id=pl.col("title"),
        title=pl.col("title"),
        abstract=pl.col("description"),
        published_date=civil_days(pl.col("published_date")),
        jurisdiction=pl.lit("GB"),
        origin=pl.col("format").str.replace_all("_", " "),
        document_type=pl.col("format"),
    )


def _official(rows: pl.DataFrame) -> pl.Series:
    """What the contract of the source says of format and title."""
    rules = source(SLUG).instruments
    said = [
        next(
            (
                rule.instrument
                for rule in rules
                if rule.type == kind and (rule.title is None or re.search(rule.title, title or "", re.IGNORECASE))
            ),
            None,
        )
        for kind, title in zip(rows["format"], rows["title"], strict=True)
    ]
    return pl.Series("official", said, dtype=pl.String)


def _share(rows: pl.DataFrame) -> Metrics:
    return {"items": rows.height, "relevant": int(rows["found"].sum()), "share": rows["found"].mean()}


def _agreement(rows: pl.DataFrame, pattern: str) -> Metrics:
    named = names_ai(rows, pattern, "title", "description")
    return {
        "relevant": int(named.sum()),
        "both": int((named & rows["found"]).sum()),
        "only_here": int((named & ~rows["found"]).sum()),
    }
