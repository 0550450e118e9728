"""The fixture by which the test of a fault says what became of it.

Belongs here: stating an outcome and holding it against the catalogue. Does not belong here: gathering what was stated.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.catalogue import Fault, Outcome


@dataclass
class Verdict:
    """What one test states, once; a figure beyond the catalogue's limit, or a worse outcome, fails the test."""

    fault: Fault
    outcome: Outcome | None = None
    figure: float = 0.0

    def recovered(self, figure: float) -> None:
        """The result is that of a run without the fault."""
        self._state(Outcome.RECOVERED, figure)

    def refused(self, figure: float) -> None:
        """What was asked for did not happen, and it was said."""
        self._state(Outcome.REFUSED, figure)

    def quarantined(self, figure: float) -> None:
        """The record is set aside with its reason."""
        self._state(Outcome.QUARANTINED, figure)

    def gap_shown(self, figure: float) -> None:
        """The source is withheld and named."""
        self._state(Outcome.GAP_SHOWN, figure)

    def publish_blocked(self, figure: float) -> None:
        """No edition; the last one stays."""
        self._state(Outcome.PUBLISH_BLOCKED, figure)

    def _state(self, outcome: Outcome, figure: float) -> None:
        assert self.outcome is None, f"expected one statement, got {outcome} after {self.outcome}"
        assert self.fault.limit is not None, f"{self.fault.name}: expected a limit in the catalogue, got none"
        assert outcome.badness <= self.fault.outcome.badness, f"expected {self.fault.outcome} at worst, got {outcome}"
        assert self.fault.limit.holds(figure), f"{self.fault.figure}: expected {self.fault.limit}, got {figure}"
        self.outcome, self.figure = outcome, figure
