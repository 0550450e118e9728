"""Samples of `uk_govuk`: www.gov.uk."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.uk_govuk.host import HOST, sample_host
from scrapers.samples.uk_govuk.index import read_index


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of search and content; no corpus holds anything for it."""
    return {HOST: sample_host(read_index())}
