"""Samples of `us_congress_gov`: the API, and the BILLSTATUS bulk data of govinfo."""

from __future__ import annotations

from pathlib import Path

from scrapers.samples.host import SampleHost
from scrapers.samples.us_congress_gov.host import API_HOST, BULK_HOST, api_host, bulk_host
from scrapers.samples.us_congress_gov.records import read_bills


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """Both hosts; no corpus holds anything for them."""
    bills = read_bills()
    return {API_HOST: api_host(bills), BULK_HOST: bulk_host(bills)}
