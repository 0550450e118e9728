"""Samples of `us_grants_gov_extract`: the bucket that holds the daily extracts of Grants.gov."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_grants_gov.index import read_opportunities
from scrapers.samples.us_grants_gov_extract.host import HOST, sample_host


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The bucket; no corpus holds anything for it."""
    return {HOST: sample_host(read_opportunities().values())}
