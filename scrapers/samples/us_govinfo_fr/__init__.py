"""Samples of `us_govinfo_fr`: the bulk data of www.govinfo.gov, from the records of `us_federal_register`."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_federal_register.index import shared_index
from scrapers.samples.us_govinfo_fr.host import HOST, sample_host


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the bulk data; with `corpus`, its issues hold the documents of that folder as notices."""
    return {HOST: sample_host(shared_index(corpus))}
