"""What a process of a crawl or a replay does before its work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from scrapers import crawl, replay


class WorkBegins(Exception):
    """The process has come to its work."""


@pytest.fixture
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("module", "work", "days"),
    [(crawl, "crawl", ("--since", "2026-03-01", "--until", "2026-03-01")), (replay, "orphans_of", ())],
)
def test_what_is_imported_is_out_of_the_collectors_sight(
    module: ModuleType, work: str, days: tuple[str, ...], tmp_path: Path
) -> None:
    with patch.object(module, work, side_effect=WorkBegins), pytest.raises(WorkBegins):
        module.main(["us_federal_register", "--home", str(tmp_path), *days])
    assert gc.get_freeze_count() > 10_000
