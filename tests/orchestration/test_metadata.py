"""What the UI shows of a source's crawl: numbers that plot, the days as bars, and what loading found new in it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.ingest import _report, asset_key
from pipelines.assets.warehouse import load_landing
from pipelines.check_results import check_result, table
from pipelines.children import ChildResult
from pipelines.resources import StateFolder
from scrapers.contracts import Comparison, Novelty
from tests.crawl_fixture import SLUG, document, land

USUAL = Comparison(kind="all", found=2, usual=3, crawls=("a",), counts=(3,), verdict="usual")


def test_a_crawl__is_told_in_numbers_and_by_day(tmp_path: Path) -> None:
    new = (Novelty(name="colour", documents=1, example="x"), Novelty(name="type=Edict", documents=1, example="x"))
    update = {"novelties": new, "comparisons": (USUAL,)}
    ledger = land(tmp_path, [document(), document("2024-2")]).model_copy(update=update)
    told, *_ = _report(SLUG, [ChildResult(SLUG, 0, ledger.started_at, 1.5, "", "")], ledger)
    assert isinstance(told, dg.MaterializeResult)
    assert told.metadata is not None
    numbers = {name: value for name, value in told.metadata.items() if isinstance(value, int | float)}
    assert numbers == {
        "seconds": 1.5, "dagster/row_count": 2, "requests": 1, "bytes": 10, "retries": 0, "http_errors": 0,
        "block_pages": 0, "rejected_records": 0, "unknown_fields": 1, "unknown_values": 1, "official_count": 2,
        "usual_count": 3, "gate_passed": 0, "gate_left_out": 0, "archive_bytes": 0,
    }  # fmt: skip
    days = told.metadata["days"]
    assert isinstance(days, dg.MarkdownMetadataValue)
    assert "| Mon 29 Jan | 2 | 2 | ████████████████████ |" in (days.md_str or "")


def test_a_source_that_counts_nothing__has_no_count_that_plots(tmp_path: Path) -> None:
    ledger = land(tmp_path, [document()])
    days = tuple(day.model_copy(update={"official": None}) for day in ledger.days)
    child = ChildResult(SLUG, 0, ledger.started_at, 1.5, "", "")
    told, *_ = _report(SLUG, [child], ledger.model_copy(update={"official_total": None, "days": days}))
    assert isinstance(told, dg.MaterializeResult)
    assert "official_count" not in (told.metadata or {})


def test_loading__tells_the_source_what_was_new(tmp_path: Path) -> None:
    land(tmp_path, [document(), document("2024-2")])
    land(tmp_path, [document(title="Another rule"), document("2024-2"), document("2024-3")], hours=1)
    result = dg.materialize([load_landing], resources={"state": StateFolder(root=str(tmp_path))})
    (told,) = [
        event.asset_observation_data.asset_observation
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_OBSERVATION
    ]
    assert told.asset_key == asset_key(SLUG)
    assert {name: value.value for name, value in told.metadata.items()} == {
        "new_documents": 3,
        "changed_documents": 1,
        "quarantined": 0,
    }


def test_a_table__shows_every_column_and_no_line_breaks() -> None:
    shown = table([{"a": "two\nlines", "b": None}, {"c": "x" * 300}])
    assert [column.name for column in shown.schema.columns] == ["a", "b", "c"]
    assert shown.records[0].data == {"a": "two lines", "b": "null", "c": "null"}
    assert len(str(shown.records[1].data["c"])) == 200


def test_a_failure_without_a_sample__is_no_result() -> None:
    with pytest.raises(ValueError, match="of a failure, a sample"):
        check_result(dg.AssetKey("a"), "c", passed=False, sentence="Bad.", what_to_do="Mend it.")
