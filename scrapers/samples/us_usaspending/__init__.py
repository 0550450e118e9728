"""Samples of `us_usaspending`: api.usaspending.gov."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_usaspending.host import HOST, sample_host
from scrapers.samples.us_usaspending.records import read_awards


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    return {HOST: sample_host(read_awards())}
