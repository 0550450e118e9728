"""One published state folder a test session, made by the real command and shared by all workers; tests copy it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.samples.process import running_samples
from tests.e2e.world import WINDOW, aipolicy, copy_home, said
from tests.once import made_once


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with one published edition. Never written to after it is made; what its run told is beside it."""
    return made_once(tmp_path_factory, "published", _run)


def _run(home: Path) -> None:
    ended = aipolicy("--home", str(home), "run", "--samples", *WINDOW)
    assert ended.returncode == 0, said(ended)
    home.with_name("told").write_text(ended.stderr, encoding="utf-8")


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the published state folder."""
    copy = copy_home(published, tmp_path / "home")
    yield copy
    shutil.rmtree(copy)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The sample sources, host -> base URL, for the tests of one file."""
    with running_samples() as base_urls:
        yield base_urls
