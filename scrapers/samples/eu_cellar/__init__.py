"""Samples of `eu_cellar`: publications.europa.eu, its SPARQL endpoint and the files of texts."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.eu_cellar.host import HOST, sample_host
from scrapers.samples.eu_cellar.records import read_acts
from scrapers.samples.host import SampleHost


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the Cellar; no corpus holds anything for it."""
    return {HOST: sample_host(read_acts())}
