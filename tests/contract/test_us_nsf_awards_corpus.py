"""NSF Awards: no answer of the source was recorded; what there is in its format, made by hand, is read whole."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from scrapers.contracts import UnknownShape
from scrapers.spiders.us_nsf_awards import parse_answer
from tests.conftest import SHARED
from tests.contract.leaves import lost_leaves
from tests.contract.manifest import Recording, recordings

RECORDINGS = recordings(SHARED, "nsf", "us_nsf_awards")


def as_day(text: str) -> str | None:
    """A day as the parser keeps it."""
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007  a civil day
    except ValueError:
        return None


def test_there_are_recordings(shared: Path) -> None:
    assert RECORDINGS, f"no recordings of NSF Awards in {shared}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_recording(recording: Recording) -> None:
    body = recording.path.read_bytes()
    if recording.path.suffix == ".csv":
        with pytest.raises(UnknownShape):
            parse_answer(body)
        return
    answer = parse_answer(body)
    awards = json.loads(body)["response"]["award"]
    assert answer.rejected == ()
    assert len(answer.documents) == len(awards) > 0
    for document, award in zip(answer.documents, awards, strict=True):
        assert document.document_id == f"nsf-award:{award['id']}"
        assert document.unread_fields == ()
        assert [(one.kind, one.raw) for one in document.amounts] == [("obligated", award["fundsObligatedAmt"])]
        assert lost_leaves(award, document, [as_day]) == []
