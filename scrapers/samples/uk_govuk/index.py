"""The sample pages of GOV.UK and the organisations that publish them, read from the data files of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapers.samples.data_files import read_yaml
from scrapers.samples.uk_govuk.filler import ordinary_items
from scrapers.samples.uk_govuk.records import GovukItem


@dataclass(frozen=True)
class GovukIndex:
    """All that the host answers from."""

    organisations: dict[str, dict[str, Any]]
    items: dict[str, GovukItem]
    """By base path."""


def read_index() -> GovukIndex:
    """The pages of the data file and the generated ordinary ones."""
    items = [GovukItem(**raw) for raw in read_yaml(__file__, "items.yml")]
    items += ordinary_items(read_yaml(__file__, "filler.yml"))
    return GovukIndex(read_yaml(__file__, "organisations.yml"), {item.base_path: item for item in items})
