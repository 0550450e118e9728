"""The catalogue holds 100 faults, the page is its page, and a fault that nobody was told of fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import tally
from tests.faults.catalogue import GROUPS, Fault, Limit, Outcome, faults
from tests.faults.plugin import PAGE
from tests.faults.seed import SEED, VARIABLE
from tests.faults.tally import Stated

PROJECT = Path(__file__).parents[2]
TESTED = Fault(
    name="A fault", injected="this", expected="that", figure="lost rows", outcome=Outcome.GAP_SHOWN, limit="= 0"
)
RUN = """
import pytest
@pytest.mark.fault("H1")
def test_a_fault(verdict):
    {}
"""


def stated(outcome: Outcome) -> Stated:
    return Stated("H1", f"test_{outcome.name}", outcome, 0, 1.5)


def test_the_catalogue_holds_a_hundred() -> None:
    assert Counter(identifier[0] for identifier in faults()) == {"H": 28, "D": 24, "S": 12, "O": 13, "P": 10, "X": 13}
    assert set(GROUPS) == {identifier[0] for identifier in faults()}


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == tally.page(faults()), "run python -m tests.faults.page"


def test_the_worst_outcome_counts() -> None:
    (row,) = tally.rows([stated(Outcome.RECOVERED), stated(Outcome.GAP_SHOWN)], {"H1": TESTED})
    assert (row.outcome, row.problem, row.seconds) == (Outcome.GAP_SHOWN, None, 3.0)
    (row,) = tally.rows([stated(Outcome.SILENT), stated(Outcome.GAP_SHOWN)], {"H1": TESTED})
    assert row.problem == "expected gap shown, got silent: test_SILENT"


@pytest.mark.parametrize("reason", [None, "no such disk here"])
def test_a_fault_without_tests_has_a_reason(reason: str | None) -> None:
    fault = TESTED.model_copy(update={"reason": reason})
    (row,) = tally.rows([], {"H1": fault})
    assert (row.problem is None) is (reason is not None)


@pytest.mark.parametrize("reason", [None, "no Chromium here"])
@pytest.mark.parametrize("ran", [[], [stated(Outcome.GAP_SHOWN)]])
def test_a_skipped_test_has_a_reason(reason: str | None, ran: list[Stated]) -> None:
    fault = TESTED.model_copy(update={"skips": reason})
    (row,) = tally.rows(ran, {"H1": fault}, [("H1", "test_in_a_browser")])
    assert (row.problem is None) is (reason is not None)


@pytest.mark.parametrize(("limit", "within", "beyond"), [("= 0", 0, 1), ("<= 8.5", 8.5, 9), (">= 1_000", 1000, 999)])
def test_limits(limit: str, within: float, beyond: float) -> None:
    assert Limit(limit).holds(within)
    assert not Limit(limit).holds(beyond)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("verdict.recovered(1.5)", "recovered"),
        ("verdict.recovered(0.5)", "silent"),
        ("verdict.gap_shown(1.5)", "silent"),
        ("assert False", "silent"),
        ("pass", "silent"),
        ("import pytest; pytest.skip('not here')", None),
    ],
)
def test_what_a_test_states_is_gathered(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, body: str, outcome: str | None
) -> None:
    import json

    from tests.faults import plugin

    fault = TESTED.model_copy(update={"outcome": Outcome.RECOVERED, "limit": Limit(">= 1")})
    monkeypatch.setattr(plugin, "faults", lambda: {"H1": fault})
    monkeypatch.setattr(plugin, "PAGE", pytester.path / "faults.md")
    pytester.makepyfile(RUN.format(body))
    pytester.makeini("[pytest]\nmarkers = fault: a fault")
    ended = pytester.runpytest_inprocess("-p", "tests.faults.plugin", "--faults-report", "faults.json")
    (told,) = json.loads(Path(pytester.path / "faults.json").read_bytes())
    assert told["outcome"] == outcome
    assert ended.ret == (0 if outcome == "recovered" else 1)
    ended.stdout.fnmatch_lines([f"kills by seed {SEED}; the same kills again: AIPOLICY_KILL_SEED={SEED}"])
    ended.stdout.fnmatch_lines([f"silent: {int(outcome == 'silent')} of 1*"])


@pytest.mark.parametrize("reason", [None, "no Chromium here"])
def test_a_test_that_is_skipped_beside_one_that_ran_fails_without_a_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, reason: str | None
) -> None:
    from tests.faults import plugin

    fault = TESTED.model_copy(update={"skips": reason})
    monkeypatch.setattr(plugin, "faults", lambda: {"H1": fault})
    monkeypatch.setattr(plugin, "PAGE", pytester.path / "faults.md")
    skipped = '@pytest.mark.skip\n@pytest.mark.fault("H1")\ndef test_in_a_browser(verdict): ...\n'
    pytester.makepyfile(RUN.format("verdict.gap_shown(0)") + skipped)
    pytester.makeini("[pytest]\nmarkers = fault: a fault")
    ended = pytester.runpytest_inprocess("-p", "tests.faults.plugin", "--faults-report", "faults.json")
    assert ended.ret == (0 if reason else 1)


def test_the_seed_is_another_in_each_run_unless_it_is_named() -> None:
    def seed(**named: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE} | named
        command = [sys.executable, "-c", "from tests.faults.seed import SEED; print(SEED)"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=PROJECT).stdout

    assert seed() != seed()
    assert seed(**{VARIABLE: "7"}) == "7\n"
