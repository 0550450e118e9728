"""Samples of `uk_parliament_bills`: bills-api.parliament.uk, its list with search and single bills."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.uk_parliament_bills.host import HOST, sample_host
from scrapers.samples.uk_parliament_bills.records import read_bills


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    return {HOST: sample_host(read_bills())}
