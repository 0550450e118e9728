"""Official disposition notes against the hand-checked relations of the orders they stand on."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from pipelines.enrich.dispositions import Disposition, parse_dispositions
from pipelines.evaluate.files import BadFile, civil_day, filled, left_out, read_rows, with_optional
from pipelines.evaluate.report import Counts, Metrics, Report, interval, total

Stated = tuple[str, str, str, str]
"""Type, partial, target and the date printed with it."""

_TARGETS = {
    "eo": "EO {}",
    "proclamation": "Proc. {}",
    "memorandum": "Memorandum of {}",
    "notice": "Notice of {}",
    "presidential_determination": "Presidential Determination {}",
}
_INVERSES = {
    "amends": "amended_by",
    "revokes": "revoked_by",
    "supersedes": "superseded_by",
    "continues": "continued_by",
}

_NEEDED = ("executive_order_number", "type", "target")


def run(notes: Path, gold: Path) -> Report:
    """Score every order of the gold; also whether both ends of an edge tell the same."""
    read = _read(notes)
    every = with_optional(read_rows(gold, _NEEDED), "partial", "target_date")
    rows = filled(every, gold, _NEEDED)
    expected: defaultdict[str, list[Stated]] = defaultdict(list)
    for row in rows.to_dicts():
        if row["executive_order_number"] in read:
            expected[row["executive_order_number"]].append(_stated(row))
    if not expected:
        raise BadFile(f"{notes}: expected the orders of {gold}, got none of them")
    units = {
        order: _compare({row[:3] for row in rows}, {row[:3] for row in read[order]}) for order, rows in expected.items()
    }
    asked = {order: _dated_as_asked(rows, read[order]) for order, rows in expected.items()}
    dated = total([_compare(rows, asked[order]) for order, rows in expected.items()])
    return Report(
        task="dispositions",
        metrics={
            **total(list(units.values())).metrics(),
            "ci95": interval([list(units.values())], lambda drawn: total(drawn).f1),
            **left_out(
                blank=every.height - rows.height,
                without_note=rows.height - sum(map(len, expected.values())),
            ),
            "orders": len(expected),
            "with_dates": dated.metrics(),
            "symmetric": _symmetric(read),
        },
        by_class=_by_type(expected, read),
        errors=[error for order, rows in expected.items() for error in _errors(order, rows, asked[order])],
    )


def _read(notes: Path) -> dict[str, list[Stated]]:
    rows = read_rows(notes, ("executive_order_number", "disposition_notes"))
    return {
        order: [_as_gold(stated) for stated in parse_dispositions(note or "")]
        for order, note in rows.select("executive_order_number", "disposition_notes").iter_rows()
        if order
    }


def _stated(row: dict[str, str | None]) -> Stated:
    said = row["target_date"] or ""
    partial = "true" if (row["partial"] or "").lower() in ("true", "yes", "1") else "false"
    return row["type"] or "", partial, row["target"] or "", str(civil_day(said) or said)


def _as_gold(stated: Disposition) -> Stated:
    target = _TARGETS[stated.target_scheme].format(stated.target_value)
    return stated.relation, str(stated.is_partial).lower(), target, str(stated.target_date or "")


def _dated_as_asked(expected: list[Stated], got: list[Stated]) -> list[Stated]:
    """What was read, without the dates of rows for which the gold gives none: there the date is not asked."""
    open_rows = Counter(row[:3] for row in (Counter(expected) - Counter(got)).elements() if not row[3])
    surplus = Counter(got) - Counter(expected)
    told: list[Stated] = []
    for row in got:
        if surplus[row] and open_rows[row[:3]]:
            surplus[row] -= 1
            open_rows[row[:3]] -= 1
            told.append((*row[:3], ""))
        else:
            told.append(row)
    return told


def _compare(expected: list[Any] | set[Any], got: list[Any] | set[Any]) -> Counts:
    want, have = Counter(expected), Counter(got)
    return Counts((want & have).total(), (have - want).total(), (want - have).total())


def _by_type(expected: dict[str, list[Stated]], read: dict[str, list[Stated]]) -> dict[str, Metrics]:
    names = sorted({row[0] for rows in expected.values() for row in rows})
    return {
        name: total(
            [
                _compare(
                    {row[:3] for row in rows if row[0] == name}, {row[:3] for row in read[order] if row[0] == name}
                )
                for order, rows in expected.items()
            ]
        ).metrics()
        for name in names
    }


def _symmetric(read: dict[str, list[Stated]]) -> Metrics:
    """Edges between two orders of the file: how many are told by both."""
    told = {(order, row[0], row[2]) for order, rows in read.items() for row in rows}
    ways = [*_INVERSES.items(), *((inverse, active) for active, inverse in _INVERSES.items())]
    edges = [
        (f"EO {order}", inverse, target.removeprefix("EO "))
        for active, inverse in ways
        for order, relation, target in sorted(told)
        if relation == active and target.startswith("EO ") and target.removeprefix("EO ") in read
    ]
    agreed = sum((other, inverse, order) in told for order, inverse, other in edges)
    return {"edges": len(edges), "told_by_both": agreed, "share": agreed / len(edges) if edges else 1.0}


def _errors(order: str, expected: list[Stated], got: list[Stated]) -> list[dict[str, str]]:
    want, have = Counter(expected), Counter(got)
    return [
        {
            "executive_order_number": order,
            "fault": fault,
            "type": kind,
            "partial": partial,
            "target": target,
            "target_date": day,
        }
        for fault, rows in (("missed", want - have), ("wrong", have - want))
        for kind, partial, target, day in rows.elements()
    ]
