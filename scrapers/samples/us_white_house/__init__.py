"""Samples of `us_white_house`: www.whitehouse.gov, its feeds, sitemaps and pages of posts.

Titles and days of what `posts.yml` holds are real, addresses too where they follow from the title; texts are our own
words and say so. Numbers of posts are made up, but for those that the file calls known.
"""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_white_house.host import HOST, sample_host
from scrapers.samples.us_white_house.posts import read_posts


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """The site; no corpus holds anything for it."""
    return {HOST: sample_host(read_posts())}
