"""What relevance is compared with: one phrase, and the keyword list that a careful person writes in an hour.

Kept apart from the product's vocabulary on purpose: a baseline that follows the product measures nothing.
"""

from __future__ import annotations

import polars as pl

PHRASE = r"(?i)artificial intelligence"
KEYWORDS = (
    r"(?i)\bartificial(?:ly)? intelligen|\bmachine[- ]learning|\bdeep learning|\bneural net|\bgenerative (?:ai|model)"
    r"|\blarge language model|\bfoundation model|\bfrontier (?:ai|model)|\bchat ?bot|\bdeep ?fake|\bfacial recognition"
    r"|\bautomated decision|\balgorithmic|\bcomputer vision|\bnatural language processing|\badvanced computing"
    r"|\bsupercomput|\bautonomous (?:weapon|system)|(?-i:\bA\.?I\b)|\bsuper ?intelligen"
)
BASELINES = {"phrase": PHRASE, "keywords": KEYWORDS}


def names_ai(rows: pl.DataFrame, pattern: str, *columns: str) -> pl.Series:
    """Whether a baseline calls each row relevant."""
    text = pl.concat_str([pl.col(name).fill_null("") for name in columns], separator="\n")
    return rows.select(text.str.contains(pattern).alias("named"))["named"]
