"""Samples of `us_regulations_gov`: its API."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_regulations_gov.host import HOST, sample_host
from scrapers.samples.us_regulations_gov.records import read_documents


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    return {HOST: sample_host(read_documents())}
