"""EU Funding & Tenders: no answer with results was recorded; facets, and what others made of answers, are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.contracts import NotADocument
from scrapers.spiders.eu_funding_tenders import STATUSES, TYPES, parse_answer
from tests.conftest import SHARED
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "eu_funding_tenders")


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of EU Funding & Tenders in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    with pytest.raises(NotADocument, match="facets"):
        parse_answer(recording.path.read_bytes())


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_the_codes_of_what_is_asked_are_those_of_the_facets(recording: Recording) -> None:
    value = json.loads(recording.path.read_bytes())
    facets = value.get("facets", value)
    assert {entry["rawValue"] for entry in facets["status"]} <= set(STATUSES)
    assert {entry["rawValue"] for entry in facets["type"]} <= set(TYPES)
