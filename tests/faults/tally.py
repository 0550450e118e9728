"""What the tests of all faults stated, put together: a line a fault, the JSON, the page, and what is wrong.

Belongs here: functions of statements and the catalogue. Does not belong here: pytest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from tests.faults.catalogue import GROUPS, Fault, Outcome

NOT_YET = "not tested yet"


@dataclass(frozen=True)
class Stated:
    """What one test stated; a test that failed stated nothing, so the fault is silent."""

    fault: str
    test: str
    outcome: Outcome
    figure: float | None
    seconds: float


@dataclass(frozen=True)
class Row:
    """What all tests of one fault stated."""

    identifier: str
    fault: Fault
    stated: Sequence[Stated]
    skipped: Sequence[str] = ()
    """The tests that did not run here."""

    @property
    def outcome(self) -> Outcome | None:
        """The worst; None where no test ran."""
        return max((one.outcome for one in self.stated), key=lambda outcome: outcome.badness, default=None)

    @property
    def figures(self) -> list[float]:
        """What was measured, in order."""
        return sorted(one.figure for one in self.stated if one.figure is not None)

    @property
    def seconds(self) -> float:
        """What its tests took together."""
        return sum(one.seconds for one in self.stated)

    @property
    def problem(self) -> str | None:
        """Why the row is not as the catalogue has it."""
        if self.fault.reason or self.fault.pending:
            return "has tests: take its reason or pending out of the catalogue" if self.stated else None
        if self.skipped and not self.fault.skips:
            return f"has no reason in the catalogue to skip {', '.join(self.skipped)}"
        if self.outcome is None and not self.skipped:
            return "has neither a test that ran nor a reason in the catalogue"
        if self.outcome not in (None, self.fault.outcome):
            failed = [one.test for one in self.stated if one.outcome is Outcome.SILENT]
            return f"expected {self.fault.outcome}, got {self.outcome}" + f": {', '.join(failed)}" * bool(failed)
        return None


def rows(
    stated: Iterable[Stated], catalogue: Mapping[str, Fault], skipped: Iterable[tuple[str, str]] = ()
) -> list[Row]:
    """A row for each fault of the catalogue; `skipped` are faults, each with a test of it."""
    left_out = sorted(skipped)
    found = defaultdict(list)
    for one in stated:
        found[one.fault].append(one)
    return [
        Row(identifier, fault, found[identifier], [test for one, test in left_out if one == identifier])
        for identifier, fault in catalogue.items()
    ]


def line(row: Row) -> str:
    """A row as the terminal shows it."""
    fault = row.fault
    if row.outcome is None:
        return f"{row.identifier:<4} {fault.name:<44} {fault.reason or (fault.skips if row.skipped else NOT_YET)}"
    measured = " to ".join(dict.fromkeys(f"{figure:.4g}" for figure in (*row.figures[:1], *row.figures[-1:])))
    told = f"{fault.figure}: {measured or '-'} (limit {fault.limit})"
    return f"{row.identifier:<4} {fault.name:<44} {row.outcome:<16} {told:<64} {row.seconds:6.1f} s"


def summary(tallied: Sequence[Row]) -> str:
    """How many of them nobody was told of, and how many are not tested."""
    silent = sum(row.outcome is Outcome.SILENT for row in tallied)
    pending = sum(row.fault.pending for row in tallied)
    reasons = sum(row.fault.reason is not None for row in tallied)
    skipped = sum(len(row.skipped) for row in tallied)
    return (
        f"silent: {silent} of {len(tallied)}; STILL TO BE TESTED: {pending}; not tested for a reason: {reasons}; "
        f"tests skipped: {skipped}"
    )


def as_json(tallied: Iterable[Row]) -> bytes:
    """All that was measured."""
    told = [
        {
            "fault": row.identifier,
            "name": row.fault.name,
            "outcome": row.outcome or (NOT_YET if row.fault.pending else None),
            "reason": row.fault.reason,
            "figure": row.fault.figure,
            "limit": str(row.fault.limit) if row.fault.limit else None,
            "measured": row.figures,
            "seconds": round(row.seconds, 1),
            "tests": [one.test for one in row.stated],
            "skipped": row.skipped,
        }
        for row in tallied
    ]
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def page(catalogue: Mapping[str, Fault]) -> str:
    """docs/faults.md: what `make faults` holds the product to; what it measured is in its JSON."""
    parts = [
        "# Faults\n",
        f"What happens when something goes wrong: {len(catalogue)} faults, each injected into the product's own code "
        "by `make faults`, which fails when one of them ends otherwise than this page says, or when nobody is told of "
        "it. It prints what it measured and writes it to `build/faults.json`; this page holds what is expected.\n",
        "Most are injected into whole crawls and runs. Where these would take too long it is a part of the path: kills "
        "at every step go through handmade marts and an audit of one check, while kills at random moments go through "
        "whole runs; forms of the digest, templates in texts and the week in which nothing came are tried on a "
        "handmade edition. `AIPOLICY_ALL_KILLS=1` makes all kills, without it a fifth of them is made, by a seed that "
        "is told.\n",
        "| outcome | what it says |\n| --- | --- |",
        *(f"| {outcome} | {said} |" for outcome, said in _SAID.items()),
    ]
    for letter, title in GROUPS.items():
        parts += [f"\n## {title}\n", "| | fault | injected | expected | outcome | figure | limit |", "| --- " * 7 + "|"]
        parts += [_cells(identifier, fault) for identifier, fault in catalogue.items() if identifier[0] == letter]
    return "\n".join(parts) + "\n"


_SAID = {
    Outcome.RECOVERED: "the result is that of a run without the fault",
    Outcome.REFUSED: "what was asked for did not happen, and it was said",
    Outcome.QUARANTINED: "the record is set aside with its reason and what the source said",
    Outcome.GAP_SHOWN: "the source is withheld and named; its last good rows stay",
    Outcome.PUBLISH_BLOCKED: "no edition; the last one stays byte for byte",
}


def _cells(identifier: str, fault: Fault) -> str:
    outcome = NOT_YET if fault.pending else f"not tested: {fault.reason}" if fault.reason else fault.outcome
    if fault.skips:
        outcome = f"{outcome}; tests may be skipped: {fault.skips}"
    cells = (identifier, fault.name, fault.injected, fault.expected, outcome, fault.figure, fault.limit or "")
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"
