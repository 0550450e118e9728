"""The page of performance says what was measured, and the queries that readers are timed by are the documented ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import page, readers
from tests.bench.step import STEPS


def figures() -> page.Figures:
    cell = {"seconds": 2.0, "cpu_seconds": 3.0, "peak_mib": 400.0, "together_mib": 600.0}
    about = {"runs": 5, "at": "2026-11-30", "commit": "abc", "machine": {"cores": 2}}
    ways = {"bare": 1.0, "ours": 2.0}
    spoken = {"p50": 1.0, "p95": 2.0}
    return {
        "ingest_1000": about
        | {
            "documents": 1_000,
            "seconds": ways,
            "documents_per_second": {"bare": 1_000, "ours": 500},
            "ratio_to_bare": {"bare": 1.0, "ours": 0.5},
            "cpu_seconds": ways,
            "peak_mib": ways,
            "replay_seconds": 1.0,
            "crawl_seconds": 3.0,
        },
        "size_1000": about
        | {
            "documents": 1_000,
            "bytes": {"warehouse": 5_000},
            "first_build": dict.fromkeys(STEPS, cell),
            "first_build_seconds": 12.0,
            "news": dict.fromkeys(STEPS, 2.0),
            "upsert_10k_seconds": 0.4,
            "readers": readers_of(spoken) | {"rows": {"One": 7}},
            "readers_beside_a_publish": readers_of({"p50": 1.5, "p95": 3.0}),
        },
        "overheads": about | {"figures": {"digest": cell}},
    }


def readers_of(cell: page.Figures) -> page.Figures:
    return {"queries": {"One": cell}, "search": {"two": cell}, "pages": {}, "other": {"opening the edition": cell}}


def test_tables_stand_between_their_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "performance.md"
    written.write_text(page.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", written)
    monkeypatch.setattr(page, "CHART", tmp_path / "performance.svg")
    monkeypatch.setattr(page, "figures", figures)
    page.write()
    text = written.read_text(encoding="utf-8")
    assert "| **AI policy tracker** | 500 | 0.50 |" in text
    assert "3.0 x" in text
    assert "| all | **12 s** | **1.0** |" in text
    assert "| documented query: One | 1 / 2 | 7 |" in text
    assert "- over 1,000 documents 1.5 times as long; at worst 1.5 times" in text
    assert "| digest | 2.00 | 3.00 | 400 |" in text
    assert "| digest, s | 5 | 2.00 | 5 | yes |" in text
    assert "| 1,000 list documents, share of the bare limit | 0.33 | 0.50 | 5 | yes |" in text
    assert "| 1,000 list documents, documents/s | 3,000 | 500 | 5 | **no** |" in text
    assert "| first build of 1,000 documents, s | 600 | 12 | 1 | – |" in text
    assert "AI policy tracker" in page.CHART.read_text(encoding="utf-8")


def test_what_was_wanted_of_a_million_is_met_by_a_million_alone() -> None:
    held = figures()
    million = held["size_1000"] | {"documents": 1_000_000, "news": dict.fromkeys(STEPS, 4.0)}
    lines = list(page.TABLES["goals"](held | {"size_1000000": million}))
    assert "| first build of 1,000,000 documents, s | 600 | 12 | 1 | yes |" in lines
    news = "a day's news on 1,000,000 documents, making and publishing the edition apart, times that on 1,000"
    assert f"| {news} | 1.5 | 2.0 | 5 | **no** |" in lines


def test_what_a_smaller_history_was_not_asked_is_left_empty() -> None:
    held = figures()
    more = held["size_1000"]["readers"] | {
        "queries": {"One": {"p50": 1.0, "p95": 2.0}, "New": {"p50": 3.0, "p95": 4.0}}
    }
    beside = readers_of({"p50": 1.5, "p95": 3.0}) | {"queries": {"One": {"p50": 2.0}, "New": {"p50": 3.0}}}
    larger = {"documents": 2_000, "readers": more, "readers_beside_a_publish": beside}
    lines = list(page.TABLES["readers"](held | {"size_2000": held["size_1000"] | larger}))
    assert "| documented query: New |  | 3 / 4 |  |" in lines


def test_what_was_not_measured_is_extrapolated_along_the_two_largest() -> None:
    held = figures()
    cell = {"seconds": 3.0, "cpu_seconds": 3.0, "peak_mib": 500.0}
    larger = {"documents": 11_000, "bytes": {"warehouse": 11_000}, "first_build": dict.fromkeys(STEPS, cell)}
    lines = list(page.TABLES["growth"](held | {"size_11000": held["size_1000"] | larger}))
    assert "| load | 100 | 0.3 h | 2.8 h | 10,000 | 98 GiB | 977 GiB |" in lines
    assert "| warehouse | 1 | 0 GiB | 0 GiB |" in lines
    assert list(page.TABLES["growth"](held)) == []


def test_the_page_is_written_from_the_figures_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = page.PAGE.read_text(encoding="utf-8")
    written = tmp_path / "performance.md"
    written.write_text(before, encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", written)
    monkeypatch.setattr(page, "CHART", tmp_path / "performance.svg")
    page.write()
    assert written.read_text(encoding="utf-8") == before, "run: python -m tests.bench --only-page"


def test_readers_are_timed_by_all_documented_queries() -> None:
    text = (page.ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    assert len(readers.documented()) == text.count("```sql")
