"""Samples of `uk_ukri_gtr`: gtr.ukri.org, its search for projects and its funds."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.uk_ukri_gtr.host import HOST, sample_host
from scrapers.samples.uk_ukri_gtr.records import read_projects


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host of the API; no corpus holds anything for it."""
    return {HOST: sample_host(read_projects())}
