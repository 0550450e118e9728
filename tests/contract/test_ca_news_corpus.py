"""No answer of the news API was recorded: what else of Canada is in the corpus is refused by name."""

from __future__ import annotations

import pytest

from scrapers.contracts import BlockPage, NotADocument
from scrapers.spiders.ca_news import parse_answer
from tests.conftest import SHARED
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "ca_news", "ca_tbs_policy")


def test_there_are_recordings(shared: object) -> None:
    assert RECORDINGS, f"no recordings of Canada in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    refusal = BlockPage if recording.path.name.startswith("BLOCKED") else NotADocument
    with pytest.raises(refusal):
        parse_answer(recording.path.read_bytes())
