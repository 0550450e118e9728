"""Samples of `eu_press_corner`: ec.europa.eu, the Press Corner's search, documents and RSS feed.

References, titles and days of what `releases.yml` holds are real; texts are our own words and say so. Everything else
is made up, with numbers from 90000 up.
"""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.eu_press_corner.host import HOST, sample_host
from scrapers.samples.eu_press_corner.releases import read_releases
from scrapers.samples.host import SampleHost


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The host; no corpus holds anything for it."""
    return {HOST: sample_host(read_releases())}
