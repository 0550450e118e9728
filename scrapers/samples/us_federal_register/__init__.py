"""Samples of `us_federal_register`: www.federalregister.gov."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_federal_register.filings import read_filings
from scrapers.samples.us_federal_register.host import HOST, sample_host
from scrapers.samples.us_federal_register.index import shared_index


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; with `corpus`, it serves the documents of that folder instead of the bundled ones."""
    return {HOST: sample_host(shared_index(corpus), read_filings() if corpus is None else ())}
