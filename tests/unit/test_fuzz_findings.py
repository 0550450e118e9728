"""What broke a reader once breaks it no more, and every target takes the answers that a search begins with."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import TARGETS, findings, seeds


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_findings(target: str) -> None:
    tried = list(seeds(target))
    assert len(tried) > len(findings(target)), "a search needs something to begin with"
    for body in tried:
        TARGETS[target](body)
