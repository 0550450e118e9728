"""A change at a source is a version; a retraction is remembered; a gap is named while the rest is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import world
from tests.e2e.proxy import Answer, edited
from tests.faults.verdict import Verdict

pytestmark = pytest.mark.slow

FEDERAL_REGISTER = "www.federalregister.gov"
EDITED = "2024-01580"
NEW_TITLE = "Taking additional steps to address the emergency, as the source now calls it"
BROKEN = "/ai-regulation-a-pro-innovation-approach-policy-proposals"
THINNED_DAY = "2024-01-10"
"""The first document of this day is gone when the source is asked again."""


def revise(path: str, answer: Answer) -> Answer:
    """The Federal Register a day later: one title edited, one document gone from list and counts."""
    if not path.startswith("/api/v1/documents"):
        return answer
    value = answer.json()
    if path.startswith("/api/v1/documents/facets/daily"):
        value[THINNED_DAY]["count"] -= 1
    else:
        kept = [record for record in value["results"] if record["document_number"] != removed_number(value)]
        value["count"] -= len(value["results"]) - len(kept)
        value["results"] = kept
        for record in kept:
            if record["document_number"] == EDITED:
                record["title"] = NEW_TITLE
    return answer.with_json(value)


def removed_number(page: dict[str, Any]) -> str | None:
    """The first document of the thinned day on a page."""
    return min(
        (record["document_number"] for record in page["results"] if record["publication_date"] == THINNED_DAY),
        default=None,
    )


def break_off(path: str, answer: Answer) -> Answer:
    """GOV.UK with one page that can never be read to its end."""
    return answer.cut() if path.startswith("/api/content/") and path.endswith(BROKEN) else answer


@pytest.fixture(scope="module")
def changed_sources(samples: dict[str, str]) -> Iterator[dict[str, str]]:
    with (
        edited(samples[FEDERAL_REGISTER], revise) as register,
        edited(samples["www.gov.uk"], break_off) as govuk,
    ):
        yield samples | {FEDERAL_REGISTER: register.url, "www.gov.uk": govuk.url}


@pytest.fixture(scope="module")
def after(published: Path, changed_sources: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = world.copy_home(published, tmp_path_factory.mktemp("changed") / "home")
    ended = world.aipolicy("--home", str(home), "run", "--samples", *world.WINDOW, base_urls=changed_sources)
    assert ended.returncode == 0, world.said(ended)
    assert "uk_govuk: WITHHELD" in ended.stdout, world.said(ended)
    assert "us_federal_register: checked" in ended.stdout, world.said(ended)
    return home


@pytest.mark.fault("D9")
def test_an_edited_document_is_a_version_with_its_difference(after: Path, verdict: Verdict) -> None:
    rows = world.from_edition(
        after,
        """
        select version_no, change_origin, to_json(field_diff)::varchar from document_versions
        where source_id = 'us_federal_register' and document_id like ? order by version_no
        """,
        f"fr:{EDITED}:%",
    )
    assert [(number, origin) for number, origin, _ in rows] == [(1, "source"), (2, "source")]
    assert NEW_TITLE in rows[1][2]
    titles = world.from_edition(after, "select title from documents where document_id like ?", f"fr:{EDITED}:%")
    assert titles == [(NEW_TITLE,)]
    verdict.recovered(2 - len(rows))


def test_nothing_else_is_a_version(published: Path, after: Path) -> None:
    count = "select count(*) from document_versions"
    assert world.from_edition(after, count)[0][0] == world.from_edition(published, count)[0][0] + 1


def test_a_retracted_document_keeps_its_rows(published: Path, after: Path) -> None:
    counts = "select lead_source_id, count(*) from documents group by all order by all"
    assert world.from_edition(after, counts) == world.from_edition(published, counts)
    (stale,) = world.from_warehouse(
        after,
        """
        select count(*) from raw.document_sightings as sighting
        where source_id = 'us_federal_register' and last_seen_at < (
            select max(last_seen_at) from raw.document_sightings where source_id = 'us_federal_register')
            and last_crawl_id < (select max(crawl_id) from raw.crawls where source_id = 'us_federal_register')
        """,
    )
    assert stale == (1,)


def test_the_new_edition_stands_beside_the_old(published: Path, after: Path) -> None:
    assert world.about(after)["content_sha256"] != world.about(published)["content_sha256"]
    old = {name: sha256 for name, sha256 in world.edition_files(published).items() if name != "current"}
    new = world.edition_files(after)
    assert old.items() <= new.items(), "the previous edition was changed"
    assert new["current"] == world.about(after)["edition_id"]


def test_a_broken_source_is_withheld_and_keeps_its_last_good_rows(published: Path, after: Path) -> None:
    ledger = world.ledgers(after, "uk_govuk")[-1]
    assert not ledger.is_good
    assert any(f"{BROKEN}: ResponseDataLossError" in fault for fault in ledger.faults)
    rows = "select document_id, title, body from documents where lead_source_id = 'uk_govuk' order by all"
    assert world.from_edition(after, rows) == world.from_edition(published, rows)
    versions = "select count(*) from raw.document_versions where crawl_id = ?"
    assert world.from_warehouse(after, versions, ledger.crawl_id) == [(0,)]


@pytest.mark.fault("O10")
def test_coverage_and_digest_name_it(published: Path, after: Path, verdict: Verdict) -> None:
    failed = world.ledgers(after, "uk_govuk")[-1].crawl_id
    last_good = world.ledgers(published, "uk_govuk")[-1].crawl_id
    days = (
        "select distinct source_id, crawl_id, reason from source_coverage "
        "where reason is not null and crawl_id is not null"
    )
    ((source_id, crawl_id, reason),) = world.from_edition(after, days)
    assert (source_id, crawl_id) == ("uk_govuk", last_good)
    assert failed in reason
    assert f"{BROKEN}: ResponseDataLossError" in reason
    (digest,) = (after / "digests").glob("*/digest.md")
    gaps = digest.read_text(encoding="utf-8").partition("## What we could not look at")[2]
    assert "**GOV.UK:**" in gaps
    assert failed in gaps
    assert "**US Federal Register:**" not in gaps
    verdict.gap_shown(0)


def test_strict_makes_a_gap_a_failed_run_after_publishing(
    after: Path, changed_sources: dict[str, str], tmp_path: Path
) -> None:
    home = world.copy_home(after, tmp_path / "home")
    ended = world.aipolicy(
        "--home", str(home), "run", "--samples", "--strict", *world.WINDOW, base_urls=changed_sources
    )
    assert ended.returncode == 1, world.said(ended)
    assert "uk_govuk" in ended.stderr, world.said(ended)
    assert world.edition_files(home) == world.edition_files(after)
