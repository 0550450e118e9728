"""The recordings from the Office of Management and Budget are of another service, whose answers are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.contracts import NotADocument
from scrapers.spiders.us_omb_memos import parse_answer
from tests.contract.manifest import recordings


def test_the_agenda_of_rules_is_no_list_of_memoranda(shared: Path) -> None:
    found = recordings(shared, "us_omb")
    assert found
    for recording in found:
        with pytest.raises(NotADocument, match="another service"):
            parse_answer(recording.path.read_bytes())
