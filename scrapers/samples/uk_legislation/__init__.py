"""Samples of `uk_legislation`: www.legislation.gov.uk, its listing feeds and its XML."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.uk_legislation.host import HOST, sample_host
from scrapers.samples.uk_legislation.records import read_items


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of feeds and documents; no corpus holds anything for it."""
    return {HOST: sample_host(read_items())}
