"""The sample opportunities of Grants.gov, read from the data files of this folder."""

from __future__ import annotations

from scrapers.samples.data_files import read_yaml
from scrapers.samples.us_grants_gov.filler import ordinary_opportunities
from scrapers.samples.us_grants_gov.records import Opportunity


def read_opportunities() -> dict[int, Opportunity]:
    """The opportunities of the data file and the generated ordinary ones, by id."""
    opportunities = [Opportunity(**raw) for raw in read_yaml(__file__, "opportunities.yml")]
    opportunities += ordinary_opportunities(read_yaml(__file__, "filler.yml"))
    return {opportunity.id: opportunity for opportunity in opportunities}
