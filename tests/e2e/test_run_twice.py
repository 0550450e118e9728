"""The same window twice changes nothing but bookkeeping, and builds nothing anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests.e2e import world
from tests.faults.verdict import Verdict

pytestmark = pytest.mark.slow


def materialized(home: Path, *key: str) -> dict[str, Any]:
    """The metadata of an asset's latest materialization."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(key))
    assert event is not None
    assert event.asset_materialization is not None
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def checks_of_newest_refresh(home: Path, event_type: dg.DagsterEventType) -> set[tuple[dg.AssetKey, str]]:
    """The checks that the newest refresh has events of this type of."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        (run,) = instance.get_runs(dg.RunsFilter(job_name="refresh"), limit=1)
        entries = instance.all_logs(run.run_id, of_type=event_type)
    events = [entry.dagster_event.event_specific_data for entry in entries if entry.dagster_event]
    return {(event.asset_key, event.check_name) for event in events}


@pytest.fixture(scope="module")
def after(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = world.copy_home(published, tmp_path_factory.mktemp("twice") / "home")
    ended = world.aipolicy("--home", str(home), "run", "--samples", *world.WINDOW)
    assert ended.returncode == 0, world.said(ended)
    return home


def test_it_crawled_every_source_again(published: Path, after: Path) -> None:
    for slug in world.SOURCES:
        assert len(world.ledgers(after, slug)) == len(world.ledgers(published, slug)) + 1


@pytest.mark.fault("O1")
def test_no_content_changes(published: Path, after: Path, verdict: Verdict) -> None:
    assert world.about(after)["edition_id"] == world.about(published)["edition_id"]
    assert world.content_parquet(after) == world.content_parquet(published)
    before, now = world.edition_files(published), world.edition_files(after)
    verdict.recovered(len(before.items() ^ now.items()))


def test_nothing_new_is_loaded(published: Path, after: Path) -> None:
    for table in ("document_versions", "document_parses", "quarantine"):
        rows = f"select * from raw.{table} order by all"
        assert world.from_warehouse(after, rows) == world.from_warehouse(published, rows)
    loaded = materialized(after, "raw", "document_versions")
    assert (loaded["new_documents"], loaded["new_versions"]) == (0, 0)


def test_only_last_seen_moves(published: Path, after: Path) -> None:
    first = "select source_id, document_id, first_seen_at from raw.document_sightings order by all"
    assert world.from_warehouse(after, first) == world.from_warehouse(published, first)
    earliest = "select min(last_seen_at) from raw.document_sightings"
    latest = "select max(last_seen_at) from raw.document_sightings"
    assert world.from_warehouse(after, earliest) > world.from_warehouse(published, latest)


def test_dbt_and_the_audit_are_skipped(published: Path, after: Path) -> None:
    assert materialized(after, "marts", "documents")["built"] is False
    assert materialized(after, "edition", "staged")["built"] is False
    assert materialized(after, "edition", "published")["is_new"] is False
    for file in ("dbt/run_results.json", "editions/current/AUDIT.json"):
        assert (after / file).stat().st_mtime_ns == (published / file).stat().st_mtime_ns, f"{file} was written anew"


def test_checks_of_what_was_reused_are_told_again(after: Path) -> None:
    """A check that was planned and not told is grey in the UI, whatever it had found."""
    planned = checks_of_newest_refresh(after, dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED)
    assert len(planned) > 700
    assert planned == checks_of_newest_refresh(after, dg.DagsterEventType.ASSET_CHECK_EVALUATION)


def test_bookkeeping_is_fresh_outside_the_edition(published: Path, after: Path) -> None:
    last_seen = "select max(last_seen_at) from read_parquet(?)"
    old, new = (
        world.from_warehouse(home, last_seen, str(home / "bookkeeping" / "document_sightings.parquet"))
        for home in (published, after)
    )
    assert new > old


def test_coverage_tells_of_the_latest_look(published: Path, after: Path) -> None:
    looked = (
        "select source_id, count(distinct crawl_id) from read_parquet(?) where crawl_id is not null "
        "group by all order by all"
    )
    rows = world.from_warehouse(after, looked, str(after / "bookkeeping" / "source_coverage.parquet"))
    newest = "select max(crawl_id) from read_parquet(?)"
    old, new = (
        world.from_warehouse(home, newest, str(home / "bookkeeping" / "source_coverage.parquet"))
        for home in (published, after)
    )
    assert [slug for slug, _ in rows] == list(world.SOURCES)
    assert new > old
