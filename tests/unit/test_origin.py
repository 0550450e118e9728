"""Real sources and stand-ins never meet in one state folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.origin import MixedOrigins, held_stand_ins, require_one_origin
from scrapers.contracts import CrawlLedger
from tests.crawl_fixture import SLUG, land

STAND_INS = {"www.federalregister.gov": "http://127.0.0.1:9"}


def keep(home: Path, ledger: CrawlLedger) -> None:
    """Put a ledger where a crawl leaves it."""
    folder = home / "archive" / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ledger.crawl_id}.ledger.json").write_text(ledger.model_dump_json())


def test_an_empty_home__takes_either(tmp_path: Path) -> None:
    assert held_stand_ins(Home(tmp_path)) is None
    require_one_origin(Home(tmp_path), [SLUG], STAND_INS)
    require_one_origin(Home(tmp_path), [SLUG], {})


@pytest.mark.parametrize("is_stand_in", [True, False])
def test_a_home__takes_more_of_what_it_holds_and_nothing_else(tmp_path: Path, is_stand_in: bool) -> None:
    keep(tmp_path, land(tmp_path, [], is_stand_in=is_stand_in))
    same, other = (STAND_INS, {}) if is_stand_in else ({}, STAND_INS)
    require_one_origin(Home(tmp_path), [SLUG], same)
    with pytest.raises(MixedOrigins, match="--home"):
        require_one_origin(Home(tmp_path), [SLUG], other)


def test_stand_ins_for_some_of_the_sources__are_refused(tmp_path: Path) -> None:
    with pytest.raises(MixedOrigins, match="for all sources or for none"):
        require_one_origin(Home(tmp_path), [SLUG, "uk_govuk"], STAND_INS)


def test_a_ledger_from_before_stand_ins_were_noted__is_of_a_real_source(tmp_path: Path) -> None:
    ledger = land(tmp_path, [])
    old = ledger.model_dump_json(exclude={"is_stand_in"})
    assert CrawlLedger.model_validate_json(old).is_stand_in is False


def test_a_crawl_that_sent_nothing__tells_nothing(tmp_path: Path) -> None:
    keep(tmp_path, land(tmp_path, [], is_stand_in=True))
    keep(tmp_path, land(tmp_path, [], hours=1).model_copy(update={"fetches": ()}))
    assert held_stand_ins(Home(tmp_path)) is True
