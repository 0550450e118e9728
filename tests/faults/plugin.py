"""The pytest plugin that gathers what the tests of faults state, from all workers, and fails when one was silent.

Belongs here: the marker `fault`, the fixture `verdict`, the option of `make faults`. Does not belong here: arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import tally
from tests.faults.catalogue import Outcome, faults
from tests.faults.seed import SEED, VARIABLE
from tests.faults.verdict import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_VERDICT = pytest.StashKey[Verdict]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-report", type=Path, metavar="FILE", help="hold all faults of the catalogue, and write")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Gathered(config.getoption("--faults-report")), "faults-gathered")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marked, states = item.get_closest_marker("fault"), "verdict" in getattr(item, "fixturenames", ())
        if marked is None and not states:
            continue
        if marked is None or not states or marked.args[0] not in faults():
            raise pytest.UsageError(f"{item.nodeid}: expected a fault of the catalogue and its verdict, or neither")
        item.user_properties.append(("fault", marked.args[0]))


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> Verdict:
    """States the outcome of the fault that the test is marked with."""
    item: pytest.Item = request.node
    (identifier,) = item.get_closest_marker("fault").args  # type: ignore[union-attr]
    stated = item.stash[_VERDICT] = Verdict(faults()[identifier])
    return stated


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    result = yield
    if (stated := item.stash.get(_VERDICT, None)) is not None:
        assert stated.outcome is not None, f"{item.nodeid}: expected a verdict, got none"
        item.user_properties.append(("verdict", (stated.outcome.value, stated.figure)))
    return result


class _Gathered:
    """Lives where results come together: in the process that started the workers."""

    def __init__(self, report: Path | None) -> None:
        self._report = report
        self._stated: dict[str, tuple[str, Outcome, float | None]] = {}
        self._skipped: list[tuple[str, str]] = []
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = dict(report.user_properties)
        if "fault" not in told:
            return
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            self._stated[report.nodeid] = (str(told["fault"]), Outcome.SILENT, None)
        elif report.skipped:
            self._skipped.append((str(told["fault"]), report.nodeid))
        elif report.when == "call" and "verdict" in told:
            outcome, figure = told["verdict"]  # type: ignore[misc]
            self._stated[report.nodeid] = (str(told["fault"]), Outcome(outcome), figure)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._report is None:
            return
        self._report.parent.mkdir(parents=True, exist_ok=True)
        self._report.write_bytes(tally.as_json(self._rows()))
        PAGE.write_text(tally.page(faults()), encoding="utf-8")
        if any(row.problem for row in self._rows()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._report is not None or {"S1", "S10"} & {fault for fault, *_ in self._stated.values()}:
            terminalreporter.line(f"kills by seed {SEED}; the same kills again: {VARIABLE}={SEED}")
        if self._report is None:
            return
        terminalreporter.section("faults")
        for row in self._rows():
            terminalreporter.line(tally.line(row))
        for row in self._rows():
            if row.problem:
                terminalreporter.line(f"{row.identifier} {row.problem}", red=True)
        terminalreporter.line(tally.summary(self._rows()), bold=True)

    def _rows(self) -> list[tally.Row]:
        stated = (
            tally.Stated(fault, test, outcome, figure, self._seconds[test])
            for test, (fault, outcome, figure) in self._stated.items()
        )
        return tally.rows(stated, faults(), self._skipped)
