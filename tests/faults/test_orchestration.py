"""The ingest step and runs where sources fail, hang or are asked again and again, in the product's own steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.accounts import last_crawl
from pipelines.assets import ingest as step
from pipelines.assets.ingest_checks import CHECK
from pipelines.home import Home
from pipelines.resources import StateFolder
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.faults.server import FaultServer, answer, fault_server
from tests.faults.short_path import Walk
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SLUG, HOST, PATH = "us_nsf_awards", "api.nsf.gov", "/services/v1/awards.json"
DAYS = {"since": "2024-01-01", "until": "2024-01-31"}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running_samples(sources=(SLUG,)) as base_urls, fault_server(base_urls[HOST]) as server:
        yield server


def ingest(home: Path, config: Mapping[str, Any]) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [step.ingest],
        selection=[step.asset_key(SLUG)],
        resources={"state": StateFolder(root=str(home))},
        run_config={"ops": {"ingest": {"config": {**DAYS, **config}}}},
        raise_on_error=False,
    )


def false_greens(home: Path, result: dg.ExecuteInProcessResult, told: str) -> int:
    """Checks and ledgers that call a failed crawl good; the failed ones must say why."""
    (found,) = [check for check in result.get_asset_check_evaluations() if check.check_name == CHECK]
    ledger = last_crawl(Home(home), SLUG)
    assert ledger is not None
    assert told in "\n".join(ledger.faults), ledger.faults
    assert told in str(found.description)
    return found.passed + ledger.is_good


@pytest.mark.fault("O9")
def test_a_crawl_whose_every_answer_fails__is_red(server: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    server.when(lambda asked: asked.path != "/robots.txt", lambda _: (answer(status="500 Internal Server Error"),))
    result = ingest(tmp_path, {"base_urls": {HOST: server.url}})
    verdict.gap_shown(false_greens(tmp_path, result, "500"))


@pytest.mark.fault("O13")
def test_retries__are_those_of_the_request_alone(server: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    """A step is not retried, and a run only when its process died: so nothing multiplies."""
    server.on(PATH, answer(status="503 Service Unavailable"))
    result = ingest(tmp_path, {"base_urls": {HOST: server.url}})
    assert result.success, "the run goes on without the source"
    assert false_greens(tmp_path, result, "503") == 0
    verdict.gap_shown(len(server.asked))


@pytest.mark.fault("O11")
def test_a_crawl_that_hangs__is_ended_at_its_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    children, ended = step.run_children, []

    def soon(*arguments: Any, **named: Any) -> Any:
        ended.extend(children(*arguments, **{**named, "deadline_seconds": 2}))
        return ended

    monkeypatch.setattr(step, "run_children", soon)
    monkeypatch.setattr(step, "_command", lambda *_: ["timeit", "-n1", "-r1", "import time; time.sleep(600)"])
    result = ingest(tmp_path, {})
    assert false_greens(tmp_path, result, "left no ledger") == 0
    verdict.gap_shown(ended[0].seconds)


@pytest.mark.fault("O1")
def test_the_same_window_three_times__changes_no_byte_of_the_edition(tmp_path: Path, verdict: Verdict) -> None:
    walk = Walk(tmp_path / "home")
    walk()
    first = world.edition_files(walk.root)
    for _ in range(3):
        walk()
    assert len(world.ledgers(walk.root, walk.slug)) == 4
    verdict.recovered(len(first.items() ^ world.edition_files(walk.root).items()))
