"""Who concludes an agreement, by made-up titles."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.enrich.parties import governments, parties_of


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Memorandum of Understanding between the UK and Acme Robotics on robots", ["GB", "Acme Robotics"]),
        ("Agreement with Acme and Example Labs on tests", ["Acme", "Example Labs"]),
        ("U.S.-Japan Robot Partnership", ["US", "JP"]),
        ("Partnership between the United States and the Republic of Korea", ["US", "KR"]),
        ("US-UAE Robot Partnership", ["US", "AE"]),
        ("A partnership that helps us all", []),
    ],
)
def test_a_title_names_its_parties(title: str, names: list[str]) -> None:
    parties = parties_of(title)
    assert [party.code or party.name for party in parties] == names


def test_a_party_stands_where_it_is_said_to_stand() -> None:
    title = "Memorandum of Understanding between the United Kingdom and Acme on robots"
    assert all(title[party.start :].startswith(party.name) for party in parties_of(title))


def test_governments_are_named_once_each() -> None:
    texts = pl.DataFrame({"text": ["The UK, the United Kingdom and Japan", None]})
    assert governments(texts) == [["GB", "JP"], []]
