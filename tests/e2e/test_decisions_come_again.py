"""Decisions of the desk stand through `aipolicy replay` and `aipolicy rebuild`, which read the archived bytes again.

The commands are the real ones, and so is all that reads; dbt and the checks are left out, see the test of the marts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines import report
from pipelines import run as runs
from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops.state import bring_up_to_date
from pipelines.overrides.decisions import Verdict, decide
from pipelines.overrides.rows import read_rows
from pipelines.warehouse import open_warehouse
from scrapers.replay import main as read_again
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.faults.crawling import crawl
from tests.faults.hostile_sources import REGISTER, SOURCES, UNTIL, hostile_sources
from tests.faults.short_path import Walk, without_macros
from tests.unit.overrides_fixture import STATED

pytestmark = pytest.mark.slow

TABLES = ("raw.overrides", "raw.quarantine", "raw.decided_versions", "raw.decided_parses", "enriched.relevance")
VERDICTS: dict[str, tuple[Verdict, dict[str, Any]]] = {
    "document": ("accept", {}),
    "field": ("correct", {"effective_date": "2024-12-01"}),
    "record": ("correct", STATED),
}
"""By the kind of row, of each kind the first; all others are rejected."""


def decide_all(home: Home) -> None:
    with open_warehouse(home) as connection:
        rows = read_rows(connection)
    open_kinds, now = dict(VERDICTS), datetime.now(UTC) + timedelta(days=1)
    for row in rows.values():
        verdict, fields = open_kinds.pop(row.kind, ("reject", {}))
        decide(home, row.names, verdict, "Ada Lovelace", "Seen on the page.", now, fields)
    assert open_kinds == {}, "kinds that no hostile record shows"


def told(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    return {table: world.from_warehouse(home.root, f"select * from {table} order by all") for table in TABLES}


def test_decisions__are_the_same_after_a_replay_and_a_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    with running_samples(sources=SOURCES) as samples, hostile_sources(samples) as base_urls:
        bring_up_to_date(home)
        assert crawl(home.root, REGISTER, base_urls, "2024-02-01", UNTIL).ledger.is_good
    walk = Walk(home.root)
    walk.build()
    undecided = walk.content
    decide_all(home)
    walk.build()
    content, before = walk.content, told(home)
    assert content != undecided
    states = world.from_warehouse(home.root, "select distinct verdict, state from raw.overrides order by all")
    assert states == [("accept", "applied"), ("correct", "applied"), ("reject", "rejected")]

    def replayed(*_: Any, replay: bool) -> runs.RunOutcome:
        assert replay
        assert read_again([REGISTER, "--home", str(home.root)]) == 0
        walk.build()
        return runs.RunOutcome("again", success=True)

    monkeypatch.setattr(runs, "run_refresh", replayed)
    monkeypatch.setattr(report, "print_report", lambda *_, **__: True)  # asks the marts that are left out
    for command in ("replay", "rebuild"):
        with without_macros():
            done = CliRunner().invoke(main, ["--home", str(home.root), command])
        assert done.exit_code == 0, done.output
        assert (walk.content, told(home)) == (content, before), command
