"""Samples of `us_grants_gov`: api.grants.gov."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_grants_gov.host import HOST, sample_host
from scrapers.samples.us_grants_gov.index import read_opportunities


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    return {HOST: sample_host(read_opportunities())}
